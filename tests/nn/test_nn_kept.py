"""Programs that are kept: whatever changes between two calls, each call does what eager execution does."""

import copy
import gc
import pickle
import re
import weakref
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from types import MethodType

import numpy as np
import pytest

import nn
from autograd import Value, array, data_of
from autograd.compiler.llvm.kept import Kept
from nn.modes import call_in_mode
from nn.modules.module import ModuleBase
from nn.structure import rebuilt, structure_of
from nn.training import diagnosis, kept
from nn.training.tracing import output_routine
from viz import explore, plot_decision_surface

X, Y = nn.datasets.moons(40, seed=2)
FACTOR = 2.0  # read by the model `Reader`


def mlp():
    return nn.MLP(2, [3, 1], dropout=0.3, seed=1)


class Reader(nn.Module):
    """A model of a user's own, whose output depends on all sorts of things."""

    def __init__(self):
        self.layer = nn.Layer(2, 3, activation="tanh", seed=3)
        self.last = nn.Neuron(3, seed=4)
        self.factor, self.options = 1.5, {"shift": [0.25, 0.5]}

    def forward(self, inputs):
        return FACTOR * self.last(self.layer(inputs)) * self.factor + self.options["shift"][0]


@nn.static
class Static(nn.Module):
    """A model that is marked: what `forward` reads are attributes."""

    width = 3

    def __init__(self):
        self.layers = [nn.Layer(2, 3, activation="tanh", seed=3)]
        self.last = {"neuron": nn.Neuron(3, seed=4)}
        self.gain, self.offset = array([Value(0.5, role="parameter")]), np.array([0.25, 1.0])
        self.factor, self.options = 1.5, {"shift": [0.25, None, "name"], "more": (True, 2)}
        self.dropout = nn.Dropout(0.2)
        self.activation = doubled

    def forward(self, inputs):
        hidden = self.dropout(self.layers[0](inputs))
        output = self.activation(self.scaled(self.last["neuron"](hidden))) + self.offset[0] + self.options["shift"][0]
        return -output if self.options["more"][0] is True else output

    def scaled(self, output, times=1.5):
        return output * times * self.factor * self.gain[0] + float(self.width) + self.options["more"][1]


@nn.static
def doubled(x):
    return 2.0 * x


@nn.static
def tripled(x):
    return 3.0 * x


def tripled_later(self, output):
    """What a notebook puts into a method when it reloads its code."""
    return 3.0 * output


class Tripled(nn.Layer):
    """A subclass of a known class."""

    def forward(self, inputs):
        return [3.0 * output for output in super().forward(inputs)]


class TripledNeuron(nn.Neuron):
    def forward(self, inputs):
        return 3.0 * super().forward(inputs)


def tripled_outputs(module, inputs):
    outputs = type(module).forward(module, inputs)
    return [3.0 * output for output in outputs] if isinstance(outputs, list) else 3.0 * outputs


def on_class(cls, change):
    def patched(model, monkeypatch):
        forward = cls.forward
        monkeypatch.setattr(cls, "forward", lambda self, inputs: change(forward(self, inputs)))

    return patched


def call_shifted(model, monkeypatch):
    call = ModuleBase.__call__
    monkeypatch.setattr(ModuleBase, "__call__", lambda self, x: call(self, [v + 0.1 for v in x]))


def neuron(model, index=0):
    return model.layers[0].neurons[index]


def set_global(model, monkeypatch):
    monkeypatch.setitem(globals(), "FACTOR", 5.0)


def closure(model, monkeypatch):
    bound = [0.5]
    for unit in model.layers[0].neurons:
        unit.activation = lambda x: x * bound[0]
    model.predict(X[:2])
    bound[0] = 2.0


def closure_over_a_value(model, monkeypatch):
    alpha = Value(0.5)
    neuron(model).activation = lambda x: x * alpha
    model.predict(X[:2])
    alpha.data = 3.0


def marked_activation(model, monkeypatch):
    neuron(model).activation = tripled


def marked_activation_that_breaks_its_promise(model, monkeypatch):
    alpha = Value(0.5)
    neuron(model).activation = nn.static(lambda x: x * alpha)
    model.predict(X[:2])
    alpha.data = 3.0


def share(model, monkeypatch):
    neuron(model, 1).w[0] = neuron(model, 0).w[0]


def separate(model, monkeypatch):
    share(model, monkeypatch)
    model.predict(X)
    neuron(model, 1).w[0] = Value(-0.4, role="parameter")


