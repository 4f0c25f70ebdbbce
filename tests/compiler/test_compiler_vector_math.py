"""Each vector function of the native target is within 4 units in the last place of mpmath's, over its whole domain."""

import math
import random
import sys

import mpmath
import pytest
from support.exact import UNARY, mp
from support.graphs import EDGES, bits

import autograd
from autograd import functions
from autograd.functions import PRIMITIVES

FUNCTIONS = sorted({*PRIMITIVES} & {*UNARY})
OVERFLOW, HALF_LOG_2 = math.log(1.7976931348623157e308), math.log(2.0) / 2
HARD = {  # where polynomials and reductions are at their limits, or where a million points had the largest errors
    "exp": [OVERFLOW, math.nextafter(OVERFLOW, 800), -708.3964185322641, -744.44, -745.13, -745.14, 324.0608613820532],
    "log": [5e-324, 2.2250738585072014e-308, 2.225e-308, math.sqrt(0.5), math.sqrt(2.0), 0.9999999999999999],
    "log1p": [-0.9999999999999999, -1.6662188832086e-16, 4503599627370496.0, 9007199254740993.0, math.sqrt(2.0) - 1],
    "expm1": [OVERFLOW, -37.5, -50.5, HALF_LOG_2, -HALF_LOG_2, 3 * HALF_LOG_2, 0.38832706947718654, 1e-300, 5e-324],
    "sin": [2.0**20, math.nextafter(2.0**20, 2e6), 642615.9188844458, math.pi, 3 * math.pi, 1e22, 563400.1549168515],
    "cos": [2.0**20, math.nextafter(2.0**20, 2e6), 321307.9594422229, math.pi / 2, 11.0, 6.0e300, 214546.71580048418],
    "tanh": [0.21627495890944415, 0.2228, 8.326, 19.06, 22.0, 30.0, 31.0, 400.0, 5e-324, 1e-300],
    "tan": [2.0**20, math.nextafter(2.0**20, 2e6), math.pi / 2, 11.0, 6.0e300, 1e22, 5e-324, math.pi / 4],
    "arctan": [1.0, 0.125, 0.375, 0.625, 0.875, 1.3994418134520163, 1e16, 1e300, 5e-324],
    "sinh": [710.4758600739439, 710.47586007394, 40.0, math.nextafter(40.0, 50.0), HALF_LOG_2, 3 * HALF_LOG_2, 5e-324],
    "cosh": [710.4758600739439, 710.47586007394, 40.0, 708.0, HALF_LOG_2, 3 * HALF_LOG_2],
    "log2": [5e-324, 2.2250738585072014e-308, math.sqrt(0.5), math.sqrt(2.0), 0.9999999999999999],
    "log10": [5e-324, 2.2250738585072014e-308, math.sqrt(0.5), math.sqrt(2.0), 0.9999999999999999],
    "arcsinh": [2.0**28, math.nextafter(2.0**28, 1e9), 1e154, 1e155, 1.7976931348623157e308],
    "arccosh": [2.0**28, math.nextafter(2.0**28, 1e9), 1e154, 1e155, 1.7976931348623157e308, 1.0 + 2.0**-52],
    "cbrt": [27.0, 5e-324, 1e-320, 1.7976931348623157e308],
    "erf": [1.0, math.nextafter(1.0, 0.0), math.nextafter(1.0, 2.0), 5.9, 6.0, 1e-300, 5e-324],
    "erfc": [0.46, 0.4599, 0.4601, 26.543, 26.6, 27.2, 28.0, 29.0, 1e300, 6.0],
    "round": [0.5, 1.5, 2.5, 0.49999999999999994, 2.0**52 - 0.5, 2.0**52 + 1.0, 2.0**53],
    "sigmoid": [-745.2, -709.8, -1.9760649005141175, 36.8, 40.0],
    "softplus": [-745.2, -708.0, -1.2729904008785118, 36.8, 40.0, 1e-300],
}


def points(name):
    """Numbers of every size, most of them where the function is not nearly constant or linear."""
    chance = random.Random(name)
    numbers = [chance.uniform(-2.0, 2.0) for _ in range(300)]
    numbers += [chance.uniform(-1.0, 1.0) for _ in range(300)]
    numbers += [chance.uniform(-40.0, 40.0) for _ in range(200)]
    numbers += [chance.uniform(-750.0, 720.0) for _ in range(200)]
    numbers += [chance.uniform(-(2.0**21), 2.0**21) for _ in range(200)]
    numbers += [chance.choice([-1.0, 1.0]) * 2.0 ** chance.uniform(-60.0, 4.0) for _ in range(200)]
    numbers += [chance.choice([-1.0, 1.0]) * 2.0 ** chance.uniform(-1074.0, 1024.0) for _ in range(300)]
    numbers += [chance.choice([-1.0, 1.0]) * k * math.pi / 2 for k in range(1, 30)]
    numbers += [sign * (1.0 + chance.choice([-1.0, 1.0]) * 2.0**-k) for k in range(1, 54) for sign in (1.0, -1.0)]
    numbers += [sign * x for x in HARD.get(name, []) for sign in (1.0, -1.0)]
    return [x for x in [*numbers, *EDGES] if math.isfinite(x) and UNARY[name][2](x)]


def native(name):
    return autograd.compile(lambda x: getattr(functions, name)(x), target="native")


