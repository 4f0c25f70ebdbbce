"""The files that a command writes."""

from collections.abc import Callable, Iterable
from pathlib import Path

from autograd.files import reason
from autograd.notation.characters import on_one_line
from viz.command.errors import CommandError, UsageError
from viz.files import FormatError, RenderError
from viz.limits import GraphTooLargeError

__all__ = ["File", "make_folder", "write"]

File = tuple[Path, Callable[[Path], object]]
"""A path, and the function that writes the file there."""


def make_folder(folder: Path) -> None:
    """Creates a folder and its parents, unless they exist.

    Raises:
        CommandError: if it cannot be created.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CommandError(f"cannot create the folder {str(folder)!r}: {reason(error)}") from None


def write(files: Iterable[File]) -> str:
    """Writes files, and returns the list of their names as text.

    Raises:
        UsageError: if a name does not end with a format that can be written.
        CommandError: if a file cannot be written.
    """
    written = []
    for path, save in files:
        try:
            save(path)
        except FormatError as error:
            raise UsageError(str(error)) from None
        except (RenderError, GraphTooLargeError) as error:
            raise CommandError(str(error)) from None
        except OSError as error:
            raise CommandError(f"cannot write {str(path)!r}: {reason(error)}") from None
        written.append(f"  {on_one_line(str(path))}")
    return "\n".join(["written:", *written])
