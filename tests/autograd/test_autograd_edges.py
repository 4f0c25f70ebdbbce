"""What IEEE 754, C's pow and the table in Value's docstring say about zeros, infinities, nan and ties."""

from math import inf, log, nan, pi

import pytest
from support.exact import same

from autograd import Value, functions

ONE_OPERAND = [  # name, x, value, derivative
    ("exp", inf, inf, inf), ("exp", -inf, 0.0, 0.0), ("exp", 1000.0, inf, inf), ("exp", -0.0, 1.0, 1.0),
    ("exp", nan, nan, nan),
    ("log", 0.0, -inf, inf), ("log", -0.0, -inf, -inf), ("log", inf, inf, 0.0), ("log", -1.0, nan, -1.0),
    ("log", -inf, nan, -0.0), ("log", nan, nan, nan),
    ("log1p", -1.0, -inf, inf), ("log1p", inf, inf, 0.0), ("log1p", -2.0, nan, -1.0), ("log1p", -0.0, -0.0, 1.0),
    ("log1p", 0.0, 0.0, 1.0), ("log1p", nan, nan, nan), ("log1p", -inf, nan, -0.0),
    ("expm1", inf, inf, inf), ("expm1", -inf, -1.0, 0.0), ("expm1", 0.0, 0.0, 1.0), ("expm1", -0.0, -0.0, 1.0),
    ("expm1", nan, nan, nan), ("expm1", 1000.0, inf, inf),
    ("sqrt", 0.0, 0.0, inf), ("sqrt", inf, inf, 0.0), ("sqrt", -1.0, nan, nan), ("sqrt", nan, nan, nan),
    ("sqrt", -inf, nan, nan),
    ("sin", 0.0, 0.0, 1.0), ("sin", -0.0, -0.0, 1.0), ("sin", inf, nan, nan), ("sin", -inf, nan, nan),
    ("sin", nan, nan, nan),
    ("cos", 0.0, 1.0, -0.0), ("cos", -0.0, 1.0, 0.0), ("cos", inf, nan, nan), ("cos", -inf, nan, nan),
    ("cos", nan, nan, nan),
    ("tanh", 0.0, 0.0, 1.0), ("tanh", -0.0, -0.0, 1.0), ("tanh", inf, 1.0, 0.0), ("tanh", -inf, -1.0, 0.0),
    ("tanh", nan, nan, nan),
    ("sigmoid", 0.0, 0.5, 0.25), ("sigmoid", -0.0, 0.5, 0.25), ("sigmoid", inf, 1.0, 0.0),
    ("sigmoid", -inf, 0.0, 0.0), ("sigmoid", nan, nan, nan),
    ("softplus", 0.0, log(2.0), 0.5), ("softplus", -0.0, log(2.0), 0.5), ("softplus", inf, inf, 1.0),
    ("softplus", -inf, 0.0, 0.0), ("softplus", nan, nan, nan),
    ("relu", 0.0, 0.0, 0.0), ("relu", -0.0, -0.0, 0.0), ("relu", inf, inf, 1.0), ("relu", -inf, 0.0, 0.0),
    ("relu", nan, nan, 0.0),
    ("leaky_relu", 0.0, 0.0, 0.01), ("leaky_relu", -0.0, -0.0, 0.01), ("leaky_relu", inf, inf, 1.0),
    ("leaky_relu", -inf, -inf, 0.01), ("leaky_relu", nan, nan, 0.01),
    ("absolute", 0.0, 0.0, 0.0), ("absolute", -0.0, 0.0, 0.0), ("absolute", inf, inf, 1.0),
    ("absolute", -inf, inf, -1.0), ("absolute", nan, nan, nan),
    ("sign", 0.0, 0.0, 0.0), ("sign", -0.0, -0.0, 0.0), ("sign", inf, 1.0, 0.0), ("sign", -inf, -1.0, 0.0),
    ("sign", nan, nan, 0.0),
    ("heaviside", 0.0, 0.0, 0.0), ("heaviside", -0.0, -0.0, 0.0), ("heaviside", inf, 1.0, 0.0),
    ("heaviside", -inf, 0.0, 0.0), ("heaviside", nan, nan, 0.0),
    ("negative", 0.0, -0.0, -1.0), ("negative", -0.0, 0.0, -1.0), ("negative", inf, -inf, -1.0),
    ("negative", nan, nan, -1.0),
]  # fmt: skip

