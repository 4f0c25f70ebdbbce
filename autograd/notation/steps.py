r"""The forward and the backward pass as sequences of steps, each told in numbers, in math and in code.

A step is what happens at one operation, or along one edge: what a page shows at a time, what a table has in a row.
"""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from autograd.functions import real
from autograd.graph import check_root, walk
from autograd.node import ZERO, short
from autograd.notation.latex import symbols_of
from autograd.notation.naming import names_in_code
from autograd.notation.operations import (
    ATOM,
    CODE_BRACKETS,
    LATEX_BRACKETS,
    OPERATIONS,
    POWER,
    Form,
    Written,
    code_number,
    latex_number,
    write_code,
    write_latex,
)
from autograd.notation.rules import Rule, rule_of
from autograd.value import Value

__all__ = ["BackwardStep", "ForwardStep", "backward_steps", "forward_steps"]

_PARTIAL = Form(r"\frac{{\partial {}}}{{\partial {}}}", POWER, (ATOM, ATOM))


class ForwardStep(NamedTuple):
    """One operation of the forward pass.

    Attributes:
        node: the operation.
        operands: what it is done to.
        data: its result.
        math: the equation in LaTeX: in symbols, with the numbers put in, and the result.
        code: the line of Python that records it, with the result as a comment.
    """

    node: Value
    operands: tuple[Value, ...]
    data: float
    math: str
    code: str


class BackwardStep(NamedTuple):
    """One use of the chain rule: what an operation passes on to one of its operands.

    The first step of a pass is the seed, the derivative of the output by itself, from which all others follow: its
    node and its operand are both the output, its slot is None, and all its numbers are 1.

    Attributes:
        node: the operation whose gradient is passed on.
        operand: the node that receives it. A bare number, which nobody trains, has the role "constant".
        slot: the place of the operand among `node.operands`: 0 or 1, or behind the gate of a select 1 or 2.
        upstream: the gradient of the output by `node`.
        local_derivative: the derivative of `node` by the operand.
        formula: the local derivative in Python, in terms of the operands and the result of `node`, on Values.
        formula_math: the same in LaTeX.
        contribution: upstream · local_derivative.
        gradient: that of the output by the operand as far as it is known once the contribution is added.
        math: the chain rule in LaTeX: in symbols, with the numbers put in, and the contribution.
        code: the line of Python that adds the contribution, with the numbers as a comment.
    """

    node: Value
    operand: Value
    slot: int | None
    upstream: float
    local_derivative: float
    formula: str
    formula_math: str
    contribution: float
    gradient: float
    math: str
    code: str


def forward_steps(root: Value) -> tuple[ForwardStep, ...]:
    r"""The forward pass that computed `root`: its operations, operands first. Nothing in the graph changes.

    Nodes have the names that `viz.code` gives them; in math, those without a label are t with the same number.

    Arguments:
        root: the output of a graph of floats.

    Returns:
        One step an operation, that of `root` last; none for a leaf.

    Raises:
        TypeError: if `root` is not a Value, or a node of its graph carries something other than a float.

    >>> w, x = Value(2.0, "w"), Value(3.0, "x")
    >>> for step in forward_steps(w * x - 1.0):
    ...     print(step.code, "|", step.math)
    t1 = w * x  # 6.0 | t_{1} = w \cdot x = 2 \cdot 3 = 6
    t2 = t1 - 1.0  # 5.0 | t_{2} = t_{1} - 1 = 6 - 1 = 5
    """
    leaves, operations = _graph_of_floats(root, "forward_steps")
    texts = _texts(leaves, operations)
    return tuple(_forward_step(node, texts) for node in operations)


def backward_steps(root: Value) -> tuple[BackwardStep, ...]:
    r"""The backward pass of `root.backward()`, on a graph that has no gradients yet. No `grad` changes.

    Contributions are added in the order in which `backward()` adds them, so the last step to a node has the gradient
    that it gives, to the bit. Where it adds nothing there is no step: to the gate of a select, and through `detach`,
    `sign`, `heaviside` and x⁰.

    Arguments:
        root: the output of a graph of floats.

    Returns:
        The seed, then one step an edge of the graph.

    Raises:
        TypeError: if `root` is not a Value, or a node of its graph carries something other than a float.

    >>> x = Value(3.0, "x")
    >>> y = x * x
    >>> y.label = "y"
    >>> for step in backward_steps(y):
    ...     print(step.code)
    y.grad = 1.0
    x.grad += y.grad * x  # 1.0 * 3.0 = 3.0
    x.grad += y.grad * x  # 1.0 * 3.0 = 3.0, now 6.0
    >>> print(step.math)
    \frac{\partial y}{\partial x} \mathrel{+}= \frac{\partial y}{\partial y} \cdot x = 1 \cdot 3 = 3\text{, now }6
    """
    leaves, operations = _graph_of_floats(root, "backward_steps")
    texts = _texts(leaves, operations)
    rules: dict[str, Rule] = {}
    gradients = {root: 1.0}
    steps = [_seed(root, texts)]
    for node in reversed(operations):
        if node not in gradients:  # only gates look at it
            continue
        kind = f"{node.op}{node.numbers}"
        if kind not in rules:
            rules[kind] = rule_of(node)
        for slot, operand, local in _edges(node):
            contribution = gradients[node] * local
            known = gradients.get(operand)
            gradients[operand] = contribution if known is None else known + contribution
            formula = rules[kind].formula(node, slot, texts.code, code_number, write_code)
            formula_math = rules[kind].formula(node, slot, texts.math, latex_number, write_latex)
            numbers = gradients[node], local, contribution
            total = None if known is None else gradients[operand]
            step = BackwardStep(
                node=node,
                operand=operand,
                slot=slot,
                upstream=gradients[node],
                local_derivative=local,
                formula=formula.text,
                formula_math=formula_math.text,
                contribution=contribution,
                gradient=gradients[operand],
                math=_equation(texts.partial(root, operand), texts.partial(root, node), formula_math, numbers, total),
                code=_statement(texts.grad(operand), texts.grad(node), formula, numbers, total),
            )
            steps.append(step)
    return tuple(steps)


