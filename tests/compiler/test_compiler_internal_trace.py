"""The internal trace: data, local derivatives and gradient of every node, as what a program computes."""

import pytest
from hypothesis import given, settings, strategies as st
from support.graphs import EVERYTHING, EXACT, bits, edge_numbers, javascript, run, steps

import autograd
from autograd import Value, topological_order
from autograd.compiler.sample_program import SampleProgram
from autograd.compiler.source.python import python_function
from autograd.compiler.targets.python import FLOAT_FUNCTIONS, PythonTarget
from autograd.compiler.trace.trace import trace_graph
from autograd.graph import walk


def traced(build):
    """A program for all numbers in the nodes of a graph, in topological order, recorded at other numbers."""
    leaves = [Value(1.0) for _ in range(3)]
    output = build(leaves)
    trace = trace_graph(walk(output), leaves)
    twins = [trace.twins[node] for node in topological_order(output)]
    forward = [number for node in twins for number in (node.data, *node.local_derivatives)]
    traced = trace.builder.finish(forward, [node.grad for node in twins])
    return SampleProgram(traced, (), PythonTarget(traced.routine))


def held(build, point):
    """The numbers in the nodes after backward(): data with local derivatives, then gradients."""
    output = build([Value(number) for number in point])
    output.backward()
    nodes = topological_order(output)
    return [n for node in nodes for n in (node.data, *node.local_derivatives)], [node.grad for node in nodes]


def every_bit(numbers):
    return [bits(number) for part in numbers for number in part]


points = st.lists(edge_numbers, min_size=3, max_size=3)


@given(steps(EVERYTHING, most=12), points)
@settings(deadline=None)
def test_in_python_it_has_the_bits_of_every_node_after_backward(graph, point):
    def build(leaves):
        return run(EVERYTHING, graph, leaves)

    function = python_function(traced(build).traced.routine, FLOAT_FUNCTIONS)
    assert every_bit(function(*point)) == every_bit(held(build, point))


@given(steps(EXACT, most=12), points)
@settings(deadline=None, max_examples=40)
def test_in_javascript_it_has_the_bits_of_every_node_after_backward(graph, point):
    def build(leaves):
        return run(EXACT, graph, leaves)

    first, rest = javascript(traced(build), point)[0]
    assert every_bit([[first, *rest]]) == every_bit(held(build, point))


def test_the_local_derivative_of_each_operand_is_at_its_index():
    x, y, z = Value(3.0, "x"), Value(5.0, "y"), Value(-1.0, "z")
    product = x * y
    chosen = z.select(product, x)
    trace = trace_graph(walk(chosen / y), [x, y, z])
    assert len(trace.twins[product].local_derivatives) == 2
    assert len(trace.twins[chosen].local_derivatives) == 3
    numbers = [*trace.twins[product].local_derivatives, *trace.twins[chosen].local_derivatives]
    [results] = [python_function(trace.builder.finish(numbers).routine, FLOAT_FUNCTIONS)(3.0, 5.0, -1.0)]
    assert results == [5.0, 3.0, 0.0, 0.0, 1.0]


@given(steps(EVERYTHING), points, st.integers(0, 30))
@settings(deadline=None, max_examples=60)
def test_the_gradient_with_respect_to_any_node_is_the_one_it_has_after_backward(graph, point, which):
    leaves = [Value(number) for number in point]
    output = run(EVERYTHING, graph, leaves)
    nodes = topological_order(output)
    node = nodes[which % len(nodes)]
    program = autograd.compile(output, leaves, [node], target="python")
    output.backward()
    value, [gradient] = program.value_and_grad(*point)
    assert (bits(value), bits(gradient)) == (bits(output.data), bits(node.grad))


@pytest.mark.parametrize("target", ["python", "numpy", "native"])
def test_the_gradient_with_respect_to_every_node_of_a_reused_chain(target):
    x = Value(0.5, "x")
    square = x * x
    both = square + square * x
    output = both * both
    program = autograd.compile(output, [x], [both, square, x, output], target=target)
    output.backward()
    assert program.value_and_grad(0.5) == (output.data, [both.grad, square.grad, x.grad, 1.0])
