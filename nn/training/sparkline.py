"""A curve in one line of text."""

import math
from collections.abc import Sequence

__all__ = ["sparkline"]

_BARS = "▁▂▃▄▅▆▇█"
_GAP = "·"
_LOGARITHMIC_FROM = 100.0  # the ratio of the largest number to the smallest


def sparkline(numbers: Sequence[float], width: int = 24) -> str:
    """Draws numbers as bars, at most `width` of them, evenly spaced from the first number to the last.

    The scale is logarithmic if all bars are positive and they differ by a factor of 100 or more. A number that is not
    finite is a dot.

    >>> sparkline([8, 7, 6, 5, 4, 3, 2, 1])
    '█▇▆▅▄▃▂▁'
    >>> sparkline([1000.0, 100.0, math.nan, 1.0])
    '█▆·▁'
    """
    bars = min(len(numbers), width)
    chosen = [numbers[index * (len(numbers) - 1) // max(bars - 1, 1)] for index in range(bars)]
    finite = [number for number in chosen if math.isfinite(number)]
    if not finite:
        return _GAP * bars
    logarithmic = min(finite) > 0 and max(finite) / min(finite) >= _LOGARITHMIC_FROM
    scale = math.log if logarithmic else float
    low, high = scale(min(finite)), scale(max(finite))
    return "".join(_bar(scale(number), low, high) if math.isfinite(number) else _GAP for number in chosen)


def _bar(number: float, low: float, high: float) -> str:
    if low == high:
        return _BARS[0]
    height = (number / 2 - low / 2) / (high / 2 - low / 2)  # halves, because the difference may overflow
    return _BARS[round(height * (len(_BARS) - 1))]