def units(got, exact):
    """The error in units in the last place of the exact number."""
    rounded = float(exact)
    if math.isinf(rounded):
        return 0.0 if got == rounded else math.inf
    return float(abs(mp.mpf(float(got)) - exact) / math.ulp(rounded)) if math.isfinite(got) else math.inf


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_vector_function_is_within_4_units_of_the_exact_one(name):
    numbers = points(name)
    assert len(numbers) > 500
    errors = [
        (units(got, UNARY[name][0](mp.mpf(x))), x) for got, x in zip(native(name).map(numbers), numbers, strict=True)
    ]
    assert max(errors)[0] <= 4.0, max(errors)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_what_is_not_finite_or_outside_the_domain_is_as_in_eager_execution(name):
    numbers = [0.0, -0.0, -1.0, math.inf, -math.inf, math.nan, -2.0, -1e-320, math.nextafter(-1.0, -2.0), -1e300]
    got = native(name).map(numbers)
    for x, number in zip(numbers, got, strict=True):
        expected = getattr(functions, name)(x)
        if not math.isfinite(expected) or expected == 0.0:
            assert bits(number) == bits(expected), x
        else:
            assert abs(number - expected) <= 4 * math.ulp(expected), x


@pytest.mark.parametrize("name", ["exp", "tanh", "sigmoid", "expm1", "softplus", "sin", "cos"])
def test_a_bound_of_the_function_is_never_crossed(name):
    low, high = {"exp": (0, math.inf), "tanh": (-1, 1), "sigmoid": (0, 1), "expm1": (-1, math.inf)}.get(
        name, (0, math.inf) if name == "softplus" else (-1, 1)
    )
    got = native(name).map(points(name))
    assert all(low <= number <= high for number in got)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_lane_has_the_same_bits_whatever_the_other_lanes_are(name):
    program = native(name)
    numbers = [0.3, math.nan, 2.0**21, 1.5, math.inf, 5e-324, 700.0, 0.9, 2.0**20, 1e300, -0.5, -math.inf, 0.0]
    alone = [bits(program(x)) for x in numbers]
    for shift in range(8):
        turned = numbers[shift:] + numbers[:shift]
        assert [bits(y) for y in program.map(turned)] == alone[shift:] + alone[:shift]
    assert len({*alone}) > 3


@pytest.mark.parametrize("name", ["sin", "cos"])
def test_an_angle_of_any_size_is_reduced_with_all_digits_of_pi(name):
    """The hardest double is the closest one to a multiple of π/2 (Muller, "Elementary functions", section 11.4)."""
    exact = mpmath.mp.clone()
    exact.dps = 400
    chance = random.Random(name)
    numbers = [chance.choice([-1.0, 1.0]) * 2.0 ** chance.uniform(20.0, 1024.0) for _ in range(500)]
    numbers += [2.0**20 * (1.0 + 2.0**-52), -3e6, 1e15, 1e22, sys.float_info.max, 6381956970095103.0 * 2.0**797]
    pairs = zip(native(name).map(numbers), numbers, strict=True)
    errors = [(units(got, getattr(exact, name)(exact.mpf(x))), x) for got, x in pairs]
    assert max(errors)[0] <= 4.0, max(errors)


def power_points():
    """Pairs of a base and an exponent, most of whose powers are neither 0 nor infinite."""
    chance = random.Random(1)
    bases = [2.0 ** chance.uniform(-1074.0, 1024.0) for _ in range(600)]
    bases += [1.0 + chance.uniform(-1.0, 1.0) * 2.0 ** -chance.uniform(1.0, 52.0) for _ in range(400)]
    pairs = [(x, chance.uniform(-745.0, 709.0) / math.log(x)) for x in bases if x != 1.0]
    pairs += [(chance.uniform(0.0, 10.0), chance.uniform(-9.0, 9.0)) for _ in range(300)]
    return pairs + [(chance.uniform(-10.0, 10.0), float(chance.randint(-300, 300))) for _ in range(300)]


def power():
    return autograd.compile(lambda x, n: x**n, target="native")


def test_a_power_is_within_one_unit_of_the_exact_one():
    pairs = power_points()
    got = power().map(*zip(*pairs, strict=True))
    errors = [(units(y, mp.power(mp.mpf(x), mp.mpf(n))), x, n) for y, (x, n) in zip(got, pairs, strict=True)]
    assert max(errors)[0] <= 1.0, max(errors)


def test_a_power_that_is_a_float_is_exact():
    pairs = [(4.0, 0.5), (3.0, 5.0), (7.0, 17.0), (121.0, 1.5), (-3.0, 33.0), (10.0, 22.0), (2.0, -1074.0)]
    assert [power()(x, n) for x, n in pairs] == [2.0, 243.0, 7.0**17, 1331.0, -(3.0**33), 1e22, 5e-324]


def test_a_power_at_the_edges_is_that_of_eager_execution():
    odd, even, fraction = 2.0**53 - 1.0, 2.0**53 + 2.0, 2.0**51 + 0.5
    edges = [0.0, 1.0, 0.5, 3.0, math.inf, 1e300, 5e-324, odd, even, fraction, math.nextafter(1.0, 0.0)]
    numbers = [sign * x for x in edges for sign in (1.0, -1.0)] + [math.nan]
    pairs = [(x, n) for x in numbers for n in numbers]
    for (x, n), got in zip(pairs, power().map(*zip(*pairs, strict=True)), strict=True):
        expected = functions.power(x, n)
        if math.isfinite(expected) and expected != 0.0:
            assert abs(got - expected) <= 2.0 * math.ulp(expected), (x, n)
        else:
            assert bits(got) == bits(expected), (x, n)


def test_the_square_root_is_rounded_correctly():
    numbers = [abs(x) for x in points("exp")]
    got = autograd.compile(functions.sqrt, target="native").map(numbers)
    assert [bits(y) for y in got] == [bits(functions.sqrt(x)) for x in numbers]
