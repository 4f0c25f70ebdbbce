"""What notebooks show in light or dark colours, as the theme of the notebook is."""

import base64
import html
import re
from dataclasses import fields

from viz.pictures.palette import DARK, LIGHT, Palette

__all__ = ["adaptive", "themed", "themed_picture"]

# The marks by which the elements around an output say what the theme is: of JupyterLab, Notebook and nbconvert; of VS
# Code; of marimo and Sphinx; of Colab.
_MARKS = {
    "light": (
        '[data-jp-theme-light="true"]',
        '[data-vscode-theme-kind="vscode-light"]',
        '[data-vscode-theme-kind="vscode-high-contrast-light"]',
        '[data-theme="light"]',
        '[theme="light"]',
    ),
    "dark": (
        '[data-jp-theme-light="false"]',
        '[data-vscode-theme-kind="vscode-dark"]',
        '[data-vscode-theme-kind="vscode-high-contrast"]',
        '[data-theme="dark"]',
        '[theme="dark"]',
    ),
}

_THEMED = "scalar-autograd-themed"  # the class of what follows the theme

# A browser passes the colour scheme of a frame or a picture on to what it shows, as if the system preferred it. So a
# page needs neither access to the notebook nor a message from it; without any mark, it follows the system.
_STYLE = "".join(f":is({','.join(marks)}) .{_THEMED}{{color-scheme:{scheme}}}" for scheme, marks in _MARKS.items())


def themed(content: str) -> str:
    """Returns HTML whose frames and pictures follow the theme of the notebook around it."""
    return f'<style>{_STYLE}</style><div class="{_THEMED}">{content}</div>'


def themed_picture(svg: str, description: str) -> str:
    """Returns HTML that shows an SVG in the light palette, or the same in the dark one, as the theme is."""
    data = base64.b64encode(adaptive(svg).encode()).decode()
    alt = html.escape(description)
    return themed(f'<img alt="{alt}" src="data:image/svg+xml;base64,{data}" style="max-width: 100%">')


def adaptive(svg: str) -> str:
    """Returns an SVG in the light palette that browsers show in the dark one to viewers who prefer it."""
    return re.sub(r"<svg[^>]*>", lambda tag: f"{tag[0]}\n<style>{_dark_style()}</style>", svg, count=1)


def _dark_style() -> str:
    """Rules that replace each colour of the light palette by that of the dark one."""
    rules = [
        f'[{paint}="{light}"]{{{paint}:{dark}}}'
        for light, dark in zip(_colors(LIGHT), _colors(DARK), strict=True)
        for paint in ("fill", "stroke")
    ]
    white, dark = LIGHT.colors_of["operation"][0], DARK.colors_of["operation"][0]
    rules.append(f':is(path,ellipse)[fill="{white}"]{{fill:{dark}}}')  # a box; the background is a polygon, as white
    return f"@media (prefers-color-scheme:dark){{{''.join(dict.fromkeys(rules))}}}"


def _colors(palette: Palette) -> list[str]:
    """The colours of a palette, but for that of operations, which in the light one is that of the background."""
    plain = [getattr(palette, field.name) for field in fields(palette) if field.name != "colors_of"]
    boxes = [color for kind, colors in palette.colors_of.items() for color in colors[kind == "operation" :]]
    return plain + boxes
