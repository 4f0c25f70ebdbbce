"""Steps show what backward() does: the same numbers in the same order, with formulas that the rules write."""

import math

import pytest
from hypothesis import given, settings, strategies as st
from support import graphs as random_graphs
from support.exact import arity, same

from autograd import Value, backward_steps, forward_steps, functions, scope
from autograd.graph import topological_order
from autograd.notation.steps import steps_to_leaves
from autograd.value import carrying
from viz.text.listing import code

EVERY = {
    **{
        name: lambda *operands, name=name: getattr(functions, name)(*operands[: arity(name)])
        for name in functions.__all__
        if name not in ("clip", "leaky_relu")
    },
    **{f"power {n}": lambda a, b, c, n=n: a**n for n in (-2.5, -1, -0.0, 0, 0.5, 1, 2, 3, 4, 5, 1e-20)},
    "clip": lambda a, b, c: a.clip(-1.0, 2.0),
    "leaky_relu": lambda a, b, c: a.leaky_relu(0.1),
}
WITH_NUMBERS = [
    lambda a, b, c: 2.0 * a,
    lambda a, b, c: a - 0.5,
    lambda a, b, c: 2.0**a,
    lambda a, b, c: a.maximum(0.0),
]
KINDS = [*EVERY.values(), *WITH_NUMBERS]

EDGES = [0.0, -0.0, 1.0, -1.0, 0.5, -2.0, 3.0, 1e-8, 1e200, -1e200, 5e-324, math.inf, -math.inf, math.nan]
numbers = st.one_of(st.sampled_from(EDGES), st.floats(-4.0, 4.0), st.floats())
points = st.tuples(numbers, numbers, numbers)
graphs = random_graphs.steps(KINDS, most=10)
many = settings(deadline=None, max_examples=150)


def build(graph, point):
    """The last of several nodes, each computed from any nodes before it."""
    return random_graphs.run(KINDS, graph, [Value(number, label) for number, label in zip(point, "abc", strict=True)])


# Numbers.


@given(graphs, points)
@many
def test_the_last_gradient_of_every_node_has_the_bits_of_that_of_backward(graph, point):
    root = build(graph, point)
    last = {step.operand: step.gradient for step in backward_steps(root)}
    root.zero_grad()
    root.backward()
    for node in topological_order(root):
        assert (node in last) == node.has_grad
        assert same(last.get(node, 0.0), node.grad)


@given(graphs, points)
@many
def test_a_contribution_is_upstream_times_local_or_0_behind_a_branch_and_a_gradient_their_sum_so_far(graph, point):
    sums = {}
    for step, taken in random_graphs.with_branches(backward_steps(build(graph, point))):
        assert same(step.contribution, step.upstream * step.local_derivative if taken else 0.0)
        sums[step.operand] = sums[step.operand] + step.contribution if step.operand in sums else step.contribution
        assert same(step.gradient, sums[step.operand])


@given(graphs, points, st.booleans())
@many
def test_a_step_is_to_a_leaf_exactly_if_further_steps_lead_from_it_to_one(graph, point, constants):
    steps = backward_steps(build(graph, point))
    reaching = {step.operand for step in steps if step.operand.role and (constants or step.operand.role != "constant")}
    while more := {s.node for s in steps if s.slot is not None and s.operand in reaching} - reaching:
        reaching |= more
    kept = [step for step in steps if step.slot is None or step.operand in reaching]
    assert list(steps_to_leaves(steps, constants=constants)) == kept


@given(graphs, points)
@many
def test_a_node_passes_its_gradient_on_once_it_is_complete_along_an_edge_of_the_graph(graph, point):
    seed, *steps = backward_steps(build(graph, point))
    last = {step.operand: (number, step.gradient) for number, step in enumerate([seed, *steps])}
    for number, step in enumerate(steps, 1):
        complete_at, gradient = last[step.node]
        assert complete_at < number
        assert same(step.upstream, gradient)
        assert step.node.operands[step.slot] is step.operand
        assert same(step.node.local_derivatives[step.slot], step.local_derivative)
    assert len({(step.node, step.slot) for step in steps}) == len(steps)


@given(graphs, points)
@many
def test_forward_steps_are_the_operations_in_topological_order(graph, point):
    root = build(graph, point)
    steps = forward_steps(root)
    assert [step.node for step in steps] == [node for node in topological_order(root) if node.op]
    assert all(step.operands == step.node.operands and same(step.data, step.node.data) for step in steps)


