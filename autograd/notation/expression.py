r"""Expressions as text: numbers and templates, with no more brackets than the order of operations needs.

>>> product = Form("{} * {}", PRODUCT, (PRODUCT, SIGN))
>>> product.write([Written("a + b", SUM), code_number(-2.0)], "({})").text
'(a + b) * -2.0'
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

__all__ = [
    "ANY",
    "ATOM",
    "POWER",
    "PRODUCT",
    "SIGN",
    "SUM",
    "Form",
    "Written",
    "code_number",
    "is_shown",
    "latex_number",
    "rounded",
]

# The precedence of a written expression, from low to high. An operand whose precedence is too low gets brackets.
ANY, SUM, PRODUCT, SIGN, POWER, ATOM = range(6)


class Written(NamedTuple):
    """An expression as text, with its precedence: `ANY`, `SUM`, `PRODUCT`, `SIGN`, `POWER` or `ATOM`."""

    text: str
    precedence: int


class Form(NamedTuple):
    """How an operation is written: a template with the precedences that it needs.

    Attributes:
        template: a format string; {0}, {1}, ... are the operands, then the plain numbers of the operation.
        precedence: the precedence of the result.
        needed: the precedence that each operand and number needs in order to be written without brackets.
    """

    template: str
    precedence: int
    needed: tuple[int, ...]

    def write(self, operands: Sequence[Written], brackets: str) -> Written:
        """Fills in the template; `brackets` is the template of a bracketed expression.

        >>> Form("{} - {}", SUM, (SUM, PRODUCT)).write([Written("a", ATOM), Written("b - c", SUM)], "({})").text
        'a - (b - c)'
        """
        texts = [
            text if precedence >= needed else brackets.format(text)
            for (text, precedence), needed in zip(operands, self.needed, strict=True)
        ]
        return Written(self.template.format(*texts), self.precedence)


def code_number(number: float) -> Written:
    """Writes a float in Python, so that evaluating it returns the same float.

    >>> code_number(-0.1).text, code_number(math.inf).text
    ('-0.1', 'float("inf")')
    """
    if not math.isfinite(number):
        return Written(f'float("{number}")', ATOM)
    return Written(repr(number), SIGN if math.copysign(1.0, number) < 0.0 else ATOM)


def latex_number(number: float, precision: int = 6) -> Written:
    r"""Writes a float in LaTeX, rounded to `precision` significant digits.

    >>> print(*[latex_number(x).text for x in (2.0, -0.5, 1e-7, -2.5e20, math.inf)])
    2 -0.5 10^{-7} -2.5 \cdot 10^{20} \infty
    """
    if math.isnan(number):
        return Written(r"\mathrm{nan}", ATOM)
    sign, precedence = ("-", SUM) if math.copysign(1.0, number) < 0.0 else ("", ATOM)
    if math.isinf(number):
        return Written(rf"{sign}\infty", precedence)
    digits, _, exponent = f"{abs(number):.{precision}g}".partition("e")
    if not exponent:
        return Written(sign + digits, precedence)
    power = f"10^{{{int(exponent)}}}"
    if digits == "1":
        return Written(sign + power, min(precedence, POWER))
    return Written(rf"{sign}{digits} \cdot {power}", min(precedence, PRODUCT))


def rounded(number: float, precision: int = 6) -> float:
    """Rounds a number to significant digits, as texts show it.

    >>> rounded(1 / 3), rounded(1 / 3, 2)
    (0.333333, 0.33)
    """
    return float(f"{number:.{precision}g}")


def is_shown(from_shown: float, result: float, precision: int = 6) -> bool:
    """Whether what follows from the rounded numbers that a text shows is, rounded, the result that it shows.

    If not, the text has "≈" instead of "=": a reader who checks it finds another number.

    >>> is_shown(0.71 * 0.33, 0.71 * 0.33, 3), is_shown(0.71 * 0.33, 0.2351, 3)
    (True, False)
    """
    return math.isnan(result) or rounded(from_shown, precision) == rounded(result, precision)
