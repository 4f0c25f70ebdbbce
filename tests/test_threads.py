"""What docs/threads.md promises: own graphs in each thread, shared models to predict and look at, tasks, processes."""

import asyncio
import copy
import multiprocessing
import pickle
import subprocess
import sys
import threading
import warnings
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from support.graphs import SMOOTH, run, steps
from support.threads import COUNT, in_threads

import nn
from autograd import Value, compile, derivative, grad, graph, leaves, scope, topological_order, value_and_grad
from autograd.graph import _walk_with_a_set, walk
from viz import draw, explore, explore_training

X, Y = nn.datasets.moons(24, seed=3)


def bits(model):
    return [parameter.data.hex() for parameter in model.parameters()]


def state(model):
    return (
        [(name, p.data, p.grad, p.label, p.scope) for name, p in model.named_parameters()],
        [(name, vars(module).get("training")) for name, module in model.named_modules()],
    )


def trained(seed, **options):
    model = nn.MLP(2, [3, 1], dropout=0.2, seed=seed)
    adam = nn.Adam(model.parameters(), lr=0.05)
    history = model.fit(X, Y, optimizer=adam, epochs=4, batch_size=7, seed=seed, progress=False, **options)
    return model, history


def formula(w, x):
    return (w * x + 1.0).tanh() * w.sigmoid()


# Building, backward, walks.


def test_threads_that_build_graphs_of_their_own_have_scopes_and_gradients_of_their_own():
    def work(index):
        for _ in range(100):
            with scope(f"thread{index}"), scope("inner"):
                w = Value(float(index), "w")
                y = formula(w, 2.0)
            y.backward()
            scopes = {node.scope for node in topological_order(y)}
            assert scopes == {f"thread{index}.inner"}
            assert w.grad == derivative(y, w).data
        return (Value(1.0) + 1.0).scope

    assert in_threads(work) == [""] * COUNT


def test_walks_in_several_threads_over_shared_nodes_list_each_node_once():
    shared = [Value(float(number)) for number in range(30)]
    roots = [sum((v * w for v, w in pairwise(shared)), start=shared[0]) for _ in range(COUNT)]
    expected = [len(topological_order(root)) for root in roots]

    def work(index):
        for _ in range(200):
            order = topological_order(roots[index])
            assert len(order) == expected[index] == len(set(order))
            assert len(leaves(roots[index])) == 30

    in_threads(work)


@given(steps(SMOOTH, most=30))
def test_both_ways_to_walk_visit_the_nodes_in_the_same_order(graph):
    inputs = [Value(0.5), Value(-1.5), Value(2.0)]
    root = run(SMOOTH, graph, inputs)
    for roots in ((root,), (root.operands[0], root, inputs[0], root * root), ()):
        with_a_set = ([], [])
        _walk_with_a_set(roots, *with_a_set)
        marked = walk(*roots)
        assert [list(map(id, nodes)) for nodes in marked] == [list(map(id, nodes)) for nodes in with_a_set]
        assert {*roots} <= {*marked[0], *marked[1]}


def test_walks_that_end_by_an_exception_leave_no_walk_under_way():
    with pytest.raises(AttributeError):
        walk(Value(1.0) * 2.0, None)
    assert graph._walks == []
    beside = object()
    graph._walks.append(beside)
    try:
        assert len(walk(Value(1.0) * 2.0)[1]) == 1
        with pytest.raises(AttributeError):
            walk(None)
        assert graph._walks == [beside]
    finally:
        graph._walks.remove(beside)


def test_derivatives_of_functions_of_shared_values_change_none_of_them():
    w, two = Value(0.5, "w", role="parameter"), Value(2.0, role="constant")
    w.grad, two.grad = 3.0, 7.0

    def work(index):
        for _ in range(50):
            assert grad(lambda x: x * two)(5.0) == 2.0
            assert value_and_grad(lambda x: (x * w).tanh())(0.0)[1].data == 0.5

    in_threads(work)
    assert (w.grad, two.grad) == (3.0, 7.0)


