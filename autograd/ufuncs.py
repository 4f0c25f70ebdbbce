"""NumPy's functions on Values and on arrays of them, recorded in the graph element by element."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograd import functions
from autograd.node import Node
from autograd.suggestions import nearest

__all__ = ["ValueArray", "call_function", "call_ufunc", "stack"]

_UFUNCS: dict[str, Callable[..., Any]] = {name: getattr(functions, name) for name in functions.__all__} | {
    "float_power": functions.power,
    "fabs": functions.absolute,
    "positive": lambda x: x,
    "conjugate": lambda x: x,  # np.var and similar functions call it on every element that is not a float
    "heaviside": lambda x, at_0: _refuse_heaviside(),
    "real": lambda x: x,
    "rint": functions.round,
    "deg2rad": functions.radians,
    "rad2deg": functions.degrees,
    "divmod": lambda a, b: (functions.floor_divide(a, b), functions.remainder(a, b)),
    "reciprocal": functions.reciprocal,
    "square": functions.square,
}
_SILENT = {np.nan_to_num}  # functions that return an array of objects as it is
_AS_NUMPY = {"matmul", "vecdot", "greater", "greater_equal", "less", "less_equal", "equal", "not_equal"}


class ValueArray(np.ndarray[Any, np.dtype[Any]]):
    """An array of Values. The operators `+ - * / ** @`, `np.exp`, `np.maximum` and similar functions are recorded.

    On a plain object array, `np.maximum`, `np.minimum` and `np.sign` would compare the elements, which would silently
    cut the graph. Here every ufunc is replaced by the function of the same name in `autograd.functions`.
    `autograd.array` makes such an array.

    `np.linalg.norm` is not differentiable at 0; its gradient there is 0, as in PyTorch.
    """

    __array_priority__ = 1.0  # so that joining it with plain arrays returns a ValueArray

    def __array_ufunc__(self, ufunc: np.ufunc, method: Any, *inputs: Any, **options: Any) -> Any:
        return call_ufunc(ufunc, method, inputs, options)

    def __array_function__(self, function: Any, types: Any, arguments: Any, options: Any) -> Any:
        return call_function(function, arguments, options)


def call_ufunc(ufunc: np.ufunc, method: str, inputs: Sequence[Any], options: dict[str, Any]) -> Any:
    """Applies a ufunc to Values, or to arrays of them, as the function of the same name in `autograd.functions`.

    Raises:
        TypeError: if there is no such function.
    """
    made_of_python = ufunc.types == [f"{'O' * ufunc.nin}->{'O' * ufunc.nout}"]  # by np.vectorize or np.frompyfunc
    if ufunc.__name__ not in _AS_NUMPY and not made_of_python:
        function = _UFUNCS.get(ufunc.__name__)
        if function is None:
            raise _unsupported(ufunc.__name__, "has no derivative rule")
        numbers = [x if isinstance(x, Node) else functions.real(x) for x in inputs]
        if method == "__call__" and not options and all(number is not None for number in numbers):
            return function(*numbers)
        if method == "__call__" or ufunc.__name__ not in ("add", "multiply"):  # NumPy itself can reduce with these two
            # identity=None declares that the order of elements does not matter, so that several axes reduce at once
            identity = {"identity": None} if ufunc.__name__ in ("maximum", "minimum") else {}
            ufunc = np.frompyfunc(function, ufunc.nin, ufunc.nout, **identity)
    if "out" in options:
        options["out"] = tuple(_as_plain(x) for x in options["out"])
    with np.errstate(all="ignore"):  # inf and nan are ordinary numbers, as they are outside of arrays
        result = getattr(ufunc, method)(*map(_as_plain, inputs), **options)
    return tuple(map(_as_values, result)) if isinstance(result, tuple) else _as_values(result)


def call_function(function: Any, arguments: Sequence[Any], options: dict[str, Any]) -> Any:
    """Applies any other NumPy function, as to plain arrays; a result that contains Values is a `ValueArray`."""
    # A Value is passed as an array: np.clip and similar functions would compare a single number.
    arguments = tuple(_as_plain(x).view(ValueArray) if isinstance(x, Node) else x for x in arguments)
    options = {name: _as_plain(x).view(ValueArray) if isinstance(x, Node) else x for name, x in options.items()}
    if function is np.linalg.norm:
        from autograd.norms import norm

        return _as_values(norm(np.asanyarray(arguments[0]).view(ValueArray), *arguments[1:], **options))
    name = f"{function.__module__.removeprefix('numpy').lstrip('.')}.{function.__name__}".lstrip(".")
    if function in _SILENT:
        raise _unsupported(name, "would look at no Value")
    no_types: Any = ()  # so that NumPy offers the call to no other class
    try:
        result = np.empty(0).__array_function__(function, no_types, arguments, options)
    except UnsupportedError:
        raise
    except (AttributeError, TypeError) as error:
        raise _unsupported(name, f"cannot be applied to Values: {error}") from error
    if isinstance(result, (list, tuple)) and not hasattr(result, "_fields"):
        return type(result)(_as_values(element) for element in result)
    return _as_values(result)


def stack(scalars: Sequence[Any], shape: tuple[int, ...]) -> Any:
    """Returns an array of floats, flags or Values with this shape; if the scalars are arrays, their axes come last."""
    if any(isinstance(scalar, np.ndarray) for scalar in scalars):
        inner = np.stack(scalars)
        return inner.reshape(shape + inner.shape[1:])
    if not any(isinstance(scalar, Node) for scalar in scalars):
        flags = bool(scalars) and all(type(scalar) is bool for scalar in scalars)
        return np.array(scalars, dtype=bool if flags else float).reshape(shape)
    elements = np.empty(len(scalars), dtype=object)
    elements[:] = scalars
    return elements.reshape(shape).view(ValueArray)


class UnsupportedError(TypeError):
    """Raised for a function of NumPy that cannot be recorded."""


def _unsupported(name: str, why: str) -> UnsupportedError:
    near = nearest(name, _UFUNCS)
    suggestion = f"use np.{near}, " if near and near != name else ""
    return UnsupportedError(
        f"np.{name} {why}; {suggestion}write it with functions that have derivatives, or, if it needs none, apply it "
        "to data_of(a)"
    )


def _refuse_heaviside() -> Any:
    raise UnsupportedError(
        "np.heaviside(a, value_at_0) is not supported; use autograd.heaviside(a), whose value at 0 is 0"
    )


def _as_plain(x: Any) -> Any:
    """Converts an array of Values, or a single Value, to an array that NumPy handles without calling us."""
    if isinstance(x, ValueArray):
        return x.view(np.ndarray)
    if isinstance(x, np.ndarray) and x.dtype == np.longdouble:  # its elements would call the ufunc again
        return x.astype(float)
    if not isinstance(x, Node):
        return x
    boxed = np.empty((), dtype=object)
    boxed[()] = x
    return boxed


def _as_values(result: Any) -> Any:
    """Views an object array as a `ValueArray` if it contains any Values; returns anything else unchanged."""
    if not isinstance(result, np.ndarray) or result.dtype != object:
        return result
    if result.shape == ():
        return result[()]
    if not any(isinstance(element, Node) for element in result.flat):
        return result
    return result.view(ValueArray)
