"""A DOT document in the shared style of all pictures."""

import unicodedata
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import graphviz

from viz.labels import printable
from viz.layout.geometry import Point, Rectangle
from viz.pictures.folding import Box
from viz.pictures.palette import Palette, palette_named

__all__ = ["DIRECTIONS", "Document", "Line", "add_boxes", "empty_document"]

DIRECTIONS = {"LR": "left to right", "RL": "right to left", "TB": "top to bottom", "BT": "bottom to top"}

_FONT_SIZE = 12.0
_CHARACTER, _LINE = 0.6 * _FONT_SIZE, 1.25 * _FONT_SIZE  # in points; a monospaced character is about 0.6 em wide
_SMALLEST_CIRCLE = 52.0


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
    """A DOT document, plus a style for each line of text in its nodes, which DOT cannot express.

    Attributes:
        graph: the document; `graph.source` is its text.
        palette: its colours.
        boxes, edges: the numbers of boxes and edges in it.
        line_styles: for the SVG id of each node and edge, the SVG attributes of each of its lines of text.
        frames: for each cluster, the module that it draws a frame around.
    """

    graph: graphviz.Digraph
    palette: Palette
    line_styles: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    frames: dict[str, tuple[str, ...]] = field(default_factory=dict)
    boxes: int = 0
    edges: int = 0
    height: float = 0.0

    def box(
        self,
        graph: graphviz.Digraph,
        name: str,
        lines: Sequence[Line],
        kind: str,
        *,
        tooltip: str = "",
        highlighted: bool = False,
        shape: str = "box",
        place: Rectangle | None = None,
    ) -> None:
        """Adds a box of lines of text to the document or to one of its clusters.

        Arguments:
            graph: the document's graph, or the cluster.
            name: the identifier of the box, in DOT and as SVG id.
            lines: the text of each line, shown verbatim, and its style.
            kind: the key of its colours in `palette.colors_of`.
            tooltip: the text shown on hover.
            highlighted: whether it stands out.
            shape: "box", "circle" or "plaintext".
            place: where it stands; by default, Graphviz decides.
        """
        # Graphviz fails if a label begins with empty lines, so an empty line becomes a space.
        texts = [(text or " ", line) for line in lines for text in printable(line.text).split("\n")]
        fill, border = self.palette.colors_of[kind]
        self.boxes += 1
        _, _, width, height = place or Rectangle(0.0, 0.0, *size_of(lines, shape))
        position = {} if place is None else {"pos": self.position(Point(place.x + width / 2, place.y + height / 2))}
        self.line_styles[name] = [line.style for _, line in texts]
        graph.node(
            name,
            label=graphviz.nohtml("\\n".join(_escaped(text) for text, _ in texts)),
            id=name,
            tooltip=_escaped_tooltip(tooltip),
            fillcolor=fill,
            color=self.palette.highlight if highlighted else border,
            penwidth="2.6" if highlighted else "1",
            shape=shape,
            width=f"{width / 72:.4f}",
            height=f"{height / 72:.4f}",
            **position,
        )

    def position(self, point: Point) -> str:
        """A point of a layout in Graphviz's coordinates, whose y grows upwards."""
        return f"{point.x:.2f},{self.height - point.y:.2f}"

    def rectangle(self, place: Rectangle) -> str:
        """A rectangle of a layout in Graphviz's coordinates: its lower left and upper right corners."""
        x, y, width, height = place
        return f"{self.position(Point(x, y + height))},{self.position(Point(x + width, y))}"

    def edge(
        self, tail: str, head: str, label: str = "", *, highlighted: bool = False, style: dict[str, str] | None = None
    ) -> None:
        """Adds an arrow between two boxes.

        Arguments:
            tail, head: the names of the boxes.
            label: the text on the arrow, legible even where lines cross it.
            highlighted: whether it stands out.
            style: further DOT attributes, none of them free text.
        """
        attributes = dict(style or {})
        if highlighted:
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
        self.graph.edge(tail, head, label=_escaped(printable(label)), id=name, **attributes)


def size_of(lines: Sequence[Line], shape: str = "box") -> tuple[float, float]:
    """The width and height of a box of lines of text."""
    texts = [text for line in lines for text in printable(line.text).split("\n")]
    width = max([2, *map(_columns, texts)]) * _CHARACTER + 14.0
    height = len(texts) * _LINE + 8.0
    return (max(width, height, _SMALLEST_CIRCLE),) * 2 if shape == "circle" else (width, height)


def empty_document(direction: str, palette: str, title: str) -> Document:
    """Returns a document without boxes, in the shared style of all pictures.

    Raises:
        ValueError: for an unknown direction or palette.
    """
    if not isinstance(direction, str) or direction not in DIRECTIONS:
        known = ", ".join(f"{name!r} ({meaning})" for name, meaning in DIRECTIONS.items())
        raise ValueError(f"direction must be one of {known}, not {direction!r}")
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


def add_boxes(
    document: Document, names: Mapping[Box, str], add_box: Callable[[graphviz.Digraph, Box, str], None]
) -> None:
    """Adds boxes to a document, and a frame around the boxes of each open module.

    Arguments:
        document: the document to add them to.
        names: the name of each box in the document.
        add_box: adds one box to the document's graph or to a cluster.
    """

    def add(graph: graphviz.Digraph, names: Mapping[Box, str], path: tuple[str, ...]) -> None:
        inner: dict[tuple[str, ...], dict[Box, str]] = defaultdict(dict)
        for box, name in names.items():
            if box.path == path:
                add_box(graph, box, name)
            else:
                inner[box.path[: len(path) + 1]][box] = name
        for module, within in inner.items():
            cluster = f"cluster{len(document.frames)}"  # a unique name, because a frame may hold only another frame
            document.frames[cluster] = module
            with graph.subgraph(name=cluster) as frame:
                frame.attr(
                    label=_escaped(printable(module[-1])),
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


def _escaped(text: str) -> str:
    """Printable text as a DOT label that shows it verbatim: no markup, no entity, no escape sequence."""
    label: str = graphviz.escape(text.replace("&", "&amp;").replace("\n", " "))
    return label


def _escaped_tooltip(text: str) -> str:
    return _escaped(text.replace("\\", "\\\\"))  # Graphviz undoes escapes in tooltips twice


def _columns(text: str) -> int:
    """The width of text in columns; East Asian characters and emoji take two."""
    if text.isascii():
        return len(text)
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 0 if unicodedata.combining(c) else 1 for c in text)
