"""The error of a central difference, plotted against its step."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

import autograd
from viz.labels import typeset
from viz.plots.axes import figure_of, styled

__all__ = ["plot_difference_error"]


def plot_difference_error(
    f: Callable[[Any], Any], x: float, *, ax: Axes | None = None, palette: str = "light"
) -> Figure:
    """Plots the error of the central difference of a function for steps from 1 down to 10⁻¹².

    The error is the difference from the engine's derivative. From right to left, it first falls with the square of the
    step (truncation: the terms that the formula leaves out), then rises with the inverse of the step (round-off: two
    close values share digits that cancel).

    Arguments:
        f: takes a Value and returns one.
        x: the point at which both derivatives are taken.
        ax: axes to draw in, instead of a new figure.
        palette: "light" or "dark".

    Returns:
        The figure.

    Raises:
        ValueError: if x or the derivative at x is not finite, or the error is 0 or not finite at every step.

    >>> figure = plot_difference_error(autograd.tanh, 0.5)
    >>> figure.axes[0].get_xlabel()
    'step (log scale)'
    """
    exact = autograd.grad(f)(float(x))
    steps = np.logspace(-12.0, 0.0, 97)
    errors = np.array([abs(autograd.numerical_derivative(f, float(x), step) - exact) for step in steps.tolist()])
    drawn = np.isfinite(errors) & (errors > 0.0)  # a logarithmic axis has no 0
    if not math.isfinite(x) or not math.isfinite(exact) or not drawn.any():
        raise ValueError(f"plot_difference_error has no error to show at x={x}, where the derivative is {exact}")
    ax, colours = styled(ax, palette)
    ax.loglog(steps[drawn], errors[drawn], color=colours.positive, linewidth=2)
    ax.set(
        xlabel="step (log scale)",
        ylabel="error (log scale)",
        title=f"Central difference at x = {typeset(format(x, 'g'))}",
    )
    ax.grid(color=colours.muted, alpha=0.25)
    return figure_of(ax)
