"""Saved parameters are loaded bit for bit; files that cannot be loaded or written change nothing."""

import io
import math
import os
import pickle
import random
import socket
import struct
import tracemalloc
import zipfile
from contextlib import contextmanager

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from support.file_names import needs_any_letters

from autograd import Value
from nn import MLP, Module, ParameterError, StorageError

EDGES = [math.nan, math.inf, -math.inf, 0.0, -0.0, 5e-324, -2.2e-308, 1.7976931348623157e308, 0.1]

FINITE = [number if math.isfinite(number) else 1.0 for number in EDGES]


def bits(model):
    return [struct.pack("<d", parameter.data) for parameter in model.parameters()]


def filled(numbers):
    model = MLP(2, [2, 1])
    for parameter, number in zip(model.parameters(), numbers, strict=True):
        parameter.data = number
    return model


@pytest.fixture
def path(tmp_path):
    return tmp_path / "model.npz"


def assert_refused(path, kind, message=None):
    """Asserts that loading raises an error of this class and leaves the model as it was."""
    model = MLP(2, [2, 1], seed=5)
    before = bits(model)
    with pytest.raises(kind, match=message):
        model.load(path)
    assert bits(model) == before


def test_save_and_load_restore_every_bit_also_of_nan_and_inf(path):
    filled(EDGES).save(path)
    model = MLP(2, [2, 1], seed=9)
    model.load(path, allow_nonfinite=True)
    assert bits(model) == bits(filled(EDGES))
    assert {type(parameter.data) for parameter in model.parameters()} == {float}


@settings(max_examples=50, deadline=None)
@given(numbers=st.lists(st.floats(width=64), min_size=9, max_size=9))
def test_any_floats_are_loaded_bit_for_bit(tmp_path_factory, numbers):
    path = tmp_path_factory.getbasetemp() / "any.npz"
    filled(numbers).save(path)
    model = MLP(2, [2, 1])
    model.load(path, allow_nonfinite=True)
    assert bits(model) == bits(filled(numbers))


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("place", [0, 4, 8])
def test_numbers_that_are_not_finite_are_loaded_only_on_request(path, number, place):
    numbers = [1.0] * 9
    numbers[place] = number
    filled(numbers).save(path)
    assert_refused(path, StorageError, f"finite numbers, but {NAMES[place]} is {number}.*allow_nonfinite=True")
    model = MLP(2, [2, 1])
    model.load(path, allow_nonfinite=True)
    assert bits(model) == bits(filled(numbers))


@pytest.mark.parametrize(
    "name", ["model", "model.npz", "a b.weights", pytest.param("modèle·σ", marks=needs_any_letters)]
)
def test_a_path_may_be_a_string_with_any_suffix(tmp_path, name):
    filled(FINITE).save(str(tmp_path / name))
    model = MLP(2, [2, 1])
    model.load(str(tmp_path / name))
    assert bits(model) == bits(filled(FINITE))
    assert os.listdir(tmp_path) == [name]


def test_a_file_holds_data_and_no_code(path):
    MLP(2, [2, 1]).save(path)
    with np.load(path, allow_pickle=False) as archive:
        assert {archive[name].dtype.kind for name in archive.files} == {"i", "U", "f"}


def test_a_model_without_parameters_is_saved_and_loaded(path):
    Module().save(path)
    model = Module()
    model.load(path)
    assert model.state_dict() == {}
    with pytest.raises(ParameterError, match="this one, with 0 names, lacks"):
        filled(EDGES).load(path)


def test_saving_again_replaces_the_file_and_leaves_no_other(path):
    filled(EDGES).save(path)
    filled([2.0] * 9).save(path)
    model = MLP(2, [2, 1])
    model.load(path)
    assert bits(model) == bits(filled([2.0] * 9))
    assert os.listdir(path.parent) == [path.name]


@pytest.mark.skipif(os.name != "posix", reason="permissions are those of POSIX")
def test_a_saved_file_has_the_permissions_of_any_other(path):
    MLP(1, [1]).save(path)
    other = path.with_name("other")
    other.touch()
    assert path.stat().st_mode == other.stat().st_mode


class Unwritable:
    """A number that fails when it is written."""

    def __float__(self):
        raise KeyboardInterrupt


@pytest.mark.parametrize("failure", [Unwritable(), "no number"])
def test_a_write_that_fails_leaves_the_old_file_and_no_other(path, failure):
    filled(EDGES).save(path)
    before = path.read_bytes()
    model = MLP(2, [2, 1])
    model.parameters()[4].data = failure
    with pytest.raises((KeyboardInterrupt, TypeError)):
        model.save(path)
    assert path.read_bytes() == before
    assert os.listdir(path.parent) == [path.name]


