"""A perceptron is a step unit that learns by correction everything that a line separates, and otherwise warns."""

import math
import warnings

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from autograd import Value, data_of
from nn import Module, NoConvergenceWarning, Perceptron, datasets, predict

GATES = {  # name: weights, bias
    "and": ([1.0, 1.0], -1.5),
    "or": ([1.0, 1.0], -0.5),
    "not": ([-1.0], 0.5),
    "nand": ([-1.0, -1.0], 1.5),
}


def gate(name):
    weights, bias = GATES[name]
    return Perceptron(len(weights), weights=weights, bias=bias)


def numbers(perceptron):
    """The bias, then the weights."""
    return [perceptron.neuron.b.data, *(w.data for w in perceptron.neuron.w)]


@pytest.mark.parametrize("name", GATES)
def test_fixed_weights_are_the_gates(name):
    X, y = datasets.gate(name)
    assert data_of(gate(name)(X)).tolist() == predict(gate(name), X).tolist() == y.tolist()


@pytest.mark.parametrize("name", ["and", "or", "nand"])
def test_a_bias_is_a_threshold_below_0(name):
    (w1, w2), bias = GATES[name]
    X, y = datasets.gate(name)
    assert [float(w1 * x1 + w2 * x2 > -bias) for x1, x2 in X] == y.tolist()


def test_nand_is_also_not_after_and():
    X, y = datasets.gate("nand")
    assert [gate("not")(gate("and")(list(x))).data for x in X] == y.tolist()


def test_on_the_line_itself_the_output_is_0():
    assert Perceptron(2, weights=[1.0, 1.0], bias=-1.0)([0.5, 0.5]).data == 0.0
    assert Perceptron(2)([3.0, 4.0]).data == 0.0


def test_its_derivative_is_0_so_no_gradient_could_teach_it():
    x, perceptron = Value(2.0), gate("not")
    perceptron(x).backward()
    assert [x.grad, *(parameter.grad for parameter in perceptron.parameters())] == [0.0, 0.0, 0.0]


def test_a_correction_is_the_learning_rule_on_inputs_with_a_leading_1():
    perceptron = Perceptron(2, weights=[-1.0, -1.0], bias=1.0)
    assert perceptron([0.0, 0.0]).data == 1.0
    assert perceptron.correct([0.0, 0.0], 0.0, lr=0.01) is False
    assert numbers(perceptron) == [0.99, -1.0, -1.0]


@settings(max_examples=100, deadline=None)
@given(
    w=st.lists(st.floats(-10, 10), min_size=3, max_size=3), x=st.lists(st.floats(-10, 10), min_size=2, max_size=2),
    y=st.sampled_from([0.0, 1.0]), lr=st.floats(0.001, 10),
)  # fmt: skip
def test_a_correction_moves_along_the_error_or_not_at_all(w, x, y, lr):
    perceptron = Perceptron(2, weights=w[1:], bias=w[0])
    output = perceptron(x).data
    right = perceptron.correct(x, y, lr=lr)
    assert right == (output == y)
    augmented = np.array([1.0, *x])
    assert numbers(perceptron) == pytest.approx(np.array(w) + lr * (y - output) * augmented, rel=1e-15)
    if right:
        assert numbers(perceptron) == w


@pytest.mark.parametrize("name", ["and", "or", "nand", "nor", "not"])
@pytest.mark.parametrize("lr", [1.0, 0.01])
def test_it_learns_every_gate_that_a_line_separates(name, lr):
    X, y = datasets.gate(name)
    perceptron = Perceptron(X.shape[1])
    assert perceptron.fit(X, y, lr=lr, epochs=100) is True
    assert predict(perceptron, X).tolist() == y.tolist()


def test_it_learns_points_that_a_line_separates():
    rng = np.random.default_rng(0)
    X = rng.uniform(-1.0, 1.0, size=(200, 2))
    margin = X @ [2.0, -1.0] + 0.3
    X, y = X[abs(margin) > 0.1], (margin > 0)[abs(margin) > 0.1]
    perceptron = Perceptron(2)
    assert perceptron.fit(X, y, epochs=1000)
    assert predict(perceptron, X).tolist() == y.astype(float).tolist()