def _graph_of_floats(root: Any, name: str) -> tuple[list[Value], list[Value]]:
    """The leaves and the operations below `root`."""
    check_root(root, name)
    leaves, operations = walk(root)
    for node in leaves + operations:
        if type(real(node.data)) is not float:
            which = repr(node.label) if node.label else node.op or f"of a {node.role} leaf"
            raise TypeError(f"{name} shows graphs of floats, but the node {which} carries {node.data!r}")
    return leaves, operations


class _Texts(NamedTuple):
    """How the nodes of a graph are written where others are told in terms of them: by name, or as a bare number."""

    code: dict[Value, Written]
    math: dict[Value, Written]

    def grad(self, node: Value) -> Written:
        """The gradient of a node in Python."""
        text = self.code[node].text
        return Written(f"{text}.grad" if text.isidentifier() else f"({text}).grad", ATOM)

    def partial(self, root: Value, node: Value) -> Written:
        """The gradient of a node in LaTeX."""
        return _PARTIAL.write([self.math[root], self.math[node]], LATEX_BRACKETS)


def _texts(leaves: Sequence[Value], operations: Sequence[Value]) -> _Texts:
    nodes = [*leaves, *operations]
    names = names_in_code(leaves, operations)
    symbols = symbols_of(nodes, names)
    return _Texts(
        {node: Written(names[node], ATOM) if node in names else code_number(node.data) for node in nodes},
        {node: Written(symbols[node], ATOM) if node in symbols else latex_number(node.data) for node in nodes},
    )


def _forward_step(node: Value, texts: _Texts) -> ForwardStep:
    operands = node.operands
    name, result = texts.code[node].text, latex_number(node.data).text
    sides = [
        texts.math[node].text,
        write_latex(node, [texts.math[operand] for operand in operands]).text,
        write_latex(node, [latex_number(operand.data) for operand in operands]).text,
        result,
    ]
    code = f"{name} = {write_code(node, [texts.code[operand] for operand in operands]).text}"
    return ForwardStep(node, operands, node.data, " = ".join(dict.fromkeys(sides)), f"{code}  # {short(node.data)}")


def _seed(root: Value, texts: _Texts) -> BackwardStep:
    gradient = texts.partial(root, root).text
    return BackwardStep(
        node=root,
        operand=root,
        slot=None,
        upstream=1.0,
        local_derivative=1.0,
        formula="1.0",
        formula_math="1",
        contribution=1.0,
        gradient=1.0,
        math=f"{gradient} = 1",
        code=f"{texts.grad(root).text} = 1.0",
    )


def _edges(node: Value) -> Iterator[tuple[int, Value, float]]:
    """The slot, the operand and the local derivative of each edge along which `backward()` adds, in its order."""
    first = len(node.operands) - (1 if node._b is None else 2)  # behind the gate of a select
    if node._da is not ZERO:
        yield first, node._a, node._da
    if node._b is not None:
        yield first + 1, node._b, node._db


def _equation(
    gradient: Written, upstream: Written, formula: Written, numbers: tuple[float, float, float], total: float | None
) -> str:
    """The chain rule along an edge in LaTeX, in symbols and in numbers, and the sum so far if there is one."""
    product = OPERATIONS["multiply"].latex
    *factors, contribution = map(latex_number, numbers)
    sides = [product.write([upstream, formula], LATEX_BRACKETS), product.write(factors, LATEX_BRACKETS), contribution]
    now = "" if total is None else rf"\text{{, now }}{latex_number(total).text}"
    return rf"{gradient.text} \mathrel{{+}}= {' = '.join(side.text for side in sides)}{now}"


def _statement(
    gradient: Written, upstream: Written, formula: Written, numbers: tuple[float, float, float], total: float | None
) -> str:
    """The chain rule along an edge in Python, with the numbers, and the sum so far if there is one, as a comment."""
    product = OPERATIONS["multiply"].code.write([upstream, formula], CODE_BRACKETS)
    *factors, contribution = map(short, numbers)
    now = "" if total is None else f", now {short(total)}"
    return f"{gradient.text} += {product.text}  # {' * '.join(factors)} = {contribution}{now}"
