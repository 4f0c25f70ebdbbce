"""Loops over the members of a rolled routine, with samples in lanes."""

from collections.abc import Callable, Iterable, Sequence
from itertools import chain, count

import llvmlite.binding as llvm

from autograd.compiler.llvm.builder import Function
from autograd.compiler.llvm.lower import InputLayout, Kernel, Outputs, inline
from autograd.compiler.llvm.places import Block, Index, Places, members, plus, scaled
from autograd.compiler.llvm.registers import Integer, Pointer
from autograd.compiler.llvm.vector import Vector
from autograd.compiler.reroll.bodies import Body, bodies, own_result, own_results
from autograd.compiler.reroll.grid import Access
from autograd.compiler.reroll.links import Links, links_of
from autograd.compiler.reroll.loops import Copy, Loop, Rolled, RolledOutputs, Run

__all__ = ["blocks_of", "compute_function", "rolled_kernel", "vectors_of_a_tile"]

_SUMS = 16  # vectors of sums that are kept in registers at once

Row = list[Vector]  # a number of several blocks of samples


def vectors_of_a_tile(kind: type[Vector] = Vector) -> int:
    """The number of blocks of samples that loops compute at once, so that their sums fit in the registers.

    The order of every sum is the same for any number.

    Arguments:
        kind: the type of the numbers of a block.
    """
    if kind.lanes == 1:
        return 1
    return 4 if llvm.get_host_cpu_features().get("avx512f") else 2


def blocks_of(samples: Integer, kind: type[Vector] = Vector) -> Integer:
    """The number of blocks of some samples, at most those of a tile."""
    blocks = (samples + (kind.lanes - 1)).shifted_right(kind.lanes.bit_length() - 1)
    return blocks.minimum(vectors_of_a_tile(kind))


def rolled_kernel(
    name: str, routine: RolledOutputs, outputs: Outputs, layout: InputLayout, kind: type[Vector] = Vector
) -> Kernel:
    """The function name(leaves, inputs, outputs, work, samples) of `code_kernel`, with loops over members.

    Arguments:
        name: the name of the function.
        routine: the loops.
        outputs: what to do with each output.
        layout: which inputs are which.
        kind: the type of the numbers of a block: a Vector, or a Scalar for blocks of one sample.
    """
    most, rows, lanes = vectors_of_a_tile(kind), routine.rolled.rows, kind.lanes
    compute = compute_function(routine.rolled, layout, kind, fused=False)
    function = Function(name, {**dict.fromkeys(("leaves", "inputs", "outputs", "work"), Pointer), "samples": Integer})
    leaves, inputs, results, work, samples = function.arguments
    with function.loop(samples, most * lanes) as loop:
        blocks = blocks_of(samples - loop.index, kind)
        tile = inputs.gep(loop.index * layout.width)
        function.call(compute, leaves, tile, work, blocks)
        with function.loop(blocks) as numbers:
            block = Block(kind, 1, layout, rows, leaves, tile, work).one(numbers.index)
            target = outputs.block_of(results, loop.index + numbers.index * lanes)
            for copy in routine.copies:
                _write_copy(function, block, copy, outputs, target)
    function.ret()
    return Kernel(function, most * lanes * rows)


def _write_copy(function: Function, block: Block, copy: Copy, outputs: Outputs, target: Pointer) -> None:
    with members(function, copy.outer) as outer, members(function, copy.inner) as member:
        source, place = (Places(function, access, outer, copy.inner) for access in (copy.source, copy.target))
        (number,) = source.load(block, member)
        outputs.store(target, place.at(member), number)


def compute_function(rolled: Rolled, layout: InputLayout, kind: type[Vector], *, fused: bool) -> Function:
    """The function compute(leaves, inputs, work, blocks), which computes all results of some blocks of samples.

    There are at most `vectors_of_a_tile()` blocks.

    Arguments:
        rolled: the loops.
        layout: which inputs are which.
        kind: the type of the numbers of a block.
        fused: whether a product and its addition to a sum are rounded once.
    """
    parameters = {**dict.fromkeys(("leaves", "inputs", "work"), Pointer), "blocks": Integer}
    function = Function("compute", parameters)
    for number, body in enumerate(bodies(rolled)):
        part = Function(f"compute.{number}", parameters)
        *memory, blocks = part.arguments
        tile = Block(kind, vectors_of_a_tile(kind), layout, rolled.rows, *memory)
        if body.loops[0].runs:
            _write_sums(part, tile, blocks, body.loops[0], fused)
        else:
            _write_operations(part, tile, blocks, body)
        part.ret()
        function.call(part, *function.arguments)
    function.ret()
    return function


def _write_operations(function: Function, tile: Block, blocks: Integer, body: Body) -> None:
    """Writes the operations of some loops over the same members, for one block after the other."""
    with function.loop(blocks) as loop:
        block = tile.one(loop.index)
        with members(function, body.loops[0].outer) as outer, members(function, body.loops[0].inner) as member:
            _Operations(function, block, body, outer, member).write()


