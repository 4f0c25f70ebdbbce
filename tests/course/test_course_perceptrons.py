"""Perceptrons and gates: the worked examples P1 to P6 of lectures L1 and L3."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from sklearn.datasets import load_digits
from support.by_hand import same

import nn
import viz
from autograd import Value, array, data_of, grad_of
from nn import Perceptron
from nn.datasets import gate

GATES = {"and": ([1.0, 1.0], -1.5), "or": ([1.0, 1.0], -0.5), "not": ([-1.0], 0.5), "nand": ([-1.0, -1.0], 1.5)}
weights = st.floats(-1e3, 1e3)


def unit(name):
    w, b = GATES[name]
    return Perceptron(len(w), weights=w, bias=b)


@pytest.mark.parametrize("name", ["and", "or", "not"])
def test_p1_a_step_unit_is_a_gate(name):
    X, y = gate(name)
    assert unit(name).predict(X).tolist() == y.tolist()


@given(st.tuples(weights, weights), weights, st.tuples(weights, weights))
def test_p1_the_threshold_is_the_bias_with_the_other_sign(w, b, x):
    total = w[0] * x[0] + w[1] * x[1]
    if abs(total + b) > 1e-6:  # closer to the line, rounding decides
        assert Perceptron(2, weights=w, bias=b)(list(x)).data == (total > -b)


@pytest.mark.parametrize(("name", "threshold"), [("and", 1.5), ("or", 0.5)])
def test_p1_the_line_that_is_drawn_is_where_the_weighted_sum_is_the_threshold(name, threshold):
    perceptron = unit(name)
    figure = viz.plot_decision_surface(lambda X: X @ data_of(perceptron.neuron.w), *gate(name), threshold=threshold)
    [line] = [c for c in figure.axes[0].collections if hasattr(c, "allsegs")]
    [segments] = line.allsegs
    same(segments[0].sum(axis=1), np.full(len(segments[0]), threshold))
    same(threshold, -perceptron.neuron.b.data)


@given(st.tuples(weights, weights), weights)
def test_p1_no_line_gives_xor(w, b):
    """The sums at 00 and 11 add up to the same as those at 01 and 10, so XOR's signs are impossible."""
    X, y = gate("xor")
    sums = X @ np.array(w) + b
    assert sums[0] + sums[3] == pytest.approx(sums[1] + sums[2], abs=1e-9)
    assert Perceptron(2, weights=w, bias=b).predict(X).tolist() != y.tolist()


def test_p2_nand_by_one_unit_and_by_not_after_and():
    X, y = gate("nand")
    negate, both = unit("not"), unit("and")
    assert unit("nand").predict(X).tolist() == y.tolist()
    assert [negate(both(list(x))).data for x in X] == y.tolist()


def test_p3_one_update_on_inputs_with_a_leading_1():
    perceptron = Perceptron(2, weights=[-1.0, -1.0], bias=1.0)
    assert perceptron([0.0, 0.0]).data == 1.0
    assert not perceptron.correct([0.0, 0.0], 0.0, lr=0.01)
    same([perceptron.neuron.b.data, *data_of(perceptron.neuron.w)], [0.99, -1.0, -1.0])


@given(st.tuples(weights, weights, weights), st.tuples(weights, weights), st.booleans(), st.floats(0.001, 1.0))
def test_p3_every_update_is_the_rule(first, x, y, lr):
    perceptron = Perceptron(2, weights=first[1:], bias=first[0])
    augmented, w = np.array([1.0, *x]), np.array(first)
    expected = w + lr * (y - perceptron(list(x)).data) * augmented
    perceptron.correct(x, float(y), lr=lr)
    same([perceptron.neuron.b.data, *data_of(perceptron.neuron.w)], expected, 1e-9)


@pytest.mark.parametrize("name", ["and", "or", "nand", "not"])
@pytest.mark.parametrize("lr", [0.01, 1.0])
def test_p3_the_rule_learns_every_gate_that_a_line_separates(name, lr):
    X, y = gate(name)
    perceptron = Perceptron(X.shape[1])
    assert perceptron.fit(X, y, lr=lr)
    assert perceptron.predict(X).tolist() == y.tolist()


@pytest.mark.parametrize("epochs", [1, 1000])
def test_p3_the_rule_gives_up_on_xor_after_the_epochs_it_has(epochs):
    with pytest.warns(nn.NoConvergenceWarning, match=rf"within {epochs} epochs.*as with XOR"):
        assert not Perceptron(2).fit(*gate("xor"), epochs=epochs)


def test_s1_a_rule_by_hand_fails_more_often_on_zeros_than_one_that_a_unit_has_learned():
    digits = load_digits()
    zero, ink = digits.target == 0, digits.images[:, 3:5, 3:5].mean(axis=(1, 2)) / 16.0
    by_hand = ink < 0.1
    assert ((zero & ~by_hand).sum(), (by_hand & ~zero).sum()) == (30, 16)
    assert min(((ink < threshold) != zero).sum() for threshold in np.unique(ink)) == 42  # of any threshold

    reader, pixels = Perceptron(64), digits.data / 16.0
    assert reader.fit(pixels[:1200], zero[:1200])
    assert (by_hand != zero)[1200:].sum() == 22
    assert (reader.predict(pixels[1200:]) != zero[1200:]).sum() == 5
    weights = data_of(reader.neuron.w).reshape(8, 8)
    assert weights[3:5, 3:5].max() < 0.0  # ink in the middle counts against a zero


def test_s1_or_is_built_from_nand_alone():
    def nand(x1, x2):
        return unit("nand")([x1, x2]).data

    X, y = gate("or")
    assert [nand(nand(x1, x1), nand(x2, x2)) for x1, x2 in X] == y.tolist()


