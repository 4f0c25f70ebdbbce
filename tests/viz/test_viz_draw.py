"""What a drawn graph shows: every node and edge exactly once, and labels as plain text."""

import base64
import math
import re
import subprocess
import sys
import unicodedata
from collections import Counter
from functools import cache
from inspect import signature

import pytest
from hypothesis import example, given, settings, strategies as st
from support.contrast import contrast
from support.labelled_graphs import graphs
from support.pictures import SVG, TOOLTIP, in_dot, lines_of, number_of, seen
from support.texts import HOSTILE, texts

import autograd
import viz
from autograd import Value, functions, topological_order
from autograd.notation.operations import symbol
from viz.pictures.palette import DARK, LIGHT


def neuron():
    x, w, b = Value(1.5, "x", role="input"), Value(1 / 3, "w", role="parameter"), Value(-0.1, "b", role="parameter")
    y = (w * x + b).tanh()
    y.label = "y"
    return y


class TestGraph:
    @given(graphs(), st.booleans(), st.sampled_from(["LR", "TB", "RL", "BT"]))
    @settings(deadline=None, max_examples=60)
    def test_every_node_and_every_edge_is_there_once(self, value, backward, direction):
        if backward:
            value.backward()
        picture = seen(viz.draw(value, direction=direction))
        order = topological_order(value)
        labels = {name: box.lines[0] for name, box in picture.boxes.items()}
        assert sorted(labels.values()) == sorted(node.label for node in order)
        edges = Counter((labels[tail], labels[head]) for tail, head in (edge.ends for edge in picture.edges))
        assert edges == Counter((operand.label, node.label) for node in order for operand in node.operands)

    @given(graphs())
    @settings(deadline=None, max_examples=30)
    def test_the_dot_text_has_the_nodes_and_edges_of_the_picture(self, value):
        drawing = viz.draw(value)
        picture = seen(drawing)
        nodes, edges = in_dot(drawing.render("dot").decode())
        assert sorted(nodes) == sorted(picture.boxes)
        assert Counter(edges) == Counter(edge.ends for edge in picture.edges)

    @given(graphs(), st.booleans())
    @settings(deadline=None, max_examples=30)
    def test_a_box_shows_label_operation_data_and_gradient(self, value, backward):
        if backward:
            value.backward()
        lines = {box.lines[0]: box.lines[1:] for box in seen(viz.draw(value)).boxes.values()}
        for node in topological_order(value):
            operation = [symbol(node)] if node.op else []
            gradient = [float(node.grad)] if node.has_grad else []
            *texts, data = lines[node.label][: len(operation) + 1]
            assert texts == operation
            assert number_of(data) == pytest.approx(node.data, rel=1e-3)
            shown = [number_of(text.removeprefix("grad ")) for text in lines[node.label][len(operation) + 1 :]]
            assert shown == pytest.approx(gradient, rel=1e-3)

    def test_there_is_no_gradient_before_backward_and_after_zero_grad(self):
        y = neuron()
        assert not re.search("grad", viz.draw(y).source)
        y.backward()
        assert all(lines[-1].startswith("grad ") for lines in lines_of(viz.draw(y)))
        y.zero_grad()
        assert not re.search("grad", viz.draw(y).source)

    def test_a_gradient_that_is_zero_is_shown(self):
        x = Value(-1.0, "x")
        x.relu().backward()
        assert ["x", "−1.0", "grad 0.0"] in lines_of(viz.draw(x.relu()))

    def test_a_square_by_multiplication_has_two_edges(self):
        x = Value(3.0, "x")
        assert [edge.ends for edge in seen(viz.draw(x * x)).edges] == [("node1", "node2")] * 2

    def test_a_single_leaf_is_a_picture(self):
        assert lines_of(viz.draw(Value(2.0, "x"))) == [["x", "2.0"]]

    def test_the_edge_of_a_gate_and_no_other_is_dashed(self):
        gate, a, b = Value(1.0, "gate"), Value(2.0, "a"), Value(3.0, "b")
        picture = seen(viz.draw(functions.select(gate, a, b) * gate))
        dashed = [picture.boxes[edge.ends[0]].lines[0] for edge in picture.edges if edge.dashed]
        assert dashed == ["gate"]
        assert len(picture.edges) == 5

    @pytest.mark.parametrize("number", [0.0, -0.0, math.inf, -math.inf, math.nan, 5e-324, -1e308])
    @pytest.mark.parametrize("precision", [1, 4, 17])
    def test_any_number_can_be_drawn(self, number, precision):
        [[text]] = lines_of(viz.draw(Value(number), precision=precision))
        assert number_of(text) == pytest.approx(number, rel=0.5, nan_ok=True)

    @given(st.floats(), st.integers(1, 17))
    @settings(deadline=None, max_examples=40)
    def test_data_is_shown_to_the_precision(self, number, precision):
        [[text]] = lines_of(viz.draw(Value(number), precision=precision))
        assert number_of(text) == pytest.approx(float(f"{number:.{precision}g}"), nan_ok=True, abs=0.0, rel=1e-15)
        assert len(re.sub(r"e.*|\D", "", text).lstrip("0")) <= precision + 1  # with the 0 of "2.0"

    def test_whole_numbers_look_like_floats(self):
        assert [lines_of(viz.draw(Value(x)))[0] for x in (2.0, -7.0, 0.5, 1e6)] == [
            ["2.0"],
            ["−7.0"],
            ["0.5"],
            ["1e6"],
        ]


