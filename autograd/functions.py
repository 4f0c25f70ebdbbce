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

from autograd.arithmetic import (
    WHOLE_POWERS as WHOLE_POWERS,
    absolute as absolute,
    cos as cos,
    divide as divide,
    exp as exp,
    expm1 as expm1,
    log as log,
    log1p as log1p,
    power as power,
    power_by_squaring as power_by_squaring,
    relu as relu,
    select as select,
    sigmoid as sigmoid,
    sin as sin,
    softplus as softplus,
    sqrt as sqrt,
    tanh as tanh,
    whole_power as whole_power,
)
from autograd.dispatch import FORMULAS as FORMULAS, by_formula, real as real
from autograd.elementary import (
    _minus,
    arccos as arccos,
    arccosh as arccosh,
    arcsin as arcsin,
    arcsinh as arcsinh,
    arctan as arctan,
    arctan2 as arctan2,
    arctanh as arctanh,
    cbrt as cbrt,
    cosh as cosh,
    erf as erf,
    erfc as erfc,
    fmod as fmod,
    hypot as hypot,
    log2 as log2,
    log10 as log10,
    round as round,  # noqa: A004 - NumPy's
    sinh as sinh,
    tan as tan,
)
from autograd.piecewise import (
    clip as clip,
    detach as detach,
    heaviside as heaviside,
    leaky_relu as leaky_relu,
    maximum as maximum,
    minimum as minimum,
    sign as sign,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


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


def c_name(name: str) -> str:
    """Returns the name that C's math library and JavaScript's Math have for a function with this name in NumPy.

    >>> c_name("arctan2"), c_name("tanh")
    ('atan2', 'tanh')
    """
    return {"power": "pow", "absolute": "fabs"}.get(name) or name.replace("arc", "a")


# Functions composed of these. No target needs its own.


@by_formula
def exp2(x: "Any") -> "Any":
    """2ˣ, exact for integers; inf on overflow.

    >>> exp2(10.0), exp2(-1.0)
    (1024.0, 0.5)
    """
    return power(2.0, x)


@by_formula
def logaddexp(a: "Any", b: "Any") -> "Any":
    """log(eᵃ + eᵇ) without overflow.

    >>> logaddexp(0.0, 0.0) == math.log(2.0), logaddexp(-math.inf, 3.0), logaddexp(1000.0, 0.0)
    (True, 3.0, 1000.0)
    """
    gap = absolute(a - b)
    return maximum(a, b) + log1p(exp(-select(gap, gap, 0.0)))  # for two equal infinities, a - b is nan


@by_formula
def degrees(x: "Any") -> "Any":
    """Converts an angle from radians to degrees.

    >>> degrees(math.pi)
    180.0
    """
    return x * (180.0 / math.pi)


@by_formula
def radians(x: "Any") -> "Any":
    """Converts an angle from degrees to radians.

    >>> radians(180.0) == math.pi
    True
    """
    return x * (math.pi / 180.0)


@by_formula
def copysign(a: "Any", b: "Any") -> "Any":
    """`|a|` with the sign of b, which may be that of a zero.

    >>> copysign(3.0, -0.0)
    -3.0
    """
    size = absolute(a)
    return select(_minus(b), -size, size)


@by_formula
def floor(x: "Any") -> "Any":
    """Largest integer that is not above x.

    >>> floor(2.7), floor(-2.7)
    (2.0, -3.0)
    """
    nearest = round(x)
    return select(nearest - x, nearest - 1.0, nearest)


@by_formula
def ceil(x: "Any") -> "Any":
    """Smallest integer that is not below x.

    >>> ceil(2.2), ceil(-2.2)
    (3.0, -2.0)
    """
    return -floor(-x)


@by_formula
def trunc(x: "Any") -> "Any":
    """The integer next to x towards 0.

    >>> trunc(2.7), trunc(-2.7)
    (2.0, -2.0)
    """
    return select(x, floor(x), ceil(x))


@by_formula
def remainder(a: "Any", b: "Any") -> "Any":
    """a - b·⌊a / b⌋, the remainder of a / b with the sign of b, as `%` in NumPy; nan for a division by 0.

    >>> remainder(7.0, 3.0), remainder(-7.0, 3.0), remainder(1.0, 0.0)
    (1.0, 2.0, nan)
    """
    rest = fmod(a, b)
    of_positive = select(rest, rest, select(-rest, rest + b, rest + 0.0))  # -0 becomes 0
    of_negative = select(-rest, rest, select(rest, rest + b, -absolute(rest)))
    return select(b, of_positive, of_negative)


@by_formula
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
