"""Running the outputs of a routine: for one sample, for many, or summed over many."""

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from autograd.compiler.ir.routine import Routine
from autograd.compiler.targets.base import Floats, Target
from autograd.compiler.targets.make import make_target
from autograd.value import Value

__all__ = ["Execution"]


class Execution:
    """Runs a routine, all of whose outputs are results.

    Arguments:
        routine: the instructions. Its inputs are those that may differ from sample to sample, those that are the same
            for all samples, and the numbers of the leaves.
        leaves: the Values whose `data` is read at each call.
        target: the name of the target.
        shared: the number of inputs that are the same for all samples.
    """

    def __init__(self, routine: Routine, leaves: Sequence[Value], target: str, shared: int = 0) -> None:
        self.routine = routine
        self.leaves = tuple(leaves)
        self.inputs = routine.inputs - len(leaves) - shared
        self._name = target
        self._target = make_target(target, routine, self.inputs)
        self._of_shared: dict[tuple[int, ...], Execution] = {}

    @property
    def target(self) -> str:
        """The name of the target that runs it."""
        return self._target.name

    def one(self, numbers: Sequence[float]) -> Floats:
        """Returns the outputs for the inputs of one sample."""
        return self.many(np.array(numbers, dtype=float).reshape(-1, 1))[:, 0]

    def many(self, columns: Floats, shared: Sequence[float] = ()) -> Floats:
        """Returns the outputs of each sample (outputs × samples).

        Arguments:
            columns: the inputs that differ from sample to sample (inputs × samples).
            shared: those that are the same for all samples.
        """
        if not self.routine.results:
            return np.empty((0, columns.shape[1]))
        return self._target.values(columns, [*shared, *self._numbers()])

    def sums(self, columns: Floats, shared: Sequence[float] = ()) -> Floats:
        """Returns the sum of each output over the samples; see `many`."""
        if not self.routine.results:
            return np.empty(0)
        first, others = self._summing.sums(columns, [*shared, *self._numbers()])
        return np.array([first, *others])

    def sharing(self, places: Sequence[int]) -> "Execution":
        """Returns the execution for samples that share the inputs at these places, which are then passed last."""
        if not places:
            return self
        key = tuple(places)
        if key not in self._of_shared:
            differing = [place for place in range(self.inputs) if place not in set(key)]
            routine = _with_inputs(self.routine, [*differing, *key])
            self._of_shared[key] = Execution(routine, self.leaves, self._name, len(key))
        return self._of_shared[key]

    @cached_property
    def _summing(self) -> Target:
        first, *others = self.routine.results
        return make_target(self._name, self.routine._replace(results=(first,), gradients=tuple(others)), self.inputs)

    def _numbers(self) -> list[float]:
        return [leaf.data for leaf in self.leaves]


def _with_inputs(routine: Routine, places: Sequence[int]) -> Routine:
    """Returns a routine that takes first the inputs at some places, in this order, and then what it took after them."""
    new = {old: index for index, old in enumerate(places)}
    instructions = tuple(
        instruction._replace(operands=tuple(new.get(operand, operand) for operand in instruction.operands))
        for instruction in routine.instructions
    )
    return routine._replace(instructions=instructions, results=tuple(new.get(old, old) for old in routine.results))
