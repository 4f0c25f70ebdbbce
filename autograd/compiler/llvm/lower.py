"""Instructions as arithmetic on eight samples at a time."""

import operator
from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Sequence
from typing import NamedTuple

from autograd.compiler.ir.instruction import Instruction
from autograd.compiler.llvm.builder import Function
from autograd.compiler.llvm.math import FUNCTIONS
from autograd.compiler.llvm.partition import parts_of
from autograd.compiler.llvm.vector import LANES, Vector, call, constant, load, splat, store

__all__ = ["OPERATIONS", "Code", "Rows", "emit", "values_code"]

_EXACT: dict[str, Callable[..., Vector]] = {  # what the processor has, and rounds correctly
    "add": operator.add,
    "subtract": operator.sub,
    "multiply": operator.mul,
    "divide": operator.truediv,
    "negative": operator.neg,
    "sqrt": Vector.sqrt,
    "absolute": Vector.absolute,
    "select": lambda gate, a, b: (gate > 0.0).where(a, b),
}
OPERATIONS = {*_EXACT, *FUNCTIONS, "power"}
_FEW = 64  # elementary functions that are written out where they stand: calling each costs a tenth of the time
_CALLED = ("sin", "cos", "power")  # always, for they branch, or call the C library


def emit(
    function: Function,
    instructions: Sequence[Instruction],
    places: Iterable[int],
    wanted: Container[int],
    given: Callable[[int], Vector],
    known: Callable[[int, Vector], None],
    written_out: bool = True,
) -> None:
    """Writes what some instructions compute into a function.

    Arguments:
        function: where it goes.
        instructions: in single assignment.
        places: of those to be carried out.
        wanted: the places among them whose numbers are wanted.
        given: loads the number at a place that is not computed here; it is asked anew at each use, for a load is
            cheaper than a register.
        known: is told each wanted number, with its place, as soon as it is there.
        written_out: whether tanh and its kin are written where they stand, or called.
    """
    computed: dict[int, Vector] = {}

    def operand(place: int) -> Vector:
        if place in computed:
            return computed[place]
        op, _, number = instructions[place]
        return constant(function, number) if op == "constant" else given(place)

    for place in places:
        op, operands, _ = instructions[place]
        if op not in ("input", "constant"):
            computed[place] = _computed(op, [operand(p) for p in operands], written_out)
        if place in wanted:
            known(place, operand(place))


def _computed(op: str, operands: Sequence[Vector], written_out: bool) -> Vector:
    if op in _EXACT:
        return _EXACT[op](*operands)
    if written_out and op not in _CALLED:
        return FUNCTIONS[op](*operands)
    return call(operands[0].function, op, operands)


class Rows(NamedTuple):
    """Which inputs of a routine are which: first those that differ from sample to sample, then leaves.

    Samples lie in memory in blocks of eight: in each block, the eight numbers of the first input, of the second, ...,
    so that a block is read from one address on, by fixed steps.

    Attributes:
        samples: how many inputs differ from sample to sample.
        leaves: how many inputs after them are the same for all.
        weighted: whether a last input is the weight of the sample.
    """

    samples: int
    leaves: int
    weighted: bool = False

    @property
    def width(self) -> int:
        """How many numbers a sample takes in memory."""
        return self.samples + self.weighted

    def loader(self, function: Function, leaves: str, block: str) -> Callable[[int], Vector]:
        """What loads the input at a place, from the leaves and the block of samples that two pointers point to."""

        def given(place: int) -> Vector:
            if self.samples <= place < self.samples + self.leaves:
                return splat(function, leaves, place - self.samples)
            return load(function, block, min(place, self.samples) * LANES)

        return given


class Code(NamedTuple):
    """What is to be built.

    Attributes:
        functions: the last is the one to call.
        memory: how many doubles it is handed to work in.
    """

    functions: list[Function]
    memory: int


_MEMORY = "ptr noalias %leaves", "ptr noalias %inputs", "ptr noalias %outputs", "ptr noalias %work"


def values_code(
    name: str,
    instructions: Sequence[Instruction],
    outputs: Sequence[int],
    rows: Rows,
    *,
    summed: bool = False,
    linkage: str = "internal",
) -> Code:
    """The function name(leaves, inputs, outputs, work, samples) that stores some numbers of each sample, in blocks.

    Where it is long it calls others, one for each part of the instructions.

    Arguments:
        name: of the function.
        instructions: in single assignment.
        outputs: the places whose numbers are stored, in this order.
        rows: which of the inputs are which.
        summed: whether the numbers of all blocks are added to what is there, lane by lane.
        linkage: of the function.
    """
    parts = parts_of(instructions, outputs)
    few = sum(instruction.op in FUNCTIONS for instruction in instructions) <= _FEW
    rows_of: dict[int, list[int]] = defaultdict(list)
    for row, place in enumerate(outputs):
        rows_of[place].append(row)
    wanted = {*rows_of, *parts.slots}

    def write(function: Function, places: Sequence[int], block: str, results: str) -> None:
        """Writes a part of what is to be done with a block of samples."""
        given_rows = rows.loader(function, "%leaves", block)

        def given(place: int) -> Vector:
            if place in parts.slots:
                return load(function, "%work", parts.slots[place] * LANES)
            return given_rows(place)

        def known(place: int, result: Vector) -> None:
            for row in rows_of.get(place, ()):
                total = load(function, results, row * LANES) + result if summed else result
                store(total, results, row * LANES)
            if place in parts.slots:
                store(result, "%work", parts.slots[place] * LANES)

        emit(function, instructions, places, wanted, given, known, few)

    function = Function(name, [*_MEMORY, "i64 %samples"], linkage=linkage)
    called: list[Function] = []
    with function.loop("%samples", LANES) as blocks:
        block = function.at("%inputs", blocks.index * rows.width)
        results = "%outputs" if summed else function.at("%outputs", blocks.index * len(outputs))
        if len(parts.pieces) == 1:
            write(function, parts.pieces[0], block, results)
        else:
            for number, places in enumerate(parts.pieces):
                called.append(Function(f"{name}.{number}", _MEMORY))
                write(called[-1], places, "%inputs", "%outputs")
                called[-1].give()
                function.do(f"call void @{name}.{number}(ptr %leaves, ptr {block}, ptr {results}, ptr %work)")
    function.give()
    return Code([*called, function], parts.slots_taken * LANES)
