"""SVGs as the pages of a PDF, whose text stays text."""

import re
from collections.abc import Callable, Sequence

from viz.pictures.png import MONOSPACE, covered

__all__ = ["svgs_to_pdf"]

_TIME = 0  # that is noted in each PDF, so that a picture always gives the same file


def svgs_to_pdf(svgs: Sequence[bytes]) -> bytes:
    """Returns a PDF with one page for each SVG, as large as that.

    Raises:
        ImportError: if the extra `pdf` is not installed.
    """
    import typst

    from viz.pictures.glyphs import FONTS

    files, pages = {}, []
    for number, svg in enumerate(svgs, 1):
        [(width, height)] = re.findall(r'<svg[^>]*? width="([\d.]+)(?:pt)?" height="([\d.]+)(?:pt)?"', svg.decode())[:1]
        files[f"{number}.svg"] = svg.replace(MONOSPACE.encode(), b"DejaVu Sans Mono")
        pages.append(f'#page(width: {width}pt, height: {height}pt, margin: 0pt, image("{number}.svg", width: 100%))')
    files["main.typ"] = "\n".join(pages).encode()
    compile: Callable[..., bytes] = typst.compile  # whose type leaves out files that are not on disk
    return compile(
        files,
        font_paths=[str(FONTS)],
        ignore_system_fonts=all(covered(svg.decode()) for svg in svgs),
        timestamp=_TIME,
    )
