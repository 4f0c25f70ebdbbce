"""The arrays that a call of `.map` stores its outputs in: `out`, checked."""

from itertools import combinations
from typing import Any

from autograd.compiler.targets.base import Floats
from autograd.compiler.targets.rows import Rows
from autograd.numerics import np
from autograd.structure import Structure, outline
from autograd.validation import described

__all__ = ["destinations"]


def destinations(out: Any, outputs: Structure, samples: int) -> Rows:
    """Returns the rows of the arrays in `out`.

    Arguments:
        out: what the caller passed.
        outputs: the structure of the outputs for one sample.
        samples: the number of samples.

    Raises:
        TypeError: if it has another structure, or something in it is not an array of doubles, or of another shape.
        ValueError: if an array cannot be written to, two of them share memory, or numbers of one do.
    """
    shapes = outputs.shapes()
    results = outputs.arrange([np.broadcast_to(0.0, (samples, *shape)) for shape in shapes])
    arrays = outline(results)[1].leaves_of(out, "out")
    names = outline(outputs.arrange([0.0] * len(shapes)))[1].paths("out")
    for name, array in zip(names, arrays, strict=True):
        if not isinstance(array, np.ndarray) or array.dtype != float:
            kind = f"one of {array.dtype}" if isinstance(array, np.ndarray) else described(array)
            raise TypeError(f"{name} must be an array of float64, not {kind}")
        if not (array.flags.writeable and array.flags.aligned):
            raise ValueError(f"{name} must be writeable and aligned, but it is not; pass a copy of it")
        if _overlaps_itself(array):
            raise ValueError(f"{name} must have a place in memory for each number; pass a copy of it")
    for (name, array), (other_name, other) in combinations(zip(names, arrays, strict=True), 2):
        if np.shares_memory(array, other):
            raise ValueError(f"{name} and {other_name} must not share memory; pass arrays of their own")
    return Rows(arrays)


def _overlaps_itself(array: Floats) -> bool:
    """Whether some numbers of an array may be in the same place: along each axis they must be beyond all inner axes."""
    extent = array.itemsize
    for stride, size in sorted(zip(map(abs, array.strides), array.shape, strict=True)):
        if size > 1 and stride < extent:
            return True
        extent += stride * (size - 1)
    return False