def test_a_missing_file_is_named(tmp_path):
    assert_refused(tmp_path / "nothing.npz", StorageError, r"cannot read '.*nothing.npz': No such file")
    assert_refused(tmp_path, StorageError, r"cannot read")
    assert_refused(tmp_path / "a\0b", StorageError, r"cannot read")
    with pytest.raises(OSError, match="cannot read"):  # a StorageError is an OSError
        MLP(2, [1]).load(tmp_path / "nothing.npz")


def test_a_file_cut_off_anywhere_is_refused(path):
    filled(FINITE).save(path)
    whole = path.read_bytes()
    for length in range(0, len(whole), 7):
        path.write_bytes(whole[:length])
        assert_refused(path, StorageError, "is not a saved model, or is damaged")


def test_a_file_with_any_bit_flipped_is_refused_or_holds_the_same_numbers(path):
    model = filled(FINITE)
    model.save(path)
    whole, rng = path.read_bytes(), random.Random(0)
    other = MLP(2, [2, 1], seed=5)
    before = bits(other)
    for _ in range(600):
        damaged = bytearray(whole)
        damaged[rng.randrange(len(whole))] ^= 1 << rng.randrange(8)
        path.write_bytes(damaged)
        try:
            other.load(path)
        except StorageError:
            assert bits(other) == before
        else:
            assert bits(other) == bits(model)
            other.load_state_dict(MLP(2, [2, 1], seed=5).state_dict())


def test_parameters_of_another_shape_are_refused_naming_them(path):
    MLP(2, [3, 1]).save(path)
    assert_refused(
        path, ParameterError, r"its 9 parameters; this one, with 13 names, has the unknown layer1.neuron3.b, "
    )
    MLP(2, [1]).save(path)
    assert_refused(path, ParameterError, r"this one, with 3 names, lacks layer1.neuron2.b, ")


NAMES = [name for name, _ in MLP(2, [2, 1]).named_parameters()]
ZEROS = np.zeros(9)


class Trap:
    def __reduce__(self):
        return (pytest.fail, ("the file was run",))


WRONG = {  # name: what is in the file, what the message says
    "a later version": ({"version": 2, "names": NAMES, "numbers": ZEROS}, "version 2 of the format; .* reads 1"),
    "a later version of other contents": ({"version": 7, "weights": ZEROS}, "version 7 of the format; .* reads 1"),
    "no version": ({"names": NAMES, "numbers": ZEROS}, "not a saved model.*version"),
    "two versions": ({"version": [1, 1], "names": NAMES, "numbers": ZEROS}, "not a saved model"),
    "a version with a fraction": ({"version": 1.9, "names": NAMES, "numbers": ZEROS}, "one integer, not float64"),
    "a whole version that is a float": ({"version": 1.0, "names": NAMES, "numbers": ZEROS}, "one integer, not float64"),
    "a version as text": ({"version": "1", "names": NAMES, "numbers": ZEROS}, "one integer, not <U1"),
    "a version that is true": ({"version": True, "names": NAMES, "numbers": ZEROS}, "one integer, not bool"),
    "a name that occurs twice": (
        {"version": 1, "names": [*NAMES, NAMES[3]], "numbers": np.zeros(10)},
        f"no name may occur twice, as '{NAMES[3]}' does",
    ),
    "another member": ({"version": 1, "names": NAMES, "numbers": ZEROS, "more": 1}, "each once, not more.npy, names"),
    "short floats": ({"version": 1, "names": NAMES, "numbers": ZEROS.astype("f4")}, "damaged: .*float32"),
    "a version in words": ({"version": "one", "names": NAMES, "numbers": ZEROS}, "not a saved model"),
    "no names": ({"version": 1, "numbers": ZEROS}, "not a saved model.*names"),
    "no numbers": ({"version": 1, "names": NAMES}, "not a saved model.*numbers"),
    "too few numbers": ({"version": 1, "names": NAMES, "numbers": ZEROS[1:]}, r"damaged: .*\(9,\).*\(8,\)"),
    "one number": ({"version": 1, "names": NAMES, "numbers": 1.0}, r"damaged: .*\(\)"),
    "one of each": ({"version": 1, "names": "a", "numbers": 1.0}, "damaged"),
    "a table": ({"version": 1, "names": [NAMES], "numbers": [ZEROS]}, "damaged"),
    "numbers in words": ({"version": 1, "names": NAMES, "numbers": ["0"] * 9}, "damaged: .*U1"),
    "complex numbers": ({"version": 1, "names": NAMES, "numbers": ZEROS + 1j}, "damaged: .*complex128"),
    "numbers for names": ({"version": 1, "names": ZEROS, "numbers": ZEROS}, "damaged: .*float64"),
    "pickled numbers": ({"version": 1, "names": NAMES, "numbers": np.array([Trap()] * 9)}, "not a saved model"),
    "pickled names": ({"version": 1, "names": np.array([Trap()] * 9), "numbers": ZEROS}, "not a saved model"),
    "a pickled version": ({"version": np.array([Trap()]), "names": NAMES, "numbers": ZEROS}, "not a saved model"),
}


