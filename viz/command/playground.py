"""The command `playground`, which writes a folder whose page runs Python in the browser."""

import os
import tempfile
from pathlib import Path

from autograd.files import reason
from autograd.notation.characters import on_one_line
from viz.command.errors import CommandError, UsageError
from viz.command.output import say
from viz.playground.folder import write_playground
from viz.playground.pyodide import PyodideError, check, install

__all__ = ["make_playground"]


def make_playground(folder: Path, pyodide: Path | None, lang: str = "en") -> None:
    """Writes the playground, and says how to open it.

    Arguments:
        folder: the folder to write; it must be empty or not exist.
        pyodide: the folder of the npm package `pyodide`; None to install that by npm.
        lang: the code of the language of its page.

    Raises:
        UsageError: if one of the folders is not as it must be.
        CommandError: if npm is missing or fails, or the folder cannot be written.
    """
    _check_empty(folder)
    if pyodide is not None:
        try:
            check(pyodide)
        except PyodideError as error:
            raise UsageError(str(error)) from None
        _write(folder, pyodide, lang)
        return
    with tempfile.TemporaryDirectory() as temporary:
        try:
            package = install(Path(temporary))
        except PyodideError as error:
            raise CommandError(str(error)) from None
        _write(folder, package, lang)


def _check_empty(folder: Path) -> None:
    try:
        if os.listdir(folder):
            raise UsageError(f"the folder must be empty or not exist, but {str(folder)!r} has files; choose another")
    except FileNotFoundError:
        pass
    except (OSError, ValueError) as error:
        raise UsageError(f"cannot use the folder {str(folder)!r}: {reason(error)}") from None


def _write(folder: Path, pyodide: Path, lang: str) -> None:
    try:
        names = write_playground(folder, pyodide, lang)
    except OSError as error:
        raise CommandError(f"cannot write the folder {str(folder)!r}: {reason(error)}") from None
    place = on_one_line(str(folder))
    written = "\n".join(f"  {name}" for name in names)
    say(f"written to {place}:\n{written}\n")
    say(f"run  python -m http.server --directory {place}  and open http://localhost:8000 in a browser")
