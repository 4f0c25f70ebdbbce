"""Large graphs: work and memory grow with the number of nodes, or a graph is refused before any work begins.

`support.big_graphs.million_nodes()` measures the same functions on a million nodes.
"""

import gc
import pickle
import re
import sys

import pytest
from support import big_graphs
from support.big_graphs import FUNCTIONS, SHAPES, calls, network, peak_bytes, refusal, wide

import autograd
import viz
from autograd import Value, collector, topological_order
from autograd.collector import collector_paused
from viz.pictures import folding

BYTES = {  # at peak for each node, result included; a node itself has about 130
    "backward": 40, "forward": 160, "zero_grad": 25, "check_finite": 25, "repr": 2, "comparison": 2, "leaves": 25,
    "topological_order": 25, "rebuild": 290, "derivative": 950, "grad": 360, "forward_steps": 280,
    "backward_steps": 440, "copy.copy": 310, "copy.deepcopy": 290, "pickle.dumps": 300,
    "pickle.dumps and loads": 480, "viz.code": 400, "viz.latex": 25, "viz.steps_table": 3000, "viz.draw": 500,
    "viz.draw, any limit": 2600,
}  # fmt: skip
SMALL = [name for name in FUNCTIONS if name != "viz.explore"]  # its pages are laid out by Graphviz
REFUSED = {
    "viz.latex": "a formula may have at most 1,000 operations, but this graph has {operations:,}: write a node further",
    "viz.steps_table": "a table of steps may have at most 50,000 nodes, but this graph has {nodes:,}: tabulate a node",
    "viz.draw": "a picture may have at most 100 boxes, but the {nodes:,} nodes of this graph fold into at least",
    "viz.draw, any limit": "a picture may have at most 50,000 boxes, but the {nodes:,} nodes of this graph fold",
    "viz.explore": "a page may have at most 5,000 nodes, but this graph has {nodes:,}: explore the loss of one sample",
}


@pytest.fixture(scope="module")
def large():
    return wide(120_000)


def sizes(shape, *nodes):
    roots = [SHAPES[shape](count) for count in nodes]
    return [(root, len(topological_order(root))) for root in roots]


@pytest.mark.parametrize("shape", ["chain", "reused"])
@pytest.mark.parametrize("name", SMALL)
def test_work_is_proportional_to_the_number_of_nodes(name, shape):
    function = FUNCTIONS[name]
    small, large = [calls(function, root) / count for root, count in sizes(shape, 400, 800)]
    assert large <= 1.1 * small + 0.5


@pytest.mark.parametrize("shape", ["chain", "reused"])
@pytest.mark.parametrize("name", SMALL)
def test_memory_for_each_node_is_bounded(name, shape):
    ((root, count),) = sizes(shape, 1500)
    assert peak_bytes(FUNCTIONS[name], root) / count <= BYTES[name]


@pytest.mark.parametrize("name", SMALL)
def test_nothing_recurses(name):
    root = SHAPES["chain"](3000)
    depth, frame = 0, sys._getframe()
    while frame is not None:
        depth, frame = depth + 1, frame.f_back
    outer = sys.getrecursionlimit()
    sys.setrecursionlimit(depth + 150)
    try:
        refusal(FUNCTIONS[name], root)
    finally:
        sys.setrecursionlimit(outer)


@pytest.mark.parametrize("name", REFUSED)
def test_a_graph_too_large_to_show_is_refused_with_advice(name, large):
    count, operations = len(topological_order(large)), sum(1 for node in topological_order(large) if node.op)
    message = REFUSED[name].format(nodes=count, operations=operations)
    with pytest.raises(viz.GraphTooLargeError, match=re.escape(message)):
        FUNCTIONS[name](large)


@pytest.mark.parametrize("name", REFUSED)
def test_counting_is_all_that_happens_before_a_graph_is_refused(name, large):
    counting = 3.01 if name.startswith("viz.draw") else 0  # which boxes no folding avoids, and the walk
    walking = calls(topological_order, large)
    assert calls(FUNCTIONS[name], large) <= walking + counting * len(topological_order(large)) + 50


def test_a_large_model_is_drawn_as_its_layers():
    boxes = folding.boxes_of(network(30_000), depth=None, limit=100, hide_constants=False)
    assert sorted(box.title for box in set(boxes.values()) if box.title) == ["layer1", "layer2", "layer3"]


