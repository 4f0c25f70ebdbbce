"""Numbers for eight samples, for four, or for one: a vector of doubles is a number like a float or a `Value`."""

from collections.abc import Callable
from functools import cache, partial
from typing import Any, ClassVar, Union

from autograd.compiler.ir.samples import LANES
from autograd.compiler.llvm import angles, math, power as powers
from autograd.compiler.llvm.builder import Declaration, Function
from autograd.compiler.llvm.libm import has_function, lane_by_lane
from autograd.compiler.llvm.registers import Condition, Double, Register, double
from autograd.functions import FORMULAS, PRIMITIVES, WHOLE_POWERS, real, whole_power

__all__ = ["Half", "IntegerVector", "Mask", "Scalar", "Vector", "vector_function"]

Operand = Union["Vector", float]


def _type(number: str, lanes: int) -> str:
    return f"<{lanes} x {number}>"


def vector_function(name: str, operands: int, body: "Callable[..., Vector]", lanes: int) -> Function:
    """Makes a function of vectors.

    Arguments:
        name: its name in the module.
        operands: the number of its parameters.
        body: writes the body, given the arguments.
        lanes: the number of lanes of the vectors.
    """
    kind = _VECTORS[lanes]
    function = Function(name, dict.fromkeys("xyz"[:operands], kind), kind)
    function.ret(body(*function.arguments))
    return function


def _by_call(name: str, body: "Callable[..., Vector]") -> "Callable[..., Vector]":
    """Makes a method of vectors that calls a function of the module, whose body is written once.

    A body that branches must be a function of its own; for a long body, calls are shorter than copies.
    """

    @cache
    def defined(operands: int, lanes: int) -> Function:
        return vector_function(name, operands, body, lanes)

    def method(self: "Vector", *others: Operand) -> "Vector":
        result: Vector = self.function.call(defined(1 + len(others), self.lanes), self, *map(self.like, others))
        return result

    method.defined = defined  # type: ignore[attr-defined]
    method.__name__ = method.__qualname__ = name
    method.__doc__ = f"Calls the function of vectors for `autograd.functions.{name}`."
    return method


class Mask(Register):
    """The results of a comparison of vectors."""

    __slots__ = ()

    lanes: ClassVar[int] = LANES
    llvm_type = _type("i1", LANES)

    def where(self, a: Operand, b: Operand) -> "Vector":
        """`a` in lanes where the mask is true, `b` in the others."""
        kind = _VECTORS[self.lanes]
        yes, no = _vector(kind, self.function, a), _vector(kind, self.function, b)
        return self.function.emit(
            kind, f"select {self.llvm_type} {self}, {kind.llvm_type} {yes}, {kind.llvm_type} {no}"
        )

    def any(self) -> Condition:
        """Whether the mask is true in at least one lane."""
        condition: Condition = self.function.call(_any(self.lanes), self)
        return condition


class IntegerVector(Register):
    """64-bit integers, one for each lane."""

    __slots__ = ()

    lanes: ClassVar[int] = LANES
    llvm_type = _type("i64", LANES)

    def _binary(self, op: str, other: "IntegerVector | int") -> "IntegerVector":
        operand = other if isinstance(other, IntegerVector) else _constant("i64", str(other), self.lanes)
        return self.function.emit(type(self), f"{op} {self.llvm_type} {self}, {operand}")

    def __add__(self, other: "IntegerVector | int") -> "IntegerVector":
        return self._binary("add", other)

    def __sub__(self, other: "IntegerVector | int") -> "IntegerVector":
        return self._binary("sub", other)

    def __lshift__(self, bits: int) -> "IntegerVector":
        return self._binary("shl", bits)

    def __rshift__(self, bits: int) -> "IntegerVector":
        return self._binary("ashr", bits)

    def has_bit(self, position: int) -> Mask:
        """Where a bit is set; position 0 is the least significant."""
        masked = self._binary("and", 1 << position)
        return self.function.emit(_MASKS[self.lanes], f"icmp ne {self.llvm_type} {masked}, zeroinitializer")

    def as_doubles(self) -> "Vector":
        """The doubles that have these bits."""
        kind = _VECTORS[self.lanes]
        return self.function.emit(kind, f"bitcast {self.llvm_type} {self} to {kind.llvm_type}")


