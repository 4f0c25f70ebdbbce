"""What IEEE 754, C's pow and the table in Value's docstring say about zeros, infinities, nan and ties."""

import math
from itertools import product
from math import inf, isfinite, log, nan, pi, ulp

import numpy as np
import pytest
from support.exact import arity, same

import autograd
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
    ("tan", inf, nan, nan), ("tan", -0.0, -0.0, 1.0), ("arctan", inf, pi / 2, 0.0), ("arctan", -0.0, -0.0, 1.0),
    ("arctan", -inf, -pi / 2, 0.0), ("arcsin", 1.0, pi / 2, inf), ("arcsin", -1.0, -pi / 2, inf),
    ("arcsin", 2.0, nan, nan), ("arcsin", -0.0, -0.0, 1.0), ("arcsin", inf, nan, nan),
    ("arccos", 1.0, 0.0, -inf), ("arccos", -1.0, pi, -inf), ("arccos", -2.0, nan, nan), ("arccos", inf, nan, nan),
    ("sinh", inf, inf, inf), ("sinh", -inf, -inf, inf), ("sinh", -1000.0, -inf, inf), ("sinh", -0.0, -0.0, 1.0),
    ("cosh", inf, inf, inf), ("cosh", -inf, inf, -inf), ("cosh", 1000.0, inf, inf), ("cosh", -0.0, 1.0, -0.0),
    ("arcsinh", inf, inf, 0.0), ("arcsinh", -inf, -inf, 0.0), ("arcsinh", -0.0, -0.0, 1.0),
    ("arccosh", 1.0, 0.0, inf), ("arccosh", inf, inf, 0.0), ("arccosh", 0.5, nan, nan), ("arccosh", -3.0, nan, nan),
    ("arctanh", 1.0, inf, inf), ("arctanh", -1.0, -inf, inf), ("arctanh", 2.0, nan, -1 / 3),
    ("arctanh", -0.0, -0.0, 1.0), ("arctanh", inf, nan, -0.0),
    ("exp2", inf, inf, inf), ("exp2", -inf, 0.0, 0.0), ("exp2", 1024.0, inf, inf), ("exp2", -1.0, 0.5, log(2.0) / 2),
    ("log2", 0.0, -inf, inf), ("log2", inf, inf, 0.0), ("log2", -inf, nan, -0.0), ("log2", -0.0, -inf, -inf),
    ("log10", 0.0, -inf, inf), ("log10", inf, inf, 0.0), ("log10", -1.0, nan, -1 / log(10.0)),
    ("cbrt", 0.0, 0.0, inf), ("cbrt", -0.0, -0.0, inf), ("cbrt", inf, inf, 0.0), ("cbrt", -inf, -inf, 0.0),
    ("erf", inf, 1.0, 0.0), ("erf", -inf, -1.0, 0.0), ("erf", -0.0, -0.0, 1.1283791670955126),
    ("erfc", inf, 0.0, -0.0), ("erfc", -inf, 2.0, -0.0), ("erfc", 0.0, 1.0, -1.1283791670955126),
    ("round", 2.5, 2.0, 0.0), ("round", 3.5, 4.0, 0.0), ("round", -0.5, -0.0, 0.0), ("round", -inf, -inf, 0.0),
    ("round", 0.49999999999999994, 0.0, 0.0), ("round", 2.0**52 + 1.0, 2.0**52 + 1.0, 0.0), ("round", nan, nan, 0.0),
    ("floor", -0.5, -1.0, 0.0), ("floor", 0.5, 0.0, 0.0), ("floor", -0.0, -0.0, 0.0), ("floor", inf, inf, 0.0),
    ("floor", nan, nan, 0.0), ("ceil", 0.5, 1.0, 0.0), ("ceil", -0.5, -0.0, 0.0), ("ceil", 0.0, 0.0, 0.0),
    ("ceil", -inf, -inf, 0.0), ("trunc", -2.7, -2.0, 0.0), ("trunc", -0.7, -0.0, 0.0), ("trunc", inf, inf, 0.0),
    *[
        (name, nan, nan, nan)
        for name in ("tan", "arctan", "arcsin", "arccos", "sinh", "cosh", "arcsinh", "arccosh", "arctanh", "exp2")
    ],
    *[(name, nan, nan, nan) for name in ("log2", "log10", "cbrt", "erf", "erfc")],
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
    ("arctan2", 0.0, 0.0, 0.0, nan, nan), ("arctan2", -0.0, -0.0, -pi, nan, nan),
    ("arctan2", -0.0, -1.0, -pi, -1.0, 0.0), ("arctan2", 0.0, -1.0, pi, -1.0, -0.0),
    ("arctan2", 1.0, -0.0, pi / 2, -0.0, -1.0), ("arctan2", 1.0, inf, 0.0, 0.0, 0.0),
    ("arctan2", inf, -inf, 3 * pi / 4, 0.0, 0.0), ("arctan2", nan, 1.0, nan, nan, nan),
    ("arctan2", 1e-300, 1e-300, pi / 4, 5e299, -5e299), ("arctan2", 1.0, nan, nan, nan, nan),
    ("hypot", 0.0, 0.0, 0.0, 0.0, 0.0), ("hypot", -0.0, -2.0, 2.0, -0.0, -1.0), ("hypot", inf, 1.0, inf, nan, 0.0),
    ("hypot", nan, -inf, inf, nan, nan), ("hypot", nan, 1.0, nan, nan, nan), ("hypot", 1e308, 0.0, 1e308, 1.0, 0.0),
    ("logaddexp", inf, inf, inf, 0.5, 0.5), ("logaddexp", -inf, -inf, -inf, 0.5, 0.5),
    ("logaddexp", -inf, 3.0, 3.0, 0.0, 1.0), ("logaddexp", inf, -inf, inf, 1.0, 0.0),
    ("logaddexp", nan, 1.0, nan, nan, nan), ("logaddexp", 1.0, 1.0, 1.0 + log(2.0), 0.5, 0.5),
    ("copysign", 3.0, -0.0, -3.0, -1.0, 0.0), ("copysign", -3.0, inf, 3.0, -1.0, 0.0),
    ("copysign", nan, 1.0, nan, nan, 0.0), ("copysign", 0.0, -1.0, -0.0, -0.0, 0.0),
    ("fmod", 7.0, 3.0, 1.0, 1.0, -2.0), ("fmod", -7.0, 3.0, -1.0, 1.0, 2.0), ("fmod", 1.0, 0.0, nan, 1.0, nan),
    ("fmod", 1.0, inf, 1.0, 1.0, -0.0), ("fmod", inf, 1.0, nan, 1.0, nan), ("fmod", -6.0, 3.0, -0.0, 1.0, 2.0),
    ("remainder", -7.0, 3.0, 2.0, 1.0, 3.0), ("remainder", 7.0, -3.0, -2.0, 1.0, 3.0),
    ("remainder", -6.0, 3.0, 0.0, 1.0, 2.0), ("remainder", 1.0, 0.0, nan, 1.0, -inf),
    ("remainder", -1.0, inf, inf, 1.0, 1.0), ("remainder", nan, 1.0, nan, 1.0, nan),
    ("floor_divide", 7.0, 2.0, 3.0, 0.0, 0.0), ("floor_divide", -7.0, 2.0, -4.0, 0.0, 0.0),
    ("floor_divide", 1.0, 0.0, inf, 0.0, 0.0), ("floor_divide", 0.0, 0.0, nan, 0.0, 0.0),
    ("floor_divide", -1.0, inf, -1.0, 0.0, 0.0),
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


