"""The sums over samples of a routine's outputs, as loops over the members of each."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from autograd.collector import collector_paused
from autograd.compiler.ir.routine import Routine
from autograd.compiler.ir.samples import LANES
from autograd.compiler.reroll.chains import columns_of
from autograd.compiler.reroll.grid import Access, in_one_run, positions
from autograd.compiler.reroll.loops import FEWEST, Rolled, worth_rolling
from autograd.compiler.reroll.roller import Roller

__all__ = ["Accumulation", "RolledSums", "rolled_sums", "sums_or_none"]

Indices = npt.NDArray[np.signedinteger[Any]]

_BYTES = 500  # of an access, and of its part of a loop
_CHOSEN = {"open": 1, "closed": 2}  # the operand of a select that is added up, by the kind of the summand


class Summand(NamedTuple):
    """A number to add up over samples: a product of two numbers, only where a gate is open, or one number.

    Attributes:
        kind: "product", "open" (a product where the gate is above 0), "closed" (where it is not), or "number".
        indices: the factors and the gate, or the number.
    """

    kind: str
    indices: tuple[int, ...]


class Accumulation(NamedTuple):
    """Totals over samples of like numbers, in runs of equal size.

    Attributes:
        outer, inner: the number of runs, and the number of totals of each.
        totals: the places of the totals.
        along: the number that is added up, or the factor that differs from member to member of a run.
        across: the other factor, which is the same for a run; None if there is none.
        gate: what opens or closes the gate, the same for a run; None if there is none.
        closed: whether the product is added where the gate is closed.
    """

    outer: int
    inner: int
    totals: Access
    along: Access
    across: Access | None
    gate: Access | None
    closed: bool


class RolledSums(NamedTuple):
    """Loops that compute the numbers of one sample, and the sums over samples.

    Attributes:
        rolled: the loops.
        accumulations: the sums of the gradients, then that of the result.
        inputs: the number of inputs of the routine.
        length, work: the number of instructions that it had, and of those that computed something.
    """

    rolled: Rolled
    accumulations: tuple[Accumulation, ...]
    inputs: int
    length: int
    work: int

    @property
    def size(self) -> int:
        """The approximate number of bytes that it takes."""
        loops = self.rolled.loops
        read = [access for loop in loops for access in (*loop.operands, *[f for run in loop.runs for f in run.factors])]
        read += [access for each in self.accumulations for access in (each.totals, each.along)]
        return _BYTES * len(read) + sum(8 * (len(access.bases) + len(access.table)) for access in read)


@collector_paused
def sums_or_none(routine: Routine, per_sample: int, leaves: int, *, weighted: bool = True) -> RolledSums | None:
    """Returns the sums of a routine as loops if these have enough members on average, otherwise None.

    Arguments are those of `rolled_sums`.
    """
    if weighted and routine.instructions[routine.results[0]].op in ("constant", "input"):
        return None  # the same for all samples, perhaps: loops multiply by the weight what differs
    if len(routine.instructions) < FEWEST:
        return None  # which is known without rolling it
    sums = rolled_sums(routine, per_sample, leaves, weighted=weighted)
    return sums if worth_rolling(len(routine.instructions), sums.rolled) else None


def rolled_sums(routine: Routine, per_sample: int, leaves: int, *, weighted: bool = True) -> RolledSums:
    """Rolls a routine and its sums over samples.

    Products that nothing else needs, such as the gradients of a layer's weights, are formed where they are added up.
    Those for which this cannot be done in runs are computed for each sample like other numbers.

    Arguments:
        routine: from (inputs, leaves) to a result and its gradient.
        per_sample, leaves: the numbers of these inputs.
        weighted: whether one more input is the weight of the sample: the gradient is multiplied by it already, the
            result is still to be.
    """
    uses = columns_of(routine.instructions, np.array([], dtype=np.int64)).uses.tolist()
    summands = [_summand(routine, index, uses) for index in routine.gradients]
    result = routine.results[0]
    summands.append(Summand("product", (result, per_sample + leaves)) if weighted else Summand("number", (result,)))
    while True:
        wanted, formed = _wanted(routine, summands)
        roller = Roller(routine.instructions, wanted, per_sample, leaves, formed)
        found = [_accumulation(roller, summands, group) for group in _groups(roller, summands)]
        accumulations = [each for each in found if isinstance(each, Accumulation)]
        if len(accumulations) == len(found):
            inputs = per_sample + leaves + weighted
            length = len(routine.instructions)
            return RolledSums(roller.rolled, tuple(accumulations), inputs, length, roller.work)
        for group in found:
            if not isinstance(group, Accumulation):
                for total in group.tolist():
                    summands[total] = Summand("number", (routine.gradients[total],))


def _summand(routine: Routine, index: int, uses: list[int]) -> Summand:
    """What to add up for an output."""
    instructions = routine.instructions
    instruction = instructions[index]
    if uses[index]:
        return Summand("number", (index,))
    if instruction.op == "multiply":
        return Summand("product", instruction.operands)
    if instruction.op == "select":
        gate, yes, no = instruction.operands
        for kind, chosen, other in (("open", yes, no), ("closed", no, yes)):
            is_zero = instructions[other].op == "constant" and instructions[other].number == 0.0
            if is_zero and instructions[chosen].op == "multiply" and uses[chosen] == 1:
                return Summand(kind, (*instructions[chosen].operands, gate))
    return Summand("number", (index,))


def _wanted(routine: Routine, summands: Sequence[Summand]) -> tuple[list[int], list[int]]:
    """Returns the numbers that loops compute for the summands, and the products and selects that they need not."""
    wanted = dict.fromkeys(index for summand in summands for index in summand.indices)
    formed = [g for g, s in zip(routine.gradients, summands[:-1], strict=True) if s.kind != "number"]
    products = [
        routine.instructions[g].operands[_CHOSEN[s.kind]]
        for g, s in zip(routine.gradients, summands[:-1], strict=True)
        if s.kind in _CHOSEN
    ]
    return list(wanted), [*formed, *products]


def _groups(roller: Roller, summands: Sequence[Summand]) -> list[Indices]:
    """Divides the totals into those that add up numbers of the same colours."""
    groups: dict[object, list[int]] = {}
    colours = roller.colours.tolist()
    for total, summand in enumerate(summands):
        key = summand.kind, *[colours[index] for index in summand.indices]
        groups.setdefault(key, []).append(total)
    return [np.array(group) for group in groups.values()]


def _accumulation(roller: Roller, summands: Sequence[Summand], group: Indices) -> Accumulation | Indices:
    """Returns how some totals are added up, or the totals if their factors do not come in runs."""
    kind = summands[group[0]].kind
    columns = np.array([summands[total].indices for total in group])
    sequences = [columns[:, [position]] for position in range(columns.shape[1])]
    if kind == "number":
        along = roller.in_one_run(sequences[0])
        return Accumulation(1, len(group), in_one_run("total", group), along, None, None, closed=False)
    found = _products(roller, sequences, group, closed=kind == "closed")
    if found is not None and found.inner < min(LANES, found.outer):  # lanes would stay empty: turn runs into members
        turned = np.arange(len(group)).reshape(-1, found.inner).T.ravel()
        wider = _products(roller, [sequence[turned] for sequence in sequences], group[turned], closed=found.closed)
        found = wider if wider is not None and wider.inner > found.inner else found
    return group if found is None else found


def _products(roller: Roller, sequences: Sequence[Indices], group: Indices, *, closed: bool) -> Accumulation | None:
    """Returns how totals add up products of two numbers, possibly behind a gate; None if they do not come in runs."""
    inner = roller.inner_size(*sequences, totals=group[:, None])
    along, across, *gates = [roller.access(sequence, inner) for sequence in sequences]
    if along.stride == 0:
        along, across = across, along
    in_runs = (along.stride == 1 or inner == 1) and all(access.stride == 0 for access in (across, *gates))
    if not in_runs or any(access.kind not in ("row", "input") for access in (along, across, *gates)):
        return None
    totals = positions("total", group[:, None], inner)
    return Accumulation(len(group) // inner, inner, totals, along, across, gates[0] if gates else None, closed)
