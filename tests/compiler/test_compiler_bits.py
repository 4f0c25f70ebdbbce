"""Programs compute what eager execution does: bit for bit if operations are exact, otherwise within a few units."""

import math

import pytest
from hypothesis import given, settings, strategies as st
from support.graphs import (
    EDGES,
    EVERYTHING,
    EXACT,
    SMOOTH,
    TRANSCENDENTAL,
    all_bits,
    bits,
    compiled,
    eager,
    edge_numbers,
    every_node,
    ordinary_numbers,
    run,
    sizes_of_sums,
    steps,
    units_apart,
)

import autograd
from autograd import Value

leaves = st.lists(edge_numbers, min_size=3, max_size=3)
samples = st.lists(leaves, min_size=1, max_size=11)
ordinary_samples = st.lists(st.lists(ordinary_numbers, min_size=3, max_size=3), min_size=1, max_size=5)


@given(steps(EVERYTHING), samples)
@settings(deadline=None, max_examples=150)
def test_python_computes_the_bits_of_eager_execution(graph, points):
    program = compiled(lambda nodes: run(EVERYTHING, graph, nodes), 3, "python")
    for point in points:
        value, gradients = eager(lambda nodes: run(EVERYTHING, graph, nodes), point)
        assert all_bits(program.value_and_grad(*point)) == all_bits((value, gradients))
        assert bits(program(*point)) == bits(value)


@pytest.mark.parametrize("target", ["numpy", "native", "javascript"])
@given(steps(EXACT), samples)
@settings(deadline=None, max_examples=60)
def test_exact_operations_compute_the_bits_of_eager_execution(target, graph, points):
    program = compiled(lambda nodes: run(EXACT, graph, nodes), 3, target)
    expected = [eager(lambda nodes: run(EXACT, graph, nodes), point) for point in points]
    assert [bits(value) for value in program.map(*zip(*points, strict=True))] == [bits(value) for value, _ in expected]
    for point, result in zip(points, expected, strict=True):
        assert all_bits(program.value_and_grad(*point)) == all_bits(result)


@pytest.mark.parametrize("target", ["numpy", "native", "javascript"])
@given(steps(SMOOTH), ordinary_samples)
@settings(deadline=None, max_examples=40)
def test_graphs_of_every_operation_agree_to_1e_12_of_the_size_of_their_sums(target, graph, points):
    program = compiled(lambda nodes: run(SMOOTH, graph, nodes), 3, target)
    values = program.map(*zip(*points, strict=True)).tolist()
    for point, value in zip(points, values, strict=True):
        leaves = [Value(x) for x in point]
        output = run(SMOOTH, graph, leaves)
        output.backward()
        sizes = sizes_of_sums(output)
        rounding = 1e-12 * sum(size * max(1.0, abs(node.data)) for node, size in sizes.items())
        alone, gradients = program.value_and_grad(*point)
        assert abs(value - output.data) <= rounding
        assert abs(alone - output.data) <= rounding
        for node, gradient in zip(every_node(output, leaves), gradients, strict=True):
            assert abs(gradient - node.grad) <= 1e-12 * sizes.get(node, 0.0)


@pytest.mark.parametrize("target", ["numpy", "native", "javascript"])
@pytest.mark.parametrize("name", TRANSCENDENTAL)
def test_a_transcendental_operation_is_within_4_units_at_every_edge(target, name):
    f = TRANSCENDENTAL[name]
    program = compiled(lambda nodes: f(nodes[0]), 1, target)
    results = [program.value_and_grad(x) for x in EDGES]
    for x, (value, gradients) in zip(EDGES, results, strict=True):
        expected, slopes = eager(lambda nodes: f(nodes[0]), [x])
        assert units_apart(value, expected) <= 5, x  # theirs is within 1
        assert units_apart(gradients[0], slopes[0], least=1.0) <= 16, x


@pytest.mark.parametrize("target", ["numpy", "native", "javascript"])
def test_a_power_of_two_values_is_within_4_units_at_every_pair_of_edges(target):
    program = compiled(lambda nodes: nodes[0] ** nodes[1], 2, target)
    pairs = [(x, n) for x in EDGES for n in [*EDGES, 4.0, -3.0, 5.0, -5.0]]
    results = [program.value_and_grad(*pair) for pair in pairs]
    for pair, (value, gradients) in zip(pairs, results, strict=True):
        expected, slopes = eager(lambda nodes: nodes[0] ** nodes[1], pair)
        assert units_apart(value, expected) <= 5, pair
        for got, slope in zip(gradients, slopes, strict=True):
            assert units_apart(got, slope, least=1.0) <= 16, pair


@pytest.mark.parametrize("target", ["python", "numpy", "native", "javascript"])
@pytest.mark.parametrize("zero", [0.0, -0.0])
def test_the_sign_of_zero_survives_in_value_and_gradient(target, zero):
    x = Value(1.0)
    assert all_bits(autograd.compile(x * zero, [x], target=target).value_and_grad(1.0)) == all_bits((zero, [zero]))


def test_programs_that_differ_in_the_sign_of_a_zero_alone_do_not_share_machine_code():
    x = Value(1.0)
    results = [autograd.compile(x * zero, [x], target="native")(2.0) for zero in (0.0, -0.0, 0.0)]
    assert [math.copysign(1.0, result) for result in results] == [1.0, -1.0, 1.0]


@given(st.lists(ordinary_numbers, min_size=2, max_size=2))
@settings(deadline=None, max_examples=20)
def test_the_graph_of_a_derivative_compiles(point):
    def slope(a, b):
        return autograd.derivative((a * b).tanh() + a.exp() * b**3, a)

    program = autograd.compile(slope, argnums=(0, 1), target="python")
    expected = eager(lambda nodes: slope(*nodes), point)
    value, gradients = program.value_and_grad(*point)
    assert bits(value) == bits(expected[0])
    assert list(gradients) == expected[1][:2]
