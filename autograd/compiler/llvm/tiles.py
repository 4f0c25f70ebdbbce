"""Samples read from arrays where they lie, and results written where they belong: a tile at a time, which stays cached.

An array is a table of rows, one for each number of a sample. A row is three words: the address of the number of the
first sample, the distance in bytes from each sample to the next, which may be 0 or negative, and how it is accessed.
"""

from collections.abc import Callable
from functools import cache

from autograd.compiler.ir.samples import LANES
from autograd.compiler.llvm.builder import Function
from autograd.compiler.llvm.lower import Kernel
from autograd.compiler.llvm.registers import Double, Integer, Pointer
from autograd.compiler.llvm.vector import Vector

__all__ = ["map_kernel", "set_row", "sums_over_arrays"]

_NUMBER = 8  # bytes
_CACHED = 2048  # the largest number of doubles in a tile: half of the nearest cache
_MOST = 16  # blocks of a tile: the processor then fetches samples of the next one while it computes
_QUEUED = 48  # vectors of results of a tile: these wait in the processor's queue of stores while it computes the next
_LOOPS = 4  # blocks that loops compute at once

NUMBERS, DENSE, STREAMED = range(3)
"""How a row is accessed: number by number; by vectors, if nothing is between its numbers; or also past the caches, if
it is at a multiple of 16 bytes, is only written, and would not fit in them. That takes half of the memory's time."""


def set_row(table: Pointer, number: Integer, first: Pointer, distance: Integer) -> None:
    """Writes the words of a row that is read: the address of its first number, and the distance to the next."""
    row = table.gep(number * 3)
    row.store(first, 0)
    row.store(distance, 1)
    is_dense = ~distance.differs_from(_NUMBER)
    row.store(is_dense.where(Integer(table.function, str(DENSE)), NUMBERS), 2)


