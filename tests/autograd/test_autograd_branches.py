"""A branch that was not taken sends nothing back, as in an `if`: at any order of derivative."""

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings, strategies as st
from support.graphs import EVERYTHING, edge_numbers, run, steps

from autograd import (
    Value,
    backward_steps,
    compile as compile_graph,
    derivative,
    exp,
    grad,
    log,
    maximum,
    minimum,
    select,
    sqrt,
)

NOT_TAKEN = {  # functions, a point, and the function whose derivatives they have there
    "select, second taken": (lambda x: select(x, sqrt(x), 0.0), -1.0, lambda x: 0.0 * x),
    "select at its gate": (lambda x: select(x, 1.0 / x, 3.0 * x), 0.0, lambda x: 3.0 * x),
    "select, first taken": (lambda x: select(x, x * x, exp(x) - 1.0), 1000.0, lambda x: x * x),
    "select in select": (lambda x: select(x, select(x - 2.0, log(x - 2.0), x**3), sqrt(x)), 1.0, lambda x: x**3),
    "relu": (lambda x: log(x).relu(), 0.0, lambda x: 0.0 * x),
    "clip": (lambda x: log(x).clip(-1.0, 1.0), 0.0, lambda x: 0.0 * x),
    "maximum": (lambda x: maximum(log(x), x), 0.0, lambda x: x),
    "minimum": (lambda x: minimum(x, 1.0 / (x * x)), 0.0, lambda x: x),
    "absolute": (lambda x: abs(sqrt(x)), 0.0, lambda x: 0.0 * x),
    "negated": (lambda x: -select(x, -sqrt(x) * x, x), -1.0, lambda x: -x),
    "a sum of both": (lambda x: select(x, sqrt(x), x) + x * x, -1.0, lambda x: x + x * x),
    "shared by both": (lambda x: (lambda y: select(x, sqrt(y), y * y))(x * 2.0), -1.0, lambda x: 4.0 * x * x),
}


@pytest.mark.parametrize("order", [1, 2, 3])
@pytest.mark.parametrize("name", NOT_TAKEN)
def test_a_derivative_is_that_of_the_branches_that_were_taken(name, order):
    f, at, taken = NOT_TAKEN[name]
    for _ in range(order):
        f, taken = grad(f), grad(taken)
    assert f(at) == taken(at)


@pytest.mark.parametrize("name", NOT_TAKEN)
def test_backward_gives_a_gradient_of_0_to_what_it_does_not_reach(name):
    f, at, taken = NOT_TAKEN[name]
    x, y = Value(at), Value(at)
    f(x).backward()
    taken(y).backward()
    assert x.has_grad
    assert x.grad == y.grad


@pytest.mark.parametrize("target", ["python", "numpy", "native", "jax", "javascript"])
@pytest.mark.parametrize("name", NOT_TAKEN)
def test_a_program_has_the_derivative_of_the_branches_that_were_taken(name, target):
    f, at, taken = NOT_TAKEN[name]
    assert compile_graph(f, target=target).grad(at) == grad(taken)(at)


@given(steps(EVERYTHING, most=8), steps(EVERYTHING, most=8), st.lists(edge_numbers, min_size=4, max_size=4))
@settings(deadline=None, max_examples=150)
def test_select_has_the_derivatives_of_an_if(first, second, point):
    def choices(leaves):
        return run(EVERYTHING, first, leaves), run(EVERYTHING, second, leaves)

    selected, chosen = [[Value(number) for number in point[:3]] for _ in range(2)]
    gate = point[3]
    roots = select(Value(gate), *choices(selected)), choices(chosen)[0 if gate > 0.0 else 1]
    for root in roots:
        root.backward()
    for a, b in zip(selected, chosen, strict=True):
        np.testing.assert_allclose(a.grad, b.grad, rtol=1e-9, equal_nan=True)


@given(steps(EVERYTHING, most=5), steps(EVERYTHING, most=5), st.lists(edge_numbers, min_size=4, max_size=4))
@settings(deadline=None, max_examples=60)
def test_select_has_the_second_derivatives_of_an_if(first, second, point):
    def second_derivatives(root, leaves):
        return [derivative(derivative(root, a), b).data for a in leaves for b in leaves]

    def choices(leaves):
        return run(EVERYTHING, first, leaves), run(EVERYTHING, second, leaves)

    selected, chosen = [[Value(number) for number in point[:3]] for _ in range(2)]
    gate = point[3]
    got = second_derivatives(select(Value(gate), *choices(selected)), selected)
    expected = second_derivatives(choices(chosen)[0 if gate > 0.0 else 1], chosen)
    assume(not any(map(math.isinf, expected)))  # inf - inf depends on the order of sums
    np.testing.assert_allclose(got, expected, rtol=1e-6, equal_nan=True)


def test_a_graph_of_derivatives_follows_its_gate():
    x = Value(-1.0, "x")
    slope = derivative(select(x, sqrt(x), x * x), x)
    curvature = derivative(slope, x)
    for number, first, second in [(-1.0, -2.0, 2.0), (4.0, 0.25, -1.0 / 32.0), (-3.0, -6.0, 2.0), (0.0, 0.0, 2.0)]:
        x.data = number
        assert (slope.forward(), curvature.forward()) == (first, second)


def test_only_branches_block():
    x = Value(0.0)
    (sqrt(x) * 0.0).backward()
    assert math.isnan(x.grad)


def test_a_step_behind_a_branch_says_so():
    x = Value(0.0, "x")
    *_, step = backward_steps(log(x).relu())
    assert step.code == "x.grad += 0.0  # behind a branch that was not taken"
    assert r"\text{a branch not taken} = 0" in step.math


BEHIND = {
    "absolute": abs,
    "relu": lambda x: x.relu(),
    "maximum": lambda x: maximum(x, 1.0),
    "minimum": lambda x: minimum(1.0, x),
    "clip": lambda x: x.clip(-1.0, 1.0),
    "select": lambda x: select(x, x, 2.0 * x),
    "absolute twice": lambda x: abs(abs(x) - 1.0),
    "a product": lambda x: -abs(x) * sqrt(x),
}


@pytest.mark.parametrize("target", ["python", "numpy", "native"])
@pytest.mark.parametrize("name", BEHIND)
@pytest.mark.parametrize("x", [math.nan, math.inf, -math.inf, -0.0])
def test_a_branch_behind_one_that_was_not_taken_sends_0_back_even_at_nan(name, x, target):
    def f(x):
        return select(x - x - 1.0, BEHIND[name](x), 3.0 * x)  # the second, whatever x is

    leaf = Value(x)
    f(leaf).backward()
    slope, curvature = grad(f), grad(grad(f))
    assert (leaf.grad, slope(x), curvature(x)) == (3.0, 3.0, 0.0)
    assert compile_graph(f, target=target).grad(x) == 3.0
    assert compile_graph(slope, target=target).grad(x) == 0.0
