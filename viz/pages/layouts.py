"""Layouts of a graph, one for each way to open and fold its modules."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from autograd import Value, topological_order
from viz.labels import printable
from viz.layout import Layout, Path, Shape, Wire, lay_out
from viz.limits import GraphTooLargeError
from viz.pages.node_table import is_bare_number
from viz.pictures.document import columns, size_of
from viz.pictures.folding import (
    Arrow,
    Box,
    IsOpen,
    arrows_of,
    boxes_of,
    fold_modules,
    fold_runs,
    open_to,
    open_to_losses,
    path_of,
    reading_order,
)

__all__ = ["ROOM", "OpenedLayout", "layouts_of"]

_READABLE = 100  # boxes in the first layout
_MOST_BOXES = 400  # in any other layout
ROOM = 48.0  # points before a box, enough for a local derivative on an arrow
_ASPECT = 2.5  # of the panel that shows a layout, whose shape the reader's window decides
_HANDLE, _CHARACTER = 20.0, 7.2  # points: the sign before the title of a module, and a letter
_MOST_NODES = 2000  # in a graph that cannot be folded


@dataclass(frozen=True, slots=True)
class OpenedLayout:
    """A layout of a graph from left to right, and if it is long in several rows.

    Attributes:
        opened: the modules that are not folded.
        boxes: the boxes, in the order of `layout.boxes`.
        arrows: the arrows, in the order of `layout.curves`.
        layout: where everything stands.
    """

    opened: frozenset[Path]
    boxes: Sequence[Box]
    arrows: Sequence[Arrow]
    layout: Layout


def layouts_of(root: Value, lines_of: Callable[[Box], Sequence[str]], room: float = ROOM) -> list[OpenedLayout]:
    """Returns the layouts that a viewer can reach by opening and folding modules.

    There is one for each module, which is open along with those that contain it, one for each depth, to which all
    modules but losses are open, and one in which everything is; layouts that are too crowded are left out. A bare
    number that no fold contains has no box: the boxes of operations show it.

    Arguments:
        root: the output of the graph.
        lines_of: the longest texts that a box must have room for, line by line.
        room: the room before each box, in points.

    Returns:
        The layouts, each with different modules open. The page starts with the first: the most detailed readable one.

    Raises:
        GraphTooLargeError: if the graph has more than 2,000 nodes and cannot be folded.
    """
    order = topological_order(root)
    found: dict[frozenset[Path], Mapping[Value, Box]] = {}

    def add(boxes: Mapping[Value, Box]) -> None:
        boxes = _without_bare_numbers(boxes, root)
        found.setdefault(_opened(boxes), boxes)

    add(_first_boxes(root, order))
    for is_open in _choices(order):
        boxes = fold_modules(order, is_open)
        if len({*boxes.values()}) > _READABLE:
            boxes = fold_runs(boxes)
        if len({*boxes.values()}) <= _MOST_BOXES:
            add(boxes)
    return [_layout(boxes, opened, lines_of, room) for opened, boxes in found.items()]


def _first_boxes(root: Value, order: Sequence[Value]) -> Mapping[Value, Box]:
    if not any(map(path_of, order)):  # nothing can be opened: what a run hides, a reader never sees
        boxes = _without_bare_numbers(fold_modules(order, open_to(0)), root)
        if len(boxes) <= _MOST_BOXES:
            return boxes
    try:
        return boxes_of(root, depth=None, limit=_READABLE, hide_constants=False)
    except GraphTooLargeError:
        if len(order) > _MOST_NODES:
            raise
        return boxes_of(root, depth=None, limit=_MOST_NODES, hide_constants=False)


def _without_bare_numbers(boxes: Mapping[Value, Box], root: Value) -> dict[Value, Box]:
    return {node: box for node, box in boxes.items() if node is root or box.title or not is_bare_number(node)}


def _choices(nodes: Sequence[Value]) -> Iterator[IsOpen]:
    """The choices of open modules: all modules to a depth, or one module with those that contain it."""
    modules = {path[:n]: None for path in map(path_of, nodes) for n in range(1, len(path) + 1)}
    deepest = max(map(len, modules), default=0)
    for depth in range(deepest + 1):
        yield open_to_losses(depth)
    yield open_to(deepest)
    for module in modules:
        yield {module[:n] for n in range(1, len(module) + 1)}.__contains__


def _opened(boxes: Mapping[Value, Box]) -> frozenset[Path]:
    return frozenset(box.path[:n] for box in boxes.values() for n in range(1, len(box.path) + 1))


def _layout(
    boxes: Mapping[Value, Box], opened: frozenset[Path], lines_of: Callable[[Box], Sequence[str]], room: float
) -> OpenedLayout:
    order = reading_order(boxes)
    index = {box: number for number, box in enumerate(order)}
    arrows = list(arrows_of(boxes))
    shapes = [Shape(*size_of(lines_of(box)), box.path, box.title or box.nodes[0].label) for box in order]
    wires = [Wire(index[arrow.tail], index[arrow.head], width=room) for arrow in arrows]
    titles = {path: _HANDLE + _CHARACTER * columns(printable(path[-1])) for path in opened}
    return OpenedLayout(opened, order, arrows, lay_out(shapes, wires, titles=titles, aspect=_ASPECT))
