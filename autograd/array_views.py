"""Arrays of objects, seen as arrays of Values whose functions are recorded."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_tuple

from autograd.inspection import inspected
from autograd.node import Node

__all__ = ["as_values", "inspected_array", "object_array", "with_long_axis", "without_recording"]


def as_values(result: Any) -> Any:
    """Views an object array as a `ValueArray` if it contains any Values; returns anything else unchanged.

    An object array of no axes becomes the number in it.
    """
    if not isinstance(result, np.ndarray) or result.dtype != object:
        return result
    if result.shape == ():
        return result if result[()] is None else result[()]  # None is in a new array that is not filled yet
    for element in result.flat:
        if isinstance(element, Node):
            return element._array_of(result)  # type: ignore[attr-defined]  # of Value; importing it would be circular
    return result


def object_array(numbers: Sequence[Any]) -> Any:
    """Returns numbers and Values as an array with one axis."""
    result = np.empty(len(numbers), dtype=object)
    result[:] = numbers
    return result


def inspected_array(x: Any) -> Any:
    """Returns the floats that an array of Values or a Value carries, noted as inspected; other numbers as they are.

    Raises:
        TracingError: if they are not known yet, because a function is being compiled.
    """
    if isinstance(x, Node):
        return inspected(x)
    if not isinstance(x, np.ndarray):
        return x
    if x.dtype != object:
        return np.asarray(x)
    return np.array([inspected(element) for element in x.flat], dtype=float).reshape(x.shape)


def with_long_axis(x: Any, axis: int | tuple[int, ...] | None) -> tuple[Any, tuple[int, ...]]:
    """Returns an array with the elements along some axes in one, the last; and its shape if these axes had length 1."""
    axes = normalize_axis_tuple(range(x.ndim) if axis is None else axis, x.ndim)
    kept = [position for position in range(x.ndim) if position not in axes]
    long = np.transpose(x, (*kept, *axes)).reshape(*(x.shape[position] for position in kept), -1)
    return long, tuple(1 if position in axes else length for position, length in enumerate(x.shape))


def without_recording(function: Any, *arguments: Any, **options: Any) -> Any:
    """Calls NumPy's implementation of one of its functions, which an array of Values would record."""
    types: Any = ()  # so that NumPy offers the call to no other class
    return np.empty(0).__array_function__(function, types, arguments, options)
