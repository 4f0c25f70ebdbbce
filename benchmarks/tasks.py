"""Training runs for the engines to compare: networks, samples, minibatches and learning rates."""

from functools import cache
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

import nn
from autograd import data_of
from nn.training.order import orders

Floats = npt.NDArray[np.float64]
Weights = list[tuple[Floats, Floats]]  # the weights and biases of each layer


@cache
def initial_weights(sizes: tuple[int, ...]) -> Weights:
    return weights_of(nn.MLP(sizes[0], list(sizes[1:]), seed=0))


def weights_of(model: nn.MLP) -> Weights:
    return [(data_of(layer.weight), data_of(layer.bias)) for layer in model.layers]


class Task(NamedTuple):
    """A training run: layer sizes, samples, targets, minibatch size (0 for the full batch), learning rate."""

    name: str
    sizes: tuple[int, ...]
    X: Floats
    y: Floats
    batch: int
    lr: float

    @property
    def classes(self) -> bool:
        return self.sizes[-1] > 1

    def model(self) -> nn.MLP:
        return nn.MLP(self.sizes[0], list(self.sizes[1:]), seed=0)

    def weights(self) -> Weights:
        """Copies of the initial weights."""
        return [(W.copy(), b.copy()) for W, b in initial_weights(self.sizes)]

    def loss(self, weights: Weights) -> float:
        """The loss of a network with those weights, over all samples."""
        outputs = forward(weights, self.X)[-1]
        if not self.classes:
            return float(((outputs[:, 0] - self.y) ** 2).mean())
        shifted = outputs - outputs.max(axis=1, keepdims=True)
        logs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
        return float(-logs[np.arange(len(self.y)), self.y.astype(int)].mean())

    def orders(self, epochs: int) -> npt.NDArray[Any]:
        """The order of the samples in each epoch, as drawn by `fit`."""
        samples = len(self.X)
        return orders(0, range(epochs), samples) if self.batch else np.tile(np.arange(samples), (epochs, 1))


def small() -> list[Task]:
    """Training on all samples at once, to 0 and 1."""
    return [
        Task("2-4-1 tanh, XOR, full batch", (2, 4, 1), *_floats(nn.datasets.xor()), 0, 0.1),
        Task("2-16-16-1 tanh, 100 moons, full batch", (2, 16, 16, 1), *_floats(nn.datasets.moons(100)), 0, 0.1),
    ]


def large(sizes: tuple[int, ...], samples: int, batch: int, lr: float) -> Task:
    """Training on random samples, with random classes if there are several outputs, else to 0 and 1."""
    rng = np.random.default_rng(0)
    X = rng.uniform(0.0, 1.0, (samples, sizes[0]))
    y = rng.integers(0, max(2, sizes[-1]), samples).astype(float)
    batches = f"minibatches of {batch}" if batch else "full batch"
    return Task(f"{'-'.join(map(str, sizes))} tanh, {samples:,} samples, {batches}", sizes, X, y, batch, lr)


def tasks() -> list[Task]:
    """Tasks from small to larger."""
    digits = (64, 32, 10)
    return [*small(), large(digits, 1797, 32, 0.01), large(digits, 1797, 0, 0.1)]


def forward(weights: Weights, X: Floats) -> list[Floats]:
    """The activations of each layer, in NumPy."""
    activations = [X]
    for depth, (W, b) in enumerate(weights):
        Z = activations[-1] @ W.T + b
        activations.append(np.tanh(Z) if depth < len(weights) - 1 else Z)
    return activations


def _floats(data: nn.datasets.Dataset) -> tuple[Floats, Floats]:
    return data.X.astype(float), data.y.astype(float)
