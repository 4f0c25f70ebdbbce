"""The layouts of a graph as plain data for a page, with the modules and folds that they refer to."""

from collections.abc import Callable, Sequence
from typing import Any

from autograd import Value
from viz.labels import printable
from viz.pages.layouts import OpenedLayout, layouts_of
from viz.pages.node_table import NodeTable
from viz.pictures.folding import Box, dense, outputs_of

__all__ = ["layout_payload"]

_NUMBER = "grad -0.1234"  # the room for a number; the page writes longer ones in narrower letters


def layout_payload(root: Value, table: NodeTable, room: float) -> dict[str, Any]:
    """Returns the layouts of the graph below `root`, and the modules and folds that they refer to by index.

    A box is the index of its node, or -1, -2, ... for a fold. The room is that before each box, in points.
    """

    def lines_of(box: Box) -> list[str]:
        if box.title:
            return [printable(box.title), *box.contents, _NUMBER, _NUMBER]
        (node,) = box.nodes
        name, sign = table.header(node)
        operation = table.operation(node)
        header = [name, operation] if operation else [" ".join(filter(None, [name, sign]))]
        return [*filter(None, header), _NUMBER, *([] if node.role == "constant" else [_NUMBER])]

    layouts = layouts_of(root, lines_of, room)
    folds = {_identity(box): box for layout in layouts for box in layout.boxes if box.title}
    outputs = outputs_of(folds.values(), table.nodes)
    fold_number = {identity: -number for number, identity in enumerate(folds, 1)}

    def box_number(box: Box) -> int:
        return fold_number[_identity(box)] if box.title else table.index[box.nodes[0]]

    return {
        "modules": [
            {
                "path": printable(".".join(path)),
                "title": printable(path[-1]),
                "container": table.modules.get(path[:-1], -1),
            }
            for path in table.modules
        ],
        "folds": [
            {
                "title": printable(box.title),
                "contents": box.contents,
                "module": table.modules.get((*box.path, box.title), -1),
                "nodes": [table.index[node] for node in box.nodes],
                "output": None if (output := outputs[box]) is None else table.index[output],
            }
            for box in folds.values()
        ],
        "layouts": [_layout(opened, box_number, table) for opened in layouts],
    }


def _layout(opened: OpenedLayout, box_number: Callable[[Box], int], table: NodeTable) -> dict[str, Any]:
    """A layout; an arrow is its two boxes, its slot or -1, its curve, and 1 if it is dense."""
    faint = dense(opened.arrows)
    return {
        "opened": sorted(map(table.modules.__getitem__, opened.opened)),
        "size": _rounded([opened.layout.width, opened.layout.height]),
        "boxes": [
            [box_number(box), *_rounded(place)] for box, place in zip(opened.boxes, opened.layout.boxes, strict=True)
        ],
        "arrows": [
            [
                box_number(arrow.tail),
                box_number(arrow.head),
                -1 if arrow.node is None else arrow.slot,
                _rounded(curve),
                int(arrow in faint),
            ]
            for arrow, curve in zip(opened.arrows, opened.layout.curves, strict=True)
        ],
        "frames": [[table.modules[path], *_rounded(place)] for path, place in opened.layout.frames.items()],
    }


def _identity(box: Box) -> tuple[object, ...]:
    """The identity of a fold across layouts; its nodes are not enough, as a module may hold just one other module."""
    return box.path, box.title, box.nodes


def _rounded(numbers: Sequence[float]) -> list[float]:
    """Points rounded to a tenth, which is invisible; whole numbers as integers, which JSON writes shorter."""
    return [int(x) if x.is_integer() else x for x in (round(number, 1) for number in numbers)]
