"""LLVM's intermediate representation, written as arithmetic on vectors of eight doubles."""

import struct
from collections.abc import Iterable, Sequence
from typing import Union

__all__ = ["DOUBLES", "INTEGERS", "LANES", "Block", "Vector", "double", "polynomial"]

LANES = 8
DOUBLES = f"<{LANES} x double>"
INTEGERS = f"<{LANES} x i64>"
BITS = f"<{LANES} x i1>"


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


class Block:
    """Instructions in the order they are written.

    Attributes:
        lines: the text so far; since the last cut, where there was one.
        parts: the text before each cut.
        kept: how many vectors the parts hand on in memory, at `%work`.
        declared: the intrinsics it calls, as declarations.
    """

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.parts: list[list[str]] = []
        self.kept = 0
        self.declared: set[str] = set()
        self._count = 0

    def emit(self, text: str) -> str:
        """Writes an instruction that has a result; the name of the result."""
        self._count += 1
        self.lines.append(f"  %v{self._count} = {text}")
        return f"%v{self._count}"

    def cut(self) -> None:
        """What follows goes to another function, where the results so far are not known."""
        self.parts.append(self.lines)
        self.lines = []

    def vector(self, number: float) -> "Vector":
        """The same number in every lane."""
        return Vector(self, "<" + ", ".join([f"double {double(number)}"] * LANES) + ">", DOUBLES)

    def integers(self, number: int) -> "Vector":
        """The same integer in every lane."""
        return Vector(self, "<" + ", ".join([f"i64 {number}"] * LANES) + ">", INTEGERS)

    def call(self, name: str, arguments: Sequence["Vector"]) -> "Vector":
        """A function of vectors of doubles that is defined in the same module."""
        listed = ", ".join(f"{DOUBLES} {argument.name}" for argument in arguments)
        return Vector(self, self.emit(f"call {DOUBLES} @{name}({listed})"), DOUBLES)

    def intrinsic(self, name: str, arguments: Sequence["Vector"]) -> "Vector":
        """A function that LLVM has for vectors of doubles."""
        full = f"llvm.{name}.v{LANES}f64"
        self.declared.add(f"declare {DOUBLES} @{full}({', '.join([DOUBLES] * len(arguments))})")
        return self.call(full, arguments)


Operand = Union["Vector", float, int]


class Vector:
    """Eight numbers that an instruction computes: doubles, integers, or the answers of a comparison.

    Arguments:
        block: where instructions on it go.
        name: of its value in LLVM.
        kind: `DOUBLES`, `INTEGERS` or `BITS`.
    """

    __slots__ = ("block", "kind", "name")

    def __init__(self, block: Block, name: str, kind: str) -> None:
        self.block, self.name, self.kind = block, name, kind

    def _like(self, other: Operand) -> str:
        if isinstance(other, Vector):
            return other.name
        return (self.block.vector(float(other)) if self.kind == DOUBLES else self.block.integers(int(other))).name

    def _binary(self, doubles: str, integers: str, other: Operand) -> "Vector":
        op = doubles if self.kind == DOUBLES else integers
        return Vector(self.block, self.block.emit(f"{op} {self.kind} {self.name}, {self._like(other)}"), self.kind)

    def __add__(self, other: Operand) -> "Vector":
        return self._binary("fadd", "add", other)

    def __sub__(self, other: Operand) -> "Vector":
        return self._binary("fsub", "sub", other)

    def __mul__(self, other: Operand) -> "Vector":
        return self._binary("fmul", "mul", other)

    def __truediv__(self, other: Operand) -> "Vector":
        return self._binary("fdiv", "sdiv", other)

    def __rsub__(self, other: Operand) -> "Vector":
        return self.block.vector(float(other)) - self  # type: ignore[arg-type]

    def __rtruediv__(self, other: Operand) -> "Vector":
        return self.block.vector(float(other)) / self  # type: ignore[arg-type]

    def __lshift__(self, bits: int) -> "Vector":
        return self._binary("", "shl", bits)

    def __rshift__(self, bits: int) -> "Vector":
        return self._binary("", "ashr", bits)

    def __neg__(self) -> "Vector":
        return Vector(self.block, self.block.emit(f"fneg {self.kind} {self.name}"), self.kind)

    def __gt__(self, other: Operand) -> "Vector":
        return self._compare("ogt", other)

    def __lt__(self, other: Operand) -> "Vector":
        return self._compare("olt", other)

    def equals(self, other: Operand) -> "Vector":
        """Where the two are the same number."""
        return self._compare("oeq", other)

    def has_bit(self, place: int) -> "Vector":
        """Of integers, where the bit of that place is set."""
        masked = self.block.emit(f"and {INTEGERS} {self.name}, {self._like(1 << place)}")
        return Vector(self.block, self.block.emit(f"icmp ne {INTEGERS} {masked}, zeroinitializer"), BITS)

    def _compare(self, how: str, other: Operand) -> "Vector":
        return Vector(self.block, self.block.emit(f"fcmp {how} {self.kind} {self.name}, {self._like(other)}"), BITS)

    def where(self, a: Operand, b: Operand) -> "Vector":
        """Of the answers of a comparison: a where it holds, else b; one of the two is a vector."""
        first, second = (a, b) if isinstance(a, Vector) else (b, a)
        assert isinstance(first, Vector)
        names = first.name, first._like(second)
        yes, no = names if first is a else names[::-1]
        text = f"select {self.kind} {self.name}, {first.kind} {yes}, {first.kind} {no}"
        return Vector(self.block, self.block.emit(text), first.kind)

    def fma(self, factor: Operand, addend: Operand) -> "Vector":
        """self · factor + addend, rounded once."""
        arguments = [self, *(v if isinstance(v, Vector) else self.block.vector(v) for v in (factor, addend))]
        return self.block.intrinsic("fma", arguments)

    def absolute(self) -> "Vector":
        """|x|."""
        return self.block.intrinsic("fabs", [self])

    def with_sign_of(self, other: "Vector") -> "Vector":
        """|x| with the sign of another."""
        return self.block.intrinsic("copysign", [self, other])

    def sqrt(self) -> "Vector":
        """The square root, rounded correctly."""
        return self.block.intrinsic("sqrt", [self])

    def bits(self) -> "Vector":
        """The bits of doubles as integers."""
        return Vector(self.block, self.block.emit(f"bitcast {DOUBLES} {self.name} to {INTEGERS}"), INTEGERS)

    def doubles(self) -> "Vector":
        """Integers as the bits of doubles."""
        return Vector(self.block, self.block.emit(f"bitcast {INTEGERS} {self.name} to {DOUBLES}"), DOUBLES)


def polynomial(x: Vector, coefficients: Iterable[float]) -> Vector:
    """c₀ + c₁x + c₂x² + ..., by Horner's rule in fused multiply-adds: even and odd powers apart, side by side."""
    listed = list(coefficients)
    square = x * x
    return _horner(square, listed[1::2]).fma(x, _horner(square, listed[::2]))


def _horner(x: Vector, coefficients: Sequence[float]) -> Vector:
    *rest, last = coefficients
    total = x.block.vector(last)
    for coefficient in reversed(rest):
        total = total.fma(x, coefficient)
    return total
