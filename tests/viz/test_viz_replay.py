"""The page of a training run: its programs compute what the model does, its data is inert, bad input is rejected."""

import base64
import json
import math
import re
from contextlib import closing
from functools import cache

import numpy as np
import pytest
from py_mini_racer import MiniRacer
from support.pages import HOSTILE, Elements

import autograd
import nn
import viz
from autograd import Value
from autograd.compiler.trace.symbol import TracingError
from viz.pages.training_run import training_run


def fitted(model, X, y, loss="mse_loss", *, record=5, epochs=20, **options):
    adam = nn.Adam(model.parameters(), lr=0.05)
    return model.fit(X, y, loss=loss, optimizer=adam, epochs=epochs, record=record, progress=False, **options)


def xor(**options):
    model = nn.MLP(2, [4, 1], activation="tanh", output_activation="sigmoid", seed=0)
    return fitted(model, *nn.datasets.xor(), **options)


def line():
    X = np.linspace(-1.0, 1.0, 7)
    return fitted(nn.MLP(1, [3, 1], activation="relu", dropout=0.5), X, np.sin(X), "half_squared_error", batch_size=3)


def three_classes():
    X = np.random.default_rng(0).normal(size=(9, 2))
    return fitted(nn.MLP(2, [4, 3]), X, np.arange(9) % 3, "cross_entropy")


def one_hot_rows():
    X = np.random.default_rng(0).normal(size=(8, 4))
    return fitted(nn.MLP(4, [3, 2], output_activation="sigmoid"), X, nn.one_hot(np.arange(8) % 2))


def ten_classes():
    X = np.random.default_rng(0).normal(size=(20, 2))
    return fitted(nn.MLP(2, [3, 10]), X, np.arange(20) % 10, "cross_entropy")


def scores():
    X, y = nn.datasets.moons(10)
    return fitted(nn.MLP(2, [3, 1]), X, y, "binary_cross_entropy_with_logits")


class Shared(nn.Module):
    """A model of another kind: no layers, and one parameter with two names."""

    inputs = 3

    def __init__(self):
        self.w = Value(0.5, role="parameter")
        self.twin = self.w
        self.b = Value(0.25, role="parameter")
        self.scale = Value(2.0, "scale")

    def forward(self, inputs):
        return self.scale * self.w * inputs[0] + (self.w * inputs[1]).tanh() - self.b * inputs[2]


def of_another_kind():
    X = np.random.default_rng(0).normal(size=(6, 3))
    return fitted(Shared(), X, X[:, 0])


class Penalized(nn.MLP):
    """A network of more layers than stand beside each other."""


def deep():
    model = Penalized(2, [3, 3, 3, 3, 1], activation="tanh", seed=0)

    def loss(outputs, targets):
        return nn.mse_loss(outputs, targets) + 0.01 * model.layers[0].neurons[0].w[0] ** 2  # in the loss, too

    return fitted(model, *nn.datasets.xor(), loss)


def neuron():
    return fitted(nn.Neuron(2, activation="sigmoid"), *nn.datasets.xor(), "binary_cross_entropy")


def layer():
    X = np.random.default_rng(0).normal(size=(20, 2))
    return fitted(nn.Layer(2, 10), X, np.arange(20) % 10, "cross_entropy")


EVERY = [xor, line, three_classes, one_hot_rows, ten_classes, scores, of_another_kind, deep, neuron, layer]


@cache
def recorded(make):
    """The history of a training run, and its payload; several tests share them and change only the weights."""
    history = make()
    return history, training_run(history)


def computed(run, expression):
    """Evaluates an expression in JavaScript with the page's programs, and its data as `training`."""
    with closing(MiniRacer()) as engine:
        engine.eval(run.javascript)
        engine.eval(f"const graph = {json.dumps(run.data)}, {{ training }} = graph")
        return [float(number) for number in engine.eval(f"({expression}).map(String).join(' ')").split()]


