"""Dense layers in a graph: the neurons f(w·x + b) that share their inputs, whoever recorded them."""

import re
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import NamedTuple

from autograd import Value
from autograd.compiler.trace.trace import Order

__all__ = ["DenseLayer", "Neuron", "dense_layers"]

_WEIGHTS = ("parameter", "plain")  # roles of weights and biases
_LONGEST = 40  # operations of an activation


class Neuron(NamedTuple):
    """A row of a layer: f(w·x + b).

    Attributes:
        weights, inputs: w and x, in the order of the products.
        bias: b; None if nothing is added.
        products: the operations wᵢ·xᵢ, in that order.
        total: the operation whose result is w·x + b.
        output: the operation whose result is f(w·x + b); `total` if there is no activation.
        operations: all of its operations, operands first.
    """

    weights: tuple[Value, ...]
    inputs: tuple[Value, ...]
    bias: Value | None
    products: tuple[Value, ...]
    total: Value
    output: Value
    operations: tuple[Value, ...]


class DenseLayer(NamedTuple):
    """Neurons that have their inputs, their scope and their activation in common: f(W·x + b).

    Attributes:
        title: the scope, or outside of scopes the name of the matrix; "" if it has none.
        neurons: the rows, in the order in which another layer reads them, else in that of their names.
    """

    title: str
    neurons: tuple[Neuron, ...]

    @property
    def inputs(self) -> tuple[Value, ...]:
        """The inputs of every neuron."""
        return self.neurons[0].inputs

    @property
    def outputs(self) -> tuple[Value, ...]:
        """The output of each neuron."""
        return tuple([neuron.output for neuron in self.neurons])


def dense_layers(order: Order) -> list[DenseLayer]:
    """Returns the dense layers of a graph. What is in a loss of `nn` is none.

    A neuron is a sum of products, each of a leaf and another node, and of one more leaf at most. Weights are leaves
    that are neither inputs nor constants; of two such leaves, the parameter is the weight, else the one that is used
    less often. An activation is what follows in the same scope, as long as it depends on nothing else.

    Arguments:
        order: the nodes of the graph, as `walk` returns them.

    >>> from autograd.graph import walk
    >>> w1, w2, x, y = Value(1.0, "w1"), Value(2.0, "w2"), Value(3.0, "x"), Value(4.0, "y", role="input")
    >>> (layer,) = dense_layers(walk((w1 * x).tanh() * (w2 * x).tanh() - y))
    >>> len(layer.neurons), layer.inputs, layer.outputs[0].op
    (2, (Value(3.0, label='x'),), 'tanh')
    """
    operations = order[1]
    users: dict[Value, list[Value]] = defaultdict(list)
    for node in operations:
        for operand in node.operands:
            users[operand].append(node)
    index = {node: position for position, node in enumerate(operations)}
    found: dict[Hashable, list[Neuron]] = defaultdict(list)
    claimed: set[Value] = set()
    for node in reversed(operations):
        if node in claimed or node.op not in ("add", "multiply") or _is_in_loss(node):
            continue
        neuron = _neuron(node, users, index)
        if neuron is not None and claimed.isdisjoint(neuron.operations):
            claimed.update(neuron.operations)
            key = neuron.inputs, _module(neuron), _matrix(neuron), neuron.bias is None, _kind(neuron)
            found[key].append(neuron)
    layers = [neurons for neurons in found.values() if len(neurons) * len(neurons[0].inputs) > 1]
    read = {frozenset(neurons[0].inputs): neurons[0].inputs for neurons in layers}
    rows = [_in_order(neurons, read) for neurons in reversed(layers)]
    return [DenseLayer(_module(first) or _matrix(first), (first, *others)) for first, *others in rows]


def _is_in_loss(node: Value) -> bool:
    from nn.losses import LOSSES

    return bool(node.scope) and not LOSSES.keys().isdisjoint(node.scope.split("."))


