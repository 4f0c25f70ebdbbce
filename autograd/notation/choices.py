"""Formulas as a textbook writes them: without choices that are already made, or made twice."""

from collections.abc import Collection, Mapping
from typing import Any

from autograd.graph import run, walk
from autograd.value import Value

__all__ = ["with_fewest_choices"]


def with_fewest_choices(formula: Value, numbers: Mapping[Value, float], given: Collection[Value], *, nan: bool) -> Any:
    """Returns a formula with the same results, bit for bit, or a plain number.

    A choice by a constant is made. Where operands are not nan, so is one by x·x + 1 or |x| + 1, which are positive.

    Arguments:
        formula: a graph.
        numbers: its leaves that stand for constants, with their numbers.
        given: its nodes that are written by a name, which are not looked into.
        nan: whether the results are also the same for operands that are nan.

    >>> a, b = Value(2.0), Value(3.0)
    >>> of_b = (b - a).select(1.0, (b * b + 1.0).select(0.0, 1.0))
    >>> simple = with_fewest_choices(of_b.select(0.0, 1.0), {}, [a, b], nan=False)
    >>> simple.op, [operand.op or operand.data for operand in simple.operands]
    ('select', ['subtract', 0.0, 1.0])
    """
    leaves, operations = walk(formula)
    if not any(node.op == "select" for node in operations if node not in given):
        return formula
    simple: dict[Value, Any] = {leaf: leaf if leaf in given else leaf.data for leaf in leaves} | dict(numbers)
    for node in operations:
        simple[node] = node if node in given else _simple(node, [simple[operand] for operand in node.operands], nan)
    return simple[formula]


def _simple(node: Value, operands: list[Any], nan: bool) -> Any:
    """Applies the operation of a node to operands, of which some may be plain numbers."""
    if node.op != "select":
        return run(node, *operands)
    gate, chosen, other = operands
    while isinstance(gate, Value) and gate.op == "select":  # made twice, if exactly one of its results is positive
        inner, first, second = gate.operands
        if first.op or second.op or (first.data > 0.0) == (second.data > 0.0):
            break
        gate, chosen, other = inner, *((chosen, other) if first.data > 0.0 else (other, chosen))
    if isinstance(gate, Value):
        return chosen if not nan and _is_positive(gate) else gate.select(chosen, other)
    return chosen if gate > 0.0 else other


def _is_positive(gate: Value) -> bool:
    """Whether a number is a square or an absolute value plus a positive constant."""
    if gate.op != "add":
        return False
    number, constant = gate.operands
    is_square = number.op == "multiply" and number.operands[0] is number.operands[1]
    return (is_square or number.op == "absolute") and not constant.op and bool(constant.data > 0.0)
