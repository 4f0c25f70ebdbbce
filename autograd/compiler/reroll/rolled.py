"""Straight-line instructions back into loops, which compute the same bits.

Instructions have the same colour if they are the same operation on operands of the same colours. Those of one colour do
not depend on each other, so they are the members of a loop. A network of any width has as many colours as one of a few
neurons.
"""

from collections.abc import Collection, Sequence
from itertools import groupby
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from autograd.compiler.ir.instruction import Instruction
from autograd.compiler.reroll.chains import Chains, Columns, chains_of, columns_of
from autograd.compiler.reroll.grid import Access, in_one_run, inner_size, positions

__all__ = ["Copy", "Loop", "Rolled", "RolledOutputs", "Roller", "Run", "outputs_or_none", "rolled_outputs", "worth_rolling"]

Indices = npt.NDArray[np.int64]

_FEWEST = 1_000  # instructions to look for loops in
_WORTH_A_LOOP = 64  # instructions for each loop


class Run(NamedTuple):
    """Consecutive terms of a sum that are alike.

    Attributes:
        length: the number of terms.
        factors: the number to add, or two whose product is added.
    """

    length: int
    factors: tuple[Access, ...]


class Loop(NamedTuple):
    """The same operation for many members, in runs of equal size.

    Attributes:
        op: the name of a primitive. The operation "add" may have more than two operands, given as `runs`.
        outer: the number of runs of members.
        inner: the number of members of each.
        operands: the operands of the operation; none for a sum.
        runs: the terms of a sum, from first to last.
        row: the row of the first result; those of the other members follow.
    """

    op: str
    outer: int
    inner: int
    operands: tuple[Access, ...]
    runs: tuple[Run, ...]
    row: int


class Rolled(NamedTuple):
    """Loops that compute what a routine computes.

    Attributes:
        loops: in the order in which they run.
        rows: the number of results of all loops.
    """

    loops: tuple[Loop, ...]
    rows: int


class Copy(NamedTuple):
    """Results that are passed on, in runs of equal size.

    Attributes:
        outer, inner: the number of runs, and the number of results of each.
        source, target: where they are, and their positions among the outputs.
    """

    outer: int
    inner: int
    source: Access
    target: Access


class RolledOutputs(NamedTuple):
    """Loops that compute what a routine computes, and its outputs among their results."""

    rolled: Rolled
    copies: tuple[Copy, ...]


def outputs_or_none(
    instructions: tuple[Instruction, ...], outputs: Sequence[int], per_sample: int, leaves: int
) -> RolledOutputs | None:
    """Returns the outputs of a routine as loops if these have enough members on average, otherwise None.

    Arguments are those of `rolled_outputs`.
    """
    if len(instructions) < _FEWEST:
        return None
    found = rolled_outputs(instructions, outputs, per_sample, leaves)
    return found if worth_rolling(len(instructions) + len(outputs), found.rolled) else None


def worth_rolling(instructions: int, rolled: Rolled) -> bool:
    """Whether loops have so many members on average that they are as fast as straight-line code."""
    return instructions >= max(_FEWEST, _WORTH_A_LOOP * len(rolled.loops))


