"""Operations from outside in pictures, formulas, code, steps and pages: one node, written as its author says."""

import json
import math
from contextlib import closing

import pytest
from py_mini_racer import MiniRacer
from support.pictures import lines_of, seen

import autograd
import nn
import viz
from autograd import (
    Value,
    absolute,
    backward_steps,
    forward_steps,
    log,
    operation,
    select,
    sqrt,
    topological_order,
    unfold,
)
from viz.pages.graph_payload import graph_payload
from viz.pages.page import asset
from viz.pages.scripts import joined
from viz.pages.training_run import training_run


@operation
def arsinh(x):
    return log(x + sqrt(x * x + 1.0))


@arsinh.derivative
def _(x, y):
    return 1.0 / sqrt(x * x + 1.0)


@operation(latex=r"\lVert {x}, {y} \rVert_{p}", symbol="L{p} norm")
def p_norm(x, y, *, p=2.0):
    return (absolute(x) ** p + absolute(y) ** p) ** (1.0 / p)


@operation(latex=r"{a} \star {b}", symbol="★")
def star(a, b):
    return a * b + a


@operation(latex=r"\frac{a}{b}")
def ratio(a, b):
    return a / b


@operation(latex="f")
def named(x, *, beta_1=2.0):
    return x * beta_1


@operation
def middle(*xs):
    return sum(xs) / len(xs)


@operation
def gamma(x):
    return math.gamma(x)


@gamma.derivative
def _(x, y):
    return y * math.log(x)


def neuron():
    x, w = Value(2.0, "x"), Value(0.5, "w")
    y = arsinh(x * w) * p_norm(x, middle(w, x, 3.0), p=3.0)
    y.label = "y"
    return y


def test_a_picture_shows_one_node_with_its_symbol():
    x = Value(2.0, "x")
    assert lines_of(viz.draw(arsinh(x))) == [["x", "2.0"], ["arsinh", "1.444"]]
    shown = [lines[-2] for lines in lines_of(viz.draw(neuron())) if len(lines) > 1]
    assert {"arsinh", "L3 norm", "middle"} <= set(shown)
    assert lines_of(viz.draw(named(x, beta_1=-1.5)))[-1][0] == "named beta_1=−1.5"
    tooltips = [box.tooltip for box in seen(viz.draw(star(x, x))).boxes.values()]
    assert tooltips[-1] == "star, data 6.0"


def test_a_picture_of_the_unfolded_graph_frames_each_formula():
    picture = seen(viz.draw(unfold(arsinh(Value(2.0, "x")) * 2.0)))
    assert picture.frames == ["arsinh"]
    assert [lines[0] for lines in lines_of(viz.draw(unfold(arsinh(Value(2.0, "x")) * 2.0), depth=0))].count(
        "arsinh"
    ) == 1


def test_an_own_symbol_is_text():
    hostile = operation(symbol="<b>{x}&{{}}")(lambda_named("hostile", lambda x: x * 1.0))
    assert lines_of(viz.draw(hostile(Value(1.0))))[-1][0] == "<b>{x}&{{}}"


def lambda_named(name, function):
    function.__name__ = function.__qualname__ = name
    return function


@pytest.mark.parametrize(
    ("make", "latex"),
    [
        (lambda a, b: arsinh(a + b), r"\operatorname{arsinh}\left(a + b\right)"),
        (lambda a, b: arsinh(a) ** 2, r"{\operatorname{arsinh}\left(a\right)}^{2}"),
        (lambda a, b: p_norm(a + b, b, p=3), r"\lVert a + b, b \rVert_{3}"),
        (lambda a, b: p_norm(a, b) * a, r"\lVert a, b \rVert_{2} \cdot a"),
        (lambda a, b: star(a + b, star(a, b)), r"\left(a + b\right) \star \left(a \star b\right)"),
        (lambda a, b: star(a, b) * b, r"\left(a \star b\right) \cdot b"),
        (lambda a, b: ratio(a + b, b) * b, r"\frac{a + b}{b} \cdot b"),
        (lambda a, b: named(a), r"f\left(a\right)"),
        (lambda a, b: middle(a, b, a), r"\operatorname{middle}\left(a, b, a\right)"),
    ],
)
def test_formulas_are_written_as_asked_with_the_brackets_that_they_need(make, latex):
    text = viz.latex(make(Value(2.0, "a"), Value(3.0, "b")), numbers=False)
    assert latex in str(text)


