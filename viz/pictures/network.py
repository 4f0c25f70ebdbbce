"""Pictures of a whole network: its neurons and weights, or its layer matrices and their shapes."""

import math
from collections.abc import Iterable, Sequence
from itertools import pairwise
from numbers import Integral
from typing import TYPE_CHECKING, NamedTuple

from autograd.arrays import data_of
from viz.labels import check_precision, number
from viz.pictures.dot import Document, Line, empty_document
from viz.pictures.drawing import Drawing

if TYPE_CHECKING:
    from nn import MLP

__all__ = ["draw_network"]

_VIEWS = ("neurons", "matrices")
_ARRANGEMENTS = ("rows", "columns")
_MOST_NEURONS = 10  # drawn in one layer; the middle of a larger one is left out
_MOST_NUMBERS = 24  # edges that carry their weight as a number
_ON_THE_LINE = {"labeldistance": "4.2", "labelangle": "0"}


class _Layer(NamedTuple):
    """One layer as it is drawn: its weights (outputs × inputs) and biases where they are known."""

    inputs: int
    outputs: int
    activation: str
    weight: Sequence[Sequence[float]] | None = None
    bias: Sequence[float] | None = None


def draw_network(
    network: "MLP | Sequence[int]",
    *,
    view: str = "neurons",
    samples: int | str = "m",
    samples_as: str = "rows",
    gradients: bool = False,
    activation: str = "",
    output_activation: str = "",
    direction: str = "LR",
    precision: int = 2,
    palette: str = "light",
) -> Drawing:
    """A picture of a multi-layer perceptron.

    Arguments:
        network: the network; or only its sizes, inputs first, such as [4, 3, 1].
        view: "neurons" draws each neuron with its bias and each weight as an edge, its sign as colour and its size as
            width; "matrices" draws the layers' matrix formulas, with the shape on every edge.
        samples: how many samples the matrices hold, a number or a name.
        samples_as: whether a sample is a row of the matrices, as everywhere in `nn`, or a column: "rows" or "columns".
        gradients: write the formula of its gradient into the box of every matrix. dW1 stands for the derivative of
            the loss J by W1, an array of the shape of W1; ⊙ multiplies element by element.
        activation, output_activation: the activations' names, where only sizes are given.
        direction, palette: as in `viz.draw`.
        precision: significant digits of weights and biases.

    Raises:
        TypeError: if `network` is neither a network nor sizes.
        ValueError: for an unknown view, an option out of range, or sizes that are no network.

    >>> draw_network([4, 3, 1], view="matrices")
    <drawing of 10 boxes; .save('graph.svg') writes it>
    """
    if view not in _VIEWS:
        raise ValueError(f"unknown view {view!r}: there are {' and '.join(map(repr, _VIEWS))}")
    if samples_as not in _ARRANGEMENTS:
        raise ValueError(f"samples are drawn as {' or '.join(map(repr, _ARRANGEMENTS))}, not as {samples_as!r}")
    check_precision(precision)
    layers = _layers(network, activation, output_activation)
    sizes = "-".join(str(size) for size in (layers[0].inputs, *(layer.outputs for layer in layers)))
    document = empty_document(direction, palette, f"{sizes} network")
    if view == "matrices":
        _add_matrices(document, layers, samples, samples_as, gradients)
    else:
        _add_neurons(document, layers, precision)
    return Drawing(document)


