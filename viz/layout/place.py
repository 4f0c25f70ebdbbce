"""Laying out a graph: columns from left to right in one band, modules in frames, wires around everything."""

from array import array
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from viz.layout.block import Block, Margins, arrange
from viz.layout.curves import Stretch, curve
from viz.layout.geometry import Layout, Path, Point, Rectangle, Shape, Wire
from viz.layout.modules import Member, Module, module_tree
from viz.layout.rows import wrap

__all__ = ["lay_out", "turned"]

_PADDING, _TITLE = 9.0, 20.0  # of a frame, at its sides and at the top
_BEFORE = 8.0  # a wire is level before a box, for its arrowhead, and along its text


def lay_out(
    shapes: Sequence[Shape],
    wires: Sequence[Wire],
    direction: str = "LR",
    titles: Mapping[Path, float] | None = None,
    aspect: float | None = None,
) -> Layout:
    """Lays out a graph.

    What leads to something stands before it; boxes and modules that stand beside each other keep their reading order,
    and no wire crosses a box that it does not belong to, the title of a module, or a text beside a wire; only where
    wires would pass thousands of columns, the longest lead straight to where they end. A module stands in a frame
    of its own that holds nothing else.

    Arguments:
        shapes: the boxes, in reading order; at least one.
        wires: the arrows between them.
        direction: "LR" for columns from left to right, "TB" for rows from top to bottom, or "RL" or "BT".
        titles: the widths of the titles of modules.
        aspect: the width of what shows the layout, divided by its height: a band from left to right that is too long to
            be read there is broken into rows, like a text. None for one band, however long.

    Returns:
        The layout.

    >>> layout = lay_out([Shape(50, 30), Shape(50, 30), Shape(50, 30)], [Wire(0, 2), Wire(1, 2)])
    >>> [(round(x), round(y)) for x, y, _, _ in layout.boxes]
    [(0, 0), (0, 42), (88, 21)]
    """
    least = {path: width + 2 * _PADDING for path, width in (titles or {}).items()}
    if direction in ("LR", "RL"):
        margins = Margins(_PADDING, _TITLE, _PADDING, _PADDING, least=least)
    else:
        left, right, where = (_TITLE, _PADDING, "entry") if direction == "TB" else (_PADDING, _TITLE, "exit")
        margins = Margins(left, _PADDING, right, _PADDING, **{where: least})
        shapes = [shape._replace(width=shape.height, height=shape.width) for shape in shapes]
        wires = [wire._replace(width=wire.height, height=wire.width) for wire in wires]
    return turned(_Placed(shapes, wires, margins, aspect).layout(), direction)


def turned(layout: Layout, direction: str) -> Layout:
    """Returns a layout from left to right in another direction.

    Arguments:
        layout: the layout; for "TB" and "BT", made with the widths and heights of everything exchanged.
        direction: "LR", "RL", "TB" or "BT".
    """
    if direction == "LR":
        return layout
    upright = direction in ("TB", "BT")
    width, height = (layout.height, layout.width) if upright else (layout.width, layout.height)

    def rectangle(place: Rectangle) -> Rectangle:
        x, y, w, h = (place.y, place.x, place.height, place.width) if upright else place
        return Rectangle(width - x - w if direction == "RL" else x, height - y - h if direction == "BT" else y, w, h)

    def point(at: Point) -> Point:
        x, y, _, _ = rectangle(Rectangle(*at, 0.0, 0.0))
        return Point(x, y)

    return Layout(
        width,
        height,
        [rectangle(box) for box in layout.boxes],
        {path: rectangle(frame) for path, frame in layout.frames.items()},
        [
            array("d", [number for at in zip(curve[::2], curve[1::2], strict=True) for number in point(Point(*at))])
            for curve in layout.curves
        ],
        [point(at) for at in layout.labels],
    )


