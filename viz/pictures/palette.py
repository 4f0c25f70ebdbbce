"""The colours of pictures and pages, light and dark, distinguishable for colour-blind readers."""

from dataclasses import dataclass

__all__ = ["DARK", "LIGHT", "Palette", "palette_named", "shades"]


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours by their purpose, as CSS hex strings. `colors_of` has the (fill, border) of each kind of box."""

    background: str
    text: str
    muted: str
    edge: str
    gradient: str
    operation: str
    highlight: str
    cluster: str
    positive: str
    negative: str
    colors_of: dict[str, tuple[str, str]]


# The hues are those of Okabe and Ito's colour-blind safe set (https://jfly.uni-koeln.de/color/), made darker or lighter
# where text needs more contrast with its background.
LIGHT = Palette(
    background="#ffffff",
    text="#1b1f24",
    muted="#5c6670",
    edge="#7a838c",
    gradient="#b34700",
    operation="#0b5394",
    highlight="#d55e00",
    cluster="#f6f7f9",
    positive="#0072b2",
    negative="#d55e00",
    colors_of={
        "operation": ("#ffffff", "#59636e"),
        "input": ("#dff3ec", "#009e73"),
        "parameter": ("#e0effa", "#0072b2"),
        "constant": ("#f0f0f0", "#a0a0a0"),
        "plain": ("#fdf3dc", "#b98600"),
        "fold": ("#ece8f4", "#6b5b95"),
    },
)
DARK = Palette(
    background="#15191e",
    text="#eef1f4",
    muted="#a3adb8",
    edge="#8d97a1",
    gradient="#ffa857",
    operation="#7cc4f5",
    highlight="#ff9d4d",
    cluster="#1d2329",
    positive="#56b4e9",
    negative="#ff9d4d",
    colors_of={
        "operation": ("#242b33", "#8d97a1"),
        "input": ("#123a30", "#3ddba8"),
        "parameter": ("#12344a", "#56b4e9"),
        "constant": ("#2b2f34", "#757d85"),
        "plain": ("#3d3312", "#e6b422"),
        "fold": ("#332d47", "#b3a3dd"),
    },
)


# From the same set. Classes also differ in their markers.
_MORE_SHADES = ("#009e73", "#cc79a7", "#e69f00", "#f0e442", "#8c8c8c", "#a0522d")


def shades(palette: Palette) -> tuple[str, ...]:
    """The colours of the classes, in order."""
    return (palette.negative, palette.positive, *_MORE_SHADES)


def palette_named(name: object) -> Palette:
    """Returns the palette named "light" or "dark".

    Raises:
        ValueError: for any other name.

    >>> palette_named("dark") is DARK
    True
    """
    if name == "light":
        return LIGHT
    if name == "dark":
        return DARK
    raise ValueError(f"palette must be 'light' or 'dark', not {name!r}")
