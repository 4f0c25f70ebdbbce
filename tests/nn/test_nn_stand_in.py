"""A stand-in runs when a model is traced, predicts or is replayed: the model does not change, results are right."""

from collections import deque
from functools import partial

import numpy as np
import pytest

import nn
from autograd import Value, compile
from nn.modes import call_in_mode
from nn.stand_in import StandIn

X, Y = nn.datasets.moons(16, seed=1)


class Keeper(nn.Module):
    """A model that keeps what it sees, in containers of every kind, and reaches its parts in every way."""

    def __init__(self):
        self.layer = nn.Layer(2, 2, activation="tanh", seed=1)
        self.scale = {"first": [Value(2.0, role="parameter")], "second": np.array([Value(0.5, role="parameter")])}
        self.last = None
        self.seen, self.recent, self.kinds, self.count = [], deque(maxlen=3), set(), {"runs": 0}
        self.combine = self.added
        self.scaled = partial(self.times, factor=self.scale["first"][0])

    def added(self, a, b):
        return a + b * self.scale["second"][0]

    def times(self, x, factor):
        return x * factor

    def forward(self, inputs):
        hidden = self.layer(inputs)
        self.last = hidden
        self.seen.append(hidden)
        self.recent.append(hidden)
        self.kinds.add(type(hidden[0].data).__name__)
        self.count["runs"] += 1
        return self.scaled(self.combine(*hidden))


def test_what_a_model_keeps_while_it_is_traced_is_kept_by_the_stand_in():
    model = Keeper()
    expected = [model(row).data for row in X.tolist()]
    before = [*model.seen], [*model.recent], {*model.kinds}, {**model.count}, model.last
    assert model.predict(X).tolist() == pytest.approx(expected, rel=1e-12)
    assert ([*model.seen], [*model.recent], model.kinds, model.count, model.last) == before


def test_training_a_model_that_keeps_what_it_sees_is_eager_training():
    compiled, eager = Keeper(), Keeper()
    compiled.fit(X, Y, epochs=3, progress=False)
    eager.fit(X, Y, epochs=3, progress=False, compiled=False)
    numbers = [[p.data for p in model.parameters()] for model in (compiled, eager)]
    assert numbers[0] == pytest.approx(numbers[1], rel=1e-12)
    assert len(compiled.parameters()) == 8


def test_a_stand_in_shares_what_it_does_not_replace():
    model = Keeper()
    first = model.scale["first"][0]
    other = Value(3.0, role="parameter")
    stand_in = StandIn(model, {first: other})
    assert stand_in.model.scale["first"] == [other]
    assert model.scale["first"] == [first]
    assert stand_in.model.scaled.keywords["factor"] is other
    assert stand_in.model.combine.__self__ is stand_in.model
    assert stand_in.model.layer is not model.layer
    assert stand_in.original(stand_in.model.layer) is model.layer
    assert stand_in.model.layer.neurons[0].w == model.layer.neurons[0].w
    assert [name for name, _ in stand_in.model.named_parameters()] == [name for name, _ in model.named_parameters()]


def test_a_module_that_is_held_twice_stands_in_once():
    class Twice(nn.Module):
        def __init__(self):
            self.first = self.second = nn.Neuron(1, weights=[2.0])
            self.pair = (self.first, 5)

        def forward(self, inputs):
            return self.second([self.first(inputs)])

    stand_in = StandIn(Twice(), {}).model
    assert stand_in.first is stand_in.second is stand_in.pair[0]
    assert Twice().predict([[1.0]]).tolist() == [4.0]


# What a closure brings.


def test_the_parameters_that_a_loss_reaches_by_itself_get_their_gradients_and_nothing_is_left_in_them():
    temperature = Value(2.0, "temperature")

    def trained(compiled):
        model = nn.MLP(2, [2, 1], seed=3)

        def loss(predictions, targets):
            return nn.mse_loss(predictions, targets) * temperature + 0.1 * nn.l2_penalty(model)

        model.fit(X, Y, loss=loss, epochs=4, batch_size=5, progress=False, compiled=compiled)
        return [p.data for p in model.parameters()], [p.grad for p in model.parameters()]

    with_program = trained(True)
    assert (temperature.data, temperature.has_grad) == (2.0, False)
    by_hand = trained(False)
    assert with_program[0] == pytest.approx(by_hand[0], rel=1e-12)
    assert with_program[1] == pytest.approx(by_hand[1], rel=1e-9)


