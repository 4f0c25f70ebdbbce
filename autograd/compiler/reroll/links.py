"""Operations that repeat themselves along a chain, such as the maximum of many numbers, as a loop over its links."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from autograd.compiler.reroll.bodies import Body, Key, own_result, own_results
from autograd.compiler.reroll.grid import Access
from autograd.compiler.reroll.loops import Loop

__all__ = ["Links", "links_of"]

_LONGEST_LINK = 8  # operations
_FEWEST = 4  # links of a loop


class Links(NamedTuple):
    """Consecutive operations of a body that do the same again and again, each time with the results of the last time.

    Attributes:
        first: the number of the first operation.
        length: the number of operations of a link.
        repeats: the number of links.
        shifts: for each operation of a link, and each of its operands, by how much its place moves from link to link.
        rows: for each operation of a link, by how much the row of its result moves.
    """

    first: int
    length: int
    repeats: int
    shifts: tuple[tuple[int, ...], ...]
    rows: tuple[int, ...]

    @property
    def end(self) -> int:
        """The number of the operation after the last link."""
        return self.first + self.length * self.repeats


def links_of(body: Body) -> Iterator[Links]:
    """Yields the chains of a body, from first to last.

    A link reads its own results, those of the link before, and numbers that no operation of the body computes. Only the
    results of the last link may be read by later operations of the body.
    """
    own = own_results(body.loops)
    first = 1
    while first < len(body.loops):
        found = max((_from(body, own, first, length) for length in range(1, _LONGEST_LINK + 1)), key=_operations)
        if found.repeats >= _FEWEST:
            yield found
        first = found.end if found.repeats >= _FEWEST else first + 1


def _operations(links: Links) -> int:
    return links.length * links.repeats


def _from(body: Body, own: Mapping[Key, int], first: int, length: int) -> Links:
    """Returns the longest chain of links of a length that begins with an operation."""
    loops = body.loops
    links = Links(first, length, 1, (), ())
    if first < length or first + 2 * length > len(loops):
        return links
    pattern = [_shifts(body, own, first + step, length) for step in range(length)]
    if None in pattern or not _goes_on(loops, own, first, length):
        return links
    last = first + length
    while last < len(loops) and _shifts(body, own, last - length, length) == pattern[(last - first) % length]:
        last += 1
    count = (last - first) // length
    while count > 1 and _is_read_later(loops, own, first, length, count):
        count -= 1
    shifts, rows = zip(*[each for each in pattern if each is not None], strict=True)
    return Links(first, length, count, shifts, rows)


def _goes_on(loops: Sequence[Loop], own: Mapping[Key, int], first: int, length: int) -> bool:
    """Whether a link reads results of the link before."""
    read = [own_result(access, own) for loop in loops[first : first + length] for access in loop.operands]
    return any(number is not None and number < first for number in read)


def _shifts(body: Body, own: Mapping[Key, int], number: int, length: int) -> tuple[tuple[int, ...], int] | None:
    """Returns by how much places move from an operation to that of the next link; None if it does something else."""
    if number + length >= len(body.loops):
        return None
    loop, following = body.loops[number], body.loops[number + length]
    if loop.op != following.op or body.stored[number] != body.stored[number + length]:
        return None
    shifts = []
    for a, b in zip(loop.operands, following.operands, strict=True):
        before, after = own_result(a, own), own_result(b, own)
        if before is not None or after is not None:
            near = before is not None and after == before + length and number - before < 2 * length
            shift = 0 if near else None
        else:
            shift = _shift(a, b)
        if shift is None:
            return None
        shifts.append(shift)
    return tuple(shifts), following.row - loop.row


def _shift(a: Access, b: Access) -> int | None:
    if a.table or b.table or a._replace(bases=()) != b._replace(bases=()):
        return None
    differences = {after - before for before, after in zip(a.bases, b.bases, strict=True)}
    return differences.pop() if len(differences) == 1 else (0 if not differences else None)


def _is_read_later(loops: Sequence[Loop], own: Mapping[Key, int], first: int, length: int, count: int) -> bool:
    """Whether an operation after the chain reads a result of a link before the last."""
    end = first + length * count
    later = {own_result(access, own) for loop in loops[end:] for access in loop.operands}
    return any(number in later for number in range(first, end - length))
