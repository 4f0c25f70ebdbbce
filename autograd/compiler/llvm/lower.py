"""Routines as functions that compute eight samples at a time, or one."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from typing import NamedTuple

from autograd import functions
from autograd.compiler.ir.instruction import Instruction
from autograd.compiler.ir.routine import Routine
from autograd.compiler.ir.samples import LANES
from autograd.compiler.llvm.builder import Function
from autograd.compiler.llvm.partition import partition
from autograd.compiler.llvm.registers import Double, Integer, Pointer
from autograd.compiler.llvm.vector import Vector, vector_function

__all__ = ["InputLayout", "Kernel", "Outputs", "by_call", "code_kernel", "evaluate", "inline", "stored", "summed"]

_SHORT = 2  # operations of up to this many lines are always inlined, such as additions and select
_MOST_INLINE = 64  # up to this many longer operations of a routine are inlined: calls would take a tenth of its time

Apply = Callable[[str, Sequence[Vector]], Vector]


class Kernel(NamedTuple):
    """A function to call, and the memory it works in.

    Attributes:
        function: the function.
        workspace: the number of doubles behind its pointer `work`.
    """

    function: Function
    workspace: int


class InputLayout(NamedTuple):
    """The order of a routine's inputs: first those that differ from sample to sample, then leaves.

    Samples are stored in blocks of eight, or of one: the numbers of the first input, of the second, and so on.

    Attributes:
        per_sample: the number of inputs that differ from sample to sample.
        leaves: the number of inputs after them that are the same for all samples.
        weighted: whether one more input, the last, is the weight of the sample.
    """

    per_sample: int
    leaves: int
    weighted: bool = False

    @property
    def width(self) -> int:
        """The number of doubles that are stored for a sample."""
        return self.per_sample + self.weighted

    def is_leaf(self, index: int) -> bool:
        """Whether the input at an index is the same for all samples."""
        return self.per_sample <= index < self.per_sample + self.leaves

    def row(self, index: int) -> int:
        """The row of a block that holds an input; the weight comes after the inputs that differ."""
        return min(index, self.per_sample)

    def load(self, leaves: Pointer, block: Pointer, index: int, kind: type[Vector] = Vector) -> Vector:
        """Loads an input of the samples of a block.

        Arguments:
            leaves: the numbers of the leaves.
            block: the block of the samples.
            index: the index of the input.
            kind: the type of the numbers of a block.
        """
        if self.is_leaf(index):
            return kind.splat(leaves.load(Double, index - self.per_sample))
        return block.load(kind, self.row(index) * kind.lanes)


def inline(op: str, operands: Sequence[Vector]) -> Vector:
    """Writes an operation inline."""
    result: Vector = getattr(functions, op)(*operands)
    return result


def evaluate(
    function: Function,
    instructions: Sequence[Instruction],
    indices: Iterable[int],
    load: Callable[[int], Vector],
    apply: Apply = inline,
    kind: type[Vector] = Vector,
) -> Iterator[tuple[int, Vector]]:
    """Writes some instructions into a function, and yields the index and the result of each as soon as it is written.

    Arguments:
        function: the function.
        instructions: in single assignment.
        indices: the instructions to write, operands before results.
        load: loads the number at an index that is not among `indices`. It is called for each use, because a load is
            cheaper than a register.
        apply: writes an operation, given its name and operands; by default inline.
        kind: the type of the numbers.
    """
    computed: dict[int, Vector] = {}

    def number(index: int) -> Vector:
        if index in computed:
            return computed[index]
        op, _, constant = instructions[index]
        return kind.constant(function, constant) if op == "constant" else load(index)

    for index in indices:
        op, operands, _ = instructions[index]
        if instructions[index].computes:
            computed[index] = apply(op, [number(operand) for operand in operands])
        yield index, number(index)


def by_call(op: str, operands: Sequence[Vector]) -> Vector:
    """Writes a call to an operation, or inlines it if it is short."""
    if _is_short(op, len(operands)):
        return inline(op, operands)
    result: Vector = operands[0].function.call(_operation(op, len(operands), operands[0].lanes), *operands)
    return result


@cache
def _operation(op: str, operands: int, lanes: int = LANES) -> Function:
    """An operation as a function of vectors."""
    return vector_function(op, operands, getattr(functions, op), lanes)


@cache
def _is_short(op: str, operands: int) -> bool:
    """Whether an operation is one or two instructions, or just calls a function."""
    return len(_operation(op, operands).lines) - 1 <= _SHORT  # the last line returns


def _apply_for(instructions: Sequence[Instruction]) -> Apply:
    """Returns how a routine writes its operations: it calls the long ones if it has many."""
    long = sum(i.computes and not _is_short(i.op, len(i.operands)) for i in instructions)
    return inline if long <= _MOST_INLINE else by_call


class Outputs(NamedTuple):
    """The results of a kernel: numbers of each sample, or their sums.

    Attributes:
        indices: the indices of the numbers.
        block_of: returns the pointer for the results of a block of samples, given the one for all results and the index
            of the block's first sample.
        store: stores a number, given the pointer for the results of the block and its position among `indices`.
    """

    indices: Sequence[int]
    block_of: Callable[[Pointer, Integer], Pointer]
    store: Callable[[Pointer, Integer | int, Vector], None]


def stored(indices: Sequence[int]) -> Outputs:
    """Numbers that are stored for each sample, in blocks."""

    def block_of(results: Pointer, sample: Integer) -> Pointer:
        return results.gep(sample * len(indices))

    def store(results: Pointer, row: Integer | int, number: Vector) -> None:
        results.store(number, row * number.lanes)

    return Outputs(indices, block_of, store)


def summed(routine: Routine) -> Outputs:
    """The result and the gradients of a routine, each number once, added to totals over all blocks, lane by lane."""

    def block_of(totals: Pointer, sample: Integer) -> Pointer:
        return totals

    def add(totals: Pointer, row: Integer | int, number: Vector) -> None:
        totals.store(totals.load(Vector, row * LANES) + number, row * LANES)

    return Outputs(list(dict.fromkeys((routine.results[0], *routine.gradients))), block_of, add)


def code_kernel(
    name: str,
    instructions: Sequence[Instruction],
    outputs: Outputs,
    layout: InputLayout,
    kind: type[Vector] = Vector,
) -> Kernel:
    """The function name(leaves, inputs, outputs, work, samples): a loop over blocks of samples.

    If a block takes many instructions, it calls a function for each piece of them.

    Arguments:
        name: the name of the function.
        instructions: in single assignment.
        outputs: what it computes.
        layout: which inputs are which.
        kind: the type of the numbers of a block: a Vector, or a Scalar for blocks of one sample.
    """
    pieces, spills, slots = partition(instructions, outputs.indices)
    instructions = tuple(instructions)  # quicker to read again and again
    apply = _apply_for(instructions)
    rows: dict[int, list[int]] = defaultdict(list)
    for row, index in enumerate(outputs.indices):
        rows[index].append(row)

    def write(indices: Sequence[int], leaves: Pointer, block: Pointer, results: Pointer, work: Pointer) -> None:
        """Writes the instructions of a piece, for one block."""

        def load(index: int) -> Vector:
            if index in spills:
                return work.load(kind, spills[index] * kind.lanes)
            return layout.load(leaves, block, index, kind)

        for index, number in evaluate(leaves.function, instructions, indices, load, apply, kind):
            for row in rows.get(index, ()):
                outputs.store(results, row, number)
            if index in spills:
                work.store(number, spills[index] * kind.lanes)

    parameters = dict.fromkeys(("leaves", "inputs", "outputs", "work"), Pointer)
    function = Function(name, {**parameters, "samples": Integer})
    leaves, inputs, results, work, samples = function.arguments
    with function.loop(samples, kind.lanes) as loop:
        block = leaves, inputs.gep(loop.index * layout.width), outputs.block_of(results, loop.index), work
        if len(pieces) == 1:
            write(pieces[0], *block)
        else:
            for number, indices in enumerate(pieces):
                piece = Function(f"{name}.{number}", parameters)
                write(indices, *piece.arguments)
                piece.ret()
                function.call(piece, *block)
    function.ret()
    return Kernel(function, slots * kind.lanes)
