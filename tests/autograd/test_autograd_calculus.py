"""derivative, grad, value_and_grad, jacobian, hessian: closed forms, nesting, structure."""

import math
from collections import namedtuple

import numpy as np
import pytest

from autograd import Value, array, derivative, grad, grad_of, hessian, jacobian, topological_order, value_and_grad


def derivatives(f, x, order):
    """f and its derivatives at x up to an order, each the derivative of the previous one."""
    x = Value(x, "x")
    results = [f(x)]
    for _ in range(order):
        results.append(derivative(results[-1], x))
    return [result.data for result in results]


T = math.tanh(0.6)
CLOSED_FORMS = {
    "x⁵": (lambda x: x**5, 1.5, [1.5**5, 5 * 1.5**4, 20 * 1.5**3, 60 * 1.5**2, 120 * 1.5, 120.0, 0.0, 0.0]),
    "x·x·x": (lambda x: x * x * x, 1.5, [1.5**3, 3 * 1.5**2, 9.0, 6.0, 0.0]),
    "3x + 2": (lambda x: 3 * x + 2, 1.5, [6.5, 3.0, 0.0, 0.0]),
    "x⁻¹": (lambda x: x**-1, 2.0, [0.5, -0.25, 0.25, -0.375, 0.75]),
    "1/x": (lambda x: 1 / x, 2.0, [0.5, -0.25, 0.25, -0.375, 0.75]),
    "√x": (lambda x: x.sqrt(), 4.0, [2.0, 0.25, -1 / 32, 3 / 256, -15 / 2048]),
    "x^0.5": (lambda x: x**0.5, 4.0, [2.0, 0.25, -1 / 32, 3 / 256, -15 / 2048]),
    "exp": (lambda x: x.exp(), 0.6, [math.exp(0.6)] * 5),
    "expm1": (lambda x: x.expm1(), 0.6, [math.expm1(0.6)] + [math.exp(0.6)] * 4),
    "log": (lambda x: x.log(), 2.0, [math.log(2), 0.5, -0.25, 0.25, -0.375]),
    "log1p": (lambda x: x.log1p(), 1.0, [math.log(2), 0.5, -0.25, 0.25, -0.375]),
    "sin": (lambda x: x.sin(), 0.6, [math.sin(0.6), math.cos(0.6), -math.sin(0.6), -math.cos(0.6), math.sin(0.6)]),
    "cos": (lambda x: x.cos(), 0.6, [math.cos(0.6), -math.sin(0.6), -math.cos(0.6), math.sin(0.6), math.cos(0.6)]),
    "tanh": (
        lambda x: x.tanh(),
        0.6,
        [T, 1 - T**2, -2 * T * (1 - T**2), (6 * T**2 - 2) * (1 - T**2), (16 * T - 24 * T**3) * (1 - T**2)],
    ),
    "2ˣ": (lambda x: 2**x, 3.0, [8 * math.log(2) ** n for n in range(5)]),
    "xˣ": (lambda x: x**x, 1.0, [1.0, 1.0, 2.0, 3.0, 8.0]),
    "softplus": (lambda x: x.softplus(), 0.0, [math.log(2), 0.5, 0.25, 0.0, -0.125]),
    "sigmoid": (lambda x: x.sigmoid(), 0.0, [0.5, 0.25, 0.0, -0.125, 0.0]),
    "|x|": (abs, -2.0, [2.0, -1.0, 0.0, 0.0]),
    "relu": (lambda x: x.relu(), 2.0, [2.0, 1.0, 0.0]),
    "relu(x)³": (lambda x: x.relu() ** 3, 2.0, [8.0, 12.0, 12.0, 6.0, 0.0]),
    "leaky_relu²": (lambda x: x.leaky_relu(0.5) ** 2, -2.0, [1.0, -1.0, 0.5, 0.0]),
    "clip(x², 0, 9)": (lambda x: (x**2).clip(0, 9), 2.0, [4.0, 4.0, 2.0, 0.0]),
    "max(x², x)": (lambda x: (x**2).maximum(x), 3.0, [9.0, 6.0, 2.0, 0.0]),
    "min(x², x)": (lambda x: (x**2).minimum(x), 3.0, [3.0, 1.0, 0.0]),
    "select(x, x³, 1)": (lambda x: x.select(x**3, 1.0), 2.0, [8.0, 12.0, 12.0, 6.0, 0.0]),
    "sign": (lambda x: x.sign(), 2.0, [1.0, 0.0, 0.0]),
    "heaviside": (lambda x: x.heaviside() * x**2, 2.0, [4.0, 4.0, 2.0, 0.0]),
    "x·detach(x)": (lambda x: x * x.detach(), 3.0, [9.0, 3.0, 0.0]),
    "x⁰": (lambda x: x**0 * x, 2.0, [2.0, 1.0, 0.0]),
}


