"""Laws of differentiation on random graphs: reuse, diamonds, constants and every smooth operation."""

import math

import pytest
from hypothesis import given, settings, strategies as st
from support.exact import Decimal50, mp
from support.graphs import DIFFERENTIABLE, ordinary_numbers, run, steps

from autograd import GradcheckError, Value, derivative, grad, gradcheck, numerical_derivative, rebuild
from autograd.graph import topological_order

graphs = steps(DIFFERENTIABLE, most=10)
points = st.lists(ordinary_numbers, min_size=1, max_size=3)


def output(graph, inputs):
    return run(DIFFERENTIABLE, graph, inputs)


def difference(y, x):
    """dy/dx by a central difference at 50 digits, which uses only values and no rules."""

    def at(offset):
        return rebuild(y, lambda leaf: Decimal50(leaf.data) + (offset if leaf is x else 0))[y].x

    h = mp.mpf(10) ** -16
    return (at(h) - at(-h)) / (2 * h)


@given(graphs, points)
@settings(deadline=None, max_examples=60)
def test_backward_at_50_digits_is_the_derivative_of_the_values(graph, point):
    inputs = [Value(Decimal50(x)) for x in point]
    y = output(graph, inputs)
    y.backward()
    for x in inputs:
        theirs = difference(y, x)
        assert abs(Decimal50(x.grad).x - theirs) <= mp.mpf(10) ** -24 * (1 + abs(theirs))


@given(graphs, points)
@settings(deadline=None, max_examples=60)
def test_backward_on_floats_agrees_with_backward_at_50_digits(graph, point):
    inputs, precise = [Value(x) for x in point], [Value(Decimal50(x)) for x in point]
    output(graph, inputs).backward()
    output(graph, precise).backward()
    for x, exact in zip(inputs, precise, strict=True):
        assert math.isclose(x.grad, float(Decimal50(exact.grad).x), rel_tol=1e-8, abs_tol=1e-8)


@given(graphs, points)
@settings(deadline=None, max_examples=60)
def test_gradcheck_finds_nothing_wrong(graph, point):
    assert gradcheck(lambda *xs: output(graph, xs), *point, rtol=1e-4, atol=1e-5)
    assert gradcheck(output(graph, [Value(x) for x in point]), rtol=1e-4, atol=1e-5)


@given(graphs, points)
@settings(deadline=None, max_examples=60)
def test_derivative_is_the_gradient_of_backward(graph, point):
    inputs = [Value(x) for x in point]
    y = output(graph, inputs)
    slopes = [derivative(y, x).data for x in inputs]
    y.backward()
    for x, slope in zip(inputs, slopes, strict=True):
        assert math.isclose(x.grad, slope, rel_tol=1e-9, abs_tol=1e-9)


@given(graphs, points)
@settings(deadline=None, max_examples=25)
def test_second_derivative_is_the_derivative_of_the_first(graph, point):
    inputs = [Value(Decimal50(x)) for x in point]
    first = derivative(output(graph, inputs), inputs[0])
    for x in inputs:
        ours, theirs = derivative(first, x), difference(first, x)
        assert abs(Decimal50(ours.data).x - theirs) <= mp.mpf(10) ** -22 * (1 + abs(theirs))


@given(graphs, points, ordinary_numbers)
@settings(deadline=None, max_examples=40)
def test_forward_after_a_change_has_the_bits_of_a_newly_recorded_graph(graph, point, other):
    inputs = [Value(x) for x in point]
    y = output(graph, inputs)
    inputs[0].data = other
    y.forward()
    again = output(graph, [Value(other), *(Value(x) for x in point[1:])])
    for node, fresh in zip(topological_order(y), topological_order(again), strict=True):
        assert (node.op, node.data, node.local_derivatives) == (fresh.op, fresh.data, fresh.local_derivatives)


@given(graphs, points)
@settings(deadline=None, max_examples=40)
def test_operands_come_before_results_each_node_once(graph, point):
    y = output(graph, [Value(x) for x in point])
    order = topological_order(y)
    index_of = {node: index for index, node in enumerate(order)}
    assert len(index_of) == len(order)
    assert order[-1] is y
    assert all(index_of[operand] < index_of[node] for node in order for operand in node.operands)


@given(graphs, points, ordinary_numbers)
@settings(deadline=None, max_examples=30)
def test_differentiation_is_linear(graph, point, weight):
    ours = grad(lambda xs: weight * output(graph, xs) + xs[0])(point)
    parts = grad(lambda xs: output(graph, xs))(point)
    expected = [weight * part for part in parts]
    expected[0] += 1.0
    assert ours == pytest.approx(expected, rel=1e-12, abs=1e-12)


@pytest.mark.pure_python
@pytest.mark.parametrize(
    ("op", "wrong", "f"),
    [
        ("tanh", lambda y: 1.0 - y.data, lambda x, y: x.tanh() * y),
        ("exp", lambda y: y.data + 0.001, lambda x, y: x.exp() + y),
        ("sigmoid", lambda y: -y.data, lambda x, y: (x * y).sigmoid()),
    ],
)
def test_gradcheck_finds_a_wrong_rule(monkeypatch, op, wrong, f):
    right = getattr(Value, op)

    def rule(self):
        node = right(self)
        node._da = wrong(node)
        return node

    monkeypatch.setattr(Value, op, rule)
    with pytest.raises(GradcheckError) as caught:
        gradcheck(f, 0.4, -1.3)
    header, columns, *rows = str(caught.value).splitlines()
    assert header.endswith("of 2 derivatives differ from central differences (rtol=1e-06, atol=1e-08)")
    assert columns.split() == ["derivative", "with", "respect", "to", "at", "autograd", "difference", "error"]
    assert rows[0].startswith("x ")
    assert "0.4" in rows[0]
    assert len({len(row) for row in [columns, *rows]}) == 1  # a table
    with pytest.raises(GradcheckError, match="speed"):
        gradcheck(f(Value(0.4, "speed"), Value(-1.3)))


def test_gradcheck_reports_a_kink():
    with pytest.raises(GradcheckError, match=r"1 of 1 derivatives differ"):
        gradcheck(lambda x: x.relu(), 0.0)


def test_gradcheck_checks_every_output_with_respect_to_every_element():
    assert gradcheck(lambda xs, k: [xs[0] * k, xs[1] / k], [1.5, -2.0], 3.0)
    with pytest.raises(GradcheckError, match=r"xs\[0\] \(output 2\) "):
        gradcheck(lambda xs: [xs[1], xs[0].relu()], [0.0, 1.0])


@pytest.mark.parametrize("f", [lambda x: 3.0, lambda x: Value(3.0), lambda x: x, lambda x: [x, 3.0]])
def test_gradcheck_takes_functions_that_do_not_depend_on_their_argument(f):
    assert gradcheck(f, 2.0)


@pytest.mark.parametrize("result", [None, "a", [1.0, "a"]])
def test_gradcheck_refuses_what_is_no_number(result):
    with pytest.raises(TypeError, match="must return"):
        gradcheck(lambda x: result, 2.0)


@given(ordinary_numbers, ordinary_numbers)
@settings(deadline=None, max_examples=30)
def test_numerical_derivative_has_the_structure_of_its_argument(a, b):
    number = numerical_derivative(lambda x: x**2, a)
    assert number == pytest.approx(2 * a, abs=1e-8)
    rows = numerical_derivative(lambda x: x[0] * x[1][0], [a, (b,)])
    assert type(rows[1]) is tuple
    assert rows == [pytest.approx(b, abs=1e-8), (pytest.approx(a, abs=1e-8),)]
