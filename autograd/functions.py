"""Functions of any number: a float, a Value, an array of them, or any class of numbers that has the methods.

`tanh(x)` is IEEE 754 arithmetic on a float, a recorded operation on a `Value`, an instruction on a symbol, and
applies to each element of an array or a list. Python's own `math`, `/` and `**` raise an exception at the edges
(`math.log(0.0)`) or leave the real numbers (`(-8.0) ** 0.5`); these return -inf, inf and nan, as every compiled
target does, so that nothing raises in the middle of a graph.

The names are NumPy's. Each is also the name of the operation that a `Value` records (`value.op`), so rerunning a graph
on other leaves or numbers means looking up its operations here.
"""

import math
from operator import add, mul as multiply, neg as negative, sub as subtract

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeVar

    F = TypeVar("F", bound=Callable[..., Any])

__all__ = [
    "absolute",
    "add",
    "clip",
    "cos",
    "detach",
    "divide",
    "exp",
    "expm1",
    "heaviside",
    "leaky_relu",
    "log",
    "log1p",
    "maximum",
    "minimum",
    "multiply",
    "negative",
    "power",
    "relu",
    "select",
    "sigmoid",
    "sign",
    "sin",
    "softplus",
    "sqrt",
    "subtract",
    "tanh",
]  # every operation that a Value records

PRIMITIVES = (
    "add",
    "subtract",
    "multiply",
    "divide",
    "negative",
    "power",
    "select",
    "absolute",
    "exp",
    "log",
    "log1p",
    "expm1",
    "sqrt",
    "sin",
    "cos",
    "tanh",
    "sigmoid",
    "softplus",
)
"""The operations that programs consist of; all others are composed from these. Every target runs all of them."""

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


def _dispatch(function: "Callable[..., Any]", x: "Any", *rest: "Any") -> "Any":
    """Returns `function(x, *rest)` for an x that is not a float: elementwise, by a method or formula, or as a float."""
    if getattr(x, "is_autograd_number", None) is True:
        if not _any_array(*rest):
            method = getattr(x, function.__name__, None)
            return method(*rest) if method is not None else FORMULAS[function.__name__](x, *rest)
    elif not _any_array(x, *rest):
        number = real(x)
        if type(number) is not float:
            raise TypeError(f"{function.__name__} takes a real number, a Value, or an array of them, not {x!r}")
        return function(number, *rest)
    return _elementwise(function, x, *rest)


def _any_array(*numbers: "Any") -> bool:
    for x in numbers:  # noqa: SIM110 - `any` with a generator takes twice as long, for every operation of a derivative
        if isinstance(x, (list, tuple)) or getattr(x, "shape", ()) != ():
            return True
    return False


def _elementwise(function: "Callable[..., Any]", *numbers: "Any") -> "Any":
    """Applies `function` to each element of arrays or lists, which broadcast; returns an array of floats or Values."""
    import numpy as np

    with np.errstate(all="ignore"):
        result = np.frompyfunc(function, len(numbers), 1)(*(np.asarray(x, dtype=object) for x in numbers))
    for element in result.flat:
        if hasattr(element, "_array_of"):  # it is a Value; importing the class of its arrays here would be circular
            return element._array_of(result)
    return result.astype(float)


def c_name(name: str) -> str:
    """Returns the name that C's math library and JavaScript's Math have for a function with this name in NumPy.

    >>> c_name("arctan2"), c_name("tanh")
    ('atan2', 'tanh')
    """
    return {"power": "pow", "absolute": "fabs"}.get(name) or name.replace("arc", "a")


# Elementary functions: IEEE 754 arithmetic on floats, otherwise the number's own method.


def exp(x: "Any") -> "Any":
    """Exponential function eˣ; inf on overflow.

    >>> exp(0.0), exp(1000.0)
    (1.0, inf)
    """
    if type(x) is float:
        try:
            return math.exp(x)
        except OverflowError:
            return math.inf
    return _dispatch(exp, x)


def log(x: "Any") -> "Any":
    """Natural logarithm; log(0) is -inf, and the logarithm of a negative number is nan.

    >>> log(1.0), log(0.0), log(-1.0)
    (0.0, -inf, nan)
    """
    if type(x) is float:
        try:
            return math.log(x)
        except ValueError:
            return -math.inf if x == 0.0 else math.nan
    return _dispatch(log, x)


def log1p(x: "Any") -> "Any":
    """log(1 + x), accurate for small x; -inf at -1, nan below.

    >>> log1p(1e-20), log1p(-1.0)
    (1e-20, -inf)
    """
    if type(x) is float:
        try:
            return math.log1p(x)
        except ValueError:
            return -math.inf if x == -1.0 else math.nan
    return _dispatch(log1p, x)


def expm1(x: "Any") -> "Any":
    """eˣ - 1, accurate for small x; inf on overflow.

    >>> expm1(1e-20), expm1(1000.0)
    (1e-20, inf)
    """
    if type(x) is float:
        try:
            return math.expm1(x)
        except OverflowError:
            return math.inf
    return _dispatch(expm1, x)


