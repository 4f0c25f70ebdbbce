"""Layouts keep the reading order, nothing covers anything else, and no wire crosses what it does not belong to."""

import re
from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

import nn
from autograd import Value, topological_order
from viz.layout import Rectangle, Shape, Wire, lay_out
from viz.layout.columns import column_of_each
from viz.layout.heights import spread
from viz.pictures.folding import arrows_of, fold_modules, open_to, reading_order

DIRECTIONS = ["LR", "RL", "TB", "BT"]
TITLE = 40.0  # points
NEAR = 1e-6


@st.composite
def graphs(draw):
    """Boxes in nested modules, and wires between them; now and then modules depend on each other in a circle."""
    paths = draw(st.lists(st.sampled_from(["", "a", "b", "a.c", "a.d", "a.c.e", "b.f"]), min_size=1, max_size=14))
    shapes = [
        Shape(
            draw(st.sampled_from([20.0, 60.0, 110.0])),
            draw(st.sampled_from([30.0, 53.0])),
            tuple(filter(None, path.split("."))),
        )
        for path in paths
    ]
    count = len(shapes)
    ends = draw(st.lists(st.tuples(st.integers(0, count - 1), st.integers(0, count - 1)), max_size=24))
    labelled = draw(st.booleans())
    wires = [Wire(min(a, b), max(a, b), *((24.0, 10.0) if labelled else ())) for a, b in ends if a != b]
    if labelled:  # a side is long enough for the texts beside the wires that arrive there
        need = [14.0 * (1 + sum(wire.head == box for wire in wires)) for box in range(count)]
        wide = [28.0 * (1 + sum(wire.head == box for wire in wires)) for box in range(count)]
        shapes = [
            shape._replace(height=max(shape.height, tall), width=max(shape.width, breadth))
            for shape, tall, breadth in zip(shapes, need, wide, strict=True)
        ]
    return shapes, wires


@st.composite
def long_graphs(draw):
    """Chains of boxes and modules, with parameters and skip connections: longer than a page is wide."""
    shapes, wires, last = [], [], 0
    for layer in range(draw(st.integers(10, 20))):
        path = (f"layer{layer}",) if draw(st.booleans()) else ()
        first = len(shapes)
        sizes = draw(
            st.lists(st.tuples(st.sampled_from([60.0, 110.0]), st.sampled_from([70.0, 90.0])), min_size=1, max_size=3)
        )
        shapes += [Shape(*size, path) for size in sizes]
        if draw(st.booleans()) and path:
            shapes.append(Shape(110.0, 70.0, path))
            wires += [Wire(box, len(shapes) - 1) for box in range(first, len(shapes) - 1)]
        if layer:
            wires += [Wire(last, box) for box in range(first, len(shapes))]
            if draw(st.integers(0, 4)) == 0:
                wires.append(Wire(draw(st.integers(0, last)), first))
        last = len(shapes) - 1
    return shapes, [wire._replace(width=24.0, height=10.0) for wire in dict.fromkeys(wires)]


def titles_of(shapes):
    return {shape.path[:n]: TITLE for shape in shapes for n in range(1, len(shape.path) + 1)}


def overlap(a, b):
    return (
        min(a.x + a.width, b.x + b.width) - max(a.x, b.x) > NEAR
        and min(a.y + a.height, b.y + b.height) - max(a.y, b.y) > NEAR
    )


def contains(outer, inner):
    return (
        outer.x - NEAR <= inner.x
        and outer.y - NEAR <= inner.y
        and inner.x + inner.width <= outer.x + outer.width + NEAR
        and inner.y + inner.height <= outer.y + outer.height + NEAR
    )


def points_of(curve):
    return [*zip(curve[::2], curve[1::2], strict=True)]


