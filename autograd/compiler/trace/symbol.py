"""A number known only by the instruction that will compute it."""

from typing import TYPE_CHECKING, Any, NoReturn

from autograd.functions import PRIMITIVES, WHOLE_POWERS, whole_power

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from autograd.compiler.trace.builder import Builder

__all__ = ["Symbol", "TracingError"]


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
        return self.builder.finite_inputs and self.builder.instructions[self.index].op in _BOUNDED

    def __add__(self, other: Any) -> "Symbol":
        return self.builder.operation("add", self, other)

    def __radd__(self, other: Any) -> "Symbol":
        return self.builder.operation("add", other, self)

    def __sub__(self, other: Any) -> "Symbol":
        return self.builder.operation("subtract", self, other)

    def __rsub__(self, other: Any) -> "Symbol":
        return self.builder.operation("subtract", other, self)

    def __mul__(self, other: Any) -> "Symbol":
        return self.builder.operation("multiply", self, other)

    def __rmul__(self, other: Any) -> "Symbol":
        return self.builder.operation("multiply", other, self)

    def __truediv__(self, other: Any) -> "Symbol":
        return self.builder.operation("divide", self, other)

    def __rtruediv__(self, other: Any) -> "Symbol":
        return self.builder.operation("divide", other, self)

    def __pow__(self, other: Any) -> Any:
        if not isinstance(other, Symbol) and float(other) in WHOLE_POWERS:
            return whole_power(self, float(other))
        return self.builder.operation("power", self, other)

    def __rpow__(self, other: Any) -> "Symbol":
        return self.builder.operation("power", other, self)

    def __neg__(self) -> "Symbol":
        return self.builder.operation("negative", self)

    def __pos__(self) -> "Symbol":
        return self

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

    __hash__ = None  # type: ignore[assignment]  # as for every class that defines ==

    def __repr__(self) -> str:
        return f"Symbol({self.index})"


def _method(op: str) -> Any:
    def method(self: Symbol, *others: Any) -> Symbol:
        return self.builder.operation(op, self, *others)

    method.__name__ = method.__qualname__ = op
    method.__doc__ = f"Writes the instruction of `autograd.functions.{op}`."
    return method


for _name in PRIMITIVES:
    setattr(Symbol, _name, _method(_name))
