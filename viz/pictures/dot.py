"""A recorded graph as a DOT document: a box a node, an edge from each operand to its result."""

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import graphviz

from autograd import Value, topological_order
from autograd.notation.operations import OPERATIONS, symbol
from viz.labels import check_precision, number, printable
from viz.pictures.folding import Box, arrows_of, boxes_of
from viz.pictures.palette import Palette, palette_named

__all__ = [
    "DIRECTIONS",
    "Document",
    "GraphOptions",
    "Line",
    "add_boxes",
    "empty_document",
    "graph_document",
]

DIRECTIONS = {"LR": "left to right", "RL": "right to left", "TB": "top to bottom", "BT": "bottom to top"}

_FONT_SIZE = 12.0
_CHARACTER, _LINE = 0.6 * _FONT_SIZE, 1.25 * _FONT_SIZE  # in points; a monospaced font is about 0.6 em wide
_SMALLEST_CIRCLE = 52.0


@dataclass(frozen=True, slots=True)
class GraphOptions:
    """How a graph is drawn; `viz.draw` tells what each means."""

    direction: str = "LR"
    depth: int | None = None
    limit: int = 100
    hide_constants: bool = False
    local_derivatives: bool = False
    highlight: tuple[Value, Value] | None = None
    precision: int = 4
    palette: str = "light"


class Line(NamedTuple):
    """A line of text in a box, its colour, and whether it is bold."""

    text: str
    color: str
    bold: bool = False

    @property
    def style(self) -> dict[str, str]:
        """The SVG attributes of the line."""
        return {"fill": self.color, "font-weight": "bold"} if self.bold else {"fill": self.color}


@dataclass(slots=True)
class Document:
    """A DOT document, and the styles of the single lines of text in its nodes, which DOT cannot say.

    Attributes:
        graph: the document; `graph.source` is its text.
        palette: the colours it is drawn in.
        boxes, edges: how many it holds.
        line_styles: for the SVG id of each node and edge, the SVG attributes of each line of text.
        frames: the module that each cluster draws a frame around.
    """

    graph: graphviz.Digraph
    palette: Palette
    line_styles: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    frames: dict[str, tuple[str, ...]] = field(default_factory=dict)
    boxes: int = 0
    edges: int = 0

    def box(
        self,
        graph: graphviz.Digraph,
        name: str,
        lines: Sequence[Line],
        kind: str,
        *,
        tooltip: str = "",
        bright: bool = False,
        shape: str = "box",
    ) -> None:
        """Adds a box of lines of text to the document, or to a part of it.

        Arguments:
            graph: where it goes.
            name: its identifier, in DOT and as SVG id.
            lines: the text of each line, shown as it is, and its style.
            kind: which pair of colours of the palette it has.
            tooltip: shown while the mouse rests on it.
            bright: whether it stands out.
            shape: "box", "circle" or "plaintext".
        """
        # An empty line becomes a blank: Graphviz breaks off at a label that begins with empty ones.
        texts = [(part or " ", line) for line in lines for part in printable(line.text).split("\n")]
        fill, border = self.palette.colors_of[kind]
        self.boxes += 1
        width = max([2, *(_cells(text) for text, _ in texts)]) * _CHARACTER + 14.0
        height = len(texts) * _LINE + 8.0
        if shape == "circle":
            width = height = max(width, height, _SMALLEST_CIRCLE)
        self.line_styles[name] = [line.style for _, line in texts]
        graph.node(
            name,
            label=graphviz.nohtml("\\n".join(escaped(text) for text, _ in texts)),
            id=name,
            tooltip=_escaped_tooltip(tooltip),
            fillcolor=fill,
            color=self.palette.highlight if bright else border,
            penwidth="2.6" if bright else "1",
            shape=shape,
            width=f"{width / 72:.4f}",
            height=f"{height / 72:.4f}",
        )

    def edge(
        self, tail: str, head: str, label: str = "", *, bright: bool = False, style: dict[str, str] | None = None
    ) -> None:
        """Adds an arrow between two boxes.

        Arguments:
            tail, head: the names of the boxes.
            label: what is written on it, kept legible where lines cross it.
            bright: whether it stands out.
            style: more of DOT's attributes, none of them free text.
        """
        attributes = dict(style or {})
        if bright:
            attributes |= {"color": self.palette.highlight, "penwidth": "2.2"}
        self.edges += 1
        name = f"edge{self.edges}"
        self.line_styles[name] = [
            {
                "stroke": self.palette.background,
                "stroke-width": "4",
                "stroke-linejoin": "round",
                "paint-order": "stroke",
            }
        ]
        self.graph.edge(tail, head, label=escaped(printable(label)), id=name, **attributes)


