"""Slides of a notebook: one file for reveal.js, made by nbconvert, with the steps of a graph one after the other."""

import base64
import html
import re
import shutil
from collections.abc import Iterator
from copy import deepcopy
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

from nbconvert import SlidesExporter
from nbformat import NotebookNode

import viz
from notebooks.kit.cells import title_of
from notebooks.kit.formulas import mathml, with_mathml
from notebooks.kit.pages import pages

__all__ = ["save_reveal", "save_slides"]

_TEMPLATES = Path(__file__).parent / "templates"
_SIZE = 1280, 720
_PICTURES = ("image/svg+xml", "image/png", "image/gif")
_SCALE = 1.5  # of drawings
_REVEAL = "reveal.js"  # the folder


def save_reveal(folder: Path) -> None:
    """Copies reveal.js, which sphinx-revealjs brings along, into the folder of the slides."""
    with as_file(files("sphinx_revealjs") / "_static" / "revealjs") as source:
        shutil.copytree(source / "dist", folder / _REVEAL / "dist", dirs_exist_ok=True)
        shutil.copytree(source / "plugin" / "notes", folder / _REVEAL / "plugin" / "notes", dirs_exist_ok=True)
    with as_file(files("viz.pages") / "assets" / "math.woff2") as font:
        shutil.copyfile(font, folder / _REVEAL / "math.woff2")


def save_slides(notebook: NotebookNode, path: Path) -> None:
    """Writes the slides of a notebook that was run, and the pictures of steps into the folder "steps" next to it.

    Cells are slides, builds or notes as their metadata "slideshow" says. A page that steps through a graph becomes one
    picture for each step.

    Arguments:
        notebook: the notebook, with its outputs.
        path: the file, whose folder has what `save_reveal` writes.
    """
    shown = deepcopy(notebook)
    for number, page in pages(notebook):
        if isinstance(page, viz.Explorer) and _is_shown(shown.cells[number]):
            _replace_by_steps(shown.cells[number], page, path.parent / "steps" / f"{path.stem}-{number}.svg")
    for cell in shown.cells:
        if cell.cell_type == "markdown":
            cell.source = with_mathml(cell.source)
        for output in cell.get("outputs", []):
            _as_html(output, cell.metadata.get("alt", ""))
    exporter = SlidesExporter(
        template_name="slides",
        extra_template_basedirs=[str(_TEMPLATES)],
        reveal_url_prefix=_REVEAL,
        reveal_theme="white",  # its font is in the folder
        reveal_width=str(_SIZE[0]),
        reveal_height=str(_SIZE[1]),
        exclude_input_prompt=True,
        exclude_output_prompt=True,
    )
    css = (_TEMPLATES / "slides" / "slides.css").read_text(encoding="utf-8")
    body, _ = exporter.from_notebook_node(
        shown, {"slides_css": css, "metadata": {"name": title_of(notebook)}, "language_code": "en"}
    )
    path.write_text(body, encoding="utf-8")


def _is_shown(cell: NotebookNode) -> bool:
    return cell.metadata.get("slideshow", {}).get("slide_type") not in ("skip", "notes")


def _replace_by_steps(cell: NotebookNode, page: "viz.Explorer", path: Path) -> None:
    path.parent.mkdir(exist_ok=True)
    steps = viz.animate(page.load()).save_frames(path)
    for output in cell.outputs:
        if "data" in output:
            output.data = {
                "text/html": "".join(_builds([f"steps/{step.name}" for step in steps], cell.metadata.get("alt", "")))
            }


def _builds(pictures: list[str], alt: str) -> Iterator[str]:
    yield '<div class="steps">'
    for number, picture in enumerate(pictures):
        when = (
            'fade-out" data-fragment-index="0' if number == 0 else f'current-visible" data-fragment-index="{number - 1}'
        )
        text = f"{alt} Step {number}." if alt else f"Step {number}"
        yield f'<img class="fragment {when}" src="{picture}" alt="{html.escape(text)}">'
    yield "</div>"


def _as_html(output: NotebookNode, alt: str) -> None:
    """Puts a picture with its alternative text, or a formula, in place of the data that need a script."""
    data: dict[str, Any] = output.get("data", {})
    if "text/html" in data and "image/svg+xml" not in data:  # a drawing has both, and the second can be enlarged
        return
    if "text/latex" in data:
        output.data = {"text/html": mathml(data["text/latex"].strip("$\n "), block=True)}
    for kind in _PICTURES:
        if kind in data:
            content = data[kind]
            encoded = (
                base64.b64encode(content.encode()).decode() if kind == "image/svg+xml" else content.replace("\n", "")
            )
            size = _size_of(content) if kind == "image/svg+xml" else ""
            output.data = {"text/html": f'<img alt="{html.escape(alt)}"{size} src="data:{kind};base64,{encoded}">'}
            return


def _size_of(svg: str) -> str:
    """The width of a drawing on a slide, where its text is as large as that of the slide; a tall one may be higher."""
    width, height = (re.search(rf'<svg[^>]*? {side}="([\d.]+)', svg) for side in ("width", "height"))
    if width is None:
        return ""
    tall = ' class="tall"' if height and float(height[1]) > _SIZE[1] else ""
    return f'{tall} width="{min(_SIZE[0] - 40, round(_SCALE * float(width[1])))}"'
