"""Unfolding: the graph in which the formulas of the user's own operations stand in the place of their nodes."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from autograd.contexts import call_with
from autograd.graph import check_root, run, walk
from autograd.value import Value, _scope

__all__ = ["unfold"]


def unfold(root: Value) -> Value:
    """Returns the graph of `root` with the formulas of your own operations in the place of their nodes.

    Every number is the same, and so are the leaves. The nodes of a formula are in a scope with the name of the
    operation, so pictures draw a frame around them. The rules of the operations are not in it: its derivatives are
    those of the formulas. An operation whose formula calls plain Python stays one node.

    Raises:
        TypeError: if `root` is not a Value.

    >>> import autograd
    >>> @autograd.operation
    ... def cube(x):
    ...     return x * x * x
    >>> y = unfold(cube(Value(2.0)) + 1.0)
    >>> y.operands[0].op, y.operands[0].scope
    ('multiply', 'cube')
    """
    check_root(root, "unfold")
    kept: set[str] = set()
    while True:  # a formula may contain other operations
        operations = walk(root)[1]
        folded = [node for node in operations if type(node.op) is not str and node.op not in kept]
        if not folded:
            return root
        root = _unfolded_once(operations, _scopes(folded), kept)


def _scopes(folded: Sequence[Value]) -> dict[Value, str]:
    """A scope for the formula of each node: its name in the node's own scope, numbered if there are several."""
    names = {node: f"{node.scope}.{node.op}".removeprefix(".") for node in folded}
    counts, seen = Counter(names.values()), Counter[str]()
    for node, name in names.items():
        if counts[name] > 1:
            seen[name] += 1
            names[node] = f"{name}{seen[name]}"
    return names


def _unfolded_once(operations: Sequence[Value], scopes: dict[Value, str], kept: set[str]) -> Value:
    """Unfolds the nodes that have a scope for it; adds those that have no formula on Values to `kept`."""
    made: dict[Value, Value] = {}
    for node in operations:
        operands = [made.get(operand, operand) for operand in node.operands]
        result = None
        if node in scopes:
            op: Any = node.op
            try:
                result = Value.constant(call_with(_scope, scopes[node], op.function.formula, operands, node.numbers))
            except Exception:  # it calls plain Python
                kept.add(op)
        if result is None and all(new is old for new, old in zip(operands, node.operands, strict=True)):
            continue
        made[node] = result = call_with(_scope, node.scope, run, node, *operands) if result is None else result
        if not result.label and all(result is not operand for operand in operands):
            result.label = node.label
    return made.get(operations[-1], operations[-1])
