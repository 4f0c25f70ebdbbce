"""The graph of a page in a real browser: arrows between wide layers, boxes, and what the graph shows on request."""

import nn
import viz
from autograd import Value
from autograd.notation.steps import forward_steps


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


def test_a_fold_is_pending_until_an_operation_in_it_is_computed(opened):
    page = opened(viz.explore(wide()), reduced_motion="reduce")
    opened_to_neurons(page)
    folds = page.locator(".box.fold").count()
    assert page.locator(".box.fold.pending").count() == folds
    page.keyboard.press("ArrowRight")
    opened_to_neurons(page)
    assert page.locator(".box.fold.pending").count() == folds - 1
    page.locator("#scrubber").fill(str(len(forward_steps(wide()))))
    assert page.locator(".box.pending").count() == 0


def test_a_long_chain_without_modules_shows_the_operation_of_every_step(opened):
    x = Value(0.5, "x")
    root = x
    for _ in range(100):
        root = (root + 0.1).tanh()
    page = opened(viz.explore(root), reduced_motion="reduce")
    for step in (1, 77, 150, 200, 301):
        page.locator("#scrubber").fill(str(step))
        current, canvas = page.locator(".box.current").bounding_box(), page.locator("#canvas").bounding_box()
        assert canvas["x"] <= current["x"] <= canvas["x"] + canvas["width"] - current["width"]


def test_before_the_first_step_its_operation_is_visible_however_far_its_operands_are(opened):
    w = Value(0.5, "w")
    terms = [w * Value(float(n), "x") for n in range(300)]
    page = opened(viz.explore(sum(terms[1:], terms[0])), reduced_motion="reduce")
    name = page.evaluate("JSON.parse(document.getElementById('data').textContent).forward[0].node")
    box, canvas = page.locator(f"[data-box='{name}']").bounding_box(), page.locator("#canvas").bounding_box()
    assert canvas["y"] <= box["y"] <= canvas["y"] + canvas["height"] - box["height"]


def test_a_number_that_is_not_finite_is_marked_where_it_is_used(opened):
    page = opened(viz.explore(Value(1.0, "x") * Value(float("inf"), role="constant") + 1.0))
    assert page.locator(".box.warning .symbol").all_text_contents() == ["× inf"]
    assert "inf" in page.text_content("#warning")
