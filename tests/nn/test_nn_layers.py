"""Neurons, layers and MLPs compute W·x + b and its activation, from weights of the right size and spread."""

import math

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from support.exact import mp

from autograd import Value, data_of, functions, grad_of, topological_order
from nn import ACTIVATIONS, MLP, Layer, Neuron, ParameterError, datasets, kaiming_uniform, xavier_uniform
from nn.outputs import as_list

FORMULAS = {
    "linear": lambda z: z,
    "sigmoid": lambda z: 1.0 / (1.0 + np.exp(-z)),
    "tanh": np.tanh,
    "relu": lambda z: np.maximum(z, 0.0),
    "leaky_relu": lambda z: np.where(z > 0, z, 0.01 * z),
    "softplus": lambda z: np.log(1.0 + np.exp(z)),
    "elu": lambda z: np.where(z > 0, z, np.expm1(z)),
    "selu": lambda z: 1.0507009873554805 * np.where(z > 0, z, 1.6732632423543772 * np.expm1(z)),
    "gelu": lambda z: 0.5 * z * (1.0 + np.vectorize(math.erf)(z / math.sqrt(2.0))),
    "silu": lambda z: z / (1.0 + np.exp(-z)),
    "softsign": lambda z: z / (1.0 + np.abs(z)),
    "hardtanh": lambda z: np.clip(z, -1.0, 1.0),
    "step": lambda z: np.where(z > 0, 1.0, 0.0),
}


def operations(root):
    return [node.op for node in topological_order(root) if node.op]


def bits(model):
    return np.array(list(model.state_dict().values())).tobytes()


def test_every_activation_has_a_formula_here():
    assert FORMULAS.keys() == ACTIVATIONS.keys()


@pytest.mark.parametrize("name", ["elu", "selu", "gelu", "silu", "softsign", "hardtanh"])
@pytest.mark.parametrize("x", [-800.0, -40.0, -1.5, -1e-9, 1e-9, 0.5, 40.0, 1000.0, 1e300])
def test_an_activation_has_the_derivative_of_its_formula_and_never_overflows_on_the_way(name, x):
    exact = {
        "elu": lambda z: z if z > 0 else mp.expm1(z),
        "selu": lambda z: mp.mpf("1.05070098735548049") * (z if z > 0 else mp.mpf("1.67326324235437728") * mp.expm1(z)),
        "gelu": lambda z: z * mp.erfc(-z / mp.sqrt(2)) / 2 if abs(z) < 1000 else z,
        "silu": lambda z: z / (1 + mp.exp(-z)),
        "softsign": lambda z: z / (1 + abs(z)),
        "hardtanh": lambda z: min(max(z, mp.mpf(-1)), mp.mpf(1)),
    }[name]
    leaf = Value(x)
    y = ACTIVATIONS[name](leaf)
    y.backward()
    assert y.data == pytest.approx(float(exact(mp.mpf(x))), rel=1e-14, abs=0.0)
    assert leaf.grad == pytest.approx(float(mp.diff(exact, mp.mpf(x), h=mp.mpf(10) ** -20 * abs(mp.mpf(x)))), abs=1e-13)


@pytest.mark.parametrize("inputs", [1, 2, 3, 10])
def test_a_neuron_records_one_node_per_operation(inputs):
    linear = Neuron(inputs)([1.0] * inputs)
    assert sorted(operations(linear)) == ["add"] * inputs + ["multiply"] * inputs
    curved = Neuron(inputs, activation="tanh")([1.0] * inputs)
    assert sorted(operations(curved)) == ["add"] * inputs + ["multiply"] * inputs + ["tanh"]
    assert len(topological_order(curved)) == 2 * inputs + 1 + inputs + inputs + 1  # operations, weights, inputs, bias


def test_a_neuron_starts_from_given_weights():
    neuron = Neuron(2, weights=[0.5, -1.0], bias=0.25)
    assert neuron([2.0, 4.0]).data == 0.5 * 2.0 - 1.0 * 4.0 + 0.25
    assert [parameter.data for parameter in neuron.parameters()] == [0.5, -1.0, 0.25]


