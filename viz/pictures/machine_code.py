"""WebAssembly compiled to machine code, which is kept in the user's cache folder: compiling takes most of a second."""

import hashlib
import os
import platform
import stat
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import platformdirs
import wasmtime

from autograd.files import open_regular, write_whole

__all__ = ["cache_folder", "compiled_module"]

_KEPT_FILES = 4  # those of the last versions of the packages, each of some megabytes
_SUFFIX = ".wasmtime"
_DIGEST = hashlib.sha256().digest_size


def cache_folder() -> Path:
    """The folder for machine code, such as ~/.cache/scalar-autograd."""
    return platformdirs.user_cache_path("scalar-autograd", appauthor=False)


def compiled_module(engine: wasmtime.Engine, wasm: bytes, folder: Path) -> wasmtime.Module:
    """Returns a module as machine code: what an earlier process has compiled, or newly compiled, and then kept.

    Whoever can write a file of machine code decides what runs. So only a folder and a file are used that belong to the
    user and that nobody else may write. A damaged file is replaced. If the folder cannot be used, nothing is kept.

    Arguments:
        engine: the engine that will run the module, with the default configuration.
        wasm: the module.
        folder: where machine code is kept; it is created if its parent exists or can be created.
    """
    try:
        path = folder / _name(wasm)
    except PackageNotFoundError:  # in an application that was packed without it
        return wasmtime.Module(engine, wasm)
    with suppress(OSError, ValueError, wasmtime.WasmtimeError):  # it is not there, damaged, or for another processor
        return wasmtime.Module.deserialize(engine, _read(path))
    module = wasmtime.Module(engine, wasm)
    with suppress(OSError, ValueError):
        _write(bytes(module.serialize()), path)
    return module


def _name(wasm: bytes) -> str:
    """The name of the file for a module. What is in it depends on the version of wasmtime and the kind of processor.

    Raises:
        PackageNotFoundError: if the version is not known.
    """
    made_by = f"{version('wasmtime')} {platform.system()} {platform.machine()} "
    return hashlib.sha256(made_by.encode() + wasm).hexdigest()[:32] + _SUFFIX


def _read(path: Path) -> bytes:
    """Returns the machine code in a file, which begins with its digest.

    Raises:
        OSError: if it cannot be read, or others may write it.
        ValueError: if it is damaged.
    """
    _check_own(os.lstat(path.parent))
    with open_regular(path) as file:
        _check_own(os.fstat(file.fileno()))
        digest, code = file.read(_DIGEST), file.read()
    if digest != hashlib.sha256(code).digest():
        raise ValueError(f"{path} must begin with the digest of what follows")
    return code


def _write(code: bytes, path: Path) -> None:
    """Writes a file of machine code, and removes the oldest of the others.

    Raises:
        OSError: if it cannot be written, or others may write the folder.
    """
    folder = path.parent
    if not folder.is_absolute():  # the user has no home
        raise FileNotFoundError(folder)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _check_own(os.lstat(folder))
    write_whole(hashlib.sha256(code).digest() + code, path)
    path.chmod(0o600)
    others = sorted(folder.glob(f"*{_SUFFIX}"), key=lambda other: other.stat().st_mtime, reverse=True)
    for old in others[_KEPT_FILES:]:
        old.unlink()


def _check_own(status: os.stat_result) -> None:
    """Checks that a file or folder belongs to the user, and that others may not write it.

    Raises:
        PermissionError: if not. Windows keeps users' folders apart by other means.
    """
    if hasattr(os, "geteuid") and (
        status.st_uid != os.geteuid() or status.st_mode & (stat.S_IWGRP | stat.S_IWOTH) or stat.S_ISLNK(status.st_mode)
    ):
        raise PermissionError
