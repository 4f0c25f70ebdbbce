"""Sums over samples as machine code: what each sample adds is kept for a tile of them, then added up in registers."""

from collections import Counter
from collections.abc import Callable, Sequence
from functools import cache
from typing import NamedTuple

from autograd.compiler.codegen import Code, Rows, values_code
from autograd.compiler.instructions import Instruction
from autograd.compiler.ir import Function, Integer
from autograd.compiler.targets import START
from autograd.compiler.tracing import Routine
from autograd.compiler.vectors import DOUBLES, LANES, Vector, constant, load, store, zipped

__all__ = ["Finish", "Summands", "add_lanes", "keep_lanes", "sums_code"]

_TILE = 4 * LANES  # samples whose contributions are kept: those of a small network stay in the nearest cache
_SUMS_A_FUNCTION = 32 * LANES  # LLVM builds long functions in more than linear time
_MEMORY = "ptr noalias %leaves", "ptr noalias %inputs"

Finish = Callable[[Function, str, int, Sequence[Vector]], None]
"""Adds sums to totals: (function, pointer to the totals, number of the first of the sums, the sums lane by lane)."""


class Summands(NamedTuple):
    """What is added up over samples.

    Attributes:
        rows: for each sum, the place of a number, or of the two whose product it is.
        kept: the places among these that are computed for each sample, and kept until they are added.
    """

    rows: tuple[tuple[int, ...], ...]
    kept: tuple[int, ...]


def summands(routine: Routine, rows: Rows) -> Summands:
    """The sums of a routine's gradients, then that of its result, times the weight if there is one.

    The gradient by a weight is a product that nothing else needs. Its factors are kept in its place: they are few, for
    the neurons of a layer share them.
    """
    instructions = routine.instructions
    uses = Counter(operand for instruction in instructions for operand in instruction.operands)
    listed = [
        instructions[place].operands if instructions[place].op == "multiply" and not uses[place] else (place,)
        for place in routine.gradients
    ]
    result = routine.results[0]
    listed.append((result, rows.samples + rows.leaves) if rows.weighted else (result,))
    places = dict.fromkeys(place for row in listed for place in row)
    kept = (place for place in places if instructions[place].op not in ("input", "constant"))
    return Summands(tuple(listed), tuple(kept))


def sums_code(routine: Routine, rows: Rows, finish: Finish, linkage: str = "internal") -> Code:
    """The function sums(leaves, inputs, totals, work, samples), and those that it calls.

    Arguments:
        routine: of one sample.
        rows: which of its inputs are which.
        finish: adds the sums of a tile to the totals.
        linkage: of the function.
    """
    what = summands(routine, rows)
    computing = values_code("compute", routine.instructions, what.kept, rows)
    adding = [
        _add_function(number, first, routine.instructions, rows, what, finish)
        for number, first in enumerate(range(0, len(what.rows), _SUMS_A_FUNCTION))
    ]
    arguments = [*_MEMORY, "ptr noalias %totals", "ptr noalias %work", "i64 %samples"]
    function = Function("sums", arguments, linkage=linkage)
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
    number: int, start: int, instructions: Sequence[Instruction], rows: Rows, what: Summands, finish: Finish
) -> Function:
    """add(leaves, inputs, kept, totals, samples): some of the sums, from `start` on, eight at a time."""
    function = Function(f"add.{number}", [*_MEMORY, "ptr noalias %kept", "ptr noalias %totals", "i64 %samples"])
    slots = {place: slot for slot, place in enumerate(what.kept)}

    def summand(index: Integer) -> Callable[[int], Vector]:
        """What loads a number of the block of samples at hand, once."""
        given = rows.loader(function, "%leaves", function.at("%inputs", index * rows.width))
        kept = function.at("%kept", index * len(slots))

        @cache
        def loaded(place: int) -> Vector:
            if place in slots:
                return load(function, kept, slots[place] * LANES)
            op, _, constant_number = instructions[place]
            return constant(function, constant_number) if op == "constant" else given(place)

        return loaded

    for first in range(start, min(start + _SUMS_A_FUNCTION, len(what.rows)), LANES):
        totals: list[Vector] = []
        with function.loop("%samples", LANES) as blocks:
            loaded = summand(blocks.index)
            for row in what.rows[first : first + LANES]:
                so_far = Vector(function, blocks.carried(DOUBLES, constant(function, START)))
                totals.append(so_far + _product([loaded(place) for place in row]))
                blocks.carry(so_far.name, totals[-1])
        finish(function, "%totals", first, totals)
    function.give()
    return function


def _product(factors: Sequence[Vector]) -> Vector:
    return factors[0] if len(factors) == 1 else factors[0] * factors[1]


def keep_lanes(function: Function, pointer: str, first: int, sums: Sequence[Vector]) -> None:
    """Adds sums to totals that are kept lane by lane."""
    for row, total in enumerate(sums, first):
        store(load(function, pointer, row * LANES) + total, pointer, row * LANES)


def add_lanes(function: Function, pointer: str, first: int, sums: Sequence[Vector]) -> None:
    """Adds up to eight sums to totals of one number each.

    Adding the even lanes of two vectors to the odd ones halves them, and three times that leaves one vector with the
    eight totals. The order is fixed.
    """
    vectors = [*sums, *[constant(function, 0.0)] * (LANES - len(sums))]
    while len(vectors) > 1:
        vectors = [zipped(a, b, 0) + zipped(a, b, 1) for a, b in zip(vectors[::2], vectors[1::2], strict=True)]
    store(load(function, pointer, first) + vectors[0], pointer, first)
