"""Two graphs in one picture, each in a frame, with what differs marked."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from viz.checking.differences import Difference, Quantity
from viz.checking.seen_graph import SeenGraph, SeenNode
from viz.labels import number, printable
from viz.pictures.document import Document, Line, empty_document

__all__ = ["comparison_document"]


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
        others: dict[int, dict[Quantity, float | str | None]] = defaultdict(dict)
        for difference in differences:
            place = difference.places[side]
            if place is not None:
                others[place][difference.quantity] = (difference.second, difference.first)[side]
        center = len(graph.nodes) - 1 if first is None else first
        shown = _nearest(graph, center, limit)
        if len(shown) < len(graph.nodes):
            cut.append(f"{len(shown):,} of the {len(graph.nodes):,} nodes of {title}")
        names = {index: f"{'ab'[side]}{index + 1}" for index in shown}
        for index, name in names.items():
            node = graph.nodes[index]
            document.box(
                name,
                _lines(node, others[index], document, precision),
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


def _lines(
    node: SeenNode, others: Mapping[Quantity, float | str | None], document: Document, precision: int
) -> list[Line]:
    """The label, operation, number and gradient of a node, each with that of its counterpart if it differs.

    Arguments:
        node: the node.
        others: what the counterpart has instead, for each quantity that differs.
        document: has the colours.
        precision: significant digits.
    """
    palette = document.palette
    lines = []
    if node.label:
        label = printable(node.label)
        lines.append(Line(_apart(label, printable(str(others.get("label", node.label)))), palette.text, bold=True))
    if node.operands:
        own = node.operation or "·"
        lines.append(Line(_apart(own, str(others.get("operation", own))), palette.operation, bold=True))
    if "operands" in others:
        lines.append(Line("other operands", palette.highlight, bold=True))
    if "node" in others:
        lines.append(Line("only here", palette.highlight, bold=True))
    data = _numbers(node.data, others.get("value", node.data), precision, "not computed")
    lines.append(Line(data, palette.text, bold="value" in others))
    if node.grad is not None or "gradient" in others:
        grad = _numbers(node.grad, others.get("gradient", node.grad), precision, "none")
        lines.append(Line(f"grad {grad}", palette.gradient, bold="gradient" in others))
    return lines


def _apart(own: str, other: str) -> str:
    return own if own == other else f"{own} ≠ {other}"


def _numbers(own: float | None, other: float | str | None, precision: int, none: str) -> str:
    """A number and that of the counterpart if it differs, with all digits if they look the same otherwise."""
    both = [none if x is None else number(x, precision) for x in (own, other)]
    if both[0] == both[1] and own != other and own is not None and other is not None:
        both = [number(own, 17), number(other, 17)]
    return _apart(*both)


def _tooltip(node: SeenNode) -> str:
    facts = [printable(".".join(filter(None, (*node.path, node.label)))), node.operation, f"data {node.data!r}"]
    return ", ".join(filter(None, [*facts, f"grad {node.grad!r}" if node.grad is not None else ""]))
