"""Validation of the numbers passed to an operation."""

from autograd.functions import real
from autograd.node import CARRIER, Node

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from autograd.value import Value

__all__ = [
    "assigned_gradient",
    "assigned_number",
    "assigned_numbers",
    "described",
    "plain_number",
    "real_numbers",
]


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


def assigned_number(node: "Value") -> "Any":
    """Returns the data of a node as a float, or as it is if the node was made to carry another kind of number.

    Raises:
        TypeError: if it is not a real number; the message names the node.
    """
    number = real(node.data)
    if type(number) is float or (number is not None and (node._a is not None or node._da is CARRIER)):
        return number
    raise TypeError(f"the data of {_name(node)} must be a real number, not {_assigned(node.data)}")


def assigned_numbers(nodes: "Sequence[Value]") -> list[float]:
    """Returns the data of several nodes; see `assigned_number`."""
    numbers = [node.data for node in nodes]
    return numbers if set(map(type, numbers)) <= {float} else list(map(assigned_number, nodes))


def assigned_gradient(node: "Value") -> float:
    """Returns the gradient of a node as a float.

    Raises:
        TypeError: if it is not a real number; the message names the node.
    """
    number = real(node.grad)
    if type(number) is float:
        return number
    raise TypeError(f"the grad of {_name(node)} must be a real number, not {_assigned(node.grad)}")


def _name(node: "Value") -> str:
    what = f"the {node.role} leaf" if node._a is None else f"the {node.op} node"
    return f"{what} {node.label!r}" if node.label else f"an unnamed {node.role or node.op} {what.split()[-1]}"


def _assigned(number: "Any") -> str:
    return f"{described(number)}; assign its .data" if isinstance(number, Node) else described(number)


def real_numbers(given: "Sequence[Any]", paths: "Callable[[], list[str]]") -> "list[Any]":
    """Returns numbers as floats, and Values as they are.

    Raises:
        TypeError: if one is neither; the message calls it by its element of `paths()`.

    >>> real_numbers([2, True], lambda: ["x[0]", "x[1]"])
    [2.0, 1.0]
    """
    numbers = [number if isinstance(number, Node) else real(number) for number in given]
    for place, number in enumerate(numbers):
        if number is None:
            raise TypeError(f"{paths()[place]} must be a real number, not {described(given[place])}")
    return numbers


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
