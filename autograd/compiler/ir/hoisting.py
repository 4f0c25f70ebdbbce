"""Taking out of a routine what need not be computed for each of many."""

from autograd.compiler.ir.instruction import Instruction, needed
from autograd.compiler.trace.trace import Routine

__all__ = ["hoisted"]


def hoisted(routine: Routine, uniform: int) -> tuple[Routine, Routine]:
    """Takes out of a routine what depends on its last inputs alone, and so is the same for every parameter.

    Arguments:
        routine: the whole.
        uniform: how many of its inputs, the last, are the same for all.

    Returns:
        What can be computed beforehand, from those inputs; and the rest, in which those inputs are replaced by the
        results of the former.
    """
    instructions = routine.instructions
    inputs = [place for place, instruction in enumerate(instructions) if instruction.op == "input"]
    same = set(inputs[len(inputs) - uniform :])
    for place, (op, operands, _) in enumerate(instructions):
        if op == "constant" or (operands and same.issuperset(operands)):
            same.add(place)
    used = needed(instructions, routine.results)
    crossing = {
        operand
        for place, instruction in enumerate(instructions)
        if used[place] and place not in same
        for operand in instruction.operands
        if operand in same and instructions[operand].op != "constant"
    }
    handed = sorted(crossing | {p for p in routine.results if p in same and instructions[p].op != "constant"})
    own = inputs[: len(inputs) - uniform]
    before = _extract(instructions, inputs[len(own) :], handed)
    return before, _extract(instructions, own + handed, list(routine.results))


def _extract(instructions: tuple[Instruction, ...], inputs: list[int], results: list[int]) -> Routine:
    """The part of some instructions that leads from `inputs` to `results`."""
    given = set(inputs)
    cut = [i._replace(operands=()) if place in given else i for place, i in enumerate(instructions)]
    used = needed(cut, results)
    order = inputs + [place for place, keep in enumerate(used) if keep and place not in given]
    new = {place: index for index, place in enumerate(order)}
    moved = [
        Instruction("input")
        if place in given
        else cut[place]._replace(operands=tuple(new[p] for p in cut[place].operands))
        for place in order
    ]
    return Routine(tuple(moved), tuple(new[place] for place in results), (), len(moved))
