"""`fit` is the loop one would write by hand; it stops when it should, and leaves nothing half-changed."""

import inspect
import math
import os

import numpy as np
import pytest

from autograd import NonFiniteError, Value, array, data_of
from nn import (
    MLP,
    SGD,
    Adam,
    Checkpoint,
    Dropout,
    EarlyStopping,
    History,
    LabelError,
    Layer,
    Module,
    accuracy,
    binary_cross_entropy,
    cross_entropy,
    datasets,
    fit,
    mse_loss,
    predict,
)
from nn.training import loop
from nn.training.order import order
from nn.training.progress import progress_bar

X, Y = datasets.xor()


def xor_model(seed=0, **options):
    return MLP(2, [4, 1], output_activation="sigmoid", seed=seed, **options)


def weights(model):
    return np.array([parameter.data for parameter in model.parameters()])


def bits(model):
    return weights(model).tobytes()


# It is the loop.


@pytest.mark.parametrize("make", [SGD, Adam])
def test_fit_is_the_loop_written_by_hand_bit_for_bit(make):
    model, other = xor_model(), xor_model()
    history = model.fit(
        X, Y, loss="binary_cross_entropy", optimizer=make(model.parameters(), lr=0.1), epochs=20, progress=False,
        compiled=False,
    )  # fmt: skip
    optimizer, losses = make(other.parameters(), lr=0.1), []
    for _ in range(20):
        optimizer.zero_grad()
        loss = binary_cross_entropy([other(x) for x in X], Y)
        loss.backward()
        optimizer.step()
        losses.append(loss.data)
    assert history.loss == losses
    assert bits(model) == bits(other) != bits(xor_model())
    assert history == History(loss=losses, validation_loss=[], stopped="finished")


@pytest.mark.parametrize("batch_size", [1, 3, 7, 9])
def test_fit_on_minibatches_is_the_loop_over_the_same_permutation(batch_size):
    samples, labels = datasets.blobs(10, seed=2)
    model, other = MLP(2, [3, 3], seed=1), MLP(2, [3, 3], seed=1)
    history = fit(
        model, samples, labels, loss="cross_entropy", optimizer=SGD(model.parameters(), lr=0.05),
        epochs=4, batch_size=batch_size, seed=5, progress=False, compiled=False,
    )  # fmt: skip
    optimizer, losses = SGD(other.parameters(), lr=0.05), []
    for epoch in range(4):
        permuted, total = order(5, epoch, 10), 0.0
        for start in range(0, 10, batch_size):
            batch = permuted[start : start + batch_size]
            optimizer.zero_grad()
            loss = cross_entropy([other(samples[i]) for i in batch], labels[batch])
            loss.backward()
            optimizer.step()
            total += loss.data * len(batch)
        losses.append(total / 10)
    assert history.loss == losses
    assert bits(model) == bits(other)


def test_a_batch_of_all_samples_or_more_is_full_batch():
    models = [xor_model() for _ in range(3)]
    for model, batch_size in zip(models, (None, 4, 100), strict=True):
        fit(model, X, Y, epochs=3, batch_size=batch_size, progress=False)
    assert bits(models[0]) == bits(models[1]) == bits(models[2])


@pytest.mark.parametrize("dropout", [0.0, 0.3])
def test_the_same_seed_results_in_the_same_bits_and_another_seed_in_others(dropout):
    def trained(seed):
        model = xor_model(dropout=dropout)
        return fit(model, X, Y, epochs=5, batch_size=2, seed=seed, progress=False).loss, bits(model)

    assert trained(1) == trained(1)
    assert trained(1) != trained(2)


def test_by_default_it_is_gradient_descent_on_the_mean_squared_error_with_a_rate_of_a_tenth():
    model, other = xor_model(), xor_model()
    fit(model, X, Y, epochs=3, progress=False)
    fit(other, X, Y, loss=mse_loss, optimizer=SGD(other.parameters(), lr=0.1), epochs=3, progress=False)
    assert bits(model) == bits(other)


def test_a_loss_may_be_any_function():
    def cubic(predictions, targets):
        return sum(abs(a - y) ** 3 for a, y in zip(predictions, targets, strict=True))

    model = xor_model()
    history = fit(model, X, Y, loss=cubic, validation=(X, Y), epochs=30, progress=False, compiled=False)
    assert history.loss[-1] < history.loss[0]
    assert history.loss[1:] == pytest.approx(history.validation_loss[:-1])


