"""Compiled training is eager training, for all losses and optimizers; without LLVM, programs run from source."""

import functools
import importlib.util
import operator
import re

import numpy as np
import pytest

import nn
from autograd import NonFiniteError
from nn.training.compiled import _SECONDS_PER_CALL, _sums_of_rows
from nn.training.tracing import sample_routine

X, MOONS = nn.datasets.moons(23, seed=3)
THREE_X, THREE = nn.datasets.blobs(23, seed=3)


@pytest.fixture(params=["machine code", "source"])
def run_by(request, monkeypatch):
    """How programs run; without llvmlite, from source."""
    if request.param == "source":
        find = importlib.util.find_spec
        for module in ("autograd.compiler.training.factory", "autograd.compiler.targets.make"):
            monkeypatch.setattr(f"{module}.find_spec", lambda name: None if name == "llvmlite" else find(name))
    return request.param


def weights(model):
    return np.array([parameter.data for parameter in model.parameters()])


def both(make, samples, targets, optimizer, **options):
    """The models after compiled and eager training, and their histories."""
    trained = []
    for compiled in (True, False):
        model = make()
        history = model.fit(
            samples, targets, optimizer=optimizer(model.parameters()), progress=False, compiled=compiled, **options
        )
        trained.append((model, history))
    return trained


LOSSES = {
    "mse_loss": (X, MOONS, {"output_activation": "tanh"}),
    "half_squared_error": (X, MOONS, {}),
    "binary_cross_entropy": (X, MOONS, {"output_activation": "sigmoid"}),
    "binary_cross_entropy_with_logits": (X, MOONS, {}),
    "hinge_loss": (X, 2.0 * MOONS - 1.0, {"activation": "relu"}),
    "cross_entropy": (THREE_X, THREE, {"activation": "leaky_relu"}),
}
OPTIMIZERS = {
    "SGD": lambda parameters: nn.SGD(parameters, lr=0.1),
    "momentum and weight decay": lambda parameters: nn.SGD(parameters, lr=0.05, momentum=0.9, weight_decay=0.01),
    "Adam": lambda parameters: nn.Adam(parameters, lr=0.02),
    "AdamW, rate by epoch": lambda parameters: nn.AdamW(parameters, lr=lambda epoch: 0.05 / (1 + epoch)),
}


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("batch_size", [None, 5])
def test_compiled_training_is_eager_training(run_by, loss, optimizer, batch_size):
    samples, targets, options = LOSSES[loss]
    outputs = 3 if loss == "cross_entropy" else 1
    (one, history), (other, reference) = both(
        lambda: nn.MLP(2, [4, outputs], seed=1, **options),
        samples, targets, OPTIMIZERS[optimizer], loss=loss, epochs=6, batch_size=batch_size, seed=2,
    )  # fmt: skip
    assert history.loss == pytest.approx(reference.loss, rel=1e-11)
    assert weights(one) == pytest.approx(weights(other), rel=1e-11, abs=1e-12)
    assert one.predict(samples) == pytest.approx(other.predict(samples), rel=1e-10, abs=1e-12)


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("dropout", [0.0, 0.4])
def test_one_compiled_step_is_the_eager_step_up_to_the_rounding_of_its_contributions(run_by, loss, optimizer, dropout):
    samples, targets, options = LOSSES[loss]
    outputs = 3 if loss == "cross_entropy" else 1
    (one, history), (other, reference) = both(
        lambda: nn.MLP(2, [4, 4, outputs], dropout=dropout, seed=1, **options),
        samples, targets, OPTIMIZERS[optimizer], loss=loss, epochs=1,
    )  # fmt: skip
    assert history.loss == pytest.approx(reference.loss, rel=1e-12)
    for compiled, eager in zip(one.parameters(), other.parameters(), strict=True):
        contributions = 10.0  # at most, in size: samples are below 2, and weights near 1
        assert compiled.grad == pytest.approx(eager.grad, abs=1e-12 * contributions)
        # Adam divides a gradient by its size: if the gradient is a rounding error, so is the direction of the step
        if abs(eager.grad) > 1e-6:
            assert compiled.data == pytest.approx(eager.data, rel=1e-12, abs=1e-12)


RUNS = {
    "XOR, tanh, SGD": (*nn.datasets.xor(), [4, 1], {}, {"loss": "mse_loss"}, OPTIMIZERS["SGD"]),
    "XOR, sigmoid, Adam": (
        *nn.datasets.xor(), [4, 1], {"output_activation": "sigmoid"}, {"loss": "binary_cross_entropy"},
        OPTIMIZERS["Adam"],
    ),
    "moons, minibatches, momentum": (
        X, MOONS, [8, 1], {}, {"loss": "binary_cross_entropy_with_logits", "batch_size": 8},
        OPTIMIZERS["momentum and weight decay"],
    ),
    "three classes, softmax": (THREE_X, THREE, [6, 3], {}, {"loss": "cross_entropy"}, OPTIMIZERS["SGD"]),
}  # fmt: skip


