"""What runs a routine on samples: Python source one by one, NumPy on all at once, or machine code."""

from collections.abc import Callable, Collection, Sequence
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from autograd import functions
from autograd.compiler.source.language import PYTHON, source
from autograd.compiler.targets.array_functions import array_functions
from autograd.compiler.trace.trace import Routine

__all__ = [
    "START",
    "NumpyTarget",
    "PythonTarget",
    "Target",
    "added",
    "divisor",
    "float_functions",
    "plus",
    "python_function",
    "results_and_gradients",
]

Floats = npt.NDArray[np.float64]

START = -0.0  # of a sum: what is added to it stays as it is to the bit, which 0.0 does not grant to -0.0


def added(numbers: Floats, axis: int) -> Floats:
    """The sums along an axis, in silence where they are not finite."""
    with np.errstate(all="ignore"):
        return np.asarray(numbers.sum(axis=axis, initial=START))


def plus(a: Floats, b: Floats) -> Floats:
    """a + b, in silence where it is not finite."""
    with np.errstate(all="ignore"):
        return np.add(a, b)


class Target(Protocol):
    """Runs a routine on samples, each a column of an array inputs × samples, with the same leaves for all.

    Attributes:
        operations: what a routine for it may hold beside inputs and constants.
    """

    operations: Collection[str]

    def values(self, inputs: Floats, leaves: Sequence[float]) -> Floats:
        """The results of each sample: results × samples."""

    def sums(self, inputs: Floats, leaves: Sequence[float]) -> tuple[float, Floats]:
        """The first result, and each gradient, added up over the samples."""


def divisor(reduction: str, samples: int) -> int:
    """What sums over samples are divided by, for the reduction that is asked for.

    Raises:
        ValueError: for an unknown one.

    >>> divisor("mean", 8), divisor("sum", 8)
    (8, 1)
    """
    if reduction not in ("mean", "sum"):
        raise ValueError(f"unknown reduction {reduction!r}: 'mean' or 'sum'")
    return samples if reduction == "mean" else 1


def python_function(routine: Routine, namespace: dict[str, Any]) -> Callable[..., Any]:
    """The routine as a Python function of its inputs, which calls what is in `namespace`."""
    names = [f"x{number}" for number in range(routine.inputs)]
    scope = dict(namespace)
    exec(compile(source(routine, PYTHON, names, {}), "<compiled graph>", "exec"), scope)
    function: Callable[..., Any] = scope["program"]
    return function


def float_functions() -> dict[str, Any]:
    """What Python source of a program calls, on floats: the functions of eager execution."""
    return {name: getattr(functions, name) for name in functions.__all__}


def results_and_gradients(routine: Routine, namespace: dict[str, Any]) -> Callable[..., Any]:
    """A function that gives the list of the results and that of the gradients, be they none."""
    function = python_function(routine, namespace)
    return function if routine.gradients else lambda *numbers: (function(*numbers), [])


class PythonTarget:
    """Runs the source on floats, sample after sample: what eager execution computes, to the bit."""

    operations: Collection[str] = PYTHON.operations.keys() | float_functions().keys()

    def __init__(self, routine: Routine) -> None:
        own = float_functions()
        self._values = python_function(routine.forward, own)
        self._both = results_and_gradients(routine, own)

    def values(self, inputs: Floats, leaves: Sequence[float]) -> Floats:
        """See `Target`."""
        return np.array([self._values(*sample, *leaves) for sample in inputs.T.tolist()]).T

    def sums(self, inputs: Floats, leaves: Sequence[float]) -> tuple[float, Floats]:
        """See `Target`."""
        rows = [self._both(*sample, *leaves) for sample in inputs.T.tolist()]
        gradients = np.array([gradients for _, gradients in rows])
        return sum((results[0] for results, _ in rows), START), added(gradients, axis=0)


class NumpyTarget:
    """Runs the same source on whole arrays."""

    operations: Collection[str] = PYTHON.operations.keys() | array_functions(np).keys()

    def __init__(self, routine: Routine) -> None:
        own = array_functions(np)
        self._values = python_function(routine.forward, own)
        self._both = results_and_gradients(routine, own)

    def values(self, inputs: Floats, leaves: Sequence[float]) -> Floats:
        """See `Target`."""
        with np.errstate(all="ignore"):
            results = self._values(*inputs, *np.array(leaves, dtype=float))
        return np.array([np.broadcast_to(result, inputs.shape[1:]) for result in results])

    def sums(self, inputs: Floats, leaves: Sequence[float]) -> tuple[float, Floats]:
        """See `Target`."""
        samples = inputs.shape[1:]
        with np.errstate(all="ignore"):
            results, gradients = self._both(*inputs, *np.array(leaves, dtype=float))
            sums = [np.broadcast_to(number, samples).sum(initial=START) for number in (results[0], *gradients)]
        return float(sums[0]), np.array(sums[1:])
