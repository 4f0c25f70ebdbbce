"""How far predictions are from targets: loss functions under PyTorch's names.

Each takes one sample's prediction (a Value, or a list of several outputs) or an array over samples, and targets of
the same shape; class targets may be indices. Targets enter by arithmetic alone, so they may be Values too.
"""

import math
import sys
from collections.abc import Callable, Sequence
from functools import reduce
from numbers import Real
from operator import add
from typing import Any

import numpy as np

from autograd import Value
from autograd.compiler.trace.symbol import Symbol
from autograd.functions import log, maximum, power, relu, select, softplus
from nn.probability import log_softmax

__all__ = [
    "LOSSES",
    "LabelError",
    "binary_cross_entropy",
    "binary_cross_entropy_with_logits",
    "cross_entropy",
    "half_squared_error",
    "hinge_loss",
    "mse_loss",
    "nll_loss",
]

_SMALLEST_PROBABILITY = math.exp(-100.0)  # whose logarithm PyTorch's binary_cross_entropy does not go below


class LabelError(ValueError):
    """A target is outside the range that a loss is defined for."""


def mse_loss(prediction: Any, target: Any, reduction: str = "mean") -> Any:
    """Squared error (a - y)², over all elements.

    Arguments:
        prediction: the outputs a.
        target: the targets y, of the same shape.
        reduction: "mean" or "sum".

    Raises:
        ValueError: if the shapes differ, or the reduction is unknown.

    >>> mse_loss([Value(1.0), Value(3.0)], [1.0, 1.0])
    Value(2.0, op='divide')
    """
    return _over_elements(lambda a, y: power(a - y, 2.0), prediction, target, reduction)


def half_squared_error(prediction: Any, target: Any, reduction: str = "mean") -> Any:
    """Half the squared error, ½(a - y)², whose derivative is a - y; arguments as of `mse_loss`.

    >>> half_squared_error(Value(3.0), 1.0).data
    2.0
    """
    return _over_elements(lambda a, y: 0.5 * power(a - y, 2.0), prediction, target, reduction)


def binary_cross_entropy(prediction: Any, target: Any, reduction: str = "mean") -> Any:
    """-y·log a - (1 - y)·log(1 - a), of probabilities a.

    A logarithm does not go below -100, as in PyTorch, so the loss is finite at a = 0 and 1; there its derivative is
    0. To train on scores, `binary_cross_entropy_with_logits` loses no digits.

    Arguments:
        prediction: probabilities, 0 ≤ a ≤ 1.
        target: 0 ≤ y ≤ 1, of the same shape.
        reduction: "mean" or "sum".

    Raises:
        LabelError: for a target out of range.
        ValueError: if the shapes differ, the reduction is unknown, or a prediction is no probability.

    >>> round(binary_cross_entropy(Value(0.5), 1.0).data, 6)
    0.693147
    """

    def loss(a: Any, y: Any) -> Any:
        a = _probability(a)
        return -(y * _log_probability(a) + (1.0 - y) * _log_probability(1.0 - a))

    return _over_elements(loss, prediction, target, reduction, label=_between_0_and_1)


def binary_cross_entropy_with_logits(prediction: Any, target: Any, reduction: str = "mean") -> Any:
    """`binary_cross_entropy` of σ(z) from the scores z, without its loss of digits; its derivative is σ(z) - y.

    As log σ(z) = -softplus(-z), it is y·softplus(-z) + (1 - y)·softplus(z).

    Arguments:
        prediction: scores z of any size.
        target: 0 ≤ y ≤ 1, of the same shape.
        reduction: "mean" or "sum".

    Raises:
        LabelError: for a target out of range.
        ValueError: if the shapes differ, or the reduction is unknown.

    >>> binary_cross_entropy_with_logits(Value(-1000.0), 1.0).data
    1000.0
    """

    def loss(z: Any, y: Any) -> Any:
        return y * softplus(-z) + (1.0 - y) * softplus(z)

    return _over_elements(loss, prediction, target, reduction, label=_between_0_and_1)


def hinge_loss(prediction: Any, target: Any, reduction: str = "mean") -> Any:
    """max(0, 1 - y·s), of scores s.

    Arguments:
        prediction: the scores.
        target: -1 or 1, of the same shape.
        reduction: "mean" or "sum".

    Raises:
        LabelError: for a target that is neither.
        ValueError: if the shapes differ, or the reduction is unknown.

    >>> hinge_loss(Value(0.25), -1.0).data
    1.25
    """
    return _over_elements(lambda s, y: relu(1.0 - y * s), prediction, target, reduction, label=_minus_1_or_1)


def nll_loss(prediction: Any, target: Any, reduction: str = "mean") -> Any:
    """Negative log likelihood -Σ yₖ·log pₖ, over samples, of log probabilities.

    Arguments:
        prediction: the log probabilities of one sample's classes, or samples × classes.
        target: the class of each sample, counted from 0; or its probabilities, as a one-hot row.
        reduction: "mean" or "sum", over samples.

    Raises:
        LabelError: for a class there is not, or probabilities that are below 0 or do not sum to 1.
        ValueError: if the shapes differ, or the reduction is unknown.

    >>> nll_loss([Value(-0.25), Value(-1.5)], 1).data
    1.5
    """
    return _over_samples(lambda log_probabilities: log_probabilities, prediction, target, reduction)


