"""The functions of NumPy's that this package uses, on its own arrays: results equal NumPy's to the bit."""

import math
import operator
from array import array as packed
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import reduce
from itertools import accumulate, product
from typing import Any

from autograd.without_numpy.arrays import array, asarray, broadcast_to, elementwise, ndarray, rounded
from autograd.without_numpy.types import common

__all__ = [
    "absolute",
    "add",
    "all_of",
    "arange",
    "argwhere",
    "array_equal",
    "ascontiguousarray",
    "choose",
    "column_stack",
    "concatenate",
    "copyto",
    "count_nonzero",
    "einsum",
    "empty",
    "errstate",
    "eye",
    "floor",
    "frombuffer",
    "fromiter",
    "full",
    "hstack",
    "isfinite",
    "isin",
    "isnan",
    "linspace",
    "maximum",
    "may_share_memory",
    "mean",
    "minimum",
    "ndindex",
    "ones",
    "ones_like",
    "repeat",
    "rint",
    "shape_of",
    "sqrt",
    "sum_of",
    "tile",
    "unique",
    "where",
    "zeros",
]

Shape = int | tuple[int, ...]


def fromiter(numbers: Iterator[Any], dtype: Any, count: int) -> ndarray:
    """An array of what an iterator yields."""
    return array(list(numbers), dtype)


def full(shape: Shape, number: Any, dtype: Any = None) -> ndarray:
    """An array of equal numbers."""
    return array(broadcast_to(array(number, dtype), shape))


def zeros(shape: Shape, dtype: Any = float) -> ndarray:
    """An array of zeros."""
    return full(shape, 0, dtype)


def ones(shape: Shape, dtype: Any = float) -> ndarray:
    """An array of ones."""
    return full(shape, 1, dtype)


empty = zeros


def ones_like(given: ndarray) -> ndarray:
    """An array of ones, of the shape and type of another."""
    return ones(given.shape, given.dtype)


def eye(count: int) -> ndarray:
    """The identity matrix."""
    return array([[float(row == column) for column in range(count)] for row in range(count)]).reshape(count, count)


def arange(start: int, stop: int | None = None, step: int = 1, dtype: Any = int) -> ndarray:
    """Integers from start to stop, without the latter; with one argument, from 0."""
    return array(range(start, stop, step) if stop is not None else range(start), dtype)


def linspace(start: float, stop: float, count: int) -> ndarray:
    """Numbers that are evenly spaced, with both ends."""
    if count == 1:
        return array([float(start)])
    step = (stop - start) / (count - 1)
    return array([*(index * step + start for index in range(count - 1)), float(stop)])


def frombuffer(content: Any) -> ndarray:
    """The doubles in a buffer."""
    return array(packed("d", bytes(content)))


def ascontiguousarray(given: Any) -> ndarray:
    """The array."""
    return asarray(given)


def copyto(to: ndarray, given: Any) -> None:
    """Assigns numbers to an array."""
    to[...] = given


def concatenate(given: Sequence[Any], axis: int = 0) -> ndarray:
    """Arrays one after the other, along the first axis, or the second of two."""
    arrays = [asarray(one) for one in given]
    if axis:
        return concatenate([one.T for one in arrays]).T
    lengths = {one.shape[1:] for one in arrays}
    if len(lengths) != 1:
        raise ValueError(f"all the input array dimensions except for the first must match, not {sorted(lengths)}")
    dtype = common(one.dtype for one in arrays)
    items = [item for one in arrays for item in one.flat]
    count = len(items) // max(math.prod(*lengths), 1) if items else 0
    return array(ndarray((count, *lengths.pop()), items, object), dtype)


def hstack(given: Sequence[Any]) -> ndarray:
    """Arrays next to each other."""
    arrays = [asarray(one) for one in given]
    return concatenate(arrays, axis=arrays[0].ndim - 1)


def column_stack(given: Sequence[Any]) -> ndarray:
    """Columns, and arrays of two axes, next to each other."""
    return hstack([one[:, None] if one.ndim == 1 else one for one in map(asarray, given)])


def tile(given: ndarray, times: tuple[int, int]) -> ndarray:
    """An array, several times below each other; only (times, 1) is supported."""
    row = given if given.ndim == 2 else given[None]
    return concatenate([row] * times[0])


def repeat(given: ndarray, times: int, axis: int | None = None) -> ndarray:
    """Each item several times, or, for `axis` 1, each column."""
    if axis is None:
        return array([item for item in given.flat for _ in range(times)], given.dtype)
    return repeat(given, times).reshape(*given.shape[:-1], given.shape[-1] * times)


