"""A long routine is several functions in machine code, and computes what it did as one."""

import random
import threading

import pytest

import autograd
from autograd import Value
from autograd.compiler.instructions import Instruction
from autograd.compiler.parts import parts_of
from autograd.compiler.tracing import Routine


def tangled(operations: int) -> tuple[Value, list[Value]]:
    """A graph of exact operations that uses its old results again and again, near and far, and stays near 1."""
    numbers = random.Random(0)
    leaves = [Value(numbers.uniform(0.5, 1.5), f"x{k}") for k in range(5)]
    made = list(leaves)
    while len(made) < operations:
        a, b = numbers.choice(made), numbers.choice(made[-10:])
        made.append(
            numbers.choice([lambda a, b: (a + b) * 0.5, lambda a, b: a - b * 0.25, lambda a, b: a / (b * b + 1)])(a, b)
        )
    return sum(made[-50:], Value(0.0)), leaves


def test_a_program_in_parts_computes_the_bits_of_eager_execution():
    pytest.importorskip("llvmlite")
    output, leaves = tangled(6_000)
    program = autograd.compile(output, inputs=leaves, wrt=leaves, target="native")
    assert parts_of(program.routine).first
    output.backward()
    value, gradients = program.value_and_grad(*[leaf.data for leaf in leaves])
    assert value == output.data
    assert program(*[leaf.data for leaf in leaves]) == output.data
    assert gradients == [leaf.grad for leaf in leaves]


def test_a_long_program_runs_on_a_short_stack():
    pytest.importorskip("llvmlite")
    output, leaves = tangled(12_000)
    program = autograd.compile(output, inputs=leaves, wrt=leaves, target="native")
    numbers = [leaf.data for leaf in leaves]
    results = [program.value_and_grad(*numbers)]
    before = threading.stack_size(256 * 1024)
    try:
        thread = threading.Thread(target=lambda: results.append(program.value_and_grad(*numbers)))
        thread.start()
        thread.join()
    finally:
        threading.stack_size(before)
    assert results[1] == results[0]


@pytest.mark.parametrize("size", [1, 2, 7, 40])
def test_no_slot_is_given_away_before_its_last_use(size):
    numbers = random.Random(size)
    instructions = [Instruction("input"), *[Instruction("add", (numbers.randrange(k), k - 1)) for k in range(1, 300)]]
    parts = parts_of(Routine(tuple(instructions), (299,), (), 300), longest=0, size=size)
    part, holds = 0, {}
    for place, instruction in enumerate(instructions):
        part += place in parts.first
        for operand in instruction.operands:
            if operand and any(first in parts.first for first in range(operand + 1, place + 1)):
                assert holds[parts.slots[operand]] == operand
        if place in parts.slots:
            holds[parts.slots[place]] = place
    assert part == -(-299 // size) - 1
    assert parts.kept == len(set(parts.slots.values()))


def test_a_short_routine_stays_whole():
    output, leaves = tangled(50)
    assert parts_of(autograd.compile(output, inputs=leaves).routine) == (frozenset(), {}, 0)