def test_the_rate_follows_its_function_of_the_epoch():
    asked, model = [], xor_model()
    optimizer = SGD(model.parameters(), lr=lambda epoch: asked.append(epoch) or 0.1 / (epoch + 1))
    fit(model, X, Y, optimizer=optimizer, epochs=3, batch_size=2, progress=False, compiled=False)
    assert asked == [0, 0, 1, 1, 2, 2]
    assert optimizer.steps == 6


# It trains.


@pytest.mark.parametrize("activation", ["tanh", "sigmoid", "relu", "leaky_relu", "softplus"])
@pytest.mark.parametrize("seed", [1, 2])
def test_2_4_1_learns_xor(activation, seed):
    model = xor_model(activation=activation, seed=seed)
    adam = Adam(model.parameters(), lr=0.1)
    history = fit(model, X, Y, loss="binary_cross_entropy", optimizer=adam, epochs=150, progress=False)
    assert accuracy(predict(model, X), Y) == 1.0
    assert history.loss[-1] < 0.1


def test_softmax_learns_three_classes():
    samples, labels = datasets.blobs(30)
    model = MLP(2, [3])
    adam = Adam(model.parameters(), lr=0.2)
    fit(model, samples, labels, loss="cross_entropy", optimizer=adam, epochs=25, progress=False)
    assert accuracy(predict(model, samples), labels) == 1.0


def test_the_best_linear_fit_of_xor_is_one_half_everywhere():
    model = MLP(2, [1])
    history = fit(model, X, Y, optimizer=SGD(model.parameters(), lr=0.5), epochs=300, progress=False)
    assert weights(model) == pytest.approx([0.0, 0.0, 0.5], abs=1e-6)
    assert history.loss[-1] == pytest.approx(0.25, abs=1e-9)


def test_regression_on_one_column_of_numbers_finds_the_line():
    samples, targets = datasets.linear(20, slope=3.0, intercept=-2.0)
    model = MLP(1, [1])
    fit(model, samples[:, 0], targets, optimizer=SGD(model.parameters(), lr=0.5), epochs=100, progress=False)
    assert weights(model) == pytest.approx([3.0, -2.0], abs=1e-6)


def test_several_outputs_are_trained_on_rows_of_targets():
    model, targets = MLP(2, [2]), X @ np.array([[1.0, 2.0], [-1.0, 0.5]]).T + [0.5, 0.0]
    fit(model, X, targets, optimizer=SGD(model.parameters(), lr=0.5), epochs=300, progress=False)
    assert data_of(model.layers[0].weight) == pytest.approx(np.array([[1.0, 2.0], [-1.0, 0.5]]), abs=1e-6)


def test_a_column_of_targets_is_the_same_as_a_row():
    model, other = xor_model(), xor_model()
    fit(model, X, Y[:, None], epochs=2, validation=(X.tolist(), Y[:, None].tolist()), progress=False)
    fit(other, X, Y, epochs=2, progress=False)
    assert bits(model) == bits(other)


def test_a_custom_module_is_trained():
    class Line(Module):
        def __init__(self):
            self.slope = Value(0.0, role="parameter")

        def forward(self, inputs):
            return self.slope * inputs[0]

    line = Line()
    fit(line, [[1.0], [2.0]], [3.0, 6.0], epochs=50, progress=False)
    assert line.slope.data == pytest.approx(3.0)


# It runs a model no more often than needed.


class Counting(MLP):
    """Counts its runs, those of its stand-ins included, which share its arrays of numbers."""

    def __init__(self, *sizes, **options):
        super().__init__(*sizes, **options)
        self.runs = np.zeros(1)

    def forward(self, inputs):
        self.runs[0] += 1
        return super().forward(inputs)


@pytest.mark.parametrize("dropout", [0.0, 0.3])
@pytest.mark.parametrize(
    ("options", "runs"),
    [
        # Two samples show the shape of an output, the dropouts, and whether the loss is a mean over samples. On
        # symbols, one run records the program.
        ({}, 3),
        # Another run on symbols, in evaluation mode.
        ({"validation": (X, Y)}, 4),
        # One sample shows the shape of an output; then each sample is run in each epoch.
        ({"compiled": False}, 1 + 5 * len(X)),
    ],
)
def test_before_training_a_model_is_run_only_as_often_as_needed(dropout, options, runs):
    model = Counting(2, [4, 1], dropout=dropout)
    fit(model, X, Y, epochs=5, progress=False, **options)
    assert model.runs == [runs]


