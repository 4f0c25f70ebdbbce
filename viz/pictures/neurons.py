"""A network as neurons in columns, with weights as lines between them."""

import math
from array import array
from collections.abc import Sequence
from itertools import pairwise

from viz.labels import number, typeset
from viz.layout import Layout, Point, Rectangle, turned
from viz.pictures.document import Document, Line, size_of
from viz.pictures.layers import DrawnLayer

__all__ = ["add_neurons"]

_MOST_NEURONS = 10  # in one column; the middle of a larger layer is left out
_MOST_NUMBERS = 24  # weights whose numbers are written on their lines
_GAP, _COLUMN_GAP = 14.0, 122.0  # points between neurons of a layer, and between layers
_PLATE = 14.0  # the height of a weight's number


def add_neurons(document: Document, layers: Sequence[DrawnLayer], precision: int) -> None:
    """Adds every neuron with its activation and bias, and every weight as a line between two neurons.

    Arguments:
        document: the document to add them to.
        layers: the layers of the network, first to last.
        precision: significant digits of weights and biases.
    """
    _Network(document, layers, precision).add()


class _Network:
    """The neurons in columns, in coordinates from left to right."""

    def __init__(self, document: Document, layers: Sequence[DrawnLayer], precision: int) -> None:
        self.document = document
        self.layers = layers
        self.precision = precision
        self.boxes: dict[str, tuple[list[Line], str, str, str]] = {}  # lines, kind, tooltip, shape
        self.places: dict[str, Rectangle] = {}
        self.arrows: list[tuple[str, str, str, dict[str, str]]] = []  # tail, head, label, style
        self.plates: dict[int, Rectangle] = {}  # of the labels, by the number of the arrow
        self.upright = document.direction in ("TB", "BT")

    def add(self) -> None:
        palette = self.document.palette
        first = {neuron: [Line(f"x{neuron}", palette.text, bold=True)] for neuron in _shown(self.layers[0].inputs)}
        columns = [self._column(0, self.layers[0].inputs, first, "input")]
        for depth, layer in enumerate(self.layers, 1):
            kind = "operation" if depth < len(self.layers) else "plain"
            columns.append(self._column(depth, layer.outputs, self._lines(layer), kind))
        self._place(columns)
        self._add_weights()
        self._emit()
        if self.layers[0].weight is not None:
            self.document.note = "in a neuron: activation, bias; on an edge: weight, blue above 0, orange below"

    def _lines(self, layer: DrawnLayer) -> dict[int, list[Line]]:
        """The lines of text in each neuron of a layer."""
        palette = self.document.palette
        activation = [Line(layer.activation, palette.operation, bold=True)] if layer.activation else []
        if layer.bias is None:
            return dict.fromkeys(_shown(layer.outputs), activation)
        bias = layer.bias
        return {
            neuron: [*activation, Line(typeset(number(bias[neuron - 1], self.precision)), palette.text)]
            for neuron in _shown(layer.outputs)
        }

    def _column(self, depth: int, size: int, lines: dict[int, list[Line]], kind: str) -> list[str]:
        """Adds the neurons of a layer, with ⋮ where the middle is left out, and returns their names."""
        names = []
        for neuron in _shown(size):
            names.append(_name(depth, neuron))
            tooltip = f"layer {depth}, neuron {neuron}" if depth else ""
            self.boxes[names[-1]] = lines[neuron], kind, tooltip, "circle"
        if len(names) < size:
            muted = self.document.palette.muted
            names.insert(-1, f"gap{depth}")
            text = [Line("⋮", muted, bold=True), Line(f"{size - len(lines):,} more", muted)]
            self.boxes[names[-2]] = text, "constant", "", "plaintext"
        return names

    def _place(self, columns: Sequence[Sequence[str]]) -> None:
        left = 0.0
        for names in columns:
            sizes = [
                self._turned(*size_of([line.text for line in self.boxes[name][0]], self.boxes[name][3]))
                for name in names
            ]
            width = max(width for width, _ in sizes)
            top = -(sum(height for _, height in sizes) + _GAP * (len(sizes) - 1)) / 2
            for name, (own, height) in zip(names, sizes, strict=True):
                self.places[name] = Rectangle(left + (width - own) / 2, top, own, height)
                top += height + _GAP
            left += width + _COLUMN_GAP
        highest = min(place.y for place in self.places.values())
        self.places = {name: place._replace(y=place.y - highest) for name, place in self.places.items()}

    def _turned(self, width: float, height: float) -> tuple[float, float]:
        return (height, width) if self.upright else (width, height)

    def _add_weights(self) -> None:
        """Adds a line for each weight, its width relative to the largest weight of the network."""
        palette = self.document.palette
        weights = [abs(w) for layer in self.layers if layer.weight is not None for row in layer.weight for w in row]
        largest = max(filter(math.isfinite, weights), default=0.0) or 1.0
        for depth, layer in enumerate(self.layers, 1):
            ends = [
                (_name(depth - 1, source), _name(depth, neuron), source, neuron)
                for neuron in _shown(layer.outputs)
                for source in _shown(layer.inputs)
            ]
            share = self._clearest([(tail, head) for tail, head, _, _ in ends])
            for tail, head, source, neuron in ends:
                label, style = "", {"arrowhead": "none"}
                if layer.weight is not None:
                    weight = layer.weight[neuron - 1][source - 1]
                    color = palette.positive if weight > 0 else palette.negative if weight < 0 else palette.edge
                    size = min(abs(weight) / largest, 1.0) if not math.isnan(weight) else 0.0
                    style |= {
                        "color": color,
                        "penwidth": f"{0.4 + 3.6 * size:.2f}",
                        "tooltip": f"w{source} of layer {depth}, neuron {neuron}: {weight!r}",
                    }
                    if len(weights) <= _MOST_NUMBERS:
                        label = typeset(number(weight, self.precision))
                        self.plates[len(self.arrows)] = self._plate(label, self._at(tail, head, share))
                self.arrows.append((tail, head, label, style))

    def _at(self, tail: str, head: str, share: float) -> Point:
        """A point on the line between two neurons."""
        a, b = _middle(self.places[tail]), _middle(self.places[head])
        return Point(a.x + share * (b.x - a.x), a.y + share * (b.y - a.y))

    def _clearest(self, ends: Sequence[tuple[str, str]]) -> float:
        """Where along the lines between two layers their numbers are farthest from each other."""

        def closest(share: float) -> float:
            heights = sorted(self._at(tail, head, share).y for tail, head in ends)
            return min((b - a for a, b in pairwise(heights)), default=0.0)

        return max((0.5 + step / 40 for step in range(11)), key=closest)

    def _plate(self, label: str, at: Point) -> Rectangle:
        """The place of the number of a weight, on its line."""
        width, height = self._turned(size_of([label])[0] - 8, _PLATE)
        return Rectangle(at.x - width / 2, at.y - height / 2, width, height)

    def _emit(self) -> None:
        """Adds everything to the document, turned to its direction."""
        lines = [
            array("d", [number for end in (tail, tail, head, head) for number in _middle(self.places[end])])
            for tail, head, _, _ in self.arrows
        ]
        places = [*self.places.values(), *self.plates.values()]
        size = max(place.x + place.width for place in places), max(place.y + place.height for place in places)
        layout = turned(Layout(*size, places, {}, lines, []), self.document.direction)
        for name, place in zip(self.places, layout.boxes, strict=False):
            text, kind, tooltip, shape = self.boxes[name]
            self.document.box(name, text, kind, tooltip=tooltip, shape=shape, place=place)
        plates = dict(zip(self.plates, layout.boxes[len(self.places) :], strict=True))
        for at, ((tail, head, label, style), curve) in enumerate(zip(self.arrows, layout.curves, strict=True)):
            self.document.arrow(tail, head, label, style=style, curve=curve, label_on=plates.get(at))


def _middle(place: Rectangle) -> Point:
    return Point(place.x + place.width / 2, place.y + place.height / 2)


def _shown(size: int) -> list[int]:
    """The neurons of a layer that are drawn, counted from 1."""
    return list(range(1, size + 1)) if size <= _MOST_NEURONS else [*range(1, _MOST_NEURONS - 1), size]


def _name(depth: int, neuron: int) -> str:
    return f"neuron{depth}_{neuron}"
