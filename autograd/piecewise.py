"""Functions that choose between two numbers, and other formulas of the functions of `arithmetic`.

A formula runs on every kind of number, the arrays of NumPy and JAX too, so it writes a branch with `select`.
"""

from autograd.arithmetic import absolute, exp, log1p, select
from autograd.dispatch import FORMULAS, by_formula

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__all__ = ["clip", "detach", "heaviside", "leaky_relu", "maximum", "minimum", "sign"]


def _sigmoid(x: "Any") -> "Any":
    e = exp(-absolute(x))
    return select(x, 1.0, e) / (1.0 + e)


FORMULAS["sigmoid"] = _sigmoid


def _softplus(x: "Any") -> "Any":
    return log1p(exp(-absolute(x))) + select(x, x, 0.0)


FORMULAS["softplus"] = _softplus


FORMULAS["absolute"] = lambda x: select(x, x, 0.0 - x)
FORMULAS["relu"] = lambda x: select(-x, 0.0, x)


@by_formula
def detach(x: "Any") -> "Any":
    """x itself, but no derivative flows through it.

    >>> detach(3.0)
    3.0
    """
    return x


@by_formula
def sign(x: "Any") -> "Any":
    """Sign of x: 1 for x > 0, -1 for x < 0; ±0 and nan stay as they are.

    >>> sign(2.5), sign(-2.5), sign(0.0), sign(float("nan"))
    (1.0, -1.0, 0.0, nan)
    """
    return select(x, 1.0, select(-x, -1.0, x))


@by_formula
def heaviside(x: "Any") -> "Any":
    """Step function: 1 for x > 0, 0 for x < 0; ±0 and nan stay as they are.

    >>> heaviside(2.5), heaviside(-2.5), heaviside(0.0)
    (1.0, 0.0, 0.0)
    """
    return select(x, 1.0, select(-x, 0.0, x))


@by_formula
def leaky_relu(x: "Any", alpha: float = 0.01) -> "Any":
    """Leaky ReLU: x for x > 0, otherwise `alpha`·x.

    >>> leaky_relu(2.5), leaky_relu(-2.5, 0.1)
    (2.5, -0.25)
    """
    return select(x, x, alpha * x)


@by_formula
def maximum(a: "Any", b: "Any") -> "Any":
    """Larger of two numbers; the first if they are equal; nan if either is nan.

    >>> maximum(1.0, 2.0), maximum(1.0, float("nan"))
    (2.0, nan)
    """
    return select(b * b + 1.0, select(b - a, b, a), b)  # b * b + 1 is positive for every b but nan


@by_formula
def minimum(a: "Any", b: "Any") -> "Any":
    """Smaller of two numbers; the first if they are equal; nan if either is nan.

    >>> minimum(1.0, 2.0), minimum(1.0, float("nan"))
    (1.0, nan)
    """
    return select(b * b + 1.0, select(a - b, b, a), b)


@by_formula
def clip(x: "Any", low: float, high: float) -> "Any":
    """x limited to the interval between two plain numbers, low ≤ high; nan stays nan.

    >>> clip(5.0, -1.0, 1.0), clip(0.5, -1.0, 1.0)
    (1.0, 0.5)
    """
    return select(low - x, low, select(x - high, high, x))
