"""`fit` warns about inputs that are not scaled, and about losses that diverge; good training runs are silent."""

import inspect
import math
import re
import warnings

import numpy as np
import pytest
from sklearn.datasets import load_diabetes, load_digits, load_iris, load_wine

import nn
from autograd import NonFiniteError
from nn import MLP, SGD, Adam, EarlyStopping, Perceptron, datasets, fit, one_hot, standardize

RNG = np.random.default_rng(0)
IRIS, DIGITS = load_iris().data, load_digits().data[:40]
DIABETES, PROGRESSION = load_diabetes(return_X_y=True, scaled=False)
HOUSES = datasets.houses()
UNIT = RNG.random((50, 3))

UNSCALED = {  # the samples, and what the warning must contain
    "iris": (IRIS, r"X\[:, 0\] has mean 5.84 and standard deviation 0.825 \(2 of 4 columns are not scaled\)"),
    "diabetes": (DIABETES, r"X\[:, 4\] has mean 189 and standard deviation 34.6 \(9 of 10 columns"),
    "houses": (HOUSES.X, r"\(2 of 3 columns are not scaled\)"),
    "wine": (load_wine().data, r"X\[:, 12\] has mean 747"),
    "pixels of 0..16": (DIGITS, r"X\[:, \d+\] has mean "),
    "pixels of 0..255": (RNG.integers(0, 256, (50, 4)), r"\(4 of 4 columns"),
    "one column": (np.linspace(0.0, 10.0, 50), r"X\[:, 0\] has mean 5 and standard deviation 2.95:"),
    "years": (
        np.column_stack([UNIT, RNG.normal(1990.0, 5.0, 50)]),
        r"X\[:, 3\] has mean 1.99e\+03 .* \(1 of 4 columns",
    ),
    "large around zero": (RNG.normal(0.0, 50.0, (50, 2)), r"has mean -?\d.* and standard deviation "),
    "a constant": (np.column_stack([UNIT, np.full(50, 100.0)]), r"X\[:, 3\] has mean 100 and standard deviation 0 "),
    "rare and large": (np.where(UNIT < 0.02, 1e3, 0.0), r"has mean \d+ "),
    "numbers whose squares overflow": (UNIT * 1e200, r"and standard deviation inf"),
    "a table of integers": ([[1, 40], [2, 50], [3, 60]], r"X\[:, 1\] has mean 50"),
}
SCALED = {
    "xor": datasets.xor().X,
    "moons": datasets.moons().X,
    "circles": datasets.circles().X,
    "blobs": datasets.blobs().X,
    "linear": datasets.linear().X,
    "from 0 to 1": UNIT,
    "from -1 to 1": 2.0 * UNIT - 1.0,
    "from -5 to 5": np.linspace(-5.0, 5.0, 50),
    "one-hot rows": one_hot(RNG.integers(0, 9, 50)),
    "booleans": UNIT > 0.5,
    "pixels from 0 to 1": DIGITS / 16.0,
    "small numbers": load_diabetes().data,
    "constants": np.column_stack([UNIT, np.ones(50), np.zeros(50)]),
    "an outlier": standardize([*[0.0] * 49, 1e9])[0],
    "a single sample": [[1.0, -2.0]],
} | {f"{name}, standardized": standardize(samples)[0] for name, (samples, _) in UNSCALED.items() if "over" not in name}


