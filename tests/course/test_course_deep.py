"""Deep networks: what one hidden layer can draw, what depth adds, and how gradients pass through many layers.

From lectures L4 and L5. The worked examples M4, M5, M7 and T3 have their tests with the other networks.
"""

from itertools import pairwise

import numpy as np
import pytest
from sklearn.datasets import load_iris
from support.by_hand import same, sigmoid

import autograd
import nn
from autograd import Value, data_of, grad_of
from nn import MLP


def temperature(hour):
    return 14 + 5 * np.sin((hour - 9) * np.pi / 12) + 1.5 * np.sin(hour * np.pi / 4)


def connected(neurons):
    """A network 1-n-1 that connects points of the curve: each output weight is a change of the slope."""
    times = np.linspace(0, 24, neurons + 1)
    slopes = np.diff(temperature(times)) / np.diff(times)
    model = MLP(1, [neurons, 1], activation="relu")
    model.layers[0].assign(np.ones((neurons, 1)), -times[:-1])
    model.layers[1].assign([np.diff(slopes, prepend=0)], [temperature(0)])
    return model, times


@pytest.mark.parametrize("neurons", [2, 4, 16])
def test_s10_a_hidden_layer_of_relu_connects_points_of_a_curve(neurons):
    model, times = connected(neurons)
    same(model.predict(times[:, None]), temperature(times))


def test_s10_with_twice_as_many_neurons_the_largest_error_is_four_times_smaller():
    hours = np.linspace(0, 24, 961)
    errors = [np.abs(connected(n)[0].predict(hours[:, None]) - temperature(hours)).max() for n in (16, 32, 64, 128)]
    for error, half in pairwise(errors):
        assert 3.3 < error / half < 4.7


@pytest.mark.parametrize("depth", [1, 2, 3, 8])
def test_s10_each_folding_layer_of_two_neurons_doubles_the_straight_pieces(depth):
    model = MLP(1, [2] * depth + [1], activation="relu")
    model.layers[0].assign([[1], [1]], [0, -0.5])
    for layer in model.layers[1:-1]:
        layer.assign([[2, -4], [2, -4]], [0, -0.5])
    model.layers[-1].assign([[2, -4]], [0])
    corners = np.linspace(0, 1, 2**depth + 1)
    same(model.predict(corners[:, None]), np.arange(2**depth + 1) % 2)
    middles = (corners[1:] + corners[:-1]) / 2
    same(model.predict(middles[:, None]), np.full(2**depth, 0.5))  # straight from corner to corner


def test_s10_a_shared_weight_of_a_convolution_gets_the_sum_over_its_uses():
    x, w = [Value(v) for v in (1.0, 3.0, 2.0)], [Value(v) for v in (-1.0, 0.5)]
    y = [w[0] * x[j] + w[1] * x[j + 1] for j in range(2)]
    (y[0] + y[1]).backward()
    same(data_of(y), np.correlate([1.0, 3.0, 2.0], [-1.0, 0.5]))
    assert grad_of(w).tolist() == [1 + 3, 3 + 2]


def test_s11_the_product_of_the_chain_rule_layer_by_layer():
    """diag(g'(z₁)) W₂ᵀ diag(g'(z₂)) W₃ᵀ ∂L/∂z₃, where ∂L/∂z₃ is the Jacobian of softmax times −y ⊘ s."""
    rng = np.random.default_rng(0)
    model = MLP(5, [4, 4, 3], activation="sigmoid")
    for layer in model.layers:
        layer.assign(rng.normal(size=layer.weight.shape), rng.normal(size=layer.bias.shape))
    x, label = rng.normal(size=5), 2
    nn.cross_entropy(model(x), label).backward()
    (W1, b1), (W2, b2), (W3, b3) = [(data_of(layer.weight), data_of(layer.bias)) for layer in model.layers]
    a1 = sigmoid(W1 @ x + b1)
    a2 = sigmoid(W2 @ a1 + b2)
    s = np.exp(W3 @ a2 + b3) / np.exp(W3 @ a2 + b3).sum()
    y = nn.one_hot([label], 3)[0]

    dz3 = (np.diag(s) - np.outer(s, s)) @ (-y / s)
    same(dz3, s - y)
    same(grad_of(model.layers[2].weight), np.outer(dz3, a2))
    dz2 = np.diag(a2 * (1 - a2)) @ W3.T @ dz3
    same(grad_of(model.layers[1].weight), np.outer(dz2, a1))
    dz1 = np.diag(a1 * (1 - a1)) @ W2.T @ dz2
    same(grad_of(model.layers[0].weight), np.outer(dz1, x))


def gradient_sizes(activation, spread, depth=12, width=12):
    """The typical size of the gradients of each layer's weights, for random weights of this spread."""
    rng = np.random.default_rng(0)
    model = MLP(width, [width] * depth, activation=activation, output_activation=activation)
    for layer in model.layers:
        layer.assign(spread * rng.normal(size=(width, width)), np.zeros(width))
    out = model(rng.normal(size=(8, width)))
    (out * rng.normal(size=(8, width))).sum().backward()
    return np.array([np.sqrt(np.mean(grad_of(layer.weight) ** 2)) for layer in model.layers])


def test_gradients_vanish_with_sigmoid_and_not_with_relu():
    vanishing, steady = gradient_sizes("sigmoid", np.sqrt(1 / 12)), gradient_sizes("relu", np.sqrt(2 / 12))
    assert (vanishing[1:] > 1.5 * vanishing[:-1]).all()
    assert vanishing[-1] > 1e5 * vanishing[0]
    assert 0.01 < steady[-1] / steady[0] < 100


def test_weights_twice_as_large_make_the_gradients_of_a_relu_network_2_to_the_11_times_larger():
    same(gradient_sizes("relu", 2 * np.sqrt(2 / 12)), 2**11 * gradient_sizes("relu", np.sqrt(2 / 12)))


def test_the_derivative_of_ten_sigmoids_in_a_row_is_at_most_a_quarter_to_the_tenth():
    for start in np.linspace(-3, 3, 13):
        x = Value(float(start))
        out = x
        for _ in range(10):
            out = autograd.sigmoid(out)
        out.backward()
        assert 0 < x.grad <= 0.25**10


def test_neurons_that_start_equal_have_equal_gradients():
    model = MLP(5, [4, 3], activation="tanh")
    model.layers[0].assign(np.full((4, 5), 0.3), np.zeros(4))
    model.layers[1].assign(np.outer([0.5, -0.2, 0.1], np.ones(4)), np.zeros(3))
    nn.cross_entropy(model(np.random.default_rng(1).normal(size=(6, 5))), [0, 2, 1, 1, 0, 2]).backward()
    gradient = grad_of(model.layers[0].weight)
    same(gradient, np.tile(gradient[0], (4, 1)))
    assert np.abs(gradient).max() > 0.01


@pytest.mark.parametrize("outputs", [[3], [8, 3]])
def test_t3_irises_by_the_size_of_their_petals_with_and_without_a_hidden_layer(outputs):
    flowers, species = load_iris(return_X_y=True)
    standard, _ = nn.standardize(flowers[:, 2:])
    model = MLP(2, outputs, activation="tanh", seed=0)
    adam = nn.Adam(model.parameters(), lr=0.05)
    model.fit(standard, species, loss="cross_entropy", optimizer=adam, epochs=300, progress=False)
    assert nn.accuracy(model.predict(standard), species) >= 0.95