def empty_document(direction: str, palette: str, title: str) -> Document:
    """A document with the style that all pictures share.

    Raises:
        ValueError: for an unknown direction or palette.
    """
    if not isinstance(direction, str) or direction not in DIRECTIONS:
        known = ", ".join(f"{name!r} ({meaning})" for name, meaning in DIRECTIONS.items())
        raise ValueError(f"unknown direction {direction!r}: there are {known}")
    colors = palette_named(palette)
    text = {"fontname": "Courier", "fontsize": f"{_FONT_SIZE:g}"}
    graph = graphviz.Digraph(
        graph_attr={
            **text,
            "rankdir": direction,
            "bgcolor": colors.background,
            "fontcolor": colors.muted,
            "pad": "0.15",
            "nodesep": "0.2",
            "ranksep": "0.35",
            "tooltip": _escaped_tooltip(title),
        },
        node_attr={**text, "shape": "box", "style": "rounded,filled", "fixedsize": "true", "fontcolor": colors.text},
        edge_attr={**text, "color": colors.edge, "fontcolor": colors.muted, "arrowsize": "0.6", "fontsize": "10"},
    )
    return Document(graph, colors)


def graph_document(root: Value, options: GraphOptions) -> Document:
    """The document of the graph below `root`.

    Raises:
        ValueError: for an option out of range, or a graph too large to read (`GraphTooLargeError`).
    """
    check_precision(options.precision)
    document = empty_document(options.direction, options.palette, f"Computation graph of {_tooltip(root)}")
    boxes = boxes_of(root, depth=options.depth, limit=options.limit, hide_constants=options.hide_constants)
    names = {box: f"node{index}" for index, box in enumerate(dict.fromkeys(boxes.values()), 1)}
    bright = _on_paths(root, options.highlight) if options.highlight is not None else set()

    def add_box(graph: graphviz.Digraph, box: Box, name: str) -> None:
        if box.title:
            lines, kind, tooltip = *_fold_lines(box, document.palette), ""
        else:
            (node,) = box.nodes
            lines, kind, tooltip = *_lines(node, document.palette, options), _tooltip(node)
        document.box(graph, name, lines, kind, tooltip=tooltip, bright=not bright.isdisjoint(box.nodes))

    add_boxes(document, names, add_box)
    _add_edges(document, boxes, names, options, bright)
    folds = [box for box in names if box.title]
    if folds:
        count = sum(len(box.nodes) for box in folds)
        note = f"folded: {count:,} of {len(boxes):,} nodes, in {len(folds)} {'box' if len(folds) == 1 else 'boxes'}"
        document.graph.attr(label=note, labelloc="b", labeljust="l")
    return document


def _on_paths(root: Value, ends: object) -> set[Value]:
    """The nodes on the paths from the first of `ends` to the second, both included."""
    if not (isinstance(ends, (tuple, list)) and len(ends) == 2 and all(isinstance(end, Value) for end in ends)):
        raise TypeError(f"highlight takes two nodes, (from, to), not {ends!r}")
    start, end = ends
    order = topological_order(end)
    if start not in order or end not in topological_order(root):
        raise ValueError(f"no path leads from {start!r} to {end!r} in this graph")
    above: set[Value] = {start}
    for node in order:
        if not above.isdisjoint(node.operands):
            above.add(node)
    return above


