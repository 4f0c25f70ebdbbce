"""Dropout keeps the expected activation, does nothing in evaluation mode, and its masks are pure functions."""

import math

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from autograd import Value, grad_of
from nn import MLP, SGD, Dropout, Layer, Module, fit, predict
from nn.masks import call_with_masks, constant_mask
from nn.outputs import as_list


def applied(dropout, inputs):
    return [value.data for value in as_list(dropout(inputs))]


@pytest.mark.parametrize("p", [0.1, 0.5, 0.9])
def test_dropout_keeps_the_expected_activation(p):
    masks = Dropout(p, seed=3).masks(0, 0, 20_000, 4)
    spread = math.sqrt(p / (1 - p) / 20_000)  # of the mean of such masks
    assert abs(masks.mean(axis=0) - 1.0).max() < 5 * spread
    dropout = Dropout(p, seed=3)
    outputs = [applied(dropout, [2.0, -3.0]) for _ in range(2000)]
    assert np.mean(outputs, axis=0) == pytest.approx([2.0, -3.0], abs=5 * 3.0 * spread * math.sqrt(10))


@pytest.mark.parametrize("p", [0.0, 0.1, 0.5, 0.9])
def test_a_unit_is_dropped_with_probability_p_or_scaled(p):
    masks = Dropout(p).masks(1, 0, 20_000, 2)
    assert set(masks.flat) <= {0.0, 1.0 / (1.0 - p)}
    assert (masks == 0.0).mean() == pytest.approx(p, abs=5 * math.sqrt(p * (1 - p) / 40_000))


def test_units_samples_epochs_and_seeds_are_dropped_independently():
    masks = Dropout(0.5, seed=1).masks(0, 0, 20_000, 3)
    others = [
        masks[:, 1], masks[:, 2], np.roll(masks[:, 0], 1),
        Dropout(0.5, seed=1).masks(1, 0, 20_000, 3)[:, 0], Dropout(0.5, seed=2).masks(0, 0, 20_000, 3)[:, 0],
    ]  # fmt: skip
    for other in others:
        assert abs(np.corrcoef(masks[:, 0], other)[0, 1]) < 5 / math.sqrt(20_000)


@settings(max_examples=50, deadline=None)
@given(
    seed=st.integers(0, 2**63), epoch=st.integers(0, 2**40), first=st.integers(0, 2**40),
    samples=st.integers(1, 6), units=st.integers(1, 11),
)  # fmt: skip
def test_masks_of_many_samples_are_those_of_one_at_a_time_bit_for_bit(seed, epoch, first, samples, units):
    dropout = Dropout(0.3, seed=seed)
    bulk = dropout.masks(epoch, first, samples, units)
    assert bulk.shape == (samples, units)
    for i in range(samples):
        assert bulk[i].tobytes() == Dropout(0.3, seed=seed).mask(epoch, first + i, units).tobytes()


def test_a_mask_does_not_depend_on_what_was_drawn_before():
    dropout = Dropout(0.5, seed=4)
    before = dropout.mask(7, 3, 10)
    dropout([1.0] * 10)
    dropout.masks(0, 0, 50, 10)
    np.random.default_rng(0).random(100)
    assert dropout.mask(7, 3, 10).tobytes() == before.tobytes()


def test_a_call_uses_the_mask_of_the_current_epoch_and_sample_and_advances_to_the_next():
    dropout = Dropout(0.5, seed=2)
    assert [applied(dropout, [1.0] * 5) for _ in range(3)] == [dropout.mask(0, i, 5).tolist() for i in range(3)]
    dropout.epoch, dropout.sample = 4, 9
    assert applied(dropout, [1.0] * 5) == dropout.mask(4, 9, 5).tolist()


def test_the_gradient_of_an_input_is_its_mask():
    dropout, inputs = Dropout(0.5, seed=1), [Value(float(i)) for i in range(1, 9)]
    sum(dropout(inputs)).backward()
    assert grad_of(inputs).tolist() == dropout.mask(0, 0, 8).tolist()
    assert set(grad_of(inputs)) == {0.0, 2.0}


def test_dropout_is_off_in_evaluation():
    dropout, inputs = Dropout(0.9).eval(), [Value(1.0), Value(2.0)]
    assert all(x is y for x, y in zip(dropout(inputs), inputs, strict=True))
    assert dropout.sample == 0


def test_dropout_is_off_when_predicting_and_on_again_afterwards():
    X = np.random.default_rng(0).normal(size=(20, 3))
    model, without = MLP(3, [8, 2], dropout=0.5, seed=1), MLP(3, [8, 2], seed=1)
    assert predict(model, X).tolist() == predict(without, X).tolist()
    assert model.training
    assert model.dropouts[0].training
    assert any(model(X[0])[k].data != without(X[0])[k].data for k in range(2))


