"""Exercises: answers are those of `backward()`, mistakes are told apart, a seed means the same numbers everywhere, and
neither page nor sheet tells an answer."""

import json
import math
import re
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from py_mini_racer import MiniRacer
from support.exercises import unit
from support.graphs import EXACT, ordinary_numbers, run, steps
from support.pages import HOSTILE, Elements

import autograd
import nn
import viz
from autograd import Value, topological_order
from viz.exercises.fields import Numbers
from viz.exercises.judging import MISTAKES, mistake_in
from viz.exercises.seeding import LEAST, MOST, NUMBERS
from viz.exercises.sheet import _for_paper, drawn
from viz.pages.page import asset
from viz.pages.scripts import joined

untimed = settings(deadline=None, max_examples=60)


def network():
    model = nn.MLP(2, [2, 1], activation="tanh", seed=0)
    loss = nn.mse_loss(model([0.3, -0.7]), 0.5)
    loss.label = "loss"
    return loss


def logarithm():
    x, y = Value(2.0, "x"), Value(-3.0, "y")
    return x.log() * (-y).log() * (x * -y).sqrt()


def logarithms():
    """A sum of twelve logarithms, half of them of negated leaves: only the signs at the start make all of it finite."""
    leaves = [Value((-1.0) ** n, f"x{n}") for n in range(12)]
    return sum((leaf.log() if leaf.data > 0 else (-leaf).log() for leaf in leaves), Value(0.0, role="constant"))


GRAPHS = [unit, network, logarithm]


def significant(x, digits):
    return float(f"{x:.{digits}g}")


# What is right


@pytest.mark.parametrize("make", GRAPHS)
@pytest.mark.parametrize("hide", ["gradients", "values", "both"])
@pytest.mark.parametrize("seed", [None, 0, 7])
def test_the_key_has_the_numbers_of_forward_and_backward(make, hide, seed):
    root = make()
    task = viz.exercise(root, hide=hide, seed=seed)
    twin = task._question.root
    twin.forward()
    twin.backward()
    assert task.answers
    for field in task._question.fields:
        assert task.answers[field.name] == (field.node.data if field.kind == "value" else field.node.grad)
    asked = {field.node for field in task._question.fields if field.kind == "gradient"}
    if hide != "values":
        assert asked == {node for node in topological_order(twin) if node.role != "constant" and node is not twin}
    if hide != "gradients":
        assert {field.node for field in task._question.fields if field.kind == "value"} == {
            node for node in topological_order(twin) if node.op
        }


@untimed
@given(steps(EXACT), st.lists(ordinary_numbers, min_size=3, max_size=3))
def test_check_accepts_the_gradients_of_the_engine_in_any_graph(graph, start):
    root = run(EXACT, graph, [Value(number) for number in start])
    try:
        task = viz.exercise(root)
    except ValueError:  # nothing to fill in, or something that is not finite
        return
    assert task.check(task.answers)
    assert task.check(list(task.answers.values()))


@pytest.mark.parametrize("make", GRAPHS)
@pytest.mark.parametrize("seed", [None, 1, 2, 3])
def test_check_accepts_answers_that_are_rounded_to_three_digits_and_refuses_those_that_are_not_close(make, seed):
    task = viz.exercise(make(), hide="both", seed=seed)
    for digits in (3, 4, 8):
        assert task.check({name: significant(x, digits) for name, x in task.answers.items()})
    off = task.check({name: 1.02 * x for name, x in task.answers.items()})
    assert {*off.wrong} == {name for name, x in task.answers.items() if abs(x) > 1e-6}


def test_answers_go_by_name_by_label_by_node_or_in_order():
    y = unit()
    w = next(leaf for leaf in autograd.leaves(y) if leaf.label == "w")
    task = viz.exercise(y, hide=[w])
    (right,) = task.answers.values()
    for answers in (
        {"w.grad": right},
        {"w": right},
        {w: right},
        [right],
        (right,),
        right,
        np.float32(right),
        {"w": np.float32(right)},
        np.array([right]),
        (answer for answer in [right]),
    ):
        assert task.check(answers).ok
    assert not task.check({})
    assert not task.check({"w": None})
    assert task.check({"w": ...}).missing == ("w.grad",)


