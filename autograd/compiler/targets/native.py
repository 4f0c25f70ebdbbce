"""Runs a routine as machine code."""

from collections.abc import Callable, Collection, Sequence
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from autograd.compiler.ir.routine import Routine
from autograd.compiler.ir.samples import EMPTY_SUM, LANES
from autograd.compiler.llvm.buffers import address, aligned, floats, padded
from autograd.compiler.llvm.call import Signature, call_function, python_function, read_columns, read_leaves
from autograd.compiler.llvm.cpython import readable, readable_arrays
from autograd.compiler.llvm.jit import code_size, compiled
from autograd.compiler.llvm.kept import KEPT
from autograd.compiler.llvm.lower import InputLayout, Kernel, Outputs, code_kernel, stored, summed
from autograd.compiler.llvm.reduce import add_lanes_function
from autograd.compiler.llvm.rolled import rolled_kernel
from autograd.compiler.llvm.table import LONGEST_CODE, table_kernel
from autograd.compiler.llvm.tiles import map_kernel, sums_over_arrays
from autograd.compiler.llvm.vector import Scalar, Vector
from autograd.compiler.reroll.outputs import outputs_or_none
from autograd.compiler.targets.base import Floats, plus
from autograd.compiler.targets.parallel import for_each_range, range_size
from autograd.compiler.targets.rows import Rows, rows_of
from autograd.functions import PRIMITIVES

__all__ = ["NativeTarget", "native_call"]

Call = Callable[..., None]

_CACHED = 2**23  # bytes: what is larger leaves the caches before it is used again
_SAMPLES_A_SUM = 4096  # the order of additions depends on it


class NativeTarget:
    """Runs machine code on eight samples at a time; equal routines share their code."""

    name = "native"
    operations: Collection[str] = PRIMITIVES

    def __init__(self, routine: Routine, per_sample: int) -> None:
        self._routine = routine
        self._layout = InputLayout(per_sample, routine.inputs - per_sample)
        self._free: list[_Memory] = []  # that no call uses at the moment
        self._free_sums: list[_Sums] = []

    @cached_property
    def _values(self) -> tuple[Call, int]:
        return _values(self._routine.forward, self._layout)

    @cached_property
    def _sums(self) -> tuple[Call, Call, int, int]:
        return _sums(self._routine, self._layout)

    @cached_property
    def _one(self) -> tuple[Call, int]:
        return _one(self._routine.forward, self._layout)

    def numbers(self, leaves: Sequence[Any]) -> Floats | None:
        """See `ReadsRows`."""
        return read_leaves(leaves) if readable() else None

    def columns(self, arrays: tuple[Any, ...]) -> Rows | None:
        """See `ReadsRows`."""
        if not (readable() and readable_arrays()):
            return rows_of(arrays)
        if not arrays or type(arrays[0]) is not np.ndarray or not arrays[0].size:
            return None
        words = read_columns(arrays, arrays[0].size)
        return None if words is None else Rows(arrays, words)

    def one(self, inputs: Sequence[float], leaves: Sequence[float] | Floats) -> Floats:
        """See `Target`."""
        try:
            memory = self._free.pop()
        except IndexError:  # at the first call, or while another thread runs
            memory = _Memory(self._layout, len(self._routine.results), self._one[1])
        results = memory.run(self._one[0], inputs, leaves)
        self._free.append(memory)
        return results

    def values(self, inputs: Floats | Rows, leaves: Sequence[float] | Floats) -> Floats:
        """See `Target`."""
        given = _rows(inputs)
        results = aligned(len(self._routine.results), padded(given.count))[:, : given.count]
        self.store(given, leaves, Rows([results.T]))
        return results

    def store(self, inputs: Rows, leaves: Sequence[float] | Floats, outputs: Rows) -> None:
        """See `ReadsRows`."""
        inputs = inputs.gathered
        run, workspace = self._values
        numbers, tables = floats(leaves), (inputs.words(), outputs.words(inputs.size + outputs.size > _CACHED))
        before = (*map(address, (numbers, *tables)),)
        held = numbers, tables, inputs, outputs

        def make() -> Callable[[int, int], None]:
            work = aligned(workspace)

            def run_range(start: int, stop: int, held: object = held) -> None:  # until the last thread is done
                run(*before, address(work), start, stop)

            return run_range

        size = range_size(inputs.count, self._work)
        for_each_range(inputs.count, size, self._work, make)

    def sums(self, inputs: Floats | Rows, leaves: Sequence[float] | Floats) -> tuple[float, Floats]:
        """See `Target`."""
        totals = self.totals(_rows(inputs), leaves)
        return float(totals[0]), totals[1:]

    def totals(self, inputs: Rows, leaves: Sequence[float] | Floats) -> Floats:
        """See `ReadsRows`. The sums of each 4,096 samples are added in order, whatever the number of threads."""
        given = inputs.gathered
        numbers, words = floats(leaves), given.words()
        before = address(numbers), address(words)
        found: dict[int, Floats] = {}
        used: list[_Sums] = []
        held = numbers, words, given

        def make() -> Callable[[int, int], None]:
            try:
                sums = self._free_sums.pop()
            except IndexError:  # at the first call, or while another thread runs
                sums = _Sums(self._sums)
            used.append(sums)

            def run(start: int, stop: int, held: object = held) -> None:  # until the last thread is done
                found[start] = sums.of(before, start, stop)

            return run

        for_each_range(given.count, _SAMPLES_A_SUM, self._work, make)
        self._free_sums += used
        totals, *more = [found[start] for start in sorted(found)]
        for further in more:
            totals = plus(totals, further)
        wanted: Floats = totals[self._positions]
        return wanted

    @cached_property
    def _work(self) -> int:
        """The number of instructions, loads and stores for a sample."""
        return len(self._routine.instructions) + len(self._routine.results) + self._layout.per_sample

    @cached_property
    def _positions(self) -> npt.NDArray[np.int64] | slice:
        """Where the sums of the result and of each gradient are among those that machine code makes."""
        wanted = (self._routine.results[0], *self._routine.gradients)
        made = {index: position for position, index in enumerate(summed(self._routine).indices)}
        return slice(None) if len(made) == len(wanted) else np.array([made[index] for index in wanted])


