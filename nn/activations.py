"""The activation functions, by name. Those that are not operations of the engine are formulas, with PyTorch's names."""

import math
from collections.abc import Callable
from typing import Any

from autograd import functions
from autograd.suggestions import choose

__all__ = [
    "ACTIVATIONS",
    "Activation",
    "activation_named",
    "elu",
    "gelu",
    "hardtanh",
    "selu",
    "silu",
    "softsign",
]

Activation = Callable[[Any], Any]


def linear(x: Any) -> Any:
    """No activation: returns x itself and adds no node to the graph.

    >>> linear(2.0)
    2.0
    """
    return x


def gelu(x: Any) -> Any:
    """Gaussian error linear unit x·Φ(x), where Φ is the standard normal distribution.

    Source: D. Hendrycks, K. Gimpel, "Gaussian error linear units", 2016.

    >>> gelu(0.0), gelu(10.0)
    (0.0, 10.0)
    """
    return 0.5 * x * functions.erfc(x * -math.sqrt(0.5))


def silu(x: Any) -> Any:
    """Sigmoid linear unit x·σ(x), also called swish.

    >>> silu(0.0), silu(50.0)
    (0.0, 50.0)
    """
    return x * functions.sigmoid(x)


def elu(x: Any, alpha: float = 1.0) -> Any:
    """Exponential linear unit: x for x > 0, otherwise alpha·(eˣ - 1).

    Source: D. Clevert et al., "Fast and accurate deep network learning by exponential linear units", 2015.

    >>> elu(2.0), elu(-100.0)
    (2.0, -1.0)
    """
    below = functions.minimum(x, 0.0)  # so that a large x does not overflow in the branch that is not taken
    return functions.select(x, x, alpha * functions.expm1(below))


def selu(x: Any) -> Any:
    """Scaled exponential linear unit, whose outputs keep mean 0 and variance 1 from layer to layer.

    Source: G. Klambauer et al., "Self-normalizing neural networks", 2017.

    >>> selu(0.0), selu(1.0)
    (0.0, 1.0507009873554805)
    """
    return 1.0507009873554804934 * elu(x, 1.6732632423543772848)


def softsign(x: Any) -> Any:
    """x / (1 + `|x|`), from -1 to 1 as tanh, but slower at approaching them.

    >>> softsign(0.0), softsign(-1.0)
    (0.0, -0.5)
    """
    return x / (1.0 + functions.absolute(x))


def hardtanh(x: Any, min_val: float = -1.0, max_val: float = 1.0) -> Any:
    """x limited to the interval from `min_val` to `max_val`.

    >>> hardtanh(0.5), hardtanh(3.0)
    (0.5, 1.0)
    """
    return functions.clip(x, min_val, max_val)


ACTIVATIONS: dict[str, Activation] = {
    "linear": linear,
    "sigmoid": functions.sigmoid,
    "tanh": functions.tanh,
    "relu": functions.relu,
    "leaky_relu": functions.leaky_relu,
    "elu": elu,
    "selu": selu,
    "gelu": gelu,
    "silu": silu,
    "softplus": functions.softplus,
    "softsign": softsign,
    "hardtanh": hardtanh,
    "step": functions.heaviside,
}
_HINTS = {
    "softmax": "it needs all scores at once; use linear outputs with cross_entropy",
    "log_softmax": "it needs all scores at once; use linear outputs with cross_entropy",
    "identity": "it is called 'linear'",
    "swish": "it is called 'silu'",
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
