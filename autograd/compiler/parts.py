"""A long routine in parts, each a function of its own in machine code."""

from collections import defaultdict
from typing import NamedTuple

from autograd.compiler.tracing import Routine

__all__ = ["Parts", "parts_of"]

_LONGEST = 10_000  # instructions up to which a routine stays whole: longer ones LLVM builds in more than linear time
_PART = 400  # instructions of a part: as many numbers lie on its stack, 25 kB


class Parts(NamedTuple):
    """Where a routine is cut, and what a part hands on to later ones, in memory.

    Attributes:
        first: the places at which another part begins.
        slots: for the place of each number that a later part needs, where it is kept; free slots are used again.
        kept: how many slots there are.
    """

    first: frozenset[int]
    slots: dict[int, int]
    kept: int


def parts_of(routine: Routine, longest: int = _LONGEST, size: int = _PART) -> Parts:
    """The parts of a routine; one that is not long stays whole.

    >>> from autograd.compiler.instructions import Instruction
    >>> chain = [Instruction("input"), *[Instruction("exp", (place,)) for place in range(7)]]
    >>> parts_of(Routine(tuple(chain), (7,), (), 8), longest=4, size=2)
    Parts(first=frozenset({3, 5, 7}), slots={2: 0, 4: 1, 6: 0}, kept=2)
    """
    instructions = routine.instructions
    computed = [place for place, i in enumerate(instructions) if i.op not in ("input", "constant")]
    if len(computed) <= longest:
        return Parts(frozenset(), {}, 0)
    part_of = {place: number // size for number, place in enumerate(computed)}
    last = {operand: part_of[place] for place in computed for operand in instructions[place].operands}
    ending: dict[int, list[int]] = defaultdict(list)  # by part, the slots that it is the last to read
    slots: dict[int, int] = {}
    free: list[int] = []
    kept = 0
    for number, place in enumerate(computed):
        part = part_of[place]
        if number % size == 0:
            free += ending.pop(part - 1, [])
        if last.get(place, part) > part:
            if not free:
                free.append(kept)
                kept += 1
            slots[place] = free.pop()
            ending[last[place]].append(slots[place])
    return Parts(frozenset(computed[size::size]), slots, kept)
