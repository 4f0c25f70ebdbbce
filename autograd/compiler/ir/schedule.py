"""The instructions that some outputs need, and the order in which to run them."""

from array import array
from collections.abc import Iterable, Sequence

from autograd.compiler.ir.instruction import Instruction

__all__ = ["depth_first", "needed"]


def needed(instructions: Sequence[Instruction], outputs: Iterable[int]) -> bytearray:
    """Returns for each instruction whether one of `outputs` needs it: 1 or 0.

    >>> program = [Instruction("input"), Instruction("exp", (0,)), Instruction("sin", (0,))]
    >>> list(needed(program, [1]))
    [1, 1, 0]
    """
    wanted = bytearray(len(instructions))
    for index in outputs:
        wanted[index] = 1
    for index in range(len(instructions) - 1, -1, -1):
        if wanted[index]:
            for operand in instructions[index].operands:
                wanted[operand] = 1
    return wanted


def depth_first(instructions: Sequence[Instruction], outputs: Iterable[int]) -> "array[int]":
    """Orders the instructions that `outputs` need, each shortly before its first use, so that few results stay live.

    >>> program = [Instruction("input"), Instruction("exp", (0,)), Instruction("sin", (0,)), Instruction("add", (2, 1))]
    >>> list(depth_first(program, [0, 3]))
    [0, 2, 1, 3]
    """
    order = array("q")  # a quarter of the memory of a list
    done = bytearray(len(instructions))
    for output in outputs:
        waiting = [output]
        while waiting:
            index = waiting[-1]
            for operand in instructions[index].operands if not done[index] else ():
                if not done[operand]:
                    waiting.append(operand)
                    break
            else:
                waiting.pop()
                if not done[index]:
                    done[index] = 1
                    order.append(index)
    return order
