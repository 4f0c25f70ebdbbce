"""The presentation mode: in the explorer the graph at full width and the current equation at 32 px, in the replay the
decisions, the loss and the network, all larger; panels by keys."""

import pytest

import nn
import viz
from autograd import Value
from autograd.notation.steps import forward_steps


def network():
    model = nn.MLP(2, [4, 1], activation="tanh", seed=0)
    return nn.mse_loss(model([-0.3, 0.7]), 0.5)


def replay(sizes=(4, 1)):
    model = nn.MLP(2, sizes, activation="tanh", output_activation="sigmoid", seed=0)
    return viz.explore_training(model.fit(*nn.datasets.xor(), epochs=30, record=11, progress=False))


def box(page, selector):
    return page.locator(selector).bounding_box()


@pytest.mark.parametrize(("width", "height", "least"), [(1280, 720, 16), (1920, 1080, 22)])
def test_the_text_of_the_graph_is_larger_than_on_a_page_that_is_read_alone(opened, width, height, least):
    root = network()
    page = opened(viz.explore(root), width, height, reduced_motion="reduce")
    page.keyboard.press("p")
    for at in (1, len(forward_steps(root)) + 9):
        page.locator("#scrubber").fill(str(at))
        assert (
            page.evaluate("12 * new DOMMatrix(getComputedStyle(document.querySelector('.scene')).transform).a") >= least
        )
    labels = page.eval_on_selector_all(
        "#equation .label", "(all) => all.map((label) => parseFloat(getComputedStyle(label).fontSize))"
    )
    assert min(labels) >= 0.9 * least


def test_the_tools_fit_on_a_phone(opened):
    for page in (opened(viz.explore(network()), 390, 844), opened(replay(), 390, 844)):
        page.keyboard.press("p")
        for button in page.locator("#tools button:visible, #tools summary:visible").all():
            place = button.bounding_box()
            assert place["x"] >= 0
            assert place["x"] + place["width"] <= 390
            assert button.evaluate("(e) => e.scrollWidth <= e.clientWidth")


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (1920, 1080)])
def test_the_graph_has_the_full_width_and_the_equation_32_pixels(opened, width, height):
    root = network()
    page = opened(viz.explore(root), width, height, reduced_motion="reduce")
    page.keyboard.press("p")
    for at in (0, 1, len(forward_steps(root)) + 9):
        page.locator("#scrubber").fill(str(at))
        assert box(page, "#graph")["width"] == pytest.approx(box(page, "main")["width"], abs=1)
        assert box(page, "#graph")["height"] > 0.4 * height
        for math in page.locator("#equation math").all():
            assert float(math.evaluate("(m) => parseFloat(getComputedStyle(m).fontSize)")) >= 32
            place = math.bounding_box()
            assert place["x"] >= 0
            assert place["x"] + place["width"] <= width
            assert place["y"] + place["height"] <= height
        boxes = page.eval_on_selector_all(".box.current text", "(b) => b.map((text) => text.getCTM().a * 12)")
        assert all(size >= width / 120 for size in boxes)  # 16 px at 1920, 12 px at 1280 with room to spare


def test_keys_switch_its_panels_and_escape_leaves_it(opened):
    page = opened(viz.explore(network()), 1280, 720)
    page.keyboard.press("g")
    assert page.is_visible("#graph")  # the keys do nothing outside the mode
    page.keyboard.press("p")
    assert page.get_attribute("#present", "aria-pressed") == "true"
    assert page.is_hidden("#code")
    for key, panel in (("g", "graph"), ("m", "math"), ("c", "code")):
        before = page.is_visible(f"#{panel}")
        page.keyboard.press(key)
        assert page.is_visible(f"#{panel}") != before
        assert page.get_attribute(f"#show-{panel}", "aria-pressed") == str(not before).lower()
        page.click(f"#show-{panel}")
        assert page.is_visible(f"#{panel}") == before
    page.keyboard.press("ArrowRight")
    assert page.get_attribute("body", "data-position") == "1"
    page.keyboard.press("Escape")
    assert page.get_attribute("#present", "aria-pressed") == "false"
    assert page.is_visible("#code")
    assert page.is_visible("#leaves")
    assert page.is_hidden("#panels")
    page.click("#present")
    assert page.is_hidden("#leaves")


