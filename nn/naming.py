"""The names of the items that an attribute holds, including those inside lists, arrays, dicts and dataclasses."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields, is_dataclass
from functools import lru_cache
from types import FunctionType
from typing import Any

from autograd.numerics import np

__all__ = ["ParameterError", "join", "named_items", "shown"]


class ParameterError(ValueError):
    """Raised if parameters do not match a model in name or number, or if a module would contain itself."""


_ATOMS = (int, float, str, FunctionType)  # what most attributes hold that have no items


def named_items(name: str, value: object, wanted: Callable[[object], bool]) -> Sequence[tuple[str, Any]]:
    """Returns the wanted items that an attribute holds, at any depth, each with its name.

    Items of a list are numbered from 1, those of an array by all their indices; a plural loses its s. A dict adds its
    key after a dot, a dataclass the name of the field. Where this would name two items alike, as in eleven lists of
    eleven, commas separate the numbers.

    Arguments:
        name: the name of the attribute.
        value: the value of the attribute.
        wanted: returns whether an object is such an item; nothing is searched inside such an item.

    Raises:
        ParameterError: if a container contains itself, or a set contains such an item.

    >>> def is_word(value):
    ...     return isinstance(value, str)
    >>> named_items("layers", ["a", 5, "b"], is_word), named_items("heads", {"left": ["c"]}, is_word)
    ([('layer1', 'a'), ('layer3', 'b')], [('heads.left1', 'c')])
    >>> named_items("w", [["a"] * 11] * 11, is_word)[-1]
    ('w11,11', 'a')
    """
    if wanted(value):
        return [(name, value)]
    if isinstance(value, _ATOMS):
        return []
    if type(value) is list and all(map(wanted, value)):  # the weights of a neuron, the neurons of a layer
        return list(zip(_numbered(_singular(name), len(value)), value, strict=False))  # another thread may add items
    items = _named_items(name, value, wanted, "")
    unique = len({item_name for item_name, _ in items}) == len(items)
    return items if unique else _named_items(name, value, wanted, ",")


def _named_items(
    name: str,
    value: object,
    wanted: Callable[[object], bool],
    separator: str,
    above: tuple[object, ...] = (),
) -> list[tuple[str, Any]]:
    if isinstance(value, (set, frozenset)) and any(map(wanted, value)):
        raise ParameterError(f"the members in {name!r} must have an order: use a list or a dict, not a set")
    in_order = isinstance(value, (list, tuple)) or (isinstance(value, np.ndarray) and value.dtype == object)
    by_key = not in_order and (isinstance(value, dict) or _is_dataclass(value))
    if not in_order and not by_key:
        return []
    if any(container is value for container in above):
        raise ParameterError(f"a container must not contain itself, as the {type(value).__name__} {name!r} does")
    before = separator if above and not isinstance(above[-1], dict) and not _is_dataclass(above[-1]) else ""
    stem = f"{name}." if by_key else f"{_singular(name)}{before}"
    found: list[tuple[str, Any]] = []
    for key, item in _items(value):
        if wanted(item):  # most are: a call for each would take twice as long
            found.append((f"{stem}{key}", item))
        else:
            found += _named_items(f"{stem}{key}", item, wanted, separator, (*above, value))
    return found


@lru_cache(maxsize=32)  # lists of the same name and length share the texts
def _numbered(stem: str, count: int) -> tuple[str, ...]:
    """Returns the names of the items of a list: stem1, stem2, ..."""
    return tuple([f"{stem}{number}" for number in range(1, count + 1)])


def join(path: str, name: str) -> str:
    """Returns the path of a member, from the path of its container and its name.

    >>> join("layer1", "w2"), join("", "w2")
    ('layer1.w2', 'w2')
    """
    return f"{path}.{name}" if path else name


def shown(name: str, most: int = 80) -> str:
    """Returns a name for a message, wherever it comes from: on one line, without its middle if it is long.

    >>> shown("layer1.w2"), shown("a" * 9_000, 5)
    ('layer1.w2', 'aa…aa')
    """
    line = name if name.isprintable() else repr(name)
    half = most // 2
    return line if len(line) <= most else f"{line[:half]}…{line[-half:]}"


def _items(value: Any) -> Iterable[tuple[object, object]]:
    """The items of a container, each after its key or its index: 1, 2, ...; in a matrix 11, 12, ..."""
    if isinstance(value, dict):
        return value.items()
    if isinstance(value, (list, tuple)):
        return enumerate(value, 1)
    if isinstance(value, np.ndarray):
        separator = "," if any(size > 9 for size in value.shape) else ""  # as in the labels of `autograd.array`
        return ((separator.join(str(i + 1) for i in index), value[index]) for index in np.ndindex(value.shape))
    return ((field.name, getattr(value, field.name)) for field in fields(value))


def _is_dataclass(value: object) -> bool:
    return is_dataclass(value) and not isinstance(value, type)


def _singular(name: str) -> str:
    """Returns the name of one of several, without the plural s.

    >>> _singular("layers"), _singular("w"), _singular("bias")
    ('layer', 'w', 'bias')
    """
    return name if name.endswith(("ss", "as", "us", "is")) else name.removesuffix("s")
