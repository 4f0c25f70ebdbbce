"""The explorer in a real browser: it shows what Python computes, by mouse, keyboard and screen reader."""

import math
import re

import pytest
from support.pages import SIZES_OF_TEXT, in_windows, shown

import autograd
import nn
import viz
from autograd import Value, topological_order
from autograd.notation.characters import visible
from autograd.notation.steps import backward_steps, forward_steps, steps_to_leaves


def neuron():
    """A graph with every kind of leaf, a module, and a node used several times."""
    w, x, b = Value(0.5, "w", role="parameter"), Value(3.0, "x", role="input"), Value(-1.0, "b", role="parameter")
    with autograd.scope("neuron"):
        a = (w * x + b).tanh()
    loss = (a - Value(0.25)) ** 2 + 0.1 * (w * w)
    loss.label = "loss"
    return loss


def network(features=2, widths=(4, 1)):
    model = nn.MLP(features, list(widths), activation="tanh", seed=0)
    loss = nn.mse_loss(model([0.1 * n - 0.3 for n in range(features)]), 0.5)
    loss.label = "loss"
    return loss


def numbers(page):
    """The value and the gradient in each box of a single node, with all digits and as shown."""
    boxes = page.eval_on_selector_all(
        ".box:not(.fold)",
        """(boxes) => boxes.map((box) => [
            Number(box.dataset.box),
            box.dataset.value ?? null,
            box.dataset.gradient ?? null,
            box.querySelector(".value").textContent,
            box.querySelector(".gradient")?.textContent ?? "",
        ])""",
    )
    return {
        index: (value and float(value), gradient and float(gradient), *texts)
        for index, value, gradient, *texts in boxes
    }


def position(page):
    return int(page.get_attribute("body", "data-position"))


def last_position(root):
    return len(forward_steps(root)) + len(followed(root))


def followed(root):
    return steps_to_leaves(backward_steps(root), constants=False)


def end_of(page):
    page.keyboard.press("End")
    return numbers(page)


def is_bare(node):
    """Whether a node is a number without a name, which operations show."""
    return node.role == "constant" and not node.label


def close(a, b):
    return a == b or (None not in (a, b) and math.isclose(a, b, rel_tol=1e-12, abs_tol=1e-12))


def check_all(page, root):
    """Compares every number of the page, at its last step, with `backward()`."""
    root.forward()
    root.zero_grad()
    root.backward()
    found = end_of(page)
    nodes = topological_order(root)
    boxed = {index for index, node in enumerate(nodes) if not is_bare(node)}
    assert found.keys() == boxed
    for index in boxed:
        node = nodes[index]
        value, gradient, *_ = found[index]
        assert close(value, node.data), node
        assert (gradient is None) == (node.role == "constant")
        assert gradient is None or close(gradient, node.grad), node


# Stepping


@pytest.mark.parametrize("make", [neuron, lambda: network(2, (2, 1))], ids=["neuron", "network"])
def test_every_step_shows_the_numbers_that_python_has(opened, make):
    root = make()
    page = opened(viz.explore(root))
    nodes = topological_order(root)
    values = {index: node.data for index, node in enumerate(nodes) if not node.op}
    gradients = {}
    index = {node: number for number, node in enumerate(nodes)}
    for step in [None, *forward_steps(root), *followed(root)]:
        if step is not None:
            page.keyboard.press("ArrowRight")
            if hasattr(step, "gradient"):
                gradients[index[step.operand]] = step.gradient
            else:
                values[index[step.node]] = step.data
        for number, (value, gradient, value_text, gradient_text) in numbers(page).items():
            assert close(value, values.get(number))
            assert close(gradient, gradients.get(number))
            assert value_text == (shown(value) if number in values else "…")
            has_row = nodes[number].role != "constant"
            assert gradient_text == (f"grad {shown(gradient)}" if number in gradients else "grad …" if has_row else "")
    assert position(page) == last_position(root)
    assert page.is_disabled("#next")


