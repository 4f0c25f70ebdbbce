"""The classes of the targets and the layers of a network, as plain data for the page of a training run."""

from collections.abc import Mapping, Sequence
from typing import Any

from autograd import Value
from autograd.numerics import np, npt
from nn import MLP, Layer, Neuron, one_hot
from nn.losses import Loss, loss_record
from viz.labels import printable

__all__ = ["classes_of", "layers_of", "neurons_of", "threshold_of", "with_rows"]

Floats = npt.NDArray[np.float64]


def classes_of(targets: Floats, outputs: int) -> tuple[list[str], list[int]]:
    """Returns the names of the classes, and the index of each sample's class; both empty if targets are not classes.

    Arguments:
        targets: one target, or row of targets, for each sample.
        outputs: the number of outputs of the model.
    """
    if outputs == 1:
        found, labels = np.unique(targets, return_inverse=True)
        if set(found.tolist()) in ({0.0, 1.0}, {-1.0, 1.0}):
            return [f"{target:g}" for target in found], labels.ravel().tolist()
    elif targets.ndim == 2 and _are_one_hot(targets):
        return [str(number) for number in range(outputs)], targets.argmax(axis=1).tolist()
    return [], []


def with_rows(targets: Floats, loss: Loss, outputs: int) -> Floats:
    """Returns the targets, with classes of a loss of classes as one-hot rows.

    Arguments:
        targets: one target, or row of targets, for each sample.
        loss: the loss that takes them.
        outputs: the number of outputs of the model.
    """
    return one_hot(targets, outputs) if loss.takes_classes and targets.ndim == 1 else targets


def _are_one_hot(targets: Floats) -> bool:
    return bool(np.isin(targets, (0.0, 1.0)).all() and (targets.sum(axis=1) == 1.0).all())


def threshold_of(loss: Any, classes: Sequence[str], outputs: int) -> float | None:
    """Returns the output above which a model with one output predicts the second of two classes; None for others."""
    if outputs > 1 or not classes:
        return None
    return 0.0 if classes[0] == "-1" else loss_record(loss).threshold


def layers_of(model: Any, index: Mapping[Value, int]) -> list[dict[str, Any]]:
    """Returns the layers of a network, with the index of each weight and bias; none for other models.

    Arguments:
        model: the model.
        index: the index of each parameter.
    """
    return [
        {
            "activation": printable(neurons[0].activation_name),
            "weight": [[index[weight] for weight in neuron.w] for neuron in neurons],
            "bias": [index[neuron.b] for neuron in neurons],
        }
        for neurons in neurons_of(model)
    ]


def neurons_of(model: Any) -> list[list[Neuron]]:
    """Returns the neurons of each layer of a network, which may be a single layer or a single neuron."""
    match model:
        case MLP():
            return [layer.neurons for layer in model.layers]
        case Layer():
            return [model.neurons]
        case Neuron():
            return [[model]]
    return []
