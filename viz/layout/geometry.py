"""What is laid out, and where it comes to lie. Lengths are in points; y grows downwards."""

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

__all__ = ["Layout", "Path", "Point", "Rectangle", "Shape", "Wire"]

Path = tuple[str, ...]  # a module, as the names of those that contain it and its own


class Point(NamedTuple):
    """A point."""

    x: float
    y: float


class Rectangle(NamedTuple):
    """The left, top, width and height of something."""

    x: float
    y: float
    width: float
    height: float


class Shape(NamedTuple):
    """A box to be placed.

    Attributes:
        width, height: its size.
        path: the module in whose frame it stands; () for none.
        name: its name. Of boxes whose names differ only in a number at the end, that with the least stands first.
    """

    width: float
    height: float
    path: Path = ()
    name: str = ""


class Wire(NamedTuple):
    """An arrow to be drawn, between two boxes given by their indices.

    Attributes:
        tail, head: where it begins and ends.
        width, height: the size of the text beside it; 0 without.
    """

    tail: int
    head: int
    width: float = 0.0
    height: float = 0.0


@dataclass(frozen=True, slots=True)
class Layout:
    """A layout.

    Attributes:
        width, height: its size; everything lies between (0, 0) and that point.
        boxes: the place of each box.
        frames: the place of the frame of each module.
        curves: for each wire, a cubic Bézier curve as numbers: x and y of its start, then those of two control points
            and an end for each of its pieces.
        labels: for each wire, the centre of its text.
    """

    width: float
    height: float
    boxes: Sequence[Rectangle]
    frames: Mapping[Path, Rectangle]
    curves: "Sequence[array[float]]"
    labels: Sequence[Point]
