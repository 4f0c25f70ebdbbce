"""A page made from a formula: its numbers change in place; for another formula, it says how to make its page."""

import shlex

import pytest

import viz
from viz import parse_expression
from viz.command.main import main
from viz.pages.explorer import Explorer

FORMULA = "tanh(w*x + b) * 2"
NUMBERS = {"w": 0.7, "x": 1.5, "b": -0.1}


@pytest.fixture
def page(opened):
    value = parse_expression(FORMULA, **NUMBERS)
    return opened(
        Explorer(value, FORMULA, formula=FORMULA),
        reduced_motion="reduce",
        permissions=["clipboard-read", "clipboard-write"],
    )


def command(page, formula):
    page.locator("#formula-text").fill(formula)
    return page.text_content("#command")


def test_the_numbers_of_the_formula_and_the_sliders_are_the_same(page):
    page.keyboard.press("End")
    fields = page.locator("#formula-numbers input")
    assert [field.input_value() for field in fields.all()] == ["0.7", "1.5", "-0.1"]
    fields.nth(1).fill("-2.25")
    slider = page.get_by_role("spinbutton", name="x", exact=True)
    assert slider.input_value() == "-2.25"
    slider.fill("4")
    assert fields.nth(1).input_value() == "4"
    value = parse_expression(FORMULA, **NUMBERS | {"x": 4.0})
    shown = page.locator(".box").last.get_attribute("data-value")
    assert float(shown) == pytest.approx(value.data, rel=1e-12)
    page.click("#reset")
    assert fields.nth(1).input_value() == "1.5"


def test_blanks_make_no_other_formula(page):
    command(page, "  tanh( w * x+b )*2 ")
    assert page.is_hidden("#formula-other")


@pytest.mark.parametrize(
    ("formula", "variables"),
    [
        ("tanh(w*x + b) * 3", ["w=0.7", "x=1.5", "b=-0.1"]),
        ("sin(x) + y_1", ["x=1.5", "y_1=1"]),
        ("1e5 * x / pi + e", ["x=1.5"]),
        ("-maximum(b, 0.5)", ["b=-0.1"]),
        ("exp (w)", ["w=0.7"]),
        ("7 % 4", []),
    ],
)
def test_the_command_for_another_formula_makes_its_page(page, formula, variables, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    text = command(page, formula)
    program, *arguments = shlex.split(text)
    assert program == "scalar-autograd"
    assert arguments == ["explore", formula, *variables, "-o", "graph.html"]
    assert main(arguments) == 0
    assert (tmp_path / "graph.html").is_file()


def test_the_command_has_the_current_numbers_and_is_copied(page):
    command(page, "w - x")
    page.locator("#formula-numbers input").first.fill("9")
    page.click("#copy-command")
    page.get_by_text("The command is copied.").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == 'scalar-autograd explore "w - x" w=9 x=1.5 -o graph.html'


@pytest.mark.parametrize("formula", ["$(rm x)", '" & w', "`w`", "w; x", "x ^ 2", "w > x", "'w'", "w!", "\\w"])
def test_what_a_shell_might_run_is_no_part_of_a_formula(page, formula):
    assert command(page, formula) == ""
    assert "is not part of a formula" in page.text_content("#formula-words")
    assert page.is_hidden("#copy-command")


@pytest.mark.parametrize("undo", [lambda page: page.click("#formula-back"), lambda page: page.keyboard.press("Escape")])
def test_the_formula_is_restored(page, undo):
    command(page, "w")
    assert page.is_visible("#formula-other")
    undo(page)
    assert page.input_value("#formula-text") == FORMULA
    assert page.is_hidden("#formula-other")


def test_a_typed_formula_is_announced_once_it_is_entered(page):
    command(page, "w")
    page.keyboard.press("Enter")
    assert "Another formula has another graph" in page.text_content("#sentence")
    assert page.get_attribute("body", "data-position") == "0"


def test_it_breaks_no_rule_of_accessibility(page):
    from axe_playwright_python.sync_playwright import Axe

    command(page, "w")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_a_page_of_another_graph_has_no_formula(opened):
    page = opened(viz.explore(parse_expression("w * x", w=1.0, x=2.0)))
    assert page.is_hidden("#formula")
    assert page.is_visible("h1")
