"""`.map` reads arrays where they lie, stores results in `out`, and computes the same bits on any number of cores."""

import subprocess
import sys
import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

import autograd
from autograd import Value

pytest.importorskip("llvmlite")

from autograd.compiler.targets import native, parallel
from autograd.compiler.targets.rows import Rows, rows_of

RANDOM = np.random.default_rng(0)
COUNTS = [1, 2, 7, 8, 9, 16, 31, 33]


def f(x, y):
    return x.sin() * y + 2.0 * x


def compiled(function=f, **options):
    return autograd.compile(function, target="native", **options)


def expected(program, *columns):
    """The result of each call, for each number in the result an array."""
    numbers = [autograd.structure.flatten(program(*sample))[0] for sample in zip(*columns, strict=True)]
    return np.array(numbers, dtype=float).T


def flat(result):
    return np.array([np.asarray(leaf) for leaf in autograd.structure.outline(result)[0]])


@pytest.fixture(params=[1, 3], ids=["one core", "three cores"])
def cores(request, monkeypatch):
    """As if there was so much to do that many small ranges ran on this number of cores."""
    monkeypatch.setattr(parallel, "_cores", lambda: request.param)
    monkeypatch.setattr(parallel, "_OF_A_THREAD", 1)
    monkeypatch.setattr(parallel, "_OF_A_CALL", 400)
    return request.param


LAYOUTS = {
    "dense": lambda count: RANDOM.normal(size=count),
    "every third": lambda count: RANDOM.normal(size=3 * count)[1::3],
    "backward": lambda count: RANDOM.normal(size=count)[::-1],
    "every second, backward": lambda count: RANDOM.normal(size=2 * count)[::-2],
    "all the same": lambda count: np.broadcast_to(RANDOM.normal(), count),
    "a column": lambda count: RANDOM.normal(size=(count, 5))[:, 3],
    "read-only": lambda count: np.frombuffer(RANDOM.normal(size=count).tobytes()),
    "unaligned": lambda count: np.frombuffer(b"." + RANDOM.normal(size=count).tobytes(), np.uint8)[1:].view(float),
    "of another byte order": lambda count: RANDOM.normal(size=count).astype(">f8"),
    "single precision": lambda count: RANDOM.normal(size=count).astype(np.float32),
}


@pytest.mark.usefixtures("cores")
@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("count", [*COUNTS, 500])
def test_arrays_of_every_layout_have_the_bits_of_single_calls(layout, count):
    x, y = LAYOUTS[layout](count), RANDOM.normal(size=count)
    program = compiled(argnums=(0, 1)).value_and_grad
    for columns in ((x, y), (y, x)):
        np.testing.assert_array_equal(flat(program.map(*columns)), expected(program, *columns))


@pytest.mark.usefixtures("cores")
@pytest.mark.parametrize("axis", [0, 1, 2, -1])
def test_samples_along_any_axis_of_any_array_have_the_bits_of_single_calls(axis):
    x = RANDOM.normal(size=(4, 6, 10))[::-1, ::2].transpose(1, 0, 2)
    program = compiled(lambda a: (a * a[::-1]).sum(axis=0))
    got = program.map(x, in_axes=axis)
    np.testing.assert_array_equal(got, [program(sample) for sample in np.moveaxis(x, axis, 0)])


@given(st.data())
@settings(deadline=None, max_examples=40)
def test_results_are_stored_in_arrays_of_any_layout(data):
    count = data.draw(st.sampled_from(COUNTS))
    program = compiled(lambda x, y: (x * y, {"sum": x + y, "pair": np.stack([x, x - y])}))
    x, y = RANDOM.normal(size=count), RANDOM.normal(size=count)
    steps = st.sampled_from([1, 2, -1, -3])

    def array(*shape):
        distances = [data.draw(steps) for _ in shape]
        held = np.full([length * abs(step) for length, step in zip(shape, distances, strict=True)], 7.0)
        return held, held[tuple(slice(None, None, step) for step in distances)]

    held, arrays = zip(*[array(count), array(count), array(count, 2)], strict=True)
    others = [whole.size - part.size for whole, part in zip(held, arrays, strict=True)]
    out = arrays[0], {"sum": arrays[1], "pair": arrays[2]}
    assert program.map(x, y, out=out) is out
    product, named = program.map(x, y)
    for got, fresh in zip(arrays, (product, named["sum"], named["pair"]), strict=True):
        np.testing.assert_array_equal(got, fresh)
    assert [int((whole == 7.0).sum()) for whole in held] == others  # nothing else is written to