@pytest.mark.parametrize("make", EVERY)
def test_the_page_computes_the_predictions_and_losses_of_the_model_at_every_recorded_epoch(make):
    history, run = recorded(make)
    recording, model = history.recording, history.recording.model
    outcomes = """training.weights.flatMap((weights) => training.samples.flatMap((x, n) =>
        outcome(...x, ...training.targets[n], ...weights)))"""
    everything = np.reshape(computed(run, outcomes), (len(recording.epochs), len(recording.samples), -1))
    for index, found in enumerate(everything):
        model.load_state_dict(recording.state_dict(index))
        outputs = model.predict(recording.samples)
        assert found[:, 1:] == pytest.approx(outputs.reshape(len(found), -1), rel=1e-12, abs=1e-12)
        loss = recording.loss(autograd.array(outputs).tolist(), recording.targets).data
        assert found[:, 0].mean() == pytest.approx(loss, rel=1e-12, abs=1e-12)


@pytest.mark.parametrize("make", [xor, line, three_classes, ten_classes, scores])
def test_the_page_computes_the_output_of_every_neuron_over_the_line_or_plane(make):
    history, run = recorded(make)
    recording, model = history.recording, history.recording.model
    points = np.random.default_rng(0).normal(size=(7, model.inputs))
    count = sum(len(layer.neurons) for layer in model.layers)
    over_plane = f"""training.weights.flatMap((weights) => {{
        const out = Array.from({{ length: {count} }}, () => new Float64Array(7));
        overPlane({points.T.tolist()}, weights, out);
        return out.flatMap((numbers) => [...numbers]);
    }})"""
    found = np.reshape(computed(run, over_plane), (len(recording.epochs), count, 7))
    assert run.data["training"]["plane"]["numbers"] == count
    for index, numbers in enumerate(found):
        model.load_state_dict(recording.state_dict(index))
        values, expected = [autograd.array(point).tolist() for point in points], []
        for layer in model.layers:
            values = [layer(value) if isinstance(layer(value), list) else [layer(value)] for value in values]
            expected += [[value[unit].data for value in values] for unit in range(len(layer.neurons))]
        assert numbers == pytest.approx(np.array(expected), rel=1e-12, abs=1e-12)


def test_over_the_plane_a_model_of_another_kind_has_its_outputs_and_one_of_more_inputs_has_nothing():
    class Halved(nn.MLP):
        def forward(self, inputs):
            return [output * 0.5 for output in super().forward(inputs)]

    history = fitted(Halved(2, [3, 1], dropout=0.5, seed=0), *nn.datasets.xor())
    run = training_run(history)
    over_plane = """(() => {
        const out = [new Float64Array(2)];
        overPlane([[0, 1], [1, 1]], training.weights.at(-1), out);
        return [...out[0]];
    })()"""
    assert run.data["training"]["plane"]["numbers"] == 1
    expected = history.recording.model.predict([[0.0, 1.0], [1.0, 1.0]]).ravel()
    assert computed(run, over_plane) == pytest.approx(expected, rel=1e-12)
    assert recorded(one_hot_rows)[1].data["training"]["plane"] is None


@pytest.mark.parametrize("make", EVERY)
def test_the_graph_of_any_sample_computes_its_loss_and_the_gradients_of_its_parameters(make):
    history, run = recorded(make)
    recording = history.recording
    model, targets = recording.model.eval(), np.reshape(run.data["training"]["targets"], (len(recording.samples), -1))
    parameters = list(dict.fromkeys(model.parameters()))
    for epoch, sample in ((0, 0), (2, 3), (-1, -1)):
        known = [*recording.samples[sample], *targets[sample], *np.array(run.data["training"]["weights"][epoch])]
        leaves = [
            float(variable["start"]) if at < 0 else float(known[at])
            for at, variable in zip(run.data["training"]["sources"], run.data["variables"], strict=True)
        ]
        numbers = computed(run, f"program(...{leaves}).flat()")
        data, steps = numbers[: len(run.data["nodes"])], numbers[len(run.data["nodes"]) :]
        gradients = {step["operand"]: steps[3 * n + 2] for n, step in enumerate(run.data["backward"])}
        model.load_state_dict(recording.state_dict(epoch))
        model.zero_grad()
        y = recording.targets[sample]
        loss = recording.loss([model(list(recording.samples[sample]))], [y.item() if y.ndim == 0 else y])
        loss.backward()
        assert data[-1] == pytest.approx(loss.data, rel=1e-12, abs=1e-12)
        first = recording.samples.shape[1] + targets.shape[1]
        for at, variable in zip(run.data["training"]["sources"], run.data["variables"], strict=True):
            if at >= first:
                expected = parameters[at - first].grad
                assert gradients[variable["node"]] == pytest.approx(expected, rel=1e-12, abs=1e-15)
        assert {at for at in run.data["training"]["sources"] if at >= first} == {
            first + n for n in range(len(parameters))
        }


