"""Long routines in pieces, each of which becomes a function in machine code."""

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from autograd.compiler.ir.instruction import NO_WORK, Instruction
from autograd.compiler.ir.instructions import packed
from autograd.compiler.ir.schedule import needed

__all__ = ["Partition", "partition", "scheduled"]

_LONGEST = 10_000  # instructions of one piece: LLVM takes more than linear time for longer functions
_PIECE = 400  # instructions of a piece otherwise: up to this many numbers may be on the stack at once, 25 kB


class Partition(NamedTuple):
    """How instructions are divided, and which results each piece stores for later ones.

    Attributes:
        pieces: the indices of the instructions of each piece, in order.
        spills: for the index of each number that a later piece needs, the slot of memory that keeps it. A slot is
            reused after the last piece that reads it.
        slots: the number of slots.
    """

    pieces: list[list[int]]
    spills: dict[int, int]
    slots: int


def scheduled(instructions: Sequence[Instruction], outputs: Sequence[int]) -> list[int]:
    """Returns the indices of the instructions to compute for some outputs, and of outputs that are inputs or constants.

    Arguments:
        instructions: in single assignment.
        outputs: the indices of the numbers that are wanted.

    >>> scheduled([Instruction("input"), Instruction("exp", (0,)), Instruction("sin", (0,))], [2])
    [2]
    """
    wanted, columns = set(outputs), packed(instructions)
    return [
        index
        for index, keep in enumerate(needed(columns.starts, columns.operands, wanted))
        if keep and (index in wanted or columns.ops[index] not in NO_WORK)
    ]


def partition(
    instructions: Sequence[Instruction], outputs: Sequence[int], longest: int = _LONGEST, size: int = _PIECE
) -> Partition:
    """Divides the instructions that compute some outputs, unless there are only a few.

    Arguments:
        instructions: in single assignment.
        outputs: the indices of the numbers that are wanted; instructions that none of them needs are left out.
        longest: the largest number of instructions that are not divided.
        size: the number of instructions of a piece otherwise.

    >>> chain = [Instruction("input"), *[Instruction("exp", (index,)) for index in range(5)]]
    >>> partition(chain, [5], longest=4, size=2)
    Partition(pieces=[[1, 2], [3, 4], [5]], spills={2: 0, 4: 1}, slots=2)
    """
    indices = scheduled(instructions, outputs)
    if len(indices) <= longest:
        return Partition([indices], {}, 0)
    instructions = tuple(instructions)  # quicker to read again and again
    pieces = [indices[start : start + size] for start in range(0, len(indices), size)]
    piece_of = {index: number for number, piece in enumerate(pieces) for index in piece}
    last_use = {operand: piece_of[index] for index in indices for operand in instructions[index].operands}
    spills: dict[int, int] = {}
    free: list[int] = []
    slots = 0
    ending: dict[int, list[int]] = defaultdict(list)  # for each piece, the slots that it is the last to read
    for number, piece in enumerate(pieces):
        free += ending.pop(number - 1, [])
        for index in piece:
            if last_use.get(index, number) > number and instructions[index].computes:
                if not free:
                    free.append(slots)
                    slots += 1
                spills[index] = free.pop()
                ending[last_use[index]].append(spills[index])
    return Partition(pieces, spills, slots)