def test_a_step_marks_the_operation_its_operands_and_its_line_in_all_three_views(opened):
    root = neuron()
    page = opened(viz.explore(root))
    order = topological_order(root)
    for step in forward_steps(root):
        page.keyboard.press("ArrowRight")
        (current,) = page.eval_on_selector_all(".box.current", "(boxes) => boxes.map((b) => Number(b.dataset.box))")
        operands = page.eval_on_selector_all(".box.operand", "(boxes) => boxes.map((b) => Number(b.dataset.box))")
        assert order[current] is step.node
        boxed = [operand for operand in step.operands if not is_bare(operand)]
        assert {order[operand] for operand in operands} == set(boxed)
        assert page.locator(".arrow.active").count() == len(boxed)
        assert page.locator("#equations li[aria-current]").count() == 1
        assert page.locator("#listing .line[aria-current]").all_text_contents() == [step.statement]
        assert page.text_content("#sentence").startswith(
            step.statement.replace(" ** 2.0", "²").replace(" * ", " · ").replace(" - ", " − ")
        )


def test_the_code_has_one_line_for_each_step_and_the_compiled_program_is_a_switch_away(opened):
    root = network(2, (2, 1))
    page = opened(viz.explore(root))
    statements = [step.statement for step in forward_steps(root)], [step.statement for step in followed(root)]
    lines = page.locator("#listing .line")
    assert lines.all_text_contents() == ["# forward", *statements[0], "# backward", *statements[1]]
    marked = page.locator("#listing .line[aria-current]")
    assert marked.all_text_contents() == ["# forward"]
    for statement in [*statements[0], *statements[1]]:
        page.keyboard.press("ArrowRight")
        assert marked.all_text_contents() == [statement]
    page.check("#compiled")
    assert lines.first.text_content().startswith("def program(")
    page.keyboard.press("ArrowLeft")
    assert marked.count()
    page.uncheck("#compiled")
    assert marked.all_text_contents() == [statements[1][-2]]


def test_a_backward_step_spells_out_the_chain_rule_and_marks_its_edge(opened):
    root = neuron()
    page = opened(viz.explore(root))
    order = topological_order(root)
    for _ in forward_steps(root):
        page.keyboard.press("ArrowRight")
    for step in followed(root):
        page.keyboard.press("ArrowRight")
        says = page.text_content("#sentence")
        if step.slot is None:
            assert "with respect to itself is 1" in says
            continue
        (receiver,) = page.eval_on_selector_all(".box.receiver", "(boxes) => boxes.map((b) => Number(b.dataset.box))")
        assert order[receiver] is step.operand
        assert page.locator(".arrow.active.backward").count() == 1
        assert page.text_content(".chip") == f"×{shown(step.local_derivative)}"
        product = f"{shown(step.upstream)} × local {shown(step.local_derivative)} = {shown(step.contribution)}"
        assert product in says
        is_only = says.endswith("the only contribution")
        assert is_only == (sum(other.operand is step.operand for other in followed(root)) == 1)
        equation = {
            name: float(page.get_attribute(f"#equation .number.{name} >> nth=-1", "data-number"))
            for name in ("upstream", "local", "contribution", "contribution" if is_only else "gradient")
        }
        equation.setdefault("gradient", equation["contribution"])
        assert equation == pytest.approx(
            {
                "upstream": step.upstream,
                "local": step.local_derivative,
                "contribution": step.contribution,
                "gradient": step.gradient,
            },
            rel=1e-12,
        )


def test_the_gradient_of_a_node_used_several_times_grows(opened):
    x = Value(1.5, "x")
    y = x * x + x
    page = opened(viz.explore(y))
    seen = []
    for _ in range(last_position(y)):
        page.keyboard.press("ArrowRight")
        gradient = numbers(page)[0][1]
        if gradient is not None and seen[-1:] != [gradient]:
            seen.append(gradient)
    assert seen == [1.0, 2.5, 4.0]
    assert "added to the gradient so far: 2.5 + 1.5 = 4.0" in page.text_content("#sentence")


