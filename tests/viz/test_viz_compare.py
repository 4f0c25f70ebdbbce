"""Two graphs compared: which nodes correspond, what differs first, and how the picture and the words say it."""

import copy
import math
import random
import re
from inspect import signature

import pytest
from hypothesis import given, settings, strategies as st
from micrograd.engine import Value as Micrograd
from support.engines import Micro, Student
from support.graphs import DIFFERENTIABLE, ordinary_numbers, run, slots_of, steps
from support.pictures import SVG, number_of, seen
from support.texts import HOSTILE

import autograd
import nn
import viz
from autograd import Value, derivative, topological_order
from viz.checking.matching import match
from viz.checking.operation_symbols import operation_symbol
from viz.checking.seen_graph import read_graph
from viz.checking.wording import Names
from viz.pictures.palette import LIGHT


def neuron(engine=Value, w=0.5, x=2.0, b=-1.25):
    return engine(w) * engine(x) + engine(b)


def labelled(w=0.5, x=2.0, b=-1.25):
    w, x, b = Value(w, "w"), Value(x, "x"), Value(b, "b")
    return (w * x + b).tanh()


def quantities(comparison):
    return [(difference.quantity, difference.node) for difference in comparison.differences]


class TestDifferences:
    @given(steps(DIFFERENTIABLE), st.lists(ordinary_numbers, min_size=3, max_size=3), st.booleans())
    @settings(deadline=None, max_examples=40)
    def test_a_copy_does_not_differ(self, graph, numbers, backward):
        y = run(DIFFERENTIABLE, graph, [Value(number) for number in numbers])
        if backward:
            y.backward()
        comparison = viz.compare(y, copy.deepcopy(y))
        assert comparison.same
        assert comparison.differences == ()
        assert comparison.first is None

    @given(steps(DIFFERENTIABLE), st.lists(ordinary_numbers, min_size=3, max_size=3), st.integers(0, 50), st.booleans())
    @settings(deadline=None, max_examples=40)
    def test_a_changed_leaf_is_the_first_difference_and_nothing_that_does_not_depend_on_it_differs(
        self, graph, numbers, place, labels
    ):
        leaves = [Value(number, f"x{index}" if labels else "") for index, number in enumerate(numbers)]
        y = run(DIFFERENTIABLE, graph, leaves)
        before = copy.deepcopy(y)
        leaves = [leaf for leaf in autograd.leaves(y) if leaf.role == "plain"]
        changed = leaves[place % len(leaves)]
        was = changed.data
        changed.data += 0.125
        y.forward()
        comparison = viz.compare(before, y)
        assert comparison.first.quantity == "value"
        assert comparison.first.second == changed.data
        assert comparison.first.first == was
        above = {changed}
        for node in topological_order(y):
            if not above.isdisjoint(node.operands):
                above.add(node)
        assert len(comparison.differences) <= len(above)
        assert {difference.second for difference in comparison.differences} <= {node.data for node in above}

    def test_each_kind_of_difference_is_found(self):
        mine, solution = labelled(), labelled()
        assert viz.compare(mine, solution).same
        assert quantities(viz.compare(mine, labelled(w=0.75)))[0] == ("value", "w")
        solution.backward()
        assert quantities(viz.compare(mine, solution)) == [
            ("gradient", "tanh((w × x) + b)"),
            ("gradient", "(w × x) + b"),
            ("gradient", "b"),
            ("gradient", "w × x"),
            ("gradient", "x"),
            ("gradient", "w"),
        ]
        x = Value(2.0, "x")
        assert quantities(viz.compare(x.tanh(), x.sin())) == [("operation", "tanh(x)"), ("value", "tanh(x)")]
        assert quantities(viz.compare(Value(2.0, "x"), Value(2.0, "y"))) == [("label", "x")]
        y = Value(3.0, "y")
        assert quantities(viz.compare(x * y, y * x)) == [("operands", "x × y")]
        assert quantities(viz.compare(x * y, (x * y).tanh())) == [("node", "tanh(x × y)")]
        assert quantities(viz.compare((x * y).tanh(), x * y)) == [("node", "tanh(x × y)")]

    def test_first_is_what_is_computed_first(self):
        x, w = Value(2.0, "x"), Value(3.0, "w")
        a, b = ((x * w).exp() + (x * w).tanh()).sin(), ((x * w).exp() + (x * w).cos()).sin()
        a.backward()
        copied = copy.deepcopy(b)
        copied.backward()
        comparison = viz.compare(a, copied)
        assert (comparison.first.quantity, comparison.first.node) == ("operation", "tanh(x × w)")
        kinds = [difference.quantity == "gradient" for difference in comparison.differences]
        assert kinds == sorted(kinds)
        gradients = [difference.places for difference in comparison.differences if difference.quantity == "gradient"]
        assert gradients == sorted(gradients, reverse=True)

    def test_nothing_is_said_where_one_engine_says_nothing(self):
        def build(engine, *labels):
            leaves = [engine(number) for number in (0.5, 2.0)]
            for leaf, label in zip(leaves, labels, strict=False):
                leaf.label = label
            y = leaves[0] * leaves[1] + leaves[0]
            y.backward()
            return y

        ours = build(Value, "w", "x")
        assert viz.compare(ours, build(Micrograd)).same
        assert viz.compare(build(Micrograd), ours).same
        assert viz.compare(ours, build(Student)).same
        assert viz.compare(ours, build(Micro)).same
        assert viz.compare(build(Micrograd), build(Micro)).same

    def test_a_gradient_of_0_is_none(self):
        x = Value(2.0, "x")
        assert viz.compare(Micrograd(2.0), x).same
        x.backward()
        assert viz.compare(Micrograd(2.0), x).words == "the gradient of 2.0 is 0.0 in first, but 1.0 in second"

    @pytest.mark.parametrize("a", [1.0, 1e9, -3.0])
    def test_numbers_that_are_closer_than_the_tolerance_are_equal(self, a):
        assert viz.compare(Value(a), Value(a * (1 + 1e-10))).same
        assert not viz.compare(Value(a), Value(a * (1 + 1e-8))).same
        assert viz.compare(Value(a), Value(a * (1 + 1e-8)), rtol=1e-6).same
        assert not viz.compare(Value(a), Value(a * (1 + 1e-10)), rtol=0.0, atol=0.0).same
        assert viz.compare(Value(a), Value(a + 0.5), atol=1.0).same

    def test_nan_equals_nan_and_infinities_themselves(self):
        for number in (float("nan"), float("inf")):
            assert viz.compare(Value(number), Value(number)).same
        assert not viz.compare(Value(float("nan")), Value(0.0)).same
        assert not viz.compare(Value(float("inf")), Value(-float("inf"))).same

    def test_numbers_that_look_the_same_are_told_with_all_their_digits(self):
        assert viz.compare(Value(1.0), Value(1.00000001)).words == (
            "the value of 1.0 is 1.0 in first, but 1.00000001 in second"
        )


