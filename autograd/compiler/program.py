"""A compiled graph: an immutable program for floats and arrays of samples."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from autograd.compiler.ir.costs import costs
from autograd.compiler.source.javascript import PRELUDE
from autograd.compiler.source.language import JAVASCRIPT, PYTHON, source
from autograd.compiler.targets.base import Target, divisor
from autograd.compiler.trace.trace import Routine
from autograd.functions import real
from autograd.value import Value

if TYPE_CHECKING:
    from autograd.compiler.targets.jax import PureFunction

__all__ = ["Program"]

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Program:
    """What `autograd.compile` gives: call it for outputs, `value_and_grad` for the gradient besides.

    Attributes:
        routine: the instructions.
        names: of the inputs, and behind them of the leaves that are read at each call.
        labels: names of other instructions, by place.
        leaves: the Values, parameters mostly, whose `data` is read at each call; those of `wrt` first, in its order.
        target: what runs it: "python", "numpy", "native", "jax" or "javascript".

    >>> import autograd
    >>> x, w = autograd.Value(3.0, "x"), autograd.Value(2.0, "w")
    >>> program = autograd.compile((w * x) ** 2, inputs=[x], wrt=[w])
    >>> program(3.0), program.value_and_grad(3.0)
    (36.0, (36.0, [36.0]))
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

    routine: Routine
    names: tuple[str, ...]
    labels: dict[int, str]
    leaves: tuple[Value, ...]
    target: str
    _target: Target

    @property
    def inputs(self) -> int:
        """How many numbers a call takes."""
        return len(self.names) - len(self.leaves)

    @property
    def routines(self) -> tuple[Routine, ...]:
        """All that a call runs."""
        return (self.routine,)

    @property
    def source(self) -> str:
        """The program as Python, with the graph's labels as names."""
        return source(self.routine, PYTHON, self.names, self.labels)

    @property
    def javascript(self) -> str:
        """The program as JavaScript that needs nothing else: `program(inputs..., leaves...)`."""
        return PRELUDE + source(self.routine, JAVASCRIPT, self.names, self.labels)

    @cached_property
    def jax(self) -> "PureFunction":
        """The program as a pure function of (parameters, inputs), for `jax.jit`, `jax.vmap` and shardings.

        `f = program.jax` is called as the program is, with the numbers of `leaves` in front: `f(parameters, *inputs)`
        and `f.value_and_grad(parameters, *inputs)`. See `PureFunction`; docs/data_parallel.md trains with it on several
        devices.

        Raises:
            ImportError: without JAX.
        """
        if not find_spec("jax"):
            raise ImportError("a function for JAX needs jax: pip install 'scalar-autograd[jax]'")
        from autograd.compiler.targets.jax import PureFunction, warn_of_size

        warn_of_size(self.routine, stacklevel=3)
        return PureFunction(self.routine, self.names[: self.inputs])

    def __call__(self, *inputs: Any) -> Any:
        """The output for one sample, given as floats; or, given arrays or lists, for each sample.

        Raises:
            TypeError: for another number of inputs than the program has, or one that is no real number.
            ValueError: for arrays of different lengths, or of no samples.
        """
        columns, single = self._columns(inputs)
        values = self._target.values(columns, self._numbers())
        return float(values[0, 0]) if single else values[0]

    def value_and_grad(self, *inputs: Any, reduction: str = "mean") -> tuple[float, list[float]]:
        """The output and its gradient by each of `wrt`, over the samples.

        Arguments:
            inputs: floats for one sample, or arrays of samples.
            reduction: "mean" or "sum", over the samples.

        Raises:
            TypeError: for another number of inputs than the program has, or one that is no real number.
            ValueError: for arrays of different lengths or of no samples, or another reduction.
        """
        columns, _ = self._columns(inputs)
        share = divisor(reduction, columns.shape[1])
        value, gradients = self._target.sums(columns, self._numbers())
        return value / share, (gradients / share).tolist()

    def stats(self) -> dict[str, int]:
        """What the program is made of, and what a run on one sample costs.

        Returns:
            How many instructions there are of each operation, and "inputs" (leaves included) and "constants", which
            do no work. Then "forward", the operations that compute the output; "total", those that compute gradients
            too; "live", how many of their results wait at most, at once, to be used; "bytes", the memory that
            machine code needs a sample: the inputs, what is live, the output and the gradients.

        >>> import autograd
        >>> x = autograd.Value(1.0, "x")
        >>> autograd.compile(x * x + x, inputs=[x]).stats()  # the gradient is 1 + x + x
        {'inputs': 1, 'multiply': 1, 'add': 3, 'constants': 1, 'forward': 2, 'total': 4, 'live': 1, 'bytes': 32}
        """
        return costs(*self.routines)

    def __repr__(self) -> str:
        return f"<program of {self.stats()['total']:,} instructions, run by {self.target}; .source shows it>"

    def _numbers(self) -> Sequence[float]:
        return [leaf.data for leaf in self.leaves]

    def _columns(self, inputs: Sequence[Any]) -> tuple[Floats, bool]:
        """The inputs as an array inputs × samples, and whether they were the numbers of a single one."""
        if len(inputs) != self.inputs:
            names = ", ".join(self.names[: self.inputs])
            raise TypeError(f"this program takes {self.inputs} inputs ({names}), not {len(inputs)}")
        table = _same_shape(inputs)
        if table is not None:
            return table.reshape(len(inputs), -1), table.ndim == 1
        columns = [_column(name, x) for name, x in zip(self.names, inputs, strict=False)]
        lengths = {column.shape for column in columns} - {()}
        if len(lengths) > 1 or any(len(length) > 1 or length == (0,) for length in lengths):
            shapes = ", ".join(f"{name}: {column.shape}" for name, column in zip(self.names, columns, strict=False))
            raise ValueError(f"inputs are numbers, or arrays of equally many samples, not of shapes {shapes}")
        table = np.empty((len(columns), max(lengths, default=(1,))[0]))
        for row, column in enumerate(columns):
            table[row] = column
        return table, not lengths


def _same_shape(inputs: Sequence[Any]) -> Floats | None:
    """Inputs that are all numbers, or all arrays of equally many, as an array, which is quick; None if they are not."""
    try:
        table = np.array(inputs)
    except (TypeError, ValueError):
        return None
    alike = table.dtype.kind in "biuf" and table.ndim in (1, 2) and table.size > 0
    return table.astype(float, copy=False) if alike else None


def _column(name: str, given: Any) -> npt.NDArray[Any]:
    """What was given for an input, as an array."""
    column = given if isinstance(given, np.ndarray) else np.asarray(given if real(given) is None else float(given))
    if column.dtype.kind not in "biuf":
        raise TypeError(f"the input {name} is a real number or an array of them, not {given!r}")
    return column
