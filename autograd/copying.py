"""Copying and pickling a whole graph, at any depth, without recursion."""

from autograd.graph import walk
from autograd.node import ONE, ZERO, Node

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from autograd.value import Value

__all__ = ["copy_graph", "reduce_graph", "restore_graph", "restore_leaf"]


def copy_graph(root: "Value", memo: "dict[int, Any]") -> "Value":
    """Copies a node and everything below it, for `copy.deepcopy`.

    Nodes that several objects share stay shared if one call to `deepcopy` copies all of these objects.
    """

    def counterpart(content: "Any") -> "Any":
        return memo[id(content)] if isinstance(content, Node) else content

    leaves, operations = walk(root)
    for node in leaves + operations:
        if id(node) not in memo:
            memo[id(node)] = copied = _bare(type(node))
            for slot in Node.__slots__:
                if hasattr(node, slot):
                    setattr(copied, slot, counterpart(getattr(node, slot)))
    return memo[id(root)]  # type: ignore[no-any-return]


def reduce_graph(root: "Value") -> "tuple[Callable[..., Value], tuple[Any, ...]]":
    """Returns what pickle stores for a node: a leaf alone, an operation with everything below it.

    Leaves keep their identity within one pickle. Two results pickled together each have their own operations. The
    notes about comparisons, which `compile` reads, are not stored.
    """
    leaves, operations = walk(root)
    if not operations:
        return restore_leaf, (root.data, _gradient(root), root.label, root.scope, root.role, type(root))
    index_of = {node: index for index, node in enumerate(leaves + operations)}

    def fields(node: "Value") -> "tuple[Any, ...]":
        operands = [index_of[operand] for operand in node.operands]
        locals_ = [None if local is ZERO else local for local in node.local_derivatives]
        return node.op, node.data, _gradient(node), node.label, node.scope, operands, locals_, node.numbers

    return restore_graph, (leaves, [fields(node) for node in operations], type(root))


def restore_leaf(
    data: "Any", grad: "Any", label: str, scope: str, role: str, node_class: "type[Value] | None" = None
) -> "Value":
    """Makes the leaf that `reduce_graph` described."""
    leaf = (node_class or _default_class())(data, label, role=role)
    leaf.scope = scope
    if grad is not None:
        leaf.grad = grad
    return leaf


def restore_graph(
    leaves: "list[Value]", operations: "list[tuple[Any, ...]]", node_class: "type[Value] | None" = None
) -> "Value":
    """Makes the graph that `reduce_graph` described and returns its root."""
    nodes = list(leaves)
    for op, data, grad, label, scope, operand_indices, locals_, numbers in operations:
        node = _bare(node_class or _default_class())
        node.op, node.data, node.label, node.scope, node._mark = op, data, label, scope, 0
        node.grad = ZERO if grad is None else grad
        operands = [nodes[index] for index in operand_indices]
        locals_ = [ZERO if local is None else ONE if local == 1.0 else local for local in locals_]
        gate = [operands.pop(0), locals_.pop(0)][:1] if len(operands) == 3 else []
        node._a, node._b = (*operands, None)[:2]
        node._da, node._db = (*locals_, None)[:2]
        node._rest = gate[0] if gate else numbers or None
        nodes.append(node)
    return nodes[-1]


def _default_class() -> "type[Value]":
    """`Value`, for pickles of version 0.1, which do not name the class; importing it here would be circular."""
    return Node.__subclasses__()[0]  # type: ignore[return-value]


def _bare(node_class: "type[Value]") -> "Value":
    """A node whose slots are all unset."""
    return node_class.__new__(node_class)


def _gradient(node: "Value") -> "Any":
    return node.grad if node.has_grad else None
