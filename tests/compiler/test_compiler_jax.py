"""Programs in JAX agree with eager execution to 1e-12, as targets and as pure functions of (parameters, inputs)."""

import math
import operator
import sys
import warnings
from collections import defaultdict

import numpy as np
import pytest
from hypothesis import assume, given, settings, strategies as st
from support.graphs import (
    EDGES,
    EXACT,
    SMOOTH,
    TRANSCENDENTAL,
    all_bits,
    bits,
    compiled,
    eager,
    edge_numbers,
    ordinary_numbers,
    run,
    steps,
)

import autograd
import nn
from autograd import Value, functions
from autograd.compiler.ir.instruction import Instruction
from autograd.graph import topological_order

jax = pytest.importorskip("jax")
jnp = jax.numpy

NORMAL = [x for x in EDGES if x == 0.0 or not abs(x) < sys.float_info.min]


@pytest.fixture
def doubles():
    with jax.enable_x64(True):
        yield


def agree(got, expected):
    """Whether two numbers have the same bits, or are finite and at most 1e-12 apart."""
    return bits(got) == bits(expected) or (
        math.isfinite(got) and math.isfinite(expected) and 0.0 < abs(got - expected) <= 1e-12 * max(1.0, abs(expected))
    )


def is_delicate(build, point):
    """Whether XLA may compute something else: it treats subnormal numbers as 0, and rounds a * b + c once, not twice.

    The latter makes a difference if digits cancel, or a * b is infinite.
    """
    leaves = [Value(x) for x in point]
    output = build(leaves)
    output.backward()
    terms, numbers = defaultdict(list), []
    for node in topological_order(output):
        contributions = [node.grad * slope for slope in node.local_derivatives]
        numbers += [node.data, node.grad, *node.local_derivatives, *contributions]
        for operand, contribution in zip(node.operands, contributions, strict=True):
            terms[operand].append(contribution)
    sums = [(node.grad, contributions) for node, contributions in terms.items()]
    added = [node for node in {*terms, output} if node.op in ("add", "subtract")]
    sums += [(node.data, [operand.data for operand in node.operands]) for node in added]
    cancelled = any(abs(total) < 1e-3 * max(map(abs, parts)) for total, parts in sums)
    infinite = any(math.isinf(part) for _, parts in sums if len(parts) > 1 for part in parts)
    return cancelled or infinite or any(0.0 < abs(x) < sys.float_info.min for x in numbers)


def adds_zero(routine):
    """Whether 0.0 is added to something: XLA omits adding it to -0.0."""
    zeros = {p for p, i in enumerate(routine.instructions) if i == Instruction("constant", (), 0.0)}
    return any(i.op == "add" and zeros & {*i.operands} for i in routine.instructions)


@given(steps(EXACT, most=4), st.lists(st.lists(edge_numbers, min_size=3, max_size=3), min_size=1, max_size=8))
@settings(deadline=None, max_examples=25)
def test_exact_operations_agree_at_the_edges(graph, points):
    def build(nodes):
        return run(EXACT, graph, nodes)

    points = [point for point in points if not is_delicate(build, point)]
    program = compiled(build, 3, "jax")
    assume(points and not adds_zero(program.traced.routine))
    for point in points:
        value, gradients = eager(build, point)
        got, slopes = program.value_and_grad(*point)
        assert agree(got, value)
        assert all(map(agree, slopes, gradients))


@given(steps(SMOOTH, most=5), st.lists(st.tuples(*[ordinary_numbers] * 3), min_size=1, max_size=33))
@settings(deadline=None, max_examples=15)
def test_graphs_of_every_operation_agree_over_1_to_33_samples(graph, points):
    def build(nodes):
        return run(SMOOTH, graph, nodes)

    program = compiled(build, 3, "jax")
    expected = [eager(build, point) for point in points]
    columns = list(zip(*points, strict=True))
    assert all(map(agree, program.map(*columns).tolist(), [value for value, _ in expected]))
    total, sums = program.value_and_grad.map(*columns, reduction="sum")
    contributions = zip(*[[value, *gradients] for value, gradients in expected], strict=True)
    for got, row in zip([total, *sums], contributions, strict=True):
        assert abs(got - math.fsum(row)) <= 1e-12 * (len(row) + math.fsum(map(abs, row)))


