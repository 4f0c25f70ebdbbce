"""The payload of a training run's page: the recorded weights as plain data, and programs for all other numbers.

For any epoch, the page computes the model's predictions and the loss of each sample with the compiler's JavaScript.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from autograd import Value
from autograd.compiler.source.javascript import JAVASCRIPT
from autograd.compiler.source.text import source
from autograd.compiler.trace.builder import Traced
from autograd.numerics import np, npt
from nn.losses import loss_record
from nn.modes import call_in_mode
from nn.outputs import as_list
from nn.training.history import History
from nn.training.recording import Recording, recorded_epochs
from nn.training.tracing import outcome_routine
from viz.labels import printable
from viz.pages.plane_program import plane_program
from viz.pages.sample_graph import sample_graph
from viz.pages.training_data import classes_of, layers_of, threshold_of, with_rows
from viz.pages.training_figure import Decisions, decisions

__all__ = ["TrainingRun", "training_run"]

Floats = npt.NDArray[np.float64]

_MOST_NUMBERS = 500_000  # of weights: a page of about 10 MB
_MOST_SAMPLES = 5_000
_MOST_POINTS = 1_000  # of the loss curve


@dataclass(frozen=True, slots=True)
class TrainingRun:
    """A recorded training run for a page.

    Attributes:
        recording: the recording that it shows.
        data: the data of the `GraphPayload` of one sample's loss, and under "training" the data of the run.
        javascript: the program of that graph, and `outcome(inputs..., targets..., weights...)`, which returns a list of
            a sample's loss and the model's outputs; for one or two inputs also `overPlane`, as in `PlaneProgram`.
        threshold: the output above which a model with one output predicts the second of two classes; None for others.
    """

    recording: Recording
    data: dict[str, Any]
    javascript: str
    threshold: float | None

    def decisions_of(self, predict: Callable[[Any], Any]) -> Decisions | None:
        """The decisions of a model of this run, given by its `predict`; None if they have no surface."""
        recording, classes = self.recording, self.data["training"]["classes"]
        return decisions(predict, recording.samples, recording.targets, len(classes), self.threshold)


def training_run(history: History) -> TrainingRun:
    """Returns the payload of the training run that a history recorded.

    Raises:
        ValueError: if nothing was recorded, or more than a page can hold, or the model now has other parameters.
        TracingError: if the model or the loss branches on data and therefore cannot be compiled.
    """
    recording = _checked(history)
    columns = _columns(recording)
    targets, outputs = _targets(recording)
    classes, labels = classes_of(targets, outputs)
    threshold = threshold_of(recording.loss, classes, outputs)
    graph, sources = sample_graph(recording, targets, list(columns))
    outcome = _outcome(recording, targets, list(columns))
    inputs = recording.samples.shape[1]
    plane = plane_program(recording.model, list(columns), inputs) if inputs <= 2 else None
    training = {
        "epochs": recording.epochs,
        "names": [printable(recording.names[column]) for column in columns.values()],
        "weights": [_plain(row) for row in recording.weights[:, [*columns.values()]].tolist()],
        "samples": recording.samples.tolist(),
        "targets": targets.reshape(len(targets), -1).tolist(),
        "classes": classes,
        "labels": labels,
        "threshold": threshold,
        "curve": _curve(history.loss, 0),
        "validation": _curve(history.validation_loss, 1),
        "layers": layers_of(recording.model, {parameter: index for index, parameter in enumerate(columns)}),
        "sources": sources,
        "plane": {"numbers": plane.numbers, "work": plane.work} if plane else None,
    }
    javascript = graph.javascript + source(outcome, JAVASCRIPT, "outcome").text + (plane.javascript if plane else "")
    return TrainingRun(recording, graph.data | {"training": training}, javascript, threshold)


def _checked(history: History) -> Recording:
    """Returns the recording of a history; raises ValueError if a page cannot show it."""
    recording = history.recording
    if recording is None:
        raise ValueError("the training run must be recorded to be replayed; train with model.fit(..., record=200)")
    if not history.loss:
        raise ValueError("the training run must have finished its first epoch to be replayed, but it stopped earlier")
    if [name for name, _ in recording.model.named_parameters()] != recording.names:
        raise ValueError("the model must have the parameters that it was trained with, but it now has others")
    numbers, each = recording.weights.size, len(recording.names)
    if numbers > _MOST_NUMBERS:
        advice = f"record={_MOST_NUMBERS // each}" if 2 * each <= _MOST_NUMBERS else "a smaller model"
        raise ValueError(
            f"a page holds at most {_MOST_NUMBERS:,} numbers, but {len(recording.epochs):,} epochs of {each:,} weights "
            f"are {numbers:,} numbers; train with {advice}"
        )
    if len(recording.samples) > _MOST_SAMPLES:
        raise ValueError(f"a page shows at most {_MOST_SAMPLES:,} samples, not {len(recording.samples):,}")
    return recording


def _columns(recording: Recording) -> dict[Value, int]:
    """The column of each parameter among the recorded weights, the first for one that has several names."""
    columns: dict[Value, int] = {}
    for column, (_, parameter) in enumerate(recording.model.named_parameters()):
        columns.setdefault(parameter, column)
    return columns


def _targets(recording: Recording) -> tuple[Floats, int]:
    """The targets, classes among them as one-hot rows if the loss takes classes, and the number of outputs."""
    outputs = len(as_list(call_in_mode(False, recording.model, recording.samples[0].tolist())))
    return with_rows(recording.targets, loss_record(recording.loss), outputs), outputs


def _outcome(recording: Recording, targets: Floats, parameters: Sequence[Value]) -> Traced:
    """The routine of the loss of a sample and the outputs for it, with names for its inputs."""
    inputs = recording.samples.shape[1]
    routine = outcome_routine(recording.model, recording.loss, parameters, inputs, targets.shape[1:])
    counts = {"x": inputs, "y": targets[:1].size, "w": len(parameters)}
    names = tuple(f"{letter}{number}" for letter, count in counts.items() for number in range(1, count + 1))
    return Traced(routine, names, {}, ())


def _curve(losses: Sequence[float], first: int) -> list[list[Any]]:
    """Epochs, counted from `first`, with their losses; only evenly spaced ones if there are many."""
    indices = recorded_epochs(_MOST_POINTS, len(losses) - 1) if losses else []
    return [[first + index, *_plain([losses[index]])] for index in indices]


def _plain(numbers: Iterable[float]) -> list[float | str]:
    """Numbers for JSON, which has no inf and nan: these become strings that JavaScript converts back."""
    return [number if math.isfinite(number) else JAVASCRIPT.literal(number) for number in numbers]