def test_a_model_is_run_once_to_predict_many_samples():
    model = Counting(2, [4, 1])
    model.predict(np.ones((50, 2)))
    assert model.runs == [1]


# Its signature.


@pytest.mark.parametrize(("function", "method"), [(fit, Module.fit), (predict, Module.predict)])
def test_a_method_of_a_model_has_the_signature_of_the_function(function, method):
    parameters = list(inspect.signature(function).parameters.values())[1:]  # without the model
    of_method = list(inspect.signature(method).parameters.values())[1:]  # without self
    assert [(p.name, p.kind, p.default) for p in of_method] == [(p.name, p.kind, p.default) for p in parameters]


HINTS = {
    "validation_split": "put some samples aside and pass them as validation=",
    "validation_data": "use validation=",
    "class_weight": "weigh the classes in a loss of your own",
    "verbose": "use progress=True or progress=False",
    "lr": r"use optimizer=nn.SGD\(model.parameters\(\), lr=",
    "Batch_Size": "did you mean 'batch_size'",
    "epoch": "did you mean 'epochs'",
    "thing": "Known: X, batch_size, callbacks, compiled, epochs, loss, model, optimizer, plot, progress, record, seed",
}


@pytest.mark.parametrize("name", HINTS)
def test_an_argument_of_another_library_is_explained(name):
    model = xor_model()
    before = weights(model).tobytes()
    for call in (model.fit, lambda *arguments, **options: fit(model, *arguments, **options)):
        with pytest.raises(TypeError, match=f"unknown argument of fit '{name}'.*{HINTS[name]}"):
            call(X, Y, **{name: 1})
    assert weights(model).tobytes() == before


# It stops.


def test_ctrl_c_keeps_the_history_and_the_weights_of_the_last_step():
    model, other = xor_model(), xor_model()

    def impatient(epoch, history, model):
        if epoch == 4:
            raise KeyboardInterrupt

    history = fit(model, X, Y, epochs=100, callbacks=[impatient], progress=False)
    full = fit(other, X, Y, epochs=5, progress=False)
    assert history == History(loss=full.loss, stopped="interrupted")
    assert bits(model) == bits(other)


def test_ctrl_c_in_the_middle_of_an_epoch_keeps_the_steps_made():
    model, other, calls = xor_model(), xor_model(), []

    def loss(predictions, targets):
        calls.append(1)
        if len(calls) == 4:
            raise KeyboardInterrupt
        return mse_loss(predictions, targets)

    optimizer = SGD(model.parameters())
    options = {"epochs": 9, "batch_size": 2, "seed": 1, "progress": False, "compiled": False}
    history = fit(model, X, Y, loss=loss, optimizer=optimizer, **options)
    assert (len(history.loss), history.stopped, optimizer.steps) == (1, "interrupted", 3)
    fit(other, X, Y, epochs=1, batch_size=2, seed=1, progress=False)
    assert bits(model) != bits(other)


def test_a_callback_sees_every_epoch_and_stops_by_returning_true():
    seen = []

    def watch(epoch, history, model):
        seen.append((epoch, len(history.loss), len(history.validation_loss)))
        return epoch == 2

    history = fit(
        xor_model(), X, Y, validation=(X, Y), callbacks=[watch, lambda *rest: None], epochs=50, progress=False
    )
    assert seen == [(0, 1, 1), (1, 2, 2), (2, 3, 3)]
    assert history.stopped == "early"


def test_a_callback_after_the_one_that_stops_is_still_called():
    seen = []
    fit(xor_model(), X, Y, callbacks=[lambda *rest: True, lambda epoch, *rest: seen.append(epoch)], progress=False)
    assert seen == [0]


def overfitting(epoch, best=3):
    """A validation loss that falls until an epoch, then rises."""
    return 1.0 + abs(epoch - best)


