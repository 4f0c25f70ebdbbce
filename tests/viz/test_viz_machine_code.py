"""Laws of the machine code that is kept from one process to the next."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest
import wasmtime

from viz.pictures.machine_code import compiled_module

POSIX = pytest.mark.skipif(not hasattr(os, "geteuid"), reason="about permissions of POSIX")


def wasm(number):
    return bytes(wasmtime.wat2wasm(f'(module (func (export "number") (result i32) i32.const {number}))'))


def number_of(module, engine):
    store = wasmtime.Store(engine)
    return wasmtime.Instance(store, module, []).exports(store)["number"](store)


def compiled_number(number, folder):
    """The number that a module returns which was written to return `number`."""
    engine = wasmtime.Engine()
    return number_of(compiled_module(engine, wasm(number), folder), engine)


def only_file(folder):
    (path,) = folder.iterdir()
    return path


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "caches" / "ours"


def test_machine_code_that_is_kept_is_not_compiled_again(folder):
    assert compiled_number(7, folder) == 7
    path = only_file(folder)
    other = bytes(wasmtime.Module(wasmtime.Engine(), wasm(8)).serialize())
    path.write_bytes(hashlib.sha256(other).digest() + other)
    assert compiled_number(7, folder) == 8


def test_each_module_has_its_own_machine_code(folder):
    assert [compiled_number(number, folder) for number in (7, 8, 7, 8)] == [7, 8, 7, 8]
    assert len(list(folder.iterdir())) == 2


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: b"",
        lambda content: content[:31],
        lambda content: content[:32],
        lambda content: content[:-1],
        lambda content: content[: len(content) // 2],
        lambda content: content + b"\0",
        lambda content: bytes(len(content)),
        lambda content: content[:3000] + bytes([content[3000] ^ 1]) + content[3001:],
        lambda content: hashlib.sha256(b"no machine code").digest() + b"no machine code",
    ],
)
def test_damaged_machine_code_is_compiled_again_and_replaced(folder, damage):
    compiled_number(7, folder)
    path = only_file(folder)
    content = path.read_bytes()
    path.write_bytes(damage(content))
    assert compiled_number(7, folder) == 7
    assert only_file(folder).read_bytes() == content


@POSIX
def test_only_the_user_may_read_and_write_machine_code(folder):
    old = os.umask(0)
    try:
        compiled_number(7, folder)
    finally:
        os.umask(old)
    assert folder.stat().st_mode & 0o777 == 0o700
    assert only_file(folder).stat().st_mode & 0o777 == 0o600


@POSIX
@pytest.mark.parametrize("mode", [0o722, 0o720, 0o702, 0o777, 0o1777])
def test_a_folder_that_others_may_write_is_not_used(folder, mode):
    compiled_number(8, folder)
    foreign = only_file(folder).read_bytes()
    only_file(folder).unlink()
    compiled_number(7, folder)
    path = only_file(folder)
    path.write_bytes(foreign)
    assert compiled_number(7, folder) == 8
    folder.chmod(mode)
    assert compiled_number(7, folder) == 7
    assert path.read_bytes() == foreign


@POSIX
@pytest.mark.parametrize("mode", [0o622, 0o620, 0o602])
def test_a_file_that_others_may_write_is_replaced(folder, mode):
    compiled_number(8, folder)
    foreign = only_file(folder).read_bytes()
    only_file(folder).unlink()
    compiled_number(7, folder)
    path = only_file(folder)
    path.write_bytes(foreign)
    path.chmod(mode)
    assert compiled_number(7, folder) == 7
    assert path.read_bytes() != foreign
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can give files away")
@pytest.mark.parametrize("which", ["folder", "file"])
def test_what_belongs_to_another_user_is_not_used(folder, which):
    compiled_number(8, folder)
    foreign = only_file(folder).read_bytes()
    only_file(folder).unlink()
    compiled_number(7, folder)
    path = only_file(folder)
    path.write_bytes(foreign)
    os.chown(folder if which == "folder" else path, 12345, -1)
    assert compiled_number(7, folder) == 7


@POSIX
def test_a_link_to_a_folder_is_not_used(folder, tmp_path):
    compiled_number(7, folder)
    link = tmp_path / "link"
    link.symlink_to(folder)
    only_file(folder).unlink()
    assert compiled_number(7, link) == 7
    assert not list(folder.iterdir())


def test_without_a_folder_nothing_is_kept(tmp_path, monkeypatch):
    file = tmp_path / "file"
    file.write_text("no folder")
    monkeypatch.chdir(tmp_path)
    for folder in (file, file / "inner", Path("relative"), tmp_path / "no\0name"):
        assert compiled_number(7, folder) == 7
    assert list(tmp_path.iterdir()) == [file]
    assert file.read_text() == "no folder"


def test_machine_code_of_old_versions_is_removed(folder):
    for number in range(6):
        compiled_number(number, folder)
        newest = max(folder.iterdir(), key=lambda path: path.stat().st_mtime_ns)
        os.utime(newest, (number, number))
    (folder / "notes.txt").write_text("not ours")
    assert compiled_number(6, folder) == 6
    assert len(list(folder.glob("*.wasmtime"))) == 4
    assert compiled_number(6, folder) == 6
    assert (folder / "notes.txt").exists()


def test_processes_that_start_at_once_share_a_folder(folder):
    code = "import sys, pathlib, test_viz_machine_code as t; print(t.compiled_number(7, pathlib.Path(sys.argv[1])))"
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(Path(__file__).parent), *sys.path])}
    processes = [
        subprocess.Popen([sys.executable, "-c", code, folder], stdout=subprocess.PIPE, text=True, env=environment)
        for _ in range(3)
    ]
    assert [process.communicate()[0] for process in processes] == ["7\n"] * 3
    assert compiled_number(7, folder) == 7
    only_file(folder)


@POSIX
def test_a_picture_needs_no_home(tmp_path):
    code = "import viz, autograd; print(viz.draw(autograd.Value(1.0)).render()[:5])"
    environment = os.environ | {"HOME": "/dev/null", "XDG_CACHE_HOME": "/dev/null/caches"}
    environment |= {"PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=False)
    assert (done.stdout, done.stderr) == ("b'<?xml'\n", "")
