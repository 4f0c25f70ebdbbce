"""Runs the examples whose pictures and pages the site shows: those of docs/gallery, and those of docstrings."""

import contextlib
import doctest
import io
from collections.abc import Iterator
from pathlib import Path
from types import FunctionType
from typing import Any, NamedTuple
from unittest import mock

from matplotlib.figure import Figure

import viz
from viz.pages.showable import ShowablePage
from viz.pictures.drawing import Drawing
from viz.pictures.grids import MatrixDrawing

__all__ = ["GALLERY", "Example", "default_palette", "example", "functions", "make_all", "run", "run_docstring"]

GALLERY = Path(__file__).parent / "gallery"


class Example(NamedTuple):
    """A program that writes the files it is shown by: `name`.svg, `name`.gif, `name`.html or `name`.txt."""

    title: str
    text: str
    code: str


def example(name: str) -> Example:
    """Returns an example of the gallery: the title and text of its docstring, and the code below that."""
    source = (GALLERY / f"{name}.py").read_text(encoding="utf-8")
    _, docstring, code = source.split('"""', 2)
    title, text = docstring.split("\n\n", 1)
    return Example(title, text.strip(), code.lstrip())


def make_all(folder: Path) -> None:
    """Runs every example and writes what it makes to a folder; dark pictures go to the folder `dark` in it."""
    for palette, place in (("light", folder), ("dark", folder / "dark")):
        place.mkdir(parents=True, exist_ok=True)
        with default_palette(palette):
            for path in sorted(GALLERY.glob("*.py")):
                run(path.stem, place)
            for function in functions():
                run_docstring(function, place)
    for page in (folder / "dark").glob("*.html"):
        page.unlink()  # pages have both palettes


def run(name: str, folder: Path) -> None:
    """Runs an example of the gallery in a folder, where it writes its files."""
    code = compile(example(name).code, str(GALLERY / f"{name}.py"), "exec")
    with contextlib.chdir(folder), contextlib.redirect_stderr(io.StringIO()):  # no progress bars
        exec(code, {"__name__": name})


def run_docstring(function: FunctionType, folder: Path) -> None:
    """Runs the examples in the docstring of a function, and saves the last picture or page that they make."""
    namespace, shown = dict(function.__globals__), list[object]()
    with mock.patch("sys.displayhook", shown.append):
        for statement in doctest.DocTestParser().get_examples(function.__doc__ or ""):
            if doctest.SKIP in statement.options:  # it would write a file to wherever this runs
                continue
            exec(compile(statement.source, function.__name__, "single"), namespace)
    results = (*namespace.values(), *shown)
    [*_, made] = (result for result in results if isinstance(result, Figure | Drawing | MatrixDrawing | ShowablePage))
    if isinstance(made, Figure):
        made.savefig(folder / f"viz.{function.__name__}.svg")
    else:
        suffix = "svg" if isinstance(made, Drawing | MatrixDrawing) else "html"
        made.save(folder / f"viz.{function.__name__}.{suffix}")


def functions() -> list[FunctionType]:
    """Returns the functions of viz that make pictures or pages."""
    return [getattr(viz, name) for name in viz.__all__ if name.startswith(("compare", "draw", "explore", "plot_"))]


@contextlib.contextmanager
def default_palette(palette: str) -> Iterator[None]:
    """Makes a palette the default of the functions that draw: each example is also drawn for the dark theme."""
    with contextlib.ExitStack() as stack:
        drawing: list[Any] = [*functions(), viz.animate, viz.EngineReport.compare]
        for function in drawing:
            defaults = function.__kwdefaults__ or {}
            if "palette" in defaults and not function.__name__.startswith("explore"):  # pages have both palettes
                stack.enter_context(mock.patch.dict(defaults, palette=palette))
        yield