TWO_OPERANDS = [  # name, a, b, value, derivatives with respect to a and b
    ("add", inf, -inf, nan, 1.0, 1.0), ("add", -0.0, 0.0, 0.0, 1.0, 1.0), ("add", -0.0, -0.0, -0.0, 1.0, 1.0),
    ("add", 1e308, 1e308, inf, 1.0, 1.0),
    ("subtract", inf, inf, nan, 1.0, -1.0), ("subtract", 0.0, 0.0, 0.0, 1.0, -1.0),
    ("multiply", inf, 0.0, nan, 0.0, inf), ("multiply", 1e200, 1e200, inf, 1e200, 1e200),
    ("multiply", -1.0, 0.0, -0.0, 0.0, -1.0), ("multiply", nan, 2.0, nan, 2.0, nan),
    ("divide", 1.0, 0.0, inf, inf, -inf), ("divide", -1.0, 0.0, -inf, inf, inf),
    ("divide", 1.0, -0.0, -inf, -inf, -inf), ("divide", 0.0, 0.0, nan, inf, nan),
    ("divide", 1.0, inf, 0.0, 0.0, -0.0), ("divide", inf, inf, nan, 0.0, nan), ("divide", nan, 0.0, nan, inf, nan),
    ("divide", inf, 0.0, inf, inf, -inf), ("divide", 0.0, 2.0, 0.0, 0.5, -0.0),
    ("maximum", 1.0, 1.0, 1.0, 1.0, 0.0), ("maximum", -0.0, 0.0, -0.0, 1.0, 0.0),
    ("maximum", 0.0, -0.0, 0.0, 1.0, 0.0), ("maximum", inf, inf, inf, 1.0, 0.0),
    ("maximum", -inf, inf, inf, 0.0, 1.0), ("maximum", -inf, -inf, -inf, 1.0, 0.0),
    ("maximum", nan, 1.0, nan, 1.0, 0.0), ("maximum", 1.0, nan, nan, 0.0, 1.0),
    ("maximum", 1e308, -1e308, 1e308, 1.0, 0.0), ("maximum", 0.0, 5e-324, 5e-324, 0.0, 1.0),
    ("minimum", 1.0, 1.0, 1.0, 1.0, 0.0), ("minimum", -0.0, 0.0, -0.0, 1.0, 0.0),
    ("minimum", inf, inf, inf, 1.0, 0.0), ("minimum", inf, -inf, -inf, 0.0, 1.0),
    ("minimum", nan, 1.0, nan, 1.0, 0.0), ("minimum", 1.0, nan, nan, 0.0, 1.0),
    ("minimum", 5e-324, 0.0, 0.0, 0.0, 1.0),
    ("power", 0.0, 2.0, 0.0, 0.0, 0.0), ("power", 0.0, 1.0, 0.0, 1.0, 0.0), ("power", 0.0, 0.5, 0.0, inf, 0.0),
    ("power", 0.0, 0.0, 1.0, 0.0, -inf), ("power", 3.0, 0.0, 1.0, 0.0, log(3.0)), ("power", inf, 0.0, 1.0, 0.0, inf),
    ("power", nan, 0.0, 1.0, 0.0, nan), ("power", 1.0, inf, 1.0, inf, 0.0), ("power", 0.0, -1.0, inf, -inf, -inf),
    ("power", -2.0, 3.0, -8.0, 12.0, nan), ("power", -8.0, 0.5, nan, nan, nan),
    ("power", inf, 2.0, inf, inf, inf), ("power", inf, -1.0, 0.0, -0.0, 0.0), ("power", 2.0, nan, nan, nan, nan),
    ("power", -1e200, 3.0, -inf, inf, nan),
]  # fmt: skip

