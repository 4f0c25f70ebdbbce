"""Learning: the worked examples T1 to T6 of lectures L1, L2 and L3."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from support.by_hand import same

import nn
import viz
from autograd import data_of, grad_of
from benchmarks import digit_network, regularisation, xor_success
from nn import MLP, Adam, datasets

BINARY = "binary_cross_entropy"
CHAPTER = Path(__file__).parents[2] / "notebooks" / "09_overfitting.ipynb"
SEEDS = 40  # enough to tell the rates apart; benchmarks/xor_success.py uses 100


def trained(model, X, y, *, loss, lr=0.01, **options):
    model.fit(X, y, loss=loss, optimizer=Adam(model.parameters(), lr=lr), progress=False, **options)
    return model


def chapter_text():
    cells = json.loads(CHAPTER.read_text(encoding="utf-8"))["cells"]
    return "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")


@pytest.mark.parametrize("width", [2, 4])
@pytest.mark.parametrize("activation", ["sigmoid", "tanh"])
def test_t1_xor_is_learned(width, activation):
    X, y = datasets.xor()
    model = MLP(2, [width, 1], activation=activation, output_activation="sigmoid", seed=1)
    trained(model, X, y, loss=BINARY, lr=0.05, epochs=2000)
    same(model.predict(X), y, 0.05)


def test_t1_two_hidden_neurons_get_stuck_for_some_starts_and_four_for_few():
    rates = {
        (name, width): xor_success.success(name, width, seeds=SEEDS)
        for name in xor_success.ACTIVATIONS
        for width in (2, 4)
    }
    for name in xor_success.ACTIVATIONS:
        assert 0.1 < rates[name, 2] < 0.9
        assert rates[name, 4] > rates[name, 2] + 0.1
    assert rates["tanh", 4] > 0.95
    assert rates["sigmoid", 4] > 0.95
    assert rates["relu", 4] < 0.9
    assert xor_success.table(rates, [2, 4]).splitlines()[-1].split()[0] == "leaky_relu"
    assert xor_success.plot(rates, [2, 4], SEEDS).axes[0].get_title() == f"XOR from {SEEDS} random starts"


def losses_of_the_loop(seed, *, clear, loss, output_activation, epochs=300, lr=0.2):
    """The training loop written by hand, on XOR, with or without `zero_grad`."""
    X, y = datasets.xor()
    model = MLP(2, [4, 1], activation="tanh", output_activation=output_activation, seed=seed)
    optimizer = nn.SGD(model.parameters(), lr=lr)
    losses = []
    for _ in range(epochs):
        if clear:
            optimizer.zero_grad()
        cost = loss(model(X), y)
        cost.backward()
        optimizer.step()
        losses.append(cost.data)
    return losses


@pytest.mark.parametrize("seed", range(10))
def test_t1_without_zero_grad_a_squared_error_does_not_settle(seed):
    """Its lowest point is at finite weights; steps along the sum of all gradients run past it, again and again."""
    case = {"loss": nn.mse_loss, "output_activation": "linear"}
    assert max(losses_of_the_loop(seed, clear=True, **case)[-50:]) < 0.02
    assert max(losses_of_the_loop(seed, clear=False, **case)[-50:]) > 0.04


@pytest.mark.parametrize("seed", range(6))
def test_t1_without_zero_grad_a_cross_entropy_may_even_fall_faster(seed):
    """It has no lowest point to run past, so that it cannot show why the gradients are cleared."""
    case = {"loss": nn.binary_cross_entropy, "output_activation": "sigmoid"}
    cleared = losses_of_the_loop(seed, clear=True, **case)[-1]
    assert losses_of_the_loop(seed, clear=False, **case)[-1] < 0.01 * cleared
    assert losses_of_the_loop(seed, clear=True, lr=5.0, **case)[-1] < 0.1 * cleared


@pytest.mark.parametrize("seed", [0, 2, 4])
def test_t1_a_stuck_network_answers_one_half_to_two_samples(seed):
    X, y = datasets.xor()
    model = MLP(2, [2, 1], activation="tanh", output_activation="sigmoid", seed=seed)
    optimizer = nn.SGD(model.parameters(), lr=0.5)
    history = model.fit(X, y, loss=BINARY, optimizer=optimizer, epochs=5000, progress=False)
    errors = np.sort(np.abs(model.predict(X) - y))
    same(errors, [0.0, 0.0, 0.5, 0.5], 0.02)
    assert history.loss[-1] == pytest.approx(np.log(2) / 2, abs=0.002)


def test_t2_two_moons_by_one_hidden_layer_and_its_decision_surface():
    X, y = datasets.moons(100, noise=0.1)
    model = trained(MLP(2, [8, 1], output_activation="sigmoid"), X, y, loss=BINARY, lr=0.05, epochs=500)
    assert nn.accuracy(model.predict(X), y) == 1.0
    assert nn.accuracy(model.predict(datasets.moons(500, noise=0.1, seed=1).X), np.arange(500) % 2) > 0.97
    [boundary] = [c for c in viz.plot_decision_surface(model, X, y).axes[0].collections if hasattr(c, "allsegs")]
    points = np.concatenate(boundary.allsegs[0])
    same(model.predict(points), np.full(len(points), 0.5), 0.05)


def test_t3_three_classes_in_the_plane_by_a_softmax():
    X, y = datasets.blobs(150)
    model = trained(MLP(2, [8, 3]), X, y, loss="cross_entropy", lr=0.05, epochs=200)
    assert nn.accuracy(model.predict(X), y) > 0.97
    X, y = datasets.blobs(600, seed=1)
    assert nn.accuracy(model.predict(X), y) > 0.97
    shares = np.array([nn.softmax(list(row)) for row in model.predict(X)])
    same(shares.sum(axis=1), np.ones(600))
    regions = viz.plot_decision_surface(model, X, y).axes[0]
    assert len(regions.get_legend().get_texts()) == 3


@pytest.fixture(scope="module")
def digits():
    X, y = load_digits(return_X_y=True)
    return train_test_split(X / 16.0, y, test_size=0.25, random_state=0, stratify=y)


class TestT4:
    """scikit-learn's 8×8 digits, scaled to 0..1; a quarter is held out for the test."""

    def test_t4_a_network_for_64_by_64_images_has_411_741_parameters(self):
        assert nn.summary([64 * 64, 100, 20, 1]).splitlines()[-1].split() == ["total", "411,741"]

    def test_t4_is_it_a_9_or_not(self, digits):
        X, X_test, y, y_test = digits
        model = MLP(64, [100, 20, 1], activation="relu", output_activation="sigmoid")
        assert len(model.parameters()) == 8541
        trained(model, X, y == 9, loss=BINARY, lr=0.003, epochs=8, batch_size=32)
        answers, nines = model.predict(X_test), y_test == 9
        never = np.zeros(len(nines))
        assert nn.accuracy(never, nines) == pytest.approx(0.9, abs=0.01)
        assert nn.recall(never, nines) == 0.0
        assert nn.accuracy(answers, nines) > 0.97
        assert nn.recall(answers, nines) > 0.85

    def test_t4_all_ten_digits(self, digits):
        X, X_test, y, y_test = digits
        model = MLP(64, [32, 10], activation="relu")
        assert len(model.parameters()) == 2410
        trained(model, X, y, loss="cross_entropy", epochs=20, batch_size=32)
        assert nn.accuracy(model.predict(X_test), y_test) >= 0.95

    def test_s12_enlarged_images_keep_their_corners_and_lie_on_lines_in_between(self):
        images = load_digits().data[:3] / 16.0
        large = digit_network.enlarged(images, 64).reshape(3, 64, 64)
        assert large.min() >= 0.0
        assert large.max() <= 1.0
        small = images.reshape(3, 8, 8)
        for k in (0, -1):
            for j in (0, -1):
                same(large[:, k, j], small[:, k, j])
        at = np.arange(64) / 9.0  # where the pixels of the first row lie, counted in pixels of the small image
        before = np.minimum(at.astype(int), 6)
        share = at - before
        same(large[:, 0], (1 - share) * small[:, 0, before] + share * small[:, 0, before + 1])

    def test_s12_the_benchmark_trains_a_network_with_two_hidden_layers_and_says_how_good_it_is(self):
        data = digit_network.digits(8)
        model = digit_network.network(8)
        assert len(model.parameters()) == 8541
        reached = [quality for _, quality in digit_network.trained(model, data, 8)]
        assert reached[-1].accuracy > 0.96
        assert reached[-1].recall > 0.75
        assert nn.summary([digit_network.SIDE**2, 100, 20, 1]).splitlines()[-1].split()[1] == "411,741"


