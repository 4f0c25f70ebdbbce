"""Penalties weigh every weight once and no bias, in eager and in compiled training."""

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from autograd import grad_of
from nn import MLP, SGD, Module, Neuron, Perceptron, l1_penalty, l2_penalty, mse_loss

X, Y = np.array([[0.0, 1.0], [1.0, 0.5], [-1.0, 2.0]]), np.array([1.0, 0.0, 2.0])


@given(st.lists(st.floats(-3, 3), min_size=6, max_size=6))
@settings(deadline=None, max_examples=30)
def test_a_penalty_and_its_gradient_are_their_formulas(numbers):
    model = MLP(2, [2, 1])
    w1, w2 = np.array(numbers[:4]).reshape(2, 2), np.array(numbers[4:]).reshape(1, 2)
    model.layers[0].assign(w1, [5.0, -7.0])
    model.layers[1].assign(w2, [11.0])
    for penalty, size, slope in ((l1_penalty, np.abs, np.sign), (l2_penalty, np.square, lambda w: 2 * w)):
        model.zero_grad()
        value = penalty(model)
        value.backward()
        assert value.data == pytest.approx(size(w1).sum() + size(w2).sum(), rel=1e-14)
        for layer, w in zip(model.layers, (w1, w2), strict=True):
            assert (grad_of(layer.weight) == slope(w)).all()
            assert (grad_of(layer.bias) == 0).all()


class Shared(Module):
    def __init__(self):
        self.first = Neuron(1, weights=[3.0])
        self.second = self.first


def test_a_shared_weight_counts_once():
    assert l2_penalty(Shared()).data == 9.0
    assert l1_penalty(Perceptron(2, weights=[1.0, -2.0], bias=9.0)).data == 3.0


@pytest.mark.parametrize("penalty", [l1_penalty, l2_penalty])
def test_compiled_training_with_a_penalty_is_eager_training(penalty):
    trained = []
    for compiled in (True, False):
        model = MLP(2, [3, 1], seed=1)

        def loss(predictions, targets, model=model):
            return mse_loss(predictions, targets) + 0.1 * penalty(model)

        optimizer = SGD(model.parameters(), lr=0.1)
        history = model.fit(
            X, Y, loss=loss, optimizer=optimizer, epochs=20, batch_size=2, compiled=compiled, progress=False
        )
        trained.append([*history.loss, *model.state_dict().values()])
    np.testing.assert_allclose(trained[0], trained[1], rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("penalty", [l1_penalty, l2_penalty])
def test_a_model_without_neurons_has_no_penalty(penalty):
    with pytest.raises(ValueError, match=r"a penalty needs a model with neurons, .* not Module"):
        penalty(Module())
