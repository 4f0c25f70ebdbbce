"""The curves of wires, along level stretches from one height to another."""

from array import array
from collections.abc import Sequence
from typing import NamedTuple

from viz.layout.geometry import Point

__all__ = ["TURN", "Stretch", "curve"]

TURN = 20.0  # how far a wire that leads back swings out


class Stretch(NamedTuple):
    """A level part of a wire, between two columns or through one.

    Attributes:
        left, right: its ends.
        height: how high it is; None at the height at which the wire arrives.
        back: whether it leads from right to left.
        swings: how far a wire that leads back swings out, on the right and on the left.
    """

    left: float
    right: float
    height: float | None
    back: bool = False
    swings: tuple[float, float] = (TURN, TURN)


def curve(start: Point, way: Sequence[Stretch], end: Point) -> "array[float]":
    """Returns a Bézier curve from a point along level stretches to another, as numbers."""
    points = [start]
    before = Stretch(start.x, start.x, start.y)
    for stretch in way:
        height = end.y if stretch.height is None else stretch.height
        first, last = (stretch.right, stretch.left) if stretch.back else (stretch.left, stretch.right)
        _bend(points, Point(first, height), turn=_turn(before, stretch))
        _go_straight(points, Point(last, height))
        before = stretch
    _bend(points, end, turn=_turn(before, Stretch(end.x, end.x, end.y)))
    return array("d", [number for point in points for number in point])


def _turn(before: Stretch, stretch: Stretch) -> float:
    """How far a wire swings out between two stretches: to the right, or below 0 to the left; 0 if it goes on."""
    if before.back == stretch.back:
        return 0.0
    return stretch.swings[0] if stretch.back else -before.swings[1]


def _bend(points: list[Point], to: Point, *, turn: float) -> None:
    """Adds a piece from one height to another: an S, or a U that swings out as far as `turn`."""
    start = points[-1]
    if turn:
        points += [Point(start.x + turn, start.y), Point(to.x + turn, to.y), to]
    elif abs(start.y - to.y) < 0.05:
        _go_straight(points, to)
    else:
        middle = (start.x + to.x) / 2
        points += [Point(middle, start.y), Point(middle, to.y), to]


def _go_straight(points: list[Point], to: Point) -> None:
    """Adds a level piece, or makes the last one longer."""
    if abs(points[-1].x - to.x) < 0.05:
        return
    if len(points) > 3 and points[-4].y == points[-3].y == points[-1].y:
        del points[-3:]
    start = points[-1]
    step = (to.x - start.x) / 3
    points += [Point(start.x + step, start.y), Point(to.x - step, to.y), to]
