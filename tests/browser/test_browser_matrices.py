"""The page of matrices: the numbers and colours of its cells, its steps, the scalars of a layer, and its sheet."""

import math
import re
from itertools import pairwise

import numpy as np
import pytest
from support.pages import HOSTILE, SIZES_OF_TEXT, in_windows, shown

import nn
import viz
from autograd import Value, array, scope
from autograd.graph import walk
from viz.pages.dense_layers import dense_layers


def network(inputs=2, outputs=(5, 1), activation="tanh", seed=0):
    """The loss of a network for one sample, after the backward pass, with its layers."""
    rng = np.random.default_rng(seed)
    model = nn.MLP(inputs, outputs, activation=activation, seed=seed)
    for parameter in model.parameters():
        parameter.data = float(rng.normal())
    prediction = model(rng.normal(size=inputs).tolist())
    loss = nn.mse_loss(prediction, 0.5) if outputs[-1] == 1 else nn.cross_entropy([prediction], [1])
    loss.backward()
    return loss


def explored(root, **options):
    return viz.explore(root, grain="matrix", **options)


def arrays_of(root):
    """The nodes of each array of a network, by its name, and the steps after which its numbers are there."""
    layers = dense_layers(walk(root))
    blocks = len(layers) + 1
    found = {"x": (layers[0].inputs, 0, 2 * blocks)}
    for number, layer in enumerate(layers, 1):
        backward = 2 * blocks - number + 1
        found[f"W{number}"] = [w for row in layer.neurons for w in row.weights], 0, backward
        found[f"b{number}"] = [row.bias for row in layer.neurons], 0, backward
        found[f"a{number}"] = layer.outputs, number, backward - 1
        if layer.neurons[0].total is not layer.outputs[0]:
            found[f"z{number}"] = [row.total for row in layer.neurons], number, backward
    return found, 2 * blocks


CELLS = """(grids) => grids.map((grid) =>
    [...grid.querySelectorAll("td")].map((cell) => [cell.textContent, cell.dataset.value]))"""


def cells(page, name):
    (found,) = page.eval_on_selector_all(f'[data-array="{name}"]', CELLS)
    return found


# Cells


def test_at_every_step_each_cell_has_its_number_as_soon_as_the_pass_has_computed_it(opened):
    root = network()
    page = opened(explored(root))
    arrays, last = arrays_of(root)
    for step in range(last + 1):
        assert page.get_attribute("body", "data-position") == str(step)
        for name, (nodes, known, complete) in arrays.items():
            for prefix, numbers, at in (
                ("", [node.data for node in nodes], known),
                ("grad ", [node.grad for node in nodes], complete),
            ):
                found = cells(page, prefix + name)
                assert [float(value) if value else None for _, value in found] == (
                    numbers if step >= at else [None] * len(nodes)
                )
                assert ("…" in {text for text, _ in found}) == (step < at)
        page.keyboard.press("ArrowRight")
    assert page.is_disabled("#next")


def test_the_text_of_a_cell_is_its_number_with_two_digits_or_more(opened):
    numbers = [0.0, -0.0, 1.25, -3.999, 0.0421, -2.5e-7, 12345.0, 99.96, 0.0949, 0.0951]
    weights = array([numbers[:5], numbers[5:]], "W")
    page = opened(explored((weights @ array(np.ones(5), "x")).sum()))
    texts = [text for text, _ in cells(page, "W")]
    assert texts == ["0.00", "0.00", "1.25", "−4.00", "0.042", "−2.5e−7", "1e4", "100", "0.095", "0.10"]
    assert [float(value) for _, value in cells(page, "W")] == numbers


# All that has a place on the page, from where the layers begin, which may be scrolled.
BOXES = """() => {
    const [flow, first] = [document.querySelector("#flow"), document.querySelector(".block")];
    const parts = "section, .block, .title, .formulas, figure, .grid, td, .result, #scalars :is(table, th)";
    return [...document.querySelectorAll(parts)].map((element) => {
        const { left, top, width, height } = element.getBoundingClientRect();
        const from = flow.contains(element) ? first.getBoundingClientRect() : { left: 0, top: 0 };
        return [left - from.left, top - from.top, width, height];
    });
}"""