ZEROS_AND_OTHERS = [0.0, 1.0, 0.5, 0.3, 2.5, 3.0, 7.0, 1e16, 1e308, 1.7976931348623157e308, 2e-308, 5e-324, inf, nan]
NUMPYS = "copysign fmod remainder floor_divide arctan2 hypot logaddexp floor ceil trunc arctan arcsin arccos sinh cosh"
NUMPYS += " arcsinh arccosh arctanh cbrt exp2 log2 log10 tan degrees radians square reciprocal"


@pytest.mark.parametrize("name", NUMPYS.split())
def test_at_every_edge_a_function_is_numpys(name):
    numbers = [sign * x for x in ZEROS_AND_OTHERS for sign in (1.0, -1.0)]
    for operands in product(numbers, repeat=getattr(np, name).nin):
        with np.errstate(all="ignore"):
            expected = float(getattr(np, name)(*operands))
        got = getattr(functions, name)(*operands)
        close = isfinite(expected) and expected and abs(got - expected) <= 4 * ulp(expected)
        assert close or same(got, expected), (name, operands, got, expected)


@pytest.mark.parametrize("a", [7.5, -7.5, 6.0, 0.0, inf, nan])
@pytest.mark.parametrize("b", [2.0, -2.5, 0.0, inf])
def test_the_operators_of_division_with_remainder_are_those_of_numpy(a, b):
    with np.errstate(all="ignore"):
        quotient, rest = (float(number) for number in np.divmod(a, b))
    for made in (divmod(Value(a), b), divmod(a, Value(b)), divmod(Value(a), Value(b)), divmod(Value(a), np.float64(b))):
        assert [*map(same, [part.data for part in made], (quotient, rest))] == [True, True]
        assert [part.op for part in made] == ["floor_divide", "remainder"]
    for x, y in ((Value(a), b), (a, Value(b))):
        assert same((x // y).data, quotient)
        assert same((x % y).data, rest)


def test_round_floor_ceil_and_trunc_of_python_are_recorded():
    x = Value(-2.675)
    made = round(x), round(x, 2), math.floor(x), math.ceil(x), math.trunc(x)
    assert [y.data for y in made] == [-3.0, float(np.round(-2.675, 2)), -3.0, -2.0, -2.0]
    assert [y.op for y in made] == ["round", "divide", "floor", "ceil", "trunc"]


def test_a_value_is_its_own_real_part_and_conjugate_and_is_not_an_int():
    x = Value(-2.5)
    assert (x.real, x.imag) == (x, 0.0)
    assert x.conjugate() is x.real is np.real(x) is x
    with pytest.raises(TypeError, match=r"cannot be converted to int.*use v\.trunc\(\)"):
        int(x)


@pytest.mark.parametrize("other", ["x", None, 1j, [1.0]])
def test_the_remainder_of_what_is_not_a_number_is_refused(other):
    for operator in (lambda a, b: a % b, lambda a, b: a // b, divmod):
        with pytest.raises(TypeError, match="operand must be a Value or a real number"):
            operator(Value(1.0), other)


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
        if name in functions.__all__ and arity(name) == 1 and name not in ("clip", "detach")
    ]
    parts += [
        getattr(a, name)(b)
        for name in ["arctan2", "hypot", "logaddexp", "copysign", "fmod", "remainder", "floor_divide"]
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


@pytest.mark.parametrize("function", ["heaviside", "sign", "detach", "round", "floor", "ceil", "trunc"])
@pytest.mark.parametrize("gradient", [inf, nan])
def test_nothing_flows_through_a_step_even_if_upstream_is_not_finite(function, gradient):
    x = Value(2.0)
    getattr(x, function)().backward(gradient)
    assert (x.grad, x.has_grad) == (0.0, False)
    (x**0).backward(gradient)
    assert (x.grad, x.has_grad) == (0.0, False)


@pytest.mark.parametrize("gradient", [inf, nan, 1.0])
def test_nothing_flows_to_a_divisor_that_is_rounded_away_or_to_a_sign(gradient):
    a, b = Value(7.5), Value(-2.0)
    (a // b).backward(gradient)
    assert (a.has_grad, b.has_grad) == (False, False)
    a.copysign(b).backward(gradient)
    assert (a.has_grad, b.has_grad) == (True, False)


def test_the_angle_is_in_radians():
    assert abs(Value(pi).sin().data) < 1e-15


@pytest.mark.parametrize("n", [-1.0, 0.5, 2.0, 3.0])
def test_the_derivatives_of_a_power_of_nan_are_nan_if_the_exponent_is_a_value(n):
    assert all(math.isnan(slope) for slope in autograd.grad(lambda v: v[0] ** v[1])([math.nan, n]))
    assert all(math.isnan(slope) for slope in autograd.compile(lambda v: v[0] ** v[1]).grad([math.nan, n]))
    assert autograd.grad(lambda v: v[0] ** v[1])([math.nan, 0.0])[0] == 0.0


@pytest.mark.parametrize("numbers", [(math.nan, 0.0), (0.0, math.nan), (-0.0, math.nan), (math.nan, 1.0)])
@pytest.mark.parametrize("target", ["python", "numpy", "native"])
def test_the_hypotenuse_of_nan_is_nan_in_every_target(target, numbers):
    program = autograd.compile(lambda a, b: autograd.hypot(a, b), target=target)
    assert math.isnan(program(*numbers))
    assert math.isnan(program.grad(*numbers))
    assert math.isnan(functions.FORMULAS["hypot"](*numbers))
