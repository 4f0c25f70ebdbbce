"""The file format of a model's parameters: a NumPy archive of names and numbers, no code."""

import os
import secrets
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

import numpy as np

__all__ = ["StorageError", "load", "save"]

VERSION = 1


class StorageError(OSError):
    """A model's file cannot be written or read."""


def save(state: Mapping[str, float], path: Path) -> None:
    """Writes named numbers to `path`, at once or not at all.

    Raises:
        StorageError: if it cannot be written there.
    """
    if not path.name:
        raise StorageError(f"cannot write {str(path)!r}: a file name is needed")
    try:
        unfinished = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        try:
            with open(unfinished, "xb") as file:
                np.savez(file, version=VERSION, names=list(state), numbers=np.array(list(state.values()), dtype=float))
            os.replace(unfinished, path)
        except BaseException:
            unfinished.unlink(missing_ok=True)
            raise
    except (OSError, ValueError) as error:
        raise StorageError(f"cannot write {str(path)!r}: {_reason(error)}") from error


def load(path: Path) -> dict[str, float]:
    """The named numbers that `save` wrote.

    Raises:
        StorageError: if the file is missing, damaged, no such file, or of a version this one does not know.
    """
    try:
        content = path.read_bytes()
    except (OSError, ValueError) as error:
        raise StorageError(f"cannot read {str(path)!r}: {_reason(error)}") from error
    if content[:2] != b"PK":  # of a zip archive; of other files NumPy's error advises to unpickle them
        raise StorageError(f"{str(path)!r} holds no saved model, or is damaged: it is no archive")
    try:
        with np.load(BytesIO(content), allow_pickle=False) as archive:
            version = int(archive["version"])
            if version != VERSION:
                raise StorageError(f"{str(path)!r} has version {version} of the format; this release reads {VERSION}")
            names, numbers = archive["names"], archive["numbers"]
    except StorageError:
        raise
    except Exception as error:  # of a damaged file, NumPy and zipfile raise almost any
        raise StorageError(f"{str(path)!r} holds no saved model, or is damaged: {error}") from error
    kinds = numbers.dtype == float and (names.dtype.kind == "U" or names.size == 0)
    if not kinds or names.ndim != 1 or names.shape != numbers.shape:
        raise StorageError(
            f"{str(path)!r} is damaged: for names it holds {names.dtype} {names.shape}, "
            f"for numbers {numbers.dtype} {numbers.shape}"
        )
    return dict(zip(names.tolist(), numbers.tolist(), strict=True))


def _reason(error: OSError | ValueError) -> str:
    return getattr(error, "strerror", None) or str(error)