@pytest.mark.parametrize("name", FORMULAS)
@settings(max_examples=20, deadline=None)
@given(
    inputs=st.integers(1, 4), outputs=st.integers(1, 4), samples=st.integers(1, 3), seed=st.integers(0, 1000)
)  # fmt: skip
def test_a_layer_is_its_formula_with_samples_as_rows_and_weights_out_by_in(name, inputs, outputs, samples, seed):
    rng = np.random.default_rng(seed)
    X, W, b = rng.normal(size=(samples, inputs)), rng.normal(size=(outputs, inputs)), rng.normal(size=outputs)
    layer = Layer(inputs, outputs, activation=name)
    layer.assign(W, b)
    expected = FORMULAS[name](X @ W.T + b)
    assert data_of(layer(X)).reshape(samples, outputs) == pytest.approx(expected, rel=1e-13, abs=1e-13)


def test_gradients_of_a_layer_are_the_formulas_of_the_course():
    rng = np.random.default_rng(1)
    X, W, b, upstream = (rng.normal(size=size) for size in ((5, 3), (4, 3), 4, (5, 4)))
    layer = Layer(3, 4, activation="sigmoid")
    layer.assign(W, b)
    inputs = [[Value(number) for number in row] for row in X]
    outputs = [layer(row) for row in inputs]
    sum(
        g * a for row, rows in zip(upstream.tolist(), outputs, strict=True) for g, a in zip(row, rows, strict=True)
    ).backward()
    A = FORMULAS["sigmoid"](X @ W.T + b)
    dZ = upstream * A * (1 - A)
    assert grad_of(layer.weight) == pytest.approx(dZ.T @ X, rel=1e-12)
    assert grad_of(layer.bias) == pytest.approx(dZ.sum(axis=0), rel=1e-12)
    assert grad_of(inputs) == pytest.approx(dZ @ W, rel=1e-12)


def test_weight_and_bias_are_the_parameters_themselves():
    layer = Layer(3, 2)
    assert layer.weight.shape == (2, 3)
    assert layer.bias.shape == (2,)
    assert layer.weight[1, 2] is layer.neurons[1].w[2]
    assert layer.bias[1] is layer.neurons[1].b


@pytest.mark.parametrize(
    ("weight", "bias", "message"),
    [
        (
            np.ones((3, 2)),
            np.ones(2),
            r"weight of Layer\(3, 2, activation='linear'\) must have shape \(2, 3\), not \(3, 2\)",
        ),
        (np.ones((2, 3)), np.ones(3), r"bias of Layer\(3, 2, .* must have shape \(2,\), not \(3,\)"),
        (np.ones(6), np.ones(2), r"\(2, 3\), not \(6,\)"),
        (1.0, np.ones(2), r"not \(\)"),
        (np.ones((2, 3)), np.ones((2, 1)), r"not \(2, 1\)"),
    ],
)
def test_assigning_another_shape_changes_nothing(weight, bias, message):
    layer = Layer(3, 2)
    before = bits(layer)
    with pytest.raises(ParameterError, match=message):
        layer.assign(weight, bias)
    assert bits(layer) == before


def test_assigning_sets_every_number_as_a_float():
    layer = Layer(2, 2)
    layer.assign([[1, 2], [3, 4]], [5, 6])
    assert data_of(layer.weight).tolist() == [[1.0, 2.0], [3.0, 4.0]]
    assert {type(parameter.data) for parameter in layer.parameters()} == {float}


@pytest.mark.parametrize(
    "make", [lambda s: MLP(3, [5, 2], seed=s), lambda s: Layer(3, 5, seed=s), lambda s: Neuron(9, seed=s)]
)
def test_the_same_seed_results_in_the_same_bits_and_another_seed_in_others(make):
    assert bits(make(4)) == bits(make(4))
    assert bits(make(4)) != bits(make(5))


def test_layers_of_one_seed_are_drawn_one_after_the_other():
    layers = MLP(4, [4, 4, 4], seed=0).layers
    assert len({tuple(data_of(layer.weight).flat) for layer in layers}) == 3
    generator = np.random.default_rng(0)
    again = [Layer(4, 4, activation="tanh", seed=generator) for _ in range(2)]
    assert [bits(layer) for layer in again] == [bits(layer) for layer in layers[:2]]


@pytest.mark.parametrize(("inputs", "outputs"), [(2, 4), (30, 40), (100, 3)])
@pytest.mark.parametrize(
    ("draw", "activations", "variance"),
    [
        (xavier_uniform, ("tanh", "sigmoid", "linear", "step"), lambda i, o: 2.0 / (i + o)),
        (kaiming_uniform, ("relu", "leaky_relu", "softplus"), lambda i, o: 2.0 / i),
    ],
)
def test_initial_weights_have_the_bound_and_the_variance_of_their_source(draw, activations, variance, inputs, outputs):
    bound = math.sqrt(3.0 * variance(inputs, outputs))  # a uniform number in ±a has variance a²/3
    many = np.concatenate([draw(inputs, outputs, np.random.default_rng(seed)).ravel() for seed in range(200)])
    assert abs(many).max() <= bound
    assert abs(many).max() > 0.95 * bound
    assert many.var() == pytest.approx(variance(inputs, outputs), rel=0.1)
    assert abs(many.mean()) < 0.1 * bound
    for activation in activations:
        layer = Layer(inputs, outputs, activation=activation, seed=7)
        assert (data_of(layer.weight) == draw(inputs, outputs, np.random.default_rng(7))).all()
        assert (data_of(layer.bias) == 0.0).all()


