"""The shapes in an SVG that Graphviz wrote for one of our pictures."""

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple
from xml.etree import ElementTree

import numpy as np
from numpy.typing import NDArray

from viz.pictures.glyphs import text_outline

__all__ = ["Path", "Rgba", "Shape", "Shapes", "UnknownShapeError", "rgba", "shapes_of"]

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


class UnknownShapeError(Exception):
    """Raised for what only a rasterizer for all of SVG can paint."""


Rgba = tuple[float, float, float, float]

# Agg's codes for the vertices of a path
_MOVE, _LINE, _CURVE, _CLOSE = 1, 2, 4, 79


class Path(NamedTuple):
    """A path as Agg reads it: vertices, and a code for each."""

    vertices: NDArray[np.float64]
    codes: NDArray[np.uint8]
    should_simplify: bool = False
    simplify_threshold: float = 0.0


class Shape(NamedTuple):
    """A path and its paint: colours, None for none; the width and dashes of its line, in the units of the SVG."""

    path: Path
    fill: str | None
    stroke: str | None = None
    width: float = 1.0
    dashes: tuple[float, ...] | None = None


class Shapes(NamedTuple):
    """What is drawn on a page.

    Attributes:
        width, height: the size of the page.
        x, y: how far all shapes are moved.
        background: the colour of the page.
        shapes: the shapes, the first at the bottom.
    """

    width: float
    height: float
    x: float
    y: float
    background: str
    shapes: list[Shape]


def shapes_of(svg: str, family: str) -> Shapes:
    """Returns the shapes in an SVG.

    Arguments:
        svg: the picture.
        family: the font family that stands for DejaVu Sans Mono.

    Raises:
        UnknownShapeError: if it contains an element, an attribute or a character that Graphviz does not write for our
            pictures.
    """
    try:
        root = ElementTree.fromstring(svg)
        page, offset = _page(root), _offset(root)
        background, *shapes = _shapes(root, family)
    except (ElementTree.ParseError, KeyError, OverflowError, ValueError) as error:
        raise UnknownShapeError from error
    if background.fill is None or not _covers(background, page, offset):
        raise UnknownShapeError
    return Shapes(*page, *offset, background.fill, shapes)


def _page(root: ElementTree.Element) -> tuple[float, float]:
    """The width and height in the units of the SVG."""
    left, top, *size = map(float, root.get("viewBox", "").split())
    if left or top or len(size) != 2 or min(size) <= 0.0:
        raise UnknownShapeError
    return size[0], size[1]


def _offset(root: ElementTree.Element) -> tuple[float, float]:
    """How far everything is moved, which Graphviz says in the outermost group."""
    transforms = [element.attrib["transform"] for element in root.iter() if "transform" in element.attrib]
    transform = _TRANSFORM.fullmatch(transforms[0]) if len(transforms) == len(root) == 1 else None
    if transform is None:
        raise UnknownShapeError
    return float(transform[1]), float(transform[2])


def _covers(background: Shape, page: tuple[float, float], offset: tuple[float, float]) -> bool:
    """Whether a shape is a rectangle of one colour over the whole page, as Graphviz writes the background."""
    corners = np.asarray(background.path.vertices) + offset
    rim = background.width / 2
    return (
        len(corners) == 5
        and background.fill == background.stroke
        and bool((corners.min(axis=0) <= rim).all() and (corners.max(axis=0) >= np.array(page) - rim).all())
    )


def _shapes(root: ElementTree.Element, family: str) -> Iterator[Shape]:
    for element in root.iter():
        tag = element.tag.removeprefix(_SVG)
        if tag not in _ATTRIBUTES or not element.attrib.keys() <= _ATTRIBUTES[tag]:
            raise UnknownShapeError
        if tag == "text":
            yield from _text(element, family)
        elif tag in _PATHS:
            yield _shape(element, _PATHS[tag](element))


def _shape(element: ElementTree.Element, path: Path) -> Shape:
    dashes = element.get("stroke-dasharray")
    return Shape(
        path,
        _color(element, "fill", "black"),
        _color(element, "stroke", "none"),
        float(element.get("stroke-width", "1")),
        tuple(_numbers(dashes)) if dashes else None,
    )


def _text(element: ElementTree.Element, family: str) -> Iterator[Shape]:
    """Yields the glyphs of a text."""
    if element.get("font-family") != family or element.get("font-weight", "bold") != "bold":
        raise UnknownShapeError
    outline = text_outline(element.text or "", "font-weight" in element.attrib)
    if outline is None:
        raise UnknownShapeError
    size = float(element.attrib["font-size"])
    start = float(element.get("x", "0")) - _ANCHORS[element.get("text-anchor", "start")] * outline.advance * size
    origin = start, float(element.get("y", "0"))
    path = Path(outline.vertices * (size, -size) + origin, outline.codes)
    yield Shape(path, _color(element, "fill", "black"))


def _polygon(element: ElementTree.Element) -> Path:
    points = _points(element.get("points", ""))  # Graphviz repeats the first at the end
    return Path(points, _codes(_MOVE, *[_LINE] * (len(points) - 2), _CLOSE))


def _polyline(element: ElementTree.Element) -> Path:
    points = _points(element.get("points", ""))
    return Path(points, _codes(_MOVE, *[_LINE] * (len(points) - 1)))


def _curve(element: ElementTree.Element) -> Path:
    """A path of Graphviz: a start, and Bézier curves from there."""
    start, _, curves = element.get("d", "").removeprefix("M").partition("C")
    vertices = np.concatenate([_points(start), _points(curves)])
    return Path(vertices, _codes(_MOVE, *[_CURVE] * (len(vertices) - 1)))


def _ellipse(element: ElementTree.Element) -> Path:
    x, y, horizontal, vertical = (float(element.attrib[name]) for name in ("cx", "cy", "rx", "ry"))
    return Path(_CIRCLE * (horizontal, vertical) + (x, y), _codes(_MOVE, *[_CURVE] * (len(_CIRCLE) - 2), _CLOSE))


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
def rgba(color: str) -> Rgba:
    """Returns red, green, blue and alpha of a colour, from 0 to 1.

    Raises:
        UnknownShapeError: if it is not a colour that our pictures use.
    """
    digits = _NAMED_COLORS.get(color, color)
    if not _COLOR.fullmatch(digits):
        raise UnknownShapeError
    red, green, blue = (number / 255 for number in bytes.fromhex(digits[1:]))
    return red, green, blue, 1.0
