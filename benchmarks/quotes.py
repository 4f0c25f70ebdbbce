"""The tables of RESULTS.md that the README and the pages of the documentation quote in whole.

A page names a table in a comment, which the table follows:

    <!-- benchmarks/RESULTS.md: Goals -->

    | work | ours | ...
"""

import re
from pathlib import Path

from benchmarks.tables import tables, titled

ROOT = Path(__file__).resolve().parents[1]
PAGES = (ROOT / "README.md", ROOT / "docs" / "language_model.md", ROOT / "docs" / "speed.md")
QUOTE = re.compile(r"(<!-- benchmarks/RESULTS\.md: (.+?) -->\n\n)((?:\|.*\n)*)")


def quoted(page: str, results: str) -> str:
    r"""Returns the text of a page whose quoted tables are those of the results.

    >>> results = "### Goals, this year\n\n| work |\n| ---- |\n| one  |\n"
    >>> print(quoted("<!-- benchmarks/RESULTS.md: Goals -->\n\n| old |\n\nText", results))
    <!-- benchmarks/RESULTS.md: Goals -->
    <BLANKLINE>
    | work |
    | ---- |
    | one  |
    <BLANKLINE>
    Text

    Raises:
        LookupError: if not exactly one table has a title that starts like that.
    """
    found = tables(results)
    return QUOTE.sub(lambda match: f"{match[1]}{titled(found, match[2]).text}\n", page)


def write_quotes(results: str) -> None:
    """Writes the tables into the pages that quote them."""
    for page in PAGES:
        page.write_text(quoted(page.read_text(encoding="utf-8"), results), encoding="utf-8", newline="\n")
