"""A picture that shows itself in a notebook and saves itself as a file."""

from pathlib import Path
from typing import Any

from autograd import Value
from viz.pictures.dot import Document, GraphOptions, graph_document
from viz.pictures.render import format_of, render, save

__all__ = ["Drawing", "draw", "draw_dot"]


class Drawing:
    """A drawn graph. It shows itself in Jupyter; `save` writes it, `render` gives its bytes, `source` is its DOT.

    >>> x = Value(3.0, "x")
    >>> picture = draw(x * x)
    >>> picture.source.startswith("digraph"), picture.render("png")[1:4]
    (True, b'PNG')
    """

    def __init__(self, document: Document, format: str = "svg") -> None:
        self._document = document
        self._format = format

    @property
    def source(self) -> str:
        """The graph in the DOT language."""
        return str(self._document.graph.source)

    def render(self, format: str | None = None, *, scale: float | None = None) -> bytes:
        """The picture as the content of a file.

        Arguments:
            format: "svg", "png" or "dot"; with an installed Graphviz whatever it writes, "pdf" for example. By default
                "svg", or what `draw_dot` was given.
            scale: pixels of a PNG per point; by default 2, less where the picture is huge.

        Raises:
            RenderError: if the format is unknown or needs a Graphviz that is not installed.
        """
        return render(self.source, format or self._format, line_styles=self._document.line_styles, scale=scale)

    def save(self, path: str | Path, *, scale: float | None = None) -> Path:
        """Writes the picture to a file, in the format that its name ends with.

        Raises:
            RenderError: if the format is unknown, or the file cannot be written.
        """
        path = Path(path)
        save(self.render(format_of(path), scale=scale), path)
        return path

    def _repr_svg_(self) -> str:
        return self.render("svg").decode()

    def __repr__(self) -> str:
        return f"<drawing of {self._document.boxes} boxes; .save('graph.svg') writes it>"


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
    palette: str = "light",
) -> Drawing:
    """The computation graph below a value: each node with its data and, once `backward()` has run, its gradient.

    Arguments:
        value: the output whose graph is drawn.
        direction: where the output lies: "LR" draws from left to right, "TB" from top to bottom, "RL", "BT".
        depth: how many levels of modules to open. 0 folds each outermost module into one box; None opens as many
            as can be read.
        limit: the most boxes to draw. A graph beyond it is folded by its modules and its long runs, and the picture
            says so; if that does not suffice, it is refused.
        hide_constants: write constants into the operations that use them.
        local_derivatives: write on each edge the derivative of the result with respect to that operand.
        highlight: two nodes (from, to); whatever lies on a path between them stands out.
        precision: significant digits, 1 to 17. All digits show while the mouse rests on a node.
        palette: "light" or "dark".

    Raises:
        TypeError: if `value` is not a Value.
        GraphTooLargeError: if the graph cannot be made readable; with advice.
        ValueError: for an option out of range.

    >>> x = Value(3.0, "x")
    >>> y = x * x
    >>> y.backward()
    >>> draw(y, local_derivatives=True)
    <drawing of 2 boxes; .save('graph.svg') writes it>
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
    return Drawing(graph_document(value, options))


def draw_dot(value: Value, format: str = "svg", rankdir: str = "LR", **options: Any) -> Drawing:
    """`draw` under the name and the arguments that micrograd gives it.

    Arguments:
        value: the output whose graph is drawn.
        format: what `render()` gives if it is asked for no other. Jupyter shows SVG, and the file name given to
            `save` decides on its own.
        rankdir: the direction, "LR" or "TB".
        options: any other of `draw`.

    >>> draw_dot(Value(1.0) + 2.0)
    <drawing of 3 boxes; .save('graph.svg') writes it>
    """
    if not isinstance(format, str) or not format:
        raise ValueError(f"the format is a name such as 'svg' or 'png', not {format!r}")
    return Drawing(draw(value, direction=rankdir, **options)._document, format)
