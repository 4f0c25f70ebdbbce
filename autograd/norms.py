"""Norms of arrays of Values, with a gradient at 0."""

from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_tuple

from autograd.array_views import as_values, with_long_axis
from autograd.functions import detach, heaviside, power, select, sqrt
from autograd.unsupported import UnsupportedError

__all__ = ["norm", "root", "vector_norm"]


def norm(x: Any, ord: Any = None, axis: Any = None, keepdims: bool = False) -> Any:  # noqa: A002  # NumPy's name
    """Computes `np.linalg.norm(x, ord, axis, keepdims)` of an array of Values.

    A norm is not differentiable at 0: its gradient there is 0, as in PyTorch.

    Raises:
        UnsupportedError: for the orders 2, -2 and "nuc" of a matrix, which need its singular values.
        ValueError: for an order or a number of axes that NumPy does not know.
    """
    x = as_values(np.atleast_1d(x))
    if axis is None and ord is not None and x.ndim not in (1, 2):
        raise ValueError(f"the norm of order {ord!r} needs an axis, or two, if the array has {x.ndim} of them")
    axes = normalize_axis_tuple(range(x.ndim) if axis is None else axis, x.ndim)
    if ord is None or (len(axes) == 1 and ord == 2) or (len(axes) == 2 and ord == "fro"):
        return root((x * x).sum(axis=axes, keepdims=keepdims))
    if len(axes) == 1 and not isinstance(ord, str):
        return _vector_norm(np.absolute(x), float(ord), axes[0], keepdims)
    if len(axes) == 2 and ord in (1, -1, np.inf, -np.inf):
        return _largest_sum(np.absolute(x), ord, axes, keepdims)
    if len(axes) == 2 and ord in (2, -2, "nuc"):
        raise UnsupportedError(
            f"np.linalg.norm of order {ord!r} of a matrix needs singular values, which are not supported"
        )
    raise ValueError(f"the order of a norm over {len(axes)} axes must be one that np.linalg.norm knows, not {ord!r}")


def vector_norm(x: Any, /, *, axis: Any = None, keepdims: bool = False, ord: Any = 2) -> Any:  # noqa: A002
    """Computes `np.linalg.vector_norm`, which takes the norm over several axes as that of one long vector."""
    long, kept_shape = with_long_axis(as_values(np.atleast_1d(x)), axis)
    result = norm(long, ord, axis=-1)
    return np.reshape(result, kept_shape) if keepdims else result


def _vector_norm(sizes: Any, order: float, axis: int, keepdims: bool) -> Any:
    if order == np.inf:
        return np.max(sizes, axis=axis, keepdims=keepdims)
    if order == -np.inf:
        return np.min(sizes, axis=axis, keepdims=keepdims)
    if order == 1.0:
        return sizes.sum(axis=axis, keepdims=keepdims)
    if order == 0.0:
        return heaviside(sizes).sum(axis=axis, keepdims=keepdims)
    return root(power(sizes, order).sum(axis=axis, keepdims=keepdims), order)


def _largest_sum(sizes: Any, order: float, axes: tuple[int, ...], keepdims: bool) -> Any:
    """The largest sum over a column, for the order 1, or over a row, for the order inf; the smallest if negative."""
    along, across = axes if abs(order) == 1 else axes[::-1]
    sums = sizes.sum(axis=along, keepdims=True)
    result = (np.max if order > 0 else np.min)(sums, axis=across, keepdims=True)
    return result if keepdims else np.squeeze(result, axis=axes)


def root(sums: Any, order: float = 2.0) -> Any:
    """The root of each sum of powers; at 0, a 0 without a derivative: a branch that is not taken sends nothing back."""
    positive = sqrt(sums) if order == 2.0 else power(sums, 1.0 / order)
    return select(sums, positive, select(sums + 1.0, detach(sums), positive))  # of nan, nan, and so is its derivative
