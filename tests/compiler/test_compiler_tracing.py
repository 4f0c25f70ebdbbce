"""Tracing: a function runs on symbols, whose numbers it must not read."""

import math
import operator
import subprocess
import sys
import weakref
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from support.exact import arity
from support.graphs import EVERYTHING, all_bits, bits, edge_numbers, every_node, run, steps

import autograd
from autograd import Value, functions
from autograd.compiler import Symbol, TracingError
from autograd.compiler.trace.builder import Builder, finished
from autograd.compiler.trace.trace import symbolic_gradient

CONVERSIONS = {
    r"a comparison \(< or >\)": lambda s: s < 1.0,
    r"a comparison \(<= or >=\)": lambda s: s <= s,
    r"comparison \(< or >\)": lambda s: s > 1,
    r"comparison \(<= or >=\)": lambda s: s >= 0.0,
    r"a comparison \(==\)": lambda s: s == 0.0,
    r"a comparison \(!=\)": lambda s: s != s,
    "the truth of a value": bool,
    "to float": float,
    "to int": int,
    "index": operator.index,
    "rounding": round,
    "rounding a value": lambda s: round(s, 2),
    "formatting a value": lambda s: f"{s:.3f}",
}


def symbol():
    return Builder().symbol()


@pytest.mark.parametrize("what", CONVERSIONS)
def test_asking_a_symbol_for_its_number_raises_and_names_the_operation(what):
    with pytest.raises(TracingError, match=what) as caught:
        CONVERSIONS[what](symbol())
    assert "maximum" in str(caught.value)  # what to do instead
    assert isinstance(caught.value, TypeError)


@pytest.mark.parametrize(
    "roundabout",
    [
        lambda s: 1.0 if s else 0.0,
        lambda s: not s,
        lambda s: s and 1.0,
        lambda s: max(s, 1.0),
        lambda s: sorted([s, s]),
        lambda s: [1.0][s],
        lambda s: range(s),
        lambda s: math.exp(s),
        lambda s: math.isnan(s),
        lambda s: math.floor(s),
        lambda s: complex(s),
        lambda s: s in [1.0],
        lambda s: 0.5 < s < 1.0,
    ],
)
def test_no_roundabout_way_reads_the_number_of_a_symbol(roundabout):
    with pytest.raises(TracingError):
        roundabout(symbol())


def test_a_symbol_cannot_be_a_key():
    with pytest.raises(TypeError, match="unhashable"):
        hash(symbol())


@pytest.mark.parametrize(
    "f",
    [
        lambda x: x if x > 0 else -x,
        lambda x: x if x else -x,
        lambda x: max(x, -x),
        lambda x: x * 2.0 if (x * 3.0).tanh() <= 0.5 else x,
        lambda x: x if x.data == 0.0 else -x,
        lambda x: x if x == 0 else -x,
        lambda x: x if x != 0.0 else -x,
        lambda x: x if x in [0.0, 1.0] else -x,
        lambda x: x * float(x.data),
        lambda x: x if abs(x) >= 1.0 else -x,
        lambda x: x * float(f"{x:.3f}"),
        lambda x: np.maximum(np.array([x, -x]), 0.0)[0],  # NumPy compares the elements of plain arrays
    ],
)
@pytest.mark.parametrize("target", ["python", "auto"])
def test_a_function_that_branches_on_data_raises(f, target):
    program = autograd.compile(f, target=target)
    for trace in (program, program.trace, program.value_and_grad):
        with pytest.raises(TracingError, match="must not branch on data"):
            trace(1.0)


def test_a_value_may_be_shown_while_it_is_traced():
    shown = []

    def f(x):
        y = x * 2.0
        y.label = f"double of {x}"
        shown.extend([repr(y), str(y), f"{y}", f"{x!r}"])
        return y

    assert autograd.compile(f, target="python")(3.0) == 6.0
    assert len(shown) == 4


@pytest.mark.parametrize(
    "f",
    [
        lambda x, y: np.exp(x) * np.float64(0.5) + np.maximum(x, y) - np.tanh(y) ** 2,
        lambda x, y: (np.array([[x, 1.0], [y, x]]) @ np.array([x, y]))[1],
        lambda x, y: np.exp(autograd.array([x, y])).sum() / np.clip(autograd.array([x]), 0.1, 1.0)[0],
        lambda x, y: np.float32(2.0) * x + np.sqrt(y),
    ],
)
def test_numpy_on_values_traces_as_it_records(f):
    x, y = Value(0.5), Value(0.25)
    f(x, y).backward()
    program = autograd.compile(f, argnums=(0, 1), target="python")
    assert program.value_and_grad(0.5, 0.25) == (f(x, y).data, (x.grad, y.grad))


def test_a_function_that_leaves_the_graph_raises():
    with pytest.raises(TypeError, match=r"use v.exp\(\)"):
        autograd.compile(lambda x: math.exp(x) * x)(1.0)


