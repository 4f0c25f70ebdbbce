"""A network as neurons in columns, with weights as lines between them."""

import math
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from viz.labels import number, printable
from viz.layout import Layout, Point, Rectangle, turned
from viz.pictures.document import Document, Line, size_of
from viz.pictures.layers import DrawnLayer

__all__ = ["NeuronOptions", "add_neurons"]

_MOST_NEURONS = 10  # in one column; the middle of a larger layer is left out
_MOST_NUMBERS = 40  # weights that are written; of more, a picture would be too large
_GAP, _LINES = 14.0, 122.0  # points between neurons of a layer, and the least length of lines across
_STEEPEST = 0.3  # the least length of lines across, as a share of the height of the picture
_PLATE, _BESIDE = 15.0, 4.0  # the height of a weight's number, and what is free beside it
_BEND = 0.25  # how far a line is level at its ends, as a share of its length across
_WIDEST = 102.0  # points of text in a circle, 12 characters; a column with a longer name has boxes
_SPREAD = 0.6  # the part of a neuron's height at which lines leave and arrive


class NeuronOptions(NamedTuple):
    """What a picture of neurons shows.

    Attributes:
        precision: significant digits of weights and biases.
        inputs: the names of the inputs; without them they are x1, x2 and so on.
        outputs: the names of the outputs; without them they have none.
        masks: for each hidden layer, the factors of its neurons, if dropout is shown. Those with the factor 0, and
            their weights, are pale.
    """

    precision: int
    inputs: Sequence[str] = ()
    outputs: Sequence[str] = ()
    masks: Sequence[Sequence[float]] = ()


def add_neurons(document: Document, layers: Sequence[DrawnLayer], options: NeuronOptions) -> None:
    """Adds every neuron with its activation and bias, and every weight as a line that leads to its number at a neuron.

    The numbers of the weights of a neuron stand above each other, in the order of the neurons that they come from.

    Arguments:
        document: the document to add them to.
        layers: the layers of the network, first to last.
        options: what to show.
    """
    _Network(document, layers, options).add()


@dataclass(slots=True)
class _Column:
    """A layer of neurons.

    Attributes:
        names: of its boxes: the neurons that are drawn, and a sign for those left out.
        neurons: the names of its neurons, by their numbers.
        numbers: the weights of each neuron as text, in the order of the neurons that they come from.
        cell: the width and height of each number.
        left: its left edge.
    """

    names: list[str]
    neurons: dict[int, str]
    numbers: dict[int, list[str]] = field(default_factory=dict)
    cell: tuple[float, float] = (0.0, 0.0)
    left: float = 0.0


class _Line(NamedTuple):
    """A line for a weight; its number stands on a plate at its end."""

    tail: str
    head: str
    style: dict[str, str]
    curve: "array[float]"
    label: str
    plate: Rectangle | None


