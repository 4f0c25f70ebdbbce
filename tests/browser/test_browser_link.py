"""The state of the explorer in its address: a link shows what its sender saw, and a wrong one is explained."""

import pytest

import nn
import viz


def network():
    model = nn.MLP(2, [2, 1], activation="tanh", seed=0)
    return nn.mse_loss(model([-0.3, 0.7]), 0.5)


def state(page):
    """What a reader sees: the step, the numbers, the boxes, and the mode."""
    return page.evaluate("""() => [
        document.body.dataset.position,
        [...document.querySelectorAll(".box")].map((box) => [box.dataset.box, box.dataset.value, box.dataset.gradient]),
        document.querySelector("#compiled").checked,
        document.querySelector("#predict").ariaPressed,
        ["graph", "math", "code", "leaves"].map((id) => document.getElementById(id).checkVisibility()),
    ]""")


def settled(page):
    """The address of a page, after it has been written: timers of a page end in order, however busy the machine is."""
    page.evaluate("() => new Promise((done) => setTimeout(done, 400))")
    return page.url


def go(page, fragment):
    page.evaluate(
        """(fragment) => new Promise((done) => {
            window.addEventListener("hashchange", () => setTimeout(done), { once: true });
            location.hash = fragment;
        })""",
        fragment,
    )


def test_the_address_restores_all_that_was_changed(opened):
    page = opened(viz.explore(network()), reduced_motion="reduce")
    start = settled(page)
    assert "#" not in start
    page.get_by_role("spinbutton", name="x2", exact=True).fill("-1.25")
    page.evaluate("document.activeElement.blur()")
    page.select_option("#layout", label="all folded")
    page.check("#compiled")
    page.click("#predict")
    page.locator("#scrubber").fill("17")
    page.keyboard.press("p")
    page.keyboard.press("c")
    address, seen = settled(page), state(page)
    assert "step=17" in address
    other = page.context.new_page()
    other.goto(address)
    assert state(other) == seen
    other.keyboard.press("Home")
    assert state(other) != seen


def test_the_page_follows_its_address_back_and_forth(opened):
    page = opened(viz.explore(network()), reduced_motion="reduce")
    start = state(page)
    go(page, "step=12&set=0:2.5&present=graph")
    assert state(page)[0] == "12"
    assert page.is_hidden("#math")
    assert "2.5" in page.eval_on_selector_all("#sliders [type=number]", "(fields) => fields.map(({ value }) => value)")
    go(page, "")
    assert state(page) == start


@pytest.mark.parametrize(
    ("fragment", "words"),
    [
        ("step=9999", "step must be an integer from 0 to"),
        ("step=-1", "step must be an integer from 0 to"),
        ("step=1e1", "step must be an integer from 0 to"),
        ("set=77:1", "set must be such as 0:0.5"),
        ("set=0:pear", "set must be such as 0:0.5"),
        ("set=0:", "set must be such as 0:0.5"),
        ("layout=constructor", "layout must be an integer from 0 to"),
        ("layout=99", "layout must be an integer from 0 to"),
        ("present=graph,dance", "present must be graph, math or code"),
        ("predict=perhaps", "predict must be on"),
        ("compiled=yes", "compiled must be on"),
        ("__proto__=1", "This page has no __proto__"),
        ("<img src=x onerror=alert(1)>", "This page has no <img src"),
        ("%E0%A4%A", "This page has no"),
    ],
)
def test_what_is_wrong_in_an_address_is_ignored_and_told(opened, fragment, words):
    page = opened(viz.explore(network()), reduced_motion="reduce")
    start = state(page)
    go(page, "step=3&set=0:2&predict=on&present=graph&compiled=on")
    go(page, fragment)
    assert words in page.text_content("#sentence")
    assert page.text_content("#sentence").count("ignored") == 1
    assert state(page) == start
    page.keyboard.press("ArrowRight")
    assert "ignored" not in page.text_content("#sentence")


def test_the_link_is_copied(opened):
    page = opened(viz.explore(network()), permissions=["clipboard-read", "clipboard-write"])
    page.locator("#scrubber").fill("5")
    page.click("#link")
    page.get_by_text("The link is copied.").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == f"{page.url.split('#')[0]}#step=5"


def test_a_page_without_an_address_of_its_own_offers_no_link(browser, tmp_path):
    (tmp_path / "cell.html").write_text(f"<!doctype html>{viz.explore(network())._repr_html_()}", encoding="utf-8")
    page, complaints = browser.new_page(), []
    page.on("console", lambda message: complaints.append(message.text))
    page.goto((tmp_path / "cell.html").as_uri())
    frame = page.frames[1]
    frame.click("#next")
    page.wait_for_timeout(400)
    assert frame.is_hidden("#link")
    assert frame.is_visible("#present")
    assert page.url.endswith("cell.html")
    assert complaints == []
    page.close()
