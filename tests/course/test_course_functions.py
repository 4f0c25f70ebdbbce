"""Functions, derivatives, chain rule: the worked examples F1 to F8 of lecture L4."""

import math
from itertools import permutations

import numpy as np
import pytest
from support.by_hand import same, sigmoid, sigmoid_slope
from support.pictures import seen

import autograd
import nn
import viz
from autograd import Value, array, backward_steps, data_of, forward_steps, grad_of

GRID = np.linspace(-3.0, 3.0, 121)
SLOPES = {
    "square": lambda x: 2 * x,
    "leaky_relu": lambda x: np.where(x > 0, 1.0, 0.01),
    "sigmoid": sigmoid_slope,
}
FUNCTIONS = {"square": lambda x: x**2, "leaky_relu": autograd.leaky_relu, "sigmoid": autograd.sigmoid}


def value_and_slope(f, x):
    """A function and its derivative at each point, computed by the engine."""
    return np.array([autograd.value_and_grad(f)(float(point)) for point in x]).T


@pytest.mark.parametrize(
    ("f", "math_view", "code_view", "box", "formula", "slope"),
    [
        (lambda x: x**2, "{x}^{2}", "x ** 2.0", "x²", np.square, SLOPES["square"]),
        (
            lambda x: x.maximum(0.0),
            r"\max\left(x, 0\right)",
            "maximum(x, 0.0)",
            "max",
            lambda x: np.maximum(x, 0),
            lambda x: (x >= 0) * 1.0,  # at 0 the two tie, and the first operand, x, gets the whole gradient
        ),
        (
            autograd.leaky_relu,
            r"\mathrm{LeakyReLU}_{0.01}\left(x\right)",
            "leaky_relu(x, 0.01)",
            "leaky ReLU 0.01",
            lambda x: np.where(x > 0, x, 0.01 * x),
            SLOPES["leaky_relu"],
        ),
        (autograd.sigmoid, r"\sigma\left(x\right)", "sigmoid(x)", "σ", sigmoid, sigmoid_slope),
    ],
    ids=["square", "max", "leaky_relu", "sigmoid"],
)
def test_f1_a_function_in_math_in_code_as_a_diagram_and_as_a_plot(f, math_view, code_view, box, formula, slope):
    y = f(Value(0.5, "x"))
    assert viz.latex(y) == math_view
    assert viz.code(y).splitlines()[-1] == f"t1 = {code_view}"
    boxes = [shown.lines[0] for shown in seen(viz.draw(y, hide_constants=True)).boxes.values()]
    assert boxes[0] == "x"
    assert boxes[1].startswith(box)
    values, slopes = value_and_slope(f, GRID)
    same(values, formula(GRID))
    same(slopes, slope(GRID))
    drawn = [line.get_xydata() for line in viz.plot_function(f).axes[0].get_lines()[-2:]]
    for curve, exact in zip(drawn, (formula, slope), strict=True):
        x, shown = curve[np.isfinite(curve[:, 1])].T
        away = np.abs(x) > 1e-6  # at 0 a slope that jumps is drawn on both sides
        same(shown[away], exact(x[away]))


@pytest.mark.parametrize("f", [autograd.sigmoid, autograd.tanh, autograd.exp, lambda x: x**3])
@pytest.mark.parametrize("x", [-1.5, 0.3, 2.0])
def test_f2_the_error_of_the_central_difference_is_the_third_derivative_times_step_squared_over_6(f, x):
    step = 0.001
    first, third = autograd.grad(f), autograd.grad(autograd.grad(autograd.grad(f)))
    error = autograd.numerical_derivative(f, x, step=step) - first(x)
    assert error == pytest.approx(third(x) * step**2 / 6, rel=1e-2, abs=1e-11)


def test_f2_the_error_falls_with_the_square_of_the_step_and_then_round_off_raises_it():
    exact = autograd.grad(autograd.sigmoid)(1.5)

    def error(step):
        return abs(autograd.numerical_derivative(autograd.sigmoid, 1.5, step=step) - exact)

    for step in (0.1, 0.01, 0.001):
        assert error(step) / error(step / 2) == pytest.approx(4.0, rel=0.02)
    assert max(map(error, (1e-12, 2e-12, 3e-12))) > 1e3 * error(1e-5)
    line = viz.plot_difference_error(autograd.sigmoid, 1.5).axes[0].get_lines()[0]
    steps, errors = line.get_xydata().T
    assert 1e-7 < steps[errors.argmin()] < 1e-3
    same(errors[-1], error(1.0))