def add_boxes(
    document: Document, names: Mapping[Box, str], add_box: Callable[[graphviz.Digraph, Box, str], None]
) -> None:
    """Adds boxes to a document, each module that is open as a frame around its own.

    Arguments:
        document: where they go.
        names: what the boxes are called there.
        add_box: adds one to the document, or to a part of it.
    """

    def add(graph: graphviz.Digraph, names: Mapping[Box, str], path: tuple[str, ...]) -> None:
        inner = {box.path[: len(path) + 1]: None for box in names if len(box.path) > len(path)}
        for box, name in names.items():
            if box.path == path:
                add_box(graph, box, name)
        for module in inner:
            within = {box: name for box, name in names.items() if box.path[: len(module)] == module}
            cluster = f"cluster{len(document.frames)}"  # a name of its own, for a frame may hold just one other
            document.frames[cluster] = module
            with graph.subgraph(name=cluster) as frame:
                frame.attr(
                    label=escaped(printable(module[-1])),
                    tooltip=_escaped_tooltip(printable(".".join(module))),
                    style="rounded,filled",
                    fillcolor=document.palette.cluster,
                    color=document.palette.edge,
                    fontcolor=document.palette.muted,
                    labeljust="l",
                    margin="8",
                )
                add(frame, within, module)

    add(document.graph, names, ())


def _lines(node: Value, palette: Palette, options: GraphOptions) -> tuple[list[Line], str]:
    """The lines in the box of one node, and the kind of the box."""
    lines = [Line(node.label, palette.text, bold=True)] if node.label else []
    if node.op:
        lines.append(Line(_operation(node, options), palette.operation, bold=True))
    lines.append(Line(number(node.data, options.precision), palette.text))
    if node.has_grad:
        lines.append(Line(f"grad {number(node.grad, options.precision)}", palette.gradient))
    return lines, node.role or "operation"


def _operation(node: Value, options: GraphOptions) -> str:
    """The symbol of an operation, with the constants that are not drawn on the side where they stand."""
    hidden = [options.hide_constants and operand.role == "constant" for operand in node.operands]
    if not any(hidden):
        return symbol(node)
    parts = [
        number(operand.data, options.precision) if is_hidden else "·"
        for operand, is_hidden in zip(node.operands, hidden, strict=True)
    ]
    if node.op == "power" and not node.numbers:
        return "^".join(parts)
    if OPERATIONS[node.op].style == "infix":
        left, right = ("" if part == "·" else part for part in parts)
        return f"{left} {symbol(node)} {right}".strip()
    return f"{symbol(node)}({', '.join(parts)})"


def _fold_lines(box: Box, palette: Palette) -> tuple[list[Line], str]:
    counts = {
        "operation": sum(1 for node in box.nodes if node.op),
        "parameter": sum(1 for node in box.nodes if node.role == "parameter"),
    }
    lines = [Line(box.title, palette.text, bold=True)]
    lines += [Line(f"{n:,} {what}{'s' * (n != 1)}", palette.muted) for what, n in counts.items() if n]
    return lines, "fold"


def _tooltip(node: Value) -> str:
    """All digits of a node, and where it belongs."""
    facts = [
        ("", printable(".".join(filter(None, (node.scope, node.label))))),
        ("", node.op or node.role),
        ("data ", repr(node.data)),
    ]
    if node.has_grad:
        facts.append(("grad ", repr(node.grad)))
    return ", ".join(f"{name}{fact}" for name, fact in facts if fact)


def _add_edges(
    document: Document, boxes: dict[Value, Box], names: dict[Box, str], options: GraphOptions, bright: set[Value]
) -> None:
    for arrow, uses in arrows_of(boxes).items():
        label = ""
        if options.local_derivatives and arrow.node is not None:
            label = number(arrow.node.local_derivatives[arrow.slot], options.precision)
        gates = all(slot == 0 and node.op == "select" for node, slot in uses)  # no gradient flows there
        lit = any(node in bright and node.operands[slot] in bright for node, slot in uses)
        style = {"style": "dashed"} if gates else {}
        document.edge(names[arrow.tail], names[arrow.head], label, bright=lit, style=style)


def escaped(text: str) -> str:
    """Printable text as a DOT label that shows it as it is: no markup, no entity, no escape sequence."""
    label: str = graphviz.escape(text.replace("&", "&amp;").replace("\n", " "))
    return label


def _escaped_tooltip(text: str) -> str:
    return escaped(text.replace("\\", "\\\\"))  # Graphviz undoes escapes in tooltips twice


def _cells(text: str) -> int:
    """The width of text in characters; East Asian ones and emoji take two."""
    if text.isascii():
        return len(text)
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 0 if unicodedata.combining(c) else 1 for c in text)
