"""A computation graph as a formula in LaTeX."""

from collections import Counter

from autograd import Value
from autograd.graph import walk
from autograd.notation.expression import ATOM, Written, latex_number
from autograd.notation.latex import symbols_of
from autograd.notation.naming import names_of
from autograd.notation.operations import write_latex
from viz.labels import check_precision
from viz.limits import too_large

__all__ = ["Formula", "latex"]

_OPERATIONS_PER_LINE = 16


class Formula(str):
    """LaTeX source: a string that Jupyter renders as mathematics."""

    __slots__ = ()

    def _repr_latex_(self) -> str:
        return f"$${self}$$"


def latex(
    value: Value, *, expand: bool = False, numbers: bool = False, precision: int = 6, limit: int = 1000
) -> Formula:
    r"""Writes the formula that the graph below `value` computes, in LaTeX.

    A leaf is written as its label, or as its number if it has no label. An operation gets its own line, and other lines
    refer to it by name, if it has a label, is used more than once, is the output of a module, or would make a line too
    long. If several nodes share a label, their modules distinguish them: the first weight of neuron 2 in layer 1 is
    w_{1}^{[1,2]}.

    Arguments:
        value: the output of the graph.
        expand: write labelled operations and outputs of modules in place, unless they are used more than once.
        numbers: write each formula also with numbers in place of symbols, and its result.
        precision: significant digits of numbers, 1 to 17.
        limit: the largest number of operations to write.

    Returns:
        The formula, a string: one expression or equation, or several in an `aligned` environment.

    Raises:
        TypeError: if `value` is not a Value.
        GraphTooLargeError: if the graph has more than `limit` operations.
        ValueError: if `precision` is out of range.

    >>> w, x, b = Value(0.7, "w1"), Value(1.5, "x1"), Value(-0.1, "b")
    >>> print(latex((w * x + b).tanh()))
    \tanh\left(w_{1} \cdot x_{1} + b\right)
    >>> y = w * x + b
    >>> y.label = "y"
    >>> print(latex(y, numbers=True))
    \begin{aligned}
    y &= w_{1} \cdot x_{1} + b \\
      &= 0.7 \cdot 1.5 + \left(-0.1\right) \\
      &= 0.95
    \end{aligned}
    """
    if not isinstance(value, Value):
        raise TypeError(f"latex takes a Value, not {value!r}")
    check_precision(precision)
    leaves, operations = walk(value)
    if len(operations) > limit:
        raise too_large(
            "a formula",
            limit,
            len(operations),
            f"write a node further down, raise limit={limit}, or use viz.code(value), a line for each node",
            of="operations",
        )
    lines = _lines(value, operations, expand)
    labels = {node.label for node in [*leaves, *lines]}
    unnamed = names_of([node for node in lines if node.op and not node.label], taken=labels)
    symbols = symbols_of(dict.fromkeys([*leaves, *lines]), unnamed)
    values = {node: latex_number(node.data, precision) for node in [*leaves, *lines]}
    names = {node: Written(text, ATOM) for node, text in symbols.items()}
    in_symbols = _expressions(operations, {**values, **names}, lines, precision)
    in_numbers = _expressions(operations, values, lines, precision)

    rows = []
    for node in lines:
        name = symbols[node] if node.label or len(lines) > 1 else ""
        sides = [in_symbols[node].text]
        if numbers and node.op:
            sides += [in_numbers[node].text, values[node].text]
        rows.append((name, [text for i, text in enumerate(sides) if text not in sides[:i]]))
    return Formula(_layout(rows))


def _lines(root: Value, operations: list[Value], expand: bool) -> list[Value]:
    """The nodes that get their own line, operands first, `root` last."""
    uses = Counter(operand for node in operations for operand in node.operands)
    outputs = {v for node in operations for v in node.operands if v.scope and v.scope != node.scope}
    size: dict[Value, int] = {}  # the operations that are written where a node is used
    lines: set[Value] = set()
    for node in operations:
        operands = sorted(node.operands, key=lambda v: size.get(v, 0))
        total = 1 + sum(size.get(v, 0) for v in operands)
        while total > _OPERATIONS_PER_LINE:
            longest = operands.pop()
            lines.add(longest)
            total -= size[longest]
            size[longest] = 0
        size[node] = total
        is_named = node.label or node in outputs
        if uses[node] > 1 or (is_named and not expand) or node is root:
            lines.add(node)
            size[node] = 0
    return [node for node in operations if node in lines] or [root]


def _expressions(
    operations: list[Value], given: dict[Value, Written], lines: list[Value], precision: int
) -> dict[Value, Written]:
    """The expression of every operation, with the nodes of `given` written as given there."""
    written = dict(given)
    result = {}
    for node in operations:
        expression = write_latex(node, [written[v] for v in node.operands], precision)
        written.setdefault(node, expression)
        result[node] = expression
    for node in lines:
        result.setdefault(node, latex_number(node.data, precision))
    return result


def _layout(rows: list[tuple[str, list[str]]]) -> str:
    """Aligns equations at their equals signs; a single expression stays as it is."""
    if len(rows) == 1 and len(rows[0][1]) == 1:
        name, (expression,) = rows[0]
        return f"{name} = {expression}" if name else expression
    equations = []
    for name, sides in rows:
        left, *right = [name, *sides] if name else sides
        equations.append(f"{left} &= {right[0]}")
        equations += [f"{' ' * len(left)} &= {side}" for side in right[1:]]
    return "\\begin{aligned}\n" + " \\\\\n".join(equations) + "\n\\end{aligned}"