def test_gradcheck_refuses_what_would_take_minutes():
    root = wide(20_000)
    message = (
        "gradcheck may run at most 100,000,000 operations, but this graph has 19,999 nodes, run twice for each of "
        "10,000 leaves: check a smaller graph, or a function of a few of the leaves"
    )
    with pytest.raises(ValueError, match=message):
        autograd.gradcheck(root)


@pytest.mark.pure_python
def test_gradcheck_of_a_recorded_output_records_it_only_for_the_exact_gradient(monkeypatch):
    x = Value(0.5, "x")
    root = x.sin() * x + Value(2.0)
    recorded = []
    add = Value.__add__
    monkeypatch.setattr(Value, "__add__", lambda a, b: recorded.append(a) or add(a, b))
    assert autograd.gradcheck(root)
    assert len(recorded) <= 4


# What is looked at stays as it was, also if looking is interrupted


def described(root):
    return [
        (id(node), node.data, node.grad, node.has_grad, node.op, node.label, node.scope, node.operands, node.numbers,
         node.local_derivatives)
        for node in topological_order(root)
    ]  # fmt: skip


class struck_at:
    """Raises KeyboardInterrupt at the k-th line that is traced in the packages.

    It does not strike where the collector is resumed or the lock of walks is released: there Python looks for signals
    only after the call that does it.
    """

    SPARED = ("paused", "walk")

    def __init__(self, k):
        self.left = k

    def trace(self, frame, event, argument):
        if not frame.f_globals.get("__name__", "").startswith(("autograd", "viz")):
            return None
        if event == "line" and frame.f_code.co_name not in self.SPARED:
            self.left -= 1
            if self.left == 0:
                raise KeyboardInterrupt
        return self.trace

    def __enter__(self):
        self.outer = sys.gettrace()
        sys.settrace(self.trace)
        return self

    def __exit__(self, kind, *rest):
        sys.settrace(self.outer)
        return kind is KeyboardInterrupt


@pytest.mark.pure_python
@pytest.mark.parametrize("name", [name for name in SMALL if name not in ("backward", "zero_grad", "comparison")])
def test_a_graph_is_as_before_if_a_function_is_interrupted(name):
    root = SHAPES["reused"](30)
    root.backward()
    before = described(root)
    for k in [*range(1, 60, 3), *range(60, 1500, 97)]:
        with struck_at(k) as strike:
            FUNCTIONS[name](root)
        assert described(root) == before, f"at line {k}"
        assert gc.isenabled()
        assert k > 1 or strike.left == 0
        if strike.left > 0:
            break


# The pause of the collector


def test_the_collector_is_paused_during_a_call_and_runs_again_however_it_ends():
    @collector_paused
    def fails():
        assert not gc.isenabled()
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fails()
    assert gc.isenabled()


def test_a_collector_that_was_off_stays_off():
    gc.disable()
    try:
        pickle.loads(pickle.dumps(Value(1.0) * 2.0))
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_a_pause_that_begins_as_that_of_another_thread_ends_leaves_the_collector_on(monkeypatch):
    class Ending:
        """Python's `gc`, where the other thread resumes the collector right after it was found paused."""

        disable, enable = gc.disable, gc.enable

        @staticmethod
        def isenabled():
            gc.enable()
            return False

    monkeypatch.setattr(collector, "gc", Ending)
    collector_paused(list)()
    assert gc.isenabled()


@pytest.mark.parametrize(
    "name", ["derivative", "copy.deepcopy", "pickle.dumps and loads", "forward_steps", "viz.code", "viz.draw"]
)
def test_making_many_objects_does_not_run_the_collector(name):
    root = SHAPES["chain"](20_000)
    runs = []
    gc.callbacks.append(lambda phase, info: runs.append(phase))
    try:
        FUNCTIONS[name](root)
    finally:
        gc.callbacks.pop()
    assert len(runs) <= 10  # it may run before and after


def test_every_function_is_measured_on_every_shape(monkeypatch):
    monkeypatch.setattr(big_graphs, "FUNCTIONS", {"repr": repr, "viz.draw": viz.draw})
    tried = [*big_graphs.million_nodes(1000)]
    assert [one.what.split(" of ")[0] for one in tried] == [
        f"{name}, {shape}" for shape in SHAPES for name in ("repr", "viz.draw")
    ]
    assert [one.refused[:9] for one in tried] == ["", "", "", "a picture", "", "a picture", "", ""]
    assert all(one.seconds > 0.0 and one.bytes > 0 for one in tried)
