"""The pages that a notebook shows: stored notebooks only contain a picture of each, so their cells run again."""

import contextlib
import io
from collections.abc import Iterator, Sequence
from tempfile import TemporaryDirectory
from typing import Any

import matplotlib.pyplot as plt
from IPython.core.interactiveshell import InteractiveShell
from nbformat import NotebookNode
from traitlets.config import Config

from viz.pages.showable import ShowablePage

__all__ = ["outputs_of_pages", "pages"]


def pages(notebook: NotebookNode) -> Iterator[tuple[int, ShowablePage]]:
    """Yields each page that the notebook shows, with the number of its cell: it runs the cells up to the last one.

    Raises:
        ValueError: if a cell fails, or now shows something else than its stored output.
    """
    numbers = [number for number, cell in enumerate(notebook.cells) if outputs_of_pages(cell)]
    if not numbers:
        return
    with TemporaryDirectory() as folder:  # instead of one in the home folder
        no_history = Config({"HistoryManager": {"enabled": False}})
        shell: Any = InteractiveShell(ipython_dir=folder, config=no_history)  # type: ignore[no-untyped-call]
    for number, cell in enumerate(notebook.cells[: max(numbers) + 1]):
        if cell.cell_type == "code":
            with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
                ran = shell.run_cell(cell.source)
            if failure := ran.error_before_exec or ran.error_in_exec:
                raise ValueError(f"cell {number} raises {type(failure).__name__}: {failure}") from failure
            plt.close("all")
            if number in numbers:
                [output] = outputs_of_pages(cell)
                if repr(ran.result) != _text(output):
                    raise ValueError(
                        f"cell {number} must show {_text(output)}, as stored, not {ran.result!r}; "
                        "run python -m notebooks.execute"
                    )
                yield number, ran.result


def outputs_of_pages(cell: NotebookNode) -> Sequence[NotebookNode]:
    """Returns the outputs of a cell that are pages, which are stored as pictures."""
    return [output for output in cell.get("outputs", []) if ".save('page.html')" in _text(output)]


def _text(output: NotebookNode) -> str:
    text: str = output.get("data", {}).get("text/plain", "")
    return text
