"""What a program consists of: instructions in single assignment, none twice, none unused, and readable source."""

import dataclasses
import math
import re
import struct
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from support.graphs import EVERYTHING, all_bits, bits, compiled, edge_numbers, run, steps

import autograd
from autograd import Value, functions, graph as walking

TARGETS = ["python", "numpy", "native", "javascript"]


def constant(number):
    return Value(number, role="constant")


def operations(output, inputs, wrt=()):
    """The names of the operations of a program, in order."""
    program = autograd.compile(output, inputs, wrt, target="python")
    return [i.op for i in program.traced.routine.instructions if i.op not in ("input", "constant")]


def executed(program):
    """The function that the source of a program defines, given nothing but autograd.functions."""
    namespace = {}
    exec("from autograd.functions import *\n" + program.source, namespace)
    return namespace["program"]


@given(steps(EVERYTHING), st.lists(edge_numbers, min_size=3, max_size=3))
@settings(deadline=None, max_examples=60)
def test_the_source_is_python_that_computes_the_same_bits_with_autograd_functions_alone(graph, point):
    program = compiled(lambda nodes: run(EVERYTHING, graph, nodes), 3, "python")
    [value], gradients = executed(program)(*point)
    assert all_bits((value, gradients)) == all_bits(program.value_and_grad(*point))


@given(steps(EVERYTHING, most=12))
@settings(deadline=None, max_examples=60)
def test_instructions_are_in_single_assignment_none_twice_and_none_without_use(graph):
    routine = compiled(lambda nodes: run(EVERYTHING, graph, nodes), 3, "python").traced.routine
    for place, instruction in enumerate(routine.instructions):
        assert all(operand < place for operand in instruction.operands)
    computed = [
        (i.op, i.operands, struct.pack("<d", i.number) if i.op == "constant" else b"")
        for i in routine.instructions
        if i.op != "input"
    ]
    assert len(set(computed)) == len(computed)
    used = {*routine.results, *routine.gradients, *(p for i in routine.instructions for p in i.operands)}
    unused = [i.op for place, i in enumerate(routine.instructions) if place not in used]
    assert set(unused) <= {"input"}
    assert all(place < routine.forward_length for place in routine.results)
    for i in routine.instructions:  # an operation on constants alone was folded
        operands = [routine.instructions[place].op for place in i.operands]
        assert not operands or set(operands) != {"constant"}


def test_the_source_reads_as_the_graph_with_its_labels():
    x, w, b = Value(1.0, "x", role="input"), Value(2.0, "w", role="parameter"), Value(3.0, "b", role="parameter")
    z = w * x + b
    z.label = "z"
    a = z.tanh()
    a.label = "a"
    program = autograd.compile((a - 1.0) ** 2, [x], [w, b], target="python")
    assert program.source.startswith(
        "def program(x, w, b):\n"
        "    t1 = w * x\n"
        "    z = t1 + b\n"
        "    a = tanh(z)\n"
        "    t2 = a - 1.0\n"
        "    t3 = t2 * t2\n"
        "    # backward\n"
    )
    backward = program.source.partition("backward\n")[2].splitlines()
    assert {line.partition("= ")[2] for line in backward} >= {"2.0 * t2", "a * a"}
    assert backward[-1].startswith("    return [[t3], [")
    assert len(backward) == 6
    assert "\n  // backward\n" in program.javascript


def test_without_gradients_there_is_no_backward_part():
    x = Value(1.0, "x")
    program = autograd.compile(x.tanh() * 2.0, [x], [], target="python")
    assert program.source == "def program(x):\n    t1 = tanh(x)\n    t2 = t1 * 2.0\n    return [t2]\n"
    assert executed(program)(0.5) == [2.0 * math.tanh(0.5)]


def test_equal_computations_merge():
    x, y = Value(1.0), Value(2.0)
    assert operations(x.tanh() * y + x.tanh() * y, [x, y]) == ["tanh", "multiply", "add"]
    assert operations(x.exp(), [x], [x]) == ["exp"]  # the derivative is the value


def test_sums_and_products_are_not_reordered():
    x, y, z = (Value(n) for n in (0.1, 0.2, 0.3))
    assert operations((x + y) + z + (x + (y + z)), [x, y, z]) == ["add"] * 5
    program = autograd.compile((x + y) + z - (x + (y + z)), [x, y, z], target="python")
    assert program(0.1, 0.2, 0.3) == (0.1 + 0.2) + 0.3 - (0.1 + (0.2 + 0.3)) != 0.0


