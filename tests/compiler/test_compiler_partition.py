"""A long routine becomes several functions in machine code, which compute the same bits as one would."""

import random
import threading

import pytest

import autograd
from autograd import Value
from autograd.compiler.ir.instruction import Instruction
from autograd.compiler.llvm.partition import partition


def tangled(operations: int) -> tuple[Value, list[Value]]:
    """A graph of exact operations that uses its results many times, soon and late, with numbers near 1."""
    numbers = random.Random(0)
    leaves = [Value(numbers.uniform(0.5, 1.5), f"x{k}") for k in range(5)]
    made = list(leaves)
    while len(made) < operations:
        a, b = numbers.choice(made), numbers.choice(made[-10:])
        made.append(
            numbers.choice([lambda a, b: (a + b) * 0.5, lambda a, b: a - b * 0.25, lambda a, b: a / (b * b + 1)])(a, b)
        )
    return sum(made[-50:], Value(0.0)), leaves


def test_a_program_in_pieces_computes_the_bits_of_eager_execution():
    pytest.importorskip("llvmlite")
    output, leaves = tangled(6_000)
    program = autograd.compile(output, inputs=leaves, wrt=leaves, target="native")
    assert len(partition(program.traced.routine.instructions, program.traced.routine.gradients).pieces) > 1
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
def test_no_slot_is_used_again_before_its_last_use(size):
    numbers = random.Random(size)
    instructions = [Instruction("input"), *[Instruction("add", (numbers.randrange(k), k - 1)) for k in range(1, 300)]]
    pieces, spills, slots = partition(instructions, [299], longest=0, size=size)
    assert [index for piece in pieces for index in piece] == list(range(1, 300))
    holds = {}
    for piece in pieces:
        for index in piece:
            for operand in instructions[index].operands:
                if operand and operand not in piece:
                    assert holds[spills[operand]] == operand
        holds.update((spills[index], index) for index in piece if index in spills)
    assert slots == len(set(spills.values()))


def test_what_no_output_needs_is_in_no_piece():
    instructions = [Instruction("input"), Instruction("exp", (0,)), Instruction("sin", (0,)), Instruction("cos", (1,))]
    assert partition(instructions, [3]).pieces == [[1, 3]]
    assert partition(instructions, [0, 2]).pieces == [[0, 2]]


def test_few_instructions_stay_in_one_piece():
    output, leaves = tangled(50)
    routine = autograd.compile(output, inputs=leaves).traced.routine
    assert len(partition(routine.instructions, routine.gradients).pieces) == 1
