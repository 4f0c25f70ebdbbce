"""Finds the files that the pages of a site refer to and that are missing, such as the page in a frame."""

from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

__all__ = ["missing_files"]


class _References(HTMLParser):
    """Collects what the elements of a page refer to."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        """Collects the references of an element."""
        self.found |= {value for name, value in attributes if name in ("href", "src") and value}


def missing_files(site: Path) -> Iterator[tuple[Path, str]]:
    """Yields each page of a site with a reference to a file that does not exist in it."""
    for page in sorted(site.rglob("*.html")):
        references = _References()
        references.feed(page.read_text(encoding="utf-8"))
        for reference in sorted(references.found):
            address = urlsplit(reference)
            local = not address.scheme and not address.netloc and address.path
            if local and not (page.parent / unquote(address.path)).exists():
                yield page, reference
