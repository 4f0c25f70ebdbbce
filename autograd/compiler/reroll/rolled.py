"""Straight-line instructions back into loops, which compute the same bits.

Instructions have the same colour if they are the same operation on operands of the same colours. Those of one colour do
not depend on each other, so they are the members of a loop. A network of any width has as many colours as one of a few
neurons.
"""

from collections.abc import Collection, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from autograd.compiler.ir.instruction import Instruction
from autograd.compiler.reroll.chains import Chains, Columns, chains_of, columns_of
from autograd.compiler.reroll.grid import Access, in_one_run, inner_size, positions

__all__ = ["Loop", "Rolled", "Roller", "Run"]

Indices = npt.NDArray[np.int64]


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
        self.colours = _colours(instructions, self._kinds)
        self.rolled = self._roll(np.array(self.colours), np.array(sorted(products), dtype=np.int64))

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

    def _roll(self, colours: Indices, products: Indices) -> Rolled:
        columns = self._columns
        chains = chains_of(columns)
        lengths = np.zeros(len(colours), dtype=np.int64)
        lengths[chains.heads] = np.diff(chains.starts)
        chain_of = np.full(len(colours), -1)
        chain_of[chains.heads] = np.arange(len(chains.heads))
        needed = (columns.uses > 0) & (self._kinds == "row") & ~chains.absorbed
        needed[products] = False
        formed = columns.are("multiply") & (columns.uses == 1) & needed
        in_terms = np.zeros(len(colours), dtype=bool)
        in_terms[chains.terms] = True
        formed &= in_terms
        groups = _groups(colours, lengths, np.flatnonzero(needed))
        terms_of = {}
        for number, members in enumerate(groups):
            if lengths[members[0]]:
                terms = _terms(chains, chain_of[members])
                formed[terms[:, ~formed[terms].all(axis=0)]] = False
                terms_of[number] = terms
        loops, row = [], 0
        made = []
        for number, members in enumerate(groups):
            kept = members[~formed[members]]
            if len(kept):
                self._places[kept] = np.arange(row, row + len(kept))
                made.append((number, kept, row))
                row += len(kept)
        for number, members, first in made:
            if number in terms_of:
                loops.append(self._sum(terms_of[number], formed, colours, first))
            else:
                loops.append(self._elementwise(members, first))
        return Rolled(tuple(loops), row)

    def _elementwise(self, members: Indices, row: int) -> Loop:
        op, operands, _ = self._instructions[members[0]]
        places = [self._columns.operands[members, position][:, None] for position in range(len(operands))]
        inner = self.inner_size(*places)
        return Loop(op, len(members) // inner, inner, tuple(self.access(p, inner) for p in places), (), row)

    def _sum(self, terms: Indices, formed: npt.NDArray[np.bool_], colours: Indices, row: int) -> Loop:
        cuts = np.flatnonzero(np.diff(colours[terms[0]] * 2 + formed[terms[0]])) + 1
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


def _colours(instructions: tuple[Instruction, ...], kinds: npt.NDArray[np.str_]) -> list[int]:
    """Returns the colour of each instruction. Operands have smaller colours."""
    numbers: dict[object, int] = {}
    colours: list[int] = []
    for (op, operands, number), kind in zip(instructions, kinds.tolist(), strict=True):
        if operands:
            key: object = (op, *[colours[operand] for operand in operands])
        else:
            key = kind if op == "input" else Instruction(op, (), number)
        colours.append(numbers.setdefault(key, len(numbers)))
    return colours


def _groups(colours: Indices, lengths: Indices, members: Indices) -> list[Indices]:
    """Divides instructions into those of equal colour and number of terms, in the order of their colours."""
    key = colours[members] * (int(lengths.max(initial=0)) + 1) + lengths[members]
    order = np.argsort(key, kind="stable")
    cuts = np.flatnonzero(np.diff(key[order])) + 1
    return np.split(members[order], cuts)


def _terms(chains: Chains, numbers: Indices) -> Indices:
    """The terms of chains of equal length: chains × terms."""
    length = int(chains.starts[numbers[0] + 1] - chains.starts[numbers[0]])
    return chains.terms[chains.starts[numbers][:, None] + np.arange(length)]
