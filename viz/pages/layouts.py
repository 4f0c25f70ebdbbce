"""Graphviz's layouts of a graph, one for each way to open and fold its modules."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import graphviz

from autograd import Value, topological_order
from viz.limits import GraphTooLargeError
from viz.pictures.document import Line, add_boxes, empty_document
from viz.pictures.folding import (
    Arrow,
    Box,
    arrows_of,
    boxes_of,
    fold_modules,
    fold_runs,
    open_to,
    path_of,
)
from viz.pictures.render import positions

__all__ = ["Frame", "Layout", "PlacedBox", "Route", "layouts_of"]

_READABLE = 100  # boxes in the first layout
_MOST_BOXES = 400  # in any other layout
_GAP = "0.6"  # inches between columns: room for a local derivative on an arrow
_MOST_NODES = 2000  # in a graph that cannot be folded

Module = tuple[str, ...]
_IsOpen = Callable[[Module], bool]


class PlacedBox(NamedTuple):
    """A box, and its left, top, width and height in points."""

    box: Box
    x: float
    y: float
    width: float
    height: float


class Route(NamedTuple):
    """An arrow, the points of its Bézier curve, and the point of its tip."""

    arrow: Arrow
    curve: tuple[tuple[float, float], ...]
    tip: tuple[float, float]


class Frame(NamedTuple):
    """The frame around an open module: its left, top, width and height in points."""

    module: Module
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Layout:
    """A layout of a graph from left to right, as plain geometry.

    Attributes:
        width, height: its size in points.
        opened: the modules that are not folded.
        boxes, routes, frames: everything in it.
    """

    width: float
    height: float
    opened: frozenset[Module]
    boxes: tuple[PlacedBox, ...]
    routes: tuple[Route, ...]
    frames: tuple[Frame, ...]


def layouts_of(root: Value, lines_of: Callable[[Box], Sequence[str]]) -> list[Layout]:
    """Returns the layouts that a viewer can reach by opening and folding modules.

    There is one for each module, which is open along with those that contain it, and one for each depth, to which all
    modules are open; layouts that are too crowded are left out.

    Arguments:
        root: the output of the graph.
        lines_of: the longest texts that a box must have room for, line by line.

    Returns:
        The layouts, each with different modules open. The page starts with the first: the most detailed readable one.

    Raises:
        GraphTooLargeError: if the graph has more than 2,000 nodes and cannot be folded.
    """
    order = topological_order(root)
    first = _first_boxes(root, len(order))
    found = {_opened(first): first}
    for is_open in _choices(order):
        boxes = fold_modules(order, is_open)
        if len({*boxes.values()}) > _READABLE:
            boxes = fold_runs(boxes)
        if len({*boxes.values()}) <= _MOST_BOXES:
            found.setdefault(_opened(boxes), boxes)
    return [_layout(boxes, opened, lines_of) for opened, boxes in found.items()]


def _first_boxes(root: Value, nodes: int) -> dict[Value, Box]:
    try:
        return boxes_of(root, depth=None, limit=_READABLE, hide_constants=False)
    except GraphTooLargeError:
        if nodes > _MOST_NODES:
            raise
        return boxes_of(root, depth=None, limit=_MOST_NODES, hide_constants=False)


def _choices(nodes: Sequence[Value]) -> Iterator[_IsOpen]:
    """The choices of open modules: all modules to a depth, or one module with those that contain it."""
    modules = {path[:n]: None for path in map(path_of, nodes) for n in range(1, len(path) + 1)}
    for depth in range(max(map(len, modules), default=0) + 1):
        yield open_to(depth)
    for module in modules:
        yield {module[:n] for n in range(1, len(module) + 1)}.__contains__


def _opened(boxes: Mapping[Value, Box]) -> frozenset[Module]:
    return frozenset(box.path[:n] for box in boxes.values() for n in range(1, len(box.path) + 1))


def _layout(boxes: Mapping[Value, Box], opened: frozenset[Module], lines_of: Callable[[Box], Sequence[str]]) -> Layout:
    document = empty_document("LR", "light", "")
    document.graph.attr(ranksep=_GAP)
    names = {box: f"box{index}" for index, box in enumerate(dict.fromkeys(boxes.values()))}

    def add_box(graph: graphviz.Digraph, box: Box, name: str) -> None:
        document.box(graph, name, [Line(text, document.palette.text) for text in lines_of(box)], "operation")

    add_boxes(document, names, add_box)
    arrows = list(arrows_of(boxes))
    for arrow in arrows:
        document.edge(names[arrow.tail], names[arrow.head])
    found = positions(document.graph.source)
    _, _, width, height = map(float, found["bb"].split(","))
    objects = {item["name"]: item for item in found.get("objects", ())}
    # Graphviz orders edges by their tails, so they are looked up by id.
    edges = {edge["id"]: edge for edge in found.get("edges", ())}
    return Layout(
        width,
        height,
        opened,
        tuple(_placed_box(box, objects[name], height) for box, name in names.items()),
        tuple(_route(arrow, edges[f"edge{n}"]["pos"], height) for n, arrow in enumerate(arrows, 1)),
        tuple(_frame(module, objects[name]["bb"], height) for name, module in document.frames.items()),
    )


def _placed_box(box: Box, item: Mapping[str, Any], height: float) -> PlacedBox:
    x, y = map(float, item["pos"].split(","))
    w, h = 72.0 * float(item["width"]), 72.0 * float(item["height"])
    return PlacedBox(box, x - w / 2, height - y - h / 2, w, h)


def _route(arrow: Arrow, text: str, height: float) -> Route:
    """Returns an arrow, parsed from Graphviz's text of a curve: "e,tip start control control point ..."."""
    tip, *curve = ((float(x), height - float(y)) for x, y in (p.split(",") for p in text.removeprefix("e,").split()))
    return Route(arrow, tuple(curve), tip)


def _frame(module: Module, text: str, height: float) -> Frame:
    left, bottom, right, top = map(float, text.split(","))
    return Frame(module, left, height - top, right - left, top - bottom)
