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
