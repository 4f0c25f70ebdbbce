"""The uses of the chain rule in a backward pass, one at a time."""

from collections.abc import Callable, Iterator, Sequence
from math import inf
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from autograd.functions import select
from autograd.node import BRANCHES, MINUS_ONE, NOT_TAKEN, ONE, ZERO

if TYPE_CHECKING:
    from autograd.value import Value

__all__ = ["Use", "chain_rule"]


class Use(NamedTuple):
    """One use of the chain rule: what flows along one edge of the graph.

    The numbers are of the same kind as the local derivatives: floats, or for example the symbols of a compiler.

    Attributes:
        node: the operation that passes its gradient on.
        operand: the node that receives the contribution.
        slot: the index of the operand in `node.operands`; None for the seed, whose node and operand are both the
            output.
        upstream: the gradient of the output with respect to `node`.
        local_derivative: the derivative of `node` with respect to the operand.
        contribution: upstream · local_derivative; 0 behind a branch that was not taken.
        gradient: the gradient of the output with respect to the operand, summed up to and including this contribution.
        previous: that gradient before this contribution is added; None if this is the first.
    """

    node: "Value"
    operand: "Value"
    slot: int | None
    upstream: Any
    local_derivative: Any
    contribution: Any
    gradient: Any
    previous: Any


def chain_rule(
    operations: "Sequence[Value]",
    local_derivatives: "Callable[[Value], Sequence[Any]]" = attrgetter("local_derivatives"),
    gradients: "dict[Value, Any] | None" = None,
    seed: Any = ONE,
) -> Iterator[Use]:
    """Yields the uses of the chain rule in the order in which `backward()` adds their contributions.

    The seed comes first: the derivative of the output with respect to itself. Then there is one use for each edge along
    which `backward()` adds something: none to the gate of a select, and none through `detach`, `sign`, `heaviside` and
    x⁰. Contributions and sums are computed just as in `backpropagate`, so they have the same bits and, on symbols, are
    the same instructions. No `grad` is read or changed.

    Arguments:
        operations: the operations below an output, operands first and the output last, as `walk` returns them; if the
            output is a leaf, the leaf alone.
        local_derivatives: returns the local derivatives of a node with respect to its operands; by default its own.
        gradients: receives the gradient of every leaf that is reached, added to the one that it holds already.
        seed: the derivative of the output with respect to itself.

    >>> from autograd import Value
    >>> x = Value(3.0, "x")
    >>> square = x * x
    >>> for use in chain_rule([square]):
    ...     print(use.slot, use.upstream, use.local_derivative, use.contribution, use.gradient)
    None 1.0 1.0 1.0 1.0
    0 1.0 3.0 3.0 3.0
    1 1.0 3.0 3.0 6.0
    """
    gradients = {} if gradients is None else gradients
    gradients[operations[-1]] = seed
    conditions: "dict[Value, Any]" = {operations[-1]: ONE}
    yield Use(operations[-1], operations[-1], None, seed, ONE, seed, seed, None)
    for node in reversed(operations):
        upstream = gradients.pop(node, None)
        if upstream is None:  # this node is only the gate of selects
            continue
        condition = conditions.pop(node, ONE)
        for slot, (operand, local) in enumerate(zip(node.operands, local_derivatives(node), strict=True)):
            if local is ZERO:
                continue
            contribution, taken = _contribution(node.op, upstream, local, condition)
            previous = gradients.get(operand)
            if operand.op:
                conditions[operand] = _either(conditions.get(operand, NOT_TAKEN), taken)
            gradient = gradients[operand] = contribution if previous is None else previous + contribution
            yield Use(node, operand, slot, upstream, local, contribution, gradient, previous)


# A condition is 1 if the output depends on a node in the branches that were taken, otherwise 0; if that is known, `ONE`
# or `NOT_TAKEN`. Behind a branch that was not taken, a local derivative may be infinite, and 0 times infinity is nan:
# there, contributions are 0 by the condition, not by multiplication. In a graph of derivatives and in a program, the
# condition is computed, so that it follows the numbers of the leaves.


def _contribution(op: str, upstream: Any, local: Any, condition: Any) -> tuple[Any, Any]:
    """Returns what flows to an operand, and the condition for it.

    Arguments:
        op: the name of the operation.
        upstream: the gradient of its result, 0 unless the condition holds.
        local: the local derivative with respect to the operand.
        condition: the condition for the result of the operation.
    """
    if local is ONE:
        return upstream, condition
    if local is NOT_TAKEN or condition is NOT_TAKEN:
        return NOT_TAKEN, NOT_TAKEN
    if op in BRANCHES and type(local) is not float:
        if op == "absolute":  # the local derivative is 1, -1, 0 or nan
            taken = _both(select(1.0 - local * local, 0.0, 1.0), condition)
            return select(taken, _product(upstream, local), 0.0), taken  # behind another branch, nan is not taken
        return local if upstream is ONE else select(local, upstream, 0.0), _both(local, condition)
    product = _product(upstream, local)
    if condition is ONE or _makes_0_of_0(local):
        return product, condition
    return select(condition, product, 0.0), condition


def _makes_0_of_0(local: Any) -> bool:
    """Whether the product with 0 is known to be 0, not nan; in eager execution, it must not be -0 either."""
    return 0.0 < local < inf if type(local) is float else getattr(local, "is_finite", False)


def _both(taken: Any, condition: Any) -> Any:
    return taken if condition is ONE else select(taken, condition, 0.0)


def _either(condition: Any, other: Any) -> Any:
    if condition is ONE or other is NOT_TAKEN or condition is other:
        return condition
    return other if other is ONE or condition is NOT_TAKEN else condition + other


def _product(upstream: Any, local: Any) -> Any:
    """The product of two factors, written as `backpropagate` writes it."""
    if local is MINUS_ONE:
        return -upstream
    return local if upstream is ONE else local * upstream
