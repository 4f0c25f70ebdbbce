"""The explorer on paper: the whole graph and a table of all steps, without controls, in light colours."""

import re

import pytest

import nn
import viz
from autograd import Value
from autograd.notation.steps import backward_steps, forward_steps

A4 = 688  # CSS pixels between margins of 14 mm


def network():
    model = nn.MLP(2, [2, 1], activation="tanh", seed=0)
    return nn.mse_loss(model([-0.3, 0.7]), 0.5)


@pytest.fixture
def printed(opened):
    """A function that opens an explorer as it is printed, from a dark screen."""

    def open_page(root, act=lambda page: None):
        page = opened(viz.explore(root), A4, 900, color_scheme="dark", reduced_motion="reduce")
        act(page)
        page.emulate_media(media="print", color_scheme="dark")
        page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
        return page

    return open_page


def test_every_step_has_a_row_with_its_equation_and_its_numbers(printed):
    root = network()
    page = printed(root)
    forward, backward = page.locator("#sheet table").all()
    steps = [step for step in backward_steps(root) if step.operand.role != "constant"]
    assert forward.locator("tbody tr").count() == len(forward_steps(root))
    assert backward.locator("tbody tr").count() == len(steps)
    for row, step in zip(backward.locator("tbody tr").all(), steps, strict=True):
        if step.slot is not None:
            shown = float(row.locator(".number.contribution >> nth=0").get_attribute("data-number"))
            assert shown == pytest.approx(step.contribution, rel=1e-12)
            gradient = float(row.locator(".number.gradient").get_attribute("data-number"))
            assert gradient == pytest.approx(step.gradient, rel=1e-12)


def test_there_are_no_controls_the_colours_are_light_and_nothing_is_cut(printed):
    page = printed(network())
    for hidden in ("#controls", "#tools", "#saying", "#leaves", "#math", "#code", "#zoom-in", "#layout"):
        assert page.is_hidden(hidden)
    assert page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--background')") == "#ffffff"
    assert page.evaluate("document.documentElement.scrollWidth") <= A4
    assert set(page.eval_on_selector_all("tr", "(r) => r.map((row) => getComputedStyle(row).breakInside)")) == {"avoid"}
    picture = page.locator("#canvas svg").bounding_box()
    for box in page.locator(".box").all():
        place = box.bounding_box()
        assert place["x"] >= picture["x"] - 1
        assert place["x"] + place["width"] <= picture["x"] + picture["width"] + 1
        assert place["y"] + place["height"] <= picture["y"] + picture["height"] + 1


def test_with_predict_the_contributions_are_left_for_a_pen(printed):
    page = printed(network(), lambda page: page.click("#predict"))
    assert page.locator("#sheet table >> nth=0").locator(".number").count()
    assert page.locator("#sheet table >> nth=1").locator(".number.contribution, .number.gradient").count() == 0
    gradients = page.eval_on_selector_all(
        ".box .gradient", "(texts) => texts.map((text) => getComputedStyle(text).visibility)"
    )
    assert set(gradients) == {"hidden"}


def logistic_loss():
    w, x, b = Value(0.5, "w"), Value(2.0, "x"), Value(-0.5, "b")
    return nn.binary_cross_entropy([(w * x + b).sigmoid()], [1.0])


@pytest.mark.parametrize("act", [lambda page: None, lambda page: page.click("#predict")], ids=["solved", "predict"])
@pytest.mark.parametrize("make", [network, logistic_loss])
def test_every_cell_is_on_the_sheet_and_has_room_for_a_pen(printed, make, act):
    page = printed(make(), act)
    cells = page.eval_on_selector_all(
        "#sheet table:last-of-type tbody td:nth-child(n + 3)",
        """(cells) => cells.map((cell) => [cell.getBoundingClientRect().width,
            Math.max(0, ...[...cell.querySelectorAll("math")].map((math) => math.getBoundingClientRect().right))])""",
    )
    assert max(right for _, right in cells) <= A4
    assert min(width for width, _ in cells) > 60