@pytest.mark.parametrize("patience", [1, 2, 5])
def test_early_stopping_waits_for_its_patience_and_restores_the_best_weights(patience):
    stopping, model, history = EarlyStopping(patience=patience), MLP(1, [1]), History()
    for epoch in range(50):
        history.loss.append(0.0)
        history.validation_loss.append(overfitting(epoch))
        model.load_state_dict(dict.fromkeys(model.state_dict(), float(epoch)))
        if stopping(epoch, history, model):
            break
    assert epoch == 3 + patience
    assert (stopping.best, stopping.best_epoch) == (1.0, 3)
    assert weights(model).tolist() == [3.0, 3.0]


def test_early_stopping_may_keep_the_last_weights_and_require_a_minimal_gain():
    stopping = EarlyStopping(patience=2, min_delta=0.5, restore_best=False)
    history, model = History(), MLP(1, [1])
    for epoch, loss in enumerate([1.0, 0.8, 0.6, 0.4]):
        history.loss.append(loss)
        model.parameters()[0].data = float(epoch)
        stopped = stopping(epoch, history, model)
        assert stopped == (epoch == 2)
        if stopped:
            break
    assert model.parameters()[0].data == 2.0


def test_early_stopping_in_fit_restores_the_weights_of_the_best_validation_loss():
    samples, targets = datasets.noisy_linear(12, noise=0.5, seed=1)
    held_out = datasets.noisy_linear(12, noise=0.5, seed=2)
    model, states = MLP(1, [8, 1], seed=2), []
    history = fit(
        model, samples, targets, optimizer=Adam(model.parameters(), lr=0.1), epochs=200, validation=held_out,
        callbacks=[lambda *rest: states.append(bits(model)), EarlyStopping(patience=5)], progress=False,
    )  # fmt: skip
    assert history.stopped == "early"
    best = int(np.argmin(history.validation_loss))
    assert best == len(history.loss) - 6
    assert bits(model) == states[best]
    assert mse_loss(predict(model, held_out.X), held_out.y) == history.validation_loss[best]


@pytest.mark.parametrize("batch_size", [None, 3])
@pytest.mark.parametrize("compiled", [True, False])
@pytest.mark.parametrize("validation", [False, True])
@pytest.mark.parametrize("ending", ["early", "finished", "interrupted"])
def test_the_loss_of_the_weights_that_early_stopping_leaves_is_its_best(ending, validation, compiled, batch_size):
    class Dropped(Module):
        def __init__(self):
            self.hidden, self.dropout, self.out = (
                Layer(1, 4, activation="relu", seed=1),
                Dropout(0.2),
                Layer(4, 1, seed=2),
            )

        def forward(self, x):
            return self.out(self.dropout(self.hidden(x)))

    def interrupt(epoch, *rest):
        if ending == "interrupted" and epoch == 6:
            raise KeyboardInterrupt

    model, stop = Dropped(), EarlyStopping(patience=3 if ending == "early" else 100)
    X, y = [[1.0], [2.0], [3.0], [4.0]], [2.0, 4.0, 6.0, 8.0]
    held_out = ([[1.5], [2.5]], [3.0, 5.0])
    optimizer = SGD(model.parameters(), lr=lambda epoch: 0.02 if epoch < 4 else 0.5)  # gets worse after a while
    history = fit(
        model, X, y, optimizer=optimizer, epochs=20, callbacks=[stop, interrupt], compiled=compiled,
        batch_size=batch_size, validation=held_out if validation else None, progress=False,
    )  # fmt: skip
    assert history.stopped == ending
    assert len(history.loss) > stop.best_epoch + 1
    samples, targets = held_out if validation else (X, y)
    assert mse_loss(predict(model, samples), targets) == stop.best
    assert stop.best == min(history.validation_loss if validation else history.training_loss)


def test_the_training_loss_is_evaluated_only_for_early_stopping():
    for callbacks, length in [([], 0), ([lambda *rest: None], 0), ([EarlyStopping()], 5)]:
        history = fit(xor_model(), X, Y, epochs=5, callbacks=callbacks, progress=False)
        assert len(history.training_loss) == length
    history = fit(xor_model(), X, Y, epochs=5, callbacks=[EarlyStopping()], validation=(X, Y), progress=False)
    assert (len(history.training_loss), len(history.validation_loss)) == (0, 5)


