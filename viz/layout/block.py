"""A module laid out: what stands in which column, and how high."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import inf

from viz.layout.columns import column_of_each
from viz.layout.curves import Stretch
from viz.layout.geometry import Path, Shape
from viz.layout.heights import spread
from viz.layout.modules import Member, Module

__all__ = ["Block", "Margins", "Stop", "arrange"]

_GAP = 12.0  # between boxes above each other
_PASSING, _PASSING_GAP = 4.0, 7.0  # the height of a wire that passes a column, and its distance from what is there
_LEAST, _MOST, _SLOPE = 30.0, 150.0, 0.22  # between columns: the steeper the wires, the more
_LANE = 12.0  # between wires that lead back
_LEAST_PASSING = 2000  # columns that wires of a module may pass, however few boxes it has
_SWEEPS, _STILL = 8, 0.5  # alignments of each column at most; they end when stops move by less
_WEIGHTS = 1.0, 4.0, 8.0  # of a straight wire between two boxes, a box and a wire that passes, and two of these
_LIGHT = 0.3  # if it begins at a box that nothing leads to


@dataclass(frozen=True, slots=True)
class Margins:
    """What a frame keeps free around its contents.

    Attributes:
        left, top, right, bottom: the margins.
        least: for each module, the least width of its frame, if the title stands at the top.
        entry, exit: for each module, the length of its title along the side at which wires enter or leave, if it stands
            there: they keep clear of it.
    """

    left: float
    top: float
    right: float
    bottom: float
    least: Mapping[Path, float] = field(default_factory=dict)
    entry: Mapping[Path, float] = field(default_factory=dict)
    exit: Mapping[Path, float] = field(default_factory=dict)


@dataclass(eq=False, slots=True)
class Stop:
    """What stands in a column: a box, a module, or a wire that passes.

    Attributes:
        what: the box by its index, the module, or None for a wire.
        width, height: its size.
        middle: the height of its middle.
    """

    what: "Block | int | None"
    width: float
    height: float
    middle: float = 0.0

    @property
    def top(self) -> float:
        """The height of its upper edge."""
        return self.middle - self.height / 2

    def leaves(self, net: int) -> float:
        """How far from its middle a wire leaves it, on the right."""
        return self.what.exits[net] - self.height / 2 if isinstance(self.what, Block) else 0.0

    def arrives(self, net: int) -> Sequence[float]:
        """How far from its middle the wires of a box arrive, on the left."""
        if isinstance(self.what, Block):
            return [height - self.height / 2 for height in self.what.entries[net]]
        return (0.0,)


@dataclass(eq=False, slots=True)
class Block:
    """A module laid out. Its coordinates begin at the upper left corner of its frame.

    Attributes:
        module: the module.
        columns: the stops of each column, from top to bottom.
        stops: the stop of each member.
        column_of: the column of each member.
        passing: for each box and column, the stop of the wire that begins at the box and passes the column.
        lanes: for each box whose wire leads back to an earlier column, the height at which it does.
        wraps: for each box whose wire leads to the next row, and the column there that it comes to, its way back.
        lefts, widths, rooms: of each column, the left edge, the width, and the room for texts before it.
        width, height: the size of the frame.
        entries, exits: for each box whose wire enters or leaves, the heights at which it does.
        highest_entry: no wire enters above.
    """

    module: Module
    columns: list[list[Stop]]
    stops: dict[Member, Stop]
    column_of: dict[Member, int]
    passing: dict[tuple[int, int], Stop] = field(default_factory=dict)
    lanes: dict[int, float] = field(default_factory=dict)
    wraps: dict[tuple[int, int], Stretch] = field(default_factory=dict)
    lefts: list[float] = field(default_factory=list)
    widths: list[float] = field(default_factory=list)
    rooms: list[float] = field(default_factory=list)
    width: float = 0.0
    height: float = 0.0
    entries: dict[int, list[float]] = field(default_factory=dict)
    exits: dict[int, float] = field(default_factory=dict)
    highest_entry: float = inf

    @property
    def sources(self) -> set[Stop]:
        """The stops that nothing leads to, such as those of parameters."""
        return {*self.stops.values()} - {self.stops[head] for _, head, _ in self.module.links if head is not None}


Connection = tuple[Stop, Stop, int]  # from one column to the next, and the box where the wire begins


def arrange(module: Module, shapes: Sequence[Shape], rooms: Sequence[float], margins: Margins) -> Block:
    """Lays out a module and those in it.

    Arguments:
        module: the module.
        shapes: all boxes.
        rooms: for each box, the room for texts on wires that end there.
        margins: what its frame keeps free.
    """
    stops: dict[Member, Stop] = {}
    for member in module.members:
        if isinstance(member, Module):
            block = arrange(member, shapes, rooms, margins)
            stops[member] = Stop(block, block.width, block.height)
        else:
            stops[member] = Stop(member, shapes[member].width, shapes[member].height)
    number = {member: at for at, member in enumerate(module.members)}
    columns = column_of_each(
        len(number),
        ((number[link.tail], number[link.head]) for link in module.links if None not in (link.tail, link.head)),  # type: ignore[index]
        (number[link.head] for link in module.links if link.tail is None),  # type: ignore[index]
    )
    column_of = dict(zip(module.members, columns, strict=True))
    block = Block(module, [[] for _ in range(max(columns) + 1)], stops, column_of)
    for member in module.members:
        block.columns[column_of[member]].append(stops[member])
    connections = _connect(block)
    _set_heights(block, connections)
    _set_widths(block, connections, rooms)
    _close(block, margins)
    return block


def _connect(block: Block) -> list[list[Connection]]:
    """Lets wires pass columns, and returns the connections between each column and the next."""
    last = len(block.columns) - 1
    begin: dict[int, int] = {}
    ends: dict[int, list[Member]] = {}
    until: dict[int, int] = {}
    for tail, head, net in block.module.links:
        begin[net] = -1 if tail is None else block.column_of[tail]
        end = last + 1 if head is None else block.column_of[head]
        if end <= begin[net]:
            block.lanes[net] = 0.0
            continue
        until[net] = max(end, until.get(net, end))
        if head is not None:
            ends.setdefault(net, []).append(head)
    tails = {net: tail for tail, _, net in block.module.links if tail is not None}
    connections: list[list[Connection]] = [[] for _ in range(last)]
    room = max(_LEAST_PASSING, len(block.stops))
    for net, end in sorted(until.items(), key=lambda item: item[1] - begin[item[0]]):
        room -= end - begin[net] - 1
        if room < 0:
            break  # of a huge graph, the longest wires lead straight to where they end
        for column in range(begin[net] + 1, end):
            stop = block.passing[net, column] = Stop(None, 0.0, _PASSING)
            block.columns[column].append(stop)
        way = {column: block.passing[net, column] for column in range(begin[net] + 1, end)}
        if net in tails:
            way[begin[net]] = block.stops[tails[net]]
        for column, stop in way.items():
            if column + 1 in way and column < last:
                connections[column].append((stop, way[column + 1], net))
        for head in ends.get(net, ()):
            column = block.column_of[head]
            if column - 1 in way:
                connections[column - 1].append((way[column - 1], block.stops[head], net))
    return connections


def _set_heights(block: Block, connections: Sequence[Sequence[Connection]]) -> None:
    # What a stop is connected with: how far from it it would be best, and how much that counts.
    left: dict[Stop, list[tuple[Stop, float, float]]] = {}
    right: dict[Stop, list[tuple[Stop, float, float]]] = {}
    sources = block.sources
    for between in connections:
        for tail, head, net in between:
            weight = _LIGHT if tail in sources else _WEIGHTS[(tail.what is None) + (head.what is None)]
            arrives = head.arrives(net)
            distance = tail.leaves(net) - sum(arrives) / len(arrives)
            left.setdefault(head, []).append((tail, distance, weight))
            right.setdefault(tail, []).append((head, -distance, weight))
    for column in block.columns:
        _stack(column)
    around = {stop: [*left.get(stop, ()), *right.get(stop, ())] for column in block.columns for stop in column}
    for sweep in range(3):  # wires find their places among the boxes
        columns = block.columns if sweep % 2 else block.columns[::-1]
        for column in columns:
            _interleave(column, left if sweep % 2 else right)
    spaced = [(column, _distances(column)) for column in block.columns]
    moved = inf
    for sweep in range(_SWEEPS):
        if sweep % 2 == 0 and moved < _STILL:
            break
        order, neighbours = (spaced, left) if sweep % 2 else (spaced[::-1], right)
        moved = sum(_align(column, distances, neighbours) for column, distances in order)
    for column, distances in [*spaced[::-1], *spaced]:
        _align(column, distances, around)


_Neighbours = Mapping[Stop, Iterable[tuple[Stop, float, float]]]


def _stack(column: Sequence[Stop]) -> None:
    height = sum(stop.height for stop in column) + sum(_distances(column)) - sum(stop.height for stop in column[1:])
    place = -height / 2
    for stop in column:
        stop.middle = place + stop.height / 2
        place += stop.height + _GAP


def _distances(column: Sequence[Stop]) -> list[float]:
    """The distances of the middles of stops from that of the one above."""
    return [
        (a.height + b.height) / 2 + (_PASSING_GAP if a.what is None or b.what is None else _GAP)
        for a, b in pairwise(column)
    ]


def _wish(stop: Stop, neighbours: _Neighbours) -> tuple[float, float]:
    """Where a stop would like to be, and how much it would."""
    total = weights = 0.0
    for other, distance, weight in neighbours.get(stop, ()):
        total += weight * (other.middle + distance)
        weights += weight
    return (total / weights, weights) if weights else (stop.middle, 0.01)


def _interleave(column: list[Stop], neighbours: _Neighbours) -> None:
    """Puts the wires that pass between the boxes of a column, whose order stays; then stacks them."""
    boxes = [stop for stop in column if stop.what is not None]
    wires = [stop for stop in column if stop.what is None]
    if not wires:
        return
    wishes = [_wish(stop, neighbours) for stop in boxes]
    heights = spread([wish for wish, _ in wishes], [weight for _, weight in wishes], [0.0] * (len(boxes) - 1))
    keyed = [(round(height, 3), 0, at, stop) for at, (height, stop) in enumerate(zip(heights, boxes, strict=True))]
    keyed += [(round(_wish(wire, neighbours)[0], 3), 1, at, wire) for at, wire in enumerate(wires)]
    column[:] = [stop for _, _, _, stop in sorted(keyed, key=lambda entry: entry[:3])]
    _align(column, _distances(column), neighbours)


def _align(column: Sequence[Stop], distances: Sequence[float], neighbours: _Neighbours) -> float:
    """Moves the stops of a column as near to their neighbours as distances allow, and returns how far."""
    wishes = [_wish(stop, neighbours) for stop in column]
    if len(column) == 1:
        middles = [wishes[0][0]]
    else:
        middles = spread([wish for wish, _ in wishes], [weight for _, weight in wishes], distances)
    moved = 0.0
    for stop, middle in zip(column, middles, strict=True):
        moved += abs(stop.middle - middle)
        stop.middle = middle
    return moved


def _set_widths(block: Block, connections: Sequence[Sequence[Connection]], rooms: Sequence[float]) -> None:
    place = 0.0
    for column, stops in enumerate(block.columns):
        room = max((rooms[stop.what] for stop in stops if isinstance(stop.what, int)), default=0.0)
        if column:
            rise = max(
                (
                    abs(tail.middle + tail.leaves(net) - head.middle - arrives)
                    for tail, head, net in connections[column - 1]
                    for arrives in head.arrives(net)
                ),
                default=0.0,
            )
            place += min(_MOST, max(_LEAST, _SLOPE * rise))
        width = max(stop.width for stop in stops)
        block.rooms.append(room)
        block.lefts.append(place + room)
        block.widths.append(width)
        place += room + width
    block.width = place


def _close(block: Block, margins: Margins) -> None:
    """Moves everything to the right of and below the margins, and finds where wires cross the frame."""
    path = block.module.path
    left, top = (margins.left, margins.top) if path else (0.0, 0.0)
    right, bottom = (margins.right, margins.bottom) if path else (0.0, 0.0)
    stops = [stop for column in block.columns for stop in column]
    highest = min(stop.top for stop in stops)
    lowest = max(stop.top + stop.height for stop in stops)
    for net in block.lanes:
        lowest = block.lanes[net] = lowest + _LANE
    _find_crossings(block)
    entry, leaving = margins.entry.get(path, 0.0), margins.exit.get(path, 0.0)
    shift = max(top - highest, entry - block.highest_entry, leaving - min(block.exits.values(), default=inf))
    for stop in stops:
        stop.middle += shift
    block.highest_entry += shift
    block.lanes = {net: height + shift for net, height in block.lanes.items()}
    block.lefts = [place + left for place in block.lefts]
    block.height = max(lowest + shift + bottom, entry, leaving)
    block.width = max(block.width + left + right, margins.least.get(path, 0.0))
    block.exits = {net: height + shift for net, height in block.exits.items()}
    block.entries = {net: [height + shift for height in heights] for net, heights in block.entries.items()}


def _find_crossings(block: Block) -> None:
    """Finds where wires enter and leave."""
    last = len(block.columns) - 1
    for tail, head, net in block.module.links:
        if head is None:
            stop = block.passing.get((net, last)) or block.stops[tail]  # type: ignore[index]
            block.exits[net] = stop.middle + stop.leaves(net)
        elif tail is None:
            passing = block.passing.get((net, 0)) if block.column_of[head] else None
            stop = passing or block.stops[head]
            found = [stop.middle + arrives for arrives in stop.arrives(net)]
            known = block.entries.setdefault(net, [])
            known += [height for height in found if height not in known]
            block.highest_entry = min(block.highest_entry, _highest_entry(stop))


def _highest_entry(stop: Stop) -> float:
    """The height above which no wire arrives at a stop."""
    if isinstance(stop.what, Block):
        return stop.top + stop.what.highest_entry
    return stop.middle if stop.what is None else stop.top
