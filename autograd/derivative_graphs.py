"""Derivatives of a recorded output, as graphs."""

from autograd.collector import collector_paused
from autograd.graph import run, walk
from autograd.node import Node
from autograd.value import Value, carrying

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

__all__ = ["carriers_of", "derivative", "derivative_graphs"]


def derivative(y: Value, x: Value) -> Value:
    """Returns dy/dx as a graph, connected to the leaves of y: it can be drawn, evaluated and differentiated again.

    Arguments:
        y: a recorded output.
        x: any node below y; it is treated as independent of the nodes it was computed from.

    Returns:
        A Value, possibly one of y's own nodes; 0 if y does not depend on x. No `grad` changes.

    Raises:
        TypeError: if y or x is not a Value.

    >>> x = Value(2.0, "x")
    >>> slope = derivative(x**3, x)
    >>> slope.data, derivative(slope, x).data
    (12.0, 12.0)
    """
    for name, node in (("y", y), ("x", x)):
        if not isinstance(node, Value):
            raise TypeError(
                f"the arguments of derivative(y, x) must be Values, but {name} is {node!r}; for a function use grad(f)"
            )
    return derivative_graphs(y, [x])[0]


@collector_paused
def derivative_graphs(y: Value, xs: "Sequence[Value]") -> list[Value]:
    """Computes dy/dx for several nodes, none of which depends on another, in one backward pass.

    The ordinary rules and the ordinary chain rule, run on carriers, record the derivative in terms of y's own nodes.
    """
    from autograd.chain_rule import chain_rule  # it imports typing, which `import autograd` does not load

    carriers = carriers_of([y], xs)
    if y not in carriers or not carriers[y].op:
        return [Value.constant(1.0 if x is y else 0.0) for x in xs]
    root, found = carriers[y], [carriers[x] for x in xs]
    operations = walk(root)[1]
    del carriers, root  # from here on, a carrier is freed once its gradient has been passed on
    gradients: dict[Value, Any] = {}
    for use in chain_rule(operations, gradients=gradients):
        while operations[-1] is not use.node:
            operations.pop()
    return [Value.constant(gradients.get(carrier, 0.0)) for carrier in found]


def carriers_of(ys: "Sequence[Value]", xs: "Sequence[Value]") -> "dict[Value, Value]":
    """Runs the graph between xs and ys again on carriers: Values whose data are its own nodes instead of floats.

    Returns:
        The carriers of the xs, and of the nodes that depend on them, operands first. Their local derivatives are
        graphs of these nodes.
    """
    carriers = {x: carrying(x) for x in xs}
    others: dict[Value, Value] = {}
    for node in walk(*ys)[1]:
        operands = node.operands
        if node in carriers or carriers.keys().isdisjoint(operands):
            continue
        for operand in operands:
            if operand not in carriers and operand not in others:
                others[operand] = carrying(operand)
        carrier = run(node, *[carriers[v] if v in carriers else others[v] for v in operands])
        _replace(carrier.data, node, carrier.local_derivatives, operands)
        if carrier._da is carrier.data:
            carrier._da = node
        carrier.data = node  # the same number, whose graph exists already
        carriers[node] = carrier
    return carriers


def _replace(copy: "Any", node: Value, locals_: "Sequence[Any]", operands: "Sequence[Value]") -> None:
    """Replaces `copy` by `node` in the graphs of local derivatives, down to `operands`."""
    given = set(operands)
    waiting: list[Any] = [local for local in locals_ if isinstance(local, Value) and local not in given]
    while waiting:
        made = waiting.pop()
        for slot in ("_a", "_b", "_rest"):
            operand = getattr(made, slot)
            if operand is copy:
                setattr(made, slot, node)
            elif isinstance(operand, Node) and operand._a is not None and operand not in given:
                waiting.append(operand)
