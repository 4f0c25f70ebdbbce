"""The editions of a notebook: for students, without answers, and for teachers, with them."""

from collections.abc import Sequence
from copy import deepcopy

from nbformat import NotebookNode, v4

from notebooks.kit.answers import Answer, answers_to
from notebooks.kit.cells import exercises_of, headed

__all__ = ["students", "teachers"]


def students(notebook: NotebookNode) -> NotebookNode:
    """Returns the notebook without outputs, as a student gets it: each cell is empty until it is run."""
    edition = deepcopy(notebook)
    for cell in edition.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return edition


def teachers(notebook: NotebookNode, answers: Sequence[Answer]) -> NotebookNode:
    """Returns the notebook with the answer to each exercise in its cell, explained, and all others at the end.

    The outputs are those of the notebook, so run it to see those of the answers.

    Raises:
        ValueError: if an exercise has no answer, or an answer no exercise.
    """
    edition = deepcopy(notebook)
    exercises = exercises_of(edition)
    given = answers_to(exercises, answers)
    for exercise in reversed(exercises):
        answer = given[exercise.name]
        edition.cells[exercise.answer].source = answer.code[0].rstrip("\n")
        text = answer.text.replace(f"```python\n{answer.code[0]}```", "").strip()
        explanation = v4.new_markdown_cell(
            headed(f"Answer to {exercise.name}.", text), id=f"answer-{exercise.name}".replace(".", "-")
        )
        edition.cells.insert(exercise.check + 1, explanation)
    prompts = [answer for answer in answers if not answer.is_exercise]
    if prompts:
        texts = [headed(f"Try it {prompt.name}.", prompt.text) for prompt in prompts]
        edition.cells.insert(
            -1, v4.new_markdown_cell("## Answers to “Try it”\n\n" + "\n\n".join(texts), id="answers-try")
        )
    return edition
