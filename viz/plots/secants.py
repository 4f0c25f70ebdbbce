"""Secants of a function that turn into its tangent."""

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

import autograd
from viz.plots.axes import figure_of, legend, name_of, styled, verbatim
from viz.plots.sampling import limits, sampled

__all__ = ["plot_secants"]

Array = npt.NDArray[np.float64]


def plot_secants(
    f: Callable[[Any], Any],
    at: float,
    steps: Sequence[float] = (2.0, 1.0, 0.5),
    *,
    central: bool = False,
    tangent: bool = True,
    low: float | None = None,
    high: float | None = None,
    name: str = "",
    ax: Axes | None = None,
    palette: str = "light",
) -> Figure:
    """Plots a function with secants through one of its points, and the tangent that they approach.

    The legend lists the slope of each line. The slope of a secant is a difference quotient, (f(a + Δ) − f(a)) / Δ. The
    slope of the tangent is the derivative, which the engine computes.

    Arguments:
        f: takes a Value and returns one.
        at: the point a that the secants share.
        steps: the distance Δ from a to the second point of each secant, in the order of the legend; not 0, but
            possibly negative.
        central: whether the secants go from a − Δ to a + Δ instead. Then they do not pass through a.
        tangent: whether the tangent is drawn. Leave it out where the function has a corner.
        low, high: the ends of the x axis; by default all points with some room on both sides.
        name: the name of the function in the legend; by default its name in Python.
        ax: axes to draw in, instead of a new figure.
        palette: "light" or "dark".

    Returns:
        The figure.

    Raises:
        ValueError: if `at` or a step is not finite, a step is 0, there is no line to draw, `low` and `high` are not in
            order, or the function or, for the tangent, its derivative is not finite where it is needed.

    >>> figure = plot_secants(lambda x: x**2, 1.0, steps=[1.0, 0.1], name="x²")
    >>> [text.get_text() for text in figure.axes[0].get_legend().get_texts()]
    ['x²', 'Δ = 1: slope 3', 'Δ = 0.1: slope 2.1', 'tangent: slope 2']
    """
    at, chosen = float(at), [float(step) for step in steps]
    if not math.isfinite(at) or not all(math.isfinite(step) and step != 0.0 for step in chosen):
        raise ValueError(f"the point and the steps must be finite, and no step 0, not at={at} and steps={chosen}")
    if not chosen and not tangent:
        raise ValueError("plot_secants needs a step or the tangent, but steps is empty and tangent is False")
    low, high = _ends(at, chosen, central, low, high)
    ends = [(at - step if central else at, at + step) for step in chosen]
    lines = [(f"Δ = {_short(step)}", *_secant(f, pair)) for step, pair in zip(chosen, ends, strict=True)]
    value, slope = (autograd.Value.constant(number).data for number in autograd.value_and_grad(f)(at))
    if not math.isfinite(value) or (tangent and not math.isfinite(slope)):
        raise ValueError(f"the function must be finite at {at:g} with its derivative, not {value:g} and {slope:g}")

    xs, curve = sampled(lambda x: np.array([_value(f, x)]), np.linspace(low, high, 401))
    ax, colours = styled(ax, palette)
    shown = np.concatenate([curve[:, 0], *(ys for _, _, ys in lines)])
    ax.set(xlabel="x", ylabel="f(x)", xlim=(low, high), ylim=limits(shown))
    name = name or name_of(f)
    ax.plot(xs, curve[:, 0], color=colours.positive, linewidth=2.4, label=verbatim(name))
    between = LinearSegmentedColormap.from_list("secants", [colours.muted, colours.negative])
    for number, (label, pair, ys) in enumerate(lines):
        secant = _slope(pair, ys)
        shade = between(number / len(lines))
        anchor = float(pair[0]), float(ys[0])
        ax.axline(
            anchor, slope=secant, color=shade, linewidth=1.6, linestyle="--", label=f"{label}: slope {_short(secant)}"
        )
        ax.plot(pair, ys, "o", color=shade, markersize=6, zorder=4)
    if tangent:
        ax.axline(
            (at, value), slope=slope, color=colours.negative, linewidth=2.4, label=f"tangent: slope {_short(slope)}"
        )
    ax.plot([at], [value], "o", color=colours.text, markersize=7, zorder=5)
    ax.grid(color=colours.muted, alpha=0.25)
    legend(ax, colours)
    return figure_of(ax)


def _ends(at: float, steps: list[float], central: bool, low: float | None, high: float | None) -> tuple[float, float]:
    """The ends of the x axis: those given, or the points with a quarter of their distance on both sides."""
    points = [at, *(at + step for step in steps), *(at - step for step in steps if central)]
    room = 0.25 * (max(points) - min(points)) or 1.0
    ends = min(points) - room if low is None else float(low), max(points) + room if high is None else float(high)
    if not (all(map(math.isfinite, ends)) and ends[0] < ends[1]):
        raise ValueError(f"plot_secants needs finite low < high, not low={ends[0]} and high={ends[1]}")
    return ends


def _secant(f: Callable[[Any], Any], pair: tuple[float, float]) -> tuple[Array, Array]:
    """The two points of a secant, as their places on the x axis and the values of the function there."""
    ys = np.array([_value(f, x) for x in pair])
    if not np.isfinite(ys).all():
        raise ValueError(f"the function must be finite at {pair[0]:g} and {pair[1]:g}, not {ys[0]:g} and {ys[1]:g}")
    return np.array(pair), ys


def _slope(xs: Array, ys: Array) -> float:
    return float((ys[1] - ys[0]) / (xs[1] - xs[0]))


def _value(f: Callable[[Any], Any], x: float) -> float:
    return float(autograd.Value.constant(f(autograd.Value(float(x)))).data)


def _short(number: float) -> str:
    return f"{number + 0.0:.4g}".replace("-", "−")
