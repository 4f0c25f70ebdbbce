"""Each role has one colour: the forward pass and its numbers, the backward pass and its derivatives, and attention."""

import pytest
from support.contrast import contrast

import viz
from autograd import Value

# The colours of some elements as seen: of a property, with 8 bits for red, green and blue.
COLORS = """(wanted) => wanted.map(([selector, property]) => {
    const context = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
    const element = document.querySelector(selector);
    context.fillStyle = getComputedStyle(element)[property];
    context.fillRect(0, 0, 1, 1);
    const [r, g, b] = context.getImageData(0, 0, 1, 1).data;
    return "#" + [r, g, b].map((x) => x.toString(16).padStart(2, "0")).join("");
})"""

PASS = [
    (".box.current > rect", "stroke"),
    (".arrow.active path", "stroke"),
    ("#equations li[aria-current]", "borderLeftColor"),
    ("#equations li[aria-current] .number", "color"),
    (".line[aria-current]", "borderLeftColor"),
    ("#scrubber", "accentColor"),
]
FORWARD = [*PASS, (".passes .forward-pass", "color"), (".box.operand > rect", "stroke"), ("#equation .data", "color")]
BACKWARD = [
    *PASS,
    (".passes .backward-pass", "color"),
    (".box.receiver > rect", "stroke"),
    (".chip text", "fill"),
    (".box.receiver .gradient", "fill"),
    *((f"#equation .{name}", "color") for name in ("local", "upstream", "contribution", "gradient")),
    (".curves .tangent", "stroke"),
    (".curves figcaption b", "color"),
]
LEGEND = [("#gradient-legend span:last-of-type i", "borderTopColor")]
GROUND = [("section", "backgroundColor"), ("#equations li[aria-current]", "backgroundColor")]


def graph():
    x, w = Value(1.5, "x"), Value(-2.0, "w")
    return (w * x + x).tanh()  # the last step adds to a gradient


@pytest.fixture(params=["light", "dark"])
def page(request, opened):
    return opened(viz.explore(graph()), reduced_motion="reduce", color_scheme=request.param)


def test_a_forward_step_has_the_colour_of_the_forward_pass_everywhere(page):
    for _ in range(2):
        page.keyboard.press("ArrowRight")
    found = dict(zip(FORWARD, page.evaluate(COLORS, FORWARD), strict=True))
    assert len({*found.values()}) == 1, found
    check_contrast(page, *{*found.values()})


def test_a_backward_step_has_the_colour_of_gradients_everywhere(page):
    page.keyboard.press("End")
    page.check("#with-gradient")
    legend = page.evaluate(COLORS, LEGEND)
    page.uncheck("#with-gradient")
    page.locator(".box.operation").first.dispatch_event("pointerenter")
    found = dict(zip([*LEGEND, *BACKWARD], legend + page.evaluate(COLORS, BACKWARD), strict=True))
    assert len({*found.values()}) == 1, found
    check_contrast(page, *{*found.values()})


def test_no_role_has_the_colour_of_another_and_the_highlight_is_for_attention_alone(page):
    page.keyboard.press("ArrowRight")
    (forward,) = page.evaluate(COLORS, [(".box.current > rect", "stroke")])
    page.keyboard.press("End")
    (backward,) = page.evaluate(COLORS, [(".box.current > rect", "stroke")])
    page.locator(".box.plain").first.click()
    (attention,) = page.evaluate(COLORS, [(".box.chosen > rect", "stroke")])
    assert len({forward, backward, attention}) == 3
    check_contrast(page, forward, backward, attention, least=3.0)


def check_contrast(page, *colors, least=4.5):
    """Checks that colours stand out from what they are drawn on; text does from 4.5, a line from 3."""
    for ground in page.evaluate(COLORS, GROUND):
        for color in colors:
            assert contrast(color, ground) >= least, (color, ground)
