"""Copying and pickling a whole graph, at any depth, without recursion."""

from autograd.graph import walk
from autograd.node import ONE, ZERO, Node
from autograd.value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

__all__ = ["copy_graph", "reduce_graph", "restore_graph", "restore_leaf"]


def copy_graph(root: Value, memo: "dict[int, Any]") -> Value:
    """`copy.deepcopy` of a node: it and all below it anew. Nodes shared with others copied by one call stay shared."""

    def counterpart(operand: "Any") -> "Any":
        return memo[id(operand)] if isinstance(operand, Value) else operand

    leaves, operations = walk(root)
    for node in leaves + operations:
        if id(node) not in memo:
            memo[id(node)] = copied = Value.__new__(Value)
            for slot in Node.__slots__:
                if hasattr(node, slot):
                    setattr(copied, slot, counterpart(getattr(node, slot)))
    return memo[id(root)]  # type: ignore[no-any-return]


def reduce_graph(root: Value) -> "tuple[Callable[..., Value], tuple[Any, ...]]":
    """What pickle stores of a node: a leaf by itself, an operation with all that is below it; not who compared it.

    Leaves keep their identity within one pickle; two results pickled together each bring their own operations.
    """
    leaves, operations = walk(root)
    if not operations:
        return restore_leaf, (root.data, _gradient(root), root.label, root.scope, root.role)
    place = {node: index for index, node in enumerate(leaves + operations)}

    def record(node: Value) -> "tuple[Any, ...]":
        content = node.op, node.data, _gradient(node), node.label, node.scope
        locals_ = [None if local is ZERO else local for local in node.local_derivatives]
        return *content, [place[operand] for operand in node.operands], locals_, node.numbers

    return restore_graph, (leaves, [record(node) for node in operations])


def restore_leaf(data: "Any", grad: "Any", label: str, scope: str, role: str) -> Value:
    """The leaf that `reduce_graph` described."""
    leaf = Value(data, label, role=role)
    leaf.scope = scope
    if grad is not None:
        leaf.grad = grad
    return leaf


def restore_graph(leaves: list[Value], records: "list[tuple[Any, ...]]") -> Value:
    """The root of the graph that `reduce_graph` described."""
    nodes = list(leaves)
    for op, data, grad, label, scope, places, locals_, numbers in records:
        node = Value.__new__(Value)
        node.op, node.data, node.label, node.scope, node._mark = op, data, label, scope, 0
        node.grad = ZERO if grad is None else grad
        operands = [nodes[place] for place in places]
        locals_ = [ZERO if local is None else ONE if local == 1.0 else local for local in locals_]
        gate = [operands.pop(0), locals_.pop(0)][:1] if len(operands) == 3 else []
        node._a, node._b = (*operands, None)[:2]
        node._da, node._db = (*locals_, None)[:2]
        node._rest = gate[0] if gate else numbers or None
        nodes.append(node)
    return nodes[-1]


def _gradient(node: Value) -> "Any":
    return node.grad if node.has_grad else None
