"""JSON text and the fields in it, read strictly: an error says what is wrong, and where."""

import json
import math
from collections.abc import Callable, Iterable
from typing import Any

from autograd.validation import described

__all__ = ["Fields", "node_index", "number", "parsed", "sequence", "short", "spelled"]

_NOT_FINITE = {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}  # which JSON has no numbers for


class Fields:
    """The fields of the JSON object at some place in the text.

    Raises:
        ValueError: if it is not an object, a field that is needed is missing, or one is unknown.
    """

    def __init__(self, given: Any, place: str, needed: Iterable[str], optional: Iterable[str] = ()) -> None:
        if not isinstance(given, dict):
            raise ValueError(f"{place} must be a JSON object, not {short(given)}")
        for name in needed:
            if name not in given:
                raise ValueError(f"{place} must have the field {name!r}")
        for name in given:
            if name not in (*needed, *optional):
                raise ValueError(f"{place} has a field {name!r}, which is not one of a graph")
        self.given, self.place = given, place

    def __getitem__(self, name: str) -> Any:
        return self.given[name]

    def number(self, name: str) -> float:
        """Returns a field that is a number."""
        return number(self.given[name], f"{self.place}.{name}")

    def text(self, name: str) -> str:
        """Returns a field that is a string, "" if it is missing."""
        given = self.given.get(name, "")
        if not isinstance(given, str):
            raise ValueError(f"{self.place}.{name} must be a string, not {short(given)}")
        return given

    def gradient(self) -> float | None:
        """Returns the gradient, or None if it is missing."""
        return self.number("grad") if "grad" in self.given else None

    def each(self, name: str, read: Callable[[Any, str], Any]) -> list[Any]:
        """Returns what `read` makes of each element of a field that is a list, [] if it is missing."""
        place = f"{self.place}.{name}"
        return [read(given, f"{place}[{i}]") for i, given in enumerate(sequence(self.given.get(name, []), place))]


def node_index(given: Any, place: str, count: int) -> int:
    """Returns the index of one of `count` nodes, which is at `place` in the text."""
    if type(given) is not int or not 0 <= given < count:
        raise ValueError(f"{place} must be the index of one of {count} nodes, counted from 0, not {short(given)}")
    return given


def spelled(number: float) -> Any:
    """Returns what stands for a float in JSON.

    >>> spelled(0.5), spelled(math.inf)
    (0.5, 'inf')
    """
    return number if math.isfinite(number) else str(number)


def number(given: Any, place: str) -> float:
    """Returns the float that `spelled` wrote, which is at `place` in the text."""
    if isinstance(given, str) and given in _NOT_FINITE:
        return _NOT_FINITE[given]
    if type(given) not in (int, float) or not math.isfinite(plain := _as_float(given)):
        raise ValueError(f'{place} must be a number, "nan", "inf" or "-inf", not {short(given)}')
    return plain


def _as_float(given: Any) -> float:
    try:
        return float(given)
    except OverflowError:  # an integer beyond the largest float
        return math.inf


def sequence(given: Any, place: str) -> list[Any]:
    """Returns a list, which is at `place` in the text."""
    if not isinstance(given, list):
        raise ValueError(f"{place} must be a list, not {short(given)}")
    return given


def parsed(text: Any) -> Any:
    """Returns the data in JSON text, read strictly: no literal NaN, no key twice.

    Raises:
        TypeError: if the text is not a string.
        ValueError: if it is not such JSON.
    """
    if not isinstance(text, str):
        raise TypeError(f"graph_from_json takes JSON text, a string, not {described(text)}")

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        result = dict(pairs)
        if len(result) < len(pairs):
            keys = [key for key, _ in pairs]
            twice = next(key for key in keys if keys.count(key) > 1)
            raise ValueError(f"an object in the text must not have the key {twice!r} twice")
        return result

    def refused(literal: str) -> Any:
        raise ValueError(f'the text must not contain {literal}, which is not JSON; write "nan", "inf" or "-inf"')

    def integer(digits: str) -> int:
        if len(digits) > 400:  # Python itself converts no more than some thousands
            raise ValueError(f"the text must not contain an integer of {len(digits)} digits")
        return int(digits)

    try:
        return json.loads(text, object_pairs_hook=unique, parse_constant=refused, parse_int=integer)
    except json.JSONDecodeError as error:
        raise ValueError(f"the text must be JSON: {error}") from error
    except RecursionError:
        raise ValueError("the text must not be nested as deeply: the nodes of a graph are one list") from None


def short(given: Any) -> str:
    """Returns what was given, in a few characters."""
    written = repr(given)
    return written if len(written) <= 60 else f"{written[:57]}..."