class TestOptions:
    def test_local_derivatives_are_written_on_their_edges(self):
        x, w = Value(3.0, "x"), Value(5.0, "w")
        picture = seen(viz.draw((x * w).exp(), local_derivatives=True))
        labels = {(picture.boxes[edge.ends[0]].lines[0], edge.label) for edge in picture.edges}
        assert labels == {("x", "5.0"), ("w", "3.0"), ("×", "3.269e6")}
        assert all(not edge.label for edge in seen(viz.draw((x * w).exp())).edges)

    def test_upstream_times_the_derivative_on_an_edge_is_the_contribution(self):
        y = neuron()
        y.backward()
        drawing = viz.draw(y, local_derivatives=True, precision=17)
        picture = seen(drawing)
        gradients = {name: float(box.lines[-1].removeprefix("grad ")) for name, box in picture.boxes.items()}
        sums = Counter()
        for edge in picture.edges:
            sums[edge.ends[0]] += gradients[edge.ends[1]] * float(edge.label)
        assert dict(sums) == pytest.approx({name: gradients[name] for name in sums})

    @pytest.mark.parametrize(
        ("build", "operation"),
        [
            (lambda x: x + 2.0, "+ 2.0"),
            (lambda x: 2.0 + x, "2.0 +"),
            (lambda x: x - 2.0, "− 2.0"),
            (lambda x: 2.0 - x, "2.0 −"),
            (lambda x: x * -3.0, "× −3.0"),
            (lambda x: x / 4.0, "÷ 4.0"),
            (lambda x: 1.0 / x, "1.0 ÷"),
            (lambda x: 2.0**x, "2.0^·"),
            (lambda x: x**2, "x²"),
            (lambda x: functions.maximum(x, 0.5), "max(·, 0.5)"),
            (lambda x: functions.maximum(0.5, x), "max(0.5, ·)"),
            (lambda x: functions.select(x, x, 0.0), "select(·, ·, 0.0)"),
            (lambda x: x.tanh(), "tanh"),
        ],
    )
    def test_hidden_constants_are_written_on_their_side_of_the_operation(self, build, operation):
        y = build(Value(8.0, "x"))
        y.backward()
        picture = seen(viz.draw(y, hide_constants=True))
        assert len(picture.boxes) == 2
        assert [box.lines[0] for box in picture.boxes.values()] == ["x", operation]
        assert len(picture.edges) == sum(operand.role != "constant" for operand in y.operands)

    def test_constants_have_boxes_unless_hidden(self):
        assert ["2.0"] in lines_of(viz.draw(Value(1.0, "x") + 2.0))

    def test_the_drawn_value_itself_is_never_hidden(self):
        assert lines_of(viz.draw(Value(1.0, role="constant"), hide_constants=True)) == [["1.0"]]

    @pytest.mark.parametrize("name", functions.__all__)
    def test_constants_are_hidden_in_every_operation(self, name):
        extra = {"leaky_relu": [0.5], "clip": [-1.0, 1.0]}.get(name, [])
        function, count = getattr(functions, name), len(signature(getattr(functions, name)).parameters) - len(extra)
        result = function(*[Value.constant(2.0) for _ in range(count)], *extra) * Value(3.0, "x")
        assert any("2.0" in first for first, *_ in lines_of(viz.draw(result, hide_constants=True)))

    def test_a_hidden_constant_shows_its_exponent(self):
        result = Value.constant(2.0) ** -1.5 * Value(3.0, "x")
        assert "2.0^−1.5" in [first for first, *_ in lines_of(viz.draw(result, hide_constants=True))]

    @given(graphs(), st.data())
    @settings(deadline=None, max_examples=60)
    def test_highlighted_is_exactly_what_lies_on_a_path(self, value, data):
        order = topological_order(value)
        start, end = data.draw(st.sampled_from(order)), data.draw(st.sampled_from(order))
        consumers = {node: {n for n in order if node in set(n.operands)} for node in order}
        above, below = reachable(start, consumers.get), reachable(end, lambda node: node.operands)
        if start not in below:
            with pytest.raises(ValueError, match=r"none leads from .*n\d"):
                viz.draw(value, highlight=(start, end))
            return
        picture = seen(viz.draw(value, highlight=(start, end)))
        labels = {name: box.lines[0] for name, box in picture.boxes.items()}
        bright = {labels[name] for name, box in picture.boxes.items() if box.border == LIGHT.highlight}
        assert bright == {node.label for node in above & below}
        for edge in picture.edges:
            tail, head = (labels[name] for name in edge.ends)
            on_path = {tail, head} <= bright
            assert (edge.color == LIGHT.highlight) == on_path
            assert (edge.width > 1) == on_path

    def test_nothing_is_highlighted_unless_asked(self):
        picture = seen(viz.draw(neuron()))
        assert LIGHT.highlight not in {box.border for box in picture.boxes.values()}
        assert LIGHT.highlight not in {edge.color for edge in picture.edges}

    def test_an_arrow_between_folds_is_highlighted_if_any_of_its_uses_is(self):
        with autograd.scope("a"):
            inputs = [Value(1.0, f"x{i}").tanh() for i in range(2)]
        with autograd.scope("b"):
            y = inputs[0] * 2.0 + inputs[1] * 3.0
        for start in inputs:
            picture = seen(viz.draw(y, depth=0, highlight=(start, y)))
            assert [edge.color for edge in picture.edges] == [LIGHT.highlight]

    def test_a_node_of_another_graph_cannot_be_highlighted(self):
        with pytest.raises(ValueError, match="none leads"):
            viz.draw(neuron(), highlight=(Value(1.0), Value(2.0)))

    @pytest.mark.parametrize(("direction", "axis", "sign"), [("LR", 0, 1), ("RL", 0, -1), ("TB", 1, 1), ("BT", 1, -1)])
    def test_the_output_lies_where_the_direction_says(self, direction, axis, sign):
        root = seen(viz.draw(Value(1.0, "x").tanh().exp(), direction=direction)).root
        at = {text.text: (float(text.get("x")), float(text.get("y"))) for text in root.iter(f"{SVG}text")}
        assert sign * (at["exp"][axis] - at["x"][axis]) > 40
        assert abs(at["exp"][1 - axis] - at["x"][1 - axis]) < 20

    def test_a_box_holds_its_text(self):
        root = seen(viz.draw(Value(123456.789, "a" * 40) * Value(2.0, "b"), precision=17)).root
        for group in root.iter(f"{SVG}g"):
            if group.get("class") == "node":
                xs = [float(x) for x in re.findall(r"(-?[\d.]+),", next(group.iter(f"{SVG}path")).get("d"))]
                longest = max(len(text.text) for text in group.iter(f"{SVG}text"))
                assert max(xs) - min(xs) >= longest * 12.0 * 0.6

    @pytest.mark.parametrize(
        ("options", "message"),
        [
            ({"direction": "UP"}, "direction must be one of .*'TB'.*, not 'UP'"),
            ({"direction": []}, r"direction must be one of .*, not \[\]"),
            ({"palette": "pink"}, "palette must be 'light', 'dark' or 'auto', not 'pink'"),
            ({"palette": []}, r"palette must be 'light', 'dark' or 'auto', not \[\]"),
            ({"precision": 0}, "precision must be an integer from 1 to 17, not 0"),
            ({"precision": 18}, "not 18"),
            ({"precision": "4"}, "not '4'"),
            ({"precision": True}, "not True"),
            ({"limit": 0}, "limit must be a positive integer, not 0"),
            ({"limit": "9"}, "limit.* not '9'"),
            ({"limit": None}, "limit.* not None"),
        ],
    )
    def test_an_option_out_of_range_is_named(self, options, message):
        with pytest.raises(ValueError, match=message):
            viz.draw(neuron(), **options)

    @pytest.mark.parametrize("highlight", [3, (), (1, 2), (Value(1.0),), Value(1.0)])
    def test_a_highlight_is_two_nodes(self, highlight):
        with pytest.raises(TypeError, match="two nodes"):
            viz.draw(neuron(), highlight=highlight)

    @pytest.mark.parametrize("thing", [3, None, "x", [Value(1.0)]])
    def test_only_values_are_drawn(self, thing):
        with pytest.raises(TypeError, match=re.escape(f"not {thing!r}")):
            viz.draw(thing)

    def test_draw_dot_takes_the_arguments_of_micrograd(self):
        y = neuron()
        assert viz.draw_dot(y).source == viz.draw(y).source
        assert viz.draw_dot(y, "svg", "TB").source == viz.draw(y, direction="TB").source
        assert viz.draw_dot(y, format="png", rankdir="LR", palette="dark").source == viz.draw(y, palette="dark").source


