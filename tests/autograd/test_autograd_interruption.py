"""Ctrl-C at any point of a walk does no harm: the leaves keep their gradients and the next walk is right."""

import pytest
from support.faults import interrupted_everywhere

from autograd import Value, derivative, leaves, topological_order
from autograd.graph import walk


def graph():
    a, b, c = Value(0.5, "a"), Value(-1.5, "b"), Value(2.0, "c")
    hidden = (a * b + c).tanh()
    y = hidden * hidden - (hidden / b) + c.select(hidden * a, b) + abs(-hidden) + hidden.sign()
    y.backward()  # so that the gradients before are not all 0
    return y


def gradients(y):
    return [leaf.grad for leaf in leaves(y)]


@pytest.mark.pure_python
def test_backward_interrupted_at_any_line_changes_no_leaf_and_the_next_is_right():
    reference = graph()
    before = gradients(reference)
    reference.backward()
    after = gradients(reference)

    def check(y, where):
        assert gradients(y) in (before, after), where
        if gradients(y) == before:
            y.backward()
            assert gradients(y) == after, where

    assert interrupted_everywhere(graph, Value.backward, check) > 50


@pytest.mark.pure_python
def test_an_interrupted_walk_does_not_affect_the_next():
    order = [node.op or node.label for node in topological_order(graph())]

    def check(y, where):
        assert [node.op or node.label for node in topological_order(y)] == order, where

    assert interrupted_everywhere(graph, walk, check) > 30


@pytest.mark.pure_python
@pytest.mark.parametrize("look", [lambda y: derivative(y, leaves(y)[0]), Value.check_finite, repr, Value.forward])
def test_anything_else_interrupted_changes_no_leaf(look):
    def state(y):
        return [(leaf.data, leaf.grad) for leaf in leaves(y)], [node.data for node in topological_order(y)]

    before = state(graph())

    def check(y, where):
        assert state(y) == before, where

    assert interrupted_everywhere(graph, look, check) > 2


class Stumbling:
    """A number whose arithmetic raises KeyboardInterrupt when a counter runs out."""

    is_autograd_number = True
    left = 0

    def __init__(self, x):
        self.x = float(x)

    def _combine(self, x):
        Stumbling.left -= 1
        if Stumbling.left == 0:
            raise KeyboardInterrupt
        return Stumbling(x)

    def __neg__(self):
        return self._combine(-self.x)

    def __add__(self, other):
        return self._combine(self.x + getattr(other, "x", other))

    def __mul__(self, other):
        return self._combine(self.x * getattr(other, "x", other))

    __radd__, __rmul__ = __add__, __mul__
    exp = select = None


def test_backward_interrupted_in_any_arithmetic_of_its_numbers_changes_no_leaf(monkeypatch):
    a, b = Value(Stumbling(2.0)), Value(Stumbling(3.0))
    y = a * b * a + -(a * b) + b
    y.backward()
    first = [a.grad, b.grad]
    for k in range(1, 1000):
        monkeypatch.setattr(Stumbling, "left", k)
        try:
            y.backward()
        except KeyboardInterrupt:
            assert [a.grad, b.grad] == first  # the same objects
        else:
            break
    assert k > 5
    assert [a.grad.x, b.grad.x] == [2 * (2 * 6.0 - 3.0), 2 * (4.0 - 2.0 + 1.0)]


@pytest.mark.pure_python
def test_forward_interrupted_at_any_line_changes_all_or_nothing():
    def changed():
        y = graph()
        leaves(y)[0].data = 0.25
        return y

    def state(y):
        return [(node.data, node.local_derivatives) for node in walk(y)[1]]

    before = state(changed())
    again = changed()
    again.forward()
    after = state(again)

    def check(y, where):
        assert state(y) in (before, after), where

    assert interrupted_everywhere(changed, Value.forward, check) > 30
