"""Activations: the worked examples A1 to A4 of lectures L1 and L3."""

import functools
import re

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from sklearn.linear_model import LogisticRegression
from support.by_hand import same, sigmoid, sigmoid_slope

import autograd
import nn
import viz
from autograd import Value, array, data_of, grad_of

ALPHA = 0.01
VALUES = {
    "sigmoid": sigmoid,
    "tanh": np.tanh,
    "relu": lambda z: np.maximum(z, 0.0),
    "leaky_relu": lambda z: np.where(z > 0, z, ALPHA * z),
    "step": lambda z: (z > 0) * 1.0,
}
SLOPES = {
    "sigmoid": sigmoid_slope,
    "tanh": lambda z: 1.0 - np.tanh(z) ** 2,
    "relu": lambda z: (z > 0) * 1.0,
    "leaky_relu": lambda z: np.where(z > 0, 1.0, ALPHA),
    "step": np.zeros_like,
}
GRID = np.append(np.linspace(-6.0, 6.0, 101), 0.0)


@pytest.mark.parametrize("name", VALUES)
def test_a1_every_activation_and_its_derivative(name):
    z = array(GRID)
    a = nn.ACTIVATIONS[name](z)
    a.sum().backward()
    same(data_of(a), VALUES[name](GRID))
    same(grad_of(z), SLOPES[name](GRID))


@pytest.mark.parametrize(
    ("name", "operation", "says", "slope"),
    [
        ("relu", "relu", "0", 0.0),
        ("leaky_relu", "leaky_relu", "alpha", ALPHA),
        ("step", "sign, heaviside", "0 (as everywhere)", 0.0),
    ],
)
def test_a1_at_0_the_library_says_which_derivative_it_takes(name, operation, says, slope):
    z = Value(0.0)
    a = nn.ACTIVATIONS[name](z)
    a.backward()
    assert (a.data, z.grad) == (0.0, slope)
    rows = [re.split(r" {2,}", line.strip()) for line in Value.__doc__.splitlines()]
    assert next(row for row in rows if row[0] == operation)[2] == says


@pytest.mark.parametrize("name", VALUES)
def test_a1_a_plot_shows_the_pair(name):
    value, slope = (line.get_xydata() for line in viz.plot_function(nn.ACTIVATIONS[name]).axes[0].get_lines()[-2:])
    for curve, exact in ((value, VALUES[name]), (slope, SLOPES[name])):
        z, shown = curve[np.isfinite(curve[:, 1]) & (np.abs(curve[:, 0]) > 1e-6)].T
        same(shown, exact(z))


@given(st.floats(-20.0, 20.0))
def test_s6_tanh_is_a_sigmoid_stretched_to_lie_around_0(z):
    same(np.tanh(z), 2.0 * autograd.sigmoid(2.0 * z) - 1.0)
    same(autograd.grad(autograd.tanh)(z), 4.0 * autograd.grad(autograd.sigmoid)(2.0 * z))


@given(st.floats(0.1, 5.0))
def test_s6_as_printed_a_step_of_the_sigmoid_s_derivative_has_a_minus_for_a_plus(z):
    slope = autograd.grad(autograd.sigmoid)(z)
    same((1.0 + np.exp(-z)) ** -2 * np.exp(-z), slope)
    assert (1.0 - np.exp(-z)) ** -2 * np.exp(-z) > slope + 0.01 * slope


def test_s5_a_chain_of_ten_sigmoids_has_a_slope_of_at_most_a_millionth():
    def chain(activation):
        return lambda z: functools.reduce(lambda a, _: activation(a), range(10), z)

    assert 0.0 < autograd.grad(chain(autograd.sigmoid))(0.0) < 0.25**10 < 1e-6
    assert autograd.grad(chain(autograd.relu))(1.0) == 1.0


def noisy_classes():
    rng = np.random.default_rng(2)
    X = rng.normal(size=(80, 2))
    return X, (X @ [1.5, -1.0] + 0.5 + rng.logistic(size=80) > 0).astype(float)


def separable_classes():
    """A set symmetric under swapping the inputs, and the classes with both signs, so that the line is x1 + x2 = 0."""
    half = np.array([[1.0, 0.5], [0.5, 1.0], [2.0, 1.0], [1.0, 2.0]])
    return np.concatenate([half, -half]), np.repeat([1.0, 0.0], 4)


def logistic_unit(X, y, *, epochs, penalty=0.0):
    """The weights and the bias of a sigmoid unit after training."""
    unit = nn.Neuron(2, weights=[0.0, 0.0])

    def loss(predictions, targets):
        cost = nn.binary_cross_entropy_with_logits(predictions, targets)
        return cost + penalty * nn.l2_penalty(unit) if penalty else cost

    unit.fit(X, y, loss=loss, optimizer=nn.SGD(unit.parameters(), lr=1.0), epochs=epochs, progress=False)
    return [*data_of(unit.w), unit.b.data]


def scikit_learn(X, y, *, C=np.inf):
    """The same from scikit-learn, whose cost is C·ΣL + ½‖w‖²."""
    model = LogisticRegression(C=C, tol=1e-12, solver="newton-cholesky", max_iter=1000).fit(X, y)
    return [*model.coef_[0], model.intercept_[0]]


