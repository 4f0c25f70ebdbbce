"""From a recorded graph to instructions, by running its own operations and rules on symbols."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from autograd.chain_rule import chain_rule
from autograd.compiler.ir.instruction import Instruction
from autograd.compiler.trace.builder import Builder, Traced, finished
from autograd.compiler.trace.symbol import Symbol
from autograd.graph import run
from autograd.node import ONE
from autograd.value import Value

__all__ = ["Order", "Trace", "by_index", "labelled", "live_leaves", "trace_graph", "traced_gradient"]

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


def trace_graph(order: Order, inputs: Sequence[Value], run: Callable[..., Any] = run) -> Trace:
    """Runs a graph and its backward pass on symbols.

    Arguments:
        order: the nodes of the graph.
        inputs: the nodes that the routine takes as inputs, in that order; the nodes they were computed from are left
            out. Every other leaf should be a constant.
        run: applies the operation of a node to other operands.

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


def traced_gradient(order: Order, inputs: Sequence[Value], wrt: Sequence[Value]) -> tuple[Traced, dict[int, Value]]:
    """Returns the routine of a graph's output and its gradient: that of `trace_graph`, in a third of its memory.

    A twin exists only while its operation runs, and of a symbol only the index is kept.

    Arguments:
        order, inputs: as for `trace_graph`.
        wrt: the nodes to differentiate with respect to.

    Returns:
        The routine, without names; and the labelled operations that it computes, by index.

    >>> from autograd.graph import walk
    >>> x = Value(2.0)
    >>> traced, _ = traced_gradient(walk(x * x), [x], [x])
    >>> [instruction.op for instruction in traced.routine.instructions]
    ['input', 'multiply', 'add']
    """
    instructions, output, gradients, labelled = _instructions_of(order, inputs, wrt)  # the rest is free by now
    routine, indices = finished(instructions, [output], gradients)
    traced = Traced(routine, (), {}, indices)
    return traced, by_index(traced, labelled)


def _instructions_of(
    order: Order, inputs: Sequence[Value], wrt: Sequence[Value]
) -> tuple[list[Instruction], int, list[int], list[tuple[Value, int]]]:
    """Returns instructions, and the index of the output, of each gradient, and of each operation with a label."""
    leaves, operations = order
    output = (operations or leaves)[-1]
    if any(type(node.op) is not str for node in operations):  # a twin may consist of several operations
        builder, twins = trace_graph(order, inputs)
        found = [builder.index_of(number) for number in (twins[output].data, *[twins[node].grad for node in wrt])]
        return builder.instructions, found[0], found[1:], labelled(twins)
    builder = Builder()
    numbers: dict[Value, Any] = {node: builder.symbol().index for node in inputs}
    operations = [node for node in operations if node not in numbers]
    for leaf in leaves:
        if leaf not in numbers:
            numbers[leaf] = leaf.data

    def unpacked(number: Any) -> Any:
        return Symbol(builder, number) if type(number) is int else number

    slopes: list[tuple[Any, ...]] = []
    for node in operations:
        twin = run(node, *[Value(unpacked(numbers[operand]), role="constant") for operand in node.operands])
        numbers[node] = _packed(twin.data)
        slopes.append(_SUM if node.op == "add" else tuple(map(_packed, twin.local_derivatives)))
    named = [(node, numbers[node]) for node in operations if node.label and type(numbers[node]) is int]
    value = builder.index_of(unpacked(numbers[output]))
    del numbers

    position = len(operations)

    def local_derivatives(node: Value) -> list[Any]:
        """Those of a node that comes before the previous one."""
        nonlocal position
        while operations[position - 1] is not node:
            position -= 1
            slopes.pop()
        position -= 1
        return [unpacked(number) for number in slopes.pop()]

    gradients: dict[Value, Any] = {output: ONE}
    inner = {node: 0.0 for node in wrt if node.op}
    for use in chain_rule(operations, local_derivatives, gradients) if operations else ():
        if use.operand in inner:
            inner[use.operand] = use.gradient
    found = [builder.index_of(inner[node] if node.op else gradients.get(node, 0.0)) for node in wrt]
    return builder.instructions, value, found, named


_SUM = (ONE, ONE)


def _packed(number: Any) -> Any:
    """The index of a symbol, which is all that a builder needs to make it again; any other number as it is."""
    return number.index if isinstance(number, Symbol) else number


def labelled(twins: Mapping[Value, Value]) -> list[tuple[Value, int]]:
    """Returns the operations with a label, each with the index of the instruction that computes its number."""
    found: list[tuple[Value, Any]] = [(node, twin.data) for node, twin in twins.items() if node.label and node.op]
    return [(node, number.index) for node, number in found if isinstance(number, Symbol)]


def by_index(traced: Traced, nodes: Iterable[tuple[Value, int]]) -> dict[int, Value]:
    """Returns the nodes whose numbers a routine computes, by their index in it; if several share one, the first.

    Arguments:
        traced: the routine.
        nodes: nodes with the indices of the builder's instructions that compute their numbers.
    """
    found: dict[int, Value] = {}
    for node, number in nodes:
        index = traced.indices[number]
        if index >= 0 and traced.routine.instructions[index].computes:
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
