"""NumPy's functions on Values and on arrays of them, recorded in the graph element by element."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograd import functions
from autograd.array_views import as_values, inspected_array, without_recording
from autograd.node import Node
from autograd.numpy_functions import OWN, REFUSED
from autograd.scipy_functions import SCIPY, unless_nan
from autograd.suggestions import nearest
from autograd.unsupported import UnsupportedError

__all__ = ["ValueArray", "call_function", "call_ufunc", "stack"]

_LOG_OF_2 = 0.6931471805599453
_LARGEST = 1.7976931348623157e308


def _clip(x: Any, low: Any, high: Any) -> Any:
    if isinstance(low, Node) or isinstance(high, Node):
        return functions.minimum(functions.maximum(x, low), high)
    return functions.clip(x, low, high)


def _heaviside(x: Any, at_0: Any) -> Any:
    return unless_nan(x, functions.select(x, 1.0, functions.select(-x, 0.0, at_0)))


def _fmax(a: Any, b: Any) -> Any:
    return functions.select(a * a + 1.0, functions.select(b * b + 1.0, functions.maximum(a, b), a), b)


def _fmin(a: Any, b: Any) -> Any:
    return functions.select(a * a + 1.0, functions.select(b * b + 1.0, functions.minimum(a, b), a), b)


def _logaddexp2(a: Any, b: Any) -> Any:
    return functions.logaddexp(a * _LOG_OF_2, b * _LOG_OF_2) / _LOG_OF_2


def _modf(x: Any) -> tuple[Any, Any]:
    fraction = functions.select(functions.absolute(x) - _LARGEST, functions.copysign(0.0, x), functions.fmod(x, 1.0))
    return fraction, functions.trunc(x)


def _ldexp(x: Any, exponent: Any) -> Any:
    half = int(exponent) // 2  # in two steps, because 2 to the exponent may overflow where the result does not
    return x * 2.0**half * 2.0 ** (int(exponent) - half)


_UFUNCS: dict[str, Callable[..., Any]] = {
    **{name: getattr(functions, name) for name in functions.__all__},
    **SCIPY,
    "clip": _clip,
    "conjugate": lambda x: x,  # np.var and similar functions call it on every element that is not a float
    "deg2rad": functions.radians,
    "divmod": lambda a, b: (functions.floor_divide(a, b), functions.remainder(a, b)),
    "fabs": functions.absolute,
    "float_power": functions.power,
    "fmax": _fmax,
    "fmin": _fmin,
    "heaviside": _heaviside,
    "imag": lambda x: 0.0,
    "ldexp": _ldexp,
    "logaddexp2": _logaddexp2,
    "modf": _modf,
    "positive": lambda x: x,
    "rad2deg": functions.degrees,
    "real": lambda x: x,
    "reciprocal": functions.reciprocal,
    "rint": functions.round,
    "square": functions.square,
}
_AS_NUMPY = {
    *("equal", "greater", "greater_equal", "less", "less_equal", "not_equal"),
    *("matmul", "matvec", "vecdot", "vecmat"),
}
_ON_PLAIN_NUMBERS = {"isfinite", "isinf", "isnan", "logical_and", "logical_not", "logical_or", "logical_xor", "signbit"}


class ValueArray(np.ndarray[Any, np.dtype[Any]]):
    """An array of Values. The operators `+ - * / ** @`, `np.exp`, `np.maximum` and similar functions are recorded.

    On a plain object array, `np.maximum`, `np.minimum` and `np.sign` would compare the elements, which would silently
    cut the graph. Here every ufunc is replaced by the function of the same name in `autograd.functions`.
    `autograd.array` makes such an array.

    `np.linalg.norm` and `np.std` are not differentiable at 0; their gradient there is 0.
    """

    __array_priority__ = 1.0  # so that joining it with plain arrays returns a ValueArray

    def __array_ufunc__(self, ufunc: np.ufunc, method: Any, *inputs: Any, **options: Any) -> Any:
        return call_ufunc(ufunc, method, inputs, options)

    def __array_function__(self, function: Any, types: Any, arguments: Any, options: Any) -> Any:
        return call_function(function, arguments, options)

    def std(self, *arguments: Any, **options: Any) -> Any:
        """Computes `np.std`, whose gradient at 0 is 0."""
        return np.std(self, *arguments, **options)


def call_ufunc(ufunc: np.ufunc, method: str, inputs: Sequence[Any], options: dict[str, Any]) -> Any:
    """Applies a ufunc to Values, or to arrays of them, as the function of the same name in `autograd.functions`.

    Raises:
        TypeError: if there is no such function.
    """
    name = ufunc.__name__
    if method == "__call__" and not options and name in _UFUNCS:
        numbers = [x if isinstance(x, Node) else functions.real(x) for x in inputs]
        if all(number is not None for number in numbers):
            return _UFUNCS[name](*numbers)
    given = options.get("out", ())
    if given:
        options["out"] = tuple(map(_as_plain, given))
    if name in _ON_PLAIN_NUMBERS or all(map(_is_plain, inputs)):
        return getattr(ufunc, method)(*map(inspected_array, inputs), **options)
    if name not in _AS_NUMPY and not _is_made_of_python(ufunc):
        ufunc = _recorded(ufunc, method, options)
    with np.errstate(all="ignore"):  # inf and nan are ordinary numbers, as they are outside of arrays
        result = getattr(ufunc, method)(*map(_as_plain, inputs), **options)
    if len(given) == 1 and given[0] is not None:  # an array, also without axes: `np.round` writes to it again
        return given[0] if isinstance(given[0], ValueArray) else given[0].view(ValueArray)
    return tuple(map(as_values, result)) if isinstance(result, tuple) else as_values(result)


def _recorded(ufunc: np.ufunc, method: str, options: dict[str, Any]) -> Any:
    """Returns the ufunc that applies our function to each element, and adapts the options to it."""
    name = ufunc.__name__
    _check_types(name, options)
    if name not in _UFUNCS:
        raise _unsupported(name, "has no derivative rule", ufunc)
    if method == "__call__" or name not in ("add", "multiply"):  # NumPy itself can reduce with these two
        # identity=None declares that the order of elements does not matter, so that several axes reduce at once
        identity = {"identity": None} if name in ("maximum", "minimum") else {}
        return np.frompyfunc(_UFUNCS[name], ufunc.nin, ufunc.nout, **identity)
    if method == "reduce" and options.get("where", True) is not True:
        options.setdefault("initial", ufunc.identity)  # of objects, NumPy knows none
    return ufunc


def _is_made_of_python(ufunc: np.ufunc) -> bool:
    """Whether it is a function that `np.vectorize` or `np.frompyfunc` made a ufunc of."""
    return ufunc.types == [f"{'O' * ufunc.nin}->{'O' * ufunc.nout}"]


def call_function(function: Any, arguments: Sequence[Any], options: dict[str, Any]) -> Any:
    """Applies any other NumPy function, as to plain arrays; a result that contains Values is a `ValueArray`.

    Raises:
        UnsupportedError: if it cannot be applied to Values.
    """
    # A Value is passed as an array: np.clip and similar functions would compare a single number.
    arguments = tuple(_as_plain(x).view(ValueArray) if isinstance(x, Node) else x for x in arguments)
    options = {name: _as_plain(x).view(ValueArray) if isinstance(x, Node) else x for name, x in options.items()}
    name = f"{function.__module__.removeprefix('numpy').lstrip('.')}.{function.__name__}".lstrip(".")
    if name in REFUSED:
        raise _unsupported(name, REFUSED[name])
    if name in OWN:
        with np.errstate(all="ignore"):
            return as_values(OWN[name](*arguments, **options))
    try:
        result = without_recording(function, *arguments, **options)
    except (AttributeError, TypeError) as error:
        if type(error).__module__.partition(".")[0] not in ("builtins", "numpy"):
            raise  # such as our own, or that of a compiler about a number that it does not know
        raise _unsupported(name, f"cannot be applied to Values: {error}") from error
    if isinstance(result, (list, tuple)) and not hasattr(result, "_fields"):
        return type(result)(as_values(element) for element in result)
    return as_values(result)


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


def _check_types(name: str, options: dict[str, Any]) -> None:
    """Removes the `dtype` of floats from the options, which is that of Values; refuses any other, and arrays of it.

    Raises:
        UnsupportedError: for a type of numbers that Values do not carry.
    """
    dtype = options.get("dtype")
    if dtype is not None and np.dtype(dtype) not in (np.float64, np.object_):
        raise UnsupportedError(
            f"np.{name} of Values computes floats of 64 bits, not {np.dtype(dtype)}; leave dtype out"
        )
    options.pop("dtype", None)
    for out in options.get("out", ()):
        if out is not None and out.dtype != object:
            raise UnsupportedError(
                f"np.{name} cannot write Values to an array of {out.dtype}; use the array that it returns"
            )


def _unsupported(name: str, why: str, ufunc: np.ufunc | None = None) -> UnsupportedError:
    """The error for a function of NumPy, or for a ufunc of another library."""
    if ufunc is not None and getattr(np, name, None) is not ufunc:
        return UnsupportedError(f"the ufunc {name} {why}; write it with functions that have derivatives")
    near = nearest(name, _UFUNCS.keys() - SCIPY.keys())
    suggestion = f"use np.{near}, " if near and near != name else ""
    return UnsupportedError(
        f"np.{name} {why}; {suggestion}write it with functions that have derivatives, or, if it needs none, apply it "
        "to data_of(a)"
    )


def _is_plain(x: Any) -> bool:
    """Whether there is no Value in x, such as in the array of indices that `np.argsort` of Values returns."""
    return isinstance(x, (float, int)) or (isinstance(x, (np.generic, np.ndarray)) and x.dtype != object)


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
