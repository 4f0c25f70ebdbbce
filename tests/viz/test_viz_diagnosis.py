"""The live page says in words where training goes wrong, and since when."""

import json
from contextlib import closing

import pytest
from py_mini_racer import MiniRacer

from viz.pages.page import asset
from viz.pages.scripts import joined

SETUP = """
const relu = (z) => (z > 0 ? 1 : 0), flat = (z) => 1 - Math.tanh(z) ** 2;
const calm = { epoch: 8, fault: null, hasDiverged: false, below: 7 };
const names = ["layer1.neuron1.w1", "b"];
const words = (diagnosis, found, { isSolved = false, ...report } = {}) =>
  diagnosis.words({ report: { ...calm, ...report }, rate: 3, names, found, isSolved });
"""


def computed(body):
    with closing(MiniRacer()) as engine:
        engine.eval(joined("diagnosis", asset) + SETUP)
        return json.loads(engine.eval(f"JSON.stringify((() => {{ {body} }})())"))


def test_nothing_is_said_of_a_training_run_that_goes_well():
    assert computed("return words(new Diagnosis(), []);") == []


def test_a_loss_that_grows_is_named_with_the_epoch_where_it_began():
    assert computed("return words(new Diagnosis(), [], { hasDiverged: true, below: 4 });") == [
        "The loss has been above that of epoch 0 since epoch 5. The learning rate 3 is too high: choose a lower one, "
        "and reset."
    ]


@pytest.mark.parametrize(
    ("parameter", "number", "what"),
    [
        ("null", "Infinity", "the loss is infinite"),
        ("null", "NaN", "the loss is not a number"),
        ("0", "NaN", "the gradient of layer1.neuron1.w1 is not a number"),
    ],
)
def test_a_number_that_is_not_finite_is_named_with_its_step(parameter, number, what):
    fault = f"{{ epoch: 3, batch: 1, parameter: {parameter}, number: {number} }}"
    (sentence,) = computed(f"return words(new Diagnosis(), [], {{ fault: {fault}, hasDiverged: true }});")
    assert sentence.startswith(
        f"In step 2 after epoch 3, {what}. Training stopped before that step. The learning rate 3 "
    )


@pytest.mark.parametrize(
    ("slope", "sums", "found"),
    [
        ("relu", "[[-1, 2], [-3, -2]]", [{"layer": 1, "neuron": 0, "isDead": True}]),
        ("relu", "[[1, 2], [-3, -2]]", []),
        ("flat", "[[4, 0], [-5, 9]]", [{"layer": 1, "neuron": 0, "isDead": False}]),
        ("flat", "[[4, 9], [1, 9]]", [{"layer": 1, "neuron": 1, "isDead": False}]),
        ("flat", "[]", []),
        ("flat", "[[40, 0], [-50, 1]]", [{"layer": 1, "neuron": 0, "isDead": False}]),  # whose slope is 0.0
        ("relu", "[[-40, 2], [-50, 1]]", [{"layer": 1, "neuron": 0, "isDead": True}]),
    ],
)
def test_a_neuron_is_ailing_if_it_is_flat_for_every_sample(slope, sums, found):
    """The output neuron, here the third number, is never."""
    rows = f"{sums}.map((row) => [...row, -50])"
    assert computed(f"return new Diagnosis().ailing([2, 1], [{slope}, {slope}], {rows});") == found


def test_it_says_since_when_until_the_neuron_recovers():
    dead = "[{ layer: 1, neuron: 2, isDead: true }]"
    sentences = computed(f"""const d = new Diagnosis();
        return [words(d, {dead}, {{ epoch: 5 }}), words(d, {dead}, {{ epoch: 9 }}), words(d, [], {{ epoch: 10 }}),
            words(d, {dead}, {{ epoch: 12 }})].flat();""")
    told = "Neuron 3 of layer 1 has been dead since epoch {}: the slope is 0 for every sample, so it no longer learns."
    assert sentences == [told.format(5), told.format(5), told.format(12)]


def test_many_neurons_are_counted_and_saturated_ones_are_no_matter_once_all_is_right():
    flat = "[0, 1, 2, 3, 4].map((neuron) => ({ layer: 2, neuron, isDead: false }))"
    (sentence,) = computed(f"return words(new Diagnosis(), {flat});")
    assert sentence == (
        "Neurons 1, 2, 3 and 2 more of layer 2 have been saturated since epoch 8: the slope is almost 0 for every "
        "sample, so they hardly learn."
    )
    assert computed(f"return words(new Diagnosis(), {flat}, {{ isSolved: true }});") == []


def test_neurons_are_named_by_layer():
    found = "[[1, 1], [1, 2], [1, 3], [2, 0], [2, 4]].map(([layer, neuron]) => ({ layer, neuron, isDead: true }))"
    (sentence,) = computed(f"return words(new Diagnosis(), {found}, {{ epoch: 1200 }});")
    assert sentence.startswith(
        "Neurons 2, 3 and 4 of layer 1 and neurons 1 and 5 of layer 2 have been dead since epoch 1,200: "
    )


@pytest.mark.parametrize(
    ("losses", "has_diverged"),
    [
        ([0.7, 0.25, 10.0], True),  # a leap, far above the lowest
        ([0.7, 0.25, 2.0], False),
        ([0.7, 0.01, 0.6], False),  # still below the first
        ([0.5, 11.0], True),
        ([1e-8, 1e-5], False),  # noise of a model that was trained before
        ([50.0, 40.0, 300.0], False),
        ([50.0, 20.0, 300.0], True),
    ],
)
def test_the_loss_has_diverged_when_it_is_far_above_the_lowest_so_far(losses, has_diverged):
    with closing(MiniRacer()) as engine:
        engine.eval(joined("trainer", asset))
        found = engine.eval(f"""
            const trainer = new Trainer([], [{{ slots: 0 }}], null);
            trainer.load({{ weights: [0], rows: [0], columns: 1, seed: 0, batch: 0 }});
            for (const loss of {losses}) {{ trainer.lossSoFar = loss; trainer.endEpoch(); }}
            trainer.hasDiverged""")
    assert found is has_diverged