@given(graphs, points)
@many
def test_a_backward_pass_begins_with_the_derivative_of_the_output_with_respect_to_itself(graph, point):
    root = build(graph, point)
    seed = backward_steps(root)[0]
    assert seed.node is seed.operand is root
    assert seed.slot is None
    assert seed.upstream == seed.local_derivative == seed.contribution == seed.gradient == 1.0


# Formulas.


@pytest.mark.parametrize("name", EVERY)
@given(points)
@settings(deadline=None, max_examples=60)
def test_the_formula_at_the_operands_has_the_bits_of_the_local_derivative(name, point):
    leaves = [Value(number, label) for number, label in zip(point, "abc", strict=True)]
    node = EVERY[name](*leaves)
    node.label = "y"
    namespace = {**vars(functions), "a": leaves[0], "b": leaves[1], "c": leaves[2], "y": Value(node.data)}
    steps = backward_steps(node)[1:]
    for step in steps:
        result = eval(step.formula, namespace)
        assert same(result.data if isinstance(result, Value) else result, step.local_derivative), step.formula
    flat = ("heaviside", "sign", "detach", "round", "floor", "ceil", "trunc", "floor_divide", "power 0", "power -0.0")
    assert len(steps) == (0 if name in flat else len(node.operands) - (name in ("select", "copysign")))


@pytest.mark.parametrize(
    ("kind", "code", "math"),
    [
        (lambda a, b: a + b, ["1.0", "1.0"], ["1", "1"]),
        (lambda a, b: a - b, ["1.0", "-1.0"], ["1", "-1"]),
        (lambda a, b: a * b, ["b", "a"], ["b", "a"]),
        (lambda a, b: a * a, ["a", "a"], ["a", "a"]),
        (lambda a, b: a / b, ["1.0 / b", "-(y / b)"], [r"\frac{1}{b}", r"-\frac{y}{b}"]),
        (lambda a, b: a**3, ["3.0 * a ** 2.0"], [r"3 \cdot {a}^{2}"]),
        (lambda a, b: -2.0 * a, ["a", "-2.0"], ["a", "-2"]),
        (lambda a, b: a.exp(), ["y"], ["y"]),
        (lambda a, b: a.log(), ["1.0 / a"], [r"\frac{1}{a}"]),
        (lambda a, b: a.tanh(), ["1.0 - y * y"], [r"1 - y \cdot y"]),
        (lambda a, b: a.sigmoid(), ["y * sigmoid(-a)"], [r"y \cdot \sigma\left(-a\right)"]),
        (lambda a, b: a.relu(), ["select(a, 1.0, 0.0)"], None),
        (lambda a, b: b.select(a, 1.5), ["select(b, 1.0, 0.0)", "select(b, 0.0, 1.0)"], None),
        (lambda a, b: a.maximum(0.5), ["select(0.5 - a, 0.0, 1.0)", "select(0.5 - a, 1.0, 0.0)"], None),
    ],
)
def test_the_formula_is_the_text_of_the_rule(kind, code, math):
    y = kind(Value(2.0, "a"), Value(3.0, "b"))
    y.label = "y"
    steps = backward_steps(y)[1:]
    assert [step.formula for step in steps] == code
    assert math is None or [step.formula_math for step in steps] == math


@pytest.mark.parametrize(
    ("kind", "choices"),
    [
        (lambda a, b: a.maximum(b), [1, 1]),
        (lambda a, b: a.minimum(b), [1, 1]),
        (lambda a, b: abs(a), [2]),
        (lambda a, b: a.clip(0.0, 1.0), [2]),
    ],
)
def test_math_leaves_out_choices_that_only_nan_would_need(kind, choices):
    steps = backward_steps(kind(Value(2.0, "a"), Value(3.0, "b")))[1:]
    assert [step.formula_math.count(r"\begin{cases}") for step in steps] == choices
    assert all("+ 1" not in step.formula_math for step in steps)


@pytest.mark.pure_python
def test_the_formula_follows_a_change_of_the_rule(monkeypatch):
    def swish(self):  # as a user might change a rule
        node = Value.sigmoid(self)
        node._da = self.data * node.data
        return node

    monkeypatch.setattr(Value, "tanh", swish)
    y = functions.tanh(Value(2.0, "a"))
    y.op, y.label = "tanh", "y"
    assert backward_steps(y)[1].formula == "a * y"


