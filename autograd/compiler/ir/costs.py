"""The cost of one run of a program: instructions by operation, work, and memory."""

from collections import Counter
from typing import TypedDict

from autograd.compiler.ir.instructions import operations
from autograd.compiler.ir.routine import Routine

__all__ = ["Costs", "costs"]

_BYTES = 8  # of a number


class Costs(TypedDict):
    """The figures that `Program.stats` returns and explains."""

    operations: dict[str, int]
    inputs: int
    constants: int
    forward: int
    total: int
    live: int
    bytes: int


def costs(*routines: Routine) -> Costs:
    """Returns the costs of routines that run one after the other."""
    counts = Counter(op for routine in routines for op in operations(routine.instructions))
    inputs, constants = counts.pop("input", 0), counts.pop("constant", 0)
    return Costs(
        operations=dict(counts),
        inputs=inputs,
        constants=constants,
        forward=sum(routine.forward.work for routine in routines),
        total=sum(routine.work for routine in routines),
        live=max(map(_live, routines)),
        bytes=_BYTES * max(map(_numbers, routines)),
    )


def _numbers(routine: Routine) -> int:
    return routine.inputs + _live(routine) + len(routine.results) + len(routine.gradients)


def _live(routine: Routine) -> int:
    """The largest number of results that are live at once: computed, and still to be used by some instruction."""
    instructions = tuple(routine.instructions)
    last_use = {operand: index for index, i in enumerate(instructions) for operand in i.operands}
    live: set[int] = set()
    most = 0
    for index, instruction in enumerate(instructions):
        live.difference_update(operand for operand in instruction.operands if last_use[operand] == index)
        if instruction.computes:
            most = max(most, len(live) + 1)
            if index in last_use:
                live.add(index)
    return most
