"""A network as neurons in columns, with weights as lines between them."""

import math
from collections.abc import Sequence
from itertools import pairwise

from viz.labels import number
from viz.pictures.document import Document, Line
from viz.pictures.layers import DrawnLayer

__all__ = ["add_neurons"]

_MOST_NEURONS = 10  # in one column; the middle of a larger layer is left out
_MOST_NUMBERS = 24  # weights whose numbers are written on their lines
_ON_THE_LINE = {"labeldistance": "4.2", "labelangle": "0"}


def add_neurons(document: Document, layers: Sequence[DrawnLayer], precision: int) -> None:
    """Adds every neuron with its activation and bias, and every weight as a line between two neurons.

    Arguments:
        document: the document to add them to.
        layers: the layers of the network, first to last.
        precision: significant digits of weights and biases.
    """
    document.graph.attr(ranksep="1.7", splines="line", outputorder="edgesfirst")
    palette = document.palette
    for neuron in _shown(layers[0].inputs):
        lines = [Line(f"x{neuron}", palette.text, bold=True)]
        document.box(document.graph, _name(0, neuron), lines, "input", shape="circle")
    for depth, layer in enumerate(layers, 1):
        for neuron in _shown(layer.outputs):
            lines = [Line(layer.activation, palette.operation, bold=True)]
            if layer.bias is not None:
                lines.append(Line(number(layer.bias[neuron - 1], precision), palette.text))
            document.box(
                document.graph,
                _name(depth, neuron),
                [line for line in lines if line.text],
                "operation" if depth < len(layers) else "plain",
                shape="circle",
                tooltip=f"layer {depth}, neuron {neuron}",
            )
    for depth, size in enumerate([layers[0].inputs, *(layer.outputs for layer in layers)]):
        _align(document, depth, size)
    _add_weights(document, layers, precision)
    if layers[0].weight is not None:
        note = "in a neuron: activation, bias; on an edge: weight, blue above 0, orange below"
        document.graph.attr(label=note, labelloc="b")


def _add_weights(document: Document, layers: Sequence[DrawnLayer], precision: int) -> None:
    """Adds a line for each weight, its width relative to the largest weight of the network."""
    palette = document.palette
    weights = [abs(w) for layer in layers if layer.weight is not None for row in layer.weight for w in row]
    largest = max(filter(math.isfinite, weights), default=0.0) or 1.0
    has_numbers = len(weights) <= _MOST_NUMBERS
    for depth, layer in enumerate(layers, 1):
        for neuron in _shown(layer.outputs):
            for source in _shown(layer.inputs):
                tail, head = _name(depth - 1, source), _name(depth, neuron)
                if layer.weight is None:
                    document.edge(tail, head, style={"arrowhead": "none"})
                    continue
                weight = layer.weight[neuron - 1][source - 1]
                color = palette.positive if weight > 0 else palette.negative if weight < 0 else palette.edge
                share = min(abs(weight) / largest, 1.0) if not math.isnan(weight) else 0.0
                style = {
                    "arrowhead": "none",
                    "color": color,
                    "fontcolor": palette.text,
                    "penwidth": f"{0.4 + 3.6 * share:.2f}",
                    "tooltip": f"w{source} of layer {depth}, neuron {neuron}: {weight!r}",
                }
                if has_numbers:
                    style |= {"headlabel": number(weight, precision), **_ON_THE_LINE}
                document.edge(tail, head, style=style)


def _align(document: Document, depth: int, size: int) -> None:
    """Puts the neurons of a layer into one column, in order, with ⋮ where the middle is left out."""
    shown = _shown(size)
    names = [_name(depth, neuron) for neuron in shown]
    if len(shown) < size:
        gap = f"gap{depth}"
        muted = document.palette.muted
        lines = [Line("⋮", muted, bold=True), Line(f"{size - len(shown):,} more", muted)]
        document.box(document.graph, gap, lines, "constant", shape="plaintext")
        names.insert(-1, gap)
    with document.graph.subgraph() as column:
        column.attr(rank="same")
        for above, below in pairwise(names):
            column.edge(above, below, style="invis")
        if len(names) == 1:
            column.node(names[0])


def _shown(size: int) -> list[int]:
    """The neurons of a layer that are drawn, counted from 1."""
    return list(range(1, size + 1)) if size <= _MOST_NEURONS else [*range(1, _MOST_NEURONS - 1), size]


def _name(depth: int, neuron: int) -> str:
    return f"neuron{depth}_{neuron}"
