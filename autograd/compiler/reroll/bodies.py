"""Loops over the same members, one after the other, as one loop with a longer body."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from autograd.compiler.reroll.grid import Access
from autograd.compiler.reroll.loops import Loop, Rolled

__all__ = ["Body", "bodies", "is_own_result"]

_LONGEST = 200  # operations of a body, all of whose results may be in registers or on the stack


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
        for loop in group:
            for access, rows in loop.reads():
                if not any(is_own_result(access, of) for of in group):
                    is_read[rows] = True
    return [
        Body(group, [each.is_output or bool(is_read[each.row : each.end].any()) for each in group]) for group in groups
    ]


def is_own_result(access: Access, of: Loop) -> bool:
    """Whether each member of a loop with as many members reads its own result of the loop `of`."""
    starts = tuple(range(of.row, of.end, of.inner))
    return access.kind == "row" and access.bases == starts and (of.inner == 1 or access.stride == 1)


def _groups(rolled: Rolled) -> Iterator[list[Loop]]:
    group: list[Loop] = []
    for loop in rolled.loops:
        if group and not _continues(group, loop):
            yield group
            group = []
        group.append(loop)
    if group:
        yield group


def _continues(group: list[Loop], loop: Loop) -> bool:
    last = group[-1]
    if loop.runs or last.runs or len(group) == _LONGEST or (loop.outer, loop.inner) != (last.outer, last.inner):
        return False
    return not any(
        ((rows >= of.row) & (rows < of.end)).any() and not is_own_result(access, of)
        for access, rows in loop.reads()
        for of in group
    )
