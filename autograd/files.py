"""Writing files completely or not at all."""

import os
import secrets
from pathlib import Path

__all__ = ["reason", "write_whole"]


def write_whole(content: bytes, path: Path) -> None:
    """Writes a file under another name next to `path`, then renames it: `path` is never left incomplete.

    Raises:
        OSError: if the file cannot be written; what was at `path` before is unchanged.
        ValueError: for a name that no file can have, such as one with a NUL character.
    """
    unfinished = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with open(unfinished, "xb") as file:
            file.write(content)
        os.replace(unfinished, path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise


def reason(error: OSError | ValueError) -> str:
    """Returns why a file could not be read or written, without the path and error number that Python adds.

    >>> reason(FileNotFoundError(2, "No such file or directory", "model.npz"))
    'No such file or directory'
    """
    return getattr(error, "strerror", None) or str(error)