def _neuron(total: Value, users: Mapping[Value, Sequence[Value]], index: Mapping[Value, int]) -> Neuron | None:
    """The neuron whose sum a node is; None if it is not a sum of products."""
    pairs: list[tuple[Value, Value]] = []
    products: list[Value] = []
    sums: list[Value] = []
    bias = None
    left = [total]
    while left:
        node = left.pop()
        if node.op and node is not total and len(users[node]) > 1:
            return None
        if node.op == "add":
            sums.append(node)
            left += node.operands  # the right one is looked at first: in a long sum of other things, it is not one
        elif node.op == "multiply" and (pair := _weight_and_input(node, users)) is not None:
            pairs.append(pair)
            products.append(node)
        elif not node.op and node.role in _WEIGHTS and bias is None:
            bias = node
        else:
            return None
    weights, inputs = zip(*reversed(pairs), strict=True) if pairs else ((), ())
    if not pairs or len({*weights, *inputs, bias}) <= 2 * len(pairs):  # a node used twice is not a matrix's
        return None
    activation = _activation(total, users)
    inner = sorted([*products, *sums, *activation], key=index.__getitem__)
    return Neuron(weights, inputs, bias, tuple(reversed(products)), total, [total, *activation][-1], tuple(inner))


def _weight_and_input(node: Value, users: Mapping[Value, Sequence[Value]]) -> tuple[Value, Value] | None:
    a, b = node.operands
    if not _may_be_weight(a):
        return (b, a) if _may_be_weight(b) else None
    if not _may_be_weight(b) or a.role != b.role:
        return (a, b) if not _may_be_weight(b) or a.role == "parameter" else (b, a)
    return (a, b) if len(users[a]) <= len(users[b]) else (b, a)


def _may_be_weight(node: Value) -> bool:
    return not node.op and node.role in _WEIGHTS


def _activation(total: Value, users: Mapping[Value, Sequence[Value]]) -> list[Value]:
    """The operations after a sum that depend on it alone, the last of them last; none if others use several of them."""
    inside = [total]
    seen = {total}
    for node in inside:
        for user in users.get(node, ()):
            if user in seen or user.scope != total.scope:
                continue
            if all(operand.role == "constant" or operand in seen for operand in user.operands):
                inside.append(user)
                seen.add(user)
        if len(inside) > _LONGEST:
            return []
    exits = [node for node in inside if node not in users or not seen.issuperset(users[node])]
    if len(exits) != 1 or exits[0] is total:
        return []
    return [*(node for node in inside[1:] if node is not exits[0]), exits[0]]


def _kind(neuron: Neuron) -> Hashable:
    """What the activations of the neurons of a layer have in common: operations and constants."""
    first = next(number for number, node in enumerate(neuron.operations) if node is neuron.total)
    after = neuron.operations[first:]
    place = {node: number for number, node in enumerate(after)}
    return tuple(
        [(node.op, node.numbers, tuple([place.get(one, one.data) for one in node.operands])) for node in after[1:]]
    )


def _in_order(neurons: Iterable[Neuron], read: Mapping[frozenset[Value], Sequence[Value]]) -> tuple[Neuron, ...]:
    found = [*neurons]
    found.reverse()  # they were found from the output
    reader = read.get(frozenset(neuron.output for neuron in found))
    if reader is None:
        return tuple(sorted(found, key=lambda neuron: _natural(f"{neuron.total.scope} {neuron.weights[0].label}")))
    by_output = {neuron.output: neuron for neuron in found}
    return tuple([by_output[output] for output in reader])


def _natural(text: str) -> list[tuple[int, str]]:
    """A key that sorts texts with the numbers in them by size."""
    return [
        (int(digits), "") if digits else (-1, other) for digits, other in re.findall(r"([0-9]{1,18})|(\D+|.)", text)
    ]


def _module(neuron: Neuron) -> str:
    """The scope of the layer of a neuron: that around it, if it is one of the neurons of a layer of `nn`."""
    return re.sub(r"\.neuron[0-9]+$", "", neuron.total.scope)


def _matrix(neuron: Neuron) -> str:
    """The name of the matrix that a row is from, as far as its labels tell."""
    return neuron.weights[0].label.rstrip("0123456789,")
