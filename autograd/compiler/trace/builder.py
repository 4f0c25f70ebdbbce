"""The builder of a routine: makes symbols, and writes the instructions for the arithmetic on them."""

import math
import struct
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from autograd import functions
from autograd.compiler.ir.instruction import Instruction
from autograd.compiler.ir.routine import Routine
from autograd.compiler.ir.schedule import depth_first, needed
from autograd.compiler.trace.symbol import Symbol

__all__ = ["Builder", "Traced"]

_COMMUTATIVE = ("add", "multiply")


class Traced(NamedTuple):
    """A routine, with names for its inputs and for other numbers in it.

    Attributes:
        routine: the instructions.
        names: the names of the inputs.
        labels: the names of other instructions, by their indices in the routine.
        indices: the index in the routine of each of the builder's instructions that it contains.
    """

    routine: Routine
    names: tuple[str, ...]
    labels: Mapping[int, str]
    indices: Mapping[int, int]

    @classmethod
    def unnamed(cls, routine: Routine) -> "Traced":
        """Returns a routine whose inputs are named x1, x2, ..."""
        return cls(routine, tuple(f"x{number}" for number in range(1, routine.inputs + 1)), {}, {})

    def find(self, number: Any) -> int | None:
        """Returns the index in the routine of the instruction that computes a symbol.

        Returns None for a plain number, an input, a constant, and anything that the routine does not need.
        """
        index = self.indices.get(number.index) if isinstance(number, Symbol) else None
        return index if index is not None and self.routine.instructions[index].computes else None


class Builder:
    """Writes instructions, each computation once.

    An operation on constants is folded, using the function that eager execution calls; one that returns its operand bit
    for bit is left out. Nothing else is rewritten, so a program computes the same bits as eager execution.

    Attributes:
        instructions: the instructions written so far.

    >>> builder = Builder()
    >>> w, x = builder.symbol(), builder.symbol()
    >>> builder.finish([w * x + 1.0]).routine.instructions[-1]
    Instruction(op='add', operands=(2, 3), number=0.0)
    """

    def __init__(self) -> None:
        self.instructions: list[Instruction] = []
        self._indices: dict[tuple[Any, ...], int] = {}

    def symbol(self) -> Symbol:
        """Adds an input to the routine and returns it as a symbol."""
        self.instructions.append(Instruction("input"))
        return Symbol(self, len(self.instructions) - 1)

    def operation(self, op: str, *operands: Any) -> Symbol:
        """Returns the result of a primitive as a symbol.

        Arguments:
            op: one of `autograd.functions.PRIMITIVES`.
            operands: symbols of this builder, or plain numbers.

        Raises:
            TypeError: for an operand that is neither.
        """
        indices = tuple([self.index_of(operand) for operand in operands])
        numbers = [self._number(index) for index in indices]
        if None not in numbers:
            return Symbol(self, self._constant(getattr(functions, op)(*numbers)))
        same = _returned_operand(op, numbers)
        if same is not None:
            return Symbol(self, indices[same])
        merged = sorted(indices) if op in _COMMUTATIVE else indices  # a + b has the same bits as b + a
        return Symbol(self, self._write(Instruction(op, indices), (op, *merged)))

    def index_of(self, number: Any) -> int:
        """Returns the index of a symbol's instruction, or of the constant for a plain number.

        Raises:
            TypeError: for anything else.
        """
        if isinstance(number, Symbol):
            return number.index
        plain = functions.real(number)
        if type(plain) is not float:
            raise TypeError(f"a program computes with real numbers, not with {number!r}")
        return self._constant(plain)

    def finish(self, results: Sequence[Any], gradients: Sequence[Any] = ()) -> Traced:
        """Returns the routine that computes the given numbers, and nothing else; it keeps all inputs.

        Arguments:
            results: symbols or plain numbers of the forward pass.
            gradients: symbols or plain numbers of the backward pass.

        Returns:
            The routine, with its inputs named x1, x2, ... in the order in which they were made.
        """
        forward, backward = [list(map(self.index_of, numbers)) for numbers in (results, gradients)]
        instructions = self.instructions
        inputs = [index for index, instruction in enumerate(instructions) if instruction.op == "input"]
        forward_length = sum(needed(instructions, inputs + forward))
        order = depth_first(instructions, inputs + forward + backward)
        new = {old: index for index, old in enumerate(order)}
        moved = [
            instructions[old]._replace(operands=tuple(new[operand] for operand in instructions[old].operands))
            for old in order
        ]
        routine = Routine(
            tuple(moved), tuple(map(new.__getitem__, forward)), tuple(map(new.__getitem__, backward)), forward_length
        )
        return Traced.unnamed(routine)._replace(indices=new)

    def _constant(self, number: float) -> int:
        return self._write(Instruction("constant", (), number), ("constant", struct.pack("<d", number)))

    def _number(self, index: int) -> float | None:
        instruction = self.instructions[index]
        return instruction.number if instruction.op == "constant" else None

    def _write(self, instruction: Instruction, key: tuple[Any, ...]) -> int:
        index = self._indices.get(key)
        if index is None:
            index = self._indices[key] = len(self.instructions)
            self.instructions.append(instruction)
        return index


def _returned_operand(op: str, numbers: Sequence[float | None]) -> int | None:
    """Returns the index of the operand that an operation returns bit for bit, whatever its value, or None.

    Arguments:
        op: the operation.
        numbers: for each operand, its number if it is a constant, otherwise None.
    """
    if op == "multiply" and 1.0 in numbers:
        return 1 - numbers.index(1.0)
    if op == "add":
        for position, number in enumerate(numbers):
            if number == 0.0 and math.copysign(1.0, number) < 0.0:
                return 1 - position
    if (op == "divide" and numbers[1] == 1.0) or (op == "subtract" and _is_positive_zero(numbers[1])):
        return 0
    if op == "select" and numbers[0] is not None:
        return 1 if numbers[0] > 0.0 else 2
    return None


def _is_positive_zero(number: float | None) -> bool:
    return number == 0.0 and math.copysign(1.0, number) > 0.0
