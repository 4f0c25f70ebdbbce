"""The commands `draw` and `explore`, which show the graph of a formula."""

from collections.abc import Callable, Iterable
from pathlib import Path

import autograd
from autograd import Value
from autograd.notation.table import table
from viz.command.errors import UsageError
from viz.command.files import write
from viz.command.output import say
from viz.expression import ExpressionError, parse_expression
from viz.labels import printable
from viz.pages.explorer import Explorer
from viz.pictures.drawing import draw

__all__ = ["Variables", "draw_formula", "explore_formula", "graph_of"]

Variables = Iterable[tuple[str, float]]


def draw_formula(expression: str, variables: Variables, path: Path) -> None:
    """Draws the graph of a formula, and prints its values and gradients.

    Arguments:
        expression: the formula, as `viz.parse_expression` reads it.
        variables: the name and the number of each variable.
        path: the picture to write.

    Raises:
        UsageError: if the formula or the file name is wrong.
        CommandError: if the file cannot be written.
    """
    _show(expression, variables, path, lambda value: draw(value).save(path))


def explore_formula(expression: str, variables: Variables, path: Path, lang: str) -> None:
    """Writes a page that steps through the graph of a formula, and prints its values and gradients.

    The arguments and errors are those of `draw_formula`; `path` is the page to write, and `lang` the code of its
    language.
    """

    def page(value: Value) -> Explorer:
        return Explorer(value, expression, lang=lang, formula=expression)

    _show(expression, variables, path, lambda value: page(value).save(path))


def _show(expression: str, variables: Variables, path: Path, save: Callable[[Value], object]) -> None:
    given = [*variables]
    value = graph_of(expression, given)
    value.backward()
    written = write([(path, lambda path: save(value))])
    leaves = {leaf.label: leaf for leaf in autograd.leaves(value) if leaf.role == "input"}
    rows = [("result", value), *((name, leaves[name]) for name, _ in given)]
    numbers_of = [[printable(name), f"{v.data:.6g}", f"{v.grad:.6g}"] for name, v in rows]
    say(f"{table(['', 'value', 'gradient'], numbers_of)}\n\n{written}")


def graph_of(expression: str, variables: Variables) -> Value:
    """Returns the graph of a formula.

    Raises:
        UsageError: if the formula is wrong, or a variable is given twice.
    """
    numbers: dict[str, float] = {}
    for name, number in variables:
        if name in numbers:
            raise UsageError(f"each variable must be given once, but {name} is given twice")
        numbers[name] = number
    try:
        return parse_expression(expression, **numbers)
    except ExpressionError as error:
        raise UsageError(str(error)) from None