def reachable(start, neighbours):
    found, waiting = {start}, [start]
    while waiting:
        new = set(neighbours(waiting.pop())) - found
        found |= new
        waiting += new
    return found


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
class TestPalette:
    @pytest.mark.parametrize("writing", ["text", "gradient", "operation", "muted"])
    def test_all_text_stands_out_on_every_background(self, palette, writing):
        grounds = [fill for fill, _ in palette.colors_of.values()] + [palette.background, palette.cluster]
        assert min(contrast(getattr(palette, writing), ground) for ground in grounds) >= 4.5

    def test_lines_stand_out_on_the_background(self, palette):
        lines = [palette.edge, palette.highlight, palette.positive, palette.negative]
        assert min(contrast(line, palette.background) for line in lines) >= 3.0

    def test_every_kind_of_box_has_its_own_look(self, palette):
        assert len(set(palette.colors_of.values())) == len(palette.colors_of)
        assert len({fill for fill, _ in palette.colors_of.values()}) == len(palette.colors_of)


@pytest.mark.parametrize(("name", "palette"), [("light", LIGHT), ("dark", DARK)])
def test_a_picture_has_the_colours_of_its_palette(name, palette):
    x, w, p = Value(1.0, "x", role="input"), Value(2.0, "w", role="parameter"), Value(3.0, "p")
    y = x * w + p + 4.0
    y.backward()
    picture = seen(viz.draw(y, palette=name))
    kinds = {"x": "input", "w": "parameter", "p": "plain", "4.0": "constant", "×": "operation", "+": "operation"}
    assert len(picture.boxes) == 7
    for box in picture.boxes.values():
        assert (box.fill, box.border) == palette.colors_of[kinds[box.lines[0]]]
        assert box.colors[-1] == palette.gradient
        assert box.colors[-2] == palette.text
        assert box.colors[0] == (palette.operation if box.lines[0] in "×+" else palette.text)
    assert {edge.color for edge in picture.edges} == {palette.edge}
    assert next(picture.root.iter(f"{SVG}polygon")).get("fill") == palette.background


