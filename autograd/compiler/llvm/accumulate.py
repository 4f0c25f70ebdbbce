"""Sums over samples of what loops compute: samples one after the other, with the members of a run in lanes."""

from collections.abc import Callable, Sequence

from autograd.compiler.ir.samples import LANES
from autograd.compiler.llvm.buffers import padded
from autograd.compiler.llvm.builder import Function
from autograd.compiler.llvm.lower import InputLayout, Kernel
from autograd.compiler.llvm.registers import Double, Integer, Pointer
from autograd.compiler.llvm.rolled import Block, Index, Places, compute_function, members, plus, scaled, vectors_of_a_tile
from autograd.compiler.llvm.vector import Vector, transposed
from autograd.compiler.reroll.accumulation import Accumulation, RolledSums
from autograd.compiler.reroll.grid import Access

__all__ = ["rolled_sums_kernel"]

_POINTERS = "leaves", "inputs", "totals", "work"


def rolled_sums_kernel(sums: RolledSums, layout: InputLayout) -> Kernel:
    """The function sums(leaves, inputs, totals, work, samples), which adds up what loops compute for each sample.

    Each sum runs over the samples from first to last, with each product and its addition rounded once.

    Arguments:
        sums: the loops.
        layout: which inputs are which.
    """
    most = vectors_of_a_tile()
    tiles = [_tile_function(sums, layout, vectors) for vectors in (most, 1)]
    function = Function("sums", {**dict.fromkeys(_POINTERS, Pointer), "samples": Integer})
    leaves, inputs, totals, work, samples = function.arguments
    blocks = (samples + (LANES - 1)).shifted_right(LANES.bit_length() - 1)
    whole = blocks.shifted_right(most.bit_length() - 1)
    with function.loop(whole + (blocks & (most - 1))) as loop:
        is_whole = loop.index < whole
        block = is_whole.where(loop.index * most, whole * (most - 1) + loop.index)
        tile = inputs.gep(block * (layout.width * LANES))
        cases = [lambda tile_function=each: function.call(tile_function, leaves, tile, totals, work) for each in tiles]
        function.switch(is_whole.where(Integer(function, "0"), 1), cases)
    function.ret()
    return Kernel(function, most * LANES * (sums.rolled.rows + _transposed_size(sums.accumulations)))


