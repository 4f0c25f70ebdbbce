"""The gradient over edges, shown by a switch; and the chip of a step, which shows the local derivative on its edge."""

import math

import pytest

import nn
import viz
from autograd import Value, topological_order
from autograd.notation.steps import backward_steps, forward_steps


def tanh_chain(layers=30):
    """A chain of tanh in which the gradient vanishes towards its start."""
    x = Value(0.4, "x")
    for number in range(layers):
        x = (Value(0.5 + 0.01 * number, f"w{number + 1}") * x).tanh()
    return x


def loss(*sizes):
    return nn.mse_loss(nn.MLP(2, list(sizes), activation="tanh", seed=0)([0.3, -0.7]), 0.5)


FLOWS = """() => [...document.querySelectorAll(".arrow")].map((arrow) => ({
    flows: arrow.classList.contains("flowing"),
    active: arrow.classList.contains("active"),
    width: Number.parseFloat(getComputedStyle(arrow.querySelector("path")).strokeWidth),
    color: getComputedStyle(arrow.querySelector("path")).stroke,
}))"""


def opened_with_gradient(opened, root, **options):
    page = opened(viz.explore(root), reduced_motion="reduce", **options)
    page.check("#with-gradient")
    return page


def test_edges_are_neutral_until_gradient_has_flowed_over_them(opened):
    root = (Value(0.5, "a") * Value(-2.0, "b")).tanh() + Value(1.0, "c")
    page = opened_with_gradient(opened, root)
    steps = len(forward_steps(root))
    for number in range(steps + len(backward_steps(root)) + 1):
        done = max(0, number - steps - 1)  # the first backward step is the seed, which no edge shows
        assert sum(arrow["flows"] for arrow in page.evaluate(FLOWS)) == done
        page.keyboard.press("ArrowRight")
    page.uncheck("#with-gradient")
    assert not any(arrow["flows"] for arrow in page.evaluate(FLOWS))


def test_the_width_and_the_colour_of_an_edge_grow_with_the_logarithm_of_the_gradient(opened):
    root = tanh_chain(8)
    page = opened_with_gradient(opened, root)
    page.keyboard.press("End")
    drawn = page.evaluate("""() => [...document.querySelectorAll(".arrow.flowing:not(.active)")].map((arrow) => [
        Number(arrow.style.getPropertyValue("--flow")),
        Number.parseFloat(getComputedStyle(arrow.querySelector("path")).strokeWidth)])""")
    sizes = [abs(step.contribution) for step in backward_steps(root)]
    high, low = math.ceil(math.log10(max(sizes))), math.floor(math.log10(min(sizes)))
    expected = [(math.log10(size) - low) / (high - low) for size in sizes[1:-1]]  # but the seed and the current step
    assert sorted(flow for flow, _ in drawn) == pytest.approx(sorted(expected), abs=1e-3)
    for flow, width in drawn:
        assert width == pytest.approx(1.0 + 6.0 * flow, abs=0.01)
    legend = page.locator("#gradient-legend span").all_text_contents()
    assert legend == [f"10{power}".replace("-", "−") for power in range(low, high + 1)]


def test_the_current_edge_has_the_width_and_the_colour_that_it_keeps_after_its_step(opened):
    root = tanh_chain(4)
    page = opened_with_gradient(opened, root)
    first = len(forward_steps(root)) + 2
    page.locator("#scrubber").fill(str(first))
    for _ in range(first, int(page.get_attribute("#scrubber", "max"))):
        now = page.evaluate(FLOWS)
        (current,) = [number for number, arrow in enumerate(now) if arrow["active"]]
        page.keyboard.press("ArrowRight")
        later = page.evaluate(FLOWS)[current]
        assert not later["active"]
        assert (now[current]["width"], now[current]["color"]) == (later["width"], later["color"])
    page.uncheck("#with-gradient")
    assert any(arrow["active"] and arrow["width"] == 3.0 for arrow in page.evaluate(FLOWS))


@pytest.mark.parametrize("make", [tanh_chain, lambda: loss(4, 4, 1)])
def test_a_vanishing_gradient_is_seen(opened, make):
    page = opened_with_gradient(opened, make())
    page.keyboard.press("End")
    drawn = [arrow for arrow in page.evaluate(FLOWS) if arrow["flows"] and not arrow["active"]]
    widths = [arrow["width"] for arrow in drawn]
    assert max(widths) > 1.5 * min(widths)
    assert len({arrow["color"] for arrow in drawn}) > 1


