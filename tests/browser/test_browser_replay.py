"""The replay in a real browser: at every epoch it shows what Python computes, by mouse, keyboard and screen reader."""

import math
import re
from functools import cache

import numpy as np
import pytest
from support.contrast import contrast
from support.pages import SIZES_OF_TEXT, in_windows, shown

import nn
import viz
from autograd import Value, topological_order


def fitted(model, X, y, loss="mse_loss", *, epochs=30, record=11, **options):
    adam = nn.Adam(model.parameters(), lr=0.05)
    return model.fit(X, y, loss=loss, optimizer=adam, epochs=epochs, record=record, progress=False, **options)


def xor(**options):
    model = nn.MLP(2, [4, 1], activation="tanh", output_activation="sigmoid", seed=0)
    return fitted(model, *nn.datasets.xor(), **options)


def three_classes():
    rng = np.random.default_rng(0)
    classes = np.arange(12) % 3
    X = np.array([[0.0, 0.0], [3.0, 0.0], [1.5, 3.0]])[classes] + 0.3 * rng.normal(size=(12, 2))
    return fitted(nn.MLP(2, [4, 3]), X, classes, "cross_entropy")


def ten_classes():
    X = np.random.default_rng(0).normal(size=(20, 2))
    return fitted(nn.MLP(2, [3, 10]), X, np.arange(20) % 10, "cross_entropy")


def line():
    X = np.linspace(-1.0, 1.0, 7)
    return fitted(nn.MLP(1, [3, 1]), X, np.sin(2 * X), batch_size=3, validation=(X, np.sin(2 * X)))


def many_inputs():
    X = np.random.default_rng(0).normal(size=(9, 4))
    return fitted(nn.MLP(4, [14, 1], output_activation="sigmoid"), X, X[:, 0] > 0.0, "binary_cross_entropy")


def neuron():
    return fitted(nn.Neuron(2, activation="sigmoid"), *nn.datasets.xor(), "binary_cross_entropy")


def layer():
    X = np.random.default_rng(0).normal(size=(20, 2))
    return fitted(nn.Layer(2, 10), X, np.arange(20) % 10, "cross_entropy")


def diverged():
    history = line()
    powers = [3, 5, 9, 20, 42, 99, 155, 4, 2, 307]
    history.recording._rows[-1][:] = [9.87 * (-1) ** n * 10.0**power for n, power in enumerate(powers)]
    return history


class Bare(nn.Module):
    """A model that is not an MLP."""

    inputs = 2

    def __init__(self):
        self.w = Value(0.5, role="parameter")

    def forward(self, inputs):
        return self.w * inputs[0] - inputs[1]


def of_another_kind():
    return fitted(Bare(), *nn.datasets.xor())


def large():
    X = np.random.default_rng(0).normal(size=(5, 40))
    return fitted(nn.MLP(40, [40, 2]), X, np.arange(5) % 2, "cross_entropy", record=3)


@cache
def classifier(*widths, samples=100):
    X, y = nn.datasets.moons(samples, seed=1)
    return fitted(nn.MLP(2, list(widths), seed=1), X, y, "binary_cross_entropy_with_logits")


@cache
def blobs():
    return fitted(nn.MLP(2, [8, 3], seed=1), *nn.datasets.blobs(60, seed=1), "cross_entropy")


EVERY = [xor, three_classes, ten_classes, line, many_inputs, of_another_kind, neuron, layer, large]


def position(page):
    return int(page.get_attribute("body", "data-position"))


def close(a, b):
    return math.isclose(a, b, rel_tol=1e-12, abs_tol=1e-15)


