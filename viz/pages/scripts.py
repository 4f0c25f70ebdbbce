"""The scripts of a page, joined into one, because a page on disk cannot import other files."""

import re
from collections.abc import Callable

__all__ = ["joined", "modules_of", "without_comments"]

_IMPORT = re.compile(r'^import [^;]*? from "\./(\w+)\.js";\n', re.MULTILINE)
_INDENT = re.compile(r"^[ \t]+", re.MULTILINE)
_COMMENT = re.compile(r"^[ \t]*(?:/\*.*?\*/[ \t]*|//[^\n]*)\n", re.MULTILINE | re.DOTALL)
_EXPORT = re.compile(r"^export ", re.MULTILINE)


def without_comments(text: str) -> str:
    r"""Leaves out the comments of a script or a style sheet that stand in lines of their own, to keep pages small.

    >>> without_comments("/* Wide. */\na { width: 9em; } /* units */\n// Done.\n")
    'a { width: 9em; } /* units */\n'
    """
    return _COMMENT.sub("", text)


def joined(entry: str, read: Callable[[str], str]) -> str:
    r"""Joins a JavaScript module and everything that it imports into one script.

    Comments in lines of their own and indentation are left out, to keep pages small. Imports and exports are removed,
    so the modules share one scope: a name at the top level of one must not occur at the top level of another.

    Arguments:
        entry: the name of the module, without ".js".
        read: returns the text of a file by its name.

    >>> files = {"a.js": 'import { f } from "./b.js";\n  f();\n', "b.js": "/* Idle. */\nexport function f() {}\n"}
    >>> print(joined("a", files.__getitem__), end="")
    function f() {}
    f();
    """
    texts = (read(f"{module}.js") for module in modules_of(entry, read))
    return "".join(_INDENT.sub("", _EXPORT.sub("", _IMPORT.sub("", without_comments(text)))) for text in texts)


def modules_of(entry: str, read: Callable[[str], str]) -> list[str]:
    """Returns a module and everything that it imports, directly or not, in the order in which they run.

    Raises:
        ValueError: if a module imports itself, directly or not.
    """
    order: list[str] = []

    def visit(module: str, importers: tuple[str, ...]) -> None:
        if module in importers:
            circle = [*importers[importers.index(module) :], module]
            raise ValueError(f"modules of a page must not import each other in a cycle: {' → '.join(circle)}")
        if module in order:
            return
        for imported in _IMPORT.findall(read(f"{module}.js")):
            visit(imported, (*importers, module))
        order.append(module)

    visit(entry, ())
    return order