def test_light_and_dark_share_no_background_and_no_text_colour():
    for name in ("background", "text", "muted", "gradient", "operation", "cluster"):
        assert getattr(LIGHT, name) != getattr(DARK, name)
    assert not set(LIGHT.colors_of.values()) & set(DARK.colors_of.values())


def test_the_tooltip_of_a_box_has_all_digits_and_the_module_of_the_node():
    with autograd.scope("layer1.neuron2"):
        y = (Value(1 / 3, "w", role="parameter") * Value(-1e-7 / 3, "x", role="input")).tanh()
    y.label = "y"
    y.backward()
    tooltips = [box.tooltip for box in seen(viz.draw(y, precision=2)).boxes.values()]
    order = topological_order(y)
    assert len(tooltips) == len(order)
    for node in order:
        expected = [repr(node.data), repr(node.grad), node.op or node.role, node.label, node.scope]
        assert any(all(part in tooltip for part in expected) for tooltip in tooltips)


@pytest.mark.parametrize("backward", [True, False])
def test_drawing_changes_nothing(backward):
    y = neuron()
    if backward:
        y.backward()
    order = topological_order(y)
    before = [(v.data, v.grad, v.has_grad, v.label, v.scope, v.local_derivatives) for v in order]
    viz.draw(y, hide_constants=True, local_derivatives=True, highlight=(order[0], y), depth=0).render("png")
    viz.draw(y).render()
    assert topological_order(y) == order
    assert [(v.data, v.grad, v.has_grad, v.label, v.scope, v.local_derivatives) for v in order] == before