class _Operations:
    """Writes the operations of a body for one member."""

    def __init__(self, function: Function, block: Block, body: Body, outer: Index, member: Index) -> None:
        self._function, self._block, self._body = function, block, body
        self._outer, self._member = outer, member
        self._own = own_results(body.loops)
        self._computed: dict[int, Row] = {}

    def write(self) -> None:
        """Writes all of them."""
        done = 0
        for links in links_of(self._body):
            self._write_each(range(done, links.first))
            self._write_links(links)
            done = links.end
        self._write_each(range(done, len(self._body.loops)))

    def _write_each(self, numbers: Iterable[int]) -> None:
        for number in numbers:
            loop = self._body.loops[number]
            self._computed[number] = self._result(loop, [self._load(access) for access in loop.operands])
            self._store(number, self._computed[number], 0)

    def _write_links(self, links: Links) -> None:
        """Writes a chain: in each iteration, what the link before computed is known by the numbers of this one."""
        loops = self._body.loops[links.first : links.first + links.length]
        before = range(links.first - links.length, links.first)
        with self._function.loop(Integer(self._function, str(links.repeats))) as chain_of_links:
            carried = {number: [chain_of_links.carried(n) for n in self._computed[number]] for number in before}
            self._computed |= carried
            for number, loop, shifts, row in zip(count(links.first), loops, links.shifts, links.rows, strict=False):
                moved = [scaled(chain_of_links.index, shift) for shift in shifts]
                operands = [self._load(*of) for of in zip(loop.operands, moved, strict=True)]
                self._computed[number] = self._result(loop, operands)
                self._store(number, self._computed[number], scaled(chain_of_links.index, row))
            for number in before:
                for register, following in zip(carried[number], self._computed[number + links.length], strict=True):
                    chain_of_links.carry(register, following)
        for step in range(links.length):  # the results of the last link
            self._computed[links.end - links.length + step] = self._computed[links.first + step]

    def _load(self, access: Access, moved: Index = 0) -> Row:
        number = own_result(access, self._own)
        if number is not None:
            return self._computed[number]
        return Places(self._function, access, self._outer, self._body.loops[0].inner).load(
            self._block, self._member, moved=moved
        )

    def _result(self, loop: Loop, operands: Sequence[Row]) -> Row:
        return [inline(loop.op, numbers) for numbers in zip(*operands, strict=True)]

    def _store(self, number: int, result: Row, moved: Index) -> None:
        if self._body.stored[number]:
            loop = self._body.loops[number]
            row = plus(plus(scaled(self._outer, loop.inner), self._member), loop.row)
            self._block.store(result, plus(row, moved))


def _write_sums(function: Function, tile: Block, blocks: Integer, loop: Loop, fused: bool) -> None:
    """Writes a loop of sums: for all blocks of a tile at once, or if there are fewer, for one after the other."""

    def together() -> None:
        _write_tiles(function, tile, loop, fused)

    def apart() -> None:
        with function.loop(blocks) as numbers:
            _write_tiles(function, tile.one(numbers.index), loop, fused)

    if tile.vectors == 1:
        together()
        return
    function.switch((blocks < tile.vectors).where(Integer(function, "1"), 0), [together, apart])


def _write_tiles(function: Function, block: Block, loop: Loop, fused: bool) -> None:
    size = min(loop.inner, _SUMS // block.vectors)
    whole, rest = divmod(loop.inner, size)
    with members(function, loop.outer) as outer:
        with members(function, whole) as tile:
            _write_tile(function, block, loop, outer, scaled(tile, size), size, fused)
        if rest:
            _write_tile(function, block, loop, outer, whole * size, rest, fused)


def _write_tile(
    function: Function, block: Block, loop: Loop, outer: Index, first: Index, size: int, fused: bool
) -> None:
    """Writes the sums of some members, which stay in registers."""
    sums: list[Row] = []
    for run in loop.runs:
        term = _term(function, block, loop, run, outer, first, size)
        start = 0
        if not sums:
            sums, start = [_product(factors) for factors in term(0)], 1
        if run.length - start == 1:
            sums = _added(sums, term(start), fused)
        elif run.length > start:
            with function.loop(Integer(function, str(run.length - start))) as terms:
                before = [[terms.carried(number) for number in row] for row in sums]
                sums = _added(before, term(plus(terms.index, start)), fused)
                for number, following in zip(chain(*before), chain(*sums), strict=True):
                    terms.carry(number, following)
    for position, row in enumerate(sums):
        block.store(row, plus(plus(plus(scaled(outer, loop.inner), first), position), loop.row))


def _term(
    function: Function, block: Block, loop: Loop, run: Run, outer: Index, first: Index, size: int
) -> Callable[[Index], list[list[Row]]]:
    """Returns a function that loads the factors of a term for each member of a tile."""
    factors = [Places(function, access, outer, loop.inner, run.length) for access in run.factors]

    def term(number: Index) -> list[list[Row]]:
        loaded: list[list[Row]] = []
        for factor in factors:
            count = 1 if factor.same_for_members else size
            rows = [factor.load(block, plus(first, position), number) for position in range(count)]
            loaded.append(rows * (size // count))
        return [list(of_member) for of_member in zip(*loaded, strict=True)]

    return term


def _product(factors: Sequence[Row]) -> Row:
    return [numbers[0] if len(numbers) == 1 else numbers[0] * numbers[1] for numbers in zip(*factors, strict=True)]


def _added(sums: Sequence[Row], terms: Sequence[Sequence[Row]], fused: bool) -> list[Row]:
    """Returns the sums with a further term each."""
    if fused and len(terms[0]) == 2:
        return [
            [a.fma(b, number) for number, a, b in zip(row, *factors, strict=True)]
            for row, factors in zip(sums, terms, strict=True)
        ]
    return [
        [number + further for number, further in zip(row, _product(factors), strict=True)]
        for row, factors in zip(sums, terms, strict=True)
    ]
