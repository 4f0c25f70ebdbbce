"""Loss functions, under PyTorch's names: they measure how far predictions are from targets.

Each takes the prediction for one sample (a Value, or a list of several outputs) or an array over samples, and targets
of the same shape; class targets may be indices. Targets may be Values too.
"""

import math
import sys
from collections.abc import Callable, Sequence
from functools import reduce, wraps
from operator import add
from typing import Any, NamedTuple, TypeVar

from autograd import Value
from autograd.contexts import call_in_scope
from autograd.functions import log, maximum, power, real, relu, select, softplus
from autograd.numerics import np
from autograd.reduction import divisor
from nn.labels import LabelError, check_binary, check_hinge, checked_class, checked_probabilities
from nn.probability import log_softmax

__all__ = [
    "LOSSES",
    "LabelError",
    "Loss",
    "binary_cross_entropy",
    "binary_cross_entropy_with_logits",
    "cross_entropy",
    "half_squared_error",
    "hinge_loss",
    "loss_record",
    "mse_loss",
    "nll_loss",
]

_SMALLEST_PROBABILITY = 3.720075976020836e-44  # exp(-100): PyTorch's binary_cross_entropy clamps logarithms at -100

_LossFunction = TypeVar("_LossFunction", bound=Callable[..., Any])


def _in_its_scope(loss: _LossFunction) -> _LossFunction:
    """Returns a loss whose nodes get its name as their scope, so that pictures can fold it."""

    @wraps(loss)
    def scoped(prediction: Any, target: Any, reduction: str = "mean") -> Any:
        return call_in_scope(loss.__name__, loss, prediction, target, reduction)

    return scoped  # type: ignore[return-value]  # it has the signature of the loss


@_in_its_scope
def mse_loss(prediction: Any, target: Any, reduction: str = "mean") -> Any:
    """The squared error (a - y)², averaged or summed over all elements.

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


@_in_its_scope
def half_squared_error(prediction: Any, target: Any, reduction: str = "mean") -> Any:
    """Half the squared error, ½(a - y)², whose derivative is a - y; arguments as for `mse_loss`.

    >>> half_squared_error(Value(3.0), 1.0).data
    2.0
    """
    return _over_elements(lambda a, y: 0.5 * power(a - y, 2.0), prediction, target, reduction)


@_in_its_scope
def binary_cross_entropy(prediction: Any, target: Any, reduction: str = "mean") -> Any:
    """The binary cross-entropy -y·log a - (1 - y)·log(1 - a) of probabilities a.

    As in PyTorch, logarithms are clamped at -100, so the loss is finite at a = 0 and 1; its derivative there is 0.
    To train on scores, use `binary_cross_entropy_with_logits`, which loses no precision.

    Arguments:
        prediction: probabilities, 0 ≤ a ≤ 1.
        target: 0 ≤ y ≤ 1, of the same shape.
        reduction: "mean" or "sum".

    Raises:
        LabelError: for a target out of range.
        ValueError: if the shapes differ, the reduction is unknown, or a prediction is not a probability.

    >>> round(binary_cross_entropy(Value(0.5), 1.0).data, 6)
    0.693147
    """

    def loss(a: Any, y: Any) -> Any:
        a = _probability(a)
        return -(y * _log_probability(a) + (1.0 - y) * _log_probability(1.0 - a))

    return _over_elements(loss, prediction, target, reduction, check=check_binary)


@_in_its_scope
def binary_cross_entropy_with_logits(prediction: Any, target: Any, reduction: str = "mean") -> Any:
    """`binary_cross_entropy` of σ(z), from the scores z without loss of precision; its derivative is σ(z) - y.

    Because log σ(z) = -softplus(-z), it is y·softplus(-z) + (1 - y)·softplus(z).

    Arguments:
        prediction: scores z, any real numbers.
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

    return _over_elements(loss, prediction, target, reduction, check=check_binary)


@_in_its_scope
def hinge_loss(prediction: Any, target: Any, reduction: str = "mean") -> Any:
    """The hinge loss max(0, 1 - y·s) of scores s.

    Arguments:
        prediction: the scores.
        target: -1 or 1, of the same shape.
        reduction: "mean" or "sum".

    Raises:
        LabelError: for any other target.
        ValueError: if the shapes differ, or the reduction is unknown.

    >>> hinge_loss(Value(0.25), -1.0).data
    1.25
    """
    return _over_elements(lambda s, y: relu(1.0 - y * s), prediction, target, reduction, check=check_hinge)


@_in_its_scope
def nll_loss(prediction: Any, target: Any, reduction: str = "mean") -> Any:
    """The negative log likelihood -Σ yₖ·log pₖ, from log probabilities.

    Arguments:
        prediction: the log probabilities of one sample's classes, or samples × classes.
        target: the class of each sample, counted from 0; or its probabilities, for example a one-hot row.
        reduction: "mean" or "sum", over samples.

    Raises:
        LabelError: for a class that does not exist, or probabilities that are below 0 or do not sum to 1.
        ValueError: if the shapes do not match, or the reduction is unknown.

    >>> nll_loss([Value(-0.25), Value(-1.5)], 1).data
    1.5
    """
    return _over_samples(lambda log_probabilities: log_probabilities, prediction, target, reduction)


@_in_its_scope
def cross_entropy(prediction: Any, target: Any, reduction: str = "mean") -> Any:
    """`nll_loss` of `log_softmax`: the loss for class scores z; its derivative with respect to z is softmax(z) - y.

    Arguments and errors are those of `nll_loss`, with scores instead of log probabilities.

    >>> round(cross_entropy([Value(0.0), Value(0.0)], 0).data, 6)
    0.693147
    """
    return _over_samples(log_softmax, prediction, target, reduction)