@pytest.mark.parametrize("f", [autograd.sigmoid, autograd.exp])
def test_f2_the_error_of_a_one_sided_difference_is_half_the_second_derivative_times_the_step(f):
    first, second = autograd.grad(f), autograd.grad(autograd.grad(f))
    for step in (0.01, 0.001):
        error = (f(1.5 + step) - f(1.5)) / step - first(1.5)
        assert error == pytest.approx(second(1.5) * step / 2, rel=0.02)


def test_at_the_corner_of_max_each_way_to_write_it_has_its_own_slope_between_those_of_both_sides():
    slopes = {
        "relu": autograd.grad(autograd.relu)(0.0),
        "x first": autograd.grad(lambda x: x.maximum(0))(0.0),
        "0 first": autograd.grad(lambda x: autograd.maximum(0, x))(0.0),
        "leaky": autograd.grad(autograd.leaky_relu)(0.0),
        "central": autograd.numerical_derivative(autograd.relu, 0.0),
    }
    assert slopes == {"relu": 0.0, "x first": 1.0, "0 first": 0.0, "leaky": 0.01, "central": 0.5}
    absolute = [lambda x: x.maximum(-x), lambda x: (-x).maximum(x), abs]
    assert [autograd.grad(f)(0.0) for f in absolute] == [1.0, -1.0, 0.0]


@pytest.mark.parametrize("names", [("square", "sigmoid"), ("sigmoid", "square")])
def test_f3_two_nested_functions_have_the_product_of_their_slopes(names):
    inner, outer = (FUNCTIONS[name] for name in names)
    values, slopes = value_and_slope(lambda x: outer(inner(x)), GRID)
    between = np.array([float(inner(x)) for x in GRID.tolist()])
    same(values, [float(outer(a)) for a in between.tolist()])
    same(slopes, SLOPES[names[1]](between) * SLOPES[names[0]](GRID))


@pytest.mark.parametrize("names", [("square", "sigmoid"), ("sigmoid", "square")])
def test_f3_where_the_curve_rises_the_derivative_is_positive(names):
    inner, outer = (FUNCTIONS[name] for name in names)
    values, slopes = value_and_slope(lambda x: outer(inner(x)), GRID)
    rising = np.diff(values) > 0
    same_sign = slopes[:-1] * slopes[1:] > 0  # no turning point between the two
    assert (rising[same_sign] == (slopes[:-1] > 0)[same_sign]).all()
    assert same_sign.sum() > 100


def test_f3_a_curve_that_rises_everywhere_has_no_negative_slope_but_one_that_may_be_0():
    square_of_sigmoid, slopes = value_and_slope(lambda x: autograd.sigmoid(x) ** 2, GRID)
    assert (np.diff(square_of_sigmoid) > 0).all()
    assert (slopes > 0).all()
    cube, slopes = value_and_slope(lambda x: x**3, GRID)
    assert (np.diff(cube) > 0).all()
    assert (slopes >= 0).all()
    assert slopes[np.abs(GRID) < 1e-12].tolist() == [0.0]


def test_the_second_derivative_of_the_sine_of_a_square_is_that_of_the_product_rule():
    second = autograd.grad(autograd.grad(lambda x: autograd.sin(x**2)))
    same([second(float(x)) for x in GRID], 2 * np.cos(GRID**2) - 4 * GRID**2 * np.sin(GRID**2))


def test_a_square_and_a_cube_as_products_have_one_term_for_each_path():
    for power, contributions in ((2, [3.0, 3.0]), (3, [9.0, 9.0, 9.0])):
        x = Value(3.0, "x")
        y = math.prod([x] * power)
        found = [step.upstream * step.local_derivative for step in backward_steps(y) if step.operand is x]
        same(found, contributions)


