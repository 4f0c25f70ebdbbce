"""The steps of a training on arrays of numbers: as machine code, or from source where there is no LLVM."""

from collections.abc import Sequence
from importlib.util import find_spec
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from autograd.compiler.ir.hoisting import hoisted
from autograd.compiler.ir.routine import Routine
from autograd.compiler.source.python import python_function
from autograd.compiler.targets.arrays import array_functions
from autograd.compiler.targets.python import FLOAT_FUNCTIONS

__all__ = ["Descent", "Steps", "descent_of"]

Floats = npt.NDArray[np.float64]
_WORTH_AN_ARRAY = 16  # samples from which NumPy on all of them beats Python on each


class Steps(NamedTuple):
    """Some steps of a training, one after the other, and what differs from each to the next.

    Attributes:
        rates: the learning rate of each.
        number: that of the first, from 1.
        start: where the minibatch of the first begins, among the samples of its epoch.
        order: the sample that comes at each place, in each epoch they belong to: epochs × samples. None takes all
            samples at once, in their order.
        masks: epochs × samples × units, by sample; of no units if there is no dropout.
    """

    rates: Floats
    number: int
    start: int
    order: npt.NDArray[np.int64] | None
    masks: Floats


class Descent:
    """A training under way: weights and states, and how to go on.

    Arguments:
        routine: of one sample, from (row of `source`, masks, weights, weight of the sample) to the loss, and the
            weight times its gradient by each of the weights.
        update: of one parameter, from (w, gradient, states ..., lr, t) to (w, states ...).
        source: the samples with their targets, one a row.
        weights: the parameters' numbers.
        states: for each parameter, its numbers of state.
        batch: how many samples a step is taken on.

    Attributes:
        weights: parameters.
        states: slots × parameters.
        gradient: that of the last step.
    """

    def __init__(
        self,
        routine: Routine,
        update: Routine,
        source: Floats,
        weights: Sequence[float],
        states: Sequence[Sequence[float]],
        batch: int,
    ) -> None:
        self.routine = routine
        self.before, self.update = hoisted(update, 2)
        self.source = np.ascontiguousarray(source)
        self.weights = np.array(weights, dtype=float)
        self.states = np.array(states, dtype=float).reshape(len(self.weights), -1).T.copy()
        self.gradient = np.zeros(len(self.weights))
        self.batch = min(batch, len(source))
        self._beforehand = python_function(self.before, array_functions(np))

    def run(self, steps: Steps) -> Floats:
        """Makes some steps.

        Returns:
            The mean loss of the minibatch of each. They are fewer than there were to be if a loss or a gradient was not
            finite: the weights are then those before that step.
        """
        raise TypeError(f"{type(self).__name__} defines no run")

    def uniform(self, steps: Steps) -> Floats:
        """What is the same for all parameters in a step: steps × numbers, computed for all steps at once."""
        count = len(steps.rates)
        t = np.arange(steps.number, steps.number + count, dtype=float)
        with np.errstate(all="ignore"):
            results = self._beforehand(steps.rates, t)
        columns = [np.broadcast_to(result, count) for result in results]
        return np.ascontiguousarray(np.array(columns).reshape(len(columns), count).T)


class SourceDescent(Descent):
    """Runs the routines as Python source: on arrays, or sample after sample where there are few."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._arrays = self.batch >= _WORTH_AN_ARRAY
        self._sample = python_function(self.routine, array_functions(np) if self._arrays else FLOAT_FUNCTIONS)
        self._step = python_function(self.update, array_functions(np))

    def run(self, steps: Steps) -> Floats:
        """See `Descent`."""
        losses: list[float] = []
        epoch, start, samples = 0, steps.start, len(self.source)
        for uniform in self.uniform(steps):
            order = np.arange(samples) if steps.order is None else steps.order[epoch]
            chosen = order[start : start + self.batch]
            mean, gradient = self._mean(np.hstack([self.source[chosen], steps.masks[epoch][chosen]]))
            if not (np.isfinite(mean) and np.isfinite(gradient).all()):
                break
            self.gradient = gradient
            moved = self._moved(uniform)
            self.weights, self.states = moved[0], moved[1:]
            losses.append(mean)
            start += self.batch
            if start >= samples:
                epoch, start = epoch + 1, 0
        return np.array(losses)

    def _mean(self, rows: Floats) -> tuple[float, Floats]:
        """The mean loss of some samples, and its gradient."""
        weight = 1.0 / len(rows)
        if self._arrays:
            with np.errstate(all="ignore"):
                (loss,), gradients = self._sample(*rows.T, *self.weights, weight)
            sums = [np.broadcast_to(number, len(rows)).sum() for number in (loss * weight, *gradients)]
            return float(sums[0]), np.array(sums[1:])
        results = [self._sample(*row, *self.weights.tolist(), weight) for row in rows.tolist()]
        return sum(loss * weight for (loss,), _ in results), np.sum([gradient for _, gradient in results], axis=0)

    def _moved(self, uniform: Floats) -> Floats:
        with np.errstate(all="ignore"):
            results = self._step(self.weights, self.gradient, *self.states, *uniform)
        return np.array([np.broadcast_to(result, len(self.weights)) for result in results])


def descent_of(*arguments: Any) -> Descent:
    """The fastest `Descent` there is here: machine code where llvmlite is installed."""
    if find_spec("llvmlite"):
        from autograd.compiler.training.native import NativeDescent

        return NativeDescent(*arguments)
    return SourceDescent(*arguments)
