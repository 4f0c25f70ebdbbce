"""Sums over samples of what loops compute: samples one after the other, with the members of a run in lanes."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from autograd.compiler.ir.samples import LANES
from autograd.compiler.llvm.buffers import padded
from autograd.compiler.llvm.builder import Function
from autograd.compiler.llvm.lower import InputLayout, Kernel
from autograd.compiler.llvm.places import Block, Index, Places, members, plus, scaled
from autograd.compiler.llvm.registers import Double, Integer, Pointer
from autograd.compiler.llvm.rolled import blocks_of, compute_function, vectors_of_a_tile
from autograd.compiler.llvm.shuffles import transposed
from autograd.compiler.llvm.vector import Vector
from autograd.compiler.reroll.accumulation import Accumulation, RolledSums
from autograd.compiler.reroll.grid import Access, places

__all__ = ["rolled_sums_kernel"]

_POINTERS = "leaves", "inputs", "totals", "work"

_Add = Callable[[Sequence[Vector], Integer, Integer, Sequence[Index]], list[Vector]]


def rolled_sums_kernel(sums: RolledSums, layout: InputLayout) -> Kernel:
    """The function sums(leaves, inputs, totals, work, samples), which adds up what loops compute for each sample.

    Each sum runs over the samples from first to last, with each product and its addition rounded once.

    Arguments:
        sums: the loops.
        layout: which inputs are which.
    """
    most = vectors_of_a_tile()
    compute = compute_function(sums.rolled, layout, Vector, fused=True)
    pairs = _pairs(sums.accumulations, most)
    additions = [_add_function(number, *pair, sums, layout) for number, pair in enumerate(pairs)]
    function = Function("sums", {**dict.fromkeys(_POINTERS, Pointer), "samples": Integer})
    leaves, inputs, totals, work, samples = function.arguments
    lines = work.gep(most * LANES * sums.rolled.rows)
    with function.loop(samples, most * LANES) as loop:
        blocks = blocks_of(samples - loop.index)
        tile = inputs.gep(loop.index * layout.width)
        function.call(compute, leaves, tile, work, blocks)
        for add in additions:
            function.call(add, leaves, tile, totals, work, lines, blocks)
    function.ret()
    return Kernel(function, most * LANES * (sums.rolled.rows + _transposed_size(sums.accumulations)))


def _add_function(
    number: int, accumulation: Accumulation, of_factor: Accumulation | None, sums: RolledSums, layout: InputLayout
) -> Function:
    """The function add(leaves, inputs, totals, work, lines, blocks) for one accumulation, or a pair."""
    function = Function(f"add.{number}", {**dict.fromkeys((*_POINTERS, "lines"), Pointer), "blocks": Integer})
    _Adder(function, accumulation, of_factor, layout, sums.rolled.rows).write()
    function.ret()
    return function


def _pairs(accumulations: Sequence[Accumulation], wide: int) -> list[tuple[Accumulation, Accumulation | None]]:
    """Pairs sums of products with sums of one of their factors, which need not be loaded twice.

    The gradient with respect to a bias is such a sum: those with respect to its neuron's weights have it as a factor.
    """
    paired: dict[Accumulation, Accumulation] = {}
    for single in accumulations:
        if single.across is None:
            for products in accumulations:
                if products not in paired and _is_factor(single, products, wide):
                    paired[products] = single
                    break
    alone = [each for each in accumulations if each not in paired.values()]
    return [(each, paired.get(each)) for each in alone]


def _is_factor(single: Accumulation, products: Accumulation, wide: int) -> bool:
    """Whether an accumulation adds up what another one loads once for each sample, to multiply it."""
    across = products.across is not None and products.inner <= wide * LANES and _is_across(single, products)
    along = products.across is not None and products.outer <= wide and _is_along(single, products)
    return single.along.kind in ("row", "input") and (across or along)


def _is_across(single: Accumulation, products: Accumulation) -> bool:
    """Whether it adds up the factor that is the same for the members of a run."""
    across = products.across
    if across is None or across.kind != single.along.kind:
        return False
    return np.array_equal(places(across, products.outer, 1).ravel(), _added_up(single))


def _is_along(single: Accumulation, products: Accumulation) -> bool:
    """Whether it adds up the factor that is the same for all runs."""
    if products.along.kind != single.along.kind:
        return False
    runs = places(products.along, products.outer, products.inner)[:, :, 0]
    return all(np.array_equal(run, _added_up(single)) for run in runs)


def _added_up(single: Accumulation) -> npt.NDArray[Any]:
    return places(single.along, 1, single.inner).ravel()


def _transposed_size(accumulations: Sequence[Accumulation]) -> int:
    return max(padded(_lines(each)[1]) for each in accumulations)


def _lines(accumulation: Accumulation) -> tuple[int, int]:
    """The first place, and the number of numbers, that are transposed for an accumulation."""
    along = accumulation.along
    if accumulation.across is None:
        return 0, accumulation.outer * accumulation.inner
    return min(along.bases), max(along.bases) + accumulation.inner - min(along.bases)


class _Adder:
    """Writes the code that adds the numbers of an accumulation to its totals, for some blocks of samples.

    The numbers along a run are first transposed, so that those of one sample lie next to each other. A run of one
    number needs no transposing. Another accumulation may add up one of the factors at the same time.
    """

    def __init__(
        self,
        function: Function,
        accumulation: Accumulation,
        of_factor: Accumulation | None,
        layout: InputLayout,
        rows: int,
    ) -> None:
        leaves, inputs, self._totals, work, self._lines, self._blocks = function.arguments
        self._function, self._of, self._of_factor = function, accumulation, of_factor
        self._factor_is_across = of_factor is not None and _is_across(of_factor, accumulation)
        self._block = Block(Vector, 1, layout, rows, leaves, inputs, work)
        self._first, self._count = _lines(accumulation)
        self._width = padded(self._count)
        self._single = accumulation.inner == 1 and accumulation.along.kind in ("row", "input")
        self._same_along = len(set(accumulation.along.bases)) <= 1
        wide = vectors_of_a_tile()
        self._rows, self._vectors = (1, 2 * wide) if accumulation.across is None else (wide, wide)

    def write(self) -> None:
        """Writes all of it."""
        if not self._single:
            self._transpose()
        whole, rest = divmod(self._of.outer, self._rows)
        if whole:
            with members(self._function, whole) as tile:
                self._write_runs([plus(scaled(tile, self._rows), row) for row in range(self._rows)])
        if rest:
            self._write_runs([whole * self._rows + row for row in range(rest)])

    def _transpose(self) -> None:
        whole, rest = divmod(self._count, LANES)
        with self._function.loop(self._blocks) as loop:
            block = self._block.one(loop.index)
            lines = self._lines.gep(loop.index * (LANES * self._width))
            if whole:
                with members(self._function, whole) as group:
                    self._transpose_group(block, lines, scaled(group, LANES), LANES)
            if rest:
                self._transpose_group(block, lines, whole * LANES, rest)

    def _transpose_group(self, block: Block, lines: Pointer, start: Index, count: int) -> None:
        """Transposes up to eight numbers of a block; what follows them is never used."""
        rows = [self._along(block, plus(start, row)) for row in range(count)]
        rows += [rows[0]] * (LANES - count)
        for lane, line in enumerate(transposed(rows)):
            lines.store(line, plus(start, lane * self._width))

    def _along(self, block: Block, number: Index) -> Vector:
        if self._of.across is None:
            return self._places(self._of.along, 0).load(block, number)[0]
        return block.load(self._of.along.kind, plus(number, self._first))[0]

    def _places(self, access: Access, outer: Index) -> Places:
        return Places(self._function, access, outer, self._of.inner)

    def _write_runs(self, outers: Sequence[Index]) -> None:
        """Writes the additions for some runs at once."""
        vectors, rest = divmod(self._of.inner, LANES)
        whole = vectors // self._vectors
        add = self._addition(outers)
        if whole:
            with members(self._function, whole) as tile:
                self._write_tile(add, outers, scaled(tile, self._vectors * LANES), [LANES] * self._vectors)
        left = [LANES] * (vectors % self._vectors) + [rest] * (rest > 0)
        if left:
            self._write_tile(add, outers, whole * self._vectors * LANES, left)

    def _totals_of_tile(
        self, outers: Sequence[Index], starts: Sequence[Index], counts: Sequence[int]
    ) -> list[tuple[Places, Index, int]]:
        """Where the totals of a tile begin, and how many there are of each vector; those of a factor come last."""
        of_runs = [self._places(self._of.totals, outer) for outer in outers]
        found = [(run, start, count) for run in of_runs for start, count in zip(starts, counts, strict=True)]
        if self._of_factor is None:
            return found
        of_factor = Places(self._function, self._of_factor.totals, 0, self._of_factor.inner)
        if self._factor_is_across:
            return found + [(of_factor, outer, 1) for outer in outers]
        return found + [(of_factor, start, count) for start, count in zip(starts, counts, strict=True)]

    def _write_tile(self, add: _Add, outers: Sequence[Index], first: Index, counts: Sequence[int]) -> None:
        """Writes the additions for some runs, and for some vectors of their members, each of up to eight numbers."""
        starts = [plus(first, vector * LANES) for vector in range(len(counts))]
        totals = self._totals_of_tile(outers, starts, counts)
        sums = [self._load_totals(*of_vector) for of_vector in totals]
        with self._function.loop(self._blocks) as blocks:
            of_block = [blocks.carried(number) for number in sums]
            with self._function.loop(Integer(self._function, str(LANES))) as lanes:
                before = [lanes.carried(number) for number in of_block]
                sums = add(before, blocks.index, lanes.index, starts)
                for number, following in zip(before, sums, strict=True):
                    lanes.carry(number, following)
            for number, following in zip(of_block, sums, strict=True):
                blocks.carry(number, following)
        for number, of_vector in zip(sums, totals, strict=True):
            self._store_totals(number, *of_vector)

    def _addition(self, outers: Sequence[Index]) -> _Add:
        """Returns a function that adds the numbers of one sample to the sums of some runs."""
        singles = [self._scalar(self._of.along, outer) if self._single else None for outer in outers]
        shifts = [0 if self._single else self._shift(outer) for outer in outers]
        factors = [self._scalar(self._of.across, outer) for outer in outers]
        gates = [self._scalar(self._of.gate, outer) for outer in outers]

        def added(sums: Sequence[Vector], block: Integer, lane: Integer, starts: Sequence[Index]) -> list[Vector]:
            line = self._lines.gep((block * LANES + lane) * self._width)
            waiting = iter(sums)
            results: list[Vector] = []
            multipliers: list[Vector] = []
            runs = zip(shifts, singles, factors, gates, strict=True)
            for position, (shift, single, factor, gate) in enumerate(runs):
                if single:
                    numbers = [single(block, lane)]
                elif position == 0 or not self._same_along:
                    numbers = [line.load(Vector, plus(start, shift)) for start in starts]
                multiplier = factor and factor(block, lane)
                multipliers += [] if multiplier is None else [multiplier]
                is_open = gate and gate(block, lane) > 0.0
                for number in numbers:
                    before = next(waiting)
                    after = before + number if multiplier is None else number.fma(multiplier, before)
                    if is_open is not None:
                        after = is_open.where(before, after) if self._of.closed else is_open.where(after, before)
                    results.append(after)
            if self._of_factor is not None:
                of_factor = multipliers if self._factor_is_across else numbers
                results += [next(waiting) + number for number in of_factor]
            return results

        return added

    def _shift(self, outer: Index) -> Index:
        """Where the numbers of a run begin among those that are transposed."""
        if self._of.across is None:
            return 0
        return plus(self._places(self._of.along, outer).at(0), -self._first)

    def _scalar(self, access: Access | None, outer: Index) -> Callable[[Integer, Integer], Vector] | None:
        """Returns a function that loads the number of one sample into all lanes."""
        if access is None:
            return None
        pointer, size = self._block.memory(access.kind)
        number = pointer.gep(scaled(self._places(access, outer).at(0), LANES))
        return lambda block, lane: Vector.splat(number.load(Double, block * (size * LANES) + lane))

    def _load_totals(self, totals: Places, start: Index, count: int) -> Vector:
        if _in_vectors(totals, count):
            together: Vector = self._totals.load(Vector, totals.at(start))
            return together
        numbers = Vector.constant(self._function, 0.0)
        for lane in range(count):
            numbers = numbers.with_lane(lane, self._totals.load(Double, totals.at(plus(start, lane))))
        return numbers

    def _store_totals(self, numbers: Vector, totals: Places, start: Index, count: int) -> None:
        if _in_vectors(totals, count):
            self._totals.store(numbers, totals.at(start))
        else:
            for lane in range(count):
                self._totals.store(numbers.lane(lane), totals.at(plus(start, lane)))


def _in_vectors(totals: Places, count: int) -> bool:
    """Whether the totals of a vector lie next to each other."""
    return count == LANES and totals.access.stride == 1