class TestMatching:
    def test_before_and_after_a_step_of_training(self):
        model = nn.MLP(2, [3, 1], seed=1)
        X, y = nn.datasets.xor()
        loss = nn.mse_loss(model(X), y)
        loss.backward()
        before = copy.deepcopy(loss)
        nn.SGD(model.parameters(), lr=0.5).step()
        loss.forward()
        comparison = viz.compare(before, loss, titles=("before", "after"))
        assert {difference.quantity for difference in comparison.differences} == {"value"}
        assert comparison.first.node == "layer1.neuron1.w1"
        changed = {difference.second for difference in comparison.differences}
        assert {p.data for p in model.parameters() if p.grad != 0.0} <= changed
        assert not {p.data for p in model.parameters() if p.grad == 0.0} & changed

    def test_a_graph_and_that_of_its_derivative_share_their_nodes(self):
        w, x = Value(0.5, "w"), Value(3.0, "x")
        y = (w * x).tanh()
        comparison = viz.compare(y, derivative(y, w), titles=("y", "dy/dw"))
        assert {difference.quantity for difference in comparison.differences} == {"node"}
        assert all(difference.first is None for difference in comparison.differences)

    def test_a_part_that_was_added_at_the_end_or_within_differs_alone(self):
        w, x, b = Value(0.5, "w"), Value(3.0, "x"), Value(1.5, "b")
        assert quantities(viz.compare(w * x + b, (w * x + b).tanh())) == [("node", "tanh((w × x) + b)")]
        found = quantities(viz.compare((w * x + b).exp(), ((w * x).tanh() + b).exp()))
        assert found[0] == ("node", "tanh(w × x)")
        assert {quantity for quantity, _ in found} == {"node", "operands", "value"}
        assert all(node != "w × x" for _, node in found)

    def test_operands_that_changed_places_are_matched_by_what_they_are(self):
        w, x, b = Value(0.5, "w"), Value(3.0, "x"), Value(1.5, "b")
        [difference] = viz.compare(b + w * x, w * x + b).differences
        assert difference.words == "the operands of b + (w × x) are b, w × x in first, but w × x, b in second"

    def test_operands_in_a_set_have_no_order(self):
        for _ in range(20):
            a, b = Micrograd(2.0), Micrograd(3.0)
            c, d = Micrograd(2.0), Micrograd(3.0)
            assert viz.compare((a * b + a).relu(), (c + d * c).relu()).same
            assert not viz.compare((a * b + a).relu(), (d + d * c).relu()).same

    @given(steps(DIFFERENTIABLE), steps(DIFFERENTIABLE), st.booleans())
    @settings(deadline=None, max_examples=40)
    def test_no_node_has_two_counterparts_and_each_is_one_or_differs(self, one, other, shared):
        leaves = [Value(number, name) for number, name in zip((0.5, 1.5, -0.7), "xyz", strict=True)]
        others = leaves if shared else [Value(leaf.data, leaf.label) for leaf in leaves]
        graphs = [read_graph("a", run(DIFFERENTIABLE, graph, at)) for graph, at in ((one, leaves), (other, others))]
        pairs = match(*graphs)
        assert len({*pairs.values()}) == len(pairs)
        for a, b in pairs.items():
            assert (
                bool(graphs[0].nodes[a].operands) == bool(graphs[1].nodes[b].operands) or a == len(graphs[0].nodes) - 1
            )
        for order, graph in enumerate(graphs):
            places = [index for index, node in enumerate(graph.nodes) for operand in node.operands if operand >= index]
            assert places == [], order

    def test_the_nodes_are_in_the_order_in_which_a_formula_is_read(self):
        y = (Value(1.0, "w1") * Value(2.0, "x1") + Value(3.0, "w2") * Value(4.0, "x2")).tanh()
        nodes = read_graph("a", y).nodes
        assert [node.label or node.operation for node in nodes] == ["w1", "x1", "×", "w2", "x2", "×", "+", "tanh"]


