"""A very long routine as a table of its instructions, and a loop that runs them.

For a million instructions, LLVM would take minutes and gigabytes. A table takes a few words for each of them and is
ready at once; it runs a fifth to a tenth as fast, which only very many runs would make up for.
"""

from array import array
from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from autograd.compiler.ir.instruction import Instruction
from autograd.compiler.llvm.builder import Function
from autograd.compiler.llvm.lower import InputLayout, Kernel, Outputs, by_call
from autograd.compiler.llvm.partition import scheduled
from autograd.compiler.llvm.registers import Double, Integer, Pointer, bits_of
from autograd.compiler.llvm.vector import Vector

__all__ = ["LONGEST_CODE", "table_kernel"]

LONGEST_CODE = 200_000  # the largest number of instructions and outputs for which machine code is generated

_LEAF, _ROW, _CONSTANT, _OUTPUT, _FIRST_OPERATION = range(5)  # codes: three kinds of loads, outputs, then operations
_SCRATCH = 3  # the first slots of memory are for operands that are loaded for one instruction


class _Table(NamedTuple):
    """A routine as words of 64 bits.

    An entry is a header, followed by the slots of its operands, by the index of what it loads, or by a constant. The
    header contains, from its lowest bits, the code (8 bits), the number of words of the entry (8 bits), and the slot of
    the result or the row of the output.

    Attributes:
        words: the entries.
        entries: their number.
        slots: the number of slots of memory; each holds the numbers of a block of samples.
        operations: the operations that have codes, with their numbers of operands.
    """

    words: npt.NDArray[np.int64]
    entries: int
    slots: int
    operations: list[tuple[str, int]]


class _Writer:
    """Writes the entries of a table.

    Arguments:
        instructions: in single assignment.
        layout: which inputs are which.
    """

    def __init__(self, instructions: Sequence[Instruction], layout: InputLayout) -> None:
        self._instructions, self._layout = instructions, layout
        self._words = array("q")
        self._entries = 0
        self._codes: dict[tuple[str, int], int] = {}
        self._slots: dict[int, int] = {}  # of the results that later instructions use
        self._free: list[int] = []
        self._size = _SCRATCH

    def write(self, code: int, target: int, *operands: int) -> None:
        """Writes an entry."""
        self._words.append(code | (1 + len(operands)) << 8 | target << 16)
        self._words.extend(operands)
        self._entries += 1

    def operation(self, index: int, lives: bool, ending: Sequence[int]) -> int:
        """Writes an instruction that computes something, and returns the slot of its result.

        Arguments:
            index: the index of the instruction.
            lives: whether a later instruction uses the result.
            ending: the operands that no later instruction uses.
        """
        op, operands, _ = self._instructions[index]
        slots = [self.slot_of(operand, scratch) for scratch, operand in enumerate(operands)]
        self._free += [self._slots.pop(operand) for operand in ending if operand in self._slots]
        if not self._free:
            self._free.append(self._size)
            self._size += 1
        slot = self._free[-1]
        self.write(self._codes.setdefault((op, len(slots)), _FIRST_OPERATION + len(self._codes)), slot, *slots)
        if lives:
            self._slots[index] = self._free.pop()
        return slot

    def slot_of(self, index: int, scratch: int) -> int:
        """Returns the slot of a number; an input or a constant is first loaded into a scratch slot."""
        if index in self._slots:
            return self._slots[index]
        op, _, number = self._instructions[index]
        if op == "constant":
            bits = bits_of(number)
            self.write(_CONSTANT, scratch, bits - (bits >> 63 << 64))  # as a signed integer
        elif self._layout.is_leaf(index):
            self.write(_LEAF, scratch, index - self._layout.per_sample)
        else:
            self.write(_ROW, scratch, self._layout.row(index))
        return scratch

    def table(self) -> _Table:
        """Returns what was written."""
        return _Table(np.frombuffer(self._words, np.int64), self._entries, self._size, list(self._codes))


def _tabulated(instructions: Sequence[Instruction], outputs: Sequence[int], layout: InputLayout) -> _Table:
    """Returns the table of the instructions that compute some outputs."""
    indices = scheduled(instructions, outputs)
    instructions = tuple(instructions)  # quicker to read again and again
    last_use = [-1] * len(instructions)
    for index in indices:
        for operand in instructions[index].operands:
            last_use[operand] = index
    rows: dict[int, list[int]] = defaultdict(list)
    for row, index in enumerate(outputs):
        rows[index].append(row)
    writer = _Writer(instructions, layout)
    for index in indices:
        if instructions[index].computes:
            ending = [operand for operand in {*instructions[index].operands} if last_use[operand] == index]
            slot = writer.operation(index, last_use[index] > index, ending)
        else:
            slot = writer.slot_of(index, 0)
        for row in rows.get(index, ()):
            writer.write(_OUTPUT, row, slot)
    return writer.table()


def table_kernel(
    name: str,
    instructions: Sequence[Instruction],
    outputs: Outputs,
    layout: InputLayout,
    kind: type[Vector] = Vector,
) -> Kernel:
    """A loop over blocks of samples, and over the entries of a table; see `lower.code_kernel`."""
    table = _tabulated(instructions, outputs.indices, layout)
    parameters = dict.fromkeys(("leaves", "inputs", "outputs", "work"), Pointer)
    function = Function(name, {**parameters, "samples": Integer})
    leaves, inputs, results, work, samples = function.arguments
    words = function.pointer_to(table.words)
    with function.loop(samples, kind.lanes) as blocks:
        block = leaves, inputs.gep(blocks.index * layout.width), outputs.block_of(results, blocks.index), work
        with function.loop(Integer(function, str(table.entries))) as entries:
            position = entries.carried(Integer(function, "0"))
            entry = words.gep(position)
            header: Integer = entry.load(Integer, 0)
            function.switch(header & 255, _cases(table, outputs, block, entry, header.shifted_right(16), kind))
            entries.carry(position, position + (header.shifted_right(8) & 255))
    function.ret()
    return Kernel(function, table.slots * kind.lanes)


def _cases(
    table: _Table,
    outputs: Outputs,
    block: tuple[Pointer, Pointer, Pointer, Pointer],
    entry: Pointer,
    target: Integer,
    kind: type[Vector],
) -> list[Callable[[], None]]:
    """Returns what to write for each code, in order.

    Arguments:
        table: the table.
        outputs: what the kernel computes.
        block: the pointers for the leaves, and for the inputs, results and slots of a block of samples.
        entry: points to the entry of the table.
        target: the slot or the row in its header.
        kind: the type of the numbers of a block.
    """
    leaves, inputs, results, work = block

    def word() -> Integer:
        index: Integer = entry.load(Integer, 1)
        return index

    def operand(number: int) -> Vector:
        vector: Vector = work.load(kind, entry.load(Integer, 1 + number) * kind.lanes)
        return vector

    def computed(op: str, operands: int) -> Vector:
        return by_call(op, [operand(number) for number in range(operands)])

    to_slot: list[Callable[[], Vector]] = [
        lambda: kind.splat(leaves.load(Double, word())),
        lambda: inputs.load(kind, word() * kind.lanes),
        lambda: kind.splat(entry.load(Double, 1)),
        *[partial(computed, op, operands) for op, operands in table.operations],
    ]
    cases: list[Callable[[], None]] = [
        lambda make=make: work.store(make(), target * kind.lanes)  # type: ignore[misc]
        for make in to_slot
    ]
    cases.insert(_OUTPUT, lambda: outputs.store(results, target, operand(0)))
    return cases
