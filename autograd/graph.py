"""Walks over a recorded graph: its topological order, its leaves, and rerunning it on other leaves."""

from itertools import count

from autograd import functions
from autograd.node import COMPILED, ZERO, Node, Tail, check_signals, prefetch

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from typing import Any

    from autograd.value import Value

__all__ = ["leaves", "rebuild", "topological_order"]

_walk_numbers = count(1)
_walks: list[object] = []  # those under way; the first of them marks nodes


def walk(*roots: "Value") -> "tuple[list[Value], list[Value]]":
    """Returns the leaves and the operations of the graph below one root or several, including these.

    Operations come after their operands, so a single root is last, unless it is a leaf.
    """
    leaves, operations = walk_with_tails(*roots)
    return leaves, [node for node in operations if type(node) is not Tail]  # type: ignore[comparison-overlap]


def walk_with_tails(*roots: "Value", clear_gradients: bool = False) -> "tuple[list[Value], list[Value]]":
    """Walks as `walk` does; the operations include the tails of those with three or more operands.

    It also clears the gradients of the operations if asked to: a pass of its own would read all nodes once more, which
    for a large graph takes as long as a walk.

    The walk is depth-first and not recursive, so a graph may be a million nodes deep. One walk at a time marks the
    nodes it visits; one that another thread begins meanwhile keeps a set of them instead, which is slower.
    """
    leaves: list[Value] = []
    operations: list[Value] = []
    this = object()
    try:  # unlike a lock, which an interrupt may leave acquired
        _walks.append(this)
        if _walks[0] is this:
            number = next(_walk_numbers)
            for root in roots:
                if root._mark != number:
                    _walk_with_marks(root, number, leaves, operations, clear_gradients)
        else:
            _walk_with_a_set(roots, leaves, operations)
            if clear_gradients:
                for node in operations:
                    node.grad = ZERO
    finally:
        if this in _walks:
            _walks.remove(this)
    return leaves, operations


def _walk_with_marks(
    root: "Value", number: int, leaves: "list[Value]", operations: "list[Value]", clear_gradients: bool
) -> None:
    """Walks, marking each node with a number that no other walk has: an interrupted walk leaves nothing to clean up."""
    waiting: list[Value] = []  # operations whose first operand has been visited
    steps = 0
    node = root
    node._mark = number
    if node._a is None:
        leaves.append(node)
        return
    while True:
        if COMPILED:  # otherwise Python itself looks at signals, such as Ctrl-C
            steps += 1
            if not steps & 4095:
                check_signals()
            prefetch(node._b)  # which the walk reaches later
        operand = node._a
        if operand._mark != number:
            operand._mark = number
            if operand._a is not None:
                waiting.append(node)
                node = operand
                continue
            leaves.append(operand)
        while True:
            operand = node._b
            if operand is None or operand._mark == number:
                rest = node._rest
                if rest is None or type(rest) is tuple or rest._mark == number:
                    operations.append(node)
                    if clear_gradients:
                        node.grad = ZERO
                    if not waiting:
                        return
                    node = waiting.pop()
                    continue
                operand = rest
            operand._mark = number
            if operand._a is not None:
                waiting.append(node)
                node = operand
                break
            leaves.append(operand)


def _walk_with_a_set(roots: "Sequence[Value]", leaves: "list[Value]", operations: "list[Value]") -> None:
    """Walks in the same order, without writing to the nodes."""
    visited: set[Value] = set()
    for root in roots:
        waiting = [] if root in visited else [(root, _below(root))]
        visited.add(root)
        while waiting:
            node, operands = waiting[-1]
            operand = next((operand for operand in operands if operand not in visited), None)
            if operand is not None:
                visited.add(operand)
                waiting.append((operand, _below(operand)))
                continue
            waiting.pop()
            (leaves if node._a is None else operations).append(node)


def _below(node: "Value") -> "Iterator[Value]":
    """What a walk visits below a node, in that order: the gate of a select last, and the tail of further operands."""
    return (operand for operand in (node._a, node._b, node._rest) if isinstance(operand, Node))  # type: ignore[misc]


def topological_order(root: "Value") -> "list[Value]":
    """Returns all nodes of the graph below `root`, operands before results and `root` last.

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
    """Returns the leaves of the graph below `root`: its inputs, parameters and constants.

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
    """Runs the graph below `root` again on other leaves.

    Arguments:
        root: the output of the graph.
        leaf: returns what replaces each leaf: a float to evaluate the graph, a Value to record it again.
        given: replacements for some nodes, leaves or not; these are not run again.

    Returns:
        A dictionary from each node to its replacement or its new result.

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


def replaced(roots: "Sequence[Value]", replacements: "Mapping[Value, Value]") -> "list[Value]":
    """Returns the graphs of `roots` with some of their leaves replaced; what does not depend on these stays as it is.

    >>> from autograd import Value
    >>> x, w = Value(2.0), Value(3.0)
    >>> y, z = replaced([x * w, w + 1.0], {x: Value(5.0)})
    >>> y.data, z.data
    (15.0, 4.0)
    """
    made = dict(replacements)
    for node in walk(*roots)[1]:
        if node not in made and not made.keys().isdisjoint(node.operands):
            made[node] = run(node, *[made.get(operand, operand) for operand in node.operands])
            made[node].label, made[node].scope = node.label, node.scope
    return [made.get(root, root) for root in roots]


def run(node: "Value", *operands: "Any") -> "Any":
    """Applies the operation of `node` to other operands, which may be numbers of any kind."""
    try:
        return function_of(node.op)(*operands, *node.numbers)
    except Exception as error:
        if type(node.op) is not str and node.label:  # the function of an operation of the user's own
            error.add_note(f"at the node {node.label!r}" + (f" in {node.scope!r}" if node.scope else ""))
        raise


def function_of(op: str) -> "Callable[..., Any]":
    """Returns the function of an operation, which takes its operands, then its plain numbers.

    Arguments:
        op: the name that nodes hold. That of an operation of the user's own also holds its function.
    """
    return getattr(functions, op) if type(op) is str else op.function  # type: ignore[no-any-return, attr-defined]


def listed(outputs: "Any", function: str) -> "list[Value]":
    """Returns one Value or several as a list; raises TypeError for anything else given to `function`."""
    roots = [outputs] if isinstance(outputs, Node) else outputs
    if not isinstance(roots, (list, tuple)) or not all(isinstance(root, Node) for root in roots):
        raise TypeError(f"{function} takes a Value, or a list of Values, not {outputs!r}")
    return list(roots)


def check_root(root: "Any", function: str) -> None:
    """Raises TypeError if `root`, an argument of `function`, is not a Value."""
    if not isinstance(root, Node):
        raise TypeError(f"the root given to {function} must be a Value, not {root!r}")
