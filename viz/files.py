"""Files that pictures and pages are written to."""

from pathlib import Path

from autograd.files import reason, write_whole

__all__ = ["FormatError", "RenderError", "format_of", "save"]


class RenderError(RuntimeError):
    """Raised if a picture or page cannot be rendered or written."""


class FormatError(RenderError):
    """Raised if the name of a file does not end with a format that can be written."""


def save(content: bytes, path: Path) -> None:
    """Writes a file, completely or not at all: see `autograd.files.write_whole`.

    Raises:
        RenderError: if it cannot be written.
    """
    try:
        write_whole(content, path)
    except (OSError, ValueError) as error:
        raise RenderError(f"cannot write {str(path)!r}: {reason(error)}") from error


def format_of(path: Path) -> str:
    """Returns the format of a file name's extension.

    Raises:
        FormatError: if the name has no extension.

    >>> format_of(Path("graph.SVG"))
    'svg'
    """
    if not path.suffix[1:]:
        raise FormatError(f"the file name must end with a format such as .svg, .png or .dot, not {str(path)!r}")
    return path.suffix[1:].lower()