@pytest.mark.usefixtures("cores")
@pytest.mark.parametrize("target", ["native", "numpy", "python"])
@pytest.mark.parametrize("name", ["the same array", "shifted up", "shifted down", "backward", "transposed", "swapped"])
def test_results_may_be_stored_in_the_arguments(name, target):
    program = autograd.compile(lambda x, y: (x - 2.0 * y, x * y), target=target)
    table = RANDOM.normal(size=(101, 101))
    x, y = table[0, :-1], table[1, :-1]
    out = {
        "the same array": (x, y),
        "shifted up": (table[0, 1:], table[1, 1:]),
        "shifted down": (table[2, :-1], table[1, 1:]),
        "backward": (x[::-1], y[::-1]),
        "transposed": (table[:-1, 0], table[:-1, 1]),
        "swapped": (y, x),
    }[name]
    if name == "transposed":
        y = table[0, 1:]
    fresh = program.map(x.copy(), y.copy())
    program.map(x, y, out=out)
    np.testing.assert_array_equal(out, fresh)


@pytest.mark.usefixtures("cores")
@pytest.mark.parametrize("reduction", ["sum", "mean"])
def test_sums_have_the_same_bits_on_any_number_of_cores(reduction, monkeypatch):
    x, y = RANDOM.normal(size=(2, 20_003))
    program = compiled(argnums=(0, 1)).value_and_grad
    got = program.map(x, y, reduction=reduction)
    monkeypatch.setattr(parallel, "_cores", lambda: 1)
    monkeypatch.setattr(parallel, "_OF_A_CALL", 2**22)
    assert got == program.map(x, y, reduction=reduction)


@pytest.mark.parametrize("first", [0, 1, 2, 3])
@pytest.mark.parametrize("count", [8, 100, 1001])
def test_results_written_past_the_caches_are_the_same(first, count, monkeypatch):
    program = compiled(argnums=(0, 1)).value_and_grad
    x, y = RANDOM.normal(size=(2, count))
    fresh = flat(program.map(x, y))
    monkeypatch.setattr(native, "_CACHED", 0)
    np.testing.assert_array_equal(flat(program.map(x, y)), fresh)
    table = np.empty((3, count + 4))[:, first : first + count]
    program.map(x, y, out=(table[0], (table[1], table[2])))
    np.testing.assert_array_equal(table, fresh)


def test_nothing_is_copied():
    x, y = np.broadcast_to(0.5, 10**6), np.ones((10**6, 2))[:, 1]
    out = np.empty(2 * 10**6)[::2]
    program = compiled()
    program.map(x, y, out=out)
    tracemalloc.start()
    program.map(x, y, out=out)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 300_000
    assert out[-1] == program(0.5, 1.0)


PAIR = np.empty((2, 5))
READ_ONLY = np.frombuffer(bytes(40))
INTERLEAVED = np.empty(10)
ONE_PLACE = np.lib.stride_tricks.as_strided(np.empty(1), (5,), (0,))


@pytest.mark.parametrize(
    ("out", "error", "message"),
    [
        (PAIR, TypeError, r"out must be a tuple of 2, not an array of shape \(2, 5\)"),
        ([*PAIR], TypeError, "out must be a tuple of 2, not a list of 2"),
        ((PAIR[0],), TypeError, "out must be a tuple of 2, not a tuple of 1"),
        ((PAIR[0], PAIR[1, :4]), TypeError, r"out\[1\] must be an array of shape \(5,\), not an array of shape \(4,\)"),
        ((PAIR[0], 1.0), TypeError, r"out\[1\] must be an array of shape \(5,\), not 1.0"),
        (
            (PAIR[0], np.zeros(PAIR[1].shape, np.float32)),
            TypeError,
            r"out\[1\] must be an array of float64, not one of float32",
        ),
        ((PAIR[0], PAIR[1].astype(">f8")), TypeError, r"out\[1\] must be an array of float64, not one of >f8"),
        ((READ_ONLY, PAIR[1]), ValueError, r"out\[0\] must be writeable"),
        ((PAIR[0], PAIR[0]), ValueError, r"out\[0\] and out\[1\] must not share memory"),
        ((np.broadcast_to(PAIR[:, :1], (2, 5))[0], PAIR[1]), ValueError, r"out\[0\] must be writeable"),
        ((PAIR[0], ONE_PLACE), ValueError, r"out\[1\] must have a place in memory for each number"),
    ],
)
@pytest.mark.parametrize("target", ["native", "numpy"])
def test_what_results_cannot_be_stored_in_is_refused(out, error, message, target):
    program = autograd.compile(lambda x: (x, x * x), target=target)
    with pytest.raises(error, match=message):
        program.map(np.arange(5.0), out=out)


