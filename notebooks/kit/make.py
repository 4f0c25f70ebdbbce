"""The parts of the kit, each made of one notebook."""

from collections.abc import Callable, Mapping
from pathlib import Path

import nbformat

from notebooks.execute import executed
from notebooks.kit.answers import answers_of, answers_to
from notebooks.kit.cells import exercises_of
from notebooks.kit.editions import students, teachers
from notebooks.kit.reading import read

__all__ = ["PARTS", "check"]

# What is slow to import, or belongs to an extra, is imported by the part that needs it.


def check(path: Path) -> None:
    """Checks that the kit can be made of a notebook.

    Raises:
        OSError: if it cannot be read, or a picture that it shows.
        ValueError: if it is no notebook, its exercises and answers do not fit, or it has not been run.
    """
    notebook = read(path)
    answers_to(exercises_of(notebook), answers_of(path))
    code = [cell for cell in notebook.cells if cell.cell_type == "code" and cell.source.strip()]
    if code and all(cell.execution_count is None for cell in code):
        raise ValueError("it must be run and saved with its outputs, which slides and hand-outs show")


def _students(path: Path, folder: Path) -> None:
    nbformat.write(students(read(path)), folder / path.name)


def _teachers(path: Path, folder: Path) -> None:
    edition = teachers(read(path), answers_of(path))
    nbformat.write(executed(edition), folder / path.name)


def _slides(path: Path, folder: Path) -> None:
    from notebooks.kit.slides import save_reveal, save_slides

    save_reveal(folder)
    save_slides(read(path), folder / f"{path.stem}.html")


def _handouts(path: Path, folder: Path) -> None:
    from notebooks.kit.paper import handout, save_pdf

    save_pdf(handout(read(path)), folder / f"{path.stem}.pdf")


def _worksheets(path: Path, folder: Path) -> None:
    from notebooks.kit.paper import save_pdf, worksheet

    notebook = read(path)
    if not exercises_of(notebook):
        return
    save_pdf(worksheet(notebook), folder / f"{path.stem}.pdf")
    save_pdf(worksheet(notebook, answers_of(path)), folder / f"{path.stem}_key.pdf")


def _pages(path: Path, folder: Path) -> None:
    from notebooks.kit.pages import pages

    for number, page in pages(read(path)):
        page.save(folder / f"{path.stem}-{number}.html")


PARTS: Mapping[str, Callable[[Path, Path], None]] = {
    "students": _students,
    "teachers": _teachers,
    "slides": _slides,
    "handouts": _handouts,
    "worksheets": _worksheets,
    "pages": _pages,
}
"""For each part of the kit, the function that makes it of a notebook, given its path and the folder to write into."""
