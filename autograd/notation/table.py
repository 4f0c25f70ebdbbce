"""Rows of text as a table with aligned columns."""

from collections.abc import Container, Iterable, Sequence

from autograd.notation.characters import on_one_line

__all__ = ["table"]


def table(header: Sequence[str], rows: Iterable[Sequence[str]], left: Container[int] = (0,)) -> str:
    """Formats a table, with columns aligned to the right except those whose indices are in `left`.

    Each row is one line: line breaks and other unprintable characters in its cells are written as escape sequences.

    Arguments:
        header: the first row.
        rows: the other rows, each as long as the header.
        left: the indices of the columns aligned to the left.

    >>> print(table(["", "value"], [["result", "0.5"]]))
            value
    result    0.5
    """
    lines = [[on_one_line(cell) for cell in row] for row in (header, *rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    aligned = [str.ljust if position in left else str.rjust for position in range(len(header))]
    return "\n".join(
        "  ".join(align(cell, width) for align, cell, width in zip(aligned, line, widths, strict=True)).rstrip()
        for line in lines
    )