@pytest.mark.parametrize("scale", [1.0, 1e-3, 1e5])
def test_no_box_moves_or_changes_its_size_from_step_to_step(opened, scale):
    page = opened(explored(network(2, (16, 16, 1)) * scale), 1920, 1080)
    for block in (None, 0, 3):  # what is open: nothing, a neuron, other operations
        page.keyboard.press("Home")
        if block is not None:
            page.click(f'[data-block="{block}"] .title')
        first = np.array(page.evaluate(BOXES))
        for _ in range(8):
            page.keyboard.press("ArrowRight")
            assert np.abs(np.array(page.evaluate(BOXES)) - first).max() < 0.5


def test_the_points_of_the_numbers_of_a_matrix_are_in_line(opened):
    numbers = [0.0, 1.25, -3.999, 0.0421, 123.0, -0.00026]
    page = opened(explored((array([numbers[:3], numbers[3:]], "W") @ array(np.ones(3), "x")).sum()))
    ends = page.eval_on_selector_all(
        '[data-array="W"] td',
        """(cells) => cells.map((cell) => {
            const text = cell.firstChild;
            const point = text.data.indexOf(".");
            const range = document.createRange();
            range.setStart(text, 0);
            range.setEnd(text, point < 0 ? text.length : point);
            return cell.getBoundingClientRect().right - range.getBoundingClientRect().right;
        })""",
    )
    assert ends == pytest.approx([ends[0]] * len(numbers), abs=0.6)


