"""The text of an operation in a box, with the constants that have no box of their own."""

from collections.abc import Callable, Collection

from autograd import Value
from autograd.notation.operations import operation_of, symbol

__all__ = ["operation_with"]


def operation_with(hidden: Collection[Value], node: Value, number: Callable[[object], str]) -> str:
    """Returns the symbol of an operation, with the numbers of some operands written on their side of it.

    Arguments:
        hidden: the operands to write.
        node: the operation.
        number: writes a number.

    >>> x, half = Value(3.0, "x"), Value(0.5)
    >>> operation_with({half}, x * half, str)
    '× 0.5'
    """
    if not any(operand in hidden for operand in node.operands):
        return symbol(node)
    operands = [number(operand.data) if operand in hidden else "·" for operand in node.operands]
    if node.op == "power":
        return "^".join([*operands, *map(number, node.numbers)])
    if operation_of(node).style == "infix":
        left, right = ("" if operand == "·" else operand for operand in operands)
        return f"{left} {symbol(node)} {right}".strip()
    return f"{symbol(node)}({', '.join(operands)})"
