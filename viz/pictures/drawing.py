"""Drawings of computation graphs, which notebooks show and which can be saved as files."""

from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from autograd import Value
from autograd.numerics import need
from viz.files import format_of, save
from viz.pictures.document import Document
from viz.pictures.graph_document import GraphOptions, GraphPicture
from viz.pictures.plain_svg import plain_svg
from viz.pictures.render import can_run_graphviz, render
from viz.pictures.themes import themed_picture
from viz.pictures.tikz import latex_of, tikz_of

__all__ = ["Drawing", "draw", "draw_dot"]


class Drawing:
    """A drawn graph. Jupyter shows it; `save` writes it to a file, `render` returns its bytes, `source` is its DOT.

    >>> x = Value(3.0, "x")
    >>> picture = draw(x * x)
    >>> picture.source.startswith("digraph"), picture.render("png")[1:4]
    (True, b'PNG')
    """

    def __init__(self, document: Document, format: str = "svg") -> None:
        self._document = document
        self._format = format

    @cached_property
    def source(self) -> str:
        """The graph in the DOT language, with the place of everything."""
        need("the DOT language", "graphviz")
        from viz.pictures.dot import dot_of

        return dot_of(self._document)

    def render(self, format: str | None = None, *, scale: float | None = None) -> bytes:
        """Renders the picture.

        Arguments:
            format: "svg", "png", "dot", "tikz" (a picture of TikZ) or "tex" (a LaTeX document with it); with the extra
                `pdf` also "pdf"; if Graphviz is installed, also any format that it writes, such as "eps". The default
                is "svg", or the format passed to `draw_dot`.
            scale: pixels of a PNG per point; by default 2, or less for a huge picture.

        Returns:
            The content of the file.

        Raises:
            RenderError: if the format is unknown or needs a Graphviz that is not installed.
            ValueError: if `scale` is not positive, or the PNG would be too small or too large.
        """
        format = (format or self._format).lower()
        if format in ("tikz", "tex"):
            return (tikz_of if format == "tikz" else latex_of)([self._document]).encode()
        if format == "png":
            need("a PNG", "numpy")
            need("a PNG", "matplotlib")
        if format == "svg" and not can_run_graphviz():
            return plain_svg(self._document).encode()
        return render(self.source, format, line_styles=self._document.line_styles, scale=scale)

    def save(self, path: str | Path, *, scale: float | None = None) -> Path:
        """Writes the picture to a file, in the format of the file name's extension.

        Arguments:
            path: the file, such as "graph.svg".
            scale: as in `render`.

        Returns:
            The path.

        Raises:
            RenderError: if the format is unknown, or the file cannot be written.
            ValueError: if `scale` is out of range.
        """
        path = Path(path)
        save(Drawing.render(self, format_of(path), scale=scale), path)
        return path

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        """The picture for notebooks; if its palette is "auto", in the colours of their theme."""
        svg = self._repr_svg_()
        bundle = {"image/svg+xml": svg, "text/plain": repr(self)}
        return bundle | {"text/html": self._themed(svg)} if self._document.is_themed else bundle

    def _mime_(self) -> tuple[str, str]:
        """The picture for marimo, which would show each entry of a bundle."""
        svg = self._repr_svg_()
        return ("text/html", self._themed(svg)) if self._document.is_themed else ("image/svg+xml", svg)

    def _themed(self, svg: str) -> str:
        return themed_picture(svg, self._document.title)

    def _repr_svg_(self) -> str:
        return Drawing.render(self, "svg").decode()

    def __repr__(self) -> str:
        return f"<drawing of {len(self._document.boxes)} boxes; .save('graph.svg') writes it>"


class DotDrawing(Drawing):
    """A drawing made by `draw_dot`, whose `render` also takes the name of a file, as that of the package graphviz does.

    >>> draw_dot(Value(1.0) + 2.0).render("dot").startswith(b"digraph")
    True
    """

    def render(  # type: ignore[override]  # a file is not bytes
        self, format: str | None = None, *, scale: float | None = None, filename: str | Path | None = None
    ) -> bytes | str:
        """Renders the picture, or writes it to a file.

        Arguments:
            format: the format, as for `Drawing.render`. Any other name is that of a file without its extension, so
                `render("gout")`, as in micrograd's notebook, writes gout.svg.
            scale: pixels of a PNG per point.
            filename: the name of a file without its extension, whatever it is.

        Returns:
            The content of the file; or the path of the file that was written.
        """
        if filename is None and (format is None or _is_format(format)):
            return super().render(format, scale=scale)
        return str(self.save(f"{filename or format}.{self._format}", scale=scale))


