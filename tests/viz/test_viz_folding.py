"""Graphs too large to read are folded: each node is in exactly one box, and the picture says what is folded."""

import re
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from support.modules import graphs_in_modules
from support.pictures import in_dot, lines_of, seen

import autograd
import nn
import viz
from autograd import Value, topological_order
from nn.losses import LOSSES
from viz.limits import GraphTooLargeError
from viz.pictures.folding import arrows_of, boxes_of, dense, reading_order


def chain(length, x=None):
    y = x = x or Value(0.5, "x")
    for _ in range(length):
        y = y.tanh()
    return y


def network(depth=None, **options):
    model = nn.MLP(2, [4, 1])
    return viz.draw(model([1.0, 0.0]), depth=depth, **options)


def counts(drawing):
    """The title, operations and parameters of each fold."""
    found = {}
    for box in seen(drawing).boxes.values():
        numbers = {
            what: int(n.replace(",", ""))
            for line in box.lines[1:]
            for n, what in re.findall(r"^([\d,]+) (operation|parameter)s?$", line)
        }
        if numbers:
            found.setdefault(box.lines[0], []).append((numbers.get("operation", 0), numbers.get("parameter", 0)))
    return found


class TestLaws:
    @given(graphs_in_modules(), st.sampled_from([None, 0, 1, 2, 9]), st.booleans(), st.sampled_from([3, 15, 100, 1000]))
    @settings(deadline=None, max_examples=200)
    def test_every_node_is_in_exactly_one_box(self, value, depth, hide, limit):
        try:
            boxes = boxes_of(value, depth=depth, limit=limit, hide_constants=hide)
        except GraphTooLargeError:
            return
        shown = [n for n in topological_order(value) if n is value or not (hide and n.role == "constant")]
        assert list(boxes) == shown
        assert Counter(node for box in set(boxes.values()) for node in box.nodes) == Counter(shown)
        assert all(node in box.nodes for node, box in boxes.items())
        assert len(set(boxes.values())) <= limit
        assert all(box.title or len(box.nodes) == 1 for box in boxes.values())

    @given(graphs_in_modules(), st.sampled_from([None, 0, 1, 2]))
    @settings(deadline=None, max_examples=60)
    def test_an_arrow_to_or_from_a_fold_is_drawn_once_and_any_other_once_for_each_use(self, value, depth):
        boxes = boxes_of(value, depth=depth, limit=1000, hide_constants=False)
        expected = Counter()
        for node, box in boxes.items():
            for operand in node.operands:
                tail = boxes[operand]
                if tail is not box:
                    expected[tail, box] = 1 if tail.title or box.title else expected[tail, box] + 1
        names = {box: f"node{index}" for index, box in enumerate(reading_order(boxes), 1)}
        _, edges = in_dot(viz.draw(value, depth=depth, limit=1000).source)
        assert Counter(edges) == Counter({(names[a], names[b]): n for (a, b), n in expected.items()})

    @given(graphs_in_modules(), st.sampled_from([0, 1, 2]))
    @settings(deadline=None, max_examples=40)
    def test_the_counts_in_the_folds_and_the_boxes_add_up(self, value, depth):
        drawing = viz.draw(value, depth=depth, limit=1000)
        boxes = set(boxes_of(value, depth=depth, limit=1000, hide_constants=False).values())
        inside = [node for box in boxes if box.title for node in box.nodes]
        folded = [numbers for folds in counts(drawing).values() for numbers in folds]
        assert sum(operations for operations, _ in folded) == sum(1 for node in inside if node.op)
        assert sum(parameters for _, parameters in folded) == sum(node.role == "parameter" for node in inside)

    @given(graphs_in_modules())
    @settings(deadline=None, max_examples=30)
    def test_drawing_a_fold_changes_nothing(self, value):
        value.backward()
        before = [(node, node.data, node.grad) for node in topological_order(value)]
        viz.draw(value, depth=0, limit=1000)
        assert [(node, node.data, node.grad) for node in topological_order(value)] == before


