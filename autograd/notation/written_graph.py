r"""The nodes of a graph as they appear in statements and equations."""

from collections.abc import Sequence
from functools import cached_property

from autograd.notation.expression import ATOM, POWER, Form, Written, code_number, latex_number
from autograd.notation.latex import symbols_of
from autograd.notation.naming import names_in_code
from autograd.notation.operations import LATEX_BRACKETS, write_code, write_latex
from autograd.notation.rules import Rule, own_rule_of, rule_of
from autograd.value import Value

__all__ = ["WrittenGraph"]

_PARTIAL = Form(r"\frac{{\partial {}}}{{\partial {}}}", POWER, (ATOM, ATOM))


class WrittenGraph:
    """A graph whose names, symbols and formulas are computed on first use, and cached.

    Arguments:
        leaves, operations: all nodes of the graph, as `walk` returns them. Plain numbers are the current data of the
            leaves.

    >>> from autograd.graph import walk
    >>> y = Value(3.0, "x") * 2.0
    >>> graph = WrittenGraph(*walk(y))
    >>> [graph.code[node].text for node in (y, *y.operands)], graph.formula(y, 0).text, graph.grad(y).text
    (['t1', 'x', '2.0'], '2.0', 't1.grad')
    """

    def __init__(self, leaves: Sequence[Value], operations: Sequence[Value]) -> None:
        self._leaves = leaves
        self._operations = operations
        self._numbers = [leaf.data for leaf in leaves]
        self._rules: dict[str, Rule] = {}

    @cached_property
    def names(self) -> dict[Value, str]:
        """The names of nodes in Python; constants that are written inline have none."""
        return names_in_code(self._leaves, self._operations)

    @cached_property
    def _constants(self) -> dict[Value, float]:
        """The leaves that are written as plain numbers."""
        return {
            leaf: number for leaf, number in zip(self._leaves, self._numbers, strict=True) if leaf not in self.names
        }

    @cached_property
    def code(self) -> dict[Value, Written]:
        """How each node is written in Python: by its name, or as a plain number."""
        names = {node: Written(name, ATOM) for node, name in self.names.items()}
        return {leaf: code_number(number) for leaf, number in zip(self._leaves, self._numbers, strict=True)} | names

    @cached_property
    def math(self) -> dict[Value, Written]:
        """How each node is written in LaTeX: by its symbol, or as a plain number."""
        symbols = symbols_of([*self._leaves, *self._operations], self.names)
        written = {node: Written(symbol, ATOM) for node, symbol in symbols.items()}
        return {leaf: latex_number(number) for leaf, number in zip(self._leaves, self._numbers, strict=True)} | written

    def grad(self, node: Value) -> Written:
        """Writes the gradient of a node in Python."""
        text = self.code[node].text
        return Written(f"{text}.grad" if text.isidentifier() else f"({text}).grad", ATOM)

    def partial(self, node: Value) -> Written:
        """Writes the gradient of a node in LaTeX: the partial derivative of the output with respect to it."""
        output = self._operations[-1] if self._operations else self._leaves[0]
        return _PARTIAL.write([self.math[output], self.math[node]], LATEX_BRACKETS)

    def formula(self, node: Value, slot: int) -> Written:
        """Writes in Python the local derivative of a node with respect to the operand at index `slot`."""
        rule = self._rule(node)
        written = rule and rule.formula(node, slot, self.code, self._constants, code_number, write_code, nan=True)
        return written or Written(f"{self.code[node].text}.local_derivatives[{slot}]", ATOM)

    def formula_math(self, node: Value, slot: int) -> Written:
        """Writes in LaTeX the local derivative of a node with respect to the operand at index `slot`."""
        rule = self._rule(node)
        written = rule and rule.formula(node, slot, self.math, self._constants, latex_number, write_latex, nan=False)
        return written or _PARTIAL.write([self.math[node], self.math[node.operands[slot]]], LATEX_BRACKETS)

    def _rule(self, node: Value) -> Rule | None:
        if type(node.op) is not str:
            return own_rule_of(node)
        kind = f"{node.op}{node.numbers}"  # text, because 0.0 equals -0.0 and nan does not equal itself
        if kind not in self._rules:
            self._rules[kind] = rule_of(node)
        return self._rules[kind]
