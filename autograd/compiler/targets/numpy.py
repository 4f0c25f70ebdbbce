"""Runs a routine as Python on NumPy arrays, all samples at once."""

from collections.abc import Callable, Collection, Sequence
from functools import cached_property
from typing import Any

import numpy as np

from autograd.compiler.ir.routine import Routine
from autograd.compiler.source.python import PYTHON, python_function, results_and_gradients
from autograd.compiler.targets.arrays import array_functions
from autograd.compiler.targets.base import Floats, added

__all__ = ["NumpyTarget"]


class NumpyTarget:
    """Runs the source of a routine on arrays."""

    name = "numpy"
    operations: Collection[str] = PYTHON.operations.keys() | array_functions(np).keys()

    def __init__(self, routine: Routine) -> None:
        self._routine = routine

    @cached_property
    def _values(self) -> Callable[..., Any]:
        return python_function(self._routine.forward, array_functions(np))

    @cached_property
    def _both(self) -> Callable[..., Any]:
        return results_and_gradients(self._routine, array_functions(np))

    def one(self, inputs: Sequence[float], leaves: Sequence[float]) -> Floats:
        """See `Target`."""
        return self.values(np.array(inputs, dtype=float).reshape(-1, 1), leaves)[:, 0]

    def values(self, inputs: Floats, leaves: Sequence[float]) -> Floats:
        """See `Target`."""
        with np.errstate(all="ignore"):
            results = self._values(*inputs, *np.array(leaves, dtype=float))
        return np.array([np.broadcast_to(result, inputs.shape[1:]) for result in results])

    def sums(self, inputs: Floats, leaves: Sequence[float]) -> tuple[float, Floats]:
        """See `Target`."""
        with np.errstate(all="ignore"):
            results, gradients = self._both(*inputs, *np.array(leaves, dtype=float))
        totals = added([results[0], *gradients], inputs.shape[1])
        return float(totals[0]), totals[1:]