@pytest.mark.parametrize("name", functions.__all__)
def test_every_operation_works_on_symbols(name):
    extra = {"leaky_relu": [0.3], "clip": [-0.5, 0.75]}.get(name, [])
    count = arity(name)
    two = count == 2
    f = getattr(functions, name)
    builder = Builder()
    made = f(*[builder.symbol() for _ in range(count)], *extra)
    assert isinstance(made, Symbol)
    if two:  # a plain number on either side too
        assert isinstance(f(1.5, symbol()), Symbol)
        assert isinstance(f(symbol(), 1.5), Symbol)
    inputs = [Value(0.5), Value(0.25), Value(0.125)][:count]
    program = autograd.compile(f(*inputs, *extra), inputs, target="python")
    output = f(*inputs, *extra)
    output.backward()
    assert all_bits(
        program.value_and_grad(0.5, 0.25, 0.125)[:2] if count == 3 else program.value_and_grad(*[0.5, 0.25][:count])
    ) == all_bits((output.data, [x.grad for x in inputs]))


@given(steps(EVERYTHING), st.lists(edge_numbers, min_size=3, max_size=3))
@settings(deadline=None, max_examples=60)
def test_a_function_and_the_graph_it_records_are_the_same_program(graph, point):
    inputs = [Value(number, label, role="input") for number, label in zip(point, "abc", strict=True)]
    recorded = autograd.compile(run(EVERYTHING, graph, inputs), inputs, target="python")
    f = lambda a, b, c: run(EVERYTHING, graph, [a, b, c])  # noqa: E731
    traced = autograd.compile(f, argnums=(0, 1, 2), target="python")
    assert traced.source == recorded.source
    assert traced.routines == recorded.routines


@given(steps(EVERYTHING), st.lists(edge_numbers, min_size=3, max_size=3))
@settings(deadline=None, max_examples=40)
def test_compiling_leaves_every_value_and_gradient_as_it_was(graph, point):
    leaves = [Value(number) for number in point]
    output = run(EVERYTHING, graph, leaves)
    nodes = every_node(output, leaves)

    def state():
        return [(bits(n.data), bits(n.grad), n.has_grad, list(map(bits, n.local_derivatives)), n.label) for n in nodes]

    for _ in range(2):
        before = state()
        program = autograd.compile(output, leaves[:2], nodes, target="python")
        program.value_and_grad(1.0, 2.0)
        assert state() == before
        output.backward()


def test_a_function_may_use_values_from_outside_and_they_are_read_at_each_call():
    w = Value(2.0, "w", role="parameter")
    program = autograd.compile(lambda x: (w * x).relu() + w, wrt=[w], target="python")
    assert program.value_and_grad(3.0) == (8.0, [4.0])
    w.data = -1.0
    assert program.value_and_grad(3.0) == (-1.0, [1.0])
    assert w.grad == 0.0
    assert not w.has_grad


def test_the_arguments_of_a_function_are_its_inputs_by_name():
    program = autograd.compile(lambda speed, time: speed * time, argnums=(0, 1))
    assert program.source.startswith("def program(speed, time):\n")
    assert program.value_and_grad(3.0, 4.0) == (12.0, (4.0, 3.0))


def test_import_autograd_still_loads_no_compiler():
    root = Path(autograd.__file__).parent.parent
    code = f"import sys; sys.path.insert(0, {str(root)!r}); import autograd; print(*sys.modules)"
    command = [sys.executable, "-I", "-S", "-c", code]
    loaded = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout.split()
    heavy = [name for name in loaded if name.startswith(("autograd.compiler", "numpy", "llvmlite"))]
    assert heavy == []
    assert not {"typing", "dataclasses", "re"} & {*loaded}


def test_a_symbolic_gradient_is_that_of_backward_and_computes_nothing_for_other_leaves():
    def trace(gradients_of_loss):
        builder = Builder()
        x, w, b, unused = [Value(builder.symbol(), role="input") for _ in range(4)]
        loss = ((w * x + b).relu() * w - x.sqrt()).tanh() ** 2
        found = [builder.index_of(number) for number in gradients_of_loss(loss, [w, b, unused])]
        return builder, finished(builder.written, [], found)[0]

    def by_backward(loss, leaves):
        loss.backward()
        return [leaf.grad for leaf in leaves]

    fewer, routine = trace(lambda loss, leaves: symbolic_gradient([loss], leaves))
    more, reference = trace(by_backward)
    assert routine == reference
    assert len(fewer.ops) < len(more.ops)


def test_a_symbolic_gradient_of_a_leaf_is_the_seed():
    leaf, other = Value(symbol()), Value(symbol())
    assert symbolic_gradient([leaf], [other, leaf], 2.0) == [0.0, 2.0]


def test_a_symbolic_gradient_frees_the_graph():
    class Label(str):
        pass

    builder = Builder()
    w, x = Value(builder.symbol()), Value(builder.symbol())
    outputs = [w * x]
    outputs[0].label = Label("product")
    label = weakref.ref(outputs[0].label)
    outputs[0] = outputs[0] + x
    symbolic_gradient(outputs, [w])
    assert not outputs
    assert label() is None
