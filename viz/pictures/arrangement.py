"""Where everything in a document comes to lie, which all formats share."""

from array import array
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from viz.labels import printable
from viz.layout import Layout, Point, Rectangle, Shape, Wire, lay_out
from viz.pictures.document import CHARACTER, FONT_SIZE, LABEL_SIZE, LINE, Document, columns, size_of

__all__ = ["ARROWHEAD", "Arrangement", "arrange", "headed", "length_of"]

ARROWHEAD = 6.0  # points
_AHEAD = {"LR": (1, 0), "RL": (-1, 0), "TB": (0, 1), "BT": (0, -1)}  # right and down, by the direction

_LABEL_GAPS = 4.0, 10.0  # between labels of arrows to the same box, above each other and beside each other
_NOTE = 24.0  # the height of a note of one line
_PAD = 10.8  # around everything


class Arrangement(NamedTuple):
    """The places of everything, in points; y grows downwards.

    Attributes:
        layout: the places of boxes, frames, arrows and labels.
        notes: the lines of the note below.
        height: the height of the whole picture.
        beside: the width on each side of the layout, if the note is wider.
    """

    layout: Layout
    notes: Sequence[str]
    height: float
    beside: float

    @property
    def page(self) -> Rectangle:
        """The whole picture, with its margins."""
        width = self.layout.width + 2 * self.beside
        return Rectangle(-self.beside - _PAD, -_PAD, width + 2 * _PAD, self.height + 2 * _PAD)


def arrange(document: Document) -> Arrangement:
    """Returns the places of everything in a document."""
    layout = _layout(document)
    notes = document.note.split("\n") if document.note else []
    below = _NOTE + LINE * (len(notes) - 1) if notes else 0.0
    width = max([document.room, *map(columns, notes)]) * CHARACTER * FONT_SIZE
    return Arrangement(layout, notes, layout.height + below, max(0.0, (width - layout.width) / 2))


def headed(
    curve: Sequence[float], direction: str, *, backwards: bool
) -> tuple[list[tuple[float, float]], tuple[float, float], tuple[int, int]]:
    """Returns the points of a curve without its arrowhead, the tip of that, and where it points to, right and down.

    Arguments:
        curve: the curve, which leaves and arrives in the direction of the picture.
        direction: the direction of the picture.
        backwards: whether the arrowhead is at the start.
    """
    points = [*zip(curve[::2], curve[1::2], strict=True)]
    right, down = _AHEAD[direction]
    tip, end = (points[0], slice(2)) if backwards else (points[-1], slice(-2, None))
    if backwards:
        right, down = -right, -down
    points[end] = [(x - right * ARROWHEAD, y - down * ARROWHEAD) for x, y in points[end]]
    return points, tip, (right, down)


def length_of(text: str, size: float) -> float:
    """Returns the length of monospaced text of a font size in points."""
    return columns(text) * CHARACTER * size


def _layout(document: Document) -> Layout:
    boxes, arrows = document.boxes, document.arrows
    if any(box.place for box in boxes.values()):  # then all of them have one
        places = [box.place for box in boxes.values() if box.place]
        everything = [*places, *(arrow.label_on for arrow in arrows if arrow.label_on)]
        width = max(place.x + place.width for place in everything)
        height = max(place.y + place.height for place in everything)
        curves = [arrow.curve or array("d") for arrow in arrows]
        return Layout(width, height, places, {}, curves, [Point(0, 0)] * len(arrows))
    index = {name: number for number, name in enumerate(boxes)}
    levels = document.direction in ("LR", "RL")
    wires = []
    arriving = Counter(arrow.head for arrow in arrows)
    side: dict[str, float] = {}  # the length of the side of a box at which arrows with labels arrive
    for arrow in arrows:
        width, height = (length_of(arrow.label, LABEL_SIZE), LABEL_SIZE) if arrow.label else (0.0, 0.0)
        wires.append(Wire(index[arrow.tail], index[arrow.head], width, height))
        if arrow.label:
            each = height + _LABEL_GAPS[0] if levels else width + _LABEL_GAPS[1]
            side[arrow.head] = max(side.get(arrow.head, 0.0), each * (arriving[arrow.head] + 1))
    shapes = []
    for name, box in boxes.items():
        width, height = size_of([line.text for line in box.lines], box.shape, box.room)
        least = side.get(name, 0.0)
        size = (width, max(height, least)) if levels else (max(width, least), height)
        shapes.append(Shape(*size, box.path, box.title))
    paths = {box.path[:length] for box in boxes.values() for length in range(1, len(box.path) + 1)}
    titles = {path: length_of(printable(path[-1]), FONT_SIZE) for path in paths}
    return lay_out(shapes, wires, document.direction, titles)
