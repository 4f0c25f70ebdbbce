"""Export of a model to PyTorch."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from autograd import array, data_of, functions
from nn.activations import ACTIVATIONS, Activation, elu, gelu, hardtanh, selu, silu, softsign
from nn.modules.dropout import Dropout
from nn.modules.layer import Layer
from nn.modules.mlp import MLP
from nn.modules.module import ModuleBase
from nn.modules.neuron import Neuron

if TYPE_CHECKING:
    import torch

__all__ = ["to_torch"]

_EQUIVALENTS = {  # classes of torch.nn, with their options
    functions.sigmoid: ("Sigmoid", {}),
    functions.tanh: ("Tanh", {}),
    functions.relu: ("ReLU", {}),
    functions.leaky_relu: ("LeakyReLU", {"negative_slope": 0.01}),
    elu: ("ELU", {}),
    selu: ("SELU", {}),
    gelu: ("GELU", {}),
    silu: ("SiLU", {}),
    softsign: ("Softsign", {}),
    hardtanh: ("Hardtanh", {}),
    # above the threshold, torch returns x: exact to the last bit from 40 on, but not from its default of 20
    functions.softplus: ("Softplus", {"threshold": 40.0}),
}


def to_torch(model: ModuleBase) -> "torch.nn.Sequential":
    """Returns the equivalent PyTorch model: the same weights in double precision, activations, dropouts and modes.

    The result takes tensors of doubles, samples × inputs, and returns samples × outputs, even for a single output.
    Its parameters are copies. PyTorch draws its own dropout masks.

    Arguments:
        model: an `MLP`, `Layer`, `Neuron` or `Dropout`.

    Raises:
        ImportError: if PyTorch is not installed.
        TypeError: for any other model, because its `forward` may do anything.
        ValueError: for an activation without a module in `torch.nn`.

    >>> to_torch(MLP(2, [4, 1], activation="tanh", dropout=0.2))  # doctest: +SKIP
    Sequential(
      (0): Linear(in_features=2, out_features=4, bias=True)
      (1): Tanh()
      (2): Dropout(p=0.2, inplace=False)
      (3): Linear(in_features=4, out_features=1, bias=True)
    )
    """
    try:
        import torch
    except ImportError as error:
        raise ImportError("to_torch needs PyTorch: pip install torch") from error
    sequential = torch.nn.Sequential(*_modules(model))
    sequential.training = model.training
    return sequential


def _modules(model: ModuleBase) -> "Iterator[torch.nn.Module]":
    """Yields the PyTorch modules that are equivalent to a model, in order."""
    import torch

    if type(model) is MLP:
        for number, layer in enumerate(model.layers):
            yield from _modules(layer)
            for dropout in model.dropouts[number : number + 1]:
                yield from _modules(dropout)
        return
    if type(model) is Dropout:
        made: list[torch.nn.Module] = [torch.nn.Dropout(model.p)]
    elif type(model) is Layer:
        made = [_linear(model.neurons), *_activation(model.neurons)]
    elif type(model) is Neuron:
        made = [_linear([model]), *_activation([model])]
    else:
        raise TypeError(f"to_torch needs an MLP, Layer, Neuron or Dropout, not {model!r}")
    for module in made:
        yield module.train(model.training)


def _linear(neurons: list[Neuron]) -> "torch.nn.Linear":
    import torch

    weight, bias = (
        torch.tensor(data_of(array(numbers)), dtype=torch.float64)
        for numbers in ([neuron.w for neuron in neurons], [neuron.b for neuron in neurons])
    )
    skip_init: Any = torch.nn.utils.skip_init  # else initial weights would be drawn from PyTorch's global generator
    linear: torch.nn.Linear = skip_init(torch.nn.Linear, weight.shape[1], weight.shape[0], dtype=torch.float64)
    linear.load_state_dict({"weight": weight, "bias": bias})
    return linear


def _activation(neurons: Iterable[Neuron]) -> "list[torch.nn.Module]":
    """Returns the module for the activation that all the neurons share; none for the linear one."""
    import torch

    functions_used: dict[Activation, str] = {neuron.activation: neuron.activation_name for neuron in neurons}
    unknown = [name for f, name in functions_used.items() if f not in _EQUIVALENTS and f is not ACTIVATIONS["linear"]]
    if unknown or len(functions_used) > 1:
        names = " next to ".join(map(repr, unknown or functions_used.values()))
        known = ", ".join(sorted(name for name, f in ACTIVATIONS.items() if f in _EQUIVALENTS))
        raise ValueError(f"the activation of a layer must have a module in torch.nn (linear, {known}), not {names}")
    return [getattr(torch.nn, _EQUIVALENTS[f][0])(**_EQUIVALENTS[f][1]) for f in functions_used if f in _EQUIVALENTS]
