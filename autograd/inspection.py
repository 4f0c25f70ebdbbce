"""A number that code inspects, and may branch on, read out of the node that carries it."""

from autograd.node import Node

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__all__ = ["carried", "inspected"]


def carried(number: "Any") -> "Any":
    """Returns what a number carries in the end: a float, or the symbol of a compiler.

    >>> from autograd.value import Value
    >>> carried(Value(2.0)), carried(2.0)
    (2.0, 2.0)
    """
    while isinstance(number, Node):
        number = number.data
    return number


def inspected(number: "Any") -> float:
    """Returns the float that a number carries, noted as one that code may branch on: `compile` warns about that.

    Raises:
        TracingError: if the number is not known yet, because a function is being compiled.

    >>> from autograd.value import Value
    >>> inspected(Value(2.0)), inspected(2)
    (2.0, 2.0)
    """
    if isinstance(number, Node):
        number < 0.0  # noqa: B015  # a comparison is what is noted, and what a symbol refuses
    return float(carried(number))
