r"""The forward and the backward pass as sequences of steps, each in numbers, in math and in code.

A step is one operation, or one edge of the graph: it is one view of a page, and one row of a table.
"""

from collections.abc import Sequence
from math import isnan
from typing import Any, NamedTuple

from autograd.chain_rule import chain_rule
from autograd.collector import collector_paused
from autograd.functions import real
from autograd.graph import check_root, run, walk
from autograd.node import short
from autograd.notation.expression import ATOM, Written, code_number, is_shown, latex_number, rounded
from autograd.notation.operations import CODE_BRACKETS, LATEX_BRACKETS, OPERATIONS, write_code, write_latex
from autograd.notation.written_graph import WrittenGraph
from autograd.value import Value

__all__ = ["BackwardStep", "ForwardStep", "backward_steps", "forward_steps", "graph_of_floats", "steps_to_leaves"]

APPROXIMATELY = r"\approx"


class ForwardStep(NamedTuple):
    """One operation of the forward pass. Its texts are written when read, with the current labels of the nodes.

    Attributes:
        node: the operation.
        operands: the nodes that it is applied to.
        operand_data: the data of the operands.
        data: the result.
        graph: the names and symbols of the graph, which all steps of a pass share; it is not compared.
    """

    node: Value
    operands: tuple[Value, ...]
    operand_data: tuple[float, ...]
    data: float
    graph: WrittenGraph

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and _without_graph(self) == _without_graph(other)

    def __hash__(self) -> int:
        return hash(_without_graph(self))

    def __repr__(self) -> str:
        return _shown(self)

    @property
    def statement(self) -> str:
        """The line of Python that records the operation."""
        written = [self.graph.code[operand] for operand in self.operands]
        return f"{self.graph.code[self.node].text} = {write_code(self.node, written).text}"

    @property
    def comment(self) -> str:
        """The result."""
        return short(self.data)

    @property
    def code(self) -> str:
        """The statement, with the result as a comment."""
        return _line(self.statement, self.comment)

    @property
    def math(self) -> str:
        """The equation in LaTeX: in symbols, with the numbers inserted, and the result."""
        sides = [
            self.graph.math[self.node],
            write_latex(self.node, [self.graph.math[operand] for operand in self.operands]),
            write_latex(self.node, [latex_number(number) for number in self.operand_data]),
            latex_number(self.data),
        ]
        *left, right = dict.fromkeys(side.text for side in sides)
        return f"{' = '.join(left)} {'=' if self._is_shown else APPROXIMATELY} {right}" if left else right

    @property
    def _is_shown(self) -> bool:
        """Whether the operation, applied to the rounded numbers of the equation, gives its rounded result."""
        if type(self.node.op) is not str:
            return True  # a function of the user's own, which is not called for a text
        return is_shown(run(self.node, *map(rounded, self.operand_data)), self.data)


