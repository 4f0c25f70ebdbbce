"""A Value among Python's and NumPy's numbers: what it carries, how it compares and how it is displayed."""

import math
import operator
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from autograd import Value, array, derivative, functions, grad

SCALARS = [
    3,
    True,
    3.0,
    np.float64(3),
    np.float32(3),
    np.float16(3),
    np.int64(3),
    np.int8(3),
    np.uint8(3),
    np.bool_(True),
]
SCALARS += [np.array(3.0), np.longdouble(3), Fraction(3), Decimal(3)]


class Tensor:
    """A scalar of a library for tensors: it has `exp`, `tanh` and `select`, but returns numbers of its own."""

    shape = ()

    def __float__(self):
        return 3.0

    exp = tanh = select = None


SCALARS += [Tensor()]


@pytest.mark.parametrize("number", SCALARS, ids=lambda number: type(number).__name__)
def test_every_real_scalar_becomes_a_float(number):
    value = Value(number)
    assert type(value.data) is float
    assert value.data == float(number)


def test_an_int_beyond_the_floats_is_infinite():
    assert (Value(10**400).data, Value(-(10**400)).data) == (math.inf, -math.inf)
    assert (Value(2.0) * 10**400).data == math.inf


by_operator = pytest.mark.parametrize(
    "f", [operator.add, operator.sub, operator.mul, operator.truediv, operator.pow], ids=lambda f: f.__name__
)


@pytest.mark.parametrize("number", SCALARS, ids=lambda number: type(number).__name__)
@by_operator
def test_an_operator_on_a_value_and_a_scalar_returns_a_value_whichever_comes_first(f, number):
    v = Value(2.0)
    for result, expected in ((f(v, number), f(2.0, float(number))), (f(number, v), f(float(number), 2.0))):
        assert type(result) is Value
        assert type(result.data) is float
        assert result.data == expected
        result.backward()
    assert math.isfinite(v.grad)


class Other:
    """A class of its own, whose operators accept anything."""

    def operate(self, other):
        return "its own result"

    __add__ = __sub__ = __mul__ = __truediv__ = __pow__ = operate
    __radd__ = __rsub__ = __rmul__ = __rtruediv__ = __rpow__ = operate


@by_operator
def test_another_class_may_define_its_operators_with_a_value(f):
    assert f(Value(2.0), Other()) == f(Other(), Value(2.0)) == "its own result"


@by_operator
def test_an_operator_that_neither_class_defines_is_refused_whichever_comes_first(f):
    for operands in ((Value(2.0), object()), (object(), Value(2.0))):
        with pytest.raises(TypeError, match="unsupported operand type"):
            f(*operands)


def test_sum_of_numbers_and_values_is_a_value():
    assert sum([Value(1.0), 2, np.float64(3)]).data == 6.0
    assert np.sum([Value(1.0), Value(2.0)]).data == 3.0
    assert math.fsum([1.0, 2.0]) == sum([Value(1.0), Value(2.0)]).data


@pytest.mark.parametrize("name", ["exp", "log", "tanh", "sin", "sqrt"])
def test_numpys_functions_of_a_value_are_its_methods(name):
    v = Value(0.5)
    result = getattr(np, name)(v)
    assert (result.op, result.data) == (name, getattr(functions, name)(0.5))


def test_comparisons_and_truth_use_the_data():
    small, large = Value(1.0), Value(2.0)
    assert small < large <= Value(2.0)
    assert large > small >= 1
    assert 1.5 < large  # noqa: SIM300
    assert np.float64(1.5) < large
    assert not large < small
    assert [bool(Value(x)) for x in (0.0, -0.0, 1.0, math.nan)] == [False, False, True, True]
    assert max(small, large) is large
    assert sorted([large, small]) == [small, large]
    assert not Value(math.nan) < 1
    assert not Value(math.nan) >= 1


@pytest.mark.parametrize("other", [1.0, 1, True, np.float32(1), np.array(1.0), Fraction(1), Value(1.0)])
def test_equality_compares_data(other):
    a, b = Value(1.0), Value(2.0)
    assert a == a
    assert a == other
    assert other == a
    assert b != other
    assert other != b


def test_nan_equals_nothing_and_0_equals_minus_0():
    nan = Value(math.nan)
    assert nan != nan
    assert nan != math.nan
    assert Value(-0.0) == 0.0


@pytest.mark.parametrize("other", ["1.0", None, [1.0], object(), 1j])
def test_a_value_is_unequal_to_what_is_no_number(other):
    assert Value(1.0) != other


def test_a_value_compares_with_an_approximation_as_its_data_does():
    assert Value(0.1 + 0.2) == pytest.approx(0.3)
    assert Value(0.1) != pytest.approx(0.3)


def test_the_hash_is_that_of_the_identity():
    a, b = Value(1.0), Value(1.0)
    assert len({a, b, a}) == 2
    a.data = 5.0
    assert a in {a}


def test_arrays_of_values_are_compared_by_their_data():
    row = array([0.0, 1.0])
    for equal in (row == 0.0, row == np.array([0.0, 3.0]), row == array([0.0, 3.0]), row == [0.0, 3.0]):
        assert equal.tolist() == [True, False]
    assert (row != 0.0).tolist() == [False, True]
    assert np.array_equal(row, array([0.0, 1.0]))
    assert not np.array_equal(row, array([0.0, 2.0]))


def test_a_derivative_takes_the_branch_that_equality_chooses():
    def sinc(x):
        return 0.0 * x + 1.0 if x == 0 else functions.sin(x) / x

    assert grad(sinc)(0.0) == 0.0
    assert grad(sinc)(1.0) == pytest.approx(math.cos(1.0) - math.sin(1.0))


