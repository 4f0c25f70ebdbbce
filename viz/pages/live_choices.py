"""What the reader of a live page chooses from: networks that differ in one thing from the one given, and data sets."""

from collections.abc import Mapping, Sequence
from typing import Any

from autograd.numerics import np, npt
from nn import MLP
from nn.checks import checked_inputs, checked_targets, fitted_targets
from nn.choices import checked_size
from nn.training.task import Task
from viz.pages.live_payload import DataSet

__all__ = ["data_sets", "network_choices"]

Floats = npt.NDArray[np.float64]

_ACTIVATIONS = ("tanh", "relu", "sigmoid")
_SIZES = ((), (2,), (4,), (8,), (4, 4), (8, 8))
_MOST_WEIGHTS = 200  # of a network up to which others are offered by default, so that the page stays small


def data_sets(task: Task, name: str, others: Mapping[str, Sequence[Any]]) -> list[DataSet]:
    """Returns the data set of a training run, and others.

    Arguments:
        task: the training run.
        name: the name of its data set.
        others: by name, samples and targets, and possibly those of held-out samples.

    Raises:
        ValueError: if one of them does not match the model or the loss, or the names are the same.
        TypeError: if the names are not strings.
    """
    sets = [DataSet(_checked_name(name), task.samples, task.targets, task.validation)]
    for title, given in others.items():
        if _checked_name(title) == name:
            raise ValueError(f"data sets must have different names, but two are called {title!r}")
        if not isinstance(given, (tuple, list)) or len(given) not in (2, 4):
            raise ValueError(
                f"data[{title!r}] must be (X, y) or (X, y, X_validation, y_validation), not {type(given).__name__}"
                + (f" of {len(given)}" if isinstance(given, (tuple, list)) else "")
            )
        pairs = [_checked_pair(task, *given[start : start + 2]) for start in range(0, len(given), 2)]
        sets.append(DataSet(title, *pairs[0], pairs[1] if len(pairs) > 1 else None))
    return sets


def _checked_name(name: object) -> str:
    if not isinstance(name, str) or not name:
        raise TypeError(f"the name of a data set must be a string that is not empty, not {name!r}")
    return name


def _checked_pair(task: Task, X: Any, y: Any) -> tuple[Floats, Floats]:
    samples = checked_inputs(task.model, X)
    return samples, fitted_targets(task.loss, task.probe.shape, checked_targets(y, len(samples)))


def network_choices(
    task: Task, activations: Sequence[str] | None, sizes: Sequence[Sequence[int]] | None
) -> list[tuple[str, Any]]:
    """Returns the model of a training run, and networks that differ from it in the activation or in the hidden layers.

    Arguments:
        task: the training run.
        activations, sizes: as for `viz.train`.

    Raises:
        ValueError: if some are given and the model is not an MLP; or if they are not activations or sizes.
    """
    model = task.model
    if type(model) is not MLP:
        if activations or sizes:
            raise ValueError(
                f"activations and sizes are for an nn.MLP, whose layers are known, not for {type(model).__name__}"
            )
        return [(type(model).__name__, model)]
    *hidden, last = model.layers
    function: Any = hidden[0].neurons[0].activation if hidden else "tanh"
    activation = hidden[0].activation_name if hidden else "tanh"
    own, inputs = [layer.outputs for layer in hidden], task.samples.shape[1]
    offers_more = len(model.parameters()) <= _MOST_WEIGHTS
    if activations is None:
        activations = _ACTIVATIONS if hidden and offers_more else ()
    if sizes is None:
        sizes = _SIZES if offers_more else ()
    wanted: list[tuple[list[int], str, Any]] = [(own, each, each) for each in activations]
    wanted += [(_checked_sizes(each), activation, function) for each in sizes]
    choices: dict[str, Any] = {_title([inputs, *own, last.outputs], activation): model}
    for layers, name, each in wanted:
        title = _title([inputs, *layers, last.outputs], name)
        if title not in choices:
            choices[title] = MLP(
                inputs, [*layers, last.outputs], activation=each, output_activation=last.neurons[0].activation
            )
    return list(choices.items())


def _checked_sizes(sizes: Any) -> list[int]:
    if isinstance(sizes, str) or not isinstance(sizes, Sequence):
        raise ValueError(f"each of sizes must be the sizes of the hidden layers, such as [4, 4], not {sizes!r}")
    return [checked_size("the size of a layer", size) for size in sizes]


def _title(sizes: Sequence[int], activation: str) -> str:
    shape = "-".join(map(str, sizes))
    return shape if len(sizes) == 2 else f"{shape} {activation}"
