"""`to_torch` returns a model that computes the same outputs and gradients."""

import sys

import numpy as np
import pytest

import nn
from autograd import Value, functions
from nn.outputs import as_list


def test_without_pytorch_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(ImportError, match="pip install torch"):
        nn.to_torch(nn.MLP(2, [1]))


@pytest.fixture
def torch():
    return pytest.importorskip("torch")


def outputs_and_gradients(model, X):
    """The outputs, samples × outputs, and the gradients of the sum of their squares, layer by layer."""
    outputs = np.array([as_list(model(row)) for row in X.tolist()], dtype=object)
    model.zero_grad()
    (outputs**2).sum().backward()
    return np.vectorize(lambda v: v.data)(outputs), [parameter.grad for parameter in model.parameters()]


def torch_outputs_and_gradients(torch, model, X):
    outputs = model(torch.tensor(X, dtype=torch.float64))
    (outputs**2).sum().backward()
    layers = [module for module in model if isinstance(module, torch.nn.Linear)]
    rows = [torch.hstack([layer.weight.grad, layer.bias.grad[:, None]]).flatten() for layer in layers]
    return outputs.detach().numpy(), torch.hstack(rows).tolist()


ACTIVATIONS = [name for name in nn.ACTIVATIONS if name != "step"]


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("output_activation", ACTIVATIONS)
def test_outputs_and_gradients_are_those_of_the_model(torch, activation, output_activation):
    model = nn.MLP(3, [5, 4, 2], activation=activation, output_activation=output_activation, seed=1)
    X = np.random.default_rng(0).normal(scale=3.0, size=(7, 3))
    expected, gradients = outputs_and_gradients(model, X)
    got, slopes = torch_outputs_and_gradients(torch, nn.to_torch(model), X)
    np.testing.assert_allclose(got, expected, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(slopes, gradients, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("activation", [*ACTIVATIONS, functions.tanh])
@pytest.mark.parametrize("z", [0.0, -0.5, 20.5, -25.0, 39.0, 41.0, 700.0, -700.0])
def test_a_neuron_is_equal_at_every_input(torch, activation, z):
    model = nn.Neuron(1, activation=activation, weights=[1.0])
    expected, gradients = outputs_and_gradients(model, np.array([[z]]))
    got, slopes = torch_outputs_and_gradients(torch, nn.to_torch(model), [[z]])
    np.testing.assert_allclose(got, expected, rtol=1e-12, atol=1e-100)  # torch's GELU underflows from -8.3 on
    np.testing.assert_allclose(slopes, gradients, rtol=1e-12, atol=1e-12)


def test_modules_modes_and_precision_are_kept(torch):
    model = nn.MLP(2, [4, 3, 1], activation="relu", dropout=0.25)
    exported = nn.to_torch(model)
    names = [type(module).__name__ for module in exported]
    assert names == ["Linear", "ReLU", "Dropout", "Linear", "ReLU", "Dropout", "Linear"]
    assert type(exported) is torch.nn.Sequential
    assert exported[2].p == 0.25
    assert all(module.training for module in exported.modules())
    assert {parameter.dtype for parameter in exported.parameters()} == {torch.float64}
    assert all(parameter.requires_grad for parameter in exported.parameters())
    model.dropouts[0].eval()
    assert [module.training for module in nn.to_torch(model)] == [True, True, False, True, True, True, True]
    model.eval()
    evaluated = nn.to_torch(model)
    assert not any(module.training for module in evaluated.modules())
    X = torch.ones(1, 2, dtype=torch.float64)
    assert evaluated(X).item() == pytest.approx(model([1.0, 1.0]).data, rel=1e-12)


def test_a_layer_and_a_dropout_can_be_exported_too(torch):
    layer = nn.Layer(2, 3, activation="sigmoid", seed=4)
    np.testing.assert_array_equal(
        nn.to_torch(layer)[0].weight.detach(), [[w.data for w in neuron.w] for neuron in layer.neurons]
    )
    assert nn.to_torch(nn.Dropout(0.5))[0].p == 0.5


def test_exporting_changes_neither_the_model_nor_the_random_numbers_of_pytorch(torch):
    model = nn.MLP(2, [3, 1])
    model([1.0, 2.0]).backward()
    before = [(p.data, p.grad) for p in model.parameters()]
    state = torch.get_rng_state()
    exported = nn.to_torch(model)
    assert torch.equal(torch.get_rng_state(), state)
    with torch.no_grad():
        exported[0].weight += 1.0
    assert [(p.data, p.grad) for p in model.parameters()] == before


def tanh(x):
    return x * 2.0


@pytest.mark.parametrize("activation", ["step", tanh, functions.heaviside, lambda x: x])
def test_an_activation_that_pytorch_lacks_is_named(torch, activation):
    model = nn.MLP(2, [3, 1], activation=activation)
    name = activation if isinstance(activation, str) else activation.__name__
    with pytest.raises(ValueError, match=rf"\(linear, elu, gelu, .*, tanh\), not '{name}'"):
        nn.to_torch(model)


def test_neurons_with_different_activations_are_refused(torch):
    layer = nn.Layer(1, 2, activation="tanh")
    layer.neurons[1] = nn.Neuron(1, activation="relu")
    with pytest.raises(ValueError, match="not 'tanh' next to 'relu'"):
        nn.to_torch(layer)


class Doubled(nn.MLP):
    def forward(self, inputs):
        return [2.0 * output for output in super().forward(inputs)]


class Line(nn.Module):
    def __init__(self):
        self.slope = Value(2.0, role="parameter")


@pytest.mark.parametrize("model", [Doubled(1, [1]), Line(), nn.Perceptron(2)])
def test_a_model_that_may_compute_anything_is_refused(torch, model):
    with pytest.raises(TypeError, match=f"to_torch needs an MLP, Layer, Neuron or Dropout, not {type(model).__name__}"):
        nn.to_torch(model)
