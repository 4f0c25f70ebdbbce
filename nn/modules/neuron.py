"""A neuron: the activation of a weighted sum of its inputs plus a bias."""

from collections.abc import Iterator, Sequence
from itertools import islice

from autograd import Value
from autograd.numerics import np
from nn.activations import Activation, activation_named
from nn.attributes import Unknown
from nn.choices import checked_generator, checked_size
from nn.initialization import weights_for
from nn.modules.module import Module
from nn.structure import Found, Key, bare, function_key, function_of, known

__all__ = ["Neuron"]


class Neuron(Module):
    """A neuron: activation(w1·x1 + w2·x2 + ... + b).

    Arguments:
        inputs: the number of inputs.
        activation: the name of one of `nn.ACTIVATIONS`, or a function of a Value.
        weights: the initial weights, one for each input; drawn at random if not given.
        bias: the initial bias.
        seed: an integer or a NumPy generator, from which the weights are drawn.

    Raises:
        ValueError: if `inputs` is not a positive integer, the activation is unknown, or `weights` has the wrong length.

    >>> neuron = Neuron(2, activation="relu", weights=[0.5, -1.0], bias=0.25)
    >>> neuron([2.0, 0.5])
    Value(0.75, op='relu')
    """

    def __init__(
        self,
        inputs: int,
        *,
        activation: str | Activation = "linear",
        weights: Sequence[float] | None = None,
        bias: float = 0.0,
        seed: int | np.random.Generator = 0,
    ) -> None:
        self.inputs = checked_size("inputs", inputs)
        self.activation_name, self.activation = activation_named(activation)
        if weights is None:
            rng = checked_generator("seed", seed)
            weights = weights_for(self.activation_name, self.inputs, 1, rng)[0].tolist()
        if len(weights) != self.inputs:
            raise ValueError(f"weights must have one number for each of {self.inputs} inputs, not {weights!r}")
        self.w = [Value(weight, role="parameter") for weight in weights]
        self.b = Value(bias, role="parameter")

    def forward(self, inputs: list[Value]) -> Value:
        """Returns the activation of the weighted sum."""
        products = [w * x for w, x in zip(self.w, inputs, strict=True)]
        output: Value = self.activation(sum(products[1:], start=products[0]) + self.b)
        return output

    def __repr__(self) -> str:
        return f"Neuron({self.inputs}, activation={self.activation_name!r})"


def _described(neuron: Neuron, found: Found) -> Key:
    held = vars(neuron)
    weights = held["w"]
    if "forward" in held or type(weights) is not list:
        raise Unknown
    found.groups.extend((weights, (held["b"],)))
    return Neuron, held["inputs"], len(weights), function_key(held["activation"])


def _rebuilt(key: Key, values: Iterator[Value]) -> Neuron:
    _, inputs, count, activation = key
    weights = list(islice(values, count))
    return bare(Neuron, inputs=inputs, w=weights, b=next(values), activation=function_of(activation))


known(Neuron, _described, _rebuilt)
