"""The explorer: a page that steps through a graph, forward and backward, and recomputes it as its leaves are moved."""

from functools import cached_property

from autograd import Value, topological_order
from viz.pages.page import page
from viz.pages.showable import ShowablePage
from viz.pages.walkthrough import walkthrough
from viz.pictures.drawing import Drawing, draw
from viz.pictures.folding import GraphTooLargeError

__all__ = ["Explorer", "explore"]

_MODULES = (  # of the page, each after those that it imports
    *("dom", "math", "graph", "steps"),
    *("camera", "diagram", "folding", "equations", "listing", "paths", "player", "sliders", "tooltip"),
    "explorer",
)


class Explorer(ShowablePage):
    """A page that steps through a graph. It shows itself in a notebook; `save` writes it; `html` is its text.

    >>> x = Value(3.0, "x")
    >>> explore(x * x).html.startswith("<!doctype html>")
    True
    """

    def __init__(self, value: Value, title: str) -> None:
        super().__init__(title, "the computation graph")
        self._walkthrough = walkthrough(value)
        self._drawing = _drawing(value)  # now, before the graph changes

    @cached_property
    def html(self) -> str:
        """The page: one document of HTML that needs no other file, no network and no server."""
        return page("explorer", self.title, self._walkthrough.data, _MODULES, self._walkthrough.javascript, "step")

    def picture(self) -> bytes:
        """The graph as it stood, as PNG."""
        return self._drawing.render("png")

    def __repr__(self) -> str:
        return f"<explorer of {len(self._walkthrough.data['nodes']):,} nodes; .save('page.html') writes it>"


def _drawing(value: Value) -> Drawing:
    try:
        return draw(value)
    except GraphTooLargeError:
        return draw(value, limit=len(topological_order(value)))


def explore(value: Value, *, title: str | None = None) -> Explorer:
    """A page that walks through the graph below a value: diagram, math and code side by side, one operation at a time.

    Forward, then backward: every use of the chain rule with its numbers. Inputs and parameters can be moved, and all
    values and gradients follow, computed in the page to what `forward()` and `backward()` would give. The page starts
    from the numbers that the leaves have now; looking at it changes none of them.

    Arguments:
        value: the output whose graph is explored; of floats, and up to about 2,000 nodes.
        title: the heading of the page; by default, from the label of the value.

    Returns:
        An object that shows itself in Jupyter, VS Code, Colab and marimo, and writes a page by `.save("page.html")`:
        one file that works from disk and makes no request to any network.

    Raises:
        TypeError: if `value` is not a Value, the title is not a string, or a node carries something other than a float.
        GraphTooLargeError: if the graph cannot be made readable; with advice.

    >>> w, x = Value(0.5, "w"), Value(3.0, "x")
    >>> explore((w * x).tanh())
    <explorer of 4 nodes; .save('page.html') writes it>
    """
    if not isinstance(value, Value):
        raise TypeError(f"explore takes a Value, not {value!r}")
    if title is not None and not isinstance(title, str):
        raise TypeError(f"the title of a page is a string, not {title!r}")
    return Explorer(value, title or (f"The graph of {value.label}" if value.label else "A computation graph"))
