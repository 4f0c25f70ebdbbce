"""The programs of the live page: what the compiler makes of a model, its loss and its optimizers, in JavaScript."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import copy
from itertools import groupby
from typing import Any, NamedTuple

from autograd import Value
from autograd.compiler.ir.hoisting import hoisted
from autograd.compiler.source.javascript import JAVASCRIPT
from autograd.compiler.source.javascript_sample import outputs_function, sums_function
from autograd.compiler.source.text import function
from autograd.compiler.trace.builder import Builder, Traced
from autograd.compiler.trace.trace import symbolic_gradient
from nn import MLP, Layer, Module, Neuron, l1_penalty, l2_penalty
from nn.initialization import bound_for
from nn.modules.penalties import penalized_weights
from nn.optimizers import SGD, Optimizer
from nn.outputs import as_list
from nn.training.tracing import outcome_routine, output_routine, sample_routine, update_routine
from viz.labels import printable
from viz.pages.training_data import layers_of, neurons_of

__all__ = ["POWERS", "Programs", "loss_program", "network_programs", "optimizer_programs", "penalty_program"]

POWERS = """\
// x to the power of the number of a step, by squaring, as in Python
function powerOfStep(x, n) {
  let result = 1;
  for (let rest = n; rest; rest = Math.floor(rest / 2)) {
    if (rest % 2) result *= x;
    x *= x;
  }
  return result;
}
"""
"""What the programs of optimizers call."""


class Programs(NamedTuple):
    """Functions in JavaScript, and what a page needs to know to call them.

    Attributes:
        text: defines the functions.
        entry: a JavaScript expression: an object that holds them.
        data: for JSON.
    """

    text: str
    entry: str
    data: dict[str, Any]


class _EveryNeuron(Module):
    """A network that returns the weighted sum of each neuron, layer by layer, then the output of each."""

    def __init__(self, model: Any) -> None:
        self.model = model

    def forward(self, inputs: Any) -> list[Value]:
        sums: list[Value] = []
        outputs: list[Value] = []
        values = inputs
        for neurons in neurons_of(self.model):
            sums += [_without_activation(neuron)(values) for neuron in neurons]
            values = [neuron(values) for neuron in neurons]
            outputs += values
        return [*sums, *outputs]


def _without_activation(neuron: Neuron) -> Neuron:
    linear = copy(neuron)
    linear.activation = _unchanged
    return linear


def _unchanged(z: Any) -> Any:
    return z


def network_programs(
    model: Any,
    loss: Callable[..., Any],
    parameters: Sequence[Value],
    inputs: int,
    targets: tuple[int, ...],
    number: int,
) -> Programs:
    """Returns the programs of a network: `gradient`, `outcome`, and if it is made of neurons `neurons` and `slopes`.

    Each takes `(x, w, out)`, arrays of the numbers of a sample, of the weights and of the results. `gradient` adds the
    weighted gradient and loss to `out`; `outcome` stores the loss and the outputs of the model; `neurons` stores the
    weighted sums of all neurons, layer by layer, then their outputs. `slopes` has a function for each layer: the
    derivative of its activation with respect to the weighted sum.

    Arguments:
        model: the network, without dropout.
        loss: a function of predictions and targets.
        parameters: those that are trained.
        inputs: the number of inputs.
        targets: the shape of one target.
        number: the number of the network on the page, for the names of the functions.

    Raises:
        TracingError: if the model or the loss branches on data.
        NotImplementedError: if an operation of the user's own calls plain Python.
    """
    leaves = len(parameters)
    sample = sample_routine(model, loss, parameters, inputs, targets)
    outcome = outcome_routine(model, loss, parameters, inputs, targets)
    texts = [
        sums_function(sample, f"gradient{number}", leaves),
        outputs_function(outcome, f"outcome{number}", leaves),
    ]
    entries = [f"gradient: gradient{number}", f"outcome: outcome{number}", f"outputs: {len(outcome.results) - 1}"]
    index = {parameter: place for place, parameter in enumerate(parameters)}
    layers = _plain_layers(model) if {*model.parameters()} <= index.keys() else []
    if layers:
        routine = output_routine(_EveryNeuron(model), parameters, inputs)
        texts.append(outputs_function(routine, f"neurons{number}", leaves))
        entries.append(f"neurons: neurons{number}")
        slopes = [f"slope{number}_{depth}" for depth in range(len(layers))]
        texts += [_slope(neurons[0].activation, name) for neurons, name in zip(layers, slopes, strict=True)]
        entries.append(f"slopes: [{', '.join(slopes)}]")
    names = {parameter: printable(name) for name, parameter in reversed(list(model.named_parameters()))}
    data = {
        "names": _grouped([names[parameter] for parameter in parameters]),
        "weights": [parameter.data for parameter in parameters],
        "layers": layers_of(model, index) if layers else [],
        "penalized": _penalized(model, index),
        "work": len(outcome.instructions),
        "draws": _draws(model) if [*parameters] == model.parameters() else None,
    }
    return Programs("".join(texts), f"{{ {', '.join(entries)} }}", data)


def _grouped(names: Iterable[str]) -> list[list[Any]]:
    """Names, those that follow each other in a module without its path, which comes before them: they are shorter."""
    split = [name.rpartition(".") for name in names]
    groups = groupby(split, key=lambda parts: "".join(parts[:2]))
    return [[path, [last for _, _, last in group]] for path, group in groups]


def _penalized(model: Any, index: Mapping[Value, int]) -> list[int]:
    """The indices of the weights of neurons, on which penalties act."""
    if not any(isinstance(module, Neuron) for _, module in model.named_modules()):
        return []
    return [index[w] for w in penalized_weights(model) if w in index]


def _plain_layers(model: Any) -> list[list[Neuron]]:
    """The neurons of a network; none if it, or one of them, is of a class of the user's own, which may do more."""
    layers = neurons_of(model) if type(model) in (MLP, Layer, Neuron) else []
    plain = all(type(neuron) is Neuron for neurons in layers for neuron in neurons)
    return layers if plain and (type(model) is not MLP or all(type(layer) is Layer for layer in model.layers)) else []