def test_a_picture_does_not_change_with_the_graph():
    y = neuron()
    drawing = viz.draw(y)
    before = drawing.render()
    y.backward()
    y.operands[0].label = "changed"
    assert drawing.render() == before


def test_the_same_graph_has_the_same_picture():
    assert viz.draw(neuron()).render() == viz.draw(neuron()).render()


class TestJupyter:
    def test_it_shows_the_svg(self):
        drawing = viz.draw(neuron())
        assert drawing._repr_svg_().encode() == drawing.render() == drawing.render("svg")

    @pytest.mark.parametrize("palette", ["light", "dark"])
    def test_a_chosen_palette_is_that_of_the_svg_alone(self, palette):
        drawing = viz.draw(neuron(), palette=palette)
        assert drawing._repr_mimebundle_() == {"image/svg+xml": drawing._repr_svg_(), "text/plain": repr(drawing)}
        assert drawing._mime_() == ("image/svg+xml", drawing._repr_svg_())

    def test_otherwise_html_adds_the_dark_palette_to_the_light_one(self):
        drawing = viz.draw(neuron())
        bundle = drawing._repr_mimebundle_()
        assert bundle["image/svg+xml"] == viz.draw(neuron(), palette="light")._repr_svg_()
        html = bundle["text/html"]
        assert drawing._mime_() == ("text/html", html)
        assert f'alt="{drawing._document.title}"' in html
        svg = base64.b64decode(re.search(r"base64,([^\"]*)", html)[1]).decode()
        assert re.sub(r"\n<style>.*</style>", "", svg) == bundle["image/svg+xml"]

    def test_a_description_cannot_become_markup(self):
        html = viz.draw(Value(1.0, '"><script>alert(1)</script>') * 2.0)._mime_()[1]
        assert "<script" not in html

    @pytest.mark.parametrize("format", ["svg", "png", "dot"])
    def test_files_are_light(self, format, tmp_path):
        saved = viz.draw(neuron()).save(tmp_path / f"graph.{format}").read_bytes()
        assert saved == viz.draw(neuron(), palette="light").render(format)

    def test_the_repr_says_how_much_is_drawn_and_how_to_keep_it(self):
        assert repr(viz.draw(neuron())) == "<drawing of 6 boxes; .save('graph.svg') writes it>"
        assert repr(viz.draw_network([2, 4, 1])).startswith("<drawing of 7 boxes")