# Compiling and calling.


@pytest.mark.parametrize("target", ["native", "python", "numpy"])
def test_threads_compile_and_call_programs_own_and_shared(target):
    shared = compile(formula, target=target)
    expected = [(shared(0.3, x), shared.value_and_grad(0.3, x)) for x in range(COUNT)]

    def work(index):
        own = compile(formula, target=target)
        for _ in range(30):
            for program in (own, shared):
                assert (program(0.3, index), program.value_and_grad(0.3, index)) == expected[index]

    in_threads(work)


# Models.


class Branching(nn.Module):
    """A model that cannot be compiled."""

    def __init__(self):
        self.layer, self.dropout = nn.Layer(2, 2, seed=1), nn.Dropout(0.5)

    def forward(self, inputs):
        first, second = self.dropout(self.layer(inputs))
        return first if first > second else second


@pytest.mark.parametrize("make", [lambda: nn.MLP(2, [8, 4, 1], dropout=0.5, seed=1), Branching])
def test_threads_that_predict_with_one_model_get_its_outputs_and_leave_it_as_it_was(make):
    model = make()
    before, expected = state(model), model.predict(X).tolist()

    def work(index):
        for _ in range(6):
            assert model.predict(X).tolist() == expected

    in_threads(work)
    assert state(model) == before


def test_a_model_that_gets_an_attribute_while_its_members_are_listed_has_all_members():
    class Growing(list):
        def __iter__(self):
            setattr(model, f"new{len(vars(model))}", None)  # as another thread may do at any time
            return super().__iter__()

    model = nn.MLP(2, [1], seed=1)
    model.more = Growing([nn.Layer(2, 1, seed=2)])
    assert len(model.parameters()) == 6
    assert model.predict(X).shape == (24,)


@pytest.mark.filterwarnings("ignore:falling back")
@pytest.mark.parametrize("compiled", [True, False])
def test_threads_that_train_models_of_their_own_get_the_bits_of_one_after_the_other(compiled):
    expected = [bits(trained(seed, compiled=compiled)[0]) for seed in range(COUNT)]
    assert in_threads(lambda index: bits(trained(index, compiled=compiled)[0])) == expected


def test_a_second_thread_that_trains_the_same_model_is_refused_and_changes_nothing():
    model, reached, go_on = nn.MLP(2, [3, 1], seed=1), threading.Event(), threading.Event()

    def pause(epoch, history, model):
        reached.set()
        assert go_on.wait(60)

    first = threading.Thread(target=lambda: model.fit(X, Y, epochs=2, callbacks=[pause], progress=False))
    first.start()
    assert reached.wait(60)
    before = state(model)
    with pytest.raises(RuntimeError, match="one thread at a time, but another thread is training one of these"):
        model.fit(X, Y, epochs=1, progress=False)
    with pytest.raises(RuntimeError, match=r"train a copy: copy.deepcopy\(model\)"):
        model.layers[0].fit(X, np.zeros((24, 3)), epochs=1, progress=False)  # some of its parameters
    assert state(model) == before
    copy.deepcopy(model).fit(X, Y, epochs=1, progress=False)
    go_on.set()
    first.join()
    model.fit(X, Y, epochs=1, progress=False)


def test_a_model_can_predict_in_one_thread_while_another_trains_it():
    model, finished = nn.MLP(2, [3, 1], dropout=0.3, seed=1), threading.Event()
    reference = nn.MLP(2, [3, 1], dropout=0.3, seed=1)
    options = {"epochs": 60, "batch_size": 5, "validation": (X, Y), "progress": False}

    def work(index):
        if index == 0:
            history = model.fit(X, Y, **options)
            finished.set()
            return history.loss
        while not finished.is_set():
            assert np.isfinite(model.predict(X)).all()
        return None

    assert in_threads(work, 3)[0] == reference.fit(X, Y, **options).loss
    assert bits(model) == bits(reference)


