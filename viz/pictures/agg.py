"""Our SVGs painted by Agg, matplotlib's rasterizer: it is much faster than a rasterizer for all of SVG."""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import NamedTuple
from xml.etree import ElementTree

import numpy as np
from numpy.typing import NDArray

from viz.pictures.extensions import extension
from viz.pictures.glyphs import text_outline

__all__ = ["painted"]

_SVG = "{http://www.w3.org/2000/svg}"
_XLINK_TITLE = "{http://www.w3.org/1999/xlink}title"
_XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"

_PAINT = {"fill", "stroke", "stroke-width"}
_ATTRIBUTES = {  # of the elements that Graphviz writes for our pictures
    "svg": {"width", "height", "viewBox"},
    "g": {"id", "class", "transform"},
    "a": {_XLINK_TITLE},
    "title": set(),
    "polygon": _PAINT | {"points"},
    "polyline": _PAINT | {"points", "stroke-dasharray"},
    "path": _PAINT | {"d", "stroke-dasharray"},
    "ellipse": _PAINT | {"cx", "cy", "rx", "ry"},
    "text": {"fill", "x", "y", "font-family", "font-size", "font-weight", "text-anchor", _XML_SPACE},
}
_TRANSFORM = re.compile(r"scale\(1 1\) rotate\(0\) translate\(([-\d.]+) ([-\d.]+)\)")
_COLOR = re.compile("#[0-9a-f]{6}")
_NAMED_COLORS = {"black": "#000000", "white": "#ffffff"}
_ANCHORS = {"start": 0.0, "middle": 0.5, "end": 1.0}  # the share of a text that is left of its x


class _NotPaintedError(Exception):
    """Raised for what only a rasterizer for all of SVG paints."""


_Rgba = tuple[float, float, float, float]

# Agg's codes for the vertices of a path
_MOVE, _LINE, _CURVE, _CLOSE = 1, 2, 4, 79

_TRANSPARENT = 0.0, 0.0, 0.0, 0.0
_SHARPEST = 4.0  # Agg's limit of a corner's length beyond a line, as a share of its width
_BAND = 128  # rows

_agg = extension("matplotlib.backends._backend_agg")


class _Path(NamedTuple):
    """A path as Agg reads it: vertices, and a code for each."""

    vertices: NDArray[np.float64]
    codes: NDArray[np.uint8]
    should_simplify: bool = False
    simplify_threshold: float = 0.0


class _Pen:
    """How Agg draws a path; it reads the attributes of a graphics context of matplotlib, by these names.

    Arguments:
        color: red, green, blue and alpha of the line.
        width, dashes: of the line, in pixels.
    """

    _alpha, _forced_alpha, _antialiased, _capstyle, _cliprect = 1.0, False, True, "butt", None

    def __init__(self, color: _Rgba, width: float, dashes: list[float] | None) -> None:
        self._rgb, self._linewidth, self._dashes, self._joinstyle = color, width, dashes, "miter"

    def get_dashes(self) -> tuple[float, list[float] | None]:
        return 0.0, self._dashes

    def get_clip_path(self) -> tuple[None, None]:
        return None, None

    def get_snap(self) -> bool:
        return False

    def get_hatch_path(self) -> None:
        return None

    def get_hatch_color(self) -> _Rgba:
        return self._rgb

    def get_hatch_linewidth(self) -> float:
        return 1.0

    def get_sketch_params(self) -> None:
        return None


class _Shape(NamedTuple):
    """A path and its paint: colours, None for none; the width and dashes of its line, in the units of the SVG."""

    path: _Path
    fill: str | None
    stroke: str | None = None
    width: float = 1.0
    dashes: tuple[float, ...] | None = None


class _Transform(NamedTuple):
    """From the units of the SVG to pixels: how far everything is moved, and then scaled, across and down."""

    x: float
    y: float
    across: float
    down: float

    def row(self, y: float) -> float:
        """The row of pixels, counted from the top."""
        return (y + self.y) * self.down

    def upwards(self, bottom: int) -> NDArray[np.float64]:
        """As a matrix for Agg, whose y grows upwards from a row."""
        x, y, across, down = self
        return np.array([[across, 0.0, x * across], [0.0, -down, bottom - y * down], [0.0, 0.0, 1.0]])


