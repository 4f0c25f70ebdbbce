"""Functions in LLVM's intermediate representation, written instruction by instruction."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple, TypeVar

import numpy.typing as npt

from autograd.compiler.llvm.buffers import address
from autograd.compiler.llvm.registers import Condition, Integer, Pointer, Register

__all__ = ["Declaration", "Function", "Loop", "Module"]

R = TypeVar("R", bound=Register)


class Declaration(NamedTuple):
    """A function that is defined elsewhere: by LLVM or at an address in this process.

    Attributes:
        name: its name in the module.
        types: the types of its parameters.
        result: the type of its result; None if it returns nothing.
        address: the address of its code; None if LLVM defines it.
    """

    name: str
    types: tuple[type[Register], ...]
    result: type[Register] | None
    address: int | None = None

    @property
    def text(self) -> str:
        """The declaration in LLVM's syntax."""
        return f"declare {_type_of(self.result)} @{self.name}({', '.join(kind.llvm_type for kind in self.types)})"


class Function:
    """A function that is being written.

    Arguments:
        name: its name in the module.
        parameters: the types of its parameters, by name. Memory that it changes through one pointer must not be
            accessed through another.
        result: the type of its result; None if it returns nothing.

    Attributes:
        name, result: see above.
        types: the types of its parameters.
        arguments: its parameters, as registers to compute with.
        lines: the instructions written so far.
        callees: the functions that it calls, in the order of their first calls.
        memory: the arrays that it reads.

    >>> double_it = Function("double_it", {"x": Integer}, Integer)
    >>> (x,) = double_it.arguments
    >>> double_it.ret(x * 2)
    >>> print(double_it.definition())
    define i64 @double_it(i64 %x) {
    entry:
      %v1 = mul i64 %x, 2
      ret i64 %v1
    }
    """

    def __init__(
        self, name: str, parameters: Mapping[str, type[Register]], result: type[Register] | None = None
    ) -> None:
        self.name, self.result = name, result
        self.types = tuple(parameters.values())
        self.arguments: tuple[Any, ...] = tuple(kind(self, f"%{name}") for name, kind in parameters.items())
        self.lines: list[str] = []
        self.callees: dict[Function | Declaration, None] = {}
        self.memory: list[npt.NDArray[Any]] = []
        self._block = "entry"
        self._count = 0

    def definition(self, linkage: str = "") -> str:
        """The function in LLVM's syntax.

        Arguments:
            linkage: "internal" for a function that only its own module calls.
        """
        listed = ", ".join(
            f"{kind.llvm_type} noalias {argument}" if kind is Pointer else f"{kind.llvm_type} {argument}"
            for kind, argument in zip(self.types, self.arguments, strict=True)
        )
        head = " ".join(["define", *linkage.split(), _type_of(self.result), f"@{self.name}({listed})"])
        return "\n".join([f"{head} {{", "entry:", *self.lines, "}"])

    def emit(self, kind: type[R], text: str) -> R:
        """Writes an instruction that has a result.

        Arguments:
            kind: the type of the result.
            text: the instruction, such as "mul i64 %x, 2".
        """
        self._count += 1
        name = f"%v{self._count}"
        self.lines.append(f"  {name} = {text}")
        return kind(self, name)

    def emit_void(self, text: str) -> None:
        """Writes an instruction that has no result."""
        self.lines.append(f"  {text}")

    def call(self, callee: "Function | Declaration", *arguments: Register | int) -> Any:
        """Calls a function.

        Returns:
            The register with its result; None if the function returns nothing.

        Raises:
            ValueError: if the number of arguments is wrong.
        """
        self.callees[callee] = None
        listed = ", ".join(
            [f"{kind.llvm_type} {argument}" for kind, argument in zip(callee.types, arguments, strict=True)]
        )
        text = f"call {_type_of(callee.result)} @{callee.name}({listed})"
        return self.emit_void(text) if callee.result is None else self.emit(callee.result, text)

    def ret(self, result: Register | None = None) -> None:
        """Returns from the function."""
        self.emit_void("ret void" if result is None else f"ret {result.llvm_type} {result}")

    def ret_if(self, condition: Condition, result: "Register | Callable[[], Register] | None" = None) -> None:
        """Returns from the function if a condition is true.

        Arguments:
            condition: the condition.
            result: the result, or what writes the instructions before the return and returns the result.
        """
        leave, stay = self._new_name(), self._new_name()
        self.emit_void(f"br i1 {condition}, label %{leave}, label %{stay}")
        self._begin(leave)
        self.ret(result() if callable(result) else result)
        self._begin(stay)

    @contextmanager
    def loop(self, stop: Integer | int, step: int = 1) -> Iterator["Loop"]:
        """Repeats what the `with` block writes, at indices 0, step, ... below `stop`, but at least once."""
        before, label, done = self._block, self._new_name(), self._new_name()
        self.emit_void(f"br label %{label}")
        self._begin(label)
        head = len(self.lines)
        loop = Loop(self)
        yield loop
        following = loop.index + step
        loop.carry(loop.index, following)
        self.emit_void(f"br i1 {following < stop}, label %{label}, label %{done}")
        self.lines[head:head] = loop.phis(before, self._block)
        self._begin(done)

    def switch(self, number: Integer, cases: Sequence[Callable[[], None]]) -> None:
        """Runs what one of several functions writes: the first if the number is 0, the second if it is 1, and so on."""
        labels, done = [self._new_name() for _ in cases], self._new_name()
        listed = " ".join(f"i64 {value}, label %{label}" for value, label in enumerate(labels))
        self.emit_void(f"switch i64 {number}, label %{done} [{listed}]")
        for label, write in zip(labels, cases, strict=True):
            self._begin(label)
            write()
            self.emit_void(f"br label %{done}")
        self._begin(done)

    def pointer_to(self, array: npt.NDArray[Any]) -> Pointer:
        """Returns the address of an array that lives as long as the machine code of the function."""
        self.memory.append(array)
        return Pointer(self, f"inttoptr (i64 {address(array)} to ptr)")

    def reserve(self, kind: type[R]) -> R:
        """Returns a register that no instruction computes yet."""
        return kind(self, f"%{self._new_name()}")

    def _new_name(self) -> str:
        self._count += 1
        return f"v{self._count}"

    def _begin(self, label: str) -> None:
        self.lines.append(f"{label}:")
        self._block = label


