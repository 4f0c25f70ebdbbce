"""The columns of a module: which of the things in it stand beside each other, from left to right."""

from collections.abc import Iterable, Sequence
from heapq import heapify, heappop, heappush

__all__ = ["column_of_each"]


def column_of_each(count: int, links: Iterable[tuple[int, int]], entered: Iterable[int]) -> Sequence[int]:
    """Returns the column of each of some things that are given in reading order, counted from 0.

    Each stands to the right of what leads to it. What depends on nothing, such as a parameter, stands just before its
    first use. Where things depend on each other in a circle, the links that lead back in reading order do not count.

    Arguments:
        count: the number of things.
        links: pairs of things of which the first leads to the second.
        entered: those to which something outside leads.

    >>> column_of_each(4, [(0, 1), (1, 3), (2, 3)], [])
    [0, 1, 1, 2]
    """
    pairs = {(tail, head) for tail, head in links if tail != head}
    after: list[list[int]] = [[] for _ in range(count)]
    before: list[list[int]] = [[] for _ in range(count)]
    for tail, head in sorted(pairs):
        after[tail].append(head)
        before[head].append(tail)
    order = _order(count, after, before)
    place = {thing: number for number, thing in enumerate(order)}
    outside = set(entered)
    column = [0] * count
    for thing in order:
        column[thing] = max((column[other] + 1 for other in before[thing] if place[other] < place[thing]), default=0)
    for thing in reversed(order):
        uses = [column[other] for other in after[thing] if place[other] > place[thing]]
        if uses and not before[thing] and thing not in outside:
            column[thing] = min(uses) - 1
    return column


def _order(count: int, after: Sequence[Sequence[int]], before: Sequence[Sequence[int]]) -> list[int]:
    """The things in an order in which each comes after what leads to it, as far as there are no circles."""
    missing = [len(others) for others in before]
    ready = [thing for thing in range(count) if not missing[thing]]
    heapify(ready)
    done = [False] * count
    order: list[int] = []
    first_left = 0
    while len(order) < count:
        if ready:
            thing = heappop(ready)
        else:  # a circle: begin it with what is read first
            while done[first_left]:
                first_left += 1
            thing = first_left
        if done[thing]:
            continue
        done[thing] = True
        order.append(thing)
        for other in after[thing]:
            missing[other] -= 1
            if not missing[other]:
                heappush(ready, other)
    return order
