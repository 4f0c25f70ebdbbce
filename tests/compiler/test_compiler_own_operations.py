"""Operations from outside in programs: those of known functions in every target, others where Python runs."""

import math
import warnings

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from support.graphs import DIFFERENTIABLE, SMOOTH, javascript, ordinary_numbers, run, steps

import autograd
import nn
from autograd import Value, absolute, derivative, exp, grad, hessian, log, operation, select, sqrt
from autograd.compiler import TracingError
from autograd.graph import topological_order

TARGETS = ("python", "numpy", "native", "jax", "javascript")


@operation
def arsinh(x):
    return log(x + sqrt(x * x + 1.0))


@arsinh.derivative
def _(x, y):
    return 1.0 / sqrt(x * x + 1.0)


@operation
def blend(a, b, c, *, sharpness=2.0):
    return a.tanh() * b + sharpness * c if isinstance(a, Value) else autograd.tanh(a) * b + sharpness * c


@operation
def gate(x):
    return select(x, x, 0.0)


@operation
def gamma(x):
    return math.gamma(float(x))


@gamma.derivative
def _(x, y):
    return y * digamma(x)


@operation
def digamma(x):
    """By the asymptotic series, after the recurrence has moved x beyond 10."""
    total = 0.0
    while x < 10.0:
        total -= 1.0 / x
        x += 1.0
    return total + log(x) - 1.0 / (2.0 * x) - 1.0 / (12.0 * x**2) + 1.0 / (120.0 * x**4) - 1.0 / (252.0 * x**6)


@operation
def leaky(x, *, slope=0.125):
    return x if x > 0.0 else slope * x


@pytest.mark.parametrize("target", TARGETS)
def test_every_target_runs_an_operation_of_known_functions(target):
    f = lambda v: blend(arsinh(v[0]), v[1], v[0], sharpness=3.0) * arsinh(v[1])  # noqa: E731
    program = autograd.compile(f, target=target)
    value, gradient = program.value_and_grad([0.5, -1.25])
    expected = autograd.value_and_grad(f)([0.5, -1.25])
    assert value == pytest.approx(expected[0], rel=1e-12)
    assert gradient == pytest.approx(expected[1], rel=1e-12)
    x, y = Value(2.0), Value(3.0)
    recorded = autograd.compile(f([x, y]), [x, y], target=target)
    assert recorded.value_and_grad(0.5, -1.25) == program.value_and_grad([0.5, -1.25])
    assert np.allclose(program.hessian([0.5, -1.25]), hessian(f)([0.5, -1.25]), rtol=1e-10)
    direction = ([0.5, -1.25],), ([1.0, 2.0],)
    assert program.jvp(*direction)[1] == pytest.approx(autograd.jvp(f, *direction)[1], rel=1e-12)
    samples = program.map(np.array([[0.5, -1.25], [1.0, 2.0]]))
    assert samples[1] == pytest.approx(f([1.0, 2.0]), rel=1e-12)


@pytest.mark.parametrize("target", TARGETS)
def test_every_target_runs_higher_derivatives(target):
    x = Value(2.0, "x")
    for f in (arsinh, lambda x: blend(x, x, x)):
        second = autograd.compile(derivative(derivative(f(x), x), x), [x], target=target)
        assert second(0.5) == pytest.approx(grad(grad(f))(0.5), rel=1e-12)
        assert second.value_and_grad(0.5)[1][0] == pytest.approx(grad(grad(grad(f)))(0.5), rel=1e-11)


def test_a_rule_is_what_a_program_computes():
    @operation
    def quantized(x):
        return autograd.round(x)

    quantized.derivative(lambda x, y: 1.0)
    program = autograd.compile(lambda x: quantized(x) * x, target="python")
    assert program.value_and_grad(2.4) == (4.8, 4.4)


def test_a_program_holds_the_formula_with_its_constants():
    source = autograd.compile(lambda x: arsinh(x), target="python").source
    assert "arsinh" not in source
    assert source.count("sqrt(") == 1  # the rule and the formula share it


@pytest.mark.parametrize("target", TARGETS)
def test_a_branch_not_taken_sends_nothing_back_in_a_program(target):
    for f in (lambda x: gate(sqrt(x)), lambda x: sqrt(x) * 0.0 + gate(-exp(x))):
        eager = autograd.value_and_grad(f)(0.0)
        value, gradient = autograd.compile(f, target=target).value_and_grad(0.0)
        assert (value, gradient) == pytest.approx(eager, nan_ok=True)


