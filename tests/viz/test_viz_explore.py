"""The page of a graph: its program computes every number of `backward()`, its data is inert, it makes no requests."""

import base64
import hashlib
import json
import math
import re
from collections import Counter
from functools import cache

import pytest
from hypothesis import given, settings, strategies as st
from py_mini_racer import MiniRacer
from support.graphs import EVERYTHING, EXACT, INEXACT, bits, edge_numbers, ordinary_numbers, run, steps, units_apart
from support.modules import graphs_in_modules
from support.pages import HOSTILE, Elements
from support.texts import texts

import autograd
import nn
import viz
from autograd import Value, topological_order
from autograd.compiler.trace.trace import live_leaves
from autograd.graph import walk
from autograd.notation.characters import visible
from autograd.notation.naming import names_in_code
from autograd.notation.operations import OPERATIONS
from autograd.notation.steps import backward_steps, forward_steps
from viz.pages.graph_payload import graph_payload
from viz.pages.layouts import layouts_of
from viz.pages.page import asset
from viz.pages.scripts import joined

untimed = settings(deadline=None)  # the first example loads what the others use


def neuron():
    w, x, b = Value(0.5, "w", role="parameter"), Value(3.0, "x", role="input"), Value(-1.0, "b", role="parameter")
    with autograd.scope("neuron"):
        y = (w * x + b).tanh()
    y.label = "y"
    return y


def network(nodes=60):
    model = nn.MLP(2, [5, 1], activation="tanh", seed=0)
    loss = nn.mse_loss(model([0.3, -0.7]), 0.5)
    assert len(topological_order(loss)) >= nodes - 3
    return loss


# The program


@cache
def engine():
    return MiniRacer()


@pytest.fixture(scope="module", autouse=True)
def closed_engine():
    """Closes the engine, because Python 3.13 can hang at exit if one is open."""
    yield
    engine().close()


def numbers_of(javascript, numbers):
    """Runs the program of a page in JavaScript: returns all data, and all numbers of the backward steps."""
    given = ", ".join("NaN" if math.isnan(x) else repr(x).replace("inf", "Infinity") for x in numbers)
    shown = ".map((x) => Object.is(x, -0) ? '-0.0' : String(x)).join(' ')"
    text = engine().eval(f"(() => {{ {javascript}\nreturn program({given}).map((r) => r{shown}).join('\\n') }})()")
    return [[float(number.replace("Infinity", "inf")) for number in line.split()] for line in text.split("\n")]


def followed(root):
    """The seed, and the steps from which further steps lead to a leaf that is not a constant."""
    steps = backward_steps(root)

    def leads_on(node):
        if node.role:
            return node.role != "constant"
        return any(leads_on(step.operand) for step in steps if step.node is node and step.slot is not None)

    return [step for step in steps if step.slot is None or leads_on(step.operand)]


def expected(root):
    data = [node.data for node in topological_order(root)]
    rest = [n for s in followed(root) for n in (s.local_derivative, s.contribution, s.gradient)]
    return [data, rest]


@untimed
@given(steps(EXACT), st.lists(edge_numbers, min_size=3, max_size=3), st.lists(edge_numbers, min_size=3, max_size=3))
def test_the_program_computes_every_number_of_both_passes_to_the_bit_for_any_leaves(graph, start, moved):
    leaves = [Value(number) for number in start]
    root = run(EXACT, graph, leaves)
    page = graph_payload(root)
    for leaf, number in zip(leaves, moved, strict=True):
        leaf.data = number
    root.forward()
    given_numbers = [leaf.data for leaf in live_leaves(walk(root), [root], ())]
    found = numbers_of(page.javascript, given_numbers)
    assert [[*map(bits, row)] for row in found] == [[*map(bits, row)] for row in expected(root)]


@untimed
@given(steps(INEXACT, 3), st.lists(ordinary_numbers, min_size=3, max_size=3))
def test_the_program_computes_transcendental_operations_as_javascript_does(graph, start):
    leaves = [Value(number) for number in start]
    root = run(INEXACT, graph, leaves)
    page = graph_payload(root)
    data, _ = numbers_of(page.javascript, [leaf.data for leaf in live_leaves(walk(root), [root], ())])
    for node, number in zip(topological_order(root), data, strict=True):
        if math.isfinite(node.data) and abs(node.data) < 1e6:
            assert units_apart(number, node.data, 1e-3) < 2**20


