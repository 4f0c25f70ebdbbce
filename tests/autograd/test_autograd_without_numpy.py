"""What stands in for NumPy gives NumPy's results, random numbers too, to the bit."""

import math
import struct

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from autograd import without_numpy
from autograd.without_numpy import random

SEEDS = st.one_of(st.integers(0, 2**140), st.lists(st.integers(0, 2**70), min_size=1, max_size=7))
FLOATS = st.floats(-1e6, 1e6, width=32) | st.sampled_from([0.0, -0.0, 0.5, 1.5, -2.5, 1e300, 5e-324])
ANY_FLOATS = FLOATS | st.sampled_from([math.inf, -math.inf, math.nan])
SHAPES = [(1,), (3,), (2, 3), (1, 4), (3, 1), (2, 1, 3)]


def arrays(numbers=FLOATS):
    """Nested lists of one of a few shapes."""
    return st.sampled_from(SHAPES).flatmap(
        lambda shape: st.lists(numbers, min_size=math.prod(shape), max_size=math.prod(shape)).map(
            lambda items: np.array(items, dtype=object).reshape(shape).tolist()
        )
    )


def same(ours, numpys):
    """Whether two results have the same shape, type and bits; nan equals nan."""
    numpys = np.asarray(numpys)
    ours = without_numpy.asarray(ours)
    kind = {"f": float, "i": int, "b": bool, "O": object}[numpys.dtype.kind]
    bits = [list(map(bits_of, items)) for items in (ours.flat, numpys.ravel().tolist())]
    return (ours.shape, ours.dtype, bits[0]) == (numpys.shape, kind, bits[1])


def bits_of(x):
    return x if not isinstance(x, float) else "nan" if math.isnan(x) else struct.pack("d", x)


ELEMENTWISE = {
    "+": lambda np, a, b: a + b,
    "-": lambda np, a, b: a - b,
    "*": lambda np, a, b: a * b,
    "/": lambda np, a, b: a / b,
    "==": lambda np, a, b: a == b,
    "<": lambda np, a, b: a < b,
    ">=": lambda np, a, b: a >= b,
    "!=, or": lambda np, a, b: (a != b) | (a > 0.0),
    "not, and": lambda np, a, b: ~(a <= b) & (b == b),
    "from the right": lambda np, a, b: 1.0 - (2.0 / (3.0 * (-a + 0.0))),
    "where": lambda np, a, b: np.where(a < b, a, b),
    "maximum": lambda np, a, b: np.maximum(a, b) + 0.0,  # of 0.0 and -0.0, either may be NumPy's result
    "minimum": lambda np, a, b: np.minimum(a, b) + 0.0,
    "add": lambda np, a, b: np.add(a, b),
}


@pytest.mark.parametrize("name", ELEMENTWISE)
@given(data=st.data())
@settings(max_examples=25)
def test_elementwise_results_of_arrays_that_broadcast(name, data):
    a = data.draw(arrays(ANY_FLOATS))
    b = data.draw(arrays(ANY_FLOATS).filter(lambda b: _broadcast(a, b)))
    function = ELEMENTWISE[name]
    with np.errstate(all="ignore"):
        expected = function(np, np.array(a), np.array(b))
    assert same(function(without_numpy, without_numpy.array(a), without_numpy.array(b)), expected)


def _broadcast(a, b):
    try:
        np.broadcast_shapes(np.shape(a), np.shape(b))
    except ValueError:
        return False
    return True


OF_ONE = {
    "rint": lambda np, a: np.rint(a),
    "round": lambda np, a: np.round(a),
    "round to decimals": lambda np, a: a.round(2),
    "round to hundreds": lambda np, a: a.round(-2),
    "round whole numbers": lambda np, a: np.array([1, 25, -3]).round(1),
    "floor": lambda np, a: np.floor(a),
    "abs": lambda np, a: np.abs(a),
    "isfinite": lambda np, a: np.isfinite(a),
    "isnan": lambda np, a: np.isnan(a),
    "isin": lambda np, a: np.isin(a, (0.0, 0.5)),
    "T": lambda np, a: a.T,
    "reshape": lambda np, a: a.reshape(-1, 1),
    "ravel": lambda np, a: a.ravel(),
    "repeat": lambda np, a: np.repeat(a.ravel(), 3),
    "all": lambda np, a: (np.all(a), a.all(), (a == a).any()),
    "count": lambda np, a: np.count_nonzero(a),
    "argwhere": lambda np, a: np.argwhere(a > 0.0),
    "a mask": lambda np, a: a[a > 0.0],
    "a new axis": lambda np, a: a[:, None],
    "a slice": lambda np, a: a[::-1][1:],
    "the last axis": lambda np, a: a[..., -1:],
    "rows": lambda np, a: a[np.array([0, -1, 0])],
    "of a list": lambda np, a: a[[len(a) - 1]],
    "max": lambda np, a: (a.max() + 0.0, a.min() + 0.0),
    "along an axis": lambda np, a: a.max(axis=-1) + 0.0,
    "down an axis": lambda np, a: a.min(axis=0) + 0.0,
    "concatenate": lambda np, a: np.concatenate([a, a[:1]]),
    "broadcast_to": lambda np, a: np.broadcast_to(a, (2, *a.shape)),
    "array_equal": lambda np, a: np.array_equal(a, a + 0.0),
    "shape": lambda np, a: np.shape(a.tolist()),
    "as integers": lambda np, a: np.where(np.abs(a) < 1e9, a, 0.0).astype(int) % 3 // 2,
    "ones": lambda np, a: np.ones_like(a),
}


