"""Interpolation and differences on a grid: `np.interp` and `np.gradient` on arrays of Values."""

from itertools import pairwise
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_tuple

from autograd.array_views import as_values, object_array
from autograd.functions import remainder, select

__all__ = ["gradient", "interp"]


def interp(x: Any, xp: Any, fp: Any, left: Any = None, right: Any = None, period: Any = None) -> Any:
    """Computes `np.interp`. Which segment a Value lies in is a recorded choice, so a compiled program chooses too.

    Raises:
        ValueError: if there are no points, not as many `xp` as `fp`, or the period is 0.
    """
    points, values = list(np.asarray(xp).flat), list(np.asarray(fp).flat)
    if not points or len(points) != len(values):
        raise ValueError(f"np.interp needs as many xp as fp, and at least one, not {len(points)} and {len(values)}")
    if period is not None:
        x, points, values = _over_a_period(as_values(np.asarray(x)), points, values, abs(period))
    lowest = values[0] if left is None or period is not None else as_values(left)
    highest = values[-1] if right is None or period is not None else as_values(right)
    places = np.asarray(x, dtype=object)
    result = [_interpolated(place, points, values, lowest, highest) for place in places.flat]
    return object_array(result).reshape(places.shape)


def _over_a_period(x: Any, points: list[Any], values: list[Any], period: Any) -> tuple[Any, list[Any], list[Any]]:
    """The arguments with all places in one period, and one more point at each end."""
    if period == 0:
        raise ValueError("the period of np.interp must not be 0")
    inside = [remainder(point, period) for point in points]
    order = sorted(range(len(inside)), key=inside.__getitem__)
    points, values = [inside[i] for i in order], [values[i] for i in order]
    x = np.remainder(x, period)
    return x, [points[-1] - period, *points, points[0] + period], [values[-1], *values, values[0]]


def _interpolated(x: Any, points: list[Any], values: list[Any], lowest: Any, highest: Any) -> Any:
    result = lowest
    for (start, end), (low, high) in zip(pairwise(points), pairwise(values), strict=True):
        if _is_positive(gate := start - x):
            break  # a plain number, left of all further segments
        result = select(gate, result, low + (high - low) / (end - start) * (x - start))
    last = select(points[-1] - x, result, values[-1] + (x - x))  # nan at nan
    return select(x - points[-1], highest, last)


def _is_positive(gate: Any) -> bool:
    return isinstance(gate, float) and gate > 0.0


def gradient(f: Any, *varargs: Any, axis: Any = None, edge_order: int = 1) -> Any:
    """Computes `np.gradient`: second-order differences inside, and of order `edge_order` at both ends.

    Raises:
        TypeError: if the spacings are neither none, nor one, nor one for each axis.
        ValueError: if an axis is too short, or the spacings along it are not as many as its points.
    """
    f = as_values(np.atleast_1d(f))
    axes = range(f.ndim) if axis is None else normalize_axis_tuple(axis, f.ndim)
    if len(varargs) not in (0, 1, len(axes)):
        raise TypeError(f"np.gradient takes no spacing, one, or one for each of {len(axes)} axes, not {len(varargs)}")
    spacings = varargs if len(varargs) == len(axes) else (varargs or (1.0,)) * len(axes)
    if edge_order not in (1, 2):
        raise ValueError(f"edge_order must be 1 or 2, not {edge_order!r}")
    results = [_along(f, position, spacing, edge_order) for position, spacing in zip(axes, spacings, strict=True)]
    return results[0] if len(axes) == 1 else tuple(results)


def _along(f: Any, axis: int, spacing: Any, edge_order: int) -> Any:
    y = np.moveaxis(f, axis, 0)
    if len(y) < edge_order + 1:
        raise ValueError(f"np.gradient needs at least {edge_order + 1} points along axis {axis}, not {len(y)}")
    h = _steps(spacing, len(y))
    rows = [_edge(y, h, edge_order)]
    rows += [_inside(y, i, h[i - 1], h[i]) for i in range(1, len(y) - 1)]
    rows.append(_edge(y[::-1], [-1.0 * step for step in reversed(h)], edge_order))
    return np.moveaxis(as_values(np.stack(rows)), 0, axis)


def _steps(spacing: Any, count: int) -> list[Any]:
    """The distance between each point and the next."""
    if np.ndim(spacing) == 0:
        return [spacing] * (count - 1)
    if np.ndim(spacing) != 1 or len(spacing) != count:
        raise ValueError(f"the places along an axis must be {count} numbers, not of shape {np.shape(spacing)}")
    return [after - before for before, after in pairwise(spacing)]


def _inside(y: Any, i: int, before: Any, after: Any) -> Any:
    """The slope of the parabola through three neighbors, at the middle one."""
    if before is after or (isinstance(before, float) and before == after):
        return (y[i + 1] - y[i - 1]) / (2.0 * before)
    to_the_right, to_the_left = (y[i + 1] - y[i]) / after, (y[i] - y[i - 1]) / before
    return (to_the_right * before + to_the_left * after) / (before + after)


def _edge(y: Any, h: list[Any], order: int) -> Any:
    """The slope at the first point, of the line through two points or the parabola through three."""
    slope = (y[1] - y[0]) / h[0]
    if order == 1:
        return slope
    return slope - ((y[2] - y[1]) / h[1] - slope) * h[0] / (h[0] + h[1])
