"""Pictures of a whole network."""

import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from viz.labels import check_precision
from viz.pictures.document import empty_document
from viz.pictures.drawing import Drawing
from viz.pictures.layers import DrawnLayer, layers_of
from viz.pictures.matrices import MatrixOptions, add_matrices
from viz.pictures.matrix_losses import REDUCTIONS, matrix_loss
from viz.pictures.neurons import NeuronOptions, add_neurons

if TYPE_CHECKING:
    from nn import MLP

__all__ = ["draw_network"]


def draw_network(
    network: "MLP | Sequence[int]",
    *,
    view: str = "neurons",
    samples: int | str = "m",
    samples_as: str = "rows",
    gradients: bool = False,
    local_derivatives: bool = False,
    masks: Sequence[Iterable[float]] | None = None,
    inputs: Iterable[str] | None = None,
    outputs: Iterable[str] | None = None,
    activation: str = "",
    output_activation: str = "",
    loss: str | None = None,
    reduction: str = "mean",
    direction: str = "LR",
    precision: int = 2,
    palette: str = "auto",
) -> Drawing:
    """Draws a multi-layer perceptron, as neurons or as matrices.

    Arguments:
        network: the network, or just its sizes, inputs first, such as [4, 3, 1].
        view: "neurons" draws each neuron with its bias, and each weight as a line whose colour shows its sign and whose
            width shows its size, with its number if there are at most 40 weights; "matrices" draws the layers' matrix
            formulas, with the shape on every arrow.
        samples: the number of samples in the matrices, or a name for it.
        samples_as: whether a sample is one of the "rows" of the matrices, as everywhere in `nn`, or of the "columns".
        gradients: in the matrices, write the formula of each one's gradient into its box. dW1 is the derivative of the
            loss J with respect to W1, an array of the shape of W1; ⊙ multiplies and ⊘ divides element by element.
        local_derivatives: in the matrices, write on each arrow how a gradient goes back along it: □ is the gradient of
            the box at the tip of the arrow.
        masks: a dropout mask for each hidden layer, as `nn.Dropout.mask` returns it, to draw the thinned network of one
            sample. Each hidden neuron shows its factor; a neuron with the factor 0 is dropped, and pale, as are its
            weights.
        inputs, outputs: what the data mean, as a name for each input and output neuron; without them the inputs are x1,
            x2 and so on.
        activation, output_activation: the names of the activations, if only sizes are given.
        loss: in the matrices, the loss to add, by its name in `nn`: "mse_loss", "half_squared_error",
            "binary_cross_entropy" after a sigmoid, "binary_cross_entropy_with_logits" of a linear output, or
            "cross_entropy" after a softmax or of a linear output. Its gradients replace the general ones. After a
            sigmoid or softmax, that of the last Z is (A − Y)/m.
        reduction: whether J is the "mean" or the "sum" of the losses.
        direction, palette: as in `viz.draw`.
        precision: significant digits of weights and biases, 1 to 17.

    Returns:
        The drawing.

    Raises:
        TypeError: if `network` is neither a network nor sizes, or a name is not a str.
        ValueError: if the view, an option or a size is out of range, there are fewer than two sizes, gradients, a loss,
            masks or names are given for a view that has none, the loss does not fit the activation of the output, or
            there is not a factor for each hidden neuron, or not a name for each input or output.

    >>> draw_network([4, 3, 1], view="matrices")
    <drawing of 10 boxes; .save('graph.svg') writes it>
    >>> draw_network([5, 3], view="matrices", output_activation="softmax", loss="cross_entropy", gradients=True)
    <drawing of 9 boxes; .save('graph.svg') writes it>
    >>> draw_network([2, 4, 1], masks=[[2.0, 0.0, 2.0, 0.0]])
    <drawing of 7 boxes; .save('graph.svg') writes it>
    >>> draw_network([3, 4, 1], inputs=["area", "metro", "schools"], outputs=["price"])
    <drawing of 8 boxes; .save('graph.svg') writes it>
    """
    if view not in ("neurons", "matrices"):
        raise ValueError(f"view must be 'neurons' or 'matrices', not {view!r}")
    if samples_as not in ("rows", "columns"):
        raise ValueError(f"samples_as must be 'rows' or 'columns', not {samples_as!r}")
    for option, is_given, wanted, why in (
        ("gradients=True needs", gradients, "matrices", "whose formulas it adds"),
        ("local_derivatives=True needs", local_derivatives, "matrices", "whose arrows it writes on"),
        (f"loss={loss!r} needs", loss is not None, "matrices", "whose map it adds to"),
        ("masks need", masks is not None, "neurons", "where dropped neurons are pale"),
        ("inputs need", inputs is not None, "neurons", "where each input has a name"),
        ("outputs need", outputs is not None, "neurons", "where each output has a name"),
    ):
        if is_given and view != wanted:
            raise ValueError(f"{option} view={wanted!r}, {why}, not view={view!r}")
    if reduction not in REDUCTIONS:
        raise ValueError(f"reduction must be 'mean' or 'sum', not {reduction!r}")
    check_precision(precision)
    layers = layers_of(network, activation, output_activation)
    options = NeuronOptions(
        precision,
        _checked_names("inputs", inputs, layers[0].inputs),
        _checked_names("outputs", outputs, layers[-1].outputs),
        _checked_masks(masks, layers) if masks is not None else [],
    )
    sizes = "-".join(str(size) for size in (layers[0].inputs, *(layer.outputs for layer in layers)))
    document = empty_document(direction, palette, f"{sizes} network")
    if view == "matrices":
        at_the_end = matrix_loss(loss, reduction, layers, samples) if loss is not None else None
        shown = MatrixOptions(samples, samples_as == "rows", gradients, local_derivatives, at_the_end)
        add_matrices(document, layers, shown)
    else:
        add_neurons(document, layers, options)
    return Drawing(document)


def _checked_names(option: str, names: object, wanted: int) -> list[str]:
    """The names, one for each neuron; none if none are given."""
    if names is None:
        return []
    listed = [*names] if isinstance(names, Iterable) else [names]
    texts = [name for name in listed if isinstance(name, str)]
    if isinstance(names, str) or len(texts) < len(listed):
        raise TypeError(f"{option} must be a list of names, such as ['area', 'rooms'], not {names!r}")
    if len(texts) != wanted:
        raise ValueError(f"{option} must have as many names as neurons, {wanted}, not {len(texts)}: {names!r}")
    return texts


def _checked_masks(masks: Sequence[Iterable[float]], layers: Sequence[DrawnLayer]) -> list[list[float]]:
    """The factors of the neurons of each hidden layer."""
    wanted = [layer.outputs for layer in layers[:-1]]
    factors = [[float(factor) for factor in mask] for mask in masks]
    if [len(mask) for mask in factors] != wanted:
        raise ValueError(
            f"masks must have a row for each hidden layer, with the lengths {wanted}, not {[len(m) for m in factors]}"
        )
    if not all(0.0 <= factor < math.inf for mask in factors for factor in mask):
        raise ValueError(f"masks must have factors of 0 or more, such as 0.0 and 2.0, not {factors}")
    return factors
