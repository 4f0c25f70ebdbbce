"""Checks of what users choose: a name among the known, a size, a rate."""

import math
from collections.abc import Mapping
from difflib import get_close_matches
from numbers import Integral, Real
from typing import TypeVar

__all__ = ["checked_rate", "checked_seed", "checked_size", "choose"]

T = TypeVar("T")


def choose(kind: str, name: object, known: Mapping[str, T]) -> T:
    """The entry of `known` under `name`.

    Arguments:
        kind: what is chosen, for the message.
        name: the name asked for.
        known: all there are.

    Raises:
        ValueError: if there is none of that name; it lists the known and suggests the nearest.

    >>> choose("colour", "rde", {"red": 1, "blue": 2})
    Traceback (most recent call last):
        ...
    ValueError: unknown colour 'rde', did you mean 'red'? Known: blue, red
    """
    if isinstance(name, str) and name in known:
        return known[name]
    near = get_close_matches(str(name), known, n=1)
    suggestion = f", did you mean {near[0]!r}?" if near else "."
    raise ValueError(f"unknown {kind} {name!r}{suggestion} Known: {', '.join(sorted(known))}")


def checked_size(what: str, size: object) -> int:
    """A size as an int.

    Raises:
        ValueError: unless it is a whole number above 0.

    >>> checked_size("the inputs", 3)
    3
    """
    if isinstance(size, bool) or not isinstance(size, Integral) or size < 1:
        raise ValueError(f"{what}: a whole number above 0, not {size!r}")
    return int(size)


def checked_rate(what: str, rate: object, *, below: float = math.inf) -> float:
    """A number from 0 up to, but not including, `below`.

    Raises:
        ValueError: unless it is one.

    >>> checked_rate("the momentum", 0.9, below=1.0)
    0.9
    """
    if isinstance(rate, bool) or not isinstance(rate, Real) or not 0.0 <= float(rate) < below:
        limit = "" if below == math.inf else f" and below {below:g}"
        raise ValueError(f"{what} is a finite number, 0 or above{limit}, not {rate!r}")
    return float(rate)


def checked_seed(what: str, seed: object) -> int:
    """A seed of random numbers as an int.

    Raises:
        ValueError: unless it is a whole number, 0 or above and below 2¹²⁸.

    >>> checked_seed("the seed", 7)
    7
    """
    if isinstance(seed, bool) or not isinstance(seed, Integral) or not 0 <= int(seed) < 2**128:
        raise ValueError(f"{what}: a whole number, 0 or above and below 2**128, not {seed!r}")
    return int(seed)
