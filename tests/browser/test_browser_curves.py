"""The curves of operations, with the point and the tangent, and the tooltip that shows them."""

import itertools
import json
import math
import re

import pytest

import autograd
import nn
import viz
from autograd import Value, operation, topological_order


@operation(latex=r"\operatorname{bump}", symbol="bump")
def bump(x):
    return autograd.exp(-x * x)


def everything():
    """The output of a graph with operations of one operand and of several, a pole, a step and a gap."""
    a, b, c = Value(0.5, "a"), Value(-2.0, "b"), Value(3.0, "c")
    parts = [a * b, 1.0 / a, a.log(), autograd.maximum(a, b), c**2, a * a, a.tanh(), bump(c), autograd.sign(b), a**c]
    return sum(parts[1:], parts[0])


def index_of(root, op):
    return next(index for index, node in enumerate(topological_order(root)) if node.op == op)


def pictures(page, node):
    """What the tooltip of a node shows: the slopes, the names of the axes, and the subpaths of each curve."""
    page.locator(f"[data-box='{node}']").dispatch_event("pointerenter")
    return page.evaluate("""() => [...document.querySelectorAll("#tooltip figure")].map((figure) => ({
        slope: Number(figure.querySelector("[data-slope]").dataset.slope.replace("inf", "Infinity")),
        caption: figure.querySelector("figcaption").textContent,
        names: [...figure.querySelectorAll(".axes .name")].map((name) => name.textContent),
        curve: figure.querySelector(".curve").getAttribute("d"),
        tangent: figure.querySelector(".tangent").getAttribute("d"),
        dot: ["cx", "cy"].map((name) => Number(figure.querySelector(".dot")?.getAttribute(name) ?? -1)),
        window: ["x", "y", "width", "height"].map((name) => Number(figure.querySelector("svg svg").getAttribute(name))),
    }))""")


def boxes(page):
    """The nodes that have a box."""
    return page.eval_on_selector_all(".box", "(all) => all.map((box) => Number(box.dataset.box)).filter((n) => n >= 0)")


def points(path):
    """The points of the subpaths of a path."""
    lines = [re.findall(r"(-?[\d.]+) (-?[\d.]+)", line) for line in path.split("M")[1:]]
    return [[(float(x), float(y)) for x, y in line] for line in lines]


def test_every_operation_shows_a_curve_for_each_operand_whose_slope_is_the_local_derivative_on_the_edge(opened):
    root = everything()
    page = opened(viz.explore(root), reduced_motion="reduce")
    page.keyboard.press("End")
    order = topological_order(root)
    assert {node for node in order if node.role != "constant"} <= {order[box] for box in boxes(page)}
    for number in boxes(page):
        node = order[number]
        free = [slot for slot, operand in enumerate(node.operands) if operand.role != "constant"]
        shown = pictures(page, number)
        assert [picture["slope"] for picture in shown] == pytest.approx([node.local_derivatives[slot] for slot in free])
        for picture, slot in zip(shown, free, strict=True):
            operand = node.operands[slot]
            assert picture["names"][0].startswith(operand.label or "t")
            (x, y), (left, top, width, height) = picture["dot"], picture["window"]
            assert left <= x <= left + width
            assert top <= y <= top + height
            curve = [point for line in points(picture["curve"]) for point in line]
            assert min(math.dist(point, (x, y)) for point in curve) < 0.2
            ((x1, y1), (x2, y2)) = points(picture["tangent"])[0]
            assert (y1 + (y2 - y1) * (x - x1) / (x2 - x1)) == pytest.approx(y, abs=0.3)


def test_the_tangent_touches_the_curve(opened):
    x = Value(0.7, "x")
    page = opened(viz.explore(x.tanh()), reduced_motion="reduce")
    page.keyboard.press("End")
    (shown,) = pictures(page, 1)
    x, ((x1, y1), (x2, y2)) = shown["dot"][0], points(shown["tangent"])[0]
    near = [(u, v) for u, v in points(shown["curve"])[0] if abs(u - x) < 8]
    assert len(near) > 5
    for u, v in near:
        assert abs(v - (y1 + (y2 - y1) * (u - x1) / (x2 - x1))) < 0.03 * (u - x) ** 2 + 0.2


