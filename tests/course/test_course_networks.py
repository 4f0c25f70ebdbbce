"""Multi-layer perceptrons: the worked examples M1 to M7 of lectures L1, L3 and L5."""

import tracemalloc
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from support.by_hand import same, sigmoid
from support.pictures import seen

import autograd
import nn
import viz
from autograd import Value, array, backward_steps, data_of, grad_of, jacobian
from nn import MLP

RNG = np.random.default_rng(5)


def randomized(model, seed=0):
    """Gives a model biases that are not 0."""
    rng = np.random.default_rng(seed)
    for layer in model.layers:
        layer.assign(rng.normal(size=layer.weight.shape), rng.normal(size=layer.bias.shape))
    return model


@pytest.mark.parametrize("output_activation", ["linear", "relu"])
def test_m1_xor_by_a_relu_network(output_activation):
    model = MLP(2, [2, 1], activation="relu", output_activation=output_activation)
    model.layers[0].assign([[1, 1], [1, 1]], [0, -1])
    model.layers[1].assign([[1, -2]], [0])
    X, y = nn.datasets.xor()
    first = model.layers[0]
    Z1 = X @ first.weight.T + first.bias
    assert data_of(Z1).tolist() == [[0, -1], [1, 0], [1, 0], [2, 1]]
    assert data_of(first(X)).tolist() == [[0, 0], [1, 0], [1, 0], [2, 1]]
    assert data_of(model(X)).tolist() == y.tolist() == [0, 1, 1, 0]
    assert model.predict(X).tolist() == y.tolist()


def test_m1_where_z_is_0_no_gradient_passes():
    """The convention of A1, ReLU'(0) = 0: of the eight entries of Z1, only those above 0 pass on a gradient."""
    model = MLP(2, [2, 1], activation="relu")
    model.layers[0].assign([[1, 1], [1, 1]], [0, -1])
    model.layers[1].assign([[1, -2]], [0])
    X, _ = nn.datasets.xor()
    Z1 = array(data_of(X @ model.layers[0].weight.T + model.layers[0].bias))
    (autograd.relu(Z1) @ model.layers[1].weight.T).sum().backward()
    assert grad_of(Z1).tolist() == [[0, 0], [1, 0], [1, 0], [1, -2]]


def test_m2_three_conventions_give_the_same_outputs():
    model = randomized(MLP(3, [4, 2], activation="sigmoid"))
    X = RNG.normal(size=(6, 3))
    (W1, b1), (W2, b2) = [(data_of(layer.weight), data_of(layer.bias)) for layer in model.layers]
    rows_out_in = sigmoid(X @ W1.T + b1) @ W2.T + b2
    V1, V2 = W1.T.copy(), W2.T.copy()  # inputs × outputs
    rows_in_out = sigmoid(X @ V1 + b1) @ V2 + b2
    columns = W2 @ sigmoid(W1 @ X.T + b1[:, None]) + b2[:, None]
    outputs = data_of(model(X))
    for other in (rows_out_in, rows_in_out, columns.T):
        same(other, outputs)
    assert columns.shape == outputs.shape[::-1]


@given(st.lists(st.integers(1, 6), min_size=2, max_size=5), st.integers(1, 4))
@settings(deadline=None, max_examples=10)
def test_m2_the_table_of_shapes_is_that_of_the_real_weights(sizes, samples):
    model = MLP(sizes[0], sizes[1:])
    rows = [line.split() for line in nn.summary(model).splitlines()[1:-1]]
    flowing = array(np.ones((samples, sizes[0])))
    for row, layer in zip(rows, model.layers, strict=True):
        assert row[4] == "×".join(map(str, layer.weight.shape))
        assert (layer.outputs, layer.inputs) == layer.weight.shape
        assert layer.bias.shape == (layer.outputs,)
        assert row[1:3] == [str(layer.inputs), str(layer.outputs)]
        flowing = flowing @ layer.weight.T + layer.bias
        assert flowing.shape == (samples, layer.outputs)
    drawn = {edge.ends: edge.label for edge in seen(viz.draw_network(model, view="matrices", samples=samples)).edges}
    assert [drawn[f"W{depth}", f"product{depth}"] for depth in range(1, len(sizes))] == [row[4] for row in rows]


