"""Saved parameters are loaded bit for bit; files that cannot be loaded or written change nothing."""

import math
import os
import pickle
import random
import struct
import zipfile

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from nn import MLP, Module, ParameterError, StorageError

EDGES = [math.nan, math.inf, -math.inf, 0.0, -0.0, 5e-324, -2.2e-308, 1.7976931348623157e308, 0.1]


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
    model.load(path)
    assert bits(model) == bits(filled(EDGES))
    assert {type(parameter.data) for parameter in model.parameters()} == {float}


@settings(max_examples=50, deadline=None)
@given(numbers=st.lists(st.floats(width=64), min_size=9, max_size=9))
def test_any_floats_are_loaded_bit_for_bit(tmp_path_factory, numbers):
    path = tmp_path_factory.getbasetemp() / "any.npz"
    filled(numbers).save(path)
    model = MLP(2, [2, 1])
    model.load(path)
    assert bits(model) == bits(filled(numbers))


def test_a_path_may_be_a_string_with_any_suffix(tmp_path):
    for name in ("model", "model.npz", "a b.weights", "modèle·σ"):
        filled(EDGES).save(str(tmp_path / name))
        model = MLP(2, [2, 1])
        model.load(str(tmp_path / name))
        assert bits(model) == bits(filled(EDGES))
    assert len(os.listdir(tmp_path)) == 4


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
    with pytest.raises((KeyboardInterrupt, StorageError)):
        model.save(path)
    assert path.read_bytes() == before
    assert os.listdir(path.parent) == [path.name]


@pytest.mark.parametrize(
    "where", ["missing/model.npz", "file/model.npz", "folder", "n" * 300, "with\0null", "folder/missing/x"]
)
def test_a_path_that_cannot_be_written_is_named_and_leaves_no_file(tmp_path, where):
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("a file")
    with pytest.raises(StorageError, match=r"cannot write '.*(model.npz|folder|nnn|null|x)'"):
        MLP(2, [1]).save(tmp_path / where)
    assert sorted(os.listdir(tmp_path)) == ["file", "folder"]
    assert os.listdir(tmp_path / "folder") == []


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_without_permission_is_named(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(StorageError, match="Permission denied"):
        MLP(2, [1]).save(tmp_path / "model.npz")


def test_a_missing_file_is_named(tmp_path):
    assert_refused(tmp_path / "nothing.npz", StorageError, r"cannot read '.*nothing.npz': No such file")
    assert_refused(tmp_path, StorageError, r"cannot read")
    assert_refused(tmp_path / "a\0b", StorageError, r"cannot read")
    with pytest.raises(OSError, match="cannot read"):  # a StorageError is an OSError
        MLP(2, [1]).load(tmp_path / "nothing.npz")


def test_a_file_cut_off_anywhere_is_refused(path):
    filled(EDGES).save(path)
    whole = path.read_bytes()
    for length in range(0, len(whole), 7):
        path.write_bytes(whole[:length])
        assert_refused(path, StorageError, "is not a saved model, or is damaged")


def test_a_file_with_any_bit_flipped_is_refused_or_holds_the_same_numbers(path):
    model = filled(EDGES)
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


@pytest.mark.parametrize("name", ["", "."])
def test_a_file_needs_a_name(name):
    with pytest.raises(StorageError, match="a file name is needed"):
        MLP(2, [1]).save(name)
