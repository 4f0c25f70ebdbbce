"""What backward, forward and zero_grad do to a graph, and the nodes that a formula makes."""

import contextlib
import itertools
import math

import pytest

from autograd import Value, graph, leaves, maximum, scope, topological_order


def count(root):
    return len([node for node in topological_order(root) if node.op])


def test_gradient_of_a_reused_node_is_the_sum_over_its_uses():
    x = Value(3.0)
    (x * x + 2 * x + x).backward()
    assert x.grad == 2 * 3.0 + 2 + 1


@pytest.mark.parametrize(
    ("f", "expected"),
    [(lambda x: x * x, 6.0), (lambda x: x + x, 2.0), (lambda x: x - x, 0.0), (lambda x: x / x, 0.0)],
)
def test_an_operand_used_twice_by_one_operation_gets_both_contributions(f, expected):
    x = Value(3.0)
    f(x).backward()
    assert x.grad == pytest.approx(expected, abs=1e-16)
    assert x.has_grad


def test_a_diamond_adds_its_paths():
    x = Value(0.5)
    shared = x.exp()
    left, right = shared * 2, shared.tanh()
    (left * right).backward()
    e = math.exp(0.5)
    assert shared.grad == pytest.approx(2 * math.tanh(e) + 2 * e * (1 - math.tanh(e) ** 2))
    assert x.grad == pytest.approx(shared.grad * e)


def test_the_first_walk_of_a_process_visits_every_node(monkeypatch):
    monkeypatch.setattr(graph, "_walk_numbers", itertools.count(1))
    x, y = Value(2.0, "x"), Value(3.0, "y")
    z = (x * y + y).sin() - x
    assert [node.label or node.op for node in topological_order(z)] == ["x", "y", "multiply", "add", "sin", "subtract"]


def test_leaves_accumulate_over_calls_and_the_nodes_between_start_from_0():
    x, w = Value(1.5), Value(-0.7)
    hidden = w * x
    y = hidden.tanh() * hidden
    y.backward()
    once = {node: node.grad for node in topological_order(y)}
    y.backward()
    assert [x.grad, w.grad] == [2 * once[x], 2 * once[w]]
    assert [hidden.grad, y.grad] == [once[hidden], once[y]]


def test_two_outputs_over_one_graph_add_into_its_leaves():
    x = Value(2.0)
    hidden = x * x
    a, b = hidden * 3, hidden + x
    a.backward()
    b.backward()
    assert x.grad == 3 * 4.0 + (4.0 + 1.0)
    assert hidden.grad == 1.0  # of the last call only


def test_backward_starts_from_the_gradient_it_is_given():
    x = Value(3.0)
    y = x * x
    y.backward(gradient=0.5)
    assert (x.grad, y.grad) == (3.0, 0.5)
    y.backward(2)
    assert x.grad == 3.0 + 12.0


def test_backward_from_a_leaf_adds_to_the_leaf():
    x = Value(3.0)
    x.backward()
    x.backward(2.5)
    assert x.grad == 3.5


def test_no_gradient_reaches_the_gate_of_a_select():
    gate, a, b = Value(1.0), Value(2.0), Value(3.0)
    (gate * 2).select(a, b).backward()
    assert [gate.has_grad, a.grad, b.grad] == [False, 1.0, 0.0]


def test_an_operation_used_only_as_a_gate_passes_on_nothing_from_an_earlier_call():
    x, a = Value(3.0), Value(2.0)
    gate = x * x
    gate.backward()
    gate.select(a, 0.0).backward()
    assert (x.grad, gate.has_grad) == (6.0, False)


def test_data_may_change_without_recomputing_until_forward():
    x = Value(2.0)
    y = x * x + 1
    x.data = 5.0
    assert y.data == 5.0
    assert y.forward() == 26.0
    y.backward()
    assert x.grad == 10.0


def test_forward_equals_recording_the_graph_again_for_every_operation():
    def formula(x, y):
        parts = [x + y, x - y, x * y, x / y, x**y, x**3, x**0.3, 2**x, -x, abs(y), x.exp(), x.log(), x.log1p()]
        parts += [x.expm1(), x.sqrt(), x.sin(), x.cos(), x.tanh(), x.sigmoid(), x.softplus(), y.relu(), x**0]
        parts += [y.leaky_relu(0.2), y.detach(), y.heaviside(), y.sign(), x.maximum(y), maximum(0.5, y), x.minimum(y)]
        parts += [x.clip(0.2, 0.9), y.select(x, y)]
        return parts

    x, y = Value(0.3), Value(-1.25)
    total = sum(formula(x, y))
    for a, b in [(2.5, 0.75), (0.0, -0.0), (math.inf, math.nan), (1.1, -3.0)]:
        x.data, y.data = a, b
        total.forward()
        again = sum(formula(Value(a), Value(b)))
        got, want = topological_order(total), topological_order(again)
        assert [repr((v.op, v.data, v.local_derivatives)) for v in got] == [
            repr((v.op, v.data, v.local_derivatives)) for v in want
        ]
        total.backward()
        again.backward()
        assert [repr(v.grad) for v in got if v.op] == [repr(v.grad) for v in want if v.op]


