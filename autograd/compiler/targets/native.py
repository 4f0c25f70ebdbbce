"""Runs a routine as machine code."""

import math
import struct
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from autograd.compiler.ir.routine import Routine
from autograd.compiler.ir.samples import EMPTY_SUM as START
from autograd.compiler.llvm.jit import Library
from autograd.compiler.llvm.lower import OPERATIONS, Code, Rows, values_code
from autograd.compiler.llvm.reduce import add_lanes_function
from autograd.compiler.llvm.vector import LANES, padded
from autograd.compiler.targets.base import plus

__all__ = ["NativeTarget", "address", "aligned", "blocks", "sums_of_lanes"]

Floats = npt.NDArray[np.float64]

_PART = 4096  # samples


def address(array: npt.NDArray[Any]) -> int:
    """Where the numbers of an array lie."""
    return int(array.__array_interface__["data"][0])  # three times as fast as array.ctypes.data


def _floats(numbers: Sequence[float]) -> Floats:
    """Floats as an array: `struct` takes a third of the time of `np.array`, which looks at the type of each."""
    return np.frombuffer(struct.pack(f"{len(numbers)}d", *numbers))


def _parts(inputs: Floats) -> Iterator[Floats]:
    """The samples, so many at a time as stay in the cache; in between comes a Ctrl-C."""
    return (inputs[:, start : start + _PART] for start in range(0, inputs.shape[1], _PART))


def aligned(*shape: int, full_of: float | None = None) -> Floats:
    """An array that begins with a line of the cache, so that no vector lies across two.

    Arguments:
        shape: of the array.
        full_of: the number to fill it with; None leaves open what is in it.
    """
    line = 64  # bytes
    memory = np.empty(8 * math.prod(shape) + line, dtype=np.uint8)
    start = -address(memory) % line
    array = memory[start : start + 8 * math.prod(shape)].view(np.float64).reshape(shape)
    if full_of is not None:
        array[...] = full_of
    return array


def blocks(inputs: Floats) -> Floats:
    """Samples, one a column, in the order that machine code reads them: by eights, each input's eight together.

    The last is repeated to fill the last block.
    """
    rows, count = inputs.shape
    laid_out = aligned(padded(count) // LANES, rows, LANES)
    whole = count // LANES
    laid_out[:whole] = inputs[:, : whole * LANES].reshape(rows, whole, LANES).transpose(1, 0, 2)
    laid_out[whole:, :, : count % LANES] = inputs[:, whole * LANES :]
    laid_out[whole:, :, count % LANES :] = inputs[:, -1:]
    return laid_out


class NativeTarget:
    """Runs machine code on eight samples at a time; equal routines share it."""

    name = "native"
    operations: Collection[str] = OPERATIONS

    def __init__(self, routine: Routine, samples: int) -> None:
        self._routine = routine
        self._rows = Rows(samples, routine.inputs - samples)

    @cached_property
    def _values(self) -> tuple[Callable[..., int], int]:
        return _values(self._routine.forward, self._rows)

    @cached_property
    def _sums(self) -> tuple[Callable[..., int], Callable[..., int], int]:
        return _sums(self._routine, self._rows)

    def values(self, inputs: Floats, leaves: Sequence[float]) -> Floats:
        """See `Target`."""
        return np.concatenate([self._values_of(part, leaves) for part in _parts(inputs)], axis=1)

    def sums(self, inputs: Floats, leaves: Sequence[float]) -> tuple[float, Floats]:
        """See `Target`."""
        totals, *more = [self._sums_of(part, leaves) for part in _parts(inputs)]
        for further in more:
            totals = plus(totals, further)
        return float(totals[-1]), totals[:-1]

    def _values_of(self, inputs: Floats, leaves: Sequence[float]) -> Floats:
        count, results = inputs.shape[1], len(self._routine.results)
        run, memory = self._values
        outputs = aligned(padded(count) // LANES, results, LANES)
        arrays = _floats(leaves), blocks(inputs), outputs, aligned(memory)
        run(*map(address, arrays), count)
        return outputs.transpose(1, 0, 2).reshape(results, -1)[:, :count]

    def _sums_of(self, inputs: Floats, leaves: Sequence[float]) -> Floats:
        """The sums of the gradients, and last that of the result."""
        count, rows = inputs.shape[1], 1 + len(self._routine.gradients)
        run, add_lanes, memory = self._sums
        numbers, laid_out, work = _floats(leaves), blocks(inputs), aligned(memory)
        lanes, totals = aligned(padded(rows), LANES), aligned(padded(rows), full_of=START)
        whole = count // LANES * LANES
        if whole:
            lanes[:] = START
            run(*map(address, (numbers, laid_out, lanes, work)), whole)
            add_lanes(address(lanes), address(totals), rows)
        if whole < count:
            lanes[:] = START
            run(*map(address, (numbers, laid_out[-1], lanes, work)), LANES)
            for lane in range(count - whole):  # of a block that is not full, only the lanes that are samples count
                totals = plus(totals, lanes[:, lane])
        return totals[:rows]


def sums_of_lanes(routine: Routine, rows: Rows) -> Code:
    """The function sums(leaves, inputs, totals, work, samples): of the gradients, and last of the result."""
    outputs = [*routine.gradients, routine.results[0]]
    return values_code("sums", routine.instructions, outputs, rows, summed=True, linkage="")


@lru_cache(maxsize=128)
def _values(routine: Routine, rows: Rows) -> tuple[Callable[..., int], int]:
    code = values_code("values", routine.instructions, routine.results, rows, linkage="")
    return Library(code.functions).function("values", 5), code.memory


@lru_cache(maxsize=128)
def _sums(routine: Routine, rows: Rows) -> tuple[Callable[..., int], Callable[..., int], int]:
    code = sums_of_lanes(routine, rows)
    library = Library([*code.functions, add_lanes_function()])
    return library.function("sums", 5), library.function("add_lanes", 3), code.memory
