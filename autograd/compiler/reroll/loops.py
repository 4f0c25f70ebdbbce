"""Rolled routines: loops over members, instead of an instruction for each of them."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from autograd.compiler.reroll.grid import Access, places
from autograd.numerics import np, npt

__all__ = ["FEWEST", "Copy", "Loop", "Rolled", "RolledOutputs", "Run", "worth_rolling"]

Indices = npt.NDArray[np.signedinteger[Any]]

FEWEST = 1_000
"""The number of instructions from which machine code for loops takes less time to make."""

_WORTH_A_LOOP = 64  # instructions for each loop, from which loops run as fast as straight-line code


class Run(NamedTuple):
    """Consecutive terms of a sum that are alike.

    Attributes:
        length: the number of terms.
        factors: the number to add, or two whose product is added.
    """

    length: int
    factors: tuple[Access, ...]


class Loop(NamedTuple):
    """The same operation for many members, in runs of equal size.

    Attributes:
        op: the name of a primitive. The operation "add" may have more than two operands, given as `runs`.
        outer: the number of runs of members.
        inner: the number of members of each.
        operands: the operands of the operation; none for a sum.
        runs: the terms of a sum, from first to last.
        row: the row of the first result; those of the other members follow.
        is_output: whether some of its results are used after all loops.
    """

    op: str
    outer: int
    inner: int
    operands: tuple[Access, ...]
    runs: tuple[Run, ...]
    row: int
    is_output: bool

    @property
    def end(self) -> int:
        """The row after that of its last result."""
        return self.row + self.outer * self.inner

    def reads(self) -> Iterator[tuple[Access, Indices]]:
        """Yields each access to results of other loops, with the rows that it reads."""
        for access in self.operands:
            if access.kind == "row":
                yield access, places(access, self.outer, self.inner)
        for run in self.runs:
            for factor in run.factors:
                if factor.kind == "row":
                    yield factor, places(factor, self.outer, self.inner, run.length)


class Rolled(NamedTuple):
    """Loops that compute what a routine computes.

    Attributes:
        loops: in the order in which they run.
        rows: the number of results of all loops.
    """

    loops: tuple[Loop, ...]
    rows: int


class Copy(NamedTuple):
    """Results that are passed on, in runs of equal size.

    Attributes:
        outer, inner: the number of runs, and the number of results of each.
        source, target: where they are, and their positions among the outputs.
    """

    outer: int
    inner: int
    source: Access
    target: Access


class RolledOutputs(NamedTuple):
    """Loops that compute what a routine computes, and its outputs among their results."""

    rolled: Rolled
    copies: tuple[Copy, ...]


def worth_rolling(instructions: int, rolled: Rolled) -> bool:
    """Whether loops have so many members on average that they are as fast as straight-line code.

    An operation with a single member is written as it is in straight-line code, so it counts as one instruction.
    """
    if 2 * len(rolled.loops) > instructions:
        return False
    of_loops = sum(_WORTH_A_LOOP if loop.runs or loop.outer * loop.inner > 1 else 1 for loop in rolled.loops)
    return instructions >= max(FEWEST, of_loops)
