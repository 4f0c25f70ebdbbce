"""The graph of the tests of exercises."""

from autograd import Value


def unit():
    """2·tanh(w·x + b) + w, whose w is used twice."""
    w, x, b = Value(0.5, "w", role="parameter"), Value(3.0, "x", role="input"), Value(-0.7, "b", role="parameter")
    y = (w * x + b).tanh() * 2.0 + w
    y.label = "y"
    return y
