"""The numbers in arrays and nested lists of Values, as arrays of data or of gradients."""

from collections.abc import Callable, Iterable
from typing import Any

from autograd.numerics import np, npt
from autograd.value import Value

__all__ = ["data_of", "elements_of", "grad_of"]


def data_of(values: Any) -> npt.NDArray[np.float64]:
    """Returns the data of an array or nested list of Values and numbers as an array of floats of the same shape.

    Raises:
        TypeError: if an element is neither a number nor a Value.
        ValueError: if the rows have different lengths.

    >>> data_of([Value(1.0), Value(2.0)])
    array([1., 2.])
    """
    return _read(values, lambda v: v if type(v) is float else Value.constant(v).data)


def grad_of(values: Any) -> npt.NDArray[np.float64]:
    """Returns the gradients of an array or nested list of Values as an array of floats of the same shape.

    >>> from autograd import array
    >>> x = array([1.0, 2.0])
    >>> (x**2).sum().backward()
    >>> grad_of(x)
    array([2., 4.])
    """
    return _read(values, lambda v: Value.constant(v).grad)


def _read(values: Any, number: Callable[[Any], Any]) -> npt.NDArray[np.float64]:
    """Returns an array of what `number` returns for each element."""
    elements = elements_of(values)
    flat: Iterable[float] = (number(element) for element in elements.flat)
    return np.fromiter(flat, dtype=float, count=elements.size).reshape(elements.shape)


def elements_of(values: Any) -> npt.NDArray[Any]:
    """Returns the elements of an array or nested lists as an array of objects.

    Raises:
        ValueError: if the rows have different lengths.
    """
    elements = np.array(values, dtype=object)
    if any(isinstance(element, (list, tuple, np.ndarray)) for element in elements.flat):
        raise ValueError(f"the rows of an array must have the same length, unlike those of {values!r}")
    return elements