def hidden(*layers):
    """Puts layers after the first, with a dropout of nothing each, so that the others stay where they are."""

    def change(model, monkeypatch):
        model.layers[1:1] = layers

    return change


def set_data(number):
    def change(model, monkeypatch):
        neuron(model).w[0].data = number

    return change


def activations(name, count=3):
    def change(model, monkeypatch):
        for unit in model.layers[0].neurons[:count]:
            unit.activation = nn.ACTIVATIONS[name]

    return change


def setting(path, value):
    """Assigns an attribute or an item of the model, given as the left-hand side of an assignment."""
    return lambda model, monkeypatch: exec(f"{path} = value", {"model": model, "value": value})


EQUAL = nn.Layer(3, 3, activation="tanh", seed=8)
OF_AN_MLP = {
    "nothing": lambda *_: None,
    "a layer is swapped": setting("model.layers[0]", nn.Layer(2, 3, activation="tanh", seed=9)),
    "a layer is swapped for one of another width": lambda model, _: model.layers.__setitem__(
        slice(None), [nn.Layer(2, 5, seed=9), nn.Layer(5, 1, seed=9)]
    ),
    "a layer is swapped for a model": setting("model.layers[0]", nn.MLP(2, [4, 3], seed=5)),
    "a layer is swapped for a marked model": lambda model, _: model.layers.append(Fixed()),
    "a layer is appended": lambda model, _: model.layers.append(nn.Layer(1, 1, activation="tanh", seed=5)),
    "a layer is inserted twice": hidden(EQUAL, EQUAL),
    "the list of layers is replaced": lambda model, _: setattr(model, "layers", [nn.Layer(2, 1, seed=7)]),
    "the layers become a tuple": lambda model, _: setattr(model, "layers", tuple(model.layers)),
    "a layer is swapped for a function": setting("model.layers[0]", lambda values: [2.0 * values[0]] * 3),
    "a neuron is swapped": setting("model.layers[0].neurons[1]", nn.Neuron(2, weights=[0.3, 0.6], activation="relu")),
    "a weight is replaced": setting("model.layers[0].neurons[0].w[0]", Value(0.7, role="parameter")),
    "a weight is replaced by a constant": setting("model.layers[0].neurons[0].w[0]", Value.constant(0.7)),
    "a bias is replaced": setting("model.layers[1].neurons[0].b", Value(0.7, role="parameter")),
    "the weights are replaced": lambda model, _: setattr(neuron(model), "w", [Value(0.5), Value(-0.5)]),
    "the weights become a tuple": lambda model, _: setattr(neuron(model), "w", tuple(neuron(model).w)),
    "a weight is assigned": set_data(0.9),
    "a weight is assigned an integer": set_data(1),
    "a weight is assigned a fraction": set_data(Fraction(1, 3)),
    "a weight is assigned a number of NumPy": set_data(np.float32(0.1)),
    "a weight is computed": lambda model, _: neuron(model).w.__setitem__(0, Value(0.2, role="parameter").exp()),
    "weights are shared": share,
    "weights are no longer shared": separate,
    "a layer is shared": lambda model, _: model.layers.__setitem__(slice(1, 1), [EQUAL, EQUAL]),
    "a state is loaded": lambda model, _: model.load_state_dict(nn.MLP(2, [3, 1], seed=77).state_dict()),
    "p of a dropout": setting("model.dropouts[0].p", 0.8),
    "the seed of a dropout": setting("model.dropouts[0].seed", 12),
    "a dropout is removed": lambda model, _: model.dropouts.clear(),
    "evaluation mode": lambda model, _: model.eval(),
    "training mode after evaluation mode": lambda model, _: (model.eval(), model.predict(X), model.train()),
    "all activations": activations("relu"),
    "one activation": activations("sigmoid", 1),
    "a closure as activation": closure,
    "a closure over a Value as activation": closure_over_a_value,
    "a marked activation": marked_activation,
    "a marked activation that breaks its promise with a Value": marked_activation_that_breaks_its_promise,
    "forward of a neuron": lambda model, _: setattr(
        neuron(model), "forward", MethodType(tripled_outputs, neuron(model))
    ),
    "forward of the last neuron": lambda model, _: setattr(
        neuron(model, -1), "forward", MethodType(tripled_outputs, neuron(model, -1))
    ),
    "forward of a layer": lambda model, _: setattr(
        model.layers[0], "forward", MethodType(tripled_outputs, model.layers[0])
    ),
    "forward of a dropout": lambda model, _: setattr(
        model.dropouts[0], "forward", MethodType(tripled_outputs, model.dropouts[0])
    ),
    "forward of the model": lambda model, _: setattr(model, "forward", MethodType(tripled_outputs, model)),
    "forward of the class of neurons": on_class(nn.Neuron, lambda output: 3.0 * output),
    "forward of the class of layers": on_class(nn.Layer, lambda outputs: outputs[::-1]),
    "forward of the class of models": on_class(nn.MLP, lambda outputs: [3.0 * output for output in outputs]),
    "the call of all classes": call_shifted,
    "a subclass of a layer": setting("model.layers[0]", Tripled(2, 3, activation="tanh", seed=9)),
    "a subclass of a neuron": setting("model.layers[0].neurons[1]", TripledNeuron(2, activation="tanh")),
    "a subclass of the first neuron": setting("model.layers[0].neurons[0]", TripledNeuron(2, activation="tanh")),
    "a neuron of as many inputs as it is given": setting("model.layers[0].neurons[1].inputs", None),
    "the class of a layer": lambda model, _: setattr(model.layers[0], "__class__", Tripled),
    "an attribute that nothing reads": lambda model, _: setattr(model, "note", "of the user"),
}  # fmt: skip
OF_A_MODEL_OF_ONES_OWN = {
    "nothing": lambda *_: None,
    "a global variable": set_global,
    "an attribute": setting("model.factor", 4.0),
    "an item of an attribute": setting("model.options['shift'][0]", 4.0),
    "a layer": setting("model.layer", nn.Layer(2, 3, seed=9)),
    "a weight": setting("model.last.w[0].data", 4.0),
    "forward of the class": on_class(Reader, lambda output: 3.0 * output),
    "forward": lambda model, _: setattr(model, "forward", MethodType(tripled_outputs, model)),
}
OF_A_MARKED_MODEL = {
    "nothing": lambda *_: None,
    "a number": setting("model.factor", 4.0),
    "the sign of zero": lambda model, _: setattr(model, "factor", -0.0),
    "a number of another kind": setting("model.factor", True),
    "an item at depth": setting("model.options['shift'][0]", 4.0),
    "an equal item of another class": setting("model.options['more']", (1, 2)),
    "an item of a tuple": setting("model.options['more']", (True, 4)),
    "an item of an array": setting("model.offset[0]", 4.0),
    "a number becomes a parameter": setting("model.factor", Value(0.7, role="parameter")),
    "a parameter becomes a number": setting("model.gain", [3.0]),
    "a parameter is replaced": setting("model.gain[0]", Value(0.7, role="parameter")),
    "a layer": setting("model.layers[0]", nn.Layer(2, 3, seed=9)),
    "a layer of a class that is not marked": setting("model.layers[0]", Tripled(2, 3, seed=9)),
    "a function": setting("model.activation", tripled),
    "a function that is not marked": setting("model.activation", lambda x: x * x),
    "a number of the class": lambda _, monkeypatch: monkeypatch.setattr(Static, "width", 7),
    "a method of the class": lambda _, monkeypatch: monkeypatch.setattr(Static, "scaled", lambda self, x: 9.0 * x),
    "the code of a method": lambda _, patch: patch.setattr(Static.scaled, "__code__", tripled_later.__code__),
    "a default of a method": lambda _, patch: patch.setattr(Static.scaled, "__defaults__", (2.5,)),
    "the code of a function": lambda _, patch: patch.setattr(doubled, "__code__", tripled.__code__),
    "a method": lambda model, _: setattr(model, "scaled", MethodType(lambda self, x: 9.0 * x, model)),
    "forward of the class": on_class(Static, lambda output: 3.0 * output),
    "p of a dropout": lambda model, _: setattr(model.dropout, "p", 0.7),
    "an object that cannot be compared": lambda model, _: setattr(model, "note", object()),
    "modes": lambda model, _: model.eval(),
}


