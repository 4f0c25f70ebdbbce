"""What each neuron of the first hidden layer makes of the plane, next to the output that they make together."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

import autograd
from viz.labels import typeset
from viz.pictures.palette import Palette, palette_named
from viz.plots.axes import colour_bar, new_figure, styled, verbatim
from viz.plots.plane import (
    Array,
    Plane,
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

__all__ = ["plot_neurons"]

_MOST_NEURONS = 24
_SHADES = 25  # odd, so that one of them is that of z = 0; few, so that a slope is seen as bands, and files are small


def plot_neurons(
    model: Any,
    X: Any,
    y: Any = None,
    *,
    threshold: float = 0.5,
    labels: Sequence[str] = ("x1", "x2"),
    resolution: int = 80,
    palette: str = "light",
) -> Figure:
    """Plots each neuron of the first hidden layer over the plane of two features, and the output of the network.

    The colour of a neuron's panel is its activation. Its line, where its weighted sum z is 0, is black, and the title
    has the formula of z. All neurons share one colour scale, in which the activation of z = 0 has no colour. The last
    panel shows the output, as `plot_decision_surface` does.

    Arguments:
        model: a model with `predict` whose first layer, `model.layers[0]`, is hidden and has two inputs, such as
            `nn.MLP(2, [4, 1])`.
        X: the samples, n×2.
        y: their classes, as n numbers or one-hot rows; without them, all samples look alike.
        threshold: the output at which the decision changes, for a model with one output.
        labels: the names of the two features.
        resolution: the number of points along each side at which the model is evaluated, 2 or more.
        palette: "light" or "dark".

    Returns:
        The figure.

    Raises:
        TypeError: if the model has no hidden layer.
        ValueError: if the first layer does not have two inputs, or has more than 24 neurons; if X, y or the outputs
            have the wrong shape or are not finite; or if an option is out of range.

    >>> import nn
    >>> X, y = nn.datasets.xor()
    >>> figure = plot_neurons(nn.MLP(2, [3, 1], output_activation="sigmoid"), X, y)
    >>> [ax.get_title().split(":")[0] for ax in figure.axes if ax.get_title()]
    ['neuron 1', 'neuron 2', 'neuron 3', 'output']
    """
    layer = _first_layer(model)
    threshold = checked_threshold(threshold)
    check_plane_options(labels, resolution)
    samples, classes = checked_samples(X, np.zeros(len(X)) if y is None else y)
    plane = plane_around(samples, resolution)
    weight, bias = autograd.data_of(layer.weight), autograd.data_of(layer.bias)
    sums = plane.over(plane.points @ weight.T + bias)
    hidden, outputs = outputs_over(plane, layer), outputs_over(plane, model)

    colours = palette_named(palette)
    figure, panels, last = _panels(len(bias), colours)
    for ax in (*panels, last):
        styled(ax, palette)
        ax.set(xlabel=verbatim(labels[0]), ylabel=verbatim(labels[1]))
        if ax is not last:
            ax.label_outer()
        ax.locator_params(nbins=4)
        names = draw_samples(ax, samples, classes, colours)
    norm = scale_around(_at_zero(layer), hidden)
    for k, ax in enumerate(panels):
        image = draw_surface(ax, plane, hidden[:, :, k], norm, colours, shades=_SHADES)
        draw_boundary(ax, plane, sums[:, :, k], 0.0, colours)
        ax.set_title(f"neuron {k + 1}: z =\n{_formula([*weight[k], bias[k]], [*map(verbatim, labels)])}", fontsize=8)
    bar = colour_bar(image, "activation", colours, panels)
    bar.ax.set_ylim(_shown(norm, hidden))
    _draw_output(last, plane, outputs, threshold, colours)
    _explain(last, [] if y is None else names, outputs, threshold, colours)
    return figure


def _first_layer(model: Any) -> Any:
    """The first layer of a model.

    Raises:
        TypeError: if it is not a hidden layer with weights.
        ValueError: if it does not have two inputs, or too many neurons for a picture.
    """
    layers: Sequence[Any] = getattr(model, "layers", ())
    if len(layers) < 2 or getattr(layers[0], "weight", None) is None:
        raise TypeError(f"plot_neurons takes a model with a hidden layer, such as nn.MLP(2, [4, 1]), not {model!r}")
    neurons, inputs = layers[0].weight.shape
    if inputs != 2:
        raise ValueError(f"the first layer must have 2 inputs, which are the axes of the plot, not {inputs}")
    if neurons > _MOST_NEURONS:
        raise ValueError(f"the first layer must have at most {_MOST_NEURONS} neurons, one a panel, not {neurons}")
    return layers[0]


def _at_zero(layer: Any) -> float:
    """The activation of a weighted sum of 0."""
    return float(autograd.data_of(layer.neurons[0].activation(autograd.Value(0.0))))


def _panels(neurons: int, colours: Palette) -> tuple[Figure, list[Axes], Axes]:
    """A figure with axes for the neurons on the left, in rows, and for the output on the right, nearly a square."""
    rows = max(1, round(math.sqrt(neurons / 1.6)))
    columns = math.ceil(neurons / rows)
    left_width, right_width = 2.1 * columns + 0.6, 3.0 if rows == 1 else 3.8
    width, height = min(left_width + right_width, 14.0), 0.9 + 2.0 * max(rows, 1.15)
    figure = new_figure(width, height, colours)
    parts: Any = figure.subfigures(1, 2, width_ratios=[left_width, right_width])
    left, right = parts
    for part in parts:
        part.set_facecolor(colours.background)
    grid = left.subplots(rows, columns, squeeze=False, sharex=True, sharey=True).ravel()
    for ax in grid[neurons:]:
        ax.set_axis_off()
    if rows == 1:
        return figure, list(grid[:neurons]), right.subplots()
    tall = right_width * width / (left_width + right_width) - 0.6  # the colour bar takes more room than the title
    spare = (height - tall) / 2.0
    middle = right.add_gridspec(3, 1, height_ratios=[spare, tall, spare])[1]
    return figure, list(grid[:neurons]), right.add_subplot(middle)


def _formula(numbers: Sequence[float], names: Sequence[str]) -> str:
    """Writes a weighted sum of features, and a bias, with two digits.

    >>> _formula([-20.0, 1.0, -0.5], ["x1", "x2"]), _formula([0.0, 2.0, 0.0], ["x1", "x2"])
    ('−20 x1 + x2 − 0.5', '2 x2')
    """
    text = ""
    for number, name in zip(numbers, [*names, ""], strict=True):
        size = format(abs(float(number)), ".2g")
        if size != "0":
            sign = (" − " if text else "−") if number < 0.0 else (" + " if text else "")
            text += sign + " ".join(word for word in ("" if name and size == "1" else typeset(size), name) if word)
    return text or "0"


def _shown(norm: Normalize, numbers: Array) -> tuple[float, float]:
    """The part of a colour scale that occurs in a picture."""
    low, high = float(numbers.min()), float(numbers.max())
    if low == high and norm.vmin is not None and norm.vmax is not None:
        return norm.vmin, norm.vmax
    return low, high


def _draw_output(ax: Axes, plane: Plane, outputs: Array, threshold: float, colours: Palette) -> None:
    ax.set_title("output", fontsize=8)
    if outputs.shape[2] > 1:
        draw_regions(ax, plane, outputs, colours)
        return
    norm = scale_around(threshold, outputs)
    image = draw_surface(ax, plane, outputs[:, :, 0], norm, colours, shades=_SHADES)
    colour_bar(image, "output", colours, ax)
    draw_boundary(ax, plane, outputs[:, :, 0], threshold, colours)


def _explain(ax: Axes, classes: Sequence[str], outputs: Array, threshold: float, colours: Palette) -> None:
    """Adds a legend below all panels: the classes, and what the black lines are."""
    marks, texts = ax.get_legend_handles_labels()
    handles = [mark for mark, text in zip(marks, texts, strict=True) if text in classes]
    meaning = "z = 0" if outputs.shape[2] > 1 else f"z = 0; at the right, output = {typeset(format(threshold, 'g'))}"
    line = Line2D([], [], color=colours.text, linewidth=2, label=meaning)
    ax.figure.figure.legend(
        handles=[*handles, line],
        loc="outside lower center",
        ncols=len(handles) + 1,
        frameon=False,
        labelcolor=colours.text,
    )