@pytest.mark.parametrize(
    ("make", "lines"),
    [
        (lambda: 1.0 / Value(0.5, "x"), 2),
        (lambda: autograd.tan(Value(1.0, "x")), 3),
        (lambda: autograd.sign(Value(0.5, "x")), 2),
        (lambda: Value(0.5, "x").log(), 1),
        (lambda: Value(0.5, "x") ** 3, 1),
        (lambda: Value(100.0, "x").sin(), 1),
        (lambda: Value(0.5, "x").relu(), 1),
        (lambda: 1.0 / (Value(1e-5, "x")), 2),
    ],
)
def test_no_line_leads_over_a_pole_or_a_jump_and_a_smooth_curve_is_one_line(opened, make, lines):
    page = opened(viz.explore(make()), reduced_motion="reduce")
    page.keyboard.press("End")
    (shown,) = pictures(page, index_of(make(), make().op))
    found = [line for line in points(shown["curve"]) if len(line) > 1]
    assert len(found) == lines
    _, top, _, height = shown["window"]
    for line in found:
        for (x1, y1), (x2, y2) in itertools.pairwise(line):
            assert not (min(y1, y2) < top and max(y1, y2) > top + height), "a line over a pole"
            assert x2 >= x1


def test_a_curve_is_left_out_or_has_gaps_where_there_are_no_numbers(opened):
    numbers = [Value(x, f"x{n}") for n, x in enumerate([math.inf, math.nan, -1.0, 0.0, 1e308, -1e-300])]
    operations = [getattr(autograd, op) for op in ("log", "sqrt", "exp", "reciprocal", "tanh")]
    root = sum((operation(x) for x in numbers for operation in operations), Value(0.0, "start"))
    page = opened(viz.explore(root), reduced_motion="reduce")
    page.keyboard.press("End")
    shown = [picture for box in boxes(page) for picture in pictures(page, box)]
    assert len(shown) > len(operations)
    for picture in shown:
        drawn = json.dumps([picture[name] for name in ("curve", "tangent", "dot", "window")])
        assert "NaN" not in drawn
        assert "Infinity" not in drawn


def test_an_operation_shows_no_curve_before_it_is_computed_and_follows_steps_and_sliders(opened):
    x = Value(0.7, "x")
    page = opened(viz.explore(x.tanh()), reduced_motion="reduce")
    assert pictures(page, 1) == []
    page.locator("[data-box='1']").press("Enter")
    assert page.is_hidden("#curves")
    page.keyboard.press("ArrowRight")
    slope = page.locator("#curves [data-slope]")
    assert float(slope.get_attribute("data-slope")) == pytest.approx(1.0 - math.tanh(0.7) ** 2, rel=1e-12)
    page.get_by_role("spinbutton", name="x", exact=True).fill("-0.2")
    assert float(slope.get_attribute("data-slope")) == pytest.approx(1.0 - math.tanh(-0.2) ** 2, rel=1e-12)
    picture = page.locator("#curves").get_by_role("img")
    assert picture.get_attribute("aria-label") == "t1 against x: at −0.2, −0.1974 with slope 0.961"
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    assert page.is_hidden("#curves")


def test_the_keyboard_shows_what_the_pointer_shows(opened):
    page = opened(viz.explore(Value(0.7, "x").tanh()), reduced_motion="reduce")
    page.keyboard.press("End")
    page.locator("[data-box='0']").focus()
    page.keyboard.press("Tab")
    assert page.locator("#tooltip .curve").count() == 1


# The tooltip


def overlaps(a, b):
    return min(a[2], b[2]) - max(a[0], b[0]) > 0.5 and min(a[3], b[3]) - max(a[1], b[1]) > 0.5


NEIGHBOURS = """(box) => {
    const rectangle = (element) => {
        const { left, top, right, bottom } = element.getBoundingClientRect();
        return [left, top, right, bottom];
    };
    const data = JSON.parse(document.getElementById("data").textContent);
    const canvas = document.getElementById("canvas").getBoundingClientRect();
    const users = data.nodes.flatMap(({ operands }, node) => operands.includes(box) ? [node] : []);
    const near = [...data.nodes[box].operands, ...users];
    const shown = [box, ...near].map((node) => document.querySelector(`[data-box="${node}"]`)).filter(Boolean)
        .map(rectangle).map(([a, b, c, d]) => [Math.max(a, canvas.left), Math.max(b, canvas.top),
            Math.min(c, canvas.right), Math.min(d, canvas.bottom)]).filter(([a, b, c, d]) => a < c && b < d);
    return [rectangle(document.getElementById("tooltip")), ...shown];
}"""


