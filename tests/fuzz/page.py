"""The figures of a run, as a table in a page."""

from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path

from benchmarks.results import machine

from .kinds import KINDS
from .plugin import Tally

__all__ = ["table", "write"]

BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"
PACKAGES = ("numpy", "llvmlite", "jax", "mini-racer", "hypothesis", "pytest")


def table(tallies: Mapping[str, Tally]) -> list[str]:
    """Returns the lines of the table, in Markdown."""
    lines = [
        "| kind | what is tried | tests | cases tried | failed | measured |",
        "| --- | --- | --: | --: | --: | --- |",
    ]
    for name, tally in tallies.items():
        measured = ", ".join(f"{what} {number:,}" for what, number in tally.measured.items())
        cells = (name, KINDS[name].title, f"{tally.tests:,}", f"{tally.tried:,}", f"{tally.failed:,}", measured)
        lines.append(f"| {' | '.join(cells)} |")
    return lines


def write(page: Path, tallies: Mapping[str, Tally], seconds: float) -> None:
    """Replaces what is between the two markers of a page by the date, the machine, and the figures.

    Raises:
        ValueError: if a kind is missing or nothing of it was tried.
    """
    untried = [name for name in KINDS if name not in tallies or not tallies[name].tried]
    if untried:
        raise ValueError(f"a page needs figures of every kind, but nothing was tried of {', '.join(untried)}")
    before, rest = page.read_text(encoding="utf-8").split(BEGIN)
    _, after = rest.split(END)
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    command = f"Written by `python -m tests.fuzz --seconds {seconds:g} --write {page.as_posix()}`, never by hand."
    lines = [BEGIN, command, f"Machine: {machine()} Packages: {packages}.", "", *table(tallies), "", END]
    page.write_text(before + "\n".join(lines) + after, encoding="utf-8")