def _layers(network: "MLP | Sequence[int]", activation: str, output_activation: str) -> list[_Layer]:
    if hasattr(network, "layers"):
        layers = [
            _Layer(
                inputs=layer.weight.shape[1],
                outputs=layer.weight.shape[0],
                activation=layer.activation_name,
                weight=data_of(layer.weight).tolist(),
                bias=data_of(layer.bias).tolist(),
            )
            for layer in network.layers
            if hasattr(layer, "weight")  # unlike a dropout, which changes no shape
        ]
        if not layers:
            raise TypeError(f"draw_network takes a network whose layers have weights, not {network!r}")
        return layers
    if not isinstance(network, Iterable):
        raise TypeError(f"draw_network takes an MLP or its sizes, such as [2, 4, 1], not {network!r}")
    sizes = [int(size) if isinstance(size, Integral) and not isinstance(size, bool) else 0 for size in network]
    if len(sizes) < 2 or min(sizes) < 1:
        raise ValueError(f"a network has two sizes or more, whole numbers above 0, not {network!r}")
    last = len(sizes) - 2
    return [
        _Layer(inputs, outputs, output_activation if place == last else activation)
        for place, (inputs, outputs) in enumerate(pairwise(sizes))
    ]


def _add_neurons(document: Document, layers: Sequence[_Layer], precision: int) -> None:
    document.graph.attr(ranksep="1.7", splines="line", outputorder="edgesfirst")
    palette = document.palette
    for place in _drawn(layers[0].inputs):
        document.box(
            document.graph, _name(0, place), [Line(f"x{place}", palette.text, bold=True)], "input", shape="circle"
        )
    for depth, layer in enumerate(layers, 1):
        for neuron in _drawn(layer.outputs):
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
    sizes = [layers[0].inputs, *(layer.outputs for layer in layers)]
    for depth, size in enumerate(sizes):
        _align(document, depth, size)
    _add_weights(document, layers, precision)
    if layers[0].weight is not None:
        document.graph.attr(
            label="in a neuron: activation, bias; on an edge: weight, blue above 0, orange below", labelloc="b"
        )


def _add_weights(document: Document, layers: Sequence[_Layer], precision: int) -> None:
    """An edge a weight, as wide as it is large beside the largest of the network."""
    weights = [abs(w) for layer in layers if layer.weight is not None for row in layer.weight for w in row]
    largest = max(filter(math.isfinite, weights), default=0.0) or 1.0
    numbered = len(weights) <= _MOST_NUMBERS
    for depth, layer in enumerate(layers, 1):
        for neuron in _drawn(layer.outputs):
            for source in _drawn(layer.inputs):
                tail, head = _name(depth - 1, source), _name(depth, neuron)
                if layer.weight is None:
                    document.edge(tail, head, style={"arrowhead": "none"})
                    continue
                weight = layer.weight[neuron - 1][source - 1]
                palette = document.palette
                color = palette.positive if weight > 0 else palette.negative if weight < 0 else palette.edge
                share = min(abs(weight) / largest, 1.0) if not math.isnan(weight) else 0.0
                style = {
                    "arrowhead": "none",
                    "color": color,
                    "fontcolor": document.palette.text,
                    "penwidth": f"{0.4 + 3.6 * share:.2f}",
                    "tooltip": f"w{source} of layer {depth}, neuron {neuron}: {weight!r}",
                }
                if numbered:
                    style |= {"headlabel": number(weight, precision), **_ON_THE_LINE}
                document.edge(tail, head, style=style)


def _align(document: Document, depth: int, size: int) -> None:
    """Puts the neurons of a layer into one column, in order, with a sign where the middle is left out."""
    drawn = _drawn(size)
    names = [_name(depth, neuron) for neuron in drawn]
    if len(drawn) < size:
        gap = f"gap{depth}"
        lines = [
            Line("⋮", document.palette.muted, bold=True),
            Line(f"{size - len(drawn):,} more", document.palette.muted),
        ]
        document.box(document.graph, gap, lines, "constant", shape="plaintext")
        names.insert(-1, gap)
    with document.graph.subgraph() as column:
        column.attr(rank="same")
        for above, below in pairwise(names):
            column.edge(above, below, style="invis")
        if len(names) == 1:
            column.node(names[0])


def _drawn(size: int) -> list[int]:
    """The neurons of a layer that are drawn, counted from 1."""
    return list(range(1, size + 1)) if size <= _MOST_NEURONS else [*range(1, _MOST_NEURONS - 1), size]