@pytest.mark.parametrize("op", [operator.add, operator.sub, operator.mul, operator.truediv])
def test_arithmetic_computes_the_bits_of_eager_execution_at_every_pair_of_edges(op):
    pairs = [(x, y) for x in NORMAL for y in NORMAL]
    results = [op(Value(x), Value(y)).data for x, y in pairs]
    values = autograd.compile(lambda x, y: op(x, y), target="jax").map(*zip(*pairs, strict=True)).tolist()
    for pair, value, result in zip(pairs, values, results, strict=True):
        if not 0.0 < abs(result) < sys.float_info.min:
            assert bits(value) == bits(result), pair


@pytest.mark.parametrize("name", TRANSCENDENTAL)
def test_a_transcendental_operation_agrees_at_every_edge(name):
    def build(nodes):
        return TRANSCENDENTAL[name](nodes[0])

    program = compiled(build, 1, "jax")
    points = [x for x in NORMAL if not is_delicate(build, [x])]
    for x, value in zip(points, program.map(points).tolist(), strict=True):
        expected, slopes = eager(build, [x])
        assert agree(value, expected), x
        assert all(map(agree, program.value_and_grad(x)[1], slopes)), x


def test_a_power_of_two_values_agrees_at_every_pair_of_edges():
    def build(nodes):
        return nodes[0] ** nodes[1]

    program = compiled(build, 2, "jax")
    pairs = [(x, n) for x in NORMAL for n in [*NORMAL, 4.0, -3.0, 5.0, -5.0] if not is_delicate(build, (x, n))]
    for pair, value in zip(pairs, program.map(*zip(*pairs, strict=True)).tolist(), strict=True):
        expected, slopes = eager(build, pair)
        assert agree(value, expected), pair
        assert all(map(agree, program.value_and_grad(*pair)[1], slopes)), pair


@pytest.mark.parametrize("zero", [0.0, -0.0])
def test_the_sign_of_zero_survives_in_value_and_gradient(zero):
    x = Value(1.0)
    assert all_bits(autograd.compile(x * zero, [x], target="jax").value_and_grad(1.0)) == all_bits((zero, [zero]))


def test_no_rewriting_by_xla_loses_a_number():
    program = autograd.compile(lambda x, y: x / y / y, target="jax")
    assert program(1e300, 1e200) == pytest.approx(1e-100, rel=1e-15)  # y * y is inf
    assert autograd.compile(lambda x: x / 1.7e308, target="jax")(1.7e308) == 1.0  # 1 / 1.7e308 is subnormal
    assert autograd.compile(lambda x: (x + 1.0) + -1.0, target="jax")(1e-200) == 0.0


def test_a_program_is_called_in_the_same_way_as_with_every_target():
    w, unused = Value(3.0, "w", role="parameter"), Value(1.0)
    x, y = Value(1.0, "x"), Value(2.0, "y")
    program = autograd.compile(w * x + y, [x, y, unused], target="jax")
    assert program.target == "jax"
    assert type(program(1.0, 2.0, 0.0)) is float
    assert program.map([1.0, 2.0], 2, math.nan).tolist() == [5.0, 8.0]
    assert program.value_and_grad.map([1.0, 2.0], [0.0, 1.0], 0.0, reduction="mean") == (5.0, [1.5])
    w.data = 4.0
    assert program.value_and_grad(1.0, 2.0, 0.0) == (6.0, [1.0])
    values = program.map([1.0, 2.0], 2.0, 0.0)
    values[0] = 7.0  # the caller's own
    constant = autograd.compile(Value(2.0, role="constant") * 3.0, [x], [x], target="jax")
    assert constant.map([1.0, 2.0]).tolist() == [6.0, 6.0]
    assert constant.value_and_grad.map([1.0, 2.0], reduction="sum") == (12.0, [0.0])
    assert autograd.compile(w * w, [], target="jax")() == 16.0
    nothing = autograd.compile(x * 2.0, [x], [], target="jax")
    assert nothing.value_and_grad.map([1.0, 2.0], reduction="mean") == (3.0, [])


def test_a_program_computes_in_doubles_and_leaves_jax_as_it_was():
    program = autograd.compile(lambda x: x + 1e-12, target="jax")
    assert not jax.config.jax_enable_x64
    assert program(1.0) == 1.0 + 1e-12
    assert program.value_and_grad.map([1.0, 2.0], reduction="mean") == (1.5 + 1e-12, 1.0)
    assert not jax.config.jax_enable_x64
    assert jnp.ones(1).dtype == jnp.float32


