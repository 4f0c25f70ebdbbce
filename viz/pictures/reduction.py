"""Pictures with few colours, for files that are small."""

from typing import TYPE_CHECKING

from autograd.numerics import np

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["Reduction"]

_COLORS = 256  # of a GIF, and at most of a PNG with a palette


class Reduction:
    """Reduces pictures to the same colours; those that cover most of a picture, such as the background, stay exact.

    Arguments:
        pictures: what the colours are chosen from.
        exact: a picture, whose most frequent colours are kept.
        kept: how many of them.
        colors: the number of all colours, at most 256.
    """

    def __init__(self, pictures: "Image", exact: "Image", kept: int = 16, colors: int = _COLORS) -> None:
        from PIL import Image

        counted = sorted(exact.getcolors(exact.width * exact.height) or (), reverse=True)[:kept]
        self._exact: list[tuple[int, int, int]] = [color for _, color in counted]  # type: ignore[misc]
        found = pictures.quantize(colors - len(self._exact), dither=Image.Dither.NONE)
        others = (found.getpalette() or [])[: 3 * (colors - len(self._exact))]
        self._palette = Image.new("P", (1, 1))
        self._palette.putpalette([number for color in self._exact for number in color] + others)

    def __call__(self, picture: "Image") -> "Image":
        """Returns the picture in these colours."""
        from PIL import Image

        pixels = np.asarray(picture.convert("RGBA")).view(np.uint32)[..., 0]
        reduced = np.array(picture.quantize(palette=self._palette, dither=Image.Dither.NONE))
        for index, color in enumerate(self._exact):  # Pillow takes the nearest to a multiple of 4, 252 instead of 255
            reduced[pixels == np.array([*color, 255], np.uint8).view(np.uint32)] = index
        image = Image.fromarray(reduced)
        image.putpalette(self._palette.getpalette() or [])
        return image
