"""Backpropagation: the chain rule applied to a graph in reverse topological order."""

from autograd.graph import topological_order, walk_with_tails
from autograd.node import COMPILED, MINUS_ONE, NOT_TAKEN, ONE, ZERO, Node, check_signals, prefetch_before, track
from autograd.validation import assigned_gradient

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from autograd.value import Value

__all__ = ["backpropagate"]


def backpropagate(root: "Value", gradient: "Any") -> None:
    """Adds `gradient` times d(root)/d(node) to the `grad` of every node below `root`; see `Value.backward`.

    A branch that was not taken sends nothing back: the gradients behind it are 0, even where a local derivative is
    infinite.
    """
    leaves, operations = walk_with_tails(root, clear_gradients=True)
    before = [leaf.grad for leaf in leaves]
    if type(root.data) is float and set(map(type, before)) != {float}:
        for leaf, number in zip(leaves, list(map(assigned_gradient, leaves)), strict=True):
            leaf.grad = number  # as a caller assigned it, it would set the precision of the sum
    try:
        if type(gradient) is float and gradient == 1.0:
            gradient = ONE
        if (type(root.data) is float and type(gradient) is float) or not operations:
            root.grad = gradient if root.grad is ZERO else root.grad + gradient
            _backpropagate_floats(operations)
        else:
            _backpropagate_any(operations, leaves, gradient)
    except BaseException:
        for leaf, grad in zip(leaves, before, strict=True):
            leaf.grad = grad
        raise


def _backpropagate_floats(operations: "list[Value]") -> None:
    """Passes the gradient of the last operation on.

    Multiplications by 1 and additions to a gradient that is not set yet are skipped, which changes no bit.
    """
    zero, one, minus_one, not_taken = ZERO, ONE, MINUS_ONE, NOT_TAKEN  # local names are quicker
    steps = 0
    for node in reversed(operations):
        if COMPILED:  # otherwise Python itself looks at signals, such as Ctrl-C
            steps += 1
            if not steps & 4095:
                check_signals()
            prefetch_before(operations, len(operations) - steps)
        upstream = node.grad
        if upstream is zero:  # this node is only the gate of selects
            continue
        local = node._da
        if local is not zero:
            if local is one:
                contribution = upstream
            elif local is not_taken or upstream is not_taken:
                contribution = not_taken
            elif local is minus_one:
                contribution = -upstream
            else:
                contribution = local if upstream is one else local * upstream
            operand = node._a
            grad = operand.grad
            if grad is zero:
                operand.grad = contribution
            elif contribution is not not_taken or grad is not not_taken:
                operand.grad = grad + contribution
        operand = node._b
        if operand is not None:
            local = node._db
            if local is one:
                contribution = upstream
            elif local is zero:
                continue
            elif local is not_taken or upstream is not_taken:
                contribution = not_taken
            elif local is minus_one:
                contribution = -upstream
            else:
                contribution = local if upstream is one else local * upstream
            grad = operand.grad
            if grad is zero:
                operand.grad = contribution
            elif contribution is not not_taken or grad is not not_taken:
                operand.grad = grad + contribution


def _backpropagate_any(operations: "list[Value]", leaves: "list[Value]", gradient: "Any") -> None:
    """Passes a gradient of the last operation on, for numbers of any kind."""
    from autograd.chain_rule import chain_rule

    if COMPILED:  # gradients that are Values may lead back to these nodes
        further = topological_order(gradient) if isinstance(gradient, Node) else []  # type: ignore[arg-type]
        for node in (*leaves, *operations, *further):
            track(node)
    gradients = {leaf: leaf.grad for leaf in leaves if leaf.grad is not ZERO}
    for use in chain_rule(operations, gradients=gradients, seed=gradient):
        use.operand.grad = use.gradient
