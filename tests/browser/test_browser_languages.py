"""Pages in other languages: what is seen and what is read out is in the language, fits, and is as accessible."""

import pytest
from support.pages import english_in, in_windows

import nn
import viz
from autograd import Value
from viz.pages.language import language_codes

OTHERS = [code for code in language_codes() if code != "en"]
# Texts wider than the button, label or heading that holds them.
CUT = """() => [...document.querySelectorAll("button, label, h1, h2, .label, #sentence, #phase, summary")]
    .filter((e) => e.checkVisibility() && e.clientWidth > 2 && e.scrollWidth > e.clientWidth + 1)
    .map((e) => e.textContent.trim())"""


def network():
    model = nn.MLP(2, [2, 1], seed=0)
    return nn.mse_loss(model([Value(1.0, "x1", role="input"), Value(2.0, "x2", role="input")]), 1.0)


def classifier():
    return nn.MLP(2, [2, 1], output_activation="sigmoid", seed=0)


MAKE = {
    "explorer": lambda code: viz.explore(network(), lang=code),
    "explorer of matrices": lambda code: viz.explore(network(), grain="matrix", lang=code),
    "replay": lambda code: viz.explore_training(
        classifier().fit(*nn.datasets.xor(), epochs=5, record=5, progress=False), lang=code
    ),
    "live page": lambda code: viz.train(classifier(), *nn.datasets.xor(), loss="binary_cross_entropy", lang=code),
    "exercise": lambda code: viz.exercise(network(), lang=code),
}
ACTS = {  # what makes the page say something
    "explorer": ["ArrowRight", "End", "?", "Escape"],
    "explorer of matrices": ["ArrowRight", "End"],
    "replay": ["ArrowRight", "End"],
    "live page": ["ArrowRight", "e", "?", "Escape"],
    "exercise": ["Enter"],
}


@pytest.mark.parametrize("kind", MAKE)
@pytest.mark.parametrize("code", OTHERS)
def test_nothing_of_the_page_is_in_english(opened, code, kind):
    page = opened(MAKE[kind](code))
    assert page.get_attribute("html", "lang") == code
    assert not english_in(page, code)
    for key in ACTS[kind]:
        page.keyboard.press(key)
        assert not english_in(page, code), key
    for button in page.locator("button:visible").all():
        if button.get_attribute("id") not in ("fullscreen", "link"):
            button.dispatch_event("click")  # at once: while it plays, buttons are disabled at its ends
            assert not english_in(page, code)
            page.keyboard.press("Escape")


@pytest.mark.parametrize("kind", MAKE)
@pytest.mark.parametrize("code", OTHERS)
def test_every_text_fits_at_every_width(opened, code, kind):
    page = opened(MAKE[kind](code))
    for _ in in_windows(page, [(375, 812), (1280, 720), (1920, 1080)]):
        for key in ACTS[kind][:2]:
            page.keyboard.press(key)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert page.evaluate(CUT) == []


@pytest.mark.parametrize("kind", MAKE)
@pytest.mark.parametrize("code", OTHERS)
def test_no_rule_of_accessibility_is_broken(opened, code, kind):
    from axe_playwright_python.sync_playwright import Axe

    page = opened(MAKE[kind](code), bypass_csp=True)
    page.keyboard.press(ACTS[kind][0])
    found = Axe().run(page)
    assert len(found.response["passes"]) > 10
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("kind", MAKE)
def test_the_numbers_are_those_of_the_english_page(opened, kind):
    numbers = []
    for code in language_codes():
        page = opened(MAKE[kind](code))
        for key in ACTS[kind][:2]:
            page.keyboard.press(key)
        page.wait_for_timeout(300)
        shown = "(all) => all.map((e) => [e.dataset.value, e.dataset.gradient])"
        numbers.append(page.eval_on_selector_all("[data-value]", shown))
    assert all(other == numbers[0] for other in numbers)
    assert numbers[0]
