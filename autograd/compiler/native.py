"""Runs a routine as machine code."""

from collections.abc import Callable, Collection, Iterator, Sequence
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from autograd.compiler.codegen import OPERATIONS, Rows, values_function
from autograd.compiler.library import Library
from autograd.compiler.sums import keep_lanes, summands, sums_functions
from autograd.compiler.targets import START, added
from autograd.compiler.tracing import Routine
from autograd.compiler.vectors import LANES, padded

__all__ = ["NativeTarget", "address", "blocks"]

Floats = npt.NDArray[np.float64]

_PART = 4096  # samples


def address(array: npt.NDArray[Any]) -> int:
    """Where the numbers of an array lie."""
    return int(array.ctypes.data)


def _parts(inputs: Floats) -> Iterator[Floats]:
    """The samples, so many at a time as stay in the cache; in between comes a Ctrl-C."""
    return (inputs[:, start : start + _PART] for start in range(0, inputs.shape[1], _PART))


def blocks(inputs: Floats) -> Floats:
    """Samples, one a column, in the order that machine code reads them: by eights, each input's eight together.

    The last is repeated to fill the last block.
    """
    count = inputs.shape[1]
    full = np.empty((len(inputs), padded(count)))
    full[:, :count] = inputs
    full[:, count:] = inputs[:, -1:]
    return np.ascontiguousarray(full.reshape(len(full), padded(count) // LANES, LANES).transpose(1, 0, 2))


class NativeTarget:
    """Runs machine code on eight samples at a time; equal routines share it."""

    operations: Collection[str] = OPERATIONS

    def __init__(self, routine: Routine, samples: int) -> None:
        self._routine = routine
        self._rows = Rows(samples, routine.inputs - samples)

    @cached_property
    def _values(self) -> Callable[..., int]:
        return _values(self._routine.forward, self._rows)

    @cached_property
    def _sums(self) -> Callable[..., int]:
        return _sums(self._routine, self._rows)

    def values(self, inputs: Floats, leaves: Sequence[float]) -> Floats:
        """See `Target`."""
        return np.concatenate([self._values_of(part, leaves) for part in _parts(inputs)], axis=1)

    def sums(self, inputs: Floats, leaves: Sequence[float]) -> tuple[float, Floats]:
        """See `Target`."""
        totals = added(np.array([self._sums_of(part, leaves) for part in _parts(inputs)]), axis=0)
        return float(totals[-1]), totals[:-1]

    def _values_of(self, inputs: Floats, leaves: Sequence[float]) -> Floats:
        count, results = inputs.shape[1], len(self._routine.results)
        outputs = np.empty((padded(count) // LANES, results, LANES))
        numbers, laid_out = np.array(leaves, dtype=float), blocks(inputs)
        self._values(address(numbers), address(laid_out), address(outputs), count)
        return outputs.transpose(1, 0, 2).reshape(results, -1)[:, :count]

    def _sums_of(self, inputs: Floats, leaves: Sequence[float]) -> Floats:
        """The sums of the gradients, and last that of the result."""
        count = inputs.shape[1]
        whole = count // LANES * LANES
        numbers, laid_out = np.array(leaves, dtype=float), blocks(inputs)
        kept = np.empty(summands(self._routine, self._rows).memory)
        sums = np.full((2, 1 + len(self._routine.gradients), LANES), START)
        if whole:
            self._sums(address(numbers), address(laid_out), address(kept), address(sums[0]), whole)
        if whole < count:  # of the block that is not full, only the lanes that are samples count
            self._sums(address(numbers), address(laid_out[-1]), address(kept), address(sums[1]), LANES)
        full, rest = sums[0], sums[1, :, : count - whole]
        return added(full, axis=1) + added(rest, axis=1)


@lru_cache(maxsize=128)
def _values(routine: Routine, rows: Rows) -> Callable[..., int]:
    return Library([values_function(routine, rows)]).function("values", 4)


@lru_cache(maxsize=128)
def _sums(routine: Routine, rows: Rows) -> Callable[..., int]:
    return Library(sums_functions(routine, rows, keep_lanes, linkage="")).function("sums", 5)
