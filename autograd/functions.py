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
    "arccos",
    "arccosh",
    "arcsin",
    "arcsinh",
    "arctan",
    "arctan2",
    "arctanh",
    "cbrt",
    "ceil",
    "clip",
    "copysign",
    "cos",
    "cosh",
    "degrees",
    "detach",
    "divide",
    "erf",
    "erfc",
    "exp",
    "exp2",
    "expm1",
    "floor",
    "floor_divide",
    "fmod",
    "heaviside",
    "hypot",
    "leaky_relu",
    "log",
    "log1p",
    "log2",
    "log10",
    "logaddexp",
    "maximum",
    "minimum",
    "multiply",
    "negative",
    "power",
    "radians",
    "relu",
    "remainder",
    "round",
    "select",
    "sigmoid",
    "sign",
    "sin",
    "sinh",
    "softplus",
    "sqrt",
    "subtract",
    "tan",
    "tanh",
    "trunc",
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
    "log2",
    "log10",
    "cbrt",
    "sin",
    "cos",
    "tan",
    "arcsin",
    "arccos",
    "arctan",
    "arctan2",
    "hypot",
    "sinh",
    "cosh",
    "tanh",
    "arcsinh",
    "arccosh",
    "arctanh",
    "sigmoid",
    "softplus",
    "erf",
    "erfc",
    "fmod",
    "round",
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
    for x in numbers:  # `any` with a generator takes twice as long, for every operation of a derivative
        if getattr(x, "is_autograd_number", None) is True:
            continue
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
    FORMULAS[formula.__name__] = formula
    return _of_any_number(formula)


def _of_any_number(of_floats: "F") -> "F":
    """Makes a function of any numbers, or of arrays of them, from one of floats."""
    name = of_floats.__name__

    def function(x: "Any", *rest: "Any") -> "Any":
        if type(x) is not float:
            return _dispatch(function, x, *rest)
        if rest:
            if _any_array(*rest):
                return _elementwise(function, x, *rest)
            for other in rest:
                if getattr(other, "is_autograd_number", None) is True:
                    if hasattr(other, "constant") and hasattr(type(other), name):  # x becomes a number of that kind
                        return getattr(other.constant(x), name)(*rest)
                    return FORMULAS[name](x, *rest)
        return of_floats(x, *rest)

    function.__name__ = function.__qualname__ = name
    function.__doc__ = of_floats.__doc__
    function.__wrapped__ = of_floats  # type: ignore[attr-defined]  # where help() reads the parameters
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


# Functions of which every target has its own, or computes the formula. A formula of a primitive consists of primitives
# and of the helpers here, because it also runs on the arrays of NumPy and JAX.


def _or_nan(function: "Callable[..., float]", *numbers: float) -> float:
    """A function of `math` outside of whose domain is nan."""
    try:
        return function(*numbers)
    except ValueError:
        return math.nan


def _odd(x: "Any", y: "Any") -> "Any":
    """y with the sign of x, where y is a function of `|x|` that is not negative; x itself at ±0 and nan."""
    return select(x, y, select(-x, -y, x))


def _minus(x: "Any") -> "Any":
    """A positive number where x is negative or -0."""
    return select(-x, 1.0, select(x, -1.0, divide(-1.0, x)))


def _polynomial(x: "Any", coefficients: "tuple[float, ...]") -> "Any":
    """c₀ + c₁x + c₂x² + ..., by Horner's rule."""
    total = coefficients[-1]
    for coefficient in reversed(coefficients[:-1]):
        total = total * x + coefficient
    return total


_LOG_OF_2 = math.log(2.0)
_LARGE = 2.0**28  # from here on, √(x² ± 1) is |x| to all digits
_LARGEST = 1.7976931348623157e308


@_of_any_number
def log2(x: "Any") -> "Any":
    """Logarithm to base 2, exact for powers of 2; log2(0) is -inf, and that of a negative number is nan.

    >>> log2(8.0), log2(0.0)
    (3.0, -inf)
    """
    return -math.inf if x == 0.0 else _or_nan(math.log2, x)


@_of_any_number
def log10(x: "Any") -> "Any":
    """Logarithm to base 10; log10(0) is -inf, and that of a negative number is nan.

    >>> log10(1000.0), log10(0.0)
    (3.0, -inf)
    """
    return -math.inf if x == 0.0 else _or_nan(math.log10, x)


@_of_any_number
def cbrt(x: "Any") -> "Any":
    """Cube root, also of negative numbers.

    >>> cbrt(-27.0)
    -3.0
    """
    root = math.cbrt(x)  # some C libraries are off by a few units, so that the root of 27 is not 3
    return root - (root - x / (root * root)) / 3.0 if 0.0 < math.fabs(root) < math.inf else root


