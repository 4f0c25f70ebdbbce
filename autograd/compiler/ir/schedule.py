"""The instructions that some outputs need, and the order in which to run them."""

from collections.abc import Iterable, Sequence

__all__ = ["depth_first", "needed"]


def needed(operands: Sequence[tuple[int, ...]], outputs: Iterable[int]) -> bytearray:
    """Returns for each instruction whether one of `outputs` needs it: 1 or 0.

    Arguments:
        operands: the indices of the operands of each instruction.
        outputs: the indices of the outputs.

    >>> list(needed([(), (0,), (0,)], [1]))
    [1, 1, 0]
    """
    wanted = bytearray(len(operands))
    for index in outputs:
        wanted[index] = 1
    for index in range(len(operands) - 1, -1, -1):
        if wanted[index]:
            for operand in operands[index]:
                wanted[operand] = 1
    return wanted


def depth_first(operands: Sequence[tuple[int, ...]], outputs: Iterable[int]) -> list[int]:
    """Orders the instructions that `outputs` need, each shortly before its first use, so that few results stay live.

    Arguments are those of `needed`.

    >>> depth_first([(), (0,), (0,), (2, 1)], [0, 3])
    [0, 2, 1, 3]
    """
    order: list[int] = []
    done = bytearray(len(operands))
    for output in outputs:
        waiting = [output]
        while waiting:
            index = waiting[-1]
            for operand in operands[index] if not done[index] else ():
                if not done[operand]:
                    waiting.append(operand)
                    break
            else:
                waiting.pop()
                if not done[index]:
                    done[index] = 1
                    order.append(index)
    return order
