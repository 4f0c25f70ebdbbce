"""The interface of a target, which runs a routine on samples."""

from collections.abc import Collection, Sequence
from typing import Any, Protocol

from autograd.numerics import np, npt

__all__ = ["Floats", "Target", "added", "plus"]

Floats = npt.NDArray[np.float64]


class Target(Protocol):
    """Runs a routine on samples, the columns of an array (inputs × samples), with the same leaves for all of them.

    Leaves may also be a 1-D array.

    Attributes:
        name: the name by which `compile` knows it.
        operations: the primitives that it can run.
    """

    name: str
    operations: Collection[str]

    def one(self, inputs: Sequence[float], leaves: Sequence[float]) -> Floats:
        """Returns the results of one sample."""

    def values(self, inputs: Floats, leaves: Sequence[float]) -> Floats:
        """Returns the results of each sample: results × samples."""

    def sums(self, inputs: Floats, leaves: Sequence[float]) -> tuple[float, Floats]:
        """Returns the sum over the samples of the first result, and of each gradient."""


def added(rows: Sequence[Any] | Floats, samples: int) -> Floats:
    """Returns the sum of each row, without a warning if it is not finite.

    The second half of the rows is added to the first until one number is left: in an order that depends on nothing but
    the number of samples. That of NumPy's own sum may differ between its versions, that of Python's between its own.

    Arguments:
        rows: for each sum, a number for each sample, or one number that is the same for all samples.
        samples: the number of samples, 1 or more.

    >>> added([np.array([1.0, 2.0, 3.0]), 5.0], 3).tolist()
    [6.0, 15.0]
    """
    sums = np.empty((len(rows), samples))
    for index, row in enumerate(rows):
        sums[index] = row
    with np.errstate(all="ignore"):
        while samples > 1:
            half = (samples + 1) // 2
            sums[:, : samples - half] += sums[:, half:samples]
            samples = half
    return sums[:, 0]


def plus(a: Floats, b: Floats) -> Floats:
    """Returns a + b, without a warning if it is not finite."""
    with np.errstate(all="ignore"):
        return np.add(a, b)