def test_early_stopping_starts_again_with_each_training_run():
    stopping = EarlyStopping(patience=2)
    first, second = xor_model(seed=1), xor_model(seed=2)
    fit(first, X, Y, epochs=10, callbacks=[stopping], progress=False)
    best = stopping.best
    history = fit(second, X, 5.0 * Y, epochs=10, callbacks=[stopping], progress=False)
    assert len(history.loss) == 10
    assert stopping.best > best
    assert stopping.best_epoch == 9


def test_a_checkpoint_writes_whole_files_of_the_model_as_it_is(tmp_path):
    path, model, saved = tmp_path / "xor.npz", xor_model(), []

    def check(epoch, history, model):
        other = xor_model(seed=9)
        if path.exists():
            other.load(path)
            saved.append((epoch, bits(other) == bits(model)))

    fit(model, X, Y, epochs=6, callbacks=[Checkpoint(path, every=2), check], progress=False)
    assert saved == [(1, True), (2, False), (3, True), (4, False), (5, True)]
    assert os.listdir(tmp_path) == ["xor.npz"]


def test_validation_losses_are_those_after_each_epoch_in_evaluation():
    model, states = xor_model(dropout=0.5), []
    history = fit(
        model, X, Y, validation=(X[:3], Y[:3]), epochs=4, progress=False,
        callbacks=[lambda *rest: states.append(mse_loss(predict(model, X[:3]), Y[:3]))],
    )  # fmt: skip
    assert history.validation_loss == states
    assert len(states) == 4


@pytest.mark.parametrize("loss", ["mse_loss", "binary_cross_entropy_with_logits", "cross_entropy"])
def test_validation_samples_do_not_change_training(loss):
    outputs = 2 if loss == "cross_entropy" else 1
    one, other = MLP(2, [outputs], seed=1), MLP(2, [outputs], seed=1)
    fit(one, X, Y, loss=loss, epochs=4, validation=(X + 1.0, Y), progress=False)
    fit(other, X, Y, loss=loss, epochs=4, progress=False)
    assert bits(one) == bits(other)


# Numbers that are not finite.


def test_a_loss_that_is_not_finite_stops_before_the_update_naming_epoch_and_node():
    model, seen = MLP(2, [1], activation="linear"), []
    with pytest.raises(NonFiniteError, match=r"power is inf.*in epoch [1-9]\d* the loss is inf") as caught:
        fit(
            model, X + 1.0, 1e3 * Y, optimizer=SGD(model.parameters(), lr=1e6), epochs=1000, progress=False,
            callbacks=[lambda *rest: seen.append(bits(model))],
        )  # fmt: skip
    assert "the weights are those before this step" in str(caught.value)
    assert f"in epoch {len(seen)} " in str(caught.value)
    assert bits(model) == seen[-1]
    assert np.isfinite(weights(model)).all()
    assert not math.isfinite(mse_loss(predict(model, X + 1.0), 1e3 * Y))  # the step can be repeated


def test_the_first_nonfinite_node_is_named_with_its_module():
    model = MLP(1, [1, 1], activation=lambda z: z.log(), seed=0)
    model.layers[0].assign([[0.0]], [0.0])
    before = bits(model)
    with pytest.raises(NonFiniteError, match=r"log is -inf: log\(0.0\) = -inf, in layer1.neuron1 \(in epoch 0"):
        fit(model, [[1.0]], [1.0], progress=False)
    assert bits(model) == before


def test_a_gradient_that_is_not_finite_stops_before_the_update():
    model = MLP(1, [1, 1], activation=lambda z: z.sqrt(), seed=0)
    model.layers[0].assign([[0.0]], [0.0])
    before = bits(model)
    with pytest.raises(
        NonFiniteError, match=r"the derivative of sqrt is inf.*in layer1.neuron1 \(in epoch 0 the loss is "
    ):
        fit(model, [[1.0]], [1.0], progress=False)
    assert bits(model) == before


def test_a_gradient_that_overflows_is_named_by_its_parameter():
    def steep(predictions, targets):
        return sum((a * 1e200) * 1e200 - (a * 1e200) * 1e200 for a in predictions)

    model = MLP(1, [1])
    model.layers[0].assign([[0.0]], [0.0])
    with pytest.raises(NonFiniteError, match=r"the gradient of layer1.neuron1.w1 is (nan|inf)"):
        fit(model, [[1.0]], [1.0], loss=steep, progress=False)