def test_the_last_gradient_of_each_node_is_that_of_backward():
    root = network()
    root.backward()
    last = {step.operand: step.gradient for step in followed(root)}
    assert {node: node.grad for node in last} == last
    assert set(last) == {node for node in topological_order(root) if node.role != "constant"}


def test_no_step_leads_into_a_node_that_passes_nothing_on_and_the_others_keep_their_gradients():
    logits = [Value(number, label) for number, label in zip((0.3, -1.2, 2.0), "abc", strict=True)]
    root = nn.cross_entropy([logits], [1]) + 0.5 * (2.0 * Value(3.0, "k", role="constant")) * logits[0].sign()
    operations = topological_order(root)
    page = graph_payload(root)
    receivers = [operations[step["operand"]] for step in page.data["backward"]]
    assert {"detach", "sign"} <= {node.op for node in operations}
    assert all(node is root or any(use.node is node for use in followed(root)[1:]) or node.role for node in receivers)
    assert not {"detach", "sign"} & {node.op for node in receivers}
    root.backward()
    _, numbers = numbers_of(page.javascript, [leaf.data for leaf in live_leaves(walk(root), [root], ())])
    found = dict(zip(receivers, numbers[2::3], strict=True))  # the last gradient of each
    assert {leaf: leaf.grad for leaf in logits} == pytest.approx({leaf: found[leaf] for leaf in logits}, rel=1e-15)


# The listing


def values_of_lines(root, page):
    """Runs the listing, and returns the number that each line computes."""
    arguments = re.search(r"\((.*)\)", page.data["code"][0])[1].split(", ")
    space = {name: getattr(autograd.functions, name) for name in autograd.functions.__all__}
    space |= dict(zip(arguments, [leaf.data for leaf in live_leaves(walk(root), [root], ())], strict=True))
    found = {}
    for number, line in enumerate(page.data["code"]):
        if " = " in line:
            exec(line.strip(), space)
            found[number] = space[line.split(" = ")[0].strip()]
    return found


def difference():
    x, w = Value(1.75, "x"), Value(-0.3, "w")
    return (x * w - w.exp()) * x


@pytest.mark.parametrize("make", [neuron, network, difference])
def test_the_marked_lines_of_a_step_compute_its_numbers(make):
    root = make()
    page = graph_payload(root)
    computed = values_of_lines(root, page)
    for step, described in zip(forward_steps(root), page.data["forward"], strict=True):
        assert [computed[line] for line in described["lines"]] == [step.data]
    turn = page.data["code"].index("    # backward")
    known = {1.0, *(node.data for node in topological_order(root))}  # not computed by the backward pass
    for step, described in zip(followed(root), page.data["backward"], strict=True):
        assert described["lines"]
        assert min(described["lines"]) >= turn
        found = {computed[line] for line in described["lines"] if line in computed}
        assert found <= {step.local_derivative, step.contribution, step.gradient}
        assert {step.contribution, step.gradient} <= found | known


@pytest.mark.parametrize("make", [neuron, network, difference])
def test_the_listing_is_the_compiled_program_with_gradients_named(make):
    root = make()
    leaves = live_leaves(walk(root), [root], ())
    compiled = autograd.compile(root, wrt=leaves, target="python").source.splitlines()
    listing = graph_payload(root).data["code"]
    shape = [re.sub(r"[A-Za-z]\w*", "", line) for line in compiled]
    assert [re.sub(r"[A-Za-z]\w*", "", line) for line in listing] == shape
    assert listing[0] == compiled[0]


def shared():
    """The graph computes a + b twice, as two nodes; the program once."""
    a, b = Value(2.0, "a"), Value(-4.0, "b")
    return (a + b) + b**3 + (b + a).relu()


@pytest.mark.parametrize("make", [neuron, network, difference, shared])
def test_a_name_is_one_quantity_in_the_graph_and_in_the_listing(make):
    root = make()
    page = graph_payload(root)
    root.backward()
    names = {name: node for node, name in names_in_code(*walk(root)).items()}
    for line, number in values_of_lines(root, page).items():
        name = page.data["code"][line].split(" = ")[0].strip()
        if name in names:
            assert number == names[name].data
        elif name.startswith("grad_"):
            assert number == names[name.removeprefix("grad_")].grad


