"""Every operation on floats, value and gradient, compared with mpmath at 50 digits."""

import math
import random
import sys
from itertools import pairwise, product

import pytest
from hypothesis import given, settings, strategies as st
from support.exact import BINARY, UNARY, gradient_is_close, mp, value_is_close

from autograd import Value, functions, grad, hessian

TINIEST, LARGEST = 5e-324, sys.float_info.max
POSITIVE = [
    *(0.001, 0.5, 0.7, 1.0 - 2**-53, 1.0, 1.0 + 2**-52, 1.5, 2.0, 2.5, 3.0, math.pi, 12.25, 20.0, 36.7, 40.0),
    *(700.0, 709.5, 710.0, 745.0, 1e3, 1e15, 2.0**60, 1e154, 1e300, LARGEST),  # huge
    *(1e-8, 1e-20, 1e-154, 1e-300, sys.float_info.min),  # tiny
    *(TINIEST, 1e-310),  # subnormal
]
NUMBERS = POSITIVE + [-x for x in POSITIVE] + [-1.0 + 2**-53, -1.0 + 1e-10]
PAIRS = [0.5, 0.7, 1.0, 1.0 + 1e-9, 2.0, 3.0, 7.25, 40.0, 1e15, 1e150, 1e300, LARGEST, 1e-8, 1e-150, 1e-300, TINIEST]
PAIRS += [-x for x in PAIRS]


def value_and_gradients(name, *numbers, rest=()):
    operands = [Value(number) for number in numbers]
    result = getattr(functions, name)(*operands, *rest)
    result.backward()
    return result.data, [operand.grad for operand in operands]


def errors_of(name, rules, numbers, rest=()):
    """The errors at this point, in words; [] if there are none."""
    value, *derivatives = rules
    exact = [mp.mpf(number) for number in numbers]
    got, gradients = value_and_gradients(name, *numbers, rest=rest)
    errors = []
    if not value_is_close(got, value(*exact)):
        errors.append(f"{name}{numbers} = {got!r}, not {float(value(*exact))!r}")
    for index, (gradient, rule) in enumerate(zip(gradients, derivatives, strict=True)):
        if not gradient_is_close(gradient, rule(*exact)):
            errors.append(f"d{name}{numbers}/d{'ab'[index]} = {gradient!r}, not {float(rule(*exact))!r}")
    return errors


@pytest.mark.parametrize("name", UNARY)
def test_value_and_gradient_of_one_operand_are_within_4_ulp(name):
    *rules, domain = UNARY[name]
    assert [error for x in NUMBERS if domain(x) for error in errors_of(name, rules, (x,))] == []


@pytest.mark.parametrize("name", [name for name in BINARY if name != "power"])
def test_value_and_gradients_of_two_operands_are_within_4_ulp(name):
    *rules, domain = BINARY[name]
    points = [pair for pair in product(PAIRS, PAIRS) if domain(*pair)]
    assert [error for pair in points for error in errors_of(name, rules, pair)] == []


# Derivatives that are small differences, or use a rounded square or difference: within 4·10⁻¹⁶, as the docs say.
WITHIN_AN_ABSOLUTE_ERROR = {"tanh", "erf", "erfc", "logaddexp"}


@pytest.mark.parametrize("name", sorted({*UNARY, *BINARY} - {"power"}))
def test_a_local_derivative_has_the_relative_accuracy_that_is_promised(name):
    *rules, domain = (UNARY | BINARY)[name]
    rng = random.Random(name)
    near_zero = [rng.choice([-1.0, 1.0]) * 10.0 ** rng.uniform(-6.0, 2.8) for _ in range(300)]
    points = [(x,) for x in near_zero] if name in UNARY else list(pairwise(near_zero))
    for point in points:
        if not domain(*point):
            continue
        _, gradients = value_and_gradients(name, *point)
        for got, rule in zip(gradients, rules[1:], strict=True):
            exact = rule(*map(mp.mpf, point))
            bound = 4e-16 if name in WITHIN_AN_ABSOLUTE_ERROR else 4 * math.ulp(float(exact))
            assert got == float(exact) or abs(got - exact) <= bound, point


def test_the_derivative_of_tanh_is_0_where_tanh_rounds_to_1_as_documented():
    for x in (20.0, -20.0, 1e300):
        assert grad(functions.tanh)(x) == 0.0
    assert 0.0 < float(mp.sech(mp.mpf(20)) ** 2) < 4e-16
    assert grad(functions.tanh)(19.0) > 0.0


MODERATE_EXPONENTS = [0.5, 1.0, 2.0, 3.0, 4.0, 5.0, 7.25, 40.0, -1.0, -2.0, -3.0, -0.5, -5.0]  # minus 1 they are exact
ANY_EXPONENTS = [0.1, 1 / 3, 0.7, 1e-8, 1e-20, 1e15, -0.1, -1.7, -1e-8, TINIEST]