def test_the_graph_stays_where_it_is_from_step_to_step(opened):
    page = opened(viz.explore(network()), 1280, 720)
    page.keyboard.press("p")
    places = set()
    for _ in range(4):
        page.keyboard.press("ArrowRight")
        places.add(tuple(box(page, "#graph").values()))
    assert len(places) == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_breaks_no_rule_of_accessibility(opened, scheme):
    from axe_playwright_python.sync_playwright import Axe

    page = opened(viz.explore(network()), 1280, 720, color_scheme=scheme, bypass_csp=True)
    page.keyboard.press("p")
    page.keyboard.press("c")
    page.locator("#scrubber").fill("60")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_a_node_that_is_pressed_shows_its_paths_and_escape_closes_them_first(opened):
    x = Value(3.0, "x")
    page = opened(viz.explore(x * x + x), 1280, 720)
    page.keyboard.press("p")
    page.locator(".box").first.click()
    paths = page.locator("#paths [data-sum]")
    assert paths.is_visible()
    graph, panel, math = (box(page, f"#{name}") for name in ("graph", "chosen", "math"))
    assert graph["width"] > 1.5 * panel["width"] > 400
    assert graph["x"] + graph["width"] <= panel["x"]
    assert panel["y"] + panel["height"] <= math["y"]
    total = paths.bounding_box()
    assert total["y"] + total["height"] < panel["y"] + panel["height"]
    page.keyboard.press("Escape")
    assert page.is_hidden("#chosen")
    assert "presenting" in page.get_attribute("body", "class")
    page.keyboard.press("Escape")
    assert "presenting" not in page.get_attribute("body", "class")


def test_the_last_panel_stays(opened):
    x = Value(3.0, "x")
    page = opened(viz.explore(x * x))
    for key in "pgm":
        page.keyboard.press(key)
    assert page.is_visible("#math")


def test_a_replay_is_presented_larger_and_without_the_graph(opened):
    page = opened(replay(), 1280, 720)
    size = "parseFloat(getComputedStyle(document.querySelector('#sentence')).fontSize)"
    before, height = page.evaluate(size), box(page, "#network")["height"]
    page.keyboard.press("p")
    assert page.evaluate(size) > 1.2 * before
    assert box(page, "#network")["height"] > 1.5 * height
    assert page.is_hidden("#graph")
    for key, panel in {"d": "decision", "l": "losses", "n": "network", "g": "graph"}.items():
        was = page.is_visible(f"#{panel}")
        page.keyboard.press(key)
        assert page.is_visible(f"#{panel}") != was
        page.click(f"#show-{panel}")
        assert page.is_visible(f"#{panel}") == was
        assert page.get_attribute(f"#show-{panel}", "aria-pressed") == str(was).lower()
    page.keyboard.press("Escape")
    assert page.evaluate(size) == before
    assert page.is_visible("#graph")
    assert page.is_hidden("#panels")


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (1920, 1080), (800, 600)])
@pytest.mark.parametrize("panels", ["decision,losses,network", "network", "graph", "losses", "decision,graph"])
def test_all_controls_of_a_presented_replay_can_be_used(opened, width, height, panels):
    page = opened(replay(), width, height)
    page.goto(f"{page.url}#present={panels}")
    page.reload()
    shown = panels.split(",")
    for panel in shown:
        place = box(page, f"#{panel}")
        assert place["width"] * place["height"] > 0.08 * width * height
        assert place["x"] + place["width"] <= width
        assert place["y"] + place["height"] <= height
    page.click("#next")
    assert page.get_attribute("body", "data-position") == "1"
    page.locator("#scrubber").fill("7")
    assert page.get_attribute("body", "data-position") == "7"
    page.select_option("#speed", label="fast")
    page.select_option("#sample", "3")  # acts on what is visible only
    page.keyboard.press("Escape")
    assert page.locator("#graph #sample").is_visible()


def test_a_replay_without_a_network_or_a_graph_has_no_buttons_for_them(opened):
    class Difference(nn.Module):
        inputs = 2

        def __init__(self):
            self.w = Value(0.5, role="parameter")

        def forward(self, inputs):
            return self.w * inputs[0] - inputs[1]

    history = Difference().fit(*nn.datasets.xor(), epochs=3, record=3, progress=False)
    page = opened(viz.explore_training(history))
    page.keyboard.press("p")
    assert page.is_hidden("#show-network")
    assert page.is_visible("#show-decision")
    page.keyboard.press("n")
    assert page.is_hidden("#network")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_presented_replay_breaks_no_rule_of_accessibility(opened, scheme):
    from axe_playwright_python.sync_playwright import Axe

    page = opened(replay(), 1280, 720, color_scheme=scheme, bypass_csp=True)
    page.keyboard.press("p")
    page.keyboard.press("g")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