def test_a_number_of_any_kind_is_asked_for_by_its_name_where_the_label_means_two():
    task = viz.exercise(unit(), hide="both")
    assert task.check({"y": task.answers["y"]}).right == ("y",)
    with pytest.raises(ValueError, match=r"unknown answer 'y.grad'"):
        task.check({"y.grad": 1.0})
    with pytest.raises(ValueError, match=r"the name 'a' must mean one number, but may be a.grad or t1.grad"):
        viz.exercise(Value(2.0, "a") * Value(3.0, "a")).check({"a": 1.0})


# What is wrong


def test_each_mistake_is_refused_and_told_by_its_name():
    task = viz.exercise(unit(), hide="both")
    answers = task.answers
    slope = answers["t2.grad"] / 2
    for name, wrong, mistake in [
        ("t2.grad", -answers["t2.grad"], "sign"),
        ("w.grad", 1.0, "one use"),  # = in place of +=
        ("w.grad", 3.0 * answers["t1.grad"], "one use"),
        ("t2.grad", slope, "local"),  # without the upstream gradient
        ("w.grad", 1.0 + 3.0, "local"),
        ("b.grad", -0.7, "value"),
        ("x.grad", 3.0, "value"),
        ("x.grad", 40.0, "large"),
        ("x.grad", 0.0, "small"),
        ("x.grad", -12.0, "sign"),
        ("t1", -1.5, "sign"),
        ("t1", 2.0, "large"),
        ("x.grad", math.nan, "nan"),
        ("x.grad", math.inf, "large"),
    ]:
        report = task.check({**answers, name: wrong})
        assert not report
        assert report.missing == ()
        assert {*report.wrong} == {name}, (name, wrong)
        assert report.wrong[name].endswith(f" {MISTAKES[mistake]}"), (name, wrong)
        assert f"wrong: {name}: " in repr(report)


@pytest.mark.parametrize("wrong", ["0.5", "abc", 1j, [1.0], True, Value(1.0)])
def test_an_answer_that_is_not_a_real_number_is_an_error(wrong):
    with pytest.raises(TypeError, match=r"the answer w.grad must be a real number, not "):
        viz.exercise(unit()).check({"w": wrong})


@pytest.mark.parametrize(
    ("answers", "kind", "message"),
    [
        ("0.5", TypeError, r"answers must be a dict such as {'t4.grad': 0.5}, or a list of numbers"),
        (0.5, TypeError, r"answers must be a dict such as"),
        (None, TypeError, r"answers must be a dict such as"),
        ([0.5], ValueError, r"a list must have all 7 answers, in the order t4.grad, .*; not 1"),
        ({"v": 0.5}, ValueError, r"unknown answer 'v'.* Known: t4.grad, t3.grad"),
        ({"weight": 0.5}, ValueError, r"unknown answer 'weight'"),
        ({3: 0.5}, TypeError, r"the name of an answer must be a string such as 't4.grad', or a node, not 3"),
        ({"w": 0.5, "w.grad": 0.5}, ValueError, r"each answer must be given once, but w.grad is given twice"),
        ({Value(1.0, "w"): 0.5}, ValueError, r"unknown answer Value"),
    ],
)
def test_wrong_kinds_of_answers_say_what_to_do(answers, kind, message):
    with pytest.raises(kind, match=message):
        viz.exercise(unit()).check(answers)


# The page judges alike


@cache
def engine():
    running = MiniRacer()
    running.eval(joined("answer", asset) + joined("seeding", asset))
    return running


@pytest.fixture(scope="module", autouse=True)
def closed_engine():
    """Closes the engine, because Python 3.13 can hang at exit if one is open."""
    yield
    engine().close()


some = st.one_of(
    st.sampled_from([0.0, -0.0, 1.0, -1.0, 0.5, 0.505, 1.01, 0.99, 1e-9, 2e-9, -1e-12, 100.0, 101.0]),
    st.floats(-200.0, 200.0),
)