def test_a_pure_function_refuses_to_compute_in_single_precision():
    f = autograd.compile(lambda x: x * 2.0, target="python").jax
    for call in (f, f.value_and_grad, jax.jit(f)):
        with pytest.raises(TypeError, match=r"double precision.*jax\.config\.update\('jax_enable_x64', True\)"):
            call([], 1.0)


def model_and_loss():
    """A network with dropout left out, its loss on one sample, and 5 samples."""
    model = nn.MLP(2, [3, 1], activation="tanh", seed=1)
    inputs = [Value(0.0, name, role="input") for name in ("x1", "x2", "y")]
    columns = np.random.default_rng(0).normal(size=(3, 5))
    return model, autograd.compile((model(inputs[:2]) - inputs[2]) ** 2, inputs, model.parameters()), columns


@pytest.mark.usefixtures("doubles")
def test_a_pure_function_returns_what_its_program_returns_under_every_transformation():
    model, program, columns = model_and_loss()
    f = program.jax
    parameters = np.array([parameter.data for parameter in model.parameters()])
    values = program.map(*columns)
    value, gradients = program.value_and_grad.map(*columns, reduction="mean")
    np.testing.assert_allclose(f(parameters, *columns), values, rtol=1e-12)
    np.testing.assert_allclose(jax.jit(f)(parameters, *columns), values, rtol=1e-12)
    for call in (f.value_and_grad, jax.jit(f.value_and_grad)):
        got, slopes = call(parameters, *columns)
        assert got == pytest.approx(value, rel=1e-12)
        np.testing.assert_allclose(slopes, gradients, rtol=1e-12, atol=1e-14)
    each, slopes = jax.vmap(f.value_and_grad, in_axes=(None, 0, 0, 0))(parameters, *columns)
    np.testing.assert_allclose(each, values, rtol=1e-12)
    np.testing.assert_allclose(slopes.mean(axis=0), gradients, rtol=1e-12, atol=1e-14)
    own = jax.grad(lambda numbers: f(numbers, *columns).mean())(parameters)
    np.testing.assert_allclose(own, gradients, rtol=1e-11, atol=1e-14)


@pytest.mark.usefixtures("doubles")
def test_a_pure_function_reads_nothing_but_its_arguments():
    model, program, columns = model_and_loss()
    f, parameters = jax.jit(program.jax), np.array([leaf.data for leaf in program.leaves])
    before = f(parameters, *columns).tolist()
    for parameter in model.parameters():
        parameter.data = 100.0
    assert f(parameters, *columns).tolist() == before
    assert f(0.5 * parameters, *columns).tolist() != before


@pytest.mark.usefixtures("doubles")
def test_a_pure_function_turns_single_precision_to_doubles():
    f = autograd.compile(lambda x: x + 1e-12, target="python").jax
    assert f(np.array([], np.float32), np.array([1.0], np.float32)).tolist() == [1.0 + 1e-12]
    assert f([], 1) == 1.0 + 1e-12


@pytest.mark.usefixtures("doubles")
def test_the_error_for_a_wrong_argument_of_a_pure_function_says_what_would_be_right():
    _, program, columns = model_and_loss()
    parameters = [leaf.data for leaf in program.leaves]
    for call in (program.jax, program.jax.value_and_grad):
        with pytest.raises(TypeError, match=r"3 inputs \(x1, x2, y\), not 2"):
            call(parameters, *columns[:2])
        with pytest.raises(ValueError, match=r"of shape \(13,\), not \(12,\)"):
            call(parameters[1:], *columns)
    with pytest.raises(ValueError, match=r"'mean' or 'sum'"):
        program.jax.value_and_grad(parameters, *columns, reduction="none")


def test_a_long_program_warns_that_xla_is_slow():
    x = Value(0.5, "x")

    def chain(length):
        y = x
        for _ in range(length):
            y = functions.tanh(y) * 2.0
        return y

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        short = autograd.compile(chain(160), [x], target="jax")
        assert short.stats()["total"] <= 1000
    with pytest.warns(UserWarning, match=r"2,\d\d\d instructions.*target='native'") as caught:
        long = autograd.compile(chain(500), [x], target="jax")
    with pytest.warns(UserWarning, match=r"2,\d\d\d instructions.*target='native'") as again:
        assert long.jax is long.jax
    assert [warning.filename for warning in (*caught, *again)] == [__file__] * 2