# Moving the leaves


def test_the_slider_by_keyboard_recomputes_everything(opened):
    root = neuron()
    page = opened(viz.explore(root))
    leaf = next(node for node in topological_order(root) if node.label == "w")
    slider = page.get_by_role("slider", name="w, slider")
    for presses, expected in ((3, 0.56), (4, 0.48)):
        key = "ArrowRight" if expected > 0.5 else "ArrowLeft"
        slider.focus()
        for _ in range(presses):
            page.keyboard.press(key)
        leaf.data = expected
        page.click("#sentence")
        page.evaluate("document.activeElement.blur()")
        check_all(page, root)
    page.click("#reset")
    leaf.data = 0.5
    check_all(page, root)


def test_the_slider_by_mouse_recomputes_everything_while_it_is_dragged(opened):
    root = network()
    page = opened(viz.explore(root), 1600, 1000)
    end_of(page)
    leaf = next(node for node in topological_order(root) if node.role == "input")
    slider = page.get_by_role("slider", name="x1, slider")
    box = slider.bounding_box()
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] / 2, y)
    page.mouse.down()
    seen = set()
    for share in (0.6, 0.8, 0.25):
        page.mouse.move(box["x"] + share * box["width"], y, steps=3)
        leaf.data = numbers(page)[topological_order(root).index(leaf)][0]
        seen.add(leaf.data)
        page.evaluate("0")
        root.forward()
        root.zero_grad()
        root.backward()
        for index, (value, gradient, *_) in numbers(page).items():
            node = topological_order(root)[index]
            assert close(value, node.data)
            assert gradient is None or close(gradient, node.grad)
    page.mouse.up()
    assert len(seen) == 3


def test_a_number_can_be_typed(opened):
    root = neuron()
    page = opened(viz.explore(root))
    page.get_by_role("spinbutton", name="x").fill("-7.25")
    page.evaluate("document.activeElement.blur()")
    next(node for node in topological_order(root) if node.label == "x").data = -7.25
    check_all(page, root)
    page.get_by_role("spinbutton", name="x").fill("")
    assert page.get_attribute("input[type=number][aria-label=x]", "aria-invalid") == "true"
    page.evaluate("document.activeElement.blur()")
    check_all(page, root)


def test_the_first_number_that_is_not_finite_is_named(opened):
    w = Value(0.02, "w")
    y = (w * 1.0).log() * 2.0 + w
    page = opened(viz.explore(y))
    assert page.is_hidden("#warning")
    page.get_by_role("spinbutton", name="w").fill("0")
    assert "t2 = log(t1) is −inf where t1 = 0.0" in page.text_content("#warning")
    assert page.eval_on_selector_all(".box.warning", "(b) => b.map((box) => box.dataset.box)") == ["4"]
    page.get_by_role("spinbutton", name="w").fill("-1")
    assert "is nan" in page.text_content("#warning")
    page.click("#reset")
    assert page.is_hidden("#warning")


def test_a_local_derivative_that_is_not_finite_is_named(opened):
    w = Value(0.0, "w")
    y = (w * w).sqrt()
    y.label = "y"
    page = opened(viz.explore(y))
    assert "the derivative of y with respect to t1 is inf" in page.text_content("#warning")


# Paths


def test_the_products_along_the_paths_of_a_node_sum_to_its_gradient(opened):
    root = neuron()
    root.backward()
    page = opened(viz.explore(root))
    order = topological_order(root)
    page.select_option("#layout", label="everything")
    for index, node in enumerate(order[:-1]):
        if node.role == "constant":
            continue
        page.locator(f"[data-box='{index}']").press("Enter")
        products = page.eval_on_selector_all("#paths [data-product]", "(b) => b.map((x) => Number(x.dataset.product))")
        (total,) = page.eval_on_selector_all("#paths [data-sum]", "(b) => b.map((x) => Number(x.dataset.sum))")
        assert close(sum(products), total)
        assert close(total, node.grad)
        assert page.locator(".box.lit").count() > 1
        assert page.locator(".arrow.lit").count() >= len(products)
    page.keyboard.press("Escape")
    assert page.is_hidden("#chosen")
    assert page.locator(".box.lit").count() == 0