@settings(deadline=None, max_examples=150)
@given(some, some, some, st.lists(st.tuples(some, some), max_size=3))
def test_the_page_finds_the_same_mistake(answer, truth, value, parts):
    contributions, slopes = [part for part, _ in parts], [slope for _, slope in parts]
    given_numbers = json.dumps({"truth": truth, "value": value, "contributions": contributions, "locals": slopes})
    found = engine().eval(f"mistakeIn({json.dumps(answer)}, {given_numbers})")
    assert found == mistake_in(answer, Numbers(truth, value, tuple(contributions), tuple(slopes)))


# Seeds


@pytest.mark.parametrize("make", GRAPHS)
def test_a_seed_draws_the_same_friendly_numbers_each_time_and_another_seed_others(make):
    root = make()
    before = [node.data for node in topological_order(root)]
    drawn = {}
    for seed in range(5):
        task, again = viz.exercise(root, seed=seed), viz.exercise(make(), seed=seed)
        assert task.answers == again.answers
        leaves = [leaf for leaf in autograd.leaves(task._question.root) if leaf.role != "constant"]
        assert {leaf.data for leaf in leaves} <= {*NUMBERS}
        drawn[seed] = tuple(leaf.data for leaf in leaves)
        assert all(map(math.isfinite, task.answers.values()))
    assert len({*drawn.values()}) > 3
    assert [node.data for node in topological_order(root)] == before
    assert not root.has_grad


def test_where_other_signs_lead_to_nan_the_leaves_keep_theirs():
    for seed in range(3):
        drawn = autograd.leaves(viz.exercise(logarithms(), seed=seed)._question.root)
        signs = {leaf.label: math.copysign(1.0, leaf.data) for leaf in drawn if leaf.label}
        assert signs == {f"x{n}": (-1.0) ** n for n in range(12)}


def test_the_answers_of_drawn_numbers_are_of_a_size_for_paper():
    for seed in range(20):
        assert all(LEAST <= abs(x) < MOST for x in viz.exercise(unit(), seed=seed).answers.values())


PROGRAM = """
(() => {{
{program}
const {{ numbers, attempts, signs, least, most }} = {drawing};
const steps = {steps}, fields = {fields}, root = {root};
const unfriendly = (drawn) => {{
  const [data, rest] = program(...drawn);
  if (![...data, ...rest].every(Number.isFinite)) return Infinity;
  return fields.flatMap(({{ kind, node }}) => {{
    if (kind === "value") return [data[node]];
    const to = steps.flatMap((step, n) => (step.operand === node ? [n] : []));
    return [rest[3 * to.at(-1) + 2], ...to.filter((n) => steps[n].slot !== null).map((n) => rest[3 * n])];
  }}).filter((x) => !(Math.abs(x) >= least && Math.abs(x) < most)).length;
}};
return JSON.stringify({seeds}.map((seed) => drawnNumbers(seed, {{ numbers, attempts, signs }}, unfriendly)));
}})()
"""


@pytest.mark.parametrize("make", [*GRAPHS, logarithms])
@pytest.mark.parametrize("hide", ["gradients", "both"])
def test_the_page_draws_the_same_numbers_by_a_seed(make, hide):
    task = viz.exercise(make(), hide=hide)
    data = Elements(task.html).data
    seeds = [0, 1, 2, 3, 12345, 2**40]
    text = PROGRAM.format(
        program=task._payload.javascript,
        drawing=json.dumps(data["exercise"]["drawing"]),
        steps=json.dumps(data["backward"]),
        fields=json.dumps(data["exercise"]["fields"]),
        root=len(data["nodes"]) - 1,
        seeds=seeds,
    )
    places = [variable["node"] for variable in data["variables"]]
    expected = []
    for seed in seeds:
        order = topological_order(viz.exercise(make(), hide=hide, seed=seed)._question.root)
        expected.append([order[place].data for place in places])
    assert json.loads(engine().eval(text)) == expected