def _draws(model: Any) -> list[list[float]] | None:
    """The inputs, the outputs and the bound of the initial weights of each layer; None unless the model is an MLP."""
    if type(model) is not MLP:
        return None
    draws: list[list[float]] = []
    for layer in model.layers:
        inputs, outputs = len(layer.neurons[0].w), len(layer.neurons)
        draws.append([inputs, outputs, bound_for(layer.activation_name, inputs, outputs)])
    return draws


def _slope(activation: Callable[[Any], Any], name: str) -> str:
    """Writes the derivative of an activation as a function of a number."""
    builder = Builder()
    z = Value(builder.symbol())
    (output,) = as_list(activation(z))
    (slope,) = symbolic_gradient([output], [z])
    return function(Traced(builder.finish([slope]).routine, ("z",), {}, ()), JAVASCRIPT, name)


def loss_program(loss: Callable[..., Any], outputs: tuple[int, ...], targets: tuple[int, ...], name: str) -> str:
    """Writes the derivatives of the loss of a sample with respect to the outputs of the model, as `name(x, w, out)`.

    Arguments:
        loss: a function of predictions and targets.
        outputs, targets: the shapes of the output and of the target of one sample. In JavaScript, x holds the outputs,
            then the targets.
        name: the name of the function.
    """
    builder = Builder()
    a, y = ([Value(builder.symbol()) for _ in range(*(shape or (1,)))] for shape in (outputs, targets))
    of_sample = loss([a if outputs else a[0]], [y if targets else y[0]])
    slopes = symbolic_gradient([of_sample], a)
    return outputs_function(builder.finish(slopes).routine, name, 0)


def optimizer_programs(optimizer: Optimizer, number: int) -> Programs:
    """Returns the programs of an optimizer: `shared(lr, t)`, what is the same for all weights in a step, and `update`.

    Those of `SGD` leave the momentum free: its `shared` takes `(momentum, lr, t)`, and `takesMomentum` is true.
    `update(w, g, s, u, count)` changes the weights w and the states s, given the gradient g and the result u of
    `shared`. There are `slots` states for each weight; s holds the first of all weights, then the second, and so on.

    Raises:
        TracingError: if the optimizer branches on numbers.
    """
    free = []
    if type(optimizer) is SGD:
        free = ["momentum"]
        optimizer = SGD(optimizer.parameters, momentum=0.5, weight_decay=optimizer.weight_decay)  # which has the state
    uniform, rest = hoisted(update_routine(optimizer, free), len(free) + 2)
    powers = JAVASCRIPT._replace(operations={**JAVASCRIPT.operations, "power": "powerOfStep({}, {})"})
    shared = function(
        Traced(uniform, (*free, "lr", "t"), {}, ()), powers, f"shared{number}", lambda r: f"[{', '.join(r)}]"
    )
    slots = optimizer.slots
    places = ["w[n]", "g[n]", *(f"s[{slot} * count + n]" for slot in range(slots))]
    own = ["w1", "g1", *(f"s{slot + 1}" for slot in range(slots))]
    read = ", ".join(f"{name} = {place}" for name, place in zip(own, places, strict=True))
    language = JAVASCRIPT._replace(
        head=(
            f"function {{name}}(w, g, s, u, count) {{{{\n  for (let n = 0; n < count; n += 1) {{{{\n  const {read};\n"
        ),
        result="  {value};\n",
        end="  }\n}\n",
    )

    def stored(results: Sequence[str]) -> str:
        return "; ".join(f"{place} = {result}" for place, result in zip(places[:1] + places[2:], results, strict=True))

    names = (*own, *(f"u[{place}]" for place in range(len(uniform.results))))
    update = function(Traced(rest, names, {}, ()), language, f"update{number}", stored)
    takes = "true" if free else "false"
    entry = f"{{ slots: {slots}, takesMomentum: {takes}, shared: shared{number}, update: update{number} }}"
    return Programs(shared + update, entry, {})


def penalty_program(name: str) -> str:
    """Writes the derivative of l1·`nn.l1_penalty` + l2·`nn.l2_penalty` by a weight, as `name(w, l1, l2)`."""
    builder = Builder()
    w, l1, l2 = (Value(builder.symbol()) for _ in range(3))
    neuron = Neuron(1, weights=[0.0])
    neuron.w = [w]
    (slope,) = symbolic_gradient([l1 * l1_penalty(neuron) + l2 * l2_penalty(neuron)], [w])
    return function(Traced(builder.finish([slope]).routine, ("w", "l1", "l2"), {}, ()), JAVASCRIPT, name)