def _cbrt(x: "Any") -> "Any":
    size = absolute(x)
    root = power(size, 1.0 / 3.0)
    better = root - (root - divide(size, root * root)) / 3.0  # Newton's method; nan at 0 and inf
    return _odd(x, select(better, better, root))


FORMULAS["cbrt"] = _cbrt


@_of_any_number
def tan(x: "Any") -> "Any":
    """Tangent of an angle in radians; nan at ±inf.

    >>> tan(0.0), tan(math.inf)
    (0.0, nan)
    """
    return _or_nan(math.tan, x)


@_of_any_number
def arctan(x: "Any") -> "Any":
    """Arctangent: the angle in radians, from -π/2 to π/2, whose tangent is x.

    >>> arctan(0.0), arctan(math.inf) == math.pi / 2
    (0.0, True)
    """
    return math.atan(x)


@_of_any_number
def arcsin(x: "Any") -> "Any":
    """Arcsine: the angle in radians, from -π/2 to π/2, whose sine is x; nan outside of [-1, 1].

    >>> arcsin(0.0), arcsin(1.0) == math.pi / 2, arcsin(2.0)
    (0.0, True, nan)
    """
    return _or_nan(math.asin, x)


FORMULAS["arcsin"] = lambda x: arctan(divide(x, sqrt((1.0 - x) * (1.0 + x))))


@_of_any_number
def arccos(x: "Any") -> "Any":
    """Arccosine: the angle in radians, from 0 to π, whose cosine is x; nan outside of [-1, 1].

    >>> arccos(1.0), arccos(-1.0) == math.pi, arccos(2.0)
    (0.0, True, nan)
    """
    return _or_nan(math.acos, x)


FORMULAS["arccos"] = lambda x: 2.0 * arctan(sqrt(divide(1.0 - x, 1.0 + x)))


@_of_any_number
def arctan2(y: "Any", x: "Any") -> "Any":
    """Angle in radians, from -π to π, between the positive x-axis and the point (x, y). y comes first.

    >>> arctan2(0.0, 1.0), arctan2(0.0, -1.0) == math.pi, arctan2(-0.0, -1.0) == -math.pi
    (0.0, True, True)
    """
    return math.atan2(y, x)


def _arctan2(y: "Any", x: "Any") -> "Any":
    height, width = absolute(y), absolute(x)
    ratio, total = divide(height, width), height + width
    ratio = select(1.0 + ratio, ratio, select(total - _LARGEST, 1.0, total))  # inf/inf is 1, and 0/0 is 0
    angle = arctan(ratio)
    angle = select(_minus(x), math.pi - (angle - 1.2246467991473532e-16), angle)  # π to twice the digits
    return select(_minus(y), -angle, angle)


FORMULAS["arctan2"] = _arctan2


@_of_any_number
def hypot(a: "Any", b: "Any") -> "Any":
    """√(a² + b²) without overflow: the length of the hypotenuse.

    >>> hypot(3.0, 4.0), hypot(1e300, 0.0), hypot(math.inf, math.nan)
    (5.0, 1e+300, inf)
    """
    return math.hypot(a, b)


def _hypot(a: "Any", b: "Any") -> "Any":
    a, b = absolute(a), absolute(b)
    longer, shorter = select(a - b, a, b), select(a - b, b, a)
    ratio = divide(shorter, longer)
    length = select(longer, longer * sqrt(1.0 + ratio * ratio), longer + shorter)  # nan next to 0 stays nan
    return select(a - _LARGEST, a, select(b - _LARGEST, b, length))


FORMULAS["hypot"] = _hypot


@_of_any_number
def sinh(x: "Any") -> "Any":
    """Hyperbolic sine; ±inf on overflow.

    >>> sinh(0.0), sinh(-1000.0)
    (0.0, -inf)
    """
    try:
        return math.sinh(x)
    except OverflowError:
        return math.copysign(math.inf, x)


@_of_any_number
def cosh(x: "Any") -> "Any":
    """Hyperbolic cosine; inf on overflow.

    >>> cosh(0.0), cosh(-1000.0)
    (1.0, inf)
    """
    try:
        return math.cosh(x)
    except OverflowError:
        return math.inf


@_of_any_number
def arcsinh(x: "Any") -> "Any":
    """Inverse of the hyperbolic sine.

    >>> arcsinh(0.0), arcsinh(-math.inf)
    (0.0, -inf)
    """
    return math.asinh(x)


def _arcsinh(x: "Any") -> "Any":
    size = absolute(x)
    square = size * size
    near = log1p(size + divide(square, 1.0 + sqrt(1.0 + square)))
    return _odd(x, select(size - _LARGE, log(size) + _LOG_OF_2, near))


FORMULAS["arcsinh"] = _arcsinh