@pytest.mark.parametrize("name", WRONG)
def test_an_archive_of_other_things_is_refused(path, name):
    contents, message = WRONG[name]
    np.savez(path, **contents)
    assert_refused(path, StorageError, message)


def test_other_kinds_of_file_are_refused(path):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("version", "1")
    assert_refused(path, StorageError, "is not a saved model, or is damaged")
    for content in (b"", b"\0" * 100, b"weights: 1.0", b"PK\x03\x04", b"\x93NUMPY", pickle.dumps(Trap()), b"\x80\x04."):
        path.write_bytes(content)
        assert_refused(path, StorageError, "is not a saved model, or is damaged")
    with open(path, "wb") as file:
        np.save(file, ZEROS)
    assert_refused(path, StorageError, "is not a saved model, or is damaged")


def test_numbers_under_the_wrong_names_are_refused(path):
    np.savez(path, version=1, names=[f"{name}x" for name in NAMES], numbers=ZEROS)
    assert_refused(path, ParameterError, "lacks layer1.neuron1.b, .*; has the unknown layer1.neuron1.bx, ")


def test_the_error_about_another_kind_of_file_does_not_suggest_unpickling_it(path):
    path.write_text("epoch,loss\n1,0.5\n")
    with pytest.raises(StorageError, match="is not a saved model") as caught:
        MLP(2, [1]).load(path)
    assert "pickle" not in str(caught.value)


HOSTILE = {"a line break": "a\nb", "an escape sequence": "\x1b[2J", "length": "n" * 9_000, "a separator": "\u2028"}


