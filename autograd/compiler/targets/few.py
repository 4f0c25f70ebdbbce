"""Runs a routine as machine code on a few samples, without making anything at a call."""

from collections.abc import Callable

from autograd.compiler.ir.routine import Routine
from autograd.compiler.ir.samples import LANES
from autograd.compiler.llvm.buffers import address, aligned
from autograd.compiler.llvm.jit import code_size, compiled
from autograd.compiler.llvm.kept import KEPT
from autograd.compiler.llvm.lower import InputLayout, stored
from autograd.compiler.targets.base import Floats
from autograd.compiler.targets.native import _kernel

__all__ = ["FewSamples"]


class FewSamples:
    """Runs machine code on up to eight samples, each in a lane, with the bits of the target `"native"`.

    Arguments:
        routine: the instructions.
        per_sample: the number of its inputs, the first ones, that differ from sample to sample; the others are leaves.
    """

    def __init__(self, routine: Routine, per_sample: int) -> None:
        self._layout = InputLayout(per_sample, routine.inputs - per_sample)
        self._results = len(routine.results)
        self._run, self._workspace = _compiled(routine.forward, self._layout)
        self._free: list[_Memory] = []  # that no call uses at the moment

    def values(self, inputs: Floats, leaves: Floats) -> Floats:
        """Returns the results of each sample: results × samples.

        Arguments:
            inputs: inputs × samples.
            leaves: the numbers of the leaves, contiguous.
        """
        try:
            memory = self._free.pop()
        except IndexError:  # at the first call, or while another thread runs
            memory = _Memory(self._layout, self._results, self._workspace)
        count = inputs.shape[1]
        memory.inputs[:, :count] = inputs  # the other lanes compute with older samples
        self._run(address(leaves), *memory.addresses, 1)
        results: Floats = memory.results[:, :count].copy()
        self._free.append(memory)
        return results


class _Memory:
    """The memory for one call after the other."""

    def __init__(self, layout: InputLayout, results: int, workspace: int) -> None:
        self.inputs, self.results = aligned(layout.per_sample, LANES, fill=0.0), aligned(results, LANES)
        self._work = aligned(workspace)
        self.addresses = [*map(address, (self.inputs, self.results, self._work))]


def _compiled(routine: Routine, layout: InputLayout) -> tuple[Callable[..., None], int]:
    def make() -> tuple[tuple[Callable[..., None], int], int]:
        kernel = _kernel("few", routine, stored(routine.results), layout)
        (run,) = compiled(kernel.function)
        return (run, kernel.workspace), code_size(run) + routine.size

    return KEPT.get((_compiled, routine, layout), make)