def test_of_many_paths_a_few_are_listed_and_all_are_counted(opened):
    x = Value(1.0, "x")
    y = x
    for _ in range(20):
        y = y + y * 0.5
    page = opened(viz.explore(y))
    page.locator("[data-box='0']").press("Enter")
    assert page.locator("#paths li").count() == 8
    assert "1,048,568 more paths" in page.text_content("#paths")
    assert "all 1,048,576 paths" in page.text_content("#paths")
    assert float(page.get_attribute("#paths [data-sum]", "data-sum")) == pytest.approx(1.5**20)


def test_pointing_at_a_node_shows_all_digits(opened):
    root = neuron()
    root.backward()
    page = opened(viz.explore(root))
    end_of(page)
    order = topological_order(root)
    index = next(index for index, node in enumerate(order) if node.op == "tanh")
    page.hover(f"[data-box='{index}']")
    text = "".join(page.locator("#tooltip .fact").all_text_contents())
    found = [float(number) for number in re.findall(r"(?:value|gradient) (\S+?)(?=gradient|$)", text)]
    assert found == pytest.approx([order[index].data, order[index].grad], rel=1e-12)
    assert "neuron" in text
    page.mouse.move(1, 1)
    assert page.is_hidden("#tooltip")


# Controls


def test_keys_alone_reach_the_whole_page(opened):
    root = neuron()
    last = last_position(root)
    page = opened(viz.explore(root))
    for key, expected in [("ArrowRight", 1), ("ArrowRight", 2), ("ArrowLeft", 1), ("End", last), ("ArrowRight", last)]:
        page.keyboard.press(key)
        assert position(page) == expected
    page.keyboard.press("Home")
    assert position(page) == 0
    page.keyboard.press("ArrowLeft")
    assert position(page) == 0
    reached = []
    for _ in range(60):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.id || document.activeElement.getAttribute('aria-label')"))
    expected = {"next", "play", "last", "scrubber", "speed", "layout", "zoom-in", "fit", "zoom-out", "w, slider", "w"}
    assert expected <= set(reached)
    assert any(name and name.startswith("loss") for name in reached)


@pytest.mark.parametrize(
    "touched", ["#scrubber", "#speed", "#sliders input[type=range]", "#compiled", "#next", "#listing"]
)
def test_keys_work_whatever_was_touched_before(opened, touched):
    root = neuron()
    page = opened(viz.explore(root))
    page.locator(touched).first.focus()
    for key, expected in [("PageDown", 1), ("PageDown", 2), ("PageUp", 1), ("End", last_position(root)), ("Home", 0)]:
        page.keyboard.press(key)
        assert position(page) == expected
    if touched not in ("#compiled", "#next"):  # which a space presses
        page.keyboard.press(" ")
        assert page.get_attribute("#play", "aria-label") == "Pause"


def test_the_arrow_keys_step_after_a_list_was_chosen_from_by_a_pointer(opened):
    page = opened(viz.explore(neuron()))
    page.locator("#speed").focus()
    page.keyboard.press("ArrowDown")  # whoever uses the keyboard goes on in the list
    assert page.evaluate("document.activeElement.id") == "speed"
    page.locator("#layout").click()
    page.evaluate("document.querySelector('#layout').dispatchEvent(new Event('change', { bubbles: true }))")
    page.keyboard.press("ArrowRight")
    assert position(page) == 1


def test_a_number_field_keeps_its_keys(opened):
    page = opened(viz.explore(neuron()))
    page.locator("#sliders input[type=number]").first.focus()
    for key in ("PageDown", "End", "f", " "):
        page.keyboard.press(key)
    assert position(page) == 0
    assert page.get_attribute("#play", "aria-label") == "Play"


