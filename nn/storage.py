"""The file format of a model's parameters: a NumPy archive of names and numbers, no code."""

from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

import numpy as np

from autograd.files import reason, write_whole

__all__ = ["StorageError", "load", "save"]

VERSION = 1


class StorageError(OSError):
    """Raised if a model's file cannot be written or read."""


def save(state: Mapping[str, float], path: Path) -> None:
    """Writes named numbers to a file atomically.

    Raises:
        StorageError: if the file cannot be written.
    """
    if not path.name:
        raise StorageError(f"cannot write {str(path)!r}: a file name is needed")
    content = BytesIO()
    try:
        np.savez(content, version=VERSION, names=list(state), numbers=np.array(list(state.values()), dtype=float))
        write_whole(content.getvalue(), path)
    except (OSError, ValueError) as error:
        raise StorageError(f"cannot write {str(path)!r}: {reason(error)}") from error


def load(path: Path) -> dict[str, float]:
    """Reads the named numbers that `save` wrote.

    Raises:
        StorageError: if the file is missing, damaged, not a saved model, or of an unknown version.
    """
    try:
        content = path.read_bytes()
    except (OSError, ValueError) as error:
        raise StorageError(f"cannot read {str(path)!r}: {reason(error)}") from error
    if content[:2] != b"PK":  # how a zip archive begins; for other files, NumPy's error suggests unpickling them
        raise StorageError(f"{str(path)!r} is not a saved model, or is damaged: it is not an archive")
    try:
        with np.load(BytesIO(content), allow_pickle=False) as archive:
            version = int(archive["version"])
            if version != VERSION:
                raise StorageError(f"{str(path)!r} has version {version} of the format; this release reads {VERSION}")
            names, numbers = archive["names"], archive["numbers"]
    except StorageError:
        raise
    except Exception as error:  # for a damaged file, NumPy and zipfile raise almost any exception
        raise StorageError(f"{str(path)!r} is not a saved model, or is damaged: {error}") from error
    kinds = numbers.dtype == float and (names.dtype.kind == "U" or names.size == 0)
    if not kinds or names.ndim != 1 or names.shape != numbers.shape:
        raise StorageError(
            f"{str(path)!r} is damaged: it must have as many names as floats, not {names.dtype} of shape {names.shape} "
            f"and {numbers.dtype} of shape {numbers.shape}"
        )
    return dict(zip(names.tolist(), numbers.tolist(), strict=True))
