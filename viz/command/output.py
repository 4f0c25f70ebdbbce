"""What the command line prints: all of it, or an error."""

import os
import sys
from contextlib import suppress
from typing import TextIO

from viz.command.errors import CommandError

__all__ = ["complain", "say"]

_LONGEST = 400  # characters of an error
_LONGEST_WORD = _LONGEST // 8


def say(text: str) -> None:
    """Prints text to standard output.

    Raises:
        BrokenPipeError: if no one reads it any more.
        CommandError: if it cannot be written for another reason.
    """
    try:
        _print(text, sys.stdout)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise CommandError(f"cannot write to the standard output: {error.strerror or error}") from None


def complain(text: str) -> None:
    """Prints a message to standard error, on one line; a long one without the middle of its long words, or its own."""
    line = " ".join("".join(c if c.isprintable() or c.isspace() else "\ufffd" for c in text).split())
    if len(line) > _LONGEST:
        line = _shortened(" ".join(_shortened(word, _LONGEST_WORD) for word in line.split()), _LONGEST)
    with suppress(OSError):  # there is no other place to say so
        _print(f"scalar-autograd: {line}", sys.stderr)


def _shortened(text: str, most: int) -> str:
    half = (most - 1) // 2
    return text if len(text) <= most else f"{text[:half]}…{text[-half:]}"


def _print(text: str, stream: TextIO | None) -> None:
    if stream is None:  # it was closed when the program began
        return
    encoding = stream.encoding or "utf-8"
    try:
        stream.write(text.encode(encoding, "backslashreplace").decode(encoding) + "\n")
        stream.flush()
    except OSError:
        _discard(stream)
        raise


def _discard(stream: TextIO) -> None:
    """Sends what a stream still holds nowhere, because Python writes it again when it ends."""
    with suppress(OSError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
