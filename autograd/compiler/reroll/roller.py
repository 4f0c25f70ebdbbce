"""Straight-line instructions back into loops, which compute the same bits.

Instructions of one colour are the members of a loop. A network of any width has as many colours as one of a few
neurons.
"""

from collections.abc import Sequence
from typing import Any

from autograd.compiler.ir.instruction import Instruction
from autograd.compiler.ir.instructions import packed
from autograd.compiler.reroll.chains import Chains, chains_of, columns_of
from autograd.compiler.reroll.colours import coloured, groups
from autograd.compiler.reroll.grid import KINDS, Access, in_one_run, inner_size, positions
from autograd.compiler.reroll.loops import Loop, Rolled, Run
from autograd.numerics import np, npt

__all__ = ["Roller"]

Indices = npt.NDArray[np.signedinteger[Any]]

_ROW, _INPUT, _LEAF, _CONSTANT = range(len(KINDS))


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
        instructions: Sequence[Instruction],
        outputs: Sequence[int] | Indices,
        per_sample: int,
        leaves: int,
        products: Sequence[int] | Indices = (),
    ) -> None:
        self._instructions = packed(instructions)
        self._columns = columns_of(self._instructions, np.array(outputs, dtype=np.int64))
        self._kinds = np.full(len(instructions), _ROW, dtype=np.int8)
        self._places = np.full(len(instructions), -1, dtype=np.int32)
        self._is_output = np.zeros(len(instructions), dtype=bool)
        self._is_output[np.array(outputs, dtype=np.int64)] = True
        self._place_inputs(per_sample, leaves)
        chains = chains_of(self._columns)
        self.colours, patterns = coloured(self._instructions, self._kinds, chains)
        self.rolled = self._roll(chains, patterns, np.array(products, dtype=np.int64))

    def access(self, members: Indices, inner: int) -> Access:
        """Returns how the members of a loop read numbers (members × terms), all of which are of the same kind."""
        return self._constant(members) or positions(self._kind(members), self._places[members], inner)

    def in_one_run(self, members: Indices) -> Access:
        """Returns how the members of a single run read one number each."""
        return self._constant(members) or in_one_run(self._kind(members), self._places[members].ravel())

    def inner_size(self, *sequences: Indices, totals: Indices | None = None) -> int:
        """Returns the size of the longest equal runs of members that read all these numbers at affine places.

        Arguments:
            sequences: the numbers, members × terms each.
            totals: further places, which must be affine too.
        """
        places = [self._places[s] for s in sequences if self._kind(s) != "constant"]
        return inner_size(len(sequences[0]), places if totals is None else [*places, totals])

    def _kind(self, members: Indices) -> str:
        return KINDS[self._kinds[members.flat[0]]]

    def _constant(self, members: Indices) -> Access | None:
        if self._kind(members) != "constant":
            return None
        return Access("constant", self._instructions[int(members.flat[0])].number)

    def source(self, index: int) -> object:
        """What a number has in common with all that one access can read: its kind, and its number if it is constant."""
        kind = int(self._kinds[index])
        return self._instructions[index] if kind == _CONSTANT else kind

    @property
    def work(self) -> int:
        """The number of instructions that compute something."""
        return int((self._kinds == _ROW).sum())

    def _place_inputs(self, per_sample: int, leaves: int) -> None:
        inputs = np.flatnonzero(self._columns.are("input"))
        number = np.arange(len(inputs))
        is_leaf = (number >= per_sample) & (number < per_sample + leaves)
        self._kinds[inputs] = np.where(is_leaf, _LEAF, _INPUT)
        self._places[inputs] = np.where(is_leaf, number - per_sample, np.minimum(number, per_sample))
        self._kinds[self._columns.are("constant")] = _CONSTANT

    def _roll(self, chains: Chains, patterns: Indices, products: Indices) -> Rolled:
        columns = self._columns
        needed = (columns.uses > 0) & (self._kinds == _ROW) & ~chains.absorbed
        needed[products] = False
        chain_of = np.full(len(patterns), -1)
        chain_of[chains.heads] = np.arange(len(chains.heads))
        found = groups(self.colours, patterns, np.flatnonzero(needed))
        terms = {number: _terms(chains, chain_of[g]) for number, g in enumerate(found) if chain_of[g[0]] >= 0}
        formed = np.zeros(len(patterns), dtype=bool)  # products that are formed where they are added up
        formed[chains.terms] = True
        formed &= columns.are("multiply") & (columns.uses == 1) & needed
        for of_group in terms.values():
            formed[of_group[:, ~formed[of_group].all(axis=0)]] = False
        loops: list[Loop] = []
        row = 0
        for number, group in enumerate(found):
            members = group[~formed[group]]
            if not len(members):
                continue
            factors = self._factors(terms[number], formed) if number in terms else [self._operands(members)]
            order = self._order(factors[0])
            factors = [[factor[order] for factor in of_run] for of_run in factors]
            members = members[order]
            self._places[members] = row + np.arange(len(members))
            loops.append(self._loop(members, factors, row, is_sum=number in terms))
            row += len(members)
        return Rolled(tuple(_depth_first(loops)), row)

    def _operands(self, members: Indices) -> list[Indices]:
        """The operands of instructions of one operation: for each position, members × 1."""
        count = len(self._instructions[members[0]].operands)
        return [self._columns.operands[members, position][:, None] for position in range(count)]

    def _factors(self, terms: Indices, formed: npt.NDArray[np.bool_]) -> list[list[Indices]]:
        """The terms of sums, divided into those that are alike: for each factor of them, members × terms."""
        cuts = np.flatnonzero(np.diff(self.colours[terms[0]] * 2 + formed[terms[0]])) + 1
        factors: list[list[Indices]] = []
        for part in np.split(terms, cuts, axis=1):
            is_formed = formed[part[0, 0]]
            factors.append([self._columns.operands[part, position] for position in (0, 1)] if is_formed else [part])
        return factors

    def _order(self, operands: Sequence[Indices]) -> Indices:
        """The order of members in which their operands lie in memory."""
        return np.lexsort([self._places[operand[:, 0]] for operand in reversed(operands)])

    def _loop(self, members: Indices, factors: Sequence[Sequence[Indices]], row: int, *, is_sum: bool) -> Loop:
        inner = self.inner_size(*[factor for of_run in factors for factor in of_run])
        runs = [Run(part[0].shape[1], tuple(self.access(factor, inner) for factor in part)) for part in factors]
        op, is_output = self._instructions[members[0]].op, bool(self._is_output[members].any())
        operands, terms = ((), tuple(runs)) if is_sum else (runs[0].factors, ())
        return Loop(op, len(members) // inner, inner, operands, terms, row, is_output)


def _depth_first(loops: Sequence[Loop]) -> list[Loop]:
    """Orders loops, each shortly before its first use, so that what is computed is still near when it is read."""
    starts = np.array([loop.row for loop in loops])
    operands = [
        {int(number) for _, rows in loop.reads() for number in np.searchsorted(starts, np.unique(rows), "right") - 1}
        for loop in loops
    ]
    ordered: dict[int, None] = {}
    for end in [n for n, loop in enumerate(loops) if loop.runs or loop.is_output]:
        waiting = [end]
        while waiting:
            missing = [number for number in operands[waiting[-1]] if number not in ordered]
            if missing and waiting[-1] not in ordered:
                waiting += sorted(missing, reverse=True)
            else:
                ordered[waiting.pop()] = None
    return [loops[number] for number in ordered]


def _terms(chains: Chains, numbers: Indices) -> Indices:
    """The terms of chains of equal length: chains × terms."""
    length = int(chains.starts[numbers[0] + 1] - chains.starts[numbers[0]])
    terms: Indices = chains.terms[chains.starts[numbers][:, None] + np.arange(length)]
    return terms
