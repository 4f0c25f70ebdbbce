"""The instructions that some outputs need, and the order in which to run them."""

from array import array
from collections.abc import Iterable

from autograd.compiler.ir.instructions import Instructions

__all__ = ["depth_first", "needed", "reordered"]


def needed(starts: "array[int]", operands: "array[int]", outputs: Iterable[int]) -> bytearray:
    """Returns for each instruction whether one of `outputs` needs it: 1 or 0.

    Arguments:
        starts, operands: the operands of the instructions; see `Instructions`.
        outputs: the indices of the outputs.

    >>> list(needed(array("i", [0, 0, 1, 2]), array("i", [0, 0]), [1]))
    [1, 1, 0]
    """
    count = len(starts) - 1
    wanted = bytearray(count)
    for index in outputs:
        wanted[index] = 1
    for index in range(count - 1, -1, -1):
        if wanted[index]:
            for place in range(starts[index], starts[index + 1]):
                wanted[operands[place]] = 1
    return wanted


def depth_first(starts: "array[int]", operands: "array[int]", outputs: Iterable[int]) -> "array[int]":
    """Orders the instructions that `outputs` need, each shortly before its first use, so that few results stay live.

    Arguments are those of `needed`.

    >>> depth_first(array("i", [0, 0, 1, 2, 4]), array("i", [0, 0, 2, 1]), [0, 3]).tolist()
    [0, 2, 1, 3]
    """
    count = len(starts) - 1
    order, waiting = array("i", [0]) * count, array("i", [0]) * (count + 1)
    done = bytearray(count)
    length = _ordered(starts, operands, array("i", outputs), done, waiting, order)
    return order[:length]


def reordered(instructions: Instructions, order: "array[int]") -> tuple[Instructions, "array[int]"]:
    """Returns some instructions in another order, and the index in it of each of them all, or -1.

    Arguments:
        instructions: in single assignment.
        order: the indices of those to keep, operands before results.
    """
    ops, numbers = instructions.ops, instructions.numbers
    new = array("i", [-1]) * len(ops)
    starts, operands = array("i", [0]) * (len(order) + 1), array("i", [0]) * len(instructions.operands)
    length = _move(instructions.starts, instructions.operands, order, new, starts, operands)
    constants = sorted((new[old], number) for old, number in numbers.items() if new[old] >= 0)
    return Instructions([ops[old] for old in order], starts, operands[:length], dict(constants)), new


def _ordered(
    starts: "array[int]",
    operands: "array[int]",
    outputs: "array[int]",
    done: bytearray,
    waiting: "array[int]",
    order: "array[int]",
) -> int:
    """Writes the order of `depth_first`, and returns its length.

    Arguments:
        starts, operands, outputs: as for `depth_first`.
        done: which instructions are in the order.
        waiting: a stack of those whose operands are not all in it.
        order: receives the indices.
    """
    length = 0
    for output in range(len(outputs)):
        waiting[0] = outputs[output]
        top = 0
        while top >= 0:
            index = waiting[top]
            below = -1
            if not done[index]:
                for place in range(starts[index], starts[index + 1]):
                    if not done[operands[place]]:
                        below = operands[place]
                        break
            if below >= 0:
                top += 1
                waiting[top] = below
                continue
            top -= 1
            if not done[index]:
                done[index] = 1
                order[length] = index
                length += 1
    return length


def _move(
    starts: "array[int]",
    operands: "array[int]",
    order: "array[int]",
    new: "array[int]",
    moved_starts: "array[int]",
    moved: "array[int]",
) -> int:
    """Writes the operands of instructions in another order, with their new indices, and returns their number."""
    end = 0
    for index in range(len(order)):
        old = order[index]
        new[old] = index
        for place in range(starts[old], starts[old + 1]):
            moved[end] = new[operands[place]]
            end += 1
        moved_starts[index + 1] = end
    return end
