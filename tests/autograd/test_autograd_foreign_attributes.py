"""An attribute of another library's nodes raises an error that names ours; state of one's own is kept in a dict."""

import copy
import inspect
import pickle
import traceback

import pytest
from support.core import VALUE

import nn
from autograd import Value
from autograd.foreign_attributes import FOREIGN_ATTRIBUTES

NODES = [Value(1.0), Value(0.5, "w", role="parameter"), Value(2.0) * 3.0]
of_each_name = pytest.mark.parametrize("name", FOREIGN_ATTRIBUTES)
READ = {
    "_prev": "operands",
    "_children": "operands",
    "_op": "op",
    "_backward": "local_derivatives",
    "_local_grads": "local_derivatives",
    "grad_fn": "op",
}


@of_each_name
@pytest.mark.parametrize("node", NODES)
def test_a_foreign_attribute_raises_an_error_that_says_what_to_use(name, node):
    advice = FOREIGN_ATTRIBUTES[name]
    for use in (
        lambda: getattr(node, name),
        lambda: setattr(node, name, 0.0),
        lambda: delattr(node, name),
        lambda: getattr(Value, name),
    ):
        with pytest.raises(AttributeError) as caught:
            use()
        assert traceback.format_exception_only(caught.value) == [
            f"AttributeError: a Value has no attribute {name!r}: {advice}\n"
        ]  # without a suggestion of Python's


@pytest.mark.parametrize(("name", "ours"), READ.items())
def test_the_attribute_that_the_error_names_exists(name, ours):
    assert FOREIGN_ATTRIBUTES[name].startswith(f"use {ours}")
    assert all(hasattr(node, ours) for node in NODES)


@of_each_name
def test_a_foreign_attribute_is_not_there_for_whoever_asks(name):
    for node in NODES:
        assert not hasattr(node, name)
        assert getattr(node, name, 7.0) == 7.0
        assert name not in dir(node)
        assert name not in dict(inspect.getmembers(node))


def test_a_node_with_foreign_attributes_is_copied_and_pickled_as_before():
    for copied in (copy.deepcopy(NODES[2]), pickle.loads(pickle.dumps(NODES[2]))):
        assert (copied.op, copied.data) == ("multiply", 6.0)


def test_an_attribute_that_is_not_foreign_raises_the_error_of_python():
    with pytest.raises(AttributeError, match=f"'{VALUE}' object has no attribute 'made_up'"):
        NODES[0].made_up = 0.0


class Noted(Value):
    """A Value with a `__dict__`."""


@of_each_name
def test_a_subclass_with_a_dict_keeps_what_is_assigned(name):
    node, other = Noted(1.0), Noted(2.0)
    setattr(node, name, 3.0)
    assert getattr(node, name) == 3.0
    assert vars(node) == {name: 3.0}
    assert not hasattr(other, name)
    delattr(node, name)
    assert not hasattr(node, name)


def test_momentum_kept_in_a_dict_is_that_of_the_optimizer_bit_for_bit():
    X, y = nn.datasets.xor()
    ours, theirs = nn.MLP(2, [3, 1], seed=0), nn.MLP(2, [3, 1], seed=0)
    sgd = nn.SGD(ours.parameters(), lr=0.1, momentum=0.9)
    velocity = dict.fromkeys(theirs.parameters(), 0.0)
    assert len(velocity) == len(theirs.parameters())  # although biases are equal numbers
    for _ in range(5):
        for model in (ours, theirs):
            model.zero_grad()
            nn.mse_loss(model(X), y).backward()
        sgd.step()
        for p in theirs.parameters():
            velocity[p] = 0.9 * velocity[p] + p.grad
            p.data -= 0.1 * velocity[p]
    assert ours.state_dict() == theirs.state_dict()