def test_constants_fold_by_the_functions_of_eager_execution():
    x, c = Value(1.0), constant(0.7)
    program = autograd.compile((c.tanh() * 3.0).exp() / 0.0 * x, [x], [], target="python")
    assert [i.op for i in program.traced.routine.instructions if i.op != "input"] == ["constant", "multiply"]
    assert program(1.0) == math.inf
    third = autograd.compile(constant(1.0) / 3.0 + x, [x], [], target="python")
    assert [i.number for i in third.traced.routine.instructions if i.op == "constant"] == [1.0 / 3.0]


def test_constants_are_distinguished_by_their_bits():
    x = Value(1.0)
    program = autograd.compile((x / 0.0) - (x / -0.0), [x], [], target="python")
    assert program(1.0) == math.inf
    numbers = [i.number for i in program.traced.routine.instructions if i.op == "constant"]
    assert sorted(math.copysign(1.0, number) for number in numbers) == [-1.0, 1.0]


def test_operations_that_return_their_operand_bit_for_bit_are_left_out():
    x, c = Value(1.0), constant
    for same in (x * 1.0, 1.0 * x, x / 1.0, x - 0.0, x + -0.0, -0.0 + x, x**1, x.detach(), c(1.0).select(x, 2.0)):
        assert operations(same, [x]) == [], same.op


def test_operations_that_change_a_bit_of_some_number_stay():
    x = Value(1.0)
    changed_by = {
        "0 + -0": (x + 0.0, -0.0),
        "0 + -0, from the left": (0.0 + x, -0.0),
        "-0 - -0": (x - -0.0, -0.0),
        "0 - 0": (0.0 - x, 0.0),
        "inf - inf": (x - x, math.inf),
        "0 / 0": (x / x, 0.0),
        "0 · inf": (x * 0.0, math.inf),
        "0 · -1": (x * 0.0, -1.0),
        "0 / -1": (0.0 / x, -1.0),
        "1 / (1 / 0)": (1.0 / (1.0 / x), 5e-324),
        "negative of a negative": (-(x * -1.0), 0.0),
        "x · -1": (x * -1.0, 0.0),
        "x / 3": (x / 3.0, 1.0),
    }
    for name, (output, at) in changed_by.items():
        assert operations(output, [x]) != [], name
        x.data = at
        assert bits(autograd.compile(output, [x], target="python")(at)) == bits(output.forward()), name


def test_whole_powers_are_multiplications():
    x = Value(1.0)
    assert operations(x**2, [x]) == ["multiply"]
    assert operations(x**3, [x]) == ["multiply"] * 2
    assert operations(x**4, [x]) == ["multiply"] * 2
    assert operations(x**-1, [x]) == ["divide"]
    assert operations(x**0, [x]) == []
    assert operations(x**0.5, [x]) == ["power"]


def test_what_no_output_needs_is_dropped():
    x, y = Value(1.0), Value(2.0)
    assert operations((x.exp() * 0.5).select(1.0, 2.0) * 0.0 + constant(-1.0).select(y.sin(), x), [x, y])[-1] == "add"
    assert "sin" not in operations(constant(-1.0).select(y.sin(), x) * 2.0, [x, y])
    assert "cos" not in operations(x.sin() * y.sin(), [x, y])  # the derivatives that were not requested
    assert operations(x.sin() * y.sin(), [x, y], [y]).count("cos") == 1


def test_stats_count_the_instructions_by_operation():
    x = Value(1.0, "x")
    program = autograd.compile((x * 2.0).tanh() + (x * 3.0).tanh(), [x], [], target="python")
    assert program.stats() == {
        "operations": {"multiply": 2, "tanh": 2, "add": 1},
        "inputs": 1,
        "constants": 2,
        "forward": 5,
        "total": 5,
        "live": 2,
        "bytes": 8 * (1 + 2 + 1),
    }


def walks():
    """The number of walks over graphs so far: each takes the next number."""
    return next(walking._walk_numbers)


def test_a_graph_is_walked_once_for_a_compilation():
    x, w = Value(1.0, "x"), Value(2.0, "w", role="parameter")
    output = (w * x).tanh() ** 2 + x
    before = walks()
    autograd.compile(output, inputs=[x])
    assert walks() - before - 1 == 1
    before = walks()
    autograd.compile(output)  # may hold its samples, so it is searched for repeated addends
    assert walks() - before - 1 == 1


