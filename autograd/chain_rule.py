"""The uses of the chain rule in a backward pass, one at a time."""

from collections.abc import Callable, Container, Iterator, Sequence
from math import inf
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from autograd.functions import select
from autograd.node import BRANCHES, COMPILED, MINUS_ONE, NOT_TAKEN, ONE, ZERO, check_signals

if TYPE_CHECKING:
    from autograd.value import Value

__all__ = ["Use", "chain_rule", "gradients_of"]

_tuple = tuple.__new__  # makes a `Use` in half the time


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
    leaves: "Container[Value] | None" = None,
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
        leaves: the leaves that receive a gradient; by default all.

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
    gradients[operations[-1]] = seed  # nothing here may hold the output, which would keep the whole graph
    conditions: "dict[Value, Any]" = {}
    yield Use(operations[-1], operations[-1], None, seed, ONE, seed, seed, None)
    for node in reversed(operations):
        if COMPILED:
            check_signals()
        if node in gradients:  # otherwise it is only the gate of selects
            uses: list[Use] = []
            _pass_on(node, local_derivatives(node), gradients, conditions, leaves, uses)
            yield from uses


def gradients_of(operations: "list[Value]", leaves: "Container[Value]", seed: Any = ONE) -> "dict[Value, Any]":
    """Returns the gradients of some leaves, as `chain_rule` computes them; nothing is computed for other leaves.

    Arguments:
        operations: as for `chain_rule`. The list is emptied, so that a node that nothing else needs is freed once its
            gradient has been passed on.
        leaves: the leaves. Those that are not reached are not in the result.
        seed: as for `chain_rule`.
    """
    gradients: "dict[Value, Any]" = {operations[-1]: seed}
    conditions: "dict[Value, Any]" = {}
    while operations:
        if COMPILED:  # otherwise Python itself looks at signals, such as Ctrl-C
            check_signals()
        node = operations.pop()
        if node._a is not None and node in gradients:
            _pass_on(node, node.local_derivatives, gradients, conditions, leaves, None)
    return gradients


def _pass_on(
    node: "Value",
    local_derivatives: "Sequence[Any]",
    gradients: "dict[Value, Any]",
    conditions: "dict[Value, Any]",
    leaves: "Container[Value] | None",
    uses: list[Use] | None,
) -> None:
    """Adds what a node passes on to the gradients of its operands, and to `uses`.

    A node that has a gradient but no condition has the condition `ONE`, as nearly all have.
    """
    upstream = gradients.pop(node)
    condition = conditions.pop(node, ONE) if conditions else ONE
    for slot, operand in enumerate(node.operands):
        local = local_derivatives[slot]
        if local is ZERO or (leaves is not None and operand._a is None and operand not in leaves):
            continue
        contribution, taken = _contribution(node.op, upstream, local, condition)
        previous = gradients.get(operand)
        if operand._a is not None:
            before = NOT_TAKEN if previous is None else conditions.get(operand, ONE)
            either = _either(before, taken)
            if either is not ONE:
                conditions[operand] = either
            elif before is not ONE:
                conditions.pop(operand, None)
        gradient = gradients[operand] = contribution if previous is None else previous + contribution
        if uses is not None:
            uses.append(_tuple(Use, (node, operand, slot, upstream, local, contribution, gradient, previous)))


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