@pytest.mark.parametrize("size", [(1920, 1080), (1280, 720)])
def test_a_tooltip_covers_neither_its_node_nor_a_neighbour(opened, size):
    model = nn.MLP(2, [2, 1], activation="tanh", seed=0)
    for root in (everything(), nn.mse_loss(model([0.3, -0.7]), 0.5)):
        page = opened(viz.explore(root), *size, reduced_motion="reduce")
        page.keyboard.press("End")
        for box in boxes(page):
            page.locator(f"[data-box='{box}']").dispatch_event("pointerenter")
            tooltip, *others = page.evaluate(NEIGHBOURS, box)
            assert 0 <= tooltip[0] < tooltip[2] <= size[0]
            assert 0 <= tooltip[1] < tooltip[3] <= size[1]
            assert not [other for other in others if overlaps(tooltip, other)]


# The tooltip, and what it covers of the boxes of the step, the controls around the graph, and the current rows.
COVERED = """() => {
    const tip = document.getElementById("tooltip").getBoundingClientRect();
    const selectors = [".box.current, .box.operand, .box.receiver", "#controls, #tools, .heading :is(button, select)",
        "#equations [aria-current], #listing [aria-current]"];
    return selectors.map((selector) => [...document.querySelectorAll(selector)].filter((element) => {
        const host = (element.closest("#canvas, #equations, #listing") ?? document.body).getBoundingClientRect();
        const own = element.getBoundingClientRect();
        const width = Math.min(tip.right, own.right, host.right) - Math.max(tip.left, own.left, host.left);
        const height = Math.min(tip.bottom, own.bottom, host.bottom) - Math.max(tip.top, own.top, host.top);
        return width > 0.5 && height > 0.5;
    }).length);
}"""


@pytest.mark.parametrize("size", [(1920, 1080), (1280, 720)])
def test_a_tooltip_covers_no_box_of_the_step_no_control_and_no_current_row(opened, size):
    model = nn.MLP(2, [2, 1], activation="tanh", seed=0)
    page = opened(viz.explore(nn.mse_loss(model([0.3, -0.7]), 0.5)), *size, reduced_motion="reduce")
    page.select_option("#layout", label="everything")
    seen = 0
    for position in (3, 12, 20, 30):
        page.locator("#scrubber").fill(str(position))
        for box in boxes(page)[::3]:
            page.locator(f"[data-box='{box}']").dispatch_event("pointerenter")
            assert page.evaluate(COVERED) == [0, 0, 0], (position, box)
            seen += 1
    assert seen > 15


def test_a_tooltip_follows_the_steps_and_closes_when_its_box_is_gone(opened):
    model = nn.MLP(2, [2, 1], activation="tanh", seed=0)
    page = opened(viz.explore(nn.mse_loss(model([0.3, -0.7]), 0.5)), reduced_motion="reduce")
    page.select_option("#layout", label="everything")
    box = page.locator(".box.operation").first
    box.dispatch_event("pointerenter")
    assert "value" not in page.text_content("#tooltip")
    page.keyboard.press("End")
    assert "value" in page.text_content("#tooltip")
    assert "gradient" in page.text_content("#tooltip")
    page.keyboard.press("Home")
    assert "value" not in page.text_content("#tooltip")
    page.evaluate("document.querySelector('#layout').value = '0'")
    page.select_option("#layout", label="all folded")
    assert page.is_hidden("#tooltip")


def test_the_tooltip_of_an_operation_has_all_digits_of_the_bare_numbers_in_it(opened):
    root = Value(2.0, "x") * -0.123456789 + 1e-7
    page = opened(viz.explore(root), reduced_motion="reduce")
    order = topological_order(root)
    for op, digits in (("multiply", "−0.123456789"), ("add", "1e−7")):
        index = next(index for index, node in enumerate(order) if node.op == op)
        page.locator(f"[data-box='{index}']").dispatch_event("pointerenter")
        assert f"constant {digits}" in page.text_content("#tooltip")