def test_labels_name_the_lines_and_cannot_become_code():
    root = neuron()
    assert graph_payload(root).data["code"] == (
        "def program(w, x, b):",
        "    t1 = w * x",
        "    t2 = t1 + b",
        "    y = tanh(t2)",
        "    # backward",
        "    t3 = y * y",
        "    grad_t2 = 1.0 - t3",
        "    grad_w = x * grad_t2",
        "    grad_x = w * grad_t2",
        "    return [[y], [grad_w, grad_x, grad_t2]]",
    )
    for label in HOSTILE:
        root.label = label
        page = graph_payload(root)
        compile("\n".join(page.data["code"]), "<listing>", "exec")
        assert label not in page.javascript


# Math


def in_math(text):
    """Evaluates JavaScript in the scope of math.js."""
    return engine().eval(f"(() => {{ {joined('math', asset)}\n{text} }})()")


def parsed(formulas):
    """Returns the text of formulas as the page shows them, with the index of each number in its place."""
    live = "{data: (i) => i, upstream: (i) => i, local: (i) => i}"
    text = "const text = (t) => typeof t.children === 'string' ? t.children : t.children.map(text).join('')"
    shown = f"{json.dumps(formulas)}.map((latex) => text(parseMath(latex, {live})))"
    return json.loads(in_math(f"{text}; return JSON.stringify({shown})"))


@untimed
@given(steps(EVERYTHING, 4))
def test_every_formula_of_every_operation_is_understood(graph):
    root = run(EVERYTHING, graph, [Value(0.5, "a"), Value(-1.5, "b_1"), Value(2.0)])
    page = graph_payload(root)
    formulas = [step[form] for step in page.data["forward"] for form in ("math", "numbers")]
    formulas += [step["formula"] for step in page.data["backward"]]
    assert all(parsed(formulas))


def test_the_table_of_operations_is_covered_by_those_graphs():
    root = [operation(*map(Value, (0.5, -1.5, 2.0))) for operation in EVERYTHING]
    assert {node.op for value in root for node in topological_order(value)} >= set(OPERATIONS) - {"", "softplus"}


@untimed
@given(texts)
def test_any_label_is_shown_in_math_as_text(label):
    x = Value(1.0, label)
    node = graph_payload(x + 1.0).data["nodes"][0]
    assert parsed([node["math"]]) != [None]


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        (0.5, "0.5"),
        (2.0, "2.0"),
        (-123456.789, "−1.235e5"),
        (9999.6, "1e4"),
        (1006.53, "1007"),
        (-1006.0, "−1006.0"),
        (2.00001, "2"),
        (0.00012345, "0.0001234"),
        (1e-7, "1e−7"),
        (0.0, "0.0"),
        (math.inf, "inf"),
        (-math.inf, "−inf"),
        (math.nan, "nan"),
    ],
)
def test_numbers_are_shown_to_four_digits(number, shown):
    text = "NaN" if math.isnan(number) else repr(number).replace("inf", "Infinity")
    assert in_math(f"return showNumber({text})") == shown


# Pictures


@settings(max_examples=25, deadline=None)
@given(graphs_in_modules())
def test_every_layout_shows_every_node_once_and_every_use_of_an_operand(root):
    order = topological_order(root)
    for layout in layouts_of(root, lambda box: ["grad -0.1234"]):
        boxes = layout.boxes
        shown = Counter(node for box in boxes for node in box.nodes)
        left_out = {node for node in order if node not in shown}
        assert all(node.role == "constant" and not node.label and node is not root for node in left_out)
        assert shown == Counter(node for node in order if node not in left_out)
        box_of = {node: box for box in boxes for node in box.nodes}
        uses = [(v, node) for node in order for v in node.operands if v not in left_out]
        ends = {(box_of[v], box_of[node]) for v, node in uses if box_of[v] is not box_of[node]}
        assert {(arrow.tail, arrow.head) for arrow in layout.arrows} == ends
        assert layout.layout.frames.keys() == layout.opened
        assert len(layout.layout.boxes) == len(boxes)
        assert len(layout.layout.curves) == len(layout.arrows)


