"""A very long routine runs from a table of its instructions, with the bits that its machine code would compute."""

import random

import pytest
from hypothesis import given, settings, strategies as st
from support.graphs import EXACT, INEXACT, all_bits, edge_numbers, run, steps

import autograd
from autograd import Value

pytest.importorskip("llvmlite")

import autograd.compiler.targets.native as native
from autograd.compiler.ir.instruction import Instruction
from autograd.compiler.llvm.kept import Kept
from autograd.compiler.llvm.lower import InputLayout
from autograd.compiler.llvm.table import _FIRST_OPERATION, _OUTPUT, _SCRATCH, _tabulated

EVERYTHING = EXACT + INEXACT


def by(longest, build):
    """What `build` returns if routines of more than so many instructions and outputs run from a table."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(native, "LONGEST_CODE", longest)
        patch.setattr(native, "KEPT", Kept(2**28))
        return build()


def results(graph, points, wrt):
    """The values at some points, and the sums of the gradients."""
    inputs, parameter = [Value(1.0) for _ in range(2)], Value(0.75, role="parameter")
    output = run(EVERYTHING, graph, [*inputs, parameter])
    program = autograd.compile(output, inputs=inputs, wrt=[parameter, *inputs, *inputs][:wrt], target="native")
    columns = list(zip(*points, strict=True))
    values = program.map(*columns).tolist()
    return all_bits((values[0], values)), all_bits(program.value_and_grad.map(*columns, reduction="mean"))


@given(
    steps(EVERYTHING),
    st.lists(st.lists(edge_numbers, min_size=2, max_size=2), min_size=1, max_size=19),
    st.integers(1, 5),
)
@settings(deadline=None, max_examples=25)
def test_a_table_computes_the_bits_of_machine_code(graph, points, wrt):
    code, table = (by(longest, lambda: results(graph, points, wrt)) for longest in (10**9, 0))
    assert table == code


@pytest.mark.parametrize("seed", range(4))
def test_no_slot_is_used_again_before_its_last_use(seed):
    numbers = random.Random(seed)
    instructions = [Instruction("input"), Instruction("constant", (), -0.0)]
    for k in range(2, 200):
        op, count = numbers.choice([("exp", 1), ("add", 2), ("select", 3)])
        instructions.append(Instruction(op, tuple(numbers.randrange(max(0, k - 9), k) for _ in range(count))))
    outputs = [199, 0, 150, 1, 199]
    table = _tabulated(instructions, outputs, InputLayout(1, 0))
    words, position, holds, written = table.words.tolist(), 0, {}, {}
    needed = iter(index for index in range(2, 200) if index in _below(instructions, outputs))
    for _ in range(table.entries):
        header = words[position]
        code, width, target = header & 255, header >> 8 & 255, header >> 16
        operands = words[position + 1 : position + width]
        if code == _OUTPUT:
            written[target] = holds[operands[0]]
        elif code < _FIRST_OPERATION:
            holds[target] = 0 if code == 1 else 1
        else:
            index = next(needed)
            assert table.operations[code - _FIRST_OPERATION] == (instructions[index].op, len(operands))
            assert tuple(holds[operand] for operand in operands) == instructions[index].operands
            holds[target] = index
        position += width
    assert position == len(words)
    assert [written[row] for row in range(len(outputs))] == outputs
    assert _SCRATCH < table.slots < 40


def _below(instructions, outputs):
    """The indices of the instructions that some outputs need."""
    found, waiting = set(), list(outputs)
    while waiting:
        index = waiting.pop()
        if index not in found:
            found.add(index)
            waiting += instructions[index].operands
    return found