def test_a_seed_without_finite_numbers_is_refused():
    x = Value(2.0, "x")
    with pytest.raises(ValueError, match=r"drawn with the seed 3 make some number of the graph nan or infinite"):
        viz.exercise(x * (x - x).log(), seed=3)


@pytest.mark.parametrize("seed", [-1, 1.0, "1", True, 2**53])
def test_a_seed_is_a_natural_number_that_the_page_reads(seed):
    with pytest.raises(ValueError, match=r"seed must be None or an integer from 0 to 9,007,199,254,740,991, not "):
        viz.exercise(unit(), seed=seed)


# What tells nothing


def tellings(answers):
    """How a text may write those answers that have so many digits that no other number of a page is equal by chance."""
    long = [x for x in answers if len(f"{abs(x):.4g}".lstrip("0.")) >= 4]
    return {f"{abs(x):.{digits}g}" for x in long for digits in (4, 6)} | {repr(abs(x)) for x in long}


TAGS = re.compile(r"<(script|style).*?</\1>", re.DOTALL)


def without_places(task):
    return {key: entry for key, entry in Elements(task.html).data.items() if key != "layouts"}


@pytest.mark.parametrize("make", [unit, network])
@pytest.mark.parametrize("hide", ["gradients", "values", "both"])
@pytest.mark.parametrize("seed", [None, 4])
def test_no_answer_stands_in_the_page_its_picture_or_the_sheet(make, hide, seed):
    root = make()
    root.backward()  # gradients of the graph must not show
    task = viz.exercise(root, hide=hide, seed=seed)
    told = tellings(task.answers.values())
    assert told
    picture = drawn(task._question, key=False).render("svg").decode()
    for text in (TAGS.sub("", task.html), json.dumps(without_places(task)), task.sheet().html, picture, repr(task)):
        assert not told & {*re.findall(r"\d+\.\d+(?:e-\d+)?", text.replace("−", "-"))}


@pytest.mark.parametrize("make", [unit, network, lambda: (Value(0.5, "x") * 3.0).exp().tanh().exp().tanh().exp() + 1.0])
def test_a_sheet_and_its_key_have_the_same_picture_but_for_the_numbers(make):
    question = viz.exercise(make())._question
    sheet, key = (_for_paper(question, key=with_key)._document for with_key in (False, True))
    assert sheet.direction == key.direction
    assert [*sheet.boxes] == [*key.boxes]


@pytest.mark.parametrize("hide", ["gradients", "values", "both"])
def test_the_key_of_the_sheet_has_every_answer_and_the_sheet_a_place_for_it(hide):
    task = viz.exercise(unit(), hide=hide)
    key, sheet = task.sheet(key=True).html, task.sheet().html
    for answer in task.answers.values():
        assert f"<td>{viz.labels.number(answer, 4)}</td>" in key
    assert sheet.count("<td></td></tr>") == len(task.answers)
    assert 10 * "_" in sheet  # 2 cm, for a number of 8 characters written by hand
    assert "____" not in key
    assert "<script" not in key + sheet
    assert "://" not in re.sub(r'xmlns(?::xlink)?="[^"]*"', "", key + sheet)


def test_hints_have_the_rules_of_the_steps_but_no_number_of_an_answer():
    task = viz.exercise(unit(), hide="both")
    assert task.hint("t1.grad") == "t2 = t1 + b, whose derivative with respect to t1 is 1.0: t1.grad += t2.grad * 1.0"
    assert str(task.hint("w.grad")).splitlines() == [
        "y = t4 + w, whose derivative with respect to w is 1.0: w.grad += y.grad * 1.0",
        "t1 = w * x, whose derivative with respect to w is x: w.grad += t1.grad * x",
    ]
    assert task.hint("t3") == "t3 = tanh(t2)"
    told = tellings(task.answers.values())
    for name in task.names:
        assert not any(text in task.hint(name) for text in told)