def check_epoch(page, recording, at, sample):
    """Compares the sentence, the weights and the graph of the page at an epoch with Python."""
    model, X, y = recording.model, recording.samples, recording.targets
    model.load_state_dict(recording.state_dict(at))
    outputs = model.predict(X)
    right = round(nn.accuracy(outputs, y) * len(X))
    mean = nn.mse_loss(list(outputs), y)
    assert page.text_content("#sentence") == (
        f"Epoch {recording.epochs[at]}: loss {shown(mean)}, accuracy {right} of {len(X)}"
    )
    weights = page.eval_on_selector_all(
        "#neurons [data-value]", "(all) => all.map((e) => [Number(e.dataset.parameter), Number(e.dataset.value)])"
    )
    assert dict(weights) == dict(enumerate(recording.weights[at]))
    model.zero_grad()
    x = [Value(number, role="input") for number in X[sample]]
    loss = nn.mse_loss([model(x)], [Value(y[sample], role="input")])
    loss.backward()
    page.select_option("#layout", label="everything")
    boxes = page.eval_on_selector_all(
        ".box:not(.fold)", "(all) => all.map((b) => [b.dataset.box, b.dataset.value, b.dataset.gradient])"
    )
    nodes = topological_order(loss)
    assert {int(box) for box, *_ in boxes} == set(range(len(nodes)))
    for box, value, gradient in boxes:
        assert close(float(value), nodes[int(box)].data)
        assert gradient is None or close(float(gradient), nodes[int(box)].grad)


def test_every_epoch_shows_the_numbers_that_python_has(opened):
    history = xor()
    page = opened(viz.explore_training(history))
    for at, epoch in enumerate(history.recording.epochs):
        assert position(page) == at
        assert page.text_content("#phase") == f"Epoch {epoch} of 30"
        check_epoch(page, history.recording, at, 0)
        page.keyboard.press("Escape")
        page.evaluate("document.activeElement.blur()")
        page.keyboard.press("ArrowRight")
    assert page.is_disabled("#next")


def test_another_sample_is_chosen_on_the_surface_or_in_the_list(opened):
    history = xor()
    page = opened(viz.explore_training(history))
    page.keyboard.press("End")
    last = len(history.recording.epochs) - 1
    page.locator("#plane [data-sample='2']").click()
    assert page.input_value("#sample") == "2"
    check_epoch(page, history.recording, last, 2)
    page.select_option("#sample", "3")
    assert page.locator("#plane .chosen").get_attribute("data-sample") == "3"
    check_epoch(page, history.recording, last, 3)
    assert page.locator("#sample option").nth(1).text_content() == "2 (0, 1) → class 1"


def test_the_surface_has_the_colour_of_what_the_model_decides(opened):
    history = xor(epochs=300)
    page = opened(viz.explore_training(history))
    page.keyboard.press("End")
    red_and_blue = page.evaluate("""() => {
        const canvas = document.querySelector("#plane canvas");
        const n = canvas.width;
        const { data } = canvas.getContext("2d").getImageData(0, 0, n, n);
        const at = (x, y) => {
            const [column, row] = [x, 1 - y].map((part) => Math.floor(n * (part + 0.25) / 1.5));
            const [red, , blue] = data.slice(4 * (row * n + column));
            return red > blue ? "class 0" : "class 1";
        };
        return [[0, 0], [0, 1], [1, 0], [1, 1]].map(([x, y]) => at(x, y));
    }""")
    assert red_and_blue == ["class 0", "class 1", "class 1", "class 0"]
    assert page.get_attribute("#plane .boundary", "d").startswith("M")


def test_every_class_has_its_own_marker(opened):
    page = opened(viz.explore_training(ten_classes()))
    looks = page.eval_on_selector_all(
        "#legend .marker", "(all) => all.map((m) => m.getAttribute('d') + getComputedStyle(m).fill)"
    )
    assert len(set(looks)) == len(looks) == 10


def test_the_dot_is_on_the_curve_and_pressing_it_goes_to_that_epoch(opened):
    history = xor(epochs=40, record=41)
    page = opened(viz.explore_training(history))
    box = page.locator("#curve .axes").bounding_box()
    frame = page.locator("#curve").bounding_box()
    page.mouse.click(frame["x"] + 0.5 * frame["width"], box["y"] + 20)
    middle = position(page)
    assert 15 < middle < 25
    points = re.findall(r"[ML]([\d.]+) ([\d.]+)", page.get_attribute("#curve .curve:not(.dashed)", "d"))
    dot = [float(page.get_attribute("#curve circle", name)) for name in ("cx", "cy")]
    assert dot == pytest.approx([*map(float, points[middle])], abs=0.1)
    page.mouse.move(frame["x"] + 0.5 * frame["width"], box["y"] + 20)
    page.mouse.down()
    page.mouse.move(frame["x"] + frame["width"] + 50, box["y"] + 20, steps=5)
    page.mouse.up()
    assert position(page) == 40