@pytest.mark.parametrize("target", ["python", "numpy"])
def test_targets_in_python_call_what_cannot_be_traced(target):
    program = autograd.compile(lambda x, y: gamma(x) * leaky(y, slope=0.5), argnums=(0, 1), target=target)
    value, (dx, dy) = program.value_and_grad(3.5, -2.0)
    expected = autograd.value_and_grad(lambda v: gamma(v[0]) * leaky(v[1], slope=0.5))([3.5, -2.0])
    assert (value, dx, dy) == pytest.approx((expected[0], *expected[1]), rel=1e-12)
    assert program.map([3.5, 2.0], [-2.0, 2.0]).tolist() == [-gamma(3.5), 2.0]
    means = program.grad.map([3.5, 2.0], [-2.0, 2.0], reduction="mean")
    both = [autograd.grad(lambda v: gamma(v[0]) * leaky(v[1], slope=0.5))(v) for v in ([3.5, -2.0], [2.0, 2.0])]
    assert means == pytest.approx(np.mean(both, axis=0), rel=1e-12)


def test_a_program_takes_the_branch_of_each_sample_without_a_warning():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for program in (
            autograd.compile(leaky, target="numpy"),
            autograd.compile(leaky(x := Value(1.0)), [x], target="numpy"),
        ):
            assert program.map([2.0, -2.0]).tolist() == [2.0, -0.25]


def test_second_derivatives_of_what_cannot_be_traced():
    x = Value(3.5, "x")
    program = autograd.compile(derivative(gamma(x), x), [x], target="python")
    assert program(2.5) == pytest.approx(grad(gamma)(2.5), rel=1e-12)
    with pytest.warns(UserWarning, match="was compared"):  # the derivative's graph is of the formula, with its branch
        third = autograd.compile(derivative(derivative(leaky(x) ** 3, x), x), [x], target="python")
    assert third(2.5) == pytest.approx(15.0)
    assert third.value_and_grad(2.5)[1] == [pytest.approx(6.0)]


@operation
def same(x):
    return x


def test_the_identity_is_an_operation_of_its_own():
    x = Value(3.0)
    inner = same(x)
    y = inner * x * x
    program = autograd.compile(y, [x], [inner, x], target="python")
    assert program.value_and_grad(2.0) == (8.0, [4.0, 12.0])
    assert derivative(y, inner).data == 9.0
    assert grad(grad(lambda x: same(x) * x * x))(3.0) == 18.0


@operation
def product_of_three(a, b, c):
    return a * autograd.sin(b) * c


@pytest.mark.parametrize("target", ["python", "numpy", "native"])
def test_a_sum_over_samples_of_own_operations_is_one_routine(target):
    w = Value(0.5, "w", role="parameter")

    def loss(f):
        return sum((f(w, Value(0.1 * n), w) - arsinh(Value(0.02 * n) * w)) ** 2 for n in range(40))

    program = autograd.compile(loss(product_of_three), target=target)
    expected = loss(lambda a, b, c: a * b.sin() * c)
    expected.backward()
    value, (slope,) = program.value_and_grad()
    assert (value, slope) == (pytest.approx(expected.data, rel=1e-12), pytest.approx(w.grad, rel=1e-12))
    assert target == "python" or "for each of 40 samples" in repr(program)


def test_derivatives_inside_a_function_call_what_cannot_be_traced():
    program = autograd.compile(lambda x: grad(leaky)(x) * x, target="python")
    assert (program(2.0), program(-2.0)) == (2.0, -0.25)
    program = autograd.compile(lambda x: grad(grad(lambda x: leaky(x) ** 3))(x), target="python")
    assert (program(2.0), program(-2.0)) == (12.0, pytest.approx(6.0 * -2.0 * 0.125**3))


def test_the_source_names_the_function_that_it_calls():
    assert autograd.compile(leaky, target="python").source == (
        "def program(x):\n    t1 = _leaky(x, 0.125)\n    # backward\n    t2 = _leaky_slope1(x, 0.125)\n"
        "    return [[t1], [t2]]\n"
    )
    assert autograd.compile(leaky, target="python").stats()["operations"] == {"_leaky": 1, "_leaky_slope1": 1}


def test_operations_of_one_name_are_told_apart():
    def other():
        @operation
        def leaky(x):
            return 3.0 * x if x > 0.0 else x

        return leaky

    different = other()
    program = autograd.compile(lambda x: leaky(x) + different(x), target="python")
    assert program.value_and_grad(1.0) == (4.0, 4.0)
    total = sum((leaky(Value(1.0)) if n % 2 else different(Value(1.0))) for n in range(40))
    assert autograd.compile(total * Value(1.0, role="parameter"), target="numpy")() == 80.0