# The colour of each cell: how much more blue than red it has than the background, which is below 0 for orange.
COLOURS = """(cells) => {
    const blue = (element) => {
        const colour = getComputedStyle(element).backgroundColor;
        const [r, , b] = colour.replace("srgb", "").match(/[0-9.]+/g).map(Number);
        return (b - r) * (colour.startsWith("color") ? 255 : 1);
    };
    return cells.map((cell) => ({ value: Number(cell.dataset.value), blue: blue(cell) - blue(cell.closest(".grid")) }));
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_colour_of_a_cell_shows_the_sign_and_the_size_of_its_number(opened, scheme):
    page = opened(explored(network()), color_scheme=scheme)
    for _ in range(3):
        page.keyboard.press("End")
    for name in ("W1", "a1", "grad W1"):
        found = page.eval_on_selector_all(f'[data-array="{name}"] td', COLOURS)
        most = max(abs(cell["value"]) for cell in found)
        for cell in found:
            assert cell["blue"] * cell["value"] > 0 or abs(cell["value"]) < 0.05 * most
        for sign in (1, -1):
            side = sorted((sign * cell["value"], sign * cell["blue"]) for cell in found)
            assert all(one <= other + 2 for (_, one), (_, other) in pairwise(side))


PIXELS = """(name) => {
    const canvas = document.querySelector(`[data-array="${name}"] canvas`);
    const [height, width] = [canvas.height, canvas.width];
    const copy = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
    copy.drawImage(canvas, 0, 0);
    const { data } = copy.getImageData(0, 0, width, height);
    const [r, , b] = getComputedStyle(canvas.parentElement).backgroundColor.match(/[0-9.]+/g).map(Number);
    const blue = (_, at) => (data[4 * at + 3] ? data[4 * at + 2] - data[4 * at] - (b - r) : null);
    return [height, width, Array.from({ length: width * height }, blue)];
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_large_matrix_is_a_picture_with_a_pixel_for_each_number(opened, scheme):
    root = network(40, (32, 10))
    page = opened(explored(root), color_scheme=scheme)
    arrays, _ = arrays_of(root)
    nodes, _, complete = arrays["W1"]
    for name, numbers, at in (("W1", [n.data for n in nodes], 0), ("grad W1", [n.grad for n in nodes], complete)):
        if at:
            page.locator("#scrubber").fill(str(at - 1))
            assert page.evaluate(PIXELS, name)[2] == [None] * len(nodes)
        page.locator("#scrubber").fill(str(at))
        rows, columns, pixels = page.evaluate(PIXELS, name)
        assert (rows, columns) == (32, 40)
        most = max(map(abs, numbers))
        assert all(abs(x) < 0.02 * most or x * blue > 0 for x, blue in zip(numbers, pixels, strict=True))
        strongest = max(range(len(nodes)), key=lambda n: numbers[n])
        assert pixels[strongest] == max(pixels)


def test_numbers_that_are_not_finite_are_named_and_have_the_colour_of_their_sign(opened):
    W = array([[math.inf, 1.0], [-math.inf, math.nan]], "W")
    page = opened(explored((W @ array([1.0, 2.0], "x")).sum()))
    assert [text for text, _ in cells(page, "W")] == ["inf", "1.00", "−inf", "nan"]
    one, _, other, none = page.eval_on_selector_all('[data-array="W"] td', COLOURS)
    assert one["blue"] > 10
    assert other["blue"] < -10
    assert none["blue"] == 0


# Steps


def test_a_layer_is_one_step_forward_and_one_backward_with_its_formulas(opened):
    page = opened(explored(network()))
    seen = []
    for _ in range(6):
        page.keyboard.press("ArrowRight")
        title = page.text_content(".block.current .title").strip("▸ ")
        seen.append((title, page.text_content("#equation"), page.text_content("#sentence")))
    assert [title for title, _, _ in seen] == ["layer1", "layer2", "mse_loss", "mse_loss", "layer2", "layer1"]
    assert "tanh" in seen[0][1]
    assert "⊙" in seen[-1][1]
    assert seen[-1][2] == "Backward through layer1: the gradients of W1, b1 and x."
    assert "Forward through layer1: a1 from x, with 5 × 2 weights." in seen[0][2]


# Scalars


def number_cells(page):
    return page.eval_on_selector_all(
        "#scalars table",
        "(tables) => tables.map((t) => [...t.querySelectorAll('tbody td')].map((c) => c.dataset.value))",
    )


@pytest.mark.parametrize("outputs", [(5, 1), (40, 3)])
def test_a_layer_opens_into_the_scalars_of_any_of_its_neurons(opened, outputs):
    root = network(3, outputs, "sigmoid")
    page = opened(explored(root))
    layer = dense_layers(walk(root))[0]
    page.keyboard.press("End")
    page.click('[data-block="0"] .title')
    for row in (0, len(layer.neurons) - 1):
        page.fill("#neuron", str(row + 1))
        neuron = layer.neurons[row]
        results, products = number_cells(page)
        total, output = neuron.total, neuron.output
        assert [float(x) for x in results] == pytest.approx(
            [total.data, total.grad, output.data, output.grad], rel=1e-12
        )
        expected = [
            number
            for w, x, product in zip(neuron.weights, neuron.inputs, neuron.products, strict=True)
            for number in (w.data, x.data, product.data, w.grad, w.data * total.grad)
        ]
        assert [float(x) for x in products] == pytest.approx(expected, rel=1e-12)


def test_scalars_appear_with_the_steps_that_compute_them(opened):
    page = opened(explored(network()))
    page.click('[data-block="1"] .title')
    known = []
    for _ in range(7):
        known.append([sum(x is not None for x in column) for column in number_cells(page)])
        page.keyboard.press("ArrowRight")
    # of the output its value and gradient; of five inputs the weight, then the input, the product, and two gradients
    assert known == [[0, 5], [0, 10], [1, 15], [1, 15], [1, 15], [2, 25], [2, 25]]


def test_other_operations_open_into_their_lines(opened):
    root = network()
    page = opened(explored(root))
    page.keyboard.press("End")
    page.click('[data-block="2"]')
    assert page.locator("#scalars tbody th").all_text_contents() == ["t1 = a2_1 − 0.5", "t2 = t1²"]
    ((*_, value, gradient),) = number_cells(page)
    assert (float(value), float(gradient)) == (root.data, 1.0)


def test_a_line_has_its_numbers_as_the_page_writes_them(opened):
    prediction = nn.MLP(2, [3, 1], output_activation="sigmoid", seed=0)([0.5, -0.25])
    page = opened(explored(nn.binary_cross_entropy(prediction, 1.0)))
    page.click('[data-block="2"] .title')
    lines = page.locator("#scalars tbody th").all_text_contents()
    assert lines[0] == "t1 = maximum(a2_1, 3.72e−44)"
    assert "t3 = 1.0 · t2" in lines


def test_a_neuron_of_very_many_inputs_says_what_is_left_out(opened):
    page = opened(explored(network(700, (2, 1))))
    page.click('[data-block="0"] .title')
    assert page.locator("#scalars table >> nth=1 >> tbody tr").count() == 500
    assert "The first 500 of 700 inputs; the other 200 are too many to list" in page.text_content("#scalars")


# Keyboard, pointer and link


def test_the_keyboard_alone_reaches_every_cell_and_every_neuron(opened):
    root = network()
    page = opened(explored(root))
    page.keyboard.press("End")
    page.focus('[data-array="W1"]')
    page.keyboard.press("Tab")
    page.keyboard.press("Shift+Tab")
    assert page.evaluate("document.activeElement.dataset.array") == "W1"
    for key in ("ArrowDown", "ArrowRight", "ArrowDown", "ArrowRight"):
        page.keyboard.press(key)
    assert page.get_attribute("body", "data-position") == "6"
    node = dense_layers(walk(root))[0].neurons[2].weights[1]
    said = page.text_content("#cell")
    assert said.startswith("W1, row 3, column 2, value ")
    assert shown(node.data)[:4] in said
    assert page.is_visible("#tooltip")
    page.keyboard.press("Enter")
    assert page.input_value("#neuron") == "3"
    page.keyboard.press("Escape")
    assert not page.is_visible("#opened")
    assert page.evaluate("document.activeElement.textContent").endswith("layer1")
    page.keyboard.press("Enter")
    assert page.is_visible("#opened")
    assert page.get_attribute('[data-block="0"] .title', "aria-expanded") == "true"
    page.keyboard.press("Enter")
    assert not page.is_visible("#opened")


def test_pointing_at_a_cell_shows_all_digits_and_pressing_it_opens_its_neuron(opened):
    root = network(40, (32, 10), seed=2)
    page = opened(explored(root), 1920, 1080)
    page.keyboard.press("End")
    box = page.locator('[data-array="W1"]').bounding_box()
    page.mouse.move(box["x"] + box["width"] * 20.5 / 40, box["y"] + box["height"] * 7.5 / 32)
    node = dense_layers(walk(root))[0].neurons[7].weights[20]
    assert all(1e-4 < abs(x) < 1e4 for x in (node.data, node.grad))  # written alike in both languages
    assert page.locator("#tooltip .fact").all_text_contents() == [
        " W1, row 8, column 21",
        f"value {repr(node.data).replace('-', '−')}",
        f"gradient {repr(node.grad).replace('-', '−')}",
    ]
    page.mouse.click(box["x"] + box["width"] * 20.5 / 40, box["y"] + box["height"] * 7.5 / 32)
    assert page.input_value("#neuron") == "8"
    page.keyboard.press("ArrowLeft")
    assert page.get_attribute("body", "data-position") == "5"


def test_a_link_restores_the_step_and_what_is_open(opened):
    page = opened(explored(network()))
    address = page.url
    page.goto("about:blank")
    page.goto(f"{address}#step=5&open=0.3")
    assert page.get_attribute("body", "data-position") == "5"
    assert page.input_value("#neuron") == "4"
    for wrong in ("open=0.5", "open=3.0", "open=x", "open=0.1.2", "step=7"):
        page.goto("about:blank")
        page.goto(f"{address}#{wrong}")
        assert "is ignored" in page.text_content("#sentence")
        assert not page.is_visible("#opened")


# Paper

A4 = 688  # CSS pixels between margins of 14 mm


# Of the canvas of an array, the least of red, green and blue of each pixel.
DARKEST = """(name) => {
    const { width, height } = document.querySelector(`[data-array="${name}"] canvas`);
    const copy = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
    copy.drawImage(document.querySelector(`[data-array="${name}"] canvas`), 0, 0);
    const { data } = copy.getImageData(0, 0, width, height);
    return Array.from({ length: width * height }, (_, at) => Math.min(...data.slice(4 * at, 4 * at + 3)));
}"""


@pytest.mark.parametrize("keys", [["End"], ["p", "l", "End"]], ids=["read", "presented"])
def test_on_paper_are_the_layers_the_math_of_the_step_and_what_is_open_in_light_colours(opened, keys):
    root = network(40, (32, 10))
    page = opened(explored(root), 1280, 720, color_scheme="dark")
    page.click('[data-block="0"] .title')
    for key in keys:
        page.keyboard.press(key)
    page.set_viewport_size({"width": A4, "height": 972})
    page.emulate_media(media="print", color_scheme="dark")
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    for hidden in ("#controls", "#tools", "#close", "#tooltip"):
        assert page.is_hidden(hidden)
    end = 0  # one section below the other, each with all that is in it
    for section, parts in (("#layers", ".grid"), ("#math", ".sides"), ("#opened", "tr")):
        place = page.locator(section).bounding_box()
        assert place["y"] >= end
        end = place["y"] + place["height"]
        for part in page.locator(f"{section} {parts}").all():
            inner = part.bounding_box()
            assert place["x"] <= inner["x"] <= inner["x"] + inner["width"] <= A4 + 1
            assert place["y"] <= inner["y"] <= inner["y"] + inner["height"] <= end + 1
    assert page.locator(".block.current").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth") <= A4
    assert min(page.evaluate(SIZES_OF_TEXT))[0] >= 7 * 96 / 72  # points
    weights = [node.data for node in arrays_of(root)[0]["W1"][0]]
    darkest = page.evaluate(DARKEST, "W1")
    assert darkest[min(range(len(weights)), key=lambda n: abs(weights[n]))] > 240
    assert darkest[max(range(len(weights)), key=lambda n: abs(weights[n]))] < 60


def test_a_small_network_and_a_neuron_of_it_are_one_sheet_without_what_is_for_the_screen(opened):
    page = opened(explored(network()))
    page.click('[data-block="0"] .title')
    page.emulate_media(media="print")
    assert page.is_hidden("#saying")  # which key to press
    assert page.is_hidden("#math")
    for _ in range(4):
        page.keyboard.press("ArrowRight")
        assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True, format="A4"))) == 1


