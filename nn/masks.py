"""The source of dropout masks while a model runs: each dropout itself, or a function set for a block.

A model's `forward` receives a sample and nothing else. So a training run, which knows the epoch and the sample, cannot
pass masks as arguments; it sets a source around each run of the model instead.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

from autograd import Value

if TYPE_CHECKING:
    from nn.modules.dropout import Dropout

__all__ = ["MaskSource", "constant_mask", "current_source", "masks_from"]

MaskSource = Callable[["Dropout", int], list[Value]]
"""Called with a dropout and its number of units; returns a factor for each unit."""

_source: ContextVar[MaskSource | None] = ContextVar("_source", default=None)

current_source = _source.get
"""Returns the current source, or None."""


@contextmanager
def masks_from(source: MaskSource) -> Iterator[None]:
    """Makes every dropout that runs inside the block take its mask from `source`."""
    token = _source.set(source)
    try:
        yield
    finally:
        _source.reset(token)


def constant_mask(factors: Iterable[float]) -> list[Value]:
    """Returns a mask of plain numbers.

    >>> constant_mask([0.0, 2.0])
    [Value(0.0, label='mask'), Value(2.0, label='mask')]
    """
    return [Value(factor, "mask", role="constant") for factor in factors]