@pytest.mark.parametrize("name", CLOSED_FORMS)
def test_derivatives_of_every_order_are_the_closed_forms(name):
    f, x, expected = CLOSED_FORMS[name]
    assert derivatives(f, x, len(expected) - 1) == pytest.approx(expected, rel=1e-13, abs=1e-13)


def test_derivative_is_a_value_even_if_y_does_not_depend_on_x():
    x, other = Value(2.0), Value(3.0)
    for y in (other * other, Value(1.0), x.sign(), x**0, x.heaviside()):
        slope = derivative(y, x)
        assert isinstance(slope, Value)
        assert slope.data == 0.0
        assert derivative(slope, x).data == 0.0
    assert derivative(x, x).data == 1.0


def test_the_gate_of_a_select_gets_no_derivative():
    gate, a = Value(2.0), Value(3.0)
    assert derivative(gate.select(a, 0.0), gate).data == 0.0
    assert derivative(gate.select(gate * a, 0.0), gate).data == 3.0  # through the choice only


def test_derivative_with_respect_to_an_intermediate_node_treats_its_operands_as_fixed():
    x = Value(2.0)
    square = x * x
    y = square**3 + x
    assert derivative(y, square).data == 3 * 4.0**2
    assert derivative(derivative(y, square), square).data == 6 * 4.0
    assert derivative(derivative(y, square), x).data == 6 * 4.0 * 4.0  # but its graph continues to the leaves
    assert derivative(y, x).data == 6 * 2.0**5 + 1


def test_mixed_derivatives_commute():
    x, y = Value(0.7), Value(-1.2)
    z = (x * y).sin() * (x - y).exp() / (x**2 + 1)
    by_xy, by_yx = derivative(derivative(z, x), y), derivative(derivative(z, y), x)
    assert by_xy.data == pytest.approx(by_yx.data, rel=1e-12)


@pytest.mark.parametrize(("a", "b"), [(2.0, 0.0), (2.0, 1.0), (0.5, 2.0), (3.0, -1.0), (1.0, 0.0)])
def test_second_derivatives_of_a_power_are_the_closed_forms_at_whole_exponents_too(a, b):
    x, n = Value(a), Value(b)
    by_x, by_n = derivative(x**n, x), derivative(x**n, n)
    log = math.log(a)
    assert derivative(by_x, x).data == pytest.approx(b * (b - 1) * a ** (b - 2), rel=1e-13)
    assert derivative(by_x, n).data == pytest.approx(a ** (b - 1) * (1 + b * log), rel=1e-13)
    assert derivative(by_n, x).data == pytest.approx(a ** (b - 1) * (1 + b * log), rel=1e-13)
    assert derivative(by_n, n).data == pytest.approx(a**b * log**2, rel=1e-13)


@pytest.mark.parametrize(
    ("b", "expected"),
    [
        (1.0, [[0.0, -math.inf], [-math.inf, 0.0]]),
        (1.5, [[math.inf, 0.0], [0.0, 0.0]]),
        (2.0, [[2.0, 0.0], [0.0, 0.0]]),
        (2.5, [[0.0, 0.0], [0.0, 0.0]]),
        (3.0, [[0.0, 0.0], [0.0, 0.0]]),
    ],
)
def test_second_derivatives_of_a_power_at_0_are_symmetric_and_the_limits_from_above(b, expected):
    assert hessian(lambda v: v[0] ** v[1])([0.0, b]) == expected


