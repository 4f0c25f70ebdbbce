"""Loops over members compute what straight-line code computes, and cost grows with layers, not with widths."""

import random
from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from support.graphs import EXACT, INEXACT, bits, edge_numbers, run, steps

import autograd
import nn
from autograd import Value

pytest.importorskip("llvmlite")

import autograd.compiler.targets.native as native
from autograd.compiler.ir.instruction import Instruction
from autograd.compiler.llvm import accumulate, rolled
from autograd.compiler.llvm.accumulate import rolled_sums_kernel
from autograd.compiler.llvm.buffers import address, aligned, fill_blocks, padded
from autograd.compiler.llvm.jit import compiled
from autograd.compiler.llvm.kept import Kept
from autograd.compiler.llvm.lower import InputLayout
from autograd.compiler.llvm.reduce import sums_kernel
from autograd.compiler.llvm.vector import Half, Vector
from autograd.compiler.reroll.accumulation import rolled_sums
from autograd.compiler.reroll.bodies import bodies
from autograd.compiler.reroll.links import links_of
from autograd.compiler.reroll.outputs import rolled_outputs
from autograd.compiler.trace.builder import Builder
from nn.training.probe import probed
from nn.training.tracing import sample_routine

EVERYTHING = EXACT + INEXACT


def all_bits(*results):
    """The bits of the numbers in lists and arrays."""
    return [[bits(number) for number in np.ravel(result).tolist()] for result in results]