def test_space_plays_and_pauses(opened):
    from playwright.sync_api import expect

    page = opened(viz.explore(neuron()))
    page.select_option("#speed", "200")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press(" ")
    assert page.get_attribute("#play", "aria-label") == "Pause"
    expect(page.locator("body")).to_have_attribute("data-position", re.compile("[2-9]"))
    page.keyboard.press(" ")
    stopped = position(page)
    assert page.get_attribute("#play", "aria-label") == "Play"
    page.wait_for_timeout(500)
    assert position(page) == stopped


def test_playing_stops_at_the_end_and_starts_over(opened):
    from playwright.sync_api import expect

    root = Value(2.0, "x") * 3.0
    page = opened(viz.explore(root))
    page.select_option("#speed", "200")
    page.click("#play")
    expect(page.locator("body")).to_have_attribute("data-position", str(last_position(root)))
    assert page.get_attribute("#play", "aria-label") == "Play"
    page.select_option("#speed", label="slow")
    page.click("#play")
    expect(page.locator("body")).to_have_attribute("data-position", "1")


def test_buttons_and_the_scrubber_move_the_step(opened):
    root = neuron()
    page = opened(viz.explore(root))
    for name, expected in [
        ("Next", 1),
        ("Next", 2),
        ("Back", 1),
        ("Last step", last_position(root)),
        ("First step", 0),
    ]:
        page.get_by_role("button", name=name, exact=True).click()
        assert position(page) == expected
    page.locator("#scrubber").fill("5")
    assert position(page) == 5
    page.locator("#equations li").nth(2).click()
    assert position(page) == 3


def test_the_picture_is_zoomed_moved_and_fitted(opened):
    page = opened(viz.explore(neuron()), reduced_motion="reduce")

    def scale_and_position():
        box = page.locator("[data-box='0'] rect").bounding_box()
        return box["width"], box["x"], box["y"]

    page.keyboard.press("0")
    start = scale_and_position()
    page.click("#zoom-in")
    assert scale_and_position()[0] > 1.2 * start[0]
    canvas = page.locator("#canvas").bounding_box()
    corner = canvas["x"] + 5, canvas["y"] + canvas["height"] - 50  # no box is there, which would get the focus
    page.mouse.move(*corner)
    page.mouse.wheel(0, -300)
    page.wait_for_function(
        "least => document.querySelector('[data-box=\"0\"] rect').getBoundingClientRect().width > least",
        arg=1.4 * start[0],
    )
    zoomed = scale_and_position()
    page.mouse.down()
    page.mouse.move(corner[0] + 60, corner[1] + 40, steps=4)
    page.mouse.up()
    moved = scale_and_position()
    assert moved[1:] == pytest.approx((zoomed[1] + 60, zoomed[2] + 40), abs=2)
    page.keyboard.press("0")
    assert scale_and_position() == pytest.approx(start, abs=1)


# Folding


def test_modules_fold_and_unfold(opened):
    root = network()
    page = opened(viz.explore(root))
    everything = sum(not is_bare(node) for node in topological_order(root))
    titles = page.locator("#layout option").all_inner_texts()
    assert len(set(titles)) == len(titles)
    page.select_option("#layout", label="everything")
    assert page.locator(".box").count() == everything
    page.get_by_role("button", name="Fold layer1", exact=True).press("Enter")
    fold = page.locator(".box.fold", has_text="layer1")
    assert fold.count() == 1
    assert page.locator(".box").count() < everything
    assert fold.get_attribute("aria-expanded") == "false"
    fold.click()
    assert page.locator(".box.fold", has_text="layer1").count() == 0
    assert page.locator(".box.fold", has_text="neuron").count() == 5
    page.locator(".box.fold", has_text="neuron2").press("Enter")
    assert page.locator(".box.fold", has_text="neuron2").count() == 0
    end_of(page)
    page.select_option("#layout", label="all folded")
    assert page.locator(".box:not(.fold)").count() < 8
    page.select_option("#layout", label="everything")
    check_all(page, root)


