"""Matrices as grids of numbers, side by side as in an equation."""

from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any, NamedTuple

from autograd.numerics import need
from viz.files import FormatError, format_of, save
from viz.labels import check_precision, typeset
from viz.pictures.document import Document, columns, empty_document
from viz.pictures.pdf import svgs_to_pdf
from viz.pictures.png import MONOSPACE, svg_to_png
from viz.pictures.themes import themed_picture

__all__ = ["MatrixDrawing", "draw_matrices"]

_FONT, _CHARACTER = 14.0, 8.43  # the size of text, and the width of a character of it
_ROW, _NARROWEST = 29.0, 42.0  # the height of a cell, and its least width
_LINE = 18.0  # of a name or shape
_GAP, _MARGIN = 13.0, 8.0
_LARGEST = 24  # rows or columns


class MatrixDrawing:
    """Drawn matrices. Jupyter shows them; `save` writes them to a file, `render` returns its bytes.

    >>> picture = draw_matrices(("b", [0.5, -1.0]))
    >>> picture.render("png")[1:4]
    b'PNG'
    """

    def __init__(self, svg: str, title: str, themed: bool) -> None:
        self._svg = svg
        self._title = title
        self._themed = themed

    def render(self, format: str = "svg", *, scale: float | None = None) -> bytes:
        """Renders the picture.

        Arguments:
            format: "svg", "png" or, with the extra `pdf`, "pdf".
            scale: pixels of a PNG per point; by default 2, or less for a huge picture.

        Returns:
            The content of the file.

        Raises:
            RenderError: if the format is unknown.
            ValueError: if `scale` is not positive, or the PNG would be too small or too large.
        """
        if format == "svg":
            return self._svg.encode()
        if format == "png":
            return svg_to_png(self._svg.encode(), scale)
        if format == "pdf":
            need("a PDF", "typst")
            return svgs_to_pdf([self._svg.encode()])
        raise FormatError(f"matrices are drawn as 'svg', 'png' or 'pdf', not {format!r}")

    def save(self, path: str | Path, *, scale: float | None = None) -> Path:
        """Writes the picture to a file, in the format of the file name's extension.

        Arguments:
            path: the file, such as "product.svg".
            scale: as in `render`.

        Returns:
            The path.

        Raises:
            RenderError: if the format is unknown, or the file cannot be written.
            ValueError: if `scale` is out of range.
        """
        path = Path(path)
        save(self.render(format_of(path), scale=scale), path)
        return path

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        """The picture for notebooks; if its palette is "auto", in the colours of their theme."""
        bundle = {"image/svg+xml": self._svg, "text/plain": repr(self)}
        return bundle | {"text/html": themed_picture(self._svg, self._title)} if self._themed else bundle

    def _mime_(self) -> tuple[str, str]:
        """The picture for marimo, which would show each entry of a bundle."""
        if self._themed:
            return "text/html", themed_picture(self._svg, self._title)
        return "image/svg+xml", self._svg

    def __repr__(self) -> str:
        return f"<drawing of {self._title}; .save('matrices.svg') writes it>"


def draw_matrices(*parts: Any, precision: int = 3, palette: str = "auto") -> MatrixDrawing:
    """Draws matrices as grids of numbers, each under its name and shape, with signs such as "=" between them.

    Arguments:
        parts: from left to right, either a sign, which is a string, or a matrix: a tuple of its name, its entries and,
            if some of them are to stand out, an index or a mask of NumPy, such as 0 (the first row), np.s_[:, 1] (the
            second column) or Z > 0. Entries are numbers, Values, whose numbers are shown, or strings. A vector is drawn
            as a row.
        precision: significant digits, 1 to 17.
        palette: "light", "dark", or "auto": files are light, and notebooks show the picture in the colours of their
            theme.

    Returns:
        The drawing.

    Raises:
        IndexError: if a matrix does not have the entries that are to stand out.
        TypeError: if a part is neither a sign nor a tuple of a name and entries.
        ValueError: if there is no matrix, one is empty, has more than two dimensions or more than 24 rows or columns,
            or an option is out of range.

    >>> draw_matrices(("X", [[1.0, 2.0]], 0), ("W", [[3.0], [4.5]]), "=", ("X W", [[12.0]]))
    <drawing of X (1×2), W (2×1), X W (1×1); .save('matrices.svg') writes it>
    """
    need("a drawing of matrices", "numpy")
    check_precision(precision)
    read = [part if isinstance(part, str) else _grid(part, precision) for part in parts]
    grids = [part for part in read if isinstance(part, _Grid)]
    if not grids:
        raise ValueError('draw_matrices needs at least one matrix, such as ("X", [[1.0, 2.0]])')
    title = ", ".join(f"{grid.name} ({grid.shape})" for grid in grids)
    document = empty_document("LR", palette, title)
    return MatrixDrawing("\n".join(_svg(document, read, max(grid.rows for grid in grids))), title, document.is_themed)


