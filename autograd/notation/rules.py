"""The rule of an operation as text: its local derivatives, in terms of its operands and its result.

This is no second table of derivatives. The method of `Value` that performs the operation is run on Values that carry
Values, one for each operand, and what it does with these writes the formula down.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from autograd.graph import run, walk
from autograd.notation.operations import Written
from autograd.value import Value

__all__ = ["Rule", "rule_of"]


class Rule(NamedTuple):
    """What the rule of an operation makes of Values.

    Attributes:
        operands: what stood for the operands.
        result: what it made of them.
        local_derivatives: by each operand, in terms of these.
    """

    operands: tuple[Value, ...]
    result: Value
    local_derivatives: tuple[Any, ...]

    def formula(
        self,
        node: Value,
        slot: int,
        names: Mapping[Value, Written],
        number: Callable[[float], Written],
        write: Callable[[Value, Sequence[Written]], Written],
    ) -> Written:
        """The derivative of a node, whose rule this is, by the operand in a slot.

        Arguments:
            node: the operation.
            slot: the place of the operand among `node.operands`.
            names: how the node and its operands are written.
            number: writes a number, and
            write: an operation on operands that are written already: both in Python, or both in LaTeX.

        >>> from autograd.notation.operations import ATOM, code_number, write_code
        >>> x = Value(0.5)
        >>> y = x.tanh()
        >>> names = {x: Written("x", ATOM), y: Written("y", ATOM)}
        >>> rule_of(y).formula(y, 0, names, code_number, write_code).text
        '1.0 - y * y'
        """
        local = self.local_derivatives[slot]
        if not isinstance(local, Value):
            return number(local)
        written = {self.result: names[node]}
        written |= {stand_in: names[operand] for stand_in, operand in zip(self.operands, node.operands, strict=True)}
        leaves, operations = walk(local)
        for leaf in leaves:
            written.setdefault(leaf, number(leaf.data))
        for operation in operations:
            if operation not in written:
                written[operation] = write(operation, [written[operand] for operand in operation.operands])
        return written[local]


def rule_of(node: Value) -> Rule:
    """The rule of the operation that made `node`; it depends on `node.op` and `node.numbers` alone."""
    operands = tuple(Value(1.0) for _ in node.operands)
    result = run(node, *map(Value, operands))
    return Rule(operands, result.data, result.local_derivatives)
