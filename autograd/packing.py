"""The numbers of many leaves at once, as doubles in memory."""

from struct import pack

from autograd.node import COMPILED
from autograd.value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

__all__ = ["packed_numbers"]

_pack_list: "Any" = pack  # only called in C, where `packing.pxd` has a function of this name


def packed_numbers(groups: "Sequence[Sequence[Value]]") -> bytearray | None:
    """Returns the data of some leaves, group by group, as doubles in the order of bytes of this machine.

    This is the fastest way to read the weights of a model. It returns None if one of them is not a leaf, or does not
    hold a plain number: any other number makes the sum something other than a float.

    >>> from autograd import Value
    >>> len(packed_numbers([[Value(1.0), Value(2.0)], [Value(3.0)]])), packed_numbers([[Value(1.0) + 1.0]])
    (24, None)
    """
    try:
        count = sum(map(len, groups))
        packed = bytearray(8 * count)
        if COMPILED and _pack_floats(groups, packed):
            return packed
        numbers = [leaf.data for group in groups for leaf in group if leaf._a is None]
        plain = type(sum(numbers, 0.0)) is float and len(numbers) == count
    except (AttributeError, OverflowError, TypeError):
        return None
    return bytearray(pack(f"{count}d", *numbers)) if plain else None


def _pack_floats(groups: "Sequence[Sequence[Value]]", packed: bytearray) -> bool:
    """Writes the data of leaves, which is quick in C; returns whether all are Values, leaves, and hold floats."""
    index = 0
    for group in groups:
        if not _pack_list(group if type(group) is list else list(group), Value, packed, index):
            return False
        index += len(group)
    return True