def points_on(curve, steps=24):
    """Points along a Bézier curve."""
    curve = points_of(curve)
    for start in range(0, len(curve) - 1, 3):
        a, b, c, d = curve[start : start + 4]
        for step in range(steps + 1):
            t = step / steps
            weights = (1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3
            yield tuple(sum(w * p[axis] for w, p in zip(weights, (a, b, c, d), strict=True)) for axis in (0, 1))


def enters(points, rectangle, margin=0.5):
    """Whether one of some points is inside a rectangle."""
    x, y, width, height = rectangle
    at = np.asarray(points)
    inside = (at > (x + margin, y + margin)) & (at < (x + width - margin, y + height - margin))
    return bool(inside.all(axis=1).any())


def title_place(frame):
    return Rectangle(frame.x + 8, frame.y + 5, TITLE, 12)


@given(graphs(), st.sampled_from(DIRECTIONS))
def test_no_box_frame_or_title_covers_another(graph, direction):
    shapes, wires = graph
    check_places(shapes, lay_out(shapes, wires, direction, titles_of(shapes)))


def check_places(shapes, layout):
    """Checks that no box, frame or title covers another, and that all are inside of what they belong to."""
    assert not any(overlap(a, b) for a, b in combinations(layout.boxes, 2))
    whole = Rectangle(0, 0, layout.width, layout.height)
    assert all(contains(whole, place) for place in [*layout.boxes, *layout.frames.values()])
    for (path, frame), (other, around) in combinations(layout.frames.items(), 2):
        nested = path[: len(other)] == other or other[: len(path)] == path
        assert nested or not overlap(frame, around)
    for path, frame in layout.frames.items():
        for shape, box in zip(shapes, layout.boxes, strict=True):
            assert contains(frame, box) if shape.path[: len(path)] == path else not overlap(frame, box)
        assert not any(overlap(title_place(frame), box) for box in layout.boxes)
        assert contains(frame, title_place(frame))


@given(graphs(), st.sampled_from(DIRECTIONS))
def test_a_wire_crosses_no_box_no_title_and_no_text_beside_a_wire(graph, direction):
    shapes, wires = graph
    check_wires(shapes, wires, lay_out(shapes, wires, direction, titles_of(shapes)))


def check_wires(shapes, wires, layout):
    """Checks that wires cross no box that they do not belong to, no title, and no text beside a wire."""
    texts = [
        Rectangle(at.x - wire.width / 2, at.y - wire.height / 2, wire.width, wire.height)
        for wire, at in zip(wires, layout.labels, strict=True)
        if wire.width
    ]
    for wire, curve in zip(wires, layout.curves, strict=True):
        points = np.array([*points_on(curve)])
        for number, box in enumerate(layout.boxes):
            assert number in (wire.tail, wire.head) or not enters(points, box)
        assert not any(enters(points, title_place(frame)) for frame in layout.frames.values())
        assert not any(enters(points, text) for text in texts)
    assert not any(overlap(a, b) for a, b in combinations(texts, 2))


@given(long_graphs(), st.sampled_from(["LR", "RL"]), st.sampled_from([1.0, 2.5, 4.0]))
@settings(deadline=None, max_examples=25)
def test_rows_keep_all_laws_of_a_band(graph, direction, aspect):
    shapes, wires = graph
    layout = lay_out(shapes, wires, direction, titles_of(shapes), aspect)
    check_places(shapes, layout)
    check_wires(shapes, wires, layout)
    for curve in layout.curves:
        assert all(
            -NEAR <= x <= layout.width + NEAR and -NEAR <= y <= layout.height + NEAR for x, y in points_on(curve)
        )


@given(long_graphs(), st.sampled_from([1.0, 2.5, 4.0]))
@settings(deadline=None, max_examples=25)
def test_rows_are_chosen_only_where_they_are_a_good_deal_larger_and_are_read_like_a_text(graph, aspect):
    shapes, wires = graph
    band, rows = (lay_out(shapes, wires, titles=titles_of(shapes), aspect=choice) for choice in (None, aspect))
    sizes = [max(layout.width / aspect, layout.height) for layout in (band, rows)]
    assert rows == band or sizes[0] > 1.4 * sizes[1]
    places = sorted(range(len(shapes)), key=lambda box: (band.boxes[box].x, band.boxes[box].y))
    for before, after in pairwise(places):  # in the band's order: to the right or below
        a, b = rows.boxes[before], rows.boxes[after]
        assert b.x >= a.x - NEAR or b.y >= a.y + a.height


@pytest.mark.parametrize("depth", [0, 1])
def test_thirty_layers_are_rows_that_fill_a_panel(depth):
    model = nn.MLP(2, [2] * 30, activation="tanh", seed=0)
    root = nn.mse_loss(model([0.3, -0.7]), [0.5, 0.5])
    _, band = placed(root, depth)
    order, rows = placed(root, depth, aspect=2.5)
    assert band.width > 10 * band.height
    assert 1.4 < rows.width / rows.height < 4.5
    assert rows.width < 0.4 * band.width
    places = {**rows.frames, **{(box.title,): at for box, at in zip(order, rows.boxes, strict=True) if box.title}}
    layers = [places[f"layer{n}",] for n in range(1, 31)]
    breaks = [b.x < a.x for a, b in pairwise(layers)]
    for (a, b), is_new_row in zip(pairwise(layers), breaks, strict=True):
        assert b.y > a.y + a.height if is_new_row else b.x > a.x + a.width
    assert sum(breaks) >= 2


def test_wires_between_rows_are_nested_and_do_not_cross():
    """Two wires from one row to the next, drawn as lines, have no point in common."""
    pairs = [(2 * n + a, 2 * n + 2 + a) for n in range(30) for a in (0, 1)]
    layout = lay_out([Shape(110.0, 53.0)] * 62, [Wire(a, b) for a, b in pairs], aspect=2.5)
    assert layout.height > 3 * 118
    curves = [[*points_on(curve, 60)] for curve in layout.curves]
    for upper, lower in zip(curves[::2], curves[1::2], strict=True):
        assert min(abs(x - u) + abs(y - v) for x, y in upper for u, v in lower) > 3.0


@given(graphs())
def test_wires_lead_from_the_right_of_a_box_to_the_left_of_another(graph):
    shapes, wires = graph
    layout = lay_out(shapes, wires)
    for wire, curve in zip(wires, layout.curves, strict=True):
        tail, head = layout.boxes[wire.tail], layout.boxes[wire.head]
        points = points_of(curve)
        assert points[0] == pytest.approx((tail.x + tail.width, tail.y + tail.height / 2))
        assert points[-1][0] == pytest.approx(head.x)
        assert head.y < points[-1][1] < head.y + head.height
        assert len(points) % 3 == 1


@given(graphs())
def test_from_right_to_left_is_the_mirror_image(graph):
    shapes, wires = graph
    right, left = lay_out(shapes, wires, "LR"), lay_out(shapes, wires, "RL")
    assert [left.width - box.x - box.width for box in left.boxes] == pytest.approx([box.x for box in right.boxes])


def placed(root, depth, **options):
    """The boxes of a graph, and where they stand."""
    boxes = fold_modules(topological_order(root), open_to(depth))
    order = reading_order(boxes)
    index = {box: number for number, box in enumerate(order)}
    shapes = [Shape(100.0, 53.0, box.path, box.title or box.nodes[0].label) for box in order]
    wires = [Wire(index[arrow.tail], index[arrow.head]) for arrow in arrows_of(boxes)]
    return order, lay_out(shapes, wires, **options)


sizes = st.lists(st.integers(1, 12), min_size=2, max_size=4)


@given(sizes, st.integers(0, 2))
def test_inputs_neurons_and_layers_stand_in_reading_order(sizes, depth):
    model = nn.MLP(sizes[0], sizes[1:], activation="tanh", seed=0)
    outputs = model([Value(0.1 * n, f"x{n}") for n in range(1, sizes[0] + 1)])
    root = nn.mse_loss([outputs] if sizes[-1] == 1 else outputs, [0.5] * sizes[-1])
    order, layout = placed(root, depth)
    frames = dict(layout.frames)
    frames |= {(*box.path, box.title): place for box, place in zip(order, layout.boxes, strict=True) if box.title}
    layers = [frames[(f"layer{n}",)] for n in range(1, len(sizes))]
    for before, after in pairwise(layers):
        assert before.x + before.width < after.x
    if depth:
        for layer, count in enumerate(sizes[1:], 1):
            neurons = [frames[f"layer{layer}", f"neuron{n}"] for n in range(1, count + 1)]
            assert all(above.y + above.height <= below.y for above, below in pairwise(neurons))
            assert len({round(neuron.x + neuron.width / 2, 3) for neuron in neurons}) == 1
    inputs = {
        box.nodes[0].label: place
        for box, place in zip(order, layout.boxes, strict=True)
        if re.fullmatch(r"x\d+", box.nodes[0].label) and not box.path
    }
    in_order = [inputs[name] for name in sorted(inputs, key=lambda name: int(re.sub(r"\D", "", name)))]
    assert all(above.y + above.height <= below.y for above, below in pairwise(in_order))
    assert all(place.x + place.width < layers[0].x for place in in_order)
    (last,) = (place for box, place in zip(order, layout.boxes, strict=True) if root in box.nodes)
    end = layout.frames.get(("mse_loss",), last)
    assert end.x + end.width == pytest.approx(layout.width)
    assert all(last.x + last.width >= place.x + place.width for place in layout.boxes)


def test_a_chain_is_straight():
    layout = lay_out([Shape(50, 30)] * 5, [Wire(n, n + 1) for n in range(4)])
    assert {box.y for box in layout.boxes} == {0.0}
    assert {y for curve in layout.curves for _, y in points_of(curve)} == {15.0}


@given(st.integers(1, 8), st.data())
def test_columns_follow_links(count, data):
    pair = st.tuples(st.integers(0, count - 1), st.integers(0, count - 1))
    links = [(min(a, b), max(a, b)) for a, b in data.draw(st.lists(pair)) if a != b]
    columns = column_of_each(count, links, [])
    assert all(columns[tail] < columns[head] for tail, head in links)
    assert min(columns) == 0
    assert set(columns) == set(range(max(columns) + 1))


wishes = st.lists(st.tuples(st.floats(-100, 100), st.floats(0.1, 10)), min_size=1, max_size=8)


@given(wishes, st.data())
def test_spread_keeps_distances_and_is_the_nearest_that_does(wishes, data):
    """The nearest: moving a part of them together, as far as distances allow, brings nothing."""
    wish, weight = map(list, zip(*wishes, strict=True))
    distances = data.draw(st.lists(st.floats(0, 50), min_size=len(wish) - 1, max_size=len(wish) - 1))
    found = spread(wish, weight, distances)
    assert all(b - a >= distance - 1e-6 for (a, b), distance in zip(pairwise(found), distances, strict=True))

    def cost(places):
        return sum(w * (place - at) ** 2 for place, at, w in zip(places, wish, weight, strict=True))

    for first in range(len(found)):
        for end in range(first + 1, len(found) + 1):
            for step in (-0.01, 0.01):
                moved = [place + step * (first <= at < end) for at, place in enumerate(found)]
                if all(b - a >= d for (a, b), d in zip(pairwise(moved), distances, strict=True)):
                    assert cost(moved) >= cost(found) - 1e-9
