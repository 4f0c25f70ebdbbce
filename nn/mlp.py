"""The multi-layer perceptron: dense layers one after the other."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from autograd import Value
from nn.activations import Activation, activation_named
from nn.choices import checked_rate, checked_seed, checked_size
from nn.dropout import Dropout
from nn.layer import Layer
from nn.module import Module, as_list

__all__ = ["MLP"]


class MLP(Module):
    """A multi-layer perceptron.

    Arguments:
        inputs: numbers in a sample.
        outputs: the size of each layer; the last is that of the output.
        activation: of every layer but the last; the name of one of `nn.ACTIVATIONS`, or a function of a Value.
        output_activation: of the last.
        dropout: the probability that an output of a hidden layer is dropped while training.
        seed: for the first weights and the dropout; the same seed gives the same bits.

    Attributes:
        layers: each a `Layer`, in order.

    Raises:
        ValueError: for a size that is not a positive integer, no layers, an unknown activation (also of hidden layers
            that there are none of), a dropout that is no probability below 1, or a seed that is no whole number.

    >>> model = MLP(2, [4, 1], activation="tanh", output_activation="sigmoid")
    >>> len(model.parameters())
    17
    >>> model([0.0, 1.0]).scope
    'layer2.neuron1'
    """

    def __init__(
        self,
        inputs: int,
        outputs: Sequence[int],
        *,
        activation: str | Activation = "tanh",
        output_activation: str | Activation = "linear",
        dropout: float = 0.0,
        seed: int = 0,
    ) -> None:
        self.inputs = checked_size("the inputs of an MLP", inputs)
        if isinstance(outputs, str) or not hasattr(outputs, "__len__") or len(outputs) == 0:
            raise ValueError(f"an MLP needs the sizes of its layers, such as [4, 1], not {outputs!r}")
        sizes = [self.inputs, *(checked_size("the size of a layer", size) for size in outputs)]
        activation_named(activation)  # which nothing below looks at where there is no hidden layer
        p = checked_rate("the probability of dropping", dropout, below=1.0)
        seed = checked_seed("the seed of an MLP", seed)
        activations = [activation] * (len(outputs) - 1) + [output_activation]
        rng = np.random.default_rng(seed)
        self.layers = [
            Layer(*pair, activation=function, seed=rng)
            for pair, function in zip(pairwise(sizes), activations, strict=True)
        ]
        self.dropouts = [Dropout(p, seed=seed + i) for i in range(len(outputs) - 1)] if p else []

    def forward(self, inputs: list[Value]) -> list[Value]:
        """The outputs of the last layer."""
        values = inputs
        for i, layer in enumerate(self.layers):
            values = as_list(layer(values))
            if i < len(self.dropouts):
                values = as_list(self.dropouts[i](values))
        return values
