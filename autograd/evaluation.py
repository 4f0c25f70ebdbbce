"""Evaluation: recomputing the values and local derivatives of a graph from its leaves."""

from autograd.graph import run, walk
from autograd.validation import assigned_number

TYPE_CHECKING = False
if TYPE_CHECKING:
    from autograd.value import Value

__all__ = ["evaluate"]


def evaluate(root: "Value") -> float:
    """Recomputes every value and local derivative below `root`, in place; see `Value.forward`."""
    leaves, operations = walk(root)
    assigned = [(leaf, assigned_number(leaf)) for leaf in leaves if type(leaf.data) is not float]
    before = [(node, node.data, node._b, node._da, node._db) for node in operations]
    try:
        for leaf, number in assigned:
            leaf.data = number
        for node in operations:
            again = run(node, *node.operands)
            node.data, node._da, node._db = again.data, again._da, again._db
            node._b = again._b  # the same operand, or a tail with other local derivatives
        return root.data
    except BaseException:
        for node, data, b, da, db in before:
            node.data, node._b, node._da, node._db = data, b, da, db
        raise
