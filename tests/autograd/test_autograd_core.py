"""The core, compiled or not: which one runs, and that it leaves no reference cycles to itself."""

import gc
import inspect
import os
import subprocess
import sys
import weakref

import pytest
from support.core import COMPILED, extensions

import autograd
from autograd import Value, graph
from autograd.node import ONE, ZERO


class Label(str):
    """A label that can tell when its node is freed."""


def freed(make):
    """Whether what `make` leaves behind is freed: it returns an object that can be referred to weakly."""
    reference = weakref.ref(make())
    gc.collect()
    return reference() is None


def gradient_that_depends_on_the_leaf():
    x = Value(3.0, Label("x"))
    y = x * x
    z = x + 1.0
    y.backward(gradient=z * y)
    assert isinstance(x.grad, Value)
    return x.label


def second_derivative():
    x = Value(3.0, Label("x"))
    assert autograd.derivative(autograd.derivative(x**3, x), x).data == 18.0
    return x.label


def operation_of(function):
    @autograd.operation
    def applied(x):
        return function(x)

    return applied


def operation_that_holds_its_result():
    class Model:
        factor = 2.0

    model = Model()
    model.output = operation_of(lambda x: x * model.factor)(Value(3.0)) + 1.0
    operation_of(lambda x: x)  # takes its place among the operations that are found by name
    return model


def subclass_that_holds_its_result():
    class Noted(Value):
        """A Value with a `__dict__`."""

    x = Noted(3.0, Label("x"))
    x.result = x * 2.0
    return x.label


@pytest.mark.parametrize(
    "make",
    [
        gradient_that_depends_on_the_leaf,
        second_derivative,
        operation_that_holds_its_result,
        subclass_that_holds_its_result,
    ],
)
def test_what_a_reference_cycle_holds_is_freed(make):
    assert freed(make)


@pytest.mark.skipif(not COMPILED, reason="Python's nodes are visible to the collector")
def test_the_collector_does_not_visit_a_graph_of_floats():
    x, w = Value(3.0), Value(2.0, "w", role="parameter")
    y = ((w * x + 1.0).tanh() ** 2).select(x, w.relu())
    y.backward()
    assert not any(map(gc.is_tracked, autograd.topological_order(y)))


def test_a_walk_of_several_roots_visits_each_node_once_gates_included():
    x = Value(3.0)
    gate = x * x
    chosen = gate.select(gate + x, x)
    again = chosen + gate.select(x, gate)
    leaves, operations = graph.walk(gate, again, chosen, gate)
    assert [*map(id, leaves)] == [id(x)]
    assert len(operations) == len({*operations}) == 5
    assert {gate, chosen, again} <= {*operations}


def test_backward_clears_the_gradients_of_operations_also_while_another_walk_is_under_way(monkeypatch):
    x = Value(3.0)
    square = x * x
    y = square + square
    y.backward()
    monkeypatch.setattr(graph, "_walks", [object()])  # that of another thread
    y.backward()
    assert (square.grad, y.grad, x.grad) == (2.0, 1.0, 24.0)


def test_nodes_leave_the_reference_counts_of_constants_as_they_were():
    constants = None, ZERO, ONE, "add", ""

    def counts():
        return [sys.getrefcount(constant) for constant in constants]

    def make():
        x = Value(3.0)
        for _ in range(10_000):
            x = x + 1.0
        (x**2).backward()

    make()
    before = counts()
    make()
    assert max(abs(now - then) for now, then in zip(counts(), before, strict=True)) < 1000


@pytest.mark.parametrize(("pure", "core"), [("1", "pure Python"), ("0", "compiled" if extensions() else "pure Python")])
def test_the_environment_chooses_the_core_and_show_config_says_which_runs(pure, core):
    code = (
        "import autograd; autograd.show_config(); print((autograd.Value(3.0) * 2.0).data); "
        "from autograd.compiler.trace import builder; print(builder.__file__.endswith('.py'))"
    )
    environment = os.environ | {"SCALAR_AUTOGRAD_PURE": pure, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    printed = subprocess.check_output([sys.executable, "-c", code], env=environment, text=True).splitlines()
    assert printed[0] == f"scalar-autograd {autograd.__version__}, core: {core}"
    assert printed[-2:] == ["6.0", str(core == "pure Python")]


def test_editors_and_help_show_the_arguments_of_a_value_on_either_core():
    parameters = inspect.signature(Value).parameters
    assert [(p.name, p.kind.name, p.default) for p in parameters.values()] == [
        ("data", "POSITIONAL_OR_KEYWORD", inspect.Parameter.empty),
        ("label", "POSITIONAL_OR_KEYWORD", ""),
        ("role", "KEYWORD_ONLY", "plain"),
    ]
    if not COMPILED:
        assert [*inspect.signature(Value.__init__).parameters.values()][1:] == [*parameters.values()]


def test_a_subclass_of_value_has_the_signature_of_its_own_init():
    class Same(Value):
        pass

    class Other(Value):
        def __init__(self, number):
            super().__init__(number)

    assert inspect.signature(Same) == inspect.signature(Value)
    assert [*inspect.signature(Other).parameters] == ["number"]
