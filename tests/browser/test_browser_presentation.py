"""The presentation mode: in the explorer the graph at full width and the current equation at 32 px, or the layers and
their formulas, in an exercise the graph and the current question, in the replay and the live page the decisions, the
loss and the network, all larger; panels by keys."""

import pytest
from support.exercises import unit
from support.pages import SIZES_OF_TEXT, shown

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


def live():
    model = nn.MLP(2, [4, 1], activation="tanh", output_activation="sigmoid", seed=0)
    return viz.train(model, *nn.datasets.xor(), loss="binary_cross_entropy")


def matrices():
    return viz.explore(network(), grain="matrix")


def task():
    return viz.exercise(unit())


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
    for make in (lambda: viz.explore(network()), replay, live, matrices, task):
        page = opened(make(), 390, 844)
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


# The page of matrices


def sizes_of(page, selector):
    return page.eval_on_selector_all(
        selector, "(all) => all.map((element) => parseFloat(getComputedStyle(element).fontSize))"
    )


def assert_inside(page, selector, width, height):
    """That each element is whole on the screen."""
    for element in page.locator(selector).all():
        place = element.bounding_box()
        assert place["x"] >= 0
        assert place["x"] + place["width"] <= width
        assert place["y"] >= 0
        assert place["y"] + place["height"] <= height


@pytest.mark.parametrize("loss", [nn.mse_loss, nn.binary_cross_entropy_with_logits, nn.half_squared_error])
@pytest.mark.parametrize(("width", "height"), [(1280, 720), (1920, 1080)])
def test_the_layers_have_the_full_width_and_the_formulas_of_each_step_32_pixels(opened, width, height, loss):
    root = loss(nn.MLP(2, [4, 1], activation="tanh", seed=0)([-0.3, 0.7]), 0.5)
    page = opened(viz.explore(root, grain="matrix"), width, height)
    page.keyboard.press("p")
    said, places = set(), set()
    for step in range(7):
        assert page.get_attribute("body", "data-position") == str(step)
        layers = box(page, "#layers")
        places.add(tuple(layers.values()))
        assert layers["width"] == pytest.approx(box(page, "main")["width"], abs=1)
        assert layers["height"] > 0.4 * height
        assert min(sizes_of(page, "#equation > div > math, #equation p")) >= 32
        assert_inside(page, "#equation > *", width, height)
        assert_inside(page, ".block.current", width, layers["y"] + layers["height"])
        said.add(page.text_content("#equation"))
        page.keyboard.press("ArrowRight")
    assert len(places) == 1  # the layers stay where they are from step to step
    if loss is nn.half_squared_error:  # it has no formulas
        assert f"Forward through half_squared_error: 3 operations; the result is {shown(root.data)}." in said
    assert len(said) == 7


def test_a_layer_opens_next_to_the_others_and_escape_closes_it_before_the_presentation(opened):
    page = opened(matrices(), 1280, 720)
    page.keyboard.press("l")
    assert page.is_visible("#layers")  # the keys do nothing outside the mode
    for key in ("p", "End"):
        page.keyboard.press(key)
    page.click('[data-block="0"] .title')
    layers, beside, math = (box(page, f"#{name}") for name in ("layers", "opened", "math"))
    assert layers["x"] + layers["width"] <= beside["x"]
    assert beside["x"] + beside["width"] <= 1280
    assert beside["y"] + beside["height"] <= math["y"]
    assert page.eval_on_selector("#scalars", "(e) => e.scrollWidth <= e.clientWidth")
    for key, panel in (("l", "layers"), ("m", "math")):
        page.keyboard.press(key)
        assert page.is_hidden(f"#{panel}")
        assert page.get_attribute(f"#show-{panel}", "aria-pressed") == "false"
        assert page.is_visible("#opened")
        page.click(f"#show-{panel}")
        assert page.is_visible(f"#{panel}")
    page.keyboard.press("Escape")
    assert page.is_hidden("#opened")
    assert "presenting" in page.get_attribute("body", "class")
    page.keyboard.press("Escape")
    assert "presenting" not in page.get_attribute("body", "class")


def test_presented_layers_fit_on_a_phone_and_the_math_alone_fills_a_screen(opened):
    root = nn.mse_loss(nn.MLP(2, [5, 1], activation="tanh", seed=0)([-0.3, 0.7]), 0.5)
    page = opened(viz.explore(root, grain="matrix"), 390, 844)
    for key in ("p", "End"):
        page.keyboard.press(key)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    cut = "(grids) => grids.filter((grid) => grid.scrollWidth > grid.clientWidth).length"
    assert page.eval_on_selector_all(".grid", cut) == 0
    page.set_viewport_size({"width": 1280, "height": 720})
    page.keyboard.press("l")
    assert box(page, "#math")["height"] > 0.75 * 720


def test_what_is_said_other_than_the_step_is_visible_while_layers_are_presented(opened):
    page = opened(matrices(), 1280, 720)
    page.goto(f"{page.url}#present=math,dance")
    page.reload()
    complaint = "present must be layers or math, separated by commas, not math,dance; it is ignored."
    assert complaint in page.text_content("#sentence")
    page.keyboard.press("p")
    page.keyboard.press("ArrowRight")
    assert box(page, "#sentence")["width"] == 1
    page.goto(f"{page.url.split('#')[0]}#step=1&present=math&dance=1")
    page.reload()
    assert "This page has no dance" in page.text_content("#sentence")
    assert box(page, "#sentence")["height"] > 16
    assert page.is_hidden("#layers")