def by(roll, build):
    """What `build` returns if machine code consists of these loops."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(native, "outputs_or_none", roll)
        patch.setattr(native, "KEPT", Kept(2**28))
        return build()


def both_ways(build):
    return by(rolled_outputs, build), by(lambda *arguments: None, build)


def routine_of(sizes, activation="tanh", loss=None, l2=0.0, dropout=0.0):
    """The weighted routine of a sample of a network, the number of its inputs before the leaves, and its leaves."""
    inputs, *layers = sizes
    model = nn.MLP(inputs, layers, activation=activation, dropout=dropout, seed=1)
    name = loss or ("cross_entropy" if layers[-1] > 1 else "mse_loss")
    function = nn.LOSSES[name]
    if l2:
        function = partial(with_penalty, nn.LOSSES[name], model, l2)
    targets = (layers[-1],) if layers[-1] > 1 else ()
    dropouts = probed(model, np.zeros((2, inputs))).dropouts
    routine = sample_routine(model, function, model.parameters(), inputs, targets, dropouts)
    parameters = [parameter.data for parameter in model.parameters()]
    return routine, routine.inputs - len(parameters) - 1, parameters


def with_penalty(loss, model, l2, predictions, targets):
    return loss(predictions, targets) + l2 * sum(parameter**2 for parameter in model.parameters())


def totals_of(kernel, layout, leaves, lanes=8):
    """The function of samples (inputs × samples) that returns the sums over them, each weighted equally."""
    (call,) = compiled(kernel.function)
    numbers = aligned(padded(len(leaves)), fill=0.0)
    numbers[: len(leaves)] = leaves

    def totals(samples):
        count = samples.shape[1]
        ordered = aligned(-(-count // lanes), len(samples) + 1, lanes)
        fill_blocks(ordered, np.vstack([samples, np.full(count, 1.0 / count)]))
        ordered[-1, -1, (count - 1) % lanes + 1 :] = 0.0
        found = aligned(padded(len(leaves) + 1), fill=-0.0)
        arrays = numbers, ordered, found, aligned(kernel.workspace)  # alive while the call runs
        call(*map(address, arrays), count)
        return found[: len(leaves) + 1]

    return totals


def sums_both_ways(routine, per_sample, leaves, counts):
    """For each number of samples, their sums by loops and by straight-line code."""
    layout = InputLayout(per_sample, len(leaves), weighted=True)
    loops = rolled_sums_kernel(rolled_sums(routine, per_sample, len(leaves)), layout)
    both = [totals_of(kernel, layout, leaves) for kernel in (loops, sums_kernel(routine, layout))]
    for count in counts:
        samples = np.random.default_rng(count).normal(size=(per_sample, count))
        yield [totals(samples) for totals in both]


@pytest.mark.parametrize("count", [1, 3, 4])
@pytest.mark.parametrize("activation", ["tanh", "relu", "sigmoid"])
def test_half_vectors_add_up_the_bits_of_whole_ones_for_up_to_four_samples(activation, count):
    routine, per_sample, leaves = routine_of([2, 4, 3], activation)
    layout = InputLayout(per_sample, len(leaves), weighted=True)
    samples = np.random.default_rng(count).normal(size=(per_sample, count))
    half, whole = [
        totals_of(sums_kernel(routine, layout, kind), layout, leaves, kind.lanes)(samples) for kind in (Half, Vector)
    ]
    assert all_bits(half + 0.0) == all_bits(whole + 0.0)  # the whole ones add zeros of either sign to the sums


@given(
    steps(EVERYTHING),
    st.lists(st.lists(edge_numbers, min_size=2, max_size=2), min_size=1, max_size=33),
    st.integers(1, 5),
)
@settings(deadline=None, max_examples=25)
def test_loops_compute_the_bits_of_straight_lines_for_any_graph(graph, points, wrt):
    def results():
        inputs, parameter = [Value(1.0) for _ in range(2)], Value(0.75, role="parameter")
        output = run(EVERYTHING, graph, [*inputs, parameter])
        program = autograd.compile(output, inputs=inputs, wrt=[parameter, *inputs, *inputs][:wrt], target="native")
        columns = list(zip(*points, strict=True))
        return all_bits(program.map(*columns), *program.value_and_grad.map(*columns, reduction="sum"))

    loops, straight = both_ways(results)
    assert loops == straight


@pytest.mark.parametrize(
    ("sizes", "activation"), [([5, 20, 9, 3], "tanh"), ([3, 18, 18, 1], "relu"), ([9, 17, 4], "sigmoid")]
)
def test_loops_compute_the_bits_of_straight_lines_for_networks(sizes, activation):
    routine, per_sample, leaves = routine_of(sizes, activation)
    leaves = [*leaves, 0.5]  # the weight of every sample
    every = routine._replace(results=routine.gradients, gradients=(), forward_length=len(routine.instructions))

    def results():
        targets = [native.NativeTarget(each, per_sample) for each in (routine, every)]
        found = []
        for count in (1, 7, 8, 9, 31, 33, 64, 70):
            samples = np.random.default_rng(count).normal(size=(per_sample, count))
            found += [target.values(samples, leaves) for target in targets]
            found += targets[0].sums(samples, leaves)
            found += [target.one(samples[:, -1], leaves) for target in targets]
        return all_bits(*found)

    loops, straight = both_ways(results)
    assert loops == straight


@pytest.mark.parametrize("seed", range(6))
def test_instructions_in_no_order_are_loops_that_read_tables(seed):
    numbers = random.Random(seed)
    instructions = [Instruction("input")] * 12
    for layer in range(1, 4):
        for _ in range(12):
            op, count = [("exp", 1), ("add", 2), ("select", 3)][layer % 3]
            operands = tuple(numbers.randrange(12 * (layer - 1), 12 * layer) for _ in range(count))
            instructions.append(Instruction(op, operands))
    sums = [numbers.sample(range(12, len(instructions)), 12) for _ in range(5)]
    for terms in sums:
        total = terms[0]
        for term in terms[1:]:
            instructions.append(Instruction("add", (total, term)))
            total = len(instructions) - 1
    outputs = (*numbers.sample(range(12, len(instructions)), 20), 0, 3, 1)
    loops = rolled_outputs(tuple(instructions), outputs, 12, 0)
    assert any(access.table for loop in loops.rolled.loops for each in loop.runs for access in each.factors)
    samples = np.random.default_rng(seed).normal(size=(12, 9))

    def results():
        routine = native.Routine(tuple(instructions), outputs, (), len(instructions))
        return all_bits(native.NativeTarget(routine, 12).values(samples, []))

    loops, straight = both_ways(results)
    assert loops == straight


@pytest.mark.parametrize(
    "network",
    [
        {"sizes": [5, 12, 3]},
        {"sizes": [2, 16, 16, 1], "activation": "relu"},  # gradients behind branches
        {"sizes": [3, 9, 9, 2], "activation": "leaky_relu", "dropout": 0.4},
        {"sizes": [4, 8, 1], "l2": 0.1},  # gradients that are sums
        {"sizes": [11, 1], "loss": "binary_cross_entropy_with_logits"},
    ],
    ids=str,
)
def test_loops_add_up_the_gradients_of_straight_lines(network):
    routine, per_sample, leaves = routine_of(**network)
    for loops, straight in sums_both_ways(routine, per_sample, leaves, [*range(1, 34), 70]):
        np.testing.assert_allclose(loops, straight, rtol=1e-12, atol=1e-13)


def test_a_number_of_any_memory_can_be_added_up():
    """A factor that is a leaf, a gradient that is an input, a constant, or another one again."""
    instructions = (
        *[Instruction("input")] * 5,  # x, y, w, v, weight of the sample
        Instruction("multiply", (0, 2)),
        Instruction("multiply", (2, 4)),
        Instruction("constant", (), 0.0),
        Instruction("multiply", (0, 1)),
    )
    for gradients in [(6, 6), (1, 7), (8, 0), (8, 8)]:
        routine = native.Routine(instructions, (5,), gradients, 6)
        for loops, straight in sums_both_ways(routine, 2, [0.7, -0.3], [11]):
            np.testing.assert_allclose(loops, straight, rtol=1e-12)


def test_the_gradients_of_biases_are_added_up_with_those_of_weights():
    routine, per_sample, leaves = routine_of([2, 16, 16, 1])
    accumulations = rolled_sums(routine, per_sample, len(leaves)).accumulations
    paired = [pair for pair in accumulate._pairs(accumulations, 4) if pair[1] is not None]
    assert [(weights.outer * weights.inner, biases.inner) for weights, biases in paired] == [
        (32, 16),
        (256, 16),
        (16, 1),
    ]


@pytest.mark.parametrize("blocks_at_once", [1, 2, 4])
def test_the_bits_do_not_depend_on_how_many_samples_are_computed_at_once(monkeypatch, blocks_at_once):
    routine, per_sample, leaves = routine_of([5, 20, 3], "relu")
    layout = InputLayout(per_sample, len(leaves), weighted=True)
    sums = rolled_sums(routine, per_sample, len(leaves))
    samples = np.random.default_rng(0).normal(size=(per_sample, 45))
    reference = totals_of(rolled_sums_kernel(sums, layout), layout, leaves)(samples)
    for module in (rolled, accumulate):
        monkeypatch.setattr(module, "vectors_of_a_tile", lambda kind=None: blocks_at_once)
    totals = totals_of(rolled_sums_kernel(sums, layout), layout, leaves)(samples)
    assert all_bits(totals) == all_bits(reference)


@pytest.mark.parametrize("activation", ["tanh", "relu"])
def test_wider_layers_have_as_many_loops(activation):
    narrow, wide = (
        rolled_sums(routine, per_sample, len(leaves))
        for routine, per_sample, leaves in (routine_of([*sizes, 4], activation) for sizes in ([6, 7], [60, 70]))
    )
    assert len(wide.rolled.loops) == len(narrow.rolled.loops)
    assert len(wide.accumulations) == len(narrow.accumulations) <= 6
    assert not any(access.table for loop in wide.rolled.loops for each in loop.runs for access in each.factors)


def test_sums_of_different_lengths_are_terms_of_the_same_loops():
    """Attention over 1, 2, 3, ... positions, each followed by the same layer, written with lists."""

    def loops(length):
        x = [[Value(0.1 * (i + t)) for i in range(4)] for t in range(length)]
        w = [[Value(0.2, role="parameter") for _ in range(4)] for _ in range(4)]
        outputs = []
        for t in range(3, length):
            scores = [sum(a * b for a, b in zip(x[t], x[s], strict=True)).exp() for s in range(t)]
            mixed = [sum(score * x[s][i] for s, score in enumerate(scores)) / sum(scores) for i in range(4)]
            layer = [sum(a * b for a, b in zip(row, mixed, strict=True)).tanh() for row in w]
            outputs.append(sum(layer))
        program = autograd.compile(sum(outputs), inputs=[v for row in x for v in row], target="python")
        routine = program.routines[0]
        return rolled_outputs(routine.instructions, routine.results, 4 * length, 16).rolled.loops

    of_layer = [sum(loop.op == "tanh" for loop in loops(length)) for length in (5, 9)]
    assert of_layer == [1, 1]


def test_a_short_program_stays_straight():
    x = [Value(0.1, f"x{i}") for i in range(4)]
    routine = autograd.compile(sum(a * a for a in x), inputs=x, target="python").routines[0]
    assert native.outputs_or_none(routine.instructions, routine.results, 4, 0) is None


def test_training_that_ends_before_a_step_that_is_not_finite_leaves_the_weights_before_it():
    X, y = np.random.default_rng(0).normal(size=(40, 30)), np.arange(40.0)
    models = [nn.MLP(30, [40, 1], activation="relu", seed=0) for _ in range(2)]
    rates = [nn.SGD(model.parameters(), lr=lambda epoch: 0.001 if epoch < 3 else 1e300) for model in models]
    models[0].fit(X, y, optimizer=rates[0], epochs=4, progress=False)
    with pytest.raises(autograd.NonFiniteError):
        models[1].fit(X, y, optimizer=rates[1], epochs=9, progress=False)
    first, second = ([parameter.data for parameter in model.parameters()] for model in models)
    assert first == second
    assert rates[1].steps == 4


def test_a_wide_network_trains_as_eagerly():
    X, y = np.random.default_rng(0).normal(size=(21, 60)), np.arange(21) % 4
    models = [nn.MLP(60, [30, 4], activation="relu", seed=0) for _ in range(2)]
    for model, compiled_ in zip(models, (True, False), strict=True):
        model.fit(X, y, loss="cross_entropy", epochs=2, batch_size=9, progress=False, compiled=compiled_)
    first, second = ([parameter.data for parameter in model.parameters()] for model in models)
    np.testing.assert_allclose(first, second, rtol=1e-11, atol=1e-14)


def running(step):
    """A function of a list that folds it from left to right."""

    def fold(numbers):
        total = numbers[0]
        for number in numbers[1:]:
            total = step(total, number)
        return total

    return fold


FOLDS = {
    "maximum": running(autograd.maximum),
    "minimum": running(lambda total, x: autograd.minimum(x, total)),
    "product": running(lambda total, x: total * x),
    "polynomial": running(lambda total, x: total * 0.7 + x),
    "continued fraction": running(lambda total, x: x + 1.0 / total),
    "two at a time": running(lambda total, x: (total * x).tanh() - total),
    "alternating": lambda numbers: running(lambda total, x: total - x)([2.0 * x for x in numbers]),
}


@pytest.mark.parametrize("name", FOLDS)
def test_a_fold_of_any_operation_is_a_loop_over_its_links(name):
    """Also where the gradient, or an output, reads what a link in the middle computed."""
    x = [Value(0.1 * i, f"x{i}") for i in range(31)]
    total = FOLDS[name]([a.sin() for a in x])
    columns = np.random.default_rng(1).normal(size=(31, 19))

    def results():
        program = autograd.compile(total, x, x, target="native")
        return all_bits(
            program.map(*columns),
            *program.value_and_grad.map(*columns, reduction="sum"),
            *program.value_and_grad(*columns[:, 0]),
        )

    loops, straight = both_ways(results)
    assert loops == straight
    routine = autograd.compile(total, x, target="python").routines[0]
    found = rolled_outputs(routine.instructions, routine.results, 31, 0).rolled
    assert sum(links.repeats for body in bodies(found) for links in links_of(body)) > 20


def test_a_link_whose_result_is_wanted_is_not_left_out():
    columns = np.random.default_rng(1).normal(size=(12, 9))

    def results():
        program = autograd.compile(lambda *x: [t.sin() for t in folded(x)], target="native")
        return all_bits(program.map(*columns))

    def folded(numbers):
        results = [numbers[0]]
        for number in numbers[1:]:
            results.append(autograd.maximum(results[-1], number) * 0.5)
        return results

    loops, straight = both_ways(results)
    assert loops == straight


def test_products_of_which_both_factors_vary_are_added_up_too():
    """The gradient of a scale for each input: no factor is the same for several weights."""
    builder = Builder(finite_inputs=True)
    x, w, (weight,) = ([builder.symbol() for _ in range(count)] for count in (11, 11, 1))
    scales = [Value(symbol, role="parameter") for symbol in w]
    loss = sum((scale * Value(number)).tanh() for scale, number in zip(scales, x, strict=True))
    loss.backward(weight)
    routine = builder.finish([loss.data], [scale.grad for scale in scales]).routine
    for loops, straight in sums_both_ways(routine, 11, [0.1 * i for i in range(11)], [1, 9, 40]):
        np.testing.assert_allclose(loops, straight, rtol=1e-12, atol=1e-13)
