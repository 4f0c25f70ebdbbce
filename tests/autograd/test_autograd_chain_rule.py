"""The uses of the chain rule are the steps of backward(), on floats and on symbols."""

import pytest
from hypothesis import given, settings, strategies as st
from support.exact import same
from support.graphs import EVERYTHING, edge_numbers, run, steps, with_branches

from autograd import Value
from autograd.chain_rule import chain_rule
from autograd.compiler.trace.symbol import Symbol
from autograd.compiler.trace.trace import live_leaves, trace_graph
from autograd.graph import topological_order, walk

graphs = steps(EVERYTHING)
points = st.tuples(edge_numbers, edge_numbers, edge_numbers)
many = settings(deadline=None, max_examples=150)


def output(graph, point):
    return run(EVERYTHING, graph, [Value(number) for number in point])


def uses(root):
    return chain_rule(walk(root)[1] or [root])


@given(graphs, points)
@many
def test_the_sums_of_the_chain_rule_have_the_bits_of_the_gradients_of_backward(graph, point):
    root = output(graph, point)
    sums = {use.operand: use.gradient for use in uses(root)}
    assert not any(node.has_grad for node in topological_order(root))
    root.backward()
    for node in topological_order(root):
        assert (node in sums) == node.has_grad
        assert same(sums.get(node, 0.0), node.grad)


@given(graphs, points)
@many
def test_a_contribution_is_upstream_times_local_or_0_behind_a_branch_and_a_gradient_their_sum_so_far(graph, point):
    sums = {}
    for use, taken in with_branches(uses(output(graph, point))):
        assert same(use.contribution, use.upstream * use.local_derivative if taken else 0.0)
        sums[use.operand] = sums[use.operand] + use.contribution if use.operand in sums else use.contribution
        assert same(use.gradient, sums[use.operand])


@given(graphs, points)
@many
def test_the_first_use_is_the_seed_and_every_other_follows_an_edge(graph, point):
    root = output(graph, point)
    seed, *others = uses(root)
    assert (seed.node, seed.operand, seed.slot) == (root, root, None)
    assert (seed.upstream, seed.local_derivative, seed.contribution, seed.gradient) == (1.0, 1.0, 1.0, 1.0)
    for use in others:
        assert use.node.operands[use.slot] is use.operand
        assert same(use.local_derivative, use.node.local_derivatives[use.slot])


@given(graphs, points)
@many
def test_on_symbols_the_chain_rule_adds_no_instruction_to_those_of_backward(graph, point):
    root = output(graph, point)
    order = leaves, operations = walk(root)
    builder, twins = trace_graph(order, live_leaves(order, [root], ()))
    written = len(builder.ops)
    sums = {}
    for use in chain_rule(operations or leaves, lambda node: twins[node].local_derivatives):
        sums[use.operand] = use.gradient
    assert len(builder.ops) == written
    for node, gradient in sums.items():
        theirs = twins[node].grad
        if isinstance(gradient, Symbol):
            assert gradient.index == theirs.index
        else:
            assert same(gradient, theirs)


@pytest.mark.parametrize("role", ["plain", "constant"])
def test_an_output_that_is_a_leaf_has_only_the_seed(role):
    leaf = Value(3.0, role=role)
    assert [(use.node, use.operand, use.slot) for use in chain_rule([leaf])] == [(leaf, leaf, None)]
