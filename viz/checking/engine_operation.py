"""The operations that an engine may have, each with the points at which it is tried."""

import operator
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

__all__ = ["ADD", "MULTIPLY", "OPERATIONS", "EngineOperation"]


@dataclass(frozen=True, slots=True)
class EngineOperation:
    """An operation that an engine may have.

    Attributes:
        name: how it is written, such as "a - b", "3 - v" or "tanh".
        apply: applies it to nodes, and then to a plain number if it takes one.
        method: the method of the class that performs it.
        points: the numbers to try: of each operand, and then the plain number.
        has_number: whether it takes a plain number.
        is_expected: whether an engine without it is incomplete.
    """

    name: str
    apply: Callable[..., Any]
    method: str
    points: tuple[tuple[float, ...], ...]
    has_number: bool = False
    is_expected: bool = True

    @property
    def may_be_refused(self) -> bool:
        """Whether an engine may take operands of some kinds only: no plain numbers, or no Value as an exponent."""
        return self.has_number or (self.arity == 2 and not self.is_expected)

    @property
    def arity(self) -> int:
        """The number of operands."""
        return len(self.points[0]) - self.has_number


def _with_number(name: str, apply: Callable[..., Any], method: str, *points: tuple[float, ...]) -> EngineOperation:
    return EngineOperation(name, apply, method, points, has_number=True)


def _method(name: str, *points: float) -> EngineOperation:
    return EngineOperation(
        name, operator.methodcaller(name), name, tuple((point,) for point in points), is_expected=False
    )


_TWO = ((2.5, -3.0), (-1.25, 0.5))
MULTIPLY = EngineOperation("a * b", operator.mul, "__mul__", _TWO)
ADD = EngineOperation("a + b", operator.add, "__add__", _TWO)

# Whole numbers stand for integers: an engine may take these and not floats, or the other way round.
OPERATIONS = (
    MULTIPLY,
    ADD,
    EngineOperation("-v", operator.neg, "__neg__", ((1.75,), (-0.6,))),
    EngineOperation("a - b", operator.sub, "__sub__", _TWO),
    EngineOperation("a / b", operator.truediv, "__truediv__", _TWO),
    _with_number("v + 3", lambda v, n: v + n, "__add__", (2.5, 3), (-1.25, 0.5)),
    _with_number("3 + v", lambda v, n: n + v, "__radd__", (2.5, 3), (-1.25, 0.5)),
    _with_number("v - 3", lambda v, n: v - n, "__sub__", (2.5, 3), (-1.25, 0.5)),
    _with_number("3 - v", lambda v, n: n - v, "__rsub__", (2.5, 3), (-1.25, 0.5)),
    _with_number("v * 3", lambda v, n: v * n, "__mul__", (2.5, 3), (-1.25, 0.5)),
    _with_number("3 * v", lambda v, n: n * v, "__rmul__", (2.5, 3), (-1.25, 0.5)),
    _with_number("v / 3", lambda v, n: v / n, "__truediv__", (2.5, 3), (-1.25, 0.5)),
    _with_number("3 / v", lambda v, n: n / v, "__rtruediv__", (2.5, 3), (-1.25, 0.5)),
    _with_number("v ** 2", lambda v, n: v**n, "__pow__", (1.75, 2), (-1.25, 3), (2.5, -1), (1.75, 0.5)),
    EngineOperation("abs(v)", abs, "__abs__", ((1.75,), (-0.6,)), is_expected=False),
    _method("relu", 1.75, -0.6),
    _method("tanh", 0.75, -1.3),
    _method("sigmoid", 0.75, -1.3),
    _method("exp", 0.75, -1.3),
    _method("log", 0.3, 2.5),
    _method("sqrt", 0.3, 2.5),
    _method("sin", 0.75, -1.3),
    _method("cos", 0.75, -1.3),
    EngineOperation("a ** b", operator.pow, "__pow__", ((1.75, 2.5), (0.6, -1.5)), is_expected=False),
    EngineOperation("2 ** v", lambda v, n: n**v, "__rpow__", ((1.75, 2), (-1.25, 0.5)), True, is_expected=False),
)
"""The operations in the order in which they are checked: first what others are often made of."""