class BackwardStep(NamedTuple):
    """One use of the chain rule. Its texts are written when read, with the current labels of the nodes.

    The first step of a pass is the seed, the derivative of the output with respect to itself: its node and its operand
    are both the output, its slot is None, and all its numbers are 1.

    Attributes:
        node: the operation that passes its gradient on.
        operand: the node that receives the contribution. A plain number has the role "constant"; it is not trained.
        slot: the index of the operand in `node.operands`: 0 or 1; 1 or 2 for the two choices of a select.
        upstream: the gradient of the output with respect to `node`.
        local_derivative: the derivative of `node` with respect to the operand.
        contribution: upstream · local_derivative.
        gradient: the gradient of the output with respect to the operand, including this contribution.
        previous: that gradient before this contribution is added; None if this is the first.
        graph: the names, symbols and rules of the graph, which all steps of a pass share; it is not compared.
    """

    node: Value
    operand: Value
    slot: int | None
    upstream: float
    local_derivative: float
    contribution: float
    gradient: float
    previous: float | None
    graph: WrittenGraph

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and _without_graph(self) == _without_graph(other)

    def __hash__(self) -> int:
        return hash(_without_graph(self))

    def __repr__(self) -> str:
        return _shown(self)

    @property
    def formula(self) -> str:
        """The local derivative in Python, in terms of the operands and the result of `node`, which are Values."""
        return self._formula.text

    @property
    def formula_math(self) -> str:
        """The local derivative in LaTeX."""
        return self._formula_math.text

    @property
    def statement(self) -> str:
        """The line of Python that adds the contribution to the gradient of the operand."""
        gradient = self.graph.grad(self.operand).text
        if self.slot is None:
            return f"{gradient} = 1.0"
        if not self.is_product:
            return f"{gradient} += 0.0"
        product = OPERATIONS["multiply"].code.write([self.graph.grad(self.node), self._formula], CODE_BRACKETS)
        return f"{gradient} += {product.text}"

    @property
    def comment(self) -> str:
        """The numbers of the statement; "" for the seed."""
        if self.slot is None:
            return ""
        now = "" if self.previous is None else f", now {short(self.gradient)}"
        if not self.is_product:
            return f"behind a branch that was not taken{now}"
        sign = "=" if self._is_shown else "≈"
        return f"{short(self.upstream)} * {short(self.local_derivative)} {sign} {short(self.contribution)}{now}"

    @property
    def code(self) -> str:
        """The statement, with the numbers as a comment."""
        return _line(self.statement, self.comment)

    @property
    def math(self) -> str:
        """The chain rule in LaTeX: in symbols, with the numbers inserted, and the contribution."""
        gradient = self.graph.partial(self.operand).text
        if self.slot is None:
            return f"{gradient} = 1"
        product = OPERATIONS["multiply"].latex
        factors = [latex_number(self.upstream), latex_number(self.local_derivative)]
        sides = [
            product.write([self.graph.partial(self.node), self._formula_math], LATEX_BRACKETS),
            product.write(factors, LATEX_BRACKETS) if self.is_product else Written(r"\text{a branch not taken}", ATOM),
            latex_number(self.contribution),
        ]
        now = "" if self.previous is None else rf"\text{{, now }}{latex_number(self.gradient).text}"
        symbols, numbers, result = [side.text for side in sides]
        sign = "=" if self._is_shown else APPROXIMATELY
        return rf"{gradient} \mathrel{{+}}= {symbols} = {numbers} {sign} {result}{now}"

    @property
    def _is_shown(self) -> bool:
        """Whether the factors, as rounded in equations, give the rounded contribution."""
        product = rounded(self.upstream) * rounded(self.local_derivative)
        return not self.is_product or is_shown(product, self.contribution)

    @property
    def is_product(self) -> bool:
        """Whether the contribution is the product of the factors, and not 0 behind a branch that was not taken."""
        return isnan(self.contribution) or not isnan(self.upstream * self.local_derivative)

    @property
    def _formula(self) -> Written:
        return code_number(1.0) if self.slot is None else self.graph.formula(self.node, self.slot)

    @property
    def _formula_math(self) -> Written:
        return latex_number(1.0) if self.slot is None else self.graph.formula_math(self.node, self.slot)


def forward_steps(root: Value) -> tuple[ForwardStep, ...]:
    r"""Returns the steps of the forward pass that computed `root`. The graph is not modified.

    Nodes have the same names as in `viz.code`; in math, nodes without a label are t with the same number.

    Arguments:
        root: the output of a graph of floats.

    Returns:
        One step for each operation, operands first and `root` last; none for a leaf.

    Raises:
        TypeError: if `root` is not a Value, or a node of its graph carries something other than a float.

    >>> w, x = Value(2.0, "w"), Value(3.0, "x")
    >>> for step in forward_steps(w * x - 1.0):
    ...     print(step.code, "|", step.math)
    t1 = w * x  # 6.0 | t_{1} = w \cdot x = 2 \cdot 3 = 6
    t2 = t1 - 1.0  # 5.0 | t_{2} = t_{1} - 1 = 6 - 1 = 5
    """
    leaves, operations = graph_of_floats(root, "forward_steps")
    return _forward_steps(operations, WrittenGraph(leaves, operations))


