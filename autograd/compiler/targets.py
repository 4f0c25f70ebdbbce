"""What runs a routine on samples: Python source one by one, NumPy on all at once, or machine code."""

from collections.abc import Callable, Sequence
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from autograd import functions
from autograd.compiler.array_functions import array_functions
from autograd.compiler.source import PYTHON, source
from autograd.compiler.tracing import Routine

__all__ = ["NumpyTarget", "PythonTarget", "Target", "float_functions", "python_function"]

Floats = npt.NDArray[np.float64]


class Target(Protocol):
    """Runs a routine on samples, each a column of an array inputs × samples, with the same leaves for all."""

    def values(self, inputs: Floats, leaves: Sequence[float]) -> Floats:
        """The results of each sample: results × samples."""

    def sums(self, inputs: Floats, leaves: Sequence[float]) -> tuple[float, Floats]:
        """The first result, and each gradient, added up over the samples."""


def python_function(routine: Routine, namespace: dict[str, Any]) -> Callable[..., Any]:
    """The routine as a Python function of its inputs, which calls what is in `namespace`."""
    names = [f"x{number}" for number in range(routine.inputs)]
    scope = dict(namespace)
    exec(compile(source(routine, PYTHON, names, {}), "<compiled graph>", "exec"), scope)
    function: Callable[..., Any] = scope["program"]
    return function


def float_functions() -> dict[str, Any]:
    """What Python source of a program calls, on floats: the functions of eager execution."""
    own = {name: getattr(functions, name) for name in functions.__all__}
    return own | {"inf": float("inf"), "nan": float("nan")}


class PythonTarget:
    """Runs the source on floats, sample after sample: what eager execution computes, to the bit."""

    def __init__(self, routine: Routine) -> None:
        own = float_functions()
        self._values = python_function(routine._replace(gradients=()), own)
        self._both = python_function(routine, own) if routine.gradients else self._values

    def values(self, inputs: Floats, leaves: Sequence[float]) -> Floats:
        """See `Target`."""
        return np.array([self._values(*sample, *leaves) for sample in inputs.T.tolist()]).T

    def sums(self, inputs: Floats, leaves: Sequence[float]) -> tuple[float, Floats]:
        """See `Target`."""
        rows = [self._both(*sample, *leaves) for sample in inputs.T.tolist()]
        return sum(results[0] for results, _ in rows), np.sum([gradients for _, gradients in rows], axis=0)


class NumpyTarget:
    """Runs the same source on whole arrays."""

    def __init__(self, routine: Routine) -> None:
        own = array_functions(np)
        self._results, self._gradients = len(routine.results), len(routine.gradients)
        self._values = python_function(routine._replace(gradients=()), own)
        self._both = python_function(routine, own) if routine.gradients else self._values

    def values(self, inputs: Floats, leaves: Sequence[float]) -> Floats:
        """See `Target`."""
        with np.errstate(all="ignore"):
            results = self._values(*inputs, *np.array(leaves, dtype=float))
        return np.array([np.broadcast_to(result, inputs.shape[1:]) for result in results])

    def sums(self, inputs: Floats, leaves: Sequence[float]) -> tuple[float, Floats]:
        """See `Target`."""
        with np.errstate(all="ignore"):
            results, gradients = self._both(*inputs, *np.array(leaves, dtype=float))
        samples = inputs.shape[1:]
        sums = [np.broadcast_to(number, samples).sum() for number in (results[0], *gradients)]
        return float(sums[0]), np.array(sums[1:])
