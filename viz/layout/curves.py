"""The curves of wires, along level stretches from one height to another."""

from array import array
from collections.abc import Sequence
from typing import NamedTuple

from viz.layout.geometry import Point

__all__ = ["Stretch", "curve"]

_TURN = 20.0  # how far a wire that leads back swings out


class Stretch(NamedTuple):
    """A level part of a wire, between two columns or through one.

    Attributes:
        left, right: its ends.
        height: how high it is; None at the height at which the wire arrives.
        back: whether it leads from right to left.
    """

    left: float
    right: float
    height: float | None
    back: bool = False


def curve(start: Point, way: Sequence[Stretch], end: Point) -> "array[float]":
    """Returns a Bézier curve from a point along level stretches to another, as numbers."""
    points = [start]
    back = False
    for stretch in way:
        height = end.y if stretch.height is None else stretch.height
        first, last = (stretch.right, stretch.left) if stretch.back else (stretch.left, stretch.right)
        _bend(points, Point(first, height), turn=stretch.back - back)
        _go_straight(points, Point(last, height))
        back = stretch.back
    _bend(points, end, turn=-back)
    return array("d", [number for point in points for number in point])


def _bend(points: list[Point], to: Point, *, turn: int) -> None:
    """Adds a piece from one height to another: an S, or a U to the right (1) or left (-1)."""
    start = points[-1]
    if turn:
        points += [Point(start.x + turn * _TURN, start.y), Point(to.x + turn * _TURN, to.y), to]
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
