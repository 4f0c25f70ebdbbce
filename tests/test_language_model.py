"""The language model of the benchmarks: the same losses with any class of numbers, eagerly and compiled."""

import math

import numpy as np
import pytest

import autograd
from autograd import Value
from benchmarks import gpt, gpt_engine


def arrays(width):
    return {name: np.array(matrix) for name, matrix in gpt.new_weights(float, width).items()}


def test_it_has_four_thousand_parameters():
    assert sum(len(row) for matrix in gpt.new_weights(float).values() for row in matrix) == 4192


def test_before_training_each_token_is_as_likely_as_any_other():
    [loss] = gpt.eager_steps(gpt.new_weights(Value), ["a"], 1)
    assert loss == pytest.approx(math.log(27), abs=0.3)


@pytest.mark.parametrize("width", [4, 16])
def test_our_numbers_and_a_plain_class_of_numbers_train_alike(width):
    names = ["emma", "ada", "li"]
    ours = [*gpt.eager_steps(gpt.new_weights(Value, width), names, 3)]
    theirs = [*gpt.eager_steps(gpt.new_weights(gpt_engine.Value, width), names, 3)]
    assert ours == pytest.approx(theirs, rel=1e-12)


@pytest.mark.parametrize(("width", "names", "steps"), [(4, ["ana", "eve"], 40), (16, ["a", "b"], 10)])
def test_compiled_training_has_the_losses_of_eager_training(width, names, steps):
    pytest.importorskip("llvmlite")
    eager = [*gpt.eager_steps(gpt.new_weights(Value, width), names, steps)]
    assert [*gpt.compiled_steps(arrays(width), names, steps)] == pytest.approx(eager, rel=1e-9)
    assert eager[-1] < 0.6 * eager[0]


def test_a_token_may_be_a_number_or_a_list_of_zeros_and_a_one():
    weights, tokens = gpt.new_weights(Value, 4), gpt.tokens_of("eve")
    assert gpt.loss_of(weights, tokens) == gpt.loss_of(weights, [gpt.one_hot(token) for token in tokens])


def test_names_of_a_length_share_a_program():
    lengths = []

    def loss(weights, tokens):
        lengths.append(len(tokens))
        return gpt.loss_of(weights, tokens)

    program, weights = autograd.compile(loss, target="python"), arrays(4)
    for name in ("a", "b", "ab", "ba", "c"):
        tokens = gpt.tokens_of(name)
        expected = gpt.loss_of(gpt.new_weights(Value, 4), tokens).data
        assert program(weights, [gpt.one_hot(token) for token in tokens]) == pytest.approx(expected, rel=1e-12)
    assert lengths == [3, 4]


def test_a_trained_model_invents_names_like_those_it_has_seen():
    weights = gpt.new_weights(Value, 4)
    for _ in gpt.eager_steps(weights, ["ana"], 100):
        pass
    invented = [gpt.invented_name(weights, seed) for seed in range(10)]
    assert invented.count("ana") >= 8


def test_names_are_the_same_each_time():
    assert gpt.names(100) == gpt.names(100)
    assert {len(name) for name in gpt.names(100)} == {3, 4, 5, 6}
