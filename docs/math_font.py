"""Makes the math font of the pages: `python docs/math_font.py stix-two-math-latin-400-normal.woff2`.

The font is STIX Two Math, reduced to the characters below, so that a page can carry it. Its file is in `files/` of the
npm package `@fontsource/stix-two-math`: `npm pack @fontsource/stix-two-math@5.3.0`. Requires `brotli`.
"""

import sys
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

TARGET = Path(__file__).parents[1] / "viz" / "pages" / "assets" / "math.woff2"

LETTERS = [range(0x20, 0x7F), range(0xA0, 0x100), range(0x391, 0x3CA), map(ord, "ϑϕϖϰϱϵ")]
# A browser draws a variable of one letter with these characters; ℎ is in an older block.
ITALIC_LETTERS = [range(0x1D434, 0x1D468), range(0x1D6E2, 0x1D71C), map(ord, "ℎ")]
SYMBOLS = "−⋆∗∘∙·⊕⊗⊙±∓∧∨∼×÷⌊⌋⌈⌉‖⟨⟩∞∂√∑∏′…–—‘’“”≤≥≠≈→←∈"

LICENSE = "This Font Software is licensed under the SIL Open Font License, Version 1.1."
LICENSE_ID = 13
NAMES = [0, 1, 2, 5, LICENSE_ID, 14]  # copyright, family, style, version, and the address of the license


def subset(font: TTFont) -> None:
    """Reduces a font to the characters of the pages, with the larger brackets and the metrics that math needs."""
    options = Options(
        layout_features=["ssty"],  # the shapes for small sizes; those for large ones are in the table MATH
        hinting=False,
        notdef_outline=True,
        name_IDs=NAMES,
    )
    subsetter = Subsetter(options)
    subsetter.populate(unicodes={*map(ord, SYMBOLS), *(code for part in LETTERS + ITALIC_LETTERS for code in part)})
    subsetter.subset(font)
    font["name"].addMultilingualName({"en": LICENSE}, nameID=LICENSE_ID, mac=False)


def main() -> None:
    """Writes the asset."""
    font = TTFont(sys.argv[1], recalcTimestamp=False)
    subset(font)
    font.flavor = "woff2"
    font.save(TARGET)
    print(f"{TARGET.name}: {len(font.getBestCmap())} characters, {TARGET.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