def shape_of(given: Any) -> tuple[int, ...]:
    """The shape of an array or of nested sequences."""
    return asarray(given).shape


def ndindex(lengths: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    """The indices of an array, row by row."""
    return product(*map(range, lengths))


def where(chosen: Any, a: Any, b: Any) -> Any:
    """For each item of a mask one of two items."""
    return elementwise(lambda first, x, y: x if first else y, chosen, a, b)


def choose(chosen: ndarray, choices: Sequence[Any]) -> Any:
    """For each index an item of the choice with that index."""
    return elementwise(lambda index, *items: items[index], chosen, *choices)


def maximum(a: Any, b: Any) -> Any:
    """The larger of two numbers; nan if one is nan."""
    return elementwise(lambda x, y: x if x >= y or x != x else y, a, b)


def minimum(a: Any, b: Any) -> Any:
    """The smaller of two numbers; nan if one is nan."""
    return elementwise(lambda x, y: x if x <= y or x != x else y, a, b)


def isfinite(given: Any) -> Any:
    """Whether a number is neither inf nor nan."""
    return elementwise(math.isfinite, given)


def isnan(given: Any) -> Any:
    """Whether a number is nan."""
    return elementwise(math.isnan, given)


def isin(given: Any, found: Any) -> Any:
    """Whether an item is one of some others."""
    items = asarray(found).flat
    return elementwise(items.__contains__, given)


def floor(given: Any) -> Any:
    """The largest integer that is not larger."""
    return elementwise(lambda x: math.copysign(math.floor(x), x) if math.isfinite(x) else x, given)


def rint(given: Any) -> Any:
    """A number rounded to an integer, half to even."""
    return elementwise(rounded, given)


def sqrt(given: Any) -> Any:
    """The square root."""
    return elementwise(math.sqrt, given)


def absolute(given: Any) -> Any:
    """The absolute value."""
    return elementwise(math.fabs, given)


def sum_of(given: Any) -> Any:
    """The sum of all numbers."""
    return asarray(given).sum()


def mean(given: Any) -> Any:
    """The mean of all numbers."""
    return asarray(given).mean()


def all_of(given: Any) -> bool:
    """Whether all items are true."""
    return bool(asarray(given).all())


def count_nonzero(given: Any) -> int:
    """The number of items that are true."""
    return len([item for item in asarray(given).flat if item])


def argwhere(given: ndarray) -> ndarray:
    """The indices of the items that are true."""
    found = [index for index, item in zip(ndindex(given.shape), given.flat, strict=True) if item]
    return array([place for index in found for place in index], int).reshape(len(found), given.ndim)


def array_equal(a: Any, b: Any) -> bool:
    """Whether two arrays have the same shape and numbers."""
    x, y = asarray(a), asarray(b)
    return x.shape == y.shape and x.flat == y.flat


def unique(given: ndarray, return_inverse: bool) -> tuple[ndarray, ndarray]:
    """The different numbers, in ascending order, and for each item the index of its number."""
    numbers = sorted(set(given.flat))
    return array(numbers), array([numbers.index(item) for item in given.flat])


class _Add:
    """Addition, with the methods of NumPy's ufunc."""

    def __call__(self, a: Any, b: Any) -> Any:
        return elementwise(operator.add, a, b)

    def accumulate(self, given: ndarray, axis: int) -> ndarray:
        """The sums along each row so far; `axis` must be 1."""
        return array([list(accumulate(row)) for row in given.tolist()]).reshape(*given.shape)

    def at(self, to: ndarray, indices: tuple[ndarray, ndarray], number: float) -> None:
        """Adds a number to items of an array, as often as their indices occur."""
        for row, column in zip(*(index.tolist() for index in indices), strict=True):
            to[row, column] += number


add = _Add()


def einsum(subscripts: str, a: ndarray, b: ndarray) -> Any:
    """The sums of products down the first axis, "i...,i...->...", which is all that this package needs."""
    if subscripts != "i...,i...->...":
        raise NotImplementedError(f"einsum knows only 'i...,i...->...' without NumPy, not {subscripts!r}")
    return reduce(add, a * b)


def errstate(**options: str) -> AbstractContextManager[None]:
    """Does nothing, because Python's numbers warn of nothing."""
    return nullcontext()


def may_share_memory(a: ndarray, b: ndarray) -> bool:
    """Whether what changes in one array may change in another."""
    return a is b
