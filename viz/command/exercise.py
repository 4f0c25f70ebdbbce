"""The command `exercise`, which makes an exercise of a formula."""

from pathlib import Path

from viz.command.errors import UsageError
from viz.command.files import File, write
from viz.command.formula import Variables, graph_of
from viz.command.output import say
from viz.exercises.exercise import exercise
from viz.files import FormatError
from viz.pages.showable import path_of_page

__all__ = ["exercise_on"]


def exercise_on(
    expression: str,
    variables: Variables,
    *,
    hide: str,
    seed: int | None,
    page: Path,
    sheet: Path | None,
    key: Path | None,
) -> None:
    """Writes the page of an exercise, and its sheet and key if they are asked for. It prints no answer.

    Arguments:
        expression, variables: the formula and its numbers, as for `draw_formula`.
        hide, seed: as for `viz.exercise`.
        page, sheet, key: the files to write.

    Raises:
        UsageError: if the formula or a file name is wrong, or no exercise can be made of it.
        CommandError: if a file cannot be written.
    """
    try:
        task = exercise(graph_of(expression, variables), hide=hide, seed=seed, title=f"Exercise: {expression}")
        savers = [(page, task.save), (sheet, task.sheet().save), (key, task.sheet(key=True).save)]
        files: list[File] = [(path_of_page(path), save) for path, save in savers if path is not None]
    except (ValueError, FormatError) as error:
        raise UsageError(str(error)) from None
    say(write(files))
