"""The weights of a network as heat maps."""

from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

import autograd
from viz.labels import typeset
from viz.pictures.palette import Palette, palette_named
from viz.plots.axes import colour_bar, diverging, new_figure, readable_on, styled

__all__ = ["plot_weights"]

Array = npt.NDArray[np.float64]

_CELLS_WITH_NUMBERS = 200


def plot_weights(model: Any, *, palette: str = "light") -> Figure:
    """Plots the weights of each layer as a heat map, one row for each neuron, with its bias in the last column.

    All layers share one colour scale, centred at 0. Small layers show their numbers.

    Arguments:
        model: a model with `layers`, or a layer. A layer has `weight` (outputs×inputs) and `bias` (outputs).
        palette: "light" or "dark".

    Returns:
        The figure.

    Raises:
        TypeError: if no layer has weights.

    >>> from types import SimpleNamespace
    >>> layer = SimpleNamespace(weight=autograd.array([[1.0, -2.0]]), bias=autograd.array([0.5]))
    >>> figure = plot_weights(SimpleNamespace(layers=[layer]))
    """
    layers = [layer for layer in getattr(model, "layers", [model]) if getattr(layer, "weight", None) is not None]
    if not layers:
        raise TypeError(f"plot_weights takes a model whose layers have weights, not {model!r}")
    colours = palette_named(palette)
    weights = [np.atleast_2d(autograd.data_of(layer.weight)) for layer in layers]
    biases = [_bias(layer) for layer in layers]
    columns = [weight.shape[1] + bias.shape[1] for weight, bias in zip(weights, biases, strict=True)]
    height = min(2.0 + 0.45 * max(len(weight) for weight in weights), 9.0)
    width = min(2.2 + sum(0.75 * count + 0.6 for count in columns), 14.0)
    figure = new_figure(width, height, colours)
    every = np.concatenate([block.ravel() for block in weights + biases])
    reach = float(np.nanmax(np.abs(every), initial=0.0)) or 1.0
    norm = Normalize(-reach, reach)
    axes = figure.subplots(1, len(weights), width_ratios=columns, squeeze=False)[0]
    for number, (ax, weight, bias) in enumerate(zip(axes, weights, biases, strict=True), 1):
        styled(ax, palette)
        _draw_matrix(ax, np.hstack([weight, bias]), weight.shape[1], norm, colours)
        ax.set_title(f"layer {number} ({weight.shape[0]}×{weight.shape[1]})")
    colour_bar(axes[-1].images[0], "weight", colours, list(axes))
    return figure


def _bias(layer: Any) -> Array:
    """The biases as a column; an array without columns for a layer without biases."""
    bias = getattr(layer, "bias", None)
    outputs = np.atleast_2d(autograd.data_of(layer.weight)).shape[0]
    return np.empty((outputs, 0)) if bias is None else autograd.data_of(bias).reshape(outputs, 1)


def _draw_matrix(ax: Axes, numbers: Array, inputs: int, norm: Normalize, colours: Palette) -> None:
    """Draws the weights and, after a line, the biases of one layer."""
    image = ax.imshow(numbers, cmap=diverging(colours), norm=norm, aspect="auto")
    columns = numbers.shape[1]
    if columns > inputs:
        ax.axvline(inputs - 0.5, color=colours.text, linewidth=2)
    if columns <= 12:
        ax.set_xticks(range(columns), [f"in {i + 1}" for i in range(inputs)] + ["bias"] * (columns - inputs))
    ax.yaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
    ax.yaxis.set_major_formatter(lambda row, _: f"{row + 1:.0f}")
    ax.set_ylabel("neuron")
    ax.tick_params(length=0)
    if numbers.size > _CELLS_WITH_NUMBERS:
        return
    for (row, column), number in np.ndenumerate(numbers):
        colour = readable_on(image.cmap(norm(number)))
        ax.text(column, row, typeset(f"{number:.2f}"), ha="center", va="center", color=colour, fontsize=9)
