"""Copying and pickling a whole graph, at any depth, without recursion.

A copy is independent of the graph that it was made from. Inside a function that is being differentiated or compiled,
that would cut the graph: there, a copy of what depends on the function's inputs is the node itself, and it cannot be
pickled. What does not depend on them is copied as elsewhere.
"""

from contextvars import ContextVar

from autograd.collector import collector_paused
from autograd.graph import walk_with_tails
from autograd.node import BRANCHES, CARRIER, MINUS_ONE, NOT_TAKEN, ONE, ZERO, Node, Tail, comparison_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from autograd.value import Value

__all__ = [
    "copy_graph",
    "copy_node",
    "depends_on_inputs",
    "reduce_graph",
    "restore_columns",
    "restore_graph",
    "restore_leaf",
    "restore_nodes",
]

# The inputs of the functions that are being differentiated. Set by `autograd.contexts`.
_inputs: "ContextVar[frozenset[Node]]" = ContextVar("autograd.inputs", default=frozenset())


def copy_node(root: "Value") -> "Value":
    """Copies a node and the operations below it, which keep their leaves, for `copy.copy`."""
    if depends_on_inputs(root):
        return root
    function, arguments = reduce_graph(root)
    return function(*arguments)


@collector_paused
def copy_graph(root: "Value", memo: "dict[int, Any]", new_leaves: "list[Value] | None" = None) -> "Value":
    """Copies a node and everything below it, for `copy.deepcopy`, and appends the new leaves to a list.

    Nodes that several objects share stay shared if one call to `deepcopy` copies all of these objects.
    """

    def copied(number: "Any") -> "Any":
        if not isinstance(number, Node):
            return number
        return memo[id(number)] if id(number) in memo else copy_graph(number, memo, new_leaves)  # type: ignore[arg-type]

    if depends_on_inputs(root):
        return root
    leaves, operations = walk_with_tails(root)
    for node in leaves + operations:
        if id(node) in memo:
            continue
        twin = memo[id(node)] = _bare(type(node))
        twin.op, twin.label, twin.scope, twin._mark = node.op, node.label, node.scope, 0
        twin.data, twin.grad, twin._da, twin._db = map(copied, (node.data, node.grad, node._da, node._db))
        twin._a, twin._b = memo.get(id(node._a)), memo.get(id(node._b))
        twin._rest = memo.get(id(node._rest), node._rest)
        if (compared := comparison_of(node)) is not None:
            twin._compared = compared
        if new_leaves is not None and node._a is None:
            new_leaves.append(twin)
    return memo[id(root)]  # type: ignore[no-any-return]


def reduce_graph(root: "Value") -> "tuple[Callable[..., Value], tuple[Any, ...]]":
    """Returns what pickle stores for a node: a leaf alone, an operation with everything below it.

    Leaves keep their identity within one pickle. Two results pickled together each have their own operations. The
    notes about comparisons, which `compile` reads, are not stored.

    Raises:
        TypeError: if the node depends on an input of a function that is being differentiated or compiled.
    """
    if depends_on_inputs(root):
        raise TypeError(
            f"{root!r} cannot be pickled inside the function that is being differentiated or compiled: that would "
            "silently cut the graph; use the Value itself, or v.data for the plain number"
        )
    if root._a is None:
        return restore_leaf, (root.data, _gradient(root), root.label, root.scope, root.role, type(root))
    leaves, operations = walk_with_tails(root)
    return restore_columns, (leaves, _columns(leaves, operations), type(root))


def depends_on_inputs(root: "Value") -> bool:
    """Returns whether a node depends on an input of a function that is being differentiated or compiled."""
    inputs = _inputs.get()
    return bool(inputs) and not all(map(inputs.isdisjoint, walk_with_tails(root)))


