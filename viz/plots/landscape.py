"""A loss as a landscape over two parameters, with the paths that descents take in it."""

import math
from collections.abc import Callable, Iterable, Mapping
from numbers import Integral
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, PowerNorm
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

import autograd
from viz.pictures.palette import shades
from viz.plots.axes import colour_bar, figure_of, legend, styled, verbatim

__all__ = ["plot_landscape"]

Array = npt.NDArray[np.float64]

_MOST_PATHS = 8  # with colours that can be told apart


def plot_landscape(
    loss: Callable[[Any, Any], Any],
    path: Any = None,
    *,
    x: tuple[float, float] | None = None,
    y: tuple[float, float] | None = None,
    labels: tuple[str, str] = ("w1", "w2"),
    levels: int = 12,
    resolution: int = 60,
    scale: bool = True,
    ax: Axes | None = None,
    palette: str = "light",
) -> Figure:
    """Plots a function of two numbers by its contour lines, as on a map, with paths of descent.

    Between two contour lines near the lowest point there is less difference in height than between two far from it, so
    that the valley is not one empty area. A path begins at its square and has a dot for each step; the parts outside
    the map are not shown.

    Arguments:
        loss: takes two numbers and returns one, as a number or a Value.
        path: the points of a descent, steps×2; or a dict of up to 8 such paths by their names, for the legend. A path
            ends where a number of it is not finite.
        x, y: the ends of both axes; by default all finite points with some room, or −3 and 3 without a path.
        labels: the names of the two numbers.
        levels: the number of contour lines, 2 or more.
        resolution: the number of points along each side at which the loss is computed, 2 or more.
        scale: whether the colour scale is drawn next to the map.
        ax: axes to draw in, instead of a new figure.
        palette: "light" or "dark".

    Returns:
        The figure.

    Raises:
        ValueError: if a path does not consist of pairs or begins with a number that is not finite, there are more than
            8 paths, the loss is not finite on the map, or an option is out of range.

    >>> def bowl(w, b):
    ...     return w**2 + 3 * b**2
    >>> figure = plot_landscape(bowl, {"η = 0.1": [(2, 1), (1.6, 0.4), (1.28, 0.16)]}, labels=("w", "b"))
    >>> [text.get_text() for text in figure.axes[0].get_legend().get_texts()]
    ['η = 0.1']
    """
    for option, number in (("levels", levels), ("resolution", resolution)):
        if isinstance(number, bool) or not isinstance(number, Integral) or number < 2:
            raise ValueError(f"{option} must be an integer of at least 2, not {number!r}")
    if isinstance(labels, str) or len(labels) != 2:
        raise ValueError(f"labels must be the names of two numbers, such as ('w', 'b'), not {labels!r}")
    paths = _paths(path)
    columns, rows = (
        np.linspace(*_ends(side, given, [points[:, k] for points in paths.values()]), resolution)
        for k, (side, given) in enumerate((("x", x), ("y", y)))
    )
    heights = _heights(loss, columns, rows)

    ax, colours = styled(ax, palette)
    lowest, highest = float(heights.min()), float(heights.max())
    if highest > lowest:
        edges = lowest + (highest - lowest) * np.linspace(0.0, 1.0, levels + 1) ** 2
        ground = LinearSegmentedColormap.from_list("height", [colours.background, colours.positive])
        filled = ax.contourf(
            columns, rows, heights, edges, cmap=ground, norm=PowerNorm(0.5, lowest, highest), alpha=0.6
        )
        ax.contour(columns, rows, heights, edges, colors=colours.muted, linewidths=0.7)
        if scale:
            ticks = MaxNLocator(6).tick_values(lowest, highest)
            colour_bar(filled, "loss", colours, ax).set_ticks([tick for tick in ticks if lowest <= tick <= highest])
    for (name, points), colour in zip(paths.items(), shades(colours), strict=False):
        ax.plot(
            points[:, 0], points[:, 1], ".-", color=colour, linewidth=1.5, markersize=7, label=verbatim(name) or None
        )
        ax.plot(*points[0], "s", color=colour, markeredgecolor=colours.text, markersize=8, zorder=4)
    if any(paths):
        legend(ax, colours)
    ax.set(xlim=(columns[0], columns[-1]), ylim=(rows[0], rows[-1]))
    ax.set(xlabel=verbatim(labels[0]), ylabel=verbatim(labels[1]))
    return figure_of(ax)


def _paths(path: Any) -> dict[str, Array]:
    """The paths by their names, each up to the first point that is not finite; a single one has the name ""."""
    if path is None:
        return {}
    paths = path if isinstance(path, Mapping) else {"": path}
    if len(paths) > _MOST_PATHS:
        raise ValueError(f"path must have at most {_MOST_PATHS} paths, not {len(paths)}")
    return {str(name): _points(points, str(name)) for name, points in paths.items()}


def _points(points: Iterable[Any], name: str) -> Array:
    which = f"the path {name!r}" if name else "path"
    pairs = [tuple(point) if isinstance(point, Iterable) else (point,) for point in points]
    if not pairs or any(len(pair) != 2 for pair in pairs):
        raise ValueError(f"{which} must consist of pairs of numbers, not {pairs!s:.60}")
    rows = np.array([[autograd.Value.constant(number).data for number in pair] for pair in pairs], dtype=float)
    finite = np.isfinite(rows).all(axis=1)
    if not finite[0]:
        raise ValueError(f"{which} must begin at a finite point, not at {tuple(rows[0].tolist())}")
    return rows if finite.all() else rows[: int(finite.argmin())]


def _ends(side: str, given: tuple[float, float] | None, places: list[Array]) -> tuple[float, float]:
    """The ends of an axis: those given, or the places on it with a quarter of their distance on both sides."""
    if given is not None:
        low, high = map(float, given)
    elif places:
        low, high = float(min(map(np.min, places))), float(max(map(np.max, places)))
        room = 0.25 * (high - low) or 1.0
        low, high = low - room, high + room
    else:
        low, high = -3.0, 3.0
    if not (math.isfinite(low) and math.isfinite(high) and low < high):
        raise ValueError(f"{side} must be two finite numbers in ascending order, not {low} and {high}")
    return low, high


def _heights(loss: Callable[[Any, Any], Any], columns: Array, rows: Array) -> Array:
    """The loss at each point of the map, rows×columns."""
    heights = np.array(
        [[autograd.Value.constant(loss(x, y)).data for x in columns.tolist()] for y in rows.tolist()], dtype=float
    )
    if not np.isfinite(heights).all():
        row, column = np.argwhere(~np.isfinite(heights))[0]
        raise ValueError(f"the loss must be finite on the map, but at ({columns[column]:g}, {rows[row]:g}) it is not")
    return heights
