"""Plots of training and of functions, by matplotlib: each returns a figure, and touches no global state."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

import autograd
from viz.pictures.palette import Palette, palette_named
from viz.plots.axes import as_written, colour_bar, diverging, figure_of, legend, new_figure, readable_on, styled
from viz.plots.sampling import limits, sampled
from viz.plots.surface import plot_decision_surface

__all__ = ["plot_decision_surface", "plot_difference_error", "plot_function", "plot_loss", "plot_weights"]

Array = npt.NDArray[np.float64]

_CELLS_WITH_NUMBERS = 200


def plot_loss(history: Any, *, log: bool = False, ax: Axes | None = None, palette: str = "light") -> Figure:
    """The loss of each epoch, with that of the validation set where there is one.

    Arguments:
        history: what `fit` returned, or the losses themselves, one an epoch.
        log: whether the loss has a logarithmic axis.
        ax: axes to draw in, in place of a new figure.
        palette: "light" or "dark".

    Returns:
        The figure. Losses that are not finite are left out and the first of them is marked.

    Raises:
        ValueError: if there is no finite loss, or none above 0 for a logarithmic axis.

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
    unfit = np.flatnonzero(~np.isfinite(losses))
    if unfit.size:
        label = f"not finite from epoch {unfit[0] + 1}"
        ax.axvline(float(unfit[0] + 1), color=colours.muted, linestyle=":", label=label)
    if len(ax.get_lines()) > 1:
        legend(ax, colours)
    if log:
        ax.set_yscale("log")
    ax.set(xlabel="epoch", ylabel="loss (log scale)" if log else "loss", title="Loss during training")
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.grid(color=colours.muted, alpha=0.25)
    return figure_of(ax)


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
    """A function of one number beside its derivative, which the engine computes.

    Where either jumps, as the derivative of ReLU does, its curve is broken, not drawn as a steep line.

    Arguments:
        f: takes a Value and returns one.
        low, high: the ends of the x axis.
        name: what to call it; by default as Python does.
        points: how many points of the axis to compute it at.
        ax: axes to draw in, in place of a new figure.
        palette: "light" or "dark".

    Raises:
        ValueError: if low is not below high, either is not finite, or the function is so nowhere between them.

    >>> figure = plot_function(autograd.relu)
    >>> [text.get_text() for text in figure.axes[0].get_legend().get_texts()]
    ['relu(x)', 'derivative']
    """
    if not (math.isfinite(low) and math.isfinite(high) and low < high):
        raise ValueError(f"plot_function needs finite low < high, not low={low} and high={high}")
    if points < 2:
        raise ValueError(f"plot_function needs at least 2 points, not {points}")
    both = autograd.value_and_grad(f)

    def at(x: float) -> Array:
        return np.array([autograd.Value.constant(number).data for number in both(float(x))])

    xs, curves = sampled(at, np.linspace(low, high, points))
    if not np.isfinite(curves[:, 0]).any():
        raise ValueError(f"the function is finite nowhere between {low} and {high}")
    ax, colours = styled(ax, palette)
    ax.axhline(0.0, color=colours.muted, linewidth=0.8)
    ax.axvline(0.0, color=colours.muted, linewidth=0.8)
    if not name:
        name = getattr(f, "__name__", "f")
        name = "f(x)" if name.startswith("<") else f"{name}(x)"
    ax.plot(xs, curves[:, 0], color=colours.positive, linewidth=2.2, label=as_written(name))
    ax.plot(xs, curves[:, 1], color=colours.negative, linewidth=2.2, linestyle="--", label="derivative")
    ax.set(xlabel="x", xlim=(low, high), ylim=limits(curves), title=as_written(name) + " and its derivative")
    ax.grid(color=colours.muted, alpha=0.25)
    legend(ax, colours)
    return figure_of(ax)


def plot_difference_error(
    f: Callable[[Any], Any], x: float, *, ax: Axes | None = None, palette: str = "light"
) -> Figure:
    """How far the central difference of a function lies from the engine's derivative, for steps from 1 to 10⁻¹².

    From the right the error falls with the square of the step, which is what the formula leaves out (truncation); then
    it rises as the step's inverse, as the digits that two close values share cancel (round-off).

    Arguments:
        f: takes a Value and returns one.
        x: where both are taken.
        ax: axes to draw in, in place of a new figure.
        palette: "light" or "dark".

    Raises:
        ValueError: if x or the derivative there is not finite, or the two never differ.

    >>> figure = plot_difference_error(autograd.tanh, 0.5)
    >>> figure.axes[0].get_xlabel()
    'step (log scale)'
    """
    exact = autograd.grad(f)(float(x))
    steps = np.logspace(-12.0, 0.0, 97)
    errors = np.array([abs(autograd.numerical_derivative(f, float(x), step) - exact) for step in steps.tolist()])
    drawn = np.isfinite(errors) & (errors > 0.0)  # 0 has no place on a logarithmic axis
    if not math.isfinite(x) or not math.isfinite(exact) or not drawn.any():
        raise ValueError(f"at x={x} the derivative is {exact}, and no difference lies apart from it that can be shown")
    ax, colours = styled(ax, palette)
    ax.loglog(steps[drawn], errors[drawn], color=colours.positive, linewidth=2)
    ax.set(xlabel="step (log scale)", ylabel="error (log scale)", title=f"Central difference at x = {x:g}")
    ax.grid(color=colours.muted, alpha=0.25)
    return figure_of(ax)


def plot_weights(model: Any, *, palette: str = "light") -> Figure:
    """The weights of each layer as a heat map, a row a neuron, with the biases as a column beside them.

    All layers share one scale of colour, centred at 0. Small layers show their numbers.

    Arguments:
        model: has `layers`, or is one, with `weight` (outputs×inputs) and `bias` (outputs), arrays of Values.
        palette: "light" or "dark".

    Raises:
        TypeError: if there is no layer with weights.

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
    colour_bar(axes[-1].images[0], "weight", colours, beside=list(axes))
    return figure


def _losses(losses: Any, log: bool) -> Array:
    numbers = np.array([math.nan if loss is None else loss for loss in losses], dtype=float)
    numbers[~np.isfinite(numbers)] = math.nan
    if not np.isfinite(numbers).any():
        raise ValueError(f"there is no finite loss to plot among {len(numbers)}")
    if log and not (numbers > 0.0).any():
        raise ValueError("a logarithmic axis needs a loss above 0, and there is none; use log=False")
    return numbers


def _bias(layer: Any) -> Array:
    """The biases as a column, of no width for a layer that has none."""
    bias = getattr(layer, "bias", None)
    outputs = np.atleast_2d(autograd.data_of(layer.weight)).shape[0]
    return np.empty((outputs, 0)) if bias is None else autograd.data_of(bias).reshape(outputs, 1)


def _draw_matrix(ax: Axes, numbers: Array, inputs: int, norm: Normalize, colours: Palette) -> None:
    """The weights and, behind a line, the biases of one layer."""
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
        ax.text(column, row, f"{number:.2f}", ha="center", va="center", color=colour, fontsize=9)
