"""Sequences of memory positions as grids: equal strides within each run of members, and a base for each run."""

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

from autograd.numerics import np, npt

__all__ = ["KINDS", "Access", "in_one_run", "inner_size", "places", "positions"]

Indices = npt.NDArray[np.signedinteger[Any]]

KINDS = ("row", "input", "leaf", "constant")
"""What a number is: computed by a loop, an input that differs from sample to sample, or one that does not."""


class Access(NamedTuple):
    """The numbers that the members of a loop read, one for each term if they add up terms.

    Member i of run o reads term k at position `bases[o] + i * stride + k * step` of the memory `kind`; or, if there is
    a table, at `table[(o * inner + i) * length + k]`, where `inner` is the size of a run and `length` the number of
    terms.

    Attributes:
        kind: one of `KINDS`, or another name for memory that is written.
        number: the number of a constant.
        bases, stride, step, table: see above.
    """

    kind: str
    number: float = 0.0
    bases: tuple[int, ...] = ()
    stride: int = 0
    step: int = 0
    table: tuple[int, ...] = ()


def positions(kind: str, places: Indices, inner: int) -> Access:
    """Returns the access to places in memory.

    Arguments:
        kind: the kind of memory.
        places: members × terms.
        inner: the size of a run, from `inner_size`.

    >>> positions("leaf", np.array([[0, 1, 2], [4, 5, 6]]), inner=2)
    Access(kind='leaf', number=0.0, bases=(0,), stride=4, step=1, table=())
    """
    step = _common(np.diff(places, axis=1))
    runs = places[:, 0].reshape(-1, inner)
    if step is None:
        return Access(kind, table=tuple(places.ravel().tolist()))
    stride = int(runs[0, 1] - runs[0, 0]) if inner > 1 else 0
    return Access(kind, bases=tuple(runs[:, 0].tolist()), stride=stride, step=step)


def places(access: Access, outer: int, inner: int, length: int = 1) -> Indices:
    """Returns the places that are read: runs × members × terms, of size 1 where they are the same.

    >>> places(Access("row", bases=(0, 10), step=2), outer=2, inner=4, length=3).tolist()
    [[[0, 2, 4]], [[10, 12, 14]]]
    """
    if access.table:
        return np.array(access.table).reshape(outer, inner, length)
    members = np.arange(inner if access.stride else 1)[:, None] * access.stride
    terms = np.arange(length if access.step else 1) * access.step
    return np.array(access.bases)[:, None, None] + members + terms


def in_one_run(kind: str, places: Indices) -> Access:
    """Returns the access of members that form a single run: by a stride, or else by a table.

    >>> in_one_run("row", np.array([3, 5, 7])).stride, in_one_run("row", np.array([3, 5, 6])).table
    (2, (3, 5, 6))
    """
    stride = _common(np.diff(places))
    if stride is None:
        return Access(kind, table=tuple(places.tolist()))
    return Access(kind, bases=(int(places[0]),), stride=stride)


def inner_size(count: int, sequences: Sequence[Indices]) -> int:
    """Returns the size of the longest equal runs within which every sequence is affine.

    Arguments:
        count: the number of members.
        sequences: for each, the place of the first term of each member, or members × terms.

    >>> inner_size(6, [np.array([[0], [1], [2], [0], [1], [2]]), np.array([[5], [5], [5], [6], [6], [6]])])
    3
    """
    size = count
    for places in sequences:
        if _common(np.diff(places, axis=1)) is None:
            continue  # read by a table
        differences = np.diff(places[:, 0])
        if len(differences):
            breaks = np.flatnonzero(differences != differences[0]) + 1
            size = math.gcd(size, *np.unique(breaks).tolist()) if len(breaks) else size
    return size


def _common(steps: Indices) -> int | None:
    """The number that all of them equal, 0 if there are none; None if they differ."""
    if not steps.size:
        return 0
    first = int(steps.flat[0])
    return first if (steps == first).all() else None
