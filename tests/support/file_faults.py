"""Faults that stop a file from being written, and what the writer leaves behind.

A writer is a function that writes a file at a path; `writers` lists those of the library. `outcome` runs one under one
of `FAULTS`; `kills` and `interrupted` stop it at the lines of `autograd.files`, through which all files are written.
"""

import os
import signal
import stat
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

import autograd.files
from support.figures import note_cases

try:
    import resource
except ImportError:  # on Windows
    resource = None

__all__ = [
    "FAULTS",
    "Kill",
    "Outcome",
    "as_user",
    "contents",
    "folder_for_users",
    "interrupted",
    "kills",
    "outcome",
    "writers",
]

Writer = Callable[[Path], object]

OLD = b"the old file"
_NOBODY = 65534


def writers() -> dict[str, tuple[str, Writer]]:
    """Each kind of file that the library writes: the end of its name, and its writer."""
    import viz
    from autograd import Value
    from nn import MLP
    from viz.pictures.palette import LIGHT
    from viz.plots.axes import new_figure

    graph = Value(1.5, "x") * 2.0
    return {
        "model": (".npz", MLP(2, [2, 1]).save),
        "picture as SVG": (".svg", viz.draw(graph).save),
        "picture as PNG": (".png", viz.draw(graph).save),
        "picture as DOT": (".dot", viz.draw(graph).save),
        "page": (".html", viz.explore(graph).save),
        "plot": (".png", new_figure(1.0, 1.0, LIGHT).savefig),
    }


class Outcome(NamedTuple):
    """What happened when a file could not be written.

    Attributes:
        path: where it was to write.
        error: what it raised, or None.
        changed: the names of the files that differ from before.
    """

    path: Path
    error: Exception | None
    changed: list[str]

    @property
    def held(self) -> bool:
        """Whether the writer raised an error of one line, and left every file as it was."""
        return self.error is not None and "\n" not in str(self.error) and not self.changed


def outcome(fault: str, write: Writer, suffix: str = "") -> Outcome:
    """Runs a writer once without the fault, so that nothing is left to load, and once with it.

    Arguments:
        fault: a name in `FAULTS`.
        write: the writer.
        suffix: the end of the file's name, such as ".svg".
    """
    with folder_for_users() as folder:
        write(folder / f"before{suffix}")
        with FAULTS[fault](folder, suffix) as path:
            before = contents(folder)
            try:
                write(path)
                error = None
            except Exception as raised:
                error = raised
            after = contents(folder)
    note_cases(1)
    names = before.keys() | after.keys()
    return Outcome(path, error, sorted(name for name in names if before.get(name) != after.get(name)))


def contents(folder: Path) -> dict[str, object]:
    """Everything in a folder: a file's permissions and bytes, a link's target, and of all else its kind."""
    return {str(path.relative_to(folder)): _content(path) for path in folder.rglob("*")}


def _content(path: Path) -> object:
    status = path.lstat()
    if stat.S_ISLNK(status.st_mode):
        return os.readlink(path)
    return status.st_mode, path.read_bytes() if stat.S_ISREG(status.st_mode) else None


@contextmanager
def folder_for_users() -> Iterator[Path]:
    """A temporary folder for `as_user`, which every user can reach even if TMPDIR is in a private folder of root."""
    shared = (name for name in (tempfile.gettempdir(), "/tmp", "/var/tmp") if not _is_root() or _is_open(Path(name)))
    with tempfile.TemporaryDirectory(dir=next(shared, None)) as name:
        yield Path(name)


def _is_open(folder: Path) -> bool:
    path = folder.resolve()
    return path.is_dir() and all(place.stat().st_mode & stat.S_IXOTH for place in (path, *path.parents))


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


@contextmanager
def as_user(*groups: int) -> Iterator[None]:
    """Gives up the permissions of an administrator for a while, and has those of groups instead."""
    if not _is_root():
        yield
        return
    before = os.getgroups()
    os.setgroups(groups)
    os.seteuid(_NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)
        os.setgroups(before)


