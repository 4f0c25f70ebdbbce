"""SVG rendered as PNG, with the fonts that matplotlib includes, so that none need to be installed."""

import math
import re
import struct
import zlib
from collections.abc import Iterable
from numbers import Real
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["MONOSPACE", "covered", "svg_to_png"]

MONOSPACE = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace"
"""The font family of text in our SVGs: fonts of browsers first, then the font of PNGs."""

_SCALE, _USUAL_PIXELS, _MOST_PIXELS = 2.0, 20e6, 400e6
_LEVEL = 2  # of compression: higher levels take longer, and save a tenth


def svg_to_png(svg: bytes, scale: float | None = None) -> bytes:
    """Renders an SVG as PNG.

    Arguments:
        svg: the picture; its width and height must be plain numbers.
        scale: pixels per unit; by default 2, or less if the picture would exceed 20 megapixels.

    Returns:
        The content of the PNG.

    Raises:
        ValueError: if `scale` is not a positive number, or results in less than a pixel or more than 400 megapixels.
    """
    if scale is not None and not (isinstance(scale, Real) and scale > 0):
        raise ValueError(f"scale must be a positive number, not {scale!r}")
    text = svg.decode()
    size = re.search(r'width="([\d.]+)" height="([\d.]+)"', text)
    width, height = (float(size[1]), float(size[2])) if size else (1.0, 1.0)
    area = width * height
    if scale is None:
        scale = min(_SCALE, math.sqrt(_USUAL_PIXELS / area))
    elif scale * min(width, height) < 1.0:
        raise ValueError(f"scale={scale!r} is too small: the PNG would be less than a pixel wide or high")
    elif scale * scale * area > _MOST_PIXELS:
        raise ValueError(f"scale={scale!r} is too large: the PNG would exceed {_MOST_PIXELS / 1e6:g} megapixels")
    from viz.pictures.agg import painted

    size_in_pixels = round(scale * width), round(scale * height)
    bands = painted(text, MONOSPACE, *size_in_pixels)
    return _resvg(text, scale) if bands is None else _png(bands, *size_in_pixels)


def _png(bands: "Iterable[NDArray[np.uint8]]", width: int, height: int) -> bytes:
    """Returns the PNG of opaque pixels, which are bands of shape (rows, width, 4) from top to bottom.

    Its rows are not filtered: pictures of few colours hardly get smaller by it, and choosing filters, as Pillow does,
    takes ten times as long as all the rest.
    """
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)  # 8 bits for each of red, green and blue
    compressor = _compressor()
    parts = [compressor.compress(part) for band in bands for part in _rows(band)]
    data = b"".join([*parts, compressor.flush()])
    return b"".join([b"\x89PNG\r\n\x1a\n", _chunk(b"IHDR", header), _chunk(b"IDAT", data), _chunk(b"IEND", b"")])


def _rows(band: "NDArray[np.uint8]") -> tuple[bytes, memoryview]:
    """The rows of a band as red, green and blue, each after the number of its filter, 0."""
    from PIL import Image

    rows, width, _ = band.shape
    image = Image.frombuffer("RGBA", (width, rows), band, "raw", "RGBA", 0, 1)
    return b"\0", memoryview(image.tobytes("raw", "RGB", 3 * width + 1))[:-1]  # with a 0 after each


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _compressor() -> Any:
    try:
        from zlib_ng import zlib_ng
    except ImportError:  # there are machines that it has no wheels for
        return zlib.compressobj(_LEVEL)
    return zlib_ng.compressobj(_LEVEL)


def _resvg(text: str, scale: float) -> bytes:
    """Returns the PNG of any SVG, at a tenth of the speed."""
    import resvg_py

    from viz.pictures.glyphs import FONTS

    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=text.replace(MONOSPACE, "DejaVu Sans Mono"),
            zoom=scale,
            font_dirs=[str(FONTS)],
            skip_system_fonts=covered(text),
            font_family="DejaVu Sans Mono",
            monospace_family="DejaVu Sans Mono",
            serif_family="DejaVu Serif",
            sans_serif_family="DejaVu Sans",
        )
    )


def covered(text: str) -> bool:
    """Returns whether matplotlib's fonts have every character; East Asian ones and emoji need the system's fonts."""
    return all(ord(character) < 0x2E80 for character in text)
