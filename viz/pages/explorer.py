"""The explorer: a page that steps through a graph, and recomputes it when its leaves change."""

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

from autograd import Value, topological_order
from autograd.graph import walk
from viz.limits import GraphTooLargeError
from viz.pages.bridge import Bridge, bridge_to
from viz.pages.graph_payload import graph_payload
from viz.pages.language import language_of
from viz.pages.matrix_blocks import matrix_picture, shown_blocks
from viz.pages.matrix_payload import matrix_payload
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
        lang: the code of the language of the page, "en" or that of a file of viz/pages/languages, such as "es" or "zh".
        formula: the formula, as `parse_expression` reads it, that the graph was recorded from. The page then shows it,
            and its numbers can be changed in place.
        grain: "scalar", "matrix" or None, as for `explore`.

    In a notebook with the extra `widget`, what the reader sets comes back: `values`, `load` and `observe`.

    >>> x = Value(3.0, "x")
    >>> explore(x * x).html.startswith("<!doctype html>")
    True
    """

    def __init__(
        self,
        value: Value,
        title: str,
        height: int = 760,
        palette: str = "auto",
        lang: str = "en",
        formula: str | None = None,
        grain: str | None = None,
    ) -> None:
        super().__init__(title, "the computation graph", height, palette, lang)
        order = walk(value)
        self._nodes = sum(map(len, order))
        blocks = shown_blocks(order, grain, self._language.words)
        self._has_matrices = blocks is not None
        self._payload = graph_payload(value) if blocks is None else matrix_payload(value, blocks)
        self._formula = {} if formula is None else {"formula": formula}
        self._drawing = _drawing(value) if blocks is None else matrix_picture(blocks)  # now, before the graph changes
        self._value = value
        self._numbers = [float(leaf.data) for leaf in self._payload.variables]
        self._observers: list[Callable[[dict[str, float]], object]] = []
        self._bridge: Bridge | None = None

    @property
    def values(self) -> dict[str, float]:
        """The numbers of the inputs and parameters as the reader has set them, by name, such as "layer1.neuron2.w1".

        They are those at the start until the page tells others, which it does in a Jupyter notebook if anywidget is
        installed (`pip install 'scalar-autograd[widget]'`). A page of matrices has none: they cannot be set there.
        """
        return dict(zip(self._payload.names, self._numbers, strict=True))

    def load(self) -> Value:
        """Sets the inputs and parameters to `values`, and recomputes the graph.

        Gradients stay as they are; `page.load().backward()` computes them too.

        Returns:
            The output of the graph.

        >>> w, x = Value(0.5, "w"), Value(3.0, "x")
        >>> page = explore(w * x)
        >>> page.values
        {'w': 0.5, 'x': 3.0}
        >>> w.data = 2.0
        >>> page.load().data, w.data
        (1.5, 0.5)
        """
        from nn.assignment import assign

        assign(self._payload.variables, self._numbers)
        self._value.forward()
        return self._value

    def observe(self, function: Callable[[dict[str, float]], object]) -> None:
        """Calls a function with `values` whenever the reader has set a number.

        Raises:
            TypeError: if it is not a function.
        """
        if not callable(function):
            raise TypeError(f"observe takes a function of the values, not {function!r}")
        self._observers.append(function)

    def _take(self, numbers: Sequence[float]) -> None:
        """Takes over the numbers that the page tells."""
        if len(numbers) == len(self._numbers) and numbers != self._numbers:
            self._numbers = list(numbers)
            for function in list(self._observers):
                function(self.values)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        self._bridge = self._bridge or bridge_to(self, self._take)
        return super()._repr_mimebundle_(include, exclude)

    @cached_property
    def html(self) -> str:
        """The page: one HTML document that needs no other file, network or server."""
        return self._page({})

    def _html_in_a_frame(self) -> str:
        return self._page({"listener": self._bridge.page}) if self._bridge else self.html

    def _page(self, more: dict[str, Any]) -> str:
        tour = () if self._has_matrices else ("tour",)
        return page(
            "matrices" if self._has_matrices else "explorer",
            self.title,
            self._payload.data | self._formula | more,
            self._payload.javascript,
            palette=self._palette,
            language=self._language,
            unit="step",
            styles=("math", "paper", *tour),
        )

    def picture(self) -> bytes:
        """The graph as it was when the page was made, as PNG."""
        return self._drawing.render("png")

    def __repr__(self) -> str:
        return f"<explorer of {self._nodes:,} nodes; .save('page.html') writes it>"


def _drawing(value: Value) -> Drawing:
    try:
        return draw(value)
    except GraphTooLargeError:
        return draw(value, limit=len(topological_order(value)))


def explore(
    value: Value,
    *,
    title: str | None = None,
    height: int = 760,
    palette: str = "auto",
    lang: str = "en",
    grain: str | None = None,
) -> Explorer:
    """Makes a page that steps through the graph below a value: diagram, math and code, one operation at a time.

    The page steps forward, then backward, showing every use of the chain rule with its numbers. The reader can change
    inputs and parameters; the page then recomputes all values and gradients as `forward()` and `backward()` would. An
    operation pointed at shows its curve with the tangent, whose slope is the local derivative, and a switch shows how
    much gradient flows over each edge. The page starts with the current numbers of the leaves and never modifies the
    graph. It can be presented, printed as a sheet with all steps, and linked to at any step; its button "?" says how.

    At the grain of matrices, a step is a whole layer: W·x + b with its activation, from `nn` or from arrays of Values
    such as `np.tanh(W @ x + b)`. Each of its arrays is a grid whose colours show sign and size, next to the grid of its
    gradients. A layer opens into the scalars of one neuron at a time. Such a page can be presented, printed and linked
    to, but numbers cannot be changed on it.

    Arguments:
        value: the output of a graph of floats with up to about 2,000 nodes, or up to 500,000 if it consists of layers.
        title: the heading of the page; by default made from the label of the value.
        height: the height of the page in a notebook, in CSS pixels.
        palette: "light", "dark", or "auto" for the theme of the notebook, and in a file that of the viewer's system.
        lang: the code of the language of the page, "en" or that of a file of viz/pages/languages, such as "es" or "zh".
        grain: what a step is: "scalar" for one operation, "matrix" for one layer. By default "scalar", and "matrix" for
            graphs of more than 5,000 nodes.

    Returns:
        A page that Jupyter, VS Code, Colab and marimo show. `.save("page.html")` writes it as one file, which works
        from disk and makes no network requests. In Jupyter, with the extra `widget`, `Explorer.values` has the numbers
        that the reader has set, and `Explorer.load` passes them on to the graph.

    Raises:
        TypeError: if `value` is not a Value, the title is not a string, or a node carries something other than a float.
        ValueError: if the height is not an integer from 200 to 10,000, there is no such palette, language or grain, or
            the grain is "matrix" but the graph has no layer.
        GraphTooLargeError: if the graph cannot be made readable; the message says what to do.

    >>> import nn
    >>> model = nn.MLP(64, [32, 10], activation="tanh")
    >>> explore(nn.cross_entropy([model([0.5] * 64)], [3]))  # a page of matrices, because there are so many nodes
    <explorer of 7,284 nodes; .save('page.html') writes it>
    >>> w, x = Value(0.5, "w"), Value(3.0, "x")
    >>> explore((w * x).tanh())
    <explorer of 4 nodes; .save('page.html') writes it>
    """
    if not isinstance(value, Value):
        raise TypeError(f"explore takes a Value, not {value!r}")
    if title is None or title == "":
        words = language_of(lang).words
        title = words("The graph of {0}", value.label) if value.label else words("A computation graph")
    return Explorer(value, title, height, palette, lang, grain=grain)
