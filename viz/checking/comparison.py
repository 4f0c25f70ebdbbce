"""Two graphs compared node by node: as a picture, and in words."""

from typing import Any

from viz.checking.comparison_document import comparison_document
from viz.checking.differences import Difference, Tolerance, differences_of
from viz.checking.matching import match
from viz.checking.seen_graph import SeenGraph, read_graph
from viz.checking.wording import on_one_line
from viz.labels import check_precision
from viz.pictures.drawing import Drawing

__all__ = ["Comparison", "compare", "comparison_of"]


class Comparison(Drawing):
    """Two graphs compared, as `viz.compare` returns them: a drawing that also says what differs.

    Attributes:
        differences: all differences, in the order in which they are computed.

    >>> from autograd import Value
    >>> result = compare(Value(2.0, "x") * 3.0, Value(2.0, "x") * 4.0)
    >>> result.same, result.first.words
    (False, 'the value of 3.0 is 3.0 in first, but 4.0 in second')
    """

    def __init__(
        self, graphs: tuple[SeenGraph, SeenGraph], differences: tuple[Difference, ...], **options: Any
    ) -> None:
        self.differences = differences
        self._sizes = len(graphs[0].nodes), len(graphs[1].nodes)
        super().__init__(comparison_document(graphs, differences=differences, note=self._sentences, **options))

    @property
    def same(self) -> bool:
        """Whether nothing differs."""
        return not self.differences

    @property
    def first(self) -> Difference | None:
        """The first difference, which the picture marks; None if nothing differs."""
        return self.differences[0] if self.differences else None

    @property
    def words(self) -> str:
        """What differs first, as a sentence, and how many nodes differ besides."""
        return "; ".join(self._sentences)

    @property
    def _sentences(self) -> list[str]:
        if self.first is None:
            return [f"no difference in {self._sizes[1]:,} node{'s' * (self._sizes[1] != 1)}"]
        here = [difference.words for difference in self.differences if difference.places == self.first.places]
        others = len({difference.places for difference in self.differences}) - 1
        return here + ([f"{others:,} more {'node differs' if others == 1 else 'nodes differ'}"] if others else [])

    def __repr__(self) -> str:
        return f"<comparison: {self.words}; .save('comparison.svg') writes the picture>"


def compare(
    a: Any,
    b: Any,
    *,
    titles: tuple[str, str] = ("first", "second"),
    direction: str = "LR",
    limit: int = 60,
    precision: int = 4,
    rtol: float = 1e-9,
    atol: float = 1e-12,
    palette: str = "auto",
) -> Comparison:
    """Compares two graphs node by node, and draws them side by side with the first node that differs marked.

    Before and after a step of training, my graph and the solution's, a graph and that of its derivative: nodes
    correspond if they are the same object, leaves of the same name, the same operation on corresponding operands, or at
    the same place of corresponding operations. First is what is computed first: in topological order the nodes without
    a counterpart, labels, operations, operands and values; then, in the order of the backward pass, the gradients.
    Whatever differs is followed by ≠ and what the counterpart has. The picture is that of the moment: copy a graph with
    `copy.deepcopy` before it changes, to compare it with what it becomes.

    Arguments:
        a, b: the outputs of the graphs: Values, or nodes of any engine with `data` and with their operands as `_prev`,
            as micrograd has them, or `_children`. Gradients, operations and labels are compared where both have them.
        titles: what the graphs are called; two different texts.
        direction: the direction towards the outputs: "LR" draws the graphs one above the other, so that corresponding
            nodes stand below each other, "TB" one beside the other; "RL" and "BT" in the opposite directions.
        limit: the largest number of boxes for each graph; of a larger graph, the nodes around the first difference are
            drawn. All nodes are compared.
        precision: significant digits in the picture, 1 to 17.
        rtol, atol: numbers are equal if they differ by at most `atol` or the fraction `rtol` of the larger one.
        palette: "light", "dark", or "auto": files are light, and notebooks show the picture in the colours of their
            theme.

    Returns:
        A drawing, which notebooks show and `save` writes, with the attributes `same`, `differences`, `first` and
        `words`.

    Raises:
        TypeError: if `a` or `b` is not a node, a number is not real, or a title is not a string.
        ValueError: if an option is out of range.

    >>> from autograd import Value
    >>> x, w, b = Value(2.0, "x"), Value(0.5, "w"), Value(-1.0, "b")
    >>> mine, solution = (w * x - b).tanh(), (w * x + b).tanh()
    >>> comparison = compare(mine, solution, titles=("mine", "solution"))
    >>> comparison.first.words, len(comparison.differences)
    ('the operation of (w × x) − b is − in mine, but + in solution', 3)
    """
    _check(titles, limit, precision, rtol=rtol, atol=atol)
    first, second = read_graph("a", a), read_graph("b", b)
    return comparison_of(
        first,
        second,
        match(first, second),
        titles=titles,
        tolerance=Tolerance(rtol, atol),
        direction=direction,
        limit=limit,
        precision=precision,
        palette=palette,
    )


def comparison_of(
    first: SeenGraph,
    second: SeenGraph,
    pairs: dict[int, int],
    *,
    titles: tuple[str, str],
    tolerance: Tolerance,
    direction: str = "LR",
    limit: int = 60,
    precision: int = 4,
    palette: str = "auto",
) -> Comparison:
    """Compares two graphs of which it is known what corresponds; the options are those of `compare`."""
    called = on_one_line(titles[0]), on_one_line(titles[1])
    differences = tuple(differences_of(first, second, pairs, called, tolerance))
    return Comparison(
        (first, second),
        differences,
        titles=called,
        direction=direction,
        limit=limit,
        precision=precision,
        palette=palette,
    )


def _check(titles: object, limit: object, precision: object, **tolerances: object) -> None:
    if not isinstance(titles, tuple | list) or not all(isinstance(title, str) and title for title in titles):
        raise TypeError(f"titles must be two strings, not {titles!r}")
    if len({*titles}) != 2 or len(titles) != 2:
        raise ValueError(f"titles must be two different strings, not {titles!r}")
    if isinstance(limit, bool) or not isinstance(limit, int) or limit < 1:
        raise ValueError(f"limit must be a positive integer, not {limit!r}")
    check_precision(precision)
    for name, tolerance in tolerances.items():
        if isinstance(tolerance, bool) or not isinstance(tolerance, int | float) or not tolerance >= 0:
            raise ValueError(f"{name} must be a non-negative number, not {tolerance!r}")
