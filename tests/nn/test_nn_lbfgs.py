"""Laws of training with L-BFGS."""

import copy
import pickle
import sys
from functools import partial

import numpy as np
import pytest

import nn
from autograd import NonFiniteError, Value

scipy = pytest.importorskip("scipy")

X, Y = nn.datasets.moons(40, noise=0.2, seed=3)
fit = partial(nn.fit, progress=False)


def logistic(inputs=2, outputs=1):
    return nn.MLP(inputs, [outputs], seed=0)


def lbfgs(model, **options):
    return nn.LBFGS(model.parameters(), **{"tolerance_grad": 1e-11, "tolerance_change": 0.0} | options)


def numbers(model):
    return [parameter.data for parameter in model.parameters()]


def penalized(model, loss, penalty):
    return lambda predictions, targets: loss(predictions, targets) + penalty * nn.l2_penalty(model)


def optimum(*, epochs=1000, **options):
    """A logistic regression at its optimum, and the history of its training."""
    model = logistic()
    loss = penalized(model, nn.binary_cross_entropy_with_logits, 0.01)
    return model, fit(model, X, Y, loss=loss, optimizer=lbfgs(model), epochs=epochs, **options)


class TestOptimum:
    @pytest.mark.parametrize("compiled", [True, False])
    @pytest.mark.parametrize("c", [0.1, 1.0, 10.0])
    def test_of_two_classes_is_that_of_scikit_learn(self, c, compiled):
        linear_model = pytest.importorskip("sklearn.linear_model")
        reference = linear_model.LogisticRegression(C=c, tol=1e-12, max_iter=10_000).fit(X, Y)
        model = logistic()
        loss = penalized(model, nn.binary_cross_entropy_with_logits, 0.5 / (c * len(X)))
        history = fit(model, X, Y, loss=loss, optimizer=lbfgs(model), epochs=1000, compiled=compiled)
        assert history.stopped == "converged"
        assert numbers(model) == pytest.approx([*reference.coef_[0], *reference.intercept_], abs=1e-6)

    def test_of_three_classes_is_that_of_scikit_learn(self):
        linear_model = pytest.importorskip("sklearn.linear_model")
        datasets = pytest.importorskip("sklearn.datasets")
        samples, classes = datasets.load_iris(return_X_y=True)
        samples, _ = nn.standardize(samples)
        reference = linear_model.LogisticRegression(tol=1e-12, max_iter=10_000).fit(samples, classes)
        model = logistic(4, 3)
        loss = penalized(model, nn.cross_entropy, 0.5 / len(samples))
        fit(model, samples, nn.one_hot(classes, 3), loss=loss, optimizer=lbfgs(model), epochs=1000)
        weights = np.array([[w.data for w in neuron.w] for neuron in model.layers[0].neurons])
        assert weights == pytest.approx(reference.coef_, abs=1e-6)

    def test_of_least_squares_is_that_of_the_normal_equations(self):
        generator = np.random.default_rng(0)
        samples, targets = generator.normal(size=(30, 4)), generator.normal(size=30)
        model = logistic(4)
        fit(model, samples, targets, optimizer=lbfgs(model), epochs=1000)
        columns = np.column_stack([samples, np.ones(30)])
        assert numbers(model) == pytest.approx(np.linalg.lstsq(columns, targets)[0], abs=1e-8)

    def test_weight_decay_penalizes_every_parameter_and_is_not_part_of_the_loss(self):
        generator = np.random.default_rng(1)
        samples, targets = generator.normal(size=(30, 4)), generator.normal(size=30)
        model = logistic(4)
        history = fit(model, samples, targets, optimizer=lbfgs(model, weight_decay=0.3), epochs=1000)
        columns = np.column_stack([samples, np.ones(30)])
        ridge = np.linalg.solve(2 / 30 * columns.T @ columns + 0.3 * np.eye(5), 2 / 30 * columns.T @ targets)
        assert numbers(model) == pytest.approx(ridge, abs=1e-8)
        assert history.loss[-1] == pytest.approx(np.mean((columns @ ridge - targets) ** 2), rel=1e-6)

    def test_is_below_what_a_thousand_epochs_of_adam_reach(self):
        model = logistic()
        loss = penalized(model, nn.binary_cross_entropy_with_logits, 0.01)
        adam = nn.Adam(model.parameters(), lr=0.05)
        reached = fit(model, X, Y, loss=loss, optimizer=adam, epochs=1000).loss[-1]
        _, history = optimum()
        assert history.loss[-1] < reached
        assert len(history.loss) < 50


