"""Whether an answer is right, and which mistake it is likely to come from. Pages judge alike: `assets/answer.js`."""

import math
from fractions import Fraction

from viz.exercises.fields import Numbers

__all__ = ["MISTAKES", "is_right", "mistake_in"]

_TOLERANCE = 0.01  # of the right number: three digits will do, also if they were computed from rounded numbers
_ZERO = 1e-9  # what rounding errors of a float leave where the exact number is 0

MISTAKES = {
    "nan": "is not a number",
    "sign": "has the wrong sign",
    "one use": "is what one use contributes; add up the contributions of all uses",
    "local": "has the local derivative only; multiply it by the upstream gradient",
    "value": "is the value of the node, not its gradient",
    "large": "is too large",
    "small": "is too small",
}
"""What is said about a wrong answer, by the mistake."""


def is_right(answer: float | Fraction, truth: float, tolerance: float | Fraction = _TOLERANCE) -> bool:
    """Whether an answer is the right number, give or take 1 %, or another fraction. Only infinity is near infinity.

    >>> is_right(0.33, 1 / 3), is_right(0.3, 1 / 3), is_right(0.0, 5.5e-17)
    (True, False, True)
    """
    return answer == truth or (
        abs(truth) != math.inf and (abs(answer - truth) <= tolerance * abs(truth) or abs(answer - truth) <= _ZERO)
    )


def mistake_in(answer: float, numbers: Numbers) -> str:
    """Returns the mistake in an answer, a key of `MISTAKES`; "" if it is right.

    >>> numbers = Numbers(-2.25, value=0.5, contributions=(1.0, -3.25), locals=(1.0, -3.25))
    >>> [mistake_in(answer, numbers) for answer in (-2.25, 2.25, -3.25, 0.5, 7.0)]
    ['', 'sign', 'one use', 'value', 'sign']
    """
    truth = numbers.truth
    if answer != answer:
        return "nan"
    if is_right(answer, truth):
        return ""
    if is_right(answer, -truth):
        return "sign"
    if len(numbers.contributions) > 1 and any(is_right(answer, part) for part in numbers.contributions):
        return "one use"
    if numbers.locals and any(is_right(answer, local) for local in (*numbers.locals, sum(numbers.locals))):
        return "local"
    if numbers.contributions and is_right(answer, numbers.value):
        return "value"
    if answer * truth < 0:
        return "sign"
    return "large" if abs(answer) > abs(truth) else "small"
