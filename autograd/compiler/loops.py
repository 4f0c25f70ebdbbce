"""The epoch loop of a training on arrays of numbers: as machine code, or from source where there is no LLVM."""

from collections.abc import Sequence
from importlib.util import find_spec
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from autograd.compiler.array_functions import array_functions
from autograd.compiler.hoisting import hoisted
from autograd.compiler.targets import float_functions, python_function
from autograd.compiler.tracing import Routine

__all__ = ["Descent", "Epochs", "descent_of"]

Floats = npt.NDArray[np.float64]
_WORTH_AN_ARRAY = 16  # samples from which NumPy on all of them beats Python on each


class Epochs(NamedTuple):
    """What differs from epoch to epoch.

    Attributes:
        order: the sample that comes at each place: epochs × samples. None takes all samples at once, in their order.
        masks: epochs × samples × units, by sample; of no units if there is no dropout.
        rates: the learning rate of each step.
        first: the number of the first step, from 1.
    """

    order: npt.NDArray[np.int64] | None
    masks: Floats
    rates: Floats
    first: int


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

    def run(self, epochs: Epochs, count: int) -> tuple[list[float], int]:
        """Goes through the samples `count` times.

        Returns:
            The mean loss of each epoch that was finished, and how many steps were made: fewer than there are where a
            loss or a gradient was not finite. The weights are then those before that step.
        """
        raise TypeError(f"{type(self).__name__} defines no run")

    def uniform(self, epochs: Epochs) -> Floats:
        """What is the same for all parameters in a step: steps × numbers, computed for all steps at once."""
        steps = len(epochs.rates)
        t = np.arange(epochs.first, epochs.first + steps, dtype=float)
        with np.errstate(all="ignore"):
            results = self._beforehand(epochs.rates, t)
        columns = [np.broadcast_to(result, steps) for result in results]
        return np.ascontiguousarray(np.array(columns).reshape(len(columns), steps).T)


class SourceDescent(Descent):
    """Runs the routines as Python source: on arrays, or sample after sample where there are few."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._arrays = self.batch >= _WORTH_AN_ARRAY
        self._sample = python_function(self.routine, array_functions(np) if self._arrays else float_functions())
        self._step = python_function(self.update, array_functions(np))

    def run(self, epochs: Epochs, count: int) -> tuple[list[float], int]:
        """See `Descent`."""
        uniform, step = self.uniform(epochs), 0
        losses: list[float] = []
        for epoch in range(count):
            order = np.arange(len(self.source)) if epochs.order is None else epochs.order[epoch]
            total = 0.0
            for start in range(0, len(order), self.batch):
                chosen = order[start : start + self.batch]
                mean, gradient = self._mean(np.hstack([self.source[chosen], epochs.masks[epoch][chosen]]))
                if not (np.isfinite(mean) and np.isfinite(gradient).all()):
                    return losses, step
                self.gradient = gradient
                moved = self._moved(uniform[step])
                self.weights, self.states = moved[0], moved[1:]
                total += mean * len(chosen)
                step += 1
            losses.append(total / len(order))
        return losses, step

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
        from autograd.compiler.native_descent import NativeDescent

        return NativeDescent(*arguments)
    return SourceDescent(*arguments)
