"""The builder of a routine: makes symbols, and writes the instructions for the arithmetic on them."""

import struct
from array import array
from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any, NamedTuple

from autograd import functions
from autograd.compiler.ir.instruction import PythonCall
from autograd.compiler.ir.instructions import Instructions
from autograd.compiler.ir.routine import Routine
from autograd.compiler.ir.schedule import depth_first, needed, reordered
from autograd.compiler.trace.identities import returned_operand
from autograd.compiler.trace.symbol import Symbol, symbol_of
from autograd.node import COMPILED

__all__ = ["Builder", "Traced", "finished"]

_COMMUTATIVE = ("add", "multiply")
_FEW = 64  # numbers that an array has room for at first, a power of 2


class Traced(NamedTuple):
    """A routine, with names for its inputs and for other numbers in it.

    Attributes:
        routine: the instructions.
        names: the names of the inputs.
        labels: the names of other instructions, by their indices in the routine.
        indices: for each of the builder's instructions, its index in the routine, or -1 if it is not in it.
    """

    routine: Routine
    names: tuple[str, ...]
    labels: Mapping[int, str]
    indices: Sequence[int]

    @classmethod
    def unnamed(cls, routine: Routine) -> "Traced":
        """Returns a routine whose inputs are named x1, x2, ..."""
        return cls(routine, tuple(f"x{number}" for number in range(1, routine.inputs + 1)), {}, ())

    def find(self, number: Any) -> int | None:
        """Returns the index in the routine of the instruction that computes a symbol.

        Returns None for a plain number, an input, a constant, and anything that the routine does not need.
        """
        index = self.indices[number.index] if isinstance(number, Symbol) else -1
        return index if index >= 0 and self.routine.instructions[index].computes else None


