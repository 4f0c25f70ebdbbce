"""The symbols of operations of other engines: what micrograd calls `*` or `**2`, pictures show as × or x²."""

import re

from autograd import Value
from autograd.notation.operations import OPERATIONS, symbol

__all__ = ["operation_symbol"]

_NAMES = {
    "+": "add",
    "-": "subtract",
    "*": "multiply",
    "/": "divide",
    "**": "power",
    "sub": "subtract",
    "mul": "multiply",
    "div": "divide",
    "truediv": "divide",
    "pow": "power",
    "neg": "negative",
    "abs": "absolute",
}
_POWER = re.compile(r"\*\*\s*\(?(-?[\d.]+(?:e-?\d+)?)\)?")


def operation_symbol(name: str, operands: int) -> str:
    """Returns the symbol by which pictures show an operation.

    Arguments:
        name: what an engine calls the operation.
        operands: the number of its operands.

    >>> [operation_symbol(name, 2) for name in ("*", "mul", "**2", "ReLU", "softmax")]
    ['×', '×', 'x²', 'ReLU', 'softmax']
    """
    if match := _POWER.fullmatch(name):
        try:
            return symbol(Value(1.0) ** float(match[1]))
        except ValueError:
            return name
    if name == "-" and operands == 1:
        name = "neg"
    plain = name.strip("_").lower()
    known = OPERATIONS.get(_NAMES.get(plain, plain))
    return known.symbol if known is not None and "{" not in known.symbol else name