def _columns(leaves: "list[Value]", operations: "list[Value]") -> "tuple[list[Any], ...]":
    """The operations of a graph as one list for each of their attributes: small, and quickly pickled.

    Other nodes are given by their indices. Of the attribute `_rest`, a gate is an index, and plain numbers are a tuple.
    """
    index_of: "dict[Any, int]" = {node: index for index, node in enumerate(leaves + operations)}
    return (
        [node.op for node in operations],
        [node.data for node in operations],
        [_gradient(node) for node in operations],
        [node.label for node in operations],
        [node.scope for node in operations],
        [index_of[node._a] for node in operations],
        [index_of.get(node._b) for node in operations],
        [index_of.get(node._rest, node._rest) for node in operations],
        [_stored(node._da) for node in operations],
        [_stored(node._db) for node in operations],
    )


def restore_columns(
    leaves: "list[Value]", columns: "tuple[list[Any], ...]", node_class: "type[Value] | None" = None
) -> "Value":
    """Makes the graph that `reduce_graph` described and returns its root."""
    return restore_nodes(leaves, columns, node_class)[-1]


@collector_paused
def restore_nodes(
    leaves: "list[Value]", columns: "tuple[list[Any], ...]", node_class: "type[Value] | None" = None
) -> "list[Value]":
    """Returns the leaves and the operations of columns, in this order."""
    node_class = node_class or _default_class()
    nodes = list(leaves)
    for op, data, grad, label, scope, a, b, rest, da, db in zip(*columns, strict=True):
        node = _bare(node_class if op else Tail)
        node.op, node.data, node.label, node.scope, node._mark = op, data, label, scope, 0
        node.grad = ZERO if grad is None else grad
        node._a, node._da = nodes[a], _shared(op, da)
        node._b, node._db = (None, None) if b is None else (nodes[b], _shared(op, db))
        node._rest = nodes[rest] if type(rest) is int else rest
        nodes.append(node)
    return nodes


def restore_graph(
    leaves: "list[Value]", operations: "list[tuple[Any, ...]]", node_class: "type[Value] | None" = None
) -> "Value":
    """Makes a graph from the rows that version 0.1 pickled, one for each operation; returns its root."""

    def row(op: str, data: "Any", grad: "Any", label: str, scope: str, *rest: "Any") -> "tuple[Any, ...]":
        operands, locals_, numbers = rest
        gate, *_ = operands if len(operands) == 3 else (numbers or None,)
        (a, *b), (da, *db) = operands[-2:], locals_[-2:]
        return op, data, grad, label, scope, a, *(b or [None]), gate, da, *(db or [None])

    columns = tuple(map(list, zip(*(row(*operation) for operation in operations), strict=True)))
    return restore_columns(leaves, columns, node_class)


def restore_leaf(
    data: "Any", grad: "Any", label: str, scope: str, role: str, node_class: "type[Value] | None" = None
) -> "Value":
    """Makes the leaf that `reduce_graph` described."""
    leaf = (node_class or _default_class())(0.0, label, role=role)
    leaf.data, leaf.scope = data, scope
    leaf._da = None if type(data) is float else CARRIER
    if grad is not None:
        leaf.grad = grad
    return leaf


def _default_class() -> "type[Value]":
    """`Value`, for pickles of version 0.1, which do not name the class; importing it here would be circular."""
    return next(kind for kind in Node.__subclasses__() if kind is not Tail)  # type: ignore[return-value]


def _bare(node_class: "Any") -> "Any":
    """A node whose slots are all unset."""
    return node_class.__new__(node_class)


def _gradient(node: "Value") -> "Any":
    return node.grad if node.has_grad else None


def _stored(local: "Any") -> "Any":
    """What a pickle holds for a local derivative: of the constants that equal others, None and False instead."""
    return None if local is ZERO else False if local is NOT_TAKEN else local


def _shared(op: str, local: "Any") -> "Any":
    """A local derivative, as the constant that is recognised by its identity if it equals one."""
    if local is None:
        return ZERO
    if local is False:
        return NOT_TAKEN
    if type(local) is not float:
        return local
    if local == 0.0 and op in BRANCHES:  # in a pickle of an earlier version
        return NOT_TAKEN
    return ONE if local == 1.0 else MINUS_ONE if local == -1.0 else local
