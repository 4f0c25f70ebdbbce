"""Sums over samples as machine code: what each sample adds is kept for a tile of them, then added up in registers."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from autograd.compiler.ir.instruction import Instruction
from autograd.compiler.ir.routine import Routine
from autograd.compiler.ir.samples import EMPTY_SUM as START
from autograd.compiler.llvm.builder import Function, Integer
from autograd.compiler.llvm.lower import Code, Rows, values_code
from autograd.compiler.llvm.vector import DOUBLES, LANES, Vector, constant, load, store, zipped

__all__ = ["add_lanes_function", "summands", "sums_code"]

_TILE = 4 * LANES  # samples whose contributions are kept: those of a small network stay in the nearest cache
_SUMS_A_FUNCTION = 32 * LANES  # LLVM builds long functions in more than linear time
_MEMORY = "ptr noalias %leaves", "ptr noalias %inputs"


class Summands(NamedTuple):
    """What is added up over samples.

    Attributes:
        rows: for each sum, the place of a number, or of the two whose product it is.
        kept: the places among these that are computed for each sample, and kept until they are added.
    """

    rows: tuple[tuple[int, ...], ...]
    kept: tuple[int, ...]


def summands(routine: Routine, rows: Rows) -> Summands:
    """The sums of the gradients of a weighted routine, then that of its result times the weight.

    The gradient by a weight is a product that nothing else needs. Its factors are kept in its place: they are few, for
    the neurons of a layer share them.
    """
    instructions = routine.instructions
    uses = Counter(operand for instruction in instructions for operand in instruction.operands)
    listed = [
        instructions[place].operands if instructions[place].op == "multiply" and not uses[place] else (place,)
        for place in routine.gradients
    ]
    listed.append((routine.results[0], rows.samples + rows.leaves))
    places = dict.fromkeys(place for row in listed for place in row)
    kept = (place for place in places if instructions[place].op not in ("input", "constant"))
    return Summands(tuple(listed), tuple(kept))


def sums_code(routine: Routine, rows: Rows) -> Code:
    """The function sums(leaves, inputs, totals, work, samples) that adds to totals, and those that it calls.

    Arguments:
        routine: of one sample, weighted.
        rows: which of its inputs are which.
    """
    what = summands(routine, rows)
    slots = {place: slot for slot, place in enumerate(what.kept)}
    computing = values_code("compute", routine.instructions, what.kept, rows)
    adding = [
        _add_function(number, what.rows, routine.instructions, rows, slots)
        for number in range(-(-len(what.rows) // _SUMS_A_FUNCTION))
    ]
    arguments = [*_MEMORY, "ptr noalias %totals", "ptr noalias %work", "i64 %samples"]
    function = Function("sums", arguments)
    samples = Integer(function, "%samples")
    kept, work = "%work", function.at("%work", len(what.kept) * _TILE)
    with function.loop(samples, _TILE) as tiles:
        count = (samples - tiles.index).minimum(_TILE)
        inputs = function.at("%inputs", tiles.index * rows.width)
        function.do(f"call void @compute(ptr %leaves, ptr {inputs}, ptr {kept}, ptr {work}, i64 {count})")
        for number, _ in enumerate(adding):
            function.do(f"call void @add.{number}(ptr %leaves, ptr {inputs}, ptr {kept}, ptr %totals, i64 {count})")
    function.give()
    return Code([*computing.functions, *adding, function], len(what.kept) * _TILE + computing.memory)


def _add_function(
    number: int,
    terms: Sequence[tuple[int, ...]],
    instructions: Sequence[Instruction],
    rows: Rows,
    slots: Mapping[int, int],
) -> Function:
    """add(leaves, inputs, kept, totals, samples): so many of the sums, eight at a time."""
    function = Function(f"add.{number}", [*_MEMORY, "ptr noalias %kept", "ptr noalias %totals", "i64 %samples"])
    start = number * _SUMS_A_FUNCTION

    def summand(index: Integer) -> Callable[[int], Vector]:
        """What loads a number of the block of samples at hand, once."""
        given = rows.loader(function, "%leaves", function.at("%inputs", index * rows.width))
        kept = function.at("%kept", index * len(slots))

        @cache
        def loaded(place: int) -> Vector:
            if place in slots:
                return load(function, kept, slots[place] * LANES)
            op, _, unchanging = instructions[place]
            return constant(function, unchanging) if op == "constant" else given(place)

        return loaded

    for first in range(start, min(start + _SUMS_A_FUNCTION, len(terms)), LANES):
        totals: list[Vector] = []
        with function.loop("%samples", LANES) as blocks:
            loaded = summand(blocks.index)
            for row in terms[first : first + LANES]:
                so_far = Vector(function, blocks.carried(DOUBLES, constant(function, START)))
                totals.append(so_far + _product([loaded(place) for place in row]))
                blocks.carry(so_far.name, totals[-1])
        _add_lanes(function, "%totals", first, totals)
    function.give()
    return function


def _product(factors: Sequence[Vector]) -> Vector:
    return factors[0] if len(factors) == 1 else factors[0] * factors[1]


def _add_lanes(function: Function, totals: str, first: "Integer | int", sums: Sequence[Vector]) -> None:
    """Adds up to eight sums, the numbers in their lanes, to totals.

    Adding the even lanes of two vectors to the odd ones halves them, and three times that leaves one vector with the
    eight totals. The order is fixed.
    """
    vectors = [*sums, *[constant(function, START)] * (LANES - len(sums))]
    while len(vectors) > 1:
        vectors = [zipped(a, b, 0) + zipped(a, b, 1) for a, b in zip(vectors[::2], vectors[1::2], strict=True)]
    store(load(function, totals, first) + vectors[0], totals, first)


def add_lanes_function() -> Function:
    """The function add_lanes(lanes, totals, count): adds the lanes of so many sums, eight at a time, to totals."""
    function = Function("add_lanes", ["ptr noalias %lanes", "ptr noalias %totals", "i64 %count"], linkage="")
    with function.loop("%count", LANES) as loop:
        rows = function.at("%lanes", loop.index * LANES)
        _add_lanes(function, "%totals", loop.index, [load(function, rows, row * LANES) for row in range(LANES)])
    function.give()
    return function
