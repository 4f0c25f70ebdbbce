"""The live page in a browser: it trains as `fit` does, takes what the reader changes, and says what goes wrong."""

import re
import time

import numpy as np
import pytest
from support.pages import SIZES_OF_TEXT, in_windows, shown

import nn
import viz
from autograd import Value
from viz.command import main

XOR, MOONS, BLOBS = nn.datasets.xor(), nn.datasets.moons(60), nn.datasets.blobs(60)
OTHERS = {"circles": nn.datasets.circles(40), "held": (*nn.datasets.moons(40), *nn.datasets.moons(20, seed=5))}


def xor(**options):
    model = nn.MLP(2, [4, 1], output_activation="sigmoid", seed=2)
    adam = nn.Adam(model.parameters(), lr=0.05)
    return model, (model, *XOR), {"loss": "binary_cross_entropy", "optimizer": adam, **options}


def moons(**options):
    model = nn.MLP(2, [6, 4, 1], activation="relu", seed=3)
    sgd = nn.SGD(model.parameters(), lr=0.05, momentum=0.9)
    loss = "binary_cross_entropy_with_logits"
    return model, (model, *MOONS), {"loss": loss, "optimizer": sgd, "batch_size": 16, "seed": 7, **options}


def blobs(**options):
    model = nn.MLP(2, [5, 3], seed=1)
    return model, (model, *BLOBS), {"loss": "cross_entropy", "batch_size": 20, **options}


def wide(**options):
    model = nn.MLP(2, [24, 24, 1], activation="relu", seed=1)
    return model, (model, *MOONS), {"optimizer": nn.SGD(model.parameters(), lr=0.02), **options}


def line(**options):
    model = nn.MLP(1, [4, 1], seed=1)
    return model, (model, *nn.datasets.noisy_linear(30)), options


def houses(**options):
    data = nn.datasets.houses(40)
    model = nn.MLP(3, [4, 1], seed=1)
    return model, (model, nn.standardize(data.X)[0], nn.standardize(data.y)[0]), options


class Halved(nn.Module):
    """A model of a user's own."""

    def __init__(self):
        self.body = nn.MLP(2, [3, 1], seed=2)
        self.scale = Value(0.5, role="parameter")

    def forward(self, x):
        return self.body(x) * self.scale


def own(**options):
    model = Halved()
    return model, (model, *MOONS), options


EVERY = [xor, moons, blobs, line, houses, own]


def live(make, **options):
    _, given, found = make()
    return viz.train(*given, **found, **options)


def until(page, condition, seconds=10.0):
    """Waits until an expression is true. (The policy of the page forbids Playwright's own way, which uses eval.)"""
    end = time.monotonic() + seconds
    while not page.evaluate(f"Boolean({condition})"):
        assert time.monotonic() < end, f"{condition} is still false; the page says {page.text_content('#sentence')}"
        time.sleep(0.01)


def ready(page):
    until(page, "document.body.dataset.steps !== undefined")
    return page


def epochs(page, count, *, before=0):
    for _ in range(count):
        page.keyboard.press("e")
    reach(page, before + count)


def reach(page, epoch):
    until(page, f"document.body.dataset.epoch === '{epoch}'")


def weights(page):
    """The weights that the network shows, with all digits, in the order of the parameters."""
    pairs = page.eval_on_selector_all(
        "#neurons [data-parameter]",
        "(all) => all.map(({ dataset }) => [Number(dataset.parameter), Number(dataset.value)])",
    )
    return [number for _, number in sorted(pairs)]


def numbers(model):
    return [parameter.data for parameter in model.parameters()]


def fitted(make, count, **options):
    """The model after `fit`, and the history."""
    model, (_, *data), found = make()
    return model, model.fit(*data, **{**found, **options}, epochs=count, progress=False)


def loss_on(page):
    return re.search(r"loss ([^,;]+)", page.text_content("#sentence"))[1]


# Its numbers