def sqrt(x: "Any") -> "Any":
    """Square root; nan for a negative number.

    >>> sqrt(9.0), sqrt(-1.0)
    (3.0, nan)
    """
    if type(x) is float:
        try:
            return math.sqrt(x)
        except ValueError:
            return math.nan
    return _dispatch(sqrt, x)


def sin(x: "Any") -> "Any":
    """Sine of an angle in radians; nan at ±inf.

    >>> sin(0.0), sin(math.inf)
    (0.0, nan)
    """
    if type(x) is float:
        try:
            return math.sin(x)
        except ValueError:
            return math.nan
    return _dispatch(sin, x)


def cos(x: "Any") -> "Any":
    """Cosine of an angle in radians; nan at ±inf.

    >>> cos(0.0), cos(math.inf)
    (1.0, nan)
    """
    if type(x) is float:
        try:
            return math.cos(x)
        except ValueError:
            return math.nan
    return _dispatch(cos, x)


def tanh(x: "Any") -> "Any":
    """Hyperbolic tangent.

    >>> tanh(0.0), tanh(100.0)
    (0.0, 1.0)
    """
    if type(x) is float:
        return math.tanh(x)
    return _dispatch(tanh, x)


def sigmoid(x: "Any") -> "Any":
    """Logistic function σ(x) = 1 / (1 + e⁻ˣ), computed without overflow.

    >>> sigmoid(0.0), sigmoid(-1000.0), sigmoid(1000.0)
    (0.5, 0.0, 1.0)
    """
    if type(x) is float:  # the formula below, one branch at a time: several times as fast
        if x >= 0.0:
            return 1.0 / (1.0 + math.exp(-x))
        e = math.exp(x)
        return e / (1.0 + e)
    return _dispatch(sigmoid, x)


def _sigmoid(x: "Any") -> "Any":
    e = exp(-absolute(x))
    return select(x, 1.0, e) / (1.0 + e)


FORMULAS["sigmoid"] = _sigmoid


def softplus(x: "Any") -> "Any":
    """log(1 + eˣ), a smooth ReLU, computed as `log1p(exp(-|x|)) + max(x, 0)`, which does not overflow.

    >>> softplus(0.0) == math.log(2.0), softplus(1000.0), softplus(-1000.0)
    (True, 1000.0, 0.0)
    """
    if type(x) is float:  # the formula below, one branch at a time: several times as fast
        return math.log1p(math.exp(-x)) + x if x > 0.0 else math.log1p(math.exp(x))
    return _dispatch(softplus, x)


def _softplus(x: "Any") -> "Any":
    return log1p(exp(-absolute(x))) + select(x, x, 0.0)


FORMULAS["softplus"] = _softplus


def absolute(x: "Any") -> "Any":
    """Absolute value `|x|`, the distance from 0.

    >>> absolute(-3.0), absolute(-0.0)
    (3.0, 0.0)
    """
    if type(x) is float:
        return math.fabs(x)
    return _dispatch(absolute, x)


FORMULAS["absolute"] = lambda x: select(x, x, 0.0 - x)


def divide(a: "Any", b: "Any") -> "Any":
    """a / b; a / 0 is ±inf and 0 / 0 is nan.

    >>> divide(1.0, 4.0), divide(1.0, -0.0), divide(0.0, 0.0)
    (0.25, -inf, nan)
    """
    if type(a) is float and type(b) is float:
        try:
            return a / b
        except ZeroDivisionError:
            return math.nan if a == 0.0 or a != a else math.copysign(math.inf, a) * math.copysign(1.0, b)
    if isinstance(a, (float, int)) and isinstance(b, (float, int)):
        return divide(float(a), float(b))
    return _elementwise(divide, a, b) if _any_array(a, b) else a / b


def power(x: "Any", n: "Any") -> "Any":
    """x to the power n. Small integer powers are computed by multiplication, with the same bits in every target.

    Otherwise this is C's pow: 0 to a negative power is inf (-inf for -0 and an odd n), a negative number to a
    fractional power is nan, anything to the power 0 is 1.

    >>> power(3.0, 2.0), power(0.0, -1.0), power(-8.0, 0.5), power(1e200, 2.0)
    (9.0, inf, nan, inf)
    """
    if type(x) is float and type(n) is float:
        return whole_power(x, n) if n in WHOLE_POWERS else _float_power(x, n)
    if isinstance(x, (float, int)) and isinstance(n, (float, int)):
        return power(float(x), float(n))
    return _elementwise(power, x, n) if _any_array(x, n) else x**n


WHOLE_POWERS = (-1.0, 0.0, 1.0, 2.0, 3.0, 4.0)


def whole_power(x: "Any", n: float) -> "Any":
    """x to the power n, one of `WHOLE_POWERS`, by multiplication and division, for any kind of number.

    >>> whole_power(3.0, 4.0), whole_power(4.0, -1.0)
    (81.0, 0.25)
    """
    if n == 2.0:
        return x * x
    if n == 3.0:
        return x * x * x
    if n == 4.0:
        square = x * x
        return square * square
    if n == 1.0:
        return x
    return 1.0 if n == 0.0 else divide(1.0, x)