def test_parameters_that_are_not_trained_get_no_symbols_and_keep_their_numbers():
    model = nn.MLP(2, [2, 1], seed=3)
    model.fit(X, Y, optimizer=nn.SGD(model.layers[1].parameters()), epochs=2, progress=False)
    assert all(type(p.data) is float and type(p.grad) is float for p in model.parameters())
    assert [p.data for p in model.layers[0].parameters()] == [
        p.data for p in nn.MLP(2, [2, 1], seed=3).layers[0].parameters()
    ]


def test_a_branch_on_a_parameter_that_a_loss_reaches_by_itself_is_not_compiled():
    model = nn.MLP(2, [1], seed=3)
    (w, *_) = model.parameters()

    def loss(predictions, targets):
        return nn.mse_loss(predictions, targets) + (w if w > 0 else -w)

    with pytest.warns(RuntimeWarning, match="falling back to eager training: .* was compared .* depends on parameters"):
        model.fit(X, Y, loss=loss, epochs=2, progress=False)


def test_a_model_whose_activation_uses_a_parameter_of_another_module_predicts_with_its_current_number():
    alpha = Value(0.5, role="parameter")
    model = nn.Neuron(1, weights=[1.0], activation=lambda x: x * alpha)
    model.alpha = alpha
    assert model.predict([[4.0]]).tolist() == [2.0]
    model.fit([[1.0], [2.0]], [3.0, 6.0], epochs=200, optimizer=nn.SGD(model.parameters(), 0.05), progress=False)
    assert model.predict([[1.0], [2.0]]).tolist() == pytest.approx([3.0, 6.0], abs=0.3)


# Modes.


def test_a_held_mode_is_that_of_every_module_in_the_call_and_of_no_module_after_it():
    model = nn.MLP(2, [2, 1], dropout=0.5)
    model.layers[0].eval()

    def modes():
        return [module.training for _, module in model.named_modules()]

    before = modes()
    assert set(call_in_mode(False, modes)) == {False}
    assert set(call_in_mode(True, modes)) == {True}
    assert call_in_mode(False, call_in_mode, True, modes) == call_in_mode(True, modes)
    assert modes() == before


def test_a_class_may_set_its_mode():
    class Frozen(nn.Module):
        training = False

        def forward(self, inputs):
            return inputs[0] * (3.0 if self.training else 2.0)

    class Derived(Frozen):
        pass

    for model in (Frozen(), Derived()):
        assert not model.training
        assert call_in_mode(True, lambda model=model: model.training)
        assert model([1.0]).data == 2.0
        assert model.train()([1.0]).data == 3.0
        assert model.predict([[1.0]]).tolist() == [2.0]
        assert model.training


def test_callbacks_see_the_modes_that_the_user_set():
    seen = []
    model = nn.MLP(2, [2, 1], dropout=0.5).eval()
    model.fit(X, Y, epochs=2, callbacks=[lambda *_: seen.append(model.training)], progress=False)
    assert seen == [False, False]


# Callbacks.


@pytest.mark.parametrize("compiled", [True, False])
def test_training_goes_on_from_the_weights_and_the_state_that_a_callback_sets(compiled):
    def clip(epoch, history, model):
        for parameter in model.parameters():
            parameter.data = max(-0.3, min(0.3, parameter.data))

    def forget(epoch, history, model):
        momentum.states = [(0.0,)] * len(momentum.parameters)

    model, by_hand = nn.MLP(2, [2, 1], seed=2), nn.MLP(2, [2, 1], seed=2)
    momentum = nn.SGD(model.parameters(), lr=0.1, momentum=0.9)
    model.fit(X, Y, epochs=5, optimizer=momentum, callbacks=[clip, forget], progress=False, compiled=compiled)
    plain = nn.SGD(by_hand.parameters(), lr=0.1)  # without its velocity, momentum is plain descent
    for epoch in range(5):
        by_hand.zero_grad()
        nn.mse_loss(by_hand(X), Y).backward()
        plain.step()
        clip(epoch, None, by_hand)
    assert [p.data for p in model.parameters()] == pytest.approx([p.data for p in by_hand.parameters()], rel=1e-9)


def test_a_compiled_program_of_a_model_is_not_disturbed_by_a_prediction():
    model = nn.MLP(1, [2, 1], seed=1)
    x = Value(0.5, "x")
    program = compile(model([x]), [x])
    before = program(0.25)
    model.predict([[1.0]])
    assert program(0.25) == before
