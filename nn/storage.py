"""The file format of a model's parameters: a NumPy archive of names and numbers, no code."""

import math
from collections import Counter
from collections.abc import Collection, Mapping
from io import SEEK_END, BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_STORED, ZipFile

from autograd.files import open_regular, reason, write_whole
from autograd.numerics import need_numpy, np, npt
from nn.naming import shown

__all__ = ["StorageError", "load", "save"]

VERSION = 1
_OVERHEAD = 2**20  # bytes besides names and numbers: enough to read any small file, and name what differs
_LONGEST_HEADER = 256  # bytes; NumPy parses it as a Python expression, which may take much more memory


class StorageError(OSError):
    """Raised if a model's file cannot be written or read."""


def save(state: Mapping[str, float], path: Path) -> None:
    """Writes named numbers to a file, completely or not at all: see `autograd.files.write_whole`.

    Raises:
        StorageError: if the file cannot be written.
        ImportError: if NumPy is not installed.
    """
    need_numpy("saving a model")
    content = BytesIO()
    try:
        names = np.array(list(state), dtype=str)
        for name, stored in zip(state, names.tolist(), strict=True):
            if name != stored:
                raise ValueError(f"a name must not end with a NUL character, as {shown(repr(name))} does")
        np.savez(content, version=VERSION, names=names, numbers=np.array(list(state.values()), dtype=float))
        write_whole(content.getvalue(), path)
    except (OSError, ValueError) as error:
        raise StorageError(f"cannot write {str(path)!r}: {reason(error)}") from error


def load(path: Path, names: Collection[str], *, allow_nonfinite: bool = False) -> dict[str, float]:
    """Reads the named numbers that `save` wrote.

    Nothing in the file is executed or decompressed, and no array is read before its size is known to fit.

    Arguments:
        path: the file.
        names: the names of the model's parameters, which bound the size of the file. Others are returned as they are.
        allow_nonfinite: whether the numbers may be nan, inf and -inf.

    Raises:
        StorageError: if the file is missing, damaged, not a saved model, too large for the model, or of an unknown
            version, or if it holds numbers that are not finite.
        ImportError: if NumPy is not installed.
    """
    need_numpy("loading a model")
    parameters = len(names) * (4 * max(map(len, names), default=0) + 8)
    content = _content(path, parameters + _OVERHEAD, f"{len(names):,} parameters")
    try:
        with ZipFile(BytesIO(content)) as archive:
            version = _version(archive)
            state = _state(archive) if version == VERSION else {}
    except Exception as error:  # for a damaged file, NumPy and zipfile raise almost any exception
        raise StorageError(f"{str(path)!r} is not a saved model, or is damaged: {shown(str(error), 200)}") from error
    if version != VERSION:
        raise StorageError(f"{str(path)!r} has version {version} of the format; this release reads {VERSION}")
    if not allow_nonfinite:
        _check_finite(state, path)
    return state


def _content(path: Path, most: int, model: str) -> bytes:
    """Reads a file of at most `most` bytes."""
    try:
        with open_regular(path) as file:
            content = file.read(most + 1) or b""  # None if it would have to wait
            size = file.seek(0, SEEK_END)
    except (OSError, ValueError) as error:
        raise StorageError(f"cannot read {str(path)!r}: {reason(error)}") from error
    if len(content) > most:
        raise StorageError(
            f"the file of a model with {model} has at most {most:,} bytes, but {str(path)!r} has {size:,}: "
            "it holds another model's parameters, or is damaged"
        )
    return content


def _version(archive: ZipFile) -> int:
    version = _array(archive, "version")
    if version.shape or version.dtype.kind not in "iu":
        raise ValueError(f"the version must be one integer, not {version.dtype} of shape {version.shape}")
    return int(version)


def _state(archive: ZipFile) -> dict[str, float]:
    """The numbers in an archive, by their names."""
    members = sorted(archive.namelist())
    if members != ["names.npy", "numbers.npy", "version.npy"]:
        raise ValueError(f"it must hold names, numbers and a version, each once, not {shown(', '.join(members), 200)}")
    names, numbers = _array(archive, "names"), _array(archive, "numbers")
    named = names.dtype.kind == "U" or names.size == 0
    floats = (numbers.dtype.kind, numbers.dtype.itemsize) == ("f", 8)
    if not named or not floats or names.ndim != 1 or names.shape != numbers.shape:
        raise ValueError(
            f"it must hold as many names as floats, not {names.dtype} of shape {names.shape} and {numbers.dtype} of "
            f"shape {numbers.shape}"
        )
    for name, count in Counter(names.tolist()).items():
        if count > 1:
            raise ValueError(f"no name may occur twice, as {shown(repr(name))} does")
    return dict(zip(names.tolist(), numbers.tolist(), strict=True))


def _array(archive: ZipFile, name: str) -> npt.NDArray[Any]:
    """An array that `save` wrote: as it is in memory, so that the archive is never smaller than what is read."""
    from numpy.lib import format as npy

    member = archive.getinfo(f"{name}.npy")
    if member.compress_type != ZIP_STORED:
        raise ValueError(f"{name} must not be compressed")
    content = archive.read(member)
    file = BytesIO(content)
    if npy.read_magic(file) != (1, 0):
        raise ValueError(f"{name} must have version 1.0 of NumPy's format")
    if int.from_bytes(content[8:10], "little") > _LONGEST_HEADER:
        raise ValueError(f"{name} must have a header of at most {_LONGEST_HEADER} bytes")
    shape, _, dtype = npy.read_array_header_1_0(file)
    items = file.read()
    if dtype.hasobject or len(items) != math.prod(shape) * dtype.itemsize:
        raise ValueError(f"{name} has {len(items):,} bytes, which are not an array of {dtype} of shape {shape}")
    return np.ndarray(shape, dtype, items)


def _check_finite(state: Mapping[str, float], path: Path) -> None:
    for name, number in state.items():
        if not math.isfinite(number):
            raise StorageError(
                f"{str(path)!r} must hold finite numbers, but {shown(name)} is {number}; to load it all the same, pass "
                "allow_nonfinite=True"
            )