@pytest.mark.parametrize(
    ("inputs", "sizes", "count"),
    [(2, [2, 1], 9), (2, [4, 1], 17), (5, [4, 4, 3], 59), (5, [3], 18), (64, [32, 10], 2410), (64, [100, 20, 1], 8541)],
)
def test_the_number_of_parameters_is_the_sum_over_layers_of_weights_and_biases(inputs, sizes, count):
    assert len(MLP(inputs, sizes).parameters()) == count


def test_layers_have_the_shapes_they_were_asked_for():
    model = MLP(5, [4, 3], activation="relu", output_activation="sigmoid")
    assert [layer.weight.shape for layer in model.layers] == [(4, 5), (3, 4)]
    assert [layer.activation_name for layer in model.layers] == ["relu", "sigmoid"]


def test_an_mlp_is_its_layers_one_after_the_other():
    model, X = MLP(3, [4, 5, 2], seed=2), np.random.default_rng(2).normal(size=(6, 3))
    A = X
    for layer in model.layers:
        A = FORMULAS[layer.activation_name](A @ data_of(layer.weight).T + data_of(layer.bias))
    assert data_of(model(X)) == pytest.approx(A, rel=1e-12, abs=1e-14)


def test_linear_layers_stacked_collapse_into_one():
    model = MLP(3, [4, 5, 2], activation="linear", seed=1)
    rng = np.random.default_rng(0)
    W, b = np.eye(3), np.zeros(3)
    for layer in model.layers:
        layer.assign(data_of(layer.weight), rng.normal(size=layer.outputs))
        W, b = data_of(layer.weight) @ W, data_of(layer.weight) @ b + data_of(layer.bias)
    one = Layer(3, 2)
    one.assign(W, b)
    X = rng.normal(size=(10, 3))
    assert data_of(one(X)) == pytest.approx(data_of(model(X)), rel=1e-12, abs=1e-12)


def test_xor_by_fixed_relu_weights():
    model = MLP(2, [2, 1], activation="relu", output_activation="relu")
    model.layers[0].assign([[1, 1], [1, 1]], [0, -1])
    model.layers[1].assign([[1, -2]], [0])
    X, y = datasets.xor()
    scores = X @ data_of(model.layers[0].weight).T + data_of(model.layers[0].bias)
    assert scores.tolist() == [[0.0, -1.0], [1.0, 0.0], [1.0, 0.0], [2.0, 1.0]]
    assert data_of(model.layers[0](X)).tolist() == [[0.0, 0.0], [1.0, 0.0], [1.0, 0.0], [2.0, 1.0]]
    assert data_of(model(X)).tolist() == y.tolist() == [0.0, 1.0, 1.0, 0.0]


def test_xor_by_fixed_sigmoid_weights():
    model = MLP(2, [2, 1], activation="sigmoid", output_activation="sigmoid")
    model.layers[0].assign([[20, 20], [-20, -20]], [-10, 30])
    model.layers[1].assign([[20, 20]], [-30])
    expected = [4.543910487654591e-05, 0.999954519621495, 0.999954519621495, 4.543910487654591e-05]
    assert data_of(model(datasets.xor().X)) == pytest.approx(expected, rel=1e-12)


def test_an_activation_may_be_any_function_of_a_value():
    def square(z):
        return z * z

    model = MLP(1, [1, 1], activation=square, output_activation=functions.relu, seed=1)
    (w,), b = model.layers[0].weight.tolist()[0], 0.5
    model.layers[0].assign([[w.data]], [b])
    model.layers[1].assign([[2.0]], [0.0])
    assert model(3.0).data == pytest.approx(2.0 * (w.data * 3.0 + b) ** 2)
    assert [layer.activation_name for layer in model.layers] == ["square", "relu"]


def test_a_single_output_can_be_read_as_a_list():
    one = Value(1.0)
    assert as_list(one) == [one]
    assert as_list([one, one]) == [one, one]


