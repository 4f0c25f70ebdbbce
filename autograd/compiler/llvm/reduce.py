"""Sums over samples: the contributions of a tile of samples are stored, then added up in registers."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from autograd.compiler.ir.instruction import Instruction
from autograd.compiler.ir.routine import Routine
from autograd.compiler.ir.samples import EMPTY_SUM, LANES
from autograd.compiler.llvm.builder import Function
from autograd.compiler.llvm.lower import InputLayout, Kernel, code_kernel, stored
from autograd.compiler.llvm.registers import Integer, Pointer
from autograd.compiler.llvm.shuffles import deinterleaved
from autograd.compiler.llvm.vector import Vector

__all__ = ["add_lanes_function", "summands", "sums_kernel"]

_TILE = 4  # blocks whose contributions are stored at a time: those of a small network fit in the nearest cache
_SUMS_A_FUNCTION = 32 * LANES  # LLVM takes more than linear time for long functions


class Summands(NamedTuple):
    """The numbers that are added up over samples.

    Attributes:
        factors: for each sum, the index of the number that is added up, or the indices of two whose product is added
            up.
        kept: those of these indices that are computed for each sample, and kept until they are added up.
    """

    factors: tuple[tuple[int, ...], ...]
    kept: tuple[int, ...]


def summands(routine: Routine, layout: InputLayout) -> Summands:
    """Returns the sums of the gradients of a weighted routine, then that of its result times the weight.

    The gradient with respect to a weight of a network is a product that nothing else needs. Its factors are kept
    instead: there are few of them, because the neurons of a layer share them.
    """
    instructions = tuple(routine.instructions)  # quicker to read again and again
    uses = Counter(operand for instruction in instructions for operand in instruction.operands)
    factors = [
        instructions[index].operands if instructions[index].op == "multiply" and not uses[index] else (index,)
        for index in routine.gradients
    ]
    factors.append((routine.results[0], layout.per_sample + layout.leaves))
    distinct = dict.fromkeys(index for product in factors for index in product)
    kept = (index for index in distinct if instructions[index].computes)
    return Summands(tuple(factors), tuple(kept))


def sums_kernel(routine: Routine, layout: InputLayout, kind: type[Vector] = Vector) -> Kernel:
    """The function sums(leaves, inputs, totals, work, samples), which adds the sums of `summands` to totals.

    Arguments:
        routine: the routine of one sample, weighted.
        layout: which inputs are which.
        kind: the type of the numbers of a block.
    """
    tile_size = _TILE * kind.lanes
    factors, kept = summands(routine, layout)
    instructions = tuple(routine.instructions)
    compute, workspace = code_kernel("compute", instructions, stored(kept), layout, kind)
    slots = {index: slot for slot, index in enumerate(kept)}
    additions = [
        _add_function(number, factors, instructions, layout, slots, kind)
        for number in range(-(-len(factors) // _SUMS_A_FUNCTION))
    ]
    function = Function("sums", {**dict.fromkeys(("leaves", "inputs", "totals", "work"), Pointer), "samples": Integer})
    leaves, inputs, totals, contributions, samples = function.arguments
    work = contributions.gep(len(kept) * tile_size)
    with function.loop(samples, tile_size) as tiles:
        count = (samples - tiles.index).minimum(tile_size)
        tile = inputs.gep(tiles.index * layout.width)
        function.call(compute, leaves, tile, contributions, work, count)
        for add in additions:
            function.call(add, leaves, tile, contributions, totals, count)
    function.ret()
    return Kernel(function, len(kept) * tile_size + workspace)


def _add_function(
    number: int,
    factors: Sequence[tuple[int, ...]],
    instructions: Sequence[Instruction],
    layout: InputLayout,
    slots: Mapping[int, int],
    kind: type[Vector],
) -> Function:
    """The function add(leaves, inputs, contributions, totals, samples) for some of the sums, one a lane at a time.

    Arguments:
        number: which sums: the first `_SUMS_A_FUNCTION`, the next, and so on.
        factors: the factors of each of the sums.
        instructions: in single assignment.
        layout: which inputs are which.
        slots: the position of each kept number within a block.
        kind: the type of the numbers of a block.
    """
    pointers = "leaves", "inputs", "contributions", "totals"
    function = Function(f"add.{number}", {**dict.fromkeys(pointers, Pointer), "samples": Integer})
    leaves, inputs, contributions, totals, samples = function.arguments

    def loader(sample: Integer) -> Callable[[int], Vector]:
        """Returns a function that loads a number of a block of samples, once."""
        block: Pointer = inputs.gep(sample * layout.width)
        kept: Pointer = contributions.gep(sample * len(slots))

        @cache
        def load(index: int) -> Vector:
            if index in slots:
                return kept.load(kind, slots[index] * kind.lanes)
            op, _, constant = instructions[index]
            return kind.constant(function, constant) if op == "constant" else layout.load(leaves, block, index, kind)

        return load

    start = number * _SUMS_A_FUNCTION
    for first in range(start, min(start + _SUMS_A_FUNCTION, len(factors)), kind.lanes):
        sums: list[Vector] = []
        with function.loop(samples, kind.lanes) as blocks:
            load = loader(blocks.index)
            for product in factors[first : first + kind.lanes]:
                so_far = blocks.carried(kind.constant(function, EMPTY_SUM))
                sums.append(so_far + _product([load(index) for index in product]))
                blocks.carry(so_far, sums[-1])
        _add_lanes(sums, totals, first)
    function.ret()
    return function


def _product(factors: Sequence[Vector]) -> Vector:
    return factors[0] if len(factors) == 1 else factors[0] * factors[1]


def _add_lanes(sums: Sequence[Vector], totals: Pointer, first: Integer | int) -> None:
    """Adds the lanes of up to eight sums to eight totals, in a fixed order; or those of four half vectors to four.

    Adding the even lanes of two vectors to their odd lanes makes one vector out of two. After three rounds, one vector
    is left, which contains the eight totals.
    """
    vectors = [*sums, *[sums[0].like(EMPTY_SUM)] * (sums[0].lanes - len(sums))]
    while len(vectors) > 1:
        vectors = [
            deinterleaved(a, b, 0) + deinterleaved(a, b, 1) for a, b in zip(vectors[::2], vectors[1::2], strict=True)
        ]
    totals.store(totals.load(type(vectors[0]), first) + vectors[0], first)


def add_lanes_function() -> Function:
    """The function add_lanes(lanes, totals, count), which adds the lanes of `count` sums to totals, eight at a time.

    It leaves the lanes empty.
    """
    function = Function("add_lanes", {"lanes": Pointer, "totals": Pointer, "count": Integer})
    lanes, totals, count = function.arguments
    with function.loop(count, LANES) as loop:
        rows = lanes.gep(loop.index * LANES)
        _add_lanes([rows.load(Vector, row * LANES) for row in range(LANES)], totals, loop.index)
        for row in range(LANES):
            rows.store(Vector.constant(function, EMPTY_SUM), row * LANES)
    function.ret()
    return function
