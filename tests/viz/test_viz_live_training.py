"""The programs and the loop of the live page compute what `fit` does."""

import json
from contextlib import closing

import numpy as np
import pytest
from py_mini_racer import MiniRacer

import autograd
import nn
from autograd import Value
from nn.training.task import checked_task
from viz.pages.live_payload import DataSet, live_payload

XOR, MOONS, BLOBS = nn.datasets.xor(), nn.datasets.moons(100), nn.datasets.blobs(60)
HOUSES = nn.datasets.houses(50)
SCALED = nn.standardize(HOUSES.X)[0], nn.standardize(HOUSES.y)[0]


class Gated(nn.Module):
    """A model of a user's own."""

    def __init__(self):
        self.gate, self.body = nn.Neuron(2, activation="sigmoid", seed=1), nn.MLP(2, [3, 1], seed=2)

    def forward(self, x):
        return self.gate(x) * self.body(x)


def mlp(sizes, inputs=2, **options):
    return nn.MLP(inputs, sizes, seed=1, **options)


def run(name, model, data, **options):
    return pytest.param(model, data, options, id=name)


RUNS = [
    run("xor-tanh-sgd", mlp([4, 1]), XOR),
    run("xor-sigmoid-cross-entropy", mlp([4, 1], output_activation="sigmoid"), XOR, loss="binary_cross_entropy"),
    run("moons-relu-adam-minibatch", mlp([8, 1], activation="relu"), MOONS, lr=0.01, by=nn.Adam, batch_size=10),
    run("moons-momentum-minibatch", mlp([6, 6, 1]), MOONS, momentum=0.9, lr=0.02, batch_size=16, seed=5),
    run("moons-weight-decay", mlp([4, 1]), MOONS, weight_decay=0.01, momentum=0.5, batch_size=32),
    run("moons-adamw", mlp([4, 1]), MOONS, by=nn.AdamW, lr=0.02, batch_size=30),
    run("moons-hinge", mlp([5, 1]), (MOONS.X, 2 * MOONS.y - 1), loss="hinge_loss", lr=0.05),
    run("moons-l1", mlp([4, 1]), MOONS, l1=0.003),
    run("moons-l2-adam", mlp([4, 1]), MOONS, l2=0.01, by=nn.Adam, lr=0.01, batch_size=25),
    run("moons-l1-and-l2-momentum", mlp([4, 1]), MOONS, l1=0.001, l2=0.002, momentum=0.9, lr=0.01),
    run("blobs-classes", mlp([6, 3]), BLOBS, loss="cross_entropy", by=nn.Adam, lr=0.02, batch_size=7, seed=11),
    run("moons-loops", mlp([20, 20, 1], activation="relu"), MOONS, lr=0.05, batch_size=20),
    run("houses-regression", mlp([5, 1], inputs=3, activation="gelu"), SCALED, batch_size=50, lr=0.05),
    run("neuron", nn.Neuron(2, activation="sigmoid"), MOONS, loss="binary_cross_entropy", lr=1.0),
    run("layer", nn.Layer(2, 3), BLOBS, loss="cross_entropy", lr=0.5),
    run("a-model-of-ones-own", Gated(), MOONS, lr=0.1, batch_size=40),
]


def optimizer_of(model, by=nn.SGD, lr=0.1, momentum=None, weight_decay=None, **others):
    options = {"momentum": momentum, "weight_decay": weight_decay}
    return by(model.parameters(), lr=lr, **{name: option for name, option in options.items() if option is not None})


def start_of(model):
    """The weights of a model at its first use. The model is kept, because the id of another may be the same later."""
    return STARTS.setdefault(id(model), (model, numbers(model)))[1]


def fresh(model):
    """Sets a model to the weights of its first use."""
    for parameter, number in zip(model.parameters(), start_of(model), strict=True):
        parameter.data = number
    return model


STARTS = {}  # by identity, with the model, so that no other gets its identity


