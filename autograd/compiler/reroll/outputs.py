"""The outputs of a routine as loops."""

from collections.abc import Sequence

from autograd.collector import collector_paused
from autograd.compiler.ir.instruction import Instruction
from autograd.compiler.reroll.grid import positions
from autograd.compiler.reroll.loops import FEWEST, Copy, RolledOutputs, worth_rolling
from autograd.compiler.reroll.roller import Roller
from autograd.numerics import np

__all__ = ["outputs_or_none", "rolled_outputs"]


@collector_paused
def outputs_or_none(
    instructions: Sequence[Instruction], outputs: Sequence[int], per_sample: int, leaves: int
) -> RolledOutputs | None:
    """Returns the outputs of a routine as loops if these have enough members on average, otherwise None.

    Arguments are those of `rolled_outputs`.
    """
    length = len(instructions) + len(outputs)
    if length < FEWEST:
        return None  # which is known without rolling it
    found = rolled_outputs(instructions, outputs, per_sample, leaves)
    return found if worth_rolling(length, found.rolled) else None


def rolled_outputs(
    instructions: Sequence[Instruction], outputs: Sequence[int], per_sample: int, leaves: int
) -> RolledOutputs:
    """Rolls instructions back into loops.

    Arguments:
        instructions, outputs, per_sample, leaves: see `Roller`.
    """
    roller = Roller(instructions, outputs, per_sample, leaves)
    groups: dict[object, list[int]] = {}
    for position, index in enumerate(outputs):
        groups.setdefault(roller.source(index), []).append(position)
    copies = []
    for group in map(np.array, groups.values()):
        members = np.array(outputs)[group][:, None]
        inner = roller.inner_size(members, totals=group[:, None])
        target = positions("output", group[:, None], inner)
        copies.append(Copy(len(group) // inner, inner, roller.access(members, inner), target))
    return RolledOutputs(roller.rolled, tuple(copies))