def test_a_fold_shows_the_number_of_its_output(opened):
    root = network()
    page = opened(viz.explore(root))
    end_of(page)
    page.select_option("#layout", label="all folded")
    layer2 = page.locator(".box.fold", has_text="layer2")
    output = next(node for node in reversed(topological_order(root)) if node.scope.startswith("layer2") and node.op)
    root.backward()
    assert float(layer2.get_attribute("data-value")) == pytest.approx(output.data, rel=1e-12)
    assert float(layer2.get_attribute("data-gradient")) == pytest.approx(output.grad, rel=1e-12)


def test_a_large_graph_starts_folded_and_opens_the_module_of_the_current_step(opened):
    root = network(8, (10, 8, 1))
    page = opened(viz.explore(root))
    assert page.locator(".box").count() <= 100
    assert page.locator(".box.fold").count()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    assert page.locator(".box.current:not(.fold)").count() == 1
    page.keyboard.press("End")
    assert page.locator(".box.current").count() == 1


def test_two_thousand_nodes_load_within_three_seconds(browser, tmp_path):
    root = network(12, (20, 20, 1))
    assert len(topological_order(root)) >= 2000
    path = viz.explore(root).save(tmp_path / "large.html")
    page = browser.new_page()
    page.goto(path.as_uri(), timeout=3000)  # until all scripts have run
    assert page.locator(".box").count() > 3
    move = """(to) => {
        const scrubber = document.querySelector("#scrubber");
        const start = performance.now();
        scrubber.value = to;
        scrubber.dispatchEvent(new Event("input"));
        return performance.now() - start;
    }"""
    # Milliseconds for a step, a drag or a slider: the least of a few, for other processes may interrupt one of them.
    assert min(page.evaluate(move, to) for to in ("1300", "50", "1310")) < 500
    assert position(page) == 1310
    page.close()


# Legibility


def chain():
    x = Value(0.1, "x")
    for step in range(200):
        x = x.tanh() if step % 2 else x + 0.1
    return x


@pytest.mark.parametrize(
    "make",
    [neuron, network, lambda: network(2, (16, 16, 1)), chain],
    ids=["neuron", "2-4-1", "2-16-16-1", "chain"],
)
def test_every_text_is_legible_on_a_projector_from_the_first_view_on(opened, make):
    root = make()
    page = opened(viz.explore(root), reduced_motion="reduce")
    least = {(1920, 1080): 16, (1280, 720): 12}
    for window in in_windows(page, least):
        for at in (0, 1, 2, len(forward_steps(root)) + 3, last_position(root)):
            page.locator("#scrubber").fill(str(at))
            sizes = page.evaluate(SIZES_OF_TEXT)
            assert len(sizes) > 20
            assert min(sizes)[0] >= least[window] - 0.01, min(sizes)


# Accessibility


@pytest.mark.parametrize(("width", "height"), [(1920, 1080), (1024, 700), (375, 812)])
def test_no_rule_of_accessibility_is_broken(opened, width, height):
    from axe_playwright_python.sync_playwright import Axe

    page = opened(viz.explore(neuron()), width, height, bypass_csp=True)
    for act in (
        lambda: page.locator("#scrubber").fill("3"),
        lambda: page.locator("#scrubber").fill("9"),
        lambda: page.locator("[data-box='0']").press("Enter"),
    ):
        act()
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            found = Axe().run(page)
            assert found.violations_count == 0, found.generate_report()


def test_dark_and_light_follow_the_viewer(opened):
    page = opened(viz.explore(neuron()), color_scheme="light")
    color = "getComputedStyle(document.querySelector('#graph')).backgroundColor"
    assert page.evaluate(color) == "rgb(255, 255, 255)"
    page.emulate_media(color_scheme="dark")
    assert page.evaluate(color) == "rgb(21, 25, 30)"


