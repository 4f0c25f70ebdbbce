"""Laws of random graphs of every operation, at any numbers, huge, tiny, infinite and nan."""

import copy
import pickle

import pytest
from hypothesis import given, settings, strategies as st
from support.exact import Decimal50, mp
from support.graphs import (
    DIFFERENTIABLE,
    EVERYTHING,
    bits,
    described,
    edge_numbers,
    every_node,
    ordinary_numbers,
    run,
    slots_of,
    steps,
)
from support.texts import texts

import autograd
import viz
from autograd import Value, backward_steps, derivative, forward_steps, topological_order

graphs = steps(EVERYTHING)
points = st.lists(edge_numbers, min_size=3, max_size=3)
ROLES = ("plain", "input", "parameter", "constant")
names = st.lists(texts, min_size=3, max_size=3)


def labelled(graph, point, labels):
    """A graph whose leaves have all roles, and whose nodes have labels and scopes."""
    leaves = [Value(x, label, role=role) for x, label, role in zip(point, labels, ROLES, strict=False)]
    with autograd.scope(labels[0]):
        output = run(EVERYTHING, graph, leaves)
    for node, label in zip(topological_order(output)[::-2], labels, strict=False):
        node.label = label
    return output


@given(graphs, points, points)
@settings(deadline=None, max_examples=100)
def test_forward_after_any_change_of_the_leaves_has_the_bits_of_a_new_graph(graph, before, after):
    leaves, fresh = [Value(x) for x in before], [Value(x) for x in after]
    output, again = run(EVERYTHING, graph, leaves), run(EVERYTHING, graph, fresh)
    for leaf, number in zip(leaves, after, strict=True):
        leaf.data = number
    assert bits(output.forward()) == bits(again.data)
    assert described(output) == described(again)
    output.backward()
    again.backward()
    assert described(output) == described(again)


COPIES = {"deepcopy": copy.deepcopy, "pickle": lambda y: pickle.loads(pickle.dumps(y))}


@pytest.mark.parametrize("way", COPIES)
@given(graphs, points, names, st.booleans())
@settings(deadline=None, max_examples=40)
def test_a_copy_is_the_same_graph_and_shares_no_node(way, graph, point, labels, backward):
    output = labelled(graph, point, labels)
    if backward:
        output.backward()
    before = slots_of(output)
    twin = COPIES[way](output)
    assert slots_of(output) == before
    assert described(twin) == described(output)
    assert {*topological_order(twin)}.isdisjoint(topological_order(output))
    output.backward()
    twin.backward()
    assert described(twin) == described(output)


LOOKS = {
    "draw": lambda y: viz.draw(y, local_derivatives=True).render("svg"),
    "draw, constants hidden": lambda y: viz.draw(y, hide_constants=True, precision=17).source,
    "explore": lambda y: viz.explore(y).html,
    "latex": lambda y: viz.latex(y, numbers=True),
    "latex, expanded": lambda y: viz.latex(y, expand=True, precision=17),
    "code": viz.code,
    "steps_table": viz.steps_table,
    "steps": lambda y: (forward_steps(y), backward_steps(y)),
    "derivative": lambda y: [derivative(y, x) for x in autograd.leaves(y)],
    "compile": lambda y: autograd.compile(y, autograd.leaves(y), target="python").source,
}


@pytest.mark.parametrize("look", LOOKS)
@given(graphs, points, names, st.booleans())
@settings(deadline=None, max_examples=15)
def test_showing_a_graph_never_raises_and_changes_nothing(look, graph, point, labels, backward):
    output = labelled(graph, point, labels)
    if backward:
        output.backward()
    before = slots_of(output)
    LOOKS[look](output)
    assert slots_of(output) == before


@given(steps(DIFFERENTIABLE), st.lists(ordinary_numbers, min_size=3, max_size=3))
@settings(deadline=None, max_examples=40)
def test_second_derivatives_are_symmetric(graph, point):
    leaves = [Value(Decimal50(x)) for x in point]
    output = run(DIFFERENTIABLE, graph, leaves)
    slopes = [derivative(output, x) for x in leaves]
    for i, x in enumerate(leaves):
        for j, y in enumerate(leaves[:i]):
            one, other = (Decimal50(derivative(slopes[a], b).data).x for a, b in ((i, y), (j, x)))
            assert abs(one - other) <= mp.mpf(10) ** -40 * (1 + abs(one))


@pytest.mark.parametrize("target", ["numpy", "native", "javascript"])
@given(steps(EVERYTHING, most=4), points)
@settings(deadline=None, max_examples=15)
def test_a_program_called_for_many_samples_has_the_bits_of_each_alone(target, graph, point):
    leaves = [Value(1.0) for _ in point]
    output = run(EVERYTHING, graph, leaves)
    program = autograd.compile(output, leaves, every_node(output, leaves), target=target)
    moved = [[x + shift for x in point] for shift in range(9)]
    alone = [bits(program(*sample)) for sample in moved]
    assert [bits(value) for value in program.map(*zip(*moved, strict=True))] == alone