# Everybody's screens


@pytest.mark.parametrize("name", ["small", "large", "arrays"])
def test_no_page_is_wider_than_its_screen_and_no_text_is_tiny(opened, name):
    roots = {"small": network, "large": lambda: network(64, (32, 10)), "arrays": lambda: network(3, (16, 16, 1))}
    page = opened(explored(roots[name]()))
    for width, _ in in_windows(page, [(375, 812), (800, 600), (1280, 720), (1920, 1080)]):
        page.keyboard.press("End")
        page.click('[data-block="0"] .title')
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        outside = "(grids) => grids.filter((grid) => grid.offsetWidth > grid.closest('.block').clientWidth).length"
        assert page.eval_on_selector_all(".grid", outside) == 0
        root_size = page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)")
        if width > 760:  # on narrower screens the word "Speed" has no size
            assert min(page.evaluate(SIZES_OF_TEXT))[0] >= 0.7 * root_size


@pytest.mark.parametrize(("width", "height"), [(1920, 1080), (1024, 700), (375, 812)])
def test_no_rule_of_accessibility_is_broken(opened, width, height):
    from axe_playwright_python.sync_playwright import Axe

    for root in (network(), network(40, (20, 3))):
        page = opened(explored(root), width, height, bypass_csp=True)
        for act in (
            lambda page: page.keyboard.press("ArrowRight"),
            lambda page: page.keyboard.press("End"),
            lambda page: page.locator('[data-block="0"] .title').press("Enter"),
            lambda page: page.locator('[data-block="2"] .title').press("Enter"),
        ):
            act(page)
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme)
                found = Axe().run(page)
                assert found.violations_count == 0, found.generate_report()


