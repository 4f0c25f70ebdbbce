"""The program of a page: a JavaScript function that computes every number of a graph, and a Python listing of it.

Both come from the instructions that the compiler traces when the graph and its backward pass run on symbols, so a page
computes what `forward()` and `backward()` would.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from autograd import Value
from autograd.chain_rule import chain_rule
from autograd.compiler.source.javascript import JAVASCRIPT, PRELUDE
from autograd.compiler.source.python import PYTHON
from autograd.compiler.source.text import source
from autograd.compiler.trace.builder import Traced
from autograd.compiler.trace.trace import Order, Trace, live_leaves, trace_graph
from autograd.graph import run
from autograd.notation.steps import BackwardStep

__all__ = ["LiveProgram", "live_program", "run_as_one"]


class LiveProgram(NamedTuple):
    """A graph as a program that computes all its numbers.

    Attributes:
        variables: the leaves that it takes, in order: all but constants.
        javascript: defines `program(variables...)`, which returns two lists: the data of every node in topological
            order; and the local derivative, the contribution and the gradient so far of every backward step.
        listing: the lines of the program in Python that computes the output and the gradients of the leaves.
        comment: the line of the listing that announces the backward pass; None if no line belongs to it.
        forward: for each operation, the lines of the listing that compute it; none if its number never changes.
        backward: for each backward step, the lines that compute its numbers; if these never change, the line where the
            backward pass begins.
    """

    variables: tuple[Value, ...]
    javascript: str
    listing: tuple[str, ...]
    comment: int | None
    forward: tuple[tuple[int, ...], ...]
    backward: tuple[tuple[int, ...], ...]


def live_program(order: Order, backward: Sequence[BackwardStep], names: Mapping[Value, str]) -> LiveProgram:
    r"""Returns the program of a graph.

    Arguments:
        order: the nodes of the graph.
        backward: the backward steps whose numbers it computes.
        names: the names of nodes in the listing.

    >>> from autograd.graph import walk
    >>> from autograd.notation.steps import backward_steps
    >>> x = Value(3.0, "x")
    >>> y = x * x
    >>> made = live_program(walk(y), backward_steps(y), {x: "x", y: "y"})
    >>> print("\n".join(made.listing), made.forward, made.backward)
    def program(x):
        y = x * x
        # backward
        grad_x = x + x
        return [[y], [grad_x]] ((1,),) ((2,), (2,), (3,))
    """
    leaves, operations = order
    output = (operations or leaves)[-1]
    variables = live_leaves(order, [output], ())
    trace = trace_graph(order, variables, run_as_one)
    twins = trace.twins
    uses = {
        (use.node, use.slot): [use.local_derivative, use.contribution, use.gradient]
        for use in chain_rule(operations or leaves, lambda node: twins[node].local_derivatives)
    }
    steps = [uses[step.node, step.slot] for step in backward]
    everything = trace.builder.finish(
        [twins[node].data for nodes in order for node in nodes], [number for numbers in steps for number in numbers]
    )
    shown = trace.builder.finish([twins[output].data], [twins[leaf].grad for leaf in variables])
    shown = shown._replace(names=tuple(names[leaf] for leaf in variables), labels=_labels(trace, shown, names))
    listing = source(shown, PYTHON, taken=names.values())
    lines = listing.text.splitlines()
    first = len(lines) - 1 if listing.backward is None else listing.backward
    return LiveProgram(
        tuple(variables),
        PRELUDE + source(everything, JAVASCRIPT).text,
        tuple(lines),
        listing.backward,
        tuple(_lines([twins[node].data], shown, listing.lines, 0) for node in operations),
        tuple(_lines(numbers, shown, listing.lines, first) or (first,) for numbers in steps),
    )


def run_as_one(node: Value, *operands: Any) -> Any:
    """Applies the operation of a node: one operation also if it is of the user's own and without a rule."""
    return run(node, *operands) if type(node.op) is str else node.op.function.as_one(operands, node.numbers)  # type: ignore[attr-defined]


def _labels(trace: Trace, traced: Traced, names: Mapping[Value, str]) -> dict[int, str]:
    """The names of nodes, and those of their gradients, by the index of the instruction that computes them.

    A gradient that several nodes share is named after the node nearest to the output.
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
    """Returns the lines that compute some numbers, starting from the line `first`."""
    found = {lines[index] for index in map(traced.find, numbers) if index is not None}
    return tuple(sorted(line for line in found if line >= first))