def as_shown(text):
    """The rule: control characters become symbols, other unprintable ones �; 48 characters, 12 lines."""
    lines = text.replace("\r\n", "\n").split("\n")
    lines = lines if len(lines) <= 12 else [*lines[:11], "…"]
    lines = [line if len(line) <= 48 else line[:47] + "…" for line in lines]

    def shown(c):
        if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co", "Cn") and c not in "\u200c\u200d\x85":
            return chr(0x2400 + ord(c)) if ord(c) < 32 else "�"
        return " " if c.isspace() else c

    return ["".join(map(shown, line)) for line in lines]


def in_box(text):
    """The lines of a box; an empty one is drawn as a space."""
    return [line or " " for line in as_shown(text)] if text else []


def in_one_line(text):
    return " ".join(as_shown(text))


def skeleton(root):
    """The elements and attribute names of an SVG, except its lines of text."""
    return Counter((part.tag, *sorted(part.keys())) for part in root.iter() if part.tag != f"{SVG}text")


def labelled(text):
    """A graph with a label."""
    x = Value(1.0, text)
    y = x.tanh()
    y.label = text
    with autograd.scope("layer1"):
        return y * x


def scoped(text):
    """A graph in a module."""
    with autograd.scope(text.replace(".", ",")):
        return Value(1.0, "x").tanh()


@cache
def plain_label():
    """The picture of a graph with a harmless label, and its skeleton."""
    picture = seen(viz.draw(labelled("plain")))
    return picture, skeleton(picture.root)


@cache
def plain_scope(depth):
    """The picture of a graph in a module with a harmless name, and its skeleton."""
    picture = seen(viz.draw(scoped("plain"), depth=depth))
    return picture, skeleton(picture.root)


ALLOWED = {SVG + name for name in ("svg", "g", "a", "title", "polygon", "path", "text")}


def assert_harmless(root):
    assert {part.tag for part in root.iter()} <= ALLOWED
    for part in root.iter():
        assert part.tag != f"{SVG}a" or set(part.attrib) == {TOOLTIP}
        assert not [name for name in part.attrib if name.lower().startswith("on") or "href" in name]


