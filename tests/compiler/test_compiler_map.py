"""`.map`: as if the function was called on one sample after the other, and nothing else runs on samples."""

from decimal import Decimal
from fractions import Fraction
from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from support.graphs import DIFFERENTIABLE, ordinary_numbers, run, steps
from support.threads import in_threads

import autograd
from autograd import Value
from autograd.compiler import TracingError

TARGETS = ["python", "numpy", "native", "javascript"]
RANDOM = np.random.default_rng(0)


def stacked(results):
    """A list of equally nested results as one, in which each number is an array."""
    if isinstance(results[0], dict):
        return {key: stacked([result[key] for result in results]) for key in results[0]}
    if isinstance(results[0], (list, tuple)):
        return type(results[0])(map(stacked, zip(*results, strict=True)))
    return np.array(results)


def assert_close(got, expected):
    if isinstance(expected, dict):
        assert got.keys() == expected.keys()
        for key in expected:
            assert_close(got[key], expected[key])
    elif isinstance(expected, (list, tuple)):
        assert type(got) is type(expected)
        for ours, theirs in zip(got, expected, strict=True):
            assert_close(ours, theirs)
    else:
        assert np.shape(got) == np.shape(expected)
        np.testing.assert_allclose(got, expected, rtol=1e-12, atol=1e-12)


def linear(params, x):
    return autograd.tanh(params["w"] @ x + params["b"])


@pytest.mark.parametrize("target", TARGETS)
def test_each_derivative_mapped_is_that_of_each_sample(target):
    params = {"w": RANDOM.normal(size=3), "b": 0.5}
    samples = RANDOM.normal(size=(11, 3))
    program = autograd.compile(linear, target=target)
    for derivative in (program, program.grad, program.value_and_grad, program.jacobian, program.hessian):
        each = [derivative(params, x) for x in samples]
        for got in (derivative.map(params, samples), derivative.map(params, samples, in_axes=(None, 0))):
            assert_close(got, stacked(each))
        for reduction, reduce in (("sum", partial(np.sum, axis=0)), ("mean", partial(np.mean, axis=0))):
            got = derivative.map(params, samples, in_axes=(None, 0), reduction=reduction)
            assert_close(got, applied(reduce, stacked(each)))


def applied(function, nested):
    if isinstance(nested, dict):
        return {key: applied(function, value) for key, value in nested.items()}
    if isinstance(nested, (list, tuple)):
        return type(nested)(applied(function, value) for value in nested)
    return function(nested)


@pytest.mark.parametrize("target", TARGETS)
@given(steps(DIFFERENTIABLE, most=5), st.lists(st.tuples(*[ordinary_numbers] * 3), min_size=1, max_size=20))
@settings(deadline=None, max_examples=10)
def test_mapped_numbers_are_those_of_each_call(target, graph, samples):
    program = autograd.compile(lambda a, b, c: [run(DIFFERENTIABLE, graph, [a, b, c]), a], target=target)
    columns = list(map(np.array, zip(*samples, strict=True)))
    assert_close(program.map(*columns), stacked([program(*sample) for sample in samples]))
    shared = [columns[0], 0.5, columns[2]]
    assert_close(program.map(*shared), stacked([program(a, 0.5, c) for a, _, c in samples]))


def test_lists_of_samples_are_called_as_lists():
    program = autograd.compile(lambda x: sum([*x, *x]))  # on an array, the sum would be one over its elements
    assert program.map([[1.0, 2.0], [3.0, 4.0]]).tolist() == [6.0, 14.0]
    assert program.map(([1.0, 2.0], [3.0, 4.0]), reduction="sum") == 20.0
    assert autograd.compile(lambda x: x * x).map([1, 2, 3]).tolist() == [1.0, 4.0, 9.0]
    assert autograd.compile(lambda x: x * x).map((1.0, 2.0)).tolist() == [1.0, 4.0]


@pytest.mark.parametrize("flags", [np.array([True, False]), [True, False], [1, False], (np.True_, 0.0)])
def test_flags_that_differ_from_sample_to_sample_are_numbers(flags):
    program = autograd.compile(lambda flag, x: flag * x)
    assert program.map(flags, [3.0, 5.0]).tolist() == [3.0, 0.0]
    with pytest.raises(TracingError, match="the truth of a value"):
        autograd.compile(lambda flag, x: x if flag else -x).map(flags, [3.0, 5.0])
    assert autograd.compile(lambda x, flag: x if flag else -x).map([3.0, 5.0], flag=False).tolist() == [-3.0, -5.0]
    assert autograd.compile(lambda x, flag: x if flag else -x).map([3.0, 5.0], True).tolist() == [3.0, 5.0]


