"""A node of a computation graph: what it holds, and how it is read."""

from autograd.functions import real

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from autograd.value import Value

__all__ = ["MINUS_ONE", "ONE", "ZERO", "Node", "short"]

# Told from equal numbers by their identity:
ONE, MINUS_ONE = float("1"), float("-1")  # local derivatives that need no multiplication
ZERO = float("0")  # a local derivative through which nothing flows; the gradient of a node that none has reached


class Node:
    """The base of `Value`, which describes its attributes: all of a node but the operations."""

    __slots__ = ("_a", "_b", "_da", "_db", "_mark", "_rest", "data", "grad", "label", "op", "scope")

    # result = op(a, b) with local derivatives da and db. A leaf has no a, and its role in `_rest`; there an
    # operation keeps what it has besides two operands: a tuple of plain numbers, or the gate of a select.
    _a: "Any"
    _b: "Any"
    _da: "Any"
    _db: "Any"
    _rest: "Any"
    _mark: int
    data: float
    grad: float
    op: str
    label: str
    scope: str

    @property
    def operands(self) -> "tuple[Value, ...]":
        """What the operation was done to; () for a leaf. Of `select` they are the gate and the two choices."""
        if self._b is None:
            return () if self._a is None else (self._a,)
        gate = self._rest
        return (self._a, self._b) if gate is None else (gate, self._a, self._b)

    @property
    def local_derivatives(self) -> "tuple[Any, ...]":
        """The derivative of the data with respect to each operand; that to the gate of `select` is 0."""
        if self._b is None:
            return () if self._a is None else (self._da,)
        return (self._da, self._db) if self._rest is None else (ZERO, self._da, self._db)

    @property
    def numbers(self) -> tuple[float, ...]:
        """The plain numbers an operation holds: an exponent, a slope, two bounds.

        >>> from autograd import Value
        >>> (Value(3.0) ** 2).numbers
        (2.0,)
        """
        return self._rest if type(self._rest) is tuple else ()

    @property
    def role(self) -> str:
        """What a leaf is for: "plain", "input", "parameter" or "constant"; "" for the result of an operation."""
        return self._rest if self._a is None else ""

    @property
    def has_grad(self) -> bool:
        """Whether a gradient has arrived here since the last `zero_grad()`.

        >>> from autograd import Value
        >>> Value(1.0).has_grad
        False
        """
        return self.grad is not ZERO

    def __repr__(self) -> str:
        parts = [short(self.data)]
        if self.has_grad:
            parts.append(f"grad={short(self.grad)}")
        parts += [f"{name}={text!r}" for name in ("op", "label") if (text := getattr(self, name))]
        return f"Value({', '.join(parts)})"

    def __format__(self, spec: str) -> str:
        return format(self.data, spec)

    def __bool__(self) -> bool:
        return bool(self.data)

    def __lt__(self, other: "Any") -> bool:
        return NotImplemented if (number := _comparable(other)) is NotImplemented else self.data < number

    def __le__(self, other: "Any") -> bool:
        return NotImplemented if (number := _comparable(other)) is NotImplemented else self.data <= number

    def __gt__(self, other: "Any") -> bool:
        return NotImplemented if (number := _comparable(other)) is NotImplemented else self.data > number

    def __ge__(self, other: "Any") -> bool:
        return NotImplemented if (number := _comparable(other)) is NotImplemented else self.data >= number

    def __float__(self) -> float:
        raise TypeError(
            f"{self!r} is not converted to a float in silence, for its graph would end there; "
            "write v.exp() in place of math.exp(v), or v.data for the number alone"
        )


def _comparable(other: "Any") -> "Any":
    if isinstance(other, Node):
        return other.data
    number = real(other)
    return NotImplemented if number is None else number


def short(number: "Any") -> str:
    """A number in six significant digits, recognisably a float."""
    text = f"{number:.6g}" if type(number) is float else str(number)
    return text if type(number) is not float or not text.lstrip("-").isdigit() else text + ".0"
