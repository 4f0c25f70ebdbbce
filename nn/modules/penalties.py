"""Penalties on large weights, to add to a loss to reduce overfitting; biases are not penalized."""

from functools import reduce
from operator import add

from autograd import Value
from nn.modules.module import ModuleBase
from nn.modules.neuron import Neuron
from nn.training.closures import depends_on_arguments

__all__ = ["l1_penalty", "l2_penalty", "penalized_weights"]


@depends_on_arguments
def l1_penalty(model: ModuleBase) -> Value:
    """The L1 penalty, Σ|w| over the weights of a model's neurons.

    Its gradient, sign(w), has the same size for all weights, so some of them end up near 0. Add it to a loss with a
    factor λ, in a function that you pass to `fit`. `fit` averages over samples: if your formula sums over them, divide
    its λ by their number.

    Arguments:
        model: a neuron, or a module with neurons inside, at any depth.

    Raises:
        ValueError: if there are no neurons.

    >>> from nn import Neuron, mse_loss
    >>> model = Neuron(2, weights=[3.0, -4.0], bias=9.0)
    >>> l1_penalty(model).data
    7.0
    >>> def loss(predictions, targets):
    ...     return mse_loss(predictions, targets) + 0.01 * l1_penalty(model)
    >>> history = model.fit([[1.0, 0.0], [0.0, 1.0]], [1.0, 0.0], loss=loss, progress=False)
    """
    return reduce(add, [abs(w) for w in penalized_weights(model)])


@depends_on_arguments
def l2_penalty(model: ModuleBase) -> Value:
    """The L2 penalty, Σw² over the weights of a model's neurons; use and arguments as for `l1_penalty`.

    The `weight_decay` of an optimizer acts on all its parameters, including biases, and is not part of the loss.

    >>> from nn import Neuron
    >>> l2_penalty(Neuron(2, weights=[3.0, -4.0], bias=9.0)).data
    25.0
    """
    return reduce(add, [w**2 for w in penalized_weights(model)])


def penalized_weights(model: ModuleBase) -> list[Value]:
    """Returns the weights of all neurons, each once; errors as for `l1_penalty`."""
    neurons = [module for _, module in model.named_modules() if isinstance(module, Neuron)]
    if not neurons:
        raise ValueError(f"a penalty needs a model with neurons, whose weights it sums, not {model!r}")
    return list(dict.fromkeys(w for neuron in neurons for w in neuron.w))