class TestEpochs:
    @pytest.mark.parametrize("compiled", [True, False])
    def test_an_epoch_is_an_iteration_and_its_loss_that_before_its_step(self, compiled):
        model, history = optimum(epochs=5, compiled=compiled)
        assert history.stopped == "finished"
        assert len(history.loss) == 5
        start = logistic()
        assert history.loss[0] == pytest.approx(loss_at(start), rel=1e-12)
        _, one_less = optimum(epochs=4, compiled=compiled)
        assert history.loss[:4] == one_less.loss
        assert all(np.diff(history.loss) < 0)
        assert loss_at(model) < history.loss[-1]

    def test_eager_and_compiled_training_are_alike(self):
        (eager, ours), (compiled, theirs) = optimum(epochs=8, compiled=False), optimum(epochs=8)
        assert ours.loss == pytest.approx(theirs.loss, rel=1e-9)
        assert numbers(eager) == pytest.approx(numbers(compiled), rel=1e-6)
        gradients = [parameter.grad for parameter in compiled.parameters()]
        assert [parameter.grad for parameter in eager.parameters()] == pytest.approx(gradients, abs=1e-9)

    @pytest.mark.parametrize("compiled", [True, False])
    def test_gradients_are_those_at_the_weights_that_are_left(self, compiled):
        model, _ = optimum(epochs=3, compiled=compiled)
        left = [parameter.grad for parameter in model.parameters()]
        model.zero_grad()
        penalized(model, nn.binary_cross_entropy_with_logits, 0.01)([model(x) for x in X], Y).backward()
        assert left == pytest.approx([parameter.grad for parameter in model.parameters()], rel=1e-9)

    def test_training_at_the_optimum_takes_one_epoch_and_leaves_the_weights(self):
        model, _ = optimum()
        before = numbers(model)
        loss = penalized(model, nn.binary_cross_entropy_with_logits, 0.01)
        history = fit(model, X, Y, loss=loss, optimizer=nn.LBFGS(model.parameters(), tolerance_grad=1e-6))
        assert history.stopped == "converged"
        assert history.loss == pytest.approx([loss_at(model)], rel=1e-12)
        assert numbers(model) == before

    @pytest.mark.parametrize(
        ("option", "loose", "tight"), [("tolerance_grad", 1e-1, 1e-8), ("tolerance_change", 1e-2, 0.0)]
    )
    def test_a_looser_tolerance_ends_training_earlier(self, option, loose, tight):
        def epochs(tolerance):
            model = logistic()
            optimizer = lbfgs(model, **{option: tolerance})
            loss = penalized(model, nn.binary_cross_entropy_with_logits, 0.01)
            return len(fit(model, X, Y, loss=loss, optimizer=optimizer, epochs=200).loss)

        assert epochs(loose) < epochs(tight)

    def test_a_longer_history_needs_fewer_epochs(self):
        generator = np.random.default_rng(0)
        samples = generator.normal(size=(60, 8)) * np.geomspace(0.1, 3.0, 8)
        targets = generator.normal(size=60)

        def epochs(history_size):
            model = logistic(8)
            optimizer = lbfgs(model, tolerance_grad=1e-8, history_size=history_size)
            return len(fit(model, samples, targets, optimizer=optimizer, epochs=1000).loss)

        assert epochs(20) < epochs(1)

    def test_the_optimizer_counts_steps_over_all_calls_and_epochs_in_one(self):
        model = logistic()
        optimizer = lbfgs(model)
        fit(model, X, Y, optimizer=optimizer, epochs=3)
        fit(model, X, Y, optimizer=optimizer, epochs=2)
        assert (optimizer.steps, optimizer.epoch) == (5, 1)

    def test_only_the_parameters_of_the_optimizer_are_trained(self):
        model = nn.MLP(2, [3, 1], seed=0)
        fixed, trained = model.layers[0].parameters(), model.layers[1].parameters()
        before = [parameter.data for parameter in fixed]
        history = fit(model, X, Y, optimizer=nn.LBFGS(trained), epochs=50)
        assert [parameter.data for parameter in fixed] == before
        assert history.loss[-1] < history.loss[0]

    def test_a_network_that_is_not_convex_learns_xor(self):
        samples, targets = nn.datasets.xor()
        model = nn.MLP(2, [4, 1], output_activation="sigmoid", seed=1)
        fit(model, samples, targets, loss="binary_cross_entropy", optimizer=nn.LBFGS(model.parameters()))
        assert model.predict(samples).round().tolist() == targets.tolist()


