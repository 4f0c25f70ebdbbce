"""The sums over samples of a routine's outputs, as loops over the members of each."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from autograd.collector import collector_paused
from autograd.compiler.ir.instructions import Instructions, packed
from autograd.compiler.ir.routine import Routine
from autograd.compiler.ir.samples import LANES
from autograd.compiler.reroll.chains import Columns, columns_of
from autograd.compiler.reroll.grid import Access, in_one_run, positions
from autograd.compiler.reroll.loops import FEWEST, Rolled, worth_rolling
from autograd.compiler.reroll.roller import Roller
from autograd.numerics import np, npt

__all__ = ["Accumulation", "RolledSums", "rolled_sums", "sums_or_none"]

Indices = npt.NDArray[np.signedinteger[Any]]

_BYTES = 500  # of an access, and of its part of a loop
_KINDS = ("product", "open", "closed", "number")
_PRODUCT, _OPEN, _CLOSED, _NUMBER = range(len(_KINDS))
_OPERANDS = (2, 3, 3, 1)  # of a summand of each kind


class Summands(NamedTuple):
    """Numbers to add up over samples: products of two numbers, some only where a gate is open, or single numbers.

    Attributes:
        kinds: for each, an index into `_KINDS`: a product, a product where a gate is above 0 ("open") or is not
            ("closed"), or a number.
        indices: summands × 3: the factors and the gate, or the number; the rest is -1.
    """

    kinds: npt.NDArray[np.int8]
    indices: Indices

    def set_numbers(self, which: Indices, indices: Indices) -> None:
        """Makes some of them single numbers."""
        self.kinds[which] = _NUMBER
        self.indices[which] = -1
        self.indices[which, 0] = indices


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
    columns = columns_of(routine.instructions, np.array([], dtype=np.int64))
    gradients = np.array(routine.gradients, dtype=np.int64)
    summands = _summands(packed(routine.instructions), columns, gradients)
    result = [routine.results[0], per_sample + leaves, -1] if weighted else [routine.results[0], -1, -1]
    kinds = np.append(summands.kinds, np.int8(_PRODUCT if weighted else _NUMBER))
    summands = Summands(kinds, np.vstack([summands.indices, [result]]))
    while True:
        wanted, formed = _wanted(columns, gradients, summands)
        roller = Roller(routine.instructions, wanted, per_sample, leaves, formed)
        found = [_accumulation(roller, summands, group) for group in _groups(roller, summands)]
        accumulations = [each for each in found if isinstance(each, Accumulation)]
        if len(accumulations) == len(found):
            inputs = per_sample + leaves + weighted
            length = len(routine.instructions)
            return RolledSums(roller.rolled, tuple(accumulations), inputs, length, roller.work)
        for group in found:
            if not isinstance(group, Accumulation):
                summands.set_numbers(group, gradients[group])


def _summands(instructions: Instructions, columns: Columns, gradients: Indices) -> Summands:
    """What to add up for each of the gradients."""
    operands, uses = columns.operands[gradients], columns.uses
    summands = Summands(np.empty(len(gradients), np.int8), np.empty((len(gradients), 3), np.int64))
    summands.set_numbers(np.arange(len(gradients)), gradients)
    unused, is_product = uses[gradients] == 0, columns.are("multiply")
    products = unused & is_product[gradients]
    summands.kinds[products] = _PRODUCT
    summands.indices[products, :2] = operands[products, :2]
    zeros = [index for index, number in instructions.numbers.items() if number == 0.0]
    for kind, chosen, other in ((_OPEN, operands[:, 1], operands[:, 2]), (_CLOSED, operands[:, 2], operands[:, 1])):
        gated = unused & columns.are("select")[gradients] & (summands.kinds == _NUMBER)
        gated &= np.isin(other, zeros) & is_product[chosen] & (uses[chosen] == 1)
        summands.kinds[gated] = kind
        summands.indices[gated, :2] = columns.operands[chosen[gated], :2]
        summands.indices[gated, 2] = operands[gated, 0]
    return summands


def _wanted(columns: Columns, gradients: Indices, summands: Summands) -> tuple[Indices, Indices]:
    """Returns the numbers that loops compute for the summands, and the products and selects that they need not."""
    kinds, operands = summands.kinds[:-1], columns.operands[gradients]
    wanted, formed = np.zeros((2, len(columns.ops)), dtype=bool)
    wanted[summands.indices[summands.indices >= 0]] = True
    formed[gradients[kinds != _NUMBER]] = True
    formed[operands[kinds == _OPEN, 1]] = True
    formed[operands[kinds == _CLOSED, 2]] = True
    return np.flatnonzero(wanted), np.flatnonzero(formed)


def _groups(roller: Roller, summands: Summands) -> list[Indices]:
    """Divides the totals into those that add up numbers of the same colours, in the order of the first of each."""
    key: Indices = summands.kinds.astype(np.int64)
    colours = np.append(roller.colours, -1)  # that of the index -1
    for position in range(summands.indices.shape[1]):
        of_each = colours[summands.indices[:, position]]
        key = np.unique(key * (colours.max() + 2) + of_each, return_inverse=True)[1].ravel()
    _, firsts, counts = np.unique(key, return_index=True, return_counts=True)
    found = np.split(np.argsort(key, kind="stable"), np.cumsum(counts)[:-1])
    return [found[number] for number in np.argsort(firsts)]


def _accumulation(roller: Roller, summands: Summands, group: Indices) -> Accumulation | Indices:
    """Returns how some totals are added up, or the totals if their factors do not come in runs."""
    kind = summands.kinds[group[0]]
    sequences = [summands.indices[group, position][:, None] for position in range(_OPERANDS[kind])]
    if kind == _NUMBER:
        along = roller.in_one_run(sequences[0])
        return Accumulation(1, len(group), in_one_run("total", group), along, None, None, closed=False)
    found = _products(roller, sequences, group, closed=bool(kind == _CLOSED))
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
