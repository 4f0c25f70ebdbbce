"""A compiled graph without samples: a program that takes floats or arrays of samples."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from autograd.compiler.ir.routine import Routine
from autograd.compiler.program import Program, require_jax
from autograd.compiler.source.javascript import JAVASCRIPT, PRELUDE
from autograd.compiler.source.python import PYTHON
from autograd.compiler.source.text import source
from autograd.compiler.targets.base import Floats, Target
from autograd.compiler.trace.builder import Traced
from autograd.functions import real
from autograd.reduction import divisor
from autograd.value import Value

if TYPE_CHECKING:
    from autograd.compiler.targets.jax import PureFunction

__all__ = ["SampleProgram"]


@dataclass(frozen=True, eq=False)
class SampleProgram(Program):
    """The program of a graph, or of a function, for one sample or many.

    Attributes:
        traced: the routine, with the names of its inputs: first the program's inputs, then the leaves.
        leaves: the Values whose `data` is read at each call.

    >>> import autograd
    >>> x, w = autograd.Value(3.0, "x"), autograd.Value(2.0, "w")
    >>> program = autograd.compile((w * x) ** 2, inputs=[x], wrt=[w])
    >>> program([1.0, 2.0])
    array([ 4., 16.])
    >>> print(program.source, end="")
    def program(x, w):
        t1 = w * x
        t2 = t1 * t1
        # backward
        t3 = 2.0 * t1
        t4 = x * t3
        return [[t2], [t4]]
    """

    traced: Traced
    leaves: tuple[Value, ...]
    _target: Target

    @property
    def target(self) -> str:
        """The name of the target that runs the program."""
        return self._target.name

    @property
    def inputs(self) -> int:
        """The number of inputs of a call."""
        return len(self.traced.names) - len(self.leaves)

    @property
    def routines(self) -> tuple[Routine, ...]:
        """The one routine that a call runs."""
        return (self.traced.routine,)

    @property
    def source(self) -> str:
        """The program as Python, with the graph's labels as names."""
        return source(self.traced, PYTHON).text

    @property
    def javascript(self) -> str:
        """The program as self-contained JavaScript: `program(inputs..., leaves...)`."""
        return PRELUDE + source(self.traced, JAVASCRIPT).text

    @cached_property
    def jax(self) -> "PureFunction":
        """The program as a pure function of (parameters, inputs), for `jax.jit`, `jax.vmap` and sharding.

        `f = program.jax` is called like the program, with the numbers of `leaves` first: `f(parameters, *inputs)` and
        `f.value_and_grad(parameters, *inputs)`. See `PureFunction`; docs/data_parallel.md uses it to train on several
        devices.

        Raises:
            ImportError: if JAX is not installed.
        """
        require_jax()
        from autograd.compiler.targets.jax import SampleFunction, warn_of_size

        warn_of_size(self.traced.routine, stacklevel=3)
        return SampleFunction(self.traced.routine, self.traced.names[: self.inputs])

    def __call__(self, *inputs: Any) -> Any:
        """Returns the output for one sample, passed as floats, or for each sample of arrays or lists.

        Raises:
            TypeError: if the number of inputs is wrong, or an input is not a real number.
            ValueError: for arrays of different lengths, or without samples.
        """
        columns, single = self._columns(inputs)
        values = self._target.values(columns, self._numbers())
        return float(values[0, 0]) if single else values[0]

    def value_and_grad(self, *inputs: Any, reduction: str = "mean") -> tuple[float, list[float]]:
        """Returns the output and its gradient with respect to each of `wrt`, over the samples.

        Arguments:
            inputs: floats for one sample, or arrays of samples.
            reduction: "mean" or "sum", over the samples.

        Raises:
            TypeError: if the number of inputs is wrong, or an input is not a real number.
            ValueError: for arrays of different lengths or without samples, or an unknown reduction.
        """
        columns, _ = self._columns(inputs)
        share = divisor(reduction, columns.shape[1])
        value, gradients = self._target.sums(columns, self._numbers())
        return value / share, (gradients / share).tolist()

    def __repr__(self) -> str:
        return f"<program of {self.stats()['total']:,} instructions, run by {self.target}; .source shows it>"

    def _numbers(self) -> Sequence[float]:
        return [leaf.data for leaf in self.leaves]

    def _columns(self, inputs: Sequence[Any]) -> tuple[Floats, bool]:
        """Returns the inputs as an array (inputs × samples), and whether they were the numbers of a single sample."""
        names = self.traced.names[: self.inputs]
        if len(inputs) != len(names):
            raise TypeError(f"this program takes {len(names)} inputs ({', '.join(names)}), not {len(inputs)}")
        table = _same_shape(inputs)
        if table is not None:
            return table.reshape(len(inputs), -1), table.ndim == 1
        columns = [_column(name, x) for name, x in zip(names, inputs, strict=True)]
        lengths = {column.shape for column in columns} - {()}
        if len(lengths) > 1 or any(len(length) > 1 or length == (0,) for length in lengths):
            shapes = ", ".join(f"{name}: {column.shape}" for name, column in zip(names, columns, strict=True))
            raise ValueError(
                f"inputs must be numbers, or arrays of the same number of samples, at least one, not shapes {shapes}"
            )
        table = np.empty((len(columns), max(lengths, default=(1,))[0]))
        for row, column in enumerate(columns):
            table[row] = column
        return table, not lengths


def _same_shape(inputs: Sequence[Any]) -> Floats | None:
    """Returns inputs that are all numbers, or all arrays of one length, as an array (the fast path); otherwise None."""
    try:
        table = np.array(inputs)
    except (TypeError, ValueError):
        return None
    alike = table.dtype.kind in "biuf" and table.ndim in (1, 2) and table.size > 0
    return table.astype(float, copy=False) if alike else None


def _column(name: str, given: Any) -> npt.NDArray[Any]:
    """Returns the numbers passed for an input as an array."""
    column = given if isinstance(given, np.ndarray) else np.asarray(given if real(given) is None else float(given))
    if column.dtype.kind not in "biuf":
        raise TypeError(f"the input {name} must be a real number or an array of real numbers, not {given!r}")
    return column