# Bad input.

NAN = [[0.0, 0.0], [0.0, math.nan], [1.0, 0.0], [1.0, 1.0]]
SGD_OF_NONE = SGD([Value(0.0)])

BAD = {  # name: how fit is called, the class, what the message says
    "too few targets": ((X, Y[:3]), {}, ValueError, "y must have one target for each of the 4 samples of X, not 3"),
    "too many targets": ((X, [*Y, 1.0]), {}, ValueError, "one target for each of the 4 samples of X, not 5"),
    "no samples": (([], []), {}, ValueError, r"at least one sample, not of shape \(0,\)"),
    "no rows": ((np.zeros((0, 2)), []), {}, ValueError, r"at least one sample, not of shape \(0, 2\)"),
    "no targets": ((X, []), {}, ValueError, "one target for each of the 4 samples of X, not 0"),
    "nan in X": ((NAN, Y), {}, ValueError, r"X must be finite, but X\[1, 1\] is nan"),
    "inf in X": (([[0, 0], [0, 1], [math.inf, 0], [1, 1]], Y), {}, ValueError, r"X\[2, 0\] is inf"),
    "nan in y": ((X, [0, 1, math.nan, 0]), {}, ValueError, r"y must be finite, but y\[2\] is nan"),
    "-inf in y": ((X, [-math.inf, 1, 1, 0]), {}, ValueError, r"y\[0\] is -inf"),
    "too wide": (
        (np.ones((4, 3)), Y),
        {},
        ValueError,
        "each sample of X must have 2 numbers, one per input of the model, not 3",
    ),
    "too narrow": (
        (np.ones((4, 1)), Y),
        {},
        ValueError,
        "each sample of X must have 2 numbers, one per input of the model, not 1",
    ),
    "one sample alone": (([0.0, 1.0], [1.0]), {}, ValueError, r"samples × inputs .* not of shape \(2,\)"),
    "three axes": ((np.ones((4, 2, 1)), Y), {}, ValueError, r"not of shape \(4, 2, 1\)"),
    "a number for X": ((1.0, Y), {}, ValueError, "X must be an array, not the single number 1.0"),
    "a number for y": ((X, 1.0), {}, ValueError, "y must be an array, not the single number 1.0"),
    "ragged X": (
        ([[0, 0], [0], [1, 0], [1, 1]], Y),
        {},
        ValueError,
        "X must be an array of numbers, in rows of equal length: ",
    ),
    "words": ((X, ["no", "yes", "yes", "no"]), {}, ValueError, "y must be an array of numbers.*'no'"),
    "an integer beyond the largest float": ((X, [0, 1, 1, 10**400]), {}, ValueError, "y must be an array of numbers"),
    "None": ((None, Y), {}, ValueError, "X must be an array, not the single number None"),
    "Values": ((array(X), Y), {}, ValueError, "X must be an array of numbers"),
    "y of two columns": (
        (X, np.ones((4, 2))),
        {},
        ValueError,
        r"predictions and targets must have the same shape, not \(4,\) and \(4, 2\)",
    ),
    "label 2": (
        (X, [0, 1, 2, 0]),
        {"loss": "binary_cross_entropy"},
        LabelError,
        "target 2 must be between 0 and 1, not 2.0",
    ),
    "hinge of 0": ((X, Y), {"loss": "hinge_loss"}, LabelError, "target 0 must be -1 or 1 for the hinge loss, not 0.0"),
    "classes of one output": (
        (X, Y),
        {"loss": "cross_entropy"},
        ValueError,
        "cross_entropy needs a model with one output per class",
    ),
    "classes that sum to 1": (
        (X, [0, 0, 0, 1]),
        {"loss": "nll_loss"},
        ValueError,
        "nll_loss needs a model with one output per class",
    ),
    "a misspelt loss": ((X, Y), {"loss": "mse_los"}, ValueError, "loss 'mse_los', did you mean 'mse_loss'.*hinge_loss"),
    "no loss": ((X, Y), {"loss": None}, ValueError, "unknown loss None"),
    "no epochs": ((X, Y), {"epochs": 0}, ValueError, "epochs must be a positive integer, not 0"),
    "half an epoch": ((X, Y), {"epochs": 1.5}, ValueError, "epochs must be a positive integer, not 1.5"),
    "no batch": ((X, Y), {"batch_size": 0}, ValueError, "batch_size must be a positive integer, not 0"),
    "a batch below 0": ((X, Y), {"batch_size": -4}, ValueError, "batch_size must be a positive integer, not -4"),
    "a seed below 0": ((X, Y), {"seed": -1}, ValueError, "seed must be a non-negative integer .* not -1"),
    "no seed": ((X, Y), {"seed": None}, ValueError, "seed must be a non-negative integer .* not None"),
    "an optimizer in words": (
        (X, Y),
        {"optimizer": "adam"},
        TypeError,
        "optimizer must be an optimizer such as nn.Adam.*, not 'adam'",
    ),
    "an optimizer's class": ((X, Y), {"optimizer": Adam}, TypeError, "optimizer must be an optimizer .*Adam'>"),
    "an optimizer of others": (
        (X, Y),
        {"optimizer": SGD_OF_NONE},
        ValueError,
        "optimizer must update parameters of this model",
    ),
    "a callback without a list": ((X, Y), {"callbacks": print}, TypeError, "callbacks must be a list of functions"),
    "no callback": ((X, Y), {"callbacks": [None]}, TypeError, r"callbacks must be a list of functions .* not \[None\]"),
    "no validation targets": (
        (X, Y),
        {"validation": (X, Y[:2])},
        ValueError,
        "one target for each of the 4 samples of X, not 2",
    ),
    "validation too wide": (
        (X, Y),
        {"validation": (np.ones((1, 3)), [1])},
        ValueError,
        "must have 2 numbers, one per input of the model, not 3",
    ),
    "validation nan": ((X, Y), {"validation": (NAN, Y)}, ValueError, r"X\[1, 1\] is nan"),
    "validation labels": (
        (X, Y),
        {"loss": "binary_cross_entropy", "validation": (X, Y + 1)},
        LabelError,
        "target 1 must be between 0 and 1, not 2.0",
    ),
}


