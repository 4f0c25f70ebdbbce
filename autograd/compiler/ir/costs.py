"""What a run of routines costs: instructions by operation, work, memory."""

from collections import Counter

from autograd.compiler.trace.trace import Routine

__all__ = ["costs"]

_NO_WORK = {"input": "inputs", "constant": "constants"}
_BYTES = 8  # of a number


def costs(*routines: Routine) -> dict[str, int]:
    """The figures that `Program.stats` gives, of routines that run one after the other."""
    counts = Counter(instruction.op for routine in routines for instruction in routine.instructions)
    return {_NO_WORK.get(op, op): count for op, count in counts.items()} | {
        "forward": sum(routine.forward.work for routine in routines),
        "total": sum(routine.work for routine in routines),
        "live": max(map(_live, routines)),
        "bytes": _BYTES * max(map(_numbers, routines)),
    }


def _numbers(routine: Routine) -> int:
    return routine.inputs + _live(routine) + len(routine.results) + len(routine.gradients)


def _live(routine: Routine) -> int:
    """How many computed numbers wait at most, at once, for an instruction that uses them, the newest among them."""
    last_use = {operand: place for place, i in enumerate(routine.instructions) for operand in i.operands}
    waiting: set[int] = set()
    most = 0
    for place, instruction in enumerate(routine.instructions):
        waiting.difference_update(operand for operand in instruction.operands if last_use[operand] == place)
        if instruction.op not in _NO_WORK:
            most = max(most, len(waiting) + 1)
            if place in last_use:
                waiting.add(place)
    return most