class _Sums:
    """The memory for sums over samples, one range after the other: new memory would be cleared by the system each time.

    Between two ranges its lanes are empty sums.

    Arguments:
        made: the functions, the size of their workspace, and the number of sums.
    """

    def __init__(self, made: tuple[Call, Call, int, int]) -> None:
        self._run, self._add_lanes, workspace, self._rows = made
        self._lanes, self._work = aligned(padded(self._rows), LANES, fill=EMPTY_SUM), aligned(workspace)
        self._addresses = address(self._lanes), address(self._work)

    def of(self, inputs: tuple[int, int], start: int, stop: int) -> Floats:
        """Returns the sums over some samples.

        Arguments:
            inputs: where the numbers of the leaves and the words of `Rows` are.
            start: the first sample.
            stop: the one after the last.
        """
        totals = np.empty(padded(self._rows))
        totals.fill(EMPTY_SUM)
        whole = stop - (stop - start) % LANES
        if whole > start:
            self._run(*inputs, *self._addresses, start, whole)
            self._add_lanes(self._addresses[0], address(totals), self._rows)
        if whole < stop:
            self._run(*inputs, *self._addresses, whole, stop)
            for lane in range(stop - whole):  # in a block that is not full, only the first lanes are samples
                totals = plus(totals, self._lanes[:, lane])
            self._lanes.fill(EMPTY_SUM)
        return totals[: self._rows]


class _Memory:
    """The memory for calls with one sample, one call after the other."""

    def __init__(self, layout: InputLayout, results: int, workspace: int) -> None:
        self._leaves, self._inputs = aligned(layout.leaves), aligned(layout.per_sample)
        self._results, self._work = aligned(results), aligned(workspace)
        self._addresses = [*map(address, (self._leaves, self._inputs, self._results, self._work))]

    def run(self, function: Call, inputs: Sequence[float], leaves: Sequence[float] | Floats) -> Floats:
        """Returns the results of one sample."""
        self._inputs[:] = inputs
        if len(leaves):
            self._leaves[:] = floats(leaves)
        function(*self._addresses, 1)
        return self._results.copy()


def _rows(inputs: Floats | Rows) -> Rows:
    """Returns samples as rows."""
    return inputs if isinstance(inputs, Rows) else Rows([np.asarray(inputs, float).T])


def native_call(
    routine: Routine, signature: Signature, leaves: Sequence[Any], plain: Callable[..., Any]
) -> Callable[..., Any] | None:
    """Returns a routine as a C function of Python's objects; None if its signature is not simple.

    Arguments:
        routine: the instructions. All its results are outputs.
        signature: what a call takes and returns.
        leaves: the Values whose numbers are read at each call.
        plain: the Python function for all calls that machine code does not take.
    """
    return python_function(_call(routine, signature), signature, leaves, plain) if signature.is_simple else None


def _call(routine: Routine, signature: Signature) -> Call:
    def make() -> tuple[Call, int]:
        layout = InputLayout(routine.inputs - signature.leaves, signature.leaves)
        kernel = _kernel("one", routine, stored(routine.results), layout, Scalar)
        (call,) = compiled(call_function(kernel, signature))
        return call, code_size(call) + routine.size

    return KEPT.get((_call, routine, signature), make)


def _one(routine: Routine, layout: InputLayout) -> tuple[Call, int]:
    def make() -> tuple[tuple[Call, int], int]:
        kernel = _kernel("one", routine, stored(routine.results), layout, Scalar)
        (run,) = compiled(kernel.function)
        return (run, kernel.workspace), code_size(run) + routine.size

    return KEPT.get((_one, routine, layout), make)


def _values(routine: Routine, layout: InputLayout) -> tuple[Call, int]:
    def make() -> tuple[tuple[Call, int], int]:
        blocks = _kernel("values", routine, stored(routine.results), layout)
        kernel = map_kernel(blocks, layout.width, len(routine.results))
        (run,) = compiled(kernel.function)
        return (run, kernel.workspace), code_size(run) + routine.size

    return KEPT.get((_values, routine, layout), make)


def _sums(routine: Routine, layout: InputLayout) -> tuple[Call, Call, int, int]:
    def make() -> tuple[tuple[Call, Call, int, int], int]:
        outputs = summed(routine)
        kernel = sums_over_arrays(_kernel("sums", routine, outputs, layout), layout.width)
        run, add_lanes = compiled(kernel.function, add_lanes_function())
        return (run, add_lanes, kernel.workspace, len(outputs.indices)), code_size(run) + routine.size

    return KEPT.get((_sums, routine, layout), make)


def _kernel(name: str, routine: Routine, outputs: Outputs, layout: InputLayout, kind: type[Vector] = Vector) -> Kernel:
    rolled = outputs_or_none(routine.instructions, outputs.indices, layout.per_sample, layout.leaves)
    if rolled is not None:
        return rolled_kernel(name, rolled, outputs, layout, kind)
    is_long = len(routine.instructions) + len(outputs.indices) > LONGEST_CODE
    return (table_kernel if is_long else code_kernel)(name, routine.instructions, outputs, layout, kind)