@pytest.mark.parametrize("target", ["native", "jax", "javascript"])
def test_other_targets_refuse_by_name(target):
    message = (
        rf"the target '{target}' cannot run the operation 'gamma', because it calls plain Python .*TracingError: conv"
    )
    with pytest.raises(NotImplementedError, match=message) as caught:
        autograd.compile(lambda x: gamma(x) + 1.0, target=target)(2.0)
    assert str(caught.value).endswith(
        "write it with the functions of autograd, such as select, or choose the target 'python' or 'numpy'"
    )


def test_the_automatic_target_is_one_that_can_run_it():
    x = Value(2.0)
    assert autograd.compile(gamma(x), [x]).target == "numpy"
    assert autograd.compile(arsinh(x), [x]).target != "numpy"
    assert autograd.compile(gamma)(3.0) == 2.0
    samples = sum(gamma(Value(float(n)) * w) for n in range(1, 20) for w in [Value(1.0, role="parameter")])
    assert autograd.compile(samples)() == pytest.approx(samples.data)


def test_source_for_pages_and_jax_is_refused_by_name():
    program = autograd.compile(gamma, target="python")
    with pytest.raises(NotImplementedError, match="JavaScript cannot run the operation 'gamma'"):
        _ = program.javascript
    with pytest.raises(NotImplementedError, match="JAX cannot run the operation 'gamma'"):
        _ = program.jax


def test_a_rule_of_plain_python_is_called_too():
    @operation
    def cube(x):
        return x * x * x

    cube.derivative(lambda x, y: 3.0 * math.pow(x, 2.0))
    assert autograd.compile(cube, target="python").value_and_grad(2.0) == (8.0, 12.0)
    with pytest.raises(NotImplementedError, match="cannot run the derivative of the operation 'cube'"):
        autograd.compile(cube, target="native").grad(2.0)


def test_a_captured_value_is_refused_where_it_would_get_no_gradient():
    w = Value(3.0, "w", role="parameter")

    @operation
    def scaled(x):
        return w * x

    with pytest.raises(TypeError, match="scaled must use no Values but its operands"):
        scaled(2.0)
    program = autograd.compile(scaled, wrt=[w])
    w.data = 4.0
    assert program.value_and_grad(2.0) == (8.0, [2.0])


@pytest.mark.parametrize("target", ["python", "native"])
def test_wrong_results_are_reported_while_tracing(target):
    @operation
    def wrong(a, b):
        return a * b

    wrong.derivative(lambda a, b, y: b)
    with pytest.raises(TypeError, match="the rule of wrong must return 2 numbers"):
        autograd.compile(lambda x: wrong(x, x), target=target)(2.0)

    @operation
    def nothing(x):
        x * x

    with pytest.raises(TypeError, match="nothing must return a number, not None"):
        autograd.compile(nothing, target=target)(2.0)


def training(activation, compiled):
    model = nn.MLP(2, [4, 1], activation=activation, seed=3)
    X, y = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], [0.0, 1.0, 1.0, 0.0]
    history = nn.fit(
        model, X, y, loss="mse_loss", optimizer=nn.SGD(model.parameters(), lr=0.1), epochs=5, compiled=compiled
    )
    return history.loss, model.predict(X).tolist()


@pytest.mark.parametrize("activation", [arsinh, gate, leaky])
def test_training_with_an_own_activation_is_the_same_compiled_and_eager(activation):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        compiled, eager = training(activation, True), training(activation, False)
    assert compiled[0] == pytest.approx(eager[0], rel=1e-12)
    assert compiled[1] == pytest.approx(eager[1], rel=1e-12)


# Random graphs of own operations, against the same graphs of their plain formulas.


def _pairs():
    """Operations with a rule, and without, of one to three operands, and the formula of each."""
    formulas = {
        "bend": lambda a: a * a / (1.0 + absolute(a)),
        "root": lambda a: sqrt(a * a + 0.5),
        "twist": lambda a, b: autograd.tanh(a) * autograd.cos(b),
        "either": lambda a, b: select(a - b, autograd.sin(a), b * 0.5),
        "mixed": lambda a, b, c: autograd.sigmoid(a) * b + select(c, autograd.tanh(c), 0.25 * c),
        "ruled": lambda a: autograd.sin(a) * 1.5,
        "ruled2": lambda a, b: autograd.tanh(a * b),
        "ruled3": lambda a, b, c: autograd.tanh(a) * autograd.tanh(b) * autograd.tanh(c),
    }
    rules = {
        "ruled": lambda a, y: autograd.cos(a) * 1.5,
        "ruled2": lambda a, b, y: ((1.0 - y * y) * b, (1.0 - y * y) * a),
        "ruled3": lambda a, b, c, y: tuple(
            (1.0 - autograd.tanh(p) ** 2) * autograd.tanh(q) * autograd.tanh(r)
            for p, q, r in ((a, b, c), (b, a, c), (c, a, b))
        ),
    }
    for name, formula in formulas.items():
        count = formula.__code__.co_argcount
        named = type(formula)(formula.__code__, formula.__globals__, name)
        own = operation(named)
        if name in rules:
            own.derivative(rules[name])
        yield count, own, formula