# Pictures and pages.


def test_threads_that_draw_and_explore_get_the_same_pictures_and_pages():
    model, history = trained(2, record=3)
    model.eval()  # in training mode, each call has another mask
    w = Value(0.5, "w")
    y = formula(w, 2.0)
    y.backward()
    looks = [
        lambda: draw(y).render("svg"),
        lambda: draw(y).render("png"),
        lambda: draw(model([1.0, 2.0])).render("svg"),
        lambda: explore(y).html,
        lambda: explore_training(history).html,
    ]
    expected, before = [look() for look in looks], state(model)

    def work(index):
        for number in range(len(looks)):
            chosen = (number + index) % len(looks)
            assert looks[chosen]() == expected[chosen]

    in_threads(work)
    assert state(model) == before


def test_threads_leave_the_filters_of_warnings_as_they_were():
    before = warnings.filters[:]
    in_threads(lambda index: trained(index))
    assert warnings.filters == before


# Tasks and generators.


def run_tasks(tasks):
    """Runs a coroutine in an event loop of its own, in a thread, because this one may have a loop."""
    return in_threads(lambda index: asyncio.run(tasks), 1)[0]


def test_tasks_that_take_turns_inside_scopes_have_scopes_of_their_own():
    async def build(name):
        with scope(name):
            await asyncio.sleep(0)
            outer = (Value(1.0) + 1.0).scope
            with scope("inner"):
                await asyncio.sleep(0)
                inner = (Value(1.0) + 1.0).scope
            await asyncio.sleep(0)
        return outer, inner, (Value(1.0) + 1.0).scope

    async def together():
        return await asyncio.gather(*[build(f"task{number}") for number in range(5)])

    assert run_tasks(together()) == [(f"task{number}", f"task{number}.inner", "") for number in range(5)]
    assert (Value(1.0) + 1.0).scope == ""


def test_a_task_trains_and_predicts_in_a_thread_of_the_pool():
    async def together():
        models = await asyncio.gather(*[asyncio.to_thread(trained, seed) for seed in range(3)])
        return [bits(model) for model, _ in models]

    assert run_tasks(together()) == [bits(trained(seed)[0]) for seed in range(3)]


def test_generators_that_end_inside_out_leave_no_scope_behind():
    def building(name):
        with scope(name):
            yield
            yield

    first, second = building("first"), building("second")
    for generator in (first, second, first, first, second, second):
        next(generator, None)
    assert (Value(1.0) + 1.0).scope == ""


# Processes.


def test_models_graphs_and_histories_are_pickled_for_other_processes():
    model, history = trained(1, record=3)
    y = formula(Value(0.5, "w"), 2.0)
    assert bits(pickle.loads(pickle.dumps(model))) == bits(model)
    assert pickle.loads(pickle.dumps(history)).loss == history.loss
    assert pickle.loads(pickle.dumps(y)).data == y.data


PROCESSES = """
import multiprocessing
import sys

import nn
from viz import draw

X, Y = nn.datasets.moons(24, seed=3)


def work(seed):
    model = nn.MLP(2, [3, 1], seed=seed)
    model.fit(X, Y, epochs=3, progress=False)
    draw(model([1.0, 2.0])).render("svg")
    return model.predict(X).tolist()


if __name__ == "__main__":
    here = [work(0), work(1)]  # with machine code, and the instance of Graphviz, made before the fork
    with multiprocessing.get_context(sys.argv[1]).Pool(1) as pool:
        assert pool.map(work, [0, 1]) == here
"""


@pytest.mark.parametrize("method", [m for m in ("fork", "spawn") if m in multiprocessing.get_all_start_methods()])
def test_processes_of_each_start_method_train_draw_and_predict_as_one_does(method, tmp_path):
    script = tmp_path / "processes.py"
    script.write_text(PROCESSES, encoding="utf-8")
    done = subprocess.run([sys.executable, str(script), method], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
