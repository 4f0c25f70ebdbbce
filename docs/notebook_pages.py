"""Makes the notebooks for the site, where their pages run and their drawings have the colours of the reader's theme.

Stored notebooks only contain a picture of each page, so the cells that lead to a page run again.
"""

import contextlib
import io
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import matplotlib.pyplot as plt
from frames import frame
from IPython.core.interactiveshell import InteractiveShell
from nbformat import NotebookNode
from traitlets.config import Config

from viz.pages.showable import ShowablePage
from viz.pictures.themes import adaptive

__all__ = ["for_site", "pages"]


def for_site(notebook: NotebookNode, name: str, folder: Path, place: str) -> None:
    """Replaces the outputs of a notebook by those that the site shows.

    Arguments:
        notebook: the notebook, with its stored outputs.
        name: its name, with which the names of its pages start.
        folder: where the pages are written.
        place: the path from the notebook's page on the site to that folder.
    """
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if svg := output.get("data", {}).get("image/svg+xml"):
                output.data["image/svg+xml"] = adaptive(svg)
    for number, page in pages(notebook):
        file = f"{name}-{number}.html"
        page.save(folder / file)
        [output] = _shown_pages(notebook.cells[number])
        output.data = {"text/html": "".join(frame(f"{place}/{file}", page.title))}


def pages(notebook: NotebookNode) -> Iterator[tuple[int, ShowablePage]]:
    """Yields each page that the notebook shows, with the number of its cell: it runs the cells up to the last one.

    Raises:
        ValueError: if a cell now shows something else than its stored output.
    """
    numbers = [number for number, cell in enumerate(notebook.cells) if _shown_pages(cell)]
    if not numbers:
        return
    with TemporaryDirectory() as folder:  # instead of one in the home folder
        no_history = Config({"HistoryManager": {"enabled": False}})
        shell: Any = InteractiveShell(ipython_dir=folder, config=no_history)  # type: ignore[no-untyped-call]
    for number, cell in enumerate(notebook.cells[: max(numbers) + 1]):
        if cell.cell_type == "code":
            with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
                ran = shell.run_cell(cell.source)
            ran.raise_error()
            plt.close("all")
            if number in numbers:
                [output] = _shown_pages(cell)
                if repr(ran.result) != _text(output):
                    raise ValueError(
                        f"cell {number} must show {_text(output)}, as stored, not {ran.result!r}; "
                        "run notebooks/execute.py"
                    )
                yield number, ran.result


def _shown_pages(cell: NotebookNode) -> list[NotebookNode]:
    """Returns the outputs of a cell that are pages, which are stored as pictures."""
    return [output for output in cell.get("outputs", []) if ".save('page.html')" in _text(output)]


def _text(output: NotebookNode) -> str:
    text: str = output.get("data", {}).get("text/plain", "")
    return text