def test_training_draws_the_mask_of_each_epoch_and_sample():
    X, y = np.ones((4, 1)), np.zeros(4)
    model = MLP(1, [6, 1], activation="linear", dropout=0.5, seed=1)
    model.layers[0].assign(np.ones((6, 1)), np.zeros(6))
    model.layers[1].assign(np.ones((1, 6)), [0.0])
    masks, seen = model.dropouts[0], []

    def loss(predictions, targets):
        seen.append([prediction.data for prediction in predictions])
        return sum(predictions)

    fit(model, X, y, loss=loss, optimizer=SGD(model.parameters(), lr=0.0), epochs=3, progress=False, compiled=False)
    assert seen == [masks.masks(epoch, 0, 4, 6).sum(axis=1).tolist() for epoch in range(3)]
    assert len({tuple(epoch) for epoch in seen}) > 1


@pytest.mark.parametrize("compiled", [True, False])
@pytest.mark.parametrize("options", [{}, {"batch_size": 2}, {"validation": ([[1.0]], [1.0])}])
def test_training_leaves_a_dropout_as_it_was(compiled, options):
    model = MLP(1, [6, 6, 1], dropout=0.5, seed=1)
    model([1.0])  # the next masks are those of sample 1
    model.dropouts[1].eval()
    before = [dict(vars(dropout)) for dropout in model.dropouts]
    assert [dropout["sample"] for dropout in before] == [1, 1]
    fit(model, np.ones((5, 1)), np.zeros(5), epochs=3, compiled=compiled, progress=False, **options)
    assert [vars(dropout) for dropout in model.dropouts] == before
    model.dropouts[1].train()
    first = model.dropouts[0]
    assert applied(first, [1.0] * 6) == first.mask(0, 1, 6).tolist()


class Twice(Module):
    """Runs one dropout twice per sample."""

    inputs = 1

    def __init__(self):
        self.first, self.dropout, self.last = Layer(1, 4, seed=1), Dropout(0.5), Layer(4, 1, seed=2)

    def forward(self, inputs):
        return self.last(self.dropout(self.dropout(self.first(inputs))))


def test_a_dropout_that_runs_twice_for_a_sample_applies_the_mask_of_that_sample_both_times():
    trained = []
    for compiled in (True, False):
        model = Twice()
        sgd = SGD(model.parameters(), lr=0.01)
        fit(model, [[1.0], [2.0], [3.0]], [1.0, 0.0, 2.0], optimizer=sgd, epochs=4, compiled=compiled, progress=False)
        trained.append([parameter.data for parameter in model.parameters()])
    assert trained[0] == pytest.approx(trained[1], rel=1e-12)


class Alternating(Module):
    """Runs its dropout every other time."""

    inputs = 1

    def __init__(self):
        self.layer, self.dropout, self.runs = Layer(1, 2), Dropout(0.5), 0

    def forward(self, inputs):
        self.runs += 1
        outputs = self.layer(inputs)
        return sum(self.dropout(outputs) if self.runs % 2 else outputs)


def test_a_model_whose_dropouts_change_from_run_to_run_is_not_compiled():
    with pytest.warns(RuntimeWarning, match="falling back to eager training: a model must run the same dropouts"):
        fit(Alternating(), [[1.0], [2.0]], [1.0, 2.0], epochs=2, progress=False)


def test_a_source_of_masks_is_in_force_in_its_call_only():
    dropout = Dropout(0.5, seed=3)

    def block():
        assert applied(dropout, [1.0, 2.0]) == [3.0, 6.0]
        with pytest.raises(ZeroDivisionError):
            call_with_masks(lambda dropout, units: 1 / 0, dropout, [1.0])
        assert applied(dropout, [1.0]) == [3.0]

    call_with_masks(lambda dropout, units: constant_mask([3.0] * units), block)
    assert applied(dropout, [1.0] * 5) == dropout.mask(0, 0, 5).tolist()


def test_dropouts_of_one_model_draw_different_masks():
    first, second = MLP(2, [50, 50, 1], dropout=0.5).dropouts
    assert first.mask(0, 0, 50).tolist() != second.mask(0, 0, 50).tolist()


def test_the_output_layer_is_not_dropped():
    assert len(MLP(2, [3, 3, 1], dropout=0.5).dropouts) == 2
    assert MLP(2, [1], dropout=0.5).dropouts == []
    assert MLP(2, [3, 1]).dropouts == []


@pytest.mark.parametrize("p", [1.0, 1.5, -0.1, math.nan, math.inf, "0.5", None, True, 1j])
def test_a_p_outside_of_0_to_below_1_is_refused(p):
    with pytest.raises(ValueError, match="p must be a number >= 0 and < 1, not ") as e:
        Dropout(p)
    assert repr(p) in str(e.value)


@pytest.mark.parametrize("seed", [-1, 0.5, "a", None, 2**128])
def test_a_seed_out_of_range_is_refused_when_the_module_is_made(seed):
    with pytest.raises(ValueError, match=rf"seed must be a non-negative integer below 2\*\*128, not {seed!r}"):
        Dropout(0.5, seed=seed)