class TestModules:
    def test_a_network_within_the_limit_is_open_and_has_no_note(self):
        picture = seen(network())
        assert len(picture.boxes) == 47
        assert sorted(picture.frames) == ["layer1", "layer2", "neuron1", "neuron1", "neuron2", "neuron3", "neuron4"]
        assert picture.note == []

    def test_depth_0_folds_each_layer(self):
        drawing = network(depth=0)
        assert counts(drawing) == {"layer1": [(20, 12)], "layer2": [(8, 5)]}
        picture = seen(drawing)
        names = {name: box.lines[0] for name, box in picture.boxes.items()}
        arrows = sorted((names[tail], names[head]) for tail, head in (edge.ends for edge in picture.edges))
        assert arrows == [("layer1", "layer2"), ("x1", "layer1"), ("x2", "layer1")]
        assert picture.frames == []
        assert picture.note == ["folded: 45 of 47 nodes, in 2 boxes"]

    def test_depth_1_opens_the_layers_and_folds_each_neuron(self):
        drawing = network(depth=1)
        neurons = {f"neuron{i}": [(5, 3)] for i in range(2, 5)}
        assert counts(drawing) == neurons | {"neuron1": [(5, 3), (8, 5)]}
        picture = seen(drawing)
        assert sorted(picture.frames) == ["layer1", "layer2"]
        assert len(picture.edges) == 2 * 4 + 4
        assert picture.note == ["folded: 45 of 47 nodes, in 5 boxes"]

    @pytest.mark.parametrize("depth", [2, 3, 1000])
    def test_depth_2_opens_all(self, depth):
        assert network(depth=depth).source == network().source

    def test_one_fold_is_one_box(self):
        with autograd.scope("part"):
            y = Value(1.0, "x").tanh() * 2.0
        assert seen(viz.draw(y, depth=0)).note == ["folded: 4 of 4 nodes, in 1 box"]

    @pytest.mark.parametrize("name", ["operation", "parameters", "my operation 1"])
    def test_the_counts_are_shown_whatever_the_name_of_the_module(self, name):
        with autograd.scope(name):
            y = Value(1.0, role="parameter").tanh()
        assert lines_of(viz.draw(y, depth=0)) == [[name, "1 operation", "1 parameter", "0.7616"]]

    def test_a_huge_network_is_folded_to_what_can_be_read(self):
        output = nn.MLP(20, [30, 30, 2])([0.1] * 20)[0]
        drawing = viz.draw(output)
        size = len(topological_order(output))
        picture = seen(drawing)
        assert size > 3000
        assert len(picture.boxes) <= 100
        [note] = picture.note
        assert f"of {size:,} nodes" in note
        folded = [numbers for folds in counts(drawing).values() for numbers in folds]
        assert sum(operations for operations, _ in folded) == sum(1 for v in topological_order(output) if v.op)

    def test_as_many_levels_are_opened_as_the_limit_allows(self):
        model = nn.MLP(2, [4, 1])
        output = model([1.0, 0.0])
        sizes = [len(seen(viz.draw(output, limit=limit)).boxes) for limit in (47, 46, 7, 6, 4)]
        assert sizes == [47, 7, 7, 4, 4]
        with pytest.raises(GraphTooLargeError):
            viz.draw(output, limit=3)

    def test_a_batch_through_one_model_is_one_box_a_layer(self):
        model = nn.MLP(2, [3, 1])
        outputs = model(np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]))
        loss = nn.mse_loss(outputs, np.array([0.0, 1.0, 1.0, 0.0]))
        drawing = viz.draw(loss, depth=0)
        folds = counts(drawing)
        assert folds["layer1"] == [(4 * 15, 9)]
        assert folds["layer2"] == [(4 * 6, 4)]
        assert Counter(lines[0] for lines in lines_of(drawing))["x1"] == 4

    def test_hidden_constants_do_not_count_towards_the_limit(self):
        y = Value(1.0, "x")
        for _ in range(10):
            y = y + 1.0
        assert len(seen(viz.draw(y, limit=11, hide_constants=True)).boxes) == 11


class TestRuns:
    def test_a_graph_within_the_limit_is_not_folded(self):
        picture = seen(viz.draw(chain(39)))
        assert len(picture.boxes) == 40
        assert picture.note == []

    def test_a_long_chain_folds_its_middle_and_keeps_its_ends(self):
        y = chain(300)
        y.label = "y"
        drawing = viz.draw(y)
        lines = lines_of(drawing)
        assert lines[0] == ["x", "0.5"]
        assert [text[0] for text in lines] == ["x", *["tanh"] * 4, "…", *["tanh"] * 3, "y"]
        fold = topological_order(y)[-5]  # the last operation in the fold: what it passes on
        assert lines[5] == ["…", "292 operations", f"{fold.data:.4g}"]
        assert seen(drawing).note == ["folded: 292 of 301 nodes, in 1 box"]
        assert [edge.ends for edge in seen(drawing).edges] == [(f"node{i}", f"node{i + 1}") for i in range(1, 10)]

    def test_leaves_that_only_the_middle_uses_are_folded_with_it_and_shared_ones_are_not(self):
        shared = Value(2.0, "shared", role="parameter")
        y = Value(0.5, "x")
        for _ in range(60):
            y = y + 1.0
        for _ in range(60):
            y = y * shared
        names = [lines[0] for lines in lines_of(viz.draw(y))]
        assert names.count("shared") == 1
        assert names.count("1.0") == 4  # at the beginning, where the operations are open too

    def test_a_leaf_folded_with_its_module_is_not_folded_a_second_time(self):
        with autograd.scope("weights"):
            w = Value(2.0, "w", role="parameter")
        y = chain(30, chain(30) * w)
        drawing = viz.draw(y, depth=0)
        assert counts(drawing) == {"weights": [(0, 1)], "…": [(53, 0)]}
        assert seen(drawing).note == ["folded: 54 of 63 nodes, in 2 boxes"]

    def test_a_node_that_is_also_used_outside_the_chain_stays(self):
        x = Value(0.5, "x")
        first = chain(60, x)
        first.label = "used twice"
        y = chain(60, first) * first
        assert ["used twice", "tanh"] in [lines[:2] for lines in lines_of(viz.draw(y))]

    def test_a_chain_of_20_000_operations_is_drawn(self):
        y = Value(0.5, "x")
        for _ in range(10_000):
            y = (y + 1e-5).tanh()
        assert len(seen(viz.draw(y)).boxes) < 20
        assert len(seen(viz.draw(y, hide_constants=True)).boxes) == 10


