"""Class scores as probabilities."""

from collections.abc import Sequence
from functools import reduce
from operator import add
from typing import Any

from autograd.functions import detach, exp, log, maximum
from autograd.numerics import np

__all__ = ["log_softmax", "softmax"]


def softmax(logits: Sequence[Any]) -> list[Any]:
    """The softmax eᶻⁱ / Σ eᶻʲ: scores as probabilities that sum to 1.

    The largest score is subtracted first, so that nothing overflows. This shift cancels out and is detached: the
    derivatives are still diag(s) - s·sᵀ.

    Arguments:
        logits: the scores of one sample, Values or numbers.

    Raises:
        ValueError: if there are no scores, or scores of several samples.

    >>> softmax([1000.0, 1000.0])
    [0.5, 0.5]
    """
    exponentials = [exp(z) for z in _shifted(logits)]
    total = reduce(add, exponentials)
    return [e / total for e in exponentials]


def log_softmax(logits: Sequence[Any]) -> list[Any]:
    """The logarithm of `softmax`, without loss of precision: z - log Σ eᶻ.

    Arguments:
        logits: the scores of one sample, Values or numbers.

    Raises:
        ValueError: if there are no scores, or scores of several samples.

    >>> log_softmax([0.0, -1000.0])
    [0.0, -1000.0]
    """
    shifted = _shifted(logits)
    log_total = log(reduce(add, [exp(z) for z in shifted]))
    return [z - log_total for z in shifted]


def _shifted(logits: Sequence[Any]) -> list[Any]:
    if len(logits) == 0:
        raise ValueError("a softmax needs at least one score")
    if isinstance(logits[0], (list, tuple, np.ndarray)):
        shape = np.shape(np.array(logits, dtype=object))
        raise ValueError(
            f"a softmax needs the scores of one sample, not an array of shape {shape}; call it on each row"
        )
    largest = detach(reduce(maximum, logits))
    return [z - largest for z in logits]