def count(sizes):
    """The total at the end of a table of sizes."""
    return int(nn.summary(sizes).split()[-1].replace(",", ""))


@pytest.mark.parametrize(("sizes", "parameters"), [([2, 2, 1], 9), ([5, 4, 4, 3], 59), ([64, 32, 10], 2410)])
def test_m3_the_number_of_parameters_is_the_sum_over_layers(sizes, parameters):
    assert sum(after * before + after for before, after in pairwise(sizes)) == parameters
    assert len(MLP(sizes[0], sizes[1:]).parameters()) == parameters
    assert count(sizes) == parameters


def test_m3_a_large_network_is_counted_without_being_built():
    tracemalloc.start()
    try:
        assert count([4096, 100, 20, 1]) == 411_741
        assert tracemalloc.get_traced_memory()[1] < 100_000  # bytes: less than a quarter of a byte per parameter
    finally:
        tracemalloc.stop()


class TestM4:
    """An L-layer network with a softmax, and the mean cross-entropy of a minibatch of b samples."""

    X = np.random.default_rng(1).normal(size=(6, 5))
    labels = np.array([0, 2, 1, 1, 0, 2])
    Y = nn.one_hot(labels)

    def model(self):
        return randomized(MLP(5, [4, 4, 3], activation="sigmoid"))

    def test_m4_the_jacobian_of_a_softmax_is_diag_s_minus_s_s(self):
        z = [0.3, -1.2, 2.0]
        s = np.exp(z) / np.exp(z).sum()
        same(nn.softmax(z), s)
        same(jacobian(nn.softmax)(z), np.diag(s) - np.outer(s, s))

    @pytest.mark.parametrize("one_hot", [True, False])
    def test_m4_the_gradient_into_the_scores_is_s_minus_y_over_b(self, one_hot):
        Z = self.model()(self.X)
        nn.cross_entropy(Z, self.Y if one_hot else self.labels).backward()
        S = np.array([nn.softmax(list(row)) for row in data_of(Z)])
        same(grad_of(Z), (S - self.Y) / len(self.X))

    def test_m4_softmax_then_cross_entropy_is_the_fused_loss(self):
        model = self.model()
        S = [nn.softmax(list(row)) for row in model(self.X)]
        loss = -(self.Y * np.log(array(S))).sum() / len(self.X)
        loss.backward()
        written_out, model_gradient = loss.data, grad_of(model.parameters())
        model.zero_grad()
        fused = nn.cross_entropy(model(self.X), self.Y)
        fused.backward()
        same(fused.data, written_out)
        same(grad_of(model.parameters()), model_gradient)

    def test_m4_the_gradient_is_the_mean_of_the_gradients_of_the_samples(self):
        model = self.model()
        nn.cross_entropy(model(self.X), self.Y).backward()
        together, apart = grad_of(model.parameters()), []
        for x, y in zip(self.X, self.labels, strict=True):
            model.zero_grad()
            nn.cross_entropy(model(x), int(y)).backward()
            apart.append(grad_of(model.parameters()))
        same(together, np.mean(apart, axis=0))

    def test_m4_in_matrices(self):
        model = self.model()
        nn.cross_entropy(model(self.X), self.Y).backward()
        (W1, b1), (W2, b2), (W3, b3) = [(data_of(layer.weight), data_of(layer.bias)) for layer in model.layers]
        A1 = sigmoid(self.X @ W1.T + b1)
        A2 = sigmoid(A1 @ W2.T + b2)
        E = np.exp(A2 @ W3.T + b3)
        dZ3 = (E / E.sum(axis=1, keepdims=True) - self.Y) / len(self.X)
        dZ2 = dZ3 @ W3 * A2 * (1 - A2)
        dZ1 = dZ2 @ W2 * A1 * (1 - A1)
        for layer, dZ, A in zip(model.layers, (dZ1, dZ2, dZ3), (self.X, A1, A2), strict=True):
            same(grad_of(layer.weight), dZ.T @ A)
            same(grad_of(layer.bias), dZ.sum(axis=0))