def test_zero_grad_clears_the_whole_graph_below():
    x = Value(3.0)
    y = (x * x).select(x**2, 1.0) + x
    y.backward()
    y.zero_grad()
    assert [(node.grad, node.has_grad) for node in topological_order(y)] == [(0.0, False)] * len(topological_order(y))
    y.backward()
    assert x.grad == 7.0


def test_zero_grad_leaves_what_is_above_alone():
    x = Value(3.0)
    y = x * x
    z = y * 2
    z.backward()
    y.zero_grad()
    assert (x.grad, y.grad, z.grad) == (0.0, 0.0, 1.0)


def test_one_operation_is_one_node():
    w, x, b = Value(2.0), Value(3.0), Value(1.0)
    assert count(w * x + b) == 2
    for f in (lambda: w - x, lambda: w / x, lambda: -w, lambda: w**2, lambda: w**x, lambda: 1 - w, lambda: 2 / w):
        assert count(f()) == 1
    for f in (w.sigmoid, w.softplus, w.relu, w.sqrt, lambda: w.maximum(x), lambda: w.clip(0, 1), lambda: abs(w)):
        assert count(f()) == 1
    assert len(leaves(w**2)) == 1  # a plain exponent is not a node
    assert len(leaves(w.clip(0, 1))) == 1


def test_sum_adds_no_node_for_its_start():
    xs = [Value(float(i)) for i in range(5)]
    total = sum(xs)
    assert total.data == 10.0
    assert count(total) == 4
    assert leaves(total) == xs
    assert sum([xs[0]]) is xs[0]


def test_in_place_operators_make_new_nodes():
    x = y = Value(2.0)
    y += 1.0
    y *= x
    y -= 0.5
    y /= 2.0
    y **= 2
    assert (x.data, x.op, y.op, y.data) == (2.0, "", "power", 2.75**2)
    y.backward()
    assert x.grad == 2 * 2.75 * (2 * 2.0 + 1) / 2


@pytest.mark.parametrize("f", [lambda x: x + 2, lambda x: 2 - x, lambda x: x * 2, lambda x: 2**x, lambda x: 2 / x])
def test_a_bare_number_becomes_a_constant_leaf(f):
    x = Value(3.0, "x")
    assert sorted(leaf.role for leaf in leaves(f(x))) == ["constant", "plain"]


def test_roles_and_labels_are_kept_and_an_operation_has_no_role():
    for role in ("plain", "input", "parameter", "constant"):
        assert Value(1.0, "w", role=role).role == role
    y = Value(1.0, "a") * Value(2.0, "b")
    assert (y.role, y.label, [v.label for v in y.operands]) == ("", "", ["a", "b"])
    y.label = "y"
    assert "label='y'" in repr(y)


def test_operands_numbers_and_local_derivatives_describe_how_a_node_was_made():
    x, y = Value(3.0), Value(4.0)
    assert ((x * y).op, (x * y).operands, (x * y).local_derivatives) == ("multiply", (x, y), (4.0, 3.0))
    assert ((x**2).numbers, (x**2).operands, (x**2).local_derivatives) == ((2.0,), (x,), (6.0,))
    assert x.clip(0, 1).numbers == (0.0, 1.0)
    assert x.leaky_relu(0.2).numbers == (0.2,)
    assert (x.select(y, x).operands, x.select(y, x).local_derivatives) == ((x, y, x), (0.0, 1.0, 0.0))
    assert (x.operands, x.local_derivatives, x.numbers, x.op) == ((), (), (), "")


def test_scopes_nest_and_end_even_if_the_block_raises():
    with scope("net"):
        with contextlib.suppress(KeyError), scope("layer1"):
            inside = Value(1.0) + 1.0
            raise KeyError
        after = -inside
        with scope(""):
            unnamed = -after
    outside = -after
    assert [v.scope for v in (inside, after, unnamed, outside)] == ["net.layer1", "net", "net", ""]


def test_one_scope_may_be_entered_inside_itself(monkeypatch):
    monkeypatch.setattr("autograd.value._scope", "")  # restored even if the test fails
    block = scope("block")
    with block, block:
        inner = Value(1.0)
    assert inner.scope == "block.block"
    assert Value(1.0).scope == ""


def test_forward_keeps_label_and_scope():
    x = Value(1.0)
    with scope("layer1"):
        y = x * 2
    y.label = "y"
    with scope("elsewhere"):
        y.forward()
    assert (y.label, y.scope) == ("y", "layer1")


def test_a_million_nodes_deep_is_built_differentiated_and_freed():
    x = Value(1.0)
    y = x
    for _ in range(1_000_000):
        y = y + x
    y.backward()
    assert x.grad == 1_000_001.0
    assert y.forward() == 1_000_001.0
    y.zero_grad()
    y.check_finite()
    del y
    assert x.grad == 0.0


def test_item_is_the_data():
    assert Value(2).item() == 2.0
    assert type(Value(2).item()) is float