class Loop:
    """A loop that is being written.

    Attributes:
        index: 0 in the first iteration; each further iteration adds the step.
    """

    def __init__(self, function: Function) -> None:
        self._function = function
        self._carried: dict[Register, Register] = {}
        self._next: dict[Register, Register] = {}
        self.index = self.carried(Integer(function, "0"))

    def carried(self, first: R) -> R:
        """Returns a register that is `first` in the first iteration, then what `carry` set in the previous one."""
        register = self._function.reserve(type(first))
        self._carried[register] = first
        return register

    def carry(self, register: R, following: R) -> None:
        """Sets the value of a carried register in the next iteration."""
        self._next[register] = following

    def phis(self, before: str, last: str) -> list[str]:
        """The instructions at the start of the loop.

        Arguments:
            before: the block from which the loop is entered.
            last: the block from which it is repeated.
        """
        return [
            f"  {register} = phi {register.llvm_type} [{first}, %{before}], [{self._next[register]}, %{last}]"
            for register, first in self._carried.items()
        ]


class Module:
    """Functions that can be found by name, with those that they call.

    Arguments:
        functions: the functions.

    Attributes:
        functions: see above.
        internal: the other functions that they call, directly or indirectly.
        declarations: the functions that they call and that are defined elsewhere.
    """

    def __init__(self, *functions: Function) -> None:
        self.functions = functions
        self.internal: list[Function] = []
        self.declarations: list[Declaration] = []
        found: set[Function | Declaration] = set(functions)
        waiting = list(functions)
        while waiting:
            for callee in waiting.pop().callees:
                if callee in found:
                    continue
                found.add(callee)
                if isinstance(callee, Declaration):
                    self.declarations.append(callee)
                else:
                    self.internal.append(callee)
                    waiting.append(callee)

    @property
    def memory(self) -> list[npt.NDArray[Any]]:
        """The arrays that its functions read."""
        return [array for function in (*self.functions, *self.internal) for array in function.memory]

    @property
    def text(self) -> str:
        """The module in LLVM's syntax."""
        return "\n".join(
            [
                *(declaration.text for declaration in self.declarations),
                *(function.definition("internal") for function in self.internal),
                *(function.definition() for function in self.functions),
                "!0 = !{i32 1}",  # what a store past the caches refers to
            ]
        )


def _type_of(result: type[Register] | None) -> str:
    return "void" if result is None else result.llvm_type
