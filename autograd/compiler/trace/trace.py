"""From a recorded graph to instructions, by running its own operations and rules on symbols."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from autograd.chain_rule import chain_rule, gradients_of
from autograd.collector import collector_paused
from autograd.compiler.ir.instructions import Instructions
from autograd.compiler.trace.builder import Builder, Traced, finished
from autograd.compiler.trace.symbol import Symbol, symbol_of
from autograd.graph import run, walk
from autograd.node import ONE
from autograd.value import Value

__all__ = [
    "Order",
    "Trace",
    "by_index",
    "labelled",
    "live_leaves",
    "symbolic_gradient",
    "trace_graph",
    "traced_gradient",
]

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


@collector_paused
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


@collector_paused
def traced_gradient(
    order: Order, outputs: Sequence[Value], inputs: Sequence[Value], wrt: Sequence[Value]
) -> tuple[Traced, dict[int, Value]]:
    """Returns the routine of outputs of a graph, and of the gradient of the first.

    It takes a third of `trace_graph`'s memory: a twin exists only while its operation runs, and of a symbol only the
    index is kept.

    Arguments:
        order, inputs: as for `trace_graph`.
        outputs: the nodes whose numbers are the results.
        wrt: the nodes to differentiate with respect to. If there are any, the first output must come last in the graph.

    Returns:
        The routine, without names; and the labelled operations that it computes, by index.

    >>> from autograd.graph import walk
    >>> x = Value(2.0)
    >>> y = x * x
    >>> traced, _ = traced_gradient(walk(y), [y], [x], [x])
    >>> [instruction.op for instruction in traced.routine.instructions]
    ['input', 'multiply', 'add']
    """
    written, results, gradients, labelled = _written(order, outputs, inputs, wrt)  # frees the rest
    routine, indices = finished(written, results, gradients)
    traced = Traced(routine, (), {}, indices)
    return traced, by_index(traced, labelled)


def symbolic_gradient(outputs: list[Value], wrt: Sequence[Value], seed: Any = ONE) -> list[Any]:
    """Returns the derivatives of an output with respect to some leaves, which have the bits that `backward` computes.

    Nothing is computed for other leaves, such as the inputs of a model.

    Arguments:
        outputs: one output, which carries a symbol. The list is emptied, so that its graph is freed meanwhile.
        wrt: the leaves. Those that the output does not depend on have the derivative 0.
        seed: the derivative of the output with respect to itself.

    >>> builder = Builder()
    >>> w, x = Value(builder.symbol()), Value(builder.symbol())
    >>> symbolic_gradient([w * x], [w])
    [Symbol(1)]
    """
    leaves, operations = walk(outputs.pop())
    gradients = gradients_of(operations or leaves, set(wrt), seed)
    return [gradients.get(leaf, 0.0) for leaf in wrt]


class _Pass:
    """A graph that runs on symbols, of which only the indices are kept; other numbers are kept as they are.

    Attributes:
        builder: holds the instructions.
        operations: the nodes that were run.
        slopes: the local derivatives of each.
    """

    def __init__(self, order: Order, inputs: Sequence[Value]) -> None:
        self.builder = Builder()
        leaves, operations = order
        self.numbers: dict[Value, Any] = {node: self.builder.symbol().index for node in inputs}
        self.operations = [node for node in operations if node not in self.numbers]
        self.slopes: list[tuple[Any, ...]] = []
        for leaf in leaves:
            if leaf not in self.numbers:
                self.numbers[leaf] = leaf.data

    def unpacked(self, number: Any) -> Any:
        """The symbol with an index; any other number as it is."""
        return symbol_of(self.builder, number) if type(number) is int else number

    def forward(self, keeps_slopes: bool) -> None:
        """Runs the operations."""
        numbers, unpacked = self.numbers, self.unpacked
        for node in self.operations:
            twin = run(node, *[Value(unpacked(numbers[operand]), role="constant") for operand in node.operands])
            numbers[node] = _packed(twin.data)
            if keeps_slopes:
                self.slopes.append(_SUM if node.op == "add" else tuple(map(_packed, twin.local_derivatives)))

    def backward(self, output: Value, wrt: Sequence[Value]) -> list[Any]:
        """Runs the rules, which frees the slopes, and returns the gradient of the last node, `output`."""
        position = len(self.operations)

        def local_derivatives(node: Value) -> list[Any]:
            """Those of a node that comes before the previous one."""
            nonlocal position
            while self.operations[position - 1] is not node:
                position -= 1
                self.slopes.pop()
            position -= 1
            return [self.unpacked(number) for number in self.slopes.pop()]

        gradients: dict[Value, Any] = {output: ONE}
        inner = {node: 0.0 for node in wrt if node.op}
        uses = chain_rule(self.operations, local_derivatives, gradients, leaves=set(wrt)) if self.operations else ()
        for use in uses:
            if use.operand in inner:
                inner[use.operand] = use.gradient
        return [inner[node] if node.op else gradients.get(node, 0.0) for node in wrt]


def _written(
    order: Order, outputs: Sequence[Value], inputs: Sequence[Value], wrt: Sequence[Value]
) -> tuple[Instructions, list[int], list[int], list[tuple[Value, int]]]:
    """Returns instructions, and the index of each output, of each gradient, and of each operation with a label."""
    if any(type(node.op) is not str for node in order[1]):  # a twin may consist of several operations
        builder, twins = trace_graph(order, inputs)
        found = [builder.index_of(twins[output].data) for output in outputs]
        gradients = [builder.index_of(twins[node].grad) for node in wrt]
        return builder.written, found, gradients, labelled(twins)
    graph = _Pass(order, inputs)
    graph.forward(keeps_slopes=bool(wrt))
    numbers, builder = graph.numbers, graph.builder
    named = [(node, numbers[node]) for node in graph.operations if node.label and type(numbers[node]) is int]
    results = [builder.index_of(graph.unpacked(numbers[output])) for output in outputs]
    numbers.clear()
    gradients = [builder.index_of(number) for number in graph.backward(outputs[0], wrt)] if wrt else []
    return builder.written, results, gradients, named


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


def live_leaves(order: Order, outputs: Iterable[Value], inputs: Iterable[Value]) -> list[Value]:
    """Returns the leaves whose numbers may change between runs.

    These are all leaves of the graph of the outputs except constants, inputs, and leaves needed only to compute inputs.
    """
    leaves, operations = order
    given, needed = set(inputs), set(outputs)
    for node in reversed(operations):
        if node in needed and node not in given:
            needed.update(node.operands)
    return [leaf for leaf in leaves if leaf in needed and leaf not in given and leaf.role != "constant"]
