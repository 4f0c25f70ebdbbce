"""The layers of a network for pictures."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from numbers import Integral
from typing import TYPE_CHECKING, Any, NamedTuple

from autograd.array_numbers import data_of

if TYPE_CHECKING:
    from nn import MLP

__all__ = ["DrawnLayer", "layers_of"]


class DrawnLayer(NamedTuple):
    """One layer: its sizes, its activation, and its weights (outputs × inputs) and biases if they are known."""

    inputs: int
    outputs: int
    activation: str
    weight: Sequence[Sequence[float]] | None = None
    bias: Sequence[float] | None = None


def layers_of(network: "MLP | Sequence[int]", activation: str, output_activation: str) -> list[DrawnLayer]:
    """The layers of a network, or those that a list of sizes describes.

    Arguments:
        network: the network, or its sizes, inputs first.
        activation, output_activation: the names of the activations, if only sizes are given.

    Raises:
        TypeError: if `network` is neither a network nor sizes.
        ValueError: if the sizes are not at least two positive integers.
    """
    if hasattr(network, "layers"):
        layers = [
            _drawn(layer)
            for layer in network.layers
            if hasattr(layer, "neurons") or hasattr(layer, "weight")  # a dropout has none
        ]
        if not layers:
            raise TypeError(f"draw_network takes a network whose layers have weights, not {network!r}")
        return layers
    if not isinstance(network, Iterable):
        raise TypeError(f"draw_network takes an MLP or its sizes, such as [2, 4, 1], not {network!r}")
    sizes = [int(size) if isinstance(size, Integral) and not isinstance(size, bool) else 0 for size in network]
    if len(sizes) < 2 or min(sizes) < 1:
        raise ValueError(f"the sizes of a network must be at least two positive integers, not {network!r}")
    last = len(sizes) - 2
    return [
        DrawnLayer(inputs, outputs, output_activation if index == last else activation)
        for index, (inputs, outputs) in enumerate(pairwise(sizes))
    ]


def _drawn(layer: Any) -> DrawnLayer:
    if hasattr(layer, "neurons"):  # whose arrays of Values need NumPy
        weight, bias = [neuron.w for neuron in layer.neurons], [neuron.b for neuron in layer.neurons]
    else:
        weight, bias = layer.weight, layer.bias
    numbers = data_of(weight)
    outputs, inputs = numbers.shape
    return DrawnLayer(inputs, outputs, layer.activation_name, numbers.tolist(), data_of(bias).tolist())
