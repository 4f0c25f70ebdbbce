"""Predict, then reveal: the explorer hides a contribution until the reader has guessed it."""

import pytest
from support.pages import shown

import viz
from autograd import Value
from autograd.notation.steps import backward_steps, forward_steps


def graph():
    """w·x + w, whose w receives two contributions: 1 and x."""
    w, x = Value(0.5, "w"), Value(-3.25, "x")
    y = w * x + w
    y.label = "y"
    return y


def said(page):
    return page.text_content("#sentence")


@pytest.fixture
def predicting(opened):
    """A function that opens an explorer at the last contribution to w, which it hides; returns page and step."""

    def open_page(root):
        steps = list(enumerate(backward_steps(root)))
        number, step = next((n, step) for n, step in reversed(steps) if step.operand.label == "w")
        page = opened(viz.explore(root), reduced_motion="reduce")
        page.click("#predict")
        page.locator("#scrubber").fill(str(len(forward_steps(root)) + number + 1))
        return page, step

    return open_page


def test_the_contribution_and_the_new_sum_are_hidden_everywhere(predicting):
    page, step = predicting(graph())
    contribution, gradient = shown(step.contribution), shown(step.gradient)
    assert (contribution, gradient) == ("−3.25", "−2.25")
    assert page.get_attribute("#predict", "aria-pressed") == "true"
    assert said(page).endswith("= ?")
    w = page.locator(".box.receiver")
    assert w.locator(".gradient").text_content() == f"grad {shown(step.previous)}"
    assert w.get_attribute("data-gradient") == "1"
    assert f"gradient {shown(step.previous)}" in w.get_attribute("aria-label")
    assert page.text_content("#equations li[aria-current] .number") == ""
    assert page.locator("#equation .number.contribution, #equation .number.gradient").count() == 0
    w.hover()
    for text in (said(page), page.text_content("#equation"), page.text_content("#tooltip")):
        assert gradient not in text
        assert "-2.25" not in text


def test_a_wrong_guess_is_told_in_words_and_a_right_one_reveals(predicting):
    page, step = predicting(graph())
    page.keyboard.press("Enter")
    for guess, words in [
        ("3.25", "3.25 has the wrong sign."),
        ("-4", "−4 is too large."),
        ("-1", "−1 is too small."),
        ("0", "0 is too small."),
        ("", "Type a number first."),
    ]:
        page.locator("#guessed").fill(guess)
        page.keyboard.press("Enter")
        assert said(page).startswith(words)
        assert said(page).endswith("= ?")
        assert page.get_attribute("#guessed", "aria-invalid") == "true"
    page.locator("#guessed").fill("-3.24")  # right to 1 %
    page.keyboard.press("Enter")
    assert said(page).startswith("Right!")
    assert shown(step.gradient) in said(page)
    assert page.is_hidden("#guess")
    assert page.text_content(".box.receiver .gradient") == f"grad {shown(step.gradient)}"
    assert page.evaluate("document.activeElement.id") == "next"


def test_it_is_revealed_on_request_and_hidden_again_at_the_next_visit(predicting):
    page, step = predicting(graph())
    page.click("#reveal")
    assert shown(step.gradient) in said(page)
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowRight")
    assert said(page).endswith("= ?")
    page.click("#predict")
    assert shown(step.gradient) in said(page)


def test_forward_steps_and_the_first_backward_step_hide_nothing(opened):
    root = graph()
    page = opened(viz.explore(root))
    page.click("#predict")
    for _ in range(len(forward_steps(root)) + 1):
        page.keyboard.press("ArrowRight")
        assert "?" not in said(page)
        assert page.is_hidden("#guess")


def test_what_cannot_be_typed_is_not_hidden(opened):
    x = Value(0.0, "x")
    root = x.sqrt()
    page = opened(viz.explore(root))
    page.click("#predict")
    page.keyboard.press("End")
    assert "= inf" in said(page)
    assert page.is_hidden("#guess")


def test_playing_waits_for_the_guess(opened):
    from playwright.sync_api import expect

    root = graph()
    page = opened(viz.explore(root))
    page.click("#predict")
    page.locator("#scrubber").fill(str(len(forward_steps(root)) + 1))
    page.select_option("#speed", "200")
    page.click("#play")
    expect(page.locator("#guess")).to_be_visible()
    assert page.get_attribute("#play", "aria-label") == "Play"
    assert page.get_attribute("body", "data-position") == str(len(forward_steps(root)) + 2)


