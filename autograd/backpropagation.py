"""Backpropagation: the chain rule applied to a graph in reverse topological order."""

from autograd.graph import walk
from autograd.node import MINUS_ONE, ONE, ZERO

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from autograd.value import Value

__all__ = ["backpropagate"]


def backpropagate(root: "Value", gradient: "Any") -> None:
    """Adds `gradient` times d(root)/d(node) to the `grad` of every node below `root`; see `Value.backward`.

    Multiplications by 1 and additions to a gradient that is not set yet are skipped. This changes no bit of the result,
    and keeps these operations out of the graphs and programs that are recorded when gradients are Values or symbols.
    `chain_rule` yields the same uses of the chain rule one at a time.
    """
    leaves, operations = walk(root)
    before = [leaf.grad for leaf in leaves]
    try:
        for node in operations:
            node.grad = ZERO
        if type(gradient) is float and gradient == 1.0:
            gradient = ONE
        root.grad = gradient if root.grad is ZERO else root.grad + gradient
        for node in reversed(operations):
            upstream = node.grad
            if upstream is ZERO:  # this node is only the gate of selects
                continue
            local = node._da
            if local is not ZERO:
                if local is ONE:
                    contribution = upstream
                elif local is MINUS_ONE:
                    contribution = -upstream
                else:
                    contribution = local if upstream is ONE else local * upstream
                operand = node._a
                grad = operand.grad
                operand.grad = contribution if grad is ZERO else grad + contribution
            operand = node._b
            if operand is not None:
                local = node._db
                if local is ONE:
                    contribution = upstream
                elif local is MINUS_ONE:
                    contribution = -upstream
                elif local is ZERO:
                    continue
                else:
                    contribution = local if upstream is ONE else local * upstream
                grad = operand.grad
                operand.grad = contribution if grad is ZERO else grad + contribution
    except BaseException:
        for leaf, grad in zip(leaves, before, strict=True):
            leaf.grad = grad
        raise