def opened_to(run, titles):
    """The titles and names of the boxes in the layout in which these modules are open, in order."""
    modules = [module["title"] for module in run.data["modules"]]
    (boxes,) = [
        layout["boxes"] for layout in run.data["layouts"] if {modules[at] for at in layout["opened"]} == set(titles)
    ]
    return [run.data["nodes"][box]["name"] if box >= 0 else run.data["folds"][-box - 1]["title"] for box, *_ in boxes]


@pytest.mark.parametrize(
    ("make", "folded"),
    [
        (xor, ["x1", "x2", "layer1", "layer2", "y", "loss"]),
        (three_classes, ["x1", "x2", "layer1", "layer2", "loss"]),
        (one_hot_rows, ["inputs", "layer1", "layer2", "loss"]),
        (neuron, ["x1", "x2", "Neuron", "y", "loss"]),
        (layer, ["x1", "x2", "Layer", "loss"]),
        (deep, ["x1", "x2", "Penalized", "y", "loss"]),
    ],
)
def test_the_graph_of_a_sample_can_be_folded_until_it_is_legible_next_to_the_network(make, folded):
    _, run = recorded(make)
    assert sorted(opened_to(run, [])) == sorted(folded)
    assert any(width <= 750 and height <= 210 for width, height in (layout["size"] for layout in run.data["layouts"]))


@pytest.mark.parametrize("make", [neuron, layer])
def test_a_single_layer_and_a_single_neuron_are_networks(make):
    history, run = recorded(make)
    model, training = history.recording.model, run.data["training"]
    (shown,) = training["layers"]
    neurons = model.neurons if make is layer else [model]
    names = {parameter: name for name, parameter in model.named_parameters()}
    assert [[training["names"][at] for at in row] for row in shown["weight"]] == [
        [names[weight] for weight in one.w] for one in neurons
    ]
    assert [training["names"][at] for at in shown["bias"]] == [names[one.b] for one in neurons]
    assert shown["activation"] == model.activation_name
    assert training["plane"]["numbers"] == len(neurons)


def test_the_loss_of_a_full_batch_at_an_epoch_is_that_of_the_step_after_it():
    history = xor(epochs=10, record=11)
    run = training_run(history)
    assert run.data["training"]["curve"] == [[epoch, loss] for epoch, loss in enumerate(history.loss)]
    losses = """training.weights.flatMap((weights) => training.samples.map((x, n) =>
        outcome(...x, ...training.targets[n], ...weights)[0]))"""
    means = np.reshape(computed(run, losses), (11, -1)).mean(axis=1)
    assert means[:10] == pytest.approx(history.loss, rel=1e-12)


def test_a_long_curve_is_thinned_and_keeps_its_ends():
    history = xor(epochs=3000)
    curve = training_run(history).data["training"]["curve"]
    assert len(curve) == 1000
    assert [curve[0], curve[-1]] == [[0, history.loss[0]], [2999, history.loss[-1]]]