def numbers(model):
    return [parameter.data for parameter in model.parameters()]


def fitted(model, data, options, epochs):
    """The weights and the losses after a training run in Python."""
    factors = options.get("l1", 0.0), options.get("l2", 0.0)
    loss = plain = options.get("loss", "mse_loss")
    if any(factors):

        def loss(predictions, targets):
            penalties = factors[0] * nn.l1_penalty(model) + factors[1] * nn.l2_penalty(model)
            return nn.LOSSES[plain](predictions, targets) + penalties

    history = fresh(model).fit(
        *data,
        loss=loss,
        optimizer=optimizer_of(model, **options),
        epochs=epochs,
        batch_size=options.get("batch_size"),
        seed=options.get("seed", 0),
        validation=options.get("validation"),
        progress=False,
    )
    return numbers(model), history


def payload(model, data, options, *, networks=(), sets=()):
    task = checked_task(
        fresh(model),
        *data,
        loss=options.get("loss", "mse_loss"),
        optimizer=options.get("optimizer") or optimizer_of(model, **options),
        epochs=1,
        batch_size=options.get("batch_size"),
        seed=options.get("seed", 0),
        validation=options.get("validation"),
        callbacks=(),
        record=0,
        compiled=True,
    )
    given = DataSet("given", task.samples, task.targets, task.validation)
    return live_payload(task, [given, *sets], [("given", model), *networks])


SETUP = """
const rowsOf = (samples, targets) => Float64Array.from(samples.flatMap((x, n) => [...x, ...targets[n]]));
function started({ set = live.sets[0], network = 0, ...others } = {}) {
  const trainer = new Trainer(networks, optimizers, penaltySlope);
  const { weights, penalized } = live.networks[network];
  const { samples, targets, heldOut } = set;
  const held = heldOut && rowsOf(heldOut.map(([x]) => x), heldOut.map(([, y]) => y));
  const columns = samples[0].length + targets[0].length;
  trainer.load({ ...live.start, network, weights, penalized, l1: 0, l2: 0, rows: rowsOf(samples, targets), columns,
    heldOut: held, ...others });
  return trainer;
}
const shown = ({ weights, snapshot }) => ({ ...snapshot, weights: [...weights] });
"""


def trained(made, body):
    """What a script returns, with the programs of a payload and its data as `live`."""
    with closing(MiniRacer()) as engine:
        engine.eval(made.javascript)
        engine.eval(f"const live = {json.dumps(made.data)};{SETUP}")
        return json.loads(engine.eval(f"JSON.stringify((() => {{ {body} }})())"))


def after(options, epochs):
    factors = {name: options[name] for name in ("l1", "l2") if name in options}
    return f"""const trainer = started({json.dumps(factors)});
        for (let epoch = 0; epoch < {epochs}; epoch += 1) trainer.trainEpoch();
        return shown(trainer);"""


