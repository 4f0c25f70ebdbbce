"""Many instructions in parts, each a function of its own in machine code."""

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from autograd.compiler.ir.instruction import Instruction
from autograd.compiler.ir.schedule import needed

__all__ = ["Parts", "parts_of"]

_LONGEST = 10_000  # instructions that stay in one piece: longer functions LLVM builds in more than linear time
_PART = 400  # instructions of a part: as many numbers may lie on the stack at once, 25 kB


class Parts(NamedTuple):
    """How instructions are cut, and what a part hands on to later ones, in memory.

    Attributes:
        pieces: the places of each part, in order.
        slots: for the place of each number that a later part needs, where it is kept; free slots are used again.
        slots_taken: how many slots there are.
    """

    pieces: list[list[int]]
    slots: dict[int, int]
    slots_taken: int


def parts_of(
    instructions: Sequence[Instruction], outputs: Sequence[int], longest: int = _LONGEST, size: int = _PART
) -> Parts:
    """The parts of what computes some outputs; one part, if that is not long.

    Arguments:
        instructions: in single assignment.
        outputs: the places of the numbers that are wanted; what none of them needs is left out.
        longest: how many instructions stay in one piece.
        size: how many instructions make a part otherwise.

    >>> chain = [Instruction("input"), *[Instruction("exp", (place,)) for place in range(5)]]
    >>> parts_of(chain, [5], longest=4, size=2)
    Parts(pieces=[[1, 2], [3, 4], [5]], slots={2: 0, 4: 1}, slots_taken=2)
    """
    wanted = set(outputs)
    places = [
        place
        for place, keep in enumerate(needed(instructions, wanted))
        if keep and (place in wanted or instructions[place].op not in ("input", "constant"))
    ]
    if len(places) <= longest:
        return Parts([places], {}, 0)
    pieces = [places[start : start + size] for start in range(0, len(places), size)]
    part_of = {place: number for number, piece in enumerate(pieces) for place in piece}
    last = {operand: part_of[place] for place in places for operand in instructions[place].operands}
    slots: dict[int, int] = {}
    free: list[int] = []
    taken = 0
    ending: dict[int, list[int]] = defaultdict(list)  # by part, the slots that it is the last to read
    for number, piece in enumerate(pieces):
        free += ending.pop(number - 1, [])
        for place in piece:
            if last.get(place, number) > number and instructions[place].op not in ("input", "constant"):
                if not free:
                    free.append(taken)
                    taken += 1
                slots[place] = free.pop()
                ending[last[place]].append(slots[place])
    return Parts(pieces, slots, taken)
