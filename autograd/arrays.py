"""NumPy arrays of Values, made from numbers."""

from typing import Any

import numpy as np

from autograd import functions
from autograd.array_numbers import data_of, elements_of, grad_of
from autograd.ufuncs import ValueArray
from autograd.value import Value

__all__ = ["ValueArray", "array", "data_of", "grad_of", "logsumexp"]


def array(values: Any, label: str = "") -> ValueArray:
    """Makes an array of Values from nested lists or an array of numbers and Values.

    Arguments:
        values: numbers become new leaves; Values are kept as they are.
        label: labels the new leaves by their position, counted from 1: "W" makes W11, W12, ...; "" makes no labels.

    Raises:
        TypeError: if an element is neither a number nor a Value.
        ValueError: if the rows have different lengths.

    >>> W = array([[1.0, 2.0], [3.0, 4.0]], "W")
    >>> y = np.maximum(W @ [1.0, 2.0], 0.0).sum()
    >>> y.backward()
    >>> grad_of(W)
    array([[1., 2.],
           [1., 2.]])
    """
    elements = elements_of(values)
    result = np.empty(elements.shape, dtype=object)
    separator = "," if any(size > 9 for size in elements.shape) else ""
    for index in np.ndindex(elements.shape):
        element = elements[index]
        name = label and label + separator.join(str(position + 1) for position in index)
        result[index] = element if isinstance(element, Value) else Value(element, name)
    return result.view(ValueArray)


def logsumexp(values: Any, axis: int | tuple[int, ...] | None = None) -> Any:
    """The logarithm of the sum of exponentials, log Σ exp(x), without overflow.

    Arguments:
        values: an array or nested list of numbers and Values.
        axis: the axes to sum over; None for all.

    Raises:
        ValueError: if there is nothing to sum.

    >>> logsumexp([Value(1000.0), Value(0.0)]).data
    1000.0
    """
    elements = np.asarray(values, dtype=object).view(ValueArray)
    if not elements.size:
        raise ValueError("logsumexp needs at least one number, not an empty array")
    largest = np.maximum.reduce(elements, axis=axis, keepdims=True)
    with np.errstate(all="ignore"):
        largest = functions.detach(functions.select(largest - largest + 1.0, largest, 0.0))  # 0 if it is not finite
        total = functions.log(np.add.reduce(functions.exp(elements - largest), axis=axis))
    return total + (largest.reshape(np.shape(total)) if np.ndim(total) else largest.reshape(-1)[0])
