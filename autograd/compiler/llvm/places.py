"""The addresses of the numbers that the members of a loop read."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

import numpy as np

from autograd.compiler.llvm.builder import Function
from autograd.compiler.llvm.lower import InputLayout
from autograd.compiler.llvm.registers import Double, Integer, Pointer
from autograd.compiler.llvm.vector import Vector
from autograd.compiler.reroll.grid import Access

__all__ = ["Block", "Index", "Places", "members", "plus", "scaled"]

Index = Integer | int


def plus(a: Index, b: Index) -> Index:
    """The sum of two indices."""
    if isinstance(a, int):
        return b if a == 0 else a + b if isinstance(b, int) else b + a
    return a if isinstance(b, int) and b == 0 else a + b


def scaled(index: Index, factor: int) -> Index:
    """The product of an index and a number."""
    return 0 if factor == 0 else index if factor == 1 else index * factor


@contextmanager
def members(function: Function, count: int) -> Iterator[Index]:
    """Repeats what the `with` block writes `count` times; yields the number of the repetition."""
    if count == 1:
        yield 0
        return
    with function.loop(Integer(function, str(count))) as loop:
        yield loop.index


class Block(NamedTuple):
    """The numbers of some blocks of samples.

    Attributes:
        kind: the type of the numbers: a Vector, or a Scalar for blocks of one sample.
        vectors: the number of blocks.
        layout: the order of the inputs.
        rows: the number of results of a block.
        leaves, inputs, work: the addresses of the leaves, of the first block's inputs and of its results.
    """

    kind: type[Vector]
    vectors: int
    layout: InputLayout
    rows: int
    leaves: Pointer
    inputs: Pointer
    work: Pointer

    @property
    def lanes(self) -> int:
        """The number of samples of a block."""
        return self.kind.lanes

    def one(self, number: Index) -> "Block":
        """One of the blocks."""
        inputs = self.inputs.gep(scaled(number, self.layout.width * self.lanes))
        return self._replace(vectors=1, inputs=inputs, work=self.work.gep(scaled(number, self.rows * self.lanes)))

    def memory(self, kind: str) -> tuple[Pointer, int]:
        """The address of the inputs or the results, and how many there are in a block."""
        return (self.inputs, self.layout.width) if kind == "input" else (self.work, self.rows)

    def load(self, kind: str, place: Index) -> list[Vector]:
        """Returns a number of all blocks, a vector for each."""
        if kind == "leaf":
            return [self.kind.splat(self.leaves.load(Double, place))] * self.vectors
        pointer, size = self.memory(kind)
        first = scaled(place, self.lanes)
        return [pointer.load(self.kind, plus(first, vector * size * self.lanes)) for vector in range(self.vectors)]

    def store(self, numbers: Sequence[Vector], row: Index) -> None:
        """Stores a result of all blocks."""
        first = scaled(row, self.lanes)
        for vector, number in enumerate(numbers):
            self.work.store(number, plus(first, vector * self.rows * self.lanes))


class Places:
    """Where the members of one run of a loop find the numbers of an access.

    Arguments:
        function: the function that is written.
        access: what is read.
        outer: the number of the run.
        inner, length: the size of a run and the number of terms.

    Attributes:
        access: as passed.
    """

    def __init__(self, function: Function, access: Access, outer: Index, inner: int, length: int = 1) -> None:
        self.access = access
        self._function, self._first, self._length = function, scaled(outer, inner), length
        if access.table:
            self._table = function.pointer_to(np.array(access.table, dtype=np.int64))
        elif len(access.bases) == 1:
            self._base: Index = access.bases[0]
        elif access.bases:
            self._base = function.pointer_to(np.array(access.bases, dtype=np.int64)).load(Integer, outer)

    def at(self, member: Index, term: Index = 0) -> Index:
        """The place of a term of a member."""
        access = self.access
        if access.table:
            return self._table.load(Integer, plus(scaled(plus(self._first, member), self._length), term))
        return plus(plus(self._base, scaled(member, access.stride)), scaled(term, access.step))

    def load(self, block: Block, member: Index, term: Index = 0, moved: Index = 0) -> list[Vector]:
        """Returns a term of a member, a vector for each block; `moved` is added to its place."""
        if self.access.kind == "constant":
            return [block.kind.constant(self._function, self.access.number)] * block.vectors
        return block.load(self.access.kind, plus(self.at(member, term), moved))

    @property
    def same_for_members(self) -> bool:
        """Whether all members of a run read the same numbers."""
        return self.access.kind == "constant" or not (self.access.table or self.access.stride)
