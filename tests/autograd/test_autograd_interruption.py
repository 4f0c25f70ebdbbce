"""Ctrl-C at any point of a walk does no harm: the leaves keep their gradients and the next walk is right."""

import sys

import pytest

from autograd import Value, derivative, leaves
from autograd.backpropagation import backpropagate
from autograd.evaluation import evaluate
from autograd.graph import _walk_with_marks, run, walk


def graph():
    a, b, c = Value(0.5, "a"), Value(-1.5, "b"), Value(2.0, "c")
    hidden = (a * b + c).tanh()
    y = hidden * hidden - (hidden / b) + c.select(hidden * a, b) + abs(-hidden) + hidden.sign()
    y.backward()  # so that the gradients before are not all 0
    return y


CODES = [_walk_with_marks.__code__, Value.backward.__code__, backpropagate.__code__]


class interrupted:
    """Uses a trace function to raise KeyboardInterrupt at the k-th line that runs inside the walks."""

    def __init__(self, k, codes):
        self.left, self.codes, self.struck = k, codes, False

    def trace(self, frame, event, argument):
        if frame.f_code not in self.codes:
            return None
        if event == "line" and not self.struck:
            self.left -= 1
            if self.left < 0:
                self.struck = True
                raise KeyboardInterrupt
        return self.trace

    def __enter__(self):
        self.outer = sys.gettrace()
        sys.settrace(self.trace)
        return self

    def __exit__(self, kind, *rest):
        sys.settrace(self.outer)
        return kind is KeyboardInterrupt


def gradients(y):
    return [leaf.grad for leaf in leaves(y)]


def test_backward_interrupted_at_any_line_changes_no_leaf_and_the_next_is_right():
    reference = graph()
    before = gradients(reference)
    reference.backward()
    after = gradients(reference)
    y = graph()
    for k in range(10_000):
        with interrupted(k, CODES) as interruption:
            y.backward()
        if not interruption.struck:
            break
        assert gradients(y) == before, f"at line {k}"
    assert k > 100
    assert gradients(y) == after


@pytest.mark.parametrize("step", [_walk_with_marks, walk], ids=["marks", "lock"])
def test_an_interrupted_walk_does_not_affect_the_next(step):
    y = graph()
    order = walk(y)
    for k in range(10_000):
        with interrupted(k, [step.__code__]) as interruption:
            walk(y)
        assert walk(y) == order
        if not interruption.struck:
            break
    assert k > (50 if step is _walk_with_marks else 1)


@pytest.mark.parametrize("look", [lambda y: derivative(y, leaves(y)[0]), Value.check_finite, repr, Value.forward])
def test_anything_else_interrupted_changes_no_leaf(look):
    y = graph()
    before = [(leaf.data, leaf.grad) for leaf in leaves(y)]
    value = y.data
    for k in range(0, 2000, 7):
        with interrupted(k, CODES) as interruption:
            look(y)
        if not interruption.struck:
            break
    assert [(leaf.data, leaf.grad) for leaf in leaves(y)] == before
    assert y.forward() == value


class Stumbling:
    """A number whose arithmetic raises KeyboardInterrupt when a counter runs out."""

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


def test_backward_interrupted_in_any_arithmetic_of_its_numbers_changes_no_leaf():
    a, b = Value(Stumbling(2.0)), Value(Stumbling(3.0))
    y = a * b * a + -(a * b) + b
    y.backward()
    first = [a.grad, b.grad]
    for k in range(1, 1000):
        Stumbling.left = k
        try:
            y.backward()
        except KeyboardInterrupt:
            assert [a.grad, b.grad] == first  # the same objects
        else:
            break
    assert k > 5
    assert [a.grad.x, b.grad.x] == [2 * (2 * 6.0 - 3.0), 2 * (4.0 - 2.0 + 1.0)]


def test_forward_interrupted_at_any_line_changes_nothing():
    y = graph()
    leaves(y)[0].data = 0.25
    before = [(node.data, node.local_derivatives) for node in walk(y)[1]]
    for k in range(10_000):
        with interrupted(k, [evaluate.__code__, run.__code__]) as interruption:
            y.forward()
        if not interruption.struck:
            break
        assert [(node.data, node.local_derivatives) for node in walk(y)[1]] == before, f"at line {k}"
    assert k > 30
