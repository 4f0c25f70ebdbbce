"""A step of the explorer moves its numbers along the edges that it uses, and never when that would be in the way."""

import re

import pytest
from support.pages import shown

import viz
from autograd import Value
from autograd.notation.steps import backward_steps, forward_steps

# Whether each number in motion is on one of the edges of the current step, and its text.
MOVING = """() => [...document.querySelectorAll(".traveller")].map((moving) => {
    const { e, f } = moving.transform.baseVal.consolidate().matrix;
    const lines = [...document.querySelectorAll(".arrow.active path")];
    const isOn = lines.some((line) => {
        const at = Array.from({ length: 401 }, (_, n) => line.getPointAtLength((n / 400) * line.getTotalLength()));
        return at.some(({ x, y }) => Math.hypot(x - e, y - f) < 2);
    });
    return [isOn, moving.textContent];
})"""


def squares():
    """x twice in a product, so that its gradient is a sum."""
    x, w = Value(1.5, "x"), Value(-2.0, "w")
    y = x * w + x
    y.label = "y"
    return y


@pytest.fixture
def stepped(opened):
    """A function that opens an explorer before one of its steps, whose clock then stands still."""

    def open_at(root, position, **options):
        page = opened(viz.explore(root), **options)
        page.locator("#scrubber").fill(str(position))
        page.clock.install(time=0)
        page.clock.pause_at(1000)
        return page

    return open_at


def moving(page, milliseconds):
    page.clock.run_for(milliseconds)
    return page.evaluate(MOVING)


def test_the_operands_travel_along_their_edges_into_the_operation(stepped):
    root = squares()
    page = stepped(root, 0)
    page.keyboard.press("ArrowRight")
    for _ in range(4):
        assert moving(page, 100) == [[True, "1.5"], [True, "−2.0"]]
    assert page.locator(".box.current .value.awaited").count() == 1
    assert moving(page, 600) == []
    assert page.locator(".awaited").count() == 0


def test_a_gradient_travels_back_is_multiplied_and_lands_on_the_sum(stepped):
    root = squares()
    steps = enumerate(backward_steps(root))
    number, step = next((n, step) for n, step in steps if step.operand.label == "x" and step.previous is not None)
    page = stepped(root, len(forward_steps(root)) + number)
    page.keyboard.press("ArrowRight")
    upstream, local, contribution = map(shown, (step.upstream, step.local_derivative, step.contribution))
    assert moving(page, 200) == [[True, upstream]]
    assert page.locator(".box.receiver .gradient.awaited").count() == 1
    assert moving(page, 500) == [[True, f"{upstream} × {local} = {contribution}"]]
    assert moving(page, 450) == [[True, f"+ {contribution}"]]
    assert moving(page, 1000) == []
    assert page.locator(".awaited").count() == 0


# The texts in motion that cover a box or the edge beside which they travel, or leave their plate. They pass behind the
# boxes that the step is not about.
COVERED = """() => [...document.querySelectorAll(".traveller")].flatMap((moving) => {
    const { e, f } = moving.transform.baseVal.consolidate().matrix;
    const plate = moving.querySelector("rect").getBBox();
    const [left, top] = [plate.x + e, plate.y + f];
    const [right, bottom] = [left + plate.width, top + plate.height];
    const boxes = [...document.querySelectorAll(".box")].filter((box) => {
        const { x, y, width, height } = box.querySelector("rect").getBBox();
        const isBehind = moving.compareDocumentPosition(box) & Node.DOCUMENT_POSITION_FOLLOWING;
        if (isBehind && !box.matches(".current, .operand, .receiver")) return false;
        return left < x + width && x < right && top < y + height && y < bottom;
    });
    const text = moving.querySelector("text").getBBox();
    const isOut = text.x + e < left - 0.5 || text.x + e + text.width > right + 0.5;
    const isOnEdge = f > top && f < bottom;
    const covered = boxes.map((box) => box.dataset.box);
    return covered.length || isOut || isOnEdge ? [[moving.textContent, covered, isOut, isOnEdge]] : [];
})"""


def chain():
    x = Value(-0.000123456, "x")
    for number in range(12):
        x = (Value(0.5 + 0.01 * number, f"w{number + 1}") * x).tanh()
    return x


@pytest.mark.parametrize("make", [squares, chain])
def test_a_number_in_motion_covers_no_box_and_not_its_edge(stepped, make):
    root = make()
    steps = len(forward_steps(root)) + len(backward_steps(root))
    seen = 0
    for position in range(0, steps, 1 + steps // 8):
        page = stepped(root, position)
        page.keyboard.press("ArrowRight")
        for _ in range(16):
            page.clock.run_for(100)
            assert page.evaluate(COVERED) == [], position
            seen += page.locator(".traveller").count()
        assert page.locator(".traveller, .awaited").count() == 0
        page.context.close()
    assert seen > 30


def test_nothing_moves_where_the_reader_asks_for_less_motion(stepped):
    page = stepped(squares(), 0, reduced_motion="reduce")
    page.keyboard.press("ArrowRight")
    assert moving(page, 100) == []


@pytest.mark.parametrize("act", ["held", "scrubbed", "back", "hurried", "fast"])
def test_nothing_moves_while_steps_follow_each_other_quickly(stepped, act):
    page = stepped(squares(), 1)
    if act == "held":
        page.keyboard.down("ArrowRight")
        page.clock.run_for(100)
        page.keyboard.down("ArrowRight")  # a repetition, as long as the key is not released
    elif act == "scrubbed":
        page.locator("#scrubber").fill("2")
    elif act == "back":
        page.keyboard.press("ArrowLeft")
    elif act == "hurried":
        page.keyboard.press("ArrowRight")
        page.clock.run_for(100)
        page.keyboard.press("ArrowRight")
    else:
        page.select_option("#speed", "700")
        page.click("#play")
        page.clock.run_for(700)
    assert moving(page, 100) == []
    assert page.locator(".awaited").count() == 0


def test_a_number_in_motion_is_dropped_when_a_slider_changes_it(stepped):
    page = stepped(squares(), 0)
    page.keyboard.press("ArrowRight")
    assert moving(page, 100)
    page.get_by_role("spinbutton", name="w").fill("4")
    assert moving(page, 100) == []
    assert re.search("6.0", page.text_content(".box.current"))


def test_only_a_small_picture_is_moved_by_a_transition(opened):
    """A browser paints a picture again for every frame of a transition: for 2,000 nodes that took seconds."""
    for leaves, duration in ((5, "0.35s"), (200, "0s")):
        root = sum(Value(0.1, f"x{n}") * Value(0.5, f"w{n}") for n in range(leaves))
        page = opened(viz.explore(root))
        assert (page.locator(".box").count() > 300) == (leaves == 200)
        assert page.evaluate("getComputedStyle(document.querySelector('.scene')).transitionDuration") == duration
