"""The training loop in Python, which runs the source of the routines."""

import math

from autograd.compiler.ir.routine import Routine
from autograd.compiler.source.python import python_function
from autograd.compiler.targets.arrays import array_functions
from autograd.compiler.targets.base import added
from autograd.compiler.targets.python import FLOAT_FUNCTIONS
from autograd.compiler.training.base import Setup, Steps, TrainingLoop
from autograd.numerics import NUMPY, np, npt

__all__ = ["SourceLoop"]

Floats = npt.NDArray[np.float64]

_WORTH_AN_ARRAY = 16 if NUMPY else math.inf  # from this number of samples, NumPy on all is faster than Python on each


class SourceLoop(TrainingLoop):
    """Runs Python source: on arrays or, if a step takes few samples, on one sample after another."""

    def __init__(self, setup: Setup) -> None:
        super().__init__(setup)
        assert isinstance(setup.routine, Routine)  # loops are for machine code
        self._arrays = self.batch >= _WORTH_AN_ARRAY
        self._sample = python_function(setup.routine, array_functions(np) if self._arrays else FLOAT_FUNCTIONS)
        self._step = python_function(self.update, array_functions(np) if NUMPY else FLOAT_FUNCTIONS)

    def run(self, steps: Steps) -> Floats:
        """See `TrainingLoop`."""
        losses: list[float] = []
        epoch, start, samples = 0, steps.start, len(self.data)
        for uniform in self.uniform(steps):
            order = np.arange(samples) if steps.order is None else steps.order[epoch]
            chosen = order[start : start + self.batch]
            mean, gradient = self._mean(np.hstack([self.data[chosen], steps.masks[epoch][chosen]]))
            if not (np.isfinite(mean) and np.isfinite(gradient).all()):
                break
            self.gradient = gradient
            updated = self._updated(uniform)
            self.weights, self.states = updated[0], updated[1:]
            losses.append(mean)
            start += self.batch
            if start >= samples:
                epoch, start = epoch + 1, 0
        return np.array(losses)

    def _mean(self, samples: Floats) -> tuple[float, Floats]:
        """Returns the mean loss of some samples, one per row, and its gradient."""
        weight = 1.0 / len(samples)
        if self._arrays:
            with np.errstate(all="ignore"):
                (loss,), gradients = self._sample(*samples.T, *self.weights, weight)
                totals = added([loss * weight, *gradients], len(samples))
        else:
            results = [self._sample(*sample, *self.weights.tolist(), weight) for sample in samples.tolist()]
            totals = added(np.array([(loss * weight, *gradient) for (loss,), gradient in results]).T, len(samples))
        return float(totals[0]), totals[1:]

    def _updated(self, uniform: Floats) -> Floats:
        """Returns the weights and the states after a step."""
        if not NUMPY:
            given = [self.weights, self.gradient, *self.states]
            each = zip(*(numbers.tolist() for numbers in given), strict=True)
            return np.array([self._step(*numbers, *uniform.tolist()) for numbers in each]).T
        with np.errstate(all="ignore"):
            results = self._step(self.weights, self.gradient, *self.states, *uniform)
        return np.array([np.broadcast_to(result, len(self.weights)) for result in results])
