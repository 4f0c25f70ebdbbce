"""Documents as pictures of TikZ, which LaTeX draws with its own fonts: one picture, or overlays for Beamer."""

from collections.abc import Sequence
from itertools import groupby

from viz.labels import printable
from viz.latex_text import latex_text
from viz.layout import Point, Rectangle
from viz.pictures.arrangement import Arrangement, arrange
from viz.pictures.document import FONT_SIZE, LABEL_SIZE, LINE, Arrow, Document, Line, TextBox

__all__ = ["latex_of", "tikz_of"]

_THIN, _STRONG = 0.8, 2.2  # the widths of lines in points
_SLIDE = 1.9  # the ratio of width to height of what a slide has room for
_SHAPES = {"box": "rectangle, rounded corners=5bp", "circle": "circle", "plaintext": "rectangle"}


def tikz_of(documents: Sequence[Document]) -> str:
    """Returns a picture of TikZ. It needs no library of it; letters that LaTeX lacks need XeLaTeX or LuaLaTeX.

    Arguments:
        documents: the steps of one graph, which have the same boxes and arrows in the same places. From two on, each is
            an overlay of Beamer.
    """
    written = [_Writer(document).elements() for document in documents]
    lines = [r"\begin{tikzpicture}[x=1bp, y=-1bp, >=latex, font=\ttfamily]"]
    for versions in zip(*written, strict=True):
        if versions.count(versions[0]) == len(versions):
            lines.append(versions[0])
            continue
        overlay = 1
        for code, same in groupby(versions):
            first, overlay = overlay, overlay + len(list(same))
            lines.append(rf"\only<{first}-{overlay - 1}>{{{code}}}")
    return "\n".join([*lines, r"\end{tikzpicture}", ""])


def latex_of(documents: Sequence[Document]) -> str:
    """Returns a LaTeX document with that picture: one page, or a presentation in which each overlay is a step."""
    picture = tikz_of(documents)
    if len(documents) == 1:
        return rf"""\documentclass[tikz, border=6bp]{{standalone}}
\begin{{document}}
{picture}\end{{document}}
"""
    size = r"{\textwidth}{!}" if _Writer(documents[0]).is_wide else r"{!}{0.9\textheight}"
    return rf"""\documentclass[aspectratio=169]{{beamer}}
\usepackage{{tikz}}
\setbeamertemplate{{navigation symbols}}{{}}
\begin{{document}}
\begin{{frame}}
\centering
\resizebox{size}{{%
{picture}}}
\end{{frame}}
\end{{document}}
"""


