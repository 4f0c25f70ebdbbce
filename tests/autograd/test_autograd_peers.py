"""Every function and operator of XAD that concerns real numbers is here, and agrees with XAD's own derivatives."""

import math
import operator

import numpy as np
import pytest

from autograd import Value, derivative, functions

xad_math = pytest.importorskip("xad.math")
from xad.adj_1st import Real, Tape  # noqa: E402 - it is there if xad.math is

NAMES = {  # ours, where it differs
    **{name: f"arc{name[1:]}" for name in ("acos", "acosh", "asin", "asinh", "atan", "atan2", "atanh")},
    "fabs": "absolute",
    "abs": "absolute",
    "pow": "power",
    "max": "maximum",
    "min": "minimum",
}
OF_NUMPY = {"fmax": np.fmax, "fmin": np.fmin, "isfinite": np.isfinite, "isinf": np.isinf, "isnan": np.isnan}
LEFT_OUT = {  # constants, names of Python, what is not a function of one or two numbers, and functions XAD made up
    *("e", "pi", "tau", "inf", "nan", "List", "Union", "xad"),
    *("dist", "isclose", "modf", "frexp", "ldexp", "nextafter"),
    *("smooth_abs", "smooth_max", "smooth_min"),
}
FUNCTIONS = sorted({name for name in dir(xad_math) if not name.startswith("_")} - LEFT_OUT)
TWO = ("atan2", "copysign", "fmax", "fmin", "fmod", "hypot", "max", "min", "pow", "remainder")
POINTS = [(0.3, 0.7), (0.9, -0.4), (0.5, 2.5)]
ABOVE_1 = [(1.5, 0.7), (2.25, -0.4)]


def ours(f, point):
    xs = list(map(Value, point))
    y = f(*xs)
    return [y.data, *(derivative(y, x).data for x in xs)]


def theirs(f, point):
    with Tape() as tape:
        xs = list(map(Real, point))
        for x in xs:
            tape.registerInput(x)
        tape.newRecording()
        y = Real(0.0) + f(*xs)
        tape.registerOutput(y)
        y.derivative = 1.0
        tape.computeAdjoints()
        return [y.value, *(x.derivative for x in xs)]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function_of_xad_agrees(name):
    their_function = getattr(xad_math, name)
    our_function = OF_NUMPY.get(name) or getattr(functions, NAMES.get(name, name))
    for point in ABOVE_1 if name == "acosh" else POINTS:
        operands = point[: 2 if name in TWO else 1]
        if name == "fmod":  # for operands of different signs, XAD rounds the quotient down, and not towards 0 as C does
            operands = tuple(map(abs, operands))
        if name.startswith("is"):
            assert bool(our_function(Value(operands[0]))) == their_function(Real(operands[0]))
        elif name == "remainder":  # that of C rounds the quotient to the nearest integer, NumPy's rounds down
            assert ours(our_function, operands)[0] == pytest.approx(operator.mod(*operands))
        else:
            assert ours(our_function, operands) == pytest.approx(theirs(their_function, operands), rel=1e-12, abs=1e-14)


OPERATORS = {
    **{f.__name__: f for f in (operator.add, operator.sub, operator.mul, operator.truediv, operator.pow)},
    **{f.__name__: f for f in (operator.mod, operator.floordiv)},
    "divmod, quotient": lambda a, b: divmod(a, b)[0],
    "divmod, rest": lambda a, b: divmod(a, b)[1],
}
ONE = {"neg": operator.neg, "pos": lambda x: +x, "abs": abs, "round": round, "floor": math.floor, "ceil": math.ceil}


@pytest.mark.parametrize("name", OPERATORS)
@pytest.mark.parametrize("point", [(2.75, 1.25), (0.5, 3.0)])
def test_every_operator_takes_numbers_on_both_sides_as_xad_does(name, point):
    f = OPERATORS[name]
    for kind in (float, int, np.float64, np.int64):
        number = kind(point[1])
        for call in (lambda x, number=number: f(x, number), lambda x, number=number: f(number, x)):
            plain = theirs(lambda x, call=call: Real(0.0) + float(call(x.value)), (point[0],))[0]
            assert ours(call, (point[0],))[0] == pytest.approx(plain, rel=1e-13)
    if name in ("add", "sub", "mul", "truediv", "pow"):
        assert ours(f, point) == pytest.approx(theirs(f, point), rel=1e-12)


@pytest.mark.parametrize("name", ONE)
def test_every_function_of_python_takes_a_value_as_xad_does(name):
    for x in (2.7, -1.4):
        value = ours(ONE[name], (x,))[0]
        of_xad = ONE[name](Real(x))
        assert value == float(ONE[name](x)) == getattr(of_xad, "value", of_xad)