class _Stroke(NamedTuple):
    """A path in the units of the SVG; its paint, in pixels; the first and last row of pixels that it may touch."""

    path: _Path
    pen: _Pen
    fill: _Rgba | None
    top: float
    bottom: float


def painted(svg: str, family: str, width: int, height: int) -> Iterator[NDArray[np.uint8]] | None:
    """Paints an SVG that Graphviz wrote for one of our pictures.

    Arguments:
        svg: the picture.
        family: the font family that stands for DejaVu Sans Mono.
        width, height: the size of the result in pixels.

    Returns:
        The opaque pixels, red, green, blue and alpha, as bands from top to bottom; each has the shape (rows, width, 4),
        and is overwritten by the next. None if the SVG contains an element, an attribute or a character that is not
        painted here.
    """
    try:
        root = ElementTree.fromstring(svg)
        page, offset = _page(root), _offset(root)
        background, *shapes = _shapes(root, family)
        if background.fill is None or not _covers(background, page, offset):
            return None
        transform = _Transform(*offset, width / page[0], height / page[1])
        strokes = [_stroke(shape, transform) for shape in shapes]
        return _bands(_rgba(background.fill), strokes, transform, width, height)
    except (_NotPaintedError, ElementTree.ParseError, KeyError, OverflowError, ValueError):
        return None


def _page(root: ElementTree.Element) -> NDArray[np.float64]:
    """The width and height in the units of the SVG."""
    left, top, *size = map(float, root.get("viewBox", "").split())
    if left or top or len(size) != 2:
        raise _NotPaintedError
    return np.array(size)


def _offset(root: ElementTree.Element) -> tuple[float, float]:
    """How far everything is moved, which Graphviz says in the outermost group."""
    transforms = [element.attrib["transform"] for element in root.iter() if "transform" in element.attrib]
    transform = _TRANSFORM.fullmatch(transforms[0]) if len(transforms) == len(root) == 1 else None
    if transform is None:
        raise _NotPaintedError
    return float(transform[1]), float(transform[2])


def _covers(background: _Shape, page: NDArray[np.float64], offset: tuple[float, float]) -> bool:
    """Whether a shape is a rectangle of one colour over the whole page, as Graphviz writes the background."""
    corners = np.asarray(background.path.vertices) + offset
    rim = background.width / 2
    return (
        len(corners) == 5
        and background.fill == background.stroke
        and bool((corners.min(axis=0) <= rim).all() and (corners.max(axis=0) >= page - rim).all())
    )


def _shapes(root: ElementTree.Element, family: str) -> Iterator[_Shape]:
    for element in root.iter():
        tag = element.tag.removeprefix(_SVG)
        if tag not in _ATTRIBUTES or not element.attrib.keys() <= _ATTRIBUTES[tag]:
            raise _NotPaintedError
        if tag == "text":
            yield from _text(element, family)
        elif tag in _PATHS:
            yield _shape(element, _PATHS[tag](element))


def _shape(element: ElementTree.Element, path: _Path) -> _Shape:
    dashes = element.get("stroke-dasharray")
    return _Shape(
        path,
        _color(element, "fill", "black"),
        _color(element, "stroke", "none"),
        float(element.get("stroke-width", "1")),
        tuple(_numbers(dashes)) if dashes else None,
    )


def _text(element: ElementTree.Element, family: str) -> Iterator[_Shape]:
    """Yields the glyphs of a text."""
    if element.get("font-family") != family or element.get("font-weight", "bold") != "bold":
        raise _NotPaintedError
    outline = text_outline(element.text or "", "font-weight" in element.attrib)
    if outline is None:
        raise _NotPaintedError
    size = float(element.get("font-size", "nan"))
    start = float(element.get("x", "0")) - _ANCHORS[element.get("text-anchor", "start")] * outline.advance * size
    origin = start, float(element.get("y", "0"))
    path = _Path(outline.vertices * (size, -size) + origin, outline.codes)
    yield _Shape(path, _color(element, "fill", "black"))


def _polygon(element: ElementTree.Element) -> _Path:
    points = _points(element.get("points", ""))  # Graphviz repeats the first at the end
    return _Path(points, _codes(_MOVE, *[_LINE] * (len(points) - 2), _CLOSE))