def cross_entropy(prediction: Any, target: Any, reduction: str = "mean") -> Any:
    """`nll_loss` of `log_softmax`: the loss for class scores z, whose derivative by z is softmax(z) - y.

    Arguments and errors are those of `nll_loss`, with scores in place of log probabilities.

    >>> round(cross_entropy([Value(0.0), Value(0.0)], 0).data, 6)
    0.693147
    """
    return _over_samples(log_softmax, prediction, target, reduction)


LOSSES: dict[str, Callable[..., Any]] = {
    loss.__name__: loss
    for loss in (
        mse_loss,
        half_squared_error,
        binary_cross_entropy,
        binary_cross_entropy_with_logits,
        hinge_loss,
        nll_loss,
        cross_entropy,
    )
}
OF_CLASSES: tuple[Callable[..., Any], ...] = (nll_loss, cross_entropy)
"""The losses whose prediction is a row over classes."""


def _probability(a: Any) -> Any:
    """A prediction, if it is a probability or nan; of a symbol, what will be nan unless it is a probability.

    So a training that is compiled stops there too, and repeats the step eagerly for the error's sake.
    """
    data = a.data if isinstance(a, Value) else a
    if isinstance(data, Symbol):
        return select(a * (a - 1.0), math.nan, a)
    if type(data) is float and (data < 0.0 or data > 1.0):
        raise ValueError(
            f"the prediction {data!r} is no probability: probabilities lie between 0 and 1; "
            "for scores use binary_cross_entropy_with_logits"
        )
    return a


def _log_probability(p: Any) -> Any:
    return log(maximum(p, _SMALLEST_PROBABILITY))


def _over_elements(
    loss: Callable[[Any, Any], Any],
    prediction: Any,
    target: Any,
    reduction: str,
    *,
    label: Callable[[float], str] | None = None,
) -> Any:
    predictions, targets = np.array(prediction, dtype=object), np.array(target, dtype=object)
    if predictions.shape != targets.shape:
        raise ValueError(f"predictions of shape {predictions.shape} and targets of shape {targets.shape} do not match")
    if label is not None:
        for place, y in enumerate(targets.flat):
            if not isinstance(y, Value) and (wrong := label(y)):
                raise LabelError(f"target {place} is {y!r}, but {wrong}")
    return _reduced([loss(a, y) for a, y in zip(predictions.flat, targets.flat, strict=True)], reduction)


def _over_samples(
    log_probabilities: Callable[[Sequence[Any]], Sequence[Any]], prediction: Any, target: Any, reduction: str
) -> Any:
    rows, targets = np.array(prediction, dtype=object), np.array(target, dtype=object)
    if rows.ndim == 1:
        rows, targets = rows[None], targets[None]
    if rows.ndim != 2 or targets.shape not in (rows.shape[:1], rows.shape):
        raise ValueError(
            f"scores of shape {rows.shape} take targets of shape {rows.shape[:1]} (classes) or {rows.shape} "
            f"(probabilities), not {targets.shape}"
        )
    losses = []
    for place, (row, y) in enumerate(zip(rows, targets, strict=True)):
        logs = log_probabilities(list(row))
        if targets.ndim == 1:
            losses.append(-logs[_class(y, len(row), place)])
        else:
            # finite, so that a class whose share is 0 counts as nothing even where its log probability is -inf
            terms = zip(_probabilities(y, place), logs, strict=True)
            losses.append(-reduce(add, [share * maximum(p, -sys.float_info.max) for share, p in terms]))
    return _reduced(losses, reduction)


def _class(label: Any, classes: int, place: int) -> int:
    if not isinstance(label, Real) or label not in range(classes):
        raise LabelError(f"target {place} is {label!r}, but a class of {classes} is a whole number, 0 to {classes - 1}")
    return int(float(label))


def _probabilities(row: Sequence[Any], place: int) -> Sequence[Any]:
    plain = [y for y in row if not isinstance(y, Value)]
    if len(plain) == len(row) and (not all(y >= 0 for y in plain) or abs(sum(plain) - 1.0) > 1e-6):
        raise LabelError(f"target {place} is {list(row)}, but probabilities are 0 or above and sum to 1")
    return row


def _between_0_and_1(y: float) -> str:
    return "" if 0.0 <= y <= 1.0 else "a binary target lies between 0 and 1"


def _minus_1_or_1(y: float) -> str:
    return "" if y in (-1.0, 1.0) else "a target of the hinge loss is -1 or 1"


def _reduced(losses: Sequence[Any], reduction: str) -> Any:
    if reduction not in ("mean", "sum"):
        raise ValueError(f"unknown reduction {reduction!r}: 'mean' or 'sum'")
    if not losses:
        raise ValueError("a loss needs at least one prediction")
    total = reduce(add, losses)
    return total if reduction == "sum" or len(losses) == 1 else total / float(len(losses))
