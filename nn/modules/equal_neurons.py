"""The parameters of neurons that are alike but for these, which is what a call of `predict` needs of a layer."""

from typing import Any

from autograd import Value
from nn.modules.neuron import Neuron

__all__ = ["equal_neurons"]


def equal_neurons(neurons: list[Any]) -> tuple[dict[str, Any], list[list[Value]], list[Value]] | None:
    """Returns the attributes of the first neuron, the weights and the biases; None if the neurons are not alike.

    Raises:
        KeyError: if a neuron has lost an attribute.
    """
    if not neurons or type(neurons[0]) is not Neuron or type(vars(neurons[0])["w"]) is not list:
        return None
    first = vars(neurons[0])
    inputs, activation, count = first["inputs"], first["activation"], len(first["w"])
    weights, biases = [], []
    for neuron in neurons:
        if type(neuron) is not Neuron:
            return None
        held = neuron.__dict__  # quicker than `vars`
        w = held["w"]
        if (
            held["activation"] is not activation
            or held["inputs"] is not inputs
            or type(w) is not list
            or len(w) != count
            or "forward" in held
        ):
            return None
        weights.append(w)
        biases.append(held["b"])
    return first, weights, biases
