"""Loops over the same members, one after the other, as one loop with a longer body."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from autograd.compiler.reroll.grid import Access
from autograd.compiler.reroll.loops import Loop, Rolled
from autograd.numerics import np

__all__ = ["Body", "bodies", "own_result", "own_results"]

_LONGEST = 200  # operations of a body, all of whose results may be in registers or on the stack


Key = tuple[tuple[int, ...], bool]  # the bases of an access, and whether its stride is 1


class Body(NamedTuple):
    """Loops that run as one. A member reads the results of other loops of the body only if they are its own.

    Attributes:
        loops: a sum alone, or operations.
        stored: for each loop, whether something else reads its results.
    """

    loops: list[Loop]
    stored: list[bool]


def bodies(rolled: Rolled) -> list[Body]:
    """Groups consecutive loops that can run as one."""
    groups = list(_groups(rolled))
    is_read = np.zeros(rolled.rows, dtype=bool)
    for group in groups:
        own = own_results(group)
        for loop in group:
            for access, rows in loop.reads():
                if own_result(access, own) is None:
                    is_read[rows] = True
    return [
        Body(group, [each.is_output or bool(is_read[each.row : each.end].any()) for each in group]) for group in groups
    ]


def own_results(loops: Sequence[Loop]) -> dict[Key, int]:
    """Returns for each loop its number, by how its members read their own results."""
    return {(tuple(range(of.row, of.end, of.inner)), of.inner > 1): number for number, of in enumerate(loops)}


def own_result(access: Access, own: Mapping[Key, int]) -> int | None:
    """Returns the number of the loop of which each member reads its own result; None if there is none."""
    if access.kind != "row" or access.stride not in (0, 1):
        return None
    return own.get((access.bases, access.stride == 1))


def _groups(rolled: Rolled) -> Iterator[list[Loop]]:
    group: list[Loop] = []
    own: dict[Key, int] = {}
    in_group = np.zeros(rolled.rows, dtype=bool)
    for loop in rolled.loops:
        if group and not _continues(group, own, in_group, loop):
            yield group
            for of in group:
                in_group[of.row : of.end] = False
            group, own = [], {}
        group.append(loop)
        own |= own_results([loop])
        in_group[loop.row : loop.end] = True
    if group:
        yield group


def _continues(group: list[Loop], own: Mapping[Key, int], in_group: Any, loop: Loop) -> bool:
    last = group[-1]
    if loop.runs or last.runs or len(group) == _LONGEST or (loop.outer, loop.inner) != (last.outer, last.inner):
        return False
    return all(own_result(access, own) is not None or not in_group[rows].any() for access, rows in loop.reads())