@nn.static
class Fixed(nn.Module):
    def __init__(self):
        self.slope = Value(0.5, role="parameter")

    def forward(self, inputs):
        return [self.slope * value + 1.0 for value in inputs]


CASES = [
    pytest.param(make, change, id=f"{name}: {case}")
    for name, make, changes in (
        ("MLP", mlp, OF_AN_MLP),
        ("own", Reader, OF_A_MODEL_OF_ONES_OWN),
        ("marked", Static, OF_A_MARKED_MODEL),
    )
    for case, change in changes.items()
]


def eager(model, samples):
    return call_in_mode(False, lambda: np.array([data_of(model(sample)) for sample in samples.tolist()]))


@pytest.fixture(scope="module", autouse=True)
def _programs_of_this_module():
    """A store of its own, so that programs of other tests are neither used nor displaced."""
    patch = pytest.MonkeyPatch()
    patch.setattr(kept, "KEPT", Kept(2**28))
    yield
    patch.undo()


@pytest.mark.parametrize(("make", "change"), CASES)
def test_predictions_after_a_change_are_those_of_eager_execution(make, change, monkeypatch):
    model = make()
    for samples in (X, X[:1], X[:9]):
        model.predict(samples)
    change(model, monkeypatch)
    for samples in (X, X[:1], X[:9]):
        assert model.predict(samples) == pytest.approx(eager(model, samples), rel=1e-9, abs=1e-12)


