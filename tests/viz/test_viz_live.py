"""`viz.train`: what it takes and refuses, and what its page holds."""

import json
import re

import numpy as np
import pytest
from support.pages import HOSTILE, Elements

import nn
import viz
from autograd import Value, operation
from autograd.compiler import TracingError
from viz.pages.page import asset
from viz.pages.scripts import joined

XOR = nn.datasets.xor()


def mlp(*sizes, **options):
    return nn.MLP(2, list(sizes or (3, 1)), seed=1, **options)


class Branching(nn.Neuron):
    def forward(self, x):
        return super().forward(x) if x[0] > 0 else super().forward(x) * 2


class Own(nn.MLP):
    pass


class CallsPython(nn.Neuron):
    def forward(self, x):
        return rounded(super().forward(x))


@operation
def rounded(x):
    return float(round(x))


@rounded.derivative
def _(x, y):
    return 1.0


def test_the_model_and_its_optimizer_do_not_change():
    model = mlp()
    adam = nn.Adam(model.parameters())
    before = model.state_dict()
    page = viz.train(model, *XOR, optimizer=adam, activations=["relu"], sizes=[[2]])
    assert page.html
    assert model.state_dict() == before
    assert (adam.steps, model.training) == (0, True)
    assert all(parameter.grad == 0.0 for parameter in model.parameters())


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"model": mlp(dropout=0.5)}, ValueError, "must have no dropout"),
        ({"optimizer": nn.LBFGS}, ValueError, "one step for each minibatch"),
        ({"optimizer": lambda p: nn.SGD(p, lr=lambda epoch: 0.1)}, ValueError, "must be a number, which the reader"),
        ({"model": Branching(2)}, TracingError, "branch"),
        ({"model": CallsPython(2)}, NotImplementedError, "JavaScript cannot run"),
        ({"model": nn.Neuron(2), "sizes": [[2]]}, ValueError, "for an nn.MLP, whose layers are known, not for Neuron"),
        ({"model": Own(2, [2, 1]), "activations": ["relu"]}, ValueError, "not for Own"),
        ({"activations": ["tanhh"]}, ValueError, "tanh"),
        ({"sizes": [[0]]}, ValueError, "size of a layer must be a positive integer, not 0"),
        ({"sizes": [4]}, ValueError, r"each of sizes must be the sizes of the hidden layers, such as \[4, 4\], not 4"),
        ({"sizes": ["44"]}, ValueError, "not '44'"),
        ({"data": {"given": XOR}}, ValueError, "two are called 'given'"),
        ({"data": {"": XOR}}, TypeError, "a string that is not empty"),
        ({"data": {"a": XOR.X}}, ValueError, r"must be \(X, y\) or \(X, y, X_validation, y_validation\), not ndarray"),
        ({"data": {"a": (1, 2, 3)}}, ValueError, "not tuple of 3"),
        ({"data": {"a": ([[1.0]], [1.0])}}, ValueError, "2"),
        ({"loss": "nothing"}, ValueError, "nothing"),
        ({"batch_size": 0}, ValueError, "batch_size"),
        ({"title": 3}, TypeError, "title"),
        ({"palette": "pink"}, ValueError, "palette"),
        ({"sizes": [[300, 300]] * 1, "data": {"a": nn.datasets.moons(5001)}}, ValueError, "at most 5,000 samples"),
        ({"data": {f"{n}": nn.datasets.moons(5000) for n in range(3)}}, ValueError, "at most 600,000 characters, not"),
        ({"loss": lambda p, y: nn.mse_loss(p, y, reduction="sum")}, ValueError, "must be the mean of the losses"),
    ],
)
def test_what_a_page_cannot_train_is_refused_by_name(options, error, message):
    given = {"model": mlp(), **options}
    model, optimizer = given.pop("model"), given.pop("optimizer", None)
    with pytest.raises(error, match=message):
        viz.train(model, *XOR, optimizer=optimizer and optimizer(model.parameters()), **given)


def test_an_mlp_has_other_activations_and_sizes_by_default_and_a_large_one_has_none():
    found = Elements(viz.train(mlp(4, 1), *XOR).html).data
    titles = [network["title"] for network in found["networks"]]
    assert titles[0] == "2-4-1 tanh"
    assert {"2-4-1 relu", "2-4-1 sigmoid", "2-1", "2-8-8-1 tanh"} <= set(titles)
    assert len(titles) == len(set(titles))
    large = Elements(viz.train(mlp(40, 20, 1), *XOR).html).data
    assert [network["title"] for network in large["networks"]] == ["2-40-20-1 tanh"]


@pytest.mark.parametrize("make", [lambda: Own(2, [2, 1]), lambda: nn.Neuron(2), lambda: nn.Layer(2, 1)])
def test_any_model_that_fit_compiles_has_a_page(make):
    page = viz.train(make(), *XOR)
    (network,) = Elements(page.html).data["networks"]
    assert bool(network["layers"]) == (not isinstance(make(), Own))
    assert page.picture().startswith(b"\x89PNG")


def test_optimizers_are_the_given_one_and_the_usual_ones():
    model = mlp()
    given = nn.Adam(model.parameters(), betas=(0.8, 0.99), weight_decay=0.01)
    titles = Elements(viz.train(model, *XOR, optimizer=given).html).data["optimizers"]
    assert titles[0] == "Adam, betas 0.8 and 0.99, weight decay 0.01"
    assert titles[1:] == ["SGD", "Adam", "AdamW"]  # the momentum is a setting of its own


def test_a_page_may_have_a_model_of_hundreds_of_neurons():
    model = nn.MLP(64, [100, 20, 10], activation="relu", seed=0)
    X = np.random.default_rng(0).normal(size=(50, 64)).round(2)
    page = viz.train(model, X, np.arange(50) % 10, loss="cross_entropy")
    assert len(page.html) < 600_000


def test_the_page_makes_no_requests_but_for_its_own_worker():
    page = Elements(viz.train(mlp(), *XOR).html)
    (policy,) = [tag["content"] for tag, _ in page.of("meta") if tag.get("http-equiv") == "Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "worker-src blob:" in policy
    assert "unsafe" not in policy
    assert not [tag for name, tag in page.tags if "src" in tag or "href" in tag]
    others = Elements(viz.explore(Value(1.0) + 2.0).html)
    assert "worker-src" not in json.dumps(others.tags)


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_names_stay_data(hostile):
    page = Elements(viz.train(mlp(), *XOR, name=hostile, data={f"{hostile}!": XOR}).html)
    assert [each["title"] for each in page.data["sets"]] == [hostile, f"{hostile}!"]
    assert len(page.of("script")) == 3


def test_no_derivative_is_written_in_the_scripts_of_the_page():
    """The browser runs what the compiler has written: the scripts call no function of math but those for drawing.

    Noise is no number of the model.
    """
    for entry in ("live", "server"):
        script = re.sub(r"^function drawnNoise\(.*?^}$", "", joined(entry, asset), flags=re.DOTALL | re.MULTILINE)
        called = set(re.findall(r"Math\.(\w+)", script))
        assert called <= {
            "abs",
            "ceil",
            "clz32",
            "floor",
            "hypot",
            "imul",
            "log10",
            "log2",
            "max",
            "min",
            "round",
            "sqrt",
        }


def test_notebooks_show_it_with_a_picture_as_a_fallback():
    page = viz.train(mlp(), *XOR)
    bundle = page._repr_mimebundle_()
    assert "<iframe" in bundle["text/html"]
    assert bundle["text/plain"] == repr(page)
    assert repr(page).startswith("<page that trains 2-3-1 tanh, 2-3-1 relu, ")
