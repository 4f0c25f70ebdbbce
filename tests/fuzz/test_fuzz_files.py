"""A file of a saved model that was damaged or forged is refused, or loads what was saved: nothing else, and no more."""

import io
import math
import struct
import tempfile
import tracemalloc
import warnings
import zipfile
from pathlib import Path

import numpy as np
from hypothesis import given, settings, strategies as st
from support.texts import texts

from autograd import Value
from nn import MLP, Module, ParameterError, StorageError

MOST_BYTES = 4 * 2**20  # that loading 9 parameters may take, however large the arrays that the file claims to hold

numbers = st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=9, max_size=9)


def bits(model):
    return [(name, struct.pack("<d", parameter.data)) for name, parameter in model.named_parameters()]


def filled(data):
    model = MLP(2, [2, 1])
    for parameter, number in zip(model.parameters(), data, strict=True):
        parameter.data = number
    return model


def saved(model):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.npz"
        model.save(path)
        return path.read_bytes()


def refusal(call):
    """The error with which a call refuses a model or a file, or None; it must be one line of moderate length."""
    try:
        call()
    except (StorageError, ParameterError) as error:
        message = str(error)
    else:
        return None
    assert message.isprintable()
    assert len(message) < 1_000
    return message


def loaded(content, model):
    """Whether a model loads a file. If it does not, it is unchanged."""
    before = bits(model)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.npz"
        path.write_bytes(content)
        tracemalloc.start()
        try:
            refused = refusal(lambda: model.load(path))
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert peak < MOST_BYTES + 4 * len(content)
    assert not refused or bits(model) == before
    return not refused


# Damage: what happens to the bytes of a file on its way.

at = st.floats(0.0, 1.0)  # a place, as a share of the length
DAMAGES = {
    "flip": lambda content, place, n: content[:place] + bytes([content[place] ^ 1 << n % 8]) + content[place + 1 :],
    "cut": lambda content, place, n: content[:place],
    "remove": lambda content, place, n: content[:place] + content[place + n :],
    "repeat": lambda content, place, n: content[: place + n] + content[place:],
    "zero": lambda content, place, n: content[:place] + bytes(n) + content[place + n :],
    "insert": lambda content, place, n: content[:place] + b"PK\x01\x02\xff"[: n % 6] * n + content[place:],
    "copy": lambda content, place, n: content[:place] + content[n : 2 * n] + content[place + n :],
}


def damaged(content, damages):
    for kind, where, n in damages:
        if content:
            content = DAMAGES[kind](content, int(where * (len(content) - 1)), n)
    return content


@given(numbers, st.lists(st.tuples(st.sampled_from(sorted(DAMAGES)), at, st.integers(1, 300)), min_size=1, max_size=3))
@settings(deadline=None, max_examples=100)
def test_a_damaged_file_is_refused_or_loads_what_was_saved(data, damages):
    model, other = filled(data), MLP(2, [2, 1], seed=5)
    if loaded(damaged(saved(model), damages), other):
        assert bits(other) == bits(model)


# Forgery: an archive with valid checksums, one of whose members is another.


def plain(value):
    stream = io.BytesIO()
    np.save(stream, value)
    return stream.getvalue()


def headed(descr, shape, content, version=(1, 0), padding=0):
    """A file in NumPy's format with any header."""
    header = f"{{'descr': {descr!r}, 'fortran_order': False, 'shape': {shape}, }}{' ' * padding}\n".encode(
        "latin-1", "replace"
    )
    size = struct.pack("<H", len(header) & 0xFFFF) if version[0] == 1 else struct.pack("<I", len(header))
    return b"\x93NUMPY" + bytes(version) + size + header + content


DTYPES = [
    "<f8",
    ">f8",
    "<f4",
    "<f2",
    "<i8",
    "<u8",
    "|b1",
    "<c16",
    "|S8",
    "<U2",
    "|V8",
    "|O",
    "<M8[s]",
    "f8,f8",
    "?",
    "",
]
SHAPES = ["(9,)", "()", "(8,)", "(9, 1)", "(-9,)", f"({10**12},)", f"({2**31}, {2**31})", f"({2**21},)", f"{(1,) * 33}"]
SHAPES += ["(0,)", "(True,)", "(9.0,)", "None", "'9'", "(9", "(2, " * 90 + ")" * 90]
VERSIONS = [2, 0, -1, 10**18, 1.0, 1.9, math.nan, 1 + 0j, True, "1", b"1", [1], [[1]], np.datetime64(1, "s")]
FORMATS = [(1, 0), (2, 0), (3, 0), (0, 0), (1, 1), (4, 0), (255, 255)]


