"""Matrices as grids of numbers, side by side as in an equation."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

import autograd
from viz.labels import check_precision, typeset
from viz.pictures.palette import Palette, palette_named
from viz.plots.axes import new_figure, styled, verbatim

__all__ = ["plot_matrices"]

_INCHES = 0.36  # the height of a cell, the unit of all lengths below
_SIGN = 0.9  # the width of a sign
_GAP = 0.4  # between two parts
_LARGEST = 24  # rows or columns whose numbers stay legible
_WHOLE = {"left": 0.0, "right": 1.0, "bottom": 0.0, "top": 1.0}  # the axes fill the figure


def plot_matrices(*parts: Any, precision: int = 3, palette: str = "light") -> Figure:
    r"""Plots matrices as grids of numbers, each under its name and shape, with signs such as "=" between them.

    Arguments:
        parts: from left to right, either a sign, which is a string, or a matrix: its name, its entries and, if some of
            them are to stand out, an index or a mask of NumPy, such as 0 (the first row), np.s_[:, 1] (the second
            column) or Z > 0. Entries are numbers, Values, whose numbers are shown, or strings. A vector is a row.
        precision: significant digits, 1 to 17.
        palette: "light" or "dark".

    Returns:
        The figure.

    Raises:
        IndexError: if a matrix does not have the entries that are to stand out.
        TypeError: if a part is neither a sign nor a name with entries.
        ValueError: if there is no matrix, or one is empty, has more than two dimensions or more than 24 rows or
            columns.

    >>> X, W = np.array([[1.0, 2.0]]), np.array([[3.0], [4.5]])
    >>> figure = plot_matrices(("X", X), ("W", W), "=", ("X W", X @ W, np.s_[0, 0]))
    >>> [text.get_text() for text in figure.axes[0].texts]
    ['X\n1×2', '1', '2', 'W\n2×1', '3', '4.5', '=', 'X W\n1×1', '12']
    """
    check_precision(precision)
    colours = palette_named(palette)
    read = [part if isinstance(part, str) else _grid(part, precision) for part in parts]
    rows = [part.entries.shape[0] for part in read if isinstance(part, _Grid)]
    if not rows:
        raise ValueError('plot_matrices needs at least one matrix, such as ("X", [[1.0, 2.0]])')
    widths = [_SIGN if isinstance(part, str) else part.width for part in read]
    low, high = -max(rows) / 2 - 0.2, max(rows) / 2 + 1.9  # the names are above the grids
    width = sum(widths) + _GAP * (len(widths) + 1)
    figure = new_figure(_INCHES * width, _INCHES * (high - low), colours, margins=_WHOLE)
    ax, _ = styled(figure.add_subplot(), palette)
    left = _GAP
    for part, taken in zip(read, widths, strict=True):
        if isinstance(part, str):
            ax.text(left + taken / 2, 0.0, verbatim(part), ha="center", va="center", color=colours.text, fontsize=15)
        else:
            _draw(ax, part, left, colours)
        left += taken + _GAP
    ax.set(xlim=(0.0, width), ylim=(low, high))
    ax.axis("off")
    return figure


@dataclass(frozen=True, slots=True)
class _Grid:
    """A matrix as it is drawn: its name and shape, its entries as text, and which of them stand out."""

    title: str
    entries: npt.NDArray[np.object_]
    marked: npt.NDArray[np.bool_]

    @property
    def cell(self) -> float:
        """The width of a cell: its longest entry must fit."""
        return max(1.25, 0.3 * max(len(entry) for entry in self.entries.flat) + 0.4)

    @property
    def width(self) -> float:
        """The width of the grid, or of its title if that is longer."""
        return max(self.cell * self.entries.shape[1], 0.3 * max(len(line) for line in self.title.split("\n")))


def _grid(part: Any, precision: int) -> _Grid:
    """Reads a name, its entries and what stands out.

    Raises:
        IndexError, TypeError, ValueError: as `plot_matrices` does.
    """
    if not isinstance(part, tuple) or len(part) not in (2, 3) or not isinstance(part[0], str):
        raise TypeError(f'a part must be a sign such as "=" or a tuple such as ("X", [[1.0, 2.0]]), not {part!r}')
    name, given, *index = part
    numbers = np.asarray(given)
    if not 1 <= numbers.ndim <= 2 or numbers.size == 0 or max(numbers.shape) > _LARGEST:
        shape = "×".join(map(str, numbers.shape)) or "a single number"
        raise ValueError(f"{name} must be a vector or a matrix of 1 to {_LARGEST} rows and columns, not {shape}")
    marked = np.zeros(numbers.shape, bool)
    for place in index:
        marked[place] = True
    if numbers.dtype.kind != "U":
        data = autograd.data_of(numbers)
        texts = [typeset(f"{number or 0.0:.{precision}g}") for number in data.flat]  # no negative zero
        numbers = np.array(texts, dtype=object).reshape(numbers.shape)
    shape = "×".join(map(str, numbers.shape))
    return _Grid(f"{name}\n{shape}", np.atleast_2d(numbers).astype(object), np.atleast_2d(marked))


def _draw(ax: Axes, grid: _Grid, left: float, colours: Palette) -> None:
    """Draws a grid, centred at height 0 and in the width that it takes, with its title above."""
    rows, columns = grid.entries.shape
    ax.text(
        left + grid.width / 2,
        rows / 2 + 0.25,
        verbatim(grid.title),
        ha="center",
        va="bottom",
        color=colours.text,
        fontsize=11,
        linespacing=1.2,
    )
    left += (grid.width - grid.cell * columns) / 2
    for (row, column), entry in np.ndenumerate(grid.entries):
        marked = bool(grid.marked[row, column])
        fill = colours.colors_of["plain"][0] if marked else colours.background
        edge, line = (colours.highlight, 1.6) if marked else (colours.muted, 0.9)
        corner = left + grid.cell * column, rows / 2 - row - 1
        cell = Rectangle(corner, grid.cell, 1.0, facecolor=fill, edgecolor=edge, linewidth=line, zorder=1 + marked)
        ax.add_patch(cell)
        x, y = corner[0] + grid.cell / 2, corner[1] + 0.48
        colour, weight = colours.text if marked or entry != "0" else colours.muted, "bold" if marked else "normal"
        ax.text(x, y, verbatim(entry), ha="center", va="center", color=colour, fontsize=11, fontweight=weight)
