"""A routine: the instructions that compute some results, and possibly their gradients."""

from collections.abc import Sequence
from typing import NamedTuple

from autograd.compiler.ir.instruction import NO_WORK, Instruction, PythonCall
from autograd.compiler.ir.instructions import operations

__all__ = ["Routine"]

_BYTES = 20  # of an instruction with its operands


class Routine(NamedTuple):
    """Instructions in single assignment, each of which is needed for some result or gradient.

    Attributes:
        instructions: the inputs, then the instructions for the results, then those only for the gradients.
        results: the indices of the results.
        gradients: the indices of the gradients.
        forward_length: the number of instructions before those of the gradients.
    """

    instructions: Sequence[Instruction]
    results: tuple[int, ...]
    gradients: tuple[int, ...]
    forward_length: int

    @property
    def forward(self) -> "Routine":
        """The routine of the results alone."""
        return self._replace(instructions=self.instructions[: self.forward_length], gradients=())

    @property
    def both(self) -> "Routine":
        """The routine whose results are the first result and the gradients."""
        return Routine(self.instructions, (*self.results[:1], *self.gradients), (), len(self.instructions))

    @property
    def inputs(self) -> int:
        """The number of inputs."""
        return operations(self.instructions).count("input")

    @property
    def length(self) -> int:
        """The number of instructions."""
        return len(self.instructions)

    @property
    def size(self) -> int:
        """The approximate number of bytes that it takes."""
        return _BYTES * len(self.instructions)

    @property
    def python_calls(self) -> list[PythonCall]:
        """The instructions' calls of Python functions, which only targets in Python can run."""
        return [op for op in operations(self.instructions) if isinstance(op, PythonCall)]

    @property
    def work(self) -> int:
        """The number of instructions that compute something."""
        return sum(1 for op in operations(self.instructions) if op not in NO_WORK)
