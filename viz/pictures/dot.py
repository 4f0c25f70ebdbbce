"""Documents in the DOT language, with the place of everything: Graphviz only draws them."""

import re
from array import array
from collections import Counter
from collections.abc import Sequence

from viz.labels import printable
from viz.layout import Layout, Path, Point, Rectangle, Shape, Wire, lay_out
from viz.pictures.document import CHARACTER, FONT_SIZE, LABEL_SIZE, Arrow, Document, TextBox, columns, size_of

__all__ = ["AHEAD", "ARROWHEAD", "NOTE", "dot_of", "layout_of", "length_of"]

ARROWHEAD = 6.0  # points
AHEAD = {"LR": (1, 0), "RL": (-1, 0), "TB": (0, 1), "BT": (0, -1)}
_LABEL_GAPS = 4.0, 10.0  # between labels of arrows to the same box, above each other and beside each other
NOTE = 24.0  # the height of the note


def dot_of(document: Document) -> str:
    """Returns a document in the DOT language."""
    return _Writer(document).written()


class _Graph:
    """A graph or a frame in DOT, line by line.

    Arguments:
        name: what stands before its braces.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.lines: list[str] = []

    def add(self, what: str, **attributes: str) -> None:
        """Adds a node or an arrow with escaped attributes."""
        written = [f'{name}="{text}"' for name, text in attributes.items()]
        self.lines.append(f"\t{what} [{' '.join(written)}]")

    def attributes(self, **attributes: str) -> None:
        """Adds attributes of its own, escaped; they are sorted, and quoted where needed."""
        self.lines.append(f"\t{_assigned(attributes)}")

    def defaults(self, what: str, **attributes: str) -> None:
        """Adds the attributes of every graph, node or edge in it."""
        self.lines.append(f"\t{what} [{_assigned(attributes)}]")

    def written(self) -> list[str]:
        """Returns its lines."""
        return [f"{self.name} {{", *self.lines, "}"]


class _Writer:
    """A document, its layout, and its graph in DOT."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.layout = layout_of(document)
        self.rectangle = dict(zip(document.boxes, self.layout.boxes, strict=True))
        palette = document.palette
        text = {"fontname": "Courier", "fontsize": f"{FONT_SIZE:g}"}
        below = NOTE if document.note else 0.0
        self.height = self.layout.height + below
        self.frames = 0
        self.graph = _Graph("digraph")
        self.graph.defaults(
            "graph",
            **text,
            layout="nop2",  # everything has its place; without this, Graphviz looks for places itself
            rankdir=document.direction,
            bb=f"0,0,{self.layout.width:.2f},{self.height:.2f}",
            outputorder="edgesfirst",
            bgcolor=palette.background,
            fontcolor=palette.muted,
            pad="0.15",
            tooltip=_escaped_tooltip(document.title),
        )
        self.graph.defaults(
            "node", **text, shape="box", style="rounded,filled", fixedsize="true", fontcolor=palette.text
        )
        self.graph.defaults(
            "edge",
            **text | {"fontsize": f"{LABEL_SIZE:g}"},
            color=palette.edge,
            fontcolor=palette.muted,
            arrowsize="0.6",
        )

    def written(self) -> str:
        self._add_boxes(self.graph, list(self.document.boxes), ())
        for number, (arrow, curve, label_at) in enumerate(
            zip(self.document.arrows, self.layout.curves, self.layout.labels, strict=True), 1
        ):
            self._add_arrow(f"edge{number}", arrow, curve, label_at)
        if self.document.note:
            middle = Point(self.layout.width / 2, self.height - NOTE / 2 + 4)
            self.graph.attributes(label=_escaped(self.document.note), lp=self._position(middle))
        return "\n".join([*self.graph.written(), ""])

    def _position(self, point: Point) -> str:
        """A point in Graphviz's coordinates, whose y grows upwards."""
        return f"{point.x:.1f},{self.height - point.y:.1f}"

    def _add_boxes(self, graph: "_Graph", names: Sequence[str], path: Path) -> None:
        """Adds boxes, and a frame around those of each module."""
        inner: dict[Path, list[str]] = {}
        for name in names:
            box = self.document.boxes[name]
            if box.path == path:
                self._add_box(graph, name, box)
            else:
                inner.setdefault(box.path[: len(path) + 1], []).append(name)
        for module, within in inner.items():
            self.frames += 1  # a name of its own, for a frame may hold nothing but another frame
            frame = _Graph(f"subgraph cluster{self.frames}")
            self._style_frame(frame, module)
            self._add_boxes(frame, within, module)
            graph.lines += [f"\t{line}" for line in frame.written()]

    def _style_frame(self, frame: "_Graph", module: Path) -> None:
        palette = self.document.palette
        x, y, width, height = self.layout.frames[module]
        title = printable(module[-1])
        length = length_of(title, FONT_SIZE)
        frame.attributes(
            bb=f"{self._position(Point(x, y + height))},{self._position(Point(x + width, y))}",
            label=_escaped(title),
            lp=self._position(Point(x + 8 + length / 2, y + 11)),
            lwidth=f"{length / 72:.3f}",
            lheight=f"{FONT_SIZE / 72:.3f}",
            tooltip=_escaped_tooltip(printable(".".join(module))),
            style="rounded,filled",
            fillcolor=palette.cluster,
            color=palette.edge,
            fontcolor=palette.muted,
        )

    def _add_box(self, graph: "_Graph", name: str, box: TextBox) -> None:
        palette = self.document.palette
        fill, border = palette.colors_of[box.kind]
        attributes = {} if box.shape == "box" else {"shape": box.shape}
        if box.highlighted:
            attributes["penwidth"] = "2.6"
        # Graphviz fails if a label begins with empty lines, so an empty line becomes a space.
        graph.add(
            name,
            label="\\n".join([_escaped(line.text or " ") for line in box.lines]),
            id=name,
            tooltip=_escaped_tooltip(box.tooltip),
            fillcolor=fill,
            color=palette.highlight if box.highlighted else border,
            **attributes,
            **self._size_and_position(self.rectangle[name]),
        )

    def _add_arrow(self, name: str, arrow: Arrow, curve: "array[float]", label_at: Point) -> None:
        attributes = dict(arrow.style)
        if arrow.highlighted:
            attributes |= {"color": self.document.palette.highlight, "penwidth": "2.2"}
        points = [*zip(curve[::2], curve[1::2], strict=True)]
        position = ""
        if attributes.get("arrowhead") != "none":
            (x, y), (right, down) = points[-1], AHEAD[self.document.direction]
            position = f"e,{x:.0f},{self.height - y:.0f} "
            points[-2:] = [(x - right * ARROWHEAD, y - down * ARROWHEAD) for x, y in points[-2:]]
        # In whole points: Graphviz takes long to read fractions, and to write them.
        position += " ".join([f"{x:.0f},{self.height - y:.0f}" for x, y in points])
        label = _escaped(arrow.label)
        if arrow.label_on:
            self._add_plate(f"{name}_label", label, arrow.label_on)
        elif label:
            attributes |= {"label": label, "lp": self._position(label_at)}
        self.graph.add(f"{arrow.tail} -> {arrow.head}", id=name, pos=position, **attributes)

    def _add_plate(self, name: str, label: str, place: Rectangle) -> None:
        """Adds a label as a node: Graphviz draws these after all arrows, which would otherwise strike it through."""
        palette = self.document.palette
        self.graph.add(
            name,
            label=label,
            id=name,
            shape="plaintext",
            style="filled",
            fillcolor=palette.background,
            fontcolor=palette.text,
            **self._size_and_position(place),
        )

    def _size_and_position(self, place: Rectangle) -> dict[str, str]:
        x, y, width, height = place
        return {
            "width": f"{width / 72:.3f}",
            "height": f"{height / 72:.3f}",
            "pos": f"{x + width / 2:.0f},{self.height - y - height / 2:.0f}",
        }