def test_nothing_moves_if_all_samples_are_right_already():
    perceptron = gate("and")
    before = numbers(perceptron)
    assert perceptron.fit(*datasets.gate("and"), epochs=1)
    assert numbers(perceptron) == before


@pytest.mark.parametrize("name", ["xor", "xnor"])
@pytest.mark.parametrize("epochs", [1, 100])
def test_it_never_learns_xor_and_says_so(name, epochs):
    perceptron = Perceptron(2)
    with pytest.warns(NoConvergenceWarning, match=rf"not all samples were learned within {epochs} epochs"):
        assert perceptron.fit(*datasets.gate(name), epochs=epochs) is False
    assert all(map(math.isfinite, numbers(perceptron)))


def test_the_warning_points_to_the_caller():
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        Perceptron(2).fit(*datasets.xor(), epochs=2)
    assert [warning.filename for warning in caught] == [__file__]


class NotAfterAnd(Module):
    def __init__(self):
        self.both, self.negate = gate("and"), gate("not")

    def forward(self, inputs):
        return self.negate(self.both(inputs))


def test_perceptrons_can_be_modules_of_a_model():
    model = NotAfterAnd()
    names = ["both.neuron.w1", "both.neuron.w2", "both.neuron.b", "negate.neuron.w1", "negate.neuron.b"]
    assert [name for name, _ in model.named_parameters()] == names
    assert model([0.0, 1.0]).scope == "negate.neuron"
    X, y = datasets.gate("nand")
    assert model.predict(X).tolist() == y.tolist()


def test_its_fit_is_the_learning_rule_and_not_that_of_a_module():
    assert not issubclass(Perceptron, Module)  # whose fit has other arguments and another result
    members = {name for name in dir(Module) if not name.startswith("_")}
    assert members <= set(dir(Perceptron))


def test_it_starts_from_zeros():
    assert numbers(Perceptron(3)) == [0.0] * 4


X, Y = datasets.gate("and")
BAD = {  # name: the arguments of fit, what the message says
    "another number of targets": ((X, Y[:3]), {}, "y must have one target for each of 4 samples, 0 or 1, not "),
    "targets of -1 and 1": ((X, 2 * Y - 1), {}, "one target for each of 4 samples, 0 or 1"),
    "nan for a target": ((X, [0, 0, 0, math.nan]), {}, "0 or 1"),
    "a column of targets": ((X, Y[:, None]), {}, "0 or 1"),
    "nan in X": ((X * math.nan, Y), {}, "X must be finite, but .* is nan"),
    "no samples": ((X[:0], []), {}, "at least one sample"),
    "too wide": ((np.ones((4, 3)), Y), {}, "must have 2 numbers, one per input of the model, not 3"),
    "a rate below 0": ((X, Y), {"lr": -1.0}, "lr must be a finite number >= 0, not -1.0"),
    "a rate of nan": ((X, Y), {"lr": math.nan}, "lr must be .* not nan"),
    "no epochs": ((X, Y), {"epochs": 0}, "epochs must be a positive integer, not 0"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_bad_samples_and_options_are_refused_before_anything_has_changed(name):
    arguments, options, message = BAD[name]
    perceptron = gate("or")
    before = numbers(perceptron)
    with pytest.raises(ValueError, match=message):
        perceptron.fit(*arguments, **options)
    assert numbers(perceptron) == before


def test_a_correction_by_a_sample_of_the_wrong_width_moves_nothing():
    perceptron = gate("or")
    with pytest.raises(ValueError, match="a sample for Perceptron must have 2 numbers, not 1"):
        perceptron.correct([1.0], 0.0)
    assert numbers(perceptron) == [-0.5, 1.0, 1.0]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Perceptron(0), "inputs must be a positive integer, not 0"),
        (lambda: Perceptron(2, weights=[1.0]), r"weights must have one number for each of 2 inputs, not \[1.0\]"),
    ],
)
def test_a_perceptron_of_a_bad_size_is_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()
