"""Training mode and evaluation mode, held for a call."""

from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

from autograd.contexts import call_with

__all__ = ["call_in_mode", "held_mode"]

_training: ContextVar[bool | None] = ContextVar("nn.training", default=None)

held_mode = _training.get
"""Returns True for training mode or False for evaluation mode if one is held, otherwise None."""


def call_in_mode(training: bool, function: Callable[..., Any], *arguments: Any) -> Any:
    """Returns function(*arguments), during which all modules are in training mode, or all in evaluation mode.

    The mode is held in the context of the call. No module changes, so other threads may use the same ones.
    """
    return call_with(_training, training, function, *arguments)