def power_by_squaring(x: "Any", n: "Any") -> "Any":
    """x to the power n, a non-negative integer, by repeated squaring.

    Its multiplications have the same bits on every machine, which C's pow has not; its relative error grows with n. If
    n is not a float but, for example, a symbol, this is xⁿ: a training loop evaluates it in the same way.

    Raises:
        ValueError: if n is a float, but negative or no integer.

    >>> power_by_squaring(3.0, 5.0)
    243.0
    """
    if type(n) is not float:
        return x**n
    if n < 0.0 or not n.is_integer():
        raise ValueError(f"the exponent must be a non-negative integer, not {n!r}")
    exponent, result = int(n), 1.0
    while exponent:
        if exponent & 1:
            result *= x
        x *= x
        exponent >>= 1
    return result


def _float_power(x: float, n: float) -> float:
    try:
        return math.pow(x, n)
    except OverflowError:
        return -math.inf if x < 0.0 and _is_odd(n) else math.inf
    except ValueError:  # zero to a negative power, or a negative number to a fraction
        if x != 0.0:
            return math.nan
        return math.copysign(math.inf, x) if _is_odd(n) else math.inf


def _is_odd(n: float) -> bool:
    return math.fabs(math.fmod(n, 2.0)) == 1.0  # not n % 2.0, which may be rounded to 1


def select(gate: "Any", a: "Any", b: "Any") -> "Any":
    """`a` where gate > 0, otherwise `b` (also where the gate is 0 or nan). No derivative flows to the gate.

    This is the only branch: every other function that chooses between two numbers is composed from it.

    >>> select(2.0, 10.0, 20.0), select(0.0, 10.0, 20.0), select(math.nan, 10.0, 20.0)
    (10.0, 20.0, 20.0)
    """
    if type(gate) is float:
        return a if gate > 0.0 else b
    return _dispatch(select, gate, a, b)


def _by_formula(formula: "F") -> "F":
    """Makes a function from a formula, for every number that has no method of that name (a Value has one)."""
    name = formula.__name__
    FORMULAS[name] = formula

    def function(x: "Any", *rest: "Any") -> "Any":
        if type(x) is float:
            if _any_array(*rest):
                return _elementwise(function, x, *rest)
            for other in rest:
                if hasattr(other, "constant"):  # a Value on the right: the left becomes one too, to be recorded
                    return getattr(other.constant(x), name)(*rest)
            return formula(x, *rest)
        return _dispatch(function, x, *rest)

    function.__name__ = function.__qualname__ = name
    function.__doc__ = formula.__doc__
    function.__wrapped__ = formula  # type: ignore[attr-defined]  # where help() reads the parameters
    return function  # type: ignore[return-value]


@_by_formula
def detach(x: "Any") -> "Any":
    """x itself, but no derivative flows through it.

    >>> detach(3.0)
    3.0
    """
    return x


@_by_formula
def sign(x: "Any") -> "Any":
    """Sign of x: 1 for x > 0, -1 for x < 0; ±0 and nan stay as they are.

    >>> sign(2.5), sign(-2.5), sign(0.0), sign(math.nan)
    (1.0, -1.0, 0.0, nan)
    """
    return select(x, 1.0, select(-x, -1.0, x))


@_by_formula
def heaviside(x: "Any") -> "Any":
    """Step function: 1 for x > 0, 0 for x < 0; ±0 and nan stay as they are.

    >>> heaviside(2.5), heaviside(-2.5), heaviside(0.0)
    (1.0, 0.0, 0.0)
    """
    return select(x, 1.0, select(-x, 0.0, x))


@_by_formula
def relu(x: "Any") -> "Any":
    """Rectifier max(x, 0); nan stays nan.

    >>> relu(2.5), relu(-2.5)
    (2.5, 0.0)
    """
    return select(-x, 0.0, x)


@_by_formula
def leaky_relu(x: "Any", alpha: float = 0.01) -> "Any":
    """Leaky ReLU: x for x > 0, otherwise `alpha`·x.

    >>> leaky_relu(2.5), leaky_relu(-2.5, 0.1)
    (2.5, -0.25)
    """
    return select(x, x, alpha * x)


@_by_formula
def maximum(a: "Any", b: "Any") -> "Any":
    """Larger of two numbers; the first if they are equal; nan if either is nan.

    >>> maximum(1.0, 2.0), maximum(1.0, math.nan)
    (2.0, nan)
    """
    return select(b * b + 1.0, select(b - a, b, a), b)  # b * b + 1 is positive for every b but nan


@_by_formula
def minimum(a: "Any", b: "Any") -> "Any":
    """Smaller of two numbers; the first if they are equal; nan if either is nan.

    >>> minimum(1.0, 2.0), minimum(1.0, math.nan)
    (1.0, nan)
    """
    return select(b * b + 1.0, select(a - b, b, a), b)


@_by_formula
def clip(x: "Any", low: float, high: float) -> "Any":
    """x limited to the interval between two plain numbers, low ≤ high; nan stays nan.

    >>> clip(5.0, -1.0, 1.0), clip(0.5, -1.0, 1.0)
    (1.0, 0.5)
    """
    return select(low - x, low, select(x - high, high, x))
