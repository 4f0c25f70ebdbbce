"""A page of HTML in one file: it asks nothing of the network, and nothing in its data can become markup or script."""

import base64
import hashlib
import html
import json
import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from string import Template
from typing import Any

from autograd.notation.characters import visible
from viz.pictures.palette import DARK, LIGHT, Palette, shades

__all__ = ["joined", "page"]

# What JSON may hold as it is but HTML or JavaScript would read otherwise.
_ESCAPES = {ord(character): f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"}

_IMPORT_OR_EXPORT = re.compile(r"^(?:import [^;]*;\n|export )", re.MULTILINE)


def page(name: str, title: str, data: dict[str, Any], modules: Sequence[str], program: str, position: str) -> str:
    """A page made of the template `name`.html and the style sheet `name`.css among the assets, and of what all share.

    Arguments:
        name: of the assets.
        title: of the page.
        data: handed to the scripts as JSON, in the element with the id "data".
        modules: the names of the modules of JavaScript among the assets, each after those that it imports.
        program: a script of its own, which runs before them. It must be free of markup.
        position: what the controls go through, one by one, such as "step".
    """
    code = {"": program, ' type="module"': joined(modules)}
    style = _colors() + _asset("page.css") + _asset(f"{name}.css")
    policy = "; ".join(
        [
            "default-src 'none'",
            f"script-src {' '.join(map(_hash, code.values()))}",
            f"style-src {_hash(style)}",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
        ]
    )
    return Template(_asset(f"{name}.html")).substitute(
        title=html.escape("".join(map(visible, title))),
        policy=policy,
        controls=Template(_asset("controls.html")).substitute(position=position),
        graph=_asset("graph.html"),
        style=style,
        data=json.dumps(data, separators=(",", ":"), allow_nan=False).translate(_ESCAPES),
        scripts="\n".join(f"<script{kind}>{text}</script>" for kind, text in code.items()),
    )


def joined(modules: Sequence[str]) -> str:
    """Modules of JavaScript as one, for a page on a disk can import no other file.

    Their imports and exports are dropped, so all names at their top levels are one set: each is used once.

    >>> "import" in joined(["dom", "math"])
    False
    """
    return "\n".join(_IMPORT_OR_EXPORT.sub("", _asset(f"{module}.js")) for module in modules)


@cache
def _asset(name: str) -> str:
    return files("viz.pages").joinpath("assets", name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    """By which a policy of content security lets one script or style sheet in."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _colors() -> str:
    """The palettes as variables of CSS, the dark one where the viewer asks for it."""
    return f":root{{{_variables(LIGHT)}}}@media (prefers-color-scheme: dark){{:root{{{_variables(DARK)}}}}}\n"


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