def _tile_function(sums: RolledSums, layout: InputLayout, vectors: int) -> Function:
    """The function tile(leaves, inputs, totals, work) for some blocks of samples."""
    name = f"tile.{vectors}"
    compute = compute_function(f"{name}.compute", sums.rolled, layout, vectors, fused=True)
    function = Function(name, dict.fromkeys(_POINTERS, Pointer))
    leaves, inputs, totals, work = function.arguments
    function.call(compute, leaves, inputs, work)
    start = vectors * LANES * sums.rolled.rows
    for number, accumulation in enumerate(sums.accumulations):
        part = Function(f"{name}.add.{number}", dict.fromkeys((*_POINTERS, "lines"), Pointer))
        block = Block(vectors, layout, sums.rolled.rows, part.arguments[0], part.arguments[1], part.arguments[3])
        _Adder(part, block, accumulation).write()
        part.ret()
        function.call(part, leaves, inputs, totals, work, work.gep(start))
    function.ret()
    return function


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

    The numbers along a run are first transposed, so that those of one sample lie next to each other.
    """

    def __init__(self, function: Function, block: Block, accumulation: Accumulation) -> None:
        self._function, self._block, self._of = function, block, accumulation
        _, _, self._totals, _, self._transposed = function.arguments
        self._first, self._count = _lines(accumulation)
        self._width = padded(self._count)
        wide = vectors_of_a_tile()
        self._rows, self._vectors = (wide, wide) if accumulation.across is not None else (1, 2 * wide)

    def write(self) -> None:
        """Writes all of it."""
        self._transpose()
        whole, rest = divmod(self._of.outer, self._rows)
        if whole:
            with members(self._function, whole) as tile:
                self._write_runs([plus(scaled(tile, self._rows), row) for row in range(self._rows)])
        if rest:
            self._write_runs([whole * self._rows + row for row in range(rest)])

    def _transpose(self) -> None:
        whole, rest = divmod(self._count, LANES)
        if whole:
            with members(self._function, whole) as group:
                self._transpose_group(scaled(group, LANES), LANES)
        if rest:
            self._transpose_group(whole * LANES, rest)

    def _transpose_group(self, start: Index, count: int) -> None:
        rows = [self._along(plus(start, row)) for row in range(count)]
        rows += [rows[0]] * (LANES - count)
        for vector in range(self._block.vectors):
            for lane, line in enumerate(transposed([row[vector] for row in rows])):
                self._transposed.store(line, plus(start, (vector * LANES + lane) * self._width))

    def _along(self, number: Index) -> list[Vector]:
        """The number to transpose at a position, a vector for each block of samples."""
        along = self._of.along
        if along.kind == "constant":
            return [Vector.constant(self._function, along.number)] * self._block.vectors
        if self._of.across is not None:
            return self._block.load(along.kind, plus(number, self._first))
        return self._block.load(along.kind, self._places(along, 0).at(number, 0))

    def _places(self, access: Access, outer: Index) -> Places:
        return Places(self._function, access, outer, self._of.inner, 1)

    def _write_runs(self, outers: Sequence[Index]) -> None:
        """Writes the additions for some runs at once."""
        vectors, rest = divmod(self._of.inner, LANES)
        whole = vectors // self._vectors
        totals = [self._places(self._of.totals, outer) for outer in outers]
        terms = self._terms(outers)
        if whole:
            with members(self._function, whole) as tile:
                self._write_tile(terms, totals, scaled(tile, self._vectors * LANES), [LANES] * self._vectors)
        left = [LANES] * (vectors % self._vectors) + [rest] * (rest > 0)
        if left:
            self._write_tile(terms, totals, whole * self._vectors * LANES, left)

    def _write_tile(self, terms: "_Terms", totals: Sequence[Places], first: Index, counts: Sequence[int]) -> None:
        """Writes the additions for some runs, and for some vectors of their members, each of up to eight numbers."""
        starts = [plus(first, vector * LANES) for vector in range(len(counts))]
        sums = [
            self._load_totals(places, start, count)
            for places in totals
            for start, count in zip(starts, counts, strict=True)
        ]
        for vector in range(self._block.vectors):
            with self._function.loop(Integer(self._function, str(LANES))) as lanes:
                before = [lanes.carried(number) for number in sums]
                sums = terms(before, vector, lanes.index, starts)
                for number, following in zip(before, sums, strict=True):
                    lanes.carry(number, following)
        stored = iter(sums)
        for places in totals:
            for start, count in zip(starts, counts, strict=True):
                self._store_totals(next(stored), places, start, count)

    def _terms(self, outers: Sequence[Index]) -> "_Terms":
        """Returns a function that adds the numbers of one sample to sums."""
        accumulation = self._of
        along = accumulation.along
        shifts = [0] * len(outers)
        if accumulation.across is not None and len(along.bases) > 1:
            shifts = [plus(self._places(along, outer).at(0, 0), -self._first) for outer in outers]
        elif accumulation.across is not None:
            shifts = [along.bases[0] - self._first] * len(outers)
        factors = [self._scalar(accumulation.across, outer) for outer in outers]
        gates = [self._scalar(accumulation.gate, outer) for outer in outers]

        def added(sums: Sequence[Vector], vector: int, lane: Integer, starts: Sequence[Index]) -> list[Vector]:
            line = self._transposed.gep((lane + vector * LANES) * self._width)
            waiting = iter(sums)
            results = []
            for row, (shift, factor, gate) in enumerate(zip(shifts, factors, gates, strict=True)):
                if row == 0 or shift is not shifts[0]:
                    numbers = [line.load(Vector, plus(start, shift)) for start in starts]
                multiplier = factor and factor(vector, lane)
                is_open = gate and gate(vector, lane) > 0.0
                for number in numbers:
                    before = next(waiting)
                    after = number + before if multiplier is None else number.fma(multiplier, before)
                    if is_open is not None:
                        after = is_open.where(*((before, after) if accumulation.closed else (after, before)))
                    results.append(after)
            return results

        return added

    def _scalar(self, access: Access | None, outer: Index) -> "Callable[[int, Integer], Vector] | None":
        """Returns a function that loads the number of one sample into all lanes."""
        if access is None:
            return None
        place = self._places(access, outer).at(0, 0)
        block = self._block
        pointer, size = (block.inputs, block.layout.width) if access.kind == "input" else (block.work, block.rows)
        number = pointer.gep(place * LANES)
        return lambda vector, lane: Vector.splat(number.load(Double, lane + vector * size * LANES))

    def _load_totals(self, places: Places, start: Index, count: int) -> Vector:
        if self._in_vectors(count):
            return self._totals.load(Vector, places.at(start, 0))
        numbers = Vector.constant(self._function, 0.0)
        for lane in range(count):
            numbers = numbers.with_lane(lane, self._totals.load(Double, places.at(plus(start, lane), 0)))
        return numbers

    def _store_totals(self, numbers: Vector, places: Places, start: Index, count: int) -> None:
        if self._in_vectors(count):
            self._totals.store(numbers, places.at(start, 0))
        else:
            for lane in range(count):
                self._totals.store(numbers.lane(lane), places.at(plus(start, lane), 0))

    def _in_vectors(self, count: int) -> bool:
        """Whether the totals of a vector lie next to each other."""
        return count == LANES and self._of.totals.stride == 1


_Terms = Callable[[Sequence[Vector], int, Integer, Sequence[Index]], list[Vector]]
