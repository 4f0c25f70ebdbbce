"""Training and predicting by programs: a model traced on one sample, run on all."""

import math
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from autograd import NonFiniteError, Value
from autograd.compiler.targets.make import make_target
from autograd.compiler.training.base import Setup, Steps, TrainingLoop
from autograd.compiler.training.factory import make_training_loop
from nn.checks import held_in_mode
from nn.losses import OF_CLASSES
from nn.module import Module
from nn.optimizers import Optimizer
from nn.preprocessing import one_hot
from nn.training.interrupts import held_interrupts
from nn.training.tracing import SampleRoutine, output_routine, sample_routine, update_routine

__all__ = ["Plan", "Task", "compiled_epochs", "compiled_outputs"]

Floats = npt.NDArray[np.float64]

_SECONDS_A_CALL = 0.025  # aimed at, so that progress, callbacks and Ctrl-C never wait for long
_MOST_NUMBERS = 4_000_000  # about, in the order and the masks of one call: 32 MB


class Task(NamedTuple):
    """What is trained: a model by a loss and an optimizer, on samples with targets, so many of them a step."""

    model: Module
    loss_of: Callable[..., Any]
    optimizer: Optimizer
    samples: Floats
    targets: Floats
    batch_size: int


class Plan:
    """All that a compiled training needs, made before it begins.

    Arguments:
        task: what is trained.
        seed: for the order of the samples.

    Raises:
        TracingError: if the model, the loss or the optimizer branches on data.
        ValueError: if the loss of several samples is not the mean of theirs.
    """

    def __init__(self, task: Task, seed: int = 0) -> None:
        model, loss_of, optimizer, samples, targets, batch_size = task
        if loss_of in OF_CLASSES and targets.ndim == 1:
            targets = one_hot(targets, len(model(samples[0].tolist())))
        _refuse_coupling(model, loss_of, samples[:2], targets[:2])
        self.optimizer = optimizer
        self.sample: SampleRoutine = sample_routine(
            model, loss_of, optimizer.parameters, samples.shape[1], targets.shape[1:]
        )
        self.loop: TrainingLoop = make_training_loop(
            Setup(
                self.sample.routine,
                update_routine(optimizer),
                np.column_stack([samples, targets]),
                [parameter.data for parameter in optimizer.parameters],
                optimizer.states,
                batch_size,
            )
        )
        self.samples, self.batch_size = len(samples), min(batch_size, len(samples))
        self._rng = np.random.default_rng(seed)
        self._orders: dict[int, Any] = {}

    @property
    def steps_an_epoch(self) -> int:
        """How many minibatches there are."""
        return -(-self.samples // self.batch_size)

    @property
    def shares(self) -> Floats:
        """What the mean loss of each step of an epoch counts for in that of the epoch: its share of the samples."""
        starts = np.arange(0, self.samples, self.batch_size)
        return np.minimum(self.batch_size, self.samples - starts) / self.samples

    @property
    def most_steps(self) -> int:
        """How many steps one call may make without taking much memory."""
        units = sum(units for _, units in self.sample.masks)
        return max(1, _MOST_NUMBERS // (self.batch_size * (1 + units)))

    def run(self, first: int, count: int) -> Floats:
        """Makes steps, from that of number `first` on; their losses, fewer if one was not finite."""
        epoch, place = divmod(first, self.steps_an_epoch)
        epochs = range(epoch, (first + count - 1) // self.steps_an_epoch + 1)
        order = None
        if self.batch_size < self.samples:
            self._orders = {epoch: self.order(epoch) for epoch in epochs}
            order = np.array(list(self._orders.values()))
        rates = np.repeat(self._rates(epochs), self.steps_an_epoch)[place : place + count]
        start = place * self.batch_size
        losses = self.loop.run(Steps(rates, self.optimizer.steps + 1, start, order, self._masks(epochs)))
        self._write_back()
        self.optimizer.steps += len(losses)
        return losses

    def order(self, epoch: int) -> "npt.NDArray[np.int64]":
        """The samples in the order they come in, in an epoch of the last run or the one after."""
        if self.batch_size == self.samples:
            return np.arange(self.samples)
        return self._orders[epoch] if epoch in self._orders else self._rng.permutation(self.samples)

    def _rates(self, epochs: range) -> Floats:
        """The learning rate of each epoch."""
        if not callable(self.optimizer.lr):
            self.optimizer.epoch = epochs[-1]
            return np.full(len(epochs), self.optimizer.learning_rate())
        rates = np.empty(len(epochs))
        for place, epoch in enumerate(epochs):
            self.optimizer.epoch = epoch
            rates[place] = self.optimizer.learning_rate()
        return rates

    def _masks(self, epochs: range) -> Floats:
        if not self.sample.masks:
            return np.empty((len(epochs), self.samples, 0))
        return np.array(
            [
                np.hstack([dropout.masks(epoch, 0, self.samples, units) for dropout, units in self.sample.masks])
                for epoch in epochs
            ]
        )

    def _write_back(self) -> None:
        gradients = self.loop.gradient.tolist()
        for parameter, number, gradient in zip(
            self.optimizer.parameters, self.loop.weights.tolist(), gradients, strict=True
        ):
            parameter.data, parameter.grad = number, gradient
        self.optimizer.states = [tuple(state) for state in self.loop.states.T.tolist()]


def _refuse_coupling(model: Module, loss_of: Callable[..., Any], samples: Floats, targets: Floats) -> None:
    """Raises ValueError unless the loss of two samples is the mean of theirs, as for a program of one sample it is."""
    with held_in_mode(model):
        outputs = [model(sample) for sample in samples.tolist()]
    apart = [loss_of([output], target[None]) for output, target in zip(outputs, targets, strict=True)]
    together = loss_of(outputs, targets)
    if not all(isinstance(loss, Value) for loss in (*apart, together)):
        raise TypeError(f"a loss gives a Value, not {together!r}")
    mean = sum(loss.data for loss in apart) / len(apart)
    if math.isfinite(mean) and not math.isclose(mean, together.data, rel_tol=1e-9, abs_tol=1e-12):
        raise ValueError(
            f"the loss of two samples is {together.data}, but the mean of theirs is {mean}: a loss that is compiled "
            "is a mean over samples, each for itself; give the mean, or train with compiled=False"
        )


def compiled_epochs(
    plan: Plan,
    pauses: Sequence[int],
    *,
    note: Callable[[list[float]], object],
    replay: Callable[[int, Any], object],
) -> Iterator[int]:
    """Trains, and gives how many epochs were done since the last time; the model is then up to date.

    Arguments:
        plan: what is trained.
        pauses: after how many epochs to stop in any case; the last is the end.
        note: called with the losses of epochs as soon as the weights are theirs; no Ctrl-C comes in between.
        replay: called with the epoch and the samples of a step whose loss or gradient is not finite; raises.
    """
    shares = plan.shares
    done, chunk = 0, 1  # steps
    losses = np.empty(0)  # of the steps of the epoch that is under way
    for pause in pauses:
        while done < pause * len(shares):
            count = min(chunk, pause * len(shares) - done, plan.most_steps)
            if done % len(shares) + count > len(shares):
                count -= (done + count) % len(shares)  # ends with an epoch, if it can
            start = time.perf_counter()
            with held_interrupts():
                made = plan.run(done, count)
                done += len(made)
                losses = np.concatenate([losses, made])
                epochs = len(losses) // len(shares)
                if epochs:
                    whole = losses[: epochs * len(shares)].reshape(epochs, len(shares))
                    note((whole * shares).sum(axis=1).tolist())
                    losses = losses[epochs * len(shares) :]
            seconds = time.perf_counter() - start
            if epochs:
                yield epochs
            if len(made) < count:
                epoch, batch = divmod(done, len(shares))
                replay(epoch, plan.order(epoch)[batch * plan.batch_size : (batch + 1) * plan.batch_size])
                raise NonFiniteError(f"in epoch {epoch} the loss or a gradient is not finite")
            chunk = max(1, min(2 * chunk, int(count * _SECONDS_A_CALL / max(seconds, 1e-6))))


def compiled_outputs(model: Module, inputs: int) -> Callable[[Floats], Floats]:
    """A function from samples to the outputs of a model in evaluation, samples × outputs, by its weights of the moment.

    Raises:
        TracingError: if the model branches on data.
    """
    parameters: Sequence[Value] = model.parameters()
    target = make_target("auto", output_routine(model, parameters, inputs), inputs)
    return lambda samples: target.values(samples.T, [parameter.data for parameter in parameters]).T
