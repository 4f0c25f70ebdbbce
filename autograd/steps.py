r"""The forward and the backward pass as sequences of steps, each told in numbers, in math and in code.

A step is what happens at one operation, or along one edge: what a page shows at a time, what a table has in a row.
The formula of a local derivative is no second table of derivatives: the rule of `Value` itself writes it, run once on
Values that stand for the operands.
"""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from autograd.functions import real
from autograd.graph import run, walk
from autograd.latex_names import symbols_of
from autograd.naming import names_in_code
from autograd.node import ZERO
from autograd.operations import (
    ATOM,
    CODE_BRACKETS,
    LATEX_BRACKETS,
    OPERATIONS,
    Written,
    code_number,
    latex_number,
    write_code,
    write_latex,
)
from autograd.value import Value

__all__ = ["BackwardStep", "ForwardStep", "backward_steps", "forward_steps"]


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
        math: the chain rule in LaTeX: in symbols, with the formula, with the numbers put in, and the contribution.
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