FORMULAS = [
    lambda a, b: a + b,
    lambda a, b: a * b + b,
    lambda a, b: (a * b).tanh() - a,
    lambda a, b: a * a * a,
    lambda a, b: (a - b) ** 2,
    lambda a, b: a / b + (a + b).exp(),
    lambda a, b: sum([a, b, a * b]),
    lambda a, b: a**b,
    lambda a, b: (a + a + a).sin(),
    lambda a, b: (-a).sigmoid() * b.softplus(),
    lambda a, b: a.relu() + b.leaky_relu(0.5) + abs(b),
    lambda a, b: a.maximum(b) * a.minimum(b),
]


@pytest.mark.parametrize("f", FORMULAS)
def test_no_derivative_contains_a_sum_with_0_or_a_product_with_1(f):
    a, b = Value(1.25), Value(0.75)
    y = f(a, b)
    first = derivative(y, a)
    for result in (first, derivative(y, b), derivative(first, a), derivative(first, b)):
        for node in topological_order(result):
            constants = [v.data for v in node.operands if v.role == "constant"]
            assert not (node.op in ("add", "subtract") and 0.0 in constants), f"{node.op} with 0"
            assert not (node.op == "multiply" and 1.0 in constants), "a product with 1"


def test_no_derivative_contains_a_power_of_1():
    x = Value(3.0)
    for y in (x**2, x**3, (x + 1) ** 2):
        for result in (derivative(y, x), derivative(derivative(y, x), x)):
            assert not [node for node in topological_order(result) if node.op == "power" and node.numbers == (1.0,)]


def test_derivative_of_a_sum_and_of_a_product_are_nodes_of_their_own_graph():
    x, w = Value(2.0), Value(3.0)
    assert derivative(x * w, x) is w
    assert derivative(x + w, x).role == "constant"


def test_derivative_is_connected_to_the_leaves_and_follows_their_change():
    x = Value(2.0)
    slope = derivative(x**3, x)
    x.data = 5.0
    assert slope.forward() == 75.0
    slope.backward()
    assert x.grad == 30.0


def test_no_grad_changes_under_derivative_or_grad():
    x, k = Value(2.0), Value.constant(3.0)
    y = (x * k).tanh() + x**2
    y.backward()
    nodes = topological_order(y)
    before = [(node.data, node.grad, node.has_grad) for node in nodes]
    derivative(derivative(y, x), x)
    grad(lambda v: v * x * y)(4.0)
    grad(lambda v: v * x * y)(x)
    grad(lambda v: v * k)(4.0)
    jacobian(lambda v: [v * k, v * y])(4.0)
    hessian(lambda v: v * v * k * y)(x)
    assert [(node.data, node.grad, node.has_grad) for node in nodes] == before


def test_a_derivative_of_a_chain_100_000_deep_needs_no_recursion():
    x = Value(1.0)
    y = x
    for _ in range(100_000):
        y = y + x
    assert derivative(y, x).data == 100_001.0


# Functions.


def test_nested_closures_keep_their_perturbations_apart():
    assert grad(lambda x: grad(lambda y: x * y)(x))(3.0) == 1.0
    assert grad(lambda x: x * grad(lambda y: x + y)(1.0))(1.0) == 1.0  # Siskind and Pearlmutter's example
    assert grad(lambda x: x * grad(lambda y: x * y)(2.0))(3.0) == 6.0
    assert grad(lambda x: grad(lambda y: x**2 * y**3)(x))(2.0) == pytest.approx(4 * 3 * 2.0**3)
    assert grad(lambda x: grad(lambda y: grad(lambda z: x * y * z)(y))(x))(5.0) == 1.0


def test_grad_of_grad_is_the_second_derivative():
    f = lambda x: x**4  # noqa: E731
    assert [f(2.0), grad(f)(2.0), grad(grad(f))(2.0), grad(grad(grad(f)))(2.0)] == [16.0, 32.0, 48.0, 48.0]


def test_floats_in_floats_out_values_in_connected_values_out():
    f = lambda x: x**3  # noqa: E731
    value, slope = value_and_grad(f)(2)
    assert (value, slope, type(value), type(slope)) == (8.0, 12.0, float, float)
    x = Value(2.0, "x")
    value, slope = value_and_grad(f)(x)
    assert isinstance(value, Value)
    assert isinstance(slope, Value)
    slope.backward()
    assert x.grad == 12.0
    value.backward()
    assert x.grad == 24.0


def test_a_value_from_outside_connects_the_result():
    w = Value(3.0)
    slope = grad(lambda x: w * x * x)(2.0)
    assert isinstance(slope, Value)
    slope.backward()
    assert (slope.data, w.grad) == (12.0, 4.0)


