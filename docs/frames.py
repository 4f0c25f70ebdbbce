"""Frames of the site in which pages run."""

from html import escape

__all__ = ["HEIGHT", "frame"]

HEIGHT = 760  # CSS pixels


def frame(place: str, title: str, *, height: int = HEIGHT) -> tuple[str, str]:
    """Returns HTML to stand before and after the caption of a frame; a link after it opens the page alone.

    Arguments:
        place: the address of the page.
        title: its title, as text.
        height: the height of the frame in CSS pixels.
    """
    return (
        f'<figure class="live"><iframe src="{place}" title="{escape(title)}" loading="lazy" allow="fullscreen" '
        f'style="height: {height}px"></iframe><figcaption>',
        f' <a href="{place}">Open the page alone</a></figcaption></figure>',
    )