@given(st.tuples(weights, weights, weights), st.tuples(weights, weights), st.booleans())
def test_s3_the_rule_is_a_step_of_sgd_on_the_sum_times_the_error(first, x, y):
    """The loss is (ŷ - y)·z with ŷ held constant: 0 for a right answer, else |z|."""
    perceptron = Perceptron(2, weights=first[1:], bias=first[0])
    b, *w = (Value(number) for number in first)
    z = w[0] * x[0] + w[1] * x[1] + b
    loss = (perceptron(list(x)).data - y) * z
    assert loss.data == (abs(z.data) if perceptron(list(x)).data != y else 0.0)
    loss.backward()
    perceptron.correct(x, float(y), lr=0.5)
    moved = np.array([perceptron.neuron.b.data, *data_of(perceptron.neuron.w)])
    same(moved, np.array(first) - 0.5 * grad_of([b, *w]), 1e-9)


@given(st.tuples(weights, weights), weights, st.tuples(weights, weights))
def test_s3_the_gradient_through_the_step_is_0(w, b, x):
    perceptron = Perceptron(2, weights=w, bias=b)
    perceptron(list(x)).backward()
    assert grad_of(perceptron.parameters()).tolist() == [0.0, 0.0, 0.0]


@pytest.mark.parametrize("name", ["and", "or", "nand", "not"])
def test_s3_from_zeros_the_learning_rate_only_scales_the_weights(name):
    X, y = gate(name)
    one, quarter = Perceptron(X.shape[1]), Perceptron(X.shape[1])
    one.fit(X, y)
    quarter.fit(X, y, lr=0.25)
    assert (data_of(one.parameters()) / 4.0).tolist() == data_of(quarter.parameters()).tolist()


def test_s3_the_rule_stops_with_a_line_through_a_point():
    perceptron = Perceptron(2)
    assert perceptron.fit(*gate("and"))
    assert data_of(perceptron.neuron.w) @ [1.0, 0.0] + perceptron.neuron.b.data == 0.0


def test_s3_on_xor_the_rule_returns_to_the_weights_it_had():
    perceptron, seen = Perceptron(2), []
    for _epoch in range(6):
        right = [perceptron.correct(x, y) for x, y in zip(*gate("xor"), strict=True)]
        seen.append((right.count(False), *data_of(perceptron.parameters())))
    assert all(earlier == later for earlier, later in itertools.pairwise(seen[2:]))
    assert seen[2][0] == 4
    assert seen[1][1:] == seen[2][1:]


def test_p4_the_best_linear_fit_of_xor_says_one_half_to_everything():
    X, y = gate("xor")
    model = nn.MLP(2, [1], seed=3)
    model.fit(X, y, optimizer=nn.SGD(model.parameters(), lr=0.5), epochs=400, progress=False)
    [layer] = model.layers
    same(data_of(layer.weight), [[0.0, 0.0]])
    same(data_of(layer.bias), [0.5])
    same(model.predict(X), np.full(4, 0.5))

    layer.assign([[0.0, 0.0]], [0.5])
    cost = nn.mse_loss(model(X), y)
    cost.backward()
    assert cost.data == 0.25
    same(grad_of(model.parameters()), [0.0, 0.0, 0.0])  # convex, so no other fit is better


def feature_sum(X):
    x1, x2 = np.asarray(X).T
    return x1 + x2 - 2.0 * x1 * x2 - 0.5


def test_p5_xor_by_a_product_as_a_third_feature():
    X, y = gate("xor")
    perceptron = Perceptron(3, weights=[1.0, 1.0, -2.0], bias=-0.5)
    features = np.column_stack([X, X[:, 0] * X[:, 1]])
    assert data_of(feature_sum(array(X))).tolist() == [-0.5, 0.5, 0.5, -0.5]
    assert perceptron.predict(features).tolist() == y.tolist()


def test_p5_its_decision_surface_is_bounded_by_two_lines_that_cross():
    """The sum is -2·(x1 - ½)·(x2 - ½)."""
    figure = viz.plot_decision_surface(feature_sum, *gate("xor"), threshold=0.0)
    [boundary] = [c for c in figure.axes[0].collections if hasattr(c, "allsegs")]
    points = np.concatenate(boundary.allsegs[0])
    same(feature_sum(points), np.zeros(len(points)), 1e-3)
    same(np.abs(points - 0.5).min(axis=1), np.zeros(len(points)), 1e-12)
    assert (np.ptp(points, axis=0) > 1.0).all()  # both lines, from one end of the picture to the other


@given(st.lists(st.integers(1, 4), min_size=3, max_size=5), st.integers(0, 100))
@settings(deadline=None, max_examples=40)
def test_p6_linear_units_stacked_are_one_linear_unit(sizes, seed):
    stacked = nn.MLP(sizes[0], sizes[1:], activation="linear", seed=seed)
    rng = np.random.default_rng(seed)
    W, b = np.eye(sizes[0]), np.zeros(sizes[0])
    for layer in stacked.layers:
        layer.assign(data_of(layer.weight), rng.normal(size=layer.outputs))
        W, b = data_of(layer.weight) @ W, data_of(layer.weight) @ b + data_of(layer.bias)
    collapsed = nn.MLP(sizes[0], [sizes[-1]])
    collapsed.layers[0].assign(W, b)
    X = rng.normal(size=(5, sizes[0]))
    same(stacked.predict(X), collapsed.predict(X))
    x = [Value(number) for number in X[0]]
    for output in np.atleast_1d(stacked(x)):
        output.backward()
    same(grad_of(x), W.sum(axis=0))
