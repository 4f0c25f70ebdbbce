"""jvp, vjp and hvp: products with the Jacobian and the Hessian, which they never compute."""

import math

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from support.graphs import SMOOTH, ordinary_numbers, run, steps

import autograd
from autograd import Value, derivative, functions, grad, hessian, hvp, jacobian, jvp, vjp

graphs = st.lists(steps(SMOOTH, most=8), min_size=1, max_size=3)
triples = st.lists(ordinary_numbers, min_size=3, max_size=3)


def outputs(graphs, xs):
    return [run(SMOOTH, graph, list(xs)) for graph in graphs]


@given(graphs, triples, triples)
@settings(deadline=None, max_examples=60)
def test_forward_and_reverse_mode_are_products_with_the_jacobian(graphs, point, direction):
    f = lambda xs: outputs(graphs, xs)  # noqa: E731
    matrix = np.array(jacobian(f)(point))
    values, slopes = jvp(f, (point,), (direction,))
    assert values == [output.data for output in f([Value(x) for x in point])]
    scale = np.abs(matrix) @ np.abs(direction)
    assert np.all(np.abs(slopes - matrix @ direction) <= 1e-12 * scale + 1e-300)
    weights = direction[: len(graphs)]
    again, pullback = vjp(f, point)
    assert again == values
    scale = np.abs(weights) @ np.abs(matrix)
    assert np.all(np.abs(np.array(pullback(weights)[0]) - weights @ matrix) <= 1e-12 * scale + 1e-300)


@given(steps(SMOOTH, most=6), triples, triples)
@settings(deadline=None, max_examples=40)
def test_hvp_is_the_product_with_the_hessian(graph, point, direction):
    f = lambda xs: run(SMOOTH, graph, list(xs))  # noqa: E731
    matrix = np.array(hessian(f)(point))
    product = np.array(hvp(f, (point,), (direction,)))
    assert np.all(np.abs(product - matrix @ direction) <= 1e-9 * (np.abs(matrix) @ np.abs(direction)) + 1e-300)


@pytest.mark.parametrize("order", range(1, 5))
def test_products_nest(order):
    def along(f):
        return lambda x: jvp(f, (x,), (1.0,))[1]

    def backward(f):
        return lambda x: vjp(f, x)[1](1.0)[0]

    for step in (along, backward):
        f = lambda x: x.sin() if isinstance(x, Value) else functions.sin(x)  # noqa: E731
        for _ in range(order):
            f = step(f)
        expected = [math.sin, math.cos, lambda x: -math.sin(x), lambda x: -math.cos(x)][order % 4](0.7)
        assert f(0.7) == pytest.approx(expected, rel=1e-14)
        assert type(f(0.7)) is float


def test_each_may_be_inside_of_every_other():
    cube = lambda x: x**3  # noqa: E731
    second = [
        jvp(grad(cube), (2.0,), (1.0,))[1],
        grad(lambda x: jvp(cube, (x,), (1.0,))[1])(2.0),
        grad(lambda x: vjp(cube, x)[1](1.0)[0])(2.0),
        vjp(lambda x: jvp(cube, (x,), (1.0,))[1], 2.0)[1](1.0)[0],
        jvp(lambda x: vjp(cube, x)[1](1.0)[0], (2.0,), (1.0,))[1],
        hvp(cube, (2.0,), (1.0,)),
    ]
    assert second == [12.0] * 6
    assert grad(lambda x: hvp(cube, (x,), (1.0,)))(2.0) == 6.0


def test_products_are_linear_in_the_direction_and_can_be_differentiated_by_it():
    f = lambda x, y: x * x * y  # noqa: E731
    assert grad(lambda t: jvp(f, (3.0, 4.0), (t, 0.0))[1])(1.0) == 24.0
    assert grad(lambda weight: vjp(f, 3.0, 4.0)[1](weight)[1])(1.0) == 9.0