def trained(model, *, compiled, parameters=None, optimizer=nn.SGD, loss="mse_loss", **options):
    """Trains a model, and returns the losses before and after, and the weights; the model is as it was before."""
    parameters = model.parameters() if parameters is None else parameters
    before = [parameter.data for parameter in model.parameters()]
    options = {"lr": 1e-4} | options
    history = model.fit(
        X, Y, loss=loss, optimizer=optimizer(parameters, **options), epochs=2, batch_size=30, progress=False,
        validation=(X, Y), compiled=compiled,
    )  # fmt: skip
    weights = [parameter.data for parameter in model.parameters()]
    expected = nn.LOSSES[loss](eager(model, X), Y)
    for parameter, number in zip(model.parameters(), before, strict=True):
        parameter.data = number
    return history.loss, weights, history.validation_loss[-1], expected


def check_training(model, **options):
    loss, weights, validation, expected = trained(model, compiled=True, **options)
    assert validation == pytest.approx(expected, rel=1e-9)
    reference = trained(model, compiled=False, **options)
    assert loss == pytest.approx(reference[0], rel=1e-9)
    assert weights == pytest.approx(reference[1], rel=1e-9, abs=1e-12)


# Eager execution computes such a weight once; a program does so in every step.
WITHOUT_COMPUTED = [case for case in CASES if "computed" not in case.id]


@pytest.mark.parametrize(("make", "change"), WITHOUT_COMPUTED)
def test_training_and_validation_after_a_change_are_those_of_eager_execution(make, change, monkeypatch):
    model = make()
    trained(model, compiled=True)
    change(model, monkeypatch)
    check_training(model)


@pytest.mark.parametrize(("make", "change"), CASES[::5])  # they predict, as above
def test_surfaces_and_pages_after_a_change_show_eager_execution(make, change, monkeypatch):
    model = make()

    def shown():
        (axes, *_) = plot_decision_surface(model, X, Y, resolution=3).axes
        left, right, bottom, top = axes.images[0].get_extent()
        points = np.meshgrid(np.linspace(left, right, 3), np.linspace(bottom, top, 3))
        return np.asarray(axes.images[0].get_array()).ravel(), np.stack([side.ravel() for side in points], axis=1)

    shown()
    change(model, monkeypatch)
    surface, points = shown()
    assert surface == pytest.approx(eager(model, points), rel=1e-9, abs=1e-12)


def test_a_page_shows_the_numbers_after_a_change():
    model = nn.Neuron(1, weights=[2.0])

    def page():
        return explore(model([3.0])).html

    before = page()
    model.w[0].data = 8.25
    assert "8.25" in page()
    assert "8.25" not in before


# What training depends on besides the model.

mse, bce = {"loss": "mse_loss"}, {"loss": "binary_cross_entropy_with_logits"}
SGDS = [{}, {"lr": 0.002}, {"momentum": 0.5}, {"momentum": 0.9}, {"weight_decay": 0.1}, bce]
ADAMS = [{}, {"lr": 0.002}, {"betas": (0.5, 0.6)}, {"eps": 0.1}, {"weight_decay": 0.1}]


@pytest.mark.parametrize(
    ("optimizer", "changes"), [(nn.SGD, SGDS), (nn.Adam, ADAMS), (nn.AdamW, ADAMS)], ids=["SGD", "Adam", "AdamW"]
)
def test_training_after_a_change_of_the_optimizer_or_the_loss_is_eager_training(optimizer, changes):
    model = mlp()
    for options in changes:
        check_training(model, optimizer=optimizer, **options)


