"""Our SVGs painted by Agg, matplotlib's rasterizer: it is much faster than a rasterizer for all of SVG."""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple
from xml.etree import ElementTree

import numpy as np
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.colors import to_rgba
from matplotlib.path import Path
from matplotlib.transforms import Affine2D
from numpy.typing import NDArray

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
_ANCHORS = {"start": 0.0, "middle": 0.5, "end": 1.0}  # the share of a text that is left of its x


class _NotPaintedError(Exception):
    """Raised for what only a rasterizer for all of SVG paints."""


class _Shape(NamedTuple):
    """A path and its paint: colours, None for none; the width and dashes of its line, in the units of the SVG."""

    path: Path
    fill: str | None
    stroke: str | None = None
    width: float = 1.0
    dashes: tuple[float, ...] | None = None


def painted(svg: str, family: str, width: int, height: int) -> NDArray[np.uint8] | None:
    """Paints an SVG that Graphviz wrote for one of our pictures.

    Arguments:
        svg: the picture.
        family: the font family that stands for DejaVu Sans Mono.
        width, height: the size of the result in pixels.

    Returns:
        Opaque pixels of shape (height, width, 4): red, green, blue, alpha. None if the SVG contains an element, an
        attribute or a character that is not painted here.
    """
    try:
        root = ElementTree.fromstring(svg)
        page, offset = _page(root), _offset(root)
        background, *shapes = _shapes(root, family)
        if background.fill is None or not _covers(background, page, offset):
            return None
        renderer = RendererAgg(width, height, 72.0)  # type: ignore[no-untyped-call]  # matplotlib has no types there
        pixels = np.asarray(renderer.buffer_rgba())  # type: ignore[no-untyped-call]
        pixels.view(np.uint32)[...] = (
            np.rint(np.multiply(to_rgba(background.fill), 255)).astype(np.uint8).view(np.uint32)
        )
        _paint(renderer, shapes, Affine2D().translate(*offset).scale(*((width, height) / page)))
    except (_NotPaintedError, ElementTree.ParseError, KeyError, OverflowError, ValueError):
        return None
    return pixels


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


def _shape(element: ElementTree.Element, path: Path) -> _Shape:
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
    path = Path(outline.vertices * (size, -size) + origin, outline.codes)
    yield _Shape(path, _color(element, "fill", "black"))


def _polygon(element: ElementTree.Element) -> Path:
    return Path(_points(element.get("points", "")), closed=True)  # Graphviz repeats the first point at the end


def _polyline(element: ElementTree.Element) -> Path:
    return Path(_points(element.get("points", "")))


def _curve(element: ElementTree.Element) -> Path:
    """A path of Graphviz: a start, and Bézier curves from there."""
    start, _, curves = element.get("d", "").removeprefix("M").partition("C")
    vertices = np.concatenate([_points(start), _points(curves)])
    return Path(vertices, [Path.MOVETO, *[Path.CURVE4] * (len(vertices) - 1)])


def _ellipse(element: ElementTree.Element) -> Path:
    x, y, horizontal, vertical = (float(element.get(name, "nan")) for name in ("cx", "cy", "rx", "ry"))
    return Path.unit_circle().transformed(Affine2D().scale(horizontal, vertical).translate(x, y))


_PATHS = {"polygon": _polygon, "polyline": _polyline, "path": _curve, "ellipse": _ellipse}


def _points(text: str) -> NDArray[np.float64]:
    return np.array(_numbers(text)).reshape(-1, 2)


def _numbers(text: str) -> list[float]:
    return [float(number) for number in text.replace(",", " ").split()]


def _color(element: ElementTree.Element, name: str, default: str) -> str | None:
    color = element.get(name, default)
    return None if color in ("none", "transparent") else color


def _paint(renderer: RendererAgg, shapes: Iterable[_Shape], transform: Affine2D) -> None:
    """Paints shapes, the first at the bottom, after a transform to pixels; y is downwards before and after it."""
    scale = transform.get_matrix()[0, 0]
    upwards = transform + Affine2D().scale(1, -1).translate(0, renderer.height)  # as Agg has it
    pen = renderer.new_gc()
    pen.set_snap(False)
    for shape in shapes:
        pen.set_linewidth(shape.width * scale if shape.stroke else 0.0)
        pen.set_foreground(shape.stroke or "none")
        pen.set_dashes(0, shape.dashes and [dash * scale for dash in shape.dashes])
        pen.set_joinstyle("miter")
        renderer.draw_path(pen, shape.path, upwards, shape.fill and to_rgba(shape.fill))  # type: ignore[no-untyped-call]
