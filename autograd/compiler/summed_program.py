"""A compiled graph that holds its samples: a routine for one sample runs on all of them, another on their sums."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from autograd.compiler.ir.routine import Routine
from autograd.compiler.program import Program, require_jax
from autograd.compiler.reroll.summation import SampleSum, Summation
from autograd.compiler.source.javascript import JAVASCRIPT, PRELUDE
from autograd.compiler.source.python import PYTHON
from autograd.compiler.source.sums import summation_source
from autograd.compiler.targets.base import Floats, Target, added
from autograd.numerics import np
from autograd.value import Value

if TYPE_CHECKING:
    from autograd.compiler.targets.jax import PureFunction

__all__ = ["SummedProgram"]


@dataclass(frozen=True, eq=False)
class SummedProgram(Program):
    """The program of a graph that holds its samples. It takes no inputs.

    Attributes:
        summation: the routines, and the samples that they run on.
        leaves: the Values whose `data` is read at each call.

    >>> import autograd
    >>> w = autograd.Value(2.0, "w", role="parameter")
    >>> points = [(autograd.Value(0.1 * n, "x"), 0.3 * n) for n in range(100)]
    >>> loss = sum((w * x - y) ** 2 for x, y in points) / 100.0
    >>> program = autograd.compile(loss)
    >>> print(program)  # doctest: +ELLIPSIS
    <program of 7 instructions, 5 of them for each of 100 samples, run by ...; .source shows it>
    >>> print(program.source, end="")
    def sample(x, t1, w):
        t2 = w * x
        t3 = t2 - t1
        t4 = t3 * t3
        # backward
        t5 = 2.0 * t3
        t6 = x * t5
        return [[t4], [t6]]
    <BLANKLINE>
    <BLANKLINE>
    def whole(total, total_w):
        t1 = divide(total, 100.0)
        # backward
        t2 = 0.01 * total_w
        return [[t1], [t2]]
    <BLANKLINE>
    <BLANKLINE>
    def program(rows, w):
        sums = [sum(column) for column in zip(*[sum(sample(*row, w), []) for row in rows])]
        return whole(*sums)
    """

    summation: Summation
    leaves: tuple[Value, ...]
    _whole: Target
    _samples: tuple[Target, ...]  # for each sum, the target that runs its routine

    @property
    def target(self) -> str:
        """The name of the target that runs the program."""
        return self._whole.name

    @property
    def inputs(self) -> int:
        """The number of inputs of a call: none, because the graph holds them."""
        return 0

    @property
    def routines(self) -> tuple[Routine, ...]:
        """The routines that a call runs: for a sample of each sum, then for the whole."""
        return (*(sample.traced.routine for sample in self.summation.sums), self.summation.whole.routine)

    @property
    def rows(self) -> list[list[list[float]]]:
        """The first arguments of the function `program` in the source: for each sum, the numbers of each sample."""
        numbers = np.array(self.summation.numbers())
        return [numbers[sample.columns].T.tolist() for sample in self.summation.sums]

    @property
    def source(self) -> str:
        """The program as Python: functions for one sample, for the whole, and `program(rows, leaves...)`."""
        return summation_source(self.summation, PYTHON)

    @property
    def javascript(self) -> str:
        """The same functions as self-contained JavaScript."""
        return PRELUDE + summation_source(self.summation, JAVASCRIPT)

    @cached_property
    def jax(self) -> "PureFunction":
        """The program as a pure function of its parameters, the numbers of `leaves`; see `SampleProgram.jax`.

        Raises:
            ImportError: if JAX is not installed.
        """
        require_jax()
        from autograd.compiler.targets.jax import SummedFunction, warn_of_size

        for routine in self.routines:
            warn_of_size(routine.work)
        return SummedFunction(self.summation)

    def __call__(self, *inputs: Any) -> float:
        """Returns the output.

        Raises:
            TypeError: if there are inputs.
        """
        self._refuse(inputs)
        totals: list[float] = []
        numbers = np.array(self.summation.numbers())
        for target, sample in zip(self._samples, self.summation.sums, strict=True):
            values = target.values(*_of(sample, numbers))
            totals += [*added(values, sample.size), *[0.0] * len(sample.traced.routine.gradients)]
        return float(self._whole.values(np.array([totals]).T, self._own(numbers))[0, 0])

    def value_and_grad(self, *inputs: Any) -> tuple[float, list[float]]:
        """Returns the output and its gradient with respect to each of `wrt`.

        Raises:
            TypeError: if there are inputs.
        """
        self._refuse(inputs)
        totals: list[float] = []
        numbers = np.array(self.summation.numbers())
        for target, sample in zip(self._samples, self.summation.sums, strict=True):
            value, gradients = target.sums(*_of(sample, numbers))
            totals += [value, *gradients]
        value, gradients = self._whole.sums(np.array([totals]).T, self._own(numbers))
        return value, gradients.tolist()

    def __repr__(self) -> str:
        samples = [
            f"{sample.traced.routine.work:,} of them for each of {sample.size:,} samples"
            for sample in self.summation.sums
        ]
        return (
            f"<program of {self.stats()['total']:,} instructions, {', '.join(samples)}, "
            f"run by {self.target}; .source shows it>"
        )

    def _own(self, numbers: Floats) -> Sequence[float]:
        own: list[float] = numbers[: self.summation.own].tolist()
        return own

    def _refuse(self, inputs: Sequence[Any]) -> None:
        if inputs:
            raise TypeError(f"this program takes no inputs, not {len(inputs)}, because its graph holds the samples")


def _of(sample: SampleSum, numbers: Floats) -> tuple[Floats, list[float]]:
    """Returns the inputs of the samples (inputs × samples) and the leaves that they share."""
    return numbers[sample.columns], numbers[sample.shared].tolist()
