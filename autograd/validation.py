"""Validation of the numbers passed to an operation."""

from autograd.functions import real

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__all__ = ["described", "plain_number"]


def plain_number(number: "Any", name: str) -> float:
    """Returns `number` as a float.

    Raises:
        TypeError: if it is not a plain number; the message calls it `name`.

    >>> plain_number(2, "the slope")
    2.0
    """
    plain = real(number)
    if type(plain) is not float:
        raise TypeError(f"{name} must be a plain number, not {described(number)}")
    return plain


def described(wrong: "Any") -> str:
    """Describes an argument that is not a number, with advice if the intention is likely.

    >>> described("3"), described([1.0])
    ("the string '3'", '[1.0]; use autograd.array() to make an array of Values')
    """
    if isinstance(wrong, str):
        return f"the string {wrong!r}"
    if isinstance(wrong, complex):
        return f"the complex number {wrong!r}"
    if isinstance(wrong, (list, tuple)) or hasattr(wrong, "shape"):
        return f"{wrong!r}; use autograd.array() to make an array of Values"
    return f"{wrong!r}"
