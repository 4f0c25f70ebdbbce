"""A long band of columns, broken into rows that are read like the lines of a text."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from viz.layout.block import Block
from viz.layout.curves import TURN, Stretch

__all__ = ["wrap"]

_LEGIBLE = 1160.0  # points: a band that is not wider can be read as a whole across a page of 1280 pixels
_GAIN = 1.5  # how much larger rows must appear, for a band is easier to follow
_GAP, _LANE = 16.0, 12.0  # above and below the wires between two rows, and from wire to wire
_NESTED = 9.0  # how much further a wire swings out around another
_MOST_WIRES = 8  # that lead from a row to the next
_UNREADABLE = 1.3  # what a row counts that is wider, as a factor: it can be read neither across a page nor on paper
_RELUCTANCE = 0.1  # what each of these counts, as a share of the size of the picture


@dataclass(frozen=True, slots=True)
class _Rows:
    """A way to break the columns of a block: where each row begins, and how large the picture is."""

    firsts: Sequence[int]
    width: float
    height: float


def wrap(block: Block, aspect: float) -> None:
    """Breaks the columns of the outermost block into rows, if that shows them a good deal larger; else leaves it alone.

    A row ends between two columns, so it cuts no module. From its end, wires lead back between the rows, those from
    above around those from below, and enter the next row from the left in the same order.

    Arguments:
        block: the block, whose columns are a band from left to right.
        aspect: the width of the panel that shows the picture, divided by its height.
    """
    crossing = None if block.width <= _LEGIBLE else _nets_between(block)
    if crossing is None:
        return
    found = min(_candidates(block, crossing, aspect), key=lambda pair: pair[0], default=None)
    if found is not None and _GAIN * found[0] < max(block.width / aspect, block.height):
        _apply(block, found[1].firsts, crossing)


def _nets_between(block: Block) -> Sequence[Mapping[int, float]] | None:
    """For each column, the boxes whose wires come from the one before it, with the heights at which they leave that.

    None if there are wires that no row could pass on: those that lead back, and those that lead straight across.
    """
    if block.lanes:
        return None
    between: list[dict[int, float]] = [{} for _ in block.columns]
    for tail, head, net in block.module.links:
        if tail is None or head is None:
            return None
        stop = block.stops[tail]
        for column in range(block.column_of[tail] + 1, block.column_of[head] + 1):
            between[column][net] = stop.middle + stop.leaves(net)
            if column < block.column_of[head]:
                if (net, column) not in block.passing:
                    return None
                stop = block.passing[net, column]
    return between


def _candidates(block: Block, crossing: Sequence[Mapping[int, float]], aspect: float) -> Iterator[tuple[float, _Rows]]:
    """Ways to break a block, each with a size: the less, the larger all of it appears in a panel."""
    ideal = (aspect * block.width * block.height) ** 0.5
    for most in sorted({len(nets) for nets in crossing[1:] if 0 < len(nets) <= _MOST_WIRES}):
        allowed = [column for column in range(1, len(crossing)) if len(crossing[column]) <= most]
        for limit in {_width(block, 0, column) for column in allowed}:
            if min(0.4 * ideal, 0.6 * _LEGIBLE) <= limit <= 2.5 * ideal and limit < block.width:
                rows = _filled(block, crossing, allowed, limit)
                wires = sum(len(crossing[first]) for first in rows.firsts[1:]) / max(1, len(rows.firsts) - 1)
                size = max(rows.width / aspect, rows.height) * (1 + _RELUCTANCE * wires)
                yield size * (_UNREADABLE if rows.width > _LEGIBLE else 1), rows


def _width(block: Block, first: int, end: int) -> float:
    """The width of some columns from the first to before another."""
    return block.lefts[end - 1] + block.widths[end - 1] - block.lefts[first] + block.rooms[first]


def _filled(block: Block, crossing: Sequence[Mapping[int, float]], allowed: Sequence[int], limit: float) -> _Rows:
    """Rows of which each has as many columns as fit, cut where that is allowed."""
    count = len(block.columns)
    rights = [left + width for left, width in zip(block.lefts, block.widths, strict=True)]
    firsts, end = [0], 0
    width = height = 0.0
    while end < count:
        first = firsts[-1]
        fitting = bisect_right(rights, limit + block.lefts[first] - block.rooms[first] + 0.01)
        place = bisect_right(allowed, fitting)
        end = count if fitting >= count else allowed[place - 1] if place else first
        if end <= first:  # wider than the limit
            place = bisect_right(allowed, first)
            end = allowed[place] if place < len(allowed) else count
        top, bottom = _extent(block, first, end)
        width = max(width, _width(block, first, end))
        height += bottom - top
        if end < count:
            firsts.append(end)
            height += _between(len(crossing[end]))
    return _Rows(firsts, width + 2 * TURN, height)


def _between(wires: int) -> float:
    """The distance of two rows with some wires between them."""
    return 2 * _GAP + _LANE * max(0, wires - 1)


def _extent(block: Block, first: int, end: int) -> tuple[float, float]:
    """The top and the bottom of some columns."""
    stops = [stop for column in block.columns[first:end] for stop in column]
    return min(stop.top for stop in stops), max(stop.top + stop.height for stop in stops)


def _apply(block: Block, firsts: Sequence[int], crossing: Sequence[Mapping[int, float]]) -> None:
    """Moves the columns of a block into rows, and finds the wires between these."""
    ends = [*firsts[1:], len(block.columns)]
    extents = [_extent(block, first, end) for first, end in zip(firsts, ends, strict=True)]
    place = width = 0.0
    for first, end, (top, bottom) in zip(firsts, ends, extents, strict=True):
        nets = crossing[first] if first else {}
        indent = _swing(len(nets)) if first else 0.0
        lanes = _lanes(nets, place + _GAP) if first else {}
        place += _between(len(nets)) if first else 0.0
        if first:
            last = first - 1
            right = block.lefts[last] + block.widths[last]
        aside = indent - block.lefts[first] + block.rooms[first]
        for column in range(first, end):
            block.lefts[column] += aside
            for stop in block.columns[column]:
                stop.middle += place - top
        outwards, inwards = _ranks(nets), _ranks(_arrivals(block, first, nets))
        for net, lane in lanes.items():
            swings = _swing(len(nets) - outwards[net]), _swing(1 + inwards[net])
            block.wraps[net, first] = Stretch(indent, right, lane, back=True, swings=swings)
        place += bottom - top
        width = max(width, block.lefts[end - 1] + block.widths[end - 1])
        if end < len(block.columns):
            width = max(width, block.lefts[end - 1] + block.widths[end - 1] + _swing(len(crossing[end])))
    block.width, block.height = width, place


def _swing(number: int) -> float:
    """How far a wire swings out around the others between two rows, counted from 1, the innermost."""
    return TURN + _NESTED * (number - 1)


def _ranks(heights: Mapping[int, float]) -> dict[int, int]:
    """The place of each wire from top to bottom, counted from 0."""
    return {net: rank for rank, net in enumerate(sorted(heights, key=lambda net: (heights[net], net)))}


def _lanes(leaving: Mapping[int, float], top: float) -> dict[int, float]:
    """The height at which each wire leads back: the higher it comes from, the lower."""
    ranks = _ranks(leaving)
    return {net: top + _LANE * (len(ranks) - 1 - rank) for net, rank in ranks.items()}


def _arrivals(block: Block, column: int, leaving: Mapping[int, float]) -> dict[int, float]:
    """The height at which each wire arrives in the first column of a row; those to one box in the order they come."""
    total = dict.fromkeys(leaving, (0.0, 0))
    for _, head, net in block.module.links:
        if net in leaving and head is not None and block.column_of[head] == column:
            stop = block.stops[head]
            for at in stop.arrives(net):
                height, count = total[net]
                total[net] = height + stop.middle + at, count + 1
    ranks = _ranks(leaving)
    return {
        net: (height / count if count else block.passing[net, column].middle) + 1e-3 * ranks[net]
        for net, (height, count) in total.items()
    }
