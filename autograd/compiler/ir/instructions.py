"""Instructions as columns, which take a fraction of the memory of as many objects."""

from array import array
from collections.abc import Mapping, Sequence
from struct import pack
from typing import overload

from autograd.compiler.ir.instruction import Instruction

__all__ = ["Instructions", "operations", "packed"]

_instruction = tuple.__new__  # makes an `Instruction` in half the time


class Instructions(Sequence[Instruction]):
    """A sequence of instructions, each of which is made when it is asked for.

    It does not change, and equals another one that consists of the same computations.

    Arguments:
        ops: the operation of each.
        starts: for each, where its operands begin; and the end of the last.
        operands: the indices of the operands of all.
        numbers: the numbers of the constants, by index.

    >>> packed([Instruction("input"), Instruction("exp", (0,))])[1]
    Instruction(op='exp', operands=(0,), number=0.0)
    """

    __slots__ = ("numbers", "operands", "ops", "starts")

    def __init__(
        self, ops: list[str], starts: "array[int]", operands: "array[int]", numbers: Mapping[int, float]
    ) -> None:
        self.ops = ops
        self.starts = starts
        self.operands = operands
        self.numbers = numbers

    def __len__(self) -> int:
        return len(self.ops)

    @overload
    def __getitem__(self, index: int) -> Instruction: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Instruction, ...]: ...
    def __getitem__(self, index: int | slice) -> Instruction | tuple[Instruction, ...]:
        if isinstance(index, slice):
            return tuple([self[place] for place in range(*index.indices(len(self.ops)))])
        op = self.ops[index]  # raises IndexError
        place = index if index >= 0 else index + len(self.ops)
        operands = tuple(self.operands[self.starts[place] : self.starts[place + 1]])
        return _instruction(Instruction, (op, operands, self.numbers.get(place, 0.0)))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Instructions) and self._columns == other._columns

    def __hash__(self) -> int:
        return hash(self._columns)

    def __repr__(self) -> str:
        return repr(tuple(self))

    @property
    def _columns(self) -> tuple[object, ...]:
        """What tells it from others. Numbers are compared by their bits, because 0.0 and -0.0 differ."""
        numbers = pack(f"{len(self.numbers)}d", *self.numbers.values())
        return tuple(self.ops), self.starts.tobytes(), self.operands.tobytes(), tuple(self.numbers), numbers


def packed(instructions: Sequence[Instruction]) -> Instructions:
    """Returns instructions as columns."""
    if isinstance(instructions, Instructions):
        return instructions
    starts, operands = array("i", [0]), array("i")
    for instruction in instructions:
        operands.extend(instruction.operands)
        starts.append(len(operands))
    numbers = {index: i.number for index, i in enumerate(instructions) if i.op == "constant"}
    return Instructions([instruction.op for instruction in instructions], starts, operands, numbers)


def operations(instructions: Sequence[Instruction]) -> list[str]:
    """Returns the operation of each instruction."""
    if isinstance(instructions, Instructions):
        return instructions.ops
    return [instruction.op for instruction in instructions]
