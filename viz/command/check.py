"""The command `check`, which checks the class of numbers in a file."""

import runpy
import sys
from pathlib import Path
from typing import Any

from autograd.files import reason
from viz.checking.engine import check_engine
from viz.checking.observation import message_of
from viz.command.errors import CommandError, UsageError
from viz.command.output import say

__all__ = ["check_file"]

_DEFAULT = "Value"


def check_file(target: str) -> None:
    """Checks a class that a file defines, and prints what was found.

    Arguments:
        target: the file and the class, as `engine.py:Value`; without a class, it is `Value`. The file runs as when it
            is imported.

    Raises:
        UsageError: if there is no such file or class.
        CommandError: if the file raises an exception, or the class breaks a law.
    """
    file, name = _parted(target)
    names = _run(Path(file))
    if name not in names:
        raise UsageError(f"{file!r} defines no {name!r}; name the class as in {file}:{_DEFAULT}")
    try:
        report = check_engine(names[name])
    except TypeError as error:
        raise UsageError(str(error)) from None
    say(repr(report))
    if not report.ok:
        raise CommandError(f"{report.engine} is wrong: {', '.join(failure.name for failure in report.failures)}")


def _parted(target: str) -> tuple[str, str]:
    """Returns the file and the name of the class; the colon of a drive is part of the file.

    >>> _parted("engine.py:Number"), _parted("engine.py"), _parted("C:/engine.py")
    (('engine.py', 'Number'), ('engine.py', 'Value'), ('C:/engine.py', 'Value'))
    """
    file, _, name = target.rpartition(":")
    return (file, name) if file and name.isidentifier() else (target, _DEFAULT)


def _run(file: Path) -> dict[str, Any]:
    """Returns what a file defines; like Python, it finds the modules beside it."""
    try:
        with file.open("rb"):
            pass
    except OSError as error:
        raise UsageError(f"cannot read {str(file)!r}: {reason(error)}") from None
    path = [*sys.path]
    sys.path.insert(0, str(file.parent.resolve()))
    try:
        return runpy.run_path(str(file))
    except (Exception, SystemExit) as error:
        raise CommandError(f"{str(file)!r} raises {message_of(error)}") from None
    finally:
        sys.path[:] = path