class _Placed:
    """Modules laid out, with the place of each."""

    def __init__(self, shapes: Sequence[Shape], wires: Sequence[Wire], margins: Margins, aspect: float | None) -> None:
        self.shapes = shapes
        self.wires = wires
        tree, self.around = module_tree(shapes, wires)
        self.rooms = [0.0] * len(shapes)
        for wire in wires:
            self.rooms[wire.head] = max(self.rooms[wire.head], wire.width + _BEFORE)
        self.outermost = arrange(tree, shapes, self.rooms, margins)
        if aspect is not None:
            wrap(self.outermost, aspect)
        self.blocks: dict[Module, tuple[Block, float, float]] = {}
        self.boxes: dict[int, Rectangle] = {}
        self._place(self.outermost, 0.0, 0.0)

    def _place(self, block: Block, x: float, y: float) -> None:
        self.blocks[block.module] = block, x, y
        sources = block.sources  # these stand next to what uses them
        for column, stops in enumerate(block.columns):
            for stop in stops:
                spare = block.widths[column] - stop.width
                left = x + block.lefts[column] + (spare if stop in sources else spare / 2)
                if isinstance(stop.what, Block):
                    self._place(stop.what, left, y + stop.top)
                elif stop.what is not None:
                    self.boxes[stop.what] = Rectangle(left, y + stop.top, stop.width, stop.height)

    def layout(self) -> Layout:
        ways = [list(self._way(wire)) for wire in self.wires]
        ports = self._ports(ways)
        curves, labels = [], []
        for number, (wire, way) in enumerate(zip(self.wires, ways, strict=True)):
            tail, head = self.boxes[wire.tail], self.boxes[wire.head]
            end = Point(head.x, ports[number])
            curves.append(curve(Point(tail.x + tail.width, tail.y + tail.height / 2), way, end))
            start = self._room(wire.head)
            labels.append(Point(start + wire.width / 2, end.y - wire.height / 2 - 1.5))
        return Layout(
            self.outermost.width,
            self.outermost.height,
            [self.boxes[box] for box in range(len(self.shapes))],
            {
                module.path: Rectangle(x, y, block.width, block.height)
                for module, (block, x, y) in self.blocks.items()
                if module.path
            },
            curves,
            labels,
        )

    def _room(self, box: int) -> float:
        """Where the room for texts before a box begins: from there on, wires to it are level."""
        block, x, _ = self.blocks[self.around[box][-1]]
        column = block.column_of[box]
        return x + block.lefts[column] - block.rooms[column]

    def _ports(self, ways: Sequence[Sequence[Stretch]]) -> dict[int, float]:
        """The height at which each wire arrives: at each box, in the order in which they come.

        Between rows, wires keep the order in which they left the row above.
        """
        arriving: dict[int, list[tuple[float, int]]] = {}
        between_rows = {*self.outermost.wraps.values()}
        for number, (wire, way) in enumerate(zip(self.wires, ways, strict=True)):
            tail = self.boxes[wire.tail]
            heights = [stretch.height for stretch in way if stretch.height is not None and stretch not in between_rows]
            arriving.setdefault(wire.head, []).append(((heights or [tail.y + tail.height / 2])[-1], number))
        ports = {}
        for box, wires in arriving.items():
            _, top, _, height = self.boxes[box]
            for place, (_, number) in enumerate(sorted(wires), 1):
                ports[number] = top + height * place / (len(wires) + 1)
        return ports

    def _way(self, wire: Wire) -> Iterator[Stretch]:
        """The stretches of a wire: out of the modules around its tail, past columns, into those around its head."""
        tails: list[Member] = [*self.around[wire.tail], wire.tail]
        heads: list[Member] = [*self.around[wire.head], wire.head]
        common = sum(1 for a, b in zip(self.around[wire.tail], self.around[wire.head], strict=False) if a is b)
        for module, member in [*pairwise(tails)][: common - 1 : -1]:
            block, x, y = self.blocks[module]  # type: ignore[index]
            right = x + block.lefts[block.column_of[member]] + block.widths[block.column_of[member]]
            yield Stretch(right, right, self._leaving(wire.tail, member))
            yield from self._passing(wire.tail, module, block.column_of[member] + 1, len(block.columns))
            yield Stretch(x + block.width, x + block.width, y + block.exits[wire.tail])
        across = list(self._across(wire.tail, tails[common - 1], tails[common], heads[common]))  # type: ignore[arg-type]
        into = self._into(wire, [*pairwise(heads)][common:])
        # It turns beside the columns, whose other boxes may be wider than its own.
        block, x, _ = self.blocks[tails[common - 1]]  # type: ignore[index]
        first, last = block.column_of[tails[common]], block.column_of[heads[common]]
        right, left = x + block.lefts[first] + block.widths[first], x + block.lefts[last] - block.rooms[last]
        yield Stretch(right, right, self._leaving(wire.tail, tails[common]))
        across.append(Stretch(left, left, into[0].height))
        yield from across
        yield from into

    def _leaving(self, net: int, member: Member) -> float:
        """The height at which a wire leaves a box, or a module."""
        if isinstance(member, Module):
            block, _, y = self.blocks[member]
            return y + block.exits[net]
        box = self.boxes[member]
        return box.y + box.height / 2

    def _into(self, wire: Wire, descent: "Sequence[tuple[Member, Member]]") -> list[Stretch]:
        """The stretches into modules, each given with its member that comes next, up to the head of a wire."""
        room = self._room(wire.head)
        way = [Stretch(room, room, None)]
        for module, member in reversed(descent):
            block, x, _ = self.blocks[module]  # type: ignore[index]
            left = x + block.lefts[block.column_of[member]] - block.rooms[block.column_of[member]]
            way.insert(0, Stretch(left, left, way[0].height))
            way[:0] = self._passing(wire.tail, module, 0, block.column_of[member])
            way.insert(0, Stretch(x, x, way[0].height))
        return way

    def _across(self, net: int, module: Module, tail: Member, head: Member) -> Iterator[Stretch]:
        block, x, y = self.blocks[module]
        first, last = block.column_of[tail], block.column_of[head]
        if first < last:
            for column in range(first + 1, last + 1):
                if (net, column) in block.wraps:
                    yield block.wraps[net, column]
                yield from self._passing(net, module, column, min(column + 1, last))
        else:
            left = x + block.lefts[last] - block.rooms[last]
            yield Stretch(left, x + block.lefts[first] + block.widths[first], y + block.lanes[net], back=True)

    def _passing(self, net: int, module: Member, first: int, end: int) -> Iterator[Stretch]:
        block, x, y = self.blocks[module]  # type: ignore[index]
        for column in range(first, end):
            stop = block.passing.get((net, column))
            if stop is not None:
                left = x + block.lefts[column]
                yield Stretch(left - block.rooms[column], left + block.widths[column], y + stop.middle)