def test_the_validation_loss_is_at_the_epoch_of_its_weights():
    X, y = nn.datasets.xor()
    history = xor(validation=(X, y), epochs=4)
    epochs = [epoch for epoch, _ in training_run(history).data["training"]["validation"]]
    assert epochs == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("make", "classes", "threshold"),
    [
        (xor, ["0", "1"], 0.5),
        (scores, ["0", "1"], 0.0),
        (three_classes, ["0", "1", "2"], None),
        (one_hot_rows, ["0", "1"], None),
        (ten_classes, [*"0123456789"], None),
        (line, [], None),
    ],
)
def test_what_distinguishes_classes(make, classes, threshold):
    _, run = recorded(make)
    assert (run.data["training"]["classes"], run.threshold) == (classes, threshold)
    assert len(run.data["training"]["labels"]) == (len(run.data["training"]["samples"]) if classes else 0)


def test_targets_of_minus_1_and_1_are_distinguished_at_0():
    X, y = nn.datasets.xor()
    run = training_run(fitted(nn.MLP(2, [3, 1]), X, 2 * y - 1, "hinge_loss"))
    assert (run.data["training"]["classes"], run.threshold) == (["-1", "1"], 0.0)


def test_a_weight_that_overflowed_is_still_shown():
    history = xor()
    history.recording._rows[-1][0] = math.inf
    history.loss[-1] = math.nan
    page = viz.explore_training(history)
    weights = Elements(page.html).data["training"]["weights"]
    assert weights[-1][0] == "Infinity"
    assert Elements(page.html).data["training"]["curve"][-1][1] == "NaN"


def test_a_replay_changes_neither_numbers_nor_gradients_nor_the_mode():
    history = xor()
    model = history.recording.model.train()
    for number, parameter in enumerate(model.parameters()):
        parameter.data, parameter.grad = 0.1 * number, 7.0
    before = model.state_dict()
    page = viz.explore_training(history)
    page._repr_mimebundle_()
    assert model.state_dict() == before
    assert {parameter.grad for parameter in model.parameters()} == {7.0}
    assert model.training


def test_a_replay_does_not_change_with_the_model():
    history = xor()
    html = viz.explore_training(history).html
    for parameter in history.recording.model.parameters():
        parameter.data = 0.0
    weights = Elements(viz.explore_training(history).html).data["training"]["weights"]
    assert weights == Elements(html).data["training"]["weights"]


# The page


def test_a_page_of_two_hundred_epochs_of_xor_is_below_300_kb():
    assert len(viz.explore_training(xor(epochs=300, record=200)).html.encode()) < 300_000


