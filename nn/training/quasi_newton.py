"""Training with L-BFGS: SciPy minimizes the loss of all samples, each of its iterations is an epoch."""

import warnings
from collections.abc import Callable
from dataclasses import replace
from typing import Any, NamedTuple

from autograd.numerics import np, npt
from autograd.validation import assigned_numbers
from nn.assignment import assign
from nn.optimizers import LBFGS, SGD
from nn.training.compiled import TrainingProgram
from nn.training.eager import Finish, Note, minibatch_gradient
from nn.training.fixed import FixedParts
from nn.training.interrupts import held_interrupts
from nn.training.snapshot import Snapshot
from nn.training.task import Task

__all__ = ["minimize_loss", "without_steps"]

Floats = npt.NDArray[np.float64]
Function = Callable[[Floats, int], tuple[float, Floats]]
"""From weights, and the epoch for error messages, to the mean loss of all samples and its gradient."""

_MOST_TRIALS = 50  # in the line search of an iteration, as scikit-learn has it
_CONVERGED, _OUT_OF_EPOCHS = 0, 1  # SciPy's status


def without_steps(task: Task) -> Task:
    """The task with an optimizer that leaves the weights where they are, to compile its loss and gradient."""
    return replace(task, optimizer=SGD(task.optimizer.parameters, lr=0.0))


def minimize_loss(task: Task, optimizer: LBFGS, program: TrainingProgram | None, note: Note, finish: Finish) -> str:
    """Trains until the loss converges, or for at most `task.epochs` epochs.

    Arguments:
        task: the model, the samples and the options.
        optimizer: that of the task.
        program: the compiled training of `without_steps(task)`; None to train eagerly.
        note: called with the loss of each epoch, that before its step.
        finish: called after each epoch; the model is up to date if `task.pauses` lists it.

    Returns:
        Why training ended, as in `History.stopped`.

    Raises:
        ImportError: if SciPy is not installed.
        NonFiniteError: if the loss or a gradient becomes inf or nan; the weights are those before that step.
        RuntimeError: if a callback changes what the loss depends on, but does not end training.
    """
    try:
        from scipy.optimize import minimize
    except ImportError as error:
        raise ImportError("nn.LBFGS needs SciPy: pip install 'scalar-autograd[scipy]'") from error
    eager = _eager_function(task)
    function = eager if program is None else _compiled_function(program, eager)
    run = _Run(task, optimizer, function, note, finish)
    try:
        found = minimize(
            run.objective,
            np.array(assigned_numbers(optimizer.parameters)),
            jac=True,
            method="L-BFGS-B",
            callback=run.after_iteration,
            options={
                "maxiter": task.epochs,
                "maxfun": _MOST_TRIALS * task.epochs,
                "maxls": _MOST_TRIALS,
                "maxcor": optimizer.history_size,
                "gtol": optimizer.tolerance_grad,
                "ftol": optimizer.tolerance_change,
            },
        )
        if not found.nit:  # it was at a minimum when training began
            run.finish_epoch(np.array(assigned_numbers(optimizer.parameters)))
    finally:
        with held_interrupts():
            run.write_back()
    if run.stopped:
        return "early"
    if found.status not in (_CONVERGED, _OUT_OF_EPOCHS):
        warnings.warn(f"L-BFGS found no lower loss, and stopped: {found.message}", RuntimeWarning, stacklevel=5)
    return "converged" if found.status == _CONVERGED else "finished"


class _Run:
    """What SciPy calls: the function that it minimizes, and what follows each iteration."""

    def __init__(self, task: Task, optimizer: LBFGS, function: Function, note: Note, finish: Finish) -> None:
        self.optimizer, self.function, self.note, self.finish = optimizer, function, note, finish
        self.stopped = False
        self._pauses, self._fixed = frozenset(task.pauses), FixedParts(task) if task.callbacks else None
        self._epoch = 0
        self._weights = self._gradient = np.empty(0)  # of the last evaluation
        self._loss = self._before = np.nan  # the loss of the last evaluation, and that before the current epoch
        self._found: _Found | None = None

    def objective(self, weights: Floats) -> tuple[float, Floats]:
        """Returns the loss with half the weight decay times the sum of squares, and the gradient of this sum."""
        decay = self.optimizer.weight_decay
        self._loss, self._gradient = self.function(weights, self._epoch)
        self._weights = weights.copy()
        if np.isnan(self._before):
            self._before = self._loss
        return self._loss + 0.5 * decay * float(weights @ weights), self._gradient + decay * weights

    def after_iteration(self, intermediate_result: Any) -> None:
        """SciPy's callback, which it recognizes by the name of its argument."""
        self.finish_epoch(intermediate_result.x)
        if self.stopped:
            raise StopIteration  # which ends SciPy's loop

    def finish_epoch(self, weights: Floats) -> None:
        """Takes note of the weights that an iteration has found, and passes them on to the model if that needs them."""
        if not np.array_equal(weights, self._weights):  # the line search went back to an earlier trial
            self.objective(weights)
        with held_interrupts():
            steps = self._found.steps if self._found else 0
            self._found = _Found(self._weights, self._gradient, self._epoch, steps + 1)
            before, self._before = self._before, self._loss
            self._epoch += 1
            if self._epoch in self._pauses:
                self.write_back()
            self.note([before])
        self.stopped = self.finish(1, self.write_back)
        if self._fixed and not self.stopped and self._has_changed(self._fixed):
            raise RuntimeError(
                "a callback must not change the weights while LBFGS trains, or anything else that the loss depends on; "
                "return True from the callback to end training, or train with nn.Adam"
            )

    def write_back(self) -> None:
        """Moves the parameters to the weights of the last iteration, or nothing if it fails."""
        optimizer, found = self.optimizer, self._found
        if found is None:
            return
        before = Snapshot(optimizer)
        try:
            self._found = None  # so that a second call does not count its steps again
            assign(optimizer.parameters, found.weights.tolist())
            for parameter, gradient in zip(optimizer.parameters, found.gradient.tolist(), strict=True):
                parameter.grad = gradient
            optimizer.steps, optimizer.epoch = optimizer.steps + found.steps, found.epoch
        except BaseException:
            before.restore()
            self._found = found
            raise

    def _has_changed(self, fixed: FixedParts) -> bool:
        """Whether a callback has changed what the loss depends on, after an epoch whose weights the model has."""
        return fixed.have_changed or assigned_numbers(self.optimizer.parameters) != self._weights.tolist()


class _Found(NamedTuple):
    """What iterations have found that the model does not have yet.

    Attributes:
        weights, gradient: those after the last one.
        epoch: its number.
        steps: the number of iterations.
    """

    weights: Floats
    gradient: Floats
    epoch: int
    steps: int


def _eager_function(task: Task) -> Function:
    parameters, samples = task.optimizer.parameters, list(range(len(task.samples)))

    def loss_and_gradient(weights: Floats, epoch: int) -> tuple[float, Floats]:
        before = Snapshot(task.optimizer, task.parameters)
        try:
            assign(parameters, weights.tolist())
            loss = minibatch_gradient(task, epoch, samples)
            gradient = np.array([parameter.grad for parameter in parameters])
            before.restore()
        except BaseException:
            before.restore()
            raise
        return loss, gradient

    return loss_and_gradient


def _compiled_function(program: TrainingProgram, eager: Function) -> Function:
    def loss_and_gradient(weights: Floats, epoch: int) -> tuple[float, Floats]:
        found = program.value_and_grad(weights)
        return eager(weights, epoch) if found is None else found  # which names the node that is not finite

    return loss_and_gradient
