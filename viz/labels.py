"""Numbers and labels as short text, for pictures, tables and pages."""

import re
from math import isnan

from autograd.notation.characters import visible
from autograd.notation.expression import is_shown, rounded

__all__ = ["check_precision", "number", "printable", "product", "typeset"]

_LONGEST_LINE, _MOST_LINES = 48, 12


def check_precision(precision: object) -> None:
    """Checks the option `precision`, a count of significant digits.

    Raises:
        ValueError: if it is not an integer from 1 to 17.
    """
    if isinstance(precision, bool) or not isinstance(precision, int) or not 1 <= precision <= 17:
        raise ValueError(f"precision must be an integer from 1 to 17, not {precision!r}")


def number(x: object, precision: int) -> str:
    """Formats a number for readers with at most `precision` significant digits; a whole number ends in ".0" if exact.

    >>> number(0.5, 4), number(-123456.789, 4), number(1.5e-7, 4), number(1006.0, 4), number(1006.53, 4)
    ('0.5', '−1.235e5', '1.5e−7', '1006.0', '1007')
    """
    if not isinstance(x, float):
        return typeset(str(x))
    text = f"{x or 0.0:.{precision}g}"  # only the tooltip shows the sign of a negative zero
    return typeset(text + ".0" if text.lstrip("-").isdigit() and float(text) == x else text)


def product(first: float, second: float, result: float, precision: int) -> str:
    """Writes a product of two numbers, with ≈ where the rounded numbers shown do not give the rounded result.

    >>> product(0.5, 3.0, 1.5, 4), product(1 / 6, 3.0, 0.5, 4)
    ('0.5 × 3.0 = 1.5', '0.1667 × 3.0 ≈ 0.5')
    """
    shown = rounded(first, precision) * rounded(second, precision)
    sign = "=" if isnan(shown) or is_shown(shown, result, precision) else "≈"
    return f"{number(first, precision)} × {number(second, precision)} {sign} {number(result, precision)}"


def typeset(number: str) -> str:
    """A number as readers see it everywhere: with a minus sign instead of a hyphen, and a short exponent.

    The pages write numbers in the same way, in `assets/numbers.js`.

    >>> typeset("-1.5e-07"), typeset("1e+20")
    ('−1.5e−7', '1e20')
    """
    return re.sub(r"(?<=[0-9.]e)(?:\+|(-?))0*(?=\d)", r"\1", number).replace("-", "−")


def printable(text: str) -> str:
    """Makes any text fit for a picture: control characters become visible, and long text is cut.

    A line may have 48 characters, and a text 12 lines.

    >>> printable("a" + chr(0) + "b"), len(printable("x" * 1000))
    ('a␀b', 48)
    """
    if text.isprintable() and len(text) <= _LONGEST_LINE:
        return text
    lines = text.replace("\r\n", "\n").split("\n")
    if len(lines) > _MOST_LINES:
        lines[_MOST_LINES - 1 :] = ["…"]
    cut = [line if len(line) <= _LONGEST_LINE else line[: _LONGEST_LINE - 1] + "…" for line in lines]
    return "\n".join("".join(map(visible, line)) for line in cut)
