"""The math of the explorer in a real browser: legible, and the same on every system, for the page brings its font."""

import math
import re
from fractions import Fraction

import pytest

import autograd
import nn
import viz
from autograd import Value
from autograd.notation.steps import forward_steps
from viz.labels import number as label
from viz.pages.page import asset
from viz.pages.scripts import joined

# Every letter, digit, symbol and bracket that math.js knows, in each kind of element that it creates.
ALPHABET = """
    const ascii = Array.from({ length: 94 }, (_, n) => String.fromCharCode(33 + n));
    const symbols = [IDENTIFIERS, OPERATORS, BRACKETS].flatMap(Object.values);
    const characters = [...new Set([...ascii, ...symbols, ..."−…éß"])];
    const drawn = characters.flatMap((text) => [tree("mo", text), tree("mi", text), tree("mtext", text)]);
    math.append(...drawn.map(drawMath));
    return characters.length;
"""

WIDTHS = """() => document.fonts.ready.then(() =>
    [...document.querySelectorAll("math")].map((math) => math.getBoundingClientRect().width))"""

SIZES = """(selector) => [...document.querySelectorAll(selector)].map((element) =>
    parseFloat(getComputedStyle(element).fontSize))"""


def draw(page, latex, and_then=""):
    """Replaces the current step of a page by a formula, or by what a script in the scope of math.js appends to it."""
    return page.evaluate(
        f"""(latex) => {{
            {joined("math", asset)}
            const math = document.createElementNS("http://www.w3.org/1998/Math/MathML", "math");
            document.querySelector("#equation").replaceChildren(math);
            math.append(drawMath(parseMath(latex)));
            {and_then}
        }}""",
        latex,
    )


def network():
    """A graph whose weights have superscripts in brackets."""
    loss = nn.mse_loss(nn.MLP(2, [2, 1], activation="tanh", seed=0)([0.3, -0.4]), 0.5)
    loss.label = "loss"
    return loss


def formulas():
    """A graph with fractions, roots, powers, absolute values, floors and cases."""
    a, b = Value(0.5, "alpha"), Value(-1.25e-7, "b_1")
    root = (a / b).cbrt() + abs(a / (b + 1.0)) + (a - b) ** 2 + autograd.select(a, a.exp(), b.floor())
    return root.log1p()


def fonts_of_math(page):
    """The fonts in which the browser draws the math of the page, and the number of glyphs of each."""
    session = page.context.new_cdp_session(page)
    session.send("DOM.enable")
    session.send("CSS.enable")
    document = session.send("DOM.getDocument")["root"]["nodeId"]
    texts = session.send(
        "DOM.querySelectorAll", {"nodeId": document, "selector": "math mi, math mo, math mn, math mtext"}
    )
    glyphs = {}
    for text in texts["nodeIds"]:
        for font in session.send("CSS.getPlatformFontsForNode", {"nodeId": text})["fonts"]:
            name = f"{font['familyName']}{', of the page' if font['isCustomFont'] else ''}"
            glyphs[name] = glyphs.get(name, 0) + int(font["glyphCount"])
    return glyphs


def test_the_font_of_the_page_has_every_character_that_math_can_show(opened):
    page = opened(viz.explore(network()))
    large = r"\left|\sqrt[3]{\frac{x}{y}}\right| \begin{cases} 1 & x > 0 \\ 2 & \text{otherwise} \end{cases}"
    characters = draw(page, large, ALPHABET)
    assert characters > 150
    fonts = fonts_of_math(page)
    assert fonts.keys() == {"STIX Two Math, of the page"}
    assert sum(fonts.values()) >= 3 * characters


@pytest.mark.parametrize("make", [network, formulas])
def test_math_has_the_same_widths_whatever_fonts_a_system_has(browser, browser_with_one_font, tmp_path, make):
    path = viz.explore(make()).save(tmp_path / "page.html").as_uri()
    widths, texts = [], []
    for running in (browser, browser_with_one_font):
        page = running.new_page(viewport={"width": 1920, "height": 1080})
        page.goto(path)
        page.keyboard.press("End")
        widths.append(page.evaluate(WIDTHS))
        texts.append(page.evaluate("document.querySelector('#phase').getBoundingClientRect().width"))
        page.close()
    assert len(widths[0]) > 10
    assert widths[0] == pytest.approx(widths[1], abs=0.1)
    assert texts[0] != texts[1]  # the other texts are in other fonts, so the comparison is of two systems