# The exercise


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (1920, 1080)])
@pytest.mark.parametrize("hide", ["gradients", "both"])
def test_the_graph_of_an_exercise_has_the_full_width_and_each_question_32_pixels(opened, width, height, hide):
    page = opened(viz.exercise(unit(), hide=hide), width, height, reduced_motion="reduce")
    page.keyboard.press("p")
    places, asked = set(), []
    for number in range(len(viz.exercise(unit(), hide=hide).names)):
        graph = box(page, "#graph")
        places.add(tuple(graph.values()))
        assert graph["width"] == pytest.approx(box(page, "main")["width"], abs=1)
        assert graph["height"] > 0.5 * height
        (row,) = page.locator(".answer:visible").all()
        asked.append(row.locator("label").text_content())
        assert min(sizes_of(page, ".answer.current :is(label, input)")) >= 32
        assert_inside(page, ".answer.current, .box.current", width, height)
        assert page.is_enabled("#back") == (number > 0)
        page.keyboard.press(("ArrowRight", "PageDown")[number % 2])
    assert len(places) == 1
    assert len({*asked}) == len(asked)
    assert page.is_disabled("#next")
    page.keyboard.press("PageUp")
    assert page.locator(".answer:visible label").text_content() == asked[-2]


def test_a_presented_exercise_is_filled_in_question_by_question(opened):
    exercise = task()
    page = opened(exercise, 1280, 720, reduced_motion="reduce")
    page.keyboard.press("a")
    page.keyboard.press("p")
    assert page.is_visible("#answers")  # its key does nothing outside the mode
    page.click(".answer.current input")
    for number, answer in enumerate(exercise.answers.values()):
        assert page.evaluate("document.activeElement.id") == f"answer{number}"
        page.keyboard.type(f"{answer:.3g}")
        page.keyboard.press("Enter")
        assert page.text_content("#phase") == f"{number + 1} of 7 right"
    assert page.text_content("#sentence") == "All correct!"
    page.keyboard.press("PageUp")  # of a clicker, from field to field
    assert page.evaluate("document.activeElement.id") == "answer5"
    for panel in ("graph", "answers"):
        page.click(f"#show-{panel}")
        assert page.is_hidden(f"#{panel}")
        page.click(f"#show-{panel}")
    page.locator(".box.operation").first.press("Enter")
    assert page.evaluate("document.activeElement.id") == "answer3"
    page.keyboard.press("Escape")  # leaves the field
    assert "presenting" in page.get_attribute("body", "class")
    page.keyboard.press("Escape")
    assert page.locator(".answer:visible").count() == 7


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (1920, 1080)])
def test_a_presented_hint_is_whole_and_32_pixels(opened, width, height):
    page = opened(task(), width, height, reduced_motion="reduce")
    page.keyboard.press("p")
    for _ in range(5):
        page.click("#next")
    assert page.text_content(".answer.current label") == "gradient of w"  # with two uses, the longest hint
    page.click(".answer.current button")
    assert min(sizes_of(page, ".answer.current .use > div > math")) >= 32
    assert_inside(page, ".answer.current .use", width, height)
    assert box(page, "#graph")["height"] > 0.4 * height


@pytest.mark.parametrize("act", [None, "#zoom-in", "#fit"])
def test_leaving_a_presented_exercise_restores_what_was_there(opened, act):
    page = opened(task(), 1280, 720, reduced_motion="reduce")
    seen = "[document.querySelector('.scene').style.transform, document.body.classList.contains('wide')]"
    frames = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
    if act:
        page.click(act)
    before = page.evaluate(seen)
    page.keyboard.press("p")
    page.evaluate(frames)
    assert page.evaluate(seen) != before
    page.keyboard.press("p")
    page.evaluate(frames)
    assert page.evaluate(seen) == before


def test_a_link_restores_a_presented_exercise(opened):
    page = opened(task(), 1280, 720)
    page.goto(f"{page.url}#seed=4&present=answers")
    page.reload()
    assert page.is_hidden("#graph")
    assert page.get_attribute("#show-graph", "aria-pressed") == "false"
    assert page.input_value("#seed") == "4"


# Every page


def presented(opened, make, *size, **options):
    """A page that is presented, after a step."""
    page = opened(make(), *size, reduced_motion="reduce", **options)
    if make is live:
        page.wait_for_selector("body[data-steps]")
    for key in ("p", "e" if make is live else "ArrowRight"):
        page.keyboard.press(key)
    return page


@pytest.mark.parametrize(("width", "height", "least"), [(1920, 1080, 16), (1280, 720, 12)])
@pytest.mark.parametrize("make", [live, matrices, task])
def test_every_presented_text_is_legible(opened, make, width, height, least):
    page = presented(opened, make, width, height)
    for act in {live: ["c"], matrices: ["End", "Enter"], task: []}[make]:
        if act == "Enter":
            page.focus('[data-block="0"] .title')
        page.keyboard.press(act)
    sizes = page.evaluate(SIZES_OF_TEXT)
    assert len(sizes) > 25
    assert min(sizes)[0] >= least, min(sizes)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("make", [live, matrices, task])
def test_no_presented_page_breaks_a_rule_of_accessibility(opened, make, scheme):
    from axe_playwright_python.sync_playwright import Axe

    page = presented(opened, make, 1280, 720, color_scheme=scheme, bypass_csp=True)
    acts = {
        live: [lambda: page.keyboard.press("c")],
        matrices: [lambda: page.keyboard.press("End"), lambda: page.click('[data-block="0"] .title')],
        task: [lambda: page.click(".answer.current button"), lambda: page.click("#check")],
    }
    for act in (lambda: None, *acts[make]):
        act()
        found = Axe().run(page)
        assert len(found.response["passes"]) > 10
        assert found.violations_count == 0, found.generate_report()