def test_a_bare_number_is_written_into_every_operation_that_uses_it_and_has_a_box_only_in_folds():
    x, k = Value(3.0, "x"), Value(7.0, "k", role="constant")
    shared = Value(0.25, role="constant")
    root = (x * shared + 2.0).maximum(-1.0) * k / (shared - x)
    data = graph_payload(root).data
    (layout,) = data["layouts"]
    boxes = [data["nodes"][box] for box, *_ in layout["boxes"]]
    assert [node["name"] for node in boxes if node["kind"] == "constant"] == ["k"]
    operations = [node["operation"] or node["symbol"] for node in data["nodes"] if node["kind"] == "operation"]
    assert sorted(operations) == sorted(["× 0.25", "+ 2.0", "max(·, −1.0)", "×", "÷", "0.25 −"])


def test_every_module_can_be_opened_by_itself_and_all_can_be_folded():
    model = nn.MLP(2, [3, 1])
    layouts = layouts_of(nn.mse_loss(model([1.0, 2.0]), 0.5), lambda box: ["grad -0.1234"])
    opened = [layout.opened for layout in layouts]
    modules = max(opened, key=len)
    assert frozenset() in opened
    assert {("layer1",), ("layer1", "neuron1"), ("layer2",)} <= modules
    for module in modules:
        assert {module[:n] for n in range(1, len(module) + 1)} in opened


def test_a_large_graph_starts_folded():
    model = nn.MLP(6, [16, 1])
    loss = nn.mse_loss(model([0.1] * 6), 0.5)
    first = layouts_of(loss, lambda box: ["x"])[0]
    assert len(topological_order(loss)) > 300
    assert len(first.boxes) <= 100


def test_a_graph_too_large_without_modules_is_rejected_with_advice():
    x = Value(1.0, "x")
    nodes = [x * float(number) for number in range(1200)]
    while len(nodes) > 1:
        nodes = [a + b for a, b in zip(nodes[::2], [*nodes[1::2], x], strict=False)]
    with pytest.raises(viz.GraphTooLargeError, match=r"autograd\.scope"):
        viz.explore(nodes[0])


def test_a_graph_too_large_to_step_through_is_rejected_however_it_folds():
    X, y = nn.datasets.moons(100)
    with pytest.raises(viz.GraphTooLargeError, match="the loss of one sample"):
        viz.explore(nn.mse_loss(nn.MLP(2, [16, 1])(X), y))


# The page


def test_a_page_of_sixty_nodes_is_below_300_kb():
    assert len(viz.explore(network()).html.encode()) < 300_000