def backward_steps(root: Value) -> tuple[BackwardStep, ...]:
    r"""Returns the steps of the backward pass from `root`, on a graph without gradients. No `grad` changes.

    Contributions are added in the same order as in `backward()`, so the last step to a node has exactly the gradient
    that `backward()` computes. Edges along which it adds nothing have no step: those to the gate of a select, and
    through `detach`, `sign`, `heaviside` and x⁰.

    Arguments:
        root: the output of a graph of floats.

    Returns:
        The seed, then one step for each edge of the graph.

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
    leaves, operations = graph_of_floats(root, "backward_steps")
    return _backward_steps(operations or leaves, WrittenGraph(leaves, operations))


def steps_to_leaves(steps: Sequence[BackwardStep], *, constants: bool) -> tuple[BackwardStep, ...]:
    """Returns the seed, and the steps whose contributions reach a leaf, directly or by further steps.

    The others end in an operation that passes nothing on, such as `detach`: what they contribute, often no more than a
    rounding error, changes no gradient that anybody uses.

    Arguments:
        steps: all steps of a backward pass, in order.
        constants: whether a leaf with the role "constant" counts.

    >>> x = Value(3.0, "x")
    >>> print(*[step.statement for step in steps_to_leaves(backward_steps(2.0 * x - x.detach()), constants=False)])
    t3.grad = 1.0 t1.grad += t3.grad * 1.0 x.grad += t1.grad * 2.0
    """
    reaching: set[Value] = set()
    kept = []
    for step in reversed(steps):  # every step from a node comes after those to it
        is_leaf = step.operand.role and (constants or step.operand.role != "constant")
        if is_leaf or step.slot is None or step.operand in reaching:
            reaching.add(step.node)
            kept.append(step)
    return tuple(reversed(kept))


def _without_graph(step: "ForwardStep | BackwardStep") -> tuple[Any, ...]:
    """What is compared of a step: its numbers, and which nodes it has, not their data."""
    first, second, *numbers, _ = step
    return id(first), id(second) if isinstance(second, Value) else tuple(map(id, second)), *numbers


@collector_paused
def _forward_steps(operations: list[Value], graph: WrittenGraph) -> tuple[ForwardStep, ...]:
    return tuple(
        [
            ForwardStep(node, operands := node.operands, tuple([v.data for v in operands]), node.data, graph)
            for node in operations
        ]
    )


@collector_paused
def _backward_steps(operations: list[Value], graph: WrittenGraph) -> tuple[BackwardStep, ...]:
    return tuple([BackwardStep(*use, graph) for use in chain_rule(operations)])


def graph_of_floats(root: Any, function: str) -> tuple[list[Value], list[Value]]:
    """Returns the leaves and the operations below `root`, as `walk` does.

    Arguments:
        root: the output of a graph of floats.
        function: the name of the function that takes it, for the message.

    Raises:
        TypeError: if `root` is not a Value, or a node of its graph carries something other than a float.
    """
    check_root(root, function)
    leaves, operations = walk(root)
    for node in leaves + operations:
        if type(node.data) is not float and type(real(node.data)) is not float:
            name = repr(node.label) if node.label else node.op or f"of a {node.role} leaf"
            raise TypeError(f"the graph given to {function} must carry floats, but the node {name} has {node.data!r}")
    return leaves, operations


def _shown(step: ForwardStep | BackwardStep) -> str:
    """The fields of a step except the graph, as `repr` shows a named tuple."""
    fields = [f"{name}={value!r}" for name, value in zip(step._fields[:-1], step[:-1], strict=True)]
    return f"{type(step).__name__}({', '.join(fields)})"


def _line(statement: str, comment: str) -> str:
    return f"{statement}  # {comment}" if comment else statement
