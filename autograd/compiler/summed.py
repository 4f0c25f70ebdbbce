"""The program of a graph that holds its samples: a routine for one sample, run on all, inside that of the rest."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, NoReturn

import numpy as np
import numpy.typing as npt

from autograd.compiler.program import Program
from autograd.compiler.source.javascript import PRELUDE
from autograd.compiler.source.language import JAVASCRIPT, PYTHON, Language, source
from autograd.compiler.targets.base import Target, added
from autograd.compiler.trace.trace import Routine

__all__ = ["Samples", "SummedProgram", "SummedTarget", "numbered", "reserved"]

Floats = npt.NDArray[np.float64]

_PER_PART = ("rows", "sample", "sums")  # words of the source, numbered where there are several parts


class Samples(NamedTuple):
    """A routine that is run on samples and added up.

    Attributes:
        routine: from the numbers of one sample, then those that all share, to its addend and the gradient of that.
        names: of what the routine is given.
        labels: names of other instructions, by place.
        columns: of the numbers that the samples have of their own, their places among all: numbers × samples.
        shared: the places of the numbers that they share.
    """

    routine: Routine
    names: tuple[str, ...]
    labels: dict[int, str]
    columns: npt.NDArray[np.intp]
    shared: npt.NDArray[np.intp]

    @property
    def size(self) -> int:
        """How many samples there are."""
        return int(self.columns.shape[1])


@dataclass(frozen=True, eq=False)
class SummedProgram(Program):
    """The program of a graph that holds its samples. It takes no inputs; all else is as of any `Program`.

    Attributes:
        routine: the rest of the graph, from the sums over the samples on.
        names: of what `routine` is given: each sum of addends with the sums of their gradients, then leaves.
        samples: what is run on samples and added up.

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

    samples: tuple[Samples, ...]
    _constants: tuple[float, ...]

    @property
    def inputs(self) -> int:
        """How many numbers a call takes: none, for the graph holds them."""
        return 0

    @property
    def routines(self) -> tuple[Routine, ...]:
        """All that a call runs."""
        return (*(samples.routine for samples in self.samples), self.routine)

    @property
    def rows(self) -> list[list[list[float]]]:
        """What the function `program` of the source is given first: for each of `samples`, the numbers of each."""
        numbers = np.array([*self._numbers(), *self._constants])
        return [numbers[samples.columns].T.tolist() for samples in self.samples]

    @property
    def source(self) -> str:
        """The program as Python: functions of one sample, of the whole, and of the rows of samples and the leaves."""
        return self._written(PYTHON)

    @property
    def javascript(self) -> str:
        """The same functions as JavaScript that needs nothing else."""
        return PRELUDE + self._written(JAVASCRIPT)

    @property
    def jax(self) -> NoReturn:
        """There is none: what its samples are is part of the graph.

        Raises:
            TypeError: always.
        """
        raise TypeError(
            "this graph holds its samples, which are run apart: for one function of all its leaves compile it with "
            "target='jax'; to hand samples over at each call, compile the loss of one sample with inputs="
        )

    def _written(self, language: Language) -> str:
        rows, functions, sums = (numbered(word, len(self.samples)) for word in _PER_PART)
        summed = sum(1 + len(samples.routine.gradients) for samples in self.samples)
        leaves = [*self.names[summed:]]
        texts, lines = [], []
        for samples, row, function, name in zip(self.samples, rows, functions, sums, strict=True):
            texts.append(source(samples.routine, language, samples.names, samples.labels, function))
            shared = samples.names[len(samples.columns) :]
            call = f"{function}({', '.join([f'{language.spread}row', *shared])})"
            nested = call if samples.routine.gradients else f"[{call}]"
            lines.append(language.line.format(name=name, value=language.sums.format(call=nested, rows=row)))
            leaves += shared
        texts.append(source(self.routine, language, self.names, self.labels, "whole"))
        given = ", ".join([f"{language.spread}{name}" for name in sums] + [*self.names[summed:]])
        head = language.head.format(name="program", arguments=", ".join([*rows, *dict.fromkeys(leaves)]))
        texts.append("".join([head, *lines, language.result.format(value=f"whole({given})"), language.end]))
        return "\n\n".join(texts)

    def __repr__(self) -> str:
        parts = [f"{samples.routine.work:,} of them for each of {samples.size:,} samples" for samples in self.samples]
        return (
            f"<program of {self.stats()['total']:,} instructions, {', '.join(parts)}, "
            f"run by {self.target}; .source shows it>"
        )


class SummedTarget:
    """Runs routines on samples, and on their sums the routine of the whole. It has one sample itself, of no inputs.

    Arguments:
        whole: runs the routine of the whole.
        each: what runs the routine of each of the samples.
        samples: the samples.
        leaves: how many of the numbers, the first, the whole is given besides the sums.
        constants: the numbers that come after the leaves.
    """

    def __init__(
        self,
        whole: Target,
        each: Sequence[Target],
        samples: Sequence[Samples],
        leaves: int,
        constants: Sequence[float],
    ) -> None:
        self.operations = whole.operations
        self._whole = whole
        self._samples = list(zip(each, samples, strict=True))
        self._leaves = leaves
        self._constants = np.array(constants, dtype=float)

    def values(self, inputs: Floats, leaves: Sequence[float]) -> Floats:
        """See `Target`."""
        numbers, sums = np.concatenate([leaves, self._constants]), []
        for target, samples in self._samples:
            values = target.values(numbers[samples.columns], numbers[samples.shared].tolist())
            sums += [*added(values, axis=1), *[0.0] * len(samples.routine.gradients)]
        return self._whole.values(np.array([sums]).T, leaves[: self._leaves])

    def sums(self, inputs: Floats, leaves: Sequence[float]) -> tuple[float, Floats]:
        """See `Target`."""
        numbers, sums = np.concatenate([leaves, self._constants]), []
        for target, samples in self._samples:
            value, gradients = target.sums(numbers[samples.columns], numbers[samples.shared].tolist())
            sums += [value, *gradients]
        return self._whole.sums(np.array([sums]).T, leaves[: self._leaves])


def reserved(parts: int) -> set[str]:
    """The names that the source of a program of so many parts has besides those it is given."""
    return {"row", "whole", *(name for word in _PER_PART for name in numbered(word, parts))}


def numbered(name: str, count: int) -> list[str]:
    """A name for each of so many; that name itself, if there is one.

    >>> numbered("sample", 1), numbered("sample", 2)
    (['sample'], ['sample1', 'sample2'])
    """
    return [name] if count == 1 else [f"{name}{number}" for number in range(1, count + 1)]
