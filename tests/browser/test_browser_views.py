"""The explorer's use of space: what is visible of the graph, the math, the code and sliders in a window of any size."""

from itertools import groupby, pairwise

import pytest

import nn
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


def network(hidden):
    model = nn.MLP(2, [hidden, 1], activation="tanh", seed=0)
    return nn.mse_loss(model([-0.3, 0.7]), 0.5)


def chain(length=40):
    x = Value(0.1, "x")
    for step in range(length):
        x = x.tanh() if step % 2 else x + 0.1
    return x


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


FRAMES = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


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


# Views of a pass


GRAPHS = {"neuron": neuron, "2-2-1": lambda: network(2), "2-4-1": lambda: network(4), "chain": chain}


def scrubbed(page, steps):
    """What is seen of the graph at each of some steps, to which the scrubber moves."""
    move = "scrubber.value = step; scrubber.dispatchEvent(new Event('input'));"
    find = "const scrubber = document.querySelector('#scrubber');"
    return page.evaluate(f"(steps) => steps.map((step) => {{ {find} {move} return ({SEEN})(); }})", list(steps))


def fits(boxes, seen):
    left, top = (min(box[side] for box in boxes) for side in ("left", "top"))
    right, bottom = (max(box[side] for box in boxes) for side in ("right", "bottom"))
    return right - left <= seen["width"] - 20 and bottom - top <= seen["height"] - 20


def marked(seen, *marks):
    return [box for box in seen["boxes"] if set(box["marks"]) & set(marks or ("current", "operand", "receiver"))]


@pytest.mark.parametrize("name", GRAPHS)
def test_a_step_has_one_view_however_it_was_reached_that_shows_both_ends_of_its_edges_where_they_fit(opened, name):
    root = GRAPHS[name]()
    page = opened(viz.explore(root), 1280, 720, reduced_motion="reduce")
    steps = range(steps_of(root) + 1)
    scrubs = scrubbed(page, steps)
    assert scrubbed(page, reversed(steps)) == scrubs[::-1]
    page.keyboard.press("Home")
    for step in steps[: len(steps) // 2 + 2]:
        assert page.evaluate(SEEN) == scrubs[step], step
        page.keyboard.press("ArrowRight")
    for step in (1, len(steps) // 2, steps[-1]):
        other = page.context.new_page()
        other.goto(f"{page.url.partition('#')[0]}#step={step}")
        assert other.evaluate(SEEN) == scrubs[step], step
    for step, seen in enumerate(scrubs[1:], 1):
        boxes = marked(seen)
        last = boxes if fits(boxes, seen) else marked(seen, "receiver") or marked(seen, "current")
        assert all(is_whole(box, seen) for box in last), step
    views = [(seen["scale"], seen["x"], seen["y"]) for seen in scrubs]
    assert sum(one != other for one, other in pairwise(views)) < len(views) / 2  # the picture stays still otherwise


# A pressed node


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (800, 600)])
def test_a_pressed_node_stays_visible(opened, width, height):
    root = network(2)
    page = opened(viz.explore(root), width, height, reduced_motion="reduce")
    for step in (3, steps_of(root)):
        seen = at(page, step)
        whole = [box["box"] for box in seen["boxes"] if is_whole(box, seen) and int(box["box"]) >= 0]
        for number in [whole[0], whole[len(whole) // 2], whole[-1]]:
            page.locator(f"[data-box='{number}']").click()
            page.evaluate(FRAMES)
            now = page.evaluate(SEEN)
            (pressed,) = marked(now, "chosen")
            assert is_whole(pressed, now), (step, number)
            assert page.evaluate("scrollY") == 0
            page.keyboard.press("Escape")
            page.evaluate(FRAMES)


# Small windows


@pytest.mark.parametrize(
    ("width", "height", "options"),
    [(800, 600, {}), (1024, 768, {}), (390, 844, {"is_mobile": True, "has_touch": True})],
    ids=["800x600", "1024x768", "phone"],
)
@pytest.mark.parametrize("name", ["neuron", "2-2-1"])
def test_controls_graph_and_equation_are_visible_together_in_a_small_window(opened, name, width, height, options):
    root = GRAPHS[name]()
    page = opened(viz.explore(root), width, height, reduced_motion="reduce", **options)
    for step in range(1, steps_of(root) + 1, 3):
        seen = at(page, step)
        places = page.evaluate("""() => {
            const parts = document.querySelectorAll("header, #controls, #saying, #graph, #equation .sides");
            return [...parts].map((part) => part.getBoundingClientRect().toJSON());
        }""")
        for number, one in enumerate(places):
            assert 0 <= one["left"] <= one["right"] <= width + 1
            assert 0 <= one["top"] <= one["bottom"] <= height + 1, (step, number)
            for other in places[:number]:
                assert (
                    one["top"] >= other["bottom"] - 1
                    or other["top"] >= one["bottom"] - 1
                    or one["left"] >= other["right"] - 1
                    or other["left"] >= one["right"] - 1
                ), (step, one, other)
        assert_whole(page, "#equation .sides", "#equation")
        assert seen["height"] > 120
        assert any(is_whole(box, seen) for box in marked(seen))


# The presentation mode


@pytest.mark.parametrize("act", [None, "#zoom-in", "#fit"])
def test_leaving_the_presentation_restores_what_was_there(opened, act):
    root = network(4)
    page = opened(viz.explore(root), 1280, 720, reduced_motion="reduce")
    for step in (2, steps_of(root) - 1):
        at(page, step)
        if act:
            page.click(act)
        before = page.input_value("#layout"), page.evaluate(SEEN)
        for key in "pccp":
            page.keyboard.press(key)
            page.evaluate(FRAMES)
        assert (page.input_value("#layout"), page.evaluate(SEEN)) == before, step


def test_a_picture_moved_away_from_the_step_stays_there_after_the_presentation_and_in_another_window(opened):
    page = opened(viz.explore(chain()), 1280, 720, reduced_motion="reduce")
    at(page, 2)
    for _ in range(3):
        page.click("#zoom-in")
    canvas = page.locator("#canvas").bounding_box()
    page.mouse.move(canvas["x"] + canvas["width"] - 20, canvas["y"] + canvas["height"] - 5)
    page.mouse.down()
    page.mouse.move(canvas["x"] + 20, canvas["y"] + 20, steps=3)
    page.mouse.up()
    before = page.evaluate(SEEN)
    assert not any(is_whole(box, before) for box in marked(before))
    page.keyboard.press("p")
    assert any(is_whole(box, seen) for seen in [page.evaluate(SEEN)] for box in marked(seen))
    page.keyboard.press("p")
    page.evaluate(FRAMES)
    assert page.evaluate(SEEN) == before
    page.set_viewport_size({"width": 1300, "height": 700})
    page.evaluate(FRAMES)
    now = page.evaluate(SEEN)
    assert [now[name] for name in ("scale", "x", "y")] == [before[name] for name in ("scale", "x", "y")]


# Keys


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (1024, 768), (750, 800)])
def test_the_tab_key_goes_through_the_page_as_it_is_read(opened, width, height):
    page = opened(viz.explore(network(2)), width, height)
    stops = []
    for _ in range(200):
        page.keyboard.press("Tab")
        stop = page.evaluate("""() => {
            const at = document.activeElement;
            const part = at.closest("section, #controls, header, #formula");
            if (!part || at === document.body) return null;
            const place = (element) => {
                const { left, right, top, bottom } = element.getBoundingClientRect();
                const down = scrollY + (element.closest("#sliders")?.scrollTop ?? 0);
                return { left: left + scrollX, right: right + scrollX, top: top + down, bottom: bottom + down };
            };
            return { part: part.id || part.tagName, own: place(at), whole: place(part) };
        }""")
        if stop is None:
            break
        stops.append(stop)
    parts = list(dict.fromkeys(stop["part"] for stop in stops))
    assert parts[:2] == ["HEADER", "controls"]
    assert {"graph", "math", "code", "leaves"} <= set(parts)
    assert [part for part, _ in groupby(stop["part"] for stop in stops)] == parts  # none is left and entered again

    def is_before(one, other):
        is_beside = one["top"] < other["bottom"] - 2 and other["top"] < one["bottom"] - 2
        return one["left"] < other["right"] - 2 if is_beside else one["top"] < other["top"]

    wholes = {stop["part"]: stop["whole"] for stop in stops}
    for one, other in pairwise(parts):
        assert wholes[other]["bottom"] > wholes[one]["top"], (one, other)
    for one, other in pairwise(stops):
        if one["part"] == other["part"] and one["part"] in ("HEADER", "controls", "leaves"):
            assert is_before(one["own"], other["own"]), (one, other)


