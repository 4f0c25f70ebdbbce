"""A signal in the middle of a walk or a backward pass takes effect there, and leaves the graph as it was."""

import signal

import pytest
from support.core import COMPILED

from autograd import Value, topological_order
from autograd.backpropagation import _backpropagate_floats
from autograd.chain_rule import gradients_of
from autograd.graph import _walk_with_marks, walk
from autograd.node import ZERO

pytestmark = [
    pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="Windows has no timer that sends signals"),
    pytest.mark.skipif(not COMPILED, reason="Python looks at signals at every line of its own"),
]

NODES = 150_000
MOST = 200  # signals: the functions end long before


class Stopped(BaseException):
    """Raised by the handler of the signal."""


def chain():
    x = Value(1.0)
    y = x
    for _ in range(NODES):
        y = y + x
    y.backward()  # so that the gradient before is not 0
    return x, y


def stopped_at(signals, function):
    """Whether the handler of a timer, which raises `Stopped` at the given signal, stopped the function."""
    seen, running = 0, True

    def handler(number, frame):
        nonlocal seen
        seen += 1
        if running and seen == signals:
            raise Stopped

    before = signal.signal(signal.SIGALRM, handler)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.0005, 0.0005)
        function()
        running = False
        return False
    except Stopped:
        return True
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0.0)
        signal.signal(signal.SIGALRM, before)


@pytest.mark.parametrize("function", [Value.backward, topological_order], ids=lambda f: f.__name__)
def test_a_signal_in_a_long_walk_leaves_all_gradients_as_they_were_or_as_they_will_be(function):
    x, y = chain()
    unchanged = 0
    for signals in range(1, MOST):
        gradient = x.grad
        if not stopped_at(signals, lambda: function(y)):
            break
        unchanged += x.grad == gradient
        assert x.grad in (gradient, gradient + NODES + 1.0)
    assert unchanged
    x.grad = 0.0
    y.backward()
    assert x.grad == NODES + 1.0
    assert len(walk(y)[1]) == NODES


def test_a_signal_stops_the_backward_pass_of_floats_in_the_middle():
    x, y = chain()
    operations = walk(y)[1]
    for node in operations:
        node.grad = ZERO
    x.grad, y.grad = ZERO, 1.0
    assert stopped_at(1, lambda: _backpropagate_floats(operations))
    assert x.grad is ZERO or x.grad < NODES + 1.0


def test_a_signal_stops_a_walk_in_the_middle():
    found = []
    _, y = chain()
    assert stopped_at(1, lambda: _walk_with_marks(y, -1, [], found, False))
    assert len(found) < NODES


def test_a_signal_stops_the_backward_pass_of_other_numbers_in_the_middle():
    _, y = chain()
    operations = walk(y)[1]
    assert stopped_at(1, lambda: gradients_of(operations, (), 1.0))
    assert operations