def body(content):
    """What follows the header, which `save` writes in 128 bytes."""
    return content[128:]


def on_member(change):
    """A change of the content of one member."""

    def changed(members, place, n, text):
        name, content = members[place]
        return [*members[:place], (name, change(content, n, text)), *members[place + 1 :]]

    return changed


def swapped(members, place, n, text):
    (name, content), (other, others) = members[place], members[place - 1]
    rest = [member for member in members if member[0] not in (name, other)]
    return [*rest, (name, others), (other, content)]


REFUSED = {  # what no reader may accept
    "a member is missing": lambda members, place, n, text: members[:place] + members[place + 1 :],
    "a member is there twice": lambda members, place, n, text: [*members, members[place]],
    "other numbers are there too": lambda members, place, n, text: [*members, ("numbers.npy", plain(np.zeros(9)))],
    "two members are swapped": swapped,
    "a member has another name": lambda members, place, n, text: [*members[:2], (text, members[2][1])],
    "the version is another": lambda members, place, n, text: [
        *members[1:],
        ("version.npy", plain(VERSIONS[n % len(VERSIONS)])),
    ],
    "the names are others": lambda members, place, n, text: [
        members[0],
        ("names.npy", plain(np.array([text] * (n % 10), dtype=str))),
        members[2],
    ],
}
POSSIBLE = {  # what a reader may accept if it reads what was saved
    "a member more": lambda members, place, n, text: [*members, (text, plain(np.zeros(n)))],
    "a header of another type and shape": on_member(
        lambda content, n, text: headed(DTYPES[n % len(DTYPES)], SHAPES[n // len(DTYPES) % len(SHAPES)], body(content))
    ),
    "a header with any text": on_member(lambda content, n, text: headed(text, "(9,)", body(content))),
    "a long header": on_member(lambda content, n, text: headed("<f8", "(9,)", body(content), FORMATS[n % 3], n * 200)),
    "a header of another format": on_member(
        lambda content, n, text: headed("<f8", "(9,)", body(content), FORMATS[n % len(FORMATS)])
    ),
    "zeros, which are compressed to nothing": on_member(lambda content, n, text: plain(np.zeros(n * 10_000))),
    "any bytes": on_member(lambda content, n, text: text.encode("utf-8", "replace") * n),
}
FORGERIES = REFUSED | POSSIBLE


def forged(content, kind, place, n, text, compressed):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = [(name, archive.read(name)) for name in ("version.npy", "names.npy", "numbers.npy")]
    stream = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(stream, "w") as archive:
        warnings.simplefilter("ignore")  # about names that occur twice
        for name, data in FORGERIES[kind](members, place, n, text):
            member = zipfile.ZipInfo(name.encode("utf-8", "replace").decode())
            archive.writestr(member, data, zipfile.ZIP_DEFLATED if compressed else zipfile.ZIP_STORED)
    return stream.getvalue()


@given(numbers, st.sampled_from(sorted(FORGERIES)), st.integers(0, 2), st.integers(0, 300), texts, st.booleans())
@settings(deadline=None, max_examples=100)
def test_a_forged_file_is_refused_or_loads_what_was_saved(data, kind, place, n, text, compressed):
    model, other = filled(data), MLP(2, [2, 1], seed=5)
    if loaded(forged(saved(model), kind, place, n, text, compressed), other):
        assert kind in POSSIBLE
        assert bits(other) == bits(model)


# The names of parameters.


class Named(Module):
    """A model whose parameters have any names."""

    def __init__(self, names):
        self.w = {name: Value(float(n), role="parameter") for n, name in enumerate(names, 1)}


@given(st.lists(texts, max_size=4, unique=True))
@settings(deadline=None, max_examples=50)
def test_a_model_with_any_names_is_loaded_or_refused_when_it_is_saved(names):
    if refusal(lambda: saved(Named(names))):
        return
    model, other = Named(names), Named(names)
    for parameter in other.parameters():
        parameter.data = 0.5
    assert loaded(saved(model), other)
    assert bits(other) == bits(model)
