"""The activation functions by name."""

from collections.abc import Callable
from typing import Any

from autograd import functions
from autograd.suggestions import choose

__all__ = ["ACTIVATIONS", "Activation", "activation_named"]

Activation = Callable[[Any], Any]


def linear(x: Any) -> Any:
    """No activation: returns x itself and adds no node to the graph.

    >>> linear(2.0)
    2.0
    """
    return x


ACTIVATIONS: dict[str, Activation] = {
    "linear": linear,
    "sigmoid": functions.sigmoid,
    "tanh": functions.tanh,
    "relu": functions.relu,
    "leaky_relu": functions.leaky_relu,
    "softplus": functions.softplus,
    "step": functions.heaviside,
}
_HINTS = {
    "softmax": "it needs all scores at once; use linear outputs with cross_entropy",
    "log_softmax": "it needs all scores at once; use linear outputs with cross_entropy",
    "identity": "it is called 'linear'",
    "none": "to apply no activation, use 'linear'",
}


def activation_named(activation: str | Activation) -> tuple[str, Activation]:
    """Returns the name and the function of an activation, given as either.

    Raises:
        ValueError: for an unknown name; the message lists the known names and suggests the nearest.

    >>> activation_named("tanh")[0]
    'tanh'
    """
    if callable(activation):
        return getattr(activation, "__name__", "activation"), activation
    return activation, choose("activation", activation, ACTIVATIONS, hints=_HINTS)