def test_a_page_makes_no_request_and_admits_only_its_own_scripts_and_styles():
    text = viz.explore_training(xor()).html
    page = Elements(text)
    (policy,) = [a["content"] for _, a in page.tags if a.get("http-equiv") == "Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe" not in policy
    assert not [a for _, a in page.tags if {"src", "href", "action", "style"} & a.keys()]
    assert not [name for _, a in page.tags for name in a if name.startswith("on")]
    assert set(re.findall(r"[a-z]+://[^\"'\s)]*", text)) == {"http://www.w3.org/2000/svg"}  # a namespace, never fetched


def page_with(name, title):
    """A page about a model with a parameter of some name."""
    model = nn.Module()
    model.inputs, model.forward = 1, lambda inputs: model.part[name] * inputs[0]
    model.part = {name: Value(0.5, role="parameter")}
    return viz.explore_training(fitted(model, [0.0, 1.0], [0.0, 0.5]), title=title)


@cache
def plain_tags():
    return [tag for tag, _ in Elements(page_with("w", "a title").html).tags]


@pytest.mark.parametrize("hostile", HOSTILE)
def test_names_and_titles_are_data(hostile):
    found = Elements(page_with(hostile, hostile).html)
    assert [tag for tag, _ in found.tags] == plain_tags()
    assert found.data["training"]["names"] == [viz.labels.printable(f"part.{hostile}")]


def test_a_notebook_gets_the_page_in_a_frame_over_a_picture():
    page = viz.explore_training(xor(), title="a <title>")
    bundle = page._repr_mimebundle_()
    elements = Elements(bundle["text/html"])
    (frame,) = [a for tag, a in elements.tags if tag == "iframe"]
    (picture,) = [a for tag, a in elements.tags if tag == "img"]
    assert frame["srcdoc"] == page.html
    assert base64.b64decode(bundle["image/png"]).startswith(b"\x89PNG")
    assert picture["alt"] == "a <title>: the loss, and the final decisions of the model"
    assert bundle["text/plain"] == "<replay of a training run, 5 of its epochs 0 to 20; .save('page.html') writes it>"


@pytest.mark.parametrize("make", [xor, line, one_hot_rows, ten_classes, of_another_kind])
def test_every_kind_of_training_run_has_a_picture(make):
    assert viz.explore_training(recorded(make)[0]).picture().startswith(b"\x89PNG")


def test_save_writes_the_page_as_html_alone(tmp_path):
    page = viz.explore_training(xor())
    assert page.save(tmp_path / "page.html").read_text(encoding="utf-8") == page.html
    with pytest.raises(viz.RenderError, match=r"\.html"):
        page.save(tmp_path / "page.svg")


def test_the_graph_of_a_large_model_is_left_out_and_the_rest_is_shown(monkeypatch):
    monkeypatch.setattr(viz.pages.graph_payload, "MOST_NODES", 50)  # so that a small model is a large one
    history = three_classes()  # not a recorded one: its payload with the small limit would be kept
    run = training_run(history)
    assert run.data["nodes"] == run.data["layouts"] == []
    assert len(computed(run, "outcome(...training.samples[0], ...training.targets[0], ...training.weights[0])")) == 4
    assert "<replay" in repr(viz.explore_training(history))


# Errors


def test_without_a_recording_the_error_says_how_to_record():
    with pytest.raises(ValueError, match=r"fit\(\.\.\., record=200\)"):
        viz.explore_training(xor(record=0))


@pytest.mark.parametrize("wrong", [None, [0.5, 0.25], Value(1.0), nn.MLP(2, [1])])
def test_anything_but_a_history_is_rejected(wrong):
    with pytest.raises(TypeError, match="record=200"):
        viz.explore_training(wrong)


def test_a_title_must_be_a_string():
    with pytest.raises(TypeError, match="title"):
        viz.explore_training(xor(), title=3)


def test_more_weights_than_a_page_holds_are_rejected_with_advice():
    X = np.zeros((2, 20))
    history = fitted(nn.MLP(20, [20, 1]), X, [0.0, 1.0], record=1200, epochs=1200)
    with pytest.raises(ValueError, match=r"1,200 epochs of 441 weights are 529,200 numbers; train with record=1133"):
        viz.explore_training(history)


def test_more_samples_than_a_page_holds_are_rejected():
    X = np.zeros((5001, 1))
    with pytest.raises(ValueError, match=r"5,000 samples, not 5,001"):
        viz.explore_training(fitted(nn.MLP(1, [1]), X, X[:, 0], epochs=1))


def test_a_training_run_stopped_in_its_first_epoch_is_rejected():
    history = xor()
    history.loss.clear()
    with pytest.raises(ValueError, match="first epoch"):
        viz.explore_training(history)


def test_a_model_with_other_parameters_than_were_recorded_is_rejected():
    history = xor()
    history.recording.model.extra = Value(1.0, role="parameter")
    with pytest.raises(ValueError, match="it now has others"):
        viz.explore_training(history)


def test_a_model_that_branches_on_data_is_rejected_with_the_reason():
    class Branching(nn.Module):
        inputs = 1

        def __init__(self):
            self.w = Value(0.5, role="parameter")

        def forward(self, inputs):
            return self.w * inputs[0] if inputs[0] > 0.0 else self.w

    with pytest.warns(RuntimeWarning, match="without compiling"):
        history = fitted(Branching(), [-1.0, 1.0], [0.0, 0.5])
    with pytest.raises(TracingError):
        viz.explore_training(history)
