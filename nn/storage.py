"""The file format of a model's parameters: a NumPy archive of names and numbers, no code."""

import os
import tempfile
import zipfile
from collections.abc import Mapping
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
    try:
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
            try:
                np.savez(file, version=VERSION, names=list(state), numbers=np.array(list(state.values()), dtype=float))
                file.close()
                os.replace(file.name, path)
            except BaseException:
                file.close()
                os.unlink(file.name)
                raise
    except OSError as error:
        raise StorageError(f"cannot write {str(path)!r}: {error.strerror or error}") from error


def load(path: Path) -> dict[str, float]:
    """The named numbers that `save` wrote.

    Raises:
        StorageError: if the file is missing, damaged, no such file, or of a version this one does not know.
    """
    try:
        with np.load(path, allow_pickle=False) as archive:
            version = int(archive["version"])
            if version != VERSION:
                raise StorageError(f"{str(path)!r} has version {version} of the format; this release reads {VERSION}")
            names, numbers = archive["names"].tolist(), archive["numbers"].tolist()
    except StorageError:
        raise
    except OSError as error:
        if error.strerror is None:
            raise StorageError(f"{str(path)!r} holds no saved model, or is damaged: {error}") from error
        raise StorageError(f"cannot read {str(path)!r}: {error.strerror}") from error
    except (ValueError, KeyError, TypeError, EOFError, AttributeError, zipfile.BadZipFile) as error:
        raise StorageError(f"{str(path)!r} holds no saved model, or is damaged: {error}") from error
    if len(names) != len(numbers):
        raise StorageError(f"{str(path)!r} is damaged: {len(names)} names for {len(numbers)} numbers")
    return dict(zip(names, numbers, strict=True))
