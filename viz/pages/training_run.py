"""What a page is told of a training: the weights by epoch, and the programs that give all other numbers, as plain data.

The page computes what the model answers and what each sample loses, at any epoch, by the compiler's JavaScript.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from autograd import Value, scope, topological_order
from autograd.compiler.source.javascript import JAVASCRIPT, PRELUDE
from autograd.compiler.source.text import source
from autograd.compiler.trace.builder import Traced
from nn import MLP, one_hot
from nn.losses import loss_record
from nn.modes import held_in_mode
from nn.outputs import as_list
from nn.training.history import History
from nn.training.recording import Recording, recorded_epochs
from nn.training.tracing import outcome_routine
from viz.labels import printable
from viz.pages.graph_payload import GraphPayload, graph_payload
from viz.pictures.folding import GraphTooLargeError

__all__ = ["TrainingRun", "training_run"]

Floats = npt.NDArray[np.float64]

_MOST_NUMBERS = 500_000  # of weights: about 10 MB of page
_MOST_SAMPLES = 5_000
_MOST_POINTS = 1_000  # of the loss curve
_NO_GRAPH = GraphPayload(
    {"nodes": [], "variables": [], "forward": [], "backward": [], "modules": [], "folds": [], "layouts": []},
    f"{PRELUDE}const program = () => [[], []];\n",
)


@dataclass(frozen=True, slots=True)
class TrainingRun:
    """A recorded training for a page.

    Attributes:
        recording: what it was made of.
        data: that of the `GraphPayload` of one sample's loss, and under "training" what is said of the training.
        javascript: the program of that graph, and `outcome(inputs..., targets..., weights...)`, which gives the list of
            a sample's loss and the model's outputs.
        threshold: of a model of one output that tells two classes apart, what the output of the second is above.
    """

    recording: Recording
    data: dict[str, Any]
    javascript: str
    threshold: float | None


def training_run(history: History) -> TrainingRun:
    """What was recorded of a training, and all that a page needs to show it.

    Raises:
        ValueError: if nothing was recorded, or too much; or if the model has other parameters by now.
        TracingError: if the model or the loss branches on data, so that it cannot be compiled.
    """
    recording = _checked(history)
    model, samples = recording.model, recording.samples
    parameters: dict[Value, int] = {}  # the column of each; of one that has several names, the first
    for column, (_, parameter) in enumerate(model.named_parameters()):
        parameters.setdefault(parameter, column)
    with held_in_mode(model):
        outputs = len(as_list(model(samples[0].tolist())))
    targets = recording.targets
    if loss_record(recording.loss).takes_classes and targets.ndim == 1:
        targets = one_hot(targets, outputs)
    routine = outcome_routine(model, recording.loss, list(parameters), samples.shape[1], targets.shape[1:])
    rows = targets.reshape(len(targets), -1)
    names = [
        *(f"x{number}" for number in range(1, samples.shape[1] + 1)),
        *(f"y{number}" for number in range(1, rows.shape[1] + 1)),
        *(f"w{number}" for number in range(1, len(parameters) + 1)),
    ]
    classes, labels = _classes(targets, outputs)
    threshold = _threshold(recording, classes) if outputs == 1 and classes else None
    graph, sources = _graph_of_a_sample(recording, targets, list(parameters))
    training = {
        "epochs": recording.epochs,
        "names": [printable(recording.names[column]) for column in parameters.values()],
        "weights": [_plain(row) for row in recording.weights[:, [*parameters.values()]].tolist()],
        "samples": samples.tolist(),
        "targets": rows.tolist(),
        "classes": classes,
        "labels": labels,
        "threshold": threshold,
        "curve": _curve(history.loss, 0),
        "validation": _curve(history.validation_loss, 1),
        "layers": _layers(model, {parameter: place for place, parameter in enumerate(parameters)}),
        "sources": sources,
        "work": len(routine.instructions),
    }
    javascript = graph.javascript + source(Traced(routine, tuple(names), {}, {}), JAVASCRIPT, "outcome").text
    return TrainingRun(recording, graph.data | {"training": training}, javascript, threshold)


def _checked(history: History) -> Recording:
    """The recording of a history, if it can be shown."""
    recording = history.recording
    if recording is None:
        raise ValueError("this training was not recorded: train with model.fit(..., record=200)")
    if not history.loss:
        raise ValueError("this training was stopped before the end of its first epoch: there is nothing to replay")
    if [name for name, _ in recording.model.named_parameters()] != recording.names:
        raise ValueError("the model has other parameters than when it was trained; a replay needs it as it was")
    numbers, each = recording.weights.size, len(recording.names)
    if numbers > _MOST_NUMBERS:
        advice = f"record={_MOST_NUMBERS // each}" if 2 * each <= _MOST_NUMBERS else "a smaller model"
        raise ValueError(
            f"{len(recording.epochs):,} epochs of {each:,} weights are {numbers:,} numbers, and a page holds at most "
            f"{_MOST_NUMBERS:,}: train with {advice}"
        )
    if len(recording.samples) > _MOST_SAMPLES:
        raise ValueError(f"a replay shows at most {_MOST_SAMPLES:,} samples, not {len(recording.samples):,}")
    return recording


def _classes(targets: Floats, outputs: int) -> tuple[list[str], list[int]]:
    """The names of the classes and the place of each sample's among them; none where targets are numbers to meet."""
    if outputs == 1:
        found, labels = np.unique(targets, return_inverse=True)
        if set(found.tolist()) in ({0.0, 1.0}, {-1.0, 1.0}):
            return [f"{target:g}" for target in found], labels.ravel().tolist()
    elif targets.ndim == 2 and _are_one_hot(targets):
        return [str(number) for number in range(outputs)], targets.argmax(axis=1).tolist()
    return [], []


