"""A vector of machine code is a number like the others: the engine's own functions and rules compute with it."""

import math
import subprocess
import sys
from functools import partial
from inspect import signature

import numpy as np
import pytest
from support.graphs import bits, units_apart

from autograd import Value, functions
from autograd.functions import PRIMITIVES

pytest.importorskip("llvmlite")

from autograd.compiler.ir.samples import LANES
from autograd.compiler.llvm.buffers import address, aligned
from autograd.compiler.llvm.builder import Declaration, Function
from autograd.compiler.llvm.jit import compiled
from autograd.compiler.llvm.libm import has_function, lane_by_lane
from autograd.compiler.llvm.registers import Double, Integer, Pointer
from autograd.compiler.llvm.vector import Vector

NUMBERS = [
    [0.3, -0.0, math.nan, 2.0, math.inf, -1.5, 1e-300, 0.9],
    [-0.7, 1.0, 0.5, 2.0, 3.0, -math.inf, 0.0, 1e300],
    [1.25, -3.0, 0.1, 0.0, 7.0, 1.0, -2.0, math.nan],
]


def run(body, *columns):
    """What a function of vectors computes, for eight numbers per argument."""
    function = Function("body", {**{f"x{k}": Pointer for k in range(len(columns))}, "results": Pointer})
    *pointers, results = function.arguments
    written = body(*[pointer.load(Vector, 0) for pointer in pointers])
    written = written if isinstance(written, list) else [written]
    for row, result in enumerate(written):
        results.store(result, row * LANES)
    function.ret()
    outputs = aligned(len(written), LANES)
    arrays = [*map(np.array, columns), outputs]
    (call,) = compiled(function)
    call(*map(address, arrays))
    return outputs.tolist()


@pytest.mark.parametrize("name", PRIMITIVES)
def test_every_primitive_of_the_engine_computes_with_vectors(name):
    function = getattr(functions, name)
    columns = NUMBERS[: len(signature(function).parameters)]
    (got,) = run(function, *columns)
    for number, operands in zip(got, zip(*columns, strict=True), strict=True):
        expected = function(*operands)
        close = math.isfinite(expected) and abs(number - expected) <= 4 * math.ulp(expected)
        assert close or bits(number) == bits(expected), operands


@pytest.mark.parametrize("name", sorted({*functions.__all__} - {*PRIMITIVES, "leaky_relu", "clip"}))
def test_every_formula_of_the_engine_computes_with_vectors(name):
    function = getattr(functions, name)
    columns = NUMBERS[: len(signature(function).parameters)]
    (got,) = run(function, *columns)
    expected = [function(*operands) for operands in zip(*columns, strict=True)]
    if name in ("exp2", "logaddexp"):  # composed from functions whose last digit may differ
        assert all(units_apart(*pair) <= 4.0 for pair in zip(got, expected, strict=True))
    else:
        assert list(map(bits, got)) == list(map(bits, expected))


def test_a_float_may_be_on_either_side_of_an_operator():
    operations = [
        lambda x: x + 2.0,
        lambda x: 2.0 + x,
        lambda x: x - 2.0,
        lambda x: 2.0 - x,
        lambda x: x * 2.0,
        lambda x: 2 * x,
        lambda x: x / 3.0,
        lambda x: x / -1.0,
        lambda x: -x,
        lambda x: +x,
        lambda x: functions.power(x, 2.0),
        lambda x: functions.power(x, -1.0),
        lambda x: functions.divide(1.0, x),
        lambda x: functions.select(x, 1.0, -1.0),
        lambda x: functions.select(x, x, 0.5),
    ]
    got = run(lambda x: [operation(x) for operation in operations], NUMBERS[0])
    for operation, row in zip(operations, got, strict=True):
        assert [bits(y) for y in row] == [bits(operation(x)) for x in NUMBERS[0]]


