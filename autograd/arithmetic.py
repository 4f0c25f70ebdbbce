"""The functions that a graph uses most: IEEE 754 arithmetic on floats, otherwise the number's own method.

Their formulas are in `piecewise.py`, which is not compiled to C: the array targets run the bytecode of a formula on
other functions.
"""

import math

from autograd.dispatch import any_array, dispatch, elementwise

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__all__ = [
    "WHOLE_POWERS",
    "absolute",
    "cos",
    "divide",
    "exp",
    "expm1",
    "log",
    "log1p",
    "power",
    "power_by_squaring",
    "relu",
    "select",
    "sigmoid",
    "sin",
    "softplus",
    "sqrt",
    "tanh",
    "whole_power",
]


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
    return dispatch(exp, x)


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
    return dispatch(log, x)


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
    return dispatch(log1p, x)


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
    return dispatch(expm1, x)


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
    return dispatch(sqrt, x)


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
    return dispatch(sin, x)


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
    return dispatch(cos, x)


def tanh(x: "Any") -> "Any":
    """Hyperbolic tangent.

    >>> tanh(0.0), tanh(100.0)
    (0.0, 1.0)
    """
    if type(x) is float:
        return math.tanh(x)
    return dispatch(tanh, x)


def sigmoid(x: "Any") -> "Any":
    """Logistic function σ(x) = 1 / (1 + e⁻ˣ), computed without overflow.

    >>> sigmoid(0.0), sigmoid(-1000.0), sigmoid(1000.0)
    (0.5, 0.0, 1.0)
    """
    if type(x) is float:  # the formula of `piecewise`, one branch at a time: several times as fast
        if x >= 0.0:
            return 1.0 / (1.0 + math.exp(-x))
        e = math.exp(x)
        return e / (1.0 + e)
    return dispatch(sigmoid, x)


def softplus(x: "Any") -> "Any":
    """log(1 + eˣ), a smooth ReLU, computed as `log1p(exp(-|x|)) + max(x, 0)`, which does not overflow.

    >>> softplus(0.0) == math.log(2.0), softplus(1000.0), softplus(-1000.0)
    (True, 1000.0, 0.0)
    """
    if type(x) is float:  # the formula of `piecewise`, one branch at a time: several times as fast
        return math.log1p(math.exp(-x)) + x if x > 0.0 else math.log1p(math.exp(x))
    return dispatch(softplus, x)


def absolute(x: "Any") -> "Any":
    """Absolute value `|x|`, the distance from 0.

    >>> absolute(-3.0), absolute(-0.0)
    (3.0, 0.0)
    """
    if type(x) is float:
        return math.fabs(x)
    return dispatch(absolute, x)


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
    return elementwise(divide, a, b) if any_array(a, b) else a / b


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
    return elementwise(power, x, n) if any_array(x, n) else x**n


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
    return dispatch(select, gate, a, b)


def relu(x: "Any") -> "Any":
    """Rectifier max(x, 0); nan stays nan.

    >>> relu(2.5), relu(-2.5)
    (2.5, 0.0)
    """
    if type(x) is float:  # the formula of `piecewise`, one branch at a time: several times as fast
        return 0.0 if x < 0.0 else x
    return dispatch(relu, x)