def test_the_gradient_behind_a_branch_not_taken_is_0_and_its_hint_says_why():
    x = Value(-2.0, "x")
    task = viz.exercise(autograd.select(x, x * 3.0, 1.0), hide=[x])
    assert task.answers == {"x.grad": 0.0}
    assert task.check({"x": 0.0})
    hint = viz.exercise(autograd.select(x, x.sqrt(), 1.0)).hint("x")
    assert hint.endswith("through a branch that was not taken, which passes nothing on")


# Arguments


@pytest.mark.parametrize("hide", ["gradient", "", "all"])
def test_hide_is_one_of_three_words(hide):
    with pytest.raises(ValueError, match="hide must be 'gradients', 'values', 'both' or a list of nodes, not "):
        viz.exercise(unit(), hide=hide)


@pytest.mark.parametrize("hide", [None, 3, Value(1.0), ["w"], [3]])
def test_hide_is_else_a_list_of_nodes(hide):
    with pytest.raises(TypeError, match="hide must be "):
        viz.exercise(unit(), hide=hide)


def test_a_node_that_receives_no_gradient_cannot_be_hidden_and_something_must_be():
    x = Value(2.0, "x")
    y = x * Value(3.0, "k", role="constant")
    for node in (y.operands[1], Value(1.0)):
        with pytest.raises(ValueError, match="hide must be a list of nodes that receive a gradient, but Value"):
            viz.exercise(y, hide=[node])
    assert viz.exercise(y, hide=[y]).answers == {"t1.grad": 1.0}
    for value, hide in ((x, "both"), (y, [])):
        with pytest.raises(ValueError, match="an exercise must have something to fill in"):
            viz.exercise(value, hide=hide)


def test_numbers_that_are_not_finite_and_graphs_that_are_too_large_are_refused():
    x = Value(0.0, "x")
    with pytest.raises(ValueError, match=r"the answers of an exercise must be finite, but x.grad is inf"):
        viz.exercise(x.log())
    assert viz.exercise(x.log(), seed=1)
    with pytest.raises(viz.GraphTooLargeError, match=r"at most 100 numbers to fill in, but this graph has 1\d\d: hide"):
        viz.exercise(sum((Value(float(n)) for n in range(70)), Value(0.0)))
    with pytest.raises(TypeError, match="exercise takes a Value, not 3"):
        viz.exercise(3)


def test_the_exercise_is_of_the_graph_as_it_was():
    y = unit()
    task = viz.exercise(y)
    before = task.answers
    for leaf in autograd.leaves(y):
        leaf.data = 1.0
    y.forward()
    y.backward()
    assert task.answers == before
    assert task.html == viz.exercise(unit()).html


@pytest.mark.parametrize("text", HOSTILE)
def test_texts_of_users_stay_text(text):
    x = Value(2.0, text)
    y = x * x
    y.label = text
    task = viz.exercise(y, title=text, hide="both")
    plain = viz.exercise(Value(2.0, "x").square(), hide="both")
    tags = [tag for tag, _ in Elements(task.html).tags]
    assert tags == [tag for tag, _ in Elements(plain.html).tags]
    sheet = task.sheet(key=True).html
    assert "<script" not in sheet
    assert "<img" not in sheet


def test_a_notebook_shows_the_page_over_a_picture_and_the_repr_tells_no_answer():
    task = viz.exercise(unit())
    bundle = task._repr_mimebundle_()
    assert "srcdoc=" in bundle["text/html"]
    assert bundle["text/plain"] == "<exercise with 7 numbers to fill in; .save('page.html') writes it>"
    assert task.picture().startswith(b"\x89PNG")
    assert repr(task.sheet()) == "<sheet to fill in; .save('sheet.html') writes it>"


def test_page_and_sheet_are_saved_as_files(tmp_path):
    task = viz.exercise(unit(), seed=2)
    assert task.save(tmp_path / "page.html").read_text(encoding="utf-8") == task.html
    key = task.save_sheet(tmp_path / "key.html", key=True)
    assert key.read_text(encoding="utf-8") == task.sheet(key=True).html
    assert "numbers of seed 2" in task.sheet().html
    with pytest.raises(viz.RenderError, match=r"must end with .html, not "):
        task.save_sheet(tmp_path / "sheet.docx")
