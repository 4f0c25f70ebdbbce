"""The forward and the backward pass as a table, one row for each step."""

from collections.abc import Iterator
from typing import Protocol

from autograd import Value, topological_order
from autograd.notation.steps import backward_steps, forward_steps, steps_to_leaves
from autograd.notation.table import table
from viz.labels import check_precision, number, product
from viz.limits import too_large

__all__ = ["StepsTable", "steps_table"]


_MOST_NODES = 50_000  # tabulated in 2 seconds


class _Printer(Protocol):
    """The printer that IPython passes to an object's `_repr_pretty_`."""

    def text(self, text: str) -> None: ...


class StepsTable(str):
    """A table of steps: a string that Jupyter shows as if printed."""

    __slots__ = ()

    def _repr_pretty_(self, printer: _Printer, cycle: bool) -> None:
        printer.text(self)


def steps_table(value: Value, *, hide_constants: bool = False, precision: int = 6) -> StepsTable:
    """Tabulates every step of the forward and the backward pass of a graph, in order.

    A forward step is an operation and its result. A backward step is one use of the chain rule: an operation passes its
    gradient times the local derivative to an operand. The column `operation` holds the formula of the local derivative,
    and `result` the accumulated gradient of the operand. Where the rounded factors do not give the rounded
    contribution, "≈" stands between them. Steps to a node that passes nothing on, such as a detached one, are left
    out; `autograd.forward_steps` and `autograd.backward_steps` have them all.

    Arguments:
        value: the output of the graph. No `grad` in the graph changes.
        hide_constants: leave out the backward steps that reach only constants.
        precision: significant digits of numbers, 1 to 17.

    Returns:
        The table, a string: print it, or let a notebook show it.

    Raises:
        TypeError: if `value` is not a Value, or a node of its graph carries something other than a float.
        GraphTooLargeError: if the graph has more than 50,000 nodes.
        ValueError: if `precision` is out of range.

    >>> x = Value(3.0, "x")
    >>> print(steps_table((x * x).sqrt()))
    step  pass      operation                        upstream × local = contribution    result
       1  forward   t1 = x * x                                                             9.0
       2  forward   t2 = sqrt(t1)                                                          3.0
       3  backward  t2.grad = 1.0                                                          1.0
       4  backward  t1.grad += t2.grad * (0.5 / t2)        1.0 × 0.166667 = 0.166667  0.166667
       5  backward  x.grad += t1.grad * x                       0.166667 × 3.0 ≈ 0.5       0.5
       6  backward  x.grad += t1.grad * x                       0.166667 × 3.0 ≈ 0.5       1.0
    """
    check_precision(precision)
    if not isinstance(value, Value):
        raise TypeError(f"steps_table takes a Value, not {value!r}")
    count = len(topological_order(value))
    if count > _MOST_NODES:
        raise too_large(
            "a table of steps",
            _MOST_NODES,
            count,
            "tabulate a node further down, or read single steps of autograd.forward_steps and backward_steps",
        )
    header = ("step", "pass", "operation", "upstream × local = contribution", "result")
    cells = (
        (f"{position}", name, statement, product, number(result, precision))
        for position, (name, statement, product, result) in enumerate(_rows(value, hide_constants, precision), 1)
    )
    return StepsTable(table(header, cells, left=(1, 2)))


def _rows(value: Value, hide_constants: bool, precision: int) -> Iterator[tuple[str, str, str, float]]:
    """The pass, the statement, the product and the result of each step."""
    for step in forward_steps(value):
        yield "forward", step.statement, "", step.data
    for use in steps_to_leaves(backward_steps(value), constants=not hide_constants):
        numbers = use.upstream, use.local_derivative, use.contribution
        shown = "" if use.slot is None else product(*numbers, precision)
        yield "backward", use.statement, shown, use.gradient