def test_keys_move_through_the_epochs_and_reach_everything(opened):
    page = opened(viz.explore_training(xor()))
    for key, expected in [("ArrowRight", 1), ("ArrowLeft", 0), ("ArrowLeft", 0), ("End", 10), ("Home", 0)]:
        page.keyboard.press(key)
        assert position(page) == expected
    reached = set()
    for _ in range(30):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.id || document.activeElement.getAttribute('aria-label')"))
    assert {"next", "play", "last", "scrubber", "speed", "sample", "layout", "zoom-in"} <= reached
    assert any(name and name.startswith("layer1.neuron1.b ") for name in reached)


def test_space_plays_to_the_end_and_then_from_the_start(opened):
    from playwright.sync_api import expect

    page = opened(viz.explore_training(xor()))
    page.select_option("#speed", "200")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press(" ")
    expect(page.locator("body")).to_have_attribute("data-position", "10")
    assert page.get_attribute("#play", "aria-label") == "Play"
    page.select_option("#speed", "3000")
    page.click("#play")
    expect(page.locator("body")).to_have_attribute("data-position", re.compile("^[1-5]$"))
    assert page.get_attribute("#sentence", "aria-live") == "off"
    page.keyboard.press("End")
    assert page.get_attribute("#sentence", "aria-live") == "polite"


def test_pointing_at_a_weight_or_a_neuron_shows_all_digits(opened):
    history = xor()
    page = opened(viz.explore_training(history))
    page.keyboard.press("End")
    state = history.recording.state_dict(-1)
    page.locator("#neurons .reach").first.hover()
    name, number = page.text_content("#tooltip").split()
    assert state[name] == float(number)
    page.get_by_role("img", name=re.compile(r"^layer2\.neuron1\.b")).hover()
    shown_numbers = dict(re.findall(r"(layer2\.neuron1\.\w+) (-?[\d.e-]+)", page.inner_text("#tooltip")))
    assert {name: float(number) for name, number in shown_numbers.items()} == {
        name: number for name, number in state.items() if name.startswith("layer2")
    }
    page.mouse.move(1, 1)
    assert page.is_hidden("#tooltip")


def test_every_weight_and_bias_has_a_name_with_its_number_and_gradient(opened):
    history = xor()
    page = opened(viz.explore_training(history))
    page.keyboard.press("End")
    page.select_option("#sample", "2")
    model, recording = history.recording.model, history.recording
    model.load_state_dict(recording.state_dict(-1))
    model.zero_grad()
    nn.mse_loss([model(recording.samples[2].tolist())], [recording.targets[2]]).backward()
    expected = set()
    for depth, layer in enumerate(model.layers, 1):
        for to, neuron in enumerate(layer.neurons, 1):
            numbers = [f"{shown(v.data)}, gradient {shown(v.grad)}" for v in (neuron.b, *neuron.w)]
            path = f"layer{depth}.neuron{to}"
            expected.add(f"{path}.b {numbers[0]}")
            for index, number in enumerate(numbers[1:], 1):
                start = f"x{index}" if depth == 1 else f"neuron {index}"
                expected.add(f"weight {path}.w{index} {number}, from {start} to neuron {to} of layer {depth}")
    named = page.eval_on_selector_all("#neurons [role=img]", "(all) => all.map((e) => e.ariaLabel)")
    assert set(named) == expected
    assert len(named) == 2 * 4 + 4 + 4 + 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_keys_reach_each_weight_and_neuron_and_the_focus_is_seen(opened, scheme):
    page = opened(viz.explore_training(xor()), color_scheme=scheme)
    page.keyboard.press("End")
    page.focus("#fullscreen")
    found = set()
    for key in [*["Tab", "ArrowDown", "ArrowDown", "ArrowUp", "ArrowUp"] * 4, "Tab", *["ArrowDown"] * 5]:
        page.keyboard.press(key)
        ring = page.evaluate("""() => {
            const focused = document.activeElement;
            const shape = focused.matches(".reach") ? focused : focused.querySelector(".neuron");
            const line = focused.matches(".reach") ? parseFloat(focused.nextSibling.getAttribute("stroke-width")) : 0;
            const { stroke, strokeWidth } = getComputedStyle(shape);
            const ground = getComputedStyle(document.querySelector("#network")).backgroundColor;
            return [focused.ariaLabel, stroke, parseFloat(strokeWidth) - line, ground];
        }""")
        name, stroke, width, ground = ring
        found.add(name)
        assert contrast(*(tuple(int(n) / 255 for n in re.findall(r"\d+", c)[:3]) for c in (stroke, ground))) >= 3
        assert width >= 4
    assert len(found) == 2 * 4 + 4 + 4 + 1
    assert page.is_visible("#keys-hint")