@pytest.mark.parametrize("make", [xor, moons, blobs])
def test_after_100_epochs_the_weights_are_those_of_fit(opened, make):
    page = ready(opened(live(make)))
    assert weights(page) == numbers(make()[0])
    epochs(page, 100)
    model, _ = fitted(make, 100)
    assert weights(page) == pytest.approx(numbers(model), rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("make", [xor, moons, blobs])
def test_a_step_is_one_minibatch_and_has_the_weights_of_fit(opened, make):
    page = ready(opened(live(make)))
    for steps in range(1, 5):
        page.click("#step")
        until(page, f"document.body.dataset.steps === '{steps}'")
    model, (_, *data), options = make()
    per_epoch = -(-len(data[0]) // options.get("batch_size", len(data[0])))
    assert page.get_attribute("body", "data-epoch") == str(4 // per_epoch)
    if 4 % per_epoch == 0:
        model.fit(*data, **options, epochs=4 // per_epoch, progress=False)
        assert weights(page) == pytest.approx(numbers(model), rel=1e-12, abs=1e-14)


def test_it_shows_the_loss_and_the_accuracy_that_python_has(opened):
    held = nn.datasets.moons(30, seed=9)
    page = ready(opened(live(moons, validation=held)))
    epochs(page, 12)
    model, _ = fitted(moons, 12)
    expected = []
    for X, y in (MOONS, held):
        scores = model.predict(X)
        loss = nn.binary_cross_entropy_with_logits(scores.ravel(), y)
        right = round(len(y) * nn.accuracy(scores, y, threshold=0.0))
        expected.append(f"loss {shown(float(loss))}, accuracy {right} of {len(y)}")
    assert page.text_content("#sentence") == f"Epoch 12: {expected[0]}; held-out: {expected[1]}"


def test_settings_that_change_while_it_trains_are_those_of_further_calls_of_fit(opened):
    page = ready(opened(live(xor)))
    epochs(page, 5)
    page.select_option("#setting-rate", "0.3")
    epochs(page, 5, before=5)
    assert page.is_disabled("#setting-momentum")
    page.select_option("#setting-optimizer", label="SGD")
    page.fill("#setting-momentum", "0.85")
    page.press("#setting-momentum", "Tab")
    epochs(page, 5, before=10)
    model, (_, *data), options = xor()
    adam, loss = options["optimizer"], options["loss"]
    model.fit(*data, loss=loss, optimizer=adam, epochs=5, progress=False)
    adam.lr = 0.3
    model.fit(*data, loss=loss, optimizer=adam, epochs=5, progress=False)
    sgd = nn.SGD(model.parameters(), lr=0.3, momentum=0.85)
    model.fit(*data, loss=loss, optimizer=sgd, epochs=5, progress=False)
    assert weights(page) == pytest.approx(numbers(model), rel=1e-9)


def test_a_momentum_is_a_number_below_1(opened):
    page = ready(opened(live(moons)))
    assert page.input_value("#setting-momentum") == "0.9"
    for wrong in ("1", "-0.1", ""):
        page.fill("#setting-momentum", wrong)
        page.press("#setting-momentum", "Tab")
        assert page.input_value("#setting-momentum") == "0.9"
    page.fill("#setting-momentum", "0.123")
    page.press("#setting-momentum", "Tab")
    until(page, "location.hash.includes('momentum=0.123')")


def test_penalties_are_those_of_nn(opened):
    page = ready(opened(live(xor)))
    page.select_option("#setting-l1", "0.003")
    page.select_option("#setting-l2", "0.01")
    epochs(page, 20)
    model, (_, *data), options = xor()

    def penalized(predictions, targets):
        loss = nn.binary_cross_entropy(predictions, targets)
        return loss + 0.003 * nn.l1_penalty(model) + 0.01 * nn.l2_penalty(model)

    model.fit(*data, loss=penalized, optimizer=options["optimizer"], epochs=20, progress=False)
    assert weights(page) == pytest.approx(numbers(model), rel=1e-9)


def test_another_seed_has_the_weights_and_the_minibatches_of_that_seed(opened):
    page = ready(opened(live(moons)))
    page.fill("#setting-seed", "12")
    page.press("#setting-seed", "Tab")
    model = nn.MLP(2, [6, 4, 1], activation="relu", seed=12)
    until(page, f"document.querySelector('[data-parameter=\"0\"]').dataset.value === '{numbers(model)[0]}'")
    assert weights(page) == numbers(model)
    epochs(page, 10)
    _, (_, *data), options = moons()
    sgd = nn.SGD(model.parameters(), lr=0.05, momentum=0.9)
    model.fit(*data, loss=options["loss"], optimizer=sgd, batch_size=16, seed=12, epochs=10, progress=False)
    assert weights(page) == pytest.approx(numbers(model), rel=1e-9, abs=1e-9)


def test_another_network_is_an_mlp_of_the_seed(opened):
    page = ready(opened(live(xor, activations=["relu"], sizes=[[3, 2], []])))
    titles = page.eval_on_selector_all("#setting-network option", "(all) => all.map((o) => o.textContent)")
    assert titles == ["2-4-1 tanh", "2-4-1 relu", "2-3-2-1 tanh", "2-1"]
    page.select_option("#setting-network", label="2-3-2-1 tanh")
    until(page, "document.querySelectorAll('#neurons [data-parameter]').length === 20")
    epochs(page, 10)
    model = nn.MLP(2, [3, 2, 1], output_activation="sigmoid", seed=0)
    adam = nn.Adam(model.parameters(), lr=0.05)
    model.fit(*XOR, loss="binary_cross_entropy", optimizer=adam, epochs=10, progress=False)
    assert weights(page) == pytest.approx(numbers(model), rel=1e-9)
    page.select_option("#setting-network", label="2-4-1 tanh")
    until(page, "document.querySelectorAll('#neurons [data-parameter]').length === 17")
    reach(page, 0)
    assert weights(page) == numbers(xor()[0])


def test_another_data_set_begins_training_again(opened):
    page = ready(opened(live(xor, data=OTHERS)))
    epochs(page, 3)
    page.select_option("#setting-set", label="circles")
    reach(page, 0)
    assert page.locator("#plane .marker").count() == 40
    epochs(page, 10)
    model, _, options = xor()
    model.fit(*OTHERS["circles"], **options, epochs=10, progress=False)
    assert weights(page) == pytest.approx(numbers(model), rel=1e-9)
    assert not page.is_visible("#of-held-out")
    legend = "(all) => all.map((e) => e.textContent)"
    assert page.eval_on_selector_all("#legend > span", legend) == ["class 0", "class 1"]
    page.select_option("#setting-set", label="held")
    assert page.eval_on_selector_all("#legend > span", legend) == ["class 0", "class 1", "held-out"]
    epochs(page, 2)
    assert page.is_visible("#of-held-out")
    assert "held-out" in page.text_content("#sentence")


# Training


def test_space_plays_and_pauses_and_home_resets(opened):
    page = ready(opened(live(xor)))
    page.keyboard.press(" ")
    until(page, "Number(document.body.dataset.epoch) > 5")
    assert page.get_attribute("#play", "aria-label") == "Pause"
    assert page.get_attribute("#sentence", "aria-live") == "off"
    page.keyboard.press(" ")
    assert page.get_attribute("#play", "aria-label") == "Play"
    page.wait_for_timeout(200)
    stopped = page.get_attribute("body", "data-epoch")
    page.wait_for_timeout(200)
    assert page.get_attribute("body", "data-epoch") == stopped
    page.keyboard.press("Home")
    reach(page, 0)
    assert weights(page) == numbers(xor()[0])


@pytest.mark.parametrize("worker", ["worker", "none", "forbidden"])
def test_it_trains_as_fast_as_it_can_and_stays_smooth(opened, worker, tmp_path):
    """In a worker; and on the page where there is none, or the browser refuses to start it."""
    page = opened(live(xor))
    if worker != "worker":
        broken = "class { constructor() { throw new Error(); } }"
        refused = """class extends EventTarget {
            constructor() { super(); setTimeout(() => this.dispatchEvent(new Event("error"))); }
            postMessage() {}
        }"""
        page.add_init_script(f"window.Worker = {broken if worker == 'none' else refused};")
        page.reload()
    ready(page)
    page.select_option("#pace", "Infinity")
    frames, reached = page.evaluate("""() => new Promise((done) => {
        let frames = 0;
        const start = performance.now();
        const count = () => {
            frames += 1;
            if (performance.now() - start < 1500) requestAnimationFrame(count);
            else done([frames, Number(document.body.dataset.epoch)]);
        };
        document.querySelector("#play").click();
        requestAnimationFrame(count);
    })""")
    assert frames >= 5
    assert reached > max(1000, 20 * frames)
    page.click("#play")


def test_a_pace_is_kept(opened):
    page = ready(opened(live(xor)))
    page.select_option("#pace", "10")
    page.click("#play")
    page.wait_for_timeout(1500)
    page.click("#play")
    assert 3 <= int(page.get_attribute("body", "data-epoch")) <= 20


def test_the_curve_has_a_point_for_each_epoch(opened):
    page = ready(opened(live(moons, validation=nn.datasets.moons(30, seed=9))))
    epochs(page, 30)
    lines = page.eval_on_selector_all(
        "#curve .curve", "(all) => all.map((p) => p.getAttribute('d').split(/[ML]/).length - 1)"
    )
    assert lines == [30, 30]
    page.keyboard.press("Home")
    until(page, "!document.querySelector('#curve .curve:not(.dashed)').getAttribute('d')")


# Points


def press(page, x, y, *, button="left"):
    """Presses the plane at shares of its width and height."""
    box = page.locator("#plane canvas").bounding_box()
    page.mouse.click(box["x"] + x * box["width"], box["y"] + y * box["height"], button=button)


def options_of_samples(page):
    return page.eval_on_selector_all("#sample option", "(all) => all.map((o) => o.textContent)")


def test_points_are_added_moved_and_deleted(opened):
    page = ready(opened(live(xor)))
    page.select_option("#tool", label="add class 1")
    press(page, 0.5, 0.5)
    assert page.locator("#plane .marker.editable").count() == 5
    assert options_of_samples(page)[-1] == "5 (0.5, 0.5) → class 1"
    until(page, "document.querySelector('#sentence').textContent.endsWith('of 5')")
    marker = page.locator("#plane .marker.editable").nth(4).bounding_box()
    box = page.locator("#plane canvas").bounding_box()
    page.mouse.move(marker["x"] + marker["width"] / 2, marker["y"] + marker["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + 0.75 * box["width"], box["y"] + 0.75 * box["height"], steps=5)
    page.mouse.up()
    moved = page.locator("#plane .marker.editable").nth(4).bounding_box()
    assert moved["x"] + moved["width"] / 2 == pytest.approx(box["x"] + 0.75 * box["width"], abs=1.5)
    assert moved["y"] + moved["height"] / 2 == pytest.approx(box["y"] + 0.75 * box["height"], abs=1.5)
    page.select_option("#tool", label="delete a sample")
    page.mouse.click(moved["x"] + moved["width"] / 2, moved["y"] + moved["height"] / 2)
    assert page.locator("#plane .marker.editable").count() == 4


def test_training_goes_on_with_added_points_as_fit_would(opened):
    page = ready(opened(live(xor)))
    epochs(page, 5)
    page.select_option("#tool", label="add class 0")
    press(page, 0.5, 0.5)
    epochs(page, 10, before=5)
    model, (_, X, y), options = xor()
    model.fit(X, y, **options, epochs=5, progress=False)
    added = np.vstack([X, [[0.5, 0.5]]]), np.append(y, 0.0)
    model.fit(*added, **options, epochs=10, progress=False)
    assert weights(page) == pytest.approx(numbers(model), rel=1e-3)  # the mouse is as exact as a pixel


def test_points_can_be_changed_with_the_keyboard_alone(opened):
    page = ready(opened(live(xor)))
    page.select_option("#sample", "1")
    page.focus("#plane .marker[tabindex]")
    assert page.evaluate("document.activeElement.dataset.sample") == "1"
    for _ in range(3):
        page.keyboard.press("ArrowUp")
    assert page.evaluate("document.activeElement.dataset.sample") == "1"
    page.keyboard.press("0")
    assert page.locator("#plane .marker.editable").count() == 5
    assert page.evaluate("document.activeElement.dataset.sample") == "4"
    page.keyboard.press("Delete")
    assert page.locator("#plane .marker.editable").count() == 4
    assert page.get_attribute("body", "data-steps") == "0"  # the arrow keys are not those of the page here


def test_all_points_may_be_deleted(opened):
    page = ready(opened(live(xor)))
    page.focus("#plane .marker[tabindex]")
    for _ in range(4):
        page.keyboard.press("Delete")
    until(page, "document.querySelector('#sentence').textContent.includes('no samples')")
    page.keyboard.press("e")
    page.click("#play")
    page.click("#play")
    page.select_option("#tool", label="add class 0")
    press(page, 0.5, 0.5)
    until(page, "document.querySelector('#sentence').textContent.endsWith('of 1')")


def test_noise_moves_points_and_without_it_they_are_back(opened):
    page = ready(opened(live(moons)))
    place = "(all) => all.map((m) => m.getAttribute('transform')).join()"
    before = page.eval_on_selector_all("#plane .marker.editable", place)
    page.select_option("#setting-noise", "0.3")
    assert page.eval_on_selector_all("#plane .marker.editable", place) != before
    page.select_option("#setting-noise", "0")
    assert page.eval_on_selector_all("#plane .marker.editable", place) == before


PLACES = "(all) => all.map((m) => m.getAttribute('transform')).join()"


def test_the_noise_is_that_of_the_seed(opened):
    page = ready(opened(live(moons)))

    def places(seed):
        page.fill("#setting-seed", str(seed))
        page.press("#setting-seed", "Tab")
        return page.eval_on_selector_all("#plane .marker.editable", PLACES)

    assert places(1) == places(2)
    page.select_option("#setting-noise", "0.3")
    noisy = [places(seed) for seed in (1, 2, 1)]
    assert noisy[0] == noisy[2] != noisy[1]
    until(page, "location.hash.includes('noise=0.3') && location.hash.includes('seed=1')")
    page.reload()
    ready(page)
    until(page, f"({PLACES})([...document.querySelectorAll('#plane .marker.editable')]) === '{noisy[0]}'")


def test_points_that_the_reader_has_changed_stay_with_another_seed(opened):
    page = ready(opened(live(xor)))
    page.select_option("#setting-noise", "0.1")
    page.focus("#plane .marker[tabindex]")
    page.keyboard.press("Delete")
    before = page.eval_on_selector_all("#plane .marker.editable", PLACES)
    page.fill("#setting-seed", "5")
    page.press("#setting-seed", "Tab")
    assert page.eval_on_selector_all("#plane .marker.editable", PLACES) == before


# The chain rule


def steps_of_chain(page):
    """For each line of the chain rule, its label and its numbers."""
    return page.eval_on_selector_all(
        "#steps > div",
        """(all) => all.map((line) => [line.querySelector(".label").textContent,
            [...line.querySelectorAll(".number")].map((number) => Number(number.dataset.number))])""",
    )


@pytest.mark.parametrize("make", [xor, moons, blobs])
def test_the_chain_rule_ends_with_the_gradient_that_backward_computes(opened, make):
    page = ready(opened(live(make)))
    epochs(page, 5)
    model, _ = fitted(make, 5)
    _, (_, X, y), options = make()
    loss_of = nn.LOSSES[options["loss"]]
    gradients = []
    for x, target in zip(X, y, strict=True):
        model.zero_grad()
        loss_of([model(x.tolist())], [target]).backward()
        gradients.append([parameter.grad for parameter in model.parameters()])
    count = len(numbers(model))
    for parameter in (0, 1, 2, count // 2, count - 2, count - 1):
        for sample in (1, 3):
            page.select_option("#parameter", str(parameter))
            page.select_option("#sample", str(sample))
            *before, upstream, through, to_parameter, mean = [found for _, found in steps_of_chain(page)]
            assert to_parameter[-1] == pytest.approx(gradients[sample][parameter], rel=1e-9, abs=1e-15)
            assert mean == [pytest.approx(np.mean(gradients, axis=0)[parameter], rel=1e-9, abs=1e-15)]
            for found in (*before, through, to_parameter):  # each line is a product
                assert found[-1] == pytest.approx(found[0] * found[1], rel=1e-9, abs=1e-15)
            assert upstream[-1] == pytest.approx(through[0], rel=1e-12)  # where the next begins
            assert through[-1] == pytest.approx(to_parameter[0], rel=1e-12)
            assert len(before) == (layer_of(model, parameter) == len(model.layers) - 2)
            for found in before:
                assert found[-1] == upstream[0]


def layer_of(model, parameter):
    """The layer, from 0, of the parameter with that index."""
    sizes = [len([*layer.parameters()]) for layer in model.layers]
    return next(layer for layer in range(len(sizes)) if parameter < sum(sizes[: layer + 1]))


@pytest.mark.parametrize("factors", [{}, {"l1": "0.03"}, {"l2": "0.3"}, {"l1": "0.01", "l2": "0.1"}])
def test_the_gradient_for_the_step_is_the_one_that_changes_the_weight(opened, factors):
    page = ready(opened(live(xor)))
    page.select_option("#setting-optimizer", label="SGD")
    page.select_option("#setting-rate", "0.3")
    for name, factor in factors.items():
        page.select_option(f"#setting-{name}", factor)
    epochs(page, 3)
    for step, parameter in enumerate((0, 2, 7, 13, 16), start=4):  # weights and biases
        page.select_option("#parameter", str(parameter))
        label, found = steps_of_chain(page)[-1]
        is_penalized = parameter not in BIASES_OF_XOR and bool(factors)
        assert label.endswith("for the step")
        assert ("penalty" in label) == is_penalized
        assert len(found) == (3 if is_penalized else 1)
        before = weights(page)[parameter]
        page.keyboard.press("ArrowRight")
        reach(page, step)
        assert before - weights(page)[parameter] == pytest.approx(0.3 * found[-1], rel=1e-9, abs=1e-15)


BIASES_OF_XOR = (2, 5, 8, 11, 16)


def test_no_two_equations_of_the_chain_rule_have_the_same_left_side_and_other_values(opened):
    """The derivative of one sample and the mean over all are different symbols."""
    page = ready(opened(live(moons)))
    epochs(page, 2)
    for parameter in (0, len(numbers(moons()[0])) - 1):
        page.select_option("#parameter", str(parameter))
        left = page.eval_on_selector_all("#steps .parts", "(all) => all.map((e) => e.firstElementChild.textContent)")
        assert len({*left}) == len(left)


def test_of_a_long_sum_the_largest_terms_are_shown(opened):
    page = ready(opened(live(wide)))
    epochs(page, 3)
    page.select_option("#sample", "1")
    (_, found), *_ = (line for line in steps_of_chain(page) if "largest" in line[0])
    model, _ = fitted(wide, 3)
    model.zero_grad()
    nn.mse_loss([model(MOONS.X[1].tolist())], [MOONS.y[1]]).backward()
    terms = [abs(neuron.b.grad * neuron.w[0].data) for neuron in model.layers[1].neurons]
    expected = sorted(terms, reverse=True)[:3]
    assert [abs(found[n] * found[n + 1]) for n in (0, 2, 4)] == pytest.approx(expected, rel=1e-9)
    *_, rest, _ = re.findall(r"[^=+]+", page.text_content("#steps .parts"))
    assert rest.strip() == "…"


SMALL_WINDOWS = [(1280, 720), (800, 600)]
TOUCHING = """() => [...document.querySelectorAll("#steps .parts")].flatMap((line) => {
    const boxes = [...line.querySelectorAll("math")].map((math) => math.getBoundingClientRect());
    const touches = (one, other) =>
        other.top > one.top + 12 && other.top < one.bottom + 3 && other.left < one.right && other.right > one.left;
    return boxes.flatMap((one) => boxes.filter((other) => touches(one, other)));
}).length"""


@pytest.mark.parametrize("make", [xor, moons, blobs, wide])
def test_all_equations_of_the_chain_rule_are_whole_and_apart_in_small_windows(opened, make):
    page = opened(live(make))
    for width, height in in_windows(page, SMALL_WINDOWS):
        epochs(ready(page), 30)
        for parameter in (0, 2, len(numbers(make()[0])) - 1):
            page.select_option("#parameter", str(parameter))
            page.locator("#steps > div:last-child").scroll_into_view_if_needed()
            high, room, wide_, across = page.eval_on_selector(
                "#steps", "(e) => [e.scrollHeight, e.clientHeight, e.scrollWidth, e.clientWidth]"
            )
            assert high <= room
            assert wide_ <= across
            panel, last = page.locator("#chain").bounding_box(), page.locator("#steps > div:last-child").bounding_box()
            assert last["y"] + last["height"] <= panel["y"] + panel["height"]
            assert panel["y"] + panel["height"] <= height
            assert page.evaluate(TOUCHING) == 0
        if width == 1280:
            assert page.evaluate("document.documentElement.scrollHeight") == height


def test_the_chain_rule_does_not_move_the_page_while_it_trains(opened):
    page = ready(opened(live(wide), 1280, 720))
    epochs(page, 1)
    heights = []
    for _ in range(12):
        page.keyboard.press("e")
        heights.append(page.locator("#chain").bounding_box()["height"])
    assert heights == sorted(heights)


def test_a_weight_is_chosen_in_the_network_by_pointer_or_keyboard(opened):
    page = ready(opened(live(xor)))
    page.locator("#neurons .reach").nth(3).click(force=True)
    chosen = page.input_value("#parameter")
    assert chosen == page.get_attribute("#neurons .weight.lit", "data-parameter")
    assert chosen != "0"
    page.focus("#neurons g[data-parameter='16']")
    page.keyboard.press("Enter")
    assert page.input_value("#parameter") == "16"
    assert page.locator(".chosen-neuron").count() == 1


def test_every_neuron_shows_its_own_surface(opened):
    page = ready(opened(live(xor)))
    assert page.locator("#neurons canvas").count() == 2 + 4 + 1
    pictures = "(all) => all.map((canvas) => canvas.toDataURL())"
    before = page.eval_on_selector_all("#neurons canvas", pictures)
    assert len(set(before)) == 7
    epochs(page, 50)
    after = page.eval_on_selector_all("#neurons canvas", pictures)
    assert after[:2] == before[:2]
    assert all(new != old for new, old in zip(after[2:], before[2:], strict=True))


# Wrong turns


def test_a_learning_rate_that_is_too_high_is_named_where_the_loss_grows(opened):
    model = nn.MLP(2, [8, 1], activation="relu", seed=1)
    page = ready(opened(viz.train(model, *MOONS, optimizer=nn.SGD(model.parameters(), lr=10.0))))
    page.select_option("#pace", "Infinity")
    page.click("#play")
    page.wait_for_selector("#warning:not([hidden])")
    page.wait_for_timeout(300)
    text = page.text_content("#warning")
    assert re.search(r"The learning rate 10 is too high|been dead since epoch \d", text)


def test_a_loss_that_overflows_stops_training_and_says_where(opened):
    model = nn.MLP(1, [1], seed=1)
    data = [[1.0], [2.0], [3.0]], [1.0, 2.0, 3.0]
    page = ready(opened(viz.train(model, *data, optimizer=nn.SGD(model.parameters(), lr=3.0))))
    page.select_option("#pace", "Infinity")
    page.click("#play")
    until(page, "document.querySelector('#warning').textContent.includes('Training stopped')")
    assert page.get_attribute("#play", "aria-label") == "Play"
    epoch = page.get_attribute("body", "data-epoch")
    text = page.text_content("#warning")
    assert f"In step 1 after epoch {epoch}, the loss is infinite." in text
    assert "The learning rate 3 is too high: choose a lower one, and reset." in text
    page.select_option("#setting-rate", "0.01")
    page.click("#reset")
    reach(page, 0)
    page.wait_for_selector("#warning", state="hidden")


def test_dead_neurons_are_named_and_marked(opened):
    model = nn.MLP(2, [3, 1], activation="relu", seed=1)
    model.layers[0].assign([[1.0, 1.0], [-1.0, -1.0], [0.5, 1.0]], [-50.0, 0.5, 0.0])
    page = ready(opened(viz.train(model, *XOR)))
    assert page.text_content("#warning") == (
        "Neuron 1 of layer 1 has been dead since epoch 0: the slope is 0 for every sample, so it no longer learns."
    )
    assert page.locator(".neuron.ailing").count() == 1


def test_saturated_neurons_are_named_while_decisions_are_wrong(opened):
    model = nn.MLP(2, [3, 1], seed=1)
    model.layers[0].assign([[0.1, 0.1], [-1.0, -1.0], [0.1, 0.1]], [8.0, 0.5, -9.0])
    page = ready(opened(viz.train(model, *XOR)))
    assert page.text_content("#warning") == (
        "Neurons 1 and 3 of layer 1 have been saturated since epoch 0: the slope is almost 0 for every sample, so they "
        "hardly learn."
    )


def troubled(lang):
    """A model with a dead neuron and saturated ones, and a learning rate with which the loss overflows."""
    model = nn.MLP(2, [3, 1], activation="gelu", seed=1)
    model.layers[0].assign([[0.1, 0.1], [-1.0, -1.0], [0.1, 0.1]], [-80.0, 0.5, -5.0])
    return viz.train(model, *XOR, optimizer=nn.SGD(model.parameters(), lr=10.0), lang=lang)


@pytest.mark.parametrize("lang", ["en", "es"])
@pytest.mark.parametrize("is_presented", [False, True])
def test_warnings_move_no_panel_and_the_most_important_is_whole(opened, is_presented, lang):
    page = opened(troubled(lang))
    for _ in in_windows(page, [(1280, 720), (1920, 1080)]):
        ready(page)
        if is_presented:
            page.keyboard.press("p")
        panels = "(all) => all.map((e) => { const b = e.getBoundingClientRect(); return [b.left, b.top, b.width]; })"
        page.evaluate("document.querySelector('#warning').hidden = document.querySelector('#warnings').hidden = true")
        before = page.eval_on_selector_all("main section", panels)
        epochs(page, 3)
        assert page.is_visible("#warning")
        assert page.eval_on_selector_all("main section", panels) == before
        high, room = page.eval_on_selector("#warning", "(e) => [e.scrollHeight, e.clientHeight]")
        assert high <= room
        count = int(re.search(r"(\d+)", page.text_content("#warnings summary"))[0])
        assert not page.is_visible("#warnings li")
        page.click("#warnings summary")
        assert page.locator("#warnings li").count() == count >= 1
        assert page.is_visible("#warnings li")
        assert page.eval_on_selector_all("main section", panels) == before
        page.keyboard.press("Escape")
        assert not page.is_visible("#warnings li")


def test_the_tooltip_of_a_neuron_covers_neither_neurons_nor_the_chain_rule(opened):
    page = ready(opened(live(moons), 1280, 720))
    epochs(page, 2)
    tiles = page.locator("#neurons g[role=button]")
    boxes = [tile.bounding_box() for tile in (*tiles.all(), page.locator("#chain"))]
    for tile in tiles.all():
        tile.locator(".neuron").hover()
        tip = page.locator("#tooltip").bounding_box()
        for box in boxes:
            assert any(
                tip[at] + tip[size] <= box[at] + 0.5 or box[at] + box[size] <= tip[at] + 0.5
                for at, size in (("x", "width"), ("y", "height"))
            )
        assert "-" not in page.text_content("#tooltip")


# The link


def test_a_link_restores_settings_points_and_epochs(opened):
    page = ready(opened(live(xor, data=OTHERS)))
    page.select_option("#setting-rate", "0.3")
    page.select_option("#setting-network", "1")
    page.select_option("#tool", label="add class 1")
    press(page, 0.25, 0.25)
    until(page, "location.hash.includes('points=')")
    page.click("#reset")
    epochs(page, 7)
    until(page, "location.hash.includes('epochs=7')")
    address, before = page.evaluate("location.href"), weights(page)
    page.goto("about:blank")
    page.goto(address)
    reach(page, 7)
    assert weights(page) == pytest.approx(before, rel=1e-9)
    assert page.input_value("#setting-rate") == "0.3"
    assert page.input_value("#setting-network") == "1"
    assert page.locator("#plane .marker.editable").count() == 5


@pytest.mark.parametrize("fragment", ["rate=-1", "seed=x", "points=1,2", "epochs=-3", "network=99", "noise=nan"])
def test_a_wrong_part_of_a_link_is_ignored_and_named(opened, fragment):
    page = ready(opened(live(xor)))
    page.goto(f"{page.url.split('#')[0]}#{fragment}")
    until(page, "document.querySelector('#sentence').textContent.includes('it is ignored')")
    page.keyboard.press("e")
    reach(page, 1)


# Settings and axes

NAMED = {"a data set with a long name": (*MOONS, *MOONS), "held": OTHERS["held"]}
CUT = """() => [...document.querySelectorAll("select")].filter((select) => {
    if (!select.getClientRects().length) return false;
    const style = getComputedStyle(select);
    const pen = document.createElement("canvas").getContext("2d");
    pen.font = style.font;
    const widest = Math.max(...[...select.options].map(({ text }) => pen.measureText(text).width));
    const padding = parseFloat(style.paddingLeft) + parseFloat(style.paddingRight);
    return widest > select.clientWidth - padding - 14; // without the arrow
}).map(({ id }) => id)"""


def test_no_choice_is_cut_and_the_seed_never_stands_alone_in_a_row(opened):
    model = nn.MLP(2, [6, 4, 1], activation="leaky_relu", seed=3)
    adamw = nn.AdamW(model.parameters(), lr=0.001, betas=(0.8, 0.95), weight_decay=0.05)
    page = opened(viz.train(model, *MOONS, optimizer=adamw, name="measurements.csv", data=NAMED))
    for _ in in_windows(page, [(1920, 1080), (1280, 720), (1024, 768), (800, 600), (375, 800)]):
        ready(page)
        assert page.evaluate(CUT) == []
        ends = page.eval_on_selector_all("#settings label", "(all) => all.map((e) => e.getBoundingClientRect().bottom)")
        assert ends[-1] == ends[-2]
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("make", [xor, moons, blobs])
def test_the_loss_is_marked_before_training_and_its_axis_has_several_ticks(opened, make):
    page = ready(opened(live(make), 1280, 720))

    def dot():
        until(page, "document.querySelector('#curve .dot').getAttribute('visibility') === 'visible'")
        return [float(page.get_attribute("#curve .dot", name)) for name in ("cx", "cy")]

    def ticks():  # for each number on the axis of the loss, its height
        return page.eval_on_selector_all(
            "#curve .axes text[text-anchor='end']",
            "(all) => all.map((e) => [Number(e.textContent), Number(e.getAttribute('y'))])",
        )

    for count in (0, 40):
        epochs(page, count)
        found = ticks()
        assert len(found) >= 3
        powers, heights = np.log10([at for at, _ in found]), [y for _, y in found]
        slope, start = np.polyfit(heights, powers, 1)
        x, y = dot()
        shift = 0.3 * float(page.evaluate("parseFloat(getComputedStyle(document.querySelector('#curve')).fontSize)"))
        assert 10 ** (start + slope * (y + shift)) == pytest.approx(float(loss_on(page)), rel=0.02)
        line = page.get_attribute("#curve .curve:not(.dashed)", "d") or ""
        if count:
            assert x > float(re.split(r"[ML ]", line)[-2])
        else:
            assert not line


def exact(rate):
    """A model of one sample: with a rate of 0.2 its loss is 0.04 times that before, with 0.25 it is 0."""
    model = nn.MLP(1, [1], seed=1)
    model.layers[0].assign([[0.0]], [0.0])
    return viz.train(model, [[1.0]], [2.0], optimizer=nn.SGD(model.parameters(), lr=rate))


def labels_of_curve(page):
    return page.eval_on_selector_all("#curve .axes text:not(.name)", "(all) => all.map((e) => e.textContent)")


@pytest.mark.parametrize(("rate", "scale"), [(0.2, "loss (log)"), (0.25, "loss")])
def test_losses_too_small_for_a_logarithmic_axis_are_drawn_at_its_end(opened, rate, scale):
    page = ready(opened(exact(rate)))
    epochs(page, 12)
    assert page.text_content("#curve .axes .name:last-child") == scale
    assert (loss_on(page) == "0.0") == (scale == "loss")
    line = re.findall(r"[ML][\d.]+ ([\d.]+)", page.get_attribute("#curve .curve:not(.dashed)", "d"))
    dot = float(page.get_attribute("#curve .dot", "cy"))
    axis = page.eval_on_selector("#curve .axes path", "(path) => path.getAttribute('d')")
    bottom = float(re.search(r"V([\d.]+)", axis)[1])
    assert len(line) == 12
    assert all(float(y) <= bottom + 0.1 for y in (*line, dot))
    assert dot == pytest.approx(float(line[-1]), abs=0.1)  # both at the end


def test_numbers_have_one_form_and_no_label_is_at_the_edge_of_its_card(opened):
    page = ready(opened(exact(0.2), 1280, 720))
    epochs(page, 6)
    assert re.fullmatch(r"\d\.\d+·10⁻⁸", loss_on(page))
    small = [label for label in labels_of_curve(page) if "0.0000" in label or "⁻" in label or "e" in label]
    assert small
    assert all(re.fullmatch(r"(\d·)?10⁻[⁰¹²³⁴-⁹]", label) for label in small)
    page.goto(f"{page.url.split('#')[0]}#epochs=20000")
    page.reload()
    until(page, "document.body.dataset.epoch === '20000'", seconds=30)
    assert "20,000" in labels_of_curve(page)
    edges = page.eval_on_selector_all(
        "#curve .axes text:not(.name)",
        """(all) => {
            const { right } = document.querySelector("#curve").getBoundingClientRect();
            return all.map((text) => right - text.getBoundingClientRect().right);
        }""",
    )
    assert min(edges) >= 4


class Saved:
    """A page that a command has written."""

    def __init__(self, path):
        self.path = path

    def save(self, _):
        return self.path


def test_opening_the_page_of_the_command_and_pressing_space_learns_xor(opened, tmp_path):
    assert main(["train", "xor", "-o", str(tmp_path / "xor.html")]) == 0
    page = ready(opened(Saved(tmp_path / "xor.html")))
    before = page.eval_on_selector("#plane canvas", "(canvas) => canvas.toDataURL()")
    page.keyboard.press(" ")
    until(page, "document.querySelector('#sentence').textContent.includes('accuracy 4 of 4')", seconds=10)
    assert page.get_attribute("#play", "aria-label") == "Pause"
    assert page.eval_on_selector("#plane canvas", "(canvas) => canvas.toDataURL()") != before


def test_classes_have_the_names_that_are_given(opened):
    model, (_, *data), options = moons()
    page = ready(opened(viz.train(model, *data, **options, classes=["cat", "<b>dog</b>"])))
    assert page.eval_on_selector_all("#legend > span", "(all) => all.map((e) => e.textContent)") == [
        "cat",
        "<b>dog</b>",
    ]
    assert page.text_content("#sample option:first-child").endswith("→ cat")
    page.select_option("#tool", label="add <b>dog</b>")
    press(page, 0.5, 0.5)
    until(page, "document.querySelector('#sentence').textContent.endsWith('of 61')")
    assert page.text_content("#sample option:last-child").endswith("→ <b>dog</b>")


# Presentation and tour


def test_it_is_presented_larger_with_panels_by_keys(opened):
    page = ready(opened(live(xor), 1280, 720))
    size = "parseFloat(getComputedStyle(document.querySelector('#sentence')).fontSize)"
    before = page.evaluate(size)
    page.keyboard.press("p")
    assert page.evaluate(size) > 1.2 * before
    assert page.is_hidden("#chain")
    assert page.is_hidden("#settings")
    for key, panel in {"d": "decision", "l": "losses", "n": "network", "c": "chain"}.items():
        was = page.is_visible(f"#{panel}")
        page.keyboard.press(key)
        assert page.is_visible(f"#{panel}") != was
        page.click(f"#show-{panel}")
        assert page.is_visible(f"#{panel}") == was
        assert page.get_attribute(f"#show-{panel}", "aria-pressed") == str(was).lower()
    page.click("#play")
    until(page, "Number(document.body.dataset.epoch) > 3")
    page.click("#play")
    page.keyboard.press("Escape")
    assert page.evaluate(size) == before
    assert page.is_visible("#settings")
    assert page.is_hidden("#panels")


@pytest.mark.parametrize("panels", ["decision,losses,network", "network,chain", "chain", "losses", "decision,chain"])
def test_presented_panels_fill_the_window_and_a_link_restores_them(opened, panels):
    page = ready(opened(live(wide)))
    for width, height in in_windows(page, [(1280, 720), (1920, 1080), (800, 600)]):
        page.goto(f"{page.url.split('#')[0]}#present={panels}")
        page.reload()
        ready(page)
        for panel in panels.split(","):
            place = page.locator(f"#{panel}").bounding_box()
            assert place["width"] * place["height"] > 0.08 * width * height
            assert place["x"] + place["width"] <= width
            assert place["y"] + place["height"] <= height
        if "," not in panels:
            assert page.locator(f"#{panels}").bounding_box()["width"] > 0.95 * width
        page.click("#epoch")
        reach(page, 1)


PANELS = ("decision", "losses", "network", "chain")
CHOICES_OF_PANELS = [
    ",".join(panel for n, panel in enumerate(PANELS) if choice >> n & 1) for choice in range(1, 2 ** len(PANELS))
]
FAULTS_OF_TEXT = """() => {
    const found = [];
    for (const section of document.querySelectorAll("main section")) {
        const panel = section.getBoundingClientRect();
        if (!panel.width) continue;
        const boxes = [];
        const add = ({ left, right, top, bottom }, text, leading = 0) => {
            const inside = leading * (bottom - top); // above and below the letters
            if (right > left) boxes.push({ text, box: { left, right, top: top + inside, bottom: bottom - inside } });
        };
        for (const element of section.querySelectorAll(".plate, .plot svg text, math, select")) {
            if (element.closest(".plate") !== element && element.closest(".plate")) continue;
            if (getComputedStyle(element).visibility === "hidden" || !element.textContent.trim()) continue;
            const leading = element.localName === "text" ? 0.2 : 0;
            add(element.getBoundingClientRect(), element.textContent.slice(0, 30), leading);
        }
        for (const picture of section.querySelectorAll(".neuron")) add(picture.getBoundingClientRect(), "a picture");
        const walker = document.createTreeWalker(section, NodeFilter.SHOW_TEXT);
        for (let node = walker.nextNode(); node; node = walker.nextNode()) {
            if (!node.data.trim() || node.parentElement.closest("svg, math, select")) continue;
            const range = document.createRange();
            range.selectNodeContents(node);
            for (const box of range.getClientRects()) add(box, node.data, 0.2);
        }
        for (const { box, text } of boxes) {
            const isInside = box.left >= panel.left - 1 && box.right <= panel.right + 1 && box.top >= panel.top - 1 &&
                box.bottom <= panel.bottom + 1;
            if (!isInside) found.push(`${text} is cut`);
        }
        boxes.forEach((one, n) => boxes.slice(n + 1).forEach((other) => {
            const across = Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left);
            const along = Math.min(one.box.bottom, other.box.bottom) - Math.max(one.box.top, other.box.top);
            if (across > 1.5 && along > 1.5) found.push(`${one.text} is on ${other.text}`);
        }));
    }
    return found;
}"""


@pytest.mark.parametrize("make", [xor, blobs, wide])
def test_no_text_is_cut_or_covered_in_any_choice_of_presented_panels(opened, make):
    page = ready(opened(live(make), 1280, 720))
    epochs(page, 5)
    page.keyboard.press("p")
    for panels in CHOICES_OF_PANELS:
        shown_now = {panel for panel in PANELS if page.is_visible(f"#{panel}")}
        for panel in sorted({*panels.split(",")} - shown_now) + sorted(shown_now - {*panels.split(",")}):
            page.click(f"#show-{panel}")
        page.wait_for_timeout(60)
        for parameter in (0, len(numbers(make()[0])) - 1) if "chain" in panels else (0,):
            page.eval_on_selector(
                "#parameter", "(e, n) => { e.value = n; e.dispatchEvent(new Event('change')); }", parameter
            )
            assert page.evaluate(FAULTS_OF_TEXT) == [], panels
        assert min(page.evaluate(SIZES_OF_TEXT))[0] >= 12.8 - 0.01, panels


def test_a_large_surface_has_more_cells_while_it_stands_still_and_larger_markers(opened):
    page = ready(opened(live(moons), 1920, 1080))

    def cells():
        return page.eval_on_selector("#plane canvas", "(canvas) => canvas.width")

    def size():
        return page.eval_on_selector("#plane .marker", "(marker) => marker.getBoundingClientRect().width")

    small = size()
    page.goto(f"{page.url.split('#')[0]}#present=decision")
    page.reload()
    ready(page)
    assert size() >= 1.5 * small
    still = cells()
    width = page.locator("#plane canvas").bounding_box()["width"]
    assert width / still <= 16
    page.click("#play")
    until(page, "Number(document.body.dataset.epoch) > 3")
    assert cells() < still
    page.click("#play")
    assert cells() == still
    assert page.locator("#plane canvas").count() == 1


def test_its_tour_is_reached_by_a_key_and_stays_on_the_screen(opened):
    page = ready(opened(live(xor), 1280, 720))
    page.keyboard.press("?")
    said = []
    while page.is_visible("#tour"):
        assert page.text_content("#tour-count") == f"{len(said) + 1} of 6"
        said.append(page.text_content("#tour-title") + page.text_content("#tour-text"))
        assert page.locator(".toured").count() == 1
        box = page.locator("#tour").bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 1280
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= 720
        page.keyboard.press("Enter")
    assert len({*said}) == 6
    page.keyboard.press("?")
    page.keyboard.press("Escape")
    assert page.is_hidden("#tour")


# Every reader


@pytest.mark.parametrize("make", EVERY)
def test_every_model_is_shown_at_every_width(opened, make):
    page = opened(live(make))
    model, (_, X, *_), _ = make()
    for _ in in_windows(page, [(width, 900) for width in (390, 1280, 1920)]):
        epochs(ready(page), 3)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        heights = page.eval_on_selector_all("main section", "(all) => all.map((e) => e.offsetHeight).filter(Boolean)")
        assert min(heights) > 120
        assert page.is_visible("#network") == isinstance(model, nn.MLP)
        assert page.locator("#plane .marker").count() == len(X)
        assert page.locator("#plane canvas").count() == (X.shape[1] == 2)
        assert len(steps_of_chain(page)) == (2 if not isinstance(model, nn.MLP) else 5 if len(model.layers) == 2 else 4)


def test_it_is_accessible_while_the_first_numbers_are_still_computed(opened):
    from axe_playwright_python.sync_playwright import Axe

    page = opened(live(moons), bypass_csp=True)
    page.add_init_script("Worker = class extends EventTarget { postMessage() {} terminate() {} };")  # never answers
    page.reload()
    until(page, "document.querySelector('[data-parameter]') !== null")
    assert page.evaluate("document.body.dataset.steps === undefined")
    found = Axe().run(page)
    assert len(found.response["passes"]) > 10
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("make", EVERY)
def test_no_rule_of_accessibility_is_broken(opened, make):
    from axe_playwright_python.sync_playwright import Axe

    page = ready(opened(live(make), bypass_csp=True))
    epochs(page, 2)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        found = Axe().run(page)
        assert len(found.response["passes"]) > 10
        assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize(("width", "height", "least"), [(1920, 1080, 16), (1280, 720, 12.8)])
def test_every_text_is_legible_on_a_projector(opened, width, height, least):
    page = ready(opened(live(moons), width, height))
    sizes = page.evaluate(SIZES_OF_TEXT)
    assert len(sizes) > 30
    assert min(sizes)[0] >= least - 0.01, min(sizes)


def test_it_trains_in_the_frame_of_a_notebook(browser, tmp_path):
    text = live(xor)._repr_html_()
    (tmp_path / "cell.html").write_text(f"<!doctype html>{text}", encoding="utf-8")
    page = browser.new_page()
    page.goto((tmp_path / "cell.html").as_uri())
    frame = page.frames[1]
    until(frame, "document.body.dataset.steps !== undefined")
    frame.click("#epoch")
    until(frame, "document.body.dataset.epoch === '1'")
    page.close()


def test_hostile_names_stay_text(opened):
    hostile = "</script><script>window.hacked = 1</script>"
    model, (_, *data), options = xor()
    page = ready(opened(viz.train(model, *data, **options, name=hostile, title=hostile, data={f"{hostile}2": XOR})))
    assert page.evaluate("window.hacked") is None
    assert page.text_content("h1") == hostile
    assert page.text_content("#setting-set option") == hostile