class Builder:
    """Writes instructions, each computation once.

    An operation on constants is folded, using the function that eager execution calls; one that returns its operand bit
    for bit is left out. Nothing else is rewritten, so a program computes the same bits as eager execution.

    Arguments:
        finite_inputs: whether all inputs are known to be finite. Products with them, and with bounded functions such as
            tanh, then need no guard behind a branch that was not taken.

    Attributes:
        ops: the operations of the instructions written so far.

    >>> builder = Builder()
    >>> w, x = builder.symbol(), builder.symbol()
    >>> builder.finish([w * x + 1.0]).routine.instructions[-1]
    Instruction(op='add', operands=(2, 3), number=0.0)
    """

    def __init__(self, *, finite_inputs: bool = False) -> None:
        self.finite_inputs = finite_inputs
        self.ops: list[str] = []
        self._starts = _zeros(_FEW)  # where the operands of each instruction begin
        self._operands = _zeros(_FEW)
        # The operations, so that none is written twice. In C, this is a hash table, which takes a tenth of the memory:
        # its entries are 0, or 1 + the index of an operation.
        self._results: dict[str, dict[tuple[int, ...], int]] = defaultdict(dict)
        self._table, self._entries = _zeros(_FEW), 0
        self._codes = _zeros(_FEW)  # the hash of each operation
        self._numbers: dict[int, float] = {}  # those of the constants, by index
        self._constants: dict[bytes, int] = {}  # by their bits
        self._calls: dict[Any, PythonCall] = {}  # by function

    @property
    def written(self) -> Instructions:
        """What has been written so far."""
        count = len(self.ops)
        starts, operands = self._starts[: count + 1], self._operands[: self._starts[count]]
        return Instructions(self.ops, starts, operands, self._numbers)

    def symbol(self) -> Symbol:
        """Adds an input to the routine and returns it as a symbol."""
        return symbol_of(self, self._write("input", ()))

    def operation(self, op: str, *operands: Any) -> Symbol:
        """Returns the result of a primitive as a symbol.

        Arguments:
            op: one of `autograd.functions.PRIMITIVES`.
            operands: symbols of this builder, or plain numbers.

        Raises:
            TypeError: for an operand that is neither.
        """
        return self.result(op, tuple([o.index if type(o) is Symbol else self.index_of(o) for o in operands]))

    def result(self, op: str, indices: tuple[int, ...]) -> Symbol:
        """Returns the result of a primitive, given the indices of its operands, as a symbol."""
        return symbol_of(self, self._result_of(op, indices))

    def call(self, function: Any, operands: Sequence[Any], cause: str) -> Symbol:
        """Returns the result of a Python function as a symbol; see `Symbol.call_python`."""
        op = self._calls.get(function)
        if op is None:
            taken = {*self._calls.values()}
            names = (f"_{function.op}{'_' * more}" for more in count())  # no input has a name that begins with _
            op = PythonCall(next(name for name in names if name not in taken))
            op.function, op.computed, op.cause = function, function.title, cause
            self._calls[function] = op
        indices = tuple(map(self.index_of, operands))
        index = self._find(op, indices)
        return symbol_of(self, self._written(op, indices, indices) if index < 0 else index)

    def _result_of(self, op: str, indices: tuple[int, ...]) -> int:
        """The index of the result of an operation, which is written unless there is one."""
        key = _ordered(op, indices)
        index = self._find(op, key)
        if index >= 0:
            return index
        if self._has_constant(indices):
            numbers = [self._numbers.get(index) for index in indices]
            if None not in numbers:
                return self._constant(getattr(functions, op)(*numbers))
            same = returned_operand(op, numbers)
            if same is not None:
                return indices[same]
        if op == "select":
            gate = self._gate_of_gate(indices)
            if gate is not None:
                return self._result_of(op, gate)
        return self._written(op, indices, key)

    def _has_constant(self, indices: tuple[int, ...]) -> bool:
        for index in indices:  # noqa: SIM110 - `any` with a generator takes several times as long
            if index in self._numbers:
                return True
        return False

    def _find(self, op: str, key: tuple[int, ...]) -> int:
        """The index of the operation on some operands, in the order of `_ordered`; -1 if it has not been written."""
        if not COMPILED:
            return self._results[op].get(key, -1)
        code, mask = _code(op, key), len(self._table) - 1
        slot = code & mask
        while True:
            index = self._table[slot] - 1
            if index < 0 or (self._codes[index] == code and self._is(index, op, key)):
                return index
            slot = (slot + 1) & mask

    def _written(self, op: str, indices: tuple[int, ...], key: tuple[int, ...]) -> int:
        """Writes an operation, to be found by its operands in the order of `_ordered`, and returns its index."""
        index = self._write(op, indices)
        if not COMPILED:
            self._results[op][key] = index
            return index
        self._codes[index] = _code(op, key)
        self._entries += 1
        if 2 * self._entries > len(self._table):
            self._enlarge_table()
        self._enter(index)
        return index

    def _is(self, index: int, op: str, key: tuple[int, ...]) -> bool:
        return self.ops[index] == op and _ordered(op, self._operands_of(index)) == key

    def _operands_of(self, index: int) -> tuple[int, ...]:
        return tuple([self._operands[place] for place in range(self._starts[index], self._starts[index + 1])])

    def index_of(self, number: Any) -> int:
        """Returns the index of a symbol's instruction, or of the constant for a plain number.

        Raises:
            TypeError: for anything else.
        """
        if isinstance(number, Symbol):
            return number.index
        plain = functions.real(number)
        if type(plain) is not float:
            raise TypeError(f"a program computes with real numbers, not with {number!r}")
        return self._constant(plain)

    def finish(self, results: Sequence[Any], gradients: Sequence[Any] = ()) -> Traced:
        """Returns the routine that computes the given numbers, and nothing else; it keeps all inputs.

        Arguments:
            results: symbols or plain numbers of the forward pass.
            gradients: symbols or plain numbers of the backward pass.

        Returns:
            The routine, with its inputs named x1, x2, ... in the order in which they were made.
        """
        forward, backward = [list(map(self.index_of, numbers)) for numbers in (results, gradients)]
        routine, indices = finished(self.written, forward, backward)
        return Traced.unnamed(routine)._replace(indices=indices)

    def _constant(self, number: float) -> int:
        bits = struct.pack("<d", number)
        index = self._constants.get(bits)
        if index is None:
            index = self._constants[bits] = self._write("constant", ())
            self._numbers[index] = number
        return index

    def _gate_of_gate(self, indices: tuple[int, ...]) -> tuple[int, ...] | None:
        """The operands of an equal select, if the gate is itself a select between 1 and 0."""
        if self.ops[indices[0]] == "select":
            gate, *choices = self._operands_of(indices[0])
            numbers = [self._numbers.get(choice) for choice in choices]
            if numbers == [1.0, 0.0]:
                return gate, indices[1], indices[2]
            if numbers == [0.0, 1.0]:
                return gate, indices[2], indices[1]
        return None

    def _enter(self, index: int) -> None:
        """Enters an operation into the table."""
        mask = len(self._table) - 1
        slot = self._codes[index] & mask
        while self._table[slot]:
            slot = (slot + 1) & mask
        self._table[slot] = index + 1

    def _enlarge_table(self) -> None:
        old = self._table
        self._table = _zeros(2 * len(old))
        for place in range(len(old)):
            if old[place]:
                self._enter(old[place] - 1)

    def _write(self, op: str, indices: tuple[int, ...]) -> int:
        index = len(self.ops)
        if index + 1 == len(self._starts):
            self._starts, self._codes = _doubled(self._starts), _doubled(self._codes)
        end = self._starts[index]
        while end + len(indices) > len(self._operands):
            self._operands = _doubled(self._operands)
        for operand in indices:
            self._operands[end] = operand
            end += 1
        self._starts[index + 1] = end
        self.ops.append(op)
        return index


def _ordered(op: str, indices: tuple[int, ...]) -> tuple[int, ...]:
    """Returns the operands of an operation; in ascending order if it is commutative, because b + a is a + b."""
    if op in _COMMUTATIVE and indices[0] > indices[1]:
        return indices[1], indices[0]
    return indices


def _code(op: str, key: tuple[int, ...]) -> int:
    """The hash of an operation."""
    return (hash(op) ^ hash(key)) & 0x7FFFFFFF


def _zeros(count: int) -> "array[int]":
    return array("i", [0]) * count


def _doubled(numbers: "array[int]") -> "array[int]":
    """Returns numbers, followed by as many zeros."""
    count = len(numbers)
    more = _zeros(2 * count)
    more[:count] = numbers
    return more


def finished(written: Instructions, results: Sequence[int], gradients: Sequence[int]) -> tuple[Routine, "array[int]"]:
    """Returns the routine of some instructions, and the index in it of each of them, or -1; see `Builder.finish`.

    Arguments:
        written: what a builder has written.
        results: the indices of the results.
        gradients: the indices of the gradients.
    """
    inputs = [index for index, op in enumerate(written.ops) if op == "input"]
    forward_length = sum(needed(written.starts, written.operands, [*inputs, *results]))
    order = depth_first(written.starts, written.operands, [*inputs, *results, *gradients])
    instructions, new = reordered(written, order)
    ends = [tuple([new[old] for old in indices]) for indices in (results, gradients)]
    return Routine(instructions, ends[0], ends[1], forward_length), new
