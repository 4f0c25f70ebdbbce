"""Programs on arrays of samples: each sample on its own, sums in a fixed order, from any thread."""

import _thread
import itertools
import math
import random
import threading
from functools import partial

import numpy as np
import pytest
from support.graphs import all_bits, bits

import autograd
from autograd import Value, functions

ARRAYS = ["numpy", "native", "javascript"]


def loss_of_everything():
    """A graph with every operation in it, for numbers of ordinary size, with two inputs and live parameters."""
    x, y = Value(0.5, "x", role="input"), Value(0.25, "y", role="input")
    w = [Value(0.1 * n - 0.4, f"w{n}", role="parameter") for n in range(8)]
    hidden = [
        (w[0] * x + w[1]).tanh(),
        (w[2] * y - w[3]).sigmoid(),
        (w[4] * x * y).softplus(),
        (w[5] * x).sin() + (w[6] * y).cos(),
        (w[7] * x).exp() / (y * y + 1.0),
        (x * x + 0.5).log() * (y**2).log1p(),
        (w[0] * y).expm1() - (w[1] * w[1] + 0.25).sqrt(),
        w[2].maximum(x).minimum(w[3] + 0.5).clip(-1.0, 1.0),
        abs(w[4] * y) + (x * w[5]).relu() + (y * w[6]).leaky_relu(0.1),
        (x * x + 1.0) ** (w[7] + 0.3) + x.sign() * w[0] + y.heaviside() * w[1] + 2.0 ** w[2],
        x.select(w[3], -y) + w[4].detach() * x,
    ]
    return sum(hidden[1:], hidden[0]) ** 2, [x, y], w


def sample_columns(count, seed=0):
    chance = random.Random(seed)
    return [[chance.uniform(-1.5, 1.5) for _ in range(count)] for _ in range(2)]


@pytest.mark.parametrize("target", ARRAYS)
@pytest.mark.parametrize("count", range(1, 34))
def test_values_and_gradients_are_the_sums_over_the_samples(target, count):
    output, inputs, parameters = loss_of_everything()
    by_nodes = [*parameters, *inputs]
    program = autograd.compile(output, inputs, by_nodes, target=target)
    reference = autograd.compile(output, inputs, by_nodes, target="python")
    columns = sample_columns(count, seed=count)
    each = [reference.value_and_grad(*sample) for sample in zip(*columns, strict=True)]
    value, gradients = program.value_and_grad.map(*columns, reduction="sum")
    rows = list(zip(*[[value, *gradients] for value, gradients in each], strict=True))
    for got, contributions in zip([value, *gradients], rows, strict=True):
        assert abs(got - math.fsum(contributions)) <= 1e-12 * math.fsum(map(abs, contributions))
    values = program.map(*columns)
    assert values.shape == (count,)
    np.testing.assert_allclose(values, [value for value, _ in each], rtol=1e-13)
    again = program.value_and_grad.map(*columns, reduction="sum")
    assert all_bits(again) == all_bits((value, gradients))
    assert program.map(*columns).tobytes() == values.tobytes()
    mean = program.value_and_grad.map(*columns, reduction="mean")
    assert mean == (value / count, [gradient / count for gradient in gradients])


@pytest.mark.parametrize("target", [*ARRAYS, "python"])
def test_the_value_of_a_sample_does_not_depend_on_the_others(target):
    output, inputs, _ = loss_of_everything()
    program = autograd.compile(output, inputs, target=target)
    columns = sample_columns(20)
    columns[0][4], columns[1][9] = math.nan, math.inf
    values = program.map(*columns)
    assert math.isnan(values[4])
    if target != "numpy":  # its own loops may treat the last few samples differently
        assert [bits(v) for v in values] == [bits(program(*sample)) for sample in zip(*columns, strict=True)]
    clean = [n for n in range(20) if n not in (4, 9)]
    assert np.isfinite(values[clean]).all()


@pytest.mark.parametrize("target", [*ARRAYS, "python"])
def test_samples_outside_the_array_do_not_count(target):
    program = autograd.compile(lambda x: 1.0 / x, target=target)
    for count in (1, 7, 8, 9, 15, 16, 17):
        assert program.value_and_grad.map([1.0] * count, reduction="sum") == (count, -count)
        assert program.value_and_grad.map([2.0] * count, reduction="mean") == (0.5, -0.25)


@pytest.mark.parametrize("target", [*ARRAYS, "python"])
def test_sums_that_are_not_finite_cause_no_warning(target):
    program = autograd.compile(lambda x: x * x * x, target=target)
    value, gradient = program.value_and_grad.map([math.inf, -math.inf, 1.0], reduction="sum")
    assert math.isnan(value)
    assert gradient == math.inf