@pytest.mark.parametrize("exponent", MODERATE_EXPONENTS + ANY_EXPONENTS)
def test_value_and_gradients_of_a_power_are_within_4_ulp(exponent):
    *rules, domain = BINARY["power"]
    points = [(base, exponent) for base in PAIRS if domain(base, exponent)]
    assert [error for pair in points for error in errors_of("power", rules, pair)] == []


@pytest.mark.parametrize("exponent", MODERATE_EXPONENTS + ANY_EXPONENTS)
def test_value_and_gradient_of_a_power_with_a_plain_exponent_are_within_4_ulp(exponent):
    whole = exponent == int(exponent) and abs(exponent) < 100
    rules = [lambda x: mp.power(x, mp.mpf(exponent)), lambda x: exponent * mp.power(x, mp.mpf(exponent) - 1)]
    points = [x for x in PAIRS if x > 0 or whole]
    assert [error for x in points for error in errors_of("power", rules, (x,), rest=(exponent,))] == []


KINKED = ["absolute", "relu", "leaky_relu", "sign", "heaviside", "round", "floor", "ceil", "trunc", "cbrt"]


@pytest.mark.parametrize("name", UNARY)
def test_second_and_third_derivatives_are_mpmaths(name):
    exact, _, domain = UNARY[name]
    second = grad(grad(lambda x: getattr(functions, name)(x)))
    for x in (0.3, -0.4, 1.7, 2.6, *[0.0, 1.0, -1.0, -2.0] * (name not in KINKED)):
        if domain(x):
            for order, got in ((2, second(x)), (3, grad(second)(x))):
                assert got == pytest.approx(float(mp.diff(exact, mp.mpf(x), order)), rel=1e-11, abs=1e-11), (x, order)


@pytest.mark.parametrize("name", [name for name in BINARY if name not in ("maximum", "minimum")])
@pytest.mark.parametrize("point", [(0.3, 1.7), (2.1, 0.6), (1.0, 0.8), (0.7, 0.7)])
def test_second_derivatives_of_two_operands_are_mpmaths(name, point):
    if point[0] == point[1] and name in ("fmod", "remainder", "floor_divide"):
        pytest.skip("the quotient jumps at equal operands")
    exact = BINARY[name][0]
    found = hessian(lambda v: getattr(functions, name)(*v))(list(point))
    for i, j in product(range(2), range(2)):
        theirs = mp.diff(exact, tuple(map(mp.mpf, point)), (int(i == 0) + int(j == 0), int(i == 1) + int(j == 1)))
        assert found[i][j] == pytest.approx(float(theirs), rel=1e-11, abs=1e-11), (i, j)


def test_a_reciprocal_is_made_of_divisions_which_every_target_rounds_alike():
    for x in map(float, range(1, 200)):
        expected = (1.0 / x, [-(1.0 / x) / x])
        assert value_and_gradients("power", x, rest=(-1.0,)) == expected, x


@pytest.mark.parametrize(("low", "high"), [(-1.0, 2.0), (0.0, 0.0), (1e-300, 1e300), (-math.inf, math.inf)])
def test_clip_is_the_number_between_its_bounds_with_slope_1_up_to_them(low, high):
    for x in [*NUMBERS, low, high, 0.0, math.inf, -math.inf]:
        value, (gradient,) = value_and_gradients("clip", x, rest=(low, high))
        assert (value, gradient) == (min(max(x, low), high), float(low <= x <= high)), x


def test_select_returns_one_of_two_and_passes_its_gradient_only_to_that_one():
    for gate, a, b in product([1.0, TINIEST, math.inf, 0.0, -0.0, -2.0, math.nan], [3.0, -1e300], [-4.0, 1e-300]):
        value, gradients = value_and_gradients("select", gate, a, b)
        assert (value, gradients) == ((a, [0.0, 1.0, 0.0]) if gate > 0 else (b, [0.0, 0.0, 1.0]))


finite = st.floats(allow_nan=False, allow_infinity=False)


@given(st.sampled_from(list(UNARY)), finite)
@settings(max_examples=400, deadline=None)
def test_value_and_gradient_at_any_float_are_within_4_ulp(name, x):
    *rules, domain = UNARY[name]
    if x != 0 and domain(x):
        assert errors_of(name, rules, (x,)) == []


@given(st.sampled_from(["add", "subtract", "multiply", "divide", "maximum", "minimum"]), finite, finite)
@settings(max_examples=400, deadline=None)
def test_value_and_gradients_at_any_two_floats_are_within_4_ulp(name, a, b):
    *rules, domain = BINARY[name]
    if domain(a, b):
        assert errors_of(name, rules, (a, b)) == []
