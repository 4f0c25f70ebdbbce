"""In pictures, no text is crossed by a line, none covers another, and none leaves its box or the page."""

import re
import xml.etree.ElementTree as ET
from itertools import combinations, pairwise

import pytest
from hypothesis import given, settings, strategies as st
from support.pictures import SVG

import nn
import viz
from autograd import Value
from viz.pictures.document import columns

LABELS = ["x", "", "β₁", "x̂⁽ⁱ⁾", "‖ŷ − y‖²", "重み", "a label of forty-eight letters, which is a lot of", "two\nlines"]
DIRECTIONS = ["LR", "RL", "TB", "BT"]
ROUNDING = 1.0  # points: Graphviz rounds places


def numbers_in(text):
    return [float(number) for number in re.findall(r"-?[\d.]+", text)]


def box_of_text(element):
    """The left, top, right and bottom of a text in a monospaced font, as far as its letters reach."""
    size, x, y = (float(element.get(name)) for name in ("font-size", "x", "y"))
    width = 0.6 * size * columns(element.text)
    left = x - {"start": 0.0, "middle": width / 2}[element.get("text-anchor")]
    return left, y - 0.72 * size, left + width, y + 0.1 * size


def points_on(path, steps=24):
    """Points along a path of Bézier curves."""
    numbers = numbers_in(path.get("d"))
    points = [*zip(numbers[::2], numbers[1::2], strict=True)]
    for start in range(0, len(points) - 1, 3):
        for step in range(steps + 1):
            t = step / steps
            weights = (1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3
            yield tuple(
                sum(weight * point[axis] for weight, point in zip(weights, points[start : start + 4], strict=True))
                for axis in (0, 1)
            )


def corners(shape):
    """The left, top, right and bottom of a shape of a box."""
    if shape.tag == f"{SVG}ellipse":
        x, y, rx, ry = (float(shape.get(name)) for name in ("cx", "cy", "rx", "ry"))
        return x - rx, y - ry, x + rx, y + ry
    numbers = numbers_in(shape.get("d") or shape.get("points"))
    return min(numbers[::2]), min(numbers[1::2]), max(numbers[::2]), max(numbers[1::2])


def is_inside(point, box, margin=0.0):
    (x, y), (left, top, right, bottom) = point, box
    return left + margin < x < right - margin and top + margin < y < bottom - margin


def overlap(a, b):
    return min(a[2], b[2]) - max(a[0], b[0]) > ROUNDING and min(a[3], b[3]) - max(a[1], b[1]) > ROUNDING


def contains(outer, inner):
    return all(a <= b + ROUNDING for a, b in zip(outer[:2], inner[:2], strict=True)) and all(
        a + ROUNDING >= b for a, b in zip(outer[2:], inner[2:], strict=True)
    )


def check_legible(drawing):
    """Checks that every text can be read, and returns the number of texts outside boxes."""
    root = ET.fromstring(drawing.render())
    groups = [
        (group, group.get("class"))
        for group in root.iter(f"{SVG}g")
        if group.get("class") in ("node", "edge", "cluster")
    ]
    lines = [[*points_on(path)] for group, kind in groups if kind == "edge" for path in group.iter(f"{SVG}path")]
    boxes, free = [], []
    for group, kind in groups:
        texts = [(text.text, box_of_text(text)) for text in group.iter(f"{SVG}text")]
        if kind != "node" or group.get("id").endswith("_label"):
            free += texts
            continue
        shape = next(
            element for element in group.iter() if element.tag in (f"{SVG}path", f"{SVG}polygon", f"{SVG}ellipse")
        )
        boxes.append(corners(shape))
        for text, place in texts:
            assert contains(boxes[-1], place), text
    for text, place in free:
        assert not any(is_inside(point, place, 0.3) for line in lines for point in line), text
        assert not any(overlap(place, box) for box in boxes), text
    for (text, a), (other, b) in combinations(free, 2):
        assert not overlap(a, b), (text, other)
    return len(free)


sizes = st.lists(st.integers(1, 6), min_size=2, max_size=4)


@given(sizes, st.sampled_from(DIRECTIONS), st.integers(1, 9), st.integers(-12, 12), st.sampled_from(LABELS))
@settings(deadline=None, max_examples=40)
def test_in_a_network_every_number_is_at_the_end_of_its_line_and_clear_of_all_others(
    sizes, direction, precision, power, name
):
    network = nn.MLP(sizes[0], sizes[1:], seed=1)
    for number, parameter in enumerate(network.parameters()):
        parameter.data = (-1) ** number * (1.0 + number / 7) * 10.0 ** (power if number % 3 else 0)
    names = {"inputs": [name] * sizes[0], "outputs": [name] * sizes[-1]}
    texts = check_legible(viz.draw_network(network, direction=direction, precision=precision, **names))
    weights = sum(a * b for a, b in pairwise(sizes))
    assert texts == (weights if weights <= 40 else 0)


@given(sizes, st.sampled_from(DIRECTIONS), st.booleans(), st.booleans())
@settings(deadline=None, max_examples=20)
def test_in_matrices_every_shape_is_clear_of_lines_and_boxes(sizes, direction, gradients, rows):
    options = {"gradients": gradients, "samples_as": "rows" if rows else "columns", "samples": 12_345}
    options |= {"loss": "mse_loss", "local_derivatives": True} if len(sizes) == 2 else {}
    drawing = viz.draw_network(sizes, view="matrices", direction=direction, activation="tanh", **options)
    assert check_legible(drawing) > 2


@given(
    st.lists(st.integers(1, 3), min_size=2, max_size=4),
    st.sampled_from(DIRECTIONS),
    st.lists(st.sampled_from(LABELS), min_size=4, max_size=4),
    st.floats(-1e9, 1e9),
)
@settings(deadline=None, max_examples=30)
def test_in_a_graph_every_local_derivative_is_clear_of_lines_and_boxes(sizes, direction, labels, number):
    network = nn.MLP(sizes[0], sizes[1:], activation="tanh", seed=1)
    inputs = [Value(number, label) for label in labels[: sizes[0]]]
    outputs = network(inputs)
    output = sum(outputs, Value(0.0, labels[3])) if isinstance(outputs, list) else outputs
    output.label = labels[0]
    output.backward()
    assert check_legible(viz.draw(output, direction=direction, local_derivatives=True)) > 2


@pytest.mark.parametrize("direction", DIRECTIONS)
def test_in_a_graph_of_many_uses_every_local_derivative_is_clear_of_lines_and_boxes(direction):
    a, b = Value(-4.0, "a"), Value(2.0, "b")
    c = a + b
    d = a * b + b**3
    c = c + c + 1.0
    c = c + 1.0 + c + (-a)
    d = d + d * 2 + (b + a).relu()
    d = d + 3 * d + (b - a).relu()
    e = c - d
    g = e**2 / 2.0 + 10.0 / e**2
    g.backward()
    assert check_legible(viz.draw(g, direction=direction, local_derivatives=True)) > 20
