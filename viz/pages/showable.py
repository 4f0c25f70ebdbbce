"""A page that notebooks show, with a picture as a fallback, and that can be saved as a file."""

import base64
import html
from pathlib import Path
from typing import Any

from viz.files import FormatError, save
from viz.pages.language import language_of
from viz.pictures.themes import themed

__all__ = ["ShowablePage", "path_of_page"]

_LEAST_HEIGHT, _MOST_HEIGHT = 200, 10_000


def path_of_page(path: str | Path) -> Path:
    """Returns the path of the file of a page.

    Raises:
        FormatError: if the name does not end with .html.
    """
    path = Path(path)
    if path.suffix.lower() not in (".html", ".htm"):
        raise FormatError(
            f"the file name of a page must end with .html, not {str(path)!r}; "
            "viz.draw and the functions viz.plot_... make pictures"
        )
    return path


class ShowablePage:
    """An HTML page. Notebooks show it; `save` writes it to a file; `html` is its text.

    Arguments:
        title: the heading of the page.
        subject: the subject of its picture, in English.
        height: the height of its frame in a notebook, in CSS pixels.
        palette: "light", "dark", or "auto" for that of the notebook or of the viewer's system.
        lang: the code of its language.

    Raises:
        TypeError: if the title is not a string.
        ValueError: if the height is not an integer from 200 to 10,000, or there is no such palette or language.
    """

    def __init__(self, title: str, subject: str, height: int, palette: str, lang: str) -> None:
        if not isinstance(title, str):
            raise TypeError(f"the title of a page must be a string, not {title!r}")
        if type(height) is not int or not _LEAST_HEIGHT <= height <= _MOST_HEIGHT:
            raise ValueError(
                f"height must be an integer from {_LEAST_HEIGHT} to {_MOST_HEIGHT:,}, in CSS pixels, not {height!r}"
            )
        if palette not in ("light", "dark", "auto"):
            raise ValueError(f"palette must be 'light', 'dark' or 'auto', not {palette!r}")
        self.title = title
        self._palette = palette
        self._height = height
        self._language = language_of(lang)
        self._subject = self._language.words(subject)

    @property
    def html(self) -> str:
        """The page: one HTML document that needs no other file, network or server."""
        raise NotImplementedError

    def _html_in_a_frame(self) -> str:
        """The page in a notebook, which may differ from that of a file."""
        return self.html

    def picture(self) -> bytes:
        """Returns the picture, as PNG, that notebooks show if scripts cannot run."""
        raise NotImplementedError

    def save(self, path: str | Path) -> Path:
        """Writes the page to a file.

        Arguments:
            path: the file, such as "page.html".

        Returns:
            The path.

        Raises:
            RenderError: if the name does not end with .html, or the file cannot be written.
        """
        path = path_of_page(path)
        save(self.html.encode(), path)
        return path

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        """The page for notebooks, and the picture alone for viewers that show no HTML, such as an export to PDF."""
        picture = base64.b64encode(self.picture()).decode()
        return {"text/html": self._framed(picture), "image/png": picture, "text/plain": repr(self)}

    def _mime_(self) -> tuple[str, str]:
        """The page for marimo, which would show each entry of a bundle, and moves a frame away from what it covers."""
        return "text/html", themed(self._frame())

    def _repr_html_(self) -> str:
        return self._framed(base64.b64encode(self.picture()).decode())

    def _framed(self, picture: str) -> str:
        """Returns a frame with the page, laid over the picture.

        If frames or scripts are removed, as on GitHub and in untrusted notebooks, the picture remains.
        """
        title = html.escape(self.title)
        return themed(
            '<div style="display: grid; grid-template-columns: minmax(0, 1fr)">'
            f'<img alt="{title}: {self._subject}" src="data:image/png;base64,{picture}" '
            f'style="grid-area: 1 / 1; margin: 0; max-width: 100%; max-height: {self._height}px">{self._frame()}</div>'
        )

    def _frame(self) -> str:
        """Returns a frame with the page.

        Only ASCII is written: read in another encoding than UTF-8, the scripts would not be those that the page's
        policy admits.
        """
        return (
            f'<iframe title="{html.escape(self.title)}" sandbox="allow-scripts" allow="fullscreen" '
            'style="grid-area: 1 / 1; width: 100%; max-width: 100%; max-height: none; '
            f'height: {self._height}px; border: 0" '
            f'srcdoc="{html.escape(self._html_in_a_frame()).encode("ascii", "xmlcharrefreplace").decode()}"></iframe>'
        )
