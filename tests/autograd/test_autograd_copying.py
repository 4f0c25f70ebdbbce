"""Copies and pickles contain the whole graph, at any depth, and are independent of it."""

import base64
import copy
import pickle

import pytest
from support.graphs import described

from autograd import Value, array, grad_of, leaves, scope, topological_order
from autograd.node import MINUS_ONE, ONE, ZERO
from autograd.value import carrying

COPIES = {
    "deepcopy": copy.deepcopy,
    "pickle": lambda x: pickle.loads(pickle.dumps(x)),
    "pickle 0": lambda x: pickle.loads(pickle.dumps(x, protocol=0)),
}


@pytest.fixture(params=COPIES.values(), ids=COPIES)
def copied(request):
    return request.param


def graph():
    x, w = Value(0.5, "x", role="input"), Value(1.5, "w", role="parameter")
    with scope("layer1"):
        hidden = w * x + 0.25
    hidden.label = "hidden"
    terms = [hidden * hidden, hidden.tanh(), hidden**3, hidden**x, x.select(hidden, w), hidden.leaky_relu(0.1)]
    terms += [
        hidden.clip(-1, 1),
        hidden.sign(),
        hidden.heaviside(),
        hidden.detach(),
        x**0,
        x - hidden,
        -x,
        x.maximum(w),
        x / w,
    ]
    return x, w, sum(terms)


@pytest.mark.parametrize("backward", [True, False])
def test_a_copy_has_every_value_gradient_label_and_edge(copied, backward):
    _, _, y = graph()
    if backward:
        y.backward()
    twin = copied(y)
    assert described(twin) == described(y)
    assert not set(topological_order(twin)) & set(topological_order(y))


@pytest.mark.parametrize("upstream", [1.0, 0.5, float("inf")])
def test_backward_on_a_copy_computes_the_same_bits_and_leaves_the_original_alone(copied, upstream):
    x, _, y = graph()
    twin = copied(y)
    twin.backward(upstream)
    assert not any(node.has_grad for node in topological_order(y))
    y.backward(upstream)
    assert described(twin) == described(y)
    before = x.grad
    leaves(twin)[0].data = 7.0
    twin.forward()
    twin.zero_grad()
    assert (x.data, x.grad) == (0.5, before)


def test_a_reused_node_stays_one_node(copied):
    x = Value(3.0)
    twin = copied(x * x)
    assert twin.operands[0] is twin.operands[1]
    twin.backward()
    assert twin.operands[0].grad == 6.0


def test_nodes_copied_together_keep_the_leaves_they_share(copied):
    x = Value(3.0, "x")
    first, second, leaf = copied([x * 2, x + 1, x])
    assert first.operands[0] is second.operands[0] is leaf
    first.backward()
    second.backward()
    assert leaf.grad == 3.0


def test_deepcopy_keeps_shared_operations_too():
    hidden = Value(3.0) * 2
    first, second = copy.deepcopy([hidden + 1, hidden * 3])
    assert first.operands[0] is second.operands[0]


def test_the_gate_of_a_select_still_gets_nothing(copied):
    gate = Value(1.0, "gate")
    twin = copied(gate.select(Value(2.0), Value(3.0)))
    twin.backward(float("inf"))
    assert twin.operands[0].label == "gate"
    assert not twin.operands[0].has_grad


@pytest.mark.parametrize("grad", [0.0, 1.0, -0.0, 2.5])
def test_a_gradient_of_0_differs_from_no_gradient(copied, grad):
    x, y = Value(1.0), Value(2.0)
    x.grad = grad
    assert [(v.grad, v.has_grad) for v in map(copied, (x, y))] == [(grad, True), (0.0, False)]


def test_a_graph_100_000_deep_is_copied(copied):
    x = Value(1.0)
    y = x
    for _ in range(100_000):
        y = y * x
    twin = copied(y)
    twin.backward()
    assert (leaves(twin)[0].grad, x.grad) == (100_001.0, 0.0)