def caught_by(train, *arguments, **options):
    """The warnings of a training run."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        train(*arguments, **options, progress=False)
    return caught


def linear(X, outputs=1):
    inputs = np.asarray(X).shape[1] if np.ndim(X) == 2 else 1
    return MLP(inputs, [outputs], activation="linear", seed=0)


@pytest.mark.parametrize("compiled", [True, False])
@pytest.mark.parametrize("name", UNSCALED)
def test_inputs_that_are_not_scaled_are_warned_about_once(name, compiled):
    X, told = UNSCALED[name]
    model = MLP(np.asarray(X).reshape(len(X), -1).shape[1], [1], output_activation="tanh", seed=0)
    [warning] = caught_by(fit, model, X, np.zeros(len(X)), epochs=2, compiled=compiled)
    assert warning.category is UserWarning
    assert re.search(told, str(warning.message))
    assert "Use X, standardizer = nn.standardize(X)" in str(warning.message)


@pytest.mark.parametrize("compiled", [True, False])
@pytest.mark.parametrize("name", SCALED)
def test_inputs_that_are_scaled_are_not_warned_about(name, compiled):
    X = SCALED[name]
    model = linear(X)
    optimizer = SGD(model.parameters(), lr=0.001)
    assert not caught_by(fit, model, X, np.zeros(len(X)), optimizer=optimizer, epochs=2, compiled=compiled)


@pytest.mark.parametrize("compiled", [True, False])
@pytest.mark.parametrize("diverges", [True, False])
def test_a_warning_names_the_line_that_calls_fit(compiled, diverges):
    X, y = (HOUSES.X, HOUSES.y) if not diverges else (standardize(HOUSES.X)[0], HOUSES.y)
    options = {"epochs": 4, "progress": False, "compiled": compiled}
    lr = 1e-12 if not diverges else 2.0
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        for model in (linear(X), linear(X)):
            optimizer = SGD(model.parameters(), lr=lr)
            fit(model, X, y, optimizer=optimizer, **options); model.fit(X, y, optimizer=optimizer, **options); line = inspect.currentframe().f_lineno  # fmt: skip  # noqa: E501, E702
    assert [(warning.filename, warning.lineno) for warning in caught] == [(__file__, line)] * 4


@pytest.mark.parametrize("make", [SGD, Adam, lambda parameters: Adam(parameters, lr=1e-4)])
def test_the_warning_about_inputs_does_not_depend_on_the_optimizer(make):
    model = MLP(4, [2, 3], seed=0)
    labels = load_iris().target
    caught = caught_by(model.fit, IRIS, labels, loss="cross_entropy", optimizer=make(model.parameters()), epochs=2)
    assert [warning.category for warning in caught] == [UserWarning]


def test_the_warning_about_inputs_names_targets_that_are_quantities_and_not_scaled():
    def text(y, **options):
        model = MLP(4, [3 if options else 1], seed=0)
        [warning] = caught_by(model.fit, IRIS, y, epochs=1, **options)
        return str(warning.message)

    assert text(1e3 * IRIS[:, 0]).endswith("; y has mean 5.84e+03 and standard deviation 825, standardize it too")
    assert text(standardize(IRIS[:, 0])[0]).endswith("standardizer(x) for other samples")
    assert text(load_iris().target, loss="cross_entropy").endswith("standardizer(x) for other samples")


def test_class_labels_are_not_quantities():
    labels = np.arange(len(IRIS)) % 10  # of root mean square 5.3
    [warning] = caught_by(MLP(4, [10], seed=0).fit, IRIS, labels, loss="cross_entropy", epochs=1)
    assert str(warning.message).endswith("standardizer(x) for other samples")


def test_a_warning_about_inputs_that_is_an_error_changes_nothing():
    model = linear(IRIS)
    before = model.state_dict()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(UserWarning, match="standardize"):
            model.fit(IRIS, IRIS[:, 0], progress=False)
    assert model.state_dict() == before


def test_validation_samples_are_not_examined():
    model = MLP(2, [1], seed=0)
    assert not caught_by(model.fit, *datasets.xor(), validation=([[500.0, 0.0]], [1.0]), epochs=2)


def test_a_perceptron_needs_no_scaling():
    setosa = load_iris().target == 0
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert Perceptron(4).fit(IRIS, setosa)


def test_the_remedy_cures_iris():
    X, y = IRIS, load_iris().target
    with pytest.warns(UserWarning, match=r"nn\.standardize"):
        raw = fitted_accuracy(X, y)
    assert fitted_accuracy(standardize(X)[0], y) > max(0.9, raw + 0.1)


def fitted_accuracy(X, y):
    model = MLP(4, [8, 3], seed=0)
    model.fit(X, y, loss="cross_entropy", epochs=100, progress=False)
    return nn.accuracy(model.predict(X), y)


# Divergence.

MOONS, CLASSES = datasets.moons()
PATIENTS, PROGRESSION = standardize(DIABETES)[0][:40], PROGRESSION[:40]


@pytest.mark.parametrize("compiled", [True, False])
def test_unscaled_targets_that_make_the_loss_diverge_are_named(compiled):
    model = MLP(10, [3, 1], activation="relu", seed=0)
    [warning] = caught_by(model.fit, PATIENTS, PROGRESSION, epochs=4, compiled=compiled)
    assert "training diverged" in str(warning.message)
    assert "and has been above that since epoch 2; it ended at" in str(warning.message)
    assert "Lower the learning rate of SGD, which is 0.1, or use y, standardizer = nn.standardize(y): y has mean 1" in (
        str(warning.message)
    )


@pytest.mark.parametrize(
    ("loss", "outputs", "lr"),
    [("mse_loss", 1, 2.0), ("binary_cross_entropy_with_logits", 1, 1000.0), ("cross_entropy", 2, 1000.0)],
)
def test_a_learning_rate_that_is_too_high_is_named(loss, outputs, lr):
    model = MLP(2, [4, outputs], activation="relu", seed=0)
    sgd = SGD(model.parameters(), lr=lr)
    [warning] = caught_by(model.fit, MOONS, CLASSES, loss=loss, optimizer=sgd, epochs=30)
    assert str(warning.message).endswith(f"Lower the learning rate of SGD, which is {lr:.4g}")


@pytest.mark.parametrize("compiled", [True, False])
@pytest.mark.parametrize("start", [0, 7, 20])
def test_the_epoch_in_which_the_loss_began_to_grow_is_named(start, compiled):
    model = linear(UNIT)
    sgd = SGD(model.parameters(), lr=lambda epoch: 0.05 if epoch < start else 20.0)
    y = UNIT @ [1.0, 2.0, 3.0]
    [warning] = caught_by(model.fit, UNIT, y, optimizer=sgd, epochs=start + 15, compiled=compiled)
    told = int(str(warning.message).split("since epoch ")[1].split(";")[0])
    assert start < told <= start + 3  # the loss of an epoch is that before its step


@pytest.mark.parametrize("compiled", [True, False])
@pytest.mark.parametrize("batch_size", [None, 1])
def test_an_error_about_a_loss_that_overflowed_says_what_to_do(compiled, batch_size):
    model = MLP(10, [3, 1], activation="relu", seed=0)
    with pytest.raises(NonFiniteError, match=r"in epoch \d+ the loss is inf") as caught:
        model.fit(PATIENTS, PROGRESSION, batch_size=batch_size, compiled=compiled, progress=False)
    assert "Lower the learning rate of SGD, which is 0.1, or use y, standardizer = nn.standardize(y)" in str(
        caught.value
    )
    assert ("the loss was" in str(caught.value)) == (batch_size is None)  # with minibatches, epoch 0 is not complete


def test_an_error_about_a_loss_that_overflowed_names_unscaled_inputs():
    model = linear(DIABETES)
    with (
        pytest.warns(UserWarning, match=r"nn\.standardize\(X\)"),
        pytest.raises(NonFiniteError, match=r"Use X, standardizer = nn.standardize\(X\): X\[:, 4\] has mean 189"),
    ):
        model.fit(DIABETES, DIABETES[:, 0], progress=False)


def test_an_error_in_the_first_step_or_after_losses_that_fell_does_not_blame_the_learning_rate():
    def at(fatal):
        def loss(predictions, targets):
            mean = nn.mse_loss(predictions, targets)
            return mean + 0.0 / (mean - mean) if len(losses) == fatal else mean

        losses = []
        model = linear(MOONS)
        with pytest.raises(NonFiniteError) as caught:
            model.fit(
                MOONS, CLASSES, loss=loss, compiled=False, progress=False,
                callbacks=[lambda epoch, history, model: losses.append(history.loss[-1])],
            )  # fmt: skip
        assert losses == sorted(losses, reverse=True)
        return str(caught.value)

    assert at(0).endswith("the weights are those before this step)")
    assert at(5).endswith("the weights are those before this step)")


@pytest.mark.parametrize("restore", [True, False])
def test_a_divergence_is_not_warned_about_if_the_best_weights_were_restored(restore):
    model = linear(UNIT)
    sgd, stopping = SGD(model.parameters(), lr=2.0), EarlyStopping(patience=20, restore_best=restore)
    caught = caught_by(model.fit, UNIT, UNIT[:, 0], optimizer=sgd, callbacks=[stopping], epochs=10)
    assert len(caught) == (not restore)


def test_a_small_loss_of_a_trained_model_may_grow():
    model = linear(UNIT)
    model.layers[0].assign([[1.0, 0.0, 0.0]], [1e-9])
    sgd = SGD(model.parameters(), lr=2.0)
    assert not caught_by(model.fit, UNIT, UNIT[:, 0], optimizer=sgd, epochs=10)


def test_a_divergence_after_the_warning_about_inputs_is_not_warned_about_again():
    model = linear(IRIS)
    history = []
    caught = caught_by(
        model.fit, IRIS, IRIS[:, 0], epochs=10, callbacks=[lambda *arguments: history.append(arguments[1].loss[-1])]
    )
    assert len(caught) == 1
    assert history[-1] > 1e6 * history[0]


def test_an_interrupted_run_that_diverged_is_warned_about():
    def interrupt(epoch, history, model):
        if epoch == 5:
            raise KeyboardInterrupt

    model = linear(UNIT)
    sgd = SGD(model.parameters(), lr=20.0)
    [warning] = caught_by(model.fit, UNIT, UNIT[:, 0], optimizer=sgd, callbacks=[interrupt])
    assert "it ended at" in str(warning.message)
    assert math.isfinite(model.parameters()[0].data)


@pytest.mark.parametrize("make", [SGD, Adam])
@pytest.mark.parametrize("batch_size", [None, 4])
def test_training_runs_that_go_well_are_silent(make, batch_size):
    for X, y in (datasets.xor(), datasets.moons(20), datasets.circles(20)):
        model = MLP(2, [4, 1], output_activation="sigmoid", seed=0)
        options = {"loss": "binary_cross_entropy", "epochs": 50, "batch_size": batch_size}
        assert not caught_by(model.fit, X, y, optimizer=make(model.parameters()), **options)
    Z, (prices, _) = standardize(HOUSES.X)[0], standardize(HOUSES.y)
    model = MLP(3, [4, 1], seed=0)
    assert not caught_by(model.fit, Z, prices, optimizer=make(model.parameters(), lr=0.01), epochs=20)
