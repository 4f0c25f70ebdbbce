"""What the explorer saves: the graph of the current step as SVG and PNG, its math as LaTeX."""

import re
import struct
import xml.etree.ElementTree as ET

import pytest

import autograd
import viz
from autograd import Value
from autograd.notation.steps import forward_steps

# The texts of a picture in order, each with the colour in which it is shown.
TEXTS = """() => [...document.querySelectorAll("text, tspan")]
    .filter((text) => text.textContent && getComputedStyle(text).display !== "none")
    .map((text) => [text.textContent, getComputedStyle(text).fill])"""


def neuron():
    w, x = Value(-0.5, "w<&>"), Value(3.0, "x", role="input")
    with autograd.scope("neuron"):
        y = (w * x + 1.0).tanh()
    return y + w


def saved(page, choice, folder):
    page.click("#save summary")
    with page.expect_download() as download:
        page.click(f"#save-{choice}")
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


def copied(page):
    page.click("#save summary")
    page.click("#copy-latex")
    page.get_by_text("The math is copied as LaTeX.").wait_for()
    return page.evaluate("navigator.clipboard.readText()")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_svg_shows_what_the_page_shows_without_its_style_sheet(opened, tmp_path, scheme):
    page = opened(viz.explore(neuron(), title="A neuron: w·x"), color_scheme=scheme, accept_downloads=True)
    page.locator("#scrubber").fill("7")
    path = saved(page, "svg", tmp_path)
    assert path.name == "a-neuron-w-x-step-7.svg"
    text = path.read_text(encoding="utf-8")
    for word in ("class=", "style=", "var(", "tabindex", "<script"):
        assert word not in text
    assert ET.fromstring(text).tag == "{http://www.w3.org/2000/svg}svg"
    other = page.context.new_page()
    other.goto(path.as_uri())
    shown = page.evaluate(TEXTS)
    assert len(shown) > 12
    assert other.evaluate(TEXTS) == shown
    backgrounds = [p.evaluate("getComputedStyle(document.querySelector('rect')).fill") for p in (other, page)]
    assert backgrounds[0] == ("rgb(255, 255, 255)" if scheme == "light" else "rgb(21, 25, 30)")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_colours_of_the_svg_are_those_that_every_program_knows(opened, tmp_path, scheme):
    page = opened(viz.explore(neuron()), color_scheme=scheme, accept_downloads=True)
    page.keyboard.press("End")
    page.check("#with-gradient")
    page.locator(".box.operation").first.press("Enter")
    elements = [*ET.parse(saved(page, "svg", tmp_path)).getroot().iter()]
    colours = {element.get(name) for element in elements for name in ("fill", "stroke")} - {None}
    assert len(colours) > 5
    assert [colour for colour in colours if not re.fullmatch(r"none|#[0-9a-f]{6}|rgb\(\d+, \d+, \d+\)", colour)] == []


def test_the_png_has_two_pixels_for_each_unit(opened, tmp_path):
    page = opened(viz.explore(neuron()), accept_downloads=True)
    page.keyboard.press("End")
    width, height = map(float, ET.parse(saved(page, "svg", tmp_path)).getroot().get("viewBox").split()[2:])
    png = saved(page, "png", tmp_path).read_bytes()
    assert png.startswith(b"\x89PNG")
    assert struct.unpack(">II", png[16:24]) == pytest.approx((2 * width, 2 * height), abs=1)


def test_the_math_is_copied_as_latex_with_its_numbers(opened):
    w, x = Value(-0.5, "w"), Value(-1e-7, "x")
    root = w * x + w
    root.label = "y"
    page = opened(viz.explore(root), permissions=["clipboard-read", "clipboard-write"])
    page.keyboard.press("ArrowRight")
    assert copied(page) == (
        "\\begin{aligned}\n  t_{1} &= w \\cdot x \\\\\n"
        "  t_{1} &= \\left(-0.5\\right) \\cdot \\left(-1 \\cdot 10^{-7}\\right) = 5 \\cdot 10^{-8}\n\\end{aligned}"
    )
    for _ in range(len(forward_steps(root)) + 2):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert copied(page).split("\n")[3] == (
        r"  \frac{\partial y}{\partial w} &= 1.0 + \left(-1 \cdot 10^{-7}\right) = 1"
    )


def test_every_step_is_standard_latex(opened):
    x, y = Value(0.3, "x"), Value(2.0, "y")
    root = (x - y) ** 3 * x.sigmoid() / y.select(x + 1.0, y).sqrt()
    page = opened(viz.explore(root), permissions=["clipboard-read", "clipboard-write"])
    for at in range(int(page.get_attribute("#scrubber", "max")) + 1):
        page.locator("#scrubber").fill(str(at))
        latex = copied(page)
        assert latex.count("{") == latex.count("}")
        assert latex.count(r"\left") == latex.count(r"\right")
        for name in ("signed", "factor", "data", "upstream", "local", "contribution", "before", "gradient"):
            assert rf"\{name}" not in latex


def test_escape_and_a_press_elsewhere_close_the_menu(opened):
    page = opened(viz.explore(neuron()))
    for close in (lambda: page.keyboard.press("Escape"), lambda: page.click("#phase")):
        page.click("#save summary")
        assert page.is_visible("#copy-latex")
        close()
        assert page.is_hidden("#copy-latex")
