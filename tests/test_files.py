"""Files are written completely or not at all, whatever fails, and by whichever part of the library."""

import ast
import errno
import os
import shutil
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from support.figures import note_cases
from support.file_faults import FAULTS, Kill, as_user, contents, folder_for_users, interrupted, outcome, writers
from support.file_names import possible

from autograd.files import open_regular, write_whole

posix = pytest.mark.skipif(os.name != "posix", reason="permissions, locks and kinds of files are those of POSIX")
as_root = pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root may change owners")

WRITERS = writers()


@pytest.mark.parametrize("writer", WRITERS)
@pytest.mark.parametrize("fault", FAULTS)
def test_a_file_that_cannot_be_written_is_one_line_and_changes_nothing(fault, writer):
    suffix, write = WRITERS[writer]
    seen = outcome(fault, write, suffix)
    assert seen.held, seen
    assert repr(str(seen.path)) in str(seen.error) or "null" in str(seen.error)


@pytest.mark.skipif(shutil.which("unshare") is None, reason="file systems are mounted by Linux's unshare")
def test_a_full_file_system_is_one_line_and_changes_nothing(tmp_path):
    program = """
import os, sys
from pathlib import Path
from autograd.files import write_whole
path = Path(sys.argv[1], "file")
write_whole(b"old", path)
try:
    write_whole(bytes(2_000_000), path)
except OSError as error:
    print(error.strerror, path.read_bytes(), os.listdir(path.parent))
"""
    alone = ["unshare", "--mount"] if os.geteuid() == 0 else ["unshare", "--mount", "--user", "--map-root-user"]
    mount = [*alone, "sh", "-c", 'mount -t tmpfs -o size=1m none "$0" || exit 77; "$@"', str(tmp_path)]
    done = subprocess.run([*mount, sys.executable, "-c", program, str(tmp_path)], capture_output=True, text=True)
    if done.returncode == 77 or "unshare" in done.stderr:
        pytest.skip("file systems may not be mounted here")
    assert done.stdout == "No space left on device b'old' ['file']\n", done.stderr