def test_samples_may_be_nested_and_lie_along_any_axis():
    program = autograd.compile(lambda p: p["a"] * p["b"][0])
    points = {"a": np.arange(3.0), "b": np.arange(6.0).reshape(3, 2)}
    assert program.map(points).tolist() == [0.0, 2.0, 8.0]
    assert program.map({**points, "a": 2.0}).tolist() == [0.0, 4.0, 8.0]  # a number is shared
    matrix = RANDOM.normal(size=(2, 5))
    of_row = autograd.compile(lambda x: x[0] - x[1])
    np.testing.assert_allclose(of_row.map(matrix, in_axes=1), matrix[0] - matrix[1])
    np.testing.assert_allclose(of_row.map(matrix, in_axes=-1), matrix[0] - matrix[1])


def test_per_sample_gradients_are_one_call():
    w = Value(0.5, "w", role="parameter")
    program = autograd.compile(lambda x, y: (w * x - y) ** 2, wrt=[w])
    xs, ys = RANDOM.normal(size=(2, 9))
    (gradients,) = program.grad.map(xs, ys)
    np.testing.assert_allclose(gradients, 2.0 * (0.5 * xs - ys) * xs, rtol=1e-13)


@pytest.mark.parametrize("target", TARGETS)
def test_outputs_that_are_the_same_for_every_sample_are_repeated_for_each(target):
    program = autograd.compile(lambda x: [2.0, x, 2.0 * x, x, 3.0], target=target)
    assert np.array(program.map([1.0, 2.0])).tolist() == [[2.0, 2.0], [1.0, 2.0], [2.0, 4.0], [1.0, 2.0], [3.0, 3.0]]
    assert program.map([1.0, 2.0], reduction="mean") == [2.0, 1.5, 3.0, 1.5, 3.0]
    assert autograd.compile(lambda x: 1.0, target=target).map([1.0, 2.0]).tolist() == [1.0, 1.0]
    assert autograd.compile(lambda x: [], target=target).map([1.0, 2.0]) == []


@pytest.mark.parametrize("target", TARGETS)
def test_numbers_that_samples_share_are_read_once(target):
    program = autograd.compile(lambda w, x, b: [w[0] * x + w[1] * b, w[1]], target=target)
    xs = np.arange(20.0)
    for _ in range(2):
        got = program.map(np.array([2.0, 3.0]), xs, 1.5, in_axes=(None, 0, None))
        assert_close(got, [2.0 * xs + 4.5, np.full(20, 3.0)])
        assert program.map(np.array([2.0, 3.0]), xs, 1.5, in_axes=(None, 0, None), reduction="sum") == [470.0, 60.0]


def test_what_is_a_sample_follows_from_earlier_calls_if_lengths_differ():
    program = autograd.compile(lambda w, x: w @ x)
    w, samples = np.ones((2, 3)), np.ones((5, 3))
    with pytest.raises(ValueError, match=r"w: \(2, 3\), x: \(5, 3\).*in_axes=\(None, 0\)"):
        program.map(w, samples)
    program(w, samples[0])
    assert program.map(w, samples).shape == (5, 2)
    square = np.eye(3)
    program(square, np.ones(3))
    with pytest.raises(ValueError, match="not clear which arguments are samples: pass in_axes="):
        program.map(square, np.ones((3, 3)))
    assert program.map(square, np.ones((3, 3)), in_axes=(None, 0)).shape == (3, 3)


@pytest.mark.parametrize(
    ("samples", "options", "error", "message"),
    [
        (([],), {}, ValueError, r"at least one sample.*x: \(0,\)"),
        ((np.ones((0, 2)),), {}, ValueError, "at least one sample"),
        ((1.0,), {}, ValueError, "at least one sample"),
        (([[1.0, 2.0], [3.0]],), {}, ValueError, "x must be a list of samples of the same shape"),
        ((["a", "b"],), {}, TypeError, "x must be an array of real numbers, but it contains the string 'a'"),
        ((np.array([1j]),), {}, TypeError, "x must be an array of real numbers"),
        (([Value(1.0)],), {}, TypeError, "x must be an array of real numbers"),
        (([1.0],), {"reduction": "max"}, ValueError, "reduction must be 'mean' or 'sum', not 'max'"),
        (([1.0],), {"in_axes": (0, 0)}, TypeError, r"in_axes must be an axis, or one for each of the 1 arguments"),
        ((np.ones(2),), {"in_axes": 1}, ValueError, r"in_axes must be an axis of x, whose shape is \(2,\), not 1"),
        ((np.ones(2),), {"in_axes": "x"}, TypeError, "in_axes must be an axis"),
        ((np.ones(2),), {"in_axes": (None,)}, ValueError, "at least one sample"),
    ],
)
def test_what_is_no_sample_is_refused(samples, options, error, message):
    program = autograd.compile(lambda x: x)
    with pytest.raises(error, match=message):
        program.map(*samples, **options)


