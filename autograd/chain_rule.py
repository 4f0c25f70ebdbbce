"""The uses of the chain rule in a backward pass, one at a time."""

from collections.abc import Callable, Iterator, Sequence
from operator import attrgetter
from typing import Any, NamedTuple

from autograd.node import MINUS_ONE, ONE, ZERO
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
        contribution: upstream · local_derivative.
        gradient: the gradient of the output with respect to the operand, summed up to and including this contribution.
        previous: that gradient before this contribution is added; None if this is the first.
    """

    node: Value
    operand: Value
    slot: int | None
    upstream: Any
    local_derivative: Any
    contribution: Any
    gradient: Any
    previous: Any


def chain_rule(
    operations: Sequence[Value],
    local_derivatives: Callable[[Value], Sequence[Any]] = attrgetter("local_derivatives"),
    gradients: dict[Value, Any] | None = None,
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
        gradients: an empty dictionary, which receives the gradient of every leaf that is reached.

    >>> x = Value(3.0, "x")
    >>> square = x * x
    >>> for use in chain_rule([square]):
    ...     print(use.slot, use.upstream, use.local_derivative, use.contribution, use.gradient)
    None 1.0 1.0 1.0 1.0
    0 1.0 3.0 3.0 3.0
    1 1.0 3.0 3.0 6.0
    """
    output = operations[-1]
    gradients = {} if gradients is None else gradients
    gradients[output] = ONE
    yield Use(output, output, None, ONE, ONE, ONE, ONE, None)
    for node in reversed(operations):
        upstream = gradients.pop(node, None)
        if upstream is None:  # this node is only the gate of selects
            continue
        for slot, (operand, local) in enumerate(zip(node.operands, local_derivatives(node), strict=True)):
            if local is ZERO:
                continue
            contribution = _product(upstream, local)
            previous = gradients.get(operand)
            gradient = gradients[operand] = contribution if previous is None else previous + contribution
            yield Use(node, operand, slot, upstream, local, contribution, gradient, previous)


def _product(upstream: Any, local: Any) -> Any:
    """The product of two factors, written as `backpropagate` writes it."""
    if local is ONE:
        return upstream
    if local is MINUS_ONE:
        return -upstream
    return local if upstream is ONE else local * upstream
