"""Sampling the points of curves, with gaps where a curve jumps."""

import math
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

__all__ = ["limits", "sampled"]

Array = npt.NDArray[np.float64]


def sampled(at: Callable[[float], Array], xs: Array) -> tuple[Array, Array]:
    """Samples curves at `xs` and on both sides of every jump, with a gap between the two sides in the curve that jumps.

    Arguments:
        at: returns the value of every curve at a point.
        xs: the points, in ascending order.

    Returns:
        The points, and the values of the curves at each point, points×curves; nan where a curve is not finite.
    """
    ys = np.array([at(x) for x in xs])
    ys[~np.isfinite(ys)] = math.nan
    steps = np.abs(np.diff(ys, axis=0))
    large = 0.02 * _spread(ys).clip(1e-9)
    rows = [(xs[0], ys[0])]
    for i in range(len(xs) - 1):
        for k in np.flatnonzero(steps[i] > large).tolist():
            rows += _sides_of_jump(at, k, xs[i], xs[i + 1])
        rows.append((xs[i + 1], ys[i + 1]))
    rows.sort(key=lambda row: row[0])
    return np.array([x for x, _ in rows]), np.array([y for _, y in rows])


def _sides_of_jump(at: Callable[[float], Array], k: int, a: float, b: float) -> list[tuple[float, Array]]:
    """The two sides of a jump of curve k between a and b, and the gap; empty if it does not jump.

    A curve jumps if its change does not shrink as the interval is halved.
    """
    left, right = at(a), at(b)
    whole = abs(right[k] - left[k])
    for _ in range(40):
        middle = (a + b) / 2
        y = at(middle)
        if abs(y[k] - left[k]) > abs(right[k] - y[k]):
            b, right = middle, y
        else:
            a, left = middle, y
    if not abs(right[k] - left[k]) > whole / 2:
        return []
    gap = left.copy()
    gap[k] = math.nan
    return [(a, left), ((a + b) / 2, gap), (b, right)]


def _spread(ys: Array) -> Array:
    return np.array([np.ptp(y[np.isfinite(y)]) if np.isfinite(y).any() else 0.0 for y in ys.T])


def limits(ys: Array) -> tuple[float, float]:
    """Returns the ends of the y axis: they include all of every curve, unless one diverges at a pole."""
    finite = ys[np.isfinite(ys)]
    low, high = np.percentile(finite, [4, 96])
    reach = high - low
    if finite.max() - finite.min() < 6 * reach or not reach:
        low, high = finite.min(), finite.max()
    margin = 0.08 * (high - low) or 0.5
    return float(low - margin), float(high + margin)