def _name(depth: int, neuron: int) -> str:
    return f"neuron{depth}_{neuron}"


def _add_matrices(
    document: Document, layers: Sequence[_Layer], samples: int | str, samples_as: str, gradients: bool
) -> None:
    """X → · W1ᵀ → + b1 → activation → ..., the shape of what flows on every edge."""
    palette, rows = document.palette, samples_as == "rows"
    formulas = _gradient_formulas(layers, rows) if gradients else {}

    def box(name: str, title: str, text: str, kind: str) -> None:
        lines = [Line(title, palette.text if kind != "operation" else palette.operation, bold=True)]
        lines += [Line(text, palette.muted)] if text else []
        lines += [Line(formulas[name], palette.gradient)] if name in formulas else []
        document.box(document.graph, name, lines, kind)

    def flowing(size: int) -> str:
        return f"{samples}×{size}" if rows else f"{size}×{samples}"

    box("X", "X", "samples × inputs" if rows else "inputs × samples", "input")
    previous, width = "X", layers[0].inputs
    for depth, layer in enumerate(layers, 1):
        weight, bias, product, total = f"W{depth}", f"b{depth}", f"product{depth}", f"sum{depth}"
        box(weight, weight, "outputs × inputs", "parameter")
        box(bias, bias, "", "parameter")
        box(product, "matrix product", f"· {weight}ᵀ" if rows else f"{weight} ·", "operation")
        box(total, "+", f"Z{depth}", "operation")
        document.edge(previous, product, flowing(width))
        document.edge(weight, product, f"{layer.outputs}×{layer.inputs}")
        document.edge(product, total, flowing(layer.outputs))
        document.edge(bias, total, f"{layer.outputs}" if rows else f"{layer.outputs}×1")
        previous, width = total, layer.outputs
        if _activates(layer):
            previous = f"activation{depth}"
            box(previous, layer.activation, f"A{depth}", "operation")
            document.edge(total, previous, flowing(width))
    box("output", "output", "", "plain")
    document.edge(previous, "output", flowing(width))
    if gradients:
        note = "dW1 is the gradient of the loss J by W1, of the shape of W1; ⊙ is the product element by element"
        document.graph.attr(label=note, labelloc="b")


def _activates(layer: _Layer) -> bool:
    """Whether the activation is a step of its own."""
    return layer.activation not in ("", "linear")


def _gradient_formulas(layers: Sequence[_Layer], rows: bool) -> dict[str, str]:
    """The gradient of each matrix, by the name of its box: the chain rule, written for whole matrices."""
    formulas = {}
    source, box = "X", "X"  # what flows into a layer, and where it stands
    for depth, layer in enumerate(layers, 1):
        weight, dz = f"W{depth}", f"dZ{depth}"
        formulas[box] = f"d{source} = " + (f"{dz}·{weight}" if rows else f"{weight}ᵀ·{dz}")
        formulas[weight] = f"d{weight} = " + (f"{dz}ᵀ·{source}" if rows else f"{dz}·{source}ᵀ")
        formulas[f"b{depth}"] = f"db{depth} = sum of {dz}'s {'rows' if rows else 'columns'}"
        source, box = f"Z{depth}", f"sum{depth}"
        if _activates(layer):
            formulas[box] = f"{dz} = {_through_activation(layer.activation, depth)}"
            source, box = f"A{depth}", f"activation{depth}"
    formulas[box] = f"d{source} = ∂J/∂{source}"
    return formulas


def _through_activation(activation: str, depth: int) -> str:
    a, da = f"A{depth}", f"dA{depth}"
    if activation == "softmax":  # each output depends on every score: diag(s) - s·sᵀ, applied to a sample
        return f"{a} ⊙ ({da} − sum of {da} ⊙ {a} over classes)"
    return f"{da} ⊙ {activation}'(Z{depth})"
