"""Loop-invariant code motion: computes once whatever is the same for all parameters of an update."""

from collections.abc import Sequence

from autograd.compiler.ir.instruction import Instruction
from autograd.compiler.ir.instructions import packed
from autograd.compiler.ir.routine import Routine
from autograd.compiler.ir.schedule import needed

__all__ = ["hoisted"]

_EXACT = ("add", "subtract", "multiply", "divide", "negative", "select", "absolute", "sqrt")  # rounded correctly


def hoisted(routine: Routine, uniform: int) -> tuple[Routine, Routine]:
    """Splits a routine that runs for many parameters into a part that is the same for all of them and the rest.

    Only operations whose bits are the same in NumPy on every processor move into the first part: those that are rounded
    correctly, and a power of the last input, which is done by squaring. All others stay with the parameters, where
    machine code computes them in its own way.

    Arguments:
        routine: the whole routine.
        uniform: the number of its inputs, the last ones, that are the same for all parameters; the last is the number
            of the step.

    Returns:
        The routine that runs once, on those inputs; and the rest, in which the results of the first routine replace
        those inputs.
    """
    instructions = routine.instructions
    inputs = [index for index, instruction in enumerate(instructions) if instruction.op == "input"]
    same = set(inputs[len(inputs) - uniform :])
    for index, (op, operands, _) in enumerate(instructions):
        exact = op in _EXACT or (op == "power" and operands[1] == inputs[-1])
        if op == "constant" or (exact and same.issuperset(operands)):
            same.add(index)
    columns = packed(instructions)
    used = needed(columns.starts, columns.operands, routine.results)
    crossing = {
        operand
        for index, instruction in enumerate(instructions)
        if used[index] and index not in same
        for operand in instruction.operands
        if operand in same and instructions[operand].op != "constant"
    }
    crossing |= {index for index in routine.results if index in same and instructions[index].op != "constant"}
    own = inputs[: len(inputs) - uniform]
    invariant = _extract(instructions, inputs[len(own) :], sorted(crossing))
    return invariant, _extract(instructions, own + sorted(crossing), list(routine.results))


def _extract(instructions: Sequence[Instruction], inputs: list[int], results: list[int]) -> Routine:
    """Returns the instructions that lead from `inputs` to `results` as a routine."""
    given = set(inputs)
    cut = [i._replace(operands=()) if index in given else i for index, i in enumerate(instructions)]
    columns = packed(cut)
    used = needed(columns.starts, columns.operands, results)
    order = inputs + [index for index, keep in enumerate(used) if keep and index not in given]
    new = {old: index for index, old in enumerate(order)}
    moved = [
        Instruction("input")
        if index in given
        else cut[index]._replace(operands=tuple(new[operand] for operand in cut[index].operands))
        for index in order
    ]
    return Routine(tuple(moved), tuple(new[index] for index in results), (), len(moved))
