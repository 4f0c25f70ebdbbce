"""The cells of a notebook that belong to an exercise."""

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from nbformat import NotebookNode

__all__ = ["ExerciseCells", "answers_in", "exercises_of", "prompts_of"]

_EXERCISE = re.compile(r"^### Exercise (\d+\.\d+): (.+)$", re.MULTILINE)
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
        ValueError: if an exercise has not one cell tagged "exercise" and one tagged "check" after its heading.
    """
    cells = notebook.cells
    headings = [
        (index, match[1], match[2])
        for index, cell in enumerate(cells)
        if cell.cell_type == "markdown"
        for match in _EXERCISE.finditer(cell.source)
    ]
    ends = [*(index for index, *_ in headings), len(cells)][1:]
    return [
        ExerciseCells(
            name, title, start, _tagged(cells, "exercise", start, end, name), _tagged(cells, "check", start, end, name)
        )
        for (start, name, title), end in zip(headings, ends, strict=True)
    ]


def answers_in(notebook: NotebookNode) -> dict[str, str]:
    """Returns what stands in the cell of each exercise, by the number of the exercise."""
    return {exercise.name: notebook.cells[exercise.answer].source for exercise in exercises_of(notebook)}


def prompts_of(notebook: NotebookNode) -> list[str]:
    """Returns the numbers of the prompts "Try it" of a notebook in order, such as "3a"."""
    return [name for cell in notebook.cells if cell.cell_type == "markdown" for name in _PROMPT.findall(cell.source)]


def _tagged(cells: Sequence[Any], tag: str, start: int, end: int, name: str) -> int:
    found = [index for index in range(start, end) if tag in cells[index].metadata.get("tags", [])]
    if len(found) != 1:
        raise ValueError(f"exercise {name} must have one cell tagged {tag!r}, not {len(found)}")
    return found[0]
