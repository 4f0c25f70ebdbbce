"""Compiled training goes on as eager training does, whatever a callback changes, and leaves the model up to date."""

import numpy as np
import pytest

import nn
from autograd import NonFiniteError, Value
from nn.training import compiled as training, loop

X = np.random.default_rng(0).normal(size=(8, 2))
y = X[:, 0]


def trained(change, optimizer, compiled, trained_parameters=slice(None)):
    """The weights after six epochs, between which a callback makes a change."""
    model = nn.MLP(2, [3, 1], activation="tanh", seed=1)
    used = optimizer(model.parameters()[trained_parameters])

    def callback(epoch, history, model):
        if epoch == 2:
            change(model, used)

    model.fit(X, y, optimizer=used, epochs=6, callbacks=[callback], progress=False, compiled=compiled)
    return np.array([parameter.data for parameter in model.parameters()])


def momentum(parameters):
    return nn.SGD(parameters, lr=0.1, momentum=0.9)


def replace_a_weight(model, optimizer):
    model.layers[0].neurons[0].b = Value(5.0, role="parameter")


def swap_the_activations(model, optimizer):
    for neuron in model.layers[0].neurons:
        neuron.activation = nn.ACTIVATIONS["relu"]


def train_the_last_bias_too(model, optimizer):
    optimizer.parameters = model.parameters()
    optimizer.states = [*optimizer.states, (0.0, 0.0)]


CHANGES = {
    "an option": (lambda model, optimizer: setattr(optimizer, "weight_decay", 0.5), nn.SGD),
    "the momentum": (lambda model, optimizer: setattr(optimizer, "momentum", 0.1), momentum),
    "betas": (lambda model, optimizer: setattr(optimizer, "betas", (0.5, 0.5)), nn.Adam),
    "the learning rate": (lambda model, optimizer: setattr(optimizer, "lr", 0.5), nn.Adam),
    "the step": (lambda model, optimizer: setattr(optimizer, "steps", 0), nn.Adam),
    "one state": (lambda model, optimizer: optimizer.states.__setitem__(0, (5.0, 5.0)), nn.Adam),
    "a weight": (replace_a_weight, nn.SGD),
    "the activation": (swap_the_activations, nn.SGD),
}


@pytest.mark.parametrize("change", CHANGES)
def test_compiled_training_follows_what_a_callback_changes(change):
    eager, compiled = (trained(*CHANGES[change], compiled) for compiled in (False, True))
    unchanged = trained(lambda *_: None, CHANGES[change][1], True)
    np.testing.assert_allclose(compiled, eager, rtol=1e-12)
    assert not np.allclose(compiled, unchanged, rtol=1e-6)


@pytest.mark.parametrize(
    "change", [lambda model, _: setattr(model.parameters()[-1], "data", 0.5), train_the_last_bias_too]
)
def test_compiled_training_follows_what_a_callback_changes_about_frozen_parameters(change):
    eager, compiled = (trained(change, nn.Adam, compiled, slice(-1)) for compiled in (False, True))
    np.testing.assert_allclose(compiled, eager, rtol=1e-12)


def test_a_state_for_each_parameter_is_required():
    with pytest.raises(ValueError, match="the state of each of its 12 parameters, but holds 13"):
        trained(lambda _, optimizer: optimizer.parameters.pop(), nn.Adam, True)


def test_after_an_error_the_optimizer_is_in_the_epoch_of_the_step_that_failed():
    for compiled in (False, True):
        model = nn.MLP(2, [3, 1], seed=1)
        sgd = nn.SGD(model.parameters(), lr=lambda epoch: 0.1 if epoch < 3 else 1e200)
        with pytest.raises(NonFiniteError, match="in epoch 4"):
            model.fit(X, y, optimizer=sgd, callbacks=[lambda *_: None], progress=False, compiled=compiled)
        assert sgd.epoch == 4


def test_the_model_is_up_to_date_as_soon_as_an_error_ends_training(monkeypatch):
    class Broken:
        def update(self, count):
            raise BrokenPipeError

        def set_description(self, text):
            pass

        def unpause(self):
            pass

        def close(self):
            pass

    monkeypatch.setattr(loop, "progress_bar", lambda *_, **__: Broken())
    model = nn.MLP(2, [3, 1], seed=1)
    before, sgd = [parameter.data for parameter in model.parameters()], nn.SGD(model.parameters())
    try:
        model.fit(X, y, optimizer=sgd)
    except BrokenPipeError as error:  # whose traceback holds what was running
        held = error
        assert sgd.steps > 0
        assert [parameter.data for parameter in model.parameters()] != before
    assert held.__traceback__ is not None


class AlarmError(Exception):
    """Raised by the handler of a signal."""


@pytest.mark.parametrize("calls", [1, 2, 4])
def test_an_alarm_after_steps_that_are_not_counted_leaves_the_weights_of_those_that_are(calls, monkeypatch):
    make = training.make_training_loop

    def interrupted(setup):
        loop, made = make(setup), []
        run = loop.run

        def run_and_alarm(steps):
            made.append(run(steps))
            if len(made) == calls:
                raise AlarmError
            return made[-1]

        loop.run = run_and_alarm
        return loop

    model, other = nn.MLP(2, [3, 1], seed=1), nn.MLP(2, [3, 1], seed=1)
    adam, same = nn.Adam(model.parameters()), nn.Adam(other.parameters())
    with monkeypatch.context() as patch:
        patch.setattr(training, "make_training_loop", interrupted)
        with pytest.raises(AlarmError):
            model.fit(X, y, optimizer=adam, epochs=10**6, progress=False)
    assert bool(adam.steps) == (calls > 1)
    if adam.steps:
        other.fit(X, y, optimizer=same, epochs=adam.steps, progress=False)
    assert [parameter.data for parameter in model.parameters()] == [parameter.data for parameter in other.parameters()]
    assert (adam.states, adam.steps) == (same.states, same.steps)
