"""Random initial weights, scaled so that signals neither vanish nor grow from layer to layer."""

import math

from autograd.numerics import np, npt
from nn.draws import uniform

__all__ = ["bound_for", "kaiming_uniform", "weights_for", "xavier_uniform"]

Matrix = npt.NDArray[np.float64]


def xavier_uniform(inputs: int, outputs: int, rng: np.random.Generator) -> Matrix:
    """Weights for tanh, sigmoid and linear units: uniform in ±√(6 / (inputs + outputs)).

    Source: X. Glorot, Y. Bengio, "Understanding the difficulty of training deep feedforward neural networks", 2010.

    Arguments:
        inputs: the number of inputs of the layer.
        outputs: the number of its units.
        rng: the generator that the weights are drawn from.

    Returns:
        An array, outputs × inputs.

    >>> xavier_uniform(2, 4, np.random.default_rng(0)).shape
    (4, 2)
    """
    return _uniform(_xavier_bound(inputs, outputs), inputs, outputs, rng)


def kaiming_uniform(inputs: int, outputs: int, rng: np.random.Generator) -> Matrix:
    """Weights for ReLU units, half of which output 0: uniform in ±√(6 / inputs).

    Source: K. He et al., "Delving deep into rectifiers", 2015, equation 10.

    Arguments:
        inputs: the number of inputs of the layer.
        outputs: the number of its units.
        rng: the generator that the weights are drawn from.

    Returns:
        An array, outputs × inputs.

    >>> bool(abs(kaiming_uniform(6, 100, np.random.default_rng(0))).max() <= 1.0)
    True
    """
    return _uniform(_kaiming_bound(inputs), inputs, outputs, rng)


_LIKE_RELU = ("relu", "leaky_relu", "elu", "gelu", "silu", "softplus")


def weights_for(activation: str, inputs: int, outputs: int, rng: np.random.Generator) -> Matrix:
    """Initial weights that suit an activation: Kaiming's for the ReLU family, Xavier's for all others.

    Arguments:
        activation: its name.
        inputs, outputs, rng: as for `xavier_uniform`.
    """
    return _uniform(bound_for(activation, inputs, outputs), inputs, outputs, rng)


def bound_for(activation: str, inputs: int, outputs: int) -> float:
    """Returns the bound of the initial weights of `weights_for`, which are uniform between it and its negative."""
    return _kaiming_bound(inputs) if activation in _LIKE_RELU else _xavier_bound(inputs, outputs)


def _xavier_bound(inputs: int, outputs: int) -> float:
    return math.sqrt(6.0 / (inputs + outputs))


def _kaiming_bound(inputs: int) -> float:
    return math.sqrt(6.0 / inputs)


def _uniform(bound: float, inputs: int, outputs: int, rng: np.random.Generator) -> Matrix:
    return uniform(rng, -bound, bound, (outputs, inputs))
