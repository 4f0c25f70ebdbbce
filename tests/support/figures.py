"""What tests try and measure: helpers note it here, and `python -m tests.fuzz` reads it after each test."""

from collections import Counter
from typing import NamedTuple

__all__ = ["Figures", "note_cases", "note_measured", "taken"]


class Figures(NamedTuple):
    """The number of cases tried, and the largest of the numbers measured under each name."""

    tried: int
    measured: Counter[str]


_noted = Figures(0, Counter())


def note_cases(count: int) -> None:
    """Notes that a test has tried some cases, such as interruptions at some lines."""
    global _noted
    _noted = _noted._replace(tried=_noted.tried + count)


def note_measured(name: str, number: int) -> None:
    """Notes a number, such as the bytes that something took at its peak."""
    _noted.measured[name] = max(_noted.measured[name], number)


def taken() -> Figures:
    """Returns what was noted since the last call."""
    global _noted
    before, _noted = _noted, Figures(0, Counter())
    return before