PLAIN_EXPONENT = [  # x, n, value, derivative
    (0.0, 0.0, 1.0, 0.0), (inf, 0.0, 1.0, 0.0), (nan, 0.0, 1.0, 0.0), (nan, 1.0, nan, 1.0), (inf, 1.0, inf, 1.0),
    (0.0, 2.0, 0.0, 0.0), (0.0, 0.5, 0.0, inf), (0.0, -1.0, inf, -inf), (-0.0, -1.0, -inf, -inf),
    (-0.0, -3.0, -inf, -inf), (-0.0, -2.0, inf, inf), (-8.0, 1 / 3, nan, nan), (-2.0, 3.0, -8.0, 12.0),
    (-1e200, 5.0, -inf, inf), (1e200, 2.0, inf, 2e200), (2.0, nan, nan, nan), (inf, -2.0, 0.0, -0.0),
]  # fmt: skip


def value_and_gradients(name, *numbers):
    operands = [Value(number) for number in numbers]
    result = getattr(functions, name)(*operands)
    result.backward()
    return result.data, [operand.grad for operand in operands]


@pytest.mark.parametrize(("name", "x", "value", "derivative"), ONE_OPERAND)
def test_edge_of_one_operand(name, x, value, derivative):
    got, (gradient,) = value_and_gradients(name, x)
    assert same(got, value), f"{name}({x}) = {got}"
    assert same(gradient, derivative), f"{name}'({x}) = {gradient}"


@pytest.mark.parametrize(("name", "a", "b", "value", "by_a", "by_b"), TWO_OPERANDS)
def test_edge_of_two_operands(name, a, b, value, by_a, by_b):
    got, gradients = value_and_gradients(name, a, b)
    assert same(got, value), f"{name}({a}, {b}) = {got}"
    assert [*map(same, gradients, (by_a, by_b))] == [True, True], f"d{name}({a}, {b}) = {gradients}"


@pytest.mark.parametrize(("x", "n", "value", "derivative"), PLAIN_EXPONENT)
def test_edge_of_a_power_with_a_plain_exponent(x, n, value, derivative):
    base = Value(x)
    result = base**n
    result.backward()
    assert same(result.data, value)
    assert same(base.grad, derivative)


@pytest.mark.parametrize("x", [inf, -inf, nan, 0.0, -0.0, -1.0, 1e308, 5e-324])
@pytest.mark.parametrize("y", [inf, -inf, nan, 0.0, -0.0, -1.5, 1e308, 5e-324])
def test_nothing_raises_in_the_middle_of_a_graph(x, y):
    a, b = Value(x), Value(y)
    parts = [
        f(a)
        for name, f in vars(functions).items()
        if name in functions.__all__
        and name in ("exp log log1p expm1 sqrt sin cos tanh sigmoid softplus relu leaky_relu heaviside sign absolute")
    ]
    parts += [a + b, a - b, a * b, a / b, a**b, a**-1, a**2, a**0.5, 2**a, 1 / a, -a, a.clip(-1, 1)]
    parts += [a.maximum(b), a.minimum(b), a.select(b, 1.0)]
    for part in parts:
        part.backward()
    total = sum(parts)
    total.backward()
    total.forward()
    assert repr(total)


def test_clip_at_nan_is_nan_with_slope_1_and_select_at_nan_returns_the_second():
    x, b = Value(nan), Value(2.0)
    clipped, chosen = x.clip(-1.0, 1.0), x.select(1.0, b)
    clipped.backward()
    chosen.backward()
    assert same(clipped.data, nan)
    assert (x.grad, chosen.data, b.grad) == (1.0, 2.0, 1.0)


def test_if_both_operands_are_nan_the_second_gets_the_derivative():
    for name in ("maximum", "minimum"):
        assert value_and_gradients(name, nan, nan)[1] == [0.0, 1.0]


@pytest.mark.parametrize("function", ["heaviside", "sign", "detach"])
@pytest.mark.parametrize("gradient", [inf, nan])
def test_nothing_flows_through_a_step_even_if_upstream_is_not_finite(function, gradient):
    x = Value(2.0)
    getattr(x, function)().backward(gradient)
    assert (x.grad, x.has_grad) == (0.0, False)
    (x**0).backward(gradient)
    assert (x.grad, x.has_grad) == (0.0, False)


def test_the_angle_is_in_radians():
    assert abs(Value(pi).sin().data) < 1e-15
