"""The check that every number of a graph is finite."""

import math

from autograd.functions import real
from autograd.graph import walk

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from autograd.value import Value

__all__ = ["NonFiniteError", "check_finite"]


class NonFiniteError(ArithmeticError):
    """A value or a local derivative in a graph is inf or nan."""


def check_finite(root: "Value") -> None:
    """Raises `NonFiniteError` naming the first node below `root` whose data or local derivative is inf or nan."""
    leaves, operations = walk(root)
    for node in leaves + operations:
        if not _is_finite(node.data):
            raise NonFiniteError(f"{node.op or node.role + ' leaf'} is {node.data}: {_equation(node)}")
        for local in node.local_derivatives:
            if not _is_finite(local):
                raise NonFiniteError(f"the derivative of {node.op} is {local}: {_equation(node)}")


def _is_finite(number: "Any") -> bool:
    plain = real(number)  # an int or a NumPy scalar may have been assigned to `data`
    return type(plain) is not float or math.isfinite(plain)


def _equation(node: "Value") -> str:
    """The operation of a node with the data of its operands and result, its label and its scope."""
    where = f", in {_on_one_line(node.scope)}" if node.scope else ""
    if not node.op:
        return f"{_named(node)}{where}"
    arguments = [_named(operand) for operand in node.operands] + [str(number) for number in node.numbers]
    label = f"{_on_one_line(node.label)} = " if node.label else ""
    return f"{label}{node.op}({', '.join(arguments)}) = {node.data}{where}"


def _named(node: "Value") -> str:
    return f"{_on_one_line(node.label)}={node.data}" if node.label else f"{node.data}"


def _on_one_line(text: str) -> str:
    return text if text.isprintable() else repr(text)