def loss_at(model):
    loss = penalized(model, nn.binary_cross_entropy_with_logits, 0.01)
    return loss([model(x) for x in X], Y).data


class TestCallbacks:
    @pytest.mark.parametrize("compiled", [True, False])
    def test_are_called_after_each_epoch_with_its_weights(self, compiled):
        seen = []
        optimum(epochs=4, compiled=compiled, callbacks=[lambda *args: seen.append((args[0], numbers(args[2])))])
        assert [epoch for epoch, _ in seen] == [0, 1, 2, 3]
        for epoch, weights in seen:
            model, _ = optimum(epochs=epoch + 1, compiled=compiled)
            assert weights == numbers(model)

    def test_end_training_by_returning_true(self):
        model, history = optimum(callbacks=[lambda epoch, *_: epoch == 2])
        assert history.stopped == "early"
        assert len(history.loss) == 3
        assert numbers(model) == numbers(optimum(epochs=3)[0])

    def test_early_stopping_leaves_the_weights_of_the_best_validation_loss(self):
        generator = np.random.default_rng(2)
        samples, targets = generator.normal(size=(12, 8)), generator.integers(0, 2, 12)
        held_out = generator.normal(size=(50, 8)), generator.integers(0, 2, 50)
        model = logistic(8)
        stopping = nn.EarlyStopping(patience=3)
        history = fit(
            model,
            samples,
            targets,
            loss="binary_cross_entropy_with_logits",
            optimizer=nn.LBFGS(model.parameters()),
            validation=held_out,
            callbacks=[stopping],
        )
        assert history.stopped == "early"
        assert len(history.validation_loss) == len(history.loss) == stopping.best_epoch + 4
        outputs = [model(x) for x in held_out[0]]
        assert nn.binary_cross_entropy_with_logits(outputs, held_out[1]).data == pytest.approx(stopping.best, rel=1e-12)

    def test_must_not_change_the_weights(self):
        def change(epoch, history, model):
            model.parameters()[0].data = 5.0

        with pytest.raises(RuntimeError, match="a callback must not change the weights while LBFGS trains"):
            optimum(callbacks=[change])

    @pytest.mark.parametrize("compiled", [True, False])
    def test_must_not_change_a_weight_that_is_not_trained(self, compiled):
        def change(epoch, history, model):
            model.parameters()[-1].data += 1.0

        model = nn.MLP(2, [3, 1], seed=0)
        lbfgs = nn.LBFGS(model.parameters()[:-1])
        with pytest.raises(RuntimeError, match="or anything else that the loss depends on"):
            model.fit(
                [[0.0, 1.0], [2.0, 1.0]],
                [1.0, -1.0],
                optimizer=lbfgs,
                callbacks=[change],
                progress=False,
                compiled=compiled,
            )

    def test_weights_are_recorded(self):
        _, history = optimum(epochs=6, record=4)
        assert len(history.recording.epochs) == 4

    @pytest.mark.parametrize("compiled", [True, False])
    def test_an_interrupt_leaves_the_weights_of_the_last_epoch(self, compiled):
        def interrupt(epoch, history, model):
            if epoch == 1:
                raise KeyboardInterrupt

        model, history = optimum(compiled=compiled, callbacks=[interrupt])
        assert history.stopped == "interrupted"
        assert numbers(model) == numbers(optimum(epochs=2, compiled=compiled)[0])


def test_the_progress_bar_counts_epochs(capsys):
    model = logistic()
    nn.fit(model, X, Y, optimizer=nn.LBFGS(model.parameters()), epochs=3)
    assert "3/3" in capsys.readouterr().err


