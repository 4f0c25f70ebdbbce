"""Answers of any form, such as numbers, arrays and dicts: their shapes and entries."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from autograd import Value

__all__ = ["entries", "is_empty", "plain", "shape_of"]


def plain(thing: Any) -> Any:
    """Returns the number of a Value, an entry of an array or an array without dimensions; anything else as it is."""
    if isinstance(thing, Value):
        return thing.data
    if getattr(thing, "shape", None) == ():
        return plain(thing.item())
    return thing


def is_empty(answer: Any) -> bool:
    """Whether an answer, or an entry of it, is still missing: None or `...`."""
    return any(entry is None or entry is ... for _, entry in entries(answer))


def shape_of(thing: Any) -> tuple[int, ...] | None:
    """Returns the shape of nested sequences, () of anything else, and None if the rows have different shapes.

    >>> shape_of([[1, 2, 3], [4, 5, 6]]), shape_of(7), shape_of([[1], [2, 3]])
    ((2, 3), (), None)
    """
    if not _is_sequence(thing):
        return ()
    rows = list(thing)
    shapes = {shape_of(row) for row in rows}
    if not rows:
        return (0,)
    if len(shapes) > 1 or None in shapes:
        return None
    [shape] = shapes
    return (len(rows), *(shape or ()))


def entries(thing: Any, where: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """Yields each number or word of an answer, after the indices and keys that lead to it.

    >>> list(entries({"w": [0.5, 2.0], "b": 1.0}))
    [(('w', 0), 0.5), (('w', 1), 2.0), (('b',), 1.0)]
    """
    if isinstance(thing, Mapping):
        for key, item in thing.items():
            yield from entries(item, (*where, key))
    elif _is_sequence(thing):
        for index, item in enumerate(thing):
            yield from entries(item, (*where, index))
    else:
        yield where, plain(thing)


def _is_sequence(thing: Any) -> bool:
    no_sequence = isinstance(thing, (str, bytes, Mapping, Value)) or getattr(thing, "shape", None) == ()
    return isinstance(thing, Iterable) and not no_sequence