def bare(model):
    return bits(model), [module.training for _, module in model.named_modules()], weights_grad(model)


def weights_grad(model):
    return [(parameter.grad, parameter.has_grad) for parameter in model.parameters()]


@pytest.mark.parametrize("name", BAD)
def test_bad_samples_and_options_are_refused_before_anything_has_changed(name):
    arguments, options, kind, message = BAD[name]
    model = xor_model(dropout=0.5).eval()
    model.layers[0].train()
    mse_loss(model(X), Y).backward()
    before, dropout = bare(model), model.dropouts[0]
    with pytest.raises(kind, match=message):
        model.fit(*arguments, **{"progress": False, **options})
    assert bare(model) == before
    assert (dropout.epoch, dropout.sample) == (0, 0)


@pytest.mark.parametrize(
    ("labels", "kind", "message"),
    [
        ([0, 1, 3, 0], LabelError, "target 2 must be a class, an integer from 0 to 2, not 3.0"),
        ([0, 1, -1, 0], LabelError, "target 2 must be a class, .* not -1.0"),
        ([0, 1, 0.5, 0], LabelError, "target 2 must be a class, .* not 0.5"),
        (np.ones((4, 3)), LabelError, "target 0 must be probabilities, .* that sum to 1"),
        (np.ones((4, 2)), ValueError, r"targets for scores of shape \(4, 3\) must have the shape \(4,\).*not \(4, 2\)"),
        (np.ones((4, 1)), ValueError, r"not \(4, 1\)"),
    ],
)
def test_labels_out_of_range_are_refused_before_any_weight_moved(labels, kind, message):
    model = MLP(2, [4, 3])
    before = bare(model)
    with pytest.raises(kind, match=message):
        fit(model, X, labels, loss="cross_entropy", epochs=1, batch_size=1, progress=False)
    assert bare(model) == before


def test_several_outputs_need_as_many_targets():
    model = MLP(2, [3])
    before = bare(model)
    with pytest.raises(ValueError, match=r"predictions and targets must have the same shape, not \(4, 3\) and \(4,\)"):
        fit(model, X, Y, progress=False)
    assert bare(model) == before


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: EarlyStopping(patience=0), "patience must be a positive integer, not 0"),
        (lambda: EarlyStopping(min_delta=-1.0), "min_delta must be a finite number >= 0, not -1.0"),
        (lambda: Checkpoint("x.npz", every=0), "every must be a positive integer, not 0"),
    ],
)
def test_a_callback_with_a_wrong_option_is_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()


