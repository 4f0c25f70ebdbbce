"""Measures of the quality of predicted classes."""

from typing import Any

from autograd.numerics import np, npt
from nn.checks import checked_floats

__all__ = ["accuracy", "confusion_matrix", "f1", "precision", "recall"]

Floats = npt.NDArray[np.float64]
Classes = npt.NDArray[np.int64]


def accuracy(prediction: npt.ArrayLike, target: npt.ArrayLike, *, threshold: float | None = None) -> float:
    """The fraction of samples whose class is predicted correctly.

    Arguments:
        prediction: for each sample, one of:

            - a row of numbers, of which the largest gives the class;
            - the class itself, a whole number counted from 0;
            - a probability or score, which means class 1 if it is above the threshold, and otherwise class 0.
        target: the class of each sample, counted from 0, or a one-hot row. The two classes may also be -1 and 1.
        threshold: what separates the two classes, such as 0 for scores. By default whole numbers are classes and all
            other numbers are compared with 0.5; with a threshold, every number is compared with it.

    Raises:
        ValueError: if there are no samples, the numbers of samples or classes differ, a number is nan or inf, or a
            target is not a class.

    >>> accuracy([0.9, 0.2, 0.6, 0.1], [1, 0, 0, 0])
    0.75
    >>> accuracy([[0.1, 0.7, 0.2], [0.5, 0.2, 0.3]], [1, 2])
    0.5
    """
    predicted, true = _classes("accuracy", prediction, target, threshold)
    return float(np.mean(predicted == true))


def recall(
    prediction: npt.ArrayLike, target: npt.ArrayLike, *, threshold: float | None = None, positive: int | None = None
) -> float:
    """The fraction of the samples of a class that are found, which accuracy hides if the class is rare.

    Arguments:
        prediction, target, threshold: as for `accuracy`.
        positive: the class; by default class 1 of two.

    Raises:
        ValueError: as for `accuracy`; also if no sample is of this class, or there are more than two classes and
            `positive` is not given.

    >>> always_0 = [0.0, 0.0, 0.0, 0.0]
    >>> accuracy(always_0, [1, 0, 0, 0]), recall(always_0, [1, 0, 0, 0])
    (0.75, 0.0)
    """
    hits, _, true = _counts("recall", prediction, target, threshold, positive)
    if true == 0:
        raise ValueError("recall needs at least one target of the class: it is the fraction of these that is found")
    return hits / true


def precision(
    prediction: npt.ArrayLike, target: npt.ArrayLike, *, threshold: float | None = None, positive: int | None = None
) -> float:
    """The fraction of the samples predicted to be of a class that are of this class; arguments as for `recall`.

    Raises:
        ValueError: as for `recall`, but if no sample is predicted to be of this class.

    >>> precision([0.9, 0.8, 0.1], [1, 0, 1])
    0.5
    """
    hits, predicted, _ = _counts("precision", prediction, target, threshold, positive)
    if predicted == 0:
        raise ValueError(
            "precision needs at least one prediction of the class: it is the fraction of these that is right"
        )
    return hits / predicted


def f1(
    prediction: npt.ArrayLike, target: npt.ArrayLike, *, threshold: float | None = None, positive: int | None = None
) -> float:
    """The harmonic mean of precision and recall, 2·hits / (predicted + true); arguments as for `recall`.

    Raises:
        ValueError: as for `recall`, but if a sample neither is of this class nor is predicted to be.

    >>> f1([0.9, 0.8, 0.1], [1, 0, 1])
    0.5
    """
    hits, predicted, true = _counts("f1", prediction, target, threshold, positive)
    if predicted + true == 0:
        raise ValueError("f1 needs at least one target or prediction of the class")
    return 2 * hits / (predicted + true)