def test_a_weight_that_is_computed_is_computed_again_from_what_it_depends_on():
    source = Value(0.2, role="parameter")
    model, expected = mlp(), mlp()
    neuron(model).w[0] = source.exp()
    source.data = 0.9
    neuron(expected).w[0].data = float(np.exp(0.9))
    for samples in (X, X[:1], X[:9]):
        assert model.predict(samples) == pytest.approx(expected.predict(samples), rel=1e-9)


class Halved(nn.SGD):
    """An optimizer of a user's own."""

    share = 0.5

    def update(self, w, gradient, state, lr, t):
        return w - self.share * lr * gradient, ()


def test_training_with_an_optimizer_of_ones_own_reads_its_attributes_and_its_class(monkeypatch):
    model = mlp()
    check_training(model, optimizer=Halved)
    monkeypatch.setattr(Halved, "share", 3.0)
    check_training(model, optimizer=Halved)
    monkeypatch.setattr(Halved, "update", lambda self, w, gradient, state, lr, t: (w - gradient, ()))
    check_training(model, optimizer=Halved)


def test_training_after_a_change_of_the_parameters_that_are_trained_is_eager_training():
    model = mlp()
    everything = model.parameters()
    for chosen in (everything, everything[:4], everything[4:], everything[::-1], [*everything, Value(1.0)]):
        check_training(model, parameters=chosen)


def test_training_reads_the_numbers_of_parameters_that_are_not_trained():
    model = mlp()
    first, *others = model.parameters()
    for number in (0.5, -2.0, -0.0, 0.0, 1):
        first.data = number
        check_training(model, parameters=others)


def test_training_with_a_loss_of_ones_own_reads_what_it_reads():
    model, factor = mlp(), [1.0]

    def loss(predictions, targets):
        return nn.mse_loss(predictions, targets) * factor[0]

    def first():
        before = model.state_dict()
        found = model.fit(X, Y, loss=loss, epochs=1, progress=False, optimizer=nn.SGD(model.parameters(), lr=0.0))
        assert model.state_dict() == before
        return found.loss[0]

    once = first()
    factor[0] = 3.0
    assert first() == pytest.approx(3.0 * once)


def test_the_shape_of_targets_and_the_number_of_inputs_are_part_of_a_program():
    model = Fixed()
    for width in (2, 3, 2):
        samples = np.arange(6.0).reshape(-1, width)
        assert model.predict(samples).tolist() == (0.5 * samples + 1.0).tolist()
        sgd = nn.SGD(model.parameters(), lr=0.0)
        history = model.fit(samples, samples, optimizer=sgd, epochs=1, progress=False)
        assert history.loss[0] == pytest.approx(np.mean((1.0 - 0.5 * samples) ** 2))
    outputs = nn.MLP(2, [3], seed=1)
    for targets in (np.zeros(40), np.eye(3)[np.zeros(40, dtype=int)]):  # the same classes
        history = outputs.fit(
            X, targets, loss="cross_entropy", epochs=1, progress=False, optimizer=nn.SGD(outputs.parameters(), lr=0.0)
        )
        assert history.loss[0] == pytest.approx(nn.cross_entropy(outputs(X), np.zeros(40)).data)


@pytest.mark.parametrize("moved", [False, True])
def test_a_parameter_that_is_missing_is_the_error_that_it_is_in_eager_execution(moved):
    model = mlp()
    model.predict(X)
    model.fit(X, Y, epochs=1, progress=False)
    weight = neuron(model, 1).w.pop()
    if moved:  # as many parameters as before
        neuron(model, 2).w.append(weight)
    with pytest.raises(ValueError, match="zip") as of_the_model:
        model(X[0])
    for call in (lambda: model.predict(X), lambda: model.predict(X[:1]), lambda: model.fit(X, Y, progress=False)):
        with pytest.raises(ValueError, match=re.escape(str(of_the_model.value))):
            call()


