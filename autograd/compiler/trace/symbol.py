"""A number known only by the instruction that will compute it."""

from typing import TYPE_CHECKING, Any, NoReturn

from autograd.functions import PRIMITIVES, WHOLE_POWERS, whole_power
from autograd.node import COMPILED

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from autograd.compiler.trace.builder import Builder

__all__ = ["Symbol", "TracingError", "symbol_of"]


_BOUNDED = ("input", "tanh", "sigmoid", "sin", "cos", "erf")


class TracingError(TypeError):
    """A function that was being compiled needed the number that a symbol stands for."""


class Symbol:
    """The number that a `Value` carries while a graph is traced: arithmetic on it writes instructions.

    Every primitive of `autograd.functions` is a method or an operator of this class. Comparing a symbol, branching on
    it or converting it raises `TracingError`, because the number is not known yet.

    Arguments:
        builder: the builder that the instructions are written to.
        index: the index of the instruction that computes this number.
    """

    __slots__ = ("builder", "index")
    is_autograd_number = True

    def __init__(self, builder: "Builder", index: int) -> None:
        self.builder = builder
        self.index = index

    @property
    def is_finite(self) -> bool:
        """Whether this number is known to be finite, or nan because one before it left the finite numbers."""
        return self.builder.finite_inputs and self.builder.ops[self.index] in _BOUNDED

    def __add__(self, other: Any) -> "Symbol":
        return _binary("add", self, other)

    def __radd__(self, other: Any) -> "Symbol":
        return _reversed("add", other, self)

    def __sub__(self, other: Any) -> "Symbol":
        return _binary("subtract", self, other)

    def __rsub__(self, other: Any) -> "Symbol":
        return _reversed("subtract", other, self)

    def __mul__(self, other: Any) -> "Symbol":
        return _binary("multiply", self, other)

    def __rmul__(self, other: Any) -> "Symbol":
        return _reversed("multiply", other, self)

    def __truediv__(self, other: Any) -> "Symbol":
        return _binary("divide", self, other)

    def __rtruediv__(self, other: Any) -> "Symbol":
        return _reversed("divide", other, self)

    def __pow__(self, other: Any) -> Any:
        if not isinstance(other, Symbol) and float(other) in WHOLE_POWERS:
            return whole_power(self, float(other))
        return _binary("power", self, other)

    def __rpow__(self, other: Any) -> "Symbol":
        return _reversed("power", other, self)

    def __neg__(self) -> "Symbol":
        return _unary("negative", self)

    def __pos__(self) -> "Symbol":
        return self

    def absolute(self) -> "Symbol":
        return _unary("absolute", self)

    def exp(self) -> "Symbol":
        return _unary("exp", self)

    def log(self) -> "Symbol":
        return _unary("log", self)

    def log1p(self) -> "Symbol":
        return _unary("log1p", self)

    def expm1(self) -> "Symbol":
        return _unary("expm1", self)

    def sqrt(self) -> "Symbol":
        return _unary("sqrt", self)

    def log2(self) -> "Symbol":
        return _unary("log2", self)

    def log10(self) -> "Symbol":
        return _unary("log10", self)

    def cbrt(self) -> "Symbol":
        return _unary("cbrt", self)

    def sin(self) -> "Symbol":
        return _unary("sin", self)

    def cos(self) -> "Symbol":
        return _unary("cos", self)

    def tan(self) -> "Symbol":
        return _unary("tan", self)

    def arcsin(self) -> "Symbol":
        return _unary("arcsin", self)

    def arccos(self) -> "Symbol":
        return _unary("arccos", self)

    def arctan(self) -> "Symbol":
        return _unary("arctan", self)

    def sinh(self) -> "Symbol":
        return _unary("sinh", self)

    def cosh(self) -> "Symbol":
        return _unary("cosh", self)

    def tanh(self) -> "Symbol":
        return _unary("tanh", self)

    def arcsinh(self) -> "Symbol":
        return _unary("arcsinh", self)

    def arccosh(self) -> "Symbol":
        return _unary("arccosh", self)

    def arctanh(self) -> "Symbol":
        return _unary("arctanh", self)

    def sigmoid(self) -> "Symbol":
        return _unary("sigmoid", self)

    def softplus(self) -> "Symbol":
        return _unary("softplus", self)

    def erf(self) -> "Symbol":
        return _unary("erf", self)

    def erfc(self) -> "Symbol":
        return _unary("erfc", self)

    def round(self) -> "Symbol":
        return _unary("round", self)

    def divide(self, other: Any) -> "Symbol":
        return _binary("divide", self, other)

    def power(self, other: Any) -> "Symbol":
        return _binary("power", self, other)

    def arctan2(self, other: Any) -> "Symbol":
        return _binary("arctan2", self, other)

    def hypot(self, other: Any) -> "Symbol":
        return _binary("hypot", self, other)

    def fmod(self, other: Any) -> "Symbol":
        return _binary("fmod", self, other)

    def select(self, a: Any, b: Any) -> "Symbol":
        return self.builder.operation("select", self, a, b)

    def constant(self, number: float) -> "Symbol":
        """A plain number as a symbol of the same routine."""
        return Symbol(self.builder, self.builder.index_of(number))

    def call_python(self, function: "Callable[..., float]", operands: "Sequence[Any]", cause: str) -> "Symbol":
        """Writes an instruction that calls a function of floats, because running it on symbols raised an exception.

        Arguments:
            function: what is called, such as an `autograd.primitive.Primitive`. Its attributes are a name, `op`, and a
                `title` for error messages.
            operands: symbols and plain numbers.
            cause: the exception.
        """
        return self.builder.call(function, operands, cause)

    def _unknown(self, what: str) -> NoReturn:
        raise TracingError(
            f"{what} needs a number that is known only when the program runs: a function that is compiled must not "
            "branch on data or convert it. Use maximum, minimum, clip or select to choose, or run it without compiling"
        )

    def __bool__(self) -> bool:
        self._unknown("the truth of a value")

    def __float__(self) -> float:
        self._unknown("converting a value to float")

    def __int__(self) -> int:
        self._unknown("converting a value to int")

    def __index__(self) -> int:
        self._unknown("using a value as an index")

    def __round__(self, digits: Any = None) -> int:
        self._unknown("rounding a value")

    def __lt__(self, other: object) -> bool:
        self._unknown("a comparison (< or >)")

    def __le__(self, other: object) -> bool:
        self._unknown("a comparison (<= or >=)")

    def __gt__(self, other: object) -> bool:
        self._unknown("a comparison (< or >)")

    def __ge__(self, other: object) -> bool:
        self._unknown("a comparison (<= or >=)")

    def __eq__(self, other: object) -> bool:
        self._unknown("a comparison (==)")

    def __ne__(self, other: object) -> bool:
        self._unknown("a comparison (!=)")

    def __format__(self, spec: str) -> str:
        return self._unknown("formatting a value") if spec else repr(self)

    def __repr__(self) -> str:
        return f"Symbol({self.index})"


def symbol_of(builder: "Builder", index: int) -> Symbol:
    """Returns `Symbol(builder, index)`, which takes longer."""
    symbol = Symbol.__new__(Symbol)
    symbol.builder = builder
    symbol.index = index
    return symbol


def _unary(op: str, a: Symbol) -> Symbol:
    return a.builder.result(op, (a.index,))


def _binary(op: str, a: Symbol, b: Any) -> Symbol:
    return a.builder.result(op, (a.index, b.index if type(b) is Symbol else a.builder.index_of(b)))


def _reversed(op: str, a: Any, b: Symbol) -> Symbol:
    return b.builder.result(op, (b.builder.index_of(a), b.index))


def _method(op: str) -> Any:
    def method(self: Symbol, *others: Any) -> Symbol:
        return self.builder.operation(op, self, *others)

    return method


if not COMPILED:  # where a primitive can be added while the program runs
    for _name in PRIMITIVES:
        if not hasattr(Symbol, _name):
            setattr(Symbol, _name, _method(_name))