class TestLabelsAreData:
    @pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text)[:20])
    def test_a_hostile_label_is_shown_verbatim_and_does_nothing(self, text):
        self.check_label(text)
        assert viz.draw(labelled(text)).render("png").startswith(b"\x89PNG")

    @given(texts)
    @settings(deadline=None, max_examples=100)
    def test_any_label_is_shown_verbatim_and_does_nothing(self, text):
        self.check_label(text)

    @given(st.text(alphabet='\\"<>&;{}|[]-NGnlr \n', max_size=12))
    @settings(deadline=None, max_examples=100)
    def test_any_label_of_syntax_is_shown_verbatim_and_does_nothing(self, text):
        self.check_label(text)

    def check_label(self, text):
        drawing = viz.draw(labelled(text))
        picture, (harmless, elements) = seen(drawing), plain_label()
        assert_harmless(picture.root)
        assert skeleton(picture.root) == elements
        assert [edge.ends for edge in picture.edges] == [edge.ends for edge in harmless.edges]
        assert tuple(map(len, in_dot(drawing.source))) == (3, 3)
        shown = in_box(text)
        assert picture.boxes["node1"].lines == [*shown, "1.0"]
        assert picture.boxes["node2"].lines == [*shown, "tanh", "0.7616"]
        tooltip = picture.boxes["node1"].tooltip.replace("\xa0", " ")
        assert tooltip == ", ".join(filter(None, [in_one_line(text), "plain, data 1.0"]))

    @pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text)[:20])
    def test_a_hostile_scope_is_shown_verbatim_and_does_nothing(self, text):
        self.check_scope(text)
        assert viz.draw(scoped(text)).render("png").startswith(b"\x89PNG")

    @given(texts)
    @settings(deadline=None, max_examples=100)
    @example(text="<b>x</b>")
    def test_any_scope_is_shown_verbatim_and_does_nothing(self, text):
        self.check_scope(text or "empty")

    def check_scope(self, text):
        text = text.replace(".", ",")
        opened, folded = seen(viz.draw(scoped(text))), seen(viz.draw(scoped(text), depth=0))
        for picture, (harmless, elements) in ((opened, plain_scope(None)), (folded, plain_scope(0))):
            assert_harmless(picture.root)
            assert skeleton(picture.root) == elements
            assert picture.boxes.keys() == harmless.boxes.keys()
            assert len(picture.edges) == len(harmless.edges)
        assert opened.frames == [in_one_line(text)]
        assert folded.boxes["node1"].lines == [*in_box(text), "1 operation", "0.7616"]

    @given(texts)
    @settings(deadline=None, max_examples=60)
    def test_the_title_of_a_graph_is_data(self, text):
        value = Value(1.0, text)
        picture = seen(viz.draw(value))
        assert_harmless(picture.root)
        facts = [in_one_line(text), "plain", "data 1.0"]
        assert picture.tooltip.replace("\xa0", " ") == "Computation graph of " + ", ".join(filter(None, facts))

    @pytest.mark.parametrize("text", ["a..b", ".", "." * 5000, ".".join(f"m{i}" for i in range(300))])
    def test_scopes_of_any_depth_are_drawn(self, text):
        with autograd.scope(text):
            y = Value(1.0, "x").tanh()
        picture = seen(viz.draw(y))
        assert len(picture.boxes) == 2
        assert len(picture.frames) <= 10
        assert viz.draw(y).render("png").startswith(b"\x89PNG")

    @given(texts)
    @settings(deadline=None, max_examples=30)
    def test_the_name_of_the_samples_is_data(self, text):
        picture = seen(viz.draw_network([2, 1], view="matrices", samples=text))
        assert_harmless(picture.root)
        assert len(picture.edges) == 5


@pytest.mark.parametrize("format", ["svg", "png", "dot"])
@pytest.mark.parametrize("arguments", [("gout",), ("out/gout",), ("my.graph",)])
def test_render_of_draw_dot_writes_a_file_as_micrograds_notebook_does(tmp_path, monkeypatch, format, arguments):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "out").mkdir()
    picture = viz.draw_dot(Value(1.0) + 2.0, format=format)
    path = picture.render(*arguments)
    assert path == f"{arguments[0]}.{format}"
    assert (tmp_path / path).read_bytes() == picture.render()
    assert picture.render(filename="svg") == f"svg.{format}"


def test_a_drawing_that_is_not_of_draw_dot_takes_formats_only():
    with pytest.raises(viz.RenderError, match="the format 'gout'"):
        viz.draw(Value(1.0) + 2.0).render("gout")


def test_the_format_of_draw_dot_is_that_of_render():
    x = Value(1.0, "x") + 2.0
    assert viz.draw_dot(x, format="svg", rankdir="LR").render() == viz.draw(x).render("svg")
    assert viz.draw_dot(x, format="png").render().startswith(b"\x89PNG")
    assert viz.draw_dot(x, "png").render("dot") == viz.draw(x).render("dot")
    with pytest.raises(ValueError, match="format must be a name such as 'svg' or 'png', not None"):
        viz.draw_dot(x, None)


def test_dir_lists_the_names_of_the_package_before_they_are_imported():
    done = subprocess.run(
        [sys.executable, "-c", "import viz; print(set(viz.__all__) - set(dir(viz)))"], capture_output=True, text=True
    )
    assert done.stdout == "set()\n", done.stderr
