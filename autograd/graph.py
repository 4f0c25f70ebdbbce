"""Walks over a recorded graph: its topological order, its leaves, and the same graph over other leaves."""

from itertools import count

from autograd import functions
from autograd.node import Node

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from autograd.value import Value

__all__ = ["leaves", "rebuild", "topological_order"]

_walk_numbers = count(1)


def walk(root: "Value") -> "tuple[list[Value], list[Value]]":
    """The leaves and the operations that `root` depends on, itself included; operations after their operands.

    Depth first, without recursion, so a graph may be a million nodes deep. A walk marks the nodes it has met with
    its own number, which no other walk has: one that is interrupted leaves nothing to clear.
    """
    number = next(_walk_numbers)
    leaves: list[Value] = []
    operations: list[Value] = []
    waiting: list[Value] = []  # operations whose first operand has been walked
    node = root
    node._mark = number
    if node._a is None:
        return [node], operations
    while True:
        operand = node._a
        if operand._mark is not number:
            operand._mark = number
            if operand._a is not None:
                waiting.append(node)
                node = operand
                continue
            leaves.append(operand)
        while True:
            operand = node._b
            if operand is None or operand._mark is number:
                operand = node._rest
                if operand is None or type(operand) is tuple or operand._mark is number:
                    operations.append(node)
                    if not waiting:
                        return leaves, operations
                    node = waiting.pop()
                    continue
            operand._mark = number
            if operand._a is not None:
                waiting.append(node)
                node = operand
                break
            leaves.append(operand)


def topological_order(root: "Value") -> "list[Value]":
    """Every node that `root` depends on, operands before results, `root` last.

    Raises:
        TypeError: if `root` is not a Value.

    >>> from autograd import Value
    >>> x = Value(2.0, "x")
    >>> [node.label or node.op for node in topological_order(x * x + x)]
    ['x', 'multiply', 'add']
    """
    check_root(root, "topological_order")
    leaves, operations = walk(root)
    return leaves + operations


def leaves(root: "Value") -> "list[Value]":
    """The nodes below `root` that no operation made: inputs, parameters, constants.

    Raises:
        TypeError: if `root` is not a Value.

    >>> from autograd import Value
    >>> [leaf.label or leaf.data for leaf in leaves(3.0 * Value(2.0, "x"))]
    [3.0, 'x']
    """
    check_root(root, "leaves")
    return walk(root)[0]


def rebuild(
    root: "Value", leaf: "Callable[[Value], Any]", given: "Mapping[Value, Any] | None" = None
) -> "dict[Value, Any]":
    """The graph below `root` run again over other leaves.

    Arguments:
        root: the output whose graph is run.
        leaf: gives what stands in for each leaf: a float to evaluate the graph, a Value to record it anew.
        given: what stands in for some nodes, leaves or not; they are not run again.

    Returns:
        What each node became, from the node.

    Raises:
        TypeError: if `root` is not a Value.

    >>> from autograd import Value
    >>> x = Value(2.0)
    >>> y = x * x + 1.0
    >>> rebuild(y, lambda v: 5.0 if v is x else v.data)[y]
    26.0
    """
    check_root(root, "rebuild")
    leaves, operations = walk(root)
    made = dict(given or {})
    for node in leaves:
        if node not in made:
            made[node] = leaf(node)
    for node in operations:
        if node not in made:
            made[node] = run(node, *[made[operand] for operand in node.operands])
    return made


def run(node: "Value", *operands: "Any") -> "Any":
    """The operation of `node` carried out on other operands, whatever numbers they are."""
    return getattr(functions, node.op)(*operands, *node.numbers)


def check_root(root: "Any", name: str) -> None:
    if not isinstance(root, Node):
        raise TypeError(f"{name} takes a Value, the root of a graph, not {root!r}")