class TestOtherEngines:
    @pytest.mark.parametrize(
        ("name", "operands", "shown"),
        [
            ("+", 2, "+"),
            ("*", 2, "×"),
            ("-", 2, "−"),
            ("-", 1, "neg"),
            ("/", 2, "÷"),
            ("**2", 1, "x²"),
            ("**-1", 1, "x⁻¹"),
            ("**0.5", 1, "x^0.5"),
            ("** (3)", 1, "x³"),
            ("ReLU", 1, "ReLU"),
            ("relu", 1, "ReLU"),
            ("__add__", 2, "+"),
            ("mul", 2, "×"),
            ("pow", 2, "xⁿ"),
            ("clip", 1, "clip"),
            ("**1.2.3", 1, "**1.2.3"),
            ("my own", 1, "my own"),
            ("", 1, ""),
        ],
    )
    def test_an_operation_has_the_symbol_of_ours(self, name, operands, shown):
        assert operation_symbol(name, operands) == shown

    def test_the_slots_of_a_graph_stay_as_they_are(self):
        y = labelled()
        y.backward()
        before = slots_of(y)
        viz.compare(y, labelled()).render()
        assert slots_of(y) == before

    def test_a_deep_graph_is_compared_and_drawn_around_its_first_difference(self):
        def chain(engine, wrong=-1):
            v = engine(0.001)
            for index in range(4_000):
                v = v + engine(0.002 if index == wrong else 0.001)
            return v

        comparison = viz.compare(chain(Micrograd), chain(Value, wrong=1_800), titles=("mine", "ours"), limit=12)
        assert comparison.first.first == 0.001
        assert comparison.first.second == 0.002
        picture = seen(comparison)
        assert len(picture.boxes) == 24
        assert picture.note[-1] == "shown: 12 of the 8,001 nodes of mine and 12 of the 8,001 nodes of ours"
        assert len([box for box in picture.boxes.values() if box.border == LIGHT.highlight]) == 2

    def test_a_circle_ends(self):
        a, b = Micro(1.0), Micro(2.0)
        a._children, b._children = (b,), (a,)
        assert viz.compare(a, Micro(1.0)).render().startswith(b"<?xml")

    def test_gradients_may_be_nodes(self):
        node = Micro(2.0)
        node.grad = Micro(3.0)
        assert viz.compare(node, Value(2.0)).first.first == 3.0

    @pytest.mark.parametrize("thing", [3, None, "x", [Value(1.0)], object(), {"data": 1.0}])
    def test_only_nodes_are_compared(self, thing):
        with pytest.raises(TypeError, match=rf"^a must be a node .*, not {re.escape(repr(thing))}$"):
            viz.compare(thing, Value(1.0))
        with pytest.raises(TypeError, match=r"^b must be a node"):
            viz.compare(Value(1.0), thing)

    @pytest.mark.parametrize(("attribute", "what"), [("data", "data"), ("grad", "gradient")])
    def test_a_number_that_is_none_is_refused(self, attribute, what):
        node = Micro(1.0)
        setattr(node, attribute, "1")
        with pytest.raises(TypeError, match=f"the {what} of a node must be a real number, not '1'"):
            viz.compare(node, Value(1.0))


