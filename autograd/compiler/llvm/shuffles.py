"""Lanes of several vectors, rearranged."""

from collections.abc import Sequence

from autograd.compiler.ir.samples import LANES
from autograd.compiler.llvm.vector import Vector

__all__ = ["deinterleaved", "transposed"]


def deinterleaved(a: Vector, b: Vector, first: int) -> Vector:
    """Every second lane, starting with lane `first`: those of `a`, then those of `b`."""
    return _shuffled(a, b, range(first, 2 * a.lanes, 2))


def transposed(rows: Sequence[Vector]) -> list[Vector]:
    """Turns eight vectors into those of their first lanes, of their second lanes, and so on.

    The lanes of pairs of rows are interleaved, then pairs of lanes change places: processors do these shuffles fastest.
    """
    lines: list[Vector] = []
    for mask in _INTERLEAVED:
        pairs = [_shuffled(a, b, mask) for a, b in zip(rows[::2], rows[1::2], strict=True)]
        halves = [[_shuffled(pairs[n], pairs[n + 1], pair) for n in (0, 2)] for pair in _PAIRS]
        lines += [_shuffled(a, b, pair) for pair in _PAIRS for a, b in halves]  # every second line
    return [lines[place] for lane in range(0, LANES, 2) for place in (lane // 2, lane // 2 + LANES // 2)]


_INTERLEAVED = [[lane for pair in range(first, LANES, 2) for lane in (pair, pair + LANES)] for first in (0, 1)]
_PAIRS = [[lane + half for lane in range(0, 2 * LANES, 4) for half in (first, first + 1)] for first in (0, 2)]


def _shuffled(a: Vector, b: Vector, lanes: Sequence[int]) -> Vector:
    """Some lanes of two vectors; those of the second are counted on."""
    mask = f"<{len(lanes)} x i32> <{', '.join(f'i32 {lane}' for lane in lanes)}>"
    return a.function.emit(type(a), f"shufflevector {a.llvm_type} {a}, {b.llvm_type} {b}, {mask}")