def test_a_page_makes_no_request_and_runs_no_script_but_its_own():
    page = Elements(viz.explore(neuron()).html)
    (policy,) = [a["content"] for _, a in page.tags if a.get("http-equiv") == "Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe" not in policy
    addresses = {"src", "href", "action", "data", "poster", "background", "srcset", "formaction"}
    assert not [a for _, a in page.tags if addresses & a.keys()]
    assert not [name for _, a in page.tags for name in a if name.startswith("on")]
    names = set(re.findall(r"[a-z]+://[^\"'\s)]*", viz.explore(neuron()).html))
    assert names == {"http://www.w3.org/2000/svg", "http://www.w3.org/1998/Math/MathML"}  # namespaces, never fetched


def test_the_policy_of_a_page_admits_all_its_scripts_and_styles():
    page = Elements(viz.explore(neuron()).html)
    (policy,) = [a["content"] for _, a in page.tags if a.get("http-equiv") == "Content-Security-Policy"]
    texts = [text for a, text in page.of("script") if a.get("id") != "data"] + [text for _, text in page.of("style")]
    assert len(texts) == 3
    for text in texts:
        assert base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() in policy


@pytest.mark.parametrize("hostile", HOSTILE)
def test_labels_titles_and_scopes_are_data(hostile):
    with autograd.scope(hostile):
        root = Value(1.0, hostile) * Value(2.0, hostile)
    root.label = hostile
    page = viz.explore(root, title=hostile)
    found, plain = Elements(page.html), Elements(viz.explore(Value(1.0, "a") * Value(2.0, "b")).html)
    assert [tag for tag, _ in found.tags] == [tag for tag, _ in plain.tags]
    assert [text for _, text in found.of("h1")] == ["".join(map(visible, hostile))]
    assert found.data["nodes"][0]["name"] == viz.labels.printable(hostile)


@cache
def plain_tags():
    """The elements of a page whose labels and title are harmless."""
    page = viz.explore(Value(1.0, "a") + Value(2.0))
    return [tag for tag, _ in Elements(page.html).tags]


@untimed
@given(texts)
def test_any_label_and_title_leave_the_elements_of_a_page_as_they_are(text):
    page = viz.explore(Value(1.0, text) + Value(2.0), title=text or "x")
    assert [tag for tag, _ in Elements(page.html).tags] == plain_tags()


def test_a_notebook_gets_the_page_in_a_frame_over_a_picture():
    page = viz.explore(neuron(), title='a "title" & more')
    bundle = page._repr_mimebundle_()
    elements = Elements(bundle["text/html"])
    (frame,) = [a for tag, a in elements.tags if tag == "iframe"]
    assert frame["srcdoc"] == page.html
    assert frame["sandbox"] == "allow-scripts"
    (picture,) = [a for tag, a in elements.tags if tag == "img"]
    assert picture["src"] == f"data:image/png;base64,{bundle['image/png']}"
    assert picture["alt"].startswith('a "title" & more')
    assert bundle["text/plain"] == repr(page) == "<explorer of 6 nodes; .save('page.html') writes it>"


def test_a_frame_has_the_height_that_is_asked_for():
    assert "height: 760px; border: 0" in viz.explore(neuron())._repr_html_()
    assert "height: 480px; border: 0" in viz.explore(neuron(), height=480)._repr_html_()


@pytest.mark.parametrize("height", [0, 199, 10_001, 500.0, True, "500px"])
def test_a_height_that_is_not_one_is_rejected(height):
    with pytest.raises(ValueError, match="height must be an integer from 200 to 10,000"):
        viz.explore(neuron(), height=height)


def test_a_palette_that_does_not_exist_is_rejected():
    with pytest.raises(ValueError, match="palette must be 'light', 'dark' or 'auto', not 'sepia'"):
        viz.explore(neuron(), palette="sepia")


def test_marimo_gets_the_page_alone():
    page = viz.explore(neuron())
    kind, text = page._mime_()
    elements = Elements(text)
    assert (kind, [tag for tag, _ in elements.tags]) == ("text/html", ["style", "div", "iframe"])
    assert dict(elements.tags)["iframe"]["srcdoc"] == page.html


def test_save_writes_the_page(tmp_path):
    page = viz.explore(neuron())
    assert page.save(tmp_path / "page.html").read_text(encoding="utf-8") == page.html


@pytest.mark.parametrize("name", ["page.svg", "page.pdf", "page"])
def test_a_page_is_saved_as_html_alone(name, tmp_path):
    with pytest.raises(viz.RenderError, match=r"\.html"):
        viz.explore(neuron()).save(tmp_path / name)


def test_a_folder_that_does_not_exist_is_named(tmp_path):
    with pytest.raises(viz.RenderError, match="nowhere"):
        viz.explore(neuron()).save(tmp_path / "nowhere" / "page.html")


def test_the_title_comes_from_the_label_unless_it_is_given():
    assert "<title>The graph of y</title>" in viz.explore(neuron()).html
    assert "<title>A computation graph</title>" in viz.explore(Value(1.0) + 2.0).html
    assert "<title>Loss &amp; more</title>" in viz.explore(neuron(), title="Loss & more").html


def test_exploring_changes_nothing():
    root = neuron()
    root.backward()
    before = [(node.data, node.grad, node.label) for node in topological_order(root)]
    viz.explore(root)._repr_mimebundle_()
    assert [(node.data, node.grad, node.label) for node in topological_order(root)] == before


@pytest.mark.parametrize("wrong", [3.0, None, "x", [Value(1.0)]])
def test_anything_but_a_value_is_named(wrong):
    with pytest.raises(TypeError, match="explore takes a Value, not"):
        viz.explore(wrong)


def test_a_title_must_be_a_string():
    with pytest.raises(TypeError, match="the title of a page must be a string, not 3"):
        viz.explore(Value(1.0), title=3)


@pytest.mark.parametrize("root", [Value(1.0), Value(1.0, "x"), Value(2.0, role="constant") + 3.0, Value(math.nan)])
def test_the_smallest_graphs_have_a_page(root):
    assert Elements(viz.explore(root).html).data["nodes"]
