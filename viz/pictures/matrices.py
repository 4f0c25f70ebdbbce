"""A network as the matrix formulas of its layers, with the shape of every matrix."""

from collections.abc import Sequence

from viz.pictures.document import Document, Line
from viz.pictures.layers import DrawnLayer

__all__ = ["add_matrices"]


def add_matrices(
    document: Document, layers: Sequence[DrawnLayer], *, samples: int | str, rows: bool, gradients: bool
) -> None:
    """Adds X → · W1ᵀ → + b1 → activation → ..., with the shape of each result on its arrow.

    Arguments:
        document: the document to add them to.
        layers: the layers of the network, first to last.
        samples: the number of samples, or a name for it.
        rows: whether a sample is a row of X; otherwise it is a column.
        gradients: write the formula of each matrix's gradient into its box.
    """
    palette = document.palette
    formulas = _gradient_formulas(layers, rows) if gradients else {}

    def box(name: str, title: str, text: str, kind: str) -> None:
        lines = [Line(title, palette.text if kind != "operation" else palette.operation, bold=True)]
        lines += [Line(text, palette.muted)] if text else []
        lines += [Line(formulas[name], palette.gradient)] if name in formulas else []
        document.box(name, lines, kind)

    def shape(size: int) -> str:
        return f"{samples}×{size}" if rows else f"{size}×{samples}"

    box("X", "X", "samples × inputs" if rows else "inputs × samples", "input")
    previous, width = "X", layers[0].inputs
    for depth, layer in enumerate(layers, 1):
        weight, bias, product, total = f"W{depth}", f"b{depth}", f"product{depth}", f"sum{depth}"
        box(weight, weight, "outputs × inputs", "parameter")
        box(product, "matrix product", f"· {weight}ᵀ" if rows else f"{weight} ·", "operation")
        box(bias, bias, "", "parameter")
        box(total, "+", f"Z{depth}", "operation")
        document.arrow(previous, product, shape(width))
        document.arrow(weight, product, f"{layer.outputs}×{layer.inputs}")
        document.arrow(product, total, shape(layer.outputs))
        document.arrow(bias, total, f"{layer.outputs}" if rows else f"{layer.outputs}×1")
        previous, width = total, layer.outputs
        if _has_activation(layer):
            previous = f"activation{depth}"
            box(previous, layer.activation, f"A{depth}", "operation")
            document.arrow(total, previous, shape(width))
    box("output", "output", "", "plain")
    document.arrow(previous, "output", shape(width))
    if gradients:
        note = (
            "dW1 is the gradient of the loss J with respect to W1, of the same shape; ⊙ multiplies element by element"
        )
        document.note = note


def _has_activation(layer: DrawnLayer) -> bool:
    """Whether the activation is a separate step."""
    return layer.activation not in ("", "linear")


def _gradient_formulas(layers: Sequence[DrawnLayer], rows: bool) -> dict[str, str]:
    """The formula of each matrix's gradient, by the name of its box: the chain rule for whole matrices."""
    formulas = {}
    matrix, box = "X", "X"  # the input of the layer, and the box that it comes from
    for depth, layer in enumerate(layers, 1):
        weight, dz = f"W{depth}", f"dZ{depth}"
        formulas[box] = f"d{matrix} = " + (f"{dz}·{weight}" if rows else f"{weight}ᵀ·{dz}")
        formulas[weight] = f"d{weight} = " + (f"{dz}ᵀ·{matrix}" if rows else f"{dz}·{matrix}ᵀ")
        formulas[f"b{depth}"] = f"db{depth} = sum of {dz}'s {'rows' if rows else 'columns'}"
        matrix, box = f"Z{depth}", f"sum{depth}"
        if _has_activation(layer):
            formulas[box] = f"{dz} = {_activation_gradient(layer.activation, depth)}"
            matrix, box = f"A{depth}", f"activation{depth}"
    formulas[box] = f"d{matrix} = ∂J/∂{matrix}"
    return formulas


def _activation_gradient(activation: str, depth: int) -> str:
    """The gradient of an activation's input, in terms of that of its output."""
    a, da = f"A{depth}", f"dA{depth}"
    if activation == "softmax":  # each output depends on every score: diag(s) - s·sᵀ, applied to a sample
        return f"{a} ⊙ ({da} − sum of {da} ⊙ {a} over classes)"
    return f"{da} ⊙ {activation}'(Z{depth})"
