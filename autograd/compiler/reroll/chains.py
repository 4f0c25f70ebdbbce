"""Chains of additions in a routine: `((a + b) + c) + d` is one ordered sum of four terms."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from autograd.compiler.ir.instruction import Instruction
from autograd.compiler.ir.instructions import packed
from autograd.numerics import np, npt

__all__ = ["Chains", "Columns", "chains_of", "columns_of"]

Indices = npt.NDArray[np.signedinteger[Any]]


_MOST_OPERANDS = 3  # of a primitive
_SHORTEST = 3  # terms of a chain: the sum of two is an ordinary addition


class Columns(NamedTuple):
    """Instructions as arrays, with one entry for each.

    Attributes:
        ops: the codes of their operations.
        code_of: the code of each operation.
        operands: instructions × 3: the indices of the operands, and -1 where there is none.
        uses: how often each is an operand or an output.
    """

    ops: npt.NDArray[np.int16]
    code_of: dict[str, int]
    operands: Indices
    uses: Indices

    def are(self, op: str) -> npt.NDArray[np.bool_]:
        """Whether each instruction is an operation of this name."""
        same: npt.NDArray[np.bool_] = self.ops == self.code_of.get(op, -1)
        return same


def columns_of(instructions: Sequence[Instruction], outputs: Indices) -> Columns:
    """Returns instructions as arrays.

    Arguments:
        instructions: in single assignment.
        outputs: the indices of all outputs.

    >>> columns_of((Instruction("input"), Instruction("exp", (0,))), np.array([1])).operands.tolist()
    [[-1, -1, -1], [0, -1, -1]]
    """
    columns = packed(instructions)
    code_of = {op: code for code, op in enumerate(dict.fromkeys(columns.ops))}
    ops = np.fromiter(map(code_of.__getitem__, columns.ops), np.int16, len(columns))
    counts, flat = np.diff(np.asarray(columns.starts)), np.asarray(columns.operands)
    operands = np.full((len(ops), _MOST_OPERANDS), -1, dtype=np.int32)
    operands[np.arange(_MOST_OPERANDS) < counts[:, None]] = flat
    uses = np.bincount(flat, minlength=len(ops)) + np.bincount(outputs, minlength=len(ops))
    return Columns(ops, code_of, operands, uses.astype(np.int32))


class Chains(NamedTuple):
    """The chains of at least three terms, whose inner sums nothing else needs.

    Attributes:
        heads: for each chain, the index of its last addition.
        starts: for each chain, where its terms begin; and the end of the last.
        terms: the indices of the terms of all chains, in the order in which they are added up.
        absorbed: for each instruction, whether it is an inner sum of a chain.
    """

    heads: Indices
    starts: Indices
    terms: Indices
    absorbed: npt.NDArray[np.bool_]


def chains_of(columns: Columns) -> Chains:
    """Returns the chains of additions.

    >>> add = [Instruction("add", (0, 1)), Instruction("add", (2, 3)), Instruction("add", (4, 2))]
    >>> program = (*[Instruction("input")] * 3, *add)  # (x0 + x1), x2 + that, that + x2
    >>> found = chains_of(columns_of(program, np.array([5])))
    >>> found.heads.tolist(), found.terms.tolist(), found.absorbed.nonzero()[0].tolist()
    ([5], [0, 1, 2, 2], [3, 4])
    """
    is_add = columns.are("add")
    adds = np.flatnonzero(is_add)
    left, right = columns.operands[adds, 0], columns.operands[adds, 1]
    inner = is_add & (columns.uses == 1)
    from_left, from_right = inner[left], inner[right] & ~inner[left]
    linked = np.where(from_left, left, np.where(from_right, right, -1))
    head = np.arange(len(is_add))
    head[linked[linked >= 0]] = adds[linked >= 0]
    while True:  # pointer doubling: each round doubles the length of the path that is known
        further = head[head]
        if np.array_equal(further, head):
            break
        head = further
    order = np.argsort(head[adds], kind="stable")  # chain by chain, inner sums first
    heads, firsts, counts = np.unique(head[adds][order], return_index=True, return_counts=True)
    starts = firsts + np.arange(len(heads))  # a chain has one term more than additions
    terms = np.empty(len(adds) + len(heads), dtype=np.int64)
    added = np.ones(len(terms), dtype=bool)
    added[starts] = False
    terms[added] = np.where(from_right, left, right)[order]
    terms[starts] = left[order][firsts]
    long = counts + 1 >= _SHORTEST
    absorbed = np.zeros(len(is_add), dtype=bool)
    absorbed[adds] = head[adds] != adds
    absorbed[adds[np.isin(head[adds], heads[~long])]] = False
    kept = np.repeat(long, counts + 1)
    ends = np.concatenate([[0], np.cumsum((counts + 1)[long])])
    return Chains(heads[long], ends, terms[kept], absorbed)
