"""Runs a routine as Python on NumPy arrays, all samples at once."""

from collections.abc import Collection, Sequence

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
        functions = array_functions(np)
        self._values = python_function(routine.forward, functions)
        self._both = results_and_gradients(routine, functions)

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
