"""Statistics of arrays of Values for which NumPy's own code takes only arrays of floats."""

from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_tuple

from autograd.array_views import as_values, with_long_axis, without_recording
from autograd.functions import select
from autograd.norms import root
from autograd.unsupported import UnsupportedError

__all__ = [
    "corrcoef",
    "cov",
    "nan_to_num",
    "nanmedian",
    "nanpercentile",
    "nanquantile",
    "nanstd",
    "of_levels",
    "std",
    "var",
]

_LARGEST = float(np.finfo(float).max)


def cov(
    m: Any,
    y: Any = None,
    rowvar: bool = True,
    bias: bool = False,
    ddof: int | None = None,
    fweights: Any = None,
    aweights: Any = None,
    *,
    dtype: Any = None,
) -> Any:
    """Computes `np.cov`; the weights may be Values too.

    Raises:
        ValueError: if there are more than two axes.
    """
    if dtype is not None and dtype != np.float64:
        raise UnsupportedError(f"np.cov of Values computes floats of 64 bits, not {np.dtype(dtype)}; leave dtype out")
    x = _variables(m, rowvar)
    if y is not None:
        x = as_values(np.concatenate([x, _variables(y, rowvar)]))
    weights: Any = np.ones(x.shape[1])
    for given in (fweights, aweights):
        if given is not None:
            weights = weights * as_values(np.asanyarray(given))
    total = np.sum(weights)
    x = x - (np.sum(x * weights, axis=1) / total)[:, None]
    lost = ddof if ddof is not None else 0 if bias else 1
    if lost and aweights is not None:
        lost = lost * np.sum(weights * as_values(np.asanyarray(aweights))) / total
    result = as_values(np.dot(x * weights, x.T) / (total - lost))
    return np.squeeze(result)


def corrcoef(x: Any, y: Any = None, rowvar: bool = True, *, dtype: Any = None) -> Any:
    """Computes `np.corrcoef`.

    Raises:
        ValueError: if there are more than two axes.
    """
    covariance = as_values(cov(x, y, rowvar, dtype=dtype))
    if np.ndim(covariance) == 0:
        return covariance / covariance
    deviation = np.sqrt(np.diag(covariance))
    return np.clip(covariance / deviation[:, None] / deviation, -1.0, 1.0)


def _variables(m: Any, rowvar: bool) -> Any:
    """An array whose rows are the variables and whose columns are the observations."""
    m = as_values(np.atleast_1d(m))
    if m.ndim > 2:
        raise ValueError(f"np.cov takes an array of one or two axes, not {m.ndim}")
    return m[None] if m.ndim < 2 else m if rowvar or m.shape[0] == 1 else m.T


def nan_to_num(x: Any, copy: bool = True, nan: Any = 0.0, posinf: Any = None, neginf: Any = None) -> Any:
    """Computes `np.nan_to_num`. Nothing flows back to what is replaced.

    Raises:
        UnsupportedError: for copy=False, because a Value is not changed in place.
    """
    if not copy:
        raise UnsupportedError("np.nan_to_num with copy=False cannot change Values in place; use the array it returns")
    highest = _LARGEST if posinf is None else posinf
    lowest = -_LARGEST if neginf is None else neginf

    def number(v: Any, nan: Any, highest: Any, lowest: Any) -> Any:
        finite = select(v - _LARGEST, highest, select(-_LARGEST - v, lowest, v))
        return select(v * v + 1.0, finite, nan)  # v * v + 1 is positive for every v but nan

    return np.frompyfunc(number, 4, 1)(np.asarray(x), nan, highest, lowest)


def nanmedian(a: Any, axis: Any = None, out: Any = None, overwrite_input: bool = False, keepdims: Any = False) -> Any:
    """Computes `np.nanmedian`, whose own code masks arrays of floats only."""
    return _without_nan(np.median, a, axis, out, keepdims)


def nanquantile(
    a: Any,
    q: Any,
    axis: Any = None,
    out: Any = None,
    overwrite_input: bool = False,
    method: Any = "linear",
    keepdims: Any = False,
) -> Any:
    """Computes `np.nanquantile`."""
    return _without_nan(lambda row: np.quantile(row, q, method=method), a, axis, out, keepdims, np.shape(q))


def nanpercentile(
    a: Any,
    q: Any,
    axis: Any = None,
    out: Any = None,
    overwrite_input: bool = False,
    method: Any = "linear",
    keepdims: Any = False,
) -> Any:
    """Computes `np.nanpercentile`."""
    return _without_nan(lambda row: np.percentile(row, q, method=method), a, axis, out, keepdims, np.shape(q))


def _without_nan(f: Any, a: Any, axis: Any, out: Any, keepdims: Any, shape: tuple[int, ...] = ()) -> Any:
    """What `f`, whose results have this shape, makes of the numbers along some axes that are not nan; nan of none."""
    if out is not None:
        raise UnsupportedError("np.nanmedian and the like cannot write Values to an array; use the array they return")
    long, kept_shape = with_long_axis(as_values(np.atleast_1d(a)), axis)
    results = []
    for row in long.reshape(-1, long.shape[-1]):
        numbers = row[~np.isnan(row)]
        results.append(f(as_values(numbers)) if numbers.size else np.full(shape, np.nan))
    stacked = np.moveaxis(np.array(results, dtype=object), 0, -1)
    return stacked.reshape(shape + (kept_shape if keepdims is True else long.shape[:-1]))


def of_levels(function: Any) -> Any:
    """Makes `np.quantile` or a function like it accept arrays of Values.

    NumPy's code reads the `dtype` of a result, which a single Value does not have. With one more axis, of length 1, no
    result is single.
    """

    def quantile(a: Any, q: Any, axis: Any = None, *arguments: Any, **options: Any) -> Any:
        levels = np.asarray(q)
        if levels.dtype == object:
            raise UnsupportedError(f"np.{function.__name__} takes levels that are plain numbers, not Values")
        a = as_values(np.atleast_1d(a))
        axes = tuple(range(a.ndim)) if axis is None else normalize_axis_tuple(axis, a.ndim)
        result = without_recording(function, a[..., None], levels, axes or None, *arguments, **options)
        return as_values(np.asarray(result)[..., 0])

    return quantile


def var(a: Any, *arguments: Any, **options: Any) -> Any:
    """Computes `np.var`, also of a single Value."""
    return without_recording(np.var, as_values(np.atleast_1d(a)), *arguments, **options)


def std(a: Any, *arguments: Any, **options: Any) -> Any:
    """Computes `np.std`. It is not differentiable where it is 0; its gradient there is 0, as that of a norm."""
    return root(as_values(var(a, *arguments, **options)))


def nanstd(a: Any, *arguments: Any, **options: Any) -> Any:
    """Computes `np.nanstd`; its gradient at 0 is that of `np.std`."""
    return root(as_values(np.nanvar(as_values(np.atleast_1d(a)), *arguments, **options)))