def _are_one_hot(targets: Floats) -> bool:
    return bool(np.isin(targets, (0.0, 1.0)).all() and (targets.sum(axis=1) == 1.0).all())


def _threshold(recording: Recording, classes: Sequence[str]) -> float:
    return 0.0 if classes[0] == "-1" else loss_record(recording.loss).threshold


def _graph_of_a_sample(
    recording: Recording, targets: Floats, parameters: Sequence[Value]
) -> tuple[GraphPayload, list[int]]:
    """The graph of the loss of one sample, and for each of its variables its place among (inputs, targets, parameters).

    The place is -1 for what is none of these. A graph that is too large is left out.
    """
    x = [Value(number, f"x{place}", role="input") for place, number in enumerate(recording.samples[0].tolist(), 1)]
    y = [Value(number, "y", role="input") for number in targets[0].reshape(-1).tolist()]
    if len(y) > 1:
        for place, target in enumerate(y, 1):
            target.label = f"y{place}"
    with held_in_mode(recording.model):
        output = recording.model(x)
    with scope("loss"):  # which can be folded then, as the layers can
        loss = recording.loss([output], [y if targets.ndim > 1 else y[0]])
    loss.label = "loss"
    try:
        graph = graph_payload(loss)
    except GraphTooLargeError:
        return _NO_GRAPH, []
    nodes = topological_order(loss)
    places = {node: place for place, node in enumerate([*x, *y, *parameters])}
    return graph, [places.get(nodes[variable["node"]], -1) for variable in graph.data["variables"]]


def _layers(model: Any, places: Mapping[Value, int]) -> list[dict[str, Any]]:
    """The layers of a perceptron, with the places of its weights and biases among the parameters; of others, none."""
    if not isinstance(model, MLP):
        return []
    return [
        {
            "activation": printable(layer.activation_name),
            "weight": [[places[weight] for weight in neuron.w] for neuron in layer.neurons],
            "bias": [places[neuron.b] for neuron in layer.neurons],
        }
        for layer in model.layers
    ]


def _curve(losses: Sequence[float], first: int) -> list[list[Any]]:
    """Epochs, counted from `first`, with their losses; of many, some that are evenly spread."""
    places = recorded_epochs(_MOST_POINTS, len(losses) - 1) if losses else []
    return [[first + place, *_plain([losses[place]])] for place in places]


def _plain(numbers: Iterable[float]) -> list[float | str]:
    """What JSON can hold: for inf and nan, which it lacks, what JavaScript makes numbers of again."""
    return [number if math.isfinite(number) else JAVASCRIPT.literal(number) for number in numbers]
