"""A network as the matrix formulas of its layers, with the shape of every matrix.

The gradients of the boxes follow from the rules of the arrows. In a rule, □ is the gradient that arrives: that of the
box at the tip of the arrow.
"""

from collections.abc import Sequence
from typing import NamedTuple

from viz.pictures.document import Document, Line
from viz.pictures.layers import DrawnLayer
from viz.pictures.matrix_losses import MatrixLoss

__all__ = ["MatrixOptions", "add_matrices"]


class MatrixOptions(NamedTuple):
    """What the matrices show.

    Attributes:
        samples: the number of samples, or a name for it.
        rows: whether a sample is a row of X; otherwise it is a column.
        gradients: write the formula of each matrix's gradient into its box.
        local_derivatives: write on each arrow how a gradient goes back along it.
        loss: the loss after the last layer, or None.
    """

    samples: int | str
    rows: bool
    gradients: bool
    local_derivatives: bool
    loss: MatrixLoss | None


def add_matrices(document: Document, layers: Sequence[DrawnLayer], options: MatrixOptions) -> None:
    """Adds X → · W1ᵀ → + b1 → activation → ... → loss → J, with the shape of each result on its arrow.

    Arguments:
        document: the document to add them to.
        layers: the layers of the network, first to last.
        options: what is shown.
    """
    _Map(document, layers, options).add()


