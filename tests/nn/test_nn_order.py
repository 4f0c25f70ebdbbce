"""The order of the samples is a pure function of seed and epoch, a new permutation in each, however it is requested."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

import nn
from nn.training import order as module
from nn.training.order import minibatches, order, orders

seeds = st.integers(0, 2**128 - 1)


@settings(max_examples=60, deadline=None)
@given(seed=seeds, epoch=st.integers(0, 10**6), samples=st.integers(1, 50))
def test_an_order_has_every_sample_once(seed, epoch, samples):
    assert sorted(order(seed, epoch, samples).tolist()) == list(range(samples))


@settings(max_examples=60, deadline=None)
@given(seed=seeds, first=st.integers(0, 200), count=st.integers(1, 60), samples=st.integers(1, 9))
def test_orders_of_many_epochs_are_those_of_one_at_a_time(seed, first, count, samples):
    epochs = range(first, first + count)
    assert orders(seed, epochs, samples).tolist() == [order(seed, epoch, samples).tolist() for epoch in epochs]


def test_an_order_does_not_depend_on_what_was_drawn_before():
    first = order(3, 40, 10).tolist()
    for epoch in (0, 41, 7):
        order(3, epoch, 10)
        order(4, epoch, 11)
    np.random.default_rng(3).random(100)
    assert order(3, 40, 10).tolist() == first


def test_it_differs_from_epoch_to_epoch_and_from_seed_to_seed():
    drawn = {tuple(order(seed, epoch, 20)) for seed in range(8) for epoch in range(40)}
    assert len(drawn) == 320


def test_every_order_of_three_samples_is_as_likely_as_the_others():
    drawn = [tuple(row) for seed in range(30) for row in orders(seed, range(100), 3).tolist()]
    expected = len(drawn) / math.factorial(3)
    for permutation in itertools.permutations(range(3)):
        assert abs(drawn.count(permutation) - expected) < 5 * math.sqrt(expected)


@pytest.mark.parametrize("samples", [3, 1000, 2**13, 2**17])
def test_the_number_of_orders_drawn_at_once_is_bounded(samples, monkeypatch):
    sizes = []
    monkeypatch.setattr(module, "_block", lambda *arguments: sizes.append(arguments[2]) or np.zeros(arguments[2:]))
    order(0, 5, samples)
    assert sizes[0] == 1 or sizes[0] * samples <= 2**16


@pytest.mark.parametrize("size", [1, 3, 10])
def test_minibatches_are_the_order_in_pieces(size):
    batches = minibatches(2, 5, 10, size)
    expected = order(2, 5, 10) if size < 10 else range(10)
    assert [sample for batch in batches for sample in batch] == list(expected)
    assert [len(batch) for batch in batches] == [size] * (10 // size) + [10 % size] * (10 % size > 0)


@pytest.mark.parametrize("compiled", [True, False])
def test_training_takes_the_samples_in_this_order(compiled):
    samples, epochs = 7, 40  # epochs of more than one generator
    model, taken = nn.MLP(1, [1]), []
    targets = 10.0 ** -np.arange(samples)  # each is the gradient of the bias for its sample

    def loss(predictions, targets):
        return sum(a * y for a, y in zip(predictions, targets, strict=True)) / len(targets)

    def watch(epoch, history, model):
        taken.append(model.layers[0].neurons[0].b.data)

    optimizer = Halving(model.parameters(), 1.0)
    model.fit(
        np.zeros((samples, 1)), targets, loss=loss, optimizer=optimizer, epochs=epochs, batch_size=1, seed=9,
        callbacks=[watch], compiled=compiled, progress=False,
    )  # fmt: skip
    bias, expected = 0.0, []
    for epoch in range(epochs):
        for sample in order(9, epoch, samples):
            bias = 0.5 * bias + targets[sample]
        expected.append(bias)
    assert taken == pytest.approx(expected, rel=1e-12)


class Halving(nn.Optimizer):
    """Halves a parameter and adds its gradient, so that the order of steps shows in it."""

    def update(self, w, gradient, state, lr, t):
        return 0.5 * w + gradient, ()