PAIRS = list(_pairs())
OWN = [lambda *abc, own=own, count=count: own(*abc[:count]) for count, own, _ in PAIRS]
PLAIN = [lambda *abc, formula=formula, count=count: formula(*abc[:count]) for count, _, formula in PAIRS]
graphs = steps([*OWN, *DIFFERENTIABLE], most=7)
points = st.lists(ordinary_numbers, min_size=2, max_size=3)


@given(graphs, points)
@settings(deadline=None, max_examples=60)
def test_values_and_derivatives_are_those_of_the_plain_formulas(graph, point):
    ours = lambda xs: run([*OWN, *DIFFERENTIABLE], graph, xs)  # noqa: E731
    theirs = lambda xs: run([*PLAIN, *DIFFERENTIABLE], graph, xs)  # noqa: E731
    value, gradient = autograd.value_and_grad(ours)(point)
    expected, expected_gradient = autograd.value_and_grad(theirs)(point)
    assert value == expected
    assert gradient == pytest.approx(expected_gradient, rel=1e-9, abs=1e-9)
    assert np.allclose(hessian(ours)(point), hessian(theirs)(point), rtol=1e-7, atol=1e-7)
    direction = [1.0, -0.5, 2.0][: len(point)]
    assert autograd.jvp(ours, (point,), (direction,))[1] == pytest.approx(
        autograd.jvp(theirs, (point,), (direction,))[1], rel=1e-9, abs=1e-9
    )
    assert autograd.hvp(ours, (point,), (direction,)) == pytest.approx(
        autograd.hvp(theirs, (point,), (direction,)), rel=1e-7, abs=1e-7
    )


@given(graphs, points)
@settings(deadline=None, max_examples=25)
def test_programs_are_those_of_the_plain_formulas(graph, point):
    xs = [Value(number) for number in point]
    output = run([*OWN, *DIFFERENTIABLE], graph, xs)
    plain = [Value(number) for number in point]
    expected = run([*PLAIN, *DIFFERENTIABLE], graph, plain)
    expected.backward()
    for target in ("python", "numpy", "native"):
        value, gradient = autograd.compile(output, xs, target=target).value_and_grad(*point)
        assert value == pytest.approx(expected.data, rel=1e-11, abs=1e-11)
        assert gradient == pytest.approx([x.grad for x in plain], rel=1e-9, abs=1e-9)
    ((value, gradient),) = javascript(autograd.compile(output, xs, target="python"), point)
    assert value == pytest.approx(expected.data, rel=1e-11, abs=1e-11)
    assert gradient == pytest.approx([x.grad for x in plain], rel=1e-9, abs=1e-9)


@given(steps([*OWN, *SMOOTH], most=4), points)
@settings(deadline=None, max_examples=6)
def test_jax_programs_are_those_of_the_plain_formulas(graph, point):
    xs, plain = [Value(number) for number in point], [Value(number) for number in point]
    output, expected = run([*OWN, *SMOOTH], graph, xs), run([*PLAIN, *SMOOTH], graph, plain)
    expected.backward()
    value, gradient = autograd.compile(output, xs, target="jax").value_and_grad(*point)
    assert value == pytest.approx(expected.data, rel=1e-9, abs=1e-9)
    assert gradient == pytest.approx([x.grad for x in plain], rel=1e-9, abs=1e-9)


@given(graphs, points)
@settings(deadline=None, max_examples=25)
def test_unfolding_keeps_every_value_and_program(graph, point):
    xs = [Value(number) for number in point]
    output = run([*OWN, *DIFFERENTIABLE], graph, xs)
    opened = autograd.unfold(output)
    assert all(type(node.op) is str for node in topological_order(opened))
    assert opened.data == output.data


def test_a_function_that_branches_outside_of_an_operation_is_still_refused():
    with pytest.raises(TracingError, match="comparison"):
        autograd.compile(lambda x: arsinh(x) if arsinh(x) > 0.0 else x)(2.0)
