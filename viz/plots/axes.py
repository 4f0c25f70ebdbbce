"""Matplotlib axes in the colours of the other pictures, light and dark."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from matplotlib.axes import Axes
from matplotlib.colorbar import Colorbar
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure, SubFigure

from viz.pictures.palette import Palette, palette_named

__all__ = [
    "Plot",
    "as_written",
    "colour_bar",
    "diverging",
    "figure_of",
    "legend",
    "new_figure",
    "readable_on",
    "styled",
]


class Plot(Figure):
    """A matplotlib figure that shows itself in Jupyter, whichever backend is in use. `savefig` writes it."""

    def _repr_png_(self) -> bytes:
        content = BytesIO()
        self.savefig(content, format="png", dpi=120)
        return content.getvalue()


def styled(ax: Axes | None, palette: str) -> tuple[Axes, Palette]:
    """The given axes, or those of a new figure, in the colours of a palette."""
    colours = palette_named(palette)
    if ax is None:
        ax = new_figure(6.4, 4.2, colours).add_subplot()
    ax.set_facecolor(colours.background)
    for spine in ax.spines.values():
        spine.set_color(colours.muted)
    ax.spines[["top", "right"]].set_visible(False)
    ax.tick_params(colors=colours.muted, labelcolor=colours.text)
    for text in (ax.title, ax.xaxis.label, ax.yaxis.label):
        text.set_color(colours.text)
    return ax, colours


def new_figure(width: float, height: float, colours: Palette) -> Plot:
    """An empty figure; width and height in inches."""
    figure = Plot((width, height), layout="constrained")
    figure.set_facecolor(colours.background)
    return figure


def figure_of(ax: Axes) -> Figure:
    """The figure that axes belong to, also within a subfigure."""
    figure = ax.figure
    while isinstance(figure, SubFigure):
        figure = figure.figure
    return figure


def legend(ax: Axes, colours: Palette, **options: Any) -> None:
    """The legend of what was drawn so far."""
    box = ax.legend(facecolor=colours.background, edgecolor=colours.muted, labelcolor=colours.text, **options)
    box.set_zorder(5)


def colour_bar(image: Any, label: str, colours: Palette, beside: Axes | Sequence[Axes]) -> Colorbar:
    """The scale of a filled surface or a heat map."""
    first = beside if isinstance(beside, Axes) else beside[0]
    bar = figure_of(first).colorbar(image, ax=beside)
    bar.ax.set_facecolor(colours.background)
    bar.set_label(label, color=colours.text)
    bar.ax.tick_params(colors=colours.muted, labelcolor=colours.text)
    for spine in bar.ax.spines.values():
        spine.set_color(colours.muted)
    return bar


def diverging(colours: Palette) -> LinearSegmentedColormap:
    """A scale of colour from the negative through the background to the positive."""
    return LinearSegmentedColormap.from_list(
        "diverging", [colours.negative, colours.background, colours.positive], N=256
    )


def readable_on(background: tuple[float, float, float, float]) -> str:
    """Black or white, whichever is the easier to read on an RGBA colour.

    The luminance at which both are alike is that of the Web Content Accessibility Guidelines, approximately.

    >>> readable_on((1.0, 1.0, 0.5, 1.0)), readable_on((0.0, 0.0, 0.5, 1.0))
    ('black', 'white')
    """
    red, green, blue, _ = background
    luminance = 0.21 * red**2.2 + 0.72 * green**2.2 + 0.07 * blue**2.2
    return "black" if luminance > 0.2 else "white"


def as_written(text: str) -> str:
    r"""Text that matplotlib shows as it is: not as mathematics between dollars, nor left out for a leading _.

    >>> print(as_written("$x$"), as_written("_x") == " _x")
    \$x\$ True
    """
    text = text.replace("$", r"\$")
    return f" {text}" if text.startswith("_") else text