def test_plain_numbers_are_written_below_the_name_by_default():
    made = operation(lambda_named("soft_step", lambda x, *, beta_1=2.0: x * beta_1))
    assert r"\operatorname{soft\_step}_{\beta_{1} = -2}\left(a\right)" in str(
        viz.latex(made(Value(1.0, "a"), beta_1=-2.0))
    )


def test_code_imports_the_operation_and_records_the_graph_again():
    root = neuron()
    text = viz.code(root)
    assert f"from {__name__} import arsinh, middle, p_norm" in text
    assert "t3 = p_norm(x, t" in text or ", p=3.0)" in text
    namespace = {}
    exec(text, namespace)
    again = namespace[text.splitlines()[-1].split(" = ")[0]]
    assert [v.op for v in topological_order(again)] == [v.op for v in topological_order(root)]
    assert again.data == root.data


def test_code_says_which_operation_is_meant_if_it_cannot_be_imported():
    local = operation(lambda_named("local", lambda x: x * 2.0))
    local.__qualname__ = "somewhere.<locals>.local"
    text = viz.code(local(Value(1.0, "local")))
    assert f"# local is the operation somewhere.<locals>.local of {__name__}" in text
    assert text.splitlines()[-1] == "t2 = local(t1)"  # a label does not hide the function


def test_steps_write_the_operation_and_its_rule():
    y = arsinh(Value(2.0, "x"))
    (forward,) = forward_steps(y)
    assert forward.code == "t1 = arsinh(x)  # 1.44364"
    assert (
        forward.math == r"t_{1} = \operatorname{arsinh}\left(x\right) = \operatorname{arsinh}\left(2\right) = 1.44364"
    )
    step = backward_steps(y)[-1]
    assert step.code == "x.grad += t1.grad * (1.0 / sqrt(x * x + 1.0))  # 1.0 * 0.447214 = 0.447214"
    assert r"\frac{1}{\sqrt{x \cdot x + 1}}" in step.math
    assert "arsinh(x)" in viz.steps_table(y)


def test_steps_write_the_derivative_of_a_formula_at_the_branch_that_was_taken():
    halves = operation(lambda_named("halves", lambda x: x * x if x > 0.0 else 3.0 * x))
    assert backward_steps(halves(Value(-1.0, "x")))[-1].formula == "3.0"
    assert backward_steps(halves(Value(1.0, "x")))[-1].formula == "x + x"
    both = backward_steps(halves(Value(-1.0, "x")) + halves(Value(1.0, "z")))
    assert {step.formula for step in both} == {"1.0", "3.0", "z + z"}


def test_steps_name_what_cannot_be_written():
    y = gamma(Value(3.0, "x"))
    step = backward_steps(y)[-1]
    assert (step.formula, step.formula_math) == ("t1.local_derivatives[0]", r"\frac{\partial t_{1}}{\partial x}")

    def newton(x):
        root = x
        for _ in range(12):
            root = 0.5 * (root + x / root)
        return root

    (step,) = backward_steps(operation(newton)(Value(3.0, "x")))[1:]
    assert step.formula == "t1.local_derivatives[0]"


def in_browser(javascript):
    with closing(MiniRacer()) as engine:
        return engine.eval(javascript)


