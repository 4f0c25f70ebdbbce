"""Functions of `scipy.special` that are formulas of ours, by SciPy's names: what its ufuncs do with Values."""

from collections.abc import Callable
from math import inf, sqrt
from typing import Any

from autograd import functions
from autograd.functions import absolute, arctanh, erfc, log, power, select, softplus

__all__ = ["SCIPY", "unless_nan"]


def unless_nan(x: Any, y: Any) -> Any:
    """Returns y, but x where that is nan.

    >>> unless_nan(2.0, 3.0), unless_nan(float("nan"), 3.0)
    (3.0, nan)
    """
    return select(x * x + 1.0, y, x)  # x * x + 1 is positive for every x but nan


def _logit(p: Any) -> Any:
    """log(p / (1 - p)), by arctanh around 1/2, where the quotient is near 1 and its logarithm would lose digits."""
    q = 2.0 * p - 1.0
    return select(absolute(q) - 0.5, log(functions.divide(p, 1.0 - p)), 2.0 * arctanh(q))


def _times_log(x: Any, y: Any, log_of_y: Any) -> Any:
    """x log(y), which is 0 for x = 0 whatever y is."""
    return unless_nan(x, unless_nan(y, select(absolute(x), x * log_of_y, 0.0)))


def _where_defined(x: Any, y: Any, value: Any, at_0: Any) -> Any:
    """The value for x, y > 0; another for x = 0 and y ≥ 0; elsewhere inf."""
    for_0 = select(absolute(x), inf, select(-y, inf, at_0))
    return unless_nan(x, unless_nan(y, select(x, select(y, value, inf), for_0)))


def _entr(x: Any) -> Any:
    return unless_nan(x, select(x, -x * log(x), select(-x, -inf, 0.0)))


def _rel_entr(x: Any, y: Any) -> Any:
    return _where_defined(x, y, x * log(functions.divide(x, y)), 0.0)


def _kl_div(x: Any, y: Any) -> Any:
    return _where_defined(x, y, x * log(functions.divide(x, y)) - x + y, y)


def _huber(delta: Any, r: Any) -> Any:
    size = absolute(r)
    value = select(size - delta, delta * (size - 0.5 * delta), 0.5 * r * r)
    return select(-delta, inf, unless_nan(delta, unless_nan(r, value)))


SCIPY: dict[str, Callable[..., Any]] = {
    "entr": _entr,
    "exp10": lambda x: power(10.0, x),
    "expit": functions.expit,
    "huber": _huber,
    "kl_div": _kl_div,
    "log_expit": lambda x: -softplus(-x),
    "logit": _logit,
    "ndtr": lambda x: 0.5 * erfc(-x / sqrt(2.0)),
    "rel_entr": _rel_entr,
    "xlog1py": lambda x, y: _times_log(x, y, functions.log1p(y)),
    "xlogy": lambda x, y: _times_log(x, y, log(y)),
}
"""The functions by name."""