@pytest.mark.parametrize("name", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("content", ["unknown", "twice", "not finite", "a member", "a type"])
def test_no_name_in_a_file_can_make_the_error_long_or_break_its_line(path, name, content):
    names, numbers, more = {
        "unknown": ([*NAMES, name], [*ZEROS, 0.0], {}),
        "twice": ([name, name], [0.0, 0.0], {}),
        "not finite": ([name], [math.nan], {}),
        "a member": (NAMES, ZEROS, {name: ZEROS}),
        "a type": (NAMES, np.zeros(9, dtype=[(name, float)]), {}),
    }[content]
    np.savez(path, version=1, names=names, numbers=numbers, **more)
    with pytest.raises((StorageError, ParameterError)) as caught:
        MLP(2, [2, 1]).load(path)
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 700


def test_a_state_may_have_keys_of_any_kind():
    with pytest.raises(ParameterError, match="has the unknown 1, a"):
        MLP(2, [2, 1]).load_state_dict({1: 0.0, "a": 0.0})


@pytest.mark.parametrize("name", ["", ".", ".."])
def test_a_folder_is_not_replaced(name):
    with pytest.raises(StorageError, match=r"cannot write '.*': Is a directory"):
        MLP(2, [1]).save(name)


def test_a_name_that_numpy_would_shorten_is_refused(path):
    model = Module()
    model.heads = {"left": Value(1.0, role="parameter"), "left\0": Value(2.0, role="parameter")}
    with pytest.raises(StorageError, match=r"must not end with a NUL character, as 'heads.left\\x00' does"):
        model.save(path)
    assert not path.exists()


@pytest.mark.skipif(os.name != "posix", reason="kinds of files are those of POSIX")
def test_what_is_not_a_regular_file_is_refused_at_once(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    os.mkfifo("pipe")
    os.symlink("pipe", "link")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("socket")
        for path in ("pipe", "link", "socket", "/dev/zero", "/dev/null"):
            assert_refused(path, StorageError, f"cannot read '{path}': Not a regular file")
    assert_refused(tmp_path, StorageError, "Is a directory")


@contextmanager
def memory_of_at_most(most):
    tracemalloc.start()
    try:
        yield
        assert tracemalloc.get_traced_memory()[1] < most
    finally:
        tracemalloc.stop()


def npy(array, header=None):
    """An array as a file of NumPy's format, possibly with another header before its numbers."""
    content = io.BytesIO()
    np.save(content, array)
    content = content.getvalue()
    if header is None:
        return content
    return b"\x93NUMPY\1\0" + struct.pack("<H", len(header)) + header.encode() + content[-array.nbytes :]


def archive(path, compression=zipfile.ZIP_STORED, **members):
    """Writes an archive of a saved model's members, some of them replaced by other bytes."""
    whole = {"version": npy(np.array(1)), "names": npy(np.array(NAMES)), "numbers": npy(ZEROS)} | members
    with zipfile.ZipFile(path, "w", compression) as file:
        for name, content in whole.items():
            file.writestr(f"{name}.npy", content)


def header(shape="(9,)", descr="'<f8'"):
    return f"{{'descr': {descr}, 'fortran_order': False, 'shape': {shape}, }}\n"


def test_an_archive_of_the_members_alone_is_loaded(path):
    """The archives of the next tests are refused for what is wrong in them, and for nothing else."""
    for numbers in (npy(ZEROS), npy(ZEROS, header()), npy(ZEROS.astype(">f8"), header(descr="'>f8'"))):
        archive(path, numbers=numbers)
        MLP(2, [2, 1]).load(path)


BOMBS = {  # name: how the archive is written, what the message says
    "zeros, compressed": ({"compression": zipfile.ZIP_DEFLATED, "numbers": npy(np.zeros(5_000_000))}, "compressed"),
    "zeros, compressed twice as well": ({"compression": zipfile.ZIP_BZIP2, "numbers": bytes(40_000_000)}, "compressed"),
    "a huge shape": ({"numbers": npy(ZEROS, header("(1000000000000,)"))}, r"72 bytes.*\(1000000000000,\)"),
    "a shape of huge numbers": ({"numbers": npy(ZEROS, header(f"(1{'0' * 4000},)"))}, "not a saved model"),
    "a huge shape of nothing": ({"numbers": npy(ZEROS, header("(1000000000000, 0)"))}, "72 bytes"),
    "numbers of no size": ({"numbers": npy(ZEROS[:0], header("(9000000000000,)", "'V0'"))}, "not a saved model"),
    "a negative shape": ({"numbers": npy(ZEROS, header("(-9,)"))}, "not a saved model"),
    "names of a huge width": ({"names": npy(ZEROS, header(descr="'<U400000000'"))}, "names has 72 bytes"),
    "a deep header": ({"numbers": npy(ZEROS, "(" * 9000)}, "a header of at most 256 bytes"),
    "a long header": ({"numbers": npy(ZEROS, header() + " " * 60_000)}, "a header of at most 256 bytes"),
    "a header of 4 GB": ({"numbers": b"\x93NUMPY\2\0\xff\xff\xff\xff" + bytes(100)}, "version 1.0 of NumPy's format"),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_file_that_claims_more_than_it_holds_takes_no_memory(path, name):
    contents, message = BOMBS[name]
    archive(path, **contents)
    with memory_of_at_most(2_000_000):
        assert_refused(path, StorageError, message)


@pytest.mark.parametrize("size", [1_049_261, 10_000_000, 10**12])
def test_a_file_too_large_for_the_model_is_not_read(path, size):
    archive(path)
    os.truncate(path, size)
    with memory_of_at_most(3_000_000):
        assert_refused(path, StorageError, f"9 parameters has at most 1,049,260 bytes, but .* has {size:,}")


def test_members_without_number_are_refused(path):
    archive(path, **{f"{i}": b"" for i in range(3000)})
    with memory_of_at_most(10_000_000):
        assert_refused(path, StorageError, "each once, not 0.npy, 1.npy")


def test_a_large_model_is_loaded(path):
    model = MLP(300, [60], seed=1)
    model.save(path)
    assert path.stat().st_size > 2**20
    other = MLP(300, [60], seed=2)
    other.load(path)
    assert bits(other) == bits(model)


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("member", ["version", "names", "numbers"])
def test_a_member_that_occurs_twice_is_refused(path, member):
    archive(path)
    with zipfile.ZipFile(path, "a") as file:
        file.writestr(f"{member}.npy", file.read(f"{member}.npy"))
    assert_refused(path, StorageError, "each once, not ")


def test_the_parameters_of_another_model_are_named_if_its_file_is_small(path):
    MLP(50, [50], seed=1).save(path)
    assert_refused(path, ParameterError, "its 9 parameters; this one, with 2550 names, lacks layer2")