def test_a2_on_a_noisy_set_a_sigmoid_unit_is_logistic_regression():
    X, y = noisy_classes()
    same(logistic_unit(X, y, epochs=3000), scikit_learn(X, y), 1e-6)


@given(st.tuples(*[st.floats(-3.0, 3.0)] * 3))
@settings(max_examples=20, deadline=None)
def test_s6_the_gradient_of_the_mean_loss_is_the_mean_of_error_times_input(weights):
    X, y = noisy_classes()
    unit = nn.Neuron(2, activation="sigmoid", weights=weights[:2], bias=weights[2])
    nn.binary_cross_entropy(unit(X), y).backward()
    a = sigmoid(X @ weights[:2] + weights[2])
    same(grad_of([*unit.w, unit.b]), [*((a - y) @ X / len(X)), (a - y).mean()])
    dA = -y / a + (1.0 - y) / (1.0 - a)  # with division entry by entry
    same(dA * a * (1.0 - a), a - y)


@pytest.mark.parametrize("classes", [noisy_classes, separable_classes])
def test_a2_with_one_penalty_the_weights_are_one_too(classes):
    X, y = classes()
    C = 2.0
    ours = logistic_unit(X, y, epochs=3000, penalty=1.0 / (2.0 * C * len(X)))  # of the mean loss: all divided by C·m
    same(ours, scikit_learn(X, y, C=C), 1e-6)


def test_a2_on_a_separable_set_the_boundary_stays_and_the_weights_grow_without_bound():
    X, y = separable_classes()
    trained = np.array([logistic_unit(X, y, epochs=10**n) for n in (2, 3, 4, 5)])
    same(trained[:, 0], trained[:, 1])
    same(trained[:, 2], np.zeros(4))
    sizes = np.linalg.norm(trained, axis=1)
    assert (np.diff(sizes) > 1.0).all()  # each tenfold of the epochs adds as much, so there is no bound
    theirs = np.array([scikit_learn(X, y, C=C) for C in (1.0, 100.0, 1e4)])
    same(theirs[:, 0], theirs[:, 1], 1e-6)
    same(theirs[:, 2], np.zeros(3), 1e-6)
    assert (np.diff(np.linalg.norm(theirs, axis=1)) > 1.0).all()


def test_a3_the_backward_pass_of_relu():
    Z = array([[5.0, -7.0, 6.0], [2.0, 1.0, -4.0]], "Z")
    dA = np.array([[0.5, 0.05, 0.7], [0.1, -0.6, 0.8]])
    A = autograd.relu(Z)
    (A * dA).sum().backward()
    assert data_of(A).tolist() == [[5.0, 0.0, 6.0], [2.0, 1.0, 0.0]]
    assert grad_of(A).tolist() == dA.tolist()
    assert grad_of(Z).tolist() == [[0.5, 0.0, 0.7], [0.1, -0.6, 0.0]]


def test_a4_a_small_change_flips_a_step_unit():
    perceptron = nn.Perceptron(1, weights=[1.0], bias=-1.0)
    before = perceptron([1.0]).data
    perceptron.neuron.w[0].data += 1e-9
    assert (before, perceptron([1.0]).data) == (0.0, 1.0)


@given(st.floats(-2, 2), st.floats(-2, 2), st.floats(-2, 2), st.sampled_from([-1e-4, 1e-3]))
def test_a4_a_small_change_moves_a_sigmoid_unit_a_little(w, x, b, change):
    unit = nn.Neuron(1, activation="sigmoid", weights=[w], bias=b)
    before = unit([x])
    before.backward()
    expected = sigmoid_slope(w * x + b) * x * change
    same(unit.w[0].grad * change, expected)
    unit.w[0].data += change
    second_order = 0.1 * (x * change) ** 2 / 2  # the second derivative of a sigmoid stays below 0.1
    same(unit([x]).data - before.data, expected, second_order + 1e-15)


@pytest.mark.parametrize(
    ("name", "low", "high", "slopes"),
    [
        ("sigmoid", 0.0, 1.0, (0.0, 0.0)),
        ("tanh", -1.0, 1.0, (0.0, 0.0)),
        ("relu", 0.0, np.inf, (0.0, 1.0)),
        ("leaky_relu", -np.inf, np.inf, (ALPHA, 1.0)),
        ("step", 0.0, 1.0, (0.0, 0.0)),
    ],
)
def test_a4_the_range_of_every_activation_and_where_it_saturates(name, low, high, slopes):
    ends = [Value(-1e308), Value(-40.0), Value(40.0), Value(1e308)]
    outputs = [nn.ACTIVATIONS[name](z) for z in ends]
    for output in outputs:
        output.backward()
    data = data_of(outputs)
    assert (low <= data).all()
    assert (data <= high).all()
    for reached, bound in ((data[0], low), (data[3], high)):
        assert reached == bound if np.isfinite(bound) else abs(reached) > 1e300
    same(grad_of(ends), np.repeat(slopes, 2), 1e-15)
