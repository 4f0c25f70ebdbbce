"""Checks of targets: the labels that each kind of loss accepts."""

from collections.abc import Sequence
from numbers import Real
from typing import Any

from autograd import Value

__all__ = ["LabelError", "check_binary", "check_hinge", "checked_class", "checked_probabilities"]


class LabelError(ValueError):
    """Raised if a target is outside the range that a loss is defined for."""


def check_binary(target: float, index: int) -> None:
    """Raises LabelError unless a binary target is between 0 and 1.

    Arguments:
        target: a plain number.
        index: its index among the targets, for the message.
    """
    if not 0.0 <= target <= 1.0:
        raise LabelError(f"target {index} must be between 0 and 1, not {target!r}")


def check_hinge(target: float, index: int) -> None:
    """Raises LabelError unless a target of the hinge loss is -1 or 1; arguments as for `check_binary`."""
    if target not in (-1.0, 1.0):
        raise LabelError(f"target {index} must be -1 or 1 for the hinge loss, not {target!r}")


def checked_class(target: Any, index: int, classes: int) -> int:
    """Returns a class as an int.

    Arguments:
        target: the class, counted from 0.
        index: its index among the targets, for the message.
        classes: the number of classes.

    Raises:
        LabelError: if there is no such class.
    """
    if not isinstance(target, Real) or target not in range(classes):
        raise LabelError(f"target {index} must be a class, an integer from 0 to {classes - 1}, not {target!r}")
    return int(float(target))


def checked_probabilities(targets: Sequence[Any], index: int) -> Sequence[Any]:
    """Returns the probabilities of one sample's classes; they are not checked if some of them are Values.

    Raises:
        LabelError: if one is below 0, or they do not sum to 1.
    """
    plain = [y for y in targets if not isinstance(y, Value)]
    if len(plain) == len(targets) and (not all(y >= 0 for y in plain) or abs(sum(plain) - 1.0) > 1e-6):
        raise LabelError(f"target {index} must be probabilities, none below 0, that sum to 1, not {list(targets)}")
    return targets
