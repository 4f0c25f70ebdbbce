"""The random numbers of the live page are NumPy's, bit for bit: initial weights and orders of samples of a seed."""

import json
from functools import cache
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from py_mini_racer import MiniRacer

import nn
from nn.training.order import orders
from viz.pages.page import asset
from viz.pages.scripts import joined

untimed = settings(deadline=None, max_examples=40)
SEEDS = [0, 1, 42, 2**32 - 1, 2**32, 2**40 + 17, 2**53 - 1]


@cache
def engine():
    running = MiniRacer()
    running.eval(joined("random", asset))
    return running


def computed(expression):
    return json.loads(engine().eval(f"JSON.stringify({expression})"))


@pytest.mark.parametrize("seed", SEEDS)
def test_numbers_between_0_and_1_have_the_bits_of_numpy(seed):
    found = computed(f"((g) => Array.from({{ length: 50 }}, () => g.random()))(new Generator({seed}))")
    assert found == np.random.default_rng(seed).random(50).tolist()


@untimed
@given(st.lists(st.integers(0, 2**53 - 1), min_size=1, max_size=6))
def test_a_seed_of_several_integers_is_that_of_numpy(seed):
    assert computed(f"new Generator(...{seed}).random()") == np.random.default_rng(seed).random()


@untimed
@given(
    seed=st.integers(0, 2**40),
    epoch=st.integers(0, 100),
    samples=st.sampled_from([1, 2, 3, 4, 5, 8, 9, 100, 127, 128, 129, 3000, 5000]),
)
def test_the_order_of_the_samples_of_an_epoch_is_that_of_fit(seed, epoch, samples):
    found = computed(f"Array.from(new SampleOrders({seed}, {samples}).of({epoch}))")
    assert found == orders(seed, range(epoch, epoch + 1), samples)[0].tolist()


def test_epochs_may_be_asked_for_in_any_order():
    found = computed("((o) => [40, 3, 41, 3, 0].map((n) => Array.from(o.of(n))))(new SampleOrders(5, 30))")
    assert found == [orders(5, range(epoch, epoch + 1), 30)[0].tolist() for epoch in (40, 3, 41, 3, 0)]


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("activation", ["tanh", "relu"])
def test_the_initial_weights_of_a_seed_are_those_of_an_mlp(seed, activation):
    model = nn.MLP(3, [5, 4, 2], activation=activation, seed=seed)
    bounds = [np.sqrt((6.0 / i) if a == "relu" else 6.0 / (i + o)) for i, o, a in layers_of(model)]
    draws = [[i, o, float(bound)] for (i, o, _), bound in zip(layers_of(model), bounds, strict=True)]
    assert computed(f"drawnWeights({seed}, {draws})") == [parameter.data for parameter in model.parameters()]


def layers_of(model):
    return [(layer.inputs, layer.outputs, layer.activation_name) for layer in model.layers]


def test_noise_is_normally_distributed_and_another_for_each_seed():
    noise = np.array([computed(f"drawnNoise({seed}, 2001).slice(0, 2001)") for seed in SEEDS])
    shares = np.linspace(0.05, 0.95, 19)
    expected = [NormalDist().inv_cdf(share) for share in shares]
    for drawn in noise:
        assert np.quantile(drawn, shares) == pytest.approx(expected, abs=0.15)
    assert np.abs(np.corrcoef(noise) - np.eye(len(SEEDS))).max() < 0.1
    assert computed("drawnNoise(1, 7)") == computed("drawnNoise(1, 7)")
