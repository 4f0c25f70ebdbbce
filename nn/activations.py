"""The activation functions by name, and how weights that feed them are drawn."""

from collections.abc import Callable
from typing import Any

from autograd import functions
from nn.choices import choose

__all__ = ["ACTIVATIONS", "activation_named"]

Activation = Callable[[Any], Any]


def linear(x: Any) -> Any:
    """No activation: x itself, which adds no node.

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
    "none": "no activation is called 'linear'",
}


def activation_named(activation: str | Activation) -> tuple[str, Activation]:
    """The name and the function of an activation, given as either.

    Raises:
        ValueError: for an unknown name; it lists the known and suggests the nearest.

    >>> activation_named("tanh")[0]
    'tanh'
    """
    if callable(activation):
        return getattr(activation, "__name__", "activation"), activation
    return activation, choose("activation", activation, ACTIVATIONS, hints=_HINTS)
