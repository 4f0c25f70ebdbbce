"""From a graph to a program: what the chapter says about compiled programs."""

import numpy as np
import pytest

import autograd
from autograd import Value, tanh


def lines_of(program):
    return [line.strip() for line in program.source.splitlines() if "=" in line]


def neuron():
    x = Value(3.0, "x", role="input")
    w, b = Value(0.5, "w", role="parameter"), Value(-1.0, "b", role="parameter")
    y = tanh(w * x + b)
    y.label = "y"
    return x, w, b, y


def test_the_program_of_a_neuron_has_a_line_for_each_operation_of_both_passes():
    x, _, _, y = neuron()
    program = autograd.compile(y, inputs=[x])
    expected = ["t1 = w * x", "t2 = t1 + b", "y = tanh(t2)", "t3 = y * y", "t4 = 1.0 - t3", "t5 = x * t4"]
    assert lines_of(program) == expected


def test_a_program_has_the_value_and_gradients_of_the_graph_and_follows_its_parameters():
    x, w, b, y = neuron()
    y.backward()
    program = autograd.compile(y, inputs=[x])
    value, gradients = program.value_and_grad(3.0)
    assert [value, *gradients] == pytest.approx([y.data, w.grad, b.grad], rel=1e-12)
    w.data = 0.6
    assert program(3.0) == pytest.approx(np.tanh(0.6 * 3.0 - 1.0), rel=1e-12)


def test_the_mean_over_samples_has_the_mean_of_the_gradients():
    x, _, _, y = neuron()
    program = autograd.compile(y, inputs=[x])
    outputs, gradients = program.value_and_grad.map([0.0, 1.0, 2.0, 3.0])
    mean, mean_gradients = program.value_and_grad.map([0.0, 1.0, 2.0, 3.0], reduction="mean")
    assert mean == pytest.approx(np.mean(outputs))
    np.testing.assert_allclose(mean_gradients, np.mean(gradients, axis=1))


def test_a_common_subexpression_is_computed_once():
    program = autograd.compile(lambda x: (x * x + 1.0) * (x * x + 1.0))
    assert program(2.0) == 25.0
    assert program.stats()["forward"] == 3


def test_a_derivative_that_is_constant_needs_no_line():
    program = autograd.compile(lambda x: 3.0 * (2.0 * x))
    assert program.value_and_grad(1.0) == (6.0, 6.0)
    assert lines_of(program) == ["t1 = 2.0 * x", "t2 = 3.0 * t1"]


def test_an_if_on_a_symbol_is_refused_with_advice_and_select_takes_its_place():
    with pytest.raises(TypeError, match="maximum, minimum, clip or select"):
        autograd.compile(lambda x: -x if x < 0 else x)(-3.0)
    assert autograd.compile(lambda x: autograd.select(x, x, -x)).value_and_grad(-3.0) == (3.0, -1.0)


def test_a_plain_number_from_elsewhere_is_fixed_but_a_value_is_read():
    rate, weight = 3.0, Value(3.0)
    fixed, read = autograd.compile(lambda x: rate * x), autograd.compile(lambda x: weight * x)
    assert (fixed(1.0), read(1.0)) == (3.0, 3.0)
    rate, weight.data = 5.0, 5.0
    assert (fixed(1.0), read(1.0)) == (3.0, 5.0)
