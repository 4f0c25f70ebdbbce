"""Loops over members as operations on JAX's arrays: one for each loop."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from autograd.compiler.reroll.accumulation import Accumulation, RolledSums
from autograd.compiler.reroll.grid import Access, places
from autograd.compiler.reroll.loops import Loop, Rolled, RolledOutputs, Run
from autograd.compiler.source.language import INFIX
from autograd.compiler.targets.arrays import array_functions

__all__ = ["loop_outputs", "loop_sums"]

_HIGHEST = jax.lax.Precision.HIGHEST
_FUNCTIONS: Mapping[str, Any] = {**array_functions(jnp), **{op: getattr(jnp, op) for op in INFIX}}


def loop_outputs(routine: RolledOutputs, leaves: Any, inputs: Any) -> Any:
    """Returns the outputs of a routine: outputs × samples.

    Arguments:
        routine: the loops.
        leaves: the numbers of the leaves.
        inputs: the others, inputs × samples; the samples may have any number of axes, or none.
    """
    memory = _Memory(routine.rolled, leaves, inputs)
    parts, ends = [], []
    for copy in routine.copies:
        shape = (copy.outer, copy.inner, 1, *memory.samples)
        numbers = jnp.broadcast_to(memory.read(copy.source, copy.outer, copy.inner), shape)
        parts.append(numbers.reshape(-1, *memory.samples))
        ends.append(places(copy.target, copy.outer, copy.inner).ravel())
    return _in_order(parts, ends)


def loop_sums(sums: RolledSums, leaves: Any, inputs: Any) -> Any:
    """Returns the sums over the samples: those of the gradients, then that of the result. Arguments: see above."""
    memory = _Memory(sums.rolled, leaves, inputs)
    parts = [memory.sum(each).ravel() for each in sums.accumulations]
    ends = [places(each.totals, each.outer, each.inner).ravel() for each in sums.accumulations]
    return _in_order(parts, ends)


class _Memory:
    """The numbers that loops read and write, as arrays.

    An array that is read has the axes (runs, members of a run, terms, samples ...), of size 1 where the numbers are the
    same.

    Attributes:
        samples: the shape of a number over the samples.
    """

    def __init__(self, rolled: Rolled, leaves: Any, inputs: Any) -> None:
        self.samples: tuple[int, ...] = inputs.shape[1:]
        self._leaves = leaves.reshape(-1, *[1] * len(self.samples))
        self._inputs = inputs
        self._results: dict[int, Any] = {}  # by the first row
        self._starts = sorted(loop.row for loop in rolled.loops)
        for loop in rolled.loops:
            numbers = self._sum(loop) if loop.runs else self._operation(loop)
            shape = (loop.outer, loop.inner, 1, *self.samples)
            self._results[loop.row] = jnp.broadcast_to(numbers, shape).reshape(-1, *self.samples)

    def read(self, access: Access, outer: int, inner: int, length: int = 1) -> Any:
        """Returns the numbers of an access."""
        if access.kind == "constant":
            return jnp.full((1,) * (3 + len(self.samples)), access.number)
        read = places(access, outer, inner, length)
        numbers, shift = self._memory(access.kind, read)
        if access.table or np.ndim(shift):
            return numbers[read - shift]
        bases = np.array(access.bases)
        steps = np.diff(bases)
        if len(steps) and (steps != steps[0]).any():
            return numbers[read - shift]
        axes = [(outer, int(steps[0]) if len(steps) else 0), (inner, access.stride), (length, access.step)]
        return _strided(numbers, access.bases[0] - shift, axes)

    def sum(self, of: Accumulation) -> Any:
        """Returns sums over the samples, runs × members."""
        along, axes = self.read(of.along, of.outer, of.inner), tuple(range(3, 3 + len(self.samples)))
        if of.across is None:
            total = jnp.broadcast_to(along, (of.outer, of.inner, 1, *self.samples)).sum(axes)
        else:
            across = self.read(of.across, of.outer, of.inner)
            gate = None if of.gate is None else (self.read(of.gate, of.outer, of.inner) > 0.0) ^ of.closed
            total = _contracted(across, along, axes) if gate is None else _gated(gate, across, along, axes)
        return jnp.broadcast_to(total.reshape(total.shape[:2]), (of.outer, of.inner))

    def _memory(self, kind: str, read: Any) -> tuple[Any, Any]:
        """Returns an array that contains what is read at some places, and by how much each place is shifted in it."""
        if kind != "row":
            return (self._leaves if kind == "leaf" else self._inputs), 0
        loop_of = np.searchsorted(self._starts, read, side="right") - 1
        found = np.unique(loop_of)
        arrays = [self._results[self._starts[loop]] for loop in found]
        if len(arrays) == 1:
            return arrays[0], self._starts[found[0]]
        ends = np.cumsum([0, *[len(array) for array in arrays]])
        shifts = np.array(self._starts)[found] - ends[:-1]
        return jnp.concatenate(arrays), shifts[np.searchsorted(found, loop_of)]

    def _operation(self, loop: Loop) -> Any:
        return _FUNCTIONS[loop.op](*[self.read(access, loop.outer, loop.inner) for access in loop.operands])

    def _sum(self, loop: Loop) -> Any:
        total, *more = [self._run(run, loop.outer, loop.inner) for run in loop.runs]
        for further in more:
            total = total + further
        return total

    def _run(self, run: Run, outer: int, inner: int) -> Any:
        """Returns the sum of the terms of a run for each member, without an axis of terms but for one of size 1."""
        factors = [self.read(access, outer, inner, run.length) for access in run.factors]
        if len(factors) == 2 and any(factor.shape[2] == run.length for factor in factors):
            return _contracted(factors[0], factors[1], (2,))
        terms = math.prod(factors)
        return jnp.broadcast_to(terms, (*terms.shape[:2], run.length, *terms.shape[3:])).sum(2, keepdims=True)


def _gated(gate: Any, across: Any, along: Any, axes: Sequence[int]) -> Any:
    """Returns the sum along some axes of the products where a gate is open.

    XLA adds up products faster than what is chosen for each of them; 0 times a finite number makes no difference.
    """
    return jax.lax.cond(
        jnp.isfinite(along).all(),
        lambda: _contracted(jnp.where(gate, across, 0.0), along, axes),
        lambda: jnp.where(gate, across * along, 0.0).sum(axes, keepdims=True),
    )


def _contracted(a: Any, b: Any, axes: Sequence[int]) -> Any:
    """Returns the sum of the products of two arrays along some axes, which keep the size 1."""
    letters = [chr(ord("a") + axis) for axis in range(a.ndim)]
    shapes = [[size if size > 1 else None for size in array.shape] for array in (a, b)]
    named = ["".join(letter for letter, size in zip(letters, shape, strict=True) if size) for shape in shapes]
    kept = [letter for axis, letter in enumerate(letters) if axis not in axes and letter in "".join(named)]
    arrays = [array.reshape([size for size in shape if size]) for array, shape in zip((a, b), shapes, strict=True)]
    total = jnp.einsum(f"{named[0]},{named[1]}->{''.join(kept)}", *arrays, precision=_HIGHEST)
    sizes = [max(pair) if letter in kept else 1 for letter, *pair in zip(letters, a.shape, b.shape, strict=True)]
    return total.reshape(sizes)


def _strided(numbers: Any, start: int, axes: Sequence[tuple[int, int]]) -> Any:
    """Returns the numbers at a start plus a multiple of a stride for each axis, which has the size 1 if that is 0.

    Arguments:
        numbers: their first axis is indexed, the others are kept.
        start: the place of the first number.
        axes: the size and the stride of each axis.
    """
    sizes = [size if stride else 1 for size, stride in axes]
    strides = [stride if size > 1 else 0 for size, stride in axes]
    start += sum((size - 1) * stride for size, stride in zip(sizes, strides, strict=True) if stride < 0)
    order = sorted((axis for axis, size in enumerate(sizes) if size > 1), key=lambda axis: -abs(strides[axis]))
    extent = 1
    for axis in reversed(order):
        if abs(strides[axis]) < extent:  # the numbers of an axis overlap those of another
            return numbers[start + sum(np.ix_(*map(_offsets, sizes, strides)))]
        extent = abs(strides[axis]) * (sizes[axis] - 1) + extent
    part = numbers[start : start + extent]
    for depth, axis in enumerate(order):
        missing = sizes[axis] * abs(strides[axis]) - part.shape[depth]
        part = jnp.pad(part, [(0, missing if d == depth else 0) for d in range(part.ndim)])
        part = part.reshape(*part.shape[:depth], sizes[axis], abs(strides[axis]), *part.shape[depth + 1 :])
        rest = 1 + sum(abs(strides[a]) * (sizes[a] - 1) for a in order[depth + 1 :])
        part = part[(slice(None),) * (depth + 1) + (slice(rest),)]
    backward = [depth for depth, axis in enumerate(order) if strides[axis] < 0]
    part = jnp.flip(part, backward).squeeze(len(order))
    part = part.transpose(*np.argsort(order), *range(len(order), part.ndim))
    return part.reshape(*sizes, *numbers.shape[1:])


def _offsets(size: int, stride: int) -> Any:
    return np.arange(size) * stride - min(0, (size - 1) * stride)


def _in_order(parts: Sequence[Any], ends: Sequence[Any]) -> Any:
    """Returns the numbers of some arrays, each at its place."""
    order = np.argsort(np.concatenate(ends), kind="stable")
    numbers = jnp.concatenate(parts)
    return numbers if (np.diff(order) == 1).all() else numbers[order]