def test_m5_a_bias_absorbed_into_the_weights():
    model = randomized(MLP(5, [4, 4, 3], activation="sigmoid"))
    x, y = RNG.normal(size=5), 2
    nn.cross_entropy(model(x), y).backward()
    apart = grad_of(model.parameters())
    outputs = data_of(model(x))
    model.zero_grad()

    absorbed = [np.hstack([layer.weight, layer.bias[:, None]]) for layer in model.layers]
    assert [W_B.shape for W_B in absorbed] == [(4, 6), (4, 5), (3, 5)]
    assert sum(W_B.size for W_B in absorbed) == len(model.parameters()) == 59
    inputs, sums, a = [], [], array(x)
    for W_B in absorbed:
        inputs.append(np.append(a, array([1.0])))
        sums.append(W_B @ inputs[-1])
        a = autograd.sigmoid(sums[-1])
    nn.cross_entropy(list(sums[-1]), y).backward()
    same(data_of(sums[-1]), outputs)
    same(grad_of(model.parameters()), apart)

    for depth in (1, 2):
        W_B, a_B, dz = absorbed[depth], inputs[depth], grad_of(sums[depth])
        same(grad_of(a_B), data_of(W_B).T @ dz)
        a = data_of(a_B)[:-1]  # without the last row, that of the 1
        same(grad_of(sums[depth - 1]), grad_of(a_B)[:-1] * a * (1 - a))


def test_m6_a_dense_layer_gives_gradients_to_its_weights_and_to_its_input():
    layer = nn.Layer(3, 2, seed=1)
    layer.assign(data_of(layer.weight), [0.5, -0.5])
    x = [Value(number, f"x{i}", role="input") for i, number in enumerate((1.0, -2.0, 0.5), 1)]
    upstream = np.array([3.0, -1.0])
    z = layer(x)
    output = z[0] * 3.0 + z[1] * -1.0
    last = {step.operand: step.gradient for step in backward_steps(output)}
    W = data_of(layer.weight)
    same([last[v] for v in x], W.T @ upstream)
    same([[last[w] for w in row] for row in layer.weight], np.outer(upstream, data_of(x)))
    same([last[b] for b in layer.bias], upstream)

    steps = backward_steps(output)
    for v in x:
        assert sum(step.operand is v for step in steps) == 2  # one from each neuron, and the two are added
    for parameter in layer.parameters():
        assert sum(step.operand is parameter for step in steps) == 1
    table = viz.steps_table(output)
    assert "x1.grad += " in table
    assert "neuron1_w1.grad += " in table


@pytest.mark.parametrize(("outputs", "hidden"), [([3], 0), ([4, 3], 1), ([4, 4, 3], 2)])
def test_m7_networks_with_0_1_and_2_hidden_layers_are_drawn(outputs, hidden):
    model = MLP(5, outputs)
    assert len(model.layers) == hidden + 1
    picture = seen(viz.draw_network(model))
    sizes = [5, *outputs]
    assert picture.boxes.keys() == {f"neuron{d}_{i}" for d, size in enumerate(sizes) for i in range(1, size + 1)}
    assert len(picture.edges) == sum(layer.weight.size for layer in model.layers)
    matrices = seen(viz.draw_network(model, view="matrices"))
    assert {name for name in matrices.boxes if name[0] == "W"} == {f"W{depth}" for depth in range(1, hidden + 2)}


def test_m7_without_a_hidden_layer_it_is_softmax_regression():
    model = randomized(MLP(5, [3]))
    [layer] = model.layers
    X, Y = RNG.normal(size=(7, 5)), nn.one_hot(RNG.integers(0, 3, size=7), 3)
    loss = nn.cross_entropy(model(X), Y)
    loss.backward()
    E = np.exp(X @ data_of(layer.weight).T + data_of(layer.bias))
    S = E / E.sum(axis=1, keepdims=True)
    same(loss.data, -np.mean(np.log((S * Y).sum(axis=1))))
    same(grad_of(layer.weight), (S - Y).T @ X / len(X))
    same(grad_of(layer.bias), (S - Y).mean(axis=0))
