"""Instructions as arithmetic on eight samples at a time."""

import operator
from collections.abc import Callable, Collection, Sequence
from typing import NamedTuple

from autograd.compiler.instructions import Instruction, needed
from autograd.compiler.ir import Function
from autograd.compiler.tracing import Routine
from autograd.compiler.vector_math import FUNCTIONS
from autograd.compiler.vectors import LANES, Vector, call, constant, load, splat, store

__all__ = ["OPERATIONS", "Rows", "emit", "values_function"]

_EXACT: dict[str, Callable[..., Vector]] = {  # what the processor has, and rounds correctly
    "add": operator.add,
    "subtract": operator.sub,
    "multiply": operator.mul,
    "divide": operator.truediv,
    "negative": operator.neg,
    "sqrt": Vector.sqrt,
    "select": lambda gate, a, b: (gate > 0.0).where(a, b),
}
OPERATIONS = {*_EXACT, *FUNCTIONS, "power"}
_FEW = 64  # elementary functions that are written out where they stand: calling each costs a tenth of the time
_CALLED = ("sin", "cos", "power")  # always, for they branch, or call the C library


def emit(
    function: Function,
    instructions: Sequence[Instruction],
    outputs: Collection[int],
    given: Callable[[int], Vector],
    known: Callable[[int, Vector], None],
) -> None:
    """Writes what some instructions compute into a function.

    Arguments:
        function: where it goes.
        instructions: in single assignment.
        outputs: the places whose numbers are wanted; what none of them needs is left out.
        given: loads the input at a place; it is asked anew at each use, for a load is cheaper than a register.
        known: is told each output, with its place, as soon as it is there.
    """
    computed: dict[int, Vector] = {}
    few = sum(instruction.op in FUNCTIONS for instruction in instructions) <= _FEW

    def operand(place: int) -> Vector:
        instruction = instructions[place]
        if instruction.op == "input":
            return given(place)
        return constant(function, instruction.number) if instruction.op == "constant" else computed[place]

    wanted = set(outputs)
    for place, keep in enumerate(needed(instructions, wanted)):
        instruction = instructions[place]
        if keep and instruction.op not in ("input", "constant"):
            operands = [operand(p) for p in instruction.operands]
            computed[place] = _computed(instruction.op, operands, few)
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


def values_function(routine: Routine, rows: Rows) -> Function:
    """The function that stores each result of each sample: values(leaves, inputs, outputs, samples)."""
    arguments = ["ptr noalias %leaves", "ptr noalias %inputs", "ptr noalias %outputs", "i64 %samples"]
    function = Function("values", arguments, linkage="")
    with function.loop("%samples", LANES) as loop:
        block = function.at("%inputs", loop.index * rows.width)
        results = function.at("%outputs", loop.index * len(routine.results))

        def known(place: int, result: Vector) -> None:
            for row in (row for row, output in enumerate(routine.results) if output == place):
                store(result, results, row * LANES)

        emit(function, routine.instructions, routine.results, rows.loader(function, "%leaves", block), known)
    function.give()
    return function
