"""Functions in LLVM's intermediate representation, written as Python writes loops and arithmetic on integers."""

import struct
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

__all__ = ["Function", "Integer", "Loop", "bits_of", "double"]


def double(number: float) -> str:
    """A float as LLVM writes it, by its bits.

    >>> double(1.0)
    '0x3FF0000000000000'
    """
    return f"0x{bits_of(number):016X}"


def bits_of(number: float) -> int:
    """The bits of a float as an unsigned integer.

    >>> hex(bits_of(-0.0))
    '0x8000000000000000'
    """
    return int(struct.unpack("<Q", struct.pack("<d", number))[0])


class Function:
    """A function that is being written.

    Arguments:
        name: of the function.
        arguments: with their types, such as "i64 %samples".
        result: the type of what it returns.
        linkage: "internal" to the module; or "", and it can be found by its name.

    Attributes:
        lines: the instructions so far.
        declared: the functions that LLVM or the C library has and this one calls, as declarations.
        called: the operations it calls by name.

    >>> double_it = Function("double_it", ["i64 %x"], "i64")
    >>> double_it.give(Integer(double_it, "%x") * 2)
    >>> print(double_it.text)
    define internal i64 @double_it(i64 %x) {
    entry:
      %v1 = mul i64 %x, 2
      ret i64 %v1
    }
    """

    def __init__(self, name: str, arguments: Sequence[str], result: str = "void", *, linkage: str = "internal") -> None:
        self.lines: list[str] = []
        self.declared: set[str] = set()
        self.called: set[str] = set()
        self._head = " ".join(["define", *linkage.split(), result, f"@{name}({', '.join(arguments)})"])
        self._result = result
        self._block = "entry"
        self._count = 0

    @property
    def text(self) -> str:
        """The whole."""
        return "\n".join([f"{self._head} {{", "entry:", *self.lines, "}"])

    def emit(self, text: str) -> str:
        """Writes an instruction that has a result; the name of the result."""
        name = f"%{self._new()}"
        self.lines.append(f"  {name} = {text}")
        return name

    def do(self, text: str) -> None:
        """Writes an instruction that has none."""
        self.lines.append(f"  {text}")

    def integer(self, text: str) -> "Integer":
        """An instruction that computes a 64-bit integer."""
        return Integer(self, self.emit(text))

    def at(self, pointer: str, *offset: "Integer | int") -> str:
        """The address so many doubles (or other numbers of 64 bits) behind a pointer."""
        for numbers in offset:
            pointer = self.emit(f"getelementptr double, ptr {pointer}, i64 {numbers}")
        return pointer

    def give(self, result: object = None) -> None:
        """Returns."""
        self.do("ret void" if result is None else f"ret {self._result} {result}")

    def give_if(self, condition: str, result: object = None) -> None:
        """Returns where a condition holds, and goes on where it does not."""
        leave, stay = self._new(), self._new()
        self.do(f"br i1 {condition}, label %{leave}, label %{stay}")
        self._begin(leave)
        self.give(result)
        self._begin(stay)

    @contextmanager
    def loop(self, stop: object, step: "Integer | int" = 1) -> Iterator["Loop"]:
        """Repeats what is written in its block for an index that runs from 0 up to `stop`, but at least once."""
        before, label, done = self._block, self._new(), self._new()
        self.do(f"br label %{label}")
        self._begin(label)
        head = len(self.lines)
        loop = Loop(self)
        yield loop
        advanced = loop.index + step
        more = self.emit(f"icmp slt i64 {advanced}, {stop}")
        loop.carry(loop.index.name, advanced.name)
        self.do(f"br i1 {more}, label %{label}, label %{done}")
        self.lines[head:head] = loop.beginning(before, self._block)
        self._begin(done)

    def _new(self) -> str:
        self._count += 1
        return f"v{self._count}"

    def _begin(self, label: str) -> None:
        self.lines.append(f"{label}:")
        self._block = label

    def new_name(self) -> str:
        """A name that nothing has yet, for what is to be defined later."""
        return f"%{self._new()}"


class Loop:
    """A loop that is being written.

    Attributes:
        index: 0, and in each further round one step more.
    """

    def __init__(self, function: Function) -> None:
        self._function = function
        self._carried: dict[str, tuple[str, object]] = {}
        self._next: dict[str, object] = {}
        self.index = Integer(function, self.carried("i64", 0))

    def carried(self, kind: str, first: object) -> str:
        """The name of what is `first` in the first round, and later what `carry` said in the round before."""
        name = self._function.new_name()
        self._carried[name] = kind, first
        return name

    def carry(self, name: str, following: object) -> None:
        """Says what a carried number will be in the next round."""
        self._next[name] = following

    def beginning(self, before: str, last: str) -> list[str]:
        """What the loop begins with, given the blocks from which it is entered and repeated."""
        return [
            f"  {name} = phi {kind} [{first}, %{before}], [{self._next[name]}, %{last}]"
            for name, (kind, first) in self._carried.items()
        ]


class Integer:
    """A 64-bit integer that an instruction computes.

    Arguments:
        function: where instructions on it go.
        name: of its value in LLVM.
    """

    __slots__ = ("function", "name")

    def __init__(self, function: Function, name: str) -> None:
        self.function, self.name = function, name

    def __str__(self) -> str:
        return self.name

    def _binary(self, op: str, other: "Integer | int") -> "Integer":
        return self.function.integer(f"{op} i64 {self}, {other}")

    def __add__(self, other: "Integer | int") -> "Integer":
        return self._binary("add", other)

    def __sub__(self, other: "Integer | int") -> "Integer":
        return self._binary("sub", other)

    def __mul__(self, other: "Integer | int") -> "Integer":
        return self._binary("mul", other)

    def __and__(self, mask: int) -> "Integer":
        return self._binary("and", mask)

    def __lt__(self, other: "Integer | int") -> str:
        return self.function.emit(f"icmp slt i64 {self}, {other}")

    def minimum(self, other: "Integer | int") -> "Integer":
        """The smaller of the two."""
        return self.function.integer(f"select i1 {self < other}, i64 {self}, i64 {other}")

    def double(self) -> str:
        """The same number as a double."""
        return self.function.emit(f"sitofp i64 {self} to double")
