"""An instruction in single assignment: one computation of a program."""

import struct
from collections.abc import Callable
from typing import NamedTuple

__all__ = ["INPUT", "NO_WORK", "Instruction", "PythonCall"]

NO_WORK = ("input", "constant")  # instructions that compute nothing


class Instruction(NamedTuple):
    """One computation of a program. Later instructions refer to its result by its index in the list.

    Attributes:
        op: "input", "constant", the name of one of `autograd.functions.PRIMITIVES`, or a `PythonCall`.
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


class PythonCall(str):
    """The name of an instruction that calls a Python function, which only targets in Python can run.

    Attributes:
        function: the function, of floats.
        computed: what it computes, in words.
        cause: why the function could not be traced.
    """

    function: Callable[..., float]
    computed: str
    cause: str

    def refusal(self, target: str) -> NotImplementedError:
        """The error that a target raises that is not in Python."""
        return NotImplementedError(
            f"{target} cannot run {self.computed}, because it calls plain Python or branches on data "
            f"({self.cause}); write it with the functions of autograd, such as select, or choose the target 'python' "
            "or 'numpy'"
        )


INPUT = Instruction("input")
"""An input, which all inputs of all routines share."""
