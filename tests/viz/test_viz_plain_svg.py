"""Without Graphviz, pictures have the same boxes, arrows and texts at the same places as with it."""

import re
from xml.etree import ElementTree

import pytest

import nn
import viz
from autograd import Value
from viz.pictures import drawing
from viz.pictures.plain_svg import plain_svg

SVG = "{http://www.w3.org/2000/svg}"
NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


def small():
    x = Value(3.0, "x")
    y = (x * x).tanh() + 2.0
    y.label = 'y <&> "'
    y.backward()
    return viz.draw(y, local_derivatives=True, highlight=(x, y))


def network_graph(**options):
    output = nn.MLP(2, [3, 1], seed=1)([1.0, 2.0])
    output.backward()
    return viz.draw(output, **options)


def long():
    total = Value(1.0)
    for number in range(300):
        total = total * 1.1 + number
    return viz.draw(total, palette="dark")


PICTURES = {
    "small": small,
    **{
        direction: lambda direction=direction: network_graph(direction=direction)
        for direction in ("LR", "RL", "TB", "BT")
    },
    "folded": lambda: network_graph(depth=0),
    "with a note": long,
    "a network": lambda: viz.draw_network(nn.MLP(2, [3, 1], seed=1)),
    "sizes": lambda: viz.draw_network([3, 20, 2]),
}


def parts(svg):
    """For each box, frame and arrow: its texts with their styles, the colours of its shapes, and some of its places."""
    found = {}
    for group in ElementTree.fromstring(svg).iter(f"{SVG}g"):
        name, kind = group.get("id"), group.get("class")
        if kind not in ("node", "edge", "cluster"):
            continue
        texts = list(group.iter(f"{SVG}text"))
        words = [(t.text, t.get("fill"), t.get("font-weight"), float(t.get("font-size"))) for t in texts]
        places = [(float(t.get("x")), float(t.get("y"))) for t in texts]
        shapes = [e for e in group.iter() if e.tag.removeprefix(SVG) in ("path", "ellipse", "polygon", "rect")]
        paints = [(e.get("fill"), e.get("stroke"), e.get("stroke-width")) for e in shapes]
        if kind == "edge":
            numbers = list(map(float, NUMBER.findall(shapes[0].get("d"))))
            places += [*zip(numbers[::2], numbers[1::2], strict=True)]
        tooltips = [e.get("{http://www.w3.org/1999/xlink}title") for e in group.iter(f"{SVG}a")]
        found[name] = (words, paints, tooltips), places
    return found


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_without_graphviz_is_that_of_graphviz(name):
    picture = PICTURES[name]()
    ours, graphvizs = parts(plain_svg(picture._document)), parts(picture.render())
    assert {name: looks for name, (looks, _) in ours.items()} == {name: looks for name, (looks, _) in graphvizs.items()}
    pairs = [pair for name, (_, places) in ours.items() for pair in zip(places, graphvizs[name][1], strict=True)]
    shifts = [(a[0] - b[0], a[1] - b[1]) for a, b in pairs]
    for axis in (0, 1):  # Graphviz moves all by the same, and rounds places to whole points
        moved = [shift[axis] for shift in shifts]
        assert max(moved) - min(moved) < 1.3


def test_pictures_are_drawn_without_graphviz_if_its_packages_are_missing(monkeypatch):
    monkeypatch.setattr(drawing, "can_run_graphviz", lambda: False)
    picture = small()
    assert picture.render("svg") == plain_svg(picture._document).encode()
    assert picture._repr_svg_() == plain_svg(picture._document)


def test_everything_is_on_the_page():
    for make in PICTURES.values():
        document = make()._document
        root = ElementTree.fromstring(plain_svg(document))
        left, top, width, height = map(float, root.get("viewBox").split())
        for text in root.iter(f"{SVG}text"):
            half = 0.6 * float(text.get("font-size")) * len(text.text) / 2
            assert left <= float(text.get("x")) - half
            assert float(text.get("x")) + half <= left + width
            assert top <= float(text.get("y")) <= top + height