def test_brackets_in_superscripts_are_as_tall_as_their_text(opened):
    page = opened(viz.explore(network()), 1920, 1080)
    page.locator("#scrubber").fill("40")
    heights = page.eval_on_selector_all(
        "#equation msup mo, #equations msup mo",
        """(elements) => elements.filter((e) => "[]".includes(e.textContent)).map((e) =>
            e.getBoundingClientRect().height / parseFloat(getComputedStyle(e).fontSize))""",
    )
    assert len(heights) > 10
    assert max(heights) < 1.5


def test_brackets_stretch_around_what_is_taller_than_a_line(opened):
    page = opened(viz.explore(network()), 1920, 1080)
    height = "(elements) => elements.map((element) => element.getBoundingClientRect().height)"
    for latex, is_tall in [
        (r"\left(\frac{x}{y}\right)", True),
        (r"\left\lfloor {\left|\frac{x}{y}\right|}^{2} \right\rfloor", True),
        (r"\left(x + y\right)", False),
        (r"\left(e^{\frac{x}{y}}\right)", False),
        (r"\left(w^{[1,2]}\right)", False),
    ]:
        draw(page, latex)
        line = max(page.evaluate(SIZES, "#equation math"))
        (whole, *_) = page.eval_on_selector_all("#equation math", height)
        (bracket, *_) = page.eval_on_selector_all("#equation mo", height)
        assert (bracket > 1.5 * line) == is_tall
        assert not is_tall or bracket > 0.8 * whole


def test_scripts_of_scripts_and_indices_of_roots_are_legible(opened):
    page = opened(viz.explore(network()), 1920, 1080)
    for latex in (r"e^{w_{1}^{[1,2]}}", r"x^{\frac{a_1}{b}}", r"\sqrt[3]{x}", r"x_{t_{1}}", r"{{w}^{(2)}}^{2}"):
        draw(page, latex)
        assert min(page.evaluate(SIZES, "#equation math *")) >= 16


def test_fractions_of_the_current_step_are_in_display_size(opened):
    page = opened(viz.explore(network()), 1920, 1080)
    page.locator("#scrubber").fill("40")
    (whole,) = set(page.evaluate(SIZES, "#equation math"))
    parts = page.evaluate(SIZES, "#equation mfrac > * , #equation mfrac > mrow > *")
    assert len(parts) > 10
    assert set(parts) == {whole}
    assert min(page.evaluate(SIZES, "#equation math *")) >= 16


def one_neuron():
    w, x, b = Value(0.7, "w", role="parameter"), Value(1.5, "x", role="input"), Value(0.3, "b", role="parameter")
    with autograd.scope("neuron"):
        a = (w * x + b).tanh()
    return (a - 0.5) ** 2 + 0.1 * (w * w)


@pytest.mark.parametrize(
    "make",
    [
        lambda: nn.mse_loss(nn.MLP(2, [4, 1], activation="tanh", seed=0)([-0.3, 0.7]), 0.5),
        lambda: nn.cross_entropy([Value(x, "z") for x in (1.2, -3.0, 5e-9)], 0),
        one_neuron,
    ],
    ids=["2-4-1", "softmax", "neuron"],
)
def test_no_number_of_the_current_step_is_cut_off(opened, make):
    """On a small projector: the sides of a long equation stand one below the other."""
    page = opened(viz.explore(make()), 1280, 720, reduced_motion="reduce")
    last = int(page.get_attribute("#scrubber", "max"))
    for step in range(0, last + 1, 3 if last > 40 else 1):
        page.locator("#scrubber").fill(str(step))
        width, room, height, visible = page.eval_on_selector(
            "#equation", "(e) => [e.scrollWidth, e.clientWidth, e.scrollHeight, e.clientHeight]"
        )
        assert width <= room, step
        assert height <= visible + 1 or step == 0, step  # at the start it is a list of all leaves


