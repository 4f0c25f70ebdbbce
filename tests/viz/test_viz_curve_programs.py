"""The functions from which a page draws curves: they compute what the operations and their rules compute."""

import json
import math

import pytest
from py_mini_racer import MiniRacer
from support.graphs import EVERYTHING

import autograd
import viz
from autograd import Value, operation, topological_order
from autograd.compiler.source.javascript import PRELUDE
from viz.pages.curve_programs import curve_programs


@pytest.fixture(scope="module")
def engine():
    with MiniRacer() as running:
        yield running


def curve(engine, node):
    """The result and the slopes of an operation, as its function computes them from the numbers of its operands."""
    programs = curve_programs([node])
    given = [repr(operand.data) for operand in node.operands if operand.role != "constant"]
    text = f"(() => {{ {PRELUDE}{programs.javascript} return JSON.stringify(curves[0]({', '.join(given)})) }})()"
    return json.loads(engine.eval(text))


def expected(node):
    slopes = zip(node.operands, node.local_derivatives, strict=True)
    return [node.data, *(slope for operand, slope in slopes if operand.role != "constant")]


@pytest.mark.parametrize("function", EVERYTHING)
def test_a_function_computes_the_result_and_the_local_derivatives_of_its_operation(engine, function):
    root = function(Value(0.6, "a"), Value(0.8, "b"), Value(1.7, "c"))
    for node in topological_order(root):
        if node.op and any(operand.role != "constant" for operand in node.operands):
            numbers = expected(node)
            if all(map(math.isfinite, numbers)):
                assert curve(engine, node) == pytest.approx(numbers, rel=1e-14)


def test_an_operation_on_the_same_node_twice_has_a_slope_for_each_use(engine):
    x = Value(3.0, "x")
    assert curve(engine, x / x) == pytest.approx([1.0, 1.0 / 3.0, -1.0 / 3.0])


def test_operations_of_the_users_own_have_one_with_a_rule_and_without(engine):
    @operation
    def bump(x, y):
        return autograd.exp(-x * x) * y

    @operation
    def clamped(x, *, most):
        return autograd.minimum(x, most) * 2.0

    @clamped.derivative
    def _(x, y, *, most):
        return autograd.select(most - x, 5.0, 0.0)  # not the derivative: the rule says what it is

    x, y = Value(0.5, "x"), Value(2.0, "y")
    for node in (bump(x, y), clamped(x, most=1.0), clamped(x, most=0.25)):
        assert curve(engine, node) == pytest.approx(expected(node), rel=1e-14)


def test_operations_of_one_kind_share_a_function_and_others_do_not():
    x, y = Value(2.0, "x"), Value(3.0, "y")
    nodes = [x * y, y * y, x * 2.0, x * 3.0, y * 2.0, x * 0.0, x * -0.0, x.clip(0.0, 1.0), 2.0 * x]
    assert curve_programs(nodes).numbers == (0, 0, 1, 2, 1, 3, 4, *curve_programs(nodes).numbers[7:])
    assert len({*curve_programs(nodes).numbers[7:]} - {0, 1, 2, 3, 4}) == 2


def test_an_operation_on_constants_has_no_function():
    assert curve_programs([Value.constant(2.0) * Value.constant(3.0)]) == ("const curves = [];\n", (None,))


def test_an_operation_that_javascript_runs_only_on_these_numbers_has_no_function_and_its_page_no_error():
    @operation
    def stepped(x, n):
        return x * 2.0 if n > 1.0 else x

    n = Value.constant(3.0) + 1.0  # a number that no reader can change, but not a constant itself
    root = stepped(Value(0.5, "x"), n)
    assert curve_programs([root]).numbers == (None,)
    assert viz.explore(root).html.startswith("<!doctype html>")
