"""A page that shows itself in a notebook, over a picture for where pages do not run, and saves itself as a file."""

import base64
import html
from pathlib import Path
from typing import Any

from viz.pictures.render import RenderError, format_of, save

__all__ = ["ShowablePage"]

_HEIGHT = 760  # of the frame in a notebook, in CSS pixels


class ShowablePage:
    """A page. It shows itself in a notebook; `save` writes it; `html` is its text.

    Arguments:
        title: its heading.
        subject: what its picture is of.
    """

    def __init__(self, title: str, subject: str) -> None:
        self.title = title
        self._subject = subject

    @property
    def html(self) -> str:
        """The page: one document of HTML that needs no other file, no network and no server."""
        raise NotImplementedError

    def picture(self) -> bytes:
        """What stands in the page's place where scripts do not run, as PNG."""
        raise NotImplementedError

    def save(self, path: str | Path) -> Path:
        """Writes the page to a file.

        Raises:
            RenderError: if the name does not end with .html, or the file cannot be written.
        """
        path = Path(path)
        if format_of(path, ("html",)) not in ("html", "htm"):
            raise RenderError(f"this is a page: end {str(path)!r} with .html; viz.draw and viz.plot_... make pictures")
        save(self.html.encode(), path)
        return path

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        """The page for notebooks, and the picture alone for what shows no HTML, such as an export to PDF."""
        picture = base64.b64encode(self.picture()).decode()
        return {"text/html": self._framed(picture), "image/png": picture, "text/plain": repr(self)}

    def _repr_html_(self) -> str:
        return self._framed(base64.b64encode(self.picture()).decode())

    def _framed(self, picture: str) -> str:
        """A frame with the page, laid over the picture.

        Where frames or scripts are taken out, as on GitHub and in notebooks that are not trusted, the picture is left.
        """
        title = html.escape(self.title)
        return (
            '<div style="display: grid">'
            f'<img alt="{title}: {self._subject}" src="data:image/png;base64,{picture}" '
            f'style="grid-area: 1 / 1; max-width: 100%; max-height: {_HEIGHT}px">'
            f'<iframe title="{title}" sandbox="allow-scripts" allow="fullscreen" '
            f'style="grid-area: 1 / 1; width: 100%; height: {_HEIGHT}px; border: 0" '
            f'srcdoc="{html.escape(self.html)}"></iframe></div>'
        )
