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
    compute = compute_function(sums.rolled, layout, fused=True)
    additions = [_add_function(number, each, sums, layout) for number, each in enumerate(sums.accumulations)]
    function = Function("sums", {**dict.fromkeys(_POINTERS, Pointer), "samples": Integer})
    leaves, inputs, totals, work, samples = function.arguments
    lines = work.gep(most * LANES * sums.rolled.rows)
    with function.loop(samples, most * LANES) as loop:
        blocks = (samples - loop.index + (LANES - 1)).shifted_right(LANES.bit_length() - 1).minimum(most)
        tile = inputs.gep(loop.index * layout.width)
        function.call(compute, leaves, tile, work, blocks)
        for add in additions:
            function.call(add, leaves, tile, totals, work, lines, blocks)
    function.ret()
    return Kernel(function, most * LANES * (sums.rolled.rows + _transposed_size(sums.accumulations)))


def _add_function(number: int, accumulation: Accumulation, sums: RolledSums, layout: InputLayout) -> Function:
    """The function add(leaves, inputs, totals, work, lines, blocks) for one accumulation."""
    function = Function(f"add.{number}", {**dict.fromkeys((*_POINTERS, "lines"), Pointer), "blocks": Integer})
    _Adder(function, accumulation, layout, sums.rolled.rows).write()
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

    def __init__(self, function: Function, accumulation: Accumulation, layout: InputLayout, rows: int) -> None:
        self._function, self._of, self._layout, self._row_count = function, accumulation, layout, rows
        self._leaves, self._inputs, self._totals, self._work, self._lines, self._blocks = function.arguments
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
        with self._function.loop(self._blocks) as loop:
            inputs = self._inputs.gep(loop.index * (self._layout.width * LANES))
            work = self._work.gep(loop.index * (self._row_count * LANES))
            block = Block(1, self._layout, self._row_count, self._leaves, inputs, work)
            lines = self._lines.gep(loop.index * (LANES * self._width))
            if whole:
                with members(self._function, whole) as group:
                    self._transpose_group(block, lines, scaled(group, LANES), LANES)
            if rest:
                self._transpose_group(block, lines, whole * LANES, rest)

    def _transpose_group(self, block: Block, lines: Pointer, start: Index, count: int) -> None:
        rows = [self._along(block, plus(start, row)) for row in range(count)]
        rows += [rows[0]] * (LANES - count)
        for lane, line in enumerate(transposed(rows)):
            lines.store(line, plus(start, lane * self._width))

    def _along(self, block: Block, number: Index) -> Vector:
        """The number to transpose at a position."""
        along = self._of.along
        if along.kind == "constant":
            return Vector.constant(self._function, along.number)
        if self._of.across is not None:
            place = plus(number, self._first)
        else:
            place = self._places(along, 0).at(number, 0)
        return block.load(along.kind, place)[0]

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
        with self._function.loop(self._blocks) as blocks:
            of_block = [blocks.carried(number) for number in sums]
            with self._function.loop(Integer(self._function, str(LANES))) as lanes:
                before = [lanes.carried(number) for number in of_block]
                sums = terms(before, blocks.index, lanes.index, starts)
                for number, following in zip(before, sums, strict=True):
                    lanes.carry(number, following)
            for number, following in zip(of_block, sums, strict=True):
                blocks.carry(number, following)
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

        def added(sums: Sequence[Vector], block: Integer, lane: Integer, starts: Sequence[Index]) -> list[Vector]:
            line = self._lines.gep((block * LANES + lane) * self._width)
            waiting = iter(sums)
            results = []
            for row, (shift, factor, gate) in enumerate(zip(shifts, factors, gates, strict=True)):
                if row == 0 or shift is not shifts[0]:
                    numbers = [line.load(Vector, plus(start, shift)) for start in starts]
                multiplier = factor and factor(block, lane)
                is_open = gate and gate(block, lane) > 0.0
                for number in numbers:
                    before = next(waiting)
                    after = number + before if multiplier is None else number.fma(multiplier, before)
                    if is_open is not None:
                        after = is_open.where(*((before, after) if accumulation.closed else (after, before)))
                    results.append(after)
            return results

        return added

    def _scalar(self, access: Access | None, outer: Index) -> "Callable[[Integer, Integer], Vector] | None":
        """Returns a function that loads the number of one sample into all lanes."""
        if access is None:
            return None
        place = self._places(access, outer).at(0, 0)
        is_input = access.kind == "input"
        pointer, size = (self._inputs, self._layout.width) if is_input else (self._work, self._row_count)
        number = pointer.gep(place * LANES)
        return lambda block, lane: Vector.splat(number.load(Double, block * (size * LANES) + lane))

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


_Terms = Callable[[Sequence[Vector], Integer, Integer, Sequence[Index]], list[Vector]]