@pytest.mark.parametrize(("palette", "color"), [("light", "rgb(255, 255, 255)"), ("dark", "rgb(21, 25, 30)")])
@pytest.mark.parametrize("viewer", ["light", "dark"])
def test_a_chosen_palette_is_that_of_every_viewer(opened, palette, color, viewer):
    page = opened(viz.explore(neuron(), palette=palette), color_scheme=viewer)
    assert page.evaluate("getComputedStyle(document.querySelector('#graph')).backgroundColor") == color
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == palette


@pytest.mark.parametrize("width", [375, 760, 1000, 1920])
def test_no_page_is_wider_than_its_screen(opened, width):
    page = opened(viz.explore(network()), width, 800)
    end_of(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for control in ("#next", "#scrubber", "#canvas", "#fit"):
        box = page.locator(control).bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width


LIVE_REGIONS = """() => {
    const kinds = "output, [aria-live]:not([aria-live=off]), [role=status], [role=log]";
    return [...document.querySelectorAll(kinds)].map((element) => element.id);
}"""


def test_one_live_region_alone_announces_each_step(opened):
    page = opened(viz.explore(neuron()))
    for _ in range(12):
        page.keyboard.press("ArrowRight")
        assert page.evaluate(LIVE_REGIONS) == ["sentence"]
    page.keyboard.press("p")
    page.keyboard.press("?")
    assert page.evaluate(LIVE_REGIONS) == ["sentence"]


def test_in_a_narrow_frame_the_controls_stay_on_top_and_on_a_phone_at_the_bottom(opened):
    """A slide shows the upper part of a frame of 760 pixels, about 612 of them."""
    page = opened(viz.explore(network()), 750, 760)
    for scroll in (0, 400):
        page.evaluate(f"scrollTo(0, {scroll})")
        box = page.locator("#controls").bounding_box()
        assert box["y"] >= 0
        assert box["y"] + box["height"] < 250
    phone = opened(viz.explore(network()), 390, 760, has_touch=True, is_mobile=True)
    box = phone.locator("#controls").bounding_box()
    assert box["y"] + box["height"] == pytest.approx(760, abs=1)


def test_every_step_is_announced(opened):
    root = neuron()
    page = opened(viz.explore(root))
    region = page.locator("[aria-live=polite]")
    said = set()
    for _ in range(last_position(root)):
        page.keyboard.press("ArrowRight")
        said.add(region.text_content())
    assert len(said) >= last_position(root) - 1
    label = page.locator(".box.current").get_attribute("aria-label")
    assert re.search(r"multiply, value .+, gradient ", label)


# Unusual graphs


def chain(length):
    y = x = Value(0.5, "x")
    for _ in range(length):
        y = y.tanh() * 1.1
    return y + x


@pytest.mark.parametrize(
    "root",
    [
        Value(1.5),
        Value(2.0, role="constant") + 3.0,
        Value(math.inf, "x") * 0.0,
        Value(1.0, "x").select(Value(2.0, "a"), Value(3.0, "b")).detach() + 1.0,
        chain(200),
    ],
    ids=["leaf", "constants", "inf", "gate", "chain"],
)
def test_unusual_graphs_go_to_their_end(opened, root):
    page = opened(viz.explore(root))
    page.keyboard.press("ArrowRight")
    page.keyboard.press("End")
    assert position(page) == last_position(root)
    last = len(topological_order(root)) - 1
    value = page.locator(f"[data-box='{last}']").get_attribute("data-value")
    assert float(value) == pytest.approx(root.data, nan_ok=True)
    for box in page.locator(".box").all()[:12]:
        box.press("Enter")
    page.keyboard.press("Home")
    assert position(page) == 0


# Hostile texts

HOSTILE = [
    "</script><script>window.hacked = 1</script>",
    "<img src=x onerror='window.hacked = 1'>",
    "$x$ \\frac{1}{0} \\data{0} }{",
    "'; window.hacked = 1; '",
    "\u2028alert(1)\0",
]


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_labels_titles_and_scopes_stay_text(opened, hostile):
    with autograd.scope(hostile):
        root = (Value(1.0, hostile) * Value(2.0, hostile)).exp()
    root.label = hostile
    page = opened(viz.explore(root, title=hostile))
    end_of(page)
    page.locator("[data-box='0']").press("Enter")
    page.hover("[data-box='1']")
    assert page.evaluate("window.hacked") is None
    assert page.locator("img").count() == 0
    shown_title = "".join(map(visible, hostile))
    assert page.text_content("h1") == shown_title
    assert page.locator(".box .name").first.text_content() == viz.labels.printable(hostile)


# In a notebook


def test_the_page_runs_in_the_frame_of_a_notebook(browser, tmp_path):
    root = neuron()
    (tmp_path / "cell.html").write_text(f"<!doctype html>{viz.explore(root)._repr_html_()}", encoding="utf-8")
    page = browser.new_page()
    page.goto((tmp_path / "cell.html").as_uri())
    frame = page.frames[1]
    frame.click("#next")
    frame.click("#next")
    assert frame.get_attribute("body", "data-position") == "2"
    assert frame.locator(".box.current").count() == 1
    page.close()


def test_a_picture_remains_where_frames_are_removed(browser, tmp_path):
    text = re.sub(r"<iframe.*</iframe>", "", viz.explore(neuron())._repr_html_(), flags=re.DOTALL)
    (tmp_path / "cell.html").write_text(f"<!doctype html>{text}", encoding="utf-8")
    page = browser.new_page()
    page.goto((tmp_path / "cell.html").as_uri())
    assert page.evaluate("document.querySelector('img').naturalWidth") > 300
    page.close()


@pytest.mark.parametrize(
    ("operation", "sentence"),
    [
        (lambda a: a * 3.5, "t1 = a · 3.5 = 7.0"),
        (lambda a: a - 3.5, "t1 = a − 3.5 = −1.5"),
        (lambda a: a**3, "t1 = a³ = 8.0"),
        (lambda a: a**-1, "t1 = a ** −1.0 = 0.5"),
        (lambda a: a**2.5, "t1 = a ** 2.5 = 5.657"),
        (lambda a: a**12, "t1 = a ** 12.0 = 4096.0"),
    ],
)
def test_sentences_are_written_as_math(opened, operation, sentence):
    page = opened(viz.explore(operation(Value(2.0, "a"))))
    page.click("#next")
    assert page.text_content("#sentence") == sentence


def chain(layers):
    x = Value(0.4, "x", role="input")
    for number in range(1, layers + 1):
        x = (Value(0.5, f"w{number}", role="parameter") * x).tanh()
    return nn.mse_loss(x, Value(1.0, "y", role="input"))


def test_leaves_are_listed_as_a_formula_is_read(opened):
    page = opened(viz.explore(chain(12)))
    names = page.locator("#sliders .name").all_text_contents()
    assert names == ["x", "y", *(f"w{number}" for number in range(1, 13))]


def test_a_box_says_in_words_what_it_shows_also_if_it_is_folded(opened):
    page = opened(viz.explore(network(2, (2, 1))), reduced_motion="reduce")
    page.select_option("#layout", label="all folded")
    for key in ("Home", "End"):
        page.keyboard.press(key)
        boxes = page.eval_on_selector_all(
            ".box", "(all) => all.map((box) => [box.ariaLabel, box.dataset.value, box.dataset.gradient])"
        )
        assert any(words.startswith("loss") or ", folded, " in words for words, _, _ in boxes)
        for words, value, gradient in boxes:
            assert (f"value {shown(float(value))}" in words) if value else "value" not in words
            assert (f"gradient {shown(float(gradient))}" in words) if gradient else "gradient" not in words