class Vector(Register):
    """Eight doubles, one for each of eight samples."""

    __slots__ = ()

    is_autograd_number = True
    lanes: ClassVar[int] = LANES
    llvm_type = _type("double", LANES)

    @classmethod
    def constant(cls, function: Function, number: float) -> "Vector":
        """A number that is known when the function is written, in every lane.

        Raises:
            TypeError: if it is not a real number.
        """
        plain = real(number)
        if type(plain) is not float:
            raise TypeError(f"an operand of a vector must be a vector or a real number, not {number!r}")
        return cls(function, _constant("double", double(plain), cls.lanes))

    @classmethod
    def splat(cls, number: Double) -> "Vector":
        """A number in every lane."""
        emit = number.function.emit
        first = emit(cls, f"insertelement {cls.llvm_type} poison, double {number.name}, i32 0")
        mask = f"{_type('i32', cls.lanes)} zeroinitializer"
        return emit(cls, f"shufflevector {cls.llvm_type} {first.name}, {cls.llvm_type} poison, {mask}")

    def like(self, number: Operand) -> "Vector":
        """Returns a vector unchanged, and a real number as a constant."""
        return _vector(type(self), self.function, number)

    def _emit(self, text: str) -> "Vector":
        return self.function.emit(type(self), text)

    def _binary(self, op: str, other: Operand) -> "Vector":
        return self._emit(f"{op} {self.llvm_type} {self.name}, {self.like(other).name}")

    def _compare(self, predicate: str, other: Operand) -> Mask:
        return self.function.emit(_MASKS[self.lanes], f"fcmp {predicate} {self.llvm_type} {self}, {self.like(other)}")

    def __add__(self, other: Operand) -> "Vector":
        return self._binary("fadd", other)

    def __radd__(self, number: float) -> "Vector":
        return self + number

    def __sub__(self, other: Operand) -> "Vector":
        return self._binary("fsub", other)

    def __rsub__(self, number: float) -> "Vector":
        return self.like(number) - self

    def __mul__(self, other: Operand) -> "Vector":
        return self._binary("fmul", other)

    def __rmul__(self, number: float) -> "Vector":
        return self * number

    def __truediv__(self, other: Operand) -> "Vector":
        return self._binary("fdiv", other)

    def __rtruediv__(self, number: float) -> "Vector":
        return self.like(number) / self

    def __pow__(self, other: Operand) -> Any:
        if isinstance(other, (float, int)) and other in WHOLE_POWERS:
            return whole_power(self, other)
        return self.power(other)

    def __rpow__(self, number: float) -> "Vector":
        return self.like(number).power(self)

    def __neg__(self) -> "Vector":
        return self._emit(f"fneg {self.llvm_type} {self}")

    def __pos__(self) -> "Vector":
        return self

    def __gt__(self, other: Operand) -> Mask:
        return self._compare("ogt", other)

    def __lt__(self, other: Operand) -> Mask:
        return self._compare("olt", other)

    def __eq__(self, other: Operand) -> Mask:  # type: ignore[override]
        return self._compare("oeq", other)

    __hash__ = Register.__hash__

    def is_nan(self) -> Mask:
        """Where the number is nan."""
        return self._compare("uno", 0.0)

    def select(self, a: Operand, b: Operand) -> "Vector":
        """`a` in lanes where this number is above 0, `b` in the others."""
        return (self > 0.0).where(a, b)

    def absolute(self) -> "Vector":
        """`|x|`."""
        return self._intrinsic("fabs")

    def sqrt(self) -> "Vector":
        """The square root, correctly rounded."""
        return self._intrinsic("sqrt")

    def truncated(self) -> "Vector":
        """The integer next to it towards 0."""
        return self._intrinsic("trunc")

    def fma(self, factor: Operand, addend: Operand) -> "Vector":
        """self · factor + addend, rounded once."""
        return self._intrinsic("fma", self.like(factor), self.like(addend))

    def with_sign_of(self, other: "Vector") -> "Vector":
        """`|x|` with the sign of another number."""
        return self._intrinsic("copysign", other)

    def _intrinsic(self, name: str, *others: "Vector") -> "Vector":
        result: Vector = self.function.call(_intrinsic(name, 1 + len(others), self.lanes), self, *others)
        return result

    exp, expm1, log, log1p = math.exp, math.expm1, math.log, math.log1p
    sinh, cosh, tanh, arctan = math.sinh, math.cosh, math.tanh, angles.arctan
    sin, cos, tan = _by_call("sin", angles.sin), _by_call("cos", angles.cos), _by_call("tan", angles.tan)
    log2, log10 = _by_call("log2", powers.log2), _by_call("log10", powers.log10)
    power = _by_call("power", powers.power)

    def bits(self) -> IntegerVector:
        """The bits of the doubles, as integers."""
        kind = _INTEGERS[self.lanes]
        return self.function.emit(kind, f"bitcast {self.llvm_type} {self} to {kind.llvm_type}")

    def lane(self, lane: int) -> Double:
        """The number in a lane."""
        return self.function.emit(Double, f"extractelement {self.llvm_type} {self}, i32 {lane}")

    def with_lane(self, lane: int, number: Double) -> "Vector":
        """The same vector with a different number in one lane."""
        return self._emit(f"insertelement {self.llvm_type} {self}, double {number}, i32 {lane}")