def layout_of(document: Document) -> Layout:
    """Returns the places of all boxes, frames, arrows and labels of a document."""
    boxes, arrows = document.boxes, document.arrows
    if any(box.place for box in boxes.values()):  # then all of them have one
        places = [box.place for box in boxes.values() if box.place]
        width = max(place.x + place.width for place in places)
        height = max(place.y + place.height for place in places)
        curves = [arrow.curve or array("d") for arrow in arrows]
        return Layout(width, height, places, {}, curves, [Point(0, 0)] * len(arrows))
    index = {name: number for number, name in enumerate(boxes)}
    levels = document.direction in ("LR", "RL")
    wires = []
    arriving = Counter(arrow.head for arrow in arrows)
    side: dict[str, float] = {}  # the length of the side of a box at which arrows with labels arrive
    for arrow in arrows:
        width, height = (length_of(arrow.label, LABEL_SIZE), LABEL_SIZE) if arrow.label else (0.0, 0.0)
        wires.append(Wire(index[arrow.tail], index[arrow.head], width, height))
        if arrow.label:
            each = height + _LABEL_GAPS[0] if levels else width + _LABEL_GAPS[1]
            side[arrow.head] = max(side.get(arrow.head, 0.0), each * (arriving[arrow.head] + 1))
    shapes = []
    for name, box in boxes.items():
        width, height = size_of([line.text for line in box.lines], box.shape)
        least = side.get(name, 0.0)
        size = (width, max(height, least)) if levels else (max(width, least), height)
        shapes.append(Shape(*size, box.path, box.title))
    paths = {box.path[:length] for box in boxes.values() for length in range(1, len(box.path) + 1)}
    titles = {path: length_of(printable(path[-1]), FONT_SIZE) for path in paths}
    return lay_out(shapes, wires, document.direction, titles)


_PLAIN = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*|-?(\.[0-9]+|[0-9]+(\.[0-9]*)?)")
_KEYWORDS = frozenset(("digraph", "edge", "graph", "node", "strict", "subgraph"))


def _assigned(attributes: dict[str, str]) -> str:
    return " ".join([f"{name}={_quoted(text)}" for name, text in sorted(attributes.items())])


def _quoted(text: str) -> str:
    """Escaped text as DOT reads it: in quotes, unless it is a name or a number."""
    return text if _PLAIN.fullmatch(text) and text.lower() not in _KEYWORDS else f'"{text}"'


def length_of(text: str, size: float) -> float:
    """Returns the length of a line of text in a font size, in points."""
    return columns(text) * CHARACTER * size


def _escaped(text: str) -> str:
    """Printable text as a quoted label that shows it verbatim: no markup, no entity, no escape sequence."""
    return text.replace("&", "&amp;").replace("\n", " ").replace("\\", "\\\\").replace('"', '\\"')


def _escaped_tooltip(text: str) -> str:
    return _escaped(text.replace("\\", "\\\\"))  # Graphviz undoes escapes in tooltips twice
