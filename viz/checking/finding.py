"""What a check of an engine finds: a law that it breaks, with the first wrong node, or a limit that it has."""

from dataclasses import dataclass, field
from typing import Literal

from viz.checking.comparison import Comparison, comparison_of
from viz.checking.differences import Tolerance
from viz.checking.observation import Observation
from viz.checking.program import Program
from viz.checking.reference import Reference
from viz.pages.explorer import Explorer, explore

__all__ = ["TOLERANCE", "EngineFailure", "EngineNote", "Wrong"]

Wrong = Literal["value", "gradient", "exception"]
"""What is wrong: a number, or that the engine raises an exception or does not end."""

TOLERANCE = Tolerance(rtol=1e-7, atol=1e-9)

_TITLES = ("yours", "ours")


@dataclass(frozen=True, slots=True)
class EngineFailure:
    """A law that an engine breaks, shown by the smallest graph that was found.

    Attributes:
        name: the operation or the law, such as "tanh", "3 - v" or "a node used twice".
        law: what must hold, in words.
        message: what is wrong, in words.
        formula: the graph, with the numbers of its inputs.
        quantity: what is wrong: a "value", a "gradient", or "exception" if the engine raises one or does not end.
        node: the first node that is wrong; "" if none was computed wrongly.
        expected, found: the number that it must have, and the one that it has; None where there is none.
    """

    name: str
    law: str
    message: str
    formula: str
    quantity: Wrong
    node: str
    expected: float | None
    found: float | None
    _program: Program = field(repr=False, compare=False)
    _observation: Observation = field(repr=False, compare=False)

    @property
    def error(self) -> BaseException | None:
        """The exception that the engine raised, if it did."""
        return None if self._observation.trouble is None else self._observation.trouble.error

    def compare(self, *, direction: str = "LR", precision: int = 4, palette: str = "auto") -> Comparison:
        """Draws the graph as the engine computes it and as it must be, with the first wrong node marked.

        The options are those of `viz.compare`.
        """
        reference = Reference(self._program)
        return comparison_of(
            reference.graph_of(self._observation),
            reference.graph,
            {place: place for place in range(len(reference.graph.nodes))},
            titles=_TITLES,
            tolerance=TOLERANCE,
            direction=direction,
            precision=precision,
            palette=palette,
        )

    def explore(self) -> Explorer:
        """Makes a page that steps through the graph with the right numbers, as `viz.explore` does."""
        output = Reference(self._program).nodes[self._program.outputs[-1]]
        return explore(output, title=f"{self.name}: {self.formula}")


@dataclass(frozen=True, slots=True)
class EngineNote:
    """A limit of an engine: its gradients are right, but it cannot do something.

    Attributes:
        name: what it concerns, such as "depth" or "3 + v".
        message: the limit, in words.
    """

    name: str
    message: str
