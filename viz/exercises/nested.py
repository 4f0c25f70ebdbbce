"""Answers of any form, such as numbers, arrays and dicts: their shapes and entries."""

from collections.abc import Iterable, Iterator, Mapping, Set
from typing import Any

from autograd import Value

__all__ = ["entries", "has_mapping", "is_empty", "listed", "plain", "shape_of", "shortened"]


def plain(thing: Any) -> Any:
    """Returns the number of a Value, an entry of an array or an array without dimensions; anything else as it is."""
    if isinstance(thing, Value):
        return thing.data
    if getattr(thing, "shape", None) == ():
        return plain(thing.item())
    return thing


def listed(thing: Any) -> Any:
    """Returns an answer whose entries may be read more than once, and in one order.

    An iterator, which can be read only once, becomes a list, a set a sorted list, and a table of pandas an array.

    >>> listed({"w": map(float, [1, 2]), "names": {"or", "and"}})
    {'w': [1.0, 2.0], 'names': ['and', 'or']}
    """
    if callable(getattr(thing, "to_numpy", None)):
        return thing.to_numpy()
    if isinstance(thing, Mapping):
        return {key: listed(item) for key, item in thing.items()}
    if isinstance(thing, Set):
        return sorted(thing, key=lambda item: (0, item) if isinstance(item, (int, float)) else (1, str(item)))
    if isinstance(thing, (list, tuple, Iterator)):
        return [listed(item) for item in thing]
    return thing


def has_mapping(thing: Any) -> bool:
    """Whether a dict is one of the entries of nested sequences."""
    return isinstance(thing, Mapping) or (_is_sequence(thing) and any(map(has_mapping, thing)))


def shortened(text: str, most: int = 60) -> str:
    """Returns what a message quotes of an answer or an error, cut off if it has more characters."""
    return text if len(text) <= most else f"{text[: most - 3]}..."


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