@pytest.mark.parametrize("name", OF_ONE)
@given(a=arrays(ANY_FLOATS))
@settings(max_examples=25)
def test_results_of_one_array(name, a):
    function = OF_ONE[name]
    with np.errstate(all="ignore"):
        expected = function(np, np.array(a))
    assert same(function(without_numpy, without_numpy.array(a)), expected)


@given(a=arrays(), numbers=arrays())
def test_assignments(a, numbers):
    for key in (0, -1, slice(None), slice(0, 2), [0], (..., 0), (slice(None), None)):
        ours, numpys = without_numpy.array(a), np.array(a)
        given = numbers if _broadcast_into(numbers, np.shape(numpys[key])) else 7
        ours[key] = given
        numpys[key] = given
        assert same(ours, numpys)


def _broadcast_into(a, shape):
    return _broadcast(a, np.empty(shape)) and np.broadcast_shapes(np.shape(a), shape) == shape


@given(st.integers(1, 700), st.integers(1, 4), st.integers(0, 2**32))
@settings(max_examples=60)
def test_sums_are_added_in_the_order_of_numpy(rows, columns, seed):
    numpys = np.random.default_rng(seed).standard_normal((rows, columns)) * 10.0 ** np.arange(columns)
    for table in (numpys, numpys[:, 0].copy()):
        ours = without_numpy.array(table.tolist())
        for axis in (None, 0, -1) if table.ndim == 2 else (None, 0):
            assert same(ours.sum(axis=axis), table.sum(axis=axis))
            assert same(ours.mean(axis=axis), table.mean(axis=axis))
            assert same(ours.std(axis=axis), table.std(axis=axis))
    assert without_numpy.mean(numpys.ravel().tolist()) == np.mean(numpys)
    assert without_numpy.sum(numpys.ravel().tolist()) == np.sum(numpys.ravel())
    ours = without_numpy.array(numpys.tolist())
    assert same(without_numpy.add.accumulate(ours, axis=1), np.add.accumulate(numpys, axis=1))
    assert np.allclose(without_numpy.einsum("i...,i...->...", ours, ours).tolist(), (numpys * numpys).sum(axis=0))


MADE = {
    "arange": lambda np: np.arange(3, 11, 4),
    "arange of floats": lambda np: np.arange(1, 4, dtype=float),
    "eye": lambda np: np.eye(3)[np.array([2, 0])],
    "full": lambda np: np.full(3, 0.5),
    "zeros": lambda np: np.zeros((2, 0, 3)),
    "ones": lambda np: np.ones(4),
    "empty": lambda np: np.empty((3, 0)),
    "counts": lambda np: np.zeros((2, 2), dtype=np.int64),
    "tile": lambda np: np.tile(np.arange(3), (2, 1)),
    "tile of rows": lambda np: np.tile(np.eye(2), (2, 1)),
    "hstack": lambda np: np.hstack([np.eye(2), np.ones((2, 3))]),
    "hstack of rows": lambda np: np.hstack([np.ones(2), np.zeros(1)]),
    "column_stack": lambda np: np.column_stack([np.arange(2), np.eye(2), np.ones(2)]),
    "concatenate": lambda np: np.concatenate([np.arange(2), np.ones(2)]),
    "choose": lambda np: np.choose(np.array([1, 0, 1]), [np.zeros(3), np.arange(3) + 0.5]),
    "unique": lambda np: np.unique(np.array([3.0, 1.0, 3.0]), return_inverse=True)[1],
    "different": lambda np: np.unique(np.array([3.0, 1.0, 3.0]), return_inverse=True)[0],
    "frombuffer": lambda np: np.frombuffer(np.array([0.5, -2.0]).tobytes()),
    "fromiter": lambda np: np.fromiter(iter([1, 2]), dtype=float, count=2),
    "nothing": lambda np: np.array([]),
    "objects": lambda np: np.array([[1, None], ["a", 2.0]], dtype=object),
    "nan from nothing": lambda np: np.asarray([None, 1], dtype=float),
    "bits": lambda np: np.array([True, False]) & np.array([True, True]),
    "largest of none": lambda np: np.array([]).max(initial=-1.0),
    "argmax": lambda np: np.array([[1.0, 3.0, 3.0], [2.0, 0.0, 1.0]]).argmax(axis=1),
    "rows of arrays": lambda np: np.array([np.ones(2), np.zeros(2)]),
    "numbers of no axes": lambda np: np.array([np.array(1.0), np.array(2.0)]),
    "one number": lambda np: np.array(2.5).tolist(),
    "sqrt": lambda np: np.sqrt(np.array([2.0, 0.0])),
    "copied": lambda np: _copied(np),
    "counted": lambda np: _counted(np),
    "indices": lambda np: list(np.ndindex((2, 2))),
}


