"""The explorer's use of space: what is visible of the graph, the math and the sliders in a window of any size."""

from itertools import pairwise

import pytest

import viz
from autograd import Value, scope, tanh
from autograd.notation.steps import backward_steps, forward_steps


def neuron():
    """The squared error of one neuron: ten boxes and three more."""
    w1, w2, b = (Value(x, name, role="parameter") for x, name in ((0.7, "w1"), (-1.2, "w2"), (0.3, "b")))
    x1, x2 = (Value(x, name, role="input") for x, name in ((1.5, "x1"), (-0.4, "x2")))
    with scope("neuron"):
        output = tanh(w1 * x1 + w2 * x2 + b)
    return (output - Value(0.5, "y", role="input")) ** 2


def steps_of(root):
    return len(forward_steps(root)) + len([step for step in backward_steps(root) if step.operand.role != "constant"])


SEEN = """() => {
    const canvas = document.querySelector("#canvas").getBoundingClientRect();
    const { a: scale, e: x, f: y } = new DOMMatrix(document.querySelector(".scene").style.transform);
    const boxes = [...document.querySelectorAll(".box")].map((box) => {
        const rect = box.querySelector("rect");
        const place = rect.getBoundingClientRect();
        return {
            box: box.dataset.box,
            marks: ["current", "operand", "receiver", "chosen"].filter((mark) => box.classList.contains(mark)),
            left: place.left - canvas.left, top: place.top - canvas.top,
            right: place.right - canvas.left, bottom: place.bottom - canvas.top,
        };
    });
    return { scale, x, y, width: canvas.width, height: canvas.height, boxes };
}"""


def is_whole(box, seen):
    slack = 3  # pixels: the border of a marked box
    return (
        box["left"] >= -slack
        and box["top"] >= -slack
        and box["right"] <= seen["width"] + slack
        and box["bottom"] <= seen["height"] + slack
    )


def at(page, step):
    page.locator("#scrubber").fill(str(step))
    return page.evaluate(SEEN)


def assert_whole(page, selector, panel):
    """Whatever matches the selector is inside its panel and the window."""
    frame = page.locator(panel).bounding_box()
    height = page.viewport_size["height"]
    for place in [element.bounding_box() for element in page.locator(selector).all()]:
        assert place["y"] >= frame["y"] - 1
        assert place["y"] + place["height"] <= min(height, frame["y"] + frame["height"]) + 1


def test_the_whole_neuron_is_visible_at_every_step_on_a_small_projector(opened):
    root = neuron()
    page = opened(viz.explore(root), 1280, 720, reduced_motion="reduce")
    for step in range(steps_of(root) + 1):
        seen = at(page, step)
        assert len(seen["boxes"]) == 13
        assert all(is_whole(box, seen) for box in seen["boxes"])
        assert_whole(page, "#equation > div .sides", "#math")


@pytest.mark.parametrize("width", [390, 800, 1280, 1920])
def test_a_slider_can_be_moved_however_long_its_name_is(opened, width):
    names = ["the_average_temperature_of_the_northern_basin", "coefficient_of_conductivity_of_wall_1"]
    a, b = (Value(1.0, name, role="input") for name in names)
    with scope("a_module_with_quite_a_long_name"):
        c = Value(2.0, names[1], role="parameter")
        root = (a * b * c).tanh()
    page = opened(viz.explore(root), width, 900)
    assert page.locator(".slider").count() == 3
    for row in page.locator(".slider").all():
        slider, field, name = (row.locator(part) for part in ("[type=range]", "[type=number]", ".name"))
        assert slider.bounding_box()["width"] >= 70
        assert name.text_content() in names
        assert name.text_content() in name.get_attribute("title")
        ends = [name.bounding_box(), slider.bounding_box(), field.bounding_box()]
        for left, right in pairwise(ends):
            assert left["x"] + left["width"] <= right["x"] + 1
        assert name.locator("span").last.bounding_box()["width"] > 15
    assert page.evaluate("document.documentElement.scrollWidth") <= width
