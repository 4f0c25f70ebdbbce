"""A recorded graph is one branch of the code that recorded it: `compile` warns if one of its values was compared."""

import copy
import math
import operator
import warnings

import numpy as np
import pytest

import autograd
import nn
import viz
from autograd import Value, functions


def quiet(output, inputs=None):
    """Compiles without a warning."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return autograd.compile(output, inputs, target="python")


def recorded():
    x, w = Value(0.5, "x", role="input"), Value(2.0, "w", role="parameter")
    z = w * x
    z.label = "z"
    return x, w, z


COMPARISONS = {
    "< or >": [lambda v: v < 1.0, lambda v: v > 1, lambda v: operator.lt(1.0, v), lambda v: np.float64(1.0) > v],
    "<= or >=": [lambda v: v <= 1.0, lambda v: v >= 1, lambda v: operator.ge(1, v)],
    "== or !=": [lambda v: v == 1.0, lambda v: v != 1, lambda v: np.float64(1.0) == v, lambda v: v in [2.0, 1.0]],
    "true or false": [bool, lambda v: not v, lambda v: v and 1.0, lambda v: 1.0 if v else 2.0],
}


@pytest.mark.parametrize(("how", "ask"), [(how, ask) for how, asks in COMPARISONS.items() for ask in asks])
def test_a_compared_value_is_named_with_the_comparison_and_what_to_do_instead(how, ask):
    x, _, z = recorded()
    ask(z)
    output = z.tanh() + 1.0
    with pytest.warns(UserWarning, match=rf"Value\(1.0, op='multiply', label='z'\) was .*{how}.*maximum") as caught:
        program = autograd.compile(output, [x])
    assert len(caught) == 1
    assert caught[0].filename == __file__
    assert program(0.5) == math.tanh(1.0) + 1.0


@pytest.mark.parametrize(
    "branching",
    [
        lambda x, z: z if z > 0.0 else -z,
        lambda x, z: max(z, 0.1 * z),
        lambda x, z: min(0.3, z),
        lambda x, z: sorted([z, x])[0],
        lambda x, z: np.maximum(np.array([z, x]), 0.2)[0],  # NumPy compares the elements of plain arrays
        lambda x, z: z * 2.0 if x < z else x,
        lambda x, z: x if x else z,
        lambda x, z: x if z == 0.0 else z,
        lambda x, z: z * 2.0 if 0.0 < z <= 3.0 else z,
        lambda x, z: z * 2.0 if not (x < 0.0) else z,
    ],
)
def test_every_way_to_branch_is_detected(branching):
    x, _, z = recorded()
    with pytest.warns(UserWarning, match="was (compared|taken)"):
        autograd.compile(branching(x, z) + z, [x])


def test_both_sides_of_a_comparison_are_detected():
    (x, _, z), other = recorded(), Value(3.0, "other")
    assert z < other
    with pytest.warns(UserWarning, match="label='other'"):
        autograd.compile(other * 2.0, [other])
    with pytest.warns(UserWarning, match="label='z'"):
        autograd.compile(z * 2.0, [x])


def test_what_needs_no_number_is_not_a_comparison():
    x, w, z = recorded()
    output = z.maximum(0.0) + z.relu() + z.clip(0.0, 1.0) + functions.select(z, x, w) + abs(z) + z.sign() + z**2
    assert z in {z, w}
    assert z.data > 0.5
    assert z.__lt__("x") is NotImplemented
    assert f"{z} {z:.3f} {z!r}"
    output = output + np.maximum(autograd.array([z, x]), 0.0).sum() + np.clip(autograd.array([z]), 0.0, 1.0)[0]
    quiet(output, [x])


def test_a_compared_value_outside_the_graph_does_not_matter():
    x, _, z = recorded()
    above = z * 3.0
    assert above > z.data
    quiet(z + 1.0, [x])


def test_a_copy_of_a_compared_value_is_one_branch_too():
    x, _, z = recorded()
    assert x < 1.0
    with pytest.warns(UserWarning, match="label='x'"):
        autograd.compile(copy.deepcopy(z))


def test_a_function_that_branches_on_a_value_from_outside_is_detected():
    w = Value(2.0, "w", role="parameter")
    program = autograd.compile(lambda x: x * w if w > 0.0 else x)
    with pytest.warns(UserWarning, match="label='w'") as caught:
        assert program(3.0) == 6.0
    assert [warning.filename for warning in caught] == [__file__]


def looked_at(graph):
    graph.backward()
    graph.forward()
    graph.check_finite()
    for see in (str, repr, viz.latex, viz.code, lambda v: viz.draw(v).source, autograd.topological_order):
        see(graph)
    autograd.derivative(graph, autograd.leaves(graph)[0])


@pytest.mark.parametrize("loss", ["mse_loss", "binary_cross_entropy", "binary_cross_entropy_with_logits", "hinge_loss"])
def test_nothing_in_the_library_compares_values(loss):
    model = nn.MLP(2, [3, 1], activation="leaky_relu", output_activation="sigmoid", dropout=0.1, seed=1)
    X, y = nn.datasets.xor()
    targets = 2.0 * y - 1.0 if loss == "hinge_loss" else y
    model.fit(X, targets, loss=loss, epochs=2, validation=(X, targets), progress=False, compiled=False)
    model.fit(X, targets, loss=loss, epochs=2, callbacks=[nn.EarlyStopping()], progress=False)
    model.predict(X)
    nn.summary(model)
    viz.draw_network(model)
    model.load_state_dict(model.state_dict())
    graph = nn.LOSSES[loss]([model(x) for x in X], targets)
    looked_at(graph)
    quiet(graph)


def test_nothing_in_the_calculus_compares_values():
    x, _, z = recorded()
    y = (z**x + z.softplus().log1p()).tanh() / z.sqrt()
    looked_at(y)
    autograd.gradcheck(lambda a: (a * z).tanh(), 0.3)
    autograd.grad(lambda a: (a * z).tanh())(0.3)
    quiet(y, [x])