def test_the_symbol_of_a_local_derivative_stands_for_no_other_number(opened):
    w, x = Value(0.5, "w"), Value(0.25, "x")
    graphs = {"w·x+w": w * x + w, "w·w": w * w, "w+w": w + w, "tanh": (w * x + w).tanh()}
    for name, y in graphs.items():
        y.label = "y"
        page = opened(viz.explore(y))
        page.keyboard.press("End")
        found = {}
        while "Backward" in page.text_content("#phase"):
            for row in page.locator("#equation > *").all():
                heading, _, formula = row.text_content().partition("∂")
                if heading == "local derivative" and formula:
                    symbol, *_, number = f"∂{formula}".split("=")
                    assert found.setdefault(symbol, number) == number
            page.keyboard.press("ArrowLeft")
        for leaf in (w, x):
            leaf.grad = 0.0
        y.backward()
        for symbol, number in found.items():
            gradient = {"∂y∂w": w.grad, "∂y∂x": x.grad}.get(symbol, float(number))
            assert float(number) == pytest.approx(gradient, rel=1e-3), name
        assert set(found) == SYMBOLS[name]


SYMBOLS = {
    "w·x+w": {"∂y∂t1", "∂(t1+w)∂w", "∂t1∂w", "∂t1∂x"},
    "w·w": set(),
    "w+w": set(),
    "tanh": {"∂y∂t2", "∂t2∂t1", "∂t2∂w", "∂t1∂w", "∂t1∂x"},
}


def test_a_sign_belongs_to_the_number_after_it(opened):
    page = opened(viz.explore(-(Value(2.0, "a") - Value(3.0, "b"))))
    page.keyboard.press("End")
    page.locator("#scrubber").fill("2")
    signs = page.eval_on_selector_all(
        "#equation mo", "(all) => all.filter((mo) => mo.textContent === '−').map((mo) => mo.getAttribute('form'))"
    )
    assert signs == ["prefix", "prefix", "prefix"]  # of −t1, and of −(−1)
    page.locator("#scrubber").fill("1")
    assert page.eval_on_selector_all(
        "#equation mo", "(all) => all.filter((mo) => mo.textContent === '−').map((mo) => mo.getAttribute('form'))"
    ) == [None, None, "prefix"]  # a − b, 2 − 3, and −1


def product_of(text):
    """The two factors that a sentence shows, the sign, and the product."""
    number = r"(−?[\d.]+(?:e−?\d+)?)"
    return re.search(rf"upstream {number} × local {number} ([=≈]) {number}", text)


def test_two_numbers_that_do_not_give_the_number_shown_are_not_called_equal(opened):
    root = network()
    page = opened(viz.explore(root), reduced_motion="reduce")
    seen = set()
    for at in range(len(forward_steps(root)) + 1, int(page.get_attribute("#scrubber", "max")) + 1):
        page.locator("#scrubber").fill(str(at))
        found = product_of(page.text_content("#sentence"))
        if not found:
            continue
        sign = found[3]
        a, b, product = (float(number.replace("−", "-")) for number in found.group(1, 2, 4))
        exact = Fraction(str(a)) * Fraction(str(b))
        unit = Fraction(10) ** (math.floor(math.log10(abs(product))) - 3) if product else 0
        distance = abs(exact - Fraction(str(product)))
        assert sign == ("=" if distance < unit / 2 or not exact else "≈") or distance == unit / 2
        math_row = page.locator("#equation > div").nth(1).text_content()
        assert (sign == "≈") == ("≈" in math_row)
        seen.add(sign)
    assert seen == {"=", "≈"}


def test_pages_write_numbers_as_pictures_do(opened):
    numbers = [d * 10.0**n for n in (-12, -5, -4, -1, 0, 3, 4, 12) for d in (1.0, -1.23456, 9.99996, -7.0)]
    page = opened(viz.explore(sum(Value(number, f"v{index}") for index, number in enumerate(numbers))))
    shown = page.eval_on_selector_all(
        ".box[data-value]:not(.fold)", "(all) => all.map((box) => [Number(box.dataset.value), box.textContent])"
    )
    assert len(shown) == len(numbers)
    assert [value for value, text in shown if label(float(value), 4) not in text] == []