def test_argnums_chooses_the_argument_to_differentiate_with_respect_to():
    f = lambda x, y, z: x * y + z  # noqa: E731
    assert grad(f)(2.0, 3.0, 4.0) == 3.0
    assert grad(f, 1)(2.0, 3.0, 4.0) == 2.0
    assert grad(f, (2, 0))(2.0, 3.0, 4.0) == (1.0, 3.0)
    assert grad(f, -1)(2.0, 3.0, 4.0) == 1.0
    assert jacobian(lambda x, y: [x * y, x], (0, 1))(2.0, 3.0) == [(3.0, 2.0), (1.0, 0.0)]
    assert hessian(f, 0)(2.0, 3.0, 4.0) == 0.0


def test_arguments_that_are_not_chosen_are_passed_on_unchanged():
    def f(x, mode, options):
        assert (mode, options) == ("sin", {"scale": 2.0})
        return x.sin() * options["scale"]

    assert grad(f)(0.0, "sin", {"scale": 2.0}) == 2.0


def test_gradients_have_the_structure_of_the_argument():
    f = lambda p: p[0][0] * p[0][1] + p[1]  # noqa: E731
    assert grad(f)([(2.0, 3.0), 4.0]) == [(3.0, 2.0), 1.0]
    gradient = grad(lambda w: (w**2).sum())(np.array([[1.0, 2.0], [3.0, 4.0]]))
    assert gradient.dtype == float
    assert gradient.tolist() == [[2.0, 4.0], [6.0, 8.0]]
    both = grad(lambda p: (p[0] * p[1]).sum())([np.array([1.0, 2.0]), 3.0])
    assert both[0].tolist() == [3.0, 3.0]
    assert both[1] == 3.0


def test_jacobian_has_the_shape_of_the_output_then_of_the_input():
    w = np.arange(6.0).reshape(2, 3)
    matrix = jacobian(lambda x: w @ x)(np.array([1.0, 2.0, 3.0]))
    assert matrix.tolist() == w.tolist()
    assert jacobian(lambda v: array(w) @ v)(np.ones(3)).shape == (2, 3)
    assert jacobian(lambda m: m @ [1.0, 2.0, 3.0])(w).shape == (2, 2, 3)
    assert jacobian(lambda m: m * m)(w).shape == (2, 3, 2, 3)
    assert jacobian(lambda m: m.sum())(w).tolist() == [[1.0] * 3] * 2
    assert jacobian(lambda x: x * x)(3.0) == 6.0
    assert jacobian(lambda x: [x, [x * x]])(3.0) == [1.0, [6.0]]


def test_jacobian_of_an_elementwise_function_is_diagonal():
    x = np.array([0.5, -1.0, 2.0])
    matrix = jacobian(np.tanh)(x)
    assert np.allclose(matrix, np.diag(1 - np.tanh(x) ** 2), rtol=1e-14)


def test_hessian_of_a_quadratic_form_is_its_matrix():
    a = np.array([[2.0, -1.0, 0.5], [-1.0, 3.0, 0.0], [0.5, 0.0, 1.0]])
    h = hessian(lambda x: 0.5 * (x @ a @ x))(np.array([0.3, -0.2, 0.9]))
    assert np.allclose(h, a, rtol=1e-14)
    assert h.dtype == float
    assert hessian(lambda x: x**3)(2.0) == 12.0
    assert hessian(lambda p: p[0] ** 2 * p[1][0])([3.0, [4.0]]) == [[8.0, [6.0]], [[6.0, [0.0]]]]


def test_gradients_at_arrays_of_values_are_arrays_of_connected_values():
    x = array([1.0, 2.0])
    gradient = grad(lambda v: (v**3).sum())(x)
    assert [v.data for v in gradient] == [3.0, 12.0]
    gradient.sum().backward()
    assert grad_of(x).tolist() == [6.0, 12.0]