@pytest.mark.parametrize("run", RUNS)
def test_a_compiled_run_of_100_epochs_is_the_eager_run(run_by, run):
    samples, targets, sizes, options, training, optimizer = RUNS[run]
    (one, history), (other, reference) = both(
        lambda: nn.MLP(2, sizes, seed=3, **options), samples, targets, optimizer, epochs=100, **training
    )
    assert history.loss == pytest.approx(reference.loss, rel=1e-9)
    assert weights(one) == pytest.approx(weights(other), rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("batch_size", [None, 7])
def test_dropout_masks_are_the_same_compiled_or_not(run_by, batch_size):
    (one, history), (other, reference) = both(
        lambda: nn.MLP(2, [6, 6, 1], dropout=0.3, seed=4),
        X, MOONS, OPTIMIZERS["Adam"], loss="binary_cross_entropy_with_logits", epochs=5, batch_size=batch_size,
    )  # fmt: skip
    assert history.loss == pytest.approx(reference.loss, rel=1e-11)
    assert weights(one) == pytest.approx(weights(other), rel=1e-11, abs=1e-12)


def test_state_and_steps_continue_where_compiled_training_ended(run_by):
    model, whole = nn.MLP(2, [3, 1], seed=1), nn.MLP(2, [3, 1], seed=1)
    parts, at_once = nn.Adam(model.parameters(), lr=0.05), nn.Adam(whole.parameters(), lr=0.05)
    for epochs in (3, 4):
        model.fit(X, MOONS, optimizer=parts, epochs=epochs, progress=False)
    whole.fit(X, MOONS, optimizer=at_once, epochs=7, progress=False)
    assert weights(model) == pytest.approx(weights(whole), rel=1e-12)
    assert (parts.steps, len(parts.states)) == (at_once.steps, len(model.parameters())) == (7, 13)


def test_training_twice_results_in_the_same_bits(run_by):
    states = []
    for _ in range(2):
        model = nn.MLP(2, [5, 1], seed=1)
        model.fit(X, MOONS, optimizer=nn.Adam(model.parameters()), epochs=50, batch_size=4, progress=False)
        states.append(weights(model).tobytes())
    assert states[0] == states[1]


@pytest.mark.parametrize("batch_size", [None, 5])
def test_the_bits_do_not_depend_on_how_many_steps_a_call_makes(run_by, monkeypatch, batch_size):
    runs = []
    for seconds in (_SECONDS_PER_CALL, 0.0):  # 0: one step per call, even within an epoch
        monkeypatch.setattr("nn.training.compiled._SECONDS_PER_CALL", seconds)
        model = nn.MLP(2, [6, 1], dropout=0.3, seed=4)
        optimizer = nn.Adam(model.parameters(), lr=lambda epoch: 0.1 / (1 + epoch))
        history = model.fit(
            X, MOONS, optimizer=optimizer, epochs=9, batch_size=batch_size, seed=3, record=4, progress=False
        )
        runs.append((history.loss, weights(model).tolist(), history.recording.weights.tolist(), optimizer.states))
    assert runs[0] == runs[1]


def test_a_step_that_is_not_finite_is_repeated_eagerly_to_name_the_node(run_by):
    model = nn.MLP(2, [1], activation="linear")
    with pytest.raises(NonFiniteError, match=r"power is inf: power\(.*in epoch [1-9]"):
        model.fit(X + 1.0, 1e3 * MOONS, optimizer=nn.SGD(model.parameters(), lr=1e6), epochs=500, progress=False)
    assert np.isfinite(weights(model)).all()


@pytest.mark.parametrize("rate", [0.5, 5.0])
@pytest.mark.parametrize("side", [1.0, -1.0])
def test_a_prediction_that_is_not_a_probability_stops_compiled_training_as_it_stops_eager_training(run_by, rate, side):
    errors, left = [], []
    for compiled in (True, False):
        model = nn.MLP(1, [1], activation="linear")
        model.layers[0].assign([[0.1 * side]], [0.5])  # probabilities at first, but nothing keeps them between 0 and 1
        with pytest.raises(ValueError, match=r"a probability, .*use binary_cross_entropy_with_logits") as caught:
            model.fit(
                [[1.0], [1.0], [-3.0]], [side > 0.0, side > 0.0, side < 0.0], loss="binary_cross_entropy",
                optimizer=nn.SGD(model.parameters(), lr=rate), epochs=50, progress=False, compiled=compiled,
            )  # fmt: skip
        errors.append(re.search("not (.*);", str(caught.value))[1])
        left.append(weights(model))
    assert float(errors[0]) == pytest.approx(float(errors[1]), rel=1e-12)
    assert left[0] == pytest.approx(left[1], rel=1e-12)


@pytest.mark.parametrize("prediction", [-1.0, -1e-9, 1.0 + 1e-9, 1.5, 3.0])
def test_compiled_training_refuses_the_first_prediction_that_is_not_a_probability(run_by, prediction):
    model = nn.MLP(1, [1], activation="linear")
    model.layers[0].assign([[0.0]], [0.5])  # the loss has the slope -2 or 2 there, so one step makes the prediction
    optimizer = nn.SGD(model.parameters(), lr=abs(prediction - 0.5) / 2)
    with pytest.raises(ValueError, match="a prediction must be a probability") as caught:
        model.fit(
            [[0.0]], [float(prediction > 0.5)], loss="binary_cross_entropy",
            optimizer=optimizer, epochs=2, progress=False, compiled=True,
        )  # fmt: skip
    assert float(re.search("not (.*);", str(caught.value))[1]) == pytest.approx(prediction, rel=1e-12)


def test_probabilities_of_0_and_1_are_accepted(run_by):
    def model():
        certain = nn.MLP(1, [1], output_activation="sigmoid")
        certain.layers[0].assign([[1000.0]], [0.5])
        assert certain.predict([[1.0], [-1.0]]).tolist() == [1.0, 0.0]
        return certain

    (one, history), (other, reference) = both(
        model, [[1.0], [-1.0], [0.0]], [1.0, 1.0, 0.0], lambda parameters: nn.SGD(parameters, lr=0.1),
        loss="binary_cross_entropy", epochs=3,
    )  # fmt: skip
    assert history.loss == pytest.approx(reference.loss, rel=1e-12)
    assert weights(one) == pytest.approx(weights(other), rel=1e-12)


class Branching(nn.Module):
    """A model that branches on data."""

    inputs = 2

    def __init__(self):
        self.line = nn.Layer(2, 1)

    def forward(self, inputs):
        output = self.line(inputs)
        return output * 2.0 if output > 0.0 else output


def test_a_model_that_branches_on_data_is_trained_eagerly_with_a_warning():
    with pytest.warns(RuntimeWarning, match=r"falling back to eager training: a comparison \(< or >\)") as caught:
        history = Branching().fit(X, MOONS, epochs=3, progress=False)
    assert caught[0].filename == __file__  # it points to the line that called fit
    assert len(history.loss) == 3


def test_a_loss_that_couples_samples_is_refused_with_advice():
    model = nn.MLP(2, [1])
    before = weights(model).tobytes()
    with pytest.raises(ValueError, match=r"must be the mean of the losses of the samples.*compiled=False"):
        model.fit(X, MOONS, loss=lambda a, y: nn.mse_loss(a, y, reduction="sum"), progress=False)
    assert weights(model).tobytes() == before


def test_a_callback_sees_the_weights_of_its_epoch(run_by):
    seen = []
    model, other = nn.MLP(2, [3, 1], seed=1), nn.MLP(2, [3, 1], seed=1)
    model.fit(X, MOONS, epochs=3, progress=False, callbacks=[lambda *rest: seen.append(weights(model))])
    for epoch in range(3):
        other.fit(X, MOONS, epochs=1, progress=False)
        assert seen[epoch] == pytest.approx(weights(other), rel=1e-12)


@pytest.mark.parametrize("wrong", [None, "x", 1j, np.ones(2)])
@pytest.mark.parametrize("compiled", [True, False])
def test_weights_that_are_not_numbers_are_refused_by_name(wrong, compiled):
    model = nn.MLP(2, [2, 1], seed=0)
    message = "the data of the parameter leaf 'w1' must be a real number, not"

    def assign(*_):
        model.parameters()[0].data = wrong

    with pytest.raises(TypeError, match=message):
        model.fit([[0.0, 1.0]], [1.0], epochs=3, callbacks=[assign], compiled=compiled, progress=False)
    with pytest.raises(TypeError, match=message):
        model.predict([[0.0, 1.0]])


@pytest.mark.parametrize("activation", ["tanh", "sigmoid"])
def test_products_with_bounded_numbers_need_no_guard_behind_a_branch(activation):
    def guards(width):
        model = nn.MLP(2, [width, 3], activation=activation)
        loss = nn.cross_entropy
        routine = sample_routine(model, loss, model.parameters(), 2, (3,))
        return sum(instruction.op == "select" for instruction in routine.instructions)

    assert 0 < guards(16) - guards(4) <= 12  # one for each unit, none for each weight


@pytest.mark.parametrize("shape", [(1, 40), (40, 1), (3, 40), (40, 3), (9, 9)])
def test_the_losses_of_an_epoch_are_added_up_from_first_to_last_however_many_epochs_there_are(shape):
    numbers = np.random.default_rng(0).lognormal(0.0, 8.0, shape)
    assert _sums_of_rows(numbers).tolist() == [functools.reduce(operator.add, row) for row in numbers.tolist()]
