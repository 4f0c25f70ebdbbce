"""Files: written completely or not at all, and read only if they are regular files."""

import errno
import os
import re
import stat
import time
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

try:
    import fcntl
except ImportError:  # on Windows and in Pyodide
    fcntl = None  # type: ignore[assignment]

__all__ = ["open_regular", "reason", "write_whole"]

_LONGEST_NAME = 200  # bytes; file systems allow 255, and the name of an unfinished file is longer by 30
_ABANDONED_AFTER = 3600.0  # seconds, where files have no locks


def write_whole(content: bytes, path: Path) -> None:
    """Writes a file under another name in the same folder, then renames it: `path` is never left incomplete.

    After a crash or a power failure, `path` holds the old content or the new one. The unfinished file of a process that
    was killed is removed by the next write to the same path.

    What was there before decides:

    - A symbolic link stays one: the file that it points to is written.
    - The new file has the permissions of the one it replaces, and its owner and group where the system allows that. If
      the group cannot be kept, group permissions are dropped. A new file's permissions follow the umask.
    - Only the name is replaced: another hard link to the old file keeps the old content.
    - A file that may not be written, a folder, a pipe and a device are refused.

    Raises:
        OSError: if the file cannot be written; what was at `path` before is unchanged.
        ValueError: for a name that no file can have, such as one with a NUL character.
    """
    target = Path(os.path.realpath(path))
    replaced = _replaced(target)
    _remove_abandoned(target)
    while not _written(content, target, replaced):
        pass  # it was taken for abandoned before it was locked
    with suppress(OSError):  # Windows opens no folders, and some file systems do not write them on request
        _write_to_disk(target.parent)


def open_regular(path: Path) -> BinaryIO:
    """Opens a file for reading, without ever waiting: a folder, pipe, socket or device is refused.

    Raises:
        OSError: if there is no regular file, or it may not be read.
        ValueError: for a name that no file can have.
    """
    _check_regular(os.stat(path))  # first, because to open a device can have effects
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    try:
        _check_regular(os.fstat(descriptor))  # again, because another file may have taken the name
        return os.fdopen(descriptor, "rb")
    except BaseException:
        os.close(descriptor)
        raise


def reason(error: OSError | ValueError) -> str:
    """Returns why a file could not be read or written, without the path and error number that Python adds.

    >>> reason(FileNotFoundError(2, "No such file or directory", "model.npz"))
    'No such file or directory'
    """
    return getattr(error, "strerror", None) or str(error)


def _replaced(target: Path) -> os.stat_result | None:
    """The status of the file that would be replaced, or None if there is none.

    Raises:
        OSError: if what is there must not be replaced.
    """
    try:
        status = os.stat(target)
    except FileNotFoundError:
        return None
    _check_regular(status)
    if not os.access(target, os.W_OK, effective_ids=os.access in os.supports_effective_ids):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    return status


def _check_regular(status: os.stat_result) -> None:
    if stat.S_ISDIR(status.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    if not stat.S_ISREG(status.st_mode):
        raise OSError(errno.EINVAL, "Not a regular file")


def _written(content: bytes, target: Path, replaced: os.stat_result | None) -> bool:
    """Writes and renames a file; returns False if another process removed it before it was locked."""
    unfinished = target.with_name(_prefix(target) + os.urandom(8).hex())
    mode = 0o666 if replaced is None else 0o600
    try:
        with open(unfinished, "xb", opener=lambda name, flags: os.open(name, flags, mode)) as file:
            if not _locked(file, unfinished):
                return False
            if replaced is not None and hasattr(os, "fchmod"):
                _keep_permissions(file.fileno(), replaced)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
            if fcntl is None:  # Windows cannot rename an open file
                file.close()
            os.replace(unfinished, target)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
    return True


def _keep_permissions(descriptor: int, replaced: os.stat_result) -> None:
    mode = stat.S_IMODE(replaced.st_mode) & 0o777
    for owner in (replaced.st_uid, -1):  # -1 leaves the owner as it is
        with suppress(PermissionError):
            os.fchown(descriptor, owner, replaced.st_gid)
            break
    else:
        mode &= ~0o070  # they were meant for the other group
    os.fchmod(descriptor, mode)


def _write_to_disk(folder: Path) -> None:
    """Writes the names of the files in a folder to disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


# An unfinished file is locked by its writer until it has its final name. The system releases the lock of a process that
# ends, so an unlocked one is abandoned. Without locks, age decides, and Windows removes no file that is open.


def _prefix(target: Path) -> str:
    """How the names of a file's unfinished versions begin."""
    name = os.fsencode(target.name)
    return f".{target.name if len(name) <= _LONGEST_NAME else sha256(name).hexdigest()}.unfinished-"


def _locked(file: BinaryIO, path: Path) -> bool:
    """Locks a new unfinished file, and returns whether it still exists."""
    if fcntl is not None:
        with suppress(OSError):  # some file systems have no locks; then no one removes the file either
            fcntl.flock(file, fcntl.LOCK_EX)
    return path.exists()


def _remove_abandoned(target: Path) -> None:
    """Removes the unfinished files that killed processes left of this file."""
    is_unfinished = re.compile(re.escape(_prefix(target)) + "[0-9a-f]{16}").fullmatch
    with suppress(OSError), os.scandir(target.parent) as entries:
        for entry in entries:
            if is_unfinished(entry.name):
                with suppress(OSError):  # it is being written, or may not be removed
                    _remove_if_abandoned(entry.path)


def _remove_if_abandoned(path: str) -> None:
    if fcntl is None:
        if time.time() - os.lstat(path).st_mtime > _ABANDONED_AFTER:
            os.unlink(path)
        return
    descriptor = os.open(path, os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        _check_regular(os.fstat(descriptor))
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.unlink(path)
    finally:
        os.close(descriptor)
