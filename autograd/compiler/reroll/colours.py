"""The colours of instructions: those of one colour do the same, and do not depend on each other."""

from array import array
from collections.abc import Mapping, Sequence
from itertools import groupby
from struct import pack
from typing import Any

from autograd.compiler.ir.instructions import Instructions
from autograd.compiler.reroll.chains import Chains
from autograd.numerics import np, npt

__all__ = ["coloured", "groups"]

Indices = npt.NDArray[np.signedinteger[Any]]


def coloured(instructions: Instructions, kinds: npt.NDArray[np.int8], chains: Chains) -> tuple[Indices, Indices]:
    """Returns the colour of each instruction, and its pattern.

    Two instructions have the same colour if they are the same operation on operands of the same colours. The colour of
    a sum consists of the colours of its terms, whatever their number; sums have the same pattern if they also have the
    same number of terms of each colour. Operands have smaller colours.

    Arguments:
        instructions: in single assignment.
        kinds: for each input, the kind of memory that it is read from; inputs of one kind have the same colour.
        chains: the sums; their inner sums have no colour of their own.
    """
    ends = chains.starts.tolist()
    terms_of = {
        head: array("i", chains.terms[start:end].astype(np.int32).tobytes())
        for head, start, end in zip(chains.heads.tolist(), ends, ends[1:], strict=False)
    }
    count = len(instructions)
    colours, patterns = array("i", [0]) * count, array("i", [0]) * count
    absorbed, kind_of = bytearray(chains.absorbed.tobytes()), bytearray(kinds.tobytes())
    _colour(
        instructions.ops,
        instructions.starts,
        instructions.operands,
        instructions.numbers,
        kind_of,
        absorbed,
        terms_of,
        colours,
        patterns,
    )
    return np.asarray(colours), np.asarray(patterns)


def _colour(
    ops: Sequence[str],
    starts: "array[int]",
    operands: "array[int]",
    constants: Mapping[int, float],
    kind_of: bytearray,
    absorbed: bytearray,
    terms_of: Mapping[int, "array[int]"],
    colours: "array[int]",
    patterns: "array[int]",
) -> None:
    """Writes the colours and the patterns of instructions."""
    numbers: dict[object, int] = {}
    for index in range(len(colours)):
        op, start = ops[index], starts[index]
        count = starts[index + 1] - start
        pattern: object = None
        if absorbed[index]:
            key: object = None
        elif op == "add":
            terms = terms_of.get(index)
            listed = _listed(colours, operands[start : start + count] if terms is None else terms)
            key = (op, *dict.fromkeys(listed))
            pattern = op, tuple([(colour, len(list(same))) for colour, same in groupby(listed)])
        elif count == 2:
            key = op, colours[operands[start]], colours[operands[start + 1]]
        elif count:
            key = (op, *_listed(colours, operands[start : start + count]))
        elif index in constants:
            key = kind_of[index], pack("<d", constants[index])
        else:
            key = kind_of[index]
        colour = numbers.get(key)
        if colour is None:
            colour = numbers[key] = len(numbers)
        colours[index] = colour
        patterns[index] = colour if pattern is None else numbers.setdefault(pattern, len(numbers))


def _listed(colours: "array[int]", terms: "array[int]") -> list[int]:
    """Returns the colour of each term."""
    return [colours[terms[place]] for place in range(len(terms))]


def groups(colours: Indices, patterns: Indices, members: Indices) -> list[Indices]:
    """Divides instructions into those of equal pattern, in the order of their colours.

    >>> groups(np.array([0, 1, 2, 1]), np.array([0, 3, 2, 3]), np.array([1, 2, 3]))
    [array([1, 3]), array([2])]
    """
    order = np.lexsort([patterns[members], colours[members]])  # keeps the order of equal ones
    cuts = np.flatnonzero(np.diff(patterns[members][order])) + 1
    return np.split(members[order], cuts) if len(members) else []
