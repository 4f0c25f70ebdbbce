"""The contrast of two colours, by the Web Content Accessibility Guidelines."""

from matplotlib.colors import to_rgb


def luminance(colour):
    """Relative luminance as WCAG 2.2 defines it, https://www.w3.org/TR/WCAG22/#dfn-relative-luminance"""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)]
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(a, b):
    """From 1, for the same colour, to 21, for black and white."""
    low, high = sorted([luminance(a), luminance(b)])
    return (high + 0.05) / (low + 0.05)