class TestRefusing:
    @pytest.mark.parametrize("batch_size", [1, 8, 40, 1000])
    def test_minibatches(self, batch_size):
        model = logistic()
        before = numbers(model)
        with pytest.raises(ValueError, match=f"batch_size must be None with LBFGS, .*, not {batch_size}"):
            fit(model, X, Y, optimizer=nn.LBFGS(model.parameters()), batch_size=batch_size)
        assert numbers(model) == before

    def test_dropout(self):
        class Dropping(nn.Module):
            def __init__(self):
                self.mlp, self.dropout = nn.MLP(2, [3]), nn.Dropout(0.5)

            def forward(self, inputs):
                return sum(self.dropout(self.mlp(inputs)))

        model = Dropping()
        with pytest.raises(ValueError, match="a model trained with LBFGS must have no dropout"):
            fit(model, X, Y, optimizer=nn.LBFGS(model.parameters()))

    def test_steps_by_hand(self):
        with pytest.raises(TypeError, match="LBFGS must be passed to fit"):
            nn.LBFGS(logistic().parameters()).step()

    def test_a_learning_rate(self):
        with pytest.raises(TypeError, match="lr"):
            nn.LBFGS(logistic().parameters(), lr=0.1)

    @pytest.mark.parametrize(
        ("option", "value"),
        [
            ("history_size", 0),
            ("history_size", 1.5),
            ("tolerance_grad", -1),
            ("tolerance_change", "a"),
            ("weight_decay", -1),
        ],
    )
    def test_options_out_of_range(self, option, value):
        with pytest.raises(ValueError, match=f"{option} must be .*, not {value!r}"):
            nn.LBFGS(logistic().parameters(), **{option: value})

    def test_a_missing_scipy_names_it(self, monkeypatch):
        monkeypatch.setitem(sys.modules, "scipy.optimize", None)
        model = logistic()
        before = numbers(model)
        with pytest.raises(ImportError, match=r"nn.LBFGS needs SciPy: pip install 'scalar-autograd\[scipy\]'"):
            fit(model, X, Y, optimizer=nn.LBFGS(model.parameters()))
        assert numbers(model) == before


class Root(nn.Module):
    """The loss of its output is the square root of w, which has no finite derivative at 0 and no value below."""

    def __init__(self, w):
        self.w = Value(w, role="parameter")

    def forward(self, inputs):
        return self.w.sqrt() + 0.0 * inputs[0]


@pytest.mark.parametrize("compiled", [True, False])
def test_a_loss_that_is_not_finite_leaves_the_weights_of_the_last_epoch(compiled):
    model = Root(4.0)
    seen = []
    with pytest.raises(NonFiniteError, match="sqrt"):
        fit(
            model,
            [[0.0]],
            [0.0],
            loss=lambda predictions, targets: predictions[0],
            optimizer=nn.LBFGS(model.parameters()),
            compiled=compiled,
            callbacks=[lambda epoch, history, model: seen.append(model.w.data)],
        )
    assert model.w.data == [4.0, *seen][-1]


def test_a_model_that_branches_on_data_is_trained_eagerly_with_a_warning():
    class Branching(nn.Module):
        def __init__(self):
            self.w = Value(0.5, role="parameter")

        def forward(self, inputs):
            return self.w * inputs[0] if inputs[0] > 0 else self.w * inputs[1]

    model = Branching()
    with pytest.warns(RuntimeWarning, match="falling back to eager training") as caught:
        history = fit(model, X, Y, optimizer=nn.LBFGS(model.parameters()))
    assert caught[0].filename == __file__
    assert history.stopped == "converged"


def test_it_shows_its_options_and_can_be_copied_and_pickled():
    model = logistic()
    optimizer = nn.LBFGS(model.parameters(), history_size=5)
    shown = "LBFGS(<3 parameters>, history_size=5, tolerance_grad=1e-07, tolerance_change=1e-12, weight_decay=0.0)"
    assert repr(optimizer) == shown
    assert repr(pickle.loads(pickle.dumps(optimizer))) == shown
    assert copy.deepcopy(optimizer).history_size == 5
