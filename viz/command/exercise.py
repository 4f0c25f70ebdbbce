"""The command `exercise`, which makes an exercise of a formula."""

from pathlib import Path

from viz.command.errors import UsageError
from viz.command.files import File, write
from viz.command.formula import Variables, graph_of
from viz.command.output import say
from viz.exercises.exercise import exercise
from viz.files import FormatError
from viz.pages.language import language_of
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
    lang: str,
) -> None:
    """Writes the page of an exercise, and its sheet and key if they are asked for. It prints no answer.

    Arguments:
        expression, variables: the formula and its numbers, as for `draw_formula`.
        hide, seed: as for `viz.exercise`.
        page, sheet, key: the files to write.
        lang: the code of the language of the page.

    Raises:
        UsageError: if the formula or a file name is wrong, or no exercise can be made of it.
        CommandError: if a file cannot be written.
    """
    try:
        title = language_of(lang).words("Exercise: {0}", expression)
        task = exercise(graph_of(expression, variables), hide=hide, seed=seed, title=title, lang=lang)
        savers = [(page, task.save), (sheet, task.sheet().save), (key, task.sheet(key=True).save)]
        files: list[File] = [(path_of_page(path), save) for path, save in savers if path is not None]
    except (ValueError, FormatError) as error:
        raise UsageError(str(error)) from None
    say(write(files))