# Legibility

NETWORKS = {
    "2-1": lambda: classifier(1),
    "2-2-1": lambda: classifier(2, 1),
    "2-4-1": lambda: classifier(4, 1),
    "2-8-8-1": lambda: classifier(8, 8, 1),
    "blobs": blobs,
    "4-14-1": many_inputs,
    "2-3-10": ten_classes,
    "1-3-1, diverged": diverged,
    "neuron": neuron,
    "layer": layer,
}
GRAPHS = NETWORKS | {
    "2-16-16-1": lambda: classifier(16, 16, 1),
    "2-4-4-4-4-1": lambda: classifier(4, 4, 4, 4, 1),
    "another": of_another_kind,
}
PROJECTORS = [(1920, 1080, 16), (1280, 720, 12)]
LEAST = {(width, height): least for width, height, least in PROJECTORS}  # pixels of text

BOX_OF = "(e) => (({ left, top, right, bottom }) => [left, top, right, bottom])(e.getBoundingClientRect())"

# The labels of the network as [left, top, right, bottom, text], its pictures as boxes, and points along its lines.
NETWORK = """() => {
    const boxOf = (element) => {
        const { left, top, right, bottom } = element.getBoundingClientRect();
        return [left, top, right, bottom];
    };
    const shown = (element) => getComputedStyle(element).visibility === "visible" && element.textContent !== "";
    const all = (selector) => [...document.querySelectorAll(selector)];
    const panel = document.querySelector("#neurons").getBoundingClientRect();
    return {
        texts: all("#neurons text").filter(shown).map((text) => [...boxOf(text), text.textContent]),
        pictures: all("#neurons rect.neuron").map(boxOf),
        points: all("#neurons .weight").flatMap((line) => Array.from({ length: 51 }, (_, n) => {
            const { x, y } = line.getPointAtLength((n / 50) * line.getTotalLength());
            return [panel.left + x, panel.top + y];
        })),
        panel: boxOf(document.querySelector("#neurons")),
    };
}"""


def is_inside(box, outer):
    return all(box[at] >= outer[at] for at in (0, 1)) and all(box[at] <= outer[at] + 1 for at in (2, 3))


def overlap(a, b):
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


@pytest.mark.parametrize("make", NETWORKS.values(), ids=NETWORKS)
def test_every_text_is_legible_on_a_projector(opened, make):
    page = opened(viz.explore_training(make()), reduced_motion="reduce")
    for window in in_windows(page, LEAST):
        for key in ("Home", "End"):
            page.keyboard.press(key)
            sizes = page.evaluate(SIZES_OF_TEXT)
            assert len(sizes) > 30
            assert min(sizes)[0] >= LEAST[window] - 0.01, min(sizes)


@pytest.mark.parametrize("make", GRAPHS.values(), ids=GRAPHS)
def test_at_first_the_whole_graph_of_a_sample_is_visible_and_legible(opened, make):
    page = opened(viz.explore_training(make()), reduced_motion="reduce")
    for window in in_windows(page, LEAST):
        boxes = page.eval_on_selector_all("#canvas .box", f"(all) => all.map({BOX_OF})")
        canvas = page.eval_on_selector("#canvas", BOX_OF)
        assert len(boxes) > 2
        assert [box for box in boxes if not is_inside(box, canvas)] == []
        scale = page.evaluate("new DOMMatrix(getComputedStyle(document.querySelector('.scene')).transform).a")
        assert scale * 12 >= LEAST[window]