@pytest.mark.parametrize("name", ["inputs", "w", "activation", "b"])
@pytest.mark.parametrize("wrong", [[2], None, 3, {}])
def test_an_attribute_that_makes_no_sense_is_the_error_that_it_is_in_eager_execution(name, wrong):
    model = mlp()
    setattr(neuron(model), name, wrong)

    def outcome(run):
        try:
            return run()
        except Exception as error:
            return type(error), str(error)

    expected, found = outcome(lambda: eager(model, X[:2]).tolist()), outcome(lambda: model.predict(X[:2]).tolist())
    if isinstance(expected, list):  # as if a neuron takes any number of inputs
        assert found == pytest.approx(expected, rel=1e-9)
    else:
        assert found == expected
        assert outcome(lambda: model.predict(X))[0] is expected[0]
        assert outcome(lambda: model.fit(X, Y, epochs=1, progress=False))[0] is expected[0]


@pytest.mark.parametrize("wrong", ["0.5", None, 1j, np.array([0.5]), [0.5]])
def test_data_that_is_not_a_number_is_refused(wrong):
    model = mlp()
    model.predict(X)
    neuron(model).w[0].data = wrong
    with pytest.raises(TypeError):
        model.predict(X)


# That programs are kept at all.


@pytest.fixture
def no_tracing(monkeypatch):
    def refuse():
        def traced(*_, **__):
            raise AssertionError("a model was traced")

        for name in ("kept.output_routine_of", "kept.sample_routine_of", "kept.probed", "task.probed"):
            monkeypatch.setattr(f"nn.training.{name}", traced)
        monkeypatch.setattr("nn.training.compiled.sample_routine", traced)
        monkeypatch.setattr("nn.training.prediction.output_routine", traced)
        monkeypatch.setattr("nn.training.prediction._eager_outputs", traced)

    return refuse


MODELS = [
    mlp, lambda: nn.MLP(2, [3, 1], activation=doubled), Static, lambda: nn.Neuron(2), lambda: nn.Layer(2, 1),
    lambda: nn.MLP(2, [2, 2, 1], activation="relu"),
]  # fmt: skip


@pytest.mark.parametrize("make", MODELS)
def test_models_of_the_same_structure_share_programs(make, no_tracing):
    first, second = make(), make()
    first.predict(X)
    trained(first, compiled=True)
    no_tracing()
    for model in (first, second, copy.deepcopy(first), pickle.loads(pickle.dumps(first))):
        for parameter in model.parameters():
            parameter.data += 0.125
        model.predict(X)
        model.predict(X[:1])
        trained(model, compiled=True)
        trained(model, compiled=True, lr=1e-5, momentum=0.5)


def test_a_model_that_may_depend_on_anything_is_run_eagerly_on_a_few_samples_and_traced_for_more(monkeypatch):
    traced = []

    def counted(*given):
        traced.append(given)
        return output_routine(*given)

    monkeypatch.setattr("nn.training.prediction.output_routine", counted)
    model = Reader()
    for _ in range(2):
        assert model.predict(X[:29]) == pytest.approx(eager(model, X[:29]), rel=1e-9)
    assert not traced
    for _ in range(2):
        assert model.predict(X[:30]) == pytest.approx(eager(model, X[:30]), rel=1e-9)
    assert len(traced) == 2


def test_the_progress_bar_says_what_is_traced_and_compiled_only_if_it_is(monkeypatch, capsys):
    monkeypatch.setattr(kept, "KEPT", Kept(2**28))
    model = mlp()
    model.fit(X, Y, epochs=2)
    first = capsys.readouterr().err
    assert re.search(r"tracing 13 parameters: .*compiling \d+ instructions: .*training: 100%", first, re.DOTALL)
    model.fit(X, Y, epochs=2)
    second = capsys.readouterr().err
    assert "training: 100%" in second
    assert "tracing" not in second
    assert "compiling" not in second


def test_a_large_model_is_announced_with_advice_before_it_is_compiled_for_the_first_time(monkeypatch, recwarn):
    monkeypatch.setattr(kept, "KEPT", Kept(2**28))
    monkeypatch.setattr(diagnosis, "_COMPILED_PER_SECOND", 1.25)
    for options in ({"compiled": False}, {}, {}):
        mlp().fit(X, Y, epochs=1, progress=False, **options)
    (warning,) = recwarn
    assert "compiling 13 parameters takes about 10 s and 0.0 GB" in str(warning.message)
    assert "use fewer inputs or units" in str(warning.message)
    assert warning.filename == __file__


def test_a_perceptron_keeps_its_program(no_tracing):
    perceptron = nn.Perceptron(2, weights=[1.0, -1.0])
    perceptron.predict(X)
    no_tracing()
    perceptron.neuron.w[0].data = -1.0
    assert perceptron.predict([[1.0, 0.0], [-1.0, 0.0]]).tolist() == [0.0, 1.0]


