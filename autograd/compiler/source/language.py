"""What differs between the languages that a routine is written in."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

__all__ = ["INFIX", "Language"]

INFIX = {"add": "{} + {}", "subtract": "{} - {}", "multiply": "{} * {}", "negative": "-{}"}
"""The operations that Python and JavaScript both write with operators, and compute alike."""


class Language(NamedTuple):
    """The templates of a language.

    Attributes:
        head: the first line of a function with a {name} and {arguments}.
        line: the line that assigns {value} to {name}.
        comment: the line of a comment {text}.
        result: the line that returns {value}.
        end: what follows the last line.
        operations: the operations that are not written as a call of a function of their name.
        literal: writes a number.
        spread: the prefix that turns a list into the arguments of a call.
        sums: the list of the sums, over the {rows}, of the numbers in the lists that {call} returns for each `row`.
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