BAD = {  # name: what is made, what the message says
    "no inputs": (lambda: MLP(0, [1]), "^inputs must be a positive integer, not 0"),
    "no layers": (lambda: MLP(2, []), r"^outputs must be the sizes of the layers, such as \[4, 1\], not \[\]"),
    "a layer of none": (lambda: MLP(2, [0]), "^the size of a layer must be a positive integer, not 0"),
    "half a neuron": (lambda: MLP(2, [1.5]), "positive integer, not 1.5"),
    "a float of a whole number": (lambda: MLP(2, [4.0]), "not 4.0"),
    "fewer than none": (lambda: MLP(2, [4, -1]), "not -1"),
    "True neurons": (lambda: MLP(2, [True]), "not True"),
    "a string of a number": (lambda: MLP("2", [1]), "not '2'"),
    "one size without a list": (lambda: MLP(2, 4), r"such as \[4, 1\], not 4"),
    "a half size without a list": (lambda: MLP(2, 4.5), r"such as \[4, 1\], not 4.5"),
    "None for sizes": (lambda: MLP(2, None), r"such as \[4, 1\], not None"),
    "sizes in a string": (lambda: MLP(2, "41"), r"such as \[4, 1\], not '41'"),
    "nan inputs": (lambda: MLP(math.nan, [1]), "not nan"),
    "a misspelt activation": (lambda: MLP(2, [2, 1], activation="tahn"), "activation 'tahn', did you mean 'tanh'"),
    "a misspelt output": (lambda: MLP(2, [1], output_activation="Sigmoid"), "'Sigmoid', did you mean 'sigmoid'"),
    "an activation unlike any": (lambda: MLP(2, [2, 1], activation="qqq"), r"activation 'qqq'\. Known: elu, gelu, "),
    "no activation": (lambda: MLP(2, [2, 1], activation=None), "unknown activation None.*linear.*relu.*sigmoid"),
    "a number for an activation": (lambda: Neuron(2, activation=3), "unknown activation 3"),
    "an activation in a list": (lambda: Layer(2, 2, activation=["tanh"]), r"unknown activation \['tanh'\]"),
    "dropout of all": (lambda: MLP(2, [2, 1], dropout=1.0), "^dropout must be a number >= 0 and < 1, not 1.0"),
    "dropout below none": (lambda: MLP(2, [2, 1], dropout=-0.1), "not -0.1"),
    "a layer of no inputs": (lambda: Layer(0, 1), "^inputs must be a positive integer, not 0"),
    "a layer of no outputs": (lambda: Layer(1, 0), "^outputs must be a positive integer, not 0"),
    "a neuron of no inputs": (lambda: Neuron(0), "^inputs must be a positive integer, not 0"),
    "too few weights": (
        lambda: Neuron(2, weights=[1.0]),
        r"^weights must have one number for each of 2 inputs, not \[1.0\]",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_a_wrong_size_or_activation_is_refused_with_a_helpful_message(name):
    make, message = BAD[name]
    with pytest.raises(ValueError, match=message):
        make()


@pytest.mark.parametrize("sizes", [[1], [3, 1]])
@pytest.mark.parametrize(
    ("option", "message"),
    [
        ({"activation": "tahn"}, "unknown activation 'tahn', did you mean 'tanh'"),
        ({"activation": None}, "unknown activation None: to apply no activation, use 'linear'"),
        ({"activation": ["relu"]}, "unknown activation .*'relu'"),
        ({"output_activation": "softmax"}, "unknown activation 'softmax': .* linear outputs with cross_entropy"),
        ({"output_activation": "ReLU"}, "did you mean 'relu'"),
        ({"dropout": 5}, "^dropout must be a number >= 0 and < 1, not 5"),
        ({"dropout": None}, "^dropout must be .* not None"),
        ({"seed": -1}, "^seed must be a non-negative integer .* not -1"),
        ({"seed": "a"}, "^seed must be .* not 'a'"),
    ],
)
def test_every_argument_of_an_mlp_is_checked_even_without_a_hidden_layer(sizes, option, message):
    with pytest.raises(ValueError, match=message):
        MLP(2, sizes, **option)


@pytest.mark.parametrize("make", [lambda seed: Layer(2, 2, seed=seed), lambda seed: Neuron(2, seed=seed)])
@pytest.mark.parametrize("seed", [-1, 0.5, None])
def test_a_seed_out_of_range_is_refused(make, seed):
    with pytest.raises(ValueError, match=f"^seed must be a non-negative integer .* not {seed}"):
        make(seed)
