"""Errors for unknown names, with the known names and the one that was probably meant."""

from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from functools import wraps
from inspect import signature
from typing import ParamSpec, TypeVar

__all__ = ["choose", "nearest", "with_hints"]

T = TypeVar("T")
P = ParamSpec("P")


def choose(kind: str, name: object, known: Mapping[str, T], *, hints: Mapping[str, str] | None = None) -> T:
    """Returns the entry of `known` under `name`.

    Arguments:
        kind: what is chosen, such as "target", for the message.
        name: the name asked for.
        known: all the choices, by name.
        hints: for likely but wrong names, in lower case, what to do instead.

    Raises:
        ValueError: if the name is unknown. The message lists the known names, and contains the hint or the
            nearest name.

    >>> choose("colour", "rde", {"red": 1, "blue": 2})
    Traceback (most recent call last):
        ...
    ValueError: unknown colour 'rde', did you mean 'red'? Known: blue, red
    """
    if isinstance(name, str) and name in known:
        return known[name]
    hint, near = (hints or {}).get(str(name).lower()), nearest(str(name), known)
    suggestion = f": {hint}." if hint else f", did you mean {near!r}?" if near else "."
    raise ValueError(f"unknown {kind} {name!r}{suggestion} Known: {', '.join(sorted(known))}")


def with_hints(hints: Mapping[str, str]) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Makes a function explain keyword arguments that it does not have, such as those of other libraries.

    Arguments:
        hints: for likely but wrong names, in lower case, what to do instead.

    >>> @with_hints({"verbose": "use progress=False"})
    ... def fit(*, epochs=1, progress=True): ...
    >>> fit(verbose=0)
    Traceback (most recent call last):
        ...
    TypeError: unknown argument of fit 'verbose': use progress=False. Known: epochs, progress
    """

    def decorate(function: Callable[P, T]) -> Callable[P, T]:
        known = {name: name for name in signature(function).parameters}

        @wraps(function)
        def checked(*arguments: P.args, **options: P.kwargs) -> T:
            for name in options:
                try:
                    choose(f"argument of {function.__name__}", name, known, hints=hints)
                except ValueError as error:
                    raise TypeError(str(error)) from None
            return function(*arguments, **options)

        return checked

    return decorate


def nearest(name: str, known: Iterable[str]) -> str:
    """Returns the known name that was probably meant, or "" if none is similar.

    This is the same name in different case, a name that starts with it, one with these initials, or a similar spelling.

    >>> nearest("mse", ["nll_loss", "mse_loss"]), nearest("bce", ["mse_loss", "binary_cross_entropy"])
    ('mse_loss', 'binary_cross_entropy')
    """
    name, lower = name.lower(), {each.lower(): each for each in known}
    beginning = [each for each in lower if name and each.startswith(name)]
    initials = [each for each in lower if name == "".join(word[:1] for word in each.split("_"))]
    near = [name] if name in lower else beginning or initials or get_close_matches(name, lower, n=1)
    return lower[min(near, key=len)] if near else ""
