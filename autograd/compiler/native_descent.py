"""A training under way in machine code."""

from typing import Any

import numpy as np

from autograd.compiler.codegen import Rows, padded
from autograd.compiler.descent import Kernel, descent
from autograd.compiler.ir import LANES
from autograd.compiler.loops import Descent, Epochs
from autograd.compiler.native import address, blocks

__all__ = ["NativeDescent"]


class NativeDescent(Descent):
    """Runs many epochs in one call of machine code; equal routines share it."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        leaves, slots = len(self.weights), len(self.states)
        width, given = self.source.shape[1], self.routine.inputs - leaves - 1
        self._masks = given - width
        self._train = descent(Kernel(self.routine, Rows(given, leaves), self.update, slots, width))
        self._weights = np.zeros(padded(leaves))
        self._states = np.zeros((max(slots, 1), padded(leaves)))
        self._weights[:leaves], self._states[:slots, :leaves] = self.weights, self.states
        self.weights, self.states = self._weights[:leaves], self._states[:slots, :leaves]
        self._sums = np.zeros((padded(1 + leaves), LANES))
        self._means = np.zeros(padded(1 + leaves))  # the gradient, and after it the loss
        self.gradient = self._means[:leaves]
        self._inputs = np.zeros((padded(self.batch) // LANES, given + 1, LANES))

    def run(self, epochs: Epochs, count: int) -> tuple[list[float], int]:
        """See `Descent`."""
        samples = len(self.source)
        gathers = epochs.order is not None or self._masks > 0
        order = np.tile(np.arange(samples), (count, 1)) if epochs.order is None and gathers else epochs.order
        if not gathers:
            self._inputs = blocks(self.source.T)
            weights = np.zeros(padded(samples))
            weights[:samples] = 1.0 / samples
            self._inputs[:, -1] = weights.reshape(-1, LANES)
        uniform, masks, losses = self.uniform(epochs), np.ascontiguousarray(epochs.masks), np.zeros(count)
        order = np.zeros(1, dtype=np.int64) if order is None else np.ascontiguousarray(order, dtype=np.int64)
        self._sums[:] = 0.0
        arrays = (self._weights, self._states, uniform, self.source, masks, order, self._inputs, self._sums)
        steps = self._train(
            *map(address, (*arrays, self._means, losses)), samples, self.batch, count, 1 if gathers else 0
        )
        finished = steps // -(-samples // self.batch)
        return losses[:finished].tolist(), steps
