"""The tour of the explorer: five steps by mouse, keyboard and screen reader, never in the way."""

import pytest

import viz
from autograd import Value


def product():
    return Value(0.5, "w") * Value(3.0, "x")


def focused(page):
    return page.evaluate("document.activeElement.id")


def test_its_five_stops_are_reached_by_keys_alone_and_read_by_a_screen_reader(opened):
    page = opened(viz.explore(product()), 1280, 720)
    page.locator("#help").press("Enter")
    dialog = page.get_by_role("dialog")
    said = []
    for stop in range(1, 6):
        assert focused(page) == "tour"  # which has the title as its label and the text as its description
        assert page.text_content("#tour-count") == f"{stop} of 5"
        said.append(page.text_content("#tour-title") + page.text_content("#tour-text"))
        assert page.locator(".toured").count() == 1
        box = dialog.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 1280
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= 720
        page.keyboard.press("Enter")
    assert len(set(said)) == 5
    assert dialog.count() == 0
    assert focused(page) == "help"
    assert page.locator(".toured").count() == 0


def test_escape_closes_it_and_steps_go_on_below_it(opened):
    page = opened(viz.explore(product()))
    page.keyboard.press("?")
    page.click("#tour-next")
    page.keyboard.press("ArrowRight")
    assert page.get_attribute("body", "data-position") == "1"
    assert page.text_content("#tour-count") == "2 of 5"
    page.click("#tour-back")
    assert page.is_disabled("#tour-back")
    page.keyboard.press("Escape")
    assert page.is_hidden("#tour")


@pytest.mark.parametrize("mode", ["presentation", "phone"])
def test_it_stays_on_the_screen_whatever_is_hidden(opened, mode):
    page = opened(viz.explore(product()), *((1280, 720) if mode == "presentation" else (375, 812)))
    if mode == "presentation":
        page.keyboard.press("p")
        page.keyboard.press("m")
    page.keyboard.press("?")
    for _ in range(5):
        box = page.locator("#tour").bounding_box()
        assert box["x"] >= 0
        assert box["y"] >= 0
        assert box["x"] + box["width"] <= page.viewport_size["width"]
        assert box["y"] + box["height"] <= page.viewport_size["height"]
        page.keyboard.press("Enter")
    assert page.is_hidden("#tour")


def test_a_reader_sees_it_once_and_a_program_never(browser, tmp_path):
    address = viz.explore(product()).save(tmp_path / "page.html").as_uri()
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(address)
        assert page.is_hidden("#tour")
    with browser.new_context() as context:
        context.add_init_script("Object.defineProperty(navigator, 'webdriver', { get: () => false })")
        page = context.new_page()
        page.goto(address)
        assert page.is_visible("#tour")
        assert focused(page) == ""  # the focus stays where it was
        page.reload()
        assert page.is_hidden("#tour")


def test_it_breaks_no_rule_of_accessibility(opened):
    from axe_playwright_python.sync_playwright import Axe

    page = opened(viz.explore(product()), bypass_csp=True)
    page.keyboard.press("?")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