@pytest.mark.parametrize("target", [*ARRAYS, "python"])
def test_a_number_next_to_arrays_is_the_same_for_every_sample(target):
    program = autograd.compile(lambda x, y: x * y, argnums=(0, 1), target=target)
    assert program.map([1.0, 2.0, 3.0], 2).tolist() == [2.0, 4.0, 6.0]
    assert program.map(np.float32(2.0), (1.0, 2.0)).tolist() == [2.0, 4.0]
    assert program.value_and_grad.map([1.0, 2.0, 3.0], 2.0, reduction="sum") == (12.0, (6.0, 6.0))
    assert program.map([3.0], 2.0).shape == (1,)
    assert type(program(3, 2.0)) is float
    assert program(np.array(3), True) == 3.0


@pytest.mark.parametrize("target", [*ARRAYS, "python"])
def test_arrays_of_any_layout_are_read_and_left_as_they_were(target):
    program = autograd.compile(lambda x, y: x - y, target=target)
    grid = np.arange(24.0).reshape(12, 2)
    before = grid.copy()
    assert program.map(grid[:, 0], grid[:, 1]).tolist() == [-1.0] * 12
    assert program.map(grid[::-1, 0], np.arange(12)).tolist() == [22.0 - 3.0 * n for n in range(12)]
    np.testing.assert_array_equal(grid, before)


@pytest.mark.parametrize("target", [*ARRAYS, "python"])
def test_a_program_without_inputs_runs_on_its_parameters(target):
    w = Value(3.0, "w", role="parameter")
    program = autograd.compile(w * w, target=target)
    assert program() == 9.0
    assert program.value_and_grad() == (9.0, [6.0])


@pytest.mark.parametrize("target", [*ARRAYS, "python"])
def test_an_output_that_depends_on_nothing_that_changes_is_the_same_for_every_sample(target):
    x = Value(1.0, "x")
    program = autograd.compile(Value(2.0, role="constant") * 3.0, [x], [x], target=target)
    assert program.map([1.0, 2.0, 3.0]).tolist() == [6.0, 6.0, 6.0]
    assert program.value_and_grad.map([1.0, 2.0], reduction="sum") == (12.0, [0.0])
    nothing = autograd.compile(x * 2.0, [x], [], target=target)
    assert nothing.value_and_grad.map([1.0, 2.0], reduction="sum") == (6.0, [])


def results_of(program, columns):
    return program.value_and_grad.map(*columns, reduction="mean"), program.map(*columns).tobytes()


def test_four_threads_get_the_bits_that_one_gets():
    output, inputs, parameters = loss_of_everything()
    program = autograd.compile(output, inputs, parameters, target="native")
    batches = [sample_columns(count, seed=count) for count in (1, 5, 64, 257)]
    start, results = threading.Barrier(4), [[], [], [], []]

    def work(mine, columns):
        start.wait()
        for _ in range(60):
            mine.append(results_of(program, columns))

    threads = [threading.Thread(target=work, args=pair) for pair in zip(results, batches, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for mine, columns in zip(results, batches, strict=True):
        alone = results_of(program, columns)
        assert len(mine) == 60
        assert all(all_bits(one) == all_bits(alone[0]) and values == alone[1] for one, values in mine)


def test_programs_compiled_in_four_threads_at_once_are_right():
    results = {}

    def work(number):
        program = autograd.compile(lambda x: functions.tanh(x * (number + 2.0)) + number, target="native")
        results[number] = program.map([0.0] * 9).tolist()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == {number: [float(number)] * 9 for number in range(4)}


@pytest.mark.parametrize("count", [4095, 4096, 4097, 8192, 9001])
def test_many_samples_are_computed_in_parts_that_leave_no_trace(count):
    output, inputs, parameters = loss_of_everything()
    program = autograd.compile(output, inputs, parameters, target="native")
    columns = np.array(sample_columns(count, seed=count))
    values = program.map(*columns)
    pieces = [program.map(*columns[:, a:b]) for a, b in itertools.pairwise([0, 1, 10, 2000, 4090, count])]
    assert values.tobytes() == np.concatenate(pieces).tobytes()
    total = partial(program.value_and_grad.map, reduction="sum")
    value, gradients = total(*columns)
    assert value == pytest.approx(math.fsum(values), rel=1e-12)
    halves = [total(*columns[:, half])[1] for half in (slice(99), slice(99, None))]
    np.testing.assert_allclose(gradients, np.sum(halves, axis=0), rtol=1e-10, atol=1e-10)
    assert all_bits(total(*columns)) == all_bits((value, gradients))


def test_ctrl_c_in_a_long_call_leaves_the_program_intact():
    output, inputs, parameters = loss_of_everything()
    mean = partial(autograd.compile(output, inputs, parameters, target="native").value_and_grad.map, reduction="mean")
    columns = np.array(sample_columns(5000))
    before = mean(*columns)
    timer = threading.Timer(0.1, _thread.interrupt_main)
    with pytest.raises(KeyboardInterrupt):  # noqa: PT012  # it may come before the loop
        timer.start()
        while True:
            mean(*columns)
    assert all_bits(mean(*columns)) == all_bits(before)