def test_perturbations_are_kept_apart():
    assert jvp(lambda x: x * jvp(lambda y: x + y, (1.0,), (1.0,))[1], (1.0,), (1.0,))[1] == 1.0
    assert vjp(lambda x: x * vjp(lambda y: x * y, 2.0)[1](1.0)[0], 3.0)[1](1.0) == (6.0,)


def test_at_values_results_are_connected_values():
    x = Value(2.0)
    _, slope = jvp(lambda v: v**3, (x,), (1.0,))
    assert derivative(slope, x).data == 12.0
    (slope,) = vjp(lambda v: v**3, x)[1](1.0)
    assert derivative(slope, x).data == 12.0
    w = Value(5.0)
    assert derivative(jvp(lambda v: w * v, (2.0,), (1.0,))[1], w).data == 1.0


def test_a_pullback_may_be_called_again():
    _, pullback = vjp(lambda x, y: [x * y, x + y], 3.0, 4.0)
    gradients = [pullback(weights) for weights in ([1.0, 0.0], [0.0, 1.0], [1.0, 0.0])]
    assert gradients == [
        (4.0, 3.0),
        (1.0, 1.0),
        (4.0, 3.0),
    ]


def test_no_grad_of_a_value_changes():
    w = Value(2.0)
    w.grad = 7.0
    constant = Value.constant(3.0)
    f = lambda x: x * w * constant  # noqa: E731
    jvp(f, (1.0,), (1.0,))
    vjp(f, 1.0)[1](1.0)
    hvp(lambda x: x * x * constant, (1.0,), (1.0,))
    jvp(lambda x: x * constant, (1.0,), (1.0,))
    assert vjp(lambda x: x * constant, 1.0)[1](1.0) == (3.0,)
    assert (w.grad, constant.has_grad) == (7.0, False)


BRANCHES = {
    "select": (lambda x: functions.select(x, functions.sqrt(x), 0.0), 0.0),
    "leaky_relu": (lambda x: functions.leaky_relu(x, 0.5), 0.5),
    "clip": (lambda x: functions.clip(x * x * x, -0.5, 0.5), 0.0),
    "absolute": (functions.absolute, -1.0),
    "minimum": (lambda x: functions.minimum(x, 1.0 / (x + 1.0)), 1.0),
}


@pytest.mark.parametrize("name", BRANCHES)
def test_a_branch_that_was_not_taken_sends_nothing_forward(name):
    f, expected = BRANCHES[name]
    assert jvp(f, (-1.0,), (1.0,))[1] == expected
    assert jvp(f, (Value(-1.0),), (1.0,))[1].data == expected
    assert grad(lambda x: jvp(f, (x,), (1.0,))[1])(-1.0) == 0.0
    assert hvp(f, (-1.0,), (1.0,)) == 0.0


def test_one_forward_pass_serves_many_outputs():
    calls = []

    def f(x):
        calls.append(1)
        return [x * float(n) for n in range(1000)]

    _, slopes = jvp(f, (1.0,), (1.0,))
    assert slopes == [float(n) for n in range(1000)]
    assert len(calls) == 1


def test_a_chain_100_000_deep_needs_no_recursion():
    def f(x):
        y = x
        for _ in range(100_000):
            y = y + x
        return y

    assert jvp(f, (1.0,), (1.0,)) == (100_001.0, 100_001.0)
    assert vjp(f, 1.0)[1](1.0) == (100_001.0,)


def test_the_direction_may_be_in_arrays_of_other_libraries():
    torch = pytest.importorskip("torch")
    x, direction = torch.tensor([1.0, 2.0]), torch.tensor([1.0, 0.5])
    assert jvp(lambda a: (a * a).sum(), (x,), (direction,)) == (5.0, 4.0)
    _, pullback = vjp(np.square, x)
    assert pullback(direction)[0].tolist() == [2.0, 2.0]
    assert autograd.hvp(lambda a: (a**3).sum(), (x,), (direction,)).tolist() == [6.0, 6.0]