def test_a_function_with_a_constant_result_has_gradient_0():
    assert grad(lambda x: 3.0)(2.0) == 0.0
    assert grad(lambda x: Value(3.0))(Value(2.0)).data == 0.0
    assert grad(lambda x: x)(2.0) == 1.0
    assert hessian(lambda x: 3 * x)(2.0) == 0.0


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: grad(Value(1.0)), r"use derivative\(y, x\)"),
        (lambda: grad(Value(1.0), Value(2.0)), r"use derivative\(y, x\)"),
        (lambda: jacobian(Value(1.0)), r"use derivative\(y, x\)"),
        (lambda: grad(3), r"argument of grad must be a function, not 3"),
        (lambda: hessian("f"), r"argument of hessian must be a function, not 'f'"),
        (lambda: grad(lambda x: x, 1)(2.0), r"index of an argument, counted from 0, not 1: the call has 1"),
        (lambda: grad(lambda x: [x, x])(2.0), r"must return a Value, not a list of 2; .*jacobian"),
        (lambda: grad(lambda x: None)(2.0), r"must return a Value, not None"),
        (lambda: grad(lambda x: x)("2"), r"not the string '2'"),
        (lambda: grad(lambda x: x, "x"), r"argnums must be the index of an argument.*not 'x'"),
        (lambda: jacobian(lambda x: x, (0, 1.0)), r"argnums must be the index of an argument.*not \(0, 1.0\)"),
        (lambda: derivative(1.0, Value(1.0)), r"y is 1.0"),
        (lambda: derivative(Value(1.0), "x"), r"x is 'x'"),
        (lambda: derivative(lambda x: x, Value(1.0)), r"for a function use grad\(f\)"),
    ],
)
def test_the_error_for_a_wrong_argument_says_what_would_be_right(call, message):
    with pytest.raises(TypeError, match=message):
        call()


@pytest.mark.parametrize("argnums", [(0, 0), (1, -1), [0, -2]])
def test_an_argument_chosen_twice_is_refused(argnums):
    with pytest.raises(ValueError, match="at most once"):
        grad(lambda x, y: x * y, argnums)(2.0, 3.0)


@pytest.mark.parametrize(
    ("f", "expected"),
    [
        (lambda x: x * Value(2.0), 2.0),
        (lambda x: (array([1.0, 2.0]) * x).sum(), 3.0),
        (lambda x: x * grad(lambda y: y * y * Value(2.0))(2.0), 8.0),
        (lambda x: grad(lambda y: x * y * y)(2.0), 4.0),
        (lambda x: grad(lambda y: x * y * y * Value(3.0))(Value(2.0)), 12.0),
    ],
)
def test_values_made_inside_the_function_leave_its_gradient_a_float(f, expected):
    value, slope = value_and_grad(f)(3.0)
    assert (type(value), type(slope), slope) == (float, float, expected)


def test_a_function_that_raises_leaves_the_next_gradient_right():
    w = Value(2.0)
    with pytest.raises(ZeroDivisionError):
        grad(lambda x: x * (1 // 0))(3.0)
    assert isinstance(grad(lambda x: x * w)(3.0), Value)


def test_keyword_arguments_are_passed_on():
    f = lambda x, *, scale: x * x * scale  # noqa: E731
    assert grad(f)(3.0, scale=2.0) == 12.0
    assert value_and_grad(f)(3.0, scale=2.0) == (18.0, 12.0)
    assert jacobian(f)(3.0, scale=2.0) == 12.0
    assert hessian(f)(3.0, scale=2.0) == 4.0


def test_gradients_of_a_namedtuple_are_one():
    point = namedtuple("point", "x y")
    assert grad(lambda p: p.x * p.y)(point(3.0, 4.0)) == point(4.0, 3.0)
    assert type(grad(lambda p: p.x * p.y)(point(3.0, 4.0))) is point


def test_a_derivative_refers_to_existing_results():
    x = Value(0.6)
    e, t, q = x.exp(), x.tanh(), 1.0 / x
    assert derivative(e, x) is e
    assert derivative(derivative(e, x), x) is e
    assert t in topological_order(derivative(t, x))
    assert q in topological_order(derivative(q, x))
    for y in (t, x.sigmoid(), x.sqrt(), x**x):
        assert [v.op for v in topological_order(derivative(y, x))].count(y.op) <= 2
    slope = derivative(t, x)
    assert sorted(v.op for v in topological_order(slope) if v.op) == ["multiply", "subtract", "tanh"]
    x.data = 0.2
    assert slope.forward() == 1.0 - math.tanh(0.2) ** 2