class TestReplacing:
    def test_a_file_is_replaced_and_no_other_is_left(self, tmp_path):
        for content in (b"first", b"", b"second" * 100_000):
            write_whole(content, tmp_path / "file")
            assert (tmp_path / "file").read_bytes() == content
            assert os.listdir(tmp_path) == ["file"]

    @posix
    def test_every_name_that_the_system_allows_is_written(self, tmp_path):
        names = set(filter(possible, ("n" * 255, "ü" * 127, ".hidden", " a b ", "a.b.c")))
        for name in names:
            write_whole(b"new", tmp_path / name)
            assert (tmp_path / name).read_bytes() == b"new"
        assert {*os.listdir(tmp_path)} == names

    def test_a_relative_path_is_written_in_the_current_folder(self, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        write_whole(b"new", Path("file"))
        assert os.listdir(tmp_path) == ["file"]

    @posix
    @pytest.mark.parametrize("mode", [0o600, 0o640, 0o644, 0o664, 0o755, 0o200])
    def test_a_file_keeps_its_permissions(self, tmp_path, mode):
        path = tmp_path / "file"
        path.write_bytes(b"old")
        path.chmod(mode)
        write_whole(b"new", path)
        assert path.stat().st_mode & 0o7777 == mode

    @posix
    @pytest.mark.parametrize("umask", [0o022, 0o077, 0o002])
    def test_a_new_file_has_the_permissions_of_any_other(self, tmp_path, umask):
        before = os.umask(umask)
        try:
            write_whole(b"new", tmp_path / "file")
            (tmp_path / "other").touch()
        finally:
            os.umask(before)
        assert (tmp_path / "file").stat().st_mode == (tmp_path / "other").stat().st_mode

    @as_root
    def test_a_file_keeps_its_owner_and_group(self, tmp_path):
        path = tmp_path / "file"
        path.write_bytes(b"old")
        os.chown(path, 1234, 4321)
        write_whole(b"new", path)
        assert (path.stat().st_uid, path.stat().st_gid) == (1234, 4321)

    @as_root
    @pytest.mark.parametrize(("groups", "group", "mode"), [((4321,), 4321, 0o660), ((), 0, 0o600)])
    def test_a_user_keeps_the_group_or_else_passes_no_permission_to_another(self, groups, group, mode):
        with folder_for_users() as folder:
            path = folder / "file"
            path.write_bytes(b"old")
            os.chown(path, 1234, 4321)
            path.chmod(0o666)
            os.chmod(folder, 0o777)
            with as_user(*groups):
                write_whole(b"new", path)
            assert path.read_bytes() == b"new"
            assert path.stat().st_gid == group
            assert path.stat().st_mode & 0o770 == mode

    @posix
    def test_a_private_file_is_private_while_it_is_written(self, tmp_path, monkeypatch):
        path, modes, fchmod = tmp_path / "file", [], os.fchmod
        path.write_bytes(b"old")
        path.chmod(0o600)

        def noted_fchmod(descriptor, mode):
            modes.append(os.fstat(descriptor).st_mode & 0o777)
            fchmod(descriptor, mode)

        monkeypatch.setattr(os, "fchmod", noted_fchmod)
        write_whole(b"new", path)
        assert modes == [0o600]

    @posix
    @pytest.mark.parametrize("link", ["file", "./file", "{folder}/file", "missing", "link2"])
    def test_a_symbolic_link_stays_one_and_the_file_behind_it_is_written(self, tmp_path, link):
        (tmp_path / "real").mkdir()
        (tmp_path / "real" / "file").write_bytes(b"old")
        (tmp_path / "real" / "link2").symlink_to("file")
        (tmp_path / "link").symlink_to(Path("real", link.format(folder=tmp_path / "real")))
        target = os.readlink(tmp_path / "link")
        write_whole(b"new", tmp_path / "link")
        assert os.readlink(tmp_path / "link") == target
        assert (tmp_path / "link").read_bytes() == b"new"
        assert os.listdir(tmp_path / "real").count("file") == 1
        assert len(os.listdir(tmp_path / "real")) == 2 + (link == "missing")

    @posix
    def test_another_hard_link_keeps_the_old_content(self, tmp_path):
        (tmp_path / "file").write_bytes(b"old")
        os.link(tmp_path / "file", tmp_path / "other")
        write_whole(b"new", tmp_path / "file")
        assert (tmp_path / "other").read_bytes() == b"old"

    def test_the_content_is_on_disk_before_the_file_has_its_name(self, tmp_path, monkeypatch):
        calls = []
        fsync, replace = os.fsync, os.replace

        def noted_fsync(descriptor):
            calls.append("folder" if os.path.isdir(f"/proc/self/fd/{descriptor}") else "file")
            fsync(descriptor)

        def noted_replace(*paths):
            calls.append("rename")
            replace(*paths)

        monkeypatch.setattr(os, "fsync", noted_fsync)
        monkeypatch.setattr(os, "replace", noted_replace)
        write_whole(b"new", tmp_path / "file")
        assert calls[:2] == ["file", "rename"]
        assert calls[2:] == ["folder"] or not os.path.isdir("/proc/self/fd")


class TestAbandoned:
    """What a process that was killed leaves behind."""

    @posix
    def test_after_a_kill_at_any_line_the_old_or_the_new_file_is_there_and_the_next_write_tidies_up(self, tmp_path):
        program = f"""
import sys
sys.path.insert(0, {str(Path(__file__).parent)!r})
from pathlib import Path
from autograd.files import write_whole
from support.file_faults import kills
print([tuple(kill) for kill in kills(lambda path: write_whole(b"new" * 100_000, path), Path(sys.argv[1]))])
"""
        done = subprocess.run([sys.executable, "-c", program, tmp_path], capture_output=True, text=True)
        seen = [Kill(*kill) for kill in ast.literal_eval(done.stdout)]
        note_cases(len(seen))
        assert len(seen) > 20
        assert {kill.content for kill in seen} == {"old", "new"}
        assert {kill.left for kill in seen} == {0, 1}
        assert all(kill.tidied for kill in seen)

    @pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")  # an interrupt just before it is closed
    def test_after_an_interrupt_at_any_line_the_old_or_the_new_file_is_there(self, tmp_path):
        path, ends, line = tmp_path / "file", set(), 1
        write_whole(b"old", path)
        while interrupted(lambda path: write_whole(b"new", path), path, line):
            ends.add(path.read_bytes())
            assert os.listdir(tmp_path) == ["file"]
            write_whole(b"old", path)
            line += 1
        assert ends == {b"old", b"new"}
        assert line > 20

    def test_only_what_an_ended_process_left_of_this_file_is_removed(self, tmp_path):
        token = "0123456789abcdef"
        others = [
            f".other.unfinished-{token}",
            f".file.unfinished-{token}0",
            f".file.unfinished-{token[:-1]}",
            f".file2.unfinished-{token}",
            f"file.unfinished-{token}",
            ".file.unfinished-" + "z" * 16,
            ".file.tmp",
            "file~",
        ]
        for name in (f".file.unfinished-{token}", *others):
            (tmp_path / name).write_bytes(b"kept")
            os.utime(tmp_path / name, (0, 0))
        write_whole(b"new", tmp_path / "file")
        assert not (tmp_path / f".file.unfinished-{token}").exists()
        assert all((tmp_path / name).read_bytes() == b"kept" for name in others)

    @posix
    def test_a_link_or_a_pipe_is_never_taken_for_an_unfinished_file(self, tmp_path):
        (tmp_path / "mine").write_bytes(b"mine")
        (tmp_path / ".file.unfinished-0123456789abcdef").symlink_to("mine")
        os.mkfifo(tmp_path / ".file.unfinished-0123456789abcdee")
        before = contents(tmp_path)
        write_whole(b"new", tmp_path / "file")
        assert before.items() <= contents(tmp_path).items()

    @posix
    def test_the_unfinished_file_of_a_living_process_is_left_alone(self, tmp_path):
        """A process stops for a while in the middle of its write; another writes the same file meanwhile."""
        program = """
import os, sys
from pathlib import Path
import autograd.files
fsync = os.fsync
def wait(descriptor):
    print("writing", flush=True)
    sys.stdin.readline()
    fsync(descriptor)
os.fsync = wait
autograd.files.write_whole(b"theirs", Path(sys.argv[1]))
"""
        path = tmp_path / "file"
        with subprocess.Popen(
            [sys.executable, "-c", program, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as other:
            assert other.stdout.readline() == "writing\n"
            unfinished = os.listdir(tmp_path)
            write_whole(b"mine", path)
            assert path.read_bytes() == b"mine"
            assert sorted(os.listdir(tmp_path)) == sorted([*unfinished, "file"])
            other.communicate("\n\n\n")
        assert other.returncode == 0
        assert path.read_bytes() == b"theirs"
        assert os.listdir(tmp_path) == ["file"]

    @posix
    def test_processes_that_write_one_file_do_not_disturb_each_other(self, tmp_path):
        program = """
import sys
from pathlib import Path
from autograd.files import write_whole
path, letter = Path(sys.argv[1]), sys.argv[2].encode()
for _ in range(60):
    write_whole(letter * 10_000, path)
    content = path.read_bytes()
    assert len(content) == 10_000 and content == content[:1] * 10_000
"""
        path = str(tmp_path / "file")
        others = [subprocess.Popen([sys.executable, "-c", program, path, letter]) for letter in "abc"]
        assert [other.wait() for other in others] == [0, 0, 0]
        assert os.listdir(tmp_path) == ["file"]


class TestOpening:
    def test_a_regular_file_is_read_also_through_a_link(self, tmp_path):
        (tmp_path / "file").write_bytes(b"content")
        with open_regular(tmp_path / "file") as file:
            assert file.read() == b"content"
        with suppress(OSError, NotImplementedError):  # Windows asks for a privilege
            (tmp_path / "link").symlink_to("file")
            with open_regular(tmp_path / "link") as file:
                assert file.read() == b"content"

    @posix
    def test_all_else_is_refused_at_once(self, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        os.mkfifo("pipe")
        os.symlink("pipe", "link")
        with socket.socket(socket.AF_UNIX) as listening:
            listening.bind("socket")
            for path in ("pipe", "link", "socket", "/dev/null", "/dev/zero", "/dev/tty"):
                with pytest.raises(OSError, match="Not a regular file") as caught:
                    open_regular(Path(path))
                assert caught.value.errno == errno.EINVAL
        with pytest.raises(IsADirectoryError):
            open_regular(tmp_path)
        with pytest.raises(FileNotFoundError):
            open_regular(Path("missing"))

    @posix
    def test_a_pipe_that_takes_the_name_of_a_file_just_then_is_refused_at_once(self, tmp_path, monkeypatch):
        (tmp_path / "file").touch()
        os.mkfifo(tmp_path / "pipe")
        status = os.stat(tmp_path / "file")
        with monkeypatch.context() as patched:
            patched.setattr(os, "stat", lambda path: status)
            with pytest.raises(OSError, match="Not a regular file"):
                open_regular(tmp_path / "pipe")
