"""The payload of the live page: its data sets and choices as plain data, and the programs for all numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from autograd import Value
from autograd.compiler.source.javascript import PRELUDE
from autograd.numerics import np, npt
from nn import SGD, Adam, AdamW, one_hot
from nn.optimizers import LBFGS, Optimizer
from nn.training.compiled import refuse_coupling
from nn.training.task import Task
from viz.pages.page import asset
from viz.pages.scripts import joined
from viz.pages.training_data import classes_of, threshold_of
from viz.pages.training_program import (
    POWERS,
    Programs,
    loss_program,
    network_programs,
    optimizer_programs,
    penalty_program,
)

__all__ = ["LARGEST", "DataSet", "LivePayload", "live_payload", "refuse"]

Floats = npt.NDArray[np.float64]

LARGEST = 600_000  # characters of a page
_MOST_SAMPLES = 5_000


@dataclass(frozen=True, slots=True)
class DataSet:
    """Samples to train on, and others that are held out, or none.

    Attributes:
        title: its name.
        samples, targets: as arrays; targets are one number, or a row, for each sample.
        held_out: samples and targets, or None.
    """

    title: str
    samples: Floats
    targets: Floats
    held_out: tuple[Floats, Floats] | None


@dataclass(frozen=True, slots=True)
class LivePayload:
    """Everything that the live page needs.

    Attributes:
        data: for JSON.
        javascript: the programs, and the class `TrainingServer`, which trains with them. It runs on the page and in its
            worker.
    """

    data: dict[str, Any]
    javascript: str


def refuse(task: Task) -> None:
    """Checks that a page can make the steps of a training run.

    Raises:
        ValueError: if the optimizer is `LBFGS`, its learning rate is a function, or the model has dropout; if the loss
            is not a mean over samples; or if the weights alone make the page too large.
    """
    optimizer = task.optimizer
    weights = sum(len(repr(weight.data)) for weight in task.model.parameters())
    if weights > LARGEST:
        raise ValueError(
            f"a live page has at most {LARGEST:,} characters, and the weights alone take {weights:,}: use fewer neurons"
        )
    if isinstance(optimizer, LBFGS):
        raise ValueError("the optimizer of a live page must make one step for each minibatch, as nn.Adam; not LBFGS")
    if callable(optimizer.lr):
        raise ValueError(
            "the learning rate of a live page must be a number, which the reader changes, not a function of the epoch"
        )
    if task.probe.dropouts:
        raise ValueError("a model on a live page must have no dropout, whose masks are drawn in Python")
    if not task.loss.is_ours:
        refuse_coupling(task)


def live_payload(
    task: Task, sets: Sequence[DataSet], networks: Sequence[tuple[str, Any]], names: Sequence[str] | None = None
) -> LivePayload:
    """Returns the payload of a page.

    Arguments:
        task: the model, its loss and its optimizer.
        sets: the data sets, of which the first is that of the task.
        networks: the titles and the models that the reader chooses from, the first of which is that of the task.
        names: those of the classes, or None for their targets.

    Raises:
        TypeError: if names are not strings.
        TracingError: if a model, the loss or the optimizer branches on data.
        NotImplementedError: if an operation of the user's own calls plain Python.
        ValueError: if there are more samples than a page shows, or not as many names as classes.
    """
    (outputs,), inputs = task.probe.shape or (1,), task.samples.shape[1]
    rows = [_rows(task, each.targets) for each in sets]
    shown = [_set(task, each, targets) for each, targets in zip(sets, rows, strict=True)]
    made = [
        network_programs(model, task.loss.function, _trained(task, model), inputs, task.target_shape, number)
        for number, (_, model) in enumerate(networks)
    ]
    optimizers = _optimizers(task.optimizer)
    updates = [optimizer_programs(optimizer, number) for number, optimizer in enumerate(optimizers.values())]
    classes, labels = classes_of(rows[0], outputs)
    data = {
        "networks": [{"title": title, **programs.data} for (title, _), programs in zip(networks, made, strict=True)],
        "optimizers": list(optimizers),
        "sets": shown,
        "inputs": inputs,
        "outputs": outputs,
        "classes": classes if names is None else _checked_names(names, len(classes)),
        "classTargets": _class_targets(rows[0], labels, classes, outputs),
        "threshold": threshold_of(task.loss.function, classes, outputs),
        "start": {
            "rate": task.optimizer.learning_rate(),
            "momentum": task.optimizer.momentum if type(task.optimizer) is SGD else 0.0,
            "batch": task.batch_size if task.batch_size < len(task.samples) else 0,
            "seed": task.seed,
            "states": np.array(task.optimizer.states, dtype=float)
            .reshape(len(task.optimizer.parameters), -1)
            .T.ravel()
            .tolist(),
            "steps": task.optimizer.steps,
        },
    }
    slopes = loss_program(task.loss.function, task.probe.shape, task.target_shape, "lossSlopes")
    return LivePayload(data, _javascript(made, updates, slopes))


def _checked_names(names: Any, classes: int) -> list[str]:
    if isinstance(names, str) or not isinstance(names, Sequence) or not all(isinstance(name, str) for name in names):
        raise TypeError(f"classes must be the names of the classes, such as ['cat', 'dog'], not {names!r}")
    if not classes:
        raise ValueError("classes must be None unless the targets are classes")
    if len({*names}) != classes or len(names) != classes or not all(names):
        raise ValueError(f"classes must be {classes} different names, one for each class, not {names!r}")
    return [*names]


def _javascript(networks: Sequence[Programs], optimizers: Sequence[Programs], slopes: str) -> str:
    lists = (
        f"const {name} = [\n{''.join(f'  {each.entry},{chr(10)}' for each in programs)}];\n"
        for name, programs in (("networks", networks), ("optimizers", optimizers))
    )
    texts = [penalty_program("penaltySlope"), slopes, *(programs.text for programs in (*networks, *optimizers))]
    return "".join([PRELUDE, POWERS, *texts, *lists, joined("server", asset)])


def _trained(task: Task, model: Any) -> Sequence[Value]:
    parameters: Sequence[Value] = task.optimizer.parameters if model is task.model else model.parameters()
    return parameters


def _optimizers(given: Optimizer) -> dict[str, Optimizer]:
    """The optimizers by their titles: the one given, then others with the options that are usual."""
    parameters = given.parameters
    found = {_title(given): given}
    for optimizer in (SGD(parameters), Adam(parameters), AdamW(parameters)):
        found.setdefault(_title(optimizer), optimizer)
    return found


def _title(optimizer: Optimizer) -> str:
    """The name of an optimizer with the options by which it differs from the usual ones; a momentum is a setting."""
    kind = type(optimizer)
    hidden = {"lr", "parameters", "states", "slots", "epoch", "steps", *(["momentum"] if kind is SGD else [])}
    usual = vars(kind(optimizer.parameters)) if kind in (SGD, Adam, AdamW) else {}
    shown = {
        option: value
        for option, value in vars(optimizer).items()
        if option not in hidden and usual.get(option) != value
    }
    words = [f"{option.replace('_', ' ')} {_short(value)}" for option, value in shown.items()]
    return ", ".join([kind.__name__, *words])


def _short(value: Any) -> str:
    if isinstance(value, (tuple, list)):
        return " and ".join(map(_short, value))
    return f"{value:g}" if isinstance(value, (int, float)) else str(value)


def _rows(task: Task, targets: Floats) -> Floats:
    """Targets in the shape that the loss takes: a class as a row."""
    return targets if targets.shape[1:] == task.target_shape else one_hot(targets, *task.target_shape)


def _class_targets(targets: Floats, labels: Sequence[int], classes: Sequence[str], outputs: int) -> list[list[float]]:
    """The target of a sample of each class."""
    if outputs > 1:
        return np.eye(outputs).tolist() if classes else []
    return [[float(name)] for name in classes]


def _set(task: Task, each: DataSet, targets: Floats) -> dict[str, Any]:
    if len(each.samples) > _MOST_SAMPLES:
        raise ValueError(f"a page shows at most {_MOST_SAMPLES:,} samples, not {len(each.samples):,}")
    held_out = each.held_out
    return {
        "title": each.title,
        "samples": each.samples.tolist(),
        "targets": targets.reshape(len(targets), -1).tolist(),
        "heldOut": None
        if held_out is None
        else [*zip(held_out[0].tolist(), _rows(task, held_out[1]).reshape(len(held_out[0]), -1).tolist(), strict=True)],
    }