def map_kernel(kernel: Kernel, inputs: int, outputs: int) -> Kernel:
    """The function map(leaves, inputs, outputs, work, start, stop), which computes the samples from start to stop.

    Arguments:
        kernel: computes blocks of samples.
        inputs: the number of rows in the table of inputs.
        outputs: that in the table of outputs.
    """
    tile = min(_tile(inputs + outputs), LANES * max(_LOOPS, _QUEUED // max(1, outputs)))

    def finish(results: Pointer, block: Pointer, first: Integer, count: Integer) -> None:
        results.function.call(_scatter(), results, block, outputs, first, count)

    return _tiled("map", kernel, tile, inputs, outputs * tile, finish)


def sums_over_arrays(kernel: Kernel, inputs: int) -> Kernel:
    """The function sums(leaves, inputs, totals, work, start, stop), which adds the samples to totals, lane by lane.

    Arguments:
        kernel: adds blocks of samples to totals.
        inputs: the number of rows in the table of inputs.
    """
    return _tiled("sums.of.arrays", kernel, _tile(inputs), inputs, 0, None)


def _tile(rows: int) -> int:
    """The number of samples in a tile whose samples have this many numbers."""
    return max(1, min(_MOST, _CACHED // (LANES * max(1, rows)))) * LANES


def _tiled(
    name: str,
    kernel: Kernel,
    tile: int,
    inputs: int,
    results: int,
    finish: Callable[[Pointer, Pointer, Integer, Integer], None] | None,
) -> Kernel:
    """Runs a kernel tile by tile.

    Arguments:
        name: the name of the function.
        kernel: the kernel.
        tile: the number of samples in a tile.
        inputs: the number of rows of inputs.
        results: the number of doubles that the kernel stores for a tile; 0 if it changes `outputs` itself.
        finish: writes what is done with these, given the `outputs`, them, the first sample, and the number of samples.
    """
    parameters = {**dict.fromkeys(("leaves", "inputs", "outputs", "work"), Pointer), "start": Integer, "stop": Integer}
    function = Function(name, parameters)
    leaves, table, outputs, work, start, stop = function.arguments
    stored = work.gep(inputs * tile)
    with function.loop(stop - start, tile) as loop:
        first = start + loop.index
        count = (stop - first).minimum(tile)
        if inputs:
            function.call(_gather(), table, work, inputs, first, count)
        target = stored if finish else outputs
        function.call(kernel.function, leaves, work, target, stored.gep(results), count)
        if finish:
            finish(outputs, stored, first, count)
    function.emit_void("fence seq_cst")  # after which other threads see what was streamed
    function.ret()
    return Kernel(function, inputs * tile + results + kernel.workspace)


@cache
def _gather() -> Function:
    """The function gather(table, blocks, rows, first, count), which copies samples into blocks of eight.

    The last sample is repeated to fill the last block.
    """

    def copy_block(array: Pointer, block: Pointer, source: Integer, target: Integer) -> None:
        block.store(array.load(Vector, source), target)

    def copy_number(number: Pointer, block: Pointer, target: Integer) -> None:
        block.store(number.load(Double, 0), target)

    return _for_each_row("gather", copy_block, copy_number, lambda count: (count + (LANES - 1)) & -LANES)


@cache
def _scatter() -> Function:
    """The function scatter(table, blocks, rows, first, count), which copies samples out of blocks of eight."""

    def copy_block(array: Pointer, block: Pointer, target: Integer, source: Integer) -> None:
        array.store(block.load(Vector, source), target)

    def copy_number(number: Pointer, block: Pointer, source: Integer) -> None:
        number.store(block.load(Double, source), 0)

    def stream_block(array: Pointer, block: Pointer, target: Integer, source: Integer) -> None:
        array.stream(block.load(Vector, source), target)

    return _for_each_row("scatter", copy_block, copy_number, lambda count: count, stream_block)


def _for_each_row(
    name: str,
    copy_block: Callable[[Pointer, Pointer, Integer, Integer], None],
    copy_number: Callable[[Pointer, Pointer, Integer], None],
    padded: Callable[[Integer], Integer],
    stream_block: Callable[[Pointer, Pointer, Integer, Integer], None] | None = None,
) -> Function:
    """Copies whole blocks of dense rows at once, and number by number what remains.

    Arguments:
        name: the name of the function.
        copy_block: writes the copy of a block, given the array, the blocks, and where to begin in each.
        copy_number: writes that of a number, given where it is in the array, the blocks, and its place in these.
        padded: returns how many of the remaining samples to copy, the last of them perhaps again.
        stream_block: writes the copy of a block of a streamed row.
    """
    integers = dict.fromkeys(("rows", "first", "count"), Integer)
    function = Function(name, {"table": Pointer, "blocks": Pointer, **integers})
    table, blocks, rows, first, count = function.arguments
    by_block = {DENSE: _blocks_function(f"{name}.blocks", copy_block)}
    if stream_block:
        by_block[STREAMED] = _blocks_function(f"{name}.streamed", stream_block)
    numbers = _numbers_function(f"{name}.numbers", copy_number, padded)
    width, blocks_in_count = rows * LANES, count.shifted_right(LANES.bit_length() - 1)
    with function.loop(rows) as row:
        entry = table.gep(row.index * 3)
        distance, access = entry.load(Integer, 1), entry.load(Integer, 2)
        address = entry.load(Integer, 0) + first * distance
        block = blocks.gep(row.index * LANES)
        done = Integer(function, "0")
        for kind, copied in by_block.items():
            whole = access.differs_from(kind).where(Integer(function, "0"), blocks_in_count)
            function.call(copied, _pointer(address), block, width, whole)
            done = done + whole * LANES
        function.call(numbers, address + done * distance, distance, block.gep(done * rows), width, count - done)
    function.ret()
    return function


def _blocks_function(name: str, copy: Callable[[Pointer, Pointer, Integer, Integer], None]) -> Function:
    function = Function(name, {"array": Pointer, "block": Pointer, "width": Integer, "count": Integer})
    array, block, width, count = function.arguments
    function.ret_if(count < 1)
    with function.loop(count) as loop:
        copy(array, block, loop.index * LANES, loop.index * width)
    function.ret()
    return function


def _numbers_function(
    name: str, copy: Callable[[Pointer, Pointer, Integer], None], padded: Callable[[Integer], Integer]
) -> Function:
    integers = dict.fromkeys(("width", "count"), Integer)
    function = Function(name, {"array": Integer, "distance": Integer, "block": Pointer, **integers})
    array, distance, block, width, count = function.arguments
    function.ret_if(count < 1)
    with function.loop(padded(count)) as loop:
        number = _pointer(array + loop.index.minimum(count - 1) * distance)
        place = loop.index.shifted_right(LANES.bit_length() - 1) * width + (loop.index & (LANES - 1))
        copy(number, block, place)
    function.ret()
    return function


def _pointer(address: Integer) -> Pointer:
    return address.function.emit(Pointer, f"inttoptr i64 {address} to ptr")