# Predictions.


@pytest.mark.parametrize(("sizes", "shape"), [([3, 1], (4,)), ([3, 2], (4, 2)), ([1], (4,))])
def test_predictions_are_floats_one_row_per_sample(sizes, shape):
    model = MLP(2, sizes)
    outputs = model.predict(X)
    assert (outputs.shape, outputs.dtype) == (shape, float)
    assert outputs == pytest.approx(data_of(model(X)), rel=1e-14)
    assert outputs.tolist() == predict(model, X.tolist()).tolist()
    assert predict(model, X[:1]).shape == (1, *shape[1:])
    assert predict(Layer(1, 1), [1.0, 2.0]).shape == (2,)


def test_predicting_changes_nothing_even_if_it_fails():
    model = xor_model(dropout=0.5)
    mse_loss(model(X), Y).backward()
    model.dropouts[0].eval()
    before = bare(model)
    predict(model, X)
    for wrong in ([[1.0]], [], [[math.nan, 0.0]], "x"):
        with pytest.raises(ValueError, match=r"X|sample"):
            predict(model, wrong)
    assert bare(model) == before


def test_a_model_that_fails_while_predicting_keeps_its_mode():
    class Failing(Module):
        def __init__(self):
            self.dropout = Dropout(0.5)

        def forward(self, inputs):
            raise KeyboardInterrupt

    model = Failing()
    with pytest.raises(KeyboardInterrupt):
        predict(model, X)
    assert [model.training, model.dropout.training] == [True, True]


# The progress bar.


def test_the_progress_bar_is_shown_on_stderr_and_only_if_asked_for(capsys):
    fit(xor_model(), X, Y, epochs=3, progress=False)
    assert capsys.readouterr() == ("", "")
    fit(xor_model(), X, Y, epochs=3, progress=True)
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "3/3" in shown.err
    assert "training" in shown.err


def test_the_rate_of_the_progress_bar_is_that_of_all_epochs_since_training_began(monkeypatch):
    clock = [0.0]
    bar = progress_bar(30_001, shown=True)
    monkeypatch.setattr(bar, "_time", lambda: clock[0])
    bar.start_t = bar.last_print_t = 0.0
    for seconds, step in [(5.0, bar.unpause), (0.2, lambda: bar.update(1)), (0.8, lambda: bar.update(30_000))]:
        clock[0] += seconds
        step()
    assert "30001/30001 [00:01<00:00, 30001.00epoch/s" in str(bar)
    bar.close()


def test_the_time_of_the_progress_bar_begins_when_the_program_is_compiled(monkeypatch):
    bars = []

    def made_long_ago(epochs, *, shown):
        bar = progress_bar(epochs, shown=shown)
        bar.start_t = bar.last_print_t = bar.start_t - 1000.0
        bars.append(bar)
        return bar

    monkeypatch.setattr(loop, "progress_bar", made_long_ago)
    fit(xor_model(), X, Y, epochs=3, progress=True)
    assert "3/3 [00:" in str(bars[0])


@pytest.mark.parametrize("compiled", [True, False])
def test_a_parameter_of_the_loss_moves_by_the_gradient_of_each_step_alone(compiled):
    model, scale = xor_model(), Value(1.5, "scale", role="parameter")
    by_hand, other = xor_model(), Value(1.5, role="parameter")

    def loss_with(factor):
        return lambda predictions, targets: mse_loss([factor * a for a in predictions], targets)

    optimizer = SGD([*model.parameters(), scale], lr=0.1)
    fit(model, X, Y, loss=loss_with(scale), optimizer=optimizer, epochs=4, progress=False, compiled=compiled)
    reference = SGD([*by_hand.parameters(), other], lr=0.1)
    for _ in range(4):
        reference.zero_grad()
        loss_with(other)([by_hand(x) for x in X], Y).backward()
        reference.step()
    assert scale.data == pytest.approx(other.data, rel=1e-12)
    assert scale.data != 1.5
