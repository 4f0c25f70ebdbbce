"""The operations of a graph as JavaScript functions, from whose numbers a page draws their curves and tangents.

The functions come from the rules of the operations, run on symbols, as the program of the page does.
"""

from collections.abc import Callable, Hashable, Iterable
from typing import NamedTuple

from autograd import Value
from autograd.compiler.source.javascript import JAVASCRIPT
from autograd.compiler.source.text import function
from autograd.compiler.trace.builder import Builder
from viz.pages.live_program import run_as_one

__all__ = ["CurvePrograms", "curve_programs"]


class CurvePrograms(NamedTuple):
    """The functions of some operations.

    Attributes:
        javascript: defines the list `curves`. Each of its functions takes the operands that are not constants, and
            returns a list: the result, and the derivative with respect to each of these operands.
        numbers: for each operation, the number of its function; None if it has none.
    """

    javascript: str
    numbers: tuple[int | None, ...]


def curve_programs(operations: Iterable[Value]) -> CurvePrograms:
    """Returns the functions of operations. Operations of the same kind share one.

    An operation has none if all of its operands are constants, or if JavaScript cannot run it with other operands.

    >>> w, x = Value(0.5, "w"), Value(3.0, "x")
    >>> programs = curve_programs([w * x, x**2, x * x])
    >>> print(programs.javascript, programs.numbers)
    function curve0(x1, x2) {
      const t1 = x1 * x2;
      return [t1, x2, x1];
    }
    function curve1(x1) {
      const t1 = x1 * x1;
      const t2 = 2.0 * x1;
      return [t1, t2];
    }
    const curves = [curve0, curve1];
     (0, 1, 0)
    """
    written: list[str] = []
    numbers: dict[Hashable, int | None] = {}
    kinds = [(node, _kind(node)) for node in operations]
    for node, kind in kinds:
        if kind not in numbers:
            text = _function(node, f"curve{len(written)}")
            numbers[kind] = len(written) if text else None
            written += filter(None, [text])
    names = ", ".join(f"curve{number}" for number in range(len(written)))
    javascript = f"{''.join(written)}const curves = [{names}];\n"
    return CurvePrograms(javascript, tuple(numbers[kind] for _, kind in kinds))


def _kind(node: Value) -> Hashable:
    """What the function of an operation depends on: its name, its plain numbers, and which operands are constants."""
    literal: Callable[[float], str] = JAVASCRIPT.literal
    constants = (literal(operand.data) if operand.role == "constant" else None for operand in node.operands)
    return node.op, *map(literal, node.numbers), *constants


def _function(node: Value, name: str) -> str:
    """The function of an operation; "" if there is none."""
    builder = Builder()
    constant = [operand.role == "constant" for operand in node.operands]
    if all(constant):
        return ""
    operands = [
        Value(operand.data if fixed else builder.symbol())
        for operand, fixed in zip(node.operands, constant, strict=True)
    ]
    twin = run_as_one(node, *operands)
    slopes = [slope for slope, fixed in zip(twin.local_derivatives, constant, strict=True) if not fixed]
    traced = builder.finish([twin.data, *slopes])
    names = tuple(f"x{number}" for number in range(1, len(slopes) + 1))
    try:
        return function(traced._replace(names=names), JAVASCRIPT, name, lambda results: f"[{', '.join(results)}]")
    except NotImplementedError:
        return ""
