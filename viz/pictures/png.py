"""SVG rendered as PNG, with the fonts that matplotlib includes, so that none need to be installed."""

import math
import re
from functools import cache
from numbers import Real
from pathlib import Path

__all__ = ["MONOSPACE", "svg_to_png"]

MONOSPACE = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace"
"""The font family of text in our SVGs: fonts of browsers first, then the font of PNGs."""

_SCALE, _USUAL_PIXELS, _MOST_PIXELS = 2.0, 20e6, 400e6


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
    import resvg_py

    text = svg.decode().replace(MONOSPACE, "DejaVu Sans Mono")
    size = re.search(r'width="([\d.]+)" height="([\d.]+)"', text)
    width, height = (float(size[1]), float(size[2])) if size else (1.0, 1.0)
    area = width * height
    if scale is None:
        scale = min(_SCALE, math.sqrt(_USUAL_PIXELS / area))
    elif scale * min(width, height) < 1.0:
        raise ValueError(f"scale={scale!r} is too small: the PNG would be less than a pixel wide or high")
    elif scale * scale * area > _MOST_PIXELS:
        raise ValueError(f"scale={scale!r} is too large: the PNG would exceed {_MOST_PIXELS / 1e6:g} megapixels")
    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=text,
            zoom=scale,
            font_dirs=[str(_fonts())],
            skip_system_fonts=_covered(text),
            font_family="DejaVu Sans Mono",
            monospace_family="DejaVu Sans Mono",
            serif_family="DejaVu Serif",
            sans_serif_family="DejaVu Sans",
        )
    )


def _covered(text: str) -> bool:
    """Whether matplotlib's fonts have every character; emoji and East Asian characters need the system's fonts."""
    return all(ord(character) < 0x2E80 for character in text)


@cache
def _fonts() -> Path:
    import matplotlib

    return Path(matplotlib.get_data_path()) / "fonts" / "ttf"