def test_labels_and_scopes_stay_text(opened):
    x = array([0.5, -0.5], "x")
    outputs = []
    for text in HOSTILE:
        with scope(text):
            outputs.append(np.tanh(array([[1.0, 2.0], [3.0, 4.0]], text) @ x + array([0.0, 1.0], text)).sum())
    root = sum(outputs, start=Value(0.0, HOSTILE[0])) * 1.0
    root.label = HOSTILE[1]
    page = opened(explored(root, title=HOSTILE[0]))
    count = page.locator(".block").count()
    assert count == len(HOSTILE) + 1
    for number in range(count):
        page.keyboard.press("ArrowRight")
        page.locator(f'[data-block="{number}"] .title').press("Enter")
        assert page.is_visible("#scalars table")
    assert page.locator("script").count() == 3
    assert page.locator("img").count() == 0


def test_784_128_10_is_opened_and_stepped_through_at_once(opened):
    page = opened(viz.explore(network(784, (128, 10), "relu")), 1280, 720)
    started = page.evaluate("performance.now()")  # since the navigation began
    assert started < 6_000
    took = page.evaluate("""() => {
        const started = performance.now();
        for (let step = 0; step < 6; step += 1) document.querySelector("#next").click();
        document.querySelector("[data-block='0'] .title").click();
        return performance.now() - started;
    }""")
    assert page.get_attribute("body", "data-position") == "6"
    assert took < 2_000
