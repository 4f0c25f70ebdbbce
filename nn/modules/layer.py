"""A dense layer: neurons that share their inputs."""

from collections.abc import Iterator
from itertools import islice

from autograd import Value, ValueArray, array
from autograd.numerics import np, npt
from nn.activations import Activation, activation_named
from nn.assignment import assign
from nn.attributes import Unknown
from nn.choices import checked_generator, checked_size
from nn.initialization import weights_for
from nn.modules.equal_neurons import equal_neurons
from nn.modules.module import Module, ParameterError
from nn.modules.neuron import Neuron
from nn.structure import Found, Key, bare, described, function_key, function_of, known, rebuilt

__all__ = ["Layer"]


class Layer(Module):
    """A dense layer of neurons.

    Arguments:
        inputs: the number of inputs.
        outputs: the number of neurons.
        activation: the name of one of `nn.ACTIVATIONS`, or a function of a Value.
        seed: an integer or a NumPy generator, from which the initial weights are drawn; biases start at 0.

    Attributes:
        neurons: a list of `Neuron`, one for each output.

    Raises:
        ValueError: if a size is not a positive integer, or the activation is unknown.

    >>> layer = Layer(2, 3, activation="tanh")
    >>> layer.weight.shape, len(layer([1.0, -1.0]))
    ((3, 2), 3)
    """

    def __init__(
        self,
        inputs: int,
        outputs: int,
        *,
        activation: str | Activation = "linear",
        seed: int | np.random.Generator = 0,
    ) -> None:
        self.inputs = checked_size("inputs", inputs)
        self.outputs = checked_size("outputs", outputs)
        self.activation_name, _ = activation_named(activation)
        weights = weights_for(self.activation_name, self.inputs, self.outputs, checked_generator("seed", seed))
        self.neurons = [Neuron(self.inputs, activation=activation, weights=row) for row in weights.tolist()]

    def forward(self, inputs: list[Value]) -> list[Value]:
        """Returns the output of each neuron."""
        return [neuron(inputs) for neuron in self.neurons]

    @property
    def weight(self) -> ValueArray:
        """The weights, outputs × inputs: the parameters themselves."""
        return array([neuron.w for neuron in self.neurons])

    @property
    def bias(self) -> ValueArray:
        """The biases, one for each output: the parameters themselves."""
        return array([neuron.b for neuron in self.neurons])

    def assign(self, weight: npt.ArrayLike, bias: npt.ArrayLike) -> None:
        """Sets the numbers of all weights and biases.

        Arguments:
            weight: outputs × inputs.
            bias: one number for each output.

        Raises:
            ParameterError: if a shape is wrong; nothing is changed.
        """
        numbers = {"weight": np.asarray(weight, dtype=float), "bias": np.asarray(bias, dtype=float)}
        for name, needed in (("weight", (self.outputs, self.inputs)), ("bias", (self.outputs,))):
            if numbers[name].shape != needed:
                raise ParameterError(f"the {name} of {self!r} must have shape {needed}, not {numbers[name].shape}")
        assign(
            [*self.weight.flat, *self.bias.flat],
            [*numbers["weight"].ravel().tolist(), *numbers["bias"].tolist()],
        )

    def __repr__(self) -> str:
        return f"Layer({self.inputs}, {self.outputs}, activation={self.activation_name!r})"


def _described(layer: Layer, found: Found) -> Key:
    held = vars(layer)
    neurons = held["neurons"]
    if "forward" in held or type(neurons) is not list:
        raise Unknown
    equal = equal_neurons(neurons)
    if equal is None:
        return Layer, held["inputs"], 0, tuple([described(neuron, found) for neuron in neurons])
    first, weights, biases = equal
    found.groups.extend(weights)
    found.groups.append(biases)
    return Layer, held["inputs"], len(neurons), (first["inputs"], len(weights[0]), function_key(first["activation"]))


def _rebuilt(key: Key, values: Iterator[Value]) -> Layer:
    _, inputs, equal, neurons = key
    if not equal:
        return bare(Layer, inputs=inputs, neurons=[rebuilt(neuron, values) for neuron in neurons])
    inputs_of_each, count, activation = neurons
    weights = [list(islice(values, count)) for _ in range(equal)]
    options = {"inputs": inputs_of_each, "activation": function_of(activation)}
    return bare(Layer, inputs=inputs, neurons=[bare(Neuron, w=w, b=next(values), **options) for w in weights])


known(Layer, _described, _rebuilt)
