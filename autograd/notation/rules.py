"""The rule of an operation as text: its local derivatives in terms of its operands and its result.

This is not a second table of derivatives. The method of `Value` that performs the operation is run on Values that carry
Values, one for each operand, and so records the formulas of its local derivatives.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from autograd.graph import run, walk
from autograd.notation.choices import with_fewest_choices
from autograd.notation.expression import Written
from autograd.value import Value, carrying

__all__ = ["Rule", "own_rule_of", "rule_of"]

_LONGEST = 400  # characters of a formula


class Rule(NamedTuple):
    """The result and the local derivatives of an operation, as graphs of its operands.

    Attributes:
        operands: Values that stand for the operands.
        result: the graph of the result.
        local_derivatives: the derivative with respect to each operand: a graph of these Values, or a plain number.
    """

    operands: tuple[Value, ...]
    result: Value
    local_derivatives: tuple[Any, ...]

    def formula(
        self,
        node: Value,
        slot: int,
        names: Mapping[Value, Written],
        constants: Mapping[Value, float],
        number: Callable[[float], Written],
        write: Callable[[Value, Sequence[Written]], Written],
        *,
        nan: bool,
    ) -> Written | None:
        """Writes the derivative of a node, whose rule this is, with respect to one of its operands.

        Returns None if it would be too long to read.

        Arguments:
            node: the operation.
            slot: the index of the operand in `node.operands`.
            names: how the node and its operands are written.
            constants: the operands that are written as numbers, with these.
            number: writes a number, such as `code_number` or `latex_number`.
            write: writes an operation on written operands, in the same language: `write_code` or `write_latex`.
            nan: whether the formula also holds for operands that are nan, which a textbook leaves out.

        >>> from autograd.notation.expression import ATOM, code_number
        >>> from autograd.notation.operations import write_code
        >>> x = Value(0.5)
        >>> y = x.tanh()
        >>> names = {x: Written("x", ATOM), y: Written("y", ATOM)}
        >>> rule_of(y).formula(y, 0, names, {}, code_number, write_code, nan=True).text
        '1.0 - y * y'
        """
        pairs = [*zip(self.operands, node.operands, strict=True)]
        written = {self.result: names[node]} | {stand_in: names[operand] for stand_in, operand in pairs}
        local = self.local_derivatives[slot]
        if isinstance(local, Value):
            numbers = {stand_in: constants[operand] for stand_in, operand in pairs if operand in constants}
            local = with_fewest_choices(local, numbers, written, nan=nan)
        if not isinstance(local, Value):
            return number(local)
        leaves, operations = walk(local)
        for leaf in leaves:
            written.setdefault(leaf, number(leaf.data))
        for operation in operations:
            if operation not in written:
                written[operation] = write(operation, [written[operand] for operand in operation.operands])
                if len(written[operation].text) > _LONGEST:
                    return None
        return written[local]


def rule_of(node: Value) -> Rule:
    """Returns the rule of the operation that made `node`; it depends only on `node.op` and `node.numbers`."""
    operands = tuple(Value(1.0) for _ in node.operands)
    result = run(node, *map(carrying, operands))
    return Rule(operands, result.data, result.local_derivatives)


def own_rule_of(node: Value) -> Rule | None:
    """Returns the rule of a node of an operation of the user's own, at its numbers, on which a rule may branch.

    Returns None if it cannot be written, because it calls plain Python.
    """
    operands = tuple(Value(operand.data) for operand in node.operands)
    carriers = [carrying(operand) for operand in operands]
    try:
        result = run(node, *carriers)
    except Exception:
        return None
    result.backward()  # without a rule, it is its formula
    return Rule(operands, result.data, tuple(carrier.grad for carrier in carriers))
