"""Matplotlib figures and axes in the style of the other pictures."""

import base64
import os
from collections.abc import Callable, Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

from matplotlib.axes import Axes
from matplotlib.colorbar import Colorbar
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure, SubFigure

from autograd.files import reason, write_whole
from autograd.notation.characters import visible
from viz.pictures.palette import Palette, palette_named

__all__ = [
    "Plot",
    "colour_bar",
    "diverging",
    "figure_of",
    "legend",
    "name_of",
    "new_figure",
    "readable_on",
    "styled",
    "verbatim",
]


_DPI = 200  # of a plot in a notebook and in a file


class Plot(Figure):
    """A matplotlib figure that Jupyter shows with any backend. Its files are written completely or not at all."""

    def savefig(self, fname: Any, **options: Any) -> None:
        """Writes the figure to a file, with the arguments of matplotlib's `savefig`.

        Arguments:
            fname: the file, such as "loss.svg", or an open binary file.
            options: any option of matplotlib's, such as `dpi`.

        Raises:
            OSError: if the file cannot be written; the old file is unchanged.
            ValueError: if the format is unknown.
        """
        if not isinstance(fname, str | os.PathLike):
            super().savefig(fname, **options)
            return
        name = os.fspath(fname)
        if options.get("format") is None:
            options["format"] = os.path.splitext(name)[1][1:]
        if not options["format"]:
            options["format"] = self.canvas.get_default_filetype()
            name = f"{name.rstrip('.')}.{options['format']}"
        content = BytesIO()
        super().savefig(content, **options)
        try:
            write_whole(content.getvalue(), Path(name))
        except OSError as error:
            raise OSError(error.errno, reason(error), name) from error

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> tuple[dict[str, str], dict[str, Any]]:
        """The picture for notebooks, which show it at half its size in pixels, so that it is sharp on any screen."""
        width, height = (round(inches * _DPI / 2) for inches in self.get_size_inches())
        data = {"image/png": base64.b64encode(self._repr_png_()).decode(), "text/plain": repr(self)}
        return data, {"image/png": {"width": width, "height": height}}

    def _repr_png_(self) -> bytes:
        content = BytesIO()
        self.savefig(content, format="png", dpi=_DPI)  # also if matplotlib's settings ask for another
        return content.getvalue()


def styled(ax: Axes | None, palette: str) -> tuple[Axes, Palette]:
    """Returns the given axes or new ones, styled in the colours of a palette, and the palette."""
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


def new_figure(width: float, height: float, colours: Palette, *, margins: Mapping[str, float] | None = None) -> Plot:
    """Returns an empty figure.

    Arguments:
        width, height: in inches.
        colours: its palette.
        margins: the arguments of matplotlib's `subplots_adjust`, for axes that stay where they are, however long the
            numbers beside them; by default there is as much room as these need.
    """
    layout: Any = "constrained" if margins is None else "none"  # "none" is missing in matplotlib's types
    figure = Plot((width, height), dpi=_DPI, layout=layout)
    if margins is not None:
        figure.subplots_adjust(**margins)
    figure.set_facecolor(colours.background)
    return figure


def figure_of(ax: Axes) -> Figure:
    """The figure that axes belong to, directly or through subfigures."""
    figure = ax.figure
    while isinstance(figure, SubFigure):
        figure = figure.figure
    return figure


def legend(ax: Axes, colours: Palette, **options: Any) -> None:
    """Adds a legend of everything drawn so far."""
    box = ax.legend(facecolor=colours.background, edgecolor=colours.muted, labelcolor=colours.text, **options)
    box.set_zorder(5)


def colour_bar(image: Any, label: str, colours: Palette, axes: Axes | Sequence[Axes]) -> Colorbar:
    """Adds the colour scale of a filled surface or a heat map next to its axes."""
    first = axes if isinstance(axes, Axes) else axes[0]
    bar = figure_of(first).colorbar(image, ax=axes)
    bar.ax.set_facecolor(colours.background)
    bar.set_label(label, color=colours.text)
    bar.ax.tick_params(colors=colours.muted, labelcolor=colours.text)
    for spine in bar.ax.spines.values():
        spine.set_color(colours.muted)
    return bar


def diverging(colours: Palette) -> LinearSegmentedColormap:
    """A colour scale from the negative colour through the background to the positive one."""
    return LinearSegmentedColormap.from_list(
        "diverging", [colours.negative, colours.background, colours.positive], N=256
    )


def readable_on(background: tuple[float, float, float, float]) -> str:
    """Returns "black" or "white", whichever has the higher contrast to an RGBA colour.

    Source: Web Content Accessibility Guidelines 2.2, relative luminance and contrast ratio.

    >>> readable_on((1.0, 1.0, 0.5, 1.0)), readable_on((0.0, 0.0, 0.5, 1.0))
    ('black', 'white')
    """
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in background[:3]]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return "black" if (luminance + 0.05) / 0.05 > 1.05 / (luminance + 0.05) else "white"


def name_of(f: Callable[[Any], Any]) -> str:
    """How a function of x is called where no name is given.

    >>> name_of(abs), name_of(lambda x: x)
    ('abs(x)', 'f(x)')
    """
    name = getattr(f, "__name__", "f")
    return "f(x)" if name.startswith("<") else f"{name}(x)"


def verbatim(text: str) -> str:
    r"""Escapes text so that matplotlib shows it unchanged, even with dollar signs or a leading underscore.

    Unprintable characters other than line breaks are replaced; at some, matplotlib raises an error.

    >>> print(verbatim("$x$"), verbatim("_x") == " _x", verbatim(chr(0xD800)))
    \$x\$ True �
    """
    text = "".join(c if c == "\n" else visible(c) for c in text).replace("$", r"\$")
    return f" {text}" if text.startswith("_") else text