def test_no_gradient_and_one_that_is_not_finite_are_at_the_ends_of_the_scale(opened):
    x = Value(0.0, "x")
    page = opened_with_gradient(opened, x.sqrt() * Value(2.0, "w") + Value(3.0, "c"))
    page.keyboard.press("End")
    flows = page.eval_on_selector_all(".arrow.flowing", "(all) => all.map((a) => a.style.getPropertyValue('--flow'))")
    assert {"0.000", "1.000"} <= {*flows}


def test_the_edge_of_a_contribution_to_be_predicted_is_neutral(opened):
    page = opened_with_gradient(opened, Value(0.5, "a") * Value(3.0, "b"))
    page.click("#predict")
    page.locator("#scrubber").fill("3")
    assert not any(arrow["flows"] for arrow in page.evaluate(FLOWS))
    page.click("#reveal")
    assert sum(arrow["flows"] for arrow in page.evaluate(FLOWS)) == 1


def test_the_switch_is_in_the_link(opened):
    page = opened(viz.explore(loss(2, 1)), reduced_motion="reduce")
    page.keyboard.press("End")
    page.check("#with-gradient")
    page.wait_for_url("**#*gradient=on*")
    other = page.context.new_page()
    other.goto(page.url)
    assert other.is_checked("#with-gradient")
    assert other.evaluate(FLOWS) == page.evaluate(FLOWS)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_legend_and_the_curves_are_accessible(opened, scheme):
    from axe_playwright_python.sync_playwright import Axe

    page = opened_with_gradient(opened, loss(2, 1), color_scheme=scheme)
    page.keyboard.press("End")
    page.select_option("#layout", label="everything")
    page.locator(".box.operation").first.press("Enter")
    page.locator(".box.operation").first.dispatch_event("pointerenter")
    found = Axe().run(page).response["violations"]
    assert found == [], [(rule["id"], [node["target"] for node in rule["nodes"]]) for rule in found]


# The chip


CHIP = """() => {
    const inScene = (element) => {
        const { x, y, width, height } = element.getBBox();
        const { e, f } = element.parentNode.getCTM().inverse().multiply(element.getCTM());
        return [x + e, y + f, x + e + width, y + f + height];
    };
    const chip = document.querySelector(".chip");
    if (chip.getAttribute("visibility") === "hidden") return null;
    const taken = [...document.querySelectorAll(".box > rect, .handle rect")].map((rect) => {
        const { x, y, width, height } = rect.getBBox();
        return [x, y, x + width, y + height];
    });
    const [text, plate] = [chip.querySelector("text").getBBox(), chip.querySelector("rect").getBBox()];
    const isInside = text.x >= plate.x && text.x + text.width <= plate.x + plate.width;
    return { chip: inScene(chip), taken, isInside };
}"""


# The chips of some steps, all in one call, because each call takes longer than a step.
CHIPS = f"""(steps) => steps.map((step) => {{
    const scrubber = document.getElementById("scrubber");
    scrubber.value = step;
    scrubber.dispatchEvent(new Event("input", {{ bubbles: true }}));
    return [step, ({CHIP})()];
}})"""


def assert_free(step, found):
    assert found["isInside"], step
    left, top, right, bottom = found["chip"]
    for a, b, c, d in found["taken"]:
        apart = max(a - right, left - c, b - bottom, top - d)
        assert apart >= -0.1, (step, found["chip"], (a, b, c, d))


def mixed():
    x, y = Value(1.5, "x"), Value(-0.25, "y")
    return (x * y + x**2).tanh() * (y - x).exp() / (x * x + 1.0) + (x.sin() * y.cos()) ** 2


