"""The function sin(πx) / (πx) of NumPy, with derivatives of every order at 0."""

from math import pi
from typing import Any

import numpy as np

from autograd.functions import select, sin

__all__ = ["sinc"]

_SMALL = 0.5  # |πx| below which the series, whose terms end here, is exact to the last digit


def sinc(x: Any) -> Any:
    """Computes `np.sinc`, by its series near 0, where the quotient of its derivatives would be 0 / 0.

    The series is 1 - y²/3! + y⁴/5! - ..., with y = πx.
    """
    return np.frompyfunc(_sinc, 1, 1)(np.asarray(x))


def _sinc(x: Any) -> Any:
    y = pi * x
    square = y * y
    series = 1.0
    for n in (12, 10, 8, 6, 4, 2):
        series = 1.0 - series * square / (n * (n + 1.0))
    return select(_SMALL * _SMALL - square, series, sin(y) / y)
