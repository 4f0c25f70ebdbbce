"""Small grey images in a row or a grid."""

import math
from collections.abc import Sequence
from numbers import Integral
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from viz.pictures.palette import Palette, palette_named
from viz.plots.axes import figure_of, new_figure, styled, verbatim

__all__ = ["plot_images"]

Array = npt.NDArray[np.float64]

_GAP = 0.12  # between two images, in widths of an image
_INCHES = 0.9  # the width of an image with its gap
_LINE = 0.22  # the height of a line of a label, in inches


def plot_images(
    images: Any,
    labels: Sequence[object] | None = None,
    *,
    columns: int | None = None,
    low: float | None = None,
    high: float | None = None,
    ax: Axes | None = None,
    palette: str = "light",
) -> Figure:
    """Plots grey images, such as handwritten digits, in a row or a grid, each with a label above it.

    All images share one scale of grey: `low` is drawn in the colour of the background, and `high` in that of the text,
    so that ink is dark on a light page.

    Arguments:
        images: n×height×width, or n×pixels for square images, row after row, as in `X` of a dataset.
        labels: for each image a text or a number to write above it.
        columns: the number of images in a row, by default 10 or fewer.
        low, high: the numbers that are drawn as background and as ink; by default the smallest and the largest number
            of all images. Numbers outside are drawn like the nearer of the two.
        ax: axes to draw in, instead of a new figure.
        palette: "light" or "dark".

    Returns:
        The figure.

    Raises:
        ValueError: if there are no images, they are not finite or have another shape, there is not one label for each,
            `columns` is not a positive integer, or `low` is not below `high`.

    >>> figure = plot_images([[0, 1, 1, 0], [1, 0, 0, 1]], ["up", "down"])
    >>> [text.get_text() for text in figure.axes[0].texts]
    ['up', 'down']
    """
    pictures = _checked_images(images)
    texts = None if labels is None else _checked_labels(labels, len(pictures))
    per_row = _checked_columns(columns, len(pictures))
    bounds = _checked_bounds(low, high, pictures)
    rows = math.ceil(len(pictures) / per_row)
    ratio = pictures.shape[1] / pictures.shape[2]
    lines = 0 if texts is None else max(text.count("\n") + 1 for text in texts)
    heading = lines * _LINE / _INCHES * (1 + _GAP)
    row_height = ratio + _GAP + heading
    if ax is None:
        width = per_row * _INCHES
        height = rows * row_height * _INCHES / (1 + _GAP)
        margins = {"left": 0.0, "right": 1.0, "bottom": 0.0, "top": 1.0}
        ax = new_figure(width, height, palette_named(palette), margins=margins).add_subplot()
    ax, colours = styled(ax, palette)
    for number, picture in enumerate(pictures):
        row, column = divmod(number, per_row)
        left, top = column * (1 + _GAP), -row * row_height - heading
        extent = (left, left + 1, top - ratio, top)
        ax.imshow(picture, cmap=_greys(colours), vmin=bounds[0], vmax=bounds[1], extent=extent)
        ax.add_patch(_frame(extent, colours))
        if texts is not None:
            middle, above = left + 0.5, top + 0.03
            ax.text(middle, above, texts[number], ha="center", va="bottom", fontsize=11, color=colours.text)
    right, bottom = per_row * (1 + _GAP) - _GAP / 2, -rows * row_height + _GAP / 2
    ax.set(xlim=(-_GAP / 2, right), ylim=(bottom, _GAP / 2), aspect="equal")
    ax.set_axis_off()
    return figure_of(ax)


def _greys(colours: Palette) -> LinearSegmentedColormap:
    return LinearSegmentedColormap.from_list("greys", [colours.background, colours.text], N=256)


def _frame(extent: tuple[float, float, float, float], colours: Palette) -> Rectangle:
    left, right, bottom, top = extent
    return Rectangle((left, bottom), right - left, top - bottom, fill=False, edgecolor=colours.muted, linewidth=0.6)


def _checked_images(images: Any) -> Array:
    """The images as an array n×height×width."""
    array = np.array(images, dtype=float)
    side = math.isqrt(array.shape[1]) if array.ndim == 2 else 0
    if array.ndim == 2 and side * side == array.shape[1]:
        array = array.reshape(-1, side, side)
    if array.ndim != 3 or not array.size:
        raise ValueError(
            f"images must have the shape n×height×width, or n×pixels if they are square, not {np.shape(images)}; "
            "put a single image into a list"
        )
    if not np.isfinite(array).all():
        raise ValueError("images must be finite, but they contain nan or inf")
    return array


def _checked_labels(labels: Sequence[object], images: int) -> list[str]:
    if isinstance(labels, str) or len(labels) != images:
        raise ValueError(f"labels must have one label for each of {images} images, not {labels!r}")
    return [verbatim(str(label)) for label in labels]


def _checked_columns(columns: object, images: int) -> int:
    if columns is None:
        return min(images, 10)
    if isinstance(columns, bool) or not isinstance(columns, Integral) or columns < 1:
        raise ValueError(f"columns must be a positive integer, not {columns!r}")
    return min(int(columns), images)


def _checked_bounds(low: float | None, high: float | None, images: Array) -> tuple[float, float]:
    first = float(images.min()) if low is None else float(low)
    last = float(images.max()) if high is None else float(high)
    if low is None and high is None and first == last:  # without contrast: all is background
        last = first + 1.0
    if not (math.isfinite(first) and math.isfinite(last) and first < last):
        raise ValueError(f"low must be below high, and both finite, not low={first} and high={last}")
    return first, last
