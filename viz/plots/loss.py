"""The loss curve of a training run."""

import math
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from viz.plots.axes import figure_of, legend, styled

__all__ = ["plot_loss"]

_LONG = 10_000  # epochs, whose numbers are so long that fewer stand side by side

Array = npt.NDArray[np.float64]


def plot_loss(history: Any, *, log: bool = False, ax: Axes | None = None, palette: str = "light") -> Figure:
    """Plots the loss of each epoch, with the validation loss if there is one.

    Arguments:
        history: the result of `fit`, or the losses themselves, one for each epoch.
        log: whether the loss axis is logarithmic.
        ax: axes to draw in, instead of a new figure.
        palette: "light" or "dark".

    Returns:
        The figure. Losses that are not finite are left out, and the first of them is marked.

    Raises:
        ValueError: if no loss is finite, or none is positive for a logarithmic axis.

    >>> figure = plot_loss([0.9, 0.4, 0.2])
    >>> figure.axes[0].get_xlabel()
    'epoch'
    """
    losses = _losses(getattr(history, "loss", history), log)
    validation = getattr(history, "validation_loss", None)
    ax, colours = styled(ax, palette)
    epochs = np.arange(1, len(losses) + 1)
    marker = "o" if len(losses) == 1 else None
    ax.plot(epochs, losses, color=colours.positive, linewidth=2, marker=marker, label="training")
    if validation is not None and len(validation) > 0:
        ax.plot(
            np.arange(1, len(validation) + 1),
            _losses(validation, log),
            color=colours.negative,
            linewidth=2,
            linestyle="--",
            marker=marker,
            label="validation",
        )
    nonfinite = np.flatnonzero(~np.isfinite(losses))
    if nonfinite.size:
        label = f"not finite from epoch {nonfinite[0] + 1}"
        ax.axvline(float(nonfinite[0] + 1), color=colours.muted, linestyle=":", label=label)
    if len(ax.get_lines()) > 1:
        legend(ax, colours)
    if log:
        ax.set_yscale("log")
    ax.set(xlabel="epoch", ylabel="loss (log scale)" if log else "loss", title="Loss during training")
    ax.xaxis.set_major_locator(MaxNLocator(5 if len(losses) >= _LONG else 10, integer=True))
    ax.grid(color=colours.muted, alpha=0.25)
    return figure_of(ax)


def _losses(losses: Any, log: bool) -> Array:
    """The losses as an array, with nan for those that are not finite."""
    numbers = np.array([math.nan if loss is None else loss for loss in losses], dtype=float)
    numbers[~np.isfinite(numbers)] = math.nan
    if not np.isfinite(numbers).any():
        raise ValueError(f"at least one loss must be finite to be plotted, but none of {len(numbers)} is")
    if log and not (numbers > 0.0).any():
        raise ValueError("a logarithmic axis needs a positive loss, but there is none; use log=False")
    return numbers
