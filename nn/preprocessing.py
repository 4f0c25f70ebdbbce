"""Samples and labels in the form that networks learn from best."""

from dataclasses import dataclass

from autograd.numerics import np, npt
from nn.choices import checked_generator, checked_rate, checked_size
from nn.datasets import Dataset
from nn.draws import normal

__all__ = ["Standardizer", "augment", "one_hot", "standardize"]

Floats = npt.NDArray[np.float64]


def one_hot(labels: npt.ArrayLike, classes: int | None = None) -> Floats:
    """Class labels as rows with a single 1.

    Arguments:
        labels: one integer for each sample, counted from 0; an array of samples or a column.
        classes: the number of classes; by default the largest label + 1.

    Returns:
        An array, labels × classes.

    Raises:
        ValueError: for a label that is not one of the classes, or several labels for one sample.

    >>> one_hot([0, 2]).tolist()
    [[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]]
    """
    numbers = np.asarray(labels, dtype=float)
    if numbers.ndim == 2 and numbers.shape[1] == 1:
        numbers = numbers[:, 0]
    if numbers.ndim != 1:
        raise ValueError(f"labels must be one class for each sample, not of shape {numbers.shape}")
    count = int(numbers[np.isfinite(numbers)].max(initial=-1.0)) + 1 if classes is None else classes
    wrong = numbers[~((numbers == np.floor(numbers)) & (numbers >= 0) & (numbers < count))]
    if len(wrong):
        raise ValueError(f"a label must be a class, an integer from 0 to {count - 1}, not {wrong[0]}")
    rows: Floats = np.eye(count)[numbers.astype(int)]
    return rows


@dataclass(frozen=True, slots=True)
class Standardizer:
    """The shift and the scale of each column; call it to standardize new samples in the same way.

    Attributes:
        mean: the mean of each column.
        deviation: the standard deviation of each column; 1 if the column is constant.
    """

    mean: Floats
    deviation: Floats

    def __call__(self, X: npt.ArrayLike) -> Floats:
        """Returns (X - mean) / deviation, column by column."""
        standardized: Floats = (np.asarray(X, dtype=float) - self.mean) / self.deviation
        return standardized

    def inverse(self, Z: npt.ArrayLike) -> Floats:
        """Returns standardized samples in their original units."""
        restored: Floats = np.asarray(Z, dtype=float) * self.deviation + self.mean
        return restored


def standardize(X: npt.ArrayLike) -> tuple[Floats, Standardizer]:
    """Shifts and scales each column to mean 0 and standard deviation 1.

    Arguments:
        X: samples × columns, or one column.

    Returns:
        The standardized samples, and the `Standardizer` to apply to others.

    Raises:
        ValueError: if there are no samples.

    >>> Z, standardizer = standardize([[1.0, 10.0], [3.0, 10.0]])
    >>> Z.tolist(), standardizer([[5.0, 10.0]]).tolist()
    ([[-1.0, 0.0], [1.0, 0.0]], [[3.0, 0.0]])
    """
    samples = np.asarray(X, dtype=float)
    if samples.ndim == 0 or samples.size == 0:
        raise ValueError(f"standardize needs an array with at least one sample, not one of shape {samples.shape}")
    deviation = samples.std(axis=0)
    varied = samples.max(axis=0) > samples.min(axis=0)  # the deviation of equal numbers may be a rounding error
    standardizer = Standardizer(np.where(varied, samples.mean(axis=0), samples[0]), np.where(varied, deviation, 1.0))
    return standardizer(samples), standardizer


def augment(X: npt.ArrayLike, y: npt.ArrayLike, *, copies: int = 4, noise: float = 0.1, seed: int = 0) -> Dataset:
    """Adds noisy copies of the samples, with the same targets: data augmentation, to reduce overfitting.

    Arguments:
        X: samples × columns.
        y: a target, or a row of targets, for each sample.
        copies: the number of copies of each sample, 1 or more.
        noise: the standard deviation of the normal noise that is added to each number of a copy.
        seed: a non-negative integer, or a NumPy generator, from which the noise is drawn.

    Returns:
        The samples as they are, then the copies: (copies + 1) · samples rows.

    Raises:
        ValueError: if there are not as many targets as samples, or an option is out of range.

    >>> X, y = augment([[0.0, 1.0]], [1.0], copies=2)
    >>> X.shape, y.tolist()
    ((3, 2), [1.0, 1.0, 1.0])
    """
    samples, targets = np.asarray(X, dtype=float), np.asarray(y, dtype=float)
    if samples.ndim != 2 or targets.ndim == 0 or len(targets) != len(samples):
        raise ValueError(
            f"augment needs samples × columns and as many targets, not shapes {samples.shape} and {targets.shape}"
        )
    repeats = checked_size("copies", copies)
    rng = checked_generator("seed", seed)
    noisy = np.tile(samples, (repeats, 1))
    noisy += normal(rng, checked_rate("noise", noise), noisy.shape)
    return Dataset(np.concatenate([samples, noisy]), np.concatenate([targets] * (repeats + 1)))
