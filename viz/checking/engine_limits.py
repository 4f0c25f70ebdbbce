"""Limits of engines whose gradients are right: deep graphs, shared nodes, and a second backward pass."""

from collections.abc import Callable
from dataclasses import dataclass

from viz.checking.engine_operation import ADD, MULTIPLY
from viz.checking.finding import EngineFailure, EngineNote
from viz.checking.judging import judge
from viz.checking.laws import ACCUMULATION, ORDER, TWICE
from viz.checking.observation import Observation
from viz.checking.program import Program, Sketch

__all__ = ["LIMITS", "Limit", "Run"]

_DEPTH, _LEVELS = 5000, 40

Run = Callable[[Program], Observation]
"""An engine: what it computes for a program."""


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit that an engine may have.

    Attributes:
        name: its name.
        note: returns a note if an engine has it.
        needs: the laws without which it cannot be found.
    """

    name: str
    note: Callable[[Run], EngineNote | None]
    needs: frozenset[str]


def _depth(run: Run) -> EngineNote | None:
    sketch = Sketch([1.5, 0.001])
    output = 0
    for _ in range(_DEPTH):
        output = sketch.step(ADD, output, 1)
    failure = _failure(sketch.program(output), run)
    if failure is None:
        return None
    advice = ": sort the nodes in a loop with a list, not by recursion" if "RecursionError" in failure.message else ""
    return EngineNote("depth", f"in a chain of {_DEPTH:,} operations, {failure.message}{advice}")


def _shared_nodes(run: Run) -> EngineNote | None:
    sketch = Sketch([1e-9])
    output = 0
    for _ in range(_LEVELS):
        output = sketch.step(ADD, output, output)
    failure = _failure(sketch.program(output), run)
    if failure is None:
        return None
    advice = "visit each node once, not once for each way that leads to it"
    return EngineNote("shared nodes", f"in a chain of {_LEVELS} sums v + v, {failure.message}: {advice}")


def _second_backward(run: Run) -> EngineNote | None:
    sketch = Sketch([2.5, -1.2, 0.7])
    output = sketch.step(MULTIPLY, sketch.step(MULTIPLY, 0, 1), 2)
    failure = _failure(sketch.program(output, output), run)
    if failure is None:
        return None
    advice = "it must add the same gradients to the leaves again, so clear those of all other nodes before"
    return EngineNote("second backward()", f"after backward() twice on {failure.formula}, {failure.message}: {advice}")


def _failure(program: Program, run: Run) -> EngineFailure | None:
    return judge("", "", program, run(program))


LIMITS = (
    Limit("depth", _depth, frozenset((TWICE,))),
    Limit("shared nodes", _shared_nodes, frozenset((ORDER,))),
    Limit("second backward()", _second_backward, frozenset((ACCUMULATION,))),
)
"""The limits, in the order in which they are looked for."""
