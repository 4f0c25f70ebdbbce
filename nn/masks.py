"""The source of dropout masks while a model runs: each dropout itself, or a function set for a call.

A model's `forward` receives a sample and nothing else. So a training run, which knows the epoch and the sample, cannot
pass masks as arguments; it sets a source around each run of the model instead.
"""

from collections.abc import Callable, Iterable
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from autograd import Value
from autograd.contexts import call_with

if TYPE_CHECKING:
    from nn.modules.dropout import Dropout

__all__ = ["MaskSource", "call_with_masks", "constant_mask", "current_source"]

MaskSource = Callable[["Dropout", int], list[Value]]
"""Called with a dropout and its number of units; returns a factor for each unit."""

_source: ContextVar[MaskSource | None] = ContextVar("_source", default=None)

current_source = _source.get
"""Returns the current source, or None."""


def call_with_masks(source: MaskSource, function: Callable[..., Any], *arguments: Any) -> Any:
    """Returns function(*arguments), during which every dropout takes its mask from `source`."""
    return call_with(_source, source, function, *arguments)


def constant_mask(factors: Iterable[float]) -> list[Value]:
    """Returns a mask of plain numbers.

    >>> constant_mask([0.0, 2.0])
    [Value(0.0, label='mask'), Value(2.0, label='mask')]
    """
    return [Value(factor, "mask", role="constant") for factor in factors]
