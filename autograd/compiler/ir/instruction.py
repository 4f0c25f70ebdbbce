"""An instruction in single assignment: one computation of a program."""

import struct
from typing import NamedTuple

__all__ = ["INPUT", "NO_WORK", "Instruction"]

NO_WORK = ("input", "constant")  # instructions that compute nothing


class Instruction(NamedTuple):
    """One computation of a program. Later instructions refer to its result by its index in the list.

    Attributes:
        op: "input", "constant", or the name of one of `autograd.functions.PRIMITIVES`.
        operands: the indices of the operands.
        number: the number of a constant.
    """

    op: str
    operands: tuple[int, ...] = ()
    number: float = 0.0

    @property
    def computes(self) -> bool:
        """Whether it computes something, that is, it is neither an input nor a constant."""
        return self.op not in NO_WORK

    def __eq__(self, other: object) -> bool:
        """Whether it is the same computation. Numbers are compared by their bits, because 0.0 and -0.0 differ."""
        return (
            isinstance(other, Instruction)
            and self[:2] == other[:2]
            and struct.pack("<d", self.number) == struct.pack("<d", other.number)
        )

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash(self[:2])


INPUT = Instruction("input")
"""An input, which all inputs of all routines share."""
