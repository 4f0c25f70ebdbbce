"""The builder of a routine: makes symbols, and writes the instructions for the arithmetic on them."""

import math
import struct
from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any, NamedTuple

from autograd import functions
from autograd.compiler.ir.instruction import INPUT, Instruction, PythonCall
from autograd.compiler.ir.routine import Routine
from autograd.compiler.ir.schedule import depth_first, needed
from autograd.compiler.trace.symbol import Symbol, symbol_of

__all__ = ["Builder", "Traced", "Written", "finished"]

_COMMUTATIVE = ("add", "multiply")
_instruction = tuple.__new__  # makes an `Instruction` in half the time


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


class Written(NamedTuple):
    """Instructions as columns, which take half the memory.

    Attributes:
        ops: the operation of each.
        operands: the indices of the operands of each.
        numbers: the numbers of the constants, by index.
    """

    ops: list[str]
    operands: list[tuple[int, ...]]
    numbers: dict[int, float]


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
        self._operands: list[tuple[int, ...]] = []
        self._numbers: dict[int, float] = {}  # those of the constants, by index
        self._constants: dict[bytes, int] = {}  # by their bits
        self._calls: dict[Any, PythonCall] = {}  # by function
        self._results: dict[str, dict[tuple[int, ...], int]] = {}  # by operation and operands

    @property
    def written(self) -> Written:
        """What has been written so far."""
        return Written(self.ops, self._operands, self._numbers)

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
        results = self._results_of(op)
        new = len(self.ops)
        index = results.setdefault(indices, new)  # a single look-up
        if index == new:
            index = self._result_of(op, indices)
            if index != new:
                results[indices] = index
        return symbol_of(self, index)

    def _results_of(self, op: str) -> dict[tuple[int, ...], int]:
        results = self._results.get(op)
        if results is None:
            results = self._results[op] = {}
        return results

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
        results = self._results_of(op)
        index = results.get(indices)
        if index is None:
            index = results[indices] = self._written(op, indices)
        return symbol_of(self, index)

    def _result_of(self, op: str, indices: tuple[int, ...]) -> int:
        """The index of the result of an operation that has not been applied to these operands in this order."""
        if self._has_constant(indices):
            numbers = [self._numbers.get(index) for index in indices]
            if None not in numbers:
                return self._constant(getattr(functions, op)(*numbers))
            same = _returned_operand(op, numbers)
            if same is not None:
                return indices[same]
        if op == "select":
            gate = self._gate_of_gate(indices)
            if gate is not None:
                index: int = self.result(op, gate).index
                return index
        return self._written(op, indices)

    def _has_constant(self, indices: tuple[int, ...]) -> bool:
        for index in indices:  # noqa: SIM110 - `any` with a generator takes several times as long
            if index in self._numbers:
                return True
        return False

    def _written(self, op: str, indices: tuple[int, ...]) -> int:
        """The index of the instruction for an operation on these operands, which is written unless there is one."""
        index = None
        if op in _COMMUTATIVE and indices[0] != indices[1]:  # b + a has the same bits as a + b
            index = self._results_of(op).get((indices[1], indices[0]))
        return self._write(op, indices) if index is None else index

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
            gate, *choices = self._operands[indices[0]]
            numbers = [self._numbers.get(choice) for choice in choices]
            if numbers == [1.0, 0.0]:
                return gate, indices[1], indices[2]
            if numbers == [0.0, 1.0]:
                return gate, indices[2], indices[1]
        return None

    def _write(self, op: str, indices: tuple[int, ...]) -> int:
        self.ops.append(op)
        self._operands.append(indices)
        return len(self.ops) - 1


def finished(written: Written, results: Sequence[int], gradients: Sequence[int]) -> tuple[Routine, list[int]]:
    """Returns the routine of some instructions, and the index in it of each of them, or -1; see `Builder.finish`.

    Arguments:
        written: what a builder has written.
        results: the indices of the results.
        gradients: the indices of the gradients.
    """
    ops, operands, numbers = written
    inputs = [index for index, op in enumerate(ops) if op == "input"]
    forward_length = sum(needed(operands, [*inputs, *results]))
    order = depth_first(operands, [*inputs, *results, *gradients])
    new = [-1] * len(ops)
    for index, old in enumerate(order):
        new[old] = index
    moved = tuple(
        [_moved(ops[old], operands[old], 0.0 if operands[old] else numbers.get(old, 0.0), new) for old in order]
    )
    ends = [tuple([new[old] for old in indices]) for indices in (results, gradients)]
    return Routine(moved, ends[0], ends[1], forward_length), new


def _moved(op: str, operands: tuple[int, ...], number: float, new: Sequence[int]) -> Instruction:
    """Returns an instruction with the new indices of its operands."""
    if op == "input":
        return INPUT
    if len(operands) == 2:
        moved: tuple[int, ...] = new[operands[0]], new[operands[1]]
    else:
        moved = tuple([new[operand] for operand in operands])
    return _instruction(Instruction, (op, operands if moved == operands else moved, number))


def _returned_operand(op: str, numbers: Sequence[float | None]) -> int | None:
    """Returns the index of the operand that an operation returns bit for bit, whatever its value, or None.

    Arguments:
        op: the operation.
        numbers: for each operand, its number if it is a constant, otherwise None.
    """
    if op == "multiply" and 1.0 in numbers:
        return 1 - numbers.index(1.0)
    if op == "add":
        for position, number in enumerate(numbers):
            if number == 0.0 and math.copysign(1.0, number) < 0.0:
                return 1 - position
    if (op == "divide" and numbers[1] == 1.0) or (op == "subtract" and _is_positive_zero(numbers[1])):
        return 0
    if op == "select" and numbers[0] is not None:
        return 1 if numbers[0] > 0.0 else 2
    return None


def _is_positive_zero(number: float | None) -> bool:
    return number == 0.0 and math.copysign(1.0, number) > 0.0
