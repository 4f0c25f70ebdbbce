"""The types of what is in an array: Python's `bool`, `int`, `float` and `object`, and NumPy's names for them."""

from collections.abc import Iterable
from typing import Any

__all__ = [
    "bool_",
    "common",
    "dtype_named",
    "float64",
    "floating",
    "generic",
    "int8",
    "int16",
    "int32",
    "int64",
    "intp",
    "kind_of",
    "signedinteger",
    "uint8",
    "uint32",
    "uint64",
    "unsignedinteger",
]


class generic:
    """A scalar of NumPy's. There are none, because the numbers in an array are Python's own; annotations name them."""

    def __class_getitem__(cls, item: Any) -> type:
        return cls


class bool_(generic):
    """A truth value."""


class floating(generic):
    """A float."""


class signedinteger(generic):
    """An integer."""


class unsignedinteger(generic):
    """An integer that is not negative."""


float64 = floating
int8 = int16 = int32 = int64 = intp = signedinteger
uint8 = uint32 = uint64 = unsignedinteger

_KINDS: tuple[type, ...] = (bool, int, float, object)  # each holds those before it
_NAMED: dict[Any, type] = {
    **{kind: kind for kind in _KINDS},
    bool_: bool,
    floating: float,
    signedinteger: int,
    unsignedinteger: int,
}


def dtype_named(dtype: Any) -> type:
    """Returns the type that `dtype=` means.

    >>> dtype_named(float64), dtype_named(int)
    (<class 'float'>, <class 'int'>)
    """
    return _NAMED[dtype]


def kind_of(item: object) -> type:
    """Returns the type of an array that holds an item.

    >>> kind_of(2), kind_of("2")
    (<class 'int'>, <class 'object'>)
    """
    return type(item) if type(item) in _KINDS else object


def common(kinds: Iterable[type]) -> type:
    """Returns the type of an array that holds items of some types; of no items, float.

    >>> common([bool, int]), common([])
    (<class 'int'>, <class 'float'>)
    """
    return max(kinds, key=_KINDS.index, default=float)
