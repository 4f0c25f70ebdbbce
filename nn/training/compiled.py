"""Compiled training: a model traced on one sample becomes a program that makes many steps per call."""

import math
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import reduce
from typing import NamedTuple

from autograd import NonFiniteError, Value
from autograd.collector import collector_paused
from autograd.compiler.training.base import Setup, Steps
from autograd.compiler.training.factory import make_training_loop
from autograd.numerics import np, npt
from autograd.validation import assigned_numbers
from nn.outputs import nested_values
from nn.preprocessing import one_hot
from nn.training.eager import Note, minibatch_gradient
from nn.training.fixed import FixedParts
from nn.training.interrupts import held_interrupts
from nn.training.kept import KeptSample
from nn.training.order import minibatches, orders
from nn.training.probe import probed
from nn.training.snapshot import Snapshot
from nn.training.task import Task
from nn.training.tracing import sample_routine, update_routine

__all__ = ["TrainingProgram", "compiled_epochs", "refuse_coupling"]

Floats = npt.NDArray[np.float64]

_SECONDS_PER_CALL = 0.025  # the target, so that progress, callbacks and Ctrl-C never wait long
_MOST_NUMBERS = 4_000_000  # approximate, in the order and the masks of one call: 32 MB


class TrainingProgram:
    """The steps of a training run as a program.

    Arguments:
        task: the model, the samples and the options.
        announce: called with what is done next, before it begins, if it may take long.

    Attributes:
        task: as passed.
        sample: the routine of one sample.
        steps_per_epoch: the number of minibatches.
        samples_of_step: the number of samples of each step of an epoch.
        most_steps: the largest number of steps per call that keeps memory use low.

    Raises:
        TracingError: if the model, the loss or the optimizer branches on data.
        TypeError: if the loss does not return a Value.
        ValueError: if the loss of several samples is not the mean of their losses.
    """

    def __init__(self, task: Task, announce: Callable[[str], object] | None = None) -> None:
        self.task = task
        self._make(announce)
        samples = task.samples
        starts = np.arange(0, len(samples), task.batch_size)
        self.steps_per_epoch = len(starts)
        self.samples_of_step = np.minimum(task.batch_size, len(samples) - starts)
        self._ahead = _Ahead()
        units = sum(units for _, units in task.probe.dropouts)
        self.most_steps = max(1, _MOST_NUMBERS // (task.batch_size * (1 + units)))

    def _make(self, announce: Callable[[str], object] | None = None) -> None:
        """Traces and compiles the program, for the model and the optimizer as they are."""
        task, optimizer, samples, targets = self.task, self.task.optimizer, self.task.samples, self.task.targets
        if len(optimizer.states) != len(optimizer.parameters):
            raise ValueError(
                f"optimizer.states must hold the state of each of its {len(optimizer.parameters)} parameters, but "
                f"holds {len(optimizer.states)}; change both, or make a new optimizer"
            )
        if targets.shape[1:] != task.target_shape:
            targets = one_hot(targets, *task.target_shape)
        update = update_routine(optimizer)
        kept = KeptSample(task, update)
        new = not kept.is_kept
        if new and not task.loss.is_ours:
            refuse_coupling(task)
        if new and announce:
            announce(f"tracing {len(optimizer.parameters):,} parameters")
        self.sample = kept.routine() or sample_routine(
            task.model,
            task.loss.function,
            optimizer.parameters,
            samples.shape[1],
            task.target_shape,
            task.probe.dropouts,
        )
        if new and announce:
            announce(f"compiling {self.sample.length:,} instructions")
        self._weights = [parameter.data for parameter in optimizer.parameters]  # as the loop has them
        self._states = list(optimizer.states)
        self._loop = make_training_loop(
            Setup(
                routine=self.sample,
                update=update,
                data=np.column_stack([samples, targets]),
                weights=self._weights,
                states=self._states,
                batch=task.batch_size,
            )
        )
        self._before = [
            array.copy() for array in self._arrays
        ]  # what they are before a call; new memory would cost time
        self._fixed = FixedParts(task) if task.callbacks else None  # nothing else can change them

    def run(self, first: int, count: int) -> Floats:
        """Runs steps, which `write_back` passes on to the model and the optimizer.

        Arguments:
            first: the number of the first step, counted from 0.
            count: the number of steps, at least 1.

        Returns:
            The losses of the steps; fewer than `count` if a loss or a gradient was not finite.
        """
        task, samples = self.task, len(self.task.samples)
        epoch, batch = divmod(first, self.steps_per_epoch)
        epochs = range(epoch, (first + count - 1) // self.steps_per_epoch + 1)
        rates = np.repeat(self._rates(epochs), self.steps_per_epoch)[batch : batch + count]
        order = orders(task.seed, epochs, samples) if task.batch_size < samples else None
        start = batch * task.batch_size
        if not self._ahead.steps:
            self._read_in()
        before = self._ahead.steps
        steps = Steps(rates, task.optimizer.steps + before + 1, start, order, self._masks(epochs))
        for copy, current in zip(self._before, self._arrays, strict=True):
            np.copyto(copy, current)
        self._ahead = self._ahead._replace(numbers=self._before)
        losses = self._loop.run(steps)
        self._ahead = _Ahead(before + len(losses), (first + min(len(losses), count - 1)) // self.steps_per_epoch)
        return losses

    @collector_paused
    def write_back(self) -> None:
        """Updates weights, gradients and the state of the optimizer as eager training does, or nothing if it fails."""
        ahead = self._ahead
        if not ahead.steps:
            return
        optimizer = self.task.optimizer
        before = Snapshot(optimizer)
        try:
            self._write_back(*(ahead.numbers or self._arrays))
            optimizer.steps += ahead.steps
            optimizer.epoch = ahead.epoch
            self._ahead = _Ahead()
        except BaseException:
            before.restore()
            self._ahead = ahead
            raise

    def value_and_grad(self, weights: Floats) -> tuple[float, Floats] | None:
        """Returns the loss of all samples with these weights, and its gradient; the model does not change.

        The program must be that of full batches without dropout, and its optimizer must not move the weights.

        Returns:
            The loss and the gradient; None if they are not finite.
        """
        self._loop.weights[:] = weights
        losses = self._loop.run(Steps(np.zeros(1), 1, 0, None, self._masks(range(1))))
        return (float(losses[0]), self._loop.gradient.copy()) if len(losses) else None

    def losses_of_epochs(self, losses: Floats) -> list[float]:
        """Returns the mean loss of each epoch from those of its steps, one row per epoch, added up as eagerly."""
        with np.errstate(over="ignore"):
            totals = _sums_of_rows(losses * self.samples_of_step)
        means: list[float] = (totals / len(self.task.samples)).tolist()
        return means

    def repeat_eagerly(self, step: int) -> None:
        """Repeats a step whose loss or gradient is not finite, to raise a NonFiniteError that names the node."""
        task = self.task
        epoch, batch = divmod(step, self.steps_per_epoch)
        task.optimizer.epoch = epoch
        batches = minibatches(task.seed, epoch, len(task.samples), task.batch_size)
        minibatch_gradient(task, epoch, batches[batch].tolist())
        raise NonFiniteError(f"in epoch {epoch} the loss or a gradient is not finite")

    def _rates(self, epochs: range) -> Floats:
        """The learning rate of each epoch."""
        optimizer = self.task.optimizer
        if not callable(optimizer.lr):  # as one number for many epochs
            return np.full(len(epochs), optimizer.learning_rate())
        return np.array([optimizer.learning_rate(epoch) for epoch in epochs])

    def _masks(self, epochs: range) -> Floats:
        """The masks of all dropouts, epochs × samples × units."""
        samples, dropouts = len(self.task.samples), self.task.probe.dropouts
        if not dropouts:
            return np.empty((len(epochs), samples, 0))
        return np.array(
            [np.hstack([dropout.masks(epoch, 0, samples, units) for dropout, units in dropouts]) for epoch in epochs]
        )

    def _read_in(self) -> None:
        """Takes over what a callback has changed."""
        if self._fixed is not None and self._fixed.have_changed:
            self.task = replace(self.task, probe=probed(self.task.model, self.task.samples[:1]))
            self._make()
            return
        optimizer, loop = self.task.optimizer, self._loop
        weights = assigned_numbers(optimizer.parameters)
        if weights != self._weights:
            loop.weights[:] = weights
        if optimizer.states != self._states:
            loop.states[:] = np.array(optimizer.states, dtype=float).reshape(len(weights), -1).T

    @property
    def _arrays(self) -> tuple[Floats, Floats, Floats]:
        return self._loop.weights, self._loop.states, self._loop.gradient

    def _write_back(self, weights: Floats, states: Floats, gradients: Floats) -> None:
        optimizer = self.task.optimizer
        self._weights = weights.tolist()
        for parameter, number, gradient in zip(optimizer.parameters, self._weights, gradients.tolist(), strict=True):
            parameter.data, parameter.grad = number, gradient
        optimizer.states = [*zip(*states.tolist(), strict=True)] if len(states) else [()] * len(self._weights)
        self._states = list(optimizer.states)  # a callback may change the other list


class _Ahead(NamedTuple):
    """How far the loop is ahead of the model.

    Attributes:
        steps: the number of steps that the model has not taken over.
        epoch: that of the step after them.
        numbers: the weights, the states and the gradient after them, while the loop goes on from there: an exception
            of a signal's handler may hide how far it got. None if they are in the loop.
    """

    steps: int = 0
    epoch: int = 0
    numbers: list[Floats] | None = None


def compiled_epochs(program: TrainingProgram, note: Note) -> Iterator[int]:
    """Trains, yielding the number of epochs completed since the last yield.

    The model is up to date at the end, in whatever way that comes, and whenever something needs its weights: each copy
    takes as long as many steps of a large network.

    Arguments:
        program: the compiled training.
        note: called with the losses of completed epochs, before Ctrl-C can interrupt.

    Raises:
        NonFiniteError: if a loss or a gradient becomes inf or nan; the weights are those before that step.
    """
    try:
        yield from _epochs(program, note)
    finally:
        with held_interrupts():
            program.write_back()


def _epochs(program: TrainingProgram, note: Note) -> Iterator[int]:
    steps = program.steps_per_epoch
    done, chunk = 0, 1
    losses = np.empty(0)  # of the steps of the current epoch
    for pause in program.task.pauses:
        while done < pause * steps:
            count = min(chunk, pause * steps - done, program.most_steps)
            if done % steps + count > steps:
                count -= (done + count) % steps  # so that the call ends with an epoch
            start = time.perf_counter()
            with held_interrupts():
                made = program.run(done, count)
                seconds = time.perf_counter() - start
                done += len(made)
                losses = np.concatenate([losses, made])
                epochs = len(losses) // steps
                if epochs:
                    whole = losses[: epochs * steps].reshape(epochs, steps)
                    losses = losses[epochs * steps :]
                    if done == pause * steps or program.task.recorded:
                        program.write_back()
                    note(program.losses_of_epochs(whole))
            if epochs:
                yield epochs
            if len(made) < count:
                program.write_back()
                program.repeat_eagerly(done)
            # The time of a call includes Python's own, so that the first ones, of few steps, promise too few.
            chunk = max(1, min(64 * chunk, int(count * _SECONDS_PER_CALL / max(seconds, 1e-6))))


def _sums_of_rows(numbers: Floats) -> Floats:
    """Adds up each row from first to last, for which `sum()` would choose an order of its own."""
    rows, columns = numbers.shape
    if rows < columns:
        return np.add.accumulate(numbers, axis=1)[:, -1]  # takes its time for each row
    totals: Floats = reduce(np.add, numbers.T)
    return totals


def refuse_coupling(task: Task) -> None:
    """Checks that the loss of two samples is the mean of their losses, as a program of one sample assumes.

    Raises:
        ValueError: if it is not.
        TypeError: if the loss does not return a Value.
    """
    loss_of, outputs = task.loss.function, nested_values(task.probe.outputs.tolist())
    targets = task.targets[: len(outputs)]
    apart = [loss_of([output], targets[index : index + 1]) for index, output in enumerate(outputs)]
    together = loss_of(outputs, targets)
    if not all(isinstance(loss, Value) for loss in (*apart, together)):
        raise TypeError(f"a loss must return a Value, not {together!r}")
    mean = sum(loss.data for loss in apart) / len(apart)
    if math.isfinite(mean) and not math.isclose(mean, together.data, rel_tol=1e-9, abs_tol=1e-12):
        raise ValueError(
            f"to be compiled, a loss must be the mean of the losses of the samples, but the loss of two samples is "
            f"{together.data}, and the mean of their losses is {mean}; return the mean, or train with compiled=False"
        )
