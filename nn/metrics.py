"""Measures of the quality of predictions."""

import numpy as np
import numpy.typing as npt

__all__ = ["accuracy", "recall"]

Floats = npt.NDArray[np.float64]


def accuracy(prediction: npt.ArrayLike, target: npt.ArrayLike, *, threshold: float = 0.5) -> float:
    """The fraction of samples whose class is predicted correctly.

    Arguments:
        prediction: one number per sample, class 1 if it is above the threshold; or samples × classes, where the
            largest number decides.
        target: the class of each sample, or a one-hot row.
        threshold: 0.5 for probabilities, 0 for scores (whose targets may be -1 and 1).

    Raises:
        ValueError: if the numbers of samples differ, or there are no samples.

    >>> accuracy([0.9, 0.2, 0.6, 0.1], [1, 0, 0, 0])
    0.75
    """
    predictions, targets = _checked("accuracy", prediction, target)
    if predictions.ndim == 2 and predictions.shape[1] > 1:
        classes = targets.argmax(axis=1) if targets.ndim == 2 else targets
        return float(np.mean(predictions.argmax(axis=1) == classes))
    return float(np.mean((predictions.ravel() > threshold) == (targets.ravel() > threshold)))


def recall(prediction: npt.ArrayLike, target: npt.ArrayLike, *, threshold: float = 0.5) -> float:
    """The fraction of the samples of class 1 that are found, which accuracy hides if class 1 is rare.

    Arguments:
        prediction: one number per sample, class 1 if it is above the threshold.
        target: the class of each sample, 1 if it is above the threshold.
        threshold: as for `accuracy`.

    Raises:
        ValueError: if the numbers of samples differ, a sample has several predictions, or no sample is of class 1.

    >>> always_0 = [0.0, 0.0, 0.0, 0.0]
    >>> accuracy(always_0, [1, 0, 0, 0]), recall(always_0, [1, 0, 0, 0])
    (0.75, 0.0)
    """
    predictions, targets = _checked("recall", prediction, target)
    if predictions.size != len(predictions) or targets.size != len(targets):
        raise ValueError(
            f"recall needs one prediction and one target per sample, not shapes {predictions.shape} and {targets.shape}"
        )
    found = predictions.ravel()[targets.ravel() > threshold] > threshold
    if len(found) == 0:
        raise ValueError("recall needs at least one target of class 1: it is the fraction of these that is found")
    return float(np.mean(found))


def _checked(name: str, prediction: npt.ArrayLike, target: npt.ArrayLike) -> tuple[Floats, Floats]:
    predictions, targets = np.asarray(prediction, dtype=float), np.asarray(target, dtype=float)
    if predictions.ndim == 0 or targets.ndim == 0:
        raise ValueError(
            f"{name} needs arrays of predictions and targets, such as [1] and [1], not {prediction!r} and {target!r}"
        )
    if len(predictions) != len(targets) or len(predictions) == 0:
        raise ValueError(f"{name} needs as many predictions as targets, not {len(predictions)} and {len(targets)}")
    return predictions, targets