@pytest.mark.parametrize("make", NETWORKS.values(), ids=NETWORKS)
def test_no_label_of_the_network_is_cut_off_covered_or_crossed_by_a_line(opened, make):
    page = opened(viz.explore_training(make()))
    for width, _ in in_windows(page, [*LEAST, (390, 844)]):
        page.keyboard.press("End")
        found = page.evaluate(NETWORK)
        assert len(found["texts"]) > (5 if width > 390 else 3)
        assert len(found["points"]) > 100
        for number, text in enumerate(found["texts"]):
            assert is_inside(text, found["panel"]), text
            assert not [other for other in found["texts"][:number] if overlap(text, other)], text
            assert not [picture for picture in found["pictures"] if overlap(text, picture)], text
            assert not [(x, y) for x, y in found["points"] if text[0] < x < text[2] and text[1] < y < text[3]], text
        for number, picture in enumerate(found["pictures"]):
            assert is_inside(picture, found["panel"])
            assert not [other for other in found["pictures"][:number] if overlap(picture, other)]


@pytest.mark.parametrize(("width", "height", "_"), PROJECTORS)
def test_the_network_is_as_large_as_its_panel_allows(opened, width, height, _):
    for make, share in [(NETWORKS["2-4-1"], 0.75), (NETWORKS["2-8-8-1"], 0.8)]:
        page = opened(viz.explore_training(make()), width, height)
        found = page.evaluate(NETWORK)
        left, top, right, bottom = found["panel"]
        boxes = [*found["pictures"], *(text[:4] for text in found["texts"])]
        assert max(box[3] for box in boxes) - min(box[1] for box in boxes) > share * (bottom - top)
        assert max(box[2] for box in boxes) - min(box[0] for box in boxes) > share * (right - left)


def two_digits(x):
    return f"{x:.2f}".replace("-", "−").replace("−0.00", "0.00")


def labels_of_weights(page):
    return page.eval_on_selector_all(
        "#neurons .of-weight",
        "(all) => all.filter((e) => getComputedStyle(e).visibility === 'visible').map((e) => e.textContent)",
    )


def test_weights_and_biases_are_numbers_and_biases_have_names(opened):
    history = classifier(4, 1)
    page = opened(viz.explore_training(history))
    for key, at in [("Home", 0), ("End", -1)]:
        page.keyboard.press(key)
        state = history.recording.state_dict(at)
        weights = [two_digits(x) for name, x in state.items() if ".w" in name]
        assert labels_of_weights(page) == weights
        biases = [(name[-3] if "neuron" in name else "", x) for name, x in state.items() if name.endswith(".b")]
        assert page.locator("#neurons .bias").all_text_contents() == [
            "x1",
            "x2",
            *(f"b{number} = {two_digits(x)}" for number, x in biases),
        ]


@pytest.mark.parametrize("make", [lambda: classifier(4, 1), lambda: classifier(8, 8, 1)], ids=["2-4-1", "2-8-8-1"])
def test_a_network_says_where_its_weights_are_if_not_all_of_them_are_shown(opened, make):
    page = opened(viz.explore_training(make()), 1280, 720)
    lines = page.locator("#neurons .weight").count()
    assert page.is_visible("#weights-hint") == (len(labels_of_weights(page)) < lines)


def test_in_a_dense_layer_the_weights_of_a_neuron_are_shown_where_one_points_at_it(opened):
    history = classifier(8, 8, 1)
    page = opened(viz.explore_training(history), 1280, 720)
    page.keyboard.press("End")
    state = history.recording.state_dict(-1)
    assert not {two_digits(state[f"layer2.neuron3.w{n}"]) for n in range(1, 9)} <= set(labels_of_weights(page))
    page.get_by_role("img", name=re.compile(r"^layer2\.neuron3\.b")).hover()
    weights = [two_digits(state[f"layer2.neuron3.w{n}"]) for n in range(1, 9)]
    assert [label for label in labels_of_weights(page) if label in weights] == weights
    assert page.locator("#neurons .weight.lit").count() == 8
    tooltip, network = (page.locator(selector).bounding_box() for selector in ("#tooltip", "#neurons"))
    assert tooltip["y"] >= network["y"] + network["height"]  # it covers none of these labels
    page.mouse.move(1, 1)
    assert page.locator("#neurons .weight.lit").count() == 0