class _Grid(NamedTuple):
    """A matrix as it is drawn.

    Attributes:
        name: its name.
        shape: its shape, as text.
        entries: its rows, as text.
        marked: the rows and columns of the entries that stand out.
    """

    name: str
    shape: str
    entries: list[list[str]]
    marked: set[tuple[int, int]]

    @property
    def rows(self) -> int:
        return len(self.entries)

    @property
    def cell(self) -> float:
        """The width of a cell, into which the longest entry must fit."""
        longest = max(columns(entry) for row in self.entries for entry in row)
        return max(_NARROWEST, _CHARACTER * longest + 12.0)

    @property
    def width(self) -> float:
        """The width of the grid, or of the text above it if that is wider."""
        return max(self.cell * len(self.entries[0]), _CHARACTER * max(columns(self.name), columns(self.shape)))


def _grid(part: Any, precision: int) -> _Grid:
    """Reads a name, entries and what stands out.

    Raises:
        IndexError, TypeError, ValueError: as `draw_matrices` does.
    """
    import numpy as np

    from autograd import data_of

    if not isinstance(part, tuple) or len(part) not in (2, 3) or not isinstance(part[0], str):
        raise TypeError(f'a part must be a sign such as "=" or a tuple such as ("X", [[1.0, 2.0]]), not {part!r}')
    name, given, *index = part
    numbers = np.asarray(given)
    shape = "×".join(map(str, numbers.shape))
    if numbers.ndim not in (1, 2) or not numbers.size or max(numbers.shape) > _LARGEST:
        wanted = f"a vector or a matrix with 1 to {_LARGEST} rows and columns"
        raise ValueError(f"{name} must be {wanted}, not {shape or repr(given)}")
    marked = np.zeros(numbers.shape, bool)
    for entries in index:
        marked[entries] = True
    if numbers.dtype.kind != "U":
        texts = [typeset(f"{number or 0.0:.{precision}g}") for number in data_of(numbers).flat]  # 0 has no sign
        numbers = np.array(texts).reshape(numbers.shape)
    standing_out = {(int(row), int(column)) for row, column in np.argwhere(np.atleast_2d(marked))}
    return _Grid(name, shape, np.atleast_2d(numbers).tolist(), standing_out)


def _svg(document: Document, parts: list[str | _Grid], rows: int) -> Iterator[str]:
    """Yields the lines of the picture: an SVG that is short, because notebooks store it."""
    palette = document.palette
    widths = [_CHARACTER * columns(part) if isinstance(part, str) else part.width for part in parts]
    width = sum(widths) + _GAP * (len(parts) - 1) + 2 * _MARGIN
    height = rows * _ROW + 2 * _LINE + 2 * _MARGIN + 4.0
    size = f'width="{width:.0f}" height="{height:.0f}" viewBox="0 0 {width:.0f} {height:.0f}"'
    yield f'<svg xmlns="http://www.w3.org/2000/svg" {size}>'
    yield f"<title>{escape(document.title)}</title>"
    yield f'<rect fill="{palette.background}" width="100%" height="100%"/>'
    yield f'<g font-family="{MONOSPACE}" font-size="{_FONT:g}" text-anchor="middle" fill="{palette.text}">'
    left, middle = _MARGIN, height - _MARGIN - rows * _ROW / 2
    for part, taken in zip(parts, widths, strict=True):
        if isinstance(part, str):
            yield _text(part, left + taken / 2, middle, "bold")
        else:
            yield from _drawn(document, part, left, middle - part.rows * _ROW / 2)
        left += taken + _GAP
    yield "</g>\n</svg>"


def _drawn(document: Document, grid: _Grid, left: float, top: float) -> Iterator[str]:
    """Yields the elements of a matrix, in the width that it takes."""
    palette = document.palette
    yield _text(grid.name, left + grid.width / 2, top - 1.5 * _LINE, "bold")
    yield _text(grid.shape, left + grid.width / 2, top - 0.5 * _LINE, colour=palette.muted)
    cell, count = grid.cell, len(grid.entries[0])
    left += (grid.width - cell * count) / 2
    across = "".join(f"M{left:g},{top + _ROW * row:g}h{cell * count:g}" for row in range(grid.rows + 1))
    along = "".join(f"M{left + cell * column:g},{top:g}v{_ROW * grid.rows:g}" for column in range(count + 1))
    yield f'<path fill="none" stroke="{palette.edge}" d="{across}{along}"/>'
    if grid.marked:
        cells = "".join(
            f"M{left + cell * column:g},{top + _ROW * row:g}h{cell:g}v{_ROW:g}h{-cell:g}z"
            for row, column in sorted(grid.marked)
        )
        fill = palette.colors_of["plain"][0]
        yield f'<path fill="{fill}" stroke="{palette.highlight}" stroke-width="2" d="{cells}"/>'
    for row, entries in enumerate(grid.entries):
        for column, entry in enumerate(entries):
            marked = (row, column) in grid.marked
            at = left + cell * (column + 0.5), top + _ROW * (row + 0.5)
            yield _text(entry, *at, "bold" if marked else "", palette.muted if entry == "0" and not marked else "")


def _text(text: str, x: float, y: float, weight: str = "", colour: str = "") -> str:
    """A text with its middle at a point."""
    style = (f' font-weight="{weight}"' if weight else "") + (f' fill="{colour}"' if colour else "")
    return f'<text x="{x:.1f}" y="{y + 0.34 * _FONT:.1f}"{style}>{escape(text)}</text>'