def test_a_recorded_graph_takes_numbers_and_samples_only_by_map():
    x, w = Value(1.0, "x"), Value(2.0, "w")
    program = autograd.compile(w * x * x, inputs=[x], wrt=[w, x])
    assert program(3.0) == 18.0
    for call in (program, program.value_and_grad):
        for samples in ([1.0, 2.0], np.ones(2), (1.0,)):
            with pytest.raises(TypeError, match=r"the input x must be a number, not .*use \.map\(\.\.\.\)"):
                call(samples)
        with pytest.raises(TypeError, match=r"not reduction=; for samples use \.map"):
            call(1.0, reduction="sum")
    assert program.map([1.0, 3.0]).tolist() == [2.0, 18.0]
    value, gradients = program.value_and_grad.map([1.0, 3.0])
    assert value.tolist() == [2.0, 18.0]
    assert np.array(gradients).tolist() == [[1.0, 9.0], [4.0, 12.0]]
    assert program.value_and_grad.map([1.0, 3.0], reduction="sum") == (20.0, [10.0, 16.0])
    with pytest.raises(TypeError, match=r"reduction belongs to samples: call \.map\(\.\.\., reduction=\)"):
        autograd.compile(lambda x: x).value_and_grad(1.0, reduction="sum")
    with pytest.raises(TypeError, match=r"takes 1 inputs \(x\), not 2"):
        program.map([1.0], [1.0])


def of_graph():
    x, y, w = Value(1.0, "x"), Value(2.0, "y"), Value(3.0, "w")
    return autograd.compile((w * x - y).exp() * x, inputs=[x, y], wrt=[w, x], target="native")


@pytest.mark.parametrize(
    "columns",
    [
        (np.arange(8.0), np.ones(8, int)),
        (np.arange(8), np.arange(8)),
        (np.arange(8.0), np.ones(8, np.float32)),
        (np.ones(8, np.float32), np.ones(8, np.float32)),
        (np.arange(8.0), np.ones(8, bool)),
        (np.arange(8.0), np.ones(8, object)),
        (np.arange(8.0), np.ones(8, complex)),
        (np.arange(8.0), np.array(["a"] * 8)),
        (np.arange(8.0), np.full(8, np.datetime64("2020-01-01"))),
        (np.arange(8.0), np.arange(16.0)[::2]),
        (np.arange(8.0), np.arange(7.0)),
        (np.arange(7.0), np.arange(9.0)),
        (np.arange(8.0), np.arange(16.0).reshape(2, 8)),
        (np.arange(16.0).reshape(8, 2), np.arange(16.0).reshape(8, 2)),
        (np.arange(8.0), np.array(1.0)),
        (np.array(1.0), np.arange(8.0)),
        (np.array(1.0), np.array(1.0)),
        (np.empty(0), np.empty(0)),
        (np.arange(8.0), np.empty(0)),
        (np.arange(8.0),),
    ],
    ids=lambda columns: "-".join(f"{column.dtype}{column.shape}" for column in columns),
)
@pytest.mark.parametrize("reduction", [None, "mean"])
def test_columns_of_any_kind_have_the_result_or_the_error_of_in_axes(columns, reduction):
    def outcome(**options):
        try:
            return repr(of_graph().value_and_grad.map(*columns, reduction=reduction, **options))
        except Exception as error:
            return type(error), str(error).partition("in_axes")[0]

    axes = [0 if column.shape else None for column in columns]
    assert outcome() == outcome(in_axes=axes)


def test_sums_do_not_depend_on_earlier_calls_or_other_threads():
    program = of_graph().value_and_grad
    columns = [RANDOM.normal(size=(2, count)) for count in (1, 8, 9, 30, 5000)]
    columns.insert(2, np.full((2, 8), np.nan))
    expected = [repr(of_graph().value_and_grad.map(*each, reduction="sum")) for each in columns]
    kept = [program.map(*each, reduction="sum") for each in (*columns, *columns)]
    assert list(map(repr, kept)) == expected * 2  # and no result changed when a later one was computed

    def work(index):
        return [repr(program.map(*columns[(index + k) % 6], reduction="sum")) for k in range(200)]

    for index, results in enumerate(in_threads(work)):
        assert results == [expected[(index + k) % 6] for k in range(200)]


@pytest.mark.parametrize("target", TARGETS)
def test_numbers_of_any_class_are_those_of_a_call(target):
    program = autograd.compile(lambda x: 2.0 * x, target=target)
    numbers = [Fraction(1, 3), Decimal("0.5"), 2**70, 10**400, -(10**400), np.float16(0.1), True]
    assert program.map(numbers).tolist() == [program(x) for x in numbers[:-1]] + [2.0]