@pytest.mark.parametrize(
    "make", [neuron, lambda: star(arsinh(x := Value(0.5, "x")), middle(x, named(x), Value(2.0, "z")))]
)
def test_the_explorer_computes_one_node_for_each_operation(make):
    root = make()
    payload = graph_payload(root)
    leaves = [node for node in topological_order(root) if not node.op and node.role != "constant"]
    numbers = ", ".join(repr(leaf.data) for leaf in leaves)
    data, steps = json.loads(in_browser(f"{payload.javascript}; JSON.stringify(program({numbers}))"))
    assert data == pytest.approx([node.data for node in topological_order(root)], rel=1e-12)
    followed = [step for step in backward_steps(root) if step.operand.role != "constant"]
    expected = [number for step in followed for number in (step.local_derivative, step.contribution, step.gradient)]
    assert steps == pytest.approx(expected, rel=1e-12)
    assert [node["op"] for node in payload.data["nodes"]] == [node.op for node in topological_order(root)]


def texts_in_a_page(root):
    """The formulas of a graph's steps, as the explorer shows them."""
    payload = graph_payload(root)
    formulas = [step[form] for step in payload.data["forward"] for form in ("math", "numbers")]
    formulas += [step["formula"] for step in payload.data["backward"]]
    live = "{data: (i) => i, upstream: (i) => i, local: (i) => i}"
    text = "const text = (t) => typeof t.children === 'string' ? t.children : t.children.map(text).join('')"
    shown = f"{json.dumps(formulas)}.map((latex) => text(parseMath(latex, {live})))"
    return json.loads(in_browser(f"(() => {{{joined('math', asset)}\n{text}; return JSON.stringify({shown})}})()"))


def test_the_explorer_shows_every_formula():
    root = star(neuron(), ratio(Value(1.0, "q"), middle(named(Value(2.0, "v")), 1.0)))
    texts = texts_in_a_page(root)
    assert all(texts)
    assert any(shown.startswith("arsinh(") for shown in texts)
    assert any("‖" in shown for shown in texts)
    assert any("⋆" in shown for shown in texts)
    unknown = operation(latex=r"\unheardof{x}")(lambda_named("unknown", lambda x: x * 1.0))
    assert texts_in_a_page(unknown(Value(1.0, "x")))[:2] == [r"\unheardofx", r"\unheardof0.0"]
    assert viz.explore(root).html.startswith("<!doctype html>")


def test_pages_refuse_what_a_browser_cannot_run():
    with pytest.raises(
        NotImplementedError, match="JavaScript cannot run the operation 'gamma', because it calls plain Pyth"
    ):
        viz.explore(gamma(Value(3.0)))


def test_the_replay_runs_an_own_activation():
    model = nn.MLP(2, [3, 1], activation=arsinh, seed=0)
    X, y = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], [0.0, 1.0, 1.0, 0.0]
    history = nn.fit(model, X, y, epochs=3, record=3)
    run = training_run(history)
    assert viz.explore_training(history).html.startswith("<!doctype html>")
    assert "arsinh" in json.dumps(run.data)


def test_the_network_names_the_activation():
    model = nn.MLP(2, [3, 1], activation=arsinh, seed=0)
    assert "arsinh" in repr(model)
    assert viz.draw_network(model) is not None


def test_a_conditional_local_derivative_is_shown_where_a_branch_is_not_taken():
    first = operation(lambda_named("first", lambda x: select(x, x, 0.0)))
    steps = backward_steps(first(sqrt(Value(0.0, "x"))))
    assert [step.contribution for step in steps] == [1.0, 0.0, 0.0]
    assert steps[-1].comment == "behind a branch that was not taken"


def test_rules_of_operations_of_one_name_are_told_apart():
    def other():
        return operation(lambda_named("named", lambda x: x + 1.0))

    x = Value(1.0, "x")
    assert [step.formula for step in backward_steps(named(x) * other()(x))[1:]] == ["t2", "t1", "1.0", "2.0"]
    assert autograd.grad(lambda x: named(x) * other()(x))(1.0) == 6.0
