"""This library as an archive, which Pyodide unpacks: the installed packages, without what is compiled for a machine."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

__all__ = ["archive"]

_ENDS = (".py", ".css", ".html", ".js", ".json", ".woff2", ".LICENSE", ".typed", "given_names.txt")
_TIME = (1980, 1, 1, 0, 0, 0)  # the earliest that an archive can hold: equal files make an equal archive


def archive() -> bytes:
    """Returns the packages `autograd`, `nn` and `viz` as a zip file; equal packages give equal bytes."""
    content = BytesIO()
    with ZipFile(content, "w", ZIP_DEFLATED) as zipped:
        for name, file in _files():
            entry = ZipInfo(name, _TIME)
            entry.compress_type = ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            zipped.writestr(entry, file.read_bytes())
    return content.getvalue()


def _files() -> Iterator[tuple[str, Path]]:
    """Yields the name of each file in the archive, and the file."""
    parent = Path(__file__).parents[2]
    for root in (parent / package for package in ("autograd", "nn", "viz")):
        for file in sorted(root.rglob("*")):
            if file.name.endswith(_ENDS) and "__pycache__" not in file.parts and file.is_file():
                yield file.relative_to(parent).as_posix(), file
