"""Numbers and labels as text in a picture."""

from collections.abc import Container, Sequence

from autograd.notation.characters import visible

__all__ = ["check_precision", "number", "printable", "table"]

_LONGEST_LINE, _MOST_LINES = 48, 12


def check_precision(precision: object) -> None:
    """Guards the option `precision`.

    Raises:
        ValueError: if it is not 1 to 17.
    """
    if isinstance(precision, bool) or not isinstance(precision, int) or not 1 <= precision <= 17:
        raise ValueError(f"the precision is 1 to 17 significant digits, not {precision!r}")


def number(x: object, precision: int) -> str:
    """A number to so many significant digits.

    >>> number(0.5, 4), number(-123456.789, 4), number(2.0, 4)
    ('0.5', '-1.235e+05', '2.0')
    """
    if not isinstance(x, float):
        return str(x)
    text = f"{x or 0.0:.{precision}g}"  # the sign of a zero is for the tooltip
    return text + ".0" if text.lstrip("-").isdigit() else text


def printable(text: str) -> str:
    """Text fit for a picture: control characters made visible, long lines and what follows the twelfth cut short.

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


def table(header: Sequence[str], rows: Sequence[Sequence[str]], left: Container[int] = (0,)) -> str:
    """Columns aligned to the right, those in the places `left` to the left.

    >>> print(table(["", "value"], [["result", "0.5"]]))
            value
    result    0.5
    """
    lines = [header, *rows]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    aligned = [str.ljust if place in left else str.rjust for place in range(len(header))]
    return "\n".join(
        "  ".join(align(cell, width) for align, cell, width in zip(aligned, line, widths, strict=True)).rstrip()
        for line in lines
    )