@pytest.mark.parametrize("names", list(permutations(FUNCTIONS)))
@pytest.mark.parametrize("x", [-1.25, 0.5])
def test_f4_three_nested_functions_in_one_forward_and_one_backward_pass(names, x):
    inputs, slopes, value = [], [], Value(x, "x")
    y = value
    for name in names:
        inputs.append(y.data)
        slopes.append(float(SLOPES[name](np.float64(y.data))))
        y = FUNCTIONS[name](y)
    forward, (seed, *backward) = forward_steps(y), backward_steps(y)
    assert [step.operands[0].data for step in forward] == inputs
    assert forward[-1].data == y.data
    assert seed.gradient == 1.0
    assert len(backward) == 3
    same([step.local_derivative for step in backward], slopes[::-1])
    same([step.gradient for step in backward], np.cumprod(slopes[::-1]))
    y.backward()
    assert value.grad == backward[-1].gradient
    table = viz.steps_table(y).splitlines()[1:]
    assert [row.split()[1] for row in table] == ["forward"] * 3 + ["backward"] * 4


@pytest.mark.parametrize(("x", "y"), [(1.0, -0.25), (0.0, 0.0), (-3.0, 1.5)])
def test_f5_both_inputs_of_a_sum_get_the_slope_at_the_sum(x, y):
    x, y = Value(x, "x"), Value(y, "y")
    s = (x + y).sigmoid()
    s.backward()
    assert x.grad == y.grad
    same(x.grad, sigmoid_slope(x.data + y.data))


@pytest.mark.parametrize("n", [1, 2, 5])
def test_f6_a_weighted_sum_in_matrices(n):
    rng = np.random.default_rng(n)
    x, w = rng.normal(size=(1, n)), rng.normal(size=(n, 1))
    X, W = array(x, "X"), array(w, "W")
    N = X @ W
    N[0, 0].backward()
    same(data_of(N), x @ w)
    same(grad_of(X), w.T)
    same(grad_of(W), x.T)
    N[0, 0].zero_grad()
    S = autograd.sigmoid(N)
    S[0, 0].backward()
    same(grad_of(X), sigmoid_slope(x @ w) * w.T)
    same(grad_of(W), x.T * sigmoid_slope(x @ w))


def test_f7_two_matrices():
    rng = np.random.default_rng(7)
    x, w = rng.normal(size=(3, 3)), rng.normal(size=(3, 2))
    X, W = array(x, "X"), array(w, "W")
    O = X @ W  # noqa: E741  as the formula has it
    total = O.sum()
    total.backward()
    same(grad_of(X), np.ones((3, 2)) @ w.T)
    total.zero_grad()
    L = autograd.sigmoid(O).sum()
    L.backward()
    slope = sigmoid_slope(x @ w)
    same(grad_of(X), slope @ w.T)
    same(grad_of(W), x.T @ slope)


def test_f7_the_ones_multiply_the_slopes_element_by_element_and_only_then_comes_a_matrix_product():
    """The chain rule begins with dL/dS = ones(3×2). Only the second of the formula's two products is a matrix product:
    the shapes do not match if the first is one too, nor in an element-wise product with Wᵀ.
    """
    rng = np.random.default_rng(7)
    x, w = rng.normal(size=(3, 3)), rng.normal(size=(3, 2))
    X = array(x, "X")
    S = autograd.sigmoid(X @ w)
    S.sum().backward()
    ones, slope = grad_of(S), sigmoid_slope(x @ w)
    assert (ones == np.ones((3, 2))).all()
    same(grad_of(X), (ones * slope) @ w.T)
    with pytest.raises(ValueError, match="matmul"):
        ones @ slope
    with pytest.raises(ValueError, match="broadcast"):
        (ones * slope) * w.T


def test_f8_xor_by_fixed_weights():
    model = nn.MLP(2, [2, 1], activation="sigmoid", output_activation="sigmoid")
    model.layers[0].assign([[20.0, 20.0], [-20.0, -20.0]], [-10.0, 30.0])
    model.layers[1].assign([[20.0, 20.0]], [-30.0])
    expected = [4.543910487654591e-05, 0.999954519621495, 0.999954519621495, 4.543910487654591e-05]
    X, y = nn.datasets.xor()
    same(data_of(model(X)), expected)
    same(model.predict(X), expected)
    assert nn.accuracy(model.predict(X), y) == 1.0
    assert math.isclose(model([1.0, 1.0]).data, expected[3], rel_tol=1e-12)
