"""The decision surface of a model over two features."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from viz.plots.axes import colour_bar, figure_of, legend, styled, verbatim
from viz.plots.plane import (
    check_plane_options,
    checked_samples,
    checked_threshold,
    draw_boundary,
    draw_regions,
    draw_samples,
    draw_surface,
    outputs_over,
    plane_around,
    scale_around,
)

__all__ = ["plot_decision_surface"]


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
    threshold = checked_threshold(threshold)
    check_plane_options(labels, resolution)
    samples, classes = checked_samples(X, y)
    plane = plane_around(samples, resolution)
    outputs = outputs_over(plane, model)
    ax, colours = styled(ax, palette)
    if outputs.shape[2] == 1:
        norm = scale_around(threshold, outputs)
        surface = draw_surface(ax, plane, outputs[:, :, 0], norm, colours)
        bar = colour_bar(surface, "output", colours, ax)
        bar.set_ticks(np.linspace(*surface.get_clim(), 5).tolist())
        draw_boundary(ax, plane, outputs[:, :, 0], threshold, colours)
    else:
        draw_regions(ax, plane, outputs, colours)
    names = draw_samples(ax, samples, classes, colours)
    legend(ax, colours, loc="upper center", bbox_to_anchor=(0.5, -0.14), ncols=min(len(names), 4), frameon=False)
    ax.set(xlabel=verbatim(labels[0]), ylabel=verbatim(labels[1]), title="Decision surface")
    return figure_of(ax)