class Loss(NamedTuple):
    """A loss function, with the properties that `fit` and the pictures need.

    Attributes:
        function: from predictions and targets to a Value.
        takes_classes: whether a prediction has one number for each class, so that a target may be a class index.
        threshold: the output above which the second of two classes is predicted.
        accepts: of a loss of this package, returns quickly whether targets are valid, given the shape of an output. If
            they are not, or if that is hard to say, the function says what is wrong: it takes plain predictions too.
    """

    function: Callable[..., Any]
    takes_classes: bool = False
    threshold: float = 0.5
    accepts: "Callable[[Any, tuple[int, ...]], bool] | None" = None

    @property
    def is_ours(self) -> bool:
        """Whether it belongs to this package, so that the loss of several samples is the mean of their losses."""
        return self.accepts is not None


def _elements(check: Callable[[Any], Any] | None = None) -> Callable[[Any, tuple[int, ...]], bool]:
    """Returns `Loss.accepts` of a loss that is a mean over elements, each of which must pass a check."""

    def accepts(targets: Any, output: tuple[int, ...]) -> bool:
        return targets.shape[1:] == output and (check is None or bool(np.all(check(targets))))

    return accepts


def _classes(targets: Any, output: tuple[int, ...]) -> bool:
    """`Loss.accepts` of a loss whose targets are classes, or the probabilities of classes."""
    if targets.ndim == 1 and len(output) == 1:
        return bool(np.all((targets == np.floor(targets)) & (targets >= 0.0) & (targets < output[0])))
    sums = targets.sum(axis=-1)
    return targets.shape[1:] == output and bool(np.all(targets >= 0.0) and np.all(np.abs(sums - 1.0) < 1e-7))


_BINARY = _elements(lambda targets: (targets >= 0.0) & (targets <= 1.0))
_RECORDS = (
    Loss(mse_loss, accepts=_elements()),
    Loss(half_squared_error, accepts=_elements()),
    Loss(binary_cross_entropy, accepts=_BINARY),
    Loss(binary_cross_entropy_with_logits, threshold=0.0, accepts=_BINARY),
    Loss(hinge_loss, threshold=0.0, accepts=_elements(lambda targets: np.abs(targets) == 1.0)),
    Loss(nll_loss, takes_classes=True, accepts=_classes),
    Loss(cross_entropy, takes_classes=True, accepts=_classes),
)
LOSSES: dict[str, Callable[..., Any]] = {loss.function.__name__: loss.function for loss in _RECORDS}


def loss_record(function: Callable[..., Any]) -> Loss:
    """Returns the record of a loss function; that of a custom function has the defaults.

    >>> loss_record(hinge_loss).threshold, loss_record(lambda predictions, targets: predictions[0]).threshold
    (0.0, 0.5)
    """
    return next((loss for loss in _RECORDS if loss.function is function), Loss(function))


def _probability(a: Any) -> Any:
    """Returns a prediction that is a probability or nan, and raises ValueError for any other float.

    In a compiled program, where the number is known only at run time, anything else becomes nan. Compiled training then
    stops at that step and repeats it eagerly, which raises the error.
    """
    number = a
    while isinstance(number, Value):
        number = number.data
    number = real(number)
    if type(number) is not float:
        return select(a * (a - 1.0), math.nan, a)
    if number < 0.0 or number > 1.0:
        raise ValueError(
            f"a prediction must be a probability, between 0 and 1, not {number!r}; "
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
    check: Callable[[float, int], None] | None = None,
) -> Any:
    """Reduces the losses of all elements; `check` raises for an invalid plain target, given its index."""
    predictions, targets = np.array(prediction, dtype=object), np.array(target, dtype=object)
    if predictions.shape != targets.shape:
        raise ValueError(
            f"predictions and targets must have the same shape, not {predictions.shape} and {targets.shape}"
        )
    if check is not None:
        for index, y in enumerate(targets.flat):
            if not isinstance(y, Value):
                check(y, index)
    return _reduced([loss(a, y) for a, y in zip(predictions.flat, targets.flat, strict=True)], reduction)


def _over_samples(
    log_probabilities: Callable[[Sequence[Any]], Sequence[Any]], prediction: Any, target: Any, reduction: str
) -> Any:
    rows, targets = np.array(prediction, dtype=object), np.array(target, dtype=object)
    if rows.ndim == 1:
        rows, targets = rows[None], targets[None]
    if rows.ndim != 2:
        raise ValueError(f"scores must have the shape (classes,) or (samples, classes), not {rows.shape}")
    if targets.shape not in (rows.shape[:1], rows.shape):
        raise ValueError(
            f"targets for scores of shape {rows.shape} must have the shape {rows.shape[:1]} (classes) or {rows.shape} "
            f"(probabilities), not {targets.shape}"
        )
    losses = []
    for index, (row, y) in enumerate(zip(rows, targets, strict=True)):
        logs = log_probabilities(list(row))
        if targets.ndim == 1:
            losses.append(-logs[checked_class(y, index, len(row))])
        else:
            # finite, so that a class of probability 0 adds 0 even where its log probability is -inf
            terms = zip(checked_probabilities(y, index), logs, strict=True)
            losses.append(-reduce(add, [weight * maximum(p, -sys.float_info.max) for weight, p in terms]))
    return _reduced(losses, reduction)


def _reduced(losses: Sequence[Any], reduction: str) -> Any:
    count = divisor(reduction, len(losses))
    if not losses:
        raise ValueError("a loss needs at least one prediction, not an empty array")
    total = reduce(add, losses)
    return total if count == 1 else total / float(count)