class ScalarMask(Mask):
    """The result of a comparison of scalars."""

    __slots__ = ()

    lanes = 1
    llvm_type = _type("i1", 1)


class ScalarInteger(IntegerVector):
    """A 64-bit integer that is computed with as a vector."""

    __slots__ = ()

    lanes = 1
    llvm_type = _type("i64", 1)


class Scalar(Vector):
    """A double that is computed with as a vector, for one sample: its bits are those of a lane of eight."""

    __slots__ = ()

    lanes = 1
    llvm_type = _type("double", 1)


class HalfMask(Mask):
    """The results of a comparison of half vectors."""

    __slots__ = ()

    lanes = LANES // 2
    llvm_type = _type("i1", lanes)


class HalfInteger(IntegerVector):
    """64-bit integers, one for each lane of half a vector."""

    __slots__ = ()

    lanes = LANES // 2
    llvm_type = _type("i64", lanes)


class Half(Vector):
    """Four doubles, one for each of four samples: their bits are those of four lanes of eight."""

    __slots__ = ()

    lanes = LANES // 2
    llvm_type = _type("double", lanes)


_MASKS = {LANES: Mask, LANES // 2: HalfMask, 1: ScalarMask}
_INTEGERS = {LANES: IntegerVector, LANES // 2: HalfInteger, 1: ScalarInteger}
_VECTORS = {LANES: Vector, LANES // 2: Half, 1: Scalar}


def _vector(kind: type[Vector], function: Function, number: Operand) -> Vector:
    return number if isinstance(number, Vector) else kind.constant(function, number)


def _constant(kind: str, number: str, lanes: int) -> str:
    return "<" + ", ".join([f"{kind} {number}"] * lanes) + ">"


@cache
def _any(lanes: int) -> Declaration:
    return Declaration(f"llvm.vector.reduce.or.v{lanes}i1", (_MASKS[lanes],), Condition)


@cache
def _intrinsic(name: str, operands: int, lanes: int) -> Declaration:
    """A function that LLVM provides for vectors of doubles."""
    kind = _VECTORS[lanes]
    return Declaration(f"llvm.{name}.v{lanes}f64", (kind,) * operands, kind)


for _name in PRIMITIVES:
    if not hasattr(Vector, _name) and _name not in FORMULAS and has_function(_name):
        setattr(Vector, _name, _by_call(_name, partial(lane_by_lane, _name)))