def draw(
    value: Value,
    *,
    direction: str = "LR",
    depth: int | None = None,
    limit: int = 100,
    hide_constants: bool = False,
    local_derivatives: bool = False,
    highlight: tuple[Value, Value] | None = None,
    precision: int = 4,
    palette: str = "auto",
    step: int | None = None,
) -> Drawing:
    """Draws the computation graph below a value: each node with its data and, after `backward()`, its gradient.

    Arguments:
        value: the output of the graph.
        direction: the direction towards the output: "LR" draws from left to right, "TB" from top to bottom, "RL" and
            "BT" in the opposite directions.
        depth: the number of levels of modules to open. 0 folds each outermost module into one box; None opens as many
            levels as stay readable, but not the losses of `nn` unless there are local derivatives to see in them.
        limit: the largest number of boxes, at most 50,000. A larger graph is folded by its modules and its long runs
            of operations, and the picture says so.
        hide_constants: write constants into the operations that use them.
        local_derivatives: write on each arrow the derivative of the result with respect to that operand.
        highlight: two nodes (from, to); everything on a path between them stands out.
        precision: significant digits, 1 to 17. The tooltips of an SVG show all digits.
        palette: "light", "dark", or "auto": files are light, and notebooks show the picture in the colours of their
            theme.
        step: draw what is known after so many steps of the forward and the backward pass, as `steps_table` numbers
            them, with what the step uses: 0 is the start, at which only leaves have numbers. The gradients are those of
            the passes; those in the graph are neither read nor changed. All steps have the same places.

    Returns:
        The drawing.

    Raises:
        TypeError: if `value` is not a Value, or `highlight` is not two nodes; at a step, if a node carries something
            other than a float.
        GraphTooLargeError: if the graph cannot be folded to `limit` boxes; the message says what to do.
        ValueError: if an option is out of range, or there is no path to highlight.

    >>> x = Value(3.0, "x")
    >>> y = x * x
    >>> y.backward()
    >>> draw(y, local_derivatives=True)
    <drawing of 2 boxes; .save('graph.svg') writes it>
    >>> draw(y, step=2).save("second.svg")  # doctest: +SKIP
    PosixPath('second.svg')
    """
    if not isinstance(value, Value):
        raise TypeError(f"draw takes a Value, not {value!r}")
    options = GraphOptions(
        direction=direction,
        depth=depth,
        limit=limit,
        hide_constants=hide_constants,
        local_derivatives=local_derivatives,
        highlight=highlight,
        precision=precision,
        palette=palette,
    )
    return Drawing(GraphPicture(value, options).document(step))


def draw_dot(value: Value, format: str = "svg", rankdir: str = "LR", **options: Any) -> DotDrawing:
    """Draws a graph as `draw` does, under the name and with the arguments that micrograd uses.

    Arguments:
        value: the output of the graph.
        format: the default format of `render()`. Jupyter always shows SVG, and `save` uses that of the file name.
        rankdir: the direction, "LR" or "TB".
        options: any other option of `draw`.

    Returns:
        The drawing.

    >>> draw_dot(Value(1.0) + 2.0)
    <drawing of 3 boxes; .save('graph.svg') writes it>
    """
    if not isinstance(format, str) or not format:
        raise ValueError(f"format must be a name such as 'svg' or 'png', not {format!r}")
    return DotDrawing(draw(value, direction=rankdir, **options)._document, format)


def _is_format(name: str) -> bool:
    """Whether a name is that of a format; without the package graphviz, only those that need no Graphviz are known."""
    formats = {"dot", "png", "svg"}
    if find_spec("graphviz"):
        from graphviz import FORMATS

        formats |= FORMATS
    return name.lower() in formats
