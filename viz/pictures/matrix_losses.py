"""The losses of a network as formulas of whole matrices, with the gradients that they send back.

`viz/pages/loss_formulas.py` writes those of one sample, as LaTeX.
"""

from collections.abc import Sequence
from typing import NamedTuple

from viz.pictures.layers import DrawnLayer

__all__ = ["REDUCTIONS", "MatrixLoss", "matrix_loss"]

REDUCTIONS = ("mean", "sum")


class MatrixLoss(NamedTuple):
    """A loss after the last layer of a network.

    Attributes:
        title: its name in words.
        value: the formula of L, the losses of all samples.
        shape: the number of columns of L if a sample is a row: one, or one for each output.
        slope: the derivative of L with respect to the output of the network.
        by_output: the gradient of J with respect to the output.
        by_scores: that with respect to the input of the last activation, where the slope of the activation cancels; or
            "" where it does not.
        reduction: "mean" or "sum", as J is made of L.
        divisor: what a mean divides by, such as "m"; "" for a sum.
    """

    title: str
    value: str
    shape: int
    slope: str
    by_output: str
    by_scores: str
    reduction: str
    divisor: str


class _Formulas(NamedTuple):
    """The formulas of a loss after one activation, of the output {a}; `by_scores` as in `MatrixLoss`."""

    title: str
    value: str
    slope: str
    by_scores: str = ""
    one_for_each_sample: bool = False


_ENTROPY = "−Y ⊙ ln {a} − (1 − Y) ⊙ ln(1 − {a})"

# By name and, where only one activation makes sense of it, the activation
_FORMULAS = {
    ("mse_loss", ""): _Formulas("squared error", "({a} − Y)²", "2({a} − Y)"),
    ("half_squared_error", ""): _Formulas("half the squared error", "½({a} − Y)²", "{a} − Y"),
    ("binary_cross_entropy", "sigmoid"): _Formulas(
        "binary cross-entropy", _ENTROPY, "−Y ⊘ {a} + (1 − Y) ⊘ (1 − {a})", "{a} − Y"
    ),
    ("binary_cross_entropy_with_logits", "linear"): _Formulas(
        "binary cross-entropy", _ENTROPY.replace("{a}", "sigmoid({a})"), "sigmoid({a}) − Y"
    ),
    ("cross_entropy", "softmax"): _Formulas(
        "cross-entropy", "−sum of Y ⊙ ln {a} over classes", "−Y ⊘ {a}", "{a} − Y", one_for_each_sample=True
    ),
    ("cross_entropy", "linear"): _Formulas(
        "cross-entropy", "−sum of Y ⊙ ln softmax({a}) over classes", "softmax({a}) − Y", one_for_each_sample=True
    ),
}


def matrix_loss(name: str, reduction: str, layers: Sequence[DrawnLayer], samples: int | str) -> MatrixLoss:
    """Returns a loss after the last layer of a network.

    Arguments:
        name: the name of the loss in `nn`.
        reduction: a member of `REDUCTIONS`.
        layers: the layers of the network, first to last.
        samples: the number of samples, or a name for it.

    Raises:
        ValueError: if the loss is unknown, or does not fit the activation of the last layer.

    >>> loss = matrix_loss("binary_cross_entropy", "mean", [DrawnLayer(3, 1, "sigmoid")], 7)
    >>> loss.by_output, loss.by_scores
    ('(−Y ⊘ A1 + (1 − Y) ⊘ (1 − A1))/7', '(A1 − Y)/7')
    """
    known = sorted({loss for loss, _ in _FORMULAS})
    if name not in known:
        raise ValueError(f"loss must be one of {', '.join(map(repr, known))}, not {name!r}")
    layer = layers[-1]
    activation = layer.activation or "linear"
    formulas = _FORMULAS.get((name, activation)) or _FORMULAS.get((name, ""))
    if formulas is None:
        fitting = " or ".join(repr(needed) for loss, needed in _FORMULAS if loss == name)
        raise ValueError(f"the loss {name!r} needs output_activation {fitting}, not {activation!r}")
    output = f"{'Z' if activation == 'linear' else 'A'}{len(layers)}"
    size = 1 if formulas.one_for_each_sample else layer.outputs
    divisor = _product(samples, size) if reduction == "mean" else ""
    texts = formulas.value, formulas.slope, formulas.by_scores
    value, slope, by_scores = (text.replace("{a}", output) for text in texts)
    return MatrixLoss(
        title=formulas.title,
        value=f"L = {value}",
        shape=size,
        slope=slope,
        by_output=_divided(slope, divisor),
        by_scores=_divided(by_scores, divisor),
        reduction=reduction,
        divisor=divisor,
    )


def _product(samples: int | str, size: int) -> str:
    """The number of entries of L."""
    if size == 1:
        return f"{samples}"
    return f"{samples * size}" if isinstance(samples, int) else f"({samples}·{size})"


def _divided(formula: str, divisor: str) -> str:
    """A formula divided by a number, in parentheses unless it is a factor and a pair of them."""
    if not (formula and divisor):
        return formula
    return f"{formula}/{divisor}" if formula.startswith("2(") else f"({formula})/{divisor}"
