"""Loops over the same members, one after the other, as one loop with a longer body."""

from collections.abc import Iterable, Iterator

from autograd.compiler.reroll.grid import Access
from autograd.compiler.reroll.loops import Loop

__all__ = ["bodies", "is_own_result"]

_LONGEST = 200  # operations of a body, all of whose results may be in registers or on the stack


def bodies(loops: Iterable[Loop]) -> Iterator[list[Loop]]:
    """Groups consecutive loops that can run as one; a sum stays alone.

    In a body, a member reads the results of other loops of the body only if they are its own.
    """
    body: list[Loop] = []
    for loop in loops:
        if body and not _continues(body, loop):
            yield body
            body = []
        body.append(loop)
    if body:
        yield body


def is_own_result(access: Access, of: Loop) -> bool:
    """Whether each member of a loop with as many members reads its own result of the loop `of`."""
    starts = tuple(range(of.row, of.row + of.outer * of.inner, of.inner))
    return access.kind == "row" and access.bases == starts and (of.inner == 1 or access.stride == 1)


def _continues(body: list[Loop], loop: Loop) -> bool:
    last = body[-1]
    if loop.runs or last.runs or len(body) == _LONGEST or (loop.outer, loop.inner) != (last.outer, last.inner):
        return False
    start = body[0].row
    return all(
        access.kind != "row" or _last_place(access, loop.inner) < start or any(is_own_result(access, of) for of in body)
        for access in loop.operands
    )


def _last_place(access: Access, inner: int) -> int:
    """The highest place that is read."""
    if access.table:
        return max(access.table)
    return max(access.bases) + max(0, access.stride * (inner - 1))
