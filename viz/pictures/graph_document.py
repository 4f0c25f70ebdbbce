"""A computation graph as a document: a box for each node, an arrow from each operand to its result."""

from dataclasses import dataclass

from autograd import Value, topological_order
from autograd.collector import collector_paused
from viz.labels import check_precision, number, printable
from viz.pictures.document import Document, Line, empty_document
from viz.pictures.folding import Box, arrows_of, boxes_of, dense, outputs_of, reading_order
from viz.pictures.operation import operation_with
from viz.pictures.palette import Palette

__all__ = ["GraphOptions", "graph_document"]

_LIGHT = {"penwidth": "0.4", "arrowsize": "0.4"}  # of arrows that are dense


@dataclass(frozen=True, slots=True)
class GraphOptions:
    """How a graph is drawn; `viz.draw` documents each option."""

    direction: str = "LR"
    depth: int | None = None
    limit: int = 100
    hide_constants: bool = False
    local_derivatives: bool = False
    highlight: tuple[Value, Value] | None = None
    precision: int = 4
    palette: str = "auto"


@collector_paused
def graph_document(root: Value, options: GraphOptions) -> Document:
    """The document of the graph below `root`.

    Raises:
        TypeError: if `options.highlight` is not a pair of nodes.
        ValueError: if an option is out of range, or the graph is too large to read (`GraphTooLargeError`).
    """
    check_precision(options.precision)
    document = empty_document(options.direction, options.palette, f"Computation graph of {_tooltip(root)}")
    boxes = boxes_of(root, depth=options.depth, limit=options.limit, hide_constants=options.hide_constants)
    names = {box: f"node{index}" for index, box in enumerate(reading_order(boxes), 1)}
    outputs = outputs_of([box for box in names if box.title], list(boxes))
    highlighted = _on_paths(root, options.highlight) if options.highlight is not None else set()
    for box, name in names.items():
        stands_out = not highlighted.isdisjoint(box.nodes)
        if box.title:
            lines = _fold_lines(box, outputs[box], document.palette, options)
            document.box(name, lines, "fold", path=box.path, title=box.title, highlighted=stands_out)
        else:
            (node,) = box.nodes
            document.box(
                name,
                _node_lines(node, document.palette, options),
                node.role or "operation",
                path=box.path,
                title=node.label,
                tooltip=_tooltip(node),
                highlighted=stands_out,
            )
    _add_arrows(document, boxes, names, options, highlighted)
    folds = [box for box in names if box.title]
    if folds:
        count = sum(len(box.nodes) for box in folds)
        boxes_word = "box" if len(folds) == 1 else "boxes"
        document.note = f"folded: {count:,} of {len(boxes):,} nodes, in {len(folds)} {boxes_word}"
    return document


def _on_paths(root: Value, ends: object) -> set[Value]:
    """The nodes on the paths from the first of `ends` to the second, including both."""
    if not (isinstance(ends, (tuple, list)) and len(ends) == 2 and all(isinstance(end, Value) for end in ends)):
        raise TypeError(f"highlight must be two nodes, (from, to), not {ends!r}")
    start, end = ends
    order = topological_order(end)
    if start not in set(order) or end not in set(topological_order(root)):
        raise ValueError(f"highlight must be two nodes on a path, but none leads from {start!r} to {end!r}")
    above: set[Value] = {start}
    for node in order:
        if not above.isdisjoint(node.operands):
            above.add(node)
    return above


def _node_lines(node: Value, palette: Palette, options: GraphOptions) -> list[Line]:
    lines = [Line(node.label, palette.text, bold=True)] if node.label else []
    if node.op:
        lines.append(Line(_operation(node, options), palette.operation, bold=True))
    return lines + _number_lines(node, palette, options)


def _number_lines(node: Value, palette: Palette, options: GraphOptions) -> list[Line]:
    """The data and, if there is one, the gradient of a node."""
    lines = [Line(_number(node.data, options), palette.text)]
    if node.has_grad:
        lines.append(Line(f"grad {_number(node.grad, options)}", palette.gradient))
    return lines


def _number(x: object, options: GraphOptions) -> str:
    return number(x, options.precision)


def _fold_lines(box: Box, output: Value | None, palette: Palette, options: GraphOptions) -> list[Line]:
    """What is folded, with the label and the numbers of the only node in it that others use."""
    lines = [Line(box.title, palette.text, bold=True)]
    if output is not None and output.label:
        lines.append(Line(output.label, palette.text))
    lines += [Line(text, palette.muted) for text in box.contents]
    return lines if output is None else lines + _number_lines(output, palette, options)


def _operation(node: Value, options: GraphOptions) -> str:
    hidden = {operand for operand in node.operands if options.hide_constants and operand.role == "constant"}
    return operation_with(hidden, node, lambda x: _number(x, options))


def _tooltip(node: Value) -> str:
    """All digits of a node, and the module that it belongs to."""
    facts = [
        ("", printable(".".join(filter(None, (node.scope, node.label))))),
        ("", node.op or node.role),
        ("data ", repr(node.data)),
    ]
    if node.has_grad:
        facts.append(("grad ", repr(node.grad)))
    return ", ".join(f"{name}{fact}" for name, fact in facts if fact)


def _add_arrows(
    document: Document, boxes: dict[Value, Box], names: dict[Box, str], options: GraphOptions, highlighted: set[Value]
) -> None:
    arrows = arrows_of(boxes)
    light = dense(arrows)
    for arrow, uses in arrows.items():
        label = ""
        if options.local_derivatives and arrow.node is not None:
            label = _number(arrow.node.local_derivatives[arrow.slot], options)
        is_gate = all(slot == 0 and node.op == "select" for node, slot in uses)  # no gradient flows there
        is_on_path = any(node in highlighted and node.operands[slot] in highlighted for node, slot in uses)
        style = ({"style": "dashed"} if is_gate else {}) | (_LIGHT if arrow in light else {})
        document.arrow(names[arrow.tail], names[arrow.head], label, highlighted=is_on_path, style=style)
