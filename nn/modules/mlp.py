"""The multi-layer perceptron: dense layers in sequence."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from autograd import Value
from autograd.numerics import np
from nn.activations import Activation, activation_named
from nn.attributes import Unknown
from nn.choices import checked_rate, checked_seed, checked_size
from nn.modules.dropout import Dropout
from nn.modules.layer import Layer
from nn.modules.module import Module
from nn.outputs import as_list
from nn.structure import Found, Key, bare, described, known, rebuilt

__all__ = ["MLP"]


class MLP(Module):
    """A multi-layer perceptron.

    Arguments:
        inputs: the length of a sample.
        outputs: the number of neurons of each layer; the last one is the number of outputs.
        activation: used in all layers but the last: the name of one of `nn.ACTIVATIONS`, or a function of a Value.
        output_activation: used in the last layer.
        dropout: the probability that an output of a hidden layer is dropped during training, 0 ≤ dropout < 1.
        seed: a non-negative integer, for the initial weights and the dropout; the same seed produces the same bits.

    Attributes:
        layers: each a `Layer`, in order.

    Raises:
        ValueError: if a size is not a positive integer, there are no layers, an activation is unknown (including that
            of hidden layers, even if there are none), or the dropout or the seed is out of range.

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
        self.inputs = checked_size("inputs", inputs)
        if isinstance(outputs, str) or not hasattr(outputs, "__len__") or len(outputs) == 0:
            raise ValueError(f"outputs must be the sizes of the layers, such as [4, 1], not {outputs!r}")
        sizes = [self.inputs, *(checked_size("the size of a layer", size) for size in outputs)]
        activation_named(activation)  # no layer checks it if there is no hidden layer
        p = checked_rate("dropout", dropout, below=1.0)
        seed = checked_seed("seed", seed)
        activations = [activation] * (len(outputs) - 1) + [output_activation]
        rng = np.random.default_rng(seed)
        self.layers = [
            Layer(*pair, activation=function, seed=rng)
            for pair, function in zip(pairwise(sizes), activations, strict=True)
        ]
        self.dropouts = [Dropout(p, seed=seed + i) for i in range(len(outputs) - 1)] if p else []

    def forward(self, inputs: list[Value]) -> list[Value]:
        """Returns the outputs of the last layer."""
        values = inputs
        for i, layer in enumerate(self.layers):
            values = as_list(layer(values))
            if i < len(self.dropouts):
                values = as_list(self.dropouts[i](values))
        return values


def _described(model: MLP, found: Found) -> Key:
    held = vars(model)
    layers, dropouts = held["layers"], held["dropouts"]
    if "forward" in held or type(layers) is not list or type(dropouts) is not list:
        raise Unknown
    parts = [tuple([described(part, found) for part in parts]) for parts in (layers, dropouts)]
    return MLP, held["inputs"], *parts


def _rebuilt(key: Key, values: Iterator[Value]) -> MLP:
    _, inputs, *parts = key
    layers, dropouts = [[rebuilt(part, values) for part in keys] for keys in parts]
    return bare(MLP, inputs=inputs, layers=layers, dropouts=dropouts)


known(MLP, _described, _rebuilt)