def test_a_float_may_be_the_base_or_the_exponent_of_a_power():
    got = run(lambda x: [x**2.5, 2.0**x], NUMBERS[0])
    for row, power in zip(got, (lambda x: functions.power(x, 2.5), lambda x: functions.power(2.0, x)), strict=True):
        assert all(units_apart(y, power(x)) <= 2.0 for y, x in zip(row, NUMBERS[0], strict=True))


def test_a_value_that_carries_a_vector_is_differentiated_by_its_own_rules():
    def gradient(x, y):
        a, b = Value(x), Value(y)
        result = (a * b).tanh() + (a / (b * b + 1.0)).exp() - a.sigmoid().log() * b**3
        result.backward()
        return [result.data, a.grad, b.grad]

    columns = np.random.default_rng(0).normal(size=(2, LANES)).tolist()
    expected = np.array([gradient(x, y) for x, y in zip(*columns, strict=True)]).T
    np.testing.assert_allclose(run(gradient, *columns), expected, rtol=1e-13, atol=1e-13)


@pytest.mark.parametrize(("name", "of_floats"), [("arctan", math.atan), ("arctan2", math.atan2), ("hypot", math.hypot)])
def test_a_function_that_llvm_lacks_is_the_c_librarys_lane_by_lane(name, of_floats):
    columns = [[-3.0, -0.0, 0.5, 1.0, 2.5, 1e10, -math.inf, 1e-300], NUMBERS[1]][: 1 if name == "arctan" else 2]
    (got,) = run(partial(lane_by_lane, name), *columns)
    assert [bits(y) for y in got] == [bits(of_floats(*operands)) for operands in zip(*columns, strict=True)]


def test_a_function_that_c_defines_differently_is_not_taken_from_it():
    assert has_function("arcsinh")
    assert not has_function("round")  # halves away from zero
    assert not has_function("remainder")  # the sign of the dividend
    assert not has_function("sigmoid")


def test_what_is_not_a_real_number_is_refused():
    function = Function("f", {"x": Vector})
    (x,) = function.arguments
    for other in ("3", 1j, None):
        with pytest.raises(TypeError, match="must be a vector or a real number, not"):
            x + other


def test_a_branch_on_a_register_is_refused():
    function = Function("f", {"x": Vector, "n": Integer})
    x, n = function.arguments
    for register in (x, x > 0.0, x == 0.0, n, n < 3):
        with pytest.raises(TypeError, match=r"where\(\)"):
            bool(register)


def test_an_integer_operation_that_doubles_lack_is_refused():
    function = Function("f", {"x": Vector})
    (x,) = function.arguments
    with pytest.raises(TypeError):
        x << 1
    with pytest.raises(TypeError):
        x.bits() / 2


def test_a_call_has_as_many_arguments_as_the_function_has_parameters():
    function = Function("f", {"x": Double})
    callee = Declaration("llvm.sqrt.f64", (Double,), Double)
    with pytest.raises(ValueError, match="zip"):
        function.call(callee, *function.arguments, *function.arguments)


NEW_PRIMITIVE = """
import math

from autograd import dispatch, functions
from autograd.value import Value, _record


def lgamma(x):
    return math.lgamma(x) if type(x) is float else dispatch.dispatch(lgamma, x)


functions.lgamma = lgamma
functions.PRIMITIVES += ("lgamma",)
Value.lgamma = lambda self: _record("lgamma", lgamma(self.data), self, 1.0 / (self.data * self.data + 1.0))

import autograd

value, gradient = autograd.compile(lambda x: x.lgamma(), target="native").value_and_grad(0.5)
print(round(value, 12), gradient)
"""


@pytest.mark.pure_python
def test_a_new_primitive_that_c_has_needs_no_change_in_the_native_target():
    run = subprocess.run([sys.executable, "-c", NEW_PRIMITIVE], capture_output=True, text=True, check=False)
    assert run.stdout == f"{round(math.lgamma(0.5), 12)} 0.8\n", run.stderr
