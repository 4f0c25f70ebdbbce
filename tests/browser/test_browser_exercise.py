"""The page of an exercise: fields are filled in by keyboard, judged by the page's program, and explained by hints."""

import re

import pytest
from support.exercises import unit
from support.pages import HOSTILE, SIZES_OF_TEXT, shown

import nn
import viz
from autograd import Value, topological_order

A4 = 688  # CSS pixels between margins of 14 mm


def network():
    model = nn.MLP(2, [2, 1], activation="tanh", seed=0)
    loss = nn.mse_loss(model([0.5, -1.0]), 1.0)
    loss.label = "loss"
    return loss


def field(page, name):
    """The row of a number, by its name in Python."""
    node, _, grad = name.partition(".")
    label = f"{'gradient' if grad else 'value'} of {node}"
    return page.locator(".answer").filter(has=page.get_by_text(label, exact=True))


def said(page):
    return page.text_content("#sentence")


def rounded(x):
    return f"{x:.3g}"


def test_it_is_filled_in_by_keyboard_alone_and_each_right_number_appears_in_its_box(opened):
    task = viz.exercise(unit(), hide="both")
    page = opened(task, reduced_motion="reduce")
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "answer0":
            break
    for number, (name, answer) in enumerate(task.answers.items()):
        assert page.evaluate("document.activeElement.id") == f"answer{number}"
        page.keyboard.type(rounded(answer))
        page.keyboard.press("Enter")
        assert field(page, name).locator(".words").text_content() == "✓ right"
        assert page.text_content("#phase") == f"{number + 1} of {len(task.answers)} right"
    assert said(page) == "All correct!"
    root = task._question.root
    root.backward()
    for place, node in enumerate(topological_order(root)):
        box = page.locator(f'.box[data-box="{place}"]')
        if node.role != "constant":
            assert float(box.get_attribute("data-value")) == node.data
            assert float(box.get_attribute("data-gradient")) == pytest.approx(node.grad, rel=1e-12)


def test_a_wrong_answer_is_explained_and_stays_hidden(opened):
    task = viz.exercise(unit())
    page = opened(task, reduced_motion="reduce")
    for name, wrong, words in [
        ("w.grad", "1", "1 is what one use contributes; add up the contributions of all uses."),
        ("t2.grad", rounded(-task.answers["t2.grad"]), f"−{rounded(task.answers['t2.grad'])} has the wrong sign."),
        ("x.grad", "3", "3 is the value of the node, not its gradient."),
        ("b.grad", "1", "1 has the local derivative only; multiply it by the upstream gradient."),
    ]:
        row = field(page, name)
        row.locator("input").fill(wrong)
        page.keyboard.press("Enter")
        assert row.locator(".words").text_content() == words
        assert said(page) == f"gradient of {name.removesuffix('.grad')}: {words} 0 of 7 are right."
        assert row.locator("input").get_attribute("aria-invalid") == "true"
        assert row.locator("input").evaluate("(input) => document.activeElement === input")
    assert page.locator(".box.warning").count() == 4
    assert page.locator(".box[data-gradient]").count() == 1  # of the output
    row = field(page, "x.grad")
    row.locator("input").fill("0.4")
    assert row.locator(".words").text_content() == ""
    assert row.locator("input").get_attribute("aria-invalid") is None


def test_the_button_judges_all_fields_and_goes_to_the_first_wrong_one(opened):
    task = viz.exercise(unit())
    page = opened(task, reduced_motion="reduce")
    page.click("#check")
    assert said(page) == "Fill in a number first."
    right = task.answers["t4.grad"], task.answers["t3.grad"]
    for number, answer in enumerate([*right, -5]):
        page.locator(f"#answer{number}").fill(str(answer))
    page.click("#check")
    assert said(page) == "gradient of t2: −5 has the wrong sign. 2 of 7 are right."
    assert page.evaluate("document.activeElement.id") == "answer2"
    page.locator("#answer2").fill("")
    page.locator("#answer2").press_sequentially("1e")
    page.click("#check")
    assert said(page).startswith("gradient of t2: This is not a number.")


def test_a_hint_shows_the_rules_of_the_uses_and_where_they_are_but_no_answer(opened):
    task = viz.exercise(unit())
    page = opened(task, reduced_motion="reduce")
    row = field(page, "w.grad")
    row.locator("button").focus()
    page.keyboard.press("Enter")
    assert row.locator("button").get_attribute("aria-expanded") == "true"
    assert row.locator(".hint p").text_content() == "It is the sum of what 2 uses contribute."
    assert row.locator(".use").count() == 3
    assert row.locator(".use >> nth=1").text_content() == "t1=w·x∂t1∂w=x"
    assert row.locator(".use >> nth=2").text_content().startswith("∂y∂w=")
    assert page.locator(".arrow.active").count() == 2
    texts = page.inner_text("body")
    for answer in task.answers.values():
        assert answer in (1.0, 2.0) or shown(answer) not in texts
    page.keyboard.press("Enter")
    assert page.locator(".hint:visible").count() == 0
    assert page.locator(".arrow.active").count() == 0


