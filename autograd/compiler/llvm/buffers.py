"""The memory that machine code works on: arrays aligned to cache lines, samples in blocks of eight."""

import math
import struct
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from autograd.compiler.ir.samples import LANES

__all__ = ["Floats", "address", "aligned", "blocks", "fill_blocks", "floats", "padded"]

Floats = npt.NDArray[np.float64]

_CACHE_LINE = 64  # bytes


def padded(count: int) -> int:
    """A count rounded up to whole vectors.

    >>> padded(1), padded(8), padded(9)
    (8, 8, 16)
    """
    return -(-count // LANES) * LANES


def address(array: npt.NDArray[Any]) -> int:
    """The address of the first number of an array."""
    return int(array.__array_interface__["data"][0])  # three times as fast as array.ctypes.data


def floats(numbers: Sequence[float] | Floats) -> Floats:
    """An array of floats, perhaps read-only. `struct` takes a third of the time of `np.array`, which checks each."""
    if isinstance(numbers, np.ndarray):
        return numbers
    return np.frombuffer(struct.pack(f"{len(numbers)}d", *numbers))


def aligned(*shape: int, fill: float | None = None) -> Floats:
    """An array that starts at a cache line, so that no vector crosses from one line to the next.

    Arguments:
        shape: the shape of the array.
        fill: the number to fill it with; None leaves it uninitialized.
    """
    size = 8 * math.prod(shape)
    memory = np.empty(size + _CACHE_LINE, dtype=np.uint8)
    start = -address(memory) % _CACHE_LINE
    array = memory[start : start + size].view(np.float64).reshape(shape)
    if fill is not None:
        array[...] = fill
    return array


def blocks(inputs: Floats) -> Floats:
    """Samples in the order in which machine code reads them: in blocks of eight, and within a block input by input.

    Arguments:
        inputs: inputs × samples.

    Returns:
        Blocks × inputs × 8. The last sample is repeated to fill the last block.
    """
    rows, count = inputs.shape
    ordered = aligned(padded(count) // LANES, rows, LANES)
    fill_blocks(ordered, inputs)
    return ordered


def fill_blocks(ordered: Floats, inputs: Floats) -> None:
    """Writes samples into blocks of some size.

    Arguments:
        ordered: blocks × inputs × samples of a block.
        inputs: see `blocks`.
    """
    (rows, count), lanes = inputs.shape, ordered.shape[-1]
    whole, rest = divmod(count, lanes)
    ordered[:whole] = inputs[:, : count - rest].reshape(rows, whole, lanes).transpose(1, 0, 2)
    ordered[whole:, :, :rest] = inputs[:, count - rest :]
    ordered[whole:, :, rest:] = inputs[:, -1:]