def confusion_matrix(prediction: npt.ArrayLike, target: npt.ArrayLike, *, threshold: float | None = None) -> Classes:
    """The number of samples of each class, in rows, that are predicted to be of each class, in columns.

    Arguments:
        prediction, target, threshold: as for `accuracy`.

    Returns:
        An array of classes × classes, with as many classes as the largest one or the rows have.

    >>> confusion_matrix([0, 2, 1, 1], [0, 1, 2, 1])
    array([[1, 0, 0],
           [0, 1, 1],
           [0, 1, 0]])
    """
    predicted, true = _classes("confusion_matrix", prediction, target, threshold)
    rows = max((shape[1] for shape in map(np.shape, (prediction, target)) if len(shape) == 2), default=0)
    counts = np.zeros((max(2, rows, predicted.max() + 1, true.max() + 1),) * 2, dtype=np.int64)
    np.add.at(counts, (true, predicted), 1)
    return counts


def _counts(
    name: str, prediction: npt.ArrayLike, target: npt.ArrayLike, threshold: float | None, positive: int | None
) -> tuple[int, int, int]:
    """The numbers of samples of a class that are found, that are predicted, and that there are."""
    predicted, true = _classes(name, prediction, target, threshold)
    last = max(predicted.max(), true.max())
    if positive is None and last > 1:
        raise ValueError(f"{name} is that of one class: choose one of the {last + 1} classes, such as positive=1")
    of_class = predicted == (1 if positive is None else positive), true == (1 if positive is None else positive)
    return int(np.sum(of_class[0] & of_class[1])), int(np.sum(of_class[0])), int(np.sum(of_class[1]))


def _classes(
    name: str, prediction: npt.ArrayLike, target: npt.ArrayLike, threshold: float | None
) -> tuple[Classes, Classes]:
    """The predicted and the true class of each sample, counted from 0."""
    predictions, targets = _samples("prediction", prediction), _samples("target", target)
    if len(predictions) != len(targets) or len(predictions) == 0:
        raise ValueError(f"{name} needs as many predictions as targets, not {len(predictions)} and {len(targets)}")
    if predictions.ndim == 2:
        if threshold is not None:
            raise ValueError(f"a threshold separates two classes, but a prediction has {predictions.shape[1]} numbers")
        return predictions.argmax(axis=1), _true_classes(name, targets, predictions.shape[1])
    if threshold is None and (predictions == np.round(predictions)).all():
        hint = "; for scores pass threshold=0.0"
        return _whole(name, "predictions", predictions, hint), _true_classes(name, targets)
    true = _true_classes(name, targets)
    if true.max() > 1:
        raise ValueError(
            f"{name} compares one number for each sample with a threshold, so targets must be 0 or 1, or -1 or 1, not "
            f"{true.max()}; for more classes pass predicted classes or rows of numbers"
        )
    return (predictions > (0.5 if threshold is None else threshold)).astype(np.int64), true


def _samples(name: str, numbers: Any) -> Floats:
    """The numbers as an array of samples, or samples × numbers if there is more than one for each."""
    array = checked_floats(name, numbers)
    if array.ndim > 2:
        raise ValueError(f"{name} must have one number or one row for each sample, not shape {array.shape}")
    return array.ravel() if array.ndim == 2 and array.shape[1] == 1 else array


def _true_classes(name: str, targets: Floats, classes: int | None = None) -> Classes:
    if targets.ndim == 2:
        one_hot = np.isin(targets, (0.0, 1.0)).all() and (targets.sum(axis=1) == 1.0).all()
        if not one_hot or targets.shape[1] != (classes or targets.shape[1]):
            width = f" of {classes} numbers" if classes else ""
            first = targets[0].tolist()
            raise ValueError(f"{name} needs targets that are classes or one-hot rows{width}, not rows such as {first}")
        columns: Classes = targets.argmax(axis=1)
        return columns
    true = _whole(name, "targets", targets)
    if classes is not None and true.max() >= classes:
        raise ValueError(f"{name} got rows of {classes} numbers, so targets must be below {classes}, not {true.max()}")
    return true


def _whole(name: str, what: str, numbers: Floats, hint: str = "") -> Classes:
    """Classes counted from 0, also from -1 and 1."""
    wrong = numbers[(numbers != np.round(numbers)) | (numbers < -1.0)]
    if len(wrong) or (numbers.min() < 0.0 and numbers.max() > 1.0):
        shown = wrong[0] if len(wrong) else numbers.min()
        raise ValueError(f"{name} needs {what} that are classes, counted from 0, or -1 and 1, not {shown}{hint}")
    return np.maximum(numbers, 0.0).astype(np.int64)