def test_a_wide_graph_is_printed_in_landscape_format(opened):
    x = Value(0.5, "x")
    for root, format_ in ((x.tanh(), (595, 842)), (logistic_loss(), (842, 595))):
        page = opened(viz.explore(root), reduced_motion="reduce")
        size = re.search(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", page.pdf(prefer_css_page_size=True, format="A4"))
        assert tuple(round(float(length)) for length in size.groups()) == pytest.approx(format_, abs=1)


def deep():
    return nn.mse_loss(nn.MLP(2, [2] * 12 + [1], activation="tanh", seed=0)([0.3, -0.7]), 0.5)


def chain():
    x = Value(0.4, "x")
    for number in range(14):
        x = (Value(0.5 + 0.01 * number, f"w{number + 1}") * x).tanh()
    return x


def wide_and_tall():
    x = [Value(0.1 * n, f"a_rather_long_name_{n}") for n in range(24)]
    return sum((one.tanh() * 0.5 for one in x), Value(0.25, "start")).tanh()


# Of each text on paper: its size in points, its right end in pixels, and its content; and all boxes that strips show.
ON_PAPER = """() => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const texts = [];
    while (walker.nextNode()) {
        const { data, parentElement } = walker.currentNode;
        const { width, right } = parentElement.getBoundingClientRect();
        if (!data.trim() || !width || parentElement.closest("script, style, noscript")) continue;
        if (getComputedStyle(parentElement).position === "fixed" || !parentElement.checkVisibility()) continue;
        const scale = parentElement.ownerSVGElement ? parentElement.getScreenCTM().a : 1;
        const size = parseFloat(getComputedStyle(parentElement).fontSize);
        texts.push([scale * size * 0.75, right, data]);
    }
    const boxes = [...document.querySelectorAll("#canvas svg")].filter((svg) => svg.checkVisibility()).flatMap((svg) =>
        [...svg.querySelectorAll(".box")].map((box) => {
            const [outer, inner] = [svg, box.querySelector("rect")].map((element) => element.getBoundingClientRect());
            const isWhole = inner.left >= outer.left - 1 && inner.right <= outer.right + 1
                && inner.top >= outer.top - 1 && inner.bottom <= outer.bottom + 1;
            return [box.dataset.box, isWhole];
        }));
    const graph = JSON.parse(document.getElementById("data").textContent);
    const layout = graph.layouts[document.getElementById("layout").value || 0];
    const lines = [...document.querySelectorAll(".strip .arrow")].length;
    return [texts, boxes, layout.boxes.map(([box]) => String(box)), lines, layout.arrows.length];
}"""


@pytest.mark.parametrize("layout", [0, -1], ids=["folded", "open"])
@pytest.mark.parametrize("make", [network, deep, chain, wide_and_tall])
def test_all_text_on_paper_is_at_least_7_points_and_every_box_is_whole(opened, make, layout):
    page = opened(viz.explore(make()), 1280, 720, reduced_motion="reduce")
    options = page.eval_on_selector_all("#layout option", "(all) => all.map((option) => option.value)")
    if len(options) > 1:
        page.select_option("#layout", options[layout])
    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    across = 1017 if page.locator("body.landscape").count() else A4
    page.set_viewport_size({"width": across, "height": 900})
    texts, boxes, expected, lines, arrows = page.evaluate(ON_PAPER)
    assert len(texts) > 10
    assert min(size for size, _, _ in texts) >= 7.0, min(texts)
    assert max(right for _, right, _ in texts) <= across + 1
    assert {box for box, _ in boxes} == {*expected}
    assert all(is_whole for _, is_whole in boxes)
    assert lines == 0 or lines >= arrows  # each edge is in a strip, or in several


def test_after_printing_strips_the_page_is_as_before(opened):
    page = opened(viz.explore(chain()), reduced_motion="reduce")
    before = page.inner_html("#canvas")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.locator(".strip").count() > 1
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    page.wait_for_timeout(100)
    strip_style = re.compile(r' style="[^"]*"')
    assert strip_style.sub("", page.inner_html("#canvas")) == strip_style.sub("", before)


def test_a_long_chain_ends_with_the_number_of_the_steps_left_out(printed):
    x = Value(0.5, "x")
    for _ in range(400):
        x = x.tanh()
    page = printed(x)
    assert page.locator("#sheet tbody tr").count() == 600
    assert "and 201 more steps" in page.text_content("#sheet")


def test_the_page_is_as_before_after_printing(opened):
    page = opened(viz.explore(network()), reduced_motion="reduce")
    seen = "() => [document.querySelector('.scene').getCTM().a, document.querySelector('.scene').outerHTML]"
    before = page.evaluate(seen)
    assert page.pdf()
    assert page.evaluate(seen) == before
    assert page.text_content("#sheet") == ""


def test_printing_writes_the_sheet(opened):
    page = opened(viz.explore(network()))
    page.evaluate("""() => window.addEventListener("beforeprint", () => {
        document.body.dataset.rows = document.querySelectorAll("#sheet tbody tr").length;
    })""")
    page.pdf()
    assert int(page.get_attribute("body", "data-rows")) > 20
