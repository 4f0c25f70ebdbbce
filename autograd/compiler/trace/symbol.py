"""A number known only by the instruction that will compute it."""

from typing import Any, NoReturn

from autograd.compiler.ir.instruction import Recorder
from autograd.functions import WHOLE_POWERS, real, whole_power

__all__ = ["Symbol", "TracingError", "place_of"]


class TracingError(TypeError):
    """A function that was being compiled asked what number a symbol is."""


class Symbol:
    """What a `Value` carries while a graph is compiled: arithmetic on it writes instructions down.

    Comparing it, branching on it or converting it raises `TracingError`, for which way it would go is not known yet.

    Arguments:
        recorder: where the instructions go.
        place: of the instruction that computes this number.
    """

    __slots__ = ("place", "recorder")

    def __init__(self, recorder: Recorder, place: int) -> None:
        self.recorder = recorder
        self.place = place

    def _operation(self, op: str, *operands: Any) -> "Symbol":
        places = tuple(place_of(self.recorder, operand) for operand in operands)
        return Symbol(self.recorder, self.recorder.operation(op, places))

    def __add__(self, other: Any) -> "Symbol":
        return self._operation("add", self, other)

    def __radd__(self, other: Any) -> "Symbol":
        return self._operation("add", other, self)

    def __sub__(self, other: Any) -> "Symbol":
        return self._operation("subtract", self, other)

    def __rsub__(self, other: Any) -> "Symbol":
        return self._operation("subtract", other, self)

    def __mul__(self, other: Any) -> "Symbol":
        return self._operation("multiply", self, other)

    def __rmul__(self, other: Any) -> "Symbol":
        return self._operation("multiply", other, self)

    def __truediv__(self, other: Any) -> "Symbol":
        return self._operation("divide", self, other)

    def __rtruediv__(self, other: Any) -> "Symbol":
        return self._operation("divide", other, self)

    def __pow__(self, other: Any) -> Any:
        if not isinstance(other, Symbol) and float(other) in WHOLE_POWERS:
            return whole_power(self, float(other))
        return self._operation("power", self, other)

    def __rpow__(self, other: Any) -> "Symbol":
        return self._operation("power", other, self)

    def __neg__(self) -> "Symbol":
        return self._operation("negative", self)

    def __pos__(self) -> "Symbol":
        return self

    def select(self, a: Any, b: Any) -> "Symbol":
        """`a` where this number is above 0, else `b`."""
        return self._operation("select", self, a, b)

    def _no_number(self, what: str) -> NoReturn:
        raise TracingError(
            f"{what} asks for a number that is known only when the program runs: what is compiled must not branch on "
            "data or convert it. Choose by maximum, minimum, clip or select instead, or run it without compiling"
        )

    def __bool__(self) -> bool:
        self._no_number("taking a value as true or false")

    def __float__(self) -> float:
        self._no_number("converting a value to float")

    def __int__(self) -> int:
        self._no_number("converting a value to int")

    def __index__(self) -> int:
        self._no_number("using a value as an index")

    def __round__(self, digits: Any = None) -> int:
        self._no_number("rounding a value")

    def __lt__(self, other: object) -> bool:
        self._no_number("a comparison (< or >)")

    def __le__(self, other: object) -> bool:
        self._no_number("a comparison (<= or >=)")

    def __gt__(self, other: object) -> bool:
        self._no_number("a comparison (< or >)")

    def __ge__(self, other: object) -> bool:
        self._no_number("a comparison (<= or >=)")

    def __eq__(self, other: object) -> bool:
        self._no_number("a comparison (==)")

    def __ne__(self, other: object) -> bool:
        self._no_number("a comparison (!=)")

    def __format__(self, spec: str) -> str:
        return self._no_number("formatting a value") if spec else repr(self)

    __hash__ = None  # type: ignore[assignment]  # as for every class that says what == means

    def __repr__(self) -> str:
        return f"Symbol({self.place})"


def _elementary(name: str) -> Any:
    def method(self: Symbol) -> Symbol:
        return self._operation(name, self)

    method.__name__ = method.__qualname__ = name
    method.__doc__ = f"The instruction of `autograd.functions.{name}`."
    return method


for _name in ("exp", "log", "log1p", "expm1", "sqrt", "sin", "cos", "tanh", "sigmoid", "softplus"):
    setattr(Symbol, _name, _elementary(_name))


def place_of(recorder: Recorder, number: Any) -> int:
    """The place of a symbol, or of a plain number as a constant.

    Raises:
        TypeError: for anything else.
    """
    if isinstance(number, Symbol):
        return number.place
    plain = real(number)
    if type(plain) is not float:
        raise TypeError(f"a program computes with real numbers, not {number!r}")
    return recorder.constant(plain)
