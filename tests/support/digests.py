"""A program that prints digests of what must have the same bits on every machine, as JSON: a dictionary by name.

With the name of a processor as its argument, such as "x86-64", machine code is generated for that one, without the
features that this machine has beyond it.
"""

import hashlib
import json
import math
import sys
from inspect import signature

import llvmlite.binding as llvm
import numpy as np

import autograd
import nn
from autograd import Value, functions
from autograd.compiler.targets import make
from autograd.compiler.training import factory
from nn.training.order import orders

OPTIMIZERS = {
    "SGD": lambda parameters: nn.SGD(parameters, lr=0.05, weight_decay=0.01),
    "momentum": lambda parameters: nn.SGD(parameters, lr=lambda epoch: 0.05 / (1 + epoch), momentum=0.9),
    "Adam": lambda parameters: nn.Adam(parameters, lr=0.05),
    "AdamW": lambda parameters: nn.AdamW(parameters, lr=0.05, betas=(0.8, 0.99)),
}


class Decaying(nn.Optimizer):
    """An optimizer whose steps shrink by functions that are not rounded correctly."""

    def update(self, w, gradient, state, lr, t):
        return w - lr * gradient * (functions.exp(-0.01 * t) + t**-0.7), ()


def digest(*arrays):
    """The digest of the bits of some numbers; all nan are the same."""
    numbers = np.concatenate([np.ravel(np.asarray(array, dtype=float)) for array in arrays])
    numbers[np.isnan(numbers)] = math.nan
    return hashlib.sha256(numbers.tobytes()).hexdigest()[:12]


def trained(optimizer, *, activation="relu", loss="mse_loss", batch_size=8, epochs=5, compiled=True):
    X, y = nn.datasets.moons(40, seed=3)
    model = nn.MLP(2, [5, 1], activation=activation, seed=1)
    options = {"loss": loss, "batch_size": batch_size, "epochs": epochs, "seed": 7, "compiled": compiled}
    history = model.fit(X, y, optimizer=optimizer(model.parameters()), progress=False, **options)
    return digest(history.loss, [parameter.data for parameter in model.parameters()], model.predict(X))


def trained_in_loops(activation):
    """Training of a network that is wide enough for its program to consist of loops."""
    chance = np.random.default_rng(5)
    X, y = chance.random((70, 19)) - 0.5, chance.integers(0, 4, 70)
    model = nn.MLP(19, [21, 18, 4], activation=activation, seed=1)
    adam = nn.Adam(model.parameters(), lr=0.01)
    history = model.fit(X, y, loss="cross_entropy", optimizer=adam, batch_size=33, epochs=4, progress=False)
    return digest(history.loss, [parameter.data for parameter in model.parameters()], model.predict(X))


class WithDropout(nn.Module):
    def __init__(self):
        self.hidden, self.dropout = nn.Layer(2, 6, activation="tanh", seed=1), nn.Dropout(0.3, seed=2)
        self.output = nn.Layer(6, 3, activation="linear", seed=3)

    def forward(self, inputs):
        return self.output(self.dropout(self.hidden(inputs)))


def machine_code():
    """What the native target computes, whatever the operations are."""
    for name, optimizer in {**OPTIMIZERS, "custom": lambda parameters: Decaying(parameters, lr=0.05)}.items():
        loss = "binary_cross_entropy_with_logits"
        yield f"native {name}", trained(optimizer, activation="tanh", loss=loss, epochs=30)
    for activation in ("tanh", "relu"):
        yield f"native wide {activation}", trained_in_loops(activation)
    model = WithDropout()
    X, y = nn.datasets.blobs(50, seed=2)
    history = model.fit(X, y, loss="cross_entropy", optimizer=nn.Adam(model.parameters()), epochs=9, progress=False)
    yield "native dropout", digest(history.loss, model.predict(X))
    chance = np.random.default_rng(0)
    large = np.ldexp(chance.random(200) + 1.0, chance.integers(-1074, 1024, 200))
    points = np.concatenate([chance.random(400) * 40.0 - 20.0, large])
    for name in functions.PRIMITIVES:
        if name not in ("add", "subtract", "multiply", "divide", "negative", "select"):
            second = [1.7] * (len(signature(getattr(functions, name)).parameters) - 1)
            f = lambda x, name=name, second=second: getattr(functions, name)(x, *second)  # noqa: E731
            program = autograd.compile(f, target="native")
            yield f"native {name}", digest(program.map(points), [program.grad(x) for x in points[::40]])


def exact_operations():
    """What other targets and plain Python compute from operations that are rounded correctly."""
    find = factory.find_spec
    for name, optimizer in OPTIMIZERS.items():
        yield f"eager {name}", trained(optimizer, compiled=False)
        yield f"machine code of exact operations {name}", trained(optimizer)
        factory.find_spec = make.find_spec = lambda package: None if package == "llvmlite" else find(package)
        for batch_size in (8, 19):  # sample by sample, and on arrays
            yield f"source {name} {batch_size}", trained(optimizer, batch_size=batch_size)
        factory.find_spec = make.find_spec = find
    w = Value(1.5, "w", role="parameter")
    total = sum(((w * (0.1 * n) - 1.0) ** 2 for n in range(999)), Value(0.0))
    for target in ("python", "numpy", "native"):
        program = autograd.compile(total, target=target)
        yield f"sum by {target}", digest(program(), program.value_and_grad()[1])


def weights(activation):
    return [parameter.data for parameter in nn.MLP(3, [4, 2], activation=activation, seed=9).parameters()]


def data():
    """Data sets, initial weights, masks, and the order of the samples."""
    for name in ("moons", "circles", "blobs", "houses", "linear", "noisy_linear"):
        X, y = getattr(nn.datasets, name)(101, seed=4)
        standardized, standardizer = nn.standardize(X)
        yield name, digest(X, y, standardized, standardizer.mean, standardizer.deviation, *nn.augment(X, y, seed=5))
    yield "initial weights", digest(*[weights(activation) for activation in ("tanh", "relu")])
    yield "masks", digest(nn.Dropout(0.3, seed=1).masks(2, 3, 50, 7))
    yield "order", digest(orders(5, range(40), 33))


def main(processor=None):
    if processor:
        llvm.get_host_cpu_name = lambda: processor
        llvm.get_host_cpu_features = lambda: llvm.FeatureMap({})
    print(json.dumps(dict([*machine_code(), *exact_operations(), *data()])))


if __name__ == "__main__":
    main(*sys.argv[1:])
