"""Attributes of modules as keys, from which equal ones can be rebuilt."""

import struct
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from autograd import Value, ValueArray
from autograd.numerics import NUMPY, np

__all__ = ["Unknown", "described_attribute", "rebuilt_attribute"]

_PLAIN = (bool, int, str, bytes, type(None))
_NUMERIC = "biufc"  # the kinds of arrays that hold their numbers themselves


class Unknown(Exception):  # noqa: N818  (it says nothing that anybody reads)
    """Raised while a model is described, if its outputs may depend on something that cannot be described."""


def described_attribute(held: Any, groups: list[Sequence[Value]], inside: Callable[[Any], Any]) -> Any:
    """Returns the key of an attribute: its class, and what it holds. Numbers are compared by class and bits.

    Arguments:
        held: None, a number, a string, a Value, an array, a module, a function, or a list, tuple or dict of these.
        groups: the Values in it are added here.
        inside: returns the key of a module or a function.

    Raises:
        Unknown: for anything else.

    >>> described_attribute([True, 1], [], id)
    (<class 'list'>, ((<class 'bool'>, True), (<class 'int'>, 1)))
    """

    def describe(item: Any) -> Any:
        return described_attribute(item, groups, inside)

    cls = type(held)
    if cls in _PLAIN:
        return cls, held
    if cls is float:
        return cls, struct.pack("d", held)
    if cls is Value:
        groups.append((held,))
        return Value, held.role
    if cls in (list, tuple):
        return cls, tuple(map(describe, held))
    if cls is dict:
        if not all(type(key) in _PLAIN for key in held):
            raise Unknown
        return cls, tuple((describe(key), describe(item)) for key, item in held.items())
    if cls in (np.ndarray, ValueArray) and NUMPY:
        return cls, held.shape, *_described_items(held, describe)
    if isinstance(held, (np.ndarray, np.generic, Value)):
        raise Unknown
    return None, inside(held)


def _described_items(array: Any, describe: Callable[[Any], Any]) -> tuple[str, Any]:
    if array.dtype.kind in _NUMERIC:
        return array.dtype.str, array.tobytes()
    if array.dtype != object:
        raise Unknown
    return "", tuple(map(describe, array.flat))


def rebuilt_attribute(key: Any, values: Iterator[Value], inside: Callable[[Any, Iterator[Value]], Any]) -> Any:
    """Returns a new attribute with a key.

    Arguments:
        key: as `described_attribute` returned it.
        values: the Values for its places.
        inside: returns the module or the function with a key.

    >>> rebuilt_attribute(described_attribute({"a": (1.5, None)}, [], id), iter([]), id)
    {'a': (1.5, None)}
    """

    def rebuild(item: Any) -> Any:
        return rebuilt_attribute(item, values, inside)

    cls, held, *more = key
    if cls in _PLAIN:
        return held
    if cls is float:
        return struct.unpack("d", held)[0]
    if cls is Value:
        return next(values)
    if cls in (list, tuple):
        return cls(map(rebuild, held))
    if cls is dict:
        return {rebuild(name): rebuild(item) for name, item in held}
    if cls in (np.ndarray, ValueArray):
        dtype, items = more
        if dtype:
            return np.frombuffer(items, dtype).reshape(held).copy()
        array = np.empty(held, dtype=object)
        array.ravel()[:] = [rebuild(item) for item in items]
        return array.view(cls)
    return inside(held, values)
