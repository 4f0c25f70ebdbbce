"""Instructions in single assignment: what a program is made of, and the recorder that writes them down."""

import math
import struct
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from autograd import functions

__all__ = ["Instruction", "Recorder", "depth_first", "needed"]

_COMMUTATIVE = ("add", "multiply")


class Instruction(NamedTuple):
    """One computation of a program; its result is known by its place in the list.

    Attributes:
        op: "input", "constant", or the name of a function of `autograd.functions`.
        operands: the places of what it is done to.
        number: of a constant, its number.
    """

    op: str
    operands: tuple[int, ...] = ()
    number: float = 0.0

    def __eq__(self, other: object) -> bool:
        """Whether it is the same computation; numbers are told apart by their bits, for 0.0 is not -0.0."""
        return (
            isinstance(other, Instruction)
            and self[:2] == other[:2]
            and struct.pack("<d", self.number) == struct.pack("<d", other.number)
        )

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash(self[:2])


class Recorder:
    """Writes instructions down, each computation once.

    An operation on constants is folded, by the function that eager execution calls; one that gives back its operand
    to the bit is left out. Nothing else is rewritten, so a program computes the bits that eager execution does.

    Attributes:
        instructions: what was written so far.
    """

    def __init__(self) -> None:
        self.instructions: list[Instruction] = []
        self._places: dict[tuple[Any, ...], int] = {}

    def input(self) -> int:
        """The place of a new number that the program is given."""
        self.instructions.append(Instruction("input"))
        return len(self.instructions) - 1

    def constant(self, number: float) -> int:
        """The place of a number that never changes, told from others by its bits: 0.0 is not -0.0."""
        return self._write(Instruction("constant", (), number), ("constant", struct.pack("<d", number)))

    def operation(self, op: str, operands: tuple[int, ...]) -> int:
        """The place of an operation's result."""
        numbers = [self._number(place) for place in operands]
        if None not in numbers:
            return self.constant(getattr(functions, op)(*numbers))
        same = _operand_that_it_is(op, numbers)
        if same is not None:
            return operands[same]
        merged = sorted(operands) if op in _COMMUTATIVE else operands  # a + b has the bits of b + a
        return self._write(Instruction(op, operands), (op, *merged))

    def _number(self, place: int) -> float | None:
        instruction = self.instructions[place]
        return instruction.number if instruction.op == "constant" else None

    def _write(self, instruction: Instruction, key: tuple[Any, ...]) -> int:
        place = self._places.get(key)
        if place is None:
            place = self._places[key] = len(self.instructions)
            self.instructions.append(instruction)
        return place


def _operand_that_it_is(op: str, numbers: list[float | None]) -> int | None:
    """Which operand an operation gives back to the bit, whatever number that is; None if neither."""
    if op == "multiply" and 1.0 in numbers:
        return 1 - numbers.index(1.0)
    if op == "add":
        for place, number in enumerate(numbers):
            if number == 0.0 and math.copysign(1.0, number) < 0.0:
                return 1 - place
    if (op == "divide" and numbers[1] == 1.0) or (op == "subtract" and _is_plain_zero(numbers[1])):
        return 0
    if op == "select" and numbers[0] is not None:
        return 1 if numbers[0] > 0.0 else 2
    return None


def _is_plain_zero(number: float | None) -> bool:
    return number == 0.0 and math.copysign(1.0, number) > 0.0


def needed(instructions: Iterable[Instruction], outputs: Iterable[int]) -> list[bool]:
    """For each instruction, whether one of `outputs` needs it.

    >>> program = [Instruction("input"), Instruction("exp", (0,)), Instruction("sin", (0,))]
    >>> needed(program, [1])
    [True, True, False]
    """
    listed = list(instructions)
    wanted = [False] * len(listed)
    for place in outputs:
        wanted[place] = True
    for place in range(len(listed) - 1, -1, -1):
        if wanted[place]:
            for operand in listed[place].operands:
                wanted[operand] = True
    return wanted


def depth_first(instructions: Sequence[Instruction], outputs: Iterable[int]) -> list[int]:
    """The places that some outputs need, each soon before its first use, so that few numbers wait to be used.

    >>> program = [Instruction("input"), Instruction("exp", (0,)), Instruction("sin", (0,)), Instruction("add", (2, 1))]
    >>> depth_first(program, [0, 3])
    [0, 2, 1, 3]
    """
    order: list[int] = []
    done = [False] * len(instructions)
    for output in outputs:
        waiting = [output]
        while waiting:
            place = waiting[-1]
            missing = [operand for operand in instructions[place].operands if not done[operand]]
            if missing and not done[place]:
                waiting.append(missing[0])
                continue
            waiting.pop()
            if not done[place]:
                done[place] = True
                order.append(place)
    return order