@pytest.mark.parametrize("spec", ["", ".3f", "8.2e", "g", "+.1f", ">12", "%"])
def test_format_writes_the_data(spec):
    assert format(Value(math.pi), spec) == format(math.pi, spec)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Value(2.0), "Value(2.0)"),
        (Value(2.5, "x"), "Value(2.5, label='x')"),
        (Value(1e100), "Value(1e+100)"),
        (Value(math.nan), "Value(nan)"),
        (Value(-math.inf), "Value(-inf)"),
        (Value(-0.0), "Value(-0.0)"),
        (Value(1 / 3), "Value(0.333333)"),
        (Value(123456789.0), "Value(1.23457e+08)"),
        (Value(2.0) * 3, "Value(6.0, op='multiply')"),
    ],
)
def test_repr_is_readable(value, text):
    assert repr(value) == text


def test_repr_shows_a_gradient_once_there_is_one():
    x = Value(2.0, "x")
    y = x * 0.0
    y.backward()
    assert (repr(x), repr(y)) == ("Value(2.0, grad=0.0, label='x')", "Value(0.0, grad=1.0, op='multiply')")


@pytest.mark.parametrize(
    "f",
    [lambda a, b: functions.maximum(a, b), lambda a, b: functions.select(b, a, b), lambda a, b: functions.power(a, b)],
)
@pytest.mark.parametrize("number", [3.0, 3, np.float64(3), np.int64(3)])
def test_a_function_of_a_number_and_a_value_is_recorded_whichever_comes_first(f, number):
    v = Value(2.0)
    for result in (f(number, v), f(v, Value(3.0)), f(Value(3.0), v)):
        assert isinstance(result, Value)
        assert result.op in ("maximum", "select", "power")


OPERATIONS = {
    "+": lambda w: w + 1.0, "-": lambda w: 1.0 - w, "*": lambda w: w * 2.0, "/": lambda w: 1.0 / w,
    "**": lambda w: w**2, "power": lambda w: 2.0**w, "negative": lambda w: -w, "abs": abs, "tanh": Value.tanh,
    "log": Value.log, "log1p": Value.log1p, "sqrt": Value.sqrt, "relu": Value.relu,
    "select": lambda w: w.select(w, 1.0), "maximum": lambda w: w.maximum(1.0),
    "clip": lambda w: w.clip(0.0, 9.0), "itself": lambda w: w * w,
}  # fmt: skip


@pytest.mark.parametrize("name", OPERATIONS)
@pytest.mark.parametrize("number", [2, True, np.float32(1 / 3), np.int8(3), np.array(0.5), Fraction(1, 3)])
def test_what_is_assigned_to_data_is_a_float_once_it_is_used(name, number):
    w, v = Value(1.0, "w"), Value(float(number), "w")
    w.data = number
    results = [OPERATIONS[name](w), OPERATIONS[name](v)]
    for result in results:
        result.backward()
    assert (type(results[0].data), type(w.grad)) == (float, float)
    assert (results[0].data, w.grad, results[0].local_derivatives) == (
        results[1].data, v.grad, results[1].local_derivatives
    )  # fmt: skip


@pytest.mark.parametrize("name", OPERATIONS)
@pytest.mark.parametrize("wrong", ["2", None, [1.0], np.ones(2), Value(2.0), 1j])
def test_data_that_is_no_number_is_refused_by_the_operation_that_uses_it(name, wrong):
    w = Value(1.0, "w", role="parameter")
    w.data = wrong
    with pytest.raises(TypeError):
        OPERATIONS[name](w).forward()


def test_the_error_about_assigned_data_says_what_to_assign():
    w = Value(1.0, "w", role="parameter")
    loss = w * w
    w.data -= 0.1 * derivative(loss, w)
    for use in (loss.forward, lambda: w * w, lambda: w + 1.0):
        with pytest.raises(TypeError, match=r"the parameter leaf 'w' must be a real number, not .*; assign its .data$"):
            use()


@pytest.mark.parametrize("number", [np.complex64(1), np.datetime64("2020"), np.timedelta64(3, "s"), np.str_("3")])
def test_numpy_scalars_that_are_no_real_numbers_are_refused(number):
    for use in (Value, lambda number: Value(1.0) + number, functions.tanh):
        with pytest.raises(TypeError):
            use(number)


def test_a_fraction_beyond_the_largest_float_is_infinite():
    assert Value(Fraction(10**400)).data == math.inf
    assert Value(Fraction(-(10**400))).data == -math.inf


def test_an_object_with_methods_of_the_same_names_is_no_number():
    class Other:
        def tanh(self):
            return functions.tanh(self)

        exp = select = tanh

    with pytest.raises(TypeError, match="tanh takes a real number"):
        functions.tanh(Other())
    with pytest.raises(TypeError, match="must be a real number"):
        Value(Other())


def test_a_gradient_that_is_assigned_is_a_float_once_it_is_used():
    for given in [np.float32(2.0**24), np.array(2.0**24), Fraction(2**24), Decimal(2**24), 2**24]:
        w = Value(1.0, "w")
        w.grad = given
        (w + 1.0).backward()
        assert type(w.grad) is float
        assert w.grad == 2.0**24 + 1.0


@pytest.mark.parametrize("wrong", [Value(1.0), 1j, None, np.array([1.0])], ids=repr)
def test_a_gradient_that_is_no_number_is_refused_and_nothing_changes(wrong):
    v, w = Value(1.0, "v"), Value(1.0, "w")
    v.grad, w.grad = np.float32(2.0), wrong
    with pytest.raises(TypeError, match="the grad of the plain leaf 'w' must be a real number, not"):
        (v * w).backward()
    assert type(v.grad) is np.float32
    assert w.grad is wrong