class Integer:
    """A number of a class other than float, which can be pickled."""

    is_autograd_number = True

    def __init__(self, x):
        self.x = int(getattr(x, "x", x))

    def __add__(self, other):
        return Integer(self.x + Integer(other).x)

    def __mul__(self, other):
        return Integer(self.x * Integer(other).x)

    __radd__, __rmul__ = __add__, __mul__


def test_other_numbers_are_copied_with_the_graph(copied):
    x = Value(Integer(2))
    twin = copied(x * x + 1.0)
    twin.backward()
    assert twin.data.x == 5
    assert leaves(twin)[0].grad.x == 4


def test_values_that_carry_values_are_copied_with_what_they_carry(copied):
    x = Value(2.0, "x")
    carrier = carrying(x * x)
    y = carrier * carrier
    y.backward(Value(1.0))
    twin = copied(y)
    assert (twin.data.data, leaves(twin)[0].grad.data) == (16.0, 8.0)
    assert leaves(leaves(twin)[0].data)[0] is not x
    twin.data.backward()
    assert x.grad == 0.0


def test_what_needs_no_multiplication_needs_none_in_a_copy(copied):
    x = Value(3.0)
    twin = copied(x - (x + 1.0).detach())
    assert (twin._da, twin._db) == (ONE, MINUS_ONE)
    assert (twin._da is ONE, twin._db is MINUS_ONE) == (True, True)
    assert twin._b._da is ZERO


def test_an_array_is_copied_with_what_its_elements_share(copied):
    x = Value(2.0)
    twin = copied(array([x, x * 3]))
    assert type(twin) is type(array([x]))
    (twin[1] * 2).backward()
    assert grad_of(twin).tolist() == [6.0, 2.0]


PICKLE_OF_0_1 = (  # of [x, y] below; it does not name the class of nodes
    "gASVzAEAAAAAAABdlCiMEGF1dG9ncmFkLmNvcHlpbmeUjAxyZXN0b3JlX2xlYWaUk5QoR0AAAAAAAAAAR0AIAAAAAAAAjAF4lIwA"
    "lIwFaW5wdXSUdJRSlGgBjA1yZXN0b3JlX2dyYXBolJOUXZQoaAhoAyhHQAgAAAAAAABHQAAAAAAAAABoBYwGbGF5ZXIxlIwIY29u"
    "c3RhbnSUdJRSlGVdlCgojAhtdWx0aXBseZRHQBgAAAAAAABHP/AAAAAAAABoBWgMXZQoSwBLAWVdlChHQAgAAAAAAABHQAAAAAAA"
    "AABlKXSUKIwFcG93ZXKUR0AQAAAAAAAARwAAAAAAAAAAaAVoDF2USwBhXZRHQBAAAAAAAABhR0AAAAAAAAAAhZR0lCiMBnNlbGVj"
    "dJRHQBgAAAAAAABHP/AAAAAAAABoBWgMXZQoSwBLAksDZV2UKE5HP/AAAAAAAABHAAAAAAAAAABlKXSUKIwEc2lnbpRHP/AAAAAA"
    "AABHP/AAAAAAAABoBWgMXZRLAGFdlE5hKXSUKIwDYWRklEdAHAAAAAAAAEc/8AAAAAAAAGgFaAxdlChLBEsFZV2UKEc/8AAAAAAA"
    "AEc/8AAAAAAAAGUpdJRlhpRSlGUu"
)


def test_a_pickle_of_version_0_1_is_read():
    x = Value(2.0, "x", role="input")
    with scope("layer1"):
        y = x.select(x * 3.0, x**2) + x.sign()
    y.backward()
    leaf, twin = pickle.loads(base64.b64decode(PICKLE_OF_0_1))
    assert described(twin) == described(y)
    assert leaf in leaves(twin)
