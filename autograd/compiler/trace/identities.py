"""Operations that return one of their operands bit for bit, whatever its number is: x · 1, x / 1, x - 0, x + (-0)."""

import math
from collections.abc import Sequence

__all__ = ["returned_operand"]


def returned_operand(op: str, numbers: Sequence[float | None]) -> int | None:
    """Returns the index of the operand that an operation returns bit for bit, whatever its value, or None.

    Arguments:
        op: the operation.
        numbers: for each operand, its number if it is a constant, otherwise None.
    """
    if op == "multiply" and 1.0 in numbers:
        return 1 - numbers.index(1.0)
    if op == "add":
        for position, number in enumerate(numbers):
            if number == 0.0 and math.copysign(1.0, number) < 0.0:
                return 1 - position
    if (op == "divide" and numbers[1] == 1.0) or (op == "subtract" and _is_positive_zero(numbers[1])):
        return 0
    if op == "select" and numbers[0] is not None:
        return 1 if numbers[0] > 0.0 else 2
    return None


def _is_positive_zero(number: float | None) -> bool:
    return number == 0.0 and math.copysign(1.0, number) > 0.0