class _Writer:
    """A document and where everything in it stands."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.arranged: Arrangement = arrange(document)

    @property
    def is_wide(self) -> bool:
        """Whether the width of a slide limits the size of the picture."""
        width = self.arranged.layout.width + 2 * self.arranged.beside
        return width > _SLIDE * self.arranged.height

    def elements(self) -> list[str]:
        """The commands that draw it, in the same order for all steps of a graph."""
        layout, palette = self.arranged.layout, self.document.palette
        left, right = -self.arranged.beside, layout.width + self.arranged.beside
        frames = [self._frame(path[-1], place) for path, place in layout.frames.items()]
        boxes = [self._box(box, place) for box, place in zip(self.document.boxes.values(), layout.boxes, strict=True)]
        arrows = [self._arrow(arrow, curve) for arrow, curve in zip(self.document.arrows, layout.curves, strict=True)]
        labels = [
            self._text([self.document.label_of(arrow)], self._label_at(arrow, at), LABEL_SIZE)
            for arrow, at in zip(self.document.arrows, layout.labels, strict=True)
        ]
        middle = Point(layout.width / 2, (layout.height + self.arranged.height) / 2 + 4)
        note = self._text([Line(line, palette.muted) for line in self.arranged.notes], middle, FONT_SIZE)
        place = rf"\useasboundingbox ({left:.1f},0) rectangle ({right:.1f},{self.arranged.height:.1f});"
        return [place, *frames, *arrows, *boxes, *labels, note]

    def _frame(self, title: str, place: Rectangle) -> str:
        palette = self.document.palette
        options = f"rounded corners=5bp, draw={_color(palette.edge)}, fill={_color(palette.cluster)}"
        corner = rf"({place.x + 8:.1f},{place.y + 11:.1f})"
        text = _styled(Line(printable(title), palette.muted), FONT_SIZE)
        return (
            rf"\draw[{options}] ({place.x:.1f},{place.y:.1f}) rectangle "
            rf"({place.x + place.width:.1f},{place.y + place.height:.1f}); "
            rf"\node[anchor=west, inner sep=0] at {corner} {{{text}}};"
        )

    def _box(self, box: TextBox, place: Rectangle) -> str:
        palette = self.document.palette
        fill, border = palette.colors_of[box.kind]
        color = getattr(palette, box.emphasis) if box.emphasis else border
        options = [
            _SHAPES[box.shape],
            f"minimum width={place.width:.1f}bp",
            f"minimum height={place.height:.1f}bp",
            "inner sep=0",
            "align=center",
        ]
        if box.shape != "plaintext":
            options += [f"draw={_color(color)}", f"fill={_color(fill)}"]
            options += [f"line width={_STRONG if box.emphasis else _THIN}bp"] + ["dashed"] * box.pending
        centre = f"({place.x + place.width / 2:.1f},{place.y + place.height / 2:.1f})"
        text = r"\\".join(_styled(line, FONT_SIZE) for line in box.lines)
        return rf"\node[{', '.join(options)}] at {centre} {{{text}}};"

    def _arrow(self, arrow: Arrow, curve: Sequence[float]) -> str:
        palette = self.document.palette
        color = getattr(palette, arrow.emphasis) if arrow.emphasis else palette.edge
        width = _STRONG if arrow.emphasis else float(arrow.style.get("penwidth", "1")) * _THIN
        options = [] if arrow.style.get("arrowhead") == "none" else ["<-" if arrow.backwards else "->"]
        options += [f"draw={_color(arrow.style.get('color', color))}", f"line width={width:.2g}bp"]
        options += ["dashed"] * (arrow.style.get("style") == "dashed")
        start, *others = [f"({x:.1f},{y:.1f})" for x, y in zip(curve[::2], curve[1::2], strict=True)]
        pieces = [
            f".. controls {first} and {second} .. {end}"
            for first, second, end in zip(others[::3], others[1::3], others[2::3], strict=True)
        ]
        return rf"\draw[{', '.join(options)}] {start} {' '.join(pieces)};"

    def _label_at(self, arrow: Arrow, at: Point) -> Point:
        if arrow.label_on is None:
            return at
        x, y, width, height = arrow.label_on
        return Point(x + width / 2, y + height / 2)

    def _text(self, lines: Sequence[Line], centre: Point, size: float) -> str:
        """Text on a plate of the background's colour, or nothing."""
        if not any(line.text for line in lines):
            return ""
        text = r"\\".join(_styled(line, size) for line in lines)
        plate = f"fill={_color(self.document.palette.background)}"
        return rf"\node[{plate}, inner sep=0.5bp, align=center] at ({centre.x:.1f},{centre.y:.1f}) {{{text}}};"


def _color(color: str) -> str:
    """A colour for TikZ, without a name that a document would have to define."""
    red, green, blue = (int(color[start : start + 2], 16) for start in (1, 3, 5))
    return f"{{rgb,255:red,{red}; green,{green}; blue,{blue}}}"


def _styled(line: Line, size: float) -> str:
    """A line of text in its size, weight and colour."""
    font = rf"\frenchspacing\fontsize{{{size:g}bp}}{{{LINE:g}bp}}\selectfont" + r"\bfseries" * line.bold
    text = latex_text(line.text)
    return rf"{font}\textcolor[HTML]{{{line.color[1:].upper()}}}{{{text}}}"
