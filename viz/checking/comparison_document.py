"""Two graphs in one picture, each in a frame, with what differs marked."""

from collections import defaultdict
from collections.abc import Sequence

from viz.checking.differences import Difference
from viz.checking.seen_graph import SeenGraph, SeenNode
from viz.labels import number, printable
from viz.pictures.document import Document, Line, empty_document

__all__ = ["comparison_document"]

_MARK = "≠ "


def comparison_document(
    graphs: tuple[SeenGraph, SeenGraph],
    titles: tuple[str, str],
    differences: Sequence[Difference],
    *,
    note: Sequence[str],
    direction: str,
    limit: int,
    precision: int,
    palette: str,
) -> Document:
    """Returns the picture of two graphs, whose first difference stands out.

    Arguments:
        graphs: the graphs.
        titles: what they are called.
        differences: what differs, in order.
        note: the lines of text below the picture.
        direction: the direction towards the outputs.
        limit: the largest number of boxes for each graph; of a larger one, the nodes near the first difference.
        precision: significant digits.
        palette: "light", "dark" or "auto".
    """
    document = empty_document(direction, palette, f"{titles[0]} and {titles[1]}: {'; '.join(note)}")
    cut = []
    for side, (graph, title) in enumerate(zip(graphs, titles, strict=True)):
        first = differences[0].places[side] if differences else None
        marks: dict[int, set[str]] = defaultdict(set)
        for difference in differences:
            place = difference.places[side]
            if place is not None:
                marks[place].add(difference.quantity)
        center = len(graph.nodes) - 1 if first is None else first
        shown = _nearest(graph, center, limit)
        if len(shown) < len(graph.nodes):
            cut.append(f"{len(shown):,} of the {len(graph.nodes):,} nodes of {title}")
        names = {index: f"{'ab'[side]}{index + 1}" for index in shown}
        for index, name in names.items():
            node = graph.nodes[index]
            document.box(
                name,
                _lines(node, marks[index], document, precision),
                node.kind,
                path=(title, *node.path),
                title=node.label,
                tooltip=_tooltip(node),
                emphasis="highlight" if index == first else "",
            )
        for index in names:
            for operand in graph.nodes[index].operands:
                if operand in names:
                    document.arrow(names[operand], names[index])
    document.note = "\n".join([*note, *([f"shown: {' and '.join(cut)}"] if cut else [])])
    return document


def _nearest(graph: SeenGraph, center: int, limit: int) -> list[int]:
    """The nodes that the fewest arrows separate from one of them, in their order."""
    neighbours: dict[int, list[int]] = defaultdict(list)
    for index, node in enumerate(graph.nodes):
        for operand in node.operands:
            neighbours[index].append(operand)
            neighbours[operand].append(index)
    found, known = [center], {center}
    for index in found:  # grows meanwhile
        new = [other for other in dict.fromkeys(neighbours[index]) if other not in known]
        found += new
        known.update(new)
        if len(found) >= limit:
            break
    return sorted(found[:limit])


def _lines(node: SeenNode, marks: set[str], document: Document, precision: int) -> list[Line]:
    """The label, operation, number and gradient of a node, each with a mark if it differs."""
    palette = document.palette

    def marked(text: str, *quantities: str) -> str:
        return (_MARK if marks.intersection(quantities) else "") + text

    lines = []
    if node.label:
        lines.append(Line(marked(printable(node.label), "label"), palette.text, bold=True))
    if node.operands:
        operation = marked(node.operation or "·", "operation", "operands", "node")
        lines.append(Line(operation, palette.operation, bold=True))
    alone = () if node.operands else ("node",)
    data = "not computed" if node.data is None else number(node.data, precision)
    lines.append(Line(marked(data, "value", *alone), palette.text, bold="value" in marks))
    if node.grad is not None or "gradient" in marks:
        grad = "none" if node.grad is None else number(node.grad, precision)
        lines.append(Line(marked(f"grad {grad}", "gradient"), palette.gradient, bold="gradient" in marks))
    return lines


def _tooltip(node: SeenNode) -> str:
    facts = [printable(".".join(filter(None, (*node.path, node.label)))), node.operation, f"data {node.data!r}"]
    return ", ".join(filter(None, [*facts, f"grad {node.grad!r}" if node.grad is not None else ""]))