class _Map:
    """The boxes and arrows of a network."""

    def __init__(self, document: Document, layers: Sequence[DrawnLayer], options: MatrixOptions) -> None:
        self._document, self._layers, self._options = document, layers, options

    def add(self) -> None:
        """Adds all boxes, first to last, and the notes."""
        rows, loss = self._options.rows, self._options.loss
        flowing, box = "X", "X"  # a matrix, and the box that it comes from
        self._box("X", "X", "samples × inputs" if rows else "inputs × samples", "input", self._to_layer(0, "X", "X"))
        for depth, layer in enumerate(self._layers, 1):
            flowing, box = self._add_layer(depth, layer, flowing, box)
        if loss is None:
            self._box("output", "output", "", "plain")
            self._arrow(box, "output", self._shape(self._layers[-1].outputs))
        else:
            self._add_loss(loss, flowing, box)
        self._document.note = "\n".join(self._notes())

    def _add_layer(self, depth: int, layer: DrawnLayer, flowing: str, previous: str) -> tuple[str, str]:
        """Adds a layer; returns its result, and the box that it comes from."""
        rows = self._options.rows
        weight, bias, product, total = f"W{depth}", f"b{depth}", f"product{depth}", f"sum{depth}"
        by_weight = f"□ᵀ·{flowing}" if rows else f"□·{flowing}ᵀ"
        by_bias = f"sum of □'s {'rows' if rows else 'columns'}"
        shape = self._shape(layer.outputs)
        self._box(weight, weight, "outputs × inputs", "parameter", _gradient(weight, by_weight, f"dZ{depth}"))
        self._box(product, "matrix product", f"· {weight}ᵀ" if rows else f"{weight} ·", "operation")
        self._box(bias, bias, "", "parameter", _gradient(bias, by_bias, f"dZ{depth}"))
        z, a = f"Z{depth}", f"A{depth}"
        self._box(total, "+", z, "operation", self._of_scores(depth, layer))
        self._arrow(previous, product, self._shape(layer.inputs), self._by_input(depth))
        self._arrow(weight, product, f"{layer.outputs}×{layer.inputs}", by_weight)
        self._arrow(product, total, shape, "□")
        self._arrow(bias, total, f"{layer.outputs}" if rows else f"{layer.outputs}×1", by_bias)
        if not _has_activation(layer):
            return z, total
        activation = f"activation{depth}"
        self._box(activation, layer.activation, a, "operation", self._to_layer(depth, a, a))
        self._arrow(total, activation, shape, _by_scores(layer.activation, depth))
        return a, activation

    def _add_loss(self, loss: MatrixLoss, flowing: str, previous: str) -> None:
        """Adds the targets, the losses of the samples, and their mean or sum."""
        by_losses = f"□/{loss.divisor}" if loss.divisor else "□"
        outputs = self._shape(self._layers[-1].outputs)
        self._box("Y", "Y", "targets", "input")
        self._box("loss", loss.title, loss.value, "operation", _gradient("L", by_losses, "1"))
        self._box("J", loss.reduction, f"J = {loss.reduction} of L", "operation", "dJ = 1")
        self._arrow(previous, "loss", outputs, f"□ ⊙ ({loss.slope})")
        self._arrow("Y", "loss", outputs)
        self._arrow("loss", "J", self._shape(loss.shape), by_losses)

    def _of_scores(self, depth: int, layer: DrawnLayer) -> str:
        """The gradient of Z."""
        z = f"Z{depth}"
        if not _has_activation(layer):
            return self._to_layer(depth, z, z)
        loss = self._options.loss if depth == len(self._layers) else None
        if loss and loss.by_scores:  # where the slopes of the loss and of the activation cancel
            return f"d{z} = {loss.by_scores}"
        return _gradient(z, _by_scores(layer.activation, depth), f"dA{depth}")

    def _to_layer(self, depth: int, matrix: str, name: str) -> str:
        """The gradient of the result of a layer (X for 0), which comes from the next layer or from the loss."""
        if depth < len(self._layers):
            return _gradient(name, self._by_input(depth + 1), f"dZ{depth + 1}")
        loss = self._options.loss
        return f"d{name} = {loss.by_output if loss else f'∂J/∂{matrix}'}"

    def _by_input(self, depth: int) -> str:
        """How a gradient passes from the product of a layer to its input."""
        return f"□·W{depth}" if self._options.rows else f"W{depth}ᵀ·□"

    def _shape(self, size: int) -> str:
        samples = self._options.samples
        return f"{samples}×{size}" if self._options.rows else f"{size}×{samples}"

    def _box(self, name: str, title: str, text: str, kind: str, gradient: str = "") -> None:
        palette = self._document.palette
        lines = [Line(title, palette.text if kind != "operation" else palette.operation, bold=True)]
        lines += [Line(text, palette.muted)] if text else []
        lines += [Line(gradient, palette.gradient)] if gradient and self._options.gradients else []
        self._document.box(name, lines, kind)

    def _arrow(self, tail: str, head: str, shape: str, rule: str = "") -> None:
        shown = rule and self._options.local_derivatives
        self._document.arrow(tail, head, f"{shape} | {rule}" if shown else shape)

    def _notes(self) -> list[str]:
        notes, operations = [], "⊙ multiplies element by element"
        if self._options.loss:
            operations = "⊙ multiplies and ⊘ divides element by element"
        if self._options.gradients:
            notes.append("dW1 is the gradient of the loss J with respect to W1, of the same shape")
        if self._options.local_derivatives:
            notes.append("on an arrow: the shape, and what the gradient □ at the tip becomes on the way back")
        if notes:
            notes.append(operations)
        return notes


def _has_activation(layer: DrawnLayer) -> bool:
    """Whether the activation is a separate step."""
    return layer.activation not in ("", "linear")


def _gradient(matrix: str, rule: str, upstream: str) -> str:
    """The formula of a gradient: the rule of the arrow, applied to the gradient that arrives there."""
    return f"d{matrix} = {rule.replace('□', upstream)}"


def _by_scores(activation: str, depth: int) -> str:
    """How a gradient passes from the result of an activation to its input."""
    if activation == "softmax":  # each output depends on every score: diag(s) - s·sᵀ, applied to a sample
        return f"A{depth} ⊙ (□ − sum of □ ⊙ A{depth} over classes)"
    return f"□ ⊙ {activation}'(Z{depth})"
