"""From a recorded graph to instructions, by running its own operations and rules on symbols."""

from collections.abc import Sequence
from typing import NamedTuple

from autograd.compiler.trace.builder import Builder, Traced
from autograd.graph import run
from autograd.value import Value

__all__ = ["Order", "Trace", "labelled", "live_leaves", "trace_graph"]

Order = tuple[Sequence[Value], Sequence[Value]]
"""The leaves and the operations of a graph, operands before results, as `autograd.graph.walk` returns them."""


class Trace(NamedTuple):
    """A graph that was run on symbols.

    Attributes:
        builder: holds the instructions.
        twins: for each node of the graph, a copy whose data, local derivatives and gradient are symbols.
    """

    builder: Builder
    twins: dict[Value, Value]


def trace_graph(order: Order, inputs: Sequence[Value]) -> Trace:
    """Runs a graph and its backward pass on symbols.

    Arguments:
        order: the nodes of the graph.
        inputs: the nodes that the routine takes as inputs, in that order; the nodes they were computed from are left
            out. Every other leaf should be a constant.

    >>> from autograd.graph import walk
    >>> x = Value(2.0)
    >>> trace = trace_graph(walk(x * x), [x])
    >>> [instruction.op for instruction in trace.builder.finish([trace.twins[x].grad]).routine.instructions]
    ['input', 'add']
    """
    builder = Builder()
    twins = {node: Value(builder.symbol()) for node in inputs}
    leaves, operations = order
    for leaf in leaves:
        if leaf not in twins:
            twins[leaf] = Value(leaf.data)
    for node in operations:
        if node not in twins:
            twins[node] = run(node, *[twins[operand] for operand in node.operands])
    twins[(operations or leaves)[-1]].backward()
    return Trace(builder, twins)


def labelled(trace: Trace, traced: Traced) -> dict[int, Value]:
    """Returns the labelled nodes whose numbers a routine computes, by index; if several share an index, the first."""
    found: dict[int, Value] = {}
    for node, twin in trace.twins.items():
        index = traced.find(twin.data) if node.label else None
        if index is not None:
            found.setdefault(index, node)
    return found


def live_leaves(order: Order, inputs: Sequence[Value]) -> list[Value]:
    """Returns the leaves whose numbers may change between runs.

    These are all leaves of the graph except constants, inputs, and leaves needed only to compute inputs.
    """
    leaves, operations = order
    given, needed = set(inputs), {(operations or leaves)[-1]}
    for node in reversed(operations):
        if node in needed and node not in given:
            needed.update(node.operands)
    return [leaf for leaf in leaves if leaf in needed and leaf not in given and leaf.role != "constant"]