# Math and code.


def test_each_line_shows_the_step_in_symbols_and_in_numbers():
    w, x = Value(0.5, "w1"), Value(-3.0, "x")
    y = w * x + x
    y.label = "y"
    assert [(step.code, step.math) for step in forward_steps(y)] == [
        ("t1 = w1 * x  # -1.5", r"t_{1} = w_{1} \cdot x = 0.5 \cdot \left(-3\right) = -1.5"),
        ("y = t1 + x  # -4.5", r"y = t_{1} + x = -1.5 + \left(-3\right) = -4.5"),
    ]
    seed, _, first, _, second = backward_steps(y)
    assert (seed.code, seed.math) == ("y.grad = 1.0", r"\frac{\partial y}{\partial y} = 1")
    assert first.code == "x.grad += y.grad * 1.0  # 1.0 * 1.0 = 1.0"
    assert (
        first.math
        == r"\frac{\partial y}{\partial x} \mathrel{+}= \frac{\partial y}{\partial y} \cdot 1 = 1 \cdot 1 = 1"
    )
    assert second.code == "x.grad += t1.grad * w1  # 1.0 * 0.5 = 0.5, now 1.5"
    assert second.math == (
        r"\frac{\partial y}{\partial x} \mathrel{+}= \frac{\partial y}{\partial t_{1}} \cdot w_{1} "
        r"= 1 \cdot 0.5 = 0.5\text{, now }1.5"
    )


@given(graphs, points)
@many
def test_the_lines_of_the_forward_steps_are_those_of_viz_code(graph, point):
    root = build(graph, point)
    if root.op:
        ours = [step.statement for step in forward_steps(root)]
        assert ours == code(root).split("\n\n")[-1].splitlines()


@given(graphs, st.tuples(*[st.floats(-4.0, 4.0)] * 3))
@many
def test_the_lines_of_code_run_as_they_stand_and_find_the_gradients(graph, point):
    root = build(graph, point)
    names = {**vars(functions), "Value": Value}
    exec(code(root), names)
    last = {}
    for step in backward_steps(root):
        if step.code[0] != "(":  # the gradient of a plain number
            exec(step.code, names)
            last[step.code.partition(".")[0]] = step.gradient
    for name, gradient in last.items():
        found = names[name].grad
        assert same((found.data if isinstance(found, Value) else found) + 0.0, gradient + 0.0)  # -0.0 becomes 0.0


def test_nodes_with_the_same_label_have_different_names_in_math_and_in_code():
    with scope("layer1"):
        first = Value(2.0, "w")
    with scope("layer2"):
        second = Value(3.0, "w")
    (step,) = forward_steps(first * second)
    assert step.code == "t1 = layer1_w * layer2_w  # 6.0"
    assert step.math.startswith(r"t_{1} = {w}^{[1]} \cdot {w}^{[2]} = ")


def test_a_label_can_become_neither_code_nor_markup():
    x = Value(2.0, 'x"); import os #}$<b>\n')
    for step in [*forward_steps(x * x), *backward_steps(x * x)]:
        assert "import os" not in step.code
        assert "\n" not in step.code + step.math
        assert "<b>" not in step.math


def test_a_plain_number_is_written_inline_and_its_step_is_marked_as_that_of_a_constant():
    x = Value(3.0, "x")
    y = x * -2.0
    steps = {step.operand.role: step for step in backward_steps(y)[1:]}
    assert steps["plain"].code == "x.grad += t1.grad * -2.0  # 1.0 * -2.0 = -2.0"
    assert steps["constant"].code == "(-2.0).grad += t1.grad * x  # 1.0 * 3.0 = 3.0"
    assert steps["constant"].math.startswith(r"\frac{\partial t_{1}}{\partial \left(-2\right)}")


# Edges.


def test_a_node_used_twice_by_one_operation_has_a_step_for_each_slot():
    x = Value(3.0, "x")
    assert [(step.slot, step.gradient) for step in backward_steps(x * x)[1:]] == [(0, 3.0), (1, 6.0)]


