"""Whatever `forward` returns, compiled execution does what eager execution does."""

import numpy as np
import pytest

import nn
from autograd import Value, array, data_of

X = np.random.default_rng(0).normal(size=(40, 3))


class Returning(nn.Module):
    def __init__(self, made):
        self.layer, self.made = nn.Layer(3, 4, seed=1), made

    def forward(self, inputs):
        return self.made(self.layer(inputs))


OUTPUTS = {
    "a tuple": tuple,
    "an array": array,
    "an array of two axes": lambda values: array(values).reshape(2, 2),
    "a list of one": lambda values: values[:1],
    "a Value and a number": lambda values: [values[0], 1.0],
    "numbers": lambda values: [value.data for value in values],
    "a number": lambda values: values[0].data,
    "a Value and the number in another": lambda values: [values[0], values[1].data],
    "a constant": lambda values: 3.0,
}


@pytest.mark.parametrize("name", OUTPUTS)
def test_predictions_are_the_outputs_whatever_these_are_in(name):
    model = Returning(OUTPUTS[name])
    expected = np.array([data_of(model(x)) for x in X.tolist()])
    for count in (5, 40):
        assert model.predict(X[:count]).ravel() == pytest.approx(expected[:count].ravel(), rel=1e-12)


@pytest.mark.parametrize("name", OUTPUTS)
@pytest.mark.filterwarnings("ignore:falling back to eager training")
def test_training_does_the_same_whatever_the_outputs_are_in(name):
    outcomes = []
    for compiled in (True, False):
        model = Returning(OUTPUTS[name])
        targets = np.zeros((3, *np.shape(data_of(model(X[0].tolist())))))
        try:
            model.fit(X[:3], targets, epochs=2, progress=False, compiled=compiled)
        except TypeError as error:
            outcomes.append(str(error))
        else:
            outcomes.append(pytest.approx([parameter.data for parameter in model.parameters()], rel=1e-12))
    assert outcomes[0] == outcomes[1] if isinstance(outcomes[0], str) else outcomes[0].expected == outcomes[1]


@pytest.mark.parametrize("loss", [lambda p, t: Value(1.0), lambda p, t: MODEL.neurons[0].b])
def test_a_loss_may_be_the_same_for_all_samples(loss):
    before = MODEL.state_dict()
    history = MODEL.fit(X, X[:, :2], loss=loss, epochs=2, batch_size=7, progress=False)
    eager = nn.Layer(3, 2, seed=1)
    eager.load_state_dict(before)
    assert len(history.loss) == 2
    assert MODEL.neurons[0].w[0].data == eager.neurons[0].w[0].data


MODEL = nn.Layer(3, 2, seed=1)
