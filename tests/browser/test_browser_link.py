"""The state of the pages in their addresses: a link shows what its sender saw, and a wrong one is explained."""

import pytest

import nn
import viz


def network():
    model = nn.MLP(2, [2, 1], activation="tanh", seed=0)
    return nn.mse_loss(model([-0.3, 0.7]), 0.5)


def training_run():
    model = nn.MLP(2, [4, 1], activation="tanh", output_activation="sigmoid", seed=0)
    adam = nn.Adam(model.parameters(), lr=0.05)
    return model.fit(*nn.datasets.xor(), optimizer=adam, epochs=30, record=11, progress=False)


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


def view(page):
    """The scale at which a page shows its graph, and the point in the middle."""
    return page.evaluate("""() => {
        const { a, e, f } = new DOMMatrix(document.querySelector(".scene").style.transform);
        const { width, height } = document.querySelector("#canvas").getBoundingClientRect();
        return [a, (width / 2 - e) / a, (height / 2 - f) / a];
    }""")


def seen_in_replay(page):
    return page.evaluate("""() => [
        document.body.dataset.position,
        document.querySelector("#sample").value,
        [...document.querySelectorAll(".box")].map((box) => [box.dataset.box, box.dataset.value, box.dataset.gradient]),
        ["decision", "losses", "network", "graph"].map((id) => document.getElementById(id).checkVisibility()),
    ]""")


PAGES = {"explorer": lambda: viz.explore(network()), "replay": lambda: viz.explore_training(training_run())}


@pytest.mark.parametrize("make", PAGES.values(), ids=PAGES)
def test_the_address_restores_what_is_visible_of_the_graph_in_a_window_of_any_size(opened, make):
    page = opened(make(), reduced_motion="reduce")
    assert "view" not in settled(page)
    box = page.locator("#canvas").bounding_box()
    page.mouse.move(box["x"] + 0.3 * box["width"], box["y"] + 0.3 * box["height"])
    page.mouse.wheel(0, -700)
    page.mouse.down()
    page.mouse.move(box["x"] + 0.6 * box["width"], box["y"] + 0.5 * box["height"], steps=3)
    page.mouse.up()
    address, seen = settled(page), view(page)
    assert "view=" in address
    for width, height in [(1280, 800), (1600, 900)]:
        other = page.context.new_page()
        other.set_viewport_size({"width": width, "height": height})
        other.goto(address)
        assert view(other) == pytest.approx(seen, rel=1e-3, abs=0.1)
        assert settled(other) == address
    page.click("#fit")
    assert settled(page).endswith("view=whole")
    go(page, "")
    assert "#" not in settled(page)


def test_a_picture_that_was_moved_stays_when_a_node_is_pressed(opened):
    page = opened(viz.explore(network()), reduced_motion="reduce")
    page.locator("#scrubber").fill("5")
    page.keyboard.press("+")
    box = page.locator("#canvas").bounding_box()
    page.mouse.move(box["x"] + 5, box["y"] + 5)
    page.mouse.down()
    page.mouse.move(box["x"] + 305, box["y"] + 105, steps=3)
    page.mouse.up()
    before = page.evaluate("document.querySelector('.scene').style.transform")
    page.keyboard.press("Escape")
    page.locator("#with-gradient").click()
    assert page.evaluate("document.querySelector('.scene').style.transform") == before


def test_the_address_restores_the_node_that_was_pressed(opened):
    page = opened(viz.explore(network()), reduced_motion="reduce")
    page.select_option("#layout", label="everything")
    page.locator(".box:not(.fold)").nth(3).click()
    address, paths = settled(page), page.inner_text("#chosen")
    other = page.context.new_page()
    other.goto(address)
    assert other.inner_text("#chosen") == paths
    other.keyboard.press("Escape")
    assert "node" not in settled(other)


def test_the_address_of_a_replay_restores_epoch_sample_and_panels(opened):
    page = opened(viz.explore_training(training_run()), reduced_motion="reduce")
    start = seen_in_replay(page)
    assert "#" not in settled(page)
    page.locator("#scrubber").fill("4")
    page.select_option("#sample", "2")
    page.select_option("#layout", label="everything")
    page.keyboard.press("p")
    page.keyboard.press("g")
    page.keyboard.press("n")
    address, seen = settled(page), seen_in_replay(page)
    assert {"epoch=12", "sample=3"} < set(address.split("#")[1].split("&"))
    other = page.context.new_page()
    other.goto(address)
    assert seen_in_replay(other) == seen
    go(other, "")
    assert seen_in_replay(other) == start


@pytest.mark.parametrize(
    ("fragment", "words"),
    [
        ("epoch=1", "epoch must be one of the 11 recorded epochs from 0 to 30, not 1; it is ignored."),
        ("epoch=constructor", "epoch must be one of the 11 recorded epochs"),
        ("sample=0", "sample must be an integer from 1 to 4"),
        ("sample=5", "sample must be an integer from 1 to 4"),
        ("view=1,2", "view must be whole, or a scale"),
        ("view=9,2,3", "view must be whole, or a scale"),
        ("view=1,pear,3", "view must be whole, or a scale"),
        ("present=math", "present must be decision, losses, network or graph, separated by commas"),
        ("step=1", "This page has no step"),
    ],
)
def test_what_is_wrong_in_the_address_of_a_replay_is_ignored_and_told(opened, fragment, words):
    page = opened(viz.explore_training(training_run()), reduced_motion="reduce")
    start = seen_in_replay(page), view(page)
    go(page, "epoch=9&sample=2&present=graph&view=2,30,40")
    assert seen_in_replay(page) != start[0]
    go(page, fragment)
    assert words in page.text_content("#sentence")
    assert page.text_content("#sentence").count("ignored") == 1
    assert seen_in_replay(page) == start[0]
    page.keyboard.press("ArrowRight")
    assert "ignored" not in page.text_content("#sentence")
    page.keyboard.press("ArrowLeft")
    assert "#" not in settled(page)
    assert view(page) == pytest.approx(start[1], rel=1e-4)


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
        ("node=9999", "node must be an integer from 0 to"),
        ("view=0,0,0", "view must be whole, or a scale from 0.05 to 8"),
        ("view=1,2,3,4", "view must be whole, or a scale from 0.05 to 8"),
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
    for page, fragment in [(viz.explore(network()), "step=5"), (viz.explore_training(training_run()), "epoch=15")]:
        page = opened(page, permissions=["clipboard-read", "clipboard-write"])
        page.locator("#scrubber").fill("5")
        page.click("#link")
        page.get_by_text("The link is copied.").wait_for()
        assert page.evaluate("navigator.clipboard.readText()") == f"{page.url.split('#')[0]}#{fragment}"


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
