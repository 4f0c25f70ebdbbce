"""Elementary functions of which every target has its own, or computes the formula.

A formula of a primitive consists of primitives and of the helpers here, because it also runs on the arrays of NumPy and
JAX.
"""

import math

from autograd.arithmetic import absolute, divide, exp, expm1, log, log1p, power, select, sqrt
from autograd.dispatch import FORMULAS, of_any_number

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

__all__ = [
    "arccos",
    "arccosh",
    "arcsin",
    "arcsinh",
    "arctan",
    "arctan2",
    "arctanh",
    "cbrt",
    "cosh",
    "erf",
    "erfc",
    "fmod",
    "hypot",
    "log2",
    "log10",
    "round",
    "sinh",
    "tan",
]


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


@of_any_number
def log2(x: "Any") -> "Any":
    """Logarithm to base 2, exact for powers of 2; log2(0) is -inf, and that of a negative number is nan.

    >>> log2(8.0), log2(0.0)
    (3.0, -inf)
    """
    return -math.inf if x == 0.0 else _or_nan(math.log2, x)


@of_any_number
def log10(x: "Any") -> "Any":
    """Logarithm to base 10; log10(0) is -inf, and that of a negative number is nan.

    >>> log10(1000.0), log10(0.0)
    (3.0, -inf)
    """
    return -math.inf if x == 0.0 else _or_nan(math.log10, x)


@of_any_number
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


@of_any_number
def tan(x: "Any") -> "Any":
    """Tangent of an angle in radians; nan at ±inf.

    >>> tan(0.0), tan(math.inf)
    (0.0, nan)
    """
    return _or_nan(math.tan, x)


@of_any_number
def arctan(x: "Any") -> "Any":
    """Arctangent: the angle in radians, from -π/2 to π/2, whose tangent is x.

    >>> arctan(0.0), arctan(math.inf) == math.pi / 2
    (0.0, True)
    """
    return math.atan(x)


@of_any_number
def arcsin(x: "Any") -> "Any":
    """Arcsine: the angle in radians, from -π/2 to π/2, whose sine is x; nan outside of [-1, 1].

    >>> arcsin(0.0), arcsin(1.0) == math.pi / 2, arcsin(2.0)
    (0.0, True, nan)
    """
    return _or_nan(math.asin, x)


FORMULAS["arcsin"] = lambda x: arctan(divide(x, sqrt((1.0 - x) * (1.0 + x))))


@of_any_number
def arccos(x: "Any") -> "Any":
    """Arccosine: the angle in radians, from 0 to π, whose cosine is x; nan outside of [-1, 1].

    >>> arccos(1.0), arccos(-1.0) == math.pi, arccos(2.0)
    (0.0, True, nan)
    """
    return _or_nan(math.acos, x)


FORMULAS["arccos"] = lambda x: 2.0 * arctan(sqrt(divide(1.0 - x, 1.0 + x)))


@of_any_number
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


@of_any_number
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


@of_any_number
def sinh(x: "Any") -> "Any":
    """Hyperbolic sine; ±inf on overflow.

    >>> sinh(0.0), sinh(-1000.0)
    (0.0, -inf)
    """
    try:
        return math.sinh(x)
    except OverflowError:
        return math.copysign(math.inf, x)


@of_any_number
def cosh(x: "Any") -> "Any":
    """Hyperbolic cosine; inf on overflow.

    >>> cosh(0.0), cosh(-1000.0)
    (1.0, inf)
    """
    try:
        return math.cosh(x)
    except OverflowError:
        return math.inf


@of_any_number
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


@of_any_number
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


@of_any_number
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


@of_any_number
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


@of_any_number
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


@of_any_number
def fmod(a: "Any", b: "Any") -> "Any":
    """Remainder of a / b with the sign of a, exact; nan for a division by 0 and for an infinite a.

    >>> fmod(7.0, 3.0), fmod(-7.0, 3.0), fmod(1.0, 0.0)
    (1.0, -1.0, nan)
    """
    return _or_nan(math.fmod, a, b)


@of_any_number
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
