"""What differs between two graphs, in the order in which it is computed, in numbers and in words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import isclose, isnan
from typing import Literal

from viz.checking.seen_graph import SeenGraph, SeenNode
from viz.checking.wording import Names, on_one_line
from viz.labels import number

__all__ = ["Difference", "Quantity", "Tolerance", "differences_of"]

_DIGITS = 6

Quantity = Literal["node", "label", "operation", "operands", "value", "gradient"]


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How far two numbers may be apart and still count as equal: `atol + rtol · |the larger one|`."""

    rtol: float
    atol: float

    def equal(self, a: float | None, b: float | None) -> bool:
        """Returns whether two numbers count as equal; None, a gradient that no node has reached, counts as 0."""
        a, b = a or 0.0, b or 0.0
        return (isnan(a) and isnan(b)) or isclose(a, b, rel_tol=self.rtol, abs_tol=self.atol)


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing in which a node of one graph differs from its counterpart in another.

    Attributes:
        quantity: "value", "gradient", "operation", "operands" or "label"; "node" for a node without a counterpart.
        node: the node, by its label or as a formula.
        first, second: what it is in the first graph and in the second; None where there is none.
        places: the places of the node in the orders in which the two graphs are computed; None where it is not.
        words: the difference as a sentence.
    """

    quantity: Quantity
    node: str
    first: float | str | None
    second: float | str | None
    places: tuple[int | None, int | None]
    words: str


def differences_of(
    first: SeenGraph, second: SeenGraph, pairs: Mapping[int, int], titles: tuple[str, str], tolerance: Tolerance
) -> Iterator[Difference]:
    """Yields all differences in the order in which they are computed.

    These are, in topological order, the nodes that only one graph has, and of the others the labels, operations,
    operands and values; then, in the order of the backward pass, the gradients.

    Arguments:
        first, second: the graphs.
        pairs: for nodes of the first, their counterparts in the second.
        titles: what the graphs are called.
        tolerance: how far two numbers may be apart.
    """
    comparer = _Comparer(first, second, pairs, titles, tolerance)
    order = [*_merged(first, second, pairs)]
    for a, b in order:
        yield from comparer.forward(a, b)
    for a, b in reversed(order):
        yield from comparer.backward(a, b)


def _merged(
    first: SeenGraph, second: SeenGraph, pairs: Mapping[int, int]
) -> Iterator[tuple[int, int] | tuple[int, None] | tuple[None, int]]:
    """Yields the nodes of both graphs in topological order, counterparts together."""
    alone = iter(sorted({*range(len(second.nodes))} - {*pairs.values()}))
    waiting = next(alone, None)
    for a in range(len(first.nodes)):
        if a not in pairs:
            yield a, None
            continue
        while waiting is not None and waiting < pairs[a]:
            yield None, waiting
            waiting = next(alone, None)
        yield a, pairs[a]
    while waiting is not None:
        yield None, waiting
        waiting = next(alone, None)


class _Comparer:
    def __init__(
        self,
        first: SeenGraph,
        second: SeenGraph,
        pairs: Mapping[int, int],
        titles: tuple[str, str],
        tolerance: Tolerance,
    ) -> None:
        self.first = first
        self.second = second
        self.pairs = pairs
        self.titles = titles
        self.tolerance = tolerance
        self.names = Names(first), Names(second)
        self.is_ordered = all(node.is_ordered for graph in (first, second) for node in graph.nodes)

    def forward(self, a: int | None, b: int | None) -> Iterator[Difference]:
        """Yields in what a node and its counterpart differ, except for the gradient."""
        if a is None or b is None:
            name = self.names[1].of(b) if b is not None else self.names[0].of(a or 0)
            in_first, in_second = (None, name) if a is None else (name, None)
            words = f"{name} is only in {self.titles[a is None]}"
            yield Difference("node", name, in_first, in_second, (a, b), words)
            return
        x, y = self.first.nodes[a], self.second.nodes[b]
        name = self.names[0].of(a)
        if x.label and y.label and x.label != y.label:
            yield self._difference("label", f"the label of {name}", x.label, y.label, a, b)
        if x.operation and y.operation and x.operation != y.operation:
            yield self._difference("operation", f"the operation of {name}", x.operation, y.operation, a, b)
        if not self._same_operands(x, y):
            operands = _listed(self.names[0], x), _listed(self.names[1], y)
            yield self._difference("operands", f"the operands of {name}", *operands, a, b)
        if not self.tolerance.equal(x.data, y.data) or (x.data is None) != (y.data is None):
            yield self._difference("value", f"the value of {name}", x.data, y.data, a, b)

    def backward(self, a: int | None, b: int | None) -> Iterator[Difference]:
        """Yields the difference of the gradients of a node and its counterpart, if there is one."""
        if a is None or b is None:
            return
        x, y = self.first.nodes[a].grad, self.second.nodes[b].grad
        if not self.tolerance.equal(x, y):
            yield self._difference("gradient", f"the gradient of {self.names[0].of(a)}", x, y, a, b)

    def _same_operands(self, x: SeenNode, y: SeenNode) -> bool:
        there = [self.pairs.get(operand) for operand in x.operands]
        return there == [*y.operands] if self.is_ordered else {*there} == {*y.operands}

    def _difference(
        self, quantity: Quantity, what: str, x: float | str | None, y: float | str | None, a: int, b: int
    ) -> Difference:
        verb = "are" if quantity == "operands" else "is"
        sides = [f"{_shown(side)} in {title}" for side, title in zip(_told_apart(x, y), self.titles, strict=True)]
        words = f"{what} {verb} {sides[0]}, but {sides[1]}"
        return Difference(quantity, self.names[0].of(a), x, y, (a, b), words)


def _listed(names: Names, node: SeenNode) -> str:
    return ", ".join(map(names.of, node.operands)) or "none"


def _shown(side: float | str | None) -> str:
    if side is None:
        return "none"
    return on_one_line(side) if isinstance(side, str) else number(side, _DIGITS)


def _told_apart(x: float | str | None, y: float | str | None) -> tuple[float | str | None, float | str | None]:
    """Two numbers, as text with all their digits if they look the same otherwise."""
    if isinstance(x, float) and isinstance(y, float) and f"{x:.{_DIGITS}g}" == f"{y:.{_DIGITS}g}":
        return repr(x), repr(y)
    return x, y
