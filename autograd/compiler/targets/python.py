"""Runs a routine as Python on floats, one sample after another: the bits of eager execution."""

from collections.abc import Callable, Collection, Sequence
from functools import cached_property
from typing import Any

from autograd import functions
from autograd.compiler.ir.routine import Routine
from autograd.compiler.source.python import PYTHON, python_function, results_and_gradients
from autograd.compiler.targets.base import Floats, added
from autograd.numerics import np

__all__ = ["FLOAT_FUNCTIONS", "PythonTarget"]

FLOAT_FUNCTIONS: dict[str, Any] = {name: getattr(functions, name) for name in functions.PRIMITIVES}
"""The primitives on floats: the functions of eager execution."""


class PythonTarget:
    """Runs the source of a routine on floats."""

    name = "python"
    operations: Collection[str] = PYTHON.operations.keys() | FLOAT_FUNCTIONS.keys()

    def __init__(self, routine: Routine) -> None:
        self._routine = routine

    @cached_property
    def _values(self) -> Callable[..., Any]:
        return python_function(self._routine.forward, FLOAT_FUNCTIONS)

    @cached_property
    def _both(self) -> Callable[..., Any]:
        return results_and_gradients(self._routine, FLOAT_FUNCTIONS)

    def one(self, inputs: Sequence[float], leaves: Sequence[float]) -> Floats:
        """See `Target`."""
        return np.array(self._values(*inputs, *leaves), dtype=float)

    def values(self, inputs: Floats, leaves: Sequence[float]) -> Floats:
        """See `Target`."""
        return np.array([self._values(*sample, *leaves) for sample in inputs.T.tolist()]).T

    def sums(self, inputs: Floats, leaves: Sequence[float]) -> tuple[float, Floats]:
        """See `Target`."""
        outcomes = [self._both(*sample, *leaves) for sample in inputs.T.tolist()]
        totals = added(np.array([(results[0], *gradients) for results, gradients in outcomes]).T, inputs.shape[1])
        return float(totals[0]), totals[1:]
