"""A program run on an engine: the numbers that the engine computes, up to where it fails."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from autograd.notation.characters import visible
from viz.checking.program import Program
from viz.checking.seen_graph import number_of

__all__ = ["Observation", "ResultError", "Trouble", "message_of", "observe"]

_LONGEST = 200  # characters of what an exception says


class ResultError(Exception):
    """Raised if an engine returns something that is no node with a number; the message continues a sentence."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """What an engine raised instead of a result.

    Attributes:
        place: the node that it was to compute; None in `backward()`.
        error: the exception.
    """

    place: int | None
    error: BaseException


@dataclass(slots=True)
class Observation:
    """The numbers of a program on an engine, by the places of its nodes.

    Attributes:
        values: the number of each node, as far as it was computed.
        values_after: the same after `backward()`.
        gradients: the gradient of each node; None if it has none.
        trouble: what the engine raised, if it did.
    """

    values: list[float] = field(default_factory=list)
    values_after: list[float] = field(default_factory=list)
    gradients: list[float | None] = field(default_factory=list)
    trouble: Trouble | None = None


def observe(program: Program, make: Callable[[float], Any], *, backward: bool = True) -> Observation:
    """Runs a program on an engine.

    Arguments:
        program: the program.
        make: makes a leaf of a number.
        backward: whether `backward()` is called.

    >>> from autograd import Value
    >>> observe(Program((2.0,), (), (0,)), Value).gradients
    [1.0]
    """
    seen = Observation()
    nodes: list[Any] = []
    place: int | None = 0
    try:
        for number in program.inputs:
            nodes.append(make(number))
            seen.values.append(_data_of(nodes[-1]))
        for place, step in enumerate(program.steps, len(nodes)):  # noqa: B007 - it is used if the step raises
            nodes.append(step.apply(nodes))
            seen.values.append(_data_of(nodes[-1]))
        place = None
        seen.values[:] = [_data_of(node) for node in nodes]  # an operation may change its operands
        if not backward:
            return seen
        for output in program.outputs:
            nodes[output].backward()
        seen.values_after += [_data_of(node) for node in nodes]
        seen.gradients += [_gradient_of(node) for node in nodes]
    except Exception as error:
        seen.trouble = Trouble(place, error.with_traceback(None))
    return seen


def _data_of(node: Any) -> float:
    if not hasattr(node, "data"):
        raise ResultError(f"returns {node!r}, not a node with .data")
    try:
        return number_of(node.data, ".data")
    except TypeError as error:
        raise ResultError(f"returns a node whose {error}") from None


def _gradient_of(node: Any) -> float | None:
    grad = getattr(node, "grad", None)
    try:
        return None if grad is None else number_of(grad, ".grad")
    except TypeError as error:
        raise ResultError(f"leaves a node whose {error}") from None


def message_of(error: BaseException, *, named: bool = True) -> str:
    """Returns the name of an exception and what it says, on one line, even if it cannot say it."""
    try:
        text = str(error)
    except Exception:
        text = ""
    words = "".join(map(visible, " ".join(text.split())))
    words = words if len(words) <= _LONGEST else words[: _LONGEST - 1] + "…"
    if not named:
        return words
    return f"{type(error).__name__}: {words}" if words else type(error).__name__
