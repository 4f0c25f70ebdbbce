"""Draws the imports between the folders of the three packages: `python docs/imports.py`.

`tests/test_architecture.py` checks the same imports against the order of the folders.
"""

import ast
from collections.abc import Iterable, Iterator, Mapping, Set
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Literal, NamedTuple

import autograd
from viz.pictures.palette import palette_named
from viz.pictures.render import render

PACKAGES = ("autograd", "nn", "viz")
ROOT = Path(autograd.__file__).parents[1]
IMAGES = Path(__file__).parent / "images"

Kind = Literal["module", "function", "typing"]
Arrow = tuple[str, str]  # from the importer to the imported


class Import(NamedTuple):
    """An import of one of our modules by another.

    Attributes:
        importer: the module that contains the statement.
        imported: the module that it loads.
        kind: where the statement is: at module level, in a function, or under `if TYPE_CHECKING`.
    """

    importer: str
    imported: str
    kind: Kind


@cache
def modules() -> dict[str, Path]:
    """Returns the file of every module of the three packages, by the module's name."""
    files = chain.from_iterable(sorted((ROOT / package).rglob("*.py")) for package in PACKAGES)
    return {".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): file for file in files}


def imports() -> Iterator[Import]:
    """Yields every import of one of our modules by another, file by file."""
    files = modules()
    for importer, file in files.items():
        for statement, kind in _statements(ast.parse(file.read_text(encoding="utf-8")), "module"):
            for name in _names(statement):
                imported = name if name in files else name.rpartition(".")[0]
                if imported in files and imported != importer:
                    yield Import(importer, imported, kind)


def _statements(node: ast.AST, kind: Kind) -> Iterator[tuple[ast.Import | ast.ImportFrom, Kind]]:
    """Yields the import statements below a node, each with its kind."""
    if isinstance(node, ast.Import | ast.ImportFrom):
        yield node, kind
    if kind == "module" and isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        kind = "function"
    checked = node.body if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING" else []
    for child in ast.iter_child_nodes(node):
        yield from _statements(child, "typing" if child in checked else kind)


def _names(statement: ast.Import | ast.ImportFrom) -> list[str]:
    """Returns the full names that a statement imports, of modules or of what they define."""
    if isinstance(statement, ast.Import):
        return [alias.name for alias in statement.names]
    if statement.level:
        raise ValueError(f"imports must be absolute, not {ast.unparse(statement)!r}")
    return [f"{statement.module}.{alias.name}" for alias in statement.names]


def folder(module: str) -> str:
    """Returns the folder of a module. The `__init__.py` of a package counts as a folder: it imports what users see.

    >>> folder("autograd.value"), folder("autograd.compiler.ir.instruction"), folder("autograd")
    ('autograd', 'autograd/compiler/ir', 'autograd/__init__')
    """
    if module in PACKAGES:
        return f"{module}/__init__"
    file = modules()[module]
    return file.parent.relative_to(ROOT).as_posix()


def between_folders() -> dict[Arrow, bool]:
    """Returns the imports from folder to folder, and for each, whether it runs only when a function is called."""
    arrows: dict[Arrow, bool] = {}
    for importer, imported, kind in imports():
        arrow = folder(importer), folder(imported)
        if kind != "typing" and arrow[0] != arrow[1]:
            arrows[arrow] = arrows.get(arrow, True) and kind == "function"
    return arrows


def without_shortcuts(arrows: Iterable[Arrow]) -> set[Arrow]:
    """Returns the arrows without those that a longer path implies; in a cycle, all are kept.

    >>> sorted(without_shortcuts([("a", "b"), ("b", "c"), ("a", "c")]))
    [('a', 'b'), ('b', 'c')]
    """
    heads: dict[str, set[str]] = {}
    for tail, head in arrows:
        heads.setdefault(tail, set()).add(head)
    reached = {tail: _reached(tail, heads) for tail in heads}

    def implied(tail: str, head: str) -> bool:
        return any(
            head in reached.get(through, ()) and through not in reached.get(head, ()) and tail not in reached[through]
            for through in heads[tail]
        )

    return {arrow for arrow in arrows if not implied(*arrow)}


def _reached(start: str, heads: Mapping[str, Set[str]]) -> set[str]:
    """Returns what arrows lead to from a start, including the start itself only if it is in a cycle."""
    reached: set[str] = set()
    waiting = [start]
    while waiting:
        new = heads.get(waiting.pop(), set()) - reached
        reached |= new
        waiting += new
    return reached


def dot(arrows: dict[Arrow, bool], palette: str) -> str:
    """Returns the picture in Graphviz's language: a frame for each package, a box for each folder."""
    colors = palette_named(palette)
    font = f'fontname="Courier", fontcolor="{colors.text}"'
    fill, border = colors.colors_of["operation"]
    lines = [
        "digraph imports {",
        f'graph [bgcolor="{colors.background}", {font}, nodesep=0.25, ranksep=0.35, newrank=true]',
        f'node [shape=box, style="rounded,filled", fillcolor="{fill}", color="{border}", {font}, fontsize=11]',
        f'edge [color="{colors.edge}", arrowsize=0.6]',
    ]
    boxes = sorted(set(chain.from_iterable(arrows)))
    for package in PACKAGES:
        lines += [
            f"subgraph cluster_{package} {{",
            f'label="{package}"; labeljust=r; style=rounded; color="{colors.edge}"; bgcolor="{colors.cluster}"',
            *(f'"{box}" [label="{_label(box)}"]' for box in boxes if box.split("/")[0] == package),
            "}",
        ]
    for tail, head in sorted(without_shortcuts(arrows)):
        lines.append(f'"{tail}" -> "{head}"' + (" [style=dashed]" if arrows[tail, head] else ""))
    return "\n".join([*lines, "}"])


def _label(box: str) -> str:
    """Returns the path of a folder within its package.

    >>> _label("autograd/compiler/ir"), _label("autograd"), _label("nn/__init__")
    ('compiler/ir', '*.py', '__init__.py')
    """
    inside = box.partition("/")[2]
    return {"": "*.py", "__init__": "__init__.py"}.get(inside, inside)


def main() -> None:
    """Writes the picture, light and dark."""
    arrows = between_folders()
    for palette in ("light", "dark"):
        (IMAGES / f"imports-{palette}.svg").write_bytes(render(dot(arrows, palette)))


if __name__ == "__main__":
    main()
