"""Documents as SVG without Graphviz: the elements that Graphviz writes, at the same places."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape

from viz.labels import printable
from viz.layout import Path, Point, Rectangle
from viz.pictures.arrangement import ARROWHEAD, Arrangement, arrange, headed, length_of
from viz.pictures.document import FONT_SIZE, LABEL_SIZE, Arrow, Document, TextBox
from viz.pictures.png import MONOSPACE

__all__ = ["plain_svg"]

_LINE_HEIGHT, _BASELINE = 1.2, 0.3  # of the font size; from the middle of a line to its baseline
_ROUND = 12.0  # the radius of a corner
_HEAD = 2.1, 1.52  # half the width of an arrowhead, and how far its point stays back


def plain_svg(document: Document) -> str:
    """Returns a document as SVG.

    >>> from viz.pictures.document import Line, empty_document
    >>> document = empty_document("LR", "light", "a box")
    >>> document.box("node1", [Line("x", "#000000")], "constant")
    >>> "<text" in plain_svg(document)
    True
    """
    arranged = arrange(document)
    layout = arranged.layout
    page = arranged.page
    size = f'width="{page.width:.0f}" height="{page.height:.0f}"'
    box = f"{page.x:.2f} {page.y:.2f} {page.width:.2f} {page.height:.2f}"
    names = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    return "\n".join(
        [
            '<?xml version="1.0" encoding="UTF-8" standalone="no"?>',
            f'<svg {size}\n viewBox="{box}" {names}>',
            *_group("graph0", "graph", document.title, _background(document, page, arranged)),
            *_frames(document, layout.frames),
            *_arrows(document, layout.curves, layout.labels),
            *_boxes(document, layout.boxes),
            *_plates(document),
            "</svg>\n",
        ]
    )


def _group(name: str, kind: str, tooltip: str, content: Iterable[str]) -> Iterator[str]:
    yield f'<g id="{escape(name)}" class="{kind}">'
    yield from [f'<a xlink:title="{escape(tooltip)}">', *content, "</a>"] if tooltip else content
    yield "</g>"


def _background(document: Document, page: Rectangle, arranged: Arrangement) -> Iterator[str]:
    palette, layout = document.palette, arranged.layout
    yield _rectangle(page, palette.background)
    middle = Point(layout.width / 2, (layout.height + arranged.height) / 2 + 4)
    yield from _lines(arranged.notes, middle, [{"fill": palette.muted}] * len(arranged.notes))


def _frames(document: Document, frames: Mapping[Path, Rectangle]) -> Iterator[str]:
    palette = document.palette
    first: dict[Path, int] = {}  # the modules in the order of the first box in each
    for box in document.boxes.values():
        for length in range(1, len(box.path) + 1):
            first.setdefault(box.path[:length], len(first))
    in_turn = sorted(frames, key=lambda path: [first[path[:length]] for length in range(1, len(path) + 1)])
    for number, path in enumerate(in_turn, 1):
        place = frames[path]
        title = printable(path[-1])
        at = Point(place.x + 8 + length_of(title, FONT_SIZE) / 2, place.y + 11)
        content = [
            _rounded(place, palette.cluster, palette.edge, ""),
            _text(title, at, FONT_SIZE, {"fill": palette.muted}),
        ]
        yield from _group(f"clust{number}", "cluster", printable(".".join(path)), content)


def _arrows(document: Document, curves: Sequence[Sequence[float]], labels: Sequence[Point]) -> Iterator[str]:
    numbered = enumerate(zip(document.arrows, curves, labels, strict=True), 1)
    for number, (arrow, curve, at) in sorted(numbered, key=lambda each: bool(each[1][0].emphasis)):
        yield from _group(f"edge{number}", "edge", arrow.style.get("tooltip", ""), _arrow(document, arrow, curve, at))


def _arrow(document: Document, arrow: Arrow, curve: Sequence[float], label_at: Point) -> Iterator[str]:
    palette = document.palette
    color = getattr(palette, arrow.emphasis) if arrow.emphasis else arrow.style.get("color", palette.edge)
    pen = "2.2" if arrow.emphasis else arrow.style.get("penwidth", "")
    stroke = f' stroke-width="{float(pen):g}"' if pen else ""
    dashed = ' stroke-dasharray="5,2"' if arrow.style.get("style") == "dashed" else ""
    points = [*zip(curve[::2], curve[1::2], strict=True)]
    has_head = arrow.style.get("arrowhead") != "none"
    if has_head:
        points, (x, y), (right, down) = headed(curve, document.direction, backwards=arrow.backwards)
    first, *further = [f"{px:.2f},{py:.2f}" for px, py in points]
    yield f'<path fill="none" stroke="{color}"{stroke}{dashed} d="M{first}C{" ".join(further)}"/>'
    if has_head:
        half, back = _HEAD
        tip = x - right * back, y - down * back
        base = tip[0] - right * ARROWHEAD, tip[1] - down * ARROWHEAD
        sides = [(base[0] + down * side, base[1] + right * side) for side in (half, -half)]
        head = " ".join(f"{px:.2f},{py:.2f}" for px, py in (sides[0], tip, sides[1], sides[0]))
        yield f'<polygon fill="{color}" stroke="{color}"{stroke} points="{head}"/>'
    label = document.label_of(arrow)
    if label.text and not arrow.label_on:
        yield _text(label.text, label_at, LABEL_SIZE, label.style)


def _boxes(document: Document, places: Sequence[Rectangle]) -> Iterator[str]:
    for (name, box), place in zip(document.boxes.items(), places, strict=True):
        yield from _group(name, "node", box.tooltip, _box(document, box, place))


def _box(document: Document, box: TextBox, place: Rectangle) -> Iterator[str]:
    fill, border = document.palette.colors_of[box.kind]
    border = getattr(document.palette, box.emphasis) if box.emphasis else border
    pen = ' stroke-width="2.6"' if box.emphasis else ""
    pen += ' stroke-dasharray="5,2"' if box.pending else ""
    x, y = place.x + place.width / 2, place.y + place.height / 2
    if box.shape == "circle":
        radius = f'cx="{x:.2f}" cy="{y:.2f}" rx="{place.width / 2:.2f}" ry="{place.height / 2:.2f}"'
        yield f'<ellipse fill="{fill}" stroke="{border}"{pen} {radius}/>'
    elif box.shape == "box":
        yield _rounded(place, fill, border, pen)
    else:
        yield _rectangle(place, fill)
    yield from _lines([line.text or " " for line in box.lines], Point(x, y), [line.style for line in box.lines])


def _lines(texts: Sequence[str], middle: Point, styles: Sequence[dict[str, str]]) -> Iterator[str]:
    """Lines of text, one below the other, with their middle at a point."""
    for number, (text, style) in enumerate(zip(texts, styles, strict=True)):
        above = (len(texts) - 1) / 2 - number
        yield _text(text, Point(middle.x, middle.y - above * _LINE_HEIGHT * FONT_SIZE), FONT_SIZE, style)


def _plates(document: Document) -> Iterator[str]:
    """The labels that hide what is behind them."""
    for number, arrow in enumerate(document.arrows, 1):
        if arrow.label_on:
            place = arrow.label_on
            middle = Point(place.x + place.width / 2, place.y + place.height / 2)
            text = _text(arrow.label, middle, FONT_SIZE, {"fill": document.palette.text})
            yield from _group(f"edge{number}_label", "node", "", [_rectangle(place, document.palette.background), text])


def _rounded(place: Rectangle, fill: str, border: str, pen: str) -> str:
    left, top, right, bottom = place.x, place.y, place.x + place.width, place.y + place.height
    r = min(_ROUND, place.width / 3, place.height / 3)
    half = r / 2  # where the handles of a corner's curve are
    path = (
        f"M{left + r:.2f},{top:.2f}L{right - r:.2f},{top:.2f}"
        f"C{right - half:.2f},{top:.2f} {right:.2f},{top + half:.2f} {right:.2f},{top + r:.2f}"
        f"L{right:.2f},{bottom - r:.2f}"
        f"C{right:.2f},{bottom - half:.2f} {right - half:.2f},{bottom:.2f} {right - r:.2f},{bottom:.2f}"
        f"L{left + r:.2f},{bottom:.2f}"
        f"C{left + half:.2f},{bottom:.2f} {left:.2f},{bottom - half:.2f} {left:.2f},{bottom - r:.2f}"
        f"L{left:.2f},{top + r:.2f}C{left:.2f},{top + half:.2f} {left + half:.2f},{top:.2f} {left + r:.2f},{top:.2f}Z"
    )
    return f'<path fill="{fill}" stroke="{border}"{pen} d="{path}"/>'


def _rectangle(place: Rectangle, fill: str) -> str:
    size = f'x="{place.x:.2f}" y="{place.y:.2f}" width="{place.width:.2f}" height="{place.height:.2f}"'
    return f'<rect fill="{fill}" stroke="none" {size}/>'


def _text(text: str, at: Point, size: float, style: dict[str, str]) -> str:
    """A line of text with its middle at a point."""
    place = f'x="{at.x:.2f}" y="{at.y + _BASELINE * size:.2f}"'
    styled = " ".join(f'{name}="{value}"' for name, value in style.items())
    font = f'font-size="{size:.2f}" font-family="{MONOSPACE}"'
    return f'<text xml:space="preserve" text-anchor="middle" {place} {font} {styled}>{escape(text)}</text>'