class _Network:
    """The neurons in columns, in coordinates from left to right."""

    def __init__(self, document: Document, layers: Sequence[DrawnLayer], options: NeuronOptions) -> None:
        self.document = document
        self.layers = layers
        self.options = options
        self.factors = {
            f"neuron{depth}_{neuron}": factor
            for depth, mask in enumerate(options.masks, 1)
            for neuron, factor in enumerate(mask, 1)
        }
        self.boxes: dict[str, tuple[list[Line], str, str, str]] = {}  # lines, kind, tooltip, shape
        self.places: dict[str, Rectangle] = {}
        self.lines: list[_Line] = []
        self.upright = document.direction in ("TB", "BT")
        self.weights = [w for layer in layers if layer.weight is not None for row in layer.weight for w in row]
        self.largest = max(filter(math.isfinite, map(abs, self.weights)), default=0.0) or 1.0

    def add(self) -> None:
        size = self.layers[0].inputs
        names = self.options.inputs or [f"x{neuron}" for neuron in range(1, size + 1)]
        columns = [self._column(0, size, {neuron: self._named(names[neuron - 1]) for neuron in _shown(size)}, "input")]
        for depth, layer in enumerate(self.layers, 1):
            is_last = depth == len(self.layers)
            lines = self._lines(layer, self.options.outputs if is_last else ())
            columns.append(self._column(depth, layer.outputs, lines, "plain" if is_last else "operation"))
            if layer.weight is not None and len(self.weights) <= _MOST_NUMBERS:
                self._add_numbers(columns[-1], layer.weight)
        self._place(columns)
        for depth, (before, column) in enumerate(pairwise(columns), 1):
            self._add_lines(depth, before, column)
        self._emit()
        self.document.note = self._note()

    def _is_dropped(self, name: str) -> bool:
        return self.factors.get(name) == 0.0

    def _note(self) -> str:
        dropped = sum(factor == 0.0 for factor in self.factors.values())
        thinned = f"{dropped} of {len(self.factors)} hidden neurons dropped" if self.factors else ""
        return "\n".join(line for line in (self._legend(), thinned) if line)

    def _legend(self) -> str:
        if not self.weights:
            return ""
        inside = "activation, bias, factor of dropout" if self.factors else "activation, bias"
        signs = "blue above 0, orange below"
        if len(self.weights) <= _MOST_NUMBERS:
            return f"in a neuron: {inside}; on an edge: weight, {signs}"
        return f"in a neuron: {inside}; edges: {len(self.weights):,} weights, too many to write, {signs}"

    def _lines(self, layer: DrawnLayer, names: Sequence[str]) -> dict[int, list[Line]]:
        """The lines of text in each neuron of a layer: its name, activation and bias."""
        palette = self.document.palette
        activation = [Line(layer.activation, palette.operation, bold=True)] if layer.activation else []
        lines = {}
        for neuron in _shown(layer.outputs):
            named = self._named(names[neuron - 1]) if names else []
            bias = [] if layer.bias is None else [Line(self._number(layer.bias[neuron - 1]), palette.text)]
            lines[neuron] = [*named, *activation, *bias]
        return lines

    def _named(self, name: str) -> list[Line]:
        return [Line(text, self.document.palette.text, bold=True) for text in printable(name).split("\n")]

    def _number(self, x: float) -> str:
        return number(x, self.options.precision)

    def _column(self, depth: int, size: int, lines: dict[int, list[Line]], kind: str) -> _Column:
        """Adds the neurons of a layer, with ⋮ where the middle is left out."""
        neurons = {neuron: f"neuron{depth}_{neuron}" for neuron in _shown(size)}
        widest = max(size_of([line.text for line in own])[0] for own in lines.values())
        shape = "circle" if widest <= _WIDEST else "box"
        for neuron, name in neurons.items():
            tooltip = f"layer {depth}, neuron {neuron}" if depth else ""
            own = lines[neuron]
            if name in self.factors:
                own = [*own, Line(f"×{self._number(self.factors[name])}", self.document.palette.gradient, bold=True)]
            if self._is_dropped(name):
                own = [Line(line.text, self.document.palette.muted) for line in own]
                tooltip += ", dropped"
            self.boxes[name] = own, "constant" if self._is_dropped(name) else kind, tooltip, shape
        names = [*neurons.values()]
        if len(names) < size:
            muted = self.document.palette.muted
            names.insert(-1, f"gap{depth}")
            text = [Line("⋯" if self.upright else "⋮", muted, bold=True), Line(f"{size - len(neurons):,} more", muted)]
            self.boxes[names[-2]] = text, "constant", "", "plaintext"
        return _Column(names, neurons)

    def _add_numbers(self, column: _Column, weight: Sequence[Sequence[float]]) -> None:
        column.numbers = {
            neuron: [self._number(weight[neuron - 1][source - 1]) for source in _shown(len(weight[0]))]
            for neuron in column.neurons
        }
        widest = max(size_of([text])[0] - 8 for texts in column.numbers.values() for text in texts)
        column.cell = self._turned(widest, _PLATE)

    def _place(self, columns: Sequence[_Column]) -> None:
        """Places the columns one after the other, each in the middle of the height of all."""
        heights = [sum(self._row(column, name) + _GAP for name in column.names) - _GAP for column in columns]
        across = max(_LINES, _STEEPEST * max(heights))
        left = 0.0
        for column, height in zip(columns, heights, strict=True):
            column.left = left + (column.cell[0] + _BESIDE if column.numbers else 0.0)
            width = max(self._size(name)[0] for name in column.names)
            top = (max(heights) - height) / 2
            for name in column.names:
                own, tall = self._size(name)
                row = self._row(column, name)
                self.places[name] = Rectangle(column.left + (width - own) / 2, top + (row - tall) / 2, own, tall)
                top += row + _GAP
            left = column.left + width + across

    def _size(self, name: str) -> tuple[float, float]:
        lines, _, _, shape = self.boxes[name]
        return self._turned(*size_of([line.text for line in lines], shape))

    def _row(self, column: _Column, name: str) -> float:
        """The height of a box with the numbers beside it."""
        numbers = len(next(iter(column.numbers.values()), ())) if name in column.neurons.values() else 0
        return max(self._size(name)[1], numbers * column.cell[1])

    def _turned(self, width: float, height: float) -> tuple[float, float]:
        return (height, width) if self.upright else (width, height)

    def _add_lines(self, depth: int, before: _Column, column: _Column) -> None:
        """Adds a line for each weight, its width relative to the largest weight of the network."""
        weight = self.layers[depth - 1].weight
        for place, (neuron, head) in enumerate(column.neurons.items()):
            for order, (source, tail) in enumerate(before.neurons.items()):
                start = self._port(tail, place, len(column.neurons))
                end = self._port(head, order, len(before.neurons))
                label, plate, style = "", None, {"arrowhead": "none"}
                dropped = self._is_dropped(tail) or self._is_dropped(head)
                if column.numbers and not dropped:
                    label = column.numbers[neuron][order]
                    plate = self._plate(column, head, order)
                    end = Point(plate.x, plate.y + plate.height / 2)
                if weight is not None:
                    w = weight[neuron - 1][source - 1]
                    style |= self._style(w) | {"tooltip": f"w{source} of layer {depth}, neuron {neuron}: {w!r}"}
                if dropped:
                    pale = self.document.palette.colors_of["constant"][1]
                    style |= {"color": pale, "penwidth": "0.60", "style": "dashed"}
                self.lines.append(_Line(tail, head, style, _curve(start, end), label, plate))

    def _port(self, name: str, order: int, count: int) -> Point:
        """The end of a line at a neuron, which hides it: the lines beside it stand above each other."""
        x, y, width, height = self.places[name]
        return Point(x + width / 2, y + height / 2 + _SPREAD * height * ((order + 0.5) / count - 0.5))

    def _plate(self, column: _Column, name: str, order: int) -> Rectangle:
        """The place of a number at a neuron."""
        (width, height), place = column.cell, self.places[name]
        top = place.y + (place.height - height * len(column.numbers[1])) / 2 + height * order
        return Rectangle(column.left - _BESIDE - width, top, width, height)

    def _style(self, weight: float) -> dict[str, str]:
        """The colour of a weight, for its sign, and the width, for its size."""
        palette = self.document.palette
        color = palette.positive if weight > 0 else palette.negative if weight < 0 else palette.edge
        size = min(abs(weight) / self.largest, 1.0) if not math.isnan(weight) else 0.0
        return {"color": color, "penwidth": f"{0.4 + 3.6 * size:.2f}"}

    def _emit(self) -> None:
        """Adds everything to the document, turned to its direction."""
        plates = [line.plate for line in self.lines if line.plate]
        places = [*self.places.values(), *plates]
        size = max(place.x + place.width for place in places), max(place.y + place.height for place in places)
        curves = [line.curve for line in self.lines]
        layout = turned(Layout(*size, places, {}, curves, []), self.document.direction)
        for name, place in zip(self.places, layout.boxes, strict=False):
            text, kind, tooltip, shape = self.boxes[name]
            pending = self._is_dropped(name)
            self.document.box(name, text, kind, tooltip=tooltip, shape=shape, place=place, pending=pending)
        turned_plates = iter(layout.boxes[len(self.places) :])
        for line, curve in zip(self.lines, layout.curves, strict=True):
            on = next(turned_plates) if line.plate else None
            self.document.arrow(line.tail, line.head, line.label, style=line.style, curve=curve, label_on=on)


def _curve(start: Point, end: Point) -> "array[float]":
    """A Bézier curve that leaves and arrives level."""
    bend = _BEND * (end.x - start.x)
    return array("d", [*start, start.x + bend, start.y, end.x - bend, end.y, *end])


def _shown(size: int) -> list[int]:
    """The neurons of a layer that are drawn, counted from 1."""
    return list(range(1, size + 1)) if size <= _MOST_NEURONS else [*range(1, _MOST_NEURONS - 1), size]