def _polyline(element: ElementTree.Element) -> _Path:
    points = _points(element.get("points", ""))
    return _Path(points, _codes(_MOVE, *[_LINE] * (len(points) - 1)))


def _curve(element: ElementTree.Element) -> _Path:
    """A path of Graphviz: a start, and Bézier curves from there."""
    start, _, curves = element.get("d", "").removeprefix("M").partition("C")
    vertices = np.concatenate([_points(start), _points(curves)])
    return _Path(vertices, _codes(_MOVE, *[_CURVE] * (len(vertices) - 1)))


def _ellipse(element: ElementTree.Element) -> _Path:
    x, y, horizontal, vertical = (float(element.get(name, "nan")) for name in ("cx", "cy", "rx", "ry"))
    return _Path(_CIRCLE * (horizontal, vertical) + (x, y), _codes(_MOVE, *[_CURVE] * (len(_CIRCLE) - 2), _CLOSE))


def _codes(*codes: int) -> NDArray[np.uint8]:
    return np.array(codes, np.uint8)


def _unit_circle(arcs: int = 8) -> NDArray[np.float64]:
    """The vertices of a circle of Bézier curves; its radius is exact to a part in 200,000."""
    angle = 2.0 * np.pi / arcs
    starts = np.exp(1j * angle * np.arange(arcs + 1))
    handles = 4.0 / 3.0 * np.tan(angle / 4.0) * 1j * starts
    of_arcs = [starts[:-1] + handles[:-1], starts[1:] - handles[1:], starts[1:]]
    points = np.concatenate([starts[:1], np.stack(of_arcs, axis=1).ravel(), starts[:1]])
    return np.stack([points.real, points.imag], axis=1)


_CIRCLE = _unit_circle()
_PATHS = {"polygon": _polygon, "polyline": _polyline, "path": _curve, "ellipse": _ellipse}


def _points(text: str) -> NDArray[np.float64]:
    return np.array(_numbers(text)).reshape(-1, 2)


def _numbers(text: str) -> list[float]:
    return [float(number) for number in text.replace(",", " ").split()]


def _color(element: ElementTree.Element, name: str, default: str) -> str | None:
    color = element.get(name, default)
    return None if color in ("none", "transparent") else color


@cache
def _rgba(color: str) -> _Rgba:
    digits = _NAMED_COLORS.get(color, color)
    if not _COLOR.fullmatch(digits):
        raise _NotPaintedError
    red, green, blue = (number / 255 for number in bytes.fromhex(digits[1:]))
    return red, green, blue, 1.0


def _stroke(shape: _Shape, transform: _Transform) -> _Stroke:
    """How a shape is painted, and between which rows."""
    width = shape.width * transform.across if shape.stroke else 0.0
    dashes = shape.dashes and [dash * transform.across for dash in shape.dashes]
    pen = _Pen(_rgba(shape.stroke) if shape.stroke else _TRANSPARENT, width, dashes or None)
    heights = shape.path.vertices[:, 1]
    rim = _SHARPEST * width + 1.0
    top = transform.row(heights.min(initial=np.inf)) - rim
    bottom = transform.row(heights.max(initial=-np.inf)) + rim
    return _Stroke(shape.path, pen, _rgba(shape.fill) if shape.fill else None, top, bottom)


def _bands(
    background: _Rgba, strokes: Iterable[_Stroke], transform: _Transform, width: int, height: int
) -> Iterator[NDArray[np.uint8]]:
    """Paints strokes, the first at the bottom, and yields bands of pixels from top to bottom.

    A band fits a processor's cache, where the memory of a whole picture takes longer than all that is painted on it.
    """
    rows = min(_BAND, height)
    renderer = _agg.RendererAgg(width, rows, 72.0)
    pixels: NDArray[np.uint8] = np.asarray(renderer)
    color = np.rint(np.multiply(background, 255)).astype(np.uint8)
    for top in range(0, height, rows):
        pixels.view(np.uint32)[...] = color.view(np.uint32)  # ten times as fast as number by number
        upwards = transform.upwards(top + rows)
        for stroke in strokes:
            if stroke.top < top + rows and stroke.bottom > top:
                renderer.draw_path(stroke.pen, stroke.path, upwards, stroke.fill)
        yield pixels[: height - top]
