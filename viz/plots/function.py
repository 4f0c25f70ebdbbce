"""A function of one number, plotted with its derivative."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

import autograd
from viz.plots.axes import figure_of, legend, name_of, styled, verbatim
from viz.plots.sampling import limits, sampled

__all__ = ["plot_function"]

Array = npt.NDArray[np.float64]


def plot_function(
    f: Callable[[Any], Any],
    low: float = -3.0,
    high: float = 3.0,
    *,
    name: str = "",
    points: int = 401,
    ax: Axes | None = None,
    palette: str = "light",
) -> Figure:
    """Plots a function of one number together with its derivative, which the engine computes.

    If either jumps, as the derivative of ReLU does, its curve has a gap instead of a steep line.

    Arguments:
        f: takes a Value and returns one.
        low, high: the ends of the x axis.
        name: the name of the function in the plot; by default its name in Python.
        points: the number of points on the x axis at which the function is computed.
        ax: axes to draw in, instead of a new figure.
        palette: "light" or "dark".

    Returns:
        The figure.

    Raises:
        ValueError: if `low` and `high` are not finite or not in order, `points` is below 2, or the function is not
            finite at any of the points.

    >>> figure = plot_function(autograd.relu)
    >>> [text.get_text() for text in figure.axes[0].get_legend().get_texts()]
    ['relu(x)', 'derivative']
    """
    if not (math.isfinite(low) and math.isfinite(high) and low < high):
        raise ValueError(f"plot_function needs finite low < high, not low={low} and high={high}")
    if points < 2:
        raise ValueError(f"points must be an integer of at least 2, not {points}")
    value_and_derivative = autograd.value_and_grad(f)

    def at(x: float) -> Array:
        return np.array([autograd.Value.constant(number).data for number in value_and_derivative(float(x))])

    xs, curves = sampled(at, np.linspace(low, high, points))
    if not np.isfinite(curves[:, 0]).any():
        raise ValueError(f"the function must be finite somewhere between {low} and {high}, but it is finite nowhere")
    ax, colours = styled(ax, palette)
    ax.axhline(0.0, color=colours.muted, linewidth=0.8)
    ax.axvline(0.0, color=colours.muted, linewidth=0.8)
    name = name or name_of(f)
    ax.plot(xs, curves[:, 0], color=colours.positive, linewidth=2.2, label=verbatim(name))
    ax.plot(xs, curves[:, 1], color=colours.negative, linewidth=2.2, linestyle="--", label="derivative")
    ax.set(xlabel="x", xlim=(low, high), ylim=limits(curves), title=verbatim(name) + " and its derivative")
    ax.grid(color=colours.muted, alpha=0.25)
    legend(ax, colours)
    return figure_of(ax)
