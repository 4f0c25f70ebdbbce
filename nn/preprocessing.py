"""Samples and labels in the form that a network learns from best."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = ["Standardizer", "one_hot", "standardize"]

Floats = npt.NDArray[np.float64]


def one_hot(labels: npt.ArrayLike, classes: int | None = None) -> Floats:
    """Class labels as rows with a single 1.

    Arguments:
        labels: whole numbers from 0.
        classes: how many there are; by default the largest label + 1.

    Returns:
        An array, labels × classes.

    Raises:
        ValueError: for a label that is not one of the classes.

    >>> one_hot([0, 2]).tolist()
    [[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]]
    """
    numbers = np.asarray(labels, dtype=float)
    count = int(numbers[np.isfinite(numbers)].max(initial=-1.0)) + 1 if classes is None else classes
    for label in numbers.flat:
        if not (label.is_integer() and 0 <= label < count):
            raise ValueError(f"{label} is no class: they are whole numbers, 0 to {count - 1}")
    rows: Floats = np.eye(count)[numbers.astype(int)]
    return rows


@dataclass(frozen=True, slots=True)
class Standardizer:
    """The shift and scale of each column; call it on new samples to treat them as the first were.

    Attributes:
        mean: of each column.
        deviation: the standard deviation of each column; 1 where the column is constant.
    """

    mean: Floats
    deviation: Floats

    def __call__(self, X: npt.ArrayLike) -> Floats:
        """(X - mean) / deviation, column by column."""
        standardized: Floats = (np.asarray(X, dtype=float) - self.mean) / self.deviation
        return standardized

    def inverse(self, Z: npt.ArrayLike) -> Floats:
        """What was standardized, in its own units again."""
        restored: Floats = np.asarray(Z, dtype=float) * self.deviation + self.mean
        return restored


def standardize(X: npt.ArrayLike) -> tuple[Floats, Standardizer]:
    """Samples with every column at mean 0 and standard deviation 1, and what does the same to others.

    Arguments:
        X: samples × columns, or one column.

    Raises:
        ValueError: if there is no sample.

    >>> Z, standardizer = standardize([[1.0, 10.0], [3.0, 10.0]])
    >>> Z.tolist(), standardizer([[5.0, 10.0]]).tolist()
    ([[-1.0, 0.0], [1.0, 0.0]], [[3.0, 0.0]])
    """
    samples = np.asarray(X, dtype=float)
    if samples.ndim == 0 or samples.size == 0:
        raise ValueError(f"standardize needs an array with at least one sample, not one of shape {samples.shape}")
    deviation = samples.std(axis=0)
    varied = samples.max(axis=0) > samples.min(axis=0)  # where they are equal, the deviation may be a rounding error
    standardizer = Standardizer(np.where(varied, samples.mean(axis=0), samples[0]), np.where(varied, deviation, 1.0))
    return standardizer(samples), standardizer
