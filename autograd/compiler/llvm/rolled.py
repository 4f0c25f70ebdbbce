"""Loops over the members of a rolled routine, with samples in lanes."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from typing import NamedTuple

import llvmlite.binding as llvm
import numpy as np

from autograd.compiler.ir.samples import LANES
from autograd.compiler.llvm.builder import Function
from autograd.compiler.llvm.lower import InputLayout, Kernel, Outputs, by_call
from autograd.compiler.llvm.registers import Double, Integer, Pointer
from autograd.compiler.llvm.vector import Vector
from autograd.compiler.reroll.bodies import bodies, is_own_result
from autograd.compiler.reroll.grid import Access
from autograd.compiler.reroll.rolled import Copy, Loop, Rolled, RolledOutputs, Run

__all__ = ["Block", "Places", "compute_function", "members", "rolled_kernel", "vectors_of_a_tile"]

Index = Integer | int


def vectors_of_a_tile() -> int:
    """The number of vectors of samples that loops compute at once, so that their sums fit in the registers.

    The order of every sum is the same for any number.
    """
    return 4 if llvm.get_host_cpu_features().get("avx512f") else 2


class Block(NamedTuple):
    """The numbers of some blocks of eight samples.

    Attributes:
        vectors: the number of blocks.
        layout: the order of the inputs.
        rows: the number of results of a block.
        leaves, inputs, work: the addresses of the leaves, of the first block's inputs and of its results.
    """

    vectors: int
    layout: InputLayout
    rows: int
    leaves: Pointer
    inputs: Pointer
    work: Pointer

    def load(self, kind: str, place: Index) -> list[Vector]:
        """Returns a number of all blocks, a vector for each."""
        if kind == "leaf":
            return [Vector.splat(self.leaves.load(Double, place))] * self.vectors
        pointer, size = (self.inputs, self.layout.width) if kind == "input" else (self.work, self.rows)
        first = place * LANES
        return [pointer.load(Vector, first + vector * size * LANES) for vector in range(self.vectors)]

    def store(self, numbers: Sequence[Vector], row: Index) -> None:
        """Stores a result of all blocks."""
        for vector, number in enumerate(numbers):
            self.work.store(number, row * LANES + vector * self.rows * LANES)


class Places:
    """Where the members of one run of a loop find the numbers of an access.

    Arguments:
        function: the function that is written.
        access: what is read.
        outer: the index of the run.
        inner, length: the size of a run and the number of terms.
    """

    def __init__(self, function: Function, access: Access, outer: Index, inner: int, length: int) -> None:
        self._access, self._outer, self._inner, self._length = access, outer, inner, length
        if access.table:
            self._table = function.pointer_to(np.array(access.table, dtype=np.int64))
        elif len(access.bases) == 1:
            self._base: Index = access.bases[0]
        elif access.bases:
            self._base = function.pointer_to(np.array(access.bases, dtype=np.int64)).load(Integer, outer)

    def at(self, member: Index, term: Index) -> Index:
        """The place of a term of a member."""
        access = self._access
        if access.table:
            number = scaled(plus(scaled(self._outer, self._inner), member), self._length)
            return self._table.load(Integer, plus(number, term))
        return plus(plus(self._base, scaled(member, access.stride)), scaled(term, access.step))

    @property
    def same_for_members(self) -> bool:
        """Whether all members of a run read the same numbers."""
        return self._access.kind == "constant" or (not self._access.table and not self._access.stride)


def plus(a: Index, b: Index) -> Index:
    """The sum of two indices."""
    if isinstance(a, int):
        a, b = b, a
    return a if isinstance(b, int) and b == 0 else a + b


def scaled(index: Index, factor: int) -> Index:
    """The product of an index and a number."""
    return 0 if factor == 0 else index if factor == 1 else index * factor


def rolled_kernel(name: str, routine: RolledOutputs, outputs: Outputs, layout: InputLayout) -> Kernel:
    """The function name(leaves, inputs, outputs, work, samples) of `code_kernel`, with loops over members.

    Arguments:
        name: the name of the function.
        routine: the loops.
        outputs: what to do with each output.
        layout: which inputs are which.
    """
    most, rows = vectors_of_a_tile(), routine.rolled.rows
    compute = compute_function(routine.rolled, layout, fused=False)
    function = Function(name, {**dict.fromkeys(("leaves", "inputs", "outputs", "work"), Pointer), "samples": Integer})
    leaves, inputs, results, work, samples = function.arguments
    with function.loop(samples, most * LANES) as loop:
        blocks = (samples - loop.index + (LANES - 1)).shifted_right(LANES.bit_length() - 1).minimum(most)
        tile = inputs.gep(loop.index * layout.width)
        function.call(compute, leaves, tile, work, blocks)
        with function.loop(blocks) as numbers:
            moved = tile.gep(numbers.index * (layout.width * LANES)), work.gep(numbers.index * (rows * LANES))
            block = Block(1, layout, rows, leaves, *moved)
            target = outputs.block_of(results, loop.index + numbers.index * LANES)
            for copy in routine.copies:
                _write_copy(function, block, copy, outputs, target)
    function.ret()
    return Kernel(function, most * LANES * rows)


def _write_copy(function: Function, block: Block, copy: Copy, outputs: Outputs, target: Pointer) -> None:
    with members(function, copy.outer) as outer, members(function, copy.inner) as member:
        source, place = (Places(function, access, outer, copy.inner, 1) for access in (copy.source, copy.target))
        (number,) = _load(function, block, copy.source, source, member, 0)
        outputs.store(target, place.at(member, 0), number)


def compute_function(rolled: Rolled, layout: InputLayout, *, fused: bool) -> Function:
    """The function compute(leaves, inputs, work, blocks), which computes all results of some blocks of eight samples.

    There are at most `vectors_of_a_tile()` blocks.

    Arguments:
        rolled: the loops.
        layout: which inputs are which.
        fused: whether a product and its addition to a sum are rounded once.
    """
    parameters = {**dict.fromkeys(("leaves", "inputs", "work"), Pointer), "blocks": Integer}
    function = Function("compute", parameters)
    for number, body in enumerate(bodies(rolled.loops)):
        part = Function(f"compute.{number}", parameters)
        if body[0].runs:
            _write_sums(part, body[0], layout, rolled.rows, fused)
        else:
            _write_operations(part, body, layout, rolled.rows)
        part.ret()
        function.call(part, *function.arguments)
    function.ret()
    return function


@contextmanager
def members(function: Function, count: int) -> Iterator[Index]:
    """Repeats what the `with` block writes `count` times; yields the number of the repetition."""
    if count == 1:
        yield 0
        return
    with function.loop(Integer(function, str(count))) as loop:
        yield loop.index


def _write_operations(function: Function, body: Sequence[Loop], layout: InputLayout, rows: int) -> None:
    """Writes the operations of some loops over the same members, for one block after the other."""
    *_, blocks = function.arguments
    with function.loop(blocks) as loop:
        block = _block_at(function, loop.index, layout, rows)
        with members(function, body[0].outer) as outer, members(function, body[0].inner) as member:
            computed: list[list[Vector]] = []
            for each in body:
                operands = []
                for access in each.operands:
                    own = next((n for n, of in zip(computed, body, strict=False) if is_own_result(access, of)), None)
                    places = Places(function, access, outer, each.inner, 1)
                    operands.append(own or _load(function, block, access, places, member, 0))
                computed.append([by_call(each.op, numbers) for numbers in zip(*operands, strict=True)])
                block.store(computed[-1], plus(plus(scaled(outer, each.inner), member), each.row))


def _block_at(function: Function, number: Index, layout: InputLayout, rows: int) -> Block:
    leaves, inputs, work, _ = function.arguments
    inputs, work = inputs.gep(number * (layout.width * LANES)), work.gep(number * (rows * LANES))
    return Block(1, layout, rows, leaves, inputs, work)


def _write_sums(function: Function, loop: Loop, layout: InputLayout, rows: int, fused: bool) -> None:
    """Writes a loop of sums: for as many blocks as fit in the registers at once, or for one after the other."""
    most = vectors_of_a_tile()
    leaves, inputs, work, blocks = function.arguments

    def together() -> None:
        _write_tiles(function, Block(most, layout, rows, leaves, inputs, work), loop, fused)

    def apart() -> None:
        with function.loop(blocks) as numbers:
            _write_tiles(function, _block_at(function, numbers.index, layout, rows), loop, fused)

    function.switch((blocks < most).where(Integer(function, "1"), 0), [together, apart])


def _write_tiles(function: Function, block: Block, loop: Loop, fused: bool) -> None:
    size = min(loop.inner, 16 // block.vectors)
    whole = loop.inner // size
    with members(function, loop.outer) as outer:
        with members(function, whole) as tile:
            _write_tile(function, block, loop, outer, scaled(tile, size), size, fused)
        if loop.inner % size:
            _write_tile(function, block, loop, outer, whole * size, loop.inner % size, fused)


def _write_tile(
    function: Function, block: Block, loop: Loop, outer: Index, first: Index, size: int, fused: bool
) -> None:
    """Writes the sums of some members, which stay in registers."""
    sums: list[list[Vector]] = []
    for run in loop.runs:
        term = _term(function, block, loop, run, outer, first, size)
        start = 0
        if not sums:
            sums, start = [_product(factors) for factors in term(0)], 1
        if run.length - start == 1:
            sums = _added(sums, term(start), fused)
        elif run.length > start:
            with function.loop(Integer(function, str(run.length - start))) as terms:
                before = [terms.carried(number) for row in sums for number in row]
                waiting = iter(before)
                sums = [[next(waiting) for _ in row] for row in sums]
                sums = _added(sums, term(plus(terms.index, start)), fused)
                for number, following in zip(before, chain.from_iterable(sums), strict=True):
                    terms.carry(number, following)
    for number, row in enumerate(sums):
        block.store(row, plus(plus(plus(scaled(outer, loop.inner), first), number), loop.row))


Factors = list[list[Vector]]  # for each factor, a vector for each block


def _term(
    function: Function, block: Block, loop: Loop, run: Run, outer: Index, first: Index, size: int
) -> Callable[[Index], list[Factors]]:
    """Returns a function that loads the factors of a term for each member of a tile."""
    places = [Places(function, access, outer, loop.inner, run.length) for access in run.factors]

    def term(number: Index) -> list[Factors]:
        rows: list[Factors] = [[] for _ in range(size)]
        for access, place in zip(run.factors, places, strict=True):
            for position, row in enumerate(rows):
                if position and place.same_for_members:
                    row.append(rows[0][len(row)])
                else:
                    row.append(_load(function, block, access, place, plus(first, position), number))
        return rows

    return term


def _product(factors: Factors) -> list[Vector]:
    return [numbers[0] if len(numbers) == 1 else numbers[0] * numbers[1] for numbers in zip(*factors, strict=True)]


def _added(sums: list[list[Vector]], terms: list[Factors], fused: bool) -> list[list[Vector]]:
    if not fused or len(terms[0]) == 1:
        return [
            [number + further for number, further in zip(row, _product(factors), strict=True)]
            for row, factors in zip(sums, terms, strict=True)
        ]
    return [
        [a.fma(b, number) for number, a, b in zip(row, *factors, strict=True)]
        for row, factors in zip(sums, terms, strict=True)
    ]


def _load(
    function: Function, block: Block, access: Access, places: Places, member: Index, term: Index
) -> list[Vector]:
    if access.kind == "constant":
        return [Vector.constant(function, access.number)] * block.vectors
    return block.load(access.kind, places.at(member, term))
