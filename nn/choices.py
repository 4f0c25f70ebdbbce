"""Checks of options: sizes, rates, seeds."""

import math
from numbers import Integral, Real

from autograd.numerics import np

__all__ = ["checked_generator", "checked_rate", "checked_seed", "checked_size"]


def checked_size(name: str, size: object) -> int:
    """Returns a size as an int.

    Arguments:
        name: the option, for the message.
        size: the value passed for it.

    Raises:
        ValueError: unless it is a positive integer.

    >>> checked_size("inputs", 3)
    3
    """
    if isinstance(size, bool) or not isinstance(size, Integral) or size < 1:
        raise ValueError(f"{name} must be a positive integer, not {size!r}")
    return int(size)


def checked_rate(name: str, rate: object, *, below: float = math.inf) -> float:
    """Returns a non-negative number as a float.

    Arguments:
        name: the option, for the message.
        rate: the value passed for it.
        below: the number must be less than this.

    Raises:
        ValueError: unless it is a number in that range.

    >>> checked_rate("momentum", 0.9, below=1.0)
    0.9
    """
    if isinstance(rate, bool) or not isinstance(rate, Real) or not 0.0 <= float(rate) < below:
        wanted = "a finite number >= 0" if below == math.inf else f"a number >= 0 and < {below:g}"
        raise ValueError(f"{name} must be {wanted}, not {rate!r}")
    return float(rate)


def checked_seed(name: str, seed: object) -> int:
    """Returns a seed of random numbers as an int.

    Arguments:
        name: the option, for the message.
        seed: the value passed for it.

    Raises:
        ValueError: unless it is a non-negative integer below 2¹²⁸.

    >>> checked_seed("seed", 7)
    7
    """
    if isinstance(seed, bool) or not isinstance(seed, Integral) or not 0 <= int(seed) < 2**128:
        raise ValueError(f"{name} must be a non-negative integer below 2**128, not {seed!r}")
    return int(seed)


def checked_generator(name: str, seed: object) -> np.random.Generator:
    """Returns a generator of random numbers: the one passed, or a new one made from a seed.

    Arguments:
        name: the option, for the message.
        seed: the value passed for it.

    Raises:
        ValueError: unless it is a generator or a seed.

    >>> round(checked_generator("seed", 7).random(), 3)
    0.625
    """
    return seed if isinstance(seed, np.random.Generator) else np.random.default_rng(checked_seed(name, seed))