@_of_any_number
def arccosh(x: "Any") -> "Any":
    """Inverse of the hyperbolic cosine; nan below 1.

    >>> arccosh(1.0), arccosh(0.5)
    (0.0, nan)
    """
    return _or_nan(math.acosh, x)


def _arccosh(x: "Any") -> "Any":
    excess = x - 1.0
    near = log1p(excess + sqrt(excess) * sqrt(excess + 2.0))
    return select(x - _LARGE, log(x) + _LOG_OF_2, near)


FORMULAS["arccosh"] = _arccosh


@_of_any_number
def arctanh(x: "Any") -> "Any":
    """Inverse of the hyperbolic tangent; ±inf at ±1, nan outside of [-1, 1].

    >>> arctanh(0.0), arctanh(-1.0), arctanh(2.0)
    (0.0, -inf, nan)
    """
    return math.copysign(math.inf, x) if math.fabs(x) == 1.0 else _or_nan(math.atanh, x)


def _arctanh(x: "Any") -> "Any":
    size = absolute(x)
    return _odd(x, 0.5 * log1p(divide(2.0 * size, 1.0 - size)))


FORMULAS["arctanh"] = _arctanh


@_of_any_number
def erf(x: "Any") -> "Any":
    """Error function, 2/√π times the integral of exp(-t²) from 0 to x.

    >>> erf(0.0), erf(math.inf)
    (0.0, 1.0)
    """
    return math.erf(x)


# erf(x) = x + x·(c₀ + c₁x² + ...), its Taylor series; the leading 1 of 2/√π = 1 + c₀ is apart
_2_OVER_ROOT_PI = 2.0 / math.sqrt(math.pi)
_ERF = (
    0.12837916709551256,
    *((-1) ** n * _2_OVER_ROOT_PI / (math.factorial(n) * (2 * n + 1)) for n in range(1, 19)),
)


def _erf(x: "Any") -> "Any":
    size = absolute(x)
    near = x + x * _polynomial(x * x, _ERF)
    return select(1.0 - size, near, _odd(x, 1.0 - _erfc_tail(size)))


FORMULAS["erf"] = _erf


@_of_any_number
def erfc(x: "Any") -> "Any":
    """Complementary error function 1 - erf(x), accurate where erf(x) is close to 1.

    >>> erfc(0.0), erfc(-math.inf), erfc(10.0)
    (1.0, 2.0, 2.088487583762545e-45)
    """
    return math.erfc(x)


# (1 + 2x)·exp(x²)·erfc(x) for x ≥ 0.45, as a polynomial of (x - 3) / (x + 3) by Chebyshev interpolation. Source of the
# form: M. Shepherd, J. Laframboise, "Chebyshev approximation of (1 + 2x) exp(x²) erfc x in 0 ≤ x < ∞", 1981.
_ERFC = (
    *(1.2530080582697296, -0.1356211061245812, -0.04756229435345133, 0.12964515870276336, -0.11927366341526205),
    *(0.06830802734386225, -0.023770514920038104, 0.0025293918184347897, 0.0018886903793803543),
    *(-0.0007798323000803219, -0.00010515996341482138, 0.000125099560907503, 4.950285780772793e-06),
    *(-2.0101588333313534e-05, -7.339598522958406e-07, 3.475727328288493e-06, 3.6145792679600986e-07),
    *(-6.237003914094896e-07, -1.4651908446723484e-07, 1.1130572689858218e-07, 4.3816366163989686e-08),
    *(-2.051691100545221e-08, -7.577079324139595e-09, 3.3657853654061835e-09),
)
_SIXTEEN_BITS = 1.5 * 2.0**36  # adding it to a small number and subtracting it rounds to 16 binary places


def _erfc_tail(x: "Any") -> "Any":
    """erfc(x) for x ≥ 0.45."""
    x = select(x - 28.0, 28.0, x)  # where it is 0 already
    short = (x + _SIXTEEN_BITS) - _SIXTEEN_BITS  # its square is exact
    divisor = 2.0 * x + 1.0
    lost = 2.0 * x - (divisor - 1.0)  # the rounding error of the divisor
    head = divide(_polynomial(divide(x - 3.0, x + 3.0), _ERFC), divisor)
    return exp(-(short * short)) * (head + head * expm1((short - x) * (short + x) - divide(lost, divisor)))


FORMULAS["erfc"] = lambda x: select(x - 0.46, _erfc_tail(x), 1.0 - erf(x))


@_of_any_number
def fmod(a: "Any", b: "Any") -> "Any":
    """Remainder of a / b with the sign of a, exact; nan for a division by 0 and for an infinite a.

    >>> fmod(7.0, 3.0), fmod(-7.0, 3.0), fmod(1.0, 0.0)
    (1.0, -1.0, nan)
    """
    return _or_nan(math.fmod, a, b)