def test_no_step_leads_to_a_gate_or_through_an_operation_without_derivative():
    gate, a, b = Value(1.0, "g"), Value(2.0, "a"), Value(3.0, "b")
    steps = backward_steps((gate * 2.0).select(a, b) + a.detach() + b.sign() + b**0)
    assert {step.operand for step in steps if not step.operand.op} == {a, b}
    assert [(step.operand.label, step.slot) for step in steps if step.node.op == "select"] == [("a", 1), ("b", 2)]


@pytest.mark.parametrize("role", ["plain", "constant"])
def test_a_leaf_has_no_forward_step_and_only_the_seed_as_backward_step(role):
    leaf = Value(3.0, role=role)
    assert forward_steps(leaf) == ()
    assert [step.code for step in backward_steps(leaf)] == ["t1.grad = 1.0"]


def test_steps_cannot_be_changed():
    y = Value(3.0, "x") * 2.0
    for step in (*forward_steps(y), *backward_steps(y)):
        for field in step._fields:
            with pytest.raises(AttributeError):
                setattr(step, field, y)
    with pytest.raises(TypeError):
        forward_steps(y)[0] = None


def test_steps_of_two_calls_are_equal_if_their_nodes_and_numbers_are():
    x = Value(3.0, "x")
    y = x * x
    for steps in (forward_steps, backward_steps):
        first, second = steps(y), steps(y)
        assert first == second
        assert len({*first, *second}) == len(first)
    first, last = forward_steps(y)[0], backward_steps(y)[-1]
    assert last != backward_steps(y)[-2]
    x.data = 4.0
    y.forward()
    assert (forward_steps(y)[0], backward_steps(y)[-1]) != (first, last)


def test_the_repr_of_a_step_is_its_data_whatever_the_size_of_the_graph():
    y = Value(3.0, "x")
    for _ in range(1000):
        y = y * 2.0
    forward, backward = forward_steps(y)[0], backward_steps(y)[1]
    assert repr(forward) == (
        "ForwardStep(node=Value(6.0, op='multiply'), operands=(Value(3.0, label='x'), Value(2.0)), "
        "operand_data=(3.0, 2.0), data=6.0)"
    )
    assert repr(backward).startswith("BackwardStep(node=Value(3.21")
    assert repr(backward).endswith(
        "slot=0, upstream=1.0, local_derivative=2.0, contribution=2.0, gradient=2.0, previous=None)"
    )


def test_the_texts_of_a_step_have_the_numbers_that_the_graph_had():
    x, k = Value(3.0, "x"), Value.constant(2.0)
    y = x * k
    forward, backward = forward_steps(y), backward_steps(y)
    x.data, k.data = 5.0, 7.0
    y.forward()
    assert [step.code for step in forward] == ["t1 = x * 2.0  # 6.0"]
    assert [step.math for step in forward] == [r"t_{1} = x \cdot 2 = 3 \cdot 2 = 6"]
    assert backward[1].code == "x.grad += t1.grad * 2.0  # 1.0 * 2.0 = 2.0"


@given(graphs, points)
@many
def test_code_is_the_statement_with_a_comment_if_there_is_one(graph, point):
    root = build(graph, point)
    for step in (*forward_steps(root), *backward_steps(root)):
        assert step.code == (f"{step.statement}  # {step.comment}" if step.comment else step.statement)
    assert backward_steps(root)[0].comment == ""


def test_a_graph_of_a_hundred_thousand_nodes_has_steps():
    w, x = Value(0.999, "w"), Value(0.5, "x")
    y = x
    for _ in range(50_000):
        y = y * w + x
    assert len(forward_steps(y)) == 100_000
    steps = backward_steps(y)
    y.backward()
    assert len(steps) == 200_001
    assert {step.operand: step.gradient for step in steps}[w] == w.grad
    assert steps[-1].statement == "w.grad += t1.grad * x"


@pytest.mark.parametrize("walk", [forward_steps, backward_steps])
def test_bad_input_raises_an_error_that_names_it(walk):
    with pytest.raises(TypeError, match=f"the root given to {walk.__name__} must be a Value, not 3.0"):
        walk(3.0)
    carrier = carrying(Value(2.0))
    carrier.label = "x"
    with pytest.raises(
        TypeError, match=rf"given to {walk.__name__} must carry floats, but the node 'x' has Value\(2.0\)"
    ):
        walk(carrier * carrier)
