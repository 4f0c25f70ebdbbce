"""Documents in the DOT language, with the place of everything: Graphviz only draws them."""

from array import array
from collections.abc import Sequence

import graphviz

from viz.labels import printable
from viz.layout import Path, Point, Rectangle
from viz.pictures.arrangement import arrange, headed, length_of
from viz.pictures.document import FONT_SIZE, LABEL_SIZE, Arrow, Document, TextBox

__all__ = ["dot_of"]


def dot_of(document: Document) -> str:
    """Returns a document in the DOT language."""
    return _Writer(document).written()


class _Writer:
    """A document, its layout, and its graph in DOT."""

    def __init__(self, document: Document) -> None:
        self.document = document
        arranged = arrange(document)
        self.layout, self.notes, self.height = arranged.layout, arranged.notes, arranged.height
        self.rectangle = dict(zip(document.boxes, self.layout.boxes, strict=True))
        palette = document.palette
        text = {"fontname": "Courier", "fontsize": f"{FONT_SIZE:g}"}
        self.frames = 0
        self.graph = graphviz.Digraph(
            graph_attr={
                **text,
                "layout": "nop2",  # everything has its place; without this, Graphviz looks for places itself
                "rankdir": document.direction,
                "notranslate": "true",
                "viewport": self._viewport(arranged.page),
                "outputorder": "edgesfirst",
                "bgcolor": palette.background,
                "fontcolor": palette.muted,
                "tooltip": graphviz.nohtml(_escaped_tooltip(document.title)),
            },
            node_attr={
                **text,
                "shape": "box",
                "style": "rounded,filled",
                "fixedsize": "true",
                "fontcolor": palette.text,
            },
            edge_attr={
                **text,
                "color": palette.edge,
                "fontcolor": palette.muted,
                "arrowsize": "0.6",
                "fontsize": f"{LABEL_SIZE:g}",
            },
        )

    def written(self) -> str:
        self._add_boxes(self.graph, list(self.document.boxes), ())
        arrows = enumerate(zip(self.document.arrows, self.layout.curves, self.layout.labels, strict=True), 1)
        for number, (arrow, curve, label_at) in sorted(arrows, key=_is_above):
            self._add_arrow(f"edge{number}", arrow, curve, label_at)
        if self.notes:
            middle = Point(self.layout.width / 2, (self.layout.height + self.height) / 2 + 4)
            label = "\\n".join(map(_escaped, self.notes))
            self.graph.attr(label=graphviz.nohtml(label), lp=self._position(middle))
        return str(self.graph.source)

    def _viewport(self, page: Rectangle) -> str:
        """The page, which Graphviz otherwise finds itself, and wider for each character beyond ASCII."""
        middle = Point(page.x + page.width / 2, page.y + page.height / 2)
        return f"{page.width:.2f},{page.height:.2f},1,{middle.x:.2f},{self.height - middle.y:.2f}"

    def _position(self, point: Point) -> str:
        """A point in Graphviz's coordinates, whose y grows upwards."""
        return f"{point.x:.1f},{self.height - point.y:.1f}"

    def _add_boxes(self, graph: graphviz.Digraph, names: Sequence[str], path: Path) -> None:
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
            with graph.subgraph(name=f"cluster{self.frames}") as frame:
                self._style_frame(frame, module)
                self._add_boxes(frame, within, module)

    def _style_frame(self, frame: graphviz.Digraph, module: Path) -> None:
        palette = self.document.palette
        x, y, width, height = self.layout.frames[module]
        title = printable(module[-1])
        length = length_of(title, FONT_SIZE)
        frame.attr(
            bb=f"{self._position(Point(x, y + height))},{self._position(Point(x + width, y))}",
            label=graphviz.nohtml(_escaped(title)),
            lp=self._position(Point(x + 8 + length / 2, y + 11)),
            lwidth=f"{length / 72:.3f}",
            lheight=f"{FONT_SIZE / 72:.3f}",
            tooltip=graphviz.nohtml(_escaped_tooltip(printable(".".join(module)))),
            style="rounded,filled",
            fillcolor=palette.cluster,
            color=palette.edge,
            fontcolor=palette.muted,
        )

    def _add_box(self, graph: graphviz.Digraph, name: str, box: TextBox) -> None:
        palette = self.document.palette
        fill, border = palette.colors_of[box.kind]
        attributes = {} if box.shape == "box" else {"shape": box.shape}
        if box.emphasis:
            attributes["penwidth"] = "2.6"
        if box.pending:
            attributes["style"] = "rounded,filled,dashed"
        # Graphviz fails if a label begins with empty lines, so an empty line becomes a space.
        _add(
            graph,
            name,
            label="\\n".join([_escaped(line.text or " ") for line in box.lines]),
            id=name,
            tooltip=_escaped_tooltip(box.tooltip),
            fillcolor=fill,
            color=getattr(palette, box.emphasis) if box.emphasis else border,
            **attributes,
            **self._size_and_position(self.rectangle[name]),
        )

    def _add_arrow(self, name: str, arrow: Arrow, curve: "array[float]", label_at: Point) -> None:
        attributes = dict(arrow.style)
        if arrow.emphasis:
            attributes |= {"color": getattr(self.document.palette, arrow.emphasis), "penwidth": "2.2"}
        if arrow.backwards:
            attributes["dir"] = "back"
        points = [*zip(curve[::2], curve[1::2], strict=True)]
        position = ""
        if attributes.get("arrowhead") != "none":
            points, (x, y), _ = headed(curve, self.document.direction, backwards=arrow.backwards)
            position = f"{'s' if arrow.backwards else 'e'},{x:.0f},{self.height - y:.0f} "
        # In whole points: Graphviz takes long to read fractions, and to write them.
        position += " ".join([f"{x:.0f},{self.height - y:.0f}" for x, y in points])
        label = _escaped(arrow.label) if arrow.shows_label else ""
        if arrow.label_on:
            self._add_plate(f"{name}_label", label, arrow.label_on)
        elif label:
            attributes |= {"label": label, "lp": self._position(label_at)}
        _add(self.graph, f"{arrow.tail} -> {arrow.head}", id=name, pos=position, **attributes)

    def _add_plate(self, name: str, label: str, place: Rectangle) -> None:
        """Adds a label as a node: Graphviz draws these after all arrows, which would otherwise strike it through."""
        palette = self.document.palette
        _add(
            self.graph,
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


def _is_above(numbered: tuple[int, tuple[Arrow, "array[float]", Point]]) -> bool:
    """Whether an arrow is drawn above those that do not stand out."""
    return bool(numbered[1][0].emphasis)


def _add(graph: graphviz.Digraph, what: str, **attributes: str) -> None:
    """Adds a node or an arrow, as a line of its own: the package would look at each attribute for a need of quotes."""
    quoted = [f'{name}="{text}"' for name, text in attributes.items()]
    graph.body.append(f"\t{what} [{' '.join(quoted)}]\n")


def _escaped(text: str) -> str:
    """Printable text as a quoted label that shows it verbatim: no markup, no entity, no escape sequence."""
    return text.replace("&", "&amp;").replace("\n", " ").replace("\\", "\\\\").replace('"', '\\"')


def _escaped_tooltip(text: str) -> str:
    return _escaped(text.replace("\\", "\\\\"))  # Graphviz undoes escapes in tooltips twice