def wide(width):
    leaves = [Value(float(i)) for i in range(width)]
    while len(leaves) > 1:
        leaves = [a + b for a, b in zip(leaves[::2], leaves[1::2], strict=True)]
    return leaves[0]


class TestTooLarge:
    def test_it_is_rejected_with_advice(self):
        with pytest.raises(GraphTooLargeError) as error:
            viz.draw(wide(64))
        for part in ("127 nodes", "100", "scope", "viz.code(value)", "limit=", "part"):
            assert part in str(error.value)

    def test_it_is_a_value_error(self):
        assert issubclass(GraphTooLargeError, ValueError)

    def test_a_higher_limit_draws_it(self):
        assert len(seen(viz.draw(wide(64), limit=127)).boxes) == 127

    def test_names_for_its_parts_draw_it(self):
        halves = []
        for name in ("left", "right"):
            with autograd.scope(name):
                halves.append(wide(64))
        drawing = viz.draw(halves[0] + halves[1])
        assert counts(drawing) == {"left": [(63, 0)], "right": [(63, 0)]}

    def test_a_depth_that_is_too_deep_is_rejected_even_if_another_would_do(self):
        output = nn.MLP(10, [16, 1])([0.1] * 10)
        assert len(seen(viz.draw(output)).boxes) <= 100
        with pytest.raises(GraphTooLargeError):
            viz.draw(output, depth=2)

    @pytest.mark.parametrize("depth", [-1, 1.0, "1", True, [0]])
    def test_an_invalid_depth_is_named(self, depth):
        with pytest.raises(ValueError, match=re.escape(f"depth must be a non-negative integer or None, not {depth!r}")):
            network(depth=depth)


@pytest.mark.parametrize("name", sorted(LOSSES))
def test_a_loss_is_one_box_unless_it_is_opened(name):
    scores = nn.MLP(2, [2], output_activation="sigmoid", seed=1)([1.0, 2.0])
    loss = LOSSES[name](scores, [1.0, 0.0] if name != "hinge_loss" else [1.0, -1.0])
    loss.label = "the loss"
    boxes = boxes_of(loss, depth=None, limit=100, hide_constants=False)
    assert (boxes[loss].path, boxes[loss].title) == ((), name)
    assert {node.scope for node in boxes[loss].nodes} == {name}
    assert all(not box.title for box in boxes.values() if box is not boxes[loss])
    assert [name, "the loss"] in [lines[:2] for lines in lines_of(viz.draw(loss))]
    with_derivatives = [lines[:2] for lines in lines_of(viz.draw(loss, local_derivatives=True))]
    assert [name, "the loss"] not in with_derivatives  # a fold would hide them
    opened = boxes_of(loss, depth=2, limit=100, hide_constants=False)
    assert opened[loss].path == (name,)
    assert not opened[loss].title


class TestDense:
    @given(graphs_in_modules(), st.sampled_from([0, 1, 2]))
    @settings(deadline=None, max_examples=60)
    def test_arrows_are_dense_if_many_leave_where_they_start_and_many_arrive_where_they_end(self, value, depth):
        arrows = arrows_of(boxes_of(value, depth=depth, limit=1000, hide_constants=False))
        leaving, arriving = Counter(a.tail for a in arrows), Counter(a.head for a in arrows)
        many = {a for a in arrows if leaving[a.tail] >= 4 and arriving[a.head] >= 4}
        assert dense(arrows) == many | {a for a in arrows if leaving[a.tail] >= 50}

    def test_the_arrows_from_a_weight_are_dense_if_it_is_used_for_many_samples(self):
        for samples, expected in ((49, 0), (50, 50)):
            w = Value(0.5, "w")
            terms = [w * Value(float(n), f"x{n}") for n in range(samples)]
            boxes = boxes_of(sum(terms[1:], terms[0]), depth=None, limit=1000, hide_constants=False)
            found = dense(arrows_of(boxes))
            assert len(found) == expected
            assert {arrow.tail for arrow in found} <= {boxes[w]}

    def test_only_the_arrows_between_wide_layers_are_drawn_with_light_strokes(self):
        model = nn.MLP(2, [4, 5, 1], seed=0)
        edges = seen(viz.draw(model([Value(1.0, "x1"), Value(2.0, "x2")]), depth=1)).edges
        light = [edge for edge in edges if edge.width < 1.0]
        assert len(light) == 4 * 5
        assert len({tail for tail, _ in (e.ends for e in light)}) == 4
        assert len({head for _, head in (e.ends for e in light)}) == 5
        assert {edge.width for edge in edges if edge not in light} == {1.0}
