"""Instructions as columns, and the builder that writes them: each computation once, in little memory."""

import random
import tracemalloc

import pytest

import nn
from autograd.compiler.ir.instruction import Instruction
from autograd.compiler.ir.instructions import Instructions, operations, packed
from autograd.compiler.ir.schedule import depth_first, needed
from autograd.compiler.trace.builder import Builder
from autograd.node import COMPILED
from nn.structure import structure_of
from nn.training.structure_tracing import Places, sample_routine_of

PROGRAM = (
    Instruction("input"),
    Instruction("constant", (), 2.0),
    Instruction("multiply", (0, 1)),
    Instruction("select", (0, 2, 1)),
)


def test_columns_are_the_sequence_that_they_were_packed_from():
    columns = packed(PROGRAM)
    assert tuple(columns) == PROGRAM
    assert len(columns) == len(PROGRAM)
    assert [columns[index] for index in range(-4, 4)] == [*PROGRAM, *PROGRAM]
    assert columns[1:3] == PROGRAM[1:3]
    assert columns[::-1] == PROGRAM[::-1]
    assert operations(columns) == operations(PROGRAM) == [instruction.op for instruction in PROGRAM]
    assert packed(columns) is columns
    assert repr(columns) == repr(PROGRAM)
    for index in (4, -5):
        with pytest.raises(IndexError):
            columns[index]


@pytest.mark.parametrize(
    ("place", "instruction"),
    [
        (1, Instruction("constant", (), 3.0)),
        (2, Instruction("multiply", (1, 0))),
        (2, Instruction("add", (0, 1))),
        (3, Instruction("input")),
    ],
)
def test_columns_are_equal_if_every_computation_is(place, instruction):
    other = (*PROGRAM[:place], instruction, *PROGRAM[place + 1 :])
    assert packed(PROGRAM) == packed(PROGRAM)
    assert hash(packed(PROGRAM)) == hash(packed(PROGRAM))
    assert packed(PROGRAM) != packed(other)


def test_constants_are_compared_by_their_bits():
    zeros = [packed([Instruction("constant", (), zero)]) for zero in (0.0, -0.0)]
    nan = [packed([Instruction("constant", (), float("nan"))]) for _ in range(2)]
    assert zeros[0] != zeros[1]
    assert nan[0] == nan[1]


@pytest.mark.parametrize("seed", range(3))
def test_of_thousands_of_operations_none_is_written_twice(seed):
    numbers = random.Random(seed)
    builder = Builder()
    known = [builder.symbol() for _ in range(5)]
    for _ in range(4_000):
        op, a, b = numbers.choice(["add", "multiply", "subtract"]), *numbers.choices(known[-40:] + known[:5], k=2)
        known.append(builder.operation(op, a, b))
    written = [Instruction(i.op, tuple(sorted(i.operands))) if i.op != "subtract" else i for i in builder.written]
    computed = [instruction for instruction in written if instruction.computes]
    assert len(computed) > 3_000
    assert len({tuple(instruction) for instruction in computed}) == len(computed)


@pytest.mark.parametrize("seed", range(3))
def test_operands_come_before_results_and_only_what_is_needed_comes(seed):
    numbers = random.Random(seed)
    instructions = [Instruction("input")] * 5
    for count in range(5, 300):
        instructions.append(Instruction("add", (numbers.randrange(count), numbers.randrange(count))))
    columns = packed(instructions)
    outputs = numbers.sample(range(300), 4)
    order = depth_first(columns.starts, columns.operands, outputs).tolist()
    places = {index: place for place, index in enumerate(order)}
    assert all(places[operand] < places[index] for index in order for operand in instructions[index].operands)
    wanted = needed(columns.starts, columns.operands, outputs)
    assert sorted(order) == [index for index, keep in enumerate(wanted) if keep]


def traced(model: nn.MLP) -> Instructions:
    """The instructions of a training step."""
    structure, count = structure_of(model), len(model.parameters())
    places = Places(list(range(count)), [], count)
    return sample_routine_of(
        structure.key, places, lambda model, values: nn.mse_loss, model.inputs, (), []
    ).instructions


@pytest.mark.skipif(not COMPILED, reason="Python's own objects take more")
def test_a_trace_takes_at_most_250_bytes_an_instruction_and_a_routine_at_most_30():
    model = nn.MLP(200, [32, 1], seed=0)
    tracemalloc.start()
    try:
        instructions = traced(model)
        kept, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(instructions) > 20_000
    assert peak <= 250 * len(instructions)
    assert kept <= 30 * len(instructions)
