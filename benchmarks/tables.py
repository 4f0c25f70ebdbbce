"""Tables of results: Markdown that is printed, and read again where it is quoted."""

import re
from collections.abc import Sequence
from typing import NamedTuple


class Table(NamedTuple):
    """A table as it was printed.

    Attributes:
        title: its heading.
        rows: maps the first cell of each row, and the heading of each column, to a cell.
        text: its lines.
    """

    title: str
    rows: dict[str, dict[str, str]]
    text: str


def tables(markdown: str) -> list[Table]:
    """Returns the tables of a text, each of which follows a heading of the third level."""
    found = re.findall(r"^### (.*)\n\n((?:\|.*\n?)+)", markdown, re.MULTILINE)
    return [Table(title, _rows(lines), lines.strip()) for title, lines in found]


def titled(found: Sequence[Table], start: str) -> Table:
    """Returns the only table whose title starts like that.

    Raises:
        LookupError: if there is none, or more than one.
    """
    titles = [table.title for table in found]
    chosen = [table for table in found if table.title.startswith(start)]
    if len(chosen) != 1:
        raise LookupError(f"exactly one title must start with {start!r}, not {len(chosen)} of {titles}")
    return chosen[0]


def table_of(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Returns a Markdown table; the first column is left-aligned, the others right-aligned."""
    widths = [max(3, *(len(row[column]) for row in (header, *rows))) for column in range(len(header))]
    rule = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
    return "\n".join(_line(row, widths) for row in (header, rule, *rows))


def print_table(title: str, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Prints a table under its title."""
    print(f"\n### {title}\n\n{table_of(header, rows)}", flush=True)


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    first, *others = cells
    aligned = [cell.rjust(width) for cell, width in zip(others, widths[1:], strict=True)]
    return f"| {' | '.join([first.ljust(widths[0]), *aligned])} |"


def _rows(lines: str) -> dict[str, dict[str, str]]:
    header, _, *body = ([cell.strip() for cell in line.strip("|").split("|")] for line in lines.splitlines())
    return {cells[0]: dict(zip(header, cells, strict=True)) for cells in body}