def test_interleaved_arrays_do_not_share_memory():
    program = compiled(lambda x: (x, x * x))
    program.map(np.arange(5.0), out=(INTERLEAVED[::2], INTERLEAVED[1::2]))
    assert INTERLEAVED.tolist() == [0.0, 0.0, 1.0, 1.0, 2.0, 4.0, 3.0, 9.0, 4.0, 16.0]


def test_out_does_not_go_with_a_reduction():
    x = Value(2.0, "x")
    for program in (compiled(lambda x: x * x), autograd.compile(x * x, inputs=[x], target="native")):
        with pytest.raises(TypeError, match="out is for the outputs of each sample, not for reduction='sum'"):
            program.map(np.arange(5.0), reduction="sum", out=np.empty(5))


def test_a_recorded_graph_stores_its_outputs_too():
    x = Value(2.0, "x")
    program = autograd.compile(x * x, inputs=[x], target="native")
    out = np.empty(5), [np.empty(5)]
    assert program.value_and_grad.map(np.arange(5.0), out=out) is out
    assert out[0].tolist() == [0.0, 1.0, 4.0, 9.0, 16.0]
    assert out[1][0].tolist() == [0.0, 2.0, 4.0, 6.0, 8.0]
    assert program.map(np.arange(5.0), out=out[0]) is out[0]


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("count", [1, 8, 33, 600])
def test_a_recorded_graph_reads_arrays_of_every_layout(layout, count):
    x, y = Value(1.0), Value(2.0)
    program = autograd.compile(f(x, y), inputs=[x, y], target="native")
    columns = [LAYOUTS[layout](count), RANDOM.normal(size=count)]
    assert program.map(*columns).tolist() == expected(program, *columns)[0].tolist()
    value, gradient = program.value_and_grad.map(*columns, reduction="sum")
    again = program.value_and_grad.map(*[column.tolist() for column in columns], reduction="sum")
    assert (value, gradient) == again


class Derived(np.ndarray):
    pass


NO_COLUMNS = {
    "of another length": np.zeros(4),
    "of two axes": np.zeros((3, 1)),
    "without an axis": np.array(1.0),
    "of another type": np.zeros(3, np.float32),
    "of another byte order": np.zeros(3, ">f8"),
    "unaligned": np.zeros(25, np.uint8)[1:].view(float),
    "of a derived class": np.zeros(3).view(Derived),
    "a list": [0.0, 0.0, 0.0],
}


@pytest.mark.parametrize("name", NO_COLUMNS)
def test_machine_code_reads_columns_of_doubles_of_one_length_alone(name):
    target = autograd.compile(f(Value(1.0), y := Value(2.0)), inputs=[y], target="native").value_and_grad._program
    columns = np.zeros(3), np.arange(9.0)[::-3]
    for read in (target.execution.columns, rows_of):
        assert read(columns).words().tolist() == Rows(columns).words().tolist()
        assert read((*columns, NO_COLUMNS[name])) is None
        assert read((NO_COLUMNS[name], *columns)) is None
        assert read((np.zeros(0),)) is None


def test_an_error_in_a_thread_is_raised(monkeypatch):
    monkeypatch.setattr(parallel, "_cores", lambda: 3)
    done = []

    def make():
        if done:
            raise MemoryError("no memory")
        done.append(True)
        return lambda start, stop: None

    with pytest.raises(MemoryError, match="no memory"):
        parallel.for_each_range(10**7, 8000, 1000, make)


def test_where_no_more_threads_can_start_those_that_run_do_all(monkeypatch, cores):
    program, x = compiled(), RANDOM.normal(size=1000)
    before = program.map(x, x)

    def refuse(self):
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(parallel.Thread, "start", refuse)
    np.testing.assert_array_equal(program.map(x, x), before)


FINALIZER = """
import autograd, numpy as np
from autograd.compiler.targets import parallel

class Late:
    program, samples = autograd.compile(lambda x: x * x, target="native"), np.full(1000, 3.0)

    def __del__(self):
        print(self.program.map(self.samples, reduction="mean"), self.program.map(self.samples)[-1])

parallel._cores, parallel._OF_A_THREAD, parallel._OF_A_CALL = lambda: 3, 1, 400
late = Late()
late.__del__()
late.itself = late
"""


def test_map_runs_while_the_interpreter_ends_when_no_thread_can_start():
    done = subprocess.run([sys.executable, "-c", FINALIZER], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.split() == ["9.0"] * 4, done.stderr
