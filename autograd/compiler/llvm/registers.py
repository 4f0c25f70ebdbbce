"""The operands of LLVM's instructions: pointers, integers, doubles and conditions."""

import struct
from typing import TYPE_CHECKING, ClassVar, NoReturn, TypeVar

if TYPE_CHECKING:
    from autograd.compiler.llvm.builder import Function

__all__ = ["Condition", "Double", "Integer", "Pointer", "Register", "bits_of", "double"]

R = TypeVar("R", bound="Register")


def bits_of(number: float) -> int:
    """The bits of a float as an unsigned integer.

    >>> hex(bits_of(-0.0))
    '0x8000000000000000'
    """
    return int(struct.unpack("<Q", struct.pack("<d", number))[0])


def double(number: float) -> str:
    """A float in LLVM's syntax, by its bits.

    >>> double(1.0)
    '0x3FF0000000000000'
    """
    return f"0x{bits_of(number):016X}"


class Register:
    """The result of an instruction, an argument of a function, or a constant. Each type of LLVM has a subclass.

    Arguments:
        function: the function that uses it.
        name: its name in LLVM's syntax, such as "%v1", or a constant.

    Attributes:
        llvm_type: the type in LLVM's syntax.
    """

    __slots__ = ("function", "name")

    llvm_type: ClassVar[str]

    def __init__(self, function: "Function", name: str) -> None:
        self.function, self.name = function, name

    def __str__(self) -> str:
        return self.name

    def __bool__(self) -> NoReturn:
        raise TypeError("a register has no number before the program runs: choose with where(), not with if")


class Pointer(Register):
    """The address of an array of 64-bit numbers or addresses."""

    __slots__ = ()

    llvm_type = "ptr"

    @classmethod
    def constant(cls, function: "Function", address: int) -> "Pointer":
        """An address that is known when the function is written; 0 is the null pointer."""
        return cls(function, f"inttoptr (i64 {address} to ptr)" if address else "null")

    def is_at(self, address: "Pointer | int") -> "Condition":
        """Whether it is this address, 0 for the null pointer."""
        other = self.constant(self.function, address) if isinstance(address, int) else address
        return self.function.emit(Condition, f"icmp eq ptr {self}, {other}")

    def gep(self, index: "Integer | int") -> "Pointer":
        """The address of the number at an index."""
        return self.function.emit(Pointer, f"getelementptr double, ptr {self.name}, i64 {index}")

    def load(self, kind: type[R], index: "Integer | int") -> R:
        """The number at an index, or the vector of numbers that starts there."""
        return self.function.emit(kind, f"load {kind.llvm_type}, ptr {self.gep(index).name}, align 8")

    def store(self, value: Register, index: "Integer | int") -> None:
        """Stores a number, or the numbers of a vector, starting at an index."""
        self.function.emit_void(f"store {value.llvm_type} {value.name}, ptr {self.gep(index).name}, align 8")

    def stream(self, value: Register, index: "Integer | int") -> None:
        """Stores a vector past the caches, at an address that is a multiple of 16 bytes."""
        kind, target = value.llvm_type, self.gep(index).name
        self.function.emit_void(f"store {kind} {value.name}, ptr {target}, align 16, !nontemporal !0")


class Condition(Register):
    """The result of a comparison."""

    __slots__ = ()

    llvm_type = "i1"

    @classmethod
    def constant(cls, function: "Function", value: bool) -> "Condition":
        """A condition that is known when the function is written."""
        return cls(function, str(value).lower())

    def __or__(self, other: "Condition") -> "Condition":
        return self.function.emit(Condition, f"or i1 {self}, {other}")

    def __invert__(self) -> "Condition":
        return self.function.emit(Condition, f"xor i1 {self}, true")

    def where(self, a: R, b: "R | int") -> R:
        """`a` if the condition is true, otherwise `b`."""
        kind = type(a)
        return self.function.emit(kind, f"select i1 {self}, {kind.llvm_type} {a}, {kind.llvm_type} {b}")


class Integer(Register):
    """A 64-bit integer."""

    __slots__ = ()

    llvm_type = "i64"

    def _binary(self, op: str, other: "Integer | int") -> "Integer":
        return self.function.emit(Integer, f"{op} i64 {self}, {other}")

    def __add__(self, other: "Integer | int") -> "Integer":
        return self._binary("add", other)

    def __sub__(self, other: "Integer | int") -> "Integer":
        return self._binary("sub", other)

    def __mul__(self, other: "Integer | int") -> "Integer":
        return self._binary("mul", other)

    def __and__(self, mask: int) -> "Integer":
        return self._binary("and", mask)

    def shifted_left(self, bits: "Integer | int") -> "Integer":
        """The number times a power of 2."""
        return self._binary("shl", bits)

    def shifted_right(self, bits: "Integer | int") -> "Integer":
        """The upper bits; the number counts as not negative."""
        return self._binary("lshr", bits)

    def differs_from(self, other: "Integer | int") -> Condition:
        """Whether it is not this number."""
        return self.function.emit(Condition, f"icmp ne i64 {self}, {other}")

    def __lt__(self, other: "Integer | int") -> Condition:
        return self.function.emit(Condition, f"icmp slt i64 {self}, {other}")

    def minimum(self, other: "Integer | int") -> "Integer":
        """The smaller of the two."""
        return (self < other).where(self, other)

    def to_double(self) -> "Double":
        """The same number as a double."""
        return self.function.emit(Double, f"sitofp i64 {self} to double")


class Double(Register):
    """A double."""

    __slots__ = ()

    llvm_type = "double"

    @classmethod
    def constant(cls, function: "Function", number: float) -> "Double":
        """A number that is known when the function is written."""
        return cls(function, double(number))

    def __add__(self, other: "Double") -> "Double":
        return self.function.emit(Double, f"fadd double {self}, {other}")

    def __mul__(self, other: "Double") -> "Double":
        return self.function.emit(Double, f"fmul double {self}, {other}")

    def __truediv__(self, other: "Double") -> "Double":
        return self.function.emit(Double, f"fdiv double {self}, {other}")