@contextmanager
def _small_files(most: int) -> Iterator[None]:
    """Lets files grow to `most` bytes only: to write more fails, as on a full disk. Python ignores the signal."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


def _old_file(folder: Path, suffix: str) -> Path:
    path = folder / f"file{suffix}"
    path.write_bytes(OLD)
    return path


@contextmanager
def _full_disk(folder: Path, suffix: str) -> Iterator[Path]:
    path = _old_file(folder, suffix)
    with _small_files(50):
        yield path


@contextmanager
def _full_disk_without_an_old_file(folder: Path, suffix: str) -> Iterator[Path]:
    with _small_files(50):
        yield folder / f"file{suffix}"


@contextmanager
def _read_only_folder(folder: Path, suffix: str) -> Iterator[Path]:
    path = _old_file(folder, suffix)
    path.chmod(0o666)
    folder.chmod(0o555)
    try:
        with as_user():
            yield path
    finally:
        folder.chmod(0o700)


@contextmanager
def _read_only_file(folder: Path, suffix: str) -> Iterator[Path]:
    path = _old_file(folder, suffix)
    path.chmod(0o444)
    folder.chmod(0o777)
    try:
        with as_user():
            yield path
    finally:
        path.chmod(0o644)
        folder.chmod(0o700)


def _place(prepare: Callable[[Path, str], Path]) -> Any:
    """A fault that lies in the path alone: `prepare` makes what is there and returns the path."""

    @contextmanager
    def fault(folder: Path, suffix: str) -> Iterator[Path]:
        yield prepare(folder, suffix)

    return fault


def _folder(folder: Path, suffix: str) -> Path:
    path = folder / f"folder{suffix}"
    path.mkdir()
    (path / "inside").write_bytes(OLD)
    return path


def _link(target: str) -> Callable[[Path, str], Path]:
    def prepare(folder: Path, suffix: str) -> Path:
        path = folder / f"link{suffix}"
        path.symlink_to(target.format(suffix=suffix))
        return path

    return prepare


def _pipe(folder: Path, suffix: str) -> Path:
    path = folder / f"pipe{suffix}"
    os.mkfifo(path)
    return path


FAULTS: dict[str, Any] = {
    "a name that is too long": _place(lambda folder, suffix: folder / f"{'n' * 300}{suffix}"),
    "a name with a null character": _place(lambda folder, suffix: folder / f"a\0b{suffix}"),
    "a folder that is missing": _place(lambda folder, suffix: folder / "missing" / f"file{suffix}"),
    "a file in the place of a folder": _place(lambda folder, suffix: _old_file(folder, "") / f"file{suffix}"),
    "a folder of that name": _place(_folder),
}
if os.name == "posix":
    FAULTS |= {
        "a folder without permission": _read_only_folder,
        "a file without permission": _read_only_file,
        "a full disk": _full_disk,
        "a full disk, no old file": _full_disk_without_an_old_file,
        "a pipe of that name": _place(_pipe),
        "a link in a circle": _place(_link("link{suffix}")),
        "a link to a folder that is missing": _place(_link("missing/file{suffix}")),
        "a link to a device": _place(_link("/dev/null")),
    }


@contextmanager
def _at_line(number: int, act: Callable[[], object]) -> Iterator[None]:
    """Calls a function before the line with this number, from 1, that `autograd.files` runs."""
    left = number

    def trace(frame: Any, event: str, _: object) -> Any:
        nonlocal left
        if frame.f_code.co_filename != autograd.files.__file__:
            return None
        if event == "line":
            left -= 1
            if left == 0:
                act()
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        yield
    finally:
        sys.settrace(before)


def interrupted(write: Writer, path: Path, line: int) -> bool:
    """Raises KeyboardInterrupt at a line of `autograd.files`, from 1. Returns False if there are fewer."""

    def interrupt() -> None:
        raise KeyboardInterrupt

    try:
        with _at_line(line, interrupt):
            write(path)
    except KeyboardInterrupt:
        note_cases(1)
        return True
    return False


class Kill(NamedTuple):
    """What a killed process left.

    Attributes:
        content: "old", "new" or "damaged", as the file was found.
        left: the number of other files.
        tidied: whether the next write replaced the file and removed the others.
    """

    content: str
    left: int
    tidied: bool


def kills(write: Writer, folder: Path, suffix: str = "") -> Iterator[Kill]:
    """Writes a file in a copy of this process, kills it at a line of `autograd.files`, and writes again; for each line.

    The process is forked, so it should have no other threads.

    Arguments:
        write: a writer that always writes the same bytes.
        folder: an empty folder.
        suffix: the end of the file's name, such as ".svg".
    """
    reference, path = folder / f"reference{suffix}", folder / f"file{suffix}"
    write(reference)
    new = reference.read_bytes()
    for line in count(1):
        path.write_bytes(OLD)
        if not _killed(write, path, line):
            return
        content = {OLD: "old", new: "new"}.get(path.read_bytes(), "damaged")
        left = len(os.listdir(folder)) - 2
        write(path)
        yield Kill(content, left, path.read_bytes() == new and len(os.listdir(folder)) == 2)


def _killed(write: Writer, path: Path, line: int) -> bool:
    """Kills a copy of this process at a line of `autograd.files`. Returns False if there are fewer."""
    child = os.fork()
    if child == 0:
        try:
            with _at_line(line, lambda: os.kill(os.getpid(), signal.SIGKILL)):
                write(path)
        finally:
            os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])
