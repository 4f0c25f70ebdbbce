"""The base of every training loop: weights and states, and steps that change them."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import chain
from typing import Any, NamedTuple

from autograd.compiler.ir.hoisting import hoisted
from autograd.compiler.ir.routine import Routine
from autograd.compiler.reroll.accumulation import RolledSums, sums_or_none
from autograd.compiler.source.python import python_function
from autograd.compiler.targets.arrays import array_functions
from autograd.compiler.targets.python import FLOAT_FUNCTIONS
from autograd.functions import power_by_squaring
from autograd.numerics import NUMPY, np, npt

__all__ = ["Setup", "Steps", "TrainingLoop"]

Floats = npt.NDArray[np.float64]


class Setup(NamedTuple):
    """The starting point of a training loop.

    Attributes:
        routine: the routine of one sample, from (row of `data`, masks, weights, weight of the sample) to the loss, and
            to its gradient with respect to each of the weights, times the weight of the sample; or what `compact`
            returns for it.
        update: the routine of one parameter, from (w, gradient, states ..., lr, t) to (w, states ...).
        data: the samples with their targets, one per row.
        weights: the numbers of the parameters.
        states: for each parameter, the numbers of its state.
        batch: the largest number of samples in a step.
    """

    routine: Routine | RolledSums
    update: Routine
    data: Floats
    weights: Sequence[float]
    states: Sequence[Sequence[float]]
    batch: int


def compact(routine: Routine | RolledSums, leaves: int) -> Routine | RolledSums:
    """Returns the loops of a weighted routine, if machine code consists of them: all that it needs of the routine.

    Arguments:
        routine: see `Setup`.
        leaves: the number of weights.
    """
    if isinstance(routine, RolledSums):
        return routine
    return sums_or_none(routine, routine.inputs - leaves - 1, leaves) or routine


class Steps(NamedTuple):
    """Consecutive steps of a training run, and the data that differ from step to step.

    Attributes:
        rates: the learning rate of each step.
        number: the number of the first step, from 1.
        start: the position of its first sample in the order of its epoch.
        order: epochs × samples: for each epoch that the steps belong to, its samples in order. None means that each
            step takes all samples, as they are stored.
        masks: epochs × samples × units: the dropout masks of each sample, possibly of no units.
    """

    rates: Floats
    number: int
    start: int
    order: npt.NDArray[np.int64] | None
    masks: Floats


class TrainingLoop:
    """A training run in progress.

    Attributes:
        weights: parameters.
        states: states × parameters.
        gradient: the gradient of the last step.
    """

    def __init__(self, setup: Setup) -> None:
        self.data = np.ascontiguousarray(setup.data)
        self.weights = np.array(setup.weights, dtype=float)
        states = np.array([*chain.from_iterable(setup.states)], dtype=float)
        self.states = states.reshape(len(self.weights), -1).T.copy()
        self.gradient = np.zeros(len(self.weights))
        self.batch = min(setup.batch, len(self.data))
        self._uniform, self.update = _separated(setup.update)

    def run(self, steps: Steps) -> Floats:
        """Runs some steps.

        Returns:
            The mean loss of the minibatch of each step. If a loss or a gradient is not finite, the run ends before that
            step: there are fewer losses, and the weights are those before the step.
        """
        raise NotImplementedError(f"{type(self).__name__} must define run(steps)")

    def uniform(self, steps: Steps) -> Floats:
        """Returns the numbers that are the same for all parameters in a step, for all steps: steps × numbers."""
        count = len(steps.rates)
        if not NUMPY:
            numbers = zip(steps.rates.tolist(), range(steps.number, steps.number + count), strict=True)
            return np.array([self._uniform(rate, float(t)) for rate, t in numbers]).reshape(count, -1)
        t = np.arange(steps.number, steps.number + count, dtype=float)
        with np.errstate(all="ignore"):
            results = self._uniform(steps.rates, t)
        columns = [np.broadcast_to(result, count) for result in results]
        return np.ascontiguousarray(np.array(columns).reshape(len(columns), count).T)


@lru_cache(maxsize=64)  # equal optimizers share it
def _separated(update: Routine) -> tuple[Callable[..., Any], Routine]:
    """Returns the function of what is the same for all parameters, and the routine of the rest of an update."""
    uniform, rest = hoisted(update, 2)
    functions = {**array_functions(np), "power": _powers} if NUMPY else {**FLOAT_FUNCTIONS, "power": power_by_squaring}
    return python_function(uniform, functions), rest


def _powers(x: Floats | float, steps: Floats) -> Floats:
    """x to the power of each number of a step: the multiplications of `autograd.functions.power_by_squaring`."""
    exponents, result = steps.astype(np.int64), np.ones(len(steps))
    while exponents.any():
        result = np.where(exponents & 1, result * x, result)
        x = x * x
        exponents >>= 1
    return result