def _copied(np):
    to = np.zeros(2)
    np.copyto(to, np.array([1.0, 2.0]))
    return to


def _counted(np):
    counts = np.zeros((2, 2), dtype=np.int64)
    np.add.at(counts, (np.array([0, 1, 1]), np.array([1, 0, 0])), 1)
    return counts


@pytest.mark.parametrize("name", MADE)
def test_new_arrays(name):
    assert same(MADE[name](without_numpy), MADE[name](np))


@given(st.integers(1, 10**7), st.integers(1, 300))
def test_evenly_spaced_numbers(stop, count):
    assert same(without_numpy.linspace(0, stop, count).round(), np.linspace(0, stop, count).round())


@pytest.mark.parametrize(
    "call",
    [
        lambda np: np.array([[1.0], [1.0, 2.0]]),
        lambda np: np.array([1.0, 2.0]) + np.array([1.0, 2.0, 3.0]),
        lambda np: np.array([1.0, 2.0]).reshape(3, 1),
        lambda np: np.array(["a"], dtype=float),
        lambda np: np.concatenate([np.ones((1, 2)), np.ones((1, 3))]),
        lambda np: np.broadcast_to(np.ones(2), (3,)),
        lambda np: np.ones(2)[2],
        lambda np: np.ones(2)[0, 0],
        lambda np: np.ones((2, 2))[np.array([True, False, True])],
        lambda np: bool(np.ones(2)),
        lambda np: len(np.array(1.0)),
        lambda np: float(np.ones(2)),
    ],
)
def test_what_numpy_refuses_is_refused_with_the_same_kind_of_error(call):
    with pytest.raises(Exception) as ours:  # noqa: PT011 - the next lines compare its type
        call(without_numpy)
    with pytest.raises(Exception) as numpys:  # noqa: PT011
        call(np)
    assert type(ours.value) is type(numpys.value)


@given(SEEDS, st.integers(2, 9), st.integers(1, 40), st.lists(st.integers(0, 4), max_size=8))
def test_random_numbers_have_the_bits_of_numpy(seed, high, count, draws):
    ours, numpys = random.default_rng(seed), np.random.default_rng(seed)
    for draw in draws:
        if draw == 0:
            assert ours.random() == numpys.random()
        elif draw == 1:
            assert same(ours.random((2, count)), numpys.random((2, count)))
        elif draw == 2:
            assert same(ours.standard_normal(count), numpys.standard_normal(count))
        elif draw == 3:
            assert same(ours.integers(-1, high, count), numpys.integers(-1, high, count))
        else:
            rows = np.tile(np.arange(count), (3, 1))
            own = without_numpy.tile(without_numpy.arange(count), (3, 1))
            assert same(ours.permuted(own, axis=1, out=own), numpys.permuted(rows, axis=1, out=rows))
    assert ours.random() == numpys.random()


@given(st.integers(0, 2**128 - 1), st.lists(st.integers(0, 2**64 - 1), min_size=4, max_size=4), st.integers(1, 30))
def test_random_numbers_of_a_counter_have_the_bits_of_numpy(key, counter, count):
    numpys = np.random.Generator(np.random.Philox(key=key, counter=np.array(counter, dtype=np.uint64)))
    assert same(random.Generator(random.Philox(key, without_numpy.array(counter))).random(count), numpys.random(count))


def test_normal_numbers_of_all_layers_and_of_the_tail_have_the_bits_of_numpy():
    ours = random.default_rng(6).standard_normal(100_000)  # of which some 26 are in the tail
    assert max(map(abs, ours.flat)) > 3.9
    assert same(ours, np.random.default_rng(6).standard_normal(100_000))


def test_integers_that_are_drawn_again_have_the_bits_of_numpy():
    ours, numpys = random.default_rng(1), np.random.default_rng(1)
    assert same(ours.integers(0, 3 * 2**30, 1000), numpys.integers(0, 3 * 2**30, 1000))
    assert same(ours.integers(5, 6, 3), numpys.integers(5, 6, 3))
