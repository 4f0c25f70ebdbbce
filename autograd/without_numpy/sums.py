"""Sums in the order of NumPy, on which their last bits depend."""

from collections.abc import Sequence
from typing import Any

__all__ = ["pairwise_sum", "sum_in_turn"]

_BLOCK = 128
_LANES = 8


def pairwise_sum(numbers: Sequence[Any]) -> Any:
    """Returns the sum of numbers that lie next to each other: of halves, down to blocks that are added in eight lanes.

    >>> pairwise_sum([0.1] * 10), pairwise_sum([])
    (1.0, 0.0)
    """
    count = len(numbers)
    if count < _LANES:
        return sum_in_turn(numbers)
    if count > _BLOCK:
        half = count // 2
        half -= half % _LANES
        return pairwise_sum(numbers[:half]) + pairwise_sum(numbers[half:])
    whole = count - count % _LANES
    lanes = [sum_in_turn(numbers[lane:whole:_LANES]) for lane in range(_LANES)]
    while len(lanes) > 1:
        lanes = [a + b for a, b in zip(lanes[::2], lanes[1::2], strict=True)]
    return sum_in_turn([*lanes, *numbers[whole:]])


def sum_in_turn(numbers: Sequence[Any]) -> Any:
    """Returns the sum of numbers from first to last, for which Python's own would choose a more precise order.

    >>> sum_in_turn([0.1] * 10)
    0.9999999999999999
    """
    total: Any = 0.0 if not numbers else numbers[0]
    for number in numbers[1:]:
        total = total + number
    return total
