"""Lines of text as outlines of the fonts DejaVu Sans Mono and, for what that lacks, DejaVu Sans, of matplotlib."""

import unicodedata
from functools import cache
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from viz.pictures.extensions import extension, font_folder

if TYPE_CHECKING:
    from matplotlib.ft2font import FT2Font

__all__ = ["FONTS", "Outline", "text_outline"]

FONTS = font_folder()

_FILES = {  # by whether the text is bold
    False: [FONTS / "DejaVuSansMono.ttf", FONTS / "DejaVuSans.ttf"],
    True: [FONTS / "DejaVuSansMono-Bold.ttf", FONTS / "DejaVuSans-Bold.ttf"],
}
_freetype = extension("matplotlib.ft2font")
_UNITS = 1000  # of an outline per em


class Outline(NamedTuple):
    """An outline in units of the font size, its y axis upwards: vertices, matplotlib's codes for them, the advance."""

    vertices: NDArray[np.float64]
    codes: NDArray[np.uint8]
    advance: float


def text_outline(text: str, bold: bool) -> Outline | None:
    """Returns the outline of a line of text; None if it takes more than these fonts, one glyph after another."""
    glyphs = []
    for character in text:
        glyph = _glyph(character, bold)
        if glyph is None:
            return None
        glyphs.append(glyph)
    if not glyphs:
        return Outline(np.empty((0, 2)), np.empty(0, np.uint8), 0.0)
    ends = list(accumulate(glyph.advance for glyph in glyphs))
    vertices = np.concatenate([glyph.vertices for glyph in glyphs])
    vertices[:, 0] += np.repeat([0.0, *ends[:-1]], [len(glyph.codes) for glyph in glyphs])
    return Outline(vertices, np.concatenate([glyph.codes for glyph in glyphs]), ends[-1])


@cache
def _glyph(character: str, bold: bool) -> Outline | None:
    if not _stands_alone(character):
        return None
    for file in _FILES[bold]:
        font = _freetype.FT2Font(str(file))  # a new one, because threads cannot share it
        if font.get_char_index(ord(character)):
            return _outline(font, character)
    return None


def _outline(font: "FT2Font", character: str) -> Outline:
    font.set_size(_UNITS, 72)
    glyph = font.load_char(ord(character), flags=_freetype.LoadFlags.NO_HINTING)
    vertices, codes = font.get_path()
    advance = glyph.linearHoriAdvance / 65536  # in 16.16 fixed point
    return Outline(vertices.reshape(-1, 2) / _UNITS, codes.astype(np.uint8), advance / _UNITS)


def _stands_alone(character: str) -> bool:
    """Whether a character is written from left to right, looks the same whatever its neighbours are, and is not wide.

    Wide characters are those of East Asia and emoji, which installed fonts draw best.
    """
    return (
        unicodedata.category(character) not in {"Mn", "Mc", "Me", "Cf"}
        and unicodedata.bidirectional(character) not in {"R", "AL", "AN"}
        and unicodedata.east_asian_width(character) not in {"W", "F"}
    )