def test_every_module_of_the_package_can_be_described():
    modules = {found for found in vars(nn).values() if isinstance(found, type) and issubclass(found, ModuleBase)}
    made = [nn.Neuron(2), nn.Layer(2, 1), nn.MLP(2, [1]), nn.Dropout(), nn.Perceptron(2)]
    assert {*map(type, made)} == modules - {nn.Module}
    for model in made:
        assert structure_of(model) is not None


def test_a_subclass_of_a_marked_class_is_not_marked():
    class Changed(Static):
        def forward(self, inputs):
            return FACTOR * super().forward(inputs)

    assert structure_of(Static()) is not None
    assert structure_of(Changed()) is None
    assert structure_of(nn.static(Changed)()) is not None


def test_only_classes_and_functions_are_marked():
    for wrong in (mlp(), 3, "f", None):
        with pytest.raises(TypeError, match="marks a class or a function, not"):
            nn.static(wrong)


@pytest.mark.parametrize("make", MODELS)
def test_a_model_that_is_rebuilt_from_its_key_is_equal_and_shares_nothing(make):
    model = make()
    structure = structure_of(model)
    values = [Value(value.data, role=value.role) for group in structure.groups for value in group]
    other = rebuilt(structure.key, iter(values))
    assert eager(other, X).tolist() == eager(model, X).tolist()
    assert {*other.parameters()} == {*values}
    assert {*map(id, other.parameters())}.isdisjoint(map(id, model.parameters()))
    assert structure_of(other).key == structure.key


# What is kept keeps nothing alive, and leaves no trace.


@pytest.mark.parametrize("make", [mlp, Static, Reader])
def test_a_model_is_freed_and_looks_as_if_nothing_was_kept(make):
    model, untouched = make(), make()
    model(X[0]), untouched(X[0])
    before = pickle.dumps(model)
    model.predict(X)
    trained(model, compiled=True)
    for parameter in model.parameters():
        parameter.zero_grad()
    assert vars(model).keys() == vars(untouched).keys()
    assert len(pickle.dumps(model)) == len(before)
    gone = [weakref.ref(model), *map(weakref.ref, (module for _, module in model.named_modules()))]
    del model
    gc.collect()
    assert [reference() for reference in gone] == [None] * len(gone)


def test_a_class_and_a_function_of_a_user_are_freed():
    def made():
        held = nn.MLP(2, [1])

        @nn.static
        class Local(nn.Module):
            def __init__(self):
                self.layer, self.activation = nn.Layer(2, 1), nn.static(lambda x: x * 2.0 if held else x)

            def forward(self, inputs):
                return self.activation(self.layer(inputs))

        model = Local()
        model.predict(X)
        trained(model, compiled=True)
        assert structure_of(model) is not None
        return weakref.ref(held), weakref.ref(Local), weakref.ref(model.activation)

    gone = made()
    gc.collect()
    assert [reference() for reference in gone] == [None] * 3


def test_programs_take_no_more_memory_than_the_limit(monkeypatch):
    store = Kept(60_000)
    monkeypatch.setattr(kept, "KEPT", store)
    for width in (1, 2, 3, 4, 30):
        model = nn.MLP(2, [width, 1])
        assert model.predict(X) == pytest.approx(eager(model, X), rel=1e-9, abs=1e-12)
        model.fit(X, Y, epochs=1, progress=False)
        assert store.size <= store.limit
    assert store.size > 0


# Threads.


def test_threads_share_models_and_programs(monkeypatch):
    monkeypatch.setattr(kept, "KEPT", Kept(2**28))
    models = [nn.MLP(2, [width, 1], seed=width) for width in (2, 3, 2, 4)]
    expected = [eager(model, X[:12]) for model in models]

    def work(index):
        for count in (1, 8, 12):
            for model, outputs in zip(models, expected, strict=True):
                assert model.predict(X[:count]) == pytest.approx(outputs[:count], rel=1e-9, abs=1e-12)

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(work, range(12)))


def test_a_prediction_of_a_few_samples_has_the_bits_of_a_prediction_of_many():
    model = mlp()
    many = model.predict(X)
    for count in (1, 2, 7, 8, 9, 16):
        assert model.predict(X[:count]).tolist() == many[:count].tolist()
