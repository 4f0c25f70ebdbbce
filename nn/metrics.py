"""How good predictions are, as people say it."""

import numpy as np
import numpy.typing as npt

__all__ = ["accuracy", "recall"]

Floats = npt.NDArray[np.float64]


def accuracy(prediction: npt.ArrayLike, target: npt.ArrayLike, *, threshold: float = 0.5) -> float:
    """The share of samples whose class is predicted rightly.

    Arguments:
        prediction: one number a sample, class 1 where it is above the threshold; or samples × classes, the largest.
        target: the class of each sample, or a one-hot row.
        threshold: 0.5 for probabilities, 0 for scores (where the targets may be -1 and 1).

    Raises:
        ValueError: if the numbers of samples differ, or there are none.

    >>> accuracy([0.9, 0.2, 0.6, 0.1], [1, 0, 0, 0])
    0.75
    """
    predictions, targets = _checked("accuracy", prediction, target)
    if predictions.ndim == 2 and predictions.shape[1] > 1:
        classes = targets.argmax(axis=1) if targets.ndim == 2 else targets
        return float(np.mean(predictions.argmax(axis=1) == classes))
    return float(np.mean((predictions.ravel() > threshold) == (targets.ravel() > threshold)))


def recall(prediction: npt.ArrayLike, target: npt.ArrayLike, *, threshold: float = 0.5) -> float:
    """The share of the samples of class 1 that are found: what accuracy hides where class 1 is rare.

    Arguments:
        prediction: one number a sample, class 1 where it is above the threshold.
        target: the class of each sample, 1 where it is above the threshold.
        threshold: as of `accuracy`.

    Raises:
        ValueError: if the numbers of samples differ, a sample has several predictions, or none is of class 1.

    >>> always_0 = [0.0, 0.0, 0.0, 0.0]
    >>> accuracy(always_0, [1, 0, 0, 0]), recall(always_0, [1, 0, 0, 0])
    (0.75, 0.0)
    """
    predictions, targets = _checked("recall", prediction, target)
    if predictions.size != len(predictions) or targets.size != len(targets):
        raise ValueError(f"recall takes one number a sample, not predictions of shape {predictions.shape}")
    found = predictions.ravel()[targets.ravel() > threshold] > threshold
    if len(found) == 0:
        raise ValueError("recall is the share of class 1 that is found, but no target is of class 1")
    return float(np.mean(found))


def _checked(name: str, prediction: npt.ArrayLike, target: npt.ArrayLike) -> tuple[Floats, Floats]:
    predictions, targets = np.asarray(prediction, dtype=float), np.asarray(target, dtype=float)
    if predictions.ndim == 0 or targets.ndim == 0:
        raise ValueError(f"{name} takes a prediction and a target a sample, such as [1] and [1], not {prediction!r}")
    if len(predictions) != len(targets) or len(predictions) == 0:
        raise ValueError(f"{name} needs as many predictions as targets, not {len(predictions)} and {len(targets)}")
    return predictions, targets