def test_every_neuron_shows_its_output_over_the_plane(opened):
    history = xor()
    page = opened(viz.explore_training(history))
    page.keyboard.press("End")
    pixels = page.eval_on_selector_all(
        "#neurons canvas",
        """(all) => all.map((canvas) => {
            const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
            return Array.from({ length: canvas.width ** 2 }, (_, n) => data[4 * n + 2] - data[4 * n]);
        })""",
    )
    model = history.recording.model
    model.load_state_dict(history.recording.state_dict(-1))
    side = round(len(pixels[0]) ** 0.5)
    assert len(pixels) == 2 + 4 + 1
    for row, column in [(2, 3), (side // 2, side - 4), (side - 2, side // 3)]:
        x = [-0.25 + 1.5 * (column + 0.5) / side, -0.25 + 1.5 * (side - row - 0.5) / side]
        hidden = model.layers[0](x)
        numbers = [*x, *(output.data for output in hidden), model.layers[1](hidden).data - 0.5]
        for picture, number in zip(pixels, numbers, strict=True):
            blue = picture[row * side + column]
            assert blue * number > 0 or abs(number) < 0.05  # blue where positive, red where negative


def test_every_neuron_of_a_model_with_one_input_shows_its_output_as_a_curve(opened):
    history = line()
    page = opened(viz.explore_training(history))
    page.keyboard.press("End")
    curves = page.eval_on_selector_all("#neurons .response", "(all) => all.map((path) => path.getAttribute('d'))")
    model = history.recording.model
    model.load_state_dict(history.recording.state_dict(-1))
    points = [[tuple(map(float, point.split())) for point in curve[1:].split("L")] for curve in curves]
    assert len(points) == 1 + 3 + 1
    cells = len(points[0])
    inputs = [-1.5 + 3.0 * (cell + 0.5) / cells for cell in range(cells)]  # a quarter of the range around the samples
    hidden = [[output.data for output in model.layers[0]([x])] for x in inputs]
    outputs = [[x, *row, model([x]).data] for x, row in zip(inputs, hidden, strict=True)]
    for curve, numbers in zip(points, np.transpose(outputs), strict=True):
        heights = np.array([-y for _, y in curve])
        assert np.corrcoef(heights, numbers)[0, 1] > 0.9999


@pytest.mark.parametrize(
    "make",
    [many_inputs, lambda: classifier(4, 4, 4, 4, 1), neuron, layer],
    ids=["4-14-1", "2-4-4-4-4-1", "neuron", "layer"],
)
def test_pointing_at_a_neuron_shows_its_output_for_the_chosen_sample(opened, make):
    history = make()
    model, x = history.recording.model, history.recording.samples[3].tolist()
    page = opened(viz.explore_training(history))
    page.keyboard.press("End")
    page.select_option("#sample", "3")
    model.load_state_dict(history.recording.state_dict(-1))
    for depth, module in enumerate(getattr(model, "layers", [model]), 1):
        x = [output.data for output in nn.outputs.as_list(module(x))]
        name = {nn.Neuron: r"b ", nn.Layer: r"neuron1\.b "}.get(type(model), rf"layer{depth}\.neuron1\.b ")
        page.get_by_role("img", name=re.compile(f"^{name}")).hover()
        assert close(float(re.search(r"output for the sample (\S+)", page.inner_text("#tooltip"))[1]), x[0])


def test_without_pictures_the_colours_of_a_network_are_those_of_the_chosen_sample(opened):
    history = many_inputs()
    model, samples = history.recording.model, history.recording.samples
    page = opened(viz.explore_training(history))
    page.keyboard.press("End")
    model.load_state_dict(history.recording.state_dict(-1))
    for sample in (0, 5):
        page.select_option("#sample", str(sample))
        fills = page.eval_on_selector_all("#neurons .neuron", "(all) => all.map((e) => getComputedStyle(e).fill)")
        x = samples[sample].tolist()
        hidden = [output.data for output in model.layers[0](x)]
        numbers = [*x, *hidden[:6], hidden[-1], model.layers[1](hidden).data - 0.5]
        for fill, number in zip(fills, numbers, strict=True):
            red, _, blue = map(float, re.findall(r"[\d.]+", fill.removeprefix("color(srgb"))[:3])
            assert (blue - red) * number >= 0.0
            assert blue != red or abs(number) < 0.02
    assert page.is_visible("#colours-hint")


def axis_labels(page, host):
    return page.eval_on_selector_all(f"{host} .axes text:not(.name)", "(all) => all.map((e) => e.textContent)")


@pytest.mark.parametrize(("width", "height", "_"), PROJECTORS)
@pytest.mark.parametrize("epochs", [300, 100_000])
def test_every_label_of_an_axis_is_whole(opened, width, height, _, epochs):
    history = xor()
    history.recording.epochs[-1] = epochs
    history.loss[-1] = 1e-7
    page = opened(viz.explore_training(history), width, height)
    outside = page.eval_on_selector_all(
        ".plot .axes text",
        """(all) => all.filter((text) => {
            const [inner, outer] = [text, text.closest(".plot")].map((element) => element.getBoundingClientRect());
            return inner.left < outer.left || inner.right > outer.right || inner.bottom > outer.bottom;
        }).map((text) => text.textContent)""",
    )
    assert outside == []
    assert axis_labels(page, "#curve").count(f"{epochs:,}") == 1


def test_epochs_on_the_axis_are_integers(opened):
    page = opened(viz.explore_training(xor(epochs=1, record=2)))
    across = page.eval_on_selector_all(
        "#curve .axes text[text-anchor=middle]:not(.name)", "(all) => all.map((e) => e.textContent)"
    )
    assert across == ["0", "1"]


def test_the_axis_of_losses_is_logarithmic_where_they_span_two_decades(opened):
    history = xor(epochs=300)
    page = opened(viz.explore_training(history))
    assert history.loss[0] > 100 * history.loss[-1]
    assert {"0.1", "0.01", "0.001"} <= set(axis_labels(page, "#curve"))
    assert page.locator("#curve .axes .name").last.text_content() == "loss (log)"
    page.keyboard.press("End")
    points = re.findall(r"[ML]([\d.]+) ([\d.]+)", page.get_attribute("#curve .curve:not(.dashed)", "d"))
    heights = [float(y) for _, y in points]
    losses = np.log10(history.loss)
    shares = (losses - losses[0]) / (losses[-1] - losses[0])
    assert np.array(heights) == pytest.approx(heights[0] + shares * (heights[-1] - heights[0]), abs=0.2)
    page = opened(viz.explore_training(xor(epochs=10, record=5)))
    assert page.locator("#curve .axes .name").last.text_content() == "loss"


@pytest.mark.parametrize("make", [lambda: classifier(4, 1), many_inputs], ids=["surface", "predictions"])
@pytest.mark.parametrize(("sample", "width", "height"), [(0, 1280, 720), (7, 1280, 720), (7, 940, 760), (7, 390, 844)])
def test_the_chosen_sample_has_a_ring_that_follows_it_and_its_name_is_whole(opened, make, sample, width, height):
    page = opened(viz.explore_training(make()), width, height)
    page.select_option("#sample", str(sample))
    for key in ("Home", "End"):
        page.keyboard.press("Escape")
        page.evaluate("document.activeElement.blur()")
        page.keyboard.press(key)
        ring, marker = (
            page.locator(selector).bounding_box() for selector in ("#plane .ring", f"#plane [data-sample='{sample}']")
        )
        assert ring["width"] > 1.5 * marker["width"]
        for at, size in [("x", "width"), ("y", "height")]:
            assert ring[at] + ring[size] / 2 == pytest.approx(marker[at] + marker[size] / 2, abs=2)
    for name in ("#sample", "#layout"):
        widths = page.eval_on_selector(
            name,
            """(list) => {
            const before = list.offsetWidth;
            list.style.minWidth = "max-content";
            return [before, list.offsetWidth];
        }""",
        )
        assert widths[0] >= (widths[1] if name == "#sample" else 0.4 * widths[1])


def test_while_playing_a_page_draws_once_a_frame_however_many_epochs_pass(opened):
    page = opened(viz.explore_training(xor(epochs=500, record=400)))
    page.select_option("#speed", "200")
    drawn, frames, epochs = page.evaluate("""() => new Promise((done) => {
        const context = document.querySelector("#plane canvas").getContext("2d");
        const put = context.putImageData.bind(context);
        let [drawn, frames] = [0, 0];
        context.putImageData = (...all) => {
            drawn += 1;
            put(...all);
        };
        const count = () => {
            frames += 1;
            if (frames < 20) requestAnimationFrame(count);
            else done([drawn, frames, Number(document.querySelector("#scrubber").value)]);
        };
        document.querySelector("#play").click();
        requestAnimationFrame(count);
    })""")
    assert drawn <= frames
    assert epochs > drawn  # a page that draws each epoch would be slower


@pytest.mark.parametrize("make", EVERY)
def test_every_training_run_is_shown_at_every_width(opened, make):
    history = make()
    page = opened(viz.explore_training(history))
    heights = "(all) => all.map((e) => e.offsetHeight).filter(Boolean)"
    for _ in in_windows(page, [(width, 900) for width in (390, 1280, 1920)]):
        page.keyboard.press("End")
        assert position(page) == len(history.recording.epochs) - 1
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert min(page.eval_on_selector_all("main section", heights)) > 150
        assert page.is_visible("#network") == isinstance(history.recording.model, (nn.MLP, nn.Layer, nn.Neuron))
        assert page.is_visible("#no-graph") == (make is large)
        assert page.locator("#plane .marker").count() == len(history.recording.samples)
        assert page.locator("#plane canvas").count() == (history.recording.samples.shape[1] == 2)
        assert page.is_visible("#of-validation") == (make is line)


@pytest.mark.parametrize("make", EVERY)
def test_no_rule_of_accessibility_is_broken(opened, make):
    from axe_playwright_python.sync_playwright import Axe

    page = opened(viz.explore_training(make()), bypass_csp=True)
    page.keyboard.press("End")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        found = Axe().run(page)
        assert len(found.response["passes"]) > 10
        assert found.violations_count == 0, found.generate_report()


def test_the_surface_follows_the_colour_scheme(opened):
    page = opened(viz.explore_training(xor()), color_scheme="light")
    first = page.evaluate("document.querySelector('#plane canvas').toDataURL()")
    page.emulate_media(color_scheme="dark")
    page.wait_for_function("(first) => document.querySelector('#plane canvas').toDataURL() !== first", arg=first)


def test_the_page_runs_in_the_frame_of_a_notebook(browser, tmp_path):
    text = viz.explore_training(xor())._repr_html_()
    (tmp_path / "cell.html").write_text(f"<!doctype html>{text}", encoding="utf-8")
    page = browser.new_page()
    page.goto((tmp_path / "cell.html").as_uri())
    frame = page.frames[1]
    frame.click("#last")
    assert frame.get_attribute("body", "data-position") == "10"
    page.close()


@pytest.mark.parametrize("hostile", ["</script><script>window.hacked = 1</script>", "<img src=x onerror='hacked = 1'>"])
def test_hostile_names_and_titles_stay_text(opened, hostile):
    model = Bare()
    model.part = {hostile: Value(0.5, role="parameter")}
    page = opened(viz.explore_training(fitted(model, *nn.datasets.xor()), title=hostile))
    page.keyboard.press("End")
    assert page.evaluate("window.hacked") is None
    assert page.locator("img").count() == 0
    assert page.text_content("h1") == hostile


def test_the_boundary_of_a_steep_model_is_no_staircase(opened):
    model = nn.MLP(2, [1], output_activation="sigmoid", seed=0)
    for parameter, number in zip(model.parameters(), (900.0, 370.0, -50.0), strict=True):
        parameter.data = number
    inputs, targets = nn.datasets.moons(20)
    history = model.fit(
        inputs, targets, loss="mse_loss", optimizer=nn.SGD(model.parameters(), lr=1e-9), epochs=1, record=2
    )
    page = opened(viz.explore_training(history))
    path = page.get_attribute("#plane .boundary", "d")
    x, y = np.array([point.split() for point in path.replace("L", "M").split("M")[1:]], float).T
    slope, start = np.polyfit(y, x, 1)
    assert len(x) > 20
    assert np.abs(slope * y + start - x).max() < 0.06  # cells
