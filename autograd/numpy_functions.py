"""NumPy's functions that are not applied to Values as they are: computed here, on plain numbers, or refused by name."""

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd import linear_algebra
from autograd.array_views import inspected_array, without_recording
from autograd.interpolation import gradient, interp
from autograd.norms import norm, vector_norm
from autograd.sinc import sinc
from autograd.statistics import (
    corrcoef,
    cov,
    nan_to_num,
    nanmedian,
    nanpercentile,
    nanquantile,
    nanstd,
    of_levels,
    std,
    var,
)

__all__ = ["OWN", "REFUSED"]


def _on_plain_numbers(function: Callable[..., Any]) -> Callable[..., Any]:
    """Makes a function that needs no derivative compute with the numbers, which counts as a branch on them."""

    def plain(*arguments: Any, **options: Any) -> Any:
        numbers = {name: inspected_array(option) for name, option in options.items()}
        return without_recording(function, *map(inspected_array, arguments), **numbers)

    return plain


OWN: dict[str, Callable[..., Any]] = {
    **{f"linalg.{name}": getattr(linear_algebra, name) for name in linear_algebra.__all__},
    "linalg.norm": norm,
    "linalg.vector_norm": vector_norm,
    "corrcoef": corrcoef,
    "cov": cov,
    "gradient": gradient,
    "interp": interp,
    "nan_to_num": nan_to_num,
    "nanmedian": nanmedian,
    "nanpercentile": nanpercentile,
    "nanquantile": nanquantile,
    "nanstd": nanstd,
    "sinc": sinc,
    "std": std,
    "var": var,
    **{name: of_levels(getattr(np, name)) for name in ("percentile", "quantile")},
    **{name: _on_plain_numbers(getattr(np, name)) for name in ("allclose", "array_equal", "array_equiv", "isclose")},
}
"""Functions by name, of the same arguments as NumPy's."""

_EIGENVALUES, _SINGULAR_VALUES = (
    "needs eigenvalues, which are not supported",
    "needs singular values, which are not supported",
)

REFUSED = {
    **dict.fromkeys(("linalg.eig", "linalg.eigh", "linalg.eigvals", "linalg.eigvalsh", "roots"), _EIGENVALUES),
    **dict.fromkeys(
        ("linalg.svd", "linalg.svdvals", "linalg.matrix_rank", "linalg.pinv", "linalg.lstsq", "polyfit"),
        _SINGULAR_VALUES,
    ),
    "linalg.qr": "is not supported",
    "polydiv": "is not supported",
    "i0": "is a Bessel function, which is not supported",
    "kaiser": "is a Bessel function, which is not supported",
}
"""Functions that are refused, by name, with the reason."""
