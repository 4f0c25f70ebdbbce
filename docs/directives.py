"""Directives: `{gallery}`, `{picture}` and `{live}` show what examples make, `{playground}` leads to the playground.

The builder of HTML runs the examples of docs/gallery before it reads the pages; see `examples.py`.
"""

import os
import re
import shutil
from html import escape, unescape
from pathlib import Path
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from docutils.statemachine import StringList
from examples import GALLERY, example, make_all
from frames import HEIGHT, frame
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from viz.playground.folder import write_playground
from viz.playground.pyodide import check

__all__ = ["setup"]

FOLDER = "examples"  # in the folder of the site

_CARD = """\
::::{{grid-item-card}} {title}
:columns: {columns}

```{{picture}} {name}
```

{text}

:::{{dropdown}} Code
```{{literalinclude}} /gallery/{name}.py
:lines: {first}-
```
:::
:::{{card-footer}}
{link}
:::
::::
"""


class Gallery(SphinxDirective):
    """A grid of cards, each with the picture, the text and the code of an example, and a link to its page.

    The content is the names of examples, followed by "wide" for a card as wide as the grid, and further cards.
    """

    has_content = True

    def run(self) -> list[nodes.Node]:
        """Returns the grid of sphinx-design."""
        cards = "\n".join(self._card(line) if re.fullmatch(r"\w+( wide)?", line) else line for line in self.content)
        grid = f":::::{{grid}}\n:gutter: 3\n:class-container: gallery\n\n{cards}\n:::::\n"
        container = nodes.container()
        self.state.nested_parse(StringList(grid.splitlines(), "gallery"), self.content_offset, container)
        return list(container.children)

    def _card(self, line: str) -> str:
        name, _, width = line.partition(" ")
        title, text, code = example(name)
        lines = len((GALLERY / f"{name}.py").read_text(encoding="utf-8").splitlines())
        return _CARD.format(
            title=title,
            name=name,
            text=text,
            columns="12" if width == "wide" else "12 12 6 6",
            first=lines - len(code.splitlines()) + 1,
            link=_link(self, name),
        )


class Picture(SphinxDirective):
    """The picture that an example makes, light and dark, which leads to its page; or the text that it makes."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Returns the picture."""
        name = self.arguments[0]
        made = _made(self, name)
        if (text := made / f"{name}.txt").is_file():
            content = text.read_text(encoding="utf-8")
            return [nodes.literal_block(content, content, language="python")]
        place, title = _place(self), escape(_title(name), quote=True)
        images = "".join(
            f'<a class="only-{palette}" href="{place}/{_target(self, name)}">'
            f'<img src="{place}/{folder}{name}.svg" alt="{title}" loading="lazy"></a>'
            for palette, folder in (("light", ""), ("dark", "dark/"))
        )
        return [nodes.raw("", f'<div class="picture">{images}</div>', format="html")]


class Live(SphinxDirective):
    """The page that an example makes, in a frame, and a link that opens it alone. The content is its caption."""

    required_arguments = 1
    has_content = True
    option_spec: ClassVar[dict[str, Any]] = {"height": directives.nonnegative_int}

    def run(self) -> list[nodes.Node]:
        """Returns the frame."""
        name = self.arguments[0]
        page = (_made(self, name) / f"{name}.html").read_text(encoding="utf-8")
        title = unescape(re.findall(r"<title>(.*?)</title>", page)[0])
        caption, _ = self.parse_inline(" ".join(self.content))
        before, after = frame(f"{_place(self)}/{name}.html", title, height=self.options.get("height", HEIGHT))
        return [nodes.raw("", before, format="html"), *caption, nodes.raw("", after, format="html")]


class Playground(SphinxDirective):
    """A link to the playground of the site, with the content as its text; nothing if the site is built without one."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        """Returns the link."""
        if not _playground(self.env.app):
            return []
        text, place = escape(" ".join(self.content)), "../" * self.env.docname.count("/")
        link = f'<p class="playground"><a href="{place}playground/index.html">{text}</a></p>'
        return [nodes.raw("", link, format="html")]


def _made(directive: SphinxDirective, name: str) -> Path:
    """Returns the folder with what the examples made, and notes that the page depends on the example."""
    if (GALLERY / f"{name}.py").is_file():
        directive.env.note_dependency(str(GALLERY / f"{name}.py"))
    return Path(directive.env.app.outdir) / FOLDER


def _target(directive: SphinxDirective, name: str) -> str:
    """Returns the name of the file to open alone: the page of an example if it makes one, otherwise its picture."""
    return f"{name}.html" if (_made(directive, name) / f"{name}.html").is_file() else f"{name}.svg"


def _link(directive: SphinxDirective, name: str) -> str:
    """Returns a link to what the example makes."""
    target = _target(directive, name)
    kind = "page" if target.endswith(".html") else "picture"
    return f'<a href="{_place(directive)}/{target}">Open the {kind}</a>'


def _place(directive: SphinxDirective) -> str:
    """Returns the path from the page to that folder."""
    return "../" * directive.env.docname.count("/") + FOLDER


def _title(name: str) -> str:
    return example(name).title if (GALLERY / f"{name}.py").is_file() else f"What the example of {name} makes"


def _make_examples(app: Sphinx) -> None:
    if app.builder.format == "html":
        make_all(Path(app.outdir) / FOLDER)


def _playground(app: Sphinx) -> str:
    """Returns the folder of Pyodide's npm package, from which the playground is made; "" if the site has none."""
    return os.environ.get("SCALAR_AUTOGRAD_PYODIDE", "") if app.builder.format == "html" else ""


def _make_playground(app: Sphinx) -> None:
    folder = Path(app.outdir) / "playground"
    shutil.rmtree(folder, ignore_errors=True)
    if package := _playground(app):
        check(Path(package))
        write_playground(folder, Path(package))


def setup(app: Sphinx) -> dict[str, Any]:
    """Registers the directives with Sphinx."""
    for directive in (Gallery, Picture, Live, Playground):
        app.add_directive(directive.__name__.lower(), directive)
    app.connect("builder-inited", _make_examples)
    app.connect("builder-inited", _make_playground)
    return {"parallel_read_safe": True}
