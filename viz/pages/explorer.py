"""The explorer: a page that steps through a graph, and recomputes it when its leaves change."""

from functools import cached_property

from autograd import Value, topological_order
from viz.limits import GraphTooLargeError
from viz.pages.graph_payload import graph_payload
from viz.pages.page import page
from viz.pages.showable import ShowablePage
from viz.pictures.drawing import Drawing, draw

__all__ = ["Explorer", "explore"]


class Explorer(ShowablePage):
    """A page that steps through a graph. Notebooks show it; `save` writes it to a file; `html` is its text.

    Arguments:
        value: the output of the graph.
        title: the heading of the page.
        height: the height of the page in a notebook, in CSS pixels.
        palette: "light", "dark", or "auto" for that of the notebook or of the viewer's system.
        formula: the formula, as `parse_expression` reads it, that the graph was recorded from. The page then shows it,
            and its numbers can be changed in place.

    >>> x = Value(3.0, "x")
    >>> explore(x * x).html.startswith("<!doctype html>")
    True
    """

    def __init__(
        self, value: Value, title: str, height: int = 760, palette: str = "auto", formula: str | None = None
    ) -> None:
        super().__init__(title, "the computation graph", height, palette)
        self._payload = graph_payload(value)
        self._formula = {} if formula is None else {"formula": formula}
        self._drawing = _drawing(value)  # now, before the graph changes

    @cached_property
    def html(self) -> str:
        """The page: one HTML document that needs no other file, network or server."""
        data = self._payload.data | self._formula
        program = self._payload.javascript
        return page("explorer", self.title, data, program, unit="step", palette=self._palette, styles=("math", "paper"))

    def picture(self) -> bytes:
        """The graph as it was when the page was made, as PNG."""
        return self._drawing.render("png")

    def __repr__(self) -> str:
        return f"<explorer of {len(self._payload.data['nodes']):,} nodes; .save('page.html') writes it>"


def _drawing(value: Value) -> Drawing:
    try:
        return draw(value)
    except GraphTooLargeError:
        return draw(value, limit=len(topological_order(value)))


def explore(value: Value, *, title: str | None = None, height: int = 760, palette: str = "auto") -> Explorer:
    """Makes a page that steps through the graph below a value: diagram, math and code, one operation at a time.

    The page steps forward, then backward, showing every use of the chain rule with its numbers. The reader can change
    inputs and parameters; the page then recomputes all values and gradients as `forward()` and `backward()` would. An
    operation pointed at shows its curve with the tangent, whose slope is the local derivative, and a switch shows how
    much gradient flows over each edge. The page starts with the current numbers of the leaves and never modifies the
    graph. It can be presented, printed as a sheet with all steps, and linked to at any step; its button "?" says how.

    Arguments:
        value: the output of a graph of floats with up to about 2,000 nodes.
        title: the heading of the page; by default made from the label of the value.
        height: the height of the page in a notebook, in CSS pixels.
        palette: "light", "dark", or "auto" for the theme of the notebook, and in a file that of the viewer's system.

    Returns:
        A page that Jupyter, VS Code, Colab and marimo show. `.save("page.html")` writes it as one file, which works
        from disk and makes no network requests.

    Raises:
        TypeError: if `value` is not a Value, the title is not a string, or a node carries something other than a float.
        ValueError: if the height is not an integer from 200 to 10,000, or there is no such palette.
        GraphTooLargeError: if the graph cannot be made readable; the message says what to do.

    >>> w, x = Value(0.5, "w"), Value(3.0, "x")
    >>> explore((w * x).tanh())
    <explorer of 4 nodes; .save('page.html') writes it>
    """
    if not isinstance(value, Value):
        raise TypeError(f"explore takes a Value, not {value!r}")
    if title is None or title == "":
        title = f"The graph of {value.label}" if value.label else "A computation graph"
    return Explorer(value, title, height, palette)
