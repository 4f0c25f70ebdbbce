"""An HTML page in one file: it makes no network requests, and nothing in its data can become markup or script."""

import base64
import hashlib
import html
import json
import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from string import Template
from typing import Any

from autograd.notation.characters import visible
from viz.pages.language import Language
from viz.pages.scripts import joined, without_comments
from viz.pictures.palette import DARK, LIGHT, Palette, shades

__all__ = ["asset", "colors", "in_script", "page"]

_ASSET_URL = re.compile(r'url\("([^":]+)"\)')
# Characters that JSON may contain but that HTML or JavaScript would read differently.
_ESCAPES = {ord(character): f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"}


def page(
    name: str,
    title: str,
    data: dict[str, Any],
    program: str,
    *,
    palette: str,
    language: Language,
    unit: str = "",
    controls: str = "controls",
    styles: Sequence[str] = (),
    has_worker: bool = False,
) -> str:
    """Returns a page made from the assets `name`.html (its views), `name`.css (its style) and `name`.js (its script).

    Arguments:
        name: the name of these assets.
        title: the title and heading of the page.
        data: the data for the scripts, written as JSON into the element with the id "data".
        program: a script that runs before the others. It must not contain markup.
        palette: "light", "dark", or "auto" for that of the viewer.
        language: the language of the page; its assets are in English.
        unit: the unit by which the controls move, such as "step".
        controls: the name of the asset with the controls, without ".html".
        styles: the names of other style sheets, which come before that of the page.
        has_worker: whether a script makes a worker from text that is in the page.
    """
    script = _script(name)
    words = language.table_for(script)
    translations = f"var translations={in_script(words)};\n" if words else ""
    scripts = {"": translations + program, ' type="module"': script}
    style = _with_fonts("".join(without_comments(asset(f"{each}.css")) for each in ("page", *styles, name))) + colors(
        palette
    )
    policy = "; ".join(
        [
            "default-src 'none'",
            f"script-src {' '.join(map(_hash, scripts.values()))}",
            f"style-src {_hash(style)}",
            "img-src data:",
            "font-src data:",
            *(["worker-src blob:"] if has_worker else []),
            "base-uri 'none'",
            "form-action 'none'",
        ]
    )
    views = Template(asset(f"{name}.html")).substitute(
        graph=asset("graph.html"), sharing=asset("sharing.html"), tour=asset("tour.html")
    )
    return Template(language.page(asset("page.html"))).substitute(
        lang=language.code,
        title=html.escape("".join(map(visible, title))),
        policy=policy,
        style=style,
        controls=language.page(Template(asset(f"{controls}.html")).substitute(unit=unit)),
        views=language.page(views),
        data=in_script(data),
        scripts="\n".join(f"<script{kind}>{text}</script>" for kind, text in scripts.items()),
    )


def in_script(data: dict[str, Any]) -> str:
    """Returns data as JSON that may stand in a script."""
    return json.dumps(data, separators=(",", ":"), allow_nan=False).translate(_ESCAPES)


@cache
def asset(name: str) -> str:
    """Returns the text of an asset."""
    return _file(name).read_text(encoding="utf-8")


def _file(name: str) -> Traversable:
    return files("viz.pages").joinpath("assets", name)


@cache
def _with_fonts(style: str) -> str:
    """Embeds the fonts that a style sheet names, so that the page needs no other file."""
    return _ASSET_URL.sub(lambda match: f"url(data:font/woff2;base64,{_base64(_file(match[1]).read_bytes())})", style)


@cache
def _script(name: str) -> str:
    return joined(name, asset)


def _hash(text: str) -> str:
    """The source expression that admits a script or style sheet in a content security policy."""
    return f"'sha256-{_base64(hashlib.sha256(text.encode()).digest())}'"


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


@cache
def colors(palette: str) -> str:
    """Returns the palette as CSS variables; "auto" is dark for viewers who prefer that. Paper is light."""
    if palette == "light":
        return f":root{{color-scheme:light;{_variables(LIGHT)}}}\n"
    screen = "screen" if palette == "dark" else "screen and (prefers-color-scheme: dark)"
    scheme = "color-scheme:dark;" if palette == "dark" else ""
    return f":root{{{_variables(LIGHT)}}}@media {screen}{{:root{{{scheme}{_variables(DARK)}}}}}\n"


def _variables(palette: Palette) -> str:
    plain = (
        "background",
        "text",
        "muted",
        "edge",
        "gradient",
        "operation",
        "highlight",
        "cluster",
        "positive",
        "negative",
    )
    colors = {name: getattr(palette, name) for name in plain}
    for kind, (fill, border) in palette.colors_of.items():
        colors |= {f"{kind}-fill": fill, f"{kind}-border": border}
    colors |= {f"class{number}": color for number, color in enumerate(shades(palette))}
    return "".join(f"--{name}:{color};" for name, color in colors.items())