# Lists


LISTS = """(steps) => steps.map((step) => {
    const scrubber = document.querySelector("#scrubber");
    scrubber.value = step;
    scrubber.dispatchEvent(new Event("input"));
    return [["#equations", "li"], ["#listing", ".line"]].map(([name, line]) => {
        const list = document.querySelector(name);
        const inner = list.getBoundingClientRect().top + list.clientTop;
        const place = (element) => {
            const { top, bottom } = element.getBoundingClientRect();
            return [top - inner, bottom - inner];
        };
        const lines = [...list.querySelectorAll(line)];
        const number = lines.findIndex((other) => other.hasAttribute("aria-current"));
        return { room: list.clientHeight, places: lines.map(place), number };
    });
})"""


@pytest.mark.parametrize("name", ["2-2-1", "chain"])
def test_the_current_line_of_a_list_is_whole_and_so_is_the_first(opened, name):
    root = GRAPHS[name]()
    page = opened(viz.explore(root), 1280, 720, reduced_motion="reduce")
    steps = range(1, steps_of(root) + 1)
    for width, height in [(1280, 720), (1920, 1080), (1024, 768), (800, 600), (1366, 640)]:
        page.set_viewport_size({"width": width, "height": height})
        page.evaluate(FRAMES)
        for number, lists in enumerate(page.evaluate(LISTS, [*steps, *reversed(steps)])):
            for seen in lists:
                room, places, current = seen["room"], seen["places"], seen["number"]
                top, bottom = places[current]
                assert -1.5 <= top <= bottom <= room + 1.5, (width, number)
                assert any(abs(top) <= 1.5 for top, _ in places), (width, number)
                near = places[max(current - 1, 0) : current + 2]
                if near[-1][1] - near[0][0] <= room:
                    assert near[0][0] >= -1.5
                    assert near[-1][1] <= room + 1.5