def test_it_breaks_no_rule_of_accessibility(predicting):
    from axe_playwright_python.sync_playwright import Axe

    page, _ = predicting(graph())
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("last", ["button", "box", "page"])
def test_enter_and_digits_go_to_the_field_wherever_the_focus_is(predicting, last):
    page, step = predicting(graph())
    if last == "button":
        page.locator("#next").focus()
    elif last == "box":
        page.locator(".box.operation").first.focus()
    else:
        page.evaluate("document.activeElement.blur()")
    page.keyboard.type("-3.25")
    assert page.input_value("#guessed") == "-3.25"
    page.keyboard.press("Enter")
    assert said(page).startswith("Right!")
    assert step.contribution == -3.25


def test_enter_after_the_switch_does_not_switch_back(predicting):
    page, _ = predicting(graph())
    page.click("#predict")
    page.click("#predict")
    for _ in range(2):
        page.keyboard.press("Enter")
        assert page.get_attribute("#predict", "aria-pressed") == "true"
        assert page.evaluate("document.activeElement.id") == "guessed"
    assert said(page).startswith("Type a number first.")


def test_a_clicker_goes_on_after_a_wrong_guess(predicting):
    page, _ = predicting(graph())
    page.keyboard.type("7")
    page.keyboard.press("Enter")
    at = int(page.get_attribute("body", "data-position"))
    page.keyboard.press("PageUp")
    assert int(page.get_attribute("body", "data-position")) == at - 1


def test_the_key_of_a_clicker_reveals_first_and_then_goes_on(predicting):
    page, _ = predicting(graph())
    at = int(page.get_attribute("body", "data-position"))
    page.keyboard.press("PageDown")
    assert int(page.get_attribute("body", "data-position")) == at
    assert page.is_hidden("#guess")
    page.keyboard.press("PageDown")
    assert int(page.get_attribute("body", "data-position")) == at + 1


def test_paths_do_not_tell_a_gradient_before_all_of_it_is_predicted(predicting):
    page, step = predicting(graph())
    page.locator(".box.receiver").press(" ")
    told = page.text_content("#paths")
    assert "?" in told
    assert shown(step.gradient) not in told
    assert page.locator("#paths [data-product], #paths [data-sum]").count() == 0
    page.click("#reveal")
    assert page.locator("#paths [data-sum]").get_attribute("data-sum") == str(step.gradient)
    assert shown(step.gradient) in page.text_content("#paths")


# All texts of the page that a reader or a screen reader gets, without those of the question itself: the factors of the
# product, which the sentence, the edge and the math show, and the numbers of nodes.
TEXTS = """() => {
    const isQuestion = "#sentence, .chip, .local, .upstream, .before, .data, .box, #sliders, script, style";
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const found = [];
    while (walker.nextNode()) {
        const { data, parentElement } = walker.currentNode;
        if (!parentElement.closest(isQuestion)) found.push(data);
    }
    const labels = [...document.querySelectorAll("[aria-label], [title], [data-slope]")].flatMap((element) =>
        [element.getAttribute("aria-label"), element.title, element.dataset.slope ?? ""]);
    return [...found, ...labels].join("\\n");
}"""


@pytest.mark.parametrize("medium", ["screen", "print"])
@pytest.mark.parametrize("make", [lambda: Value(0.7, "x").tanh(), lambda: (Value(0.3, "a") * Value(1.7, "b")).sin()])
def test_no_text_tells_the_answer_where_a_slope_equals_it(opened, make, medium):
    root = make()
    page = opened(viz.explore(root), reduced_motion="reduce")
    page.click("#predict")
    equal = 0
    for number, step in enumerate(backward_steps(root)):
        if step.slot is None:
            continue
        answer = shown(step.contribution)
        equal += answer == shown(step.local_derivative)
        page.locator("#scrubber").fill(str(len(forward_steps(root)) + number + 1))
        page.locator(".box.current").dispatch_event("pointerenter")
        page.locator(".box.current").press(" ")
        if medium == "print":
            page.emulate_media(media="print")
            page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
        assert page.locator("#curves figcaption").count() >= 1
        assert answer not in page.evaluate(TEXTS), answer
        assert repr(step.contribution) not in page.evaluate(TEXTS)
        if medium == "print":
            page.evaluate("window.dispatchEvent(new Event('afterprint'))")
            page.emulate_media(media="screen")
        page.keyboard.press("Escape")
        page.click("#reveal")
        page.locator(".box.current").press(" ")
        if answer == shown(step.local_derivative):
            assert answer in page.text_content("#curves")
        page.keyboard.press("Escape")
    assert equal
