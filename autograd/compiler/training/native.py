"""The training loop as machine code."""

import numpy as np
import numpy.typing as npt

from autograd.compiler.ir.routine import Routine
from autograd.compiler.llvm.buffers import address, aligned, fill_blocks, padded
from autograd.compiler.llvm.loops import LoopSpec, compiled_loop
from autograd.compiler.llvm.lower import InputLayout
from autograd.compiler.llvm.vector import Half, Vector
from autograd.compiler.training.base import Setup, Steps, TrainingLoop, compact

__all__ = ["NativeLoop"]

Floats = npt.NDArray[np.float64]


class NativeLoop(TrainingLoop):
    """Runs many steps in one call of machine code; equal routines share their code."""

    def __init__(self, setup: Setup) -> None:
        super().__init__(setup)
        leaves, states = len(self.weights), len(self.states)
        samples, columns = self.data.shape
        per_sample = setup.routine.inputs - leaves - 1
        self._gathers = self.batch < samples or per_sample > columns
        layout = InputLayout(per_sample, leaves, weighted=True)
        routine = compact(setup.routine, leaves)
        kind = Half if self.batch <= Half.lanes and isinstance(routine, Routine) else Vector
        spec = LoopSpec(routine, layout, self.update, states, columns, self._gathers, kind)
        self._train, workspace = compiled_loop(spec)
        self._leaves = aligned(padded(leaves), fill=0.0)
        self._states = aligned(max(states, 1), padded(leaves), fill=0.0)
        self._leaves[:leaves], self._states[:states, :leaves] = self.weights, self.states
        self.weights, self.states = self._leaves[:leaves], self._states[:states, :leaves]
        self._work = aligned(workspace)
        self._means = aligned(padded(1 + leaves), fill=0.0)  # the gradient, then the loss
        self.gradient = self._means[:leaves]
        self._inputs = aligned(-(-self.batch // kind.lanes), per_sample + 1, kind.lanes)
        if not self._gathers:
            fill_blocks(self._inputs[:, :-1], self.data.T)
            self._inputs[:, -1] = 1.0 / samples
            self._inputs[-1, -1, (samples - 1) % kind.lanes + 1 :] = 0.0  # the padding of the last block has no weight

    def run(self, steps: Steps) -> Floats:
        """See `TrainingLoop`."""
        samples, order = len(self.data), steps.order
        if order is None:
            order = np.tile(np.arange(samples), (len(steps.masks), 1)) if self._gathers else np.zeros(1, dtype=np.int64)
        order, masks = np.ascontiguousarray(order, dtype=np.int64), np.ascontiguousarray(steps.masks)
        uniform, losses = self.uniform(steps), np.zeros(len(steps.rates))
        arrays = (self._leaves, self._states, uniform, self.data, masks, order, self._inputs, self._work)
        pointers = map(address, (*arrays, self._means, losses))
        made = self._train(*pointers, samples, self.batch, steps.start, len(losses))
        return losses[:made]
