"""Applying a function to numbers of any kind: a float, a number with methods of its own, or an array of them."""

import math

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeVar

    F = TypeVar("F", bound=Callable[..., Any])

__all__ = ["FORMULAS", "any_array", "by_formula", "dispatch", "elementwise", "of_any_number", "real"]

FORMULAS: "dict[str, Callable[..., Any]]" = {}
"""The formulas of functions, which compute them for a number that has no method of that name."""


def real(x: "Any") -> "Any":
    """Returns `x` as a number that a graph can carry, or None if it is not one.

    Every real number becomes a `float`: those of Python and NumPy, fractions and decimals, and scalar tensors of other
    libraries. A class of numbers that graphs can carry, such as the symbols of a compiler, says so by the attribute
    `is_autograd_number = True`; it has the arithmetic operators, `select`, and the `PRIMITIVES` without a formula as
    methods.

    >>> from fractions import Fraction
    >>> real(3), real(True), real(Fraction(1, 4)), real("3"), real(1j)
    (3.0, 1.0, 0.25, None, None)
    """
    if isinstance(x, (float, int)):
        return _float(x)
    if getattr(x, "is_autograd_number", None) is True:
        return x
    if not hasattr(type(x), "__float__") or getattr(x, "shape", ()) != () or isinstance(x, (str, bytes, complex)):
        return None
    kind = getattr(getattr(x, "dtype", None), "kind", "f")  # NumPy would also convert dates
    return _float(x) if kind in ("b", "i", "u", "f", "V") else None


def _float(x: "Any") -> "float | None":
    try:
        return float(x)
    except OverflowError:  # an integer or fraction beyond the largest float
        return math.inf if x > 0 else -math.inf
    except (TypeError, ValueError, RuntimeError):  # such as a symbol, or a complex tensor
        return None


def dispatch(function: "Callable[..., Any]", x: "Any", *rest: "Any") -> "Any":
    """Returns `function(x, *rest)` for an x that is not a float: elementwise, by a method or formula, or as a float."""
    if getattr(x, "is_autograd_number", None) is True:
        if not any_array(*rest):
            method = getattr(x, function.__name__, None)
            return method(*rest) if method is not None else FORMULAS[function.__name__](x, *rest)
    elif not any_array(x, *rest):
        number = real(x)
        if type(number) is not float:
            raise TypeError(f"{function.__name__} takes a real number, a Value, or an array of them, not {x!r}")
        return function(number, *rest)
    return elementwise(function, x, *rest)


def any_array(*numbers: "Any") -> bool:
    """Returns whether one of these is an array or a list."""
    for x in numbers:  # `any` with a generator takes twice as long, for every operation of a derivative
        if getattr(x, "is_autograd_number", None) is True:
            continue
        if isinstance(x, (list, tuple)) or getattr(x, "shape", ()) != ():
            return True
    return False


def elementwise(function: "Callable[..., Any]", *numbers: "Any") -> "Any":
    """Applies `function` to each element of arrays or lists, which broadcast; returns an array of floats or Values.

    Raises:
        ImportError: if NumPy is not installed.
    """
    from autograd.numerics import need_numpy, np

    need_numpy(f"{function.__name__} of an array or a list")

    with np.errstate(all="ignore"):
        result = np.frompyfunc(function, len(numbers), 1)(*(np.asarray(x, dtype=object) for x in numbers))
    for element in result.flat:
        if hasattr(element, "_array_of"):  # it is a Value; importing the class of its arrays here would be circular
            return element._array_of(result)
    return result.astype(float)


def by_formula(formula: "F") -> "F":
    """Makes a function from a formula, for every number that has no method of that name (a Value has one)."""
    FORMULAS[formula.__name__] = formula
    return of_any_number(formula)


def of_any_number(of_floats: "F") -> "F":
    """Makes a function of any numbers, or of arrays of them, from one of floats."""
    name = of_floats.__name__

    def function(x: "Any", *rest: "Any") -> "Any":
        if type(x) is not float:
            return dispatch(function, x, *rest)
        if rest:
            if any_array(*rest):
                return elementwise(function, x, *rest)
            for other in rest:
                if getattr(other, "is_autograd_number", None) is True:
                    if hasattr(other, "constant") and hasattr(type(other), name):  # x becomes a number of that kind
                        return getattr(other.constant(x), name)(*rest)
                    return FORMULAS[name](x, *rest)
        return of_floats(x, *rest)

    function.__name__ = function.__qualname__ = name
    function.__module__ = of_floats.__module__  # where pickle looks for it
    function.__doc__ = of_floats.__doc__
    function.__wrapped__ = of_floats  # type: ignore[attr-defined]  # where help() reads the parameters
    return function  # type: ignore[return-value]
