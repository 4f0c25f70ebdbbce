"""Random programs at which every right engine computes the same numbers, and how one is made smaller."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from random import Random
from typing import Any

from autograd import Value
from viz.checking.engine_operation import EngineOperation
from viz.checking.program import Program, Step

__all__ = ["random_programs", "smallest"]

_INPUTS, _STEPS = 3, 10
_LARGEST, _STEEPEST, _LEAST = 30.0, 30.0, 0.02  # numbers and slopes that lose no digits; and what is no kink


def random_programs(operations: Sequence[EngineOperation], count: int, seed: int = 0) -> Iterator[Program]:
    """Yields random programs of these operations.

    Their numbers and slopes are of ordinary size, and away from the kinks of relu and the like, so that the gradients
    of right engines agree.

    Arguments:
        operations: the operations, at least one.
        count: the number of programs.
        seed: determines the programs.
    """
    random = Random(seed)
    for _ in range(count):
        inputs = tuple(round(random.choice((-1, 1)) * random.uniform(0.3, 2.0), 2) for _ in range(_INPUTS))
        nodes = [Value(number) for number in inputs]
        steps: list[Step] = []
        for _ in range(random.randint(3, _STEPS)):
            step = _random_step(random, operations, len(nodes))
            result = step.apply(nodes)
            if _is_ordinary(step, result, nodes):
                steps.append(step)
                nodes.append(result)
        nodes[-1].backward()
        if steps and all(abs(node.grad) < _STEEPEST**2 for node in nodes):
            yield Program(inputs, tuple(steps), (len(nodes) - 1,))


def _random_step(random: Random, operations: Sequence[EngineOperation], count: int) -> Step:
    operation = random.choice(operations)
    operands = [count - 1 if random.random() < 0.4 else random.randrange(count) for _ in range(operation.arity)]
    return Step(operation, tuple(operands), random.choice(operation.points)[-1] if operation.has_number else None)


def _is_ordinary(step: Step, result: Any, nodes: Sequence[Value]) -> bool:
    kinks = step.operation.name in ("relu", "abs(v)") and abs(nodes[step.operands[0]].data) < _LEAST
    slopes = result.local_derivatives
    return not kinks and abs(result.data) < _LARGEST and all(abs(slope) < _STEEPEST for slope in slopes)


def smallest(program: Program, fails: Callable[[Program], bool]) -> Program:
    """Returns a program that still fails, of which no step or input can be left out.

    Arguments:
        program: a program that fails.
        fails: whether a program fails.
    """
    while True:
        for smaller in _smaller(program):
            if _is_defined(smaller) and fails(smaller):
                program = smaller
                break
        else:
            return program


def _smaller(program: Program) -> Iterator[Program]:
    """Yields the programs with an earlier output, and those in which an operand takes the place of a step."""
    inputs = len(program.inputs)
    for output in range(inputs, program.outputs[-1]):
        yield _used(replace(program, outputs=(output,)))
    for removed, step in enumerate(program.steps, inputs):
        for operand in step.operands:
            if removed not in program.outputs:
                steps = [
                    replace(other, operands=tuple(operand if at == removed else at for at in other.operands))
                    for other in program.steps
                ]
                yield _used(replace(program, steps=tuple(steps)))


def _used(program: Program) -> Program:
    """A program without what its output does not depend on."""
    inputs = len(program.inputs)
    used = {*program.outputs}
    for place in range(inputs + len(program.steps) - 1, inputs - 1, -1):
        if place in used:
            used |= {*program.steps[place - inputs].operands}
    order = sorted(used)
    place_of = {place: number for number, place in enumerate(order)}
    return Program(
        tuple(program.inputs[place] for place in order if place < inputs),
        tuple(
            replace(step, operands=tuple(place_of[operand] for operand in step.operands))
            for step in (program.steps[place - inputs] for place in order if place >= inputs)
        ),
        tuple(place_of[output] for output in program.outputs),
    )


def _is_defined(program: Program) -> bool:
    """Whether every number is ordinary: what is left of a program may divide by 0."""
    nodes = [Value(number) for number in program.inputs]
    for step in program.steps:
        result = step.apply(nodes)
        if not (math.isfinite(result.data) and _is_ordinary(step, result, nodes)):
            return False
        nodes.append(result)
    return True
