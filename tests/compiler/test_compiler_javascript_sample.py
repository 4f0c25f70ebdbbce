"""Functions of one sample in JavaScript compute what their routines do, as straight lines and as loops."""

import json
from contextlib import closing

import numpy as np
import pytest
from py_mini_racer import MiniRacer

import autograd
import nn
from autograd import Value, operation
from autograd.compiler.source.javascript import PRELUDE
from autograd.compiler.source.javascript_sample import outputs_function, sums_function
from autograd.compiler.source.python import python_function
from autograd.compiler.targets.python import FLOAT_FUNCTIONS
from nn.training.tracing import outcome_routine, sample_routine

ONE, ROW = nn.mse_loss, nn.cross_entropy
NETWORKS = [
    (2, [4, 1], "tanh", ONE),
    (2, [16, 16, 1], "relu", ONE),
    (2, [17, 13, 1], "leaky_relu", nn.hinge_loss),
    (3, [30, 20, 3], "sigmoid", ROW),
    (1, [60, 40, 1], "gelu", nn.binary_cross_entropy_with_logits),
    (12, [50, 20, 10], "relu", ROW),
]


def computed(script, name, x, w, numbers, start=0.0):
    """The numbers in `out` after a call of a function."""
    call = f"""(() => {{
        const [x, w] = {json.dumps([x, w])}.map((numbers) => Float64Array.from(numbers));
        const out = new Float64Array({numbers}).fill({start});
        {name}(x, w, out);
        return JSON.stringify([...out]);
    }})()"""
    with closing(MiniRacer()) as engine:
        engine.eval(PRELUDE + script)
        return json.loads(engine.eval(call))


def example(inputs, sizes, activation):
    """A model with its weights, and a sample with its targets."""
    model = nn.MLP(inputs, sizes, activation=activation, seed=1)
    rng = np.random.default_rng(0)
    x = [*rng.normal(size=inputs).tolist(), *np.eye(sizes[-1])[0].tolist()]
    return model, [parameter.data for parameter in model.parameters()], x, () if sizes[-1] == 1 else (sizes[-1],)


@pytest.mark.parametrize(("inputs", "sizes", "activation", "loss"), NETWORKS)
def test_the_weighted_gradient_and_loss_of_a_sample_are_added_to_totals(inputs, sizes, activation, loss):
    model, w, x, targets = example(inputs, sizes, activation)
    routine = sample_routine(model, loss, model.parameters(), inputs, targets)
    (of_sample,), gradient = python_function(routine, FLOAT_FUNCTIONS)(*x, *w, 0.25)
    script = sums_function(routine, "gradient", len(w))
    found = computed(script, "gradient", [*x, 0.25], w, len(w) + 1, start=0.5)
    assert found == pytest.approx([0.5 + g for g in (*gradient, 0.25 * of_sample)], rel=1e-12, abs=1e-15)
    assert np.abs(gradient).max() > 0.01


@pytest.mark.parametrize(("inputs", "sizes", "activation", "loss"), NETWORKS)
def test_the_results_of_a_sample_are_stored(inputs, sizes, activation, loss):
    model, w, x, targets = example(inputs, sizes, activation)
    routine = outcome_routine(model, loss, model.parameters(), inputs, targets)
    script = outputs_function(routine, "outcome", len(w))
    expected = python_function(routine, FLOAT_FUNCTIONS)(*x, *w)
    assert len(expected) == 1 + sizes[-1]
    assert computed(script, "outcome", x, w, len(expected), start=9.0) == pytest.approx(expected, rel=1e-12, abs=1e-15)


def test_the_text_of_a_large_network_is_as_short_as_that_of_a_small_one():
    lengths = []
    for sizes in ([30, 20, 3], [120, 80, 3]):
        model = nn.MLP(3, sizes)
        routine = sample_routine(model, nn.cross_entropy, model.parameters(), 3, (3,))
        lengths.append(len(sums_function(routine, "gradient", len(model.parameters()))))
    small, large = lengths
    assert large < 1.2 * small < 10_000


def test_infinite_and_negative_constants_are_numbers_in_loops():
    weights = [Value(1.0 + n, role="parameter") for n in range(400)]

    class Clipped(nn.Module):
        def __init__(self):
            self.w = weights

        def forward(self, x):
            return sum([autograd.maximum(w * x[0], -2.0) for w in self.w]) + autograd.minimum(x[0], float("inf"))

    model = Clipped()
    routine = outcome_routine(model, nn.mse_loss, weights, 1, ())
    script = outputs_function(routine, "outcome", 400)
    assert "for (let" in script
    found = computed(script, "outcome", [-0.25, 1.0], [w.data for w in weights], 2)
    assert found[1] == model([-0.25]).data


def test_an_operation_that_calls_python_is_refused():
    @operation
    def rounded(x):
        return float(round(x))

    @rounded.derivative
    def _(x, y):
        return 1.0

    class Rounded(nn.Neuron):
        def forward(self, x):
            return rounded(super().forward(x))

    model = Rounded(1)
    routine = sample_routine(model, nn.mse_loss, model.parameters(), 1, ())
    with pytest.raises(NotImplementedError, match="JavaScript cannot run"):
        sums_function(routine, "gradient", 2)