def most_alive(source):
    """The largest number of computed names, at any line of a source, that are read later or are new in it."""
    lines = [line.split("=") for line in source.splitlines() if "=" in line]
    names = [name.strip() for name, _ in lines]
    read = [set(re.findall(r"\w+", value)) for _, value in lines]
    return max(
        (
            len({name for name in names[: n + 1] if name == names[n] or any(name in later for later in read[n + 1 :])})
            for n in range(len(lines))
        ),
        default=0,
    )


@given(steps(EVERYTHING, most=12))
@settings(deadline=None, max_examples=60)
def test_stats_are_those_of_the_source(graph):
    program = compiled(lambda nodes: run(EVERYTHING, graph, nodes), 3, "python")
    stats, forward = program.stats(), program.source.partition("    # backward\n")[0]
    assert stats["forward"] == forward.count(" = ")
    assert stats["total"] == program.source.count(" = ")
    assert stats["live"] == most_alive(program.source)
    assert stats["bytes"] == 8 * (3 + stats["live"] + 1 + len(program.traced.routine.gradients))
    assert sum(stats["operations"].values()) == stats["total"]


def test_few_results_are_live_in_a_chain_and_many_in_its_backpropagation():
    x = Value(0.5, "x")
    y = x
    for _ in range(50):
        y = y.tanh()
    assert autograd.compile(y, [x], []).stats()["live"] == 1
    assert autograd.compile(y, [x]).stats()["live"] >= 50


@pytest.mark.parametrize("target", TARGETS)
def test_the_repr_of_a_program_shows_its_size_and_its_target(target):
    x = Value(1.0, "x")
    program = autograd.compile(x * x + 1.0, [x], [], target=target)
    assert program.target == target
    assert "2 instructions" in repr(program)
    assert target in repr(program)


def test_a_program_cannot_be_changed():
    x = Value(1.0)
    program = autograd.compile(x * x, [x], target="python")
    with pytest.raises(dataclasses.FrozenInstanceError):
        program.routine = None
    with pytest.raises(AttributeError):
        program.traced.routine.instructions[0].op = "exp"
    with pytest.raises(TypeError):
        program.traced.routine.instructions[0] = program.traced.routine.instructions[1]


@pytest.mark.parametrize("target", TARGETS)
def test_parameters_are_read_at_each_call_and_constants_are_not(target):
    x, w, plain, two = Value(1.0), Value(3.0, role="parameter"), Value(5.0), constant(2.0)
    program = autograd.compile(w * x * two + plain, [x], target=target)
    assert program.value_and_grad(1.0) == (11.0, [2.0])
    w.data, plain.data, two.data, x.data = 4.0, 7.0, 1e9, 1e9
    assert program(1.0) == 15.0
    assert program.map([1.0, 2.0]).tolist() == [15.0, 23.0]
    w.data = math.inf
    assert program.value_and_grad(10.0) == (math.inf, [20.0])


@pytest.mark.parametrize("target", TARGETS)
def test_the_default_is_to_differentiate_with_respect_to_the_parameters_or_else_the_inputs(target):
    x, w, plain = Value(3.0), Value(4.0, role="parameter"), Value(5.0)
    assert autograd.compile(x * w * plain, [x], target=target).value_and_grad(3.0) == (60.0, [15.0])
    assert autograd.compile(x * plain, [x], target=target).value_and_grad(3.0) == (15.0, [5.0])


@pytest.mark.parametrize("target", TARGETS)
def test_the_gradient_can_be_with_respect_to_any_node(target):
    x, w = Value(3.0), Value(4.0)
    inner = w * x
    output = inner**2 + x
    stranger = Value(1.0)
    above = output * 2.0
    by_nodes = [inner, output, x, w, stranger, above, inner]
    program = autograd.compile(output, [x], by_nodes, target=target)
    assert program.value_and_grad(3.0) == (147.0, [24.0, 1.0, 97.0, 72.0, 0.0, 0.0, 24.0])


def test_the_leaves_have_the_order_of_their_gradients():
    x, a, b, c, unused = (Value(1.0, name) for name in ("x", "a", "b", "c", "unused"))
    output = (a * x + b) * c
    assert autograd.compile(output, [x]).leaves == (a, b, c)
    program = autograd.compile(output, [x], [c, x, unused, output, a, constant(1.0)], target="python")
    assert program.leaves == (c, unused, a, b)
    assert program.traced.names == ("x", "c", "unused", "a", "b")
    assert program.value_and_grad(1.0) == (2.0, [2.0, 1.0, 0.0, 1.0, 1.0, 0.0])


