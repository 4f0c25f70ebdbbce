"""What a picture shows, in the shared style of all pictures: boxes of text, arrows between them, a note below."""

import unicodedata
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import ceil
from typing import NamedTuple

from viz.labels import printable
from viz.layout.geometry import Path, Rectangle
from viz.pictures.palette import LIGHT, Palette, palette_named

__all__ = [
    "CHARACTER",
    "DIRECTIONS",
    "FONT_SIZE",
    "LABEL_SIZE",
    "LINE",
    "Arrow",
    "Document",
    "Line",
    "TextBox",
    "columns",
    "empty_document",
    "size_of",
]

DIRECTIONS = {"LR": "left to right", "RL": "right to left", "TB": "top to bottom", "BT": "bottom to top"}

FONT_SIZE, LABEL_SIZE = 12.0, 10.0  # in points; labels stand beside arrows
CHARACTER = 0.6  # the width of a monospaced character in em
LINE = 1.25 * FONT_SIZE
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


class TextBox(NamedTuple):
    """A box of lines of text; `Document.box` documents what it holds."""

    lines: Sequence[Line]
    kind: str
    path: Path
    title: str
    tooltip: str
    emphasis: str
    shape: str
    place: Rectangle | None
    room: int
    pending: bool


class Arrow(NamedTuple):
    """An arrow between two boxes; `Document.arrow` documents what it holds."""

    tail: str
    head: str
    label: str
    emphasis: str
    style: dict[str, str]
    curve: "array[float] | None"
    label_on: Rectangle | None
    shows_label: bool
    backwards: bool


@dataclass(slots=True)
class Document:
    """What a picture shows.

    Attributes:
        direction: the direction of most arrows, a key of `DIRECTIONS`.
        palette: the colours.
        title: the text shown when pointing at the background.
        note: the lines of text below the picture.
        room: the number of characters that a line of the note may have, if that is more than it has.
        is_themed: whether notebooks show it in the colours of their theme.
        boxes: the boxes by their names, in reading order.
        arrows: the arrows.
    """

    direction: str
    palette: Palette
    title: str
    note: str = ""
    room: int = 0
    is_themed: bool = False
    boxes: dict[str, TextBox] = field(default_factory=dict)
    arrows: list[Arrow] = field(default_factory=list)

    def box(
        self,
        name: str,
        lines: Sequence[Line],
        kind: str,
        *,
        path: Path = (),
        title: str = "",
        tooltip: str = "",
        emphasis: str = "",
        shape: str = "box",
        place: Rectangle | None = None,
        room: int = 0,
        pending: bool = False,
    ) -> None:
        """Adds a box of lines of text. Boxes are added in reading order.

        Arguments:
            name: the identifier of the box, in DOT and as SVG id.
            lines: the text of each line, shown verbatim, and its style.
            kind: the key of its colours in `palette.colors_of`.
            path: the modules in whose frames it stands, outermost first.
            title: what it is called; boxes that are called the same but for a number stand in the order of the numbers.
            tooltip: the text shown when pointing at it.
            emphasis: the attribute of the palette with the colour in which it stands out, or "".
            shape: "box", "circle" or "plaintext".
            place: where it stands; by default, where `viz.layout` puts it.
            room: the number of characters that a line may have, if that is more than its longest line has.
            pending: whether its number is still to be computed.
        """
        shown = [Line(text, line.color, line.bold) for line in lines for text in printable(line.text).split("\n")]
        self.boxes[name] = TextBox(shown, kind, path, title, tooltip, emphasis, shape, place, room, pending)

    def arrow(
        self,
        tail: str,
        head: str,
        label: str = "",
        *,
        emphasis: str = "",
        style: dict[str, str] | None = None,
        curve: "array[float] | None" = None,
        label_on: Rectangle | None = None,
        shows_label: bool = True,
        backwards: bool = False,
    ) -> None:
        """Adds an arrow between two boxes.

        Arguments:
            tail, head: the names of the boxes.
            label: the text beside the arrow, bold and in its colour if it stands out.
            emphasis: the attribute of the palette with the colour in which it stands out, or "".
            style: further DOT attributes, none of them free text.
            curve: its Bézier curve as numbers; by default, what `viz.layout` finds.
            label_on: the place of a plate that carries the label and hides all arrows behind it; by default, the label
                stands where no arrow is.
            shows_label: False leaves the place of the label empty.
            backwards: whether it points to its tail.
        """
        text = printable(label).replace("\n", " ")
        styled = dict(style or {})
        self.arrows.append(Arrow(tail, head, text, emphasis, styled, curve, label_on, shows_label, backwards))

    def label_of(self, arrow: Arrow) -> Line:
        """Returns the label of an arrow, which stands out as the arrow does."""
        color = getattr(self.palette, arrow.emphasis) if arrow.emphasis else self.palette.muted
        return Line(arrow.label if arrow.shows_label else "", color, bold=bool(arrow.emphasis))

    @property
    def line_styles(self) -> dict[str, list[dict[str, str]]]:
        """For each box, and each arrow that stands out, by its SVG id, the SVG attributes of its lines of text.

        DOT cannot express them.
        """
        boxes = {name: [line.style for line in box.lines] for name, box in self.boxes.items()}
        labels = {
            f"edge{number}": [self.label_of(arrow).style]
            for number, arrow in enumerate(self.arrows, 1)
            if arrow.emphasis and not arrow.label_on
        }
        return boxes | labels


def empty_document(direction: str, palette: str, title: str) -> Document:
    """Returns a document without boxes.

    Arguments:
        direction: a key of `DIRECTIONS`.
        palette: "light", "dark", or "auto" for light files and the theme of a notebook.
        title: the text shown when pointing at the background.

    Raises:
        ValueError: for an unknown direction or palette.
    """
    if not isinstance(direction, str) or direction not in DIRECTIONS:
        known = ", ".join(f"{name!r} ({meaning})" for name, meaning in DIRECTIONS.items())
        raise ValueError(f"direction must be one of {known}, not {direction!r}")
    if palette == "auto":
        return Document(direction, LIGHT, title, is_themed=True)
    if palette not in ("light", "dark"):
        raise ValueError(f"palette must be 'light', 'dark' or 'auto', not {palette!r}")
    return Document(direction, palette_named(palette), title)


def size_of(texts: Sequence[str], shape: str = "box", room: int = 2) -> tuple[float, float]:
    """Returns the width and height in points of a box of lines of text, with room for at least so many characters."""
    width = 2.0 * ceil((max([2, room, *map(columns, texts)]) * CHARACTER * FONT_SIZE + 14.0) / 2)
    height = 2.0 * ceil((len(texts) * LINE + 8.0) / 2)
    return (max(width, height, _SMALLEST_CIRCLE),) * 2 if shape == "circle" else (width, height)


def columns(text: str) -> int:
    """Returns the width of text in characters; East Asian characters and emoji count as two."""
    if text.isascii():
        return len(text)
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 0 if unicodedata.combining(c) else 1 for c in text)
