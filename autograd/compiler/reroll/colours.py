"""The colours of instructions: those of one colour do the same, and do not depend on each other."""

from itertools import groupby
from struct import pack
from typing import Any

import numpy as np
import numpy.typing as npt

from autograd.compiler.ir.instruction import Instruction
from autograd.compiler.reroll.chains import Chains

__all__ = ["coloured", "groups"]

Indices = npt.NDArray[np.signedinteger[Any]]


def coloured(
    instructions: tuple[Instruction, ...], kinds: npt.NDArray[np.int8], chains: Chains
) -> tuple[Indices, Indices]:
    """Returns the colour of each instruction, and its pattern.

    Two instructions have the same colour if they are the same operation on operands of the same colours. The colour of
    a sum consists of the colours of its terms, whatever their number; sums have the same pattern if they also have the
    same number of terms of each colour. Operands have smaller colours.

    Arguments:
        instructions: in single assignment.
        kinds: for each input, the kind of memory that it is read from; inputs of one kind have the same colour.
        chains: the sums; their inner sums have no colour of their own.
    """
    numbers: dict[object, int] = {}
    colours: list[int] = []
    patterns: list[int] = []
    terms_of = dict(zip(chains.heads.tolist(), np.split(chains.terms, chains.starts[1:]), strict=False))
    kind_of, absorbed = kinds.tolist(), chains.absorbed.tolist()
    for index, instruction in enumerate(instructions):
        op, operands = instruction[0], instruction[1]
        pattern: object = None
        if absorbed[index]:
            key: object = None
        elif op == "add":
            terms = terms_of[index].tolist() if index in terms_of else operands
            listed = [colours[term] for term in terms]
            key = (op, *dict.fromkeys(listed))
            pattern = op, tuple([(colour, len(list(same))) for colour, same in groupby(listed)])
        elif len(operands) == 2:
            key = op, colours[operands[0]], colours[operands[1]]
        elif operands:
            key = (op, *[colours[operand] for operand in operands])
        else:
            key = kind_of[index], pack("<d", instruction[2])
        colour = numbers.get(key)
        if colour is None:
            colour = numbers[key] = len(numbers)
        colours.append(colour)
        patterns.append(colour if pattern is None else numbers.setdefault(pattern, len(numbers)))
    return np.array(colours), np.array(patterns)


def groups(colours: Indices, patterns: Indices, members: Indices) -> list[Indices]:
    """Divides instructions into those of equal pattern, in the order of their colours.

    >>> groups(np.array([0, 1, 2, 1]), np.array([0, 3, 2, 3]), np.array([1, 2, 3]))
    [array([1, 3]), array([2])]
    """
    order = np.lexsort([patterns[members], colours[members]])  # keeps the order of equal ones
    cuts = np.flatnonzero(np.diff(patterns[members][order])) + 1
    return np.split(members[order], cuts) if len(members) else []