def rolled_outputs(
    instructions: tuple[Instruction, ...], outputs: Sequence[int], per_sample: int, leaves: int
) -> RolledOutputs:
    """Rolls instructions back into loops.

    Arguments:
        instructions, outputs, per_sample, leaves: see `Roller`.
    """
    roller = Roller(instructions, outputs, per_sample, leaves)
    groups: dict[object, list[int]] = {}
    for position, index in enumerate(outputs):
        kind = roller.kind(np.array([index]))
        groups.setdefault((kind, index if kind == "constant" else None), []).append(position)
    copies = []
    for group in map(np.array, groups.values()):
        members = np.array(outputs)[group][:, None]
        inner = roller.inner_size(members, totals=group[:, None])
        target = positions("output", group[:, None], inner)
        copies.append(Copy(len(group) // inner, inner, roller.access(members, inner), target))
    return RolledOutputs(roller.rolled, tuple(copies))


class Roller:
    """Rolls instructions back into loops.

    Arguments:
        instructions: in single assignment.
        outputs: the indices of the numbers that are wanted.
        per_sample, leaves: the numbers of inputs that differ from sample to sample, and of those that do not; one more
            input may follow, which differs.
        products: the indices of products that no loop computes, because they are formed where they are used.

    Attributes:
        rolled: the loops.
        colours: the colour of each instruction.
    """

    def __init__(
        self,
        instructions: tuple[Instruction, ...],
        outputs: Sequence[int],
        per_sample: int,
        leaves: int,
        products: Collection[int] = (),
    ) -> None:
        self._instructions = instructions
        self._columns = columns_of(instructions, np.array(outputs, dtype=np.int64))
        self._kinds = np.full(len(instructions), "row", dtype="U8")
        self._places = np.full(len(instructions), -1)
        self._place_inputs(per_sample, leaves)
        chains = chains_of(self._columns)
        self.colours, patterns = _coloured(instructions, self._kinds, chains)
        self.rolled = self._roll(chains, patterns, np.array(sorted(products), dtype=np.int64))

    def access(self, members: Indices, inner: int) -> Access:
        """Returns how the members of a loop read numbers (members × terms), all of which are of the same kind."""
        return self._constant(members) or positions(self.kind(members), self._places[members], inner)

    def in_one_run(self, members: Indices) -> Access:
        """Returns how the members of a single run read one number each."""
        return self._constant(members) or in_one_run(self.kind(members), self._places[members].ravel())

    def _constant(self, members: Indices) -> Access | None:
        if self.kind(members) != "constant":
            return None
        return Access("constant", self._instructions[members.flat[0]].number)

    def inner_size(self, *sequences: Indices, totals: Indices | None = None) -> int:
        """Returns the size of the longest equal runs of members that read all these numbers at affine places.

        Arguments:
            sequences: the numbers, members × terms each.
            totals: further places, which must be affine too.
        """
        places = [self._places[s] for s in sequences if self._kinds[s.flat[0]] != "constant"]
        return inner_size(len(sequences[0]), places if totals is None else [*places, totals])

    def kind(self, members: Indices) -> str:
        """The kind of memory of some numbers, which are all of the same; see `Access`."""
        return str(self._kinds[members.flat[0]])

    def _place_inputs(self, per_sample: int, leaves: int) -> None:
        inputs = np.flatnonzero(self._columns.are("input"))
        number = np.arange(len(inputs))
        is_leaf = (number >= per_sample) & (number < per_sample + leaves)
        self._kinds[inputs] = np.where(is_leaf, "leaf", "input")
        self._places[inputs] = np.where(is_leaf, number - per_sample, np.minimum(number, per_sample))
        self._kinds[self._columns.are("constant")] = "constant"

    def _roll(self, chains: Chains, patterns: Indices, products: Indices) -> Rolled:
        columns = self._columns
        needed = (columns.uses > 0) & (self._kinds == "row") & ~chains.absorbed
        needed[products] = False
        chain_of = np.full(len(patterns), -1)
        chain_of[chains.heads] = np.arange(len(chains.heads))
        groups = _groups(self.colours, patterns, np.flatnonzero(needed))
        terms = {number: _terms(chains, chain_of[g]) for number, g in enumerate(groups) if chain_of[g[0]] >= 0}
        formed = np.zeros(len(patterns), dtype=bool)  # products that are formed where they are added up
        formed[chains.terms] = True
        formed &= columns.are("multiply") & (columns.uses == 1) & needed
        for of_group in terms.values():
            formed[of_group[:, ~formed[of_group].all(axis=0)]] = False
        kept = [members[~formed[members]] for members in groups]
        rows = np.cumsum([0, *map(len, kept)])
        for members, row in zip(kept, rows.tolist(), strict=False):
            self._places[members] = row + np.arange(len(members))
        loops = []
        for number, (members, row) in enumerate(zip(kept, rows.tolist(), strict=False)):
            if number in terms:
                loops.append(self._sum(terms[number], formed, row))
            elif len(members):
                loops.append(self._elementwise(members, row))
        return Rolled(tuple(loops), int(rows[-1]))

    def _elementwise(self, members: Indices, row: int) -> Loop:
        op, operands, _ = self._instructions[members[0]]
        places = [self._columns.operands[members, position][:, None] for position in range(len(operands))]
        inner = self.inner_size(*places)
        return Loop(op, len(members) // inner, inner, tuple(self.access(p, inner) for p in places), (), row)

    def _sum(self, terms: Indices, formed: npt.NDArray[np.bool_], row: int) -> Loop:
        cuts = np.flatnonzero(np.diff(self.colours[terms[0]] * 2 + formed[terms[0]])) + 1
        pieces = []
        for piece in np.split(np.arange(terms.shape[1]), cuts):
            part = terms[:, piece]
            if formed[part[0, 0]]:
                pieces.append([self._columns.operands[part, position] for position in (0, 1)])
            else:
                pieces.append([part])
        inner = self.inner_size(*[factor for piece in pieces for factor in piece])
        runs = [Run(piece[0].shape[1], tuple(self.access(factor, inner) for factor in piece)) for piece in pieces]
        return Loop("add", len(terms) // inner, inner, (), tuple(runs), row)


def _coloured(
    instructions: tuple[Instruction, ...], kinds: npt.NDArray[np.str_], chains: Chains
) -> tuple[Indices, Indices]:
    """Returns the colour of each instruction, and its pattern.

    The colour of a sum consists of the colours of its terms, whatever their number. Sums of the same pattern have the
    same number of terms of each colour. Operands have smaller colours.
    """
    numbers: dict[object, int] = {}
    colours: list[int] = []
    patterns: list[int] = []
    terms_of = dict(zip(chains.heads.tolist(), zip(chains.starts, chains.starts[1:], strict=False), strict=True))
    terms = chains.terms.tolist()
    for index, ((op, operands, number), kind, absorbed) in enumerate(
        zip(instructions, kinds.tolist(), chains.absorbed.tolist(), strict=True)
    ):
        if absorbed:
            key: object = None
        elif not operands:
            key = kind if op == "input" else Instruction(op, (), number)
        elif op == "add":
            start, stop = terms_of.get(index, (0, 0))
            listed = [colours[term] for term in (terms[start:stop] or operands)]
            key = (op, *dict.fromkeys(listed))
        else:
            key = (op, *[colours[operand] for operand in operands])
        colours.append(numbers.setdefault(key, len(numbers)))
        if op == "add" and not absorbed:
            patterns.append(numbers.setdefault((op, tuple((c, len(list(g))) for c, g in groupby(listed))), len(numbers)))
        else:
            patterns.append(colours[-1])
    return np.array(colours), np.array(patterns)


def _groups(colours: Indices, patterns: Indices, members: Indices) -> list[Indices]:
    """Divides instructions into those of equal pattern, in the order of their colours."""
    order = np.lexsort([patterns[members], colours[members]])  # which keeps the order of equal ones
    cuts = np.flatnonzero(np.diff(patterns[members][order])) + 1
    return np.split(members[order], cuts)


def _terms(chains: Chains, numbers: Indices) -> Indices:
    """The terms of chains of equal length: chains × terms."""
    length = int(chains.starts[numbers[0] + 1] - chains.starts[numbers[0]])
    return chains.terms[chains.starts[numbers][:, None] + np.arange(length)]
