"""The graph of a page in a real browser: arrows between wide layers, boxes, and what the graph shows on request."""

import nn
import viz
from autograd import Value


def wide():
    """The output of a network with 4 × 5 arrows between the neurons of two layers."""
    inputs = [Value(1.0, "x1", role="input"), Value(-0.5, "x2", role="input")]
    return nn.MLP(2, [4, 5, 1], activation="tanh", seed=0)(inputs)


def opened_to_neurons(page):
    page.select_option("#layout", label="1 level open")
    page.keyboard.press("0")
    page.mouse.move(0, 0)


# Dense arrows


def test_dense_arrows_are_faint_until_a_box_at_one_of_their_ends_is_pointed_at_or_focused(opened):
    page = opened(viz.explore(wide()), reduced_motion="reduce")
    opened_to_neurons(page)
    page.evaluate("document.activeElement.blur()")
    faint = """() => [...document.querySelectorAll(".arrow")].filter((e) => getComputedStyle(e).opacity < 0.3).length"""
    assert page.evaluate(faint) == 4 * 5
    neuron = page.locator(".box.fold").filter(has_text="neuron3").first
    neuron.hover()
    assert page.evaluate(faint) == 3 * 5
    page.mouse.move(0, 0)
    assert page.evaluate(faint) == 4 * 5
    neuron.focus()
    assert page.evaluate(faint) == 3 * 5


# Boxes


def test_a_box_has_the_same_rows_and_size_before_its_step_and_after_it(opened):
    page = opened(viz.explore(wide()), reduced_motion="reduce")
    opened_to_neurons(page)
    rows = """() => [...document.querySelectorAll(".box")].map((box) => [
        box.querySelector("rect").getAttribute("width"), box.querySelector("rect").getAttribute("height"),
        ...[...box.querySelectorAll("text:not(.sign)")].map((text) => [text.getAttribute("class").split(" ")[0],
            text.getAttribute("y"), text.textContent !== ""])])"""
    first = page.evaluate(rows)
    page.keyboard.press("End")
    assert page.evaluate(rows) == first
    assert all(filled for _, _, *texts in first for _, _, filled in texts)


def test_a_number_that_is_not_finite_is_marked_where_it_is_used(opened):
    page = opened(viz.explore(Value(1.0, "x") * Value(float("inf"), role="constant") + 1.0))
    assert page.locator(".box.warning .symbol").all_text_contents() == ["× inf"]
    assert "inf" in page.text_content("#warning")
