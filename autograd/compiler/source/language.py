"""The differences between the languages in which a routine can be written."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

__all__ = ["INFIX", "Language"]

INFIX = {"add": "{} + {}", "subtract": "{} - {}", "multiply": "{} * {}", "negative": "-{}"}
"""The operations that Python and JavaScript both write with operators, and compute in the same way."""


class Language(NamedTuple):
    """The templates of a language.

    Attributes:
        head: the first line of a function with a {name} and {arguments}.
        line: the line that assigns {value} to {name}.
        comment: the line of a comment {text}.
        result: the line that returns {value}.
        end: what follows the last line.
        operations: the operations that are not written as a call to the function of their name.
        literal: writes a number.
        spread: the prefix that turns a list into the arguments of a call.
        calls_python: whether it can call a Python function.
        sums: the list of sums over the {rows}: {call} returns lists of numbers for each `row`.
    """

    head: str
    line: str
    comment: str
    result: str
    end: str
    operations: Mapping[str, str]
    literal: Callable[[float], str]
    spread: str
    sums: str
    calls_python: bool
