"""The numbers of many samples in arrays of any strides, which machine code reads and writes where they are."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any, Protocol, runtime_checkable

from autograd.compiler.targets.base import Floats
from autograd.numerics import np, npt

__all__ = ["ReadsRows", "Rows", "rows_of"]

_NUMBER = 8  # bytes
_FEW = 8  # arrays
_SHORT = 512  # samples


class Rows:
    """Rows of numbers, one number of each for every sample: all numbers of the first array, then those of the next.

    Arguments:
        arrays: arrays of doubles with the samples along the first axis, all of the same length.
        words: what `words` returns for them, if that is known.

    >>> Rows([np.array([1.0, 2.0]), np.array([[3.0, 5.0], [4.0, 6.0]])]).table.tolist()
    [[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]
    """

    def __init__(self, arrays: Sequence[Floats], words: "npt.NDArray[np.int64] | None" = None) -> None:
        self.arrays = arrays
        self._known = words
        self.count = len(arrays[0]) if arrays else 0

    @cached_property
    def table(self) -> Floats:
        """An array of all of them: rows × samples."""
        if all(array.ndim == 1 for array in self.arrays):
            return np.array(self.arrays)
        return np.concatenate([array.reshape(self.count, -1).T for array in self.arrays])

    @property
    def gathered(self) -> "Rows":
        """The same numbers to read: copied, if that takes less time than to find out where so many arrays are."""
        many_short = len(self.arrays) > _FEW and self.count < _SHORT
        return Rows([self.table.T]) if many_short and self._known is None else self

    @property
    def size(self) -> int:
        """The number of bytes of all rows."""
        return sum(array.nbytes for array in self.arrays)

    def words(self, streamed: bool = False) -> "npt.NDArray[np.int64]":
        """Returns the three words for each row, as `autograd.compiler.llvm.tiles` reads them.

        Arguments:
            streamed: whether rows are written past the caches.
        """
        if self._known is not None and not streamed:
            return self._known
        of_arrays = [_words(array) for array in self.arrays]
        words = of_arrays[0] if len(of_arrays) == 1 else np.concatenate(of_arrays)
        if streamed:
            words[words[:, 0] % 16 == 0, 2] *= 2
        return words

    def assign(self, table: Floats) -> None:
        """Sets the numbers to those of an array, rows × samples."""
        row = 0
        for array in self.arrays:
            rows = array[0].size
            array[...] = table[row : row + rows].T.reshape(array.shape)
            row += rows

    def may_be_read_while_written(self, others: "Rows") -> bool:
        """Whether every number here that shares memory with one of the others does so with those of the same sample."""
        pairs = ((a, b) for a in self.arrays for b in others.arrays if np.may_share_memory(a, b))
        return all(a.strides == b.strides and a.shape == b.shape and _start(a) == _start(b) for a, b in pairs)


@runtime_checkable
class ReadsRows(Protocol):
    """A target that reads and writes numbers where they are; see `Target`."""

    def numbers(self, leaves: Sequence[Any]) -> Floats | None:
        """Returns the `data` of Values; None if one of them is not a float or an integer."""

    def columns(self, arrays: tuple[Any, ...]) -> Rows | None:
        """Returns the same as `rows_of`, in less time."""

    def values(self, inputs: Rows, leaves: Sequence[float] | Floats) -> Floats:
        """Returns the results of each sample: results × samples."""

    def store(self, inputs: Rows, leaves: Sequence[float] | Floats, outputs: Rows) -> None:
        """Stores the results of each sample in rows of `outputs`."""

    def totals(self, inputs: Rows, leaves: Sequence[float] | Floats) -> Floats:
        """Returns the sums over the samples of the first result and of each gradient, in one array."""


def rows_of(arrays: Sequence[Any]) -> Rows | None:
    """Returns aligned arrays of doubles, each with one axis, all of one length, as rows; None for anything else."""
    if set(map(type, arrays)) != {np.ndarray} or arrays[0].ndim != 1 or not arrays[0].size:
        return None
    fit = all(array.shape == arrays[0].shape and array.dtype == float and array.flags.aligned for array in arrays)
    return Rows(arrays) if fit else None


def _start(array: Floats) -> int:
    return int(array.__array_interface__["data"][0])


def _words(array: Floats) -> "npt.NDArray[np.int64]":
    places: Any = _start(array)
    for length, distance in zip(array.shape[1:], array.strides[1:], strict=True):
        places = np.add.outer(places, np.arange(length) * distance)
    words = np.empty((np.size(places), 3), np.int64)
    words[:, 0], words[:, 1], words[:, 2] = np.ravel(places), array.strides[0], array.strides[0] == _NUMBER
    return words
