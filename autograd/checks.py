"""Finding the first node of a graph that left the finite numbers."""

import math

from autograd.functions import real
from autograd.graph import walk
from autograd.value import NonFiniteError, Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__all__ = ["check_finite"]


def check_finite(root: Value) -> None:
    """Raises `NonFiniteError` naming the first node below `root` whose data or local derivative is inf or nan."""
    leaves, operations = walk(root)
    for node in leaves + operations:
        if not _is_finite(node.data):
            raise NonFiniteError(f"{node.op or node.role + ' leaf'} is {node.data}: {_equation(node)}")
        for local in node.local_derivatives:
            if not _is_finite(local):
                raise NonFiniteError(f"the derivative of {node.op} is {local}: {_equation(node)}")


def _is_finite(number: "Any") -> bool:
    plain = real(number)  # data may have been assigned as an int or a NumPy scalar
    return type(plain) is not float or math.isfinite(plain)


def _equation(node: Value) -> str:
    """The operation of a node, with its operands' values, its label and the module it is in."""
    where = f", in {node.scope}" if node.scope else ""
    if not node.op:
        return f"{_named(node)}{where}"
    arguments = [_named(operand) for operand in node.operands] + [str(number) for number in node.numbers]
    label = f"{node.label} = " if node.label else ""
    return f"{label}{node.op}({', '.join(arguments)}) = {node.data}{where}"


def _named(node: Value) -> str:
    return f"{node.label}={node.data}" if node.label else f"{node.data}"