@pytest.mark.parametrize("target", TARGETS)
def test_an_intermediate_node_can_be_an_input_and_cuts_the_graph_there(target):
    x, w = Value(3.0), Value(4.0)
    inner = w * x
    program = autograd.compile(inner**2 * w, [inner], [inner, w, x], target=target)
    assert program.value_and_grad(5.0) == (100.0, [40.0, 25.0, 0.0])


@pytest.mark.parametrize("target", TARGETS)
def test_nodes_that_only_an_input_was_computed_from_are_not_in_the_program(target):
    x, w, v = Value(3.0, "x"), Value(4.0, "w", role="parameter"), Value(5.0, "v", role="parameter")
    inner = w * x
    output = inner.tanh() * v
    program = autograd.compile(output, [inner], target=target)
    assert program.leaves == (v,)
    assert len(program.traced.names) == 2
    assert program.traced.routine.inputs == 2
    assert program.value_and_grad(0.0) == (0.0, [0.0])
    both = autograd.compile(output * w, [inner], target=target)  # w is also below the output by another way
    assert set(both.leaves) == {v, w}
    assert autograd.compile(output, [output, inner], target=target).leaves == ()


@pytest.mark.parametrize("target", TARGETS)
def test_the_output_need_not_depend_on_an_input(target):
    program = autograd.compile(lambda x, unused: x * 2.0, argnums=(0, 1), target=target)
    assert program.value_and_grad(3.0, math.nan) == (6.0, (2.0, 0.0))
    assert program.map([1.0, 2.0], [0.0, math.inf]).tolist() == [2.0, 4.0]


@pytest.mark.parametrize("target", TARGETS)
def test_the_output_can_be_an_input_or_a_constant(target):
    x = Value(1.0)
    assert autograd.compile(x, [x], target=target).value_and_grad(7.0) == (7.0, [1.0])
    assert autograd.compile(constant(2.0), [x], target=target).value_and_grad(7.0) == (2.0, [0.0])
    assert autograd.compile(lambda x: 3.0, target=target).value_and_grad(7.0) == (3.0, 0.0)


@pytest.mark.parametrize("target", TARGETS)
def test_a_graph_of_ten_thousand_nodes_in_a_row_compiles(target):
    x = Value(0.5)
    y = x
    for _ in range(5000):
        y = y * 0.999 + 0.001
    program = autograd.compile(y, [x], target=target)
    y.backward()
    assert program.value_and_grad(0.5) == (y.data, [x.grad])


def _wrong_tanh(right):
    def tanh(self):
        node = right(self)
        node._da = node._da + 0.125
        return node

    return tanh


@pytest.mark.pure_python
@pytest.mark.parametrize("target", TARGETS)
def test_the_rules_of_value_are_the_only_ones(monkeypatch, target):
    def gradient():
        return autograd.compile(lambda x: functions.tanh(x), target=target).grad(0.5)

    right = 1.0 - math.tanh(0.5) ** 2
    assert gradient() == pytest.approx(right, abs=1e-15)
    monkeypatch.setattr(Value, "tanh", _wrong_tanh(Value.tanh))
    assert gradient() == pytest.approx(right + 0.125, abs=1e-15)


@pytest.mark.parametrize("target", ["python", "numpy", "native", "javascript"])
def test_a_program_reads_what_is_assigned_to_a_leaf_as_a_float_or_refuses_it(target):
    w, x = Value(2.0, "w", role="parameter"), Value(1.0, "x")
    addends = [(w + float(k)) * Value(float(k)) for k in range(10)]
    programs = [
        (autograd.compile(lambda x: x + w, target=target), [1.0]),
        (autograd.compile(x + w, inputs=[x], wrt=[w], target=target), [1.0]),
        (autograd.compile(sum(addends), wrt=[w], target=target), []),
    ]
    for program, arguments in programs:
        w.data = 2.0**24
        expected = program(*arguments)
        for number in (np.float32(2.0**24), np.array(2.0**24), Fraction(2**24), 2**24):
            w.data = number
            assert program(*arguments) == program.value_and_grad(*arguments)[0] == expected
        for wrong in (None, "a", 1j, Value(3.0), np.array([1.0])):
            w.data = wrong
            with pytest.raises(TypeError, match="the data of the parameter leaf 'w' must be a real number"):
                program(*arguments)