@pytest.mark.parametrize("make", [mixed, lambda: tanh_chain(4), lambda: loss(2, 1), lambda: loss(4, 1)])
def test_a_chip_covers_no_box_and_no_title_whatever_is_open_and_however_long_the_numbers_are(opened, make):
    root = make()
    page = opened(viz.explore(root), reduced_motion="reduce")
    first, last = len(forward_steps(root)), int(page.get_attribute("#scrubber", "max"))
    leaves = [node for node in topological_order(root) if not node.op and node.role != "constant"]
    layouts = page.eval_on_selector_all("#layout option", "(all) => all.map((option) => option.value)")
    seen = 0
    for number in (None, -0.000123456):
        if number is not None:
            page.get_by_role("spinbutton", name=leaves[0].label, exact=True).first.fill(str(number))
            page.evaluate("document.activeElement.blur()")
        for layout in layouts[:4]:
            if len(layouts) > 1:
                page.select_option("#layout", layout)
            steps = [*range(first + 1, last + 1, 1 + (last - first) // 20)]
            shown = [(step, found) for step, found in page.evaluate(CHIPS, steps) if found]
            for step, found in shown:
                assert_free(step, found)
            seen += len(shown)
    assert seen > 10


# For the chip of each step: whether it is on its own edge, how much of other edges it covers (as points one unit
# apart), and how many places, centred on the edge, would be free of boxes and edges.
PLACES = """(steps) => steps.map((step) => {
    const scrubber = document.getElementById("scrubber");
    scrubber.value = step;
    scrubber.dispatchEvent(new Event("input", { bubbles: true }));
    const chip = document.querySelector(".chip");
    if (chip.getAttribute("visibility") === "hidden") return null;
    const { e, f } = chip.transform.baseVal.consolidate().matrix;
    const { width, height } = chip.querySelector("rect").getBBox();
    const along = (arrow) => {
        const [path] = arrow.children;
        const length = path.getTotalLength();
        arrow.along ??= Array.from({ length: length + 1 }, (_, n) => path.getPointAtLength(Math.min(n, length)));
        return arrow.along;
    };
    const own = along(document.querySelector(".arrow.active"));
    const others = [...document.querySelectorAll(".arrow:not(.active)")].flatMap(along);
    const boxes = [...document.querySelectorAll(".box > rect, .handle rect")].map((rect) => rect.getBBox());
    const inside = (left, top) => ({ x, y }) => x > left && x < left + width && y > top && y < top + height;
    const isFree = ({ x, y }) => {
        const [left, top] = [x - width / 2 - 2, y - height / 2 - 2];
        const [right, bottom] = [left + width + 4, top + height + 4];
        const meets = (b) => left < b.x + b.width && b.x < right && top < b.y + b.height && b.y < bottom;
        return !boxes.some(meets) && !others.some(({ x: u, y: v }) => u > left && u < right && v > top && v < bottom);
    };
    const crossed = others.filter(inside(e, f)).length;
    const inner = own.slice(10, -10);
    return [step, own.some(inside(e, f)), crossed, crossed ? inner.filter(isFree).length : 0];
})"""


def wide_sum():
    a, b = Value(0.5, "a"), Value(-1.25, "b")
    parts = [(a * b).tanh(), a + b, a - b, a**2, b.exp(), a * a * b]
    return sum(parts[1:], parts[0]).tanh()


@pytest.mark.parametrize(
    "make", [mixed, wide_sum, lambda: tanh_chain(12), lambda: loss(2, 1), lambda: loss(4, 1), lambda: loss(3, 3, 1)]
)
def test_a_chip_is_on_its_own_edge_and_covers_another_only_where_no_place_is_free(opened, make):
    root = make()
    page = opened(viz.explore(root), reduced_motion="reduce")
    first, last = len(forward_steps(root)) + 1, int(page.get_attribute("#scrubber", "max"))
    seen = alone = 0
    for layout in page.eval_on_selector_all("#layout option", "(all) => all.map((option) => option.value)")[-3:]:
        if page.is_visible("#layout"):
            page.select_option("#layout", layout)
        found = page.evaluate(PLACES, [*range(first, last + 1, 1 + (last - first) // 20)])
        for step, is_on_edge, crossed, free in filter(None, found):
            assert is_on_edge, step
            assert crossed == 0 or free == 0, (step, crossed, free)
            seen += 1
            alone += crossed == 0
    assert seen > 5
    assert alone > 0.8 * seen


def test_the_plate_of_a_chip_is_filled(opened):
    page = opened_with_gradient(opened, tanh_chain(2))
    page.keyboard.press("End")
    fill, opacity = page.eval_on_selector(
        ".chip rect", "(plate) => [getComputedStyle(plate).fill, getComputedStyle(plate).fillOpacity]"
    )
    assert (fill, opacity) == ("rgb(255, 255, 255)", "1")


# The minus sign


def test_a_minus_is_a_minus_sign_everywhere_but_in_code(opened):
    root = Value(0.25, "a") - Value(3.0, "b") * -1e-9 - 0.5
    page = opened(viz.explore(root), reduced_motion="reduce")
    hyphens = """() => {
        const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
        const found = [];
        while (walker.nextNode()) {
            const { data, parentElement } = walker.currentNode;
            const isText = !parentElement.closest("script, style, #listing, #command, #tour");
            if (isText && /-[0-9. a-z(]/.test(data)) found.push(data);
        }
        const labels = [...document.querySelectorAll("[aria-label], [aria-valuetext], [title]")].flatMap((element) =>
            ["aria-label", "aria-valuetext", "title"].map((name) => element.getAttribute(name) ?? ""));
        return [...found, ...labels.filter((label) => /-[0-9.]| - /.test(label))];
    }"""
    for _ in range(int(page.get_attribute("#scrubber", "max")) + 1):
        for box in page.locator(".box").all():
            box.dispatch_event("pointerenter")
        assert page.evaluate(hyphens) == []
        page.keyboard.press("ArrowRight")
