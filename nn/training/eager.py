"""The training loop as one would write it by hand: the readable reference for compiled training."""

import math
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

from autograd import NonFiniteError, Value
from nn.masks import call_with_masks, constant_mask
from nn.modes import call_in_mode
from nn.training.order import minibatches
from nn.training.snapshot import Snapshot
from nn.training.task import Task

if TYPE_CHECKING:
    from nn.modules.dropout import Dropout
    from nn.modules.module import Module

__all__ = ["Finish", "Note", "eager_epochs", "minibatch_gradient"]

Note = Callable[[list[float]], object]
"""Called with the losses of some epochs as soon as they are complete."""
Finish = Callable[[int, Callable[[], object]], bool]
"""Called after some epochs with their number, and a function that brings the model up to date: a program writes weights
back only where something needs them. Returns whether to stop."""


def eager_epochs(task: Task, note: Note) -> Iterator[int]:
    """Trains, yielding 1 after each epoch, once its loss is noted."""
    samples = len(task.samples)
    for epoch in range(task.epochs):
        task.optimizer.epoch = epoch
        total = 0.0
        for batch in minibatches(task.seed, epoch, samples, task.batch_size):
            total += _step(task, epoch, batch.tolist()) * len(batch)
        note([total / samples])
        yield 1


def _step(task: Task, epoch: int, batch: list[int]) -> float:
    """Makes the step of a minibatch, or none if it is interrupted, and returns the mean loss before it."""
    before = Snapshot(task.optimizer, task.model.parameters())
    try:
        mean = minibatch_gradient(task, epoch, batch)
        task.optimizer.step()
    except NonFiniteError:  # the gradient stays, to be looked at
        raise
    except BaseException:
        before.restore()
        raise
    return mean


def minibatch_gradient(task: Task, epoch: int, batch: list[int]) -> float:
    """Returns the mean loss of a minibatch, and stores its gradient in the parameters.

    Arguments:
        task: the model, the samples and the options.
        epoch: counted from 0; determines the dropout masks.
        batch: the indices of the samples.

    Raises:
        NonFiniteError: if the loss or a gradient is inf or nan; the message names the first such node.
    """
    task.optimizer.zero_grad()
    task.model.zero_grad()  # also the parameters that the optimizer does not update
    mean = task.loss.function(_outputs(task, epoch, batch), task.targets[batch])
    if not isinstance(mean, Value):
        raise TypeError(f"a loss must return a Value, not {mean!r}")
    mean.backward()
    _check_finite(mean, task.model, epoch)
    return mean.data


def _outputs(task: Task, epoch: int, batch: Iterable[int]) -> list[Any]:
    """The model's output for each sample, with the dropout of that sample in that epoch."""
    return [
        call_in_mode(True, call_with_masks, partial(_mask, epoch, sample), task.model, task.samples[sample].tolist())
        for sample in batch
    ]


def _mask(epoch: int, sample: int, dropout: "Dropout", units: int) -> list[Value]:
    return constant_mask(dropout.mask(epoch, sample, units).tolist())


def _check_finite(loss: Value, model: "Module", epoch: int) -> None:
    """Raises a NonFiniteError that names the first node, or else the first gradient, that is inf or nan."""
    gradients = {name: parameter.grad for name, parameter in model.named_parameters()}
    if math.isfinite(loss.data) and all(map(math.isfinite, gradients.values())):
        return
    where = f"in epoch {epoch} the loss is {loss.data}; the weights are those before this step"
    try:
        loss.check_finite()
    except NonFiniteError as error:
        raise NonFiniteError(f"{error} ({where})") from None
    name, gradient = next((name, g) for name, g in gradients.items() if not math.isfinite(g))
    raise NonFiniteError(f"the gradient of {name} is {gradient} ({where})")
