"""Runs a routine as machine code."""

import struct
from collections.abc import Callable, Sequence
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from autograd.compiler.codegen import Library, Rows, padded, sums_function, values_function
from autograd.compiler.ir import LANES, Block
from autograd.compiler.targets import START
from autograd.compiler.tracing import Routine

__all__ = ["NativeTarget", "address", "blocks"]

Floats = npt.NDArray[np.float64]


def address(array: npt.NDArray[Any]) -> int:
    """Where the numbers of an array lie."""
    return int(array.ctypes.data)


def blocks(inputs: Floats) -> Floats:
    """Samples, one a column, in the order that machine code reads them: by eights, each input's eight together.

    The last is repeated to fill the last block. A row of ones for the weights comes last.
    """
    count = inputs.shape[1]
    full = np.empty((inputs.shape[0] + 1, padded(count)))
    full[:-1, :count] = inputs
    full[:-1, count:] = inputs[:, -1:]
    full[-1] = 1.0
    return np.ascontiguousarray(full.reshape(len(full), -1, LANES).transpose(1, 0, 2))


def _floats(numbers: Sequence[float]) -> Floats:
    """Floats as an array: `struct` takes a third of the time of `np.array`, which looks at the type of each."""
    return np.frombuffer(struct.pack(f"{len(numbers)}d", *numbers))


class NativeTarget:
    """Runs machine code on eight samples at a time; equal routines share it."""

    def __init__(self, routine: Routine, samples: int) -> None:
        self._routine = routine
        self._rows = Rows(samples, routine.inputs - samples)

    @cached_property
    def _values(self) -> Callable[..., int]:
        return _function("values", values_function, self._routine.forward, self._rows)

    @cached_property
    def _sums(self) -> Callable[..., int]:
        return _function("sums", sums_function, self._routine, self._rows)

    def values(self, inputs: Floats, leaves: Sequence[float]) -> Floats:
        """See `Target`."""
        count, results = inputs.shape[1], len(self._routine.results)
        outputs = np.empty((padded(count) // LANES, results, LANES))
        numbers, laid_out = _floats(leaves), blocks(inputs)
        self._values(address(numbers), address(laid_out), address(outputs), count)
        return outputs.transpose(1, 0, 2).reshape(results, -1)[:, :count]

    def sums(self, inputs: Floats, leaves: Sequence[float]) -> tuple[float, Floats]:
        """See `Target`."""
        count = inputs.shape[1]
        whole = count // LANES * LANES
        numbers, laid_out = _floats(leaves), blocks(inputs)
        totals = np.full(1 + len(self._routine.gradients), START)
        for first, size in ((0, whole), (whole, count - whole)):
            if size:  # of the block that is not full, only the lanes that are samples count
                sums = np.full((len(totals), LANES), START)
                self._sums(address(numbers), address(laid_out[first // LANES]), address(sums), padded(size))
                lanes = np.ascontiguousarray(sums[:, :size].T)  # NumPy adds a few long rows faster than many short
                totals += lanes.sum(axis=0, initial=START)
        return float(totals[-1]), totals[:-1]


@lru_cache(maxsize=256)
def _function(
    name: str, write: Callable[[Routine, Rows], tuple[str, Block]], routine: Routine, rows: Rows
) -> Callable[..., int]:
    text, block = write(routine, rows)
    library = Library([text], block.declared, {instruction.op for instruction in routine.instructions})
    return library.function(name, 4)
