"""The cells of a notebook that belong to an exercise."""

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from nbformat import NotebookNode

__all__ = ["ExerciseCells", "answers_in", "exercises_of", "headed", "prompts_of", "submitted_answers", "title_of"]

_EXERCISE = re.compile(r"^### Exercise (\d+\.\d+): (.+)$", re.MULTILINE)
_TITLE = re.compile(r"^#+ (.+)$", re.MULTILINE)
_PROMPT = re.compile(r"\*\*Try it (\d+[a-z])\.\*\*")


class ExerciseCells(NamedTuple):
    """Where an exercise stands in a notebook.

    Attributes:
        name: its number, such as "3.2".
        title: its title.
        task: the index of the cell with its heading.
        answer: that of the cell in which students write.
        check: that of the cell that checks it.
    """

    name: str
    title: str
    task: int
    answer: int
    check: int


def exercises_of(notebook: NotebookNode) -> list[ExerciseCells]:
    """Returns the exercises of a notebook in order.

    Raises:
        ValueError: if an exercise has not one cell tagged "exercise" and one tagged "check" after its heading, in this
            order, or two have the same number.
    """
    cells = notebook.cells
    headings = [
        (index, match[1], match[2])
        for index, cell in enumerate(cells)
        if cell.cell_type == "markdown"
        for match in _EXERCISE.finditer(cell.source)
    ]
    ends = [*(index for index, *_ in headings), len(cells)][1:]
    names = [name for _, name, _ in headings]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise ValueError(f"there must be one exercise {twice}, not {names.count(twice)}")
    exercises = [
        ExerciseCells(
            name, title, start, _tagged(cells, "exercise", start, end, name), _tagged(cells, "check", start, end, name)
        )
        for (start, name, title), end in zip(headings, ends, strict=True)
    ]
    for exercise in exercises:
        if exercise.check < exercise.answer:
            raise ValueError(f"the check of exercise {exercise.name} must stand below the cell for the answer")
    return exercises


def headed(heading: str, text: str) -> str:
    """Returns Markdown that begins with a heading in bold; a block of code stays a block."""
    between = "\n\n" if text.startswith("```") else " "
    return f"**{heading}**{between}{text}".strip()


def title_of(notebook: NotebookNode) -> str:
    """Returns the first heading of a notebook; without one, it is "Untitled"."""
    sources = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    return found[1] if (found := _TITLE.search(sources)) else "Untitled"


def answers_in(notebook: NotebookNode) -> dict[str, str]:
    """Returns what stands in the cell of each exercise, by the number of the exercise."""
    return {exercise.name: notebook.cells[exercise.answer].source for exercise in exercises_of(notebook)}


def submitted_answers(submitted: NotebookNode, handed_out: NotebookNode) -> dict[str, str | None]:
    """Returns what was handed in for each exercise; None if its cell is missing.

    The cell is found by its identifier or, if a program has changed it, by its tag, below the heading of the exercise.
    """
    by_id = {cell.get("id"): cell.source for cell in submitted.cells if cell.cell_type == "code"}
    below: dict[str, str] = {}
    name = ""
    for cell in submitted.cells:
        if cell.cell_type == "markdown" and (found := _EXERCISE.findall(cell.source)):
            name = found[-1][0]
        elif cell.cell_type == "code" and "exercise" in cell.metadata.get("tags", []):
            below[name] = cell.source  # of copies, the last one
    return {
        exercise.name: by_id.get(handed_out.cells[exercise.answer].get("id"), below.get(exercise.name))
        for exercise in exercises_of(handed_out)
    }


def prompts_of(notebook: NotebookNode) -> list[str]:
    """Returns the numbers of the prompts "Try it" of a notebook in order, such as "3a"."""
    return [name for cell in notebook.cells if cell.cell_type == "markdown" for name in _PROMPT.findall(cell.source)]


def _tagged(cells: Sequence[Any], tag: str, start: int, end: int, name: str) -> int:
    found = [index for index in range(start, end) if tag in cells[index].metadata.get("tags", [])]
    if len(found) != 1:
        raise ValueError(f"exercise {name} must have one cell tagged {tag!r}, not {len(found)}")
    return found[0]
