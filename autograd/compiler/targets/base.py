"""The interface of a target, which runs a routine on samples."""

from collections.abc import Collection, Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

from autograd.compiler.ir.samples import EMPTY_SUM

__all__ = ["Floats", "Target", "added", "plus"]

Floats = npt.NDArray[np.float64]


class Target(Protocol):
    """Runs a routine on samples, the columns of an array (inputs × samples), with the same leaves for all of them.

    Attributes:
        name: the name by which `compile` knows it.
        operations: the primitives that it can run.
    """

    name: str
    operations: Collection[str]

    def values(self, inputs: Floats, leaves: Sequence[float]) -> Floats:
        """Returns the results of each sample: results × samples."""

    def sums(self, inputs: Floats, leaves: Sequence[float]) -> tuple[float, Floats]:
        """Returns the sum over the samples of the first result, and of each gradient."""


def added(numbers: Floats, axis: int) -> Floats:
    """Returns the sums along an axis, without a warning if they are not finite."""
    with np.errstate(all="ignore"):
        return np.asarray(numbers.sum(axis=axis, initial=EMPTY_SUM))


def plus(a: Floats, b: Floats) -> Floats:
    """Returns a + b, without a warning if it is not finite."""
    with np.errstate(all="ignore"):
        return np.add(a, b)