@_of_any_number
def round(x: "Any") -> "Any":  # noqa: A001 - NumPy's name
    """Nearest integer; halves are rounded to the even one, as in NumPy and Python.

    >>> round(2.5), round(3.5), round(-0.3)
    (2.0, 4.0, -0.0)
    """
    return _round(x)


def _round(x: "Any") -> "Any":
    size = absolute(x)
    nearest = (size + 2.0**52) - 2.0**52  # there, doubles are the integers
    return _odd(x, select(2.0**52 - size, nearest, size))


FORMULAS["round"] = _round


# Functions composed of these. No target needs its own.


@_by_formula
def exp2(x: "Any") -> "Any":
    """2ˣ, exact for integers; inf on overflow.

    >>> exp2(10.0), exp2(-1.0)
    (1024.0, 0.5)
    """
    return power(2.0, x)


@_by_formula
def logaddexp(a: "Any", b: "Any") -> "Any":
    """log(eᵃ + eᵇ) without overflow.

    >>> logaddexp(0.0, 0.0) == math.log(2.0), logaddexp(-math.inf, 3.0), logaddexp(1000.0, 0.0)
    (True, 3.0, 1000.0)
    """
    gap = absolute(a - b)
    return maximum(a, b) + log1p(exp(-select(gap, gap, 0.0)))  # for two equal infinities, a - b is nan


@_by_formula
def degrees(x: "Any") -> "Any":
    """Converts an angle from radians to degrees.

    >>> degrees(math.pi)
    180.0
    """
    return x * (180.0 / math.pi)


@_by_formula
def radians(x: "Any") -> "Any":
    """Converts an angle from degrees to radians.

    >>> radians(180.0) == math.pi
    True
    """
    return x * (math.pi / 180.0)


@_by_formula
def copysign(a: "Any", b: "Any") -> "Any":
    """`|a|` with the sign of b, which may be that of a zero.

    >>> copysign(3.0, -0.0)
    -3.0
    """
    size = absolute(a)
    return select(_minus(b), -size, size)


@_by_formula
def floor(x: "Any") -> "Any":
    """Largest integer that is not above x.

    >>> floor(2.7), floor(-2.7)
    (2.0, -3.0)
    """
    nearest = round(x)
    return select(nearest - x, nearest - 1.0, nearest)


@_by_formula
def ceil(x: "Any") -> "Any":
    """Smallest integer that is not below x.

    >>> ceil(2.2), ceil(-2.2)
    (3.0, -2.0)
    """
    return -floor(-x)


@_by_formula
def trunc(x: "Any") -> "Any":
    """The integer next to x towards 0.

    >>> trunc(2.7), trunc(-2.7)
    (2.0, -2.0)
    """
    return select(x, floor(x), ceil(x))


@_by_formula
def remainder(a: "Any", b: "Any") -> "Any":
    """a - b·⌊a / b⌋, the remainder of a / b with the sign of b, as `%` in NumPy; nan for a division by 0.

    >>> remainder(7.0, 3.0), remainder(-7.0, 3.0), remainder(1.0, 0.0)
    (1.0, 2.0, nan)
    """
    rest = fmod(a, b)
    of_positive = select(rest, rest, select(-rest, rest + b, rest + 0.0))  # -0 becomes 0
    of_negative = select(-rest, rest, select(rest, rest + b, -absolute(rest)))
    return select(b, of_positive, of_negative)


@_by_formula
def floor_divide(a: "Any", b: "Any") -> "Any":
    """⌊a / b⌋, as `//` in NumPy: ±inf or nan for a division by 0.

    >>> floor_divide(7.0, 2.0), floor_divide(-7.0, 2.0), floor_divide(1.0, 0.0)
    (3.0, -4.0, inf)
    """
    rest, ratio = fmod(a, b), divide(a, b)
    towards_0 = round(divide(a - rest, b))
    towards_0 = select(absolute(towards_0), towards_0, copysign(towards_0, ratio))  # a 0 has the sign of the ratio
    below = select(b, select(-rest, 1.0, 0.0), select(rest, 1.0, 0.0))
    return select(absolute(b), towards_0 - below, ratio)


# Other ways to write the same operations.

OTHER_NAMES = ("expit", "reciprocal", "square")
"""Functions that are recorded under another name: `sigmoid`, `divide` and `power`."""

expit = sigmoid


def reciprocal(x: "Any") -> "Any":
    """1 / x; 1 / 0 is inf.

    >>> reciprocal(4.0)
    0.25
    """
    return divide(1.0, x)


def square(x: "Any") -> "Any":
    """x², recorded as a power.

    >>> square(3.0)
    9.0
    """
    return power(x, 2.0)