class TestPicture:
    def comparison(self, **options):
        w, x, b = Value(0.5, "w", role="parameter"), Value(2.0, "x", role="input"), Value(-1.0, "b", role="parameter")
        mine, solution = (w * x - b).tanh(), (w * x + b).tanh()
        mine.backward()
        return viz.compare(mine, solution, titles=("mine", "solution"), **options)

    def test_both_graphs_are_there_with_what_differs_marked(self):
        picture = seen(self.comparison())
        assert picture.frames == ["mine", "solution"]
        lines = [box.lines for box in picture.boxes.values()]
        assert len(lines) == 12
        assert ["− ≠ +", "2.0 ≠ 0.0", "grad 0.07065 ≠ none"] in lines
        assert ["+ ≠ −", "0.0 ≠ 2.0", "grad none ≠ 0.07065"] in lines
        assert lines.count(["w", "0.5", "grad 0.1413"]) == 2
        assert len(picture.edges) == 10
        marked = [box.lines[0] for box in picture.boxes.values() if box.border == LIGHT.highlight]
        assert marked == ["− ≠ +", "+ ≠ −"]

    def test_the_words_stand_below_it(self):
        comparison = self.comparison()
        assert seen(comparison).note == comparison.words.split("; ")
        assert comparison.words == (
            "the operation of (w × x) − b is − in mine, but + in solution; "
            "the value of (w × x) − b is 2.0 in mine, but 0.0 in solution; "
            "the gradient of (w × x) − b is 0.0706508 in mine, but none in solution; 2 more nodes differ"
        )
        assert repr(comparison) == f"<comparison: {comparison.words}; .save('comparison.svg') writes the picture>"

    def test_without_a_difference_nothing_is_marked(self):
        comparison = viz.compare(labelled(), labelled())
        picture = seen(comparison)
        assert comparison.words == "no difference in 6 nodes"
        assert viz.compare(Value(1.0), Value(1.0)).words == "no difference in 1 node"
        assert picture.note == ["no difference in 6 nodes"]
        assert not [box for box in picture.boxes.values() if box.border == LIGHT.highlight]
        assert not any("≠" in line for box in picture.boxes.values() for line in box.lines)

    def test_a_node_of_one_graph_alone_is_marked_there(self):
        x = Value(2.0, "x")
        picture = seen(viz.compare(x, x.tanh()))
        [marked] = [box for box in picture.boxes.values() if box.border == LIGHT.highlight]
        assert marked.lines[:2] == ["tanh", "only here"]

    def test_each_side_of_a_mark_is_what_one_of_the_nodes_has_and_they_differ(self):
        x = Value(0.5, "x")
        for other in (0.25, 0.5 + 1e-8, -0.5, math.nan):
            picture = seen(viz.compare(x * 2.0, Value(other, "x") * 2.0))
            lines = {line for box in picture.boxes.values() for line in box.lines}
            marked = {tuple(line.split(" ≠ ")) for line in lines if "≠" in line}
            assert {sides[::-1] for sides in marked} == marked
            assert all(own != counterpart for own, counterpart in marked)
            there = {counterpart for own, counterpart in marked if number_of(own) == 0.5}
            assert math.isnan(other) or other in map(number_of, there)

    def test_it_is_saved_and_shown_as_drawings_are(self, tmp_path):
        comparison = self.comparison()
        assert comparison.save(tmp_path / "a.svg").read_bytes() == comparison.render("svg")
        assert comparison.save(tmp_path / "a.png").read_bytes()[1:4] == b"PNG"
        bundle = comparison._repr_mimebundle_()
        assert {*bundle} == {"image/svg+xml", "text/html", "text/plain"}
        assert "mine and solution: the operation of (w × x) − b is − in mine, but + in solution" in bundle["text/html"]
        assert comparison._mime_() == ("text/html", bundle["text/html"])
        assert comparison.words in bundle["text/plain"]
        assert {*self.comparison(palette="dark")._repr_mimebundle_()} == {"image/svg+xml", "text/plain"}

    def test_the_first_graph_stands_above_or_beside_the_second(self):
        def middle(direction, axis):
            root = seen(self.comparison(direction=direction)).root
            at = {text.text: (float(text.get("x")), float(text.get("y"))) for text in root.iter(f"{SVG}text")}
            return at["mine"][axis], at["solution"][axis]

        for direction, axis in (("LR", 1), ("TB", 0)):
            first, second = middle(direction, axis)
            assert second - first > 50

    @pytest.mark.parametrize("text", HOSTILE)
    def test_any_text_may_be_a_label_or_a_title(self, text):
        comparison = viz.compare(Value(1.0, text), Value(2.0, text + "!"), titles=(text or "a", text + "2"))
        seen(comparison)
        assert "<script" not in comparison._repr_mimebundle_()["text/html"].lower()

    def test_labels_that_are_not_unique_come_with_their_module(self):
        with autograd.scope("layer1"):
            a = Value(1.0, "w")
        with autograd.scope("layer2"):
            b = Value(2.0, "w")
        names = Names(read_graph("a", a * b))
        assert [names.of(place) for place in range(3)] == ["layer1.w", "layer2.w", "layer1.w × layer2.w"]

    @pytest.mark.parametrize(
        ("build", "name"),
        [
            (lambda x: x**2, "x²"),
            (lambda x: (x + 1.0) ** -0.5, "(x + 1.0)^−0.5"),
            (lambda x: x**x, "x ^ x"),
            (lambda x: x.sqrt() / -x, "√x ÷ −x"),
            (lambda x: abs(x), "|x|"),
            (lambda x: x.exp().maximum(2.0), "max(exp(x), 2.0)"),
            (lambda x: x.tanh().tanh().tanh().tanh(), "tanh(tanh(tanh(…)))"),
        ],
    )
    def test_a_node_without_a_label_is_called_by_its_formula(self, build, name):
        assert Names(read_graph("a", build(Value(4.0, "x")))).of(-1) == name

    @pytest.mark.parametrize(
        ("options", "error", "message"),
        [
            ({"titles": ("a", "a")}, ValueError, r"titles must be two different strings, not \('a', 'a'\)"),
            ({"titles": ("a", "b", "c")}, ValueError, "titles must be two different strings"),
            ({"titles": ("a", 2)}, TypeError, r"titles must be two strings, not \('a', 2\)"),
            ({"titles": "ab"}, TypeError, "titles must be two strings, not 'ab'"),
            ({"titles": ("", "b")}, TypeError, "titles must be two strings"),
            ({"limit": 0}, ValueError, "limit must be a positive integer, not 0"),
            ({"limit": True}, ValueError, "limit must be a positive integer, not True"),
            ({"precision": 0}, ValueError, "precision must be an integer from 1 to 17, not 0"),
            ({"rtol": -1.0}, ValueError, "rtol must be a non-negative number, not -1.0"),
            ({"atol": "0"}, ValueError, "atol must be a non-negative number, not '0'"),
            ({"atol": float("nan")}, ValueError, "atol must be a non-negative number, not nan"),
            ({"direction": "UP"}, ValueError, "direction must be one of .*, not 'UP'"),
            ({"palette": "pink"}, ValueError, "palette must be 'light', 'dark' or 'auto', not 'pink'"),
        ],
    )
    def test_an_option_out_of_range_is_named(self, options, error, message):
        with pytest.raises(error, match=message):
            viz.compare(Value(1.0), Value(2.0), **options)

    def test_the_options_that_draw_has_have_its_defaults(self):
        draw, compare = signature(viz.draw).parameters, signature(viz.compare).parameters
        for name in ("direction", "precision", "palette"):
            assert compare[name].default == draw[name].default

    def test_micrograds_order_is_the_same_in_every_picture(self):
        def build():
            junk = [Micrograd(0.0) for _ in range(random.randrange(50))]  # so that addresses differ
            y = neuron(Micrograd) * neuron(Micrograd, w=0.25)
            junk.clear()
            return y

        pictures = {viz.compare(build(), build()).source for _ in range(10)}
        assert len(pictures) == 1
