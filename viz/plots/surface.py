"""The decision surface of a model over two features."""

import math
from collections.abc import Sequence
from numbers import Integral, Real
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.colors import TwoSlopeNorm
from matplotlib.figure import Figure

from viz.labels import typeset
from viz.pictures.palette import Palette, shades
from viz.plots.axes import colour_bar, diverging, figure_of, legend, styled, verbatim

__all__ = ["plot_decision_surface"]

Array = npt.NDArray[np.float64]

_CLASS_MARKERS = ("s", "o", "^", "D", "v", "P", "X", "*")


def plot_decision_surface(
    model: Any,
    X: Any,
    y: Any,
    *,
    threshold: float = 0.5,
    labels: Sequence[str] = ("x1", "x2"),
    resolution: int = 80,
    ax: Axes | None = None,
    palette: str = "light",
) -> Figure:
    """Plots the outputs of a model over the plane of two features, with the samples that the model should separate.

    A single output is drawn as a surface in two colours, with the decision boundary at `threshold`. For several
    outputs, the plot shows the regions in which each is the largest. Classes differ by colour and marker.

    Arguments:
        model: an object with `predict`, or a function, that maps an n×2 array to n outputs or an n×classes array.
        X: the samples, n×2.
        y: their classes, as n numbers or one-hot rows.
        threshold: the output at which the decision changes, for a model with one output.
        labels: the names of the two features.
        resolution: the number of points along each side at which the model is evaluated, 2 or more.
        ax: axes to draw in, instead of a new figure.
        palette: "light" or "dark".

    Returns:
        The figure.

    Raises:
        ValueError: if X, y or the outputs have the wrong shape or are not finite, y has more than 8 classes, or an
            option is out of range.

    >>> X, y = [[0, 0], [0, 1], [1, 0], [1, 1]], [0, 0, 0, 1]
    >>> figure = plot_decision_surface(lambda X: X.mean(axis=1), X, y, threshold=0.75)
    """
    _check_options(threshold, labels, resolution)
    samples, classes = _samples(X, y)
    columns, rows = (_padded(samples[:, k], resolution) for k in (0, 1))
    points = np.stack([axis.ravel() for axis in np.meshgrid(columns, rows)], axis=1)
    outputs = _outputs(model, points).reshape(len(rows), len(columns), -1)
    ax, colours = styled(ax, palette)
    if outputs.shape[2] == 1:
        _draw_surface(ax, columns, rows, outputs[:, :, 0], threshold, colours)
    else:
        _draw_regions(ax, columns, rows, outputs, colours)
    names = np.unique(classes)
    for name, colour, marker in zip(names, shades(colours), _CLASS_MARKERS, strict=False):
        chosen = samples[classes == name]
        label = f"class {typeset(format(name, 'g'))}"
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
    legend(ax, colours, loc="upper center", bbox_to_anchor=(0.5, -0.14), ncols=min(len(names), 4), frameon=False)
    ax.set(xlabel=verbatim(labels[0]), ylabel=verbatim(labels[1]), title="Decision surface")
    return figure_of(ax)


def _check_options(threshold: object, labels: object, resolution: object) -> None:
    if isinstance(threshold, bool) or not isinstance(threshold, Real) or not math.isfinite(threshold):
        raise ValueError(f"threshold must be a finite number, not {threshold!r}")
    if isinstance(labels, str) or np.shape(np.array(labels, dtype=object)) != (2,):
        raise ValueError(f"labels must be the names of two features, such as ('x1', 'x2'), not {labels!r}")
    if isinstance(resolution, bool) or not isinstance(resolution, Integral) or resolution < 2:
        raise ValueError(f"resolution must be an integer of at least 2, not {resolution!r}")


def _samples(X: Any, y: Any) -> tuple[Array, Array]:
    """The samples as an n×2 array, and the class of each as a number."""
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


def _padded(values: Array, resolution: int) -> Array:
    margin = 0.25 * float(np.ptp(values)) or 1.0
    return np.linspace(values.min() - margin, values.max() + margin, resolution)


def _outputs(model: Any, points: Array) -> Array:
    """The outputs of the model at each point, points×outputs."""
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
    return outputs


def _draw_surface(ax: Axes, columns: Array, rows: Array, outputs: Array, threshold: float, colours: Palette) -> None:
    if outputs.min() >= 0.0 and outputs.max() <= 1.0 and 0.0 < threshold < 1.0:  # probabilities
        low, high = 0.0, 1.0
    else:
        reach = float(np.abs(outputs - threshold).max()) or 1.0
        low, high = threshold - reach, threshold + reach
    norm = TwoSlopeNorm(threshold, low, high)
    surface = ax.imshow(
        outputs,
        extent=(columns[0], columns[-1], rows[0], rows[-1]),
        origin="lower",
        interpolation="bilinear",
        aspect="auto",
        cmap=diverging(colours),
        norm=norm,
        alpha=0.65,
    )
    bar = colour_bar(surface, "output", colours, ax)
    bar.set_ticks(np.linspace(low, high, 5).tolist())
    if outputs.min() < threshold < outputs.max():
        ax.contour(columns, rows, outputs, [threshold], colors=colours.text, linewidths=2)


def _draw_regions(ax: Axes, columns: Array, rows: Array, outputs: Array, colours: Palette) -> None:
    """Draws the region of each class, where its output exceeds all others. Margins are smooth, so borders are too."""
    for k, colour in enumerate(shades(colours)[: outputs.shape[2]]):
        margin = outputs[:, :, k] - np.delete(outputs, k, axis=2).max(axis=2)
        if margin.max() > 0.0:
            ax.contourf(columns, rows, margin, [0.0, margin.max() * 1.001], colors=[colour], alpha=0.3)
        if margin.min() < 0.0 < margin.max():
            ax.contour(columns, rows, margin, [0.0], colors=colours.text, linewidths=1.2)
