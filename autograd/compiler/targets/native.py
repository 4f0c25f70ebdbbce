"""Runs a routine as machine code."""

from collections.abc import Callable, Collection, Iterator, Sequence
from functools import cached_property

import numpy as np
import numpy.typing as npt

from autograd.compiler.ir.routine import Routine
from autograd.compiler.ir.samples import EMPTY_SUM, LANES
from autograd.compiler.llvm.buffers import address, aligned, blocks, floats, padded
from autograd.compiler.llvm.jit import code_size, compiled
from autograd.compiler.llvm.kept import KEPT
from autograd.compiler.llvm.lower import InputLayout, Kernel, Outputs, code_kernel, stored, summed
from autograd.compiler.llvm.reduce import add_lanes_function
from autograd.compiler.llvm.table import LONGEST_CODE, table_kernel
from autograd.compiler.targets.base import Floats, plus
from autograd.functions import PRIMITIVES

__all__ = ["NativeTarget"]

Call = Callable[..., None]

_SAMPLES_A_CALL = 4096  # as many as fit in the cache; Ctrl-C takes effect between calls


class NativeTarget:
    """Runs machine code on eight samples at a time; equal routines share their code."""

    name = "native"
    operations: Collection[str] = PRIMITIVES

    def __init__(self, routine: Routine, per_sample: int) -> None:
        self._routine = routine
        self._layout = InputLayout(per_sample, routine.inputs - per_sample)
        self._free: list[_Memory] = []  # that no call uses at the moment

    @cached_property
    def _values(self) -> tuple[Call, int]:
        return _values(self._routine.forward, self._layout)

    @cached_property
    def _sums(self) -> tuple[Call, Call, int, int]:
        return _sums(self._routine, self._layout)

    def one(self, inputs: Sequence[float], leaves: Sequence[float]) -> Floats:
        """See `Target`."""
        try:
            memory = self._free.pop()
        except IndexError:  # at the first call, or while another thread runs
            memory = _Memory(self._layout, len(self._routine.results), self._values[1])
        results = memory.run(self._values[0], inputs, leaves)
        self._free.append(memory)
        return results

    def values(self, inputs: Floats, leaves: Sequence[float]) -> Floats:
        """See `Target`."""
        return np.concatenate([self._values_of(some, leaves) for some in _calls(inputs)], axis=1)

    def sums(self, inputs: Floats, leaves: Sequence[float]) -> tuple[float, Floats]:
        """See `Target`."""
        totals, *more = [self._sums_of(some, leaves) for some in _calls(inputs)]
        for further in more:
            totals = plus(totals, further)
        numbers = totals[self._positions]
        return float(numbers[-1]), numbers[:-1]

    @cached_property
    def _positions(self) -> npt.NDArray[np.int64] | slice:
        """Where the sum of each gradient and, last, that of the result are among the sums that machine code makes."""
        wanted = (*self._routine.gradients, self._routine.results[0])
        made = {index: position for position, index in enumerate(summed(self._routine).indices)}
        return slice(None) if len(made) == len(wanted) else np.array([made[index] for index in wanted])

    def _values_of(self, inputs: Floats, leaves: Sequence[float]) -> Floats:
        """Returns the results of the samples of one call."""
        count, results = inputs.shape[1], len(self._routine.results)
        run, workspace = self._values
        outputs = aligned(padded(count) // LANES, results, LANES)
        arrays = floats(leaves), blocks(inputs), outputs, aligned(workspace)
        run(*map(address, arrays), count)
        return outputs.transpose(1, 0, 2).reshape(results, -1)[:, :count]

    def _sums_of(self, inputs: Floats, leaves: Sequence[float]) -> Floats:
        """Returns the sums that machine code makes over the samples of one call."""
        run, add_lanes, workspace, rows = self._sums
        count = inputs.shape[1]
        numbers, ordered, work = floats(leaves), blocks(inputs), aligned(workspace)
        lanes, totals = aligned(padded(rows), LANES), aligned(padded(rows), fill=EMPTY_SUM)
        whole = count // LANES * LANES
        if whole:
            lanes[:] = EMPTY_SUM
            run(*map(address, (numbers, ordered, lanes, work)), whole)
            add_lanes(address(lanes), address(totals), rows)
        if whole < count:
            lanes[:] = EMPTY_SUM
            run(*map(address, (numbers, ordered[-1], lanes, work)), LANES)
            for lane in range(count - whole):  # in a block that is not full, only the first lanes are samples
                totals = plus(totals, lanes[:, lane])
        return totals[:rows]


class _Memory:
    """The memory for calls with one sample, the first of eight, one call after the other."""

    def __init__(self, layout: InputLayout, results: int, workspace: int) -> None:
        self._leaves, self._inputs = aligned(layout.leaves), aligned(layout.per_sample, LANES, fill=0.0)
        self._results, self._work = aligned(results, LANES), aligned(workspace)
        self._addresses = [*map(address, (self._leaves, self._inputs, self._results, self._work))]
        self._first = self._inputs[:, 0], self._results[:, 0]

    def run(self, function: Call, inputs: Sequence[float], leaves: Sequence[float]) -> Floats:
        """Returns the results of one sample."""
        given, results = self._first
        given[:] = inputs
        if leaves:
            self._leaves[:] = floats(leaves)
        function(*self._addresses, 1)
        return results.copy()


def _calls(inputs: Floats) -> Iterator[Floats]:
    """Yields the samples of each call."""
    return (inputs[:, start : start + _SAMPLES_A_CALL] for start in range(0, inputs.shape[1], _SAMPLES_A_CALL))


def _values(routine: Routine, layout: InputLayout) -> tuple[Call, int]:
    def make() -> tuple[tuple[Call, int], int]:
        kernel = _kernel("values", routine, stored(routine.results), layout)
        (run,) = compiled(kernel.function)
        return (run, kernel.workspace), code_size(run) + routine.size

    return KEPT.get((_values, routine, layout), make)


def _sums(routine: Routine, layout: InputLayout) -> tuple[Call, Call, int, int]:
    def make() -> tuple[tuple[Call, Call, int, int], int]:
        outputs = summed(routine)
        kernel = _kernel("sums", routine, outputs, layout)
        run, add_lanes = compiled(kernel.function, add_lanes_function())
        return (run, add_lanes, kernel.workspace, len(outputs.indices)), code_size(run) + routine.size

    return KEPT.get((_sums, routine, layout), make)


def _kernel(name: str, routine: Routine, outputs: Outputs, layout: InputLayout) -> Kernel:
    is_long = len(routine.instructions) + len(outputs.indices) > LONGEST_CODE
    return (table_kernel if is_long else code_kernel)(name, routine.instructions, outputs, layout)
