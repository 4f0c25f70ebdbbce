"""NumPy arrays of Values, whose every universal function is recorded in the graph, element by element."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from autograd import functions
from autograd.value import Value

__all__ = ["ValueArray", "array", "data_of", "grad_of"]

_UFUNCS: dict[str, Callable[..., Any]] = {name: getattr(functions, name) for name in functions.__all__} | {
    "float_power": functions.power,
    "fabs": functions.absolute,
    "positive": lambda x: x,
    "conjugate": lambda x: x,  # np.var and its kin take it of every number that is no float
    "heaviside": lambda x, at_0: _refuse_heaviside(),
    "real": lambda x: x,
    "reciprocal": lambda x: 1.0 / x,
    "square": lambda x: x**2,
}
_NAMES = ", ".join(name for name in _UFUNCS if name != "heaviside")
_AS_NUMPY = {"matmul", "vecdot", "greater", "greater_equal", "less", "less_equal", "equal", "not_equal"}


class ValueArray(np.ndarray[Any, np.dtype[Any]]):
    """An array of Values. `+ - * / ** @`, `np.exp`, `np.maximum` and their like work on it and are recorded.

    A plain object array would compare in `np.maximum`, `np.minimum` and `np.sign`, and cut the graph in silence;
    here every ufunc goes to the function of that name in `autograd.functions`. Made by `array`.
    """

    __array_priority__ = 1.0  # so that joining it with plain arrays gives one of these again

    def __array_ufunc__(self, ufunc: np.ufunc, method: Any, *inputs: Any, **options: Any) -> Any:
        return call_ufunc(ufunc, method, inputs, options)

    def __array_function__(self, function: Any, types: Any, arguments: Any, options: Any) -> Any:
        return call_function(function, arguments, options)


def array(values: Any, label: str = "") -> ValueArray:
    """An array of Values from nested lists or an array of numbers and Values.

    Arguments:
        values: numbers become new leaves; Values stay the nodes they are.
        label: names the new leaves by their place, counted from 1: "W" gives W11, W12, ...; "" leaves them unnamed.

    Raises:
        TypeError: if an element is neither a number nor a Value.
        ValueError: if the rows are not of one length.

    >>> W = array([[1.0, 2.0], [3.0, 4.0]], "W")
    >>> y = np.maximum(W @ [1.0, 2.0], 0.0).sum()
    >>> y.backward()
    >>> grad_of(W)
    array([[1., 2.],
           [1., 2.]])
    """
    elements = np.array(values, dtype=object)
    if any(isinstance(element, (list, tuple, np.ndarray)) for element in elements.flat):
        raise ValueError(f"the rows of an array have one length, but not those of {values!r}")
    result = np.empty(elements.shape, dtype=object)
    separator = "," if any(size > 9 for size in elements.shape) else ""
    for place in np.ndindex(elements.shape):
        element = elements[place]
        name = label and label + separator.join(str(index + 1) for index in place)
        result[place] = element if isinstance(element, Value) else Value(element, name)
    return result.view(ValueArray)


def data_of(values: Any) -> npt.NDArray[np.float64]:
    """The data of an array (or nested list) of Values, as an array of floats of its shape.

    >>> data_of([Value(1.0), Value(2.0)])
    array([1., 2.])
    """
    return _read(values, lambda v: v.data if isinstance(v, Value) else v)


def grad_of(values: Any) -> npt.NDArray[np.float64]:
    """The gradients of an array (or nested list) of Values, as an array of floats of its shape.

    >>> x = array([1.0, 2.0])
    >>> (x**2).sum().backward()
    >>> grad_of(x)
    array([2., 4.])
    """
    return _read(values, lambda v: Value.constant(v).grad)


def call_ufunc(ufunc: np.ufunc, method: str, inputs: Sequence[Any], options: dict[str, Any]) -> Any:
    """A ufunc of Values, or of arrays of them, by the function of that name in `autograd.functions`.

    Raises:
        TypeError: if there is none.
    """
    if ufunc.__name__ not in _AS_NUMPY:
        function = _UFUNCS.get(ufunc.__name__)
        if function is None:
            raise TypeError(
                f"np.{ufunc.__name__} has no derivative rule here; there are {_NAMES}; "
                "for comparisons and logic use data_of(a)"
            )
        numbers = [x if isinstance(x, Value) else functions.real(x) for x in inputs]
        if method == "__call__" and not options and all(number is not None for number in numbers):
            return function(*numbers)
        if method == "__call__" or ufunc.__name__ not in ("add", "multiply"):  # those two reduce as they are
            # None as identity: the order of the elements does not matter, so that several axes reduce at once
            identity = {"identity": None} if ufunc.__name__ in ("maximum", "minimum") else {}
            ufunc = np.frompyfunc(function, ufunc.nin, 1, **identity)
    if "out" in options:
        options["out"] = tuple(_as_plain(x) for x in options["out"])
    with np.errstate(all="ignore"):  # inf and nan are numbers like others, as they are outside of arrays
        return _as_values(getattr(ufunc, method)(*map(_as_plain, inputs), **options))


def call_function(function: Any, arguments: Sequence[Any], options: dict[str, Any]) -> Any:
    """Any other function of NumPy: as for plain arrays, but what holds Values comes back as a `ValueArray`."""
    # A Value goes in as an array, for as a number np.clip and its kin would compare it.
    arguments = tuple(_as_plain(x).view(ValueArray) if isinstance(x, Value) else x for x in arguments)
    options = {name: _as_plain(x).view(ValueArray) if isinstance(x, Value) else x for name, x in options.items()}
    nobody: Any = ()  # of the types of the arguments, none has a say besides NumPy
    result = np.empty(0).__array_function__(function, nobody, arguments, options)
    if isinstance(result, (list, tuple)) and not hasattr(result, "_fields"):
        return type(result)(_as_values(part) for part in result)
    return _as_values(result)


def elementwise(function: Callable[..., Any], *inputs: Any) -> Any:
    """`function` of each element of arrays or lists, which broadcast; an array of floats or of Values."""
    with np.errstate(all="ignore"):
        result = np.frompyfunc(function, len(inputs), 1)(*(np.asarray(x, dtype=object) for x in inputs))
    values = _as_values(result)
    return values if isinstance(values, (ValueArray, Value)) else result.astype(float)


def stack(scalars: Sequence[Any], shape: tuple[int, ...]) -> Any:
    """An array of that shape of floats, or of Values; where the scalars are arrays, their axes follow."""
    if not any(isinstance(scalar, (Value, np.ndarray)) for scalar in scalars):
        return np.array(scalars, dtype=float).reshape(shape)
    if not any(isinstance(scalar, np.ndarray) for scalar in scalars):
        return array(scalars).reshape(shape)
    inner = np.stack(scalars)
    return inner.reshape(shape + inner.shape[1:])


def _refuse_heaviside() -> Any:
    raise TypeError("np.heaviside(a, value_at_0) is not recorded; use autograd.heaviside(a), which is 0 at 0")


def _as_plain(x: Any) -> Any:
    """An array of Values, or a single Value, as an array that NumPy handles by itself."""
    if isinstance(x, ValueArray):
        return x.view(np.ndarray)
    if isinstance(x, np.ndarray) and x.dtype == np.longdouble:  # whose elements would call the ufunc again
        return x.astype(float)
    if not isinstance(x, Value):
        return x
    boxed = np.empty((), dtype=object)
    boxed[()] = x
    return boxed


def _as_values(result: Any) -> Any:
    """An object array as an array of Values, if it holds any."""
    if not isinstance(result, np.ndarray) or result.dtype != object:
        return result
    if not any(isinstance(element, Value) for element in result.flat):
        return result
    return result.view(ValueArray)


def _read(values: Any, number: Callable[[Any], Any]) -> npt.NDArray[np.float64]:
    elements = np.array(values, dtype=object)
    flat: Iterable[float] = (number(element) for element in elements.flat)
    return np.fromiter(flat, dtype=float, count=elements.size).reshape(elements.shape)
