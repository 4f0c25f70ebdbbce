"""A small computation that runs on any engine, one operation at a time."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from viz.checking.engine_operation import EngineOperation

__all__ = ["Program", "Sketch", "Step"]


@dataclass(frozen=True, slots=True)
class Step:
    """One operation of a program.

    Attributes:
        operation: the operation.
        operands: the places of its operands: inputs come first, then the results of the steps.
        number: its plain number, if it takes one.
    """

    operation: EngineOperation
    operands: tuple[int, ...]
    number: float | None = None

    def apply(self, nodes: Sequence[Any]) -> Any:
        """Applies the operation to the nodes of an engine."""
        numbers = () if self.number is None else (self.number,)
        return self.operation.apply(*[nodes[operand] for operand in self.operands], *numbers)


@dataclass(frozen=True, slots=True)
class Program:
    """A computation.

    Attributes:
        inputs: the numbers of its inputs.
        steps: its operations, in order.
        outputs: the places of the nodes on which `backward()` is called, one after the other.
    """

    inputs: tuple[float, ...]
    steps: tuple[Step, ...]
    outputs: tuple[int, ...]


@dataclass(slots=True)
class Sketch:
    """A program under construction.

    >>> from viz.checking.engine_operation import ADD, MULTIPLY
    >>> sketch = Sketch([2.0, 3.0])
    >>> product = sketch.step(MULTIPLY, 0, 1)
    >>> sketch.program(sketch.step(ADD, product, 0)).outputs
    (3,)
    """

    inputs: Sequence[float]
    steps: list[Step] = field(default_factory=list)

    def step(self, operation: EngineOperation, *operands: int, number: float | None = None) -> int:
        """Adds an operation, and returns the place of its result."""
        self.steps.append(Step(operation, operands, number))
        return len(self.inputs) + len(self.steps) - 1

    def program(self, *outputs: int) -> Program:
        """Returns the program with these outputs."""
        return Program(tuple(self.inputs), tuple(self.steps), outputs)