@pytest.mark.parametrize("hide", ["values", "both"])
def test_no_text_label_or_attribute_tells_an_answer_before_it_is_given(opened, hide):
    task = viz.exercise(unit(), hide=hide)
    page = opened(task, reduced_motion="reduce")
    for button in page.locator(".answer button").all():
        button.click()
    told = {shown(x) for x in task.answers.values()} | {repr(x) for x in task.answers.values()}
    for box in page.locator(".box").all():
        box.dispatch_event("pointerenter")
        texts = page.evaluate("document.body.outerHTML.replace(/<script[^]*?<\\/script>/g, '')")
        assert not [text for text in told if len(text) > 4 and text in texts]


def test_new_numbers_are_those_of_python(opened):
    page = opened(viz.exercise(network()), reduced_motion="reduce")
    for number, seed in enumerate((0, 1, 12345, 2**40 + 1)):
        if number < 2:
            page.click("#renew")
            assert page.input_value("#seed") == str(seed)
        else:
            page.locator("#seed").fill(str(seed))
            page.keyboard.press("Enter")
        task = viz.exercise(network(), seed=seed)
        for place, node in enumerate(topological_order(task._question.root)):
            if node.role != "constant":
                value = page.locator(f'.box[data-box="{place}"]').get_attribute("data-value")
                assert float(value) == pytest.approx(node.data, rel=1e-12)
        page.locator("#answer0").fill(repr(task.answers[task.names[0]]))
        page.keyboard.press("Enter")
        assert page.text_content("#phase").startswith("1 of ")


def test_new_numbers_clear_the_answers_and_a_link_keeps_the_seed(opened):
    from playwright.sync_api import expect

    page = opened(viz.exercise(unit(), seed=3), reduced_motion="reduce")
    page.locator("#answer0").fill("1")
    page.keyboard.press("Enter")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("n")
    assert page.input_value("#seed") == "4"
    assert page.input_value("#answer0") == ""
    assert page.text_content("#phase") == "0 of 7 right"
    expect(page).to_have_url(re.compile(r"\.html#seed=4$"))
    page.evaluate("location.hash = '#seed=9'")
    expect(page.locator("#seed")).to_have_value("9")
    page.evaluate("location.hash = '#seed=x'")
    expect(page.locator("#seed")).to_have_value("3")
    assert said(page) == (
        "seed must be a whole number from 0 with which the numbers of the graph are finite, not x; it is ignored."
    )
    page.locator("#seed").fill("-1")
    page.keyboard.press("Enter")
    assert said(page) == "A seed is a whole number from 0."


def test_pressing_a_box_goes_to_its_field(opened):
    page = opened(viz.exercise(unit()), reduced_motion="reduce")
    page.locator(".box.operation").first.press("Enter")
    assert page.evaluate("document.activeElement.id") == "answer3"
    assert page.locator(".box.current").get_attribute("data-box") == "4"


def test_it_breaks_no_rule_of_accessibility(opened):
    from axe_playwright_python.sync_playwright import Axe

    page = opened(viz.exercise(unit()), reduced_motion="reduce")
    page.locator("#answer0").fill("7")
    page.click("#check")
    page.locator(".answer button").nth(2).click()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()


def test_it_fits_every_screen_with_text_that_is_legible(opened):
    page = opened(viz.exercise(network(), seed=1), reduced_motion="reduce")
    page.locator(".answer button").first.click()
    for width, height in [(375, 667), (768, 1024), (1280, 720), (1920, 1080)]:
        page.set_viewport_size({"width": width, "height": height})
        page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert min(size for size, _ in page.evaluate(SIZES_OF_TEXT)) >= 12
        rows = page.eval_on_selector_all(
            ".answer",
            "(rows) => rows.map((row) => row.getBoundingClientRect()).map(({ left, right }) => [left, right])",
        )
        assert all(0 <= left < right <= width for left, right in rows)
        if width > 900:  # all is on one screen, and lists scroll
            assert page.evaluate("document.documentElement.scrollHeight") <= height


def test_a_wide_graph_stands_above_the_fields_where_it_is_legible_only_so(opened):
    page = opened(viz.exercise(unit()), 1920, 1080, reduced_motion="reduce")
    assert page.evaluate("document.body.classList.contains('wide')")
    canvas = page.locator("#canvas").bounding_box()
    for box in page.locator(".box").all():
        place = box.bounding_box()
        assert place["x"] >= canvas["x"]
        assert place["x"] + place["width"] <= canvas["x"] + canvas["width"]
        assert place["y"] + place["height"] <= canvas["y"] + canvas["height"]


def test_texts_of_users_stay_text(opened):
    total = Value(1.0)
    for text in HOSTILE:
        total = total + Value(2.0, text)
    page = opened(viz.exercise(total, title=HOSTILE[0]), reduced_motion="reduce")
    for button in page.locator(".answer button").all()[-len(HOSTILE) :]:
        button.click()
    assert page.text_content("h1") == HOSTILE[0]
    assert page.locator("img").count() == 0


def test_the_page_and_the_sheet_fit_on_paper(opened):
    task = viz.exercise(network(), seed=1)
    page = opened(task.sheet(key=True), A4, 972)
    page.emulate_media(media="print")
    assert page.evaluate("document.documentElement.scrollWidth") <= A4
    picture = page.locator("figure svg").bounding_box()
    assert picture["width"] <= A4
    assert picture["height"] <= 860
    page = opened(viz.exercise(unit()), A4, 972, reduced_motion="reduce")
    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.is_hidden("#controls")
    assert page.locator(".box").count() == 8
    for box in page.locator(".box").all():
        place = box.bounding_box()
        assert place["x"] >= 0
        assert place["x"] + place["width"] <= A4
