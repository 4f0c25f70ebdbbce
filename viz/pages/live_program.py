"""The program of a page: one function in JavaScript for every number of a graph, and its listing for people.

Both are made of the instructions that the compiler records when the graph and its backpropagation run on symbols, so a
page computes what `forward()` and `backward()` would.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from autograd import Value
from autograd.compiler.source.javascript import JAVASCRIPT, PRELUDE
from autograd.compiler.source.python import PYTHON
from autograd.compiler.source.text import source
from autograd.compiler.trace.builder import Traced
from autograd.compiler.trace.trace import Trace, live_leaves, trace_graph
from autograd.graph import walk
from autograd.notation.steps import BackwardStep, ForwardStep

__all__ = ["LiveProgram", "live_program"]


class LiveProgram(NamedTuple):
    """A graph as a program that gives all its numbers.

    Attributes:
        variables: the leaves that it takes, in that order: all but constants.
        javascript: defines `program(variables...)`, which gives two lists: the data of every node, in topological
            order; and for each backward step, one after another, local derivative, contribution and gradient so far.
        listing: the lines of the program in Python that computes the output and the gradients of the leaves.
        forward, backward: for each step the lines of the listing that carry it out; where its number never changes,
            none forward, and backward the line where that pass begins.
    """

    variables: tuple[Value, ...]
    javascript: str
    listing: tuple[str, ...]
    comment: int | None
    forward: tuple[tuple[int, ...], ...]
    backward: tuple[tuple[int, ...], ...]


class _Numbers(NamedTuple):
    """The numbers of a backward step, as symbols or floats."""

    local_derivative: Any
    contribution: Any
    gradient: Any


def live_program(
    root: Value, forward: Sequence[ForwardStep], backward: Sequence[BackwardStep], names: Mapping[Value, str]
) -> LiveProgram:
    r"""The program of the graph below `root`.

    Arguments:
        root: the output.
        forward, backward: the steps that it is for.
        names: what nodes are called in the listing.

    >>> from autograd.notation.steps import backward_steps, forward_steps
    >>> x = Value(3.0, "x")
    >>> y = x * x
    >>> made = live_program(y, forward_steps(y), backward_steps(y), {x: "x", y: "y"})
    >>> print("\n".join(made.listing), made.forward, made.backward)
    def program(x):
        y = x * x
        # backward
        grad_x = x + x
        return [[y], [grad_x]] ((1,),) ((2,), (2,), (3,))
    """
    order = walk(root)
    variables = live_leaves(order, ())
    trace = trace_graph(order, variables)
    twins = trace.twins
    steps = _numbers(trace, backward)
    everything = trace.builder.finish(
        [twins[node].data for nodes in order for node in nodes], [number for step in steps for number in step]
    )
    shown = trace.builder.finish([twins[root].data], [twins[leaf].grad for leaf in variables])
    shown = shown._replace(names=tuple(names[leaf] for leaf in variables), labels=_labels(trace, shown, names))
    listing = source(shown, PYTHON)
    count = len(listing.text.splitlines())
    turn = count - 1 if listing.backward is None else listing.backward
    return LiveProgram(
        tuple(variables),
        PRELUDE + source(everything, JAVASCRIPT).text,
        tuple(listing.text.splitlines()),
        listing.backward,
        tuple(_lines([twins[step.node].data], shown, listing.lines, 0) for step in forward),
        tuple(_lines(numbers, shown, listing.lines, turn) or (turn,) for numbers in steps),
    )


def _numbers(trace: Trace, steps: Iterable[BackwardStep]) -> list[_Numbers]:
    """The steps carried out on symbols; the recorder knows each result, for `backward()` has written it down."""
    gradients: dict[Value, Any] = {}
    found = []
    for step in steps:
        local, contribution = 1.0, 1.0
        if step.slot is not None:
            local = trace.twins[step.node].local_derivatives[step.slot]
            upstream = gradients[step.node]
            # written as backward() writes it, so that it is the same instruction
            contribution = -upstream if type(local) is float and local == -1.0 else local * upstream
        known = gradients.get(step.operand)
        gradients[step.operand] = contribution if known is None else known + contribution
        found.append(_Numbers(local, contribution, gradients[step.operand]))
    return found


def _labels(trace: Trace, traced: Traced, names: Mapping[Value, str]) -> dict[int, str]:
    """The names of nodes, and grad_ before them for gradients, by the indices in the routine that they name.

    A gradient that is passed on as it is keeps the name it has at the operation nearest to the output.
    """
    taken = {*names.values()}
    wanted = [(trace.twins[node].data, name) for node, name in names.items()]
    wanted += [
        (trace.twins[node].grad, f"grad_{name}")
        for node, name in reversed(list(names.items()))
        if f"grad_{name}" not in taken
    ]
    labels: dict[int, str] = {}
    for number, name in wanted:
        index = traced.find(number)
        if index is not None:
            labels.setdefault(index, name)
    return labels


def _lines(numbers: Iterable[Any], traced: Traced, lines: Mapping[int, int], first: int) -> tuple[int, ...]:
    """The lines, from `first` on, that compute some numbers."""
    found = {lines[index] for index in map(traced.find, numbers) if index is not None}
    return tuple(sorted(line for line in found if line >= first))
