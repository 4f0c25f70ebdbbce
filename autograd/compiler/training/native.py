"""A training under way in machine code."""

from typing import Any

import numpy as np

from autograd.compiler.llvm.lower import Rows
from autograd.compiler.llvm.vector import LANES, padded
from autograd.compiler.targets.native import address, aligned, blocks
from autograd.compiler.training.base import Descent, Floats, Steps
from autograd.compiler.training.kernel import Kernel, descent

__all__ = ["NativeDescent"]


class NativeDescent(Descent):
    """Makes many steps in one call of machine code; equal routines share it."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        leaves, slots = len(self.weights), len(self.states)
        width, given = self.source.shape[1], self.routine.inputs - leaves - 1
        samples = len(self.source)
        self._gathers = self.batch < samples or given > width
        rows = Rows(given, leaves, weighted=True)
        self._train, memory = descent(Kernel(self.routine, rows, self.update, slots, width, self._gathers))
        self._weights = aligned(padded(leaves), full_of=0.0)
        self._states = aligned(max(slots, 1), padded(leaves), full_of=0.0)
        self._weights[:leaves], self._states[:slots, :leaves] = self.weights, self.states
        self.weights, self.states = self._weights[:leaves], self._states[:slots, :leaves]
        self._work = aligned(memory)
        self._means = aligned(padded(1 + leaves), full_of=0.0)  # the gradient, and after it the loss
        self.gradient = self._means[:leaves]
        if self._gathers:
            self._inputs = aligned(padded(self.batch) // LANES, given + 1, LANES, full_of=0.0)
        else:
            self._inputs = blocks(np.column_stack([self.source, np.full(samples, 1.0 / samples)]).T)
            self._inputs[-1, -1, (samples - 1) % LANES + 1 :] = 0.0  # what only fills the last block has no weight

    def run(self, steps: Steps) -> Floats:
        """See `Descent`."""
        samples, order = len(self.source), steps.order
        if order is None:
            order = np.tile(np.arange(samples), (len(steps.masks), 1)) if self._gathers else np.zeros(1, dtype=np.int64)
        order, masks = np.ascontiguousarray(order, dtype=np.int64), np.ascontiguousarray(steps.masks)
        uniform, losses = self.uniform(steps), np.zeros(len(steps.rates))
        arrays = (self._weights, self._states, uniform, self.source, masks, order, self._inputs, self._work)
        pointers = map(address, (*arrays, self._means, losses))
        made = self._train(*pointers, samples, self.batch, steps.start, len(losses))
        return losses[:made]
