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
