"""Our SVGs painted by Agg, matplotlib's rasterizer: it is much faster than a rasterizer for all of SVG."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from viz.pictures.extensions import extension
from viz.pictures.svg_shapes import Path, Rgba, Shape, UnknownShapeError, rgba, shapes_of

__all__ = ["painted"]

_TRANSPARENT = 0.0, 0.0, 0.0, 0.0
_SHARPEST = 4.0  # Agg's limit of a corner's length beyond a line, as a share of its width
_BAND = 128  # rows

_agg = extension("matplotlib.backends._backend_agg")


class _Pen:
    """How Agg draws a path; it reads the attributes of a graphics context of matplotlib, by these names.

    Arguments:
        color: red, green, blue and alpha of the line.
        width, dashes: of the line, in pixels.
    """

    _alpha, _forced_alpha, _antialiased, _capstyle, _cliprect = 1.0, False, True, "butt", None

    def __init__(self, color: Rgba, width: float, dashes: list[float] | None) -> None:
        self._rgb, self._linewidth, self._dashes, self._joinstyle = color, width, dashes, "miter"

    def get_dashes(self) -> tuple[float, list[float] | None]:
        return 0.0, self._dashes

    def get_clip_path(self) -> tuple[None, None]:
        return None, None

    def get_snap(self) -> bool:
        return False

    def get_hatch_path(self) -> None:
        return None

    def get_hatch_color(self) -> Rgba:
        return self._rgb

    def get_hatch_linewidth(self) -> float:
        return 1.0

    def get_sketch_params(self) -> None:
        return None


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

    path: Path
    pen: _Pen
    fill: Rgba | None
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
        found = shapes_of(svg, family)
        transform = _Transform(found.x, found.y, width / found.width, height / found.height)
        strokes = [_stroke(shape, transform) for shape in found.shapes]
        return _bands(rgba(found.background), strokes, transform, width, height)
    except UnknownShapeError:
        return None


def _stroke(shape: Shape, transform: _Transform) -> _Stroke:
    """How a shape is painted, and between which rows."""
    width = shape.width * transform.across if shape.stroke else 0.0
    dashes = shape.dashes and [dash * transform.across for dash in shape.dashes]
    pen = _Pen(rgba(shape.stroke) if shape.stroke else _TRANSPARENT, width, dashes or None)
    heights = shape.path.vertices[:, 1]
    rim = _SHARPEST * width + 1.0
    top = transform.row(heights.min(initial=np.inf)) - rim
    bottom = transform.row(heights.max(initial=-np.inf)) + rim
    return _Stroke(shape.path, pen, rgba(shape.fill) if shape.fill else None, top, bottom)


def _bands(
    background: Rgba, strokes: Iterable[_Stroke], transform: _Transform, width: int, height: int
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
