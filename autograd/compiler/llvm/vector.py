"""Arithmetic on eight doubles at once, in LLVM's intermediate representation."""

from collections.abc import Iterable, Sequence
from typing import Union

from autograd.compiler.llvm.builder import Function, Integer, double

__all__ = [
    "BITS",
    "DOUBLES",
    "LANES",
    "Vector",
    "any_lane",
    "call",
    "constant",
    "load",
    "padded",
    "polynomial",
    "splat",
    "store",
    "zipped",
]

LANES = 8
DOUBLES = f"<{LANES} x double>"
INTEGERS = f"<{LANES} x i64>"
BITS = f"<{LANES} x i1>"


def padded(count: int) -> int:
    """A number of numbers, rounded up to whole vectors.

    >>> padded(1), padded(8), padded(9)
    (8, 8, 16)
    """
    return -(-count // LANES) * LANES


Operand = Union["Vector", float, int]


class Vector:
    """Eight numbers that an instruction computes: doubles, integers, or the answers of a comparison.

    Arguments:
        function: where instructions on it go.
        name: of its value in LLVM.
        kind: `DOUBLES`, `INTEGERS` or `BITS`.
    """

    __slots__ = ("function", "kind", "name")

    def __init__(self, function: Function, name: str, kind: str = DOUBLES) -> None:
        self.function, self.name, self.kind = function, name, kind

    def __str__(self) -> str:
        return self.name

    def _like(self, other: Operand) -> "Vector":
        """The other, or if it is a number that in every lane."""
        if isinstance(other, Vector):
            return other
        return constant(self.function, other) if self.kind == DOUBLES else _integers(self.function, int(other))

    def _new(self, text: str, kind: str) -> "Vector":
        return Vector(self.function, self.function.emit(text), kind)

    def _binary(self, doubles: str, integers: str, other: Operand) -> "Vector":
        op = doubles if self.kind == DOUBLES else integers
        return self._new(f"{op} {self.kind} {self}, {self._like(other)}", self.kind)

    def _compare(self, how: str, other: Operand) -> "Vector":
        return self._new(f"fcmp {how} {self.kind} {self}, {self._like(other)}", BITS)

    def __add__(self, other: Operand) -> "Vector":
        return self._binary("fadd", "add", other)

    def __sub__(self, other: Operand) -> "Vector":
        return self._binary("fsub", "sub", other)

    def __mul__(self, other: Operand) -> "Vector":
        return self._binary("fmul", "mul", other)

    def __truediv__(self, other: Operand) -> "Vector":
        return self._binary("fdiv", "sdiv", other)

    def __rsub__(self, number: float) -> "Vector":
        return self._like(number) - self

    def __rtruediv__(self, number: float) -> "Vector":
        return self._like(number) / self

    def __lshift__(self, bits: int) -> "Vector":
        return self._binary("", "shl", bits)

    def __rshift__(self, bits: int) -> "Vector":
        return self._binary("", "ashr", bits)

    def __neg__(self) -> "Vector":
        return self._new(f"fneg {self.kind} {self}", self.kind)

    def __gt__(self, other: Operand) -> "Vector":
        return self._compare("ogt", other)

    def __lt__(self, other: Operand) -> "Vector":
        return self._compare("olt", other)

    def equals(self, other: Operand) -> "Vector":
        """Where the two are the same number."""
        return self._compare("oeq", other)

    def is_nan(self) -> "Vector":
        """Where it is no number."""
        return self._compare("uno", 0.0)

    def has_bit(self, place: int) -> "Vector":
        """Of integers, where the bit of that place is set."""
        masked = self._binary("", "and", 1 << place)
        return self._new(f"icmp ne {INTEGERS} {masked}, zeroinitializer", BITS)

    def where(self, a: Operand, b: Operand) -> "Vector":
        """Of the answers of a comparison: a where it holds, else b; one of the two is a vector."""
        first, second = (a, b) if isinstance(a, Vector) else (b, a)
        assert isinstance(first, Vector)
        pair = first, first._like(second)
        yes, no = pair if first is a else pair[::-1]
        return self._new(f"select {self.kind} {self}, {first.kind} {yes}, {first.kind} {no}", first.kind)

    def fma(self, factor: Operand, addend: Operand) -> "Vector":
        """self · factor + addend, rounded once."""
        return _intrinsic(self.function, "fma", [self, self._like(factor), self._like(addend)])

    def absolute(self) -> "Vector":
        """|x|."""
        return _intrinsic(self.function, "fabs", [self])

    def with_sign_of(self, other: "Vector") -> "Vector":
        """|x| with the sign of another."""
        return _intrinsic(self.function, "copysign", [self, other])

    def sqrt(self) -> "Vector":
        """The square root, rounded correctly."""
        return _intrinsic(self.function, "sqrt", [self])

    def bits(self) -> "Vector":
        """The bits of doubles as integers."""
        return self._new(f"bitcast {DOUBLES} {self} to {INTEGERS}", INTEGERS)

    def doubles(self) -> "Vector":
        """Integers as the bits of doubles."""
        return self._new(f"bitcast {INTEGERS} {self} to {DOUBLES}", DOUBLES)


def polynomial(x: Vector, coefficients: Iterable[float]) -> Vector:
    """c₀ + c₁x + c₂x² + ..., by Horner's rule in fused multiply-adds: even and odd powers apart, side by side."""
    listed = list(coefficients)
    square = x * x
    return _horner(square, listed[1::2]).fma(x, _horner(square, listed[::2]))


def _horner(x: Vector, coefficients: Sequence[float]) -> Vector:
    *rest, last = coefficients
    total = constant(x.function, last)
    for coefficient in reversed(rest):
        total = total.fma(x, coefficient)
    return total


def constant(function: Function, number: float) -> Vector:
    """The same number in every lane."""
    return Vector(function, "<" + ", ".join([f"double {double(number)}"] * LANES) + ">")


def _integers(function: Function, number: int) -> Vector:
    return Vector(function, "<" + ", ".join([f"i64 {number}"] * LANES) + ">", INTEGERS)


def call(function: Function, name: str, arguments: Sequence[Vector]) -> Vector:
    """What a function of vectors that the same module defines gives."""
    function.called.add(name)
    return _called(function, name, arguments)


def _called(function: Function, name: str, arguments: Sequence[Vector]) -> Vector:
    listed = ", ".join(f"{DOUBLES} {argument}" for argument in arguments)
    return Vector(function, function.emit(f"call {DOUBLES} @{name}({listed})"))


def _intrinsic(function: Function, name: str, arguments: Sequence[Vector]) -> Vector:
    """What a function that LLVM has for vectors gives."""
    full = f"llvm.{name}.v{LANES}f64"
    function.declared.add(f"declare {DOUBLES} @{full}({', '.join([DOUBLES] * len(arguments))})")
    return _called(function, full, arguments)


def any_lane(answers: Vector) -> str:
    """Whether a comparison holds in some lane."""
    full = f"llvm.vector.reduce.or.v{LANES}i1"
    answers.function.declared.add(f"declare i1 @{full}({BITS})")
    return answers.function.emit(f"call i1 @{full}({BITS} {answers})")


def load(function: Function, pointer: str, *offset: Integer | int) -> Vector:
    """Eight numbers from memory, so many numbers behind a pointer."""
    return Vector(function, function.emit(f"load {DOUBLES}, ptr {function.at(pointer, *offset)}, align 8"))


def store(vector: Vector, pointer: str, *offset: Integer | int) -> None:
    """Eight numbers to memory, so many numbers behind a pointer."""
    function = vector.function
    function.do(f"store {DOUBLES} {vector}, ptr {function.at(pointer, *offset)}, align 8")


def splat(function: Function, pointer: str, *offset: Integer | int) -> Vector:
    """One number from memory in every lane."""
    number = function.emit(f"load double, ptr {function.at(pointer, *offset)}")
    one = function.emit(f"insertelement {DOUBLES} poison, double {number}, i32 0")
    mask = f"<{LANES} x i32> zeroinitializer"
    return Vector(function, function.emit(f"shufflevector {DOUBLES} {one}, {DOUBLES} poison, {mask}"))


def zipped(a: Vector, b: Vector, first: int) -> Vector:
    """Every second lane, from the one of number `first` on: first those of a, then those of b."""
    lanes = ", ".join(f"i32 {lane}" for lane in range(first, 2 * LANES, 2))
    text = f"shufflevector {DOUBLES} {a}, {DOUBLES} {b}, <{LANES} x i32> <{lanes}>"
    return Vector(a.function, a.function.emit(text))