@pytest.mark.parametrize(("model", "data", "options"), RUNS)
def test_weights_and_losses_are_those_of_fit_after_100_epochs(model, data, options):
    made = payload(model, data, options)
    start = numbers(model)
    found = trained(made, after(options, 100))
    weights, history = fitted(model, data, options, 100)
    assert found["weights"] == pytest.approx(weights, rel=1e-9, abs=1e-9)
    assert np.abs(np.subtract(weights, start)).max() > 0.01
    assert [epoch for epoch, _, _ in found["points"]] == list(range(100))
    if not {"l1", "l2"} & options.keys():  # the page leaves penalties out of the loss
        assert [loss for _, loss, _ in found["points"]] == pytest.approx(history.loss, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize(
    ("model", "data", "options"), [each for each in RUNS if not {"by", "l1", "l2", "momentum"} & each.values[2].keys()]
)
def test_the_gradient_of_a_step_is_right_to_1e_12_of_the_sum_of_contributions(model, data, options):
    made = payload(model, data, options)
    start, rate = np.array(numbers(model)), options.get("lr", 0.1)
    found = trained(made, "const trainer = started(); trainer.step(); return shown(trainer);")
    samples, targets = np.asarray(data[0]), np.asarray(data[1])
    size = min(options.get("batch_size") or len(samples), len(samples))
    chosen = nn.training.order.minibatches(options.get("seed", 0), 0, len(samples), size)[0]
    gradients = []
    for n in chosen:
        model.zero_grad()
        nn.LOSSES[options.get("loss", "mse_loss")]([model(samples[n].tolist())], targets[n : n + 1]).backward()
        gradients.append([parameter.grad for parameter in model.parameters()])
    expected, contributions = np.mean(gradients, axis=0), np.abs(gradients).mean(axis=0)
    gradient = (start - found["weights"]) / rate
    rounding = np.finfo(float).eps * np.abs(start) / rate  # of the difference
    assert (np.abs(gradient - expected) <= 1e-12 * contributions + 2 * rounding).all()


def test_the_loss_of_held_out_samples_is_the_validation_loss_of_fit():
    options = {"validation": nn.datasets.moons(30, seed=9), "batch_size": 20, "by": nn.Adam, "lr": 0.02}
    model = mlp([5, 1])
    found = trained(payload(model, MOONS, options), after(options, 40))
    _, history = fitted(model, MOONS, options, 40)
    assert [held for _, _, held in found["points"]] == pytest.approx(history.validation_loss, rel=1e-9)


def test_a_setting_may_change_while_it_trains():
    """Learning rate, batch size and optimizer, as calls of `fit` with the same seed would."""
    model = mlp([4, 1])
    made = payload(model, MOONS, {})
    adam = made.data["optimizers"].index("Adam")
    found = trained(
        made,
        f"""const trainer = started();
        for (let n = 0; n < 5; n += 1) trainer.trainEpoch();
        trainer.change({{ rate: 0.5 }});
        for (let n = 0; n < 5; n += 1) trainer.trainEpoch();
        trainer.change({{ optimizer: {adam}, rate: 0.01 }});
        for (let n = 0; n < 5; n += 1) trainer.trainEpoch();
        return shown(trainer);""",
    )
    fresh(model).fit(*MOONS, optimizer=nn.SGD(model.parameters(), lr=0.1), epochs=5, progress=False)
    model.fit(*MOONS, optimizer=nn.SGD(model.parameters(), lr=0.5), epochs=5, progress=False)
    model.fit(*MOONS, optimizer=nn.Adam(model.parameters(), lr=0.01), epochs=5, progress=False)
    assert found["weights"] == pytest.approx(numbers(model), rel=1e-12)
    assert found["epoch"] == 15


@pytest.mark.parametrize("decay", [0.0, 0.01])
def test_a_momentum_is_a_setting_and_changes_keep_the_velocity(decay):
    model = mlp([4, 1])
    made = payload(model, MOONS, {"weight_decay": decay, "batch_size": 20})
    found = trained(
        made,
        """const trainer = started();
        for (const momentum of [0, 0.9, 0.123]) {
          trainer.change({ momentum });
          for (let n = 0; n < 5; n += 1) trainer.trainEpoch();
        }
        return shown(trainer);""",
    )
    fresh(model)
    sgd = optimizer_of(model, momentum=0.5, weight_decay=decay)
    orders = [order for epoch in range(15) for order in nn.training.order.minibatches(0, epoch, 100, 20)]
    for n, order in enumerate(orders):
        sgd.momentum = [0.0, 0.9, 0.123][n // 25]
        model.zero_grad()
        nn.mse_loss([model(x) for x in MOONS.X[order].tolist()], MOONS.y[order]).backward()
        sgd.step()
    assert found["weights"] == pytest.approx(numbers(model), rel=1e-9)


def test_other_samples_begin_the_epoch_again():
    made = payload(mlp([4, 1]), MOONS, {"batch_size": 30})
    body = """const trainer = started();
        trainer.step(); trainer.step();
        const before = [trainer.epoch, trainer.position];
        trainer.change({ rows: trainer.rows.slice(0, 50 * trainer.columns) });
        const between = [trainer.epoch, trainer.position];
        trainer.trainEpoch();
        return [before, between, [trainer.epoch, trainer.steps], trainer.curve.points.length];"""
    assert trained(made, body) == [[0, 60], [0, 0], [1, 4], 1]


def test_a_step_that_would_not_be_finite_is_not_made():
    model = mlp([4, 1], activation="relu")
    found = trained(
        payload(model, MOONS, {"lr": 1e6}),
        """const trainer = started();
        let before = null;
        for (let n = 0; n < 1000 && !trainer.fault; n += 1) { before = [...trainer.weights]; trainer.step(); }
        return { ...shown(trainer), before };""",
    )
    assert found["fault"]["number"] is None  # inf or nan, which JSON does not have
    assert found["weights"] == found["before"]
    assert found["steps"] == found["fault"]["epoch"]
    with pytest.raises(autograd.NonFiniteError, match=f"epoch {found['fault']['epoch']} "):
        fitted(model, MOONS, {"lr": 1e6}, 1000)


def test_without_samples_nothing_is_trained():
    body = "const t = started({ rows: new Float64Array(0) }); t.step(); t.trainEpoch(); return [t.steps, t.epoch];"
    assert trained(payload(mlp([2, 1]), XOR, {}), body) == [0, 0]


def test_a_long_curve_keeps_evenly_spaced_epochs_and_the_last():
    points = trained(payload(mlp([2, 1]), XOR, {}), after({}, 4321))["points"]
    epochs = [epoch for epoch, _, _ in points]
    assert len(epochs) <= 1002
    assert epochs[-1] == 4320
    assert set(np.diff(epochs[:-1])) == {epochs[1]}


def test_an_optimizer_that_has_made_steps_goes_on_from_there():
    model = mlp([4, 1])
    fresh(model)
    adam = nn.Adam(model.parameters(), lr=0.05)
    model.fit(*MOONS, optimizer=adam, epochs=7, progress=False)
    STARTS[id(model)] = model, numbers(model)
    made = payload(model, MOONS, {"optimizer": adam})
    found = trained(made, after({}, 10))
    model.fit(*MOONS, optimizer=adam, epochs=10, progress=False)
    assert found["weights"] == pytest.approx(numbers(model), rel=1e-12)


@pytest.mark.parametrize("activation", ["tanh", "sigmoid", "relu", "leaky_relu", "gelu", "linear"])
def test_the_numbers_of_neurons_are_their_sums_outputs_and_slopes(activation):
    model = mlp([3, 3], activation=activation)
    sample = [0.3, -0.8]
    found = trained(
        payload(model, BLOBS, {"loss": "cross_entropy"}),
        f"""const [network] = networks, out = new Float64Array(12);
        network.neurons(Float64Array.from({sample}), Float64Array.from(live.networks[0].weights), out);
        return [[...out], [0, 1, 2].map((n) => network.slopes[0](out[n])), network.slopes[1](5)];""",
    )
    out, slopes, last = found
    hidden = [
        Value(sum(w.data * x for w, x in zip(n.w, sample, strict=True)) + n.b.data) for n in model.layers[0].neurons
    ]
    outputs = [neuron.activation(z) for neuron, z in zip(model.layers[0].neurons, hidden, strict=True)]
    for output in outputs:
        output.backward()
    assert out[:3] == pytest.approx([z.data for z in hidden], rel=1e-12)
    assert out[6:9] == pytest.approx([output.data for output in outputs], rel=1e-12, abs=1e-15)
    assert out[9:] == out[3:6]  # the last layer is linear
    assert slopes == pytest.approx([z.grad for z in hidden], rel=1e-12, abs=1e-15)
    assert last == 1.0