@pytest.mark.parametrize("output_activation", ["linear", "relu"])
def test_t5_house_prices(output_activation):
    X, y = datasets.houses(200)
    Z, standardizer = nn.standardize(X)
    hundreds = y / 100.0  # of thousands: about as large as the first outputs of the network
    model = MLP(3, [8, 1], activation="relu", output_activation=output_activation, seed=1)
    trained(model, Z, hundreds, loss="mse_loss", epochs=1500)
    new = datasets.houses(200, seed=1)
    predicted = 100.0 * model.predict(standardizer(new.X))
    error = np.sqrt(np.mean((predicted - new.y) ** 2))
    assert error < 15.0  # the noise alone has a deviation of 10
    assert error < 0.15 * new.y.std()
    if output_activation == "relu":
        assert (predicted >= 0.0).all()


@pytest.fixture(scope="module")
def errors():
    return regularisation.study(20)


class TestT6:
    """Methods against over-fitting."""

    def test_t6_each_method_alone_lowers_the_mean_test_error_over_20_seeds(self, errors):
        for method in regularisation.METHODS[1:]:
            assert errors[method].mean() < errors["none"].mean()
        rows = regularisation.table(errors).splitlines()[1:]
        for row, (method, shares) in zip(rows, errors.items(), strict=True):
            mean, spread = row.removeprefix(method).split()[:2]
            assert mean == f"{shares.mean():.1%}"
            assert spread == f"{100 * shares.std(ddof=1):.1f}"
        assert len(regularisation.plot(errors).axes[0].get_xticks()) == 8

    def test_t6_100_samples_more_are_worth_more_than_any_method(self, errors):
        most = errors["trained on all 140"].mean()
        assert most < min(errors[method].mean() for method in regularisation.METHODS)
        assert most < errors["early stopping, 100 extra"].mean() < errors["early stopping"].mean()

    def test_t6_the_table_of_the_chapter_is_that_of_the_study(self, errors):
        """Other processors round differently, which training may amplify: hence the margins."""
        rows = re.findall(r"^\| ([^|]+?) \| ([\d.]+) % \| ([\d.]+) \|", chapter_text(), re.MULTILINE)
        assert [name for name, _, _ in rows] == list(errors)
        for name, mean, deviation in rows:
            assert 100 * errors[name].mean() == pytest.approx(float(mean), abs=0.5)
            assert 100 * errors[name].std(ddof=1) == pytest.approx(float(deviation), abs=0.5)

    def test_t6_early_stopping_trains_on_30_of_the_40_samples_and_monitors_the_other_10(self):
        seed = regularisation.FIRST_SEED
        X, y = regularisation.samples(40, seed)
        training, options = regularisation.training_for("early stopping", seed)
        monitored = options["validation"]
        assert (len(training.y), len(monitored.y)) == (30, 10)
        together = np.column_stack([np.vstack([training.X, monitored.X]), np.concatenate([training.y, monitored.y])])
        same(np.unique(together, axis=0), np.unique(np.column_stack([X, y]), axis=0))

    def test_t6_without_any_the_network_learns_its_samples_by_heart(self):
        X, y = regularisation.samples(40, regularisation.FIRST_SEED)
        model = regularisation.trained("none", regularisation.FIRST_SEED)
        assert nn.accuracy(model.predict(X), y, threshold=0.0) == 1.0
        assert regularisation.error_on_new_samples(model, regularisation.FIRST_SEED) > 0.1

    @pytest.mark.parametrize("p", [0.2, 0.5])
    def test_t6_dropout_leaves_the_expected_activation_as_it_is(self, p):
        dropout = nn.Dropout(p, seed=1)
        activations = np.array([1.0, -2.0, 0.5])
        masks = dropout.masks(0, 0, 40_000, 3)
        assert set(masks.flat) == {0.0, 1.0 / (1.0 - p)}  # p drops; the course's p keeps
        assert (masks == 0.0).mean() == pytest.approx(p, abs=0.01)
        np.testing.assert_allclose((masks * activations).mean(axis=0), activations, rtol=0.02)
        same(data_of(dropout(list(activations))), activations * masks[0])

    def test_t6_early_stopping_keeps_the_weights_of_the_epoch_with_the_lowest_loss(self):
        X, y = regularisation.samples(40, regularisation.FIRST_SEED)
        model, stop = MLP(4, [12, 1], seed=1), nn.EarlyStopping(patience=10)
        aside = {"validation": (X[:10], y[:10]), "callbacks": [stop]}
        optimizer = Adam(model.parameters(), lr=0.02)
        logits = "binary_cross_entropy_with_logits"
        history = model.fit(X[10:], y[10:], loss=logits, optimizer=optimizer, epochs=500, progress=False, **aside)
        reached = nn.binary_cross_entropy_with_logits(model(X[:10]), y[:10]).data
        same(reached, min(history.validation_loss))
        assert reached < history.validation_loss[-1] - 0.001  # not that of the last epoch
        assert len(history.loss) == stop.best_epoch + 1 + 10 < 500

    def test_t6_dropout_is_off_when_predicting(self):
        model = MLP(2, [16, 1], dropout=0.5, seed=1)
        X = np.random.default_rng(0).normal(size=(5, 2))
        plain = MLP(2, [16, 1], seed=1)
        assert model.training
        same(model.predict(X), plain.predict(X))
        assert model.training
        assert not np.allclose(data_of(model(X)), plain.predict(X))

    @pytest.mark.parametrize(
        ("penalty", "size", "slope"),
        [(nn.l1_penalty, np.abs, np.sign), (nn.l2_penalty, np.square, lambda w: 2 * w)],
    )
    def test_t6_a_penalty_is_on_the_weights_and_not_on_the_biases(self, penalty, size, slope):
        X, y = datasets.moons(10)
        factor, model = 0.1, MLP(2, [3, 1], seed=1)
        for layer in model.layers:  # biases start at 0, where no penalty would act on them
            layer.assign(data_of(layer.weight), np.linspace(-0.5, 0.7, layer.outputs))
        nn.mse_loss(model(X), y, reduction="sum").backward()
        weights = [data_of(layer.weight) for layer in model.layers]
        without = [(grad_of(layer.weight), grad_of(layer.bias)) for layer in model.layers]
        model.zero_grad()
        summed = nn.mse_loss(model(X), y, reduction="sum")
        J = summed + factor * penalty(model)
        J.backward()
        same(J.data, summed.data + factor * sum(size(w).sum() for w in weights))
        for layer, w, (of_weight, of_bias) in zip(model.layers, weights, without, strict=True):
            same(grad_of(layer.weight), of_weight + factor * slope(w))
            same(grad_of(layer.bias), of_bias)
