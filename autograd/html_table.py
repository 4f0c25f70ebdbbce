"""Rows of text as an HTML table for notebooks, which give it their own style and colours."""

from collections.abc import Container, Sequence
from html import escape

__all__ = ["html_table"]

_PADDING = "0.25em 0.6em"  # marimo gives a table none


def html_table(caption: str, header: Sequence[str], rows: Sequence[Sequence[str]], left: Container[int] = (0,)) -> str:
    """Formats a table as HTML, with columns aligned to the right except those whose indices are in `left`.

    Text is escaped as HTML. The first cell of each row is its heading.

    Arguments:
        caption: the caption.
        header: the headings of the columns.
        rows: the rows, each as long as the header.
        left: the indices of the columns aligned to the left.

    >>> html_table("a < b", ["", "value"], [["result", "0.5"]]).startswith("<table><caption>a &lt; b</caption>")
    True
    """
    alignments = ["left" if place in left else "right" for place in range(len(header))]
    aligned = [f' style="text-align: {alignment}; padding: {_PADDING}"' for alignment in alignments]
    headings = "".join(
        f'<th scope="col"{style}>{escape(cell)}</th>' for cell, style in zip(header, aligned, strict=True)
    )
    body = "".join(f"<tr>{_cells(row, aligned)}</tr>" for row in rows)
    return f"<table><caption>{escape(caption)}</caption><thead><tr>{headings}</tr></thead><tbody>{body}</tbody></table>"


def _cells(row: Sequence[str], aligned: Sequence[str]) -> str:
    cells = [f"td{style}>{escape(cell)}</td" for cell, style in zip(row, aligned, strict=True)]
    cells[0] = f'th scope="row"{aligned[0]}>{escape(row[0])}</th'
    return "".join(f"<{cell}>" for cell in cells)
