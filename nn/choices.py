"""Checks of what users choose: a name among the known, a size, a rate."""

import math
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from numbers import Integral, Real
from typing import TypeVar

import numpy as np

__all__ = ["checked_generator", "checked_rate", "checked_seed", "checked_size", "choose"]

T = TypeVar("T")


def choose(kind: str, name: object, known: Mapping[str, T], *, hints: Mapping[str, str] | None = None) -> T:
    """The entry of `known` under `name`.

    Arguments:
        kind: what is chosen, for the message.
        name: the name asked for.
        known: all there are.
        hints: what to do instead, for names in lower case that are likely, but stand for something else.

    Raises:
        ValueError: if there is none of that name; it lists the known, and gives the hint or suggests the nearest.

    >>> choose("colour", "rde", {"red": 1, "blue": 2})
    Traceback (most recent call last):
        ...
    ValueError: unknown colour 'rde', did you mean 'red'? Known: blue, red
    """
    if isinstance(name, str) and name in known:
        return known[name]
    hint, near = (hints or {}).get(str(name).lower()), _nearest(str(name).lower(), known)
    suggestion = f": {hint}." if hint else f", did you mean {near!r}?" if near else "."
    raise ValueError(f"unknown {kind} {name!r}{suggestion} Known: {', '.join(sorted(known))}")


def _nearest(name: str, known: Iterable[str]) -> str:
    """The known name that is meant: the same in other case, one that begins so, one of these initials, a like one.

    >>> _nearest("mse", ["nll_loss", "mse_loss"]), _nearest("bce", ["mse_loss", "binary_cross_entropy"])
    ('mse_loss', 'binary_cross_entropy')
    """
    lower = {each.lower(): each for each in known}
    beginning = [each for each in lower if name and each.startswith(name)]
    initials = [each for each in lower if name == "".join(word[:1] for word in each.split("_"))]
    near = [name] if name in lower else beginning or initials or get_close_matches(name, lower, n=1)
    return lower[min(near, key=len)] if near else ""


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


def checked_generator(what: str, seed: object) -> np.random.Generator:
    """A generator of random numbers: the one given, or a new one of that seed.

    Raises:
        ValueError: unless it is either.

    >>> round(checked_generator("the seed", 7).random(), 3)
    0.625
    """
    return seed if isinstance(seed, np.random.Generator) else np.random.default_rng(checked_seed(what, seed))
