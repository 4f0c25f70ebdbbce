"""The plane of two features: its points, the samples on it, and a surface of numbers over it."""

import math
from collections.abc import Sequence
from numbers import Integral, Real
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.colors import Normalize, TwoSlopeNorm
from matplotlib.image import AxesImage

from viz.labels import typeset
from viz.pictures.palette import Palette, shades as colours_of_classes
from viz.plots.axes import diverging

__all__ = [
    "Array",
    "Plane",
    "check_plane_options",
    "checked_samples",
    "checked_threshold",
    "draw_boundary",
    "draw_regions",
    "draw_samples",
    "draw_surface",
    "outputs_over",
    "plane_around",
    "scale_around",
]

Array = npt.NDArray[np.float64]

_CLASS_MARKERS = ("s", "o", "^", "D", "v", "P", "X", "*")


class Plane(NamedTuple):
    """A grid of points.

    Attributes:
        columns: the first feature of each column of the grid, in ascending order.
        rows: the second feature of each row.
    """

    columns: Array
    rows: Array

    @property
    def points(self) -> Array:
        """All points, row by row, points×2."""
        return np.stack([axis.ravel() for axis in np.meshgrid(self.columns, self.rows)], axis=1)

    def over(self, numbers: Array) -> Array:
        """Arranges one number, or one row of numbers, for each point in rows and columns."""
        return numbers.reshape(len(self.rows), len(self.columns), *numbers.shape[1:])


def check_plane_options(labels: object, resolution: object) -> None:
    """Checks the names of the two features and the number of points along each side.

    Raises:
        ValueError: if one of them is out of range.
    """
    if isinstance(labels, str) or np.shape(np.array(labels, dtype=object)) != (2,):
        raise ValueError(f"labels must be the names of two features, such as ('x1', 'x2'), not {labels!r}")
    if isinstance(resolution, bool) or not isinstance(resolution, Integral) or resolution < 2:
        raise ValueError(f"resolution must be an integer of at least 2, not {resolution!r}")


def checked_threshold(threshold: object) -> float:
    """Returns the output at which a decision changes.

    Raises:
        ValueError: if it is not a finite number.
    """
    if isinstance(threshold, bool) or not isinstance(threshold, Real) or not math.isfinite(threshold):
        raise ValueError(f"threshold must be a finite number, not {threshold!r}")
    return float(threshold)


def checked_samples(X: Any, y: Any) -> tuple[Array, Array]:
    """Returns the samples as an n×2 array, and the class of each as a number.

    Raises:
        ValueError: if a shape is wrong, a number is not finite, or there are more classes than markers.
    """
    samples, classes = np.array(X, dtype=float), np.array(y, dtype=float)
    if samples.ndim != 2 or samples.shape[1] != 2 or not len(samples):
        raise ValueError(f"X must have the shape n×2, for two features, not {samples.shape}")
    if classes.ndim == 2:
        classes = classes[:, 0] if classes.shape[1] == 1 else classes.argmax(axis=1).astype(float)
    if classes.shape != (len(samples),):
        raise ValueError(f"y must have one class for each of {len(samples)} samples, not the shape {np.shape(y)}")
    if not (np.isfinite(samples).all() and np.isfinite(classes).all()):
        raise ValueError("X and y must be finite, but they contain nan or inf")
    if len(np.unique(classes)) > len(_CLASS_MARKERS):
        raise ValueError(
            f"y must have at most {len(_CLASS_MARKERS)} classes, not {len(np.unique(classes))} different values"
        )
    return samples, classes


def plane_around(samples: Array, resolution: int) -> Plane:
    """Returns a grid that contains all samples, with a quarter of their range around them."""
    return Plane(*(_padded(samples[:, k], resolution) for k in (0, 1)))


def _padded(values: Array, resolution: int) -> Array:
    margin = 0.25 * float(np.ptp(values)) or 1.0
    return np.linspace(values.min() - margin, values.max() + margin, resolution)


def outputs_over(plane: Plane, model: Any) -> Array:
    """Returns the outputs of a model at each point, rows×columns×outputs.

    Raises:
        ValueError: if there is not one row for each point, or an output is not finite.
    """
    points = plane.points
    outputs = np.asarray(getattr(model, "predict", model)(points), dtype=float)
    if outputs.ndim == 1:
        outputs = outputs[:, None]
    if outputs.ndim != 2 or len(outputs) != len(points):
        raise ValueError(
            f"the model must return one row for each of {len(points)} inputs, not the shape {outputs.shape}"
        )
    if not np.isfinite(outputs).all():
        where = points[~np.isfinite(outputs).all(axis=1)][0]
        raise ValueError(f"the outputs of the model must be finite, but they are not at {where}")
    return plane.over(outputs)


def scale_around(centre: float, numbers: Array) -> TwoSlopeNorm:
    """Returns a scale for colours with `centre` in the middle: from 0 to 1 for probabilities, otherwise symmetric."""
    if numbers.min() >= 0.0 and numbers.max() <= 1.0 and 0.0 < centre < 1.0:  # probabilities
        return TwoSlopeNorm(centre, 0.0, 1.0)
    reach = float(np.abs(numbers - centre).max()) or 1.0
    return TwoSlopeNorm(centre, centre - reach, centre + reach)


def draw_surface(
    ax: Axes, plane: Plane, numbers: Array, norm: Normalize, colours: Palette, *, shades: int = 256
) -> AxesImage:
    """Draws one number for each point as a colour, one of so many shades, and returns the picture."""
    columns, rows = plane
    return ax.imshow(
        numbers,
        extent=(columns[0], columns[-1], rows[0], rows[-1]),
        origin="lower",
        interpolation="bilinear",
        interpolation_stage="data",  # not of colours: then there are no more of them than shades
        aspect="auto",
        cmap=diverging(colours).resampled(shades),
        norm=norm,
        alpha=0.65,
    )


def draw_boundary(ax: Axes, plane: Plane, numbers: Array, threshold: float, colours: Palette) -> None:
    """Draws the curve along which the numbers pass through the threshold, if they do."""
    if numbers.min() < threshold < numbers.max():
        ax.contour(*plane, numbers, [threshold], colors=colours.text, linewidths=2)


def draw_samples(ax: Axes, samples: Array, classes: Array, colours: Palette) -> Sequence[str]:
    """Draws each class of samples in a colour and with a marker of its own, and returns the labels of the classes."""
    names = np.unique(classes)
    labels = [f"class {typeset(format(name, 'g'))}" for name in names]
    for name, label, colour, marker in zip(names, labels, colours_of_classes(colours), _CLASS_MARKERS, strict=False):
        chosen = samples[classes == name]
        ax.scatter(
            chosen[:, 0],
            chosen[:, 1],
            s=55,
            color=colour,
            marker=marker,
            edgecolors=colours.text,
            linewidths=1.2,
            zorder=3,
            label=label,
        )
    return labels


def draw_regions(ax: Axes, plane: Plane, outputs: Array, colours: Palette) -> None:
    """Draws the region of each class, where its output exceeds all others. Margins are smooth, so borders are too."""
    for k, colour in enumerate(colours_of_classes(colours)[: outputs.shape[2]]):
        margin = outputs[:, :, k] - np.delete(outputs, k, axis=2).max(axis=2)
        if margin.max() > 0.0:
            ax.contourf(*plane, margin, [0.0, margin.max() * 1.001], colors=[colour], alpha=0.3)
        if margin.min() < 0.0 < margin.max():
            ax.contour(*plane, margin, [0.0], colors=colours.text, linewidths=1.2)
