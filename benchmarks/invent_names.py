"""The language model, trained on given names in batches: a program for names of all lengths, and new names.

Run it as `python -m benchmarks.invent_names [--steps N]`.
"""

import argparse
import random
import time
from collections.abc import Iterator, Sequence
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import numpy as np

import autograd
from autograd import Value
from benchmarks import gpt
from nn import datasets

AXES = (None, 0, 0, 0)  # the weights are the same for all names of a batch


def padded(names: Sequence[str], predictions: int) -> list[Any]:
    """Returns inputs, targets and shares in the loss of names that are all filled up to a number of predictions.

    Inputs and targets are lists of zeros and a one. The share is 1/n for a name of n predictions, and 0 for the rest.
    """
    tokens = [gpt.tokens_of(name) for name in names]
    hot = np.array(
        [[gpt.one_hot(t) for t in of_name + [gpt.BOUNDARY] * (predictions + 1 - len(of_name))] for of_name in tokens]
    )
    counts = np.array([[len(of_name) - 1] for of_name in tokens])
    return [hot[:, :-1], hot[:, 1:], (np.arange(predictions) < counts) / counts]


def padded_loss(weights: gpt.Weights, inputs: Any, targets: Any, shares: Any, heads: int = gpt.HEADS) -> Any:
    """Returns the loss of a padded name, which is that of the name."""
    keys: list[Any] = []
    values: list[Any] = []
    losses = []
    for position, (token, target, share) in enumerate(zip(inputs, targets, shares, strict=True)):
        probabilities = gpt.next_token(weights, token, position, keys, values, heads)
        losses.append(-gpt.dot(target, probabilities).log() * share)
    return sum(losses)


def batched_steps(
    weights: dict[str, Any], names: Sequence[str], steps: int, size: int = 32, lr: float = 0.01, seed: int = 0
) -> Iterator[float]:
    """Trains on several names a step, drawn at random, with one program for names of all lengths.

    The weights are NumPy arrays, which are changed in place.
    """
    program = autograd.compile(padded_loss)
    samples = padded(names, max(map(len, names)) + 1)
    generator = np.random.default_rng(seed)
    matrices = [SimpleNamespace(data=matrix, grad=0.0) for matrix in weights.values()]
    optimizer = gpt.Adam(matrices, steps, lr)
    for _ in range(steps):
        rows = generator.integers(0, len(names), size)
        batch = [array[rows] for array in samples]
        loss, gradients = program.value_and_grad.map(weights, *batch, in_axes=AXES, reduction="mean")
        for matrix, gradient in zip(matrices, gradients.values(), strict=True):
            matrix.grad = gradient
        optimizer.step()
        yield float(loss)


def with_values(weights: dict[str, Any]) -> gpt.Weights:
    """Returns arrays of weights as lists of Values."""
    return {name: [[*map(Value, row)] for row in matrix.tolist()] for name, matrix in weights.items()}


def loss_of_pairs(learned: Sequence[str], others: Sequence[str]) -> float:
    """Returns the loss of other names by counting pairs: how often each token follows each one in the learned names.

    Each count begins at 0.1, so that no pair is impossible.
    """
    counts = np.full((gpt.VOCABULARY, gpt.VOCABULARY), 0.1)
    for name in learned:
        for now, following in pairwise(gpt.tokens_of(name)):
            counts[now, following] += 1.0
    losses = -np.log(counts / counts.sum(axis=1, keepdims=True))
    return float(np.mean([np.mean([losses[pair] for pair in pairwise(gpt.tokens_of(name))]) for name in others]))


def train_and_invent(steps: int, width: int, seed: int, held_out: int = 150, reports: int = 10) -> None:
    """Trains on given names, of which it puts some aside, and prints its progress and what it invents."""
    known = datasets.names()
    random.Random(seed).shuffle(known)
    others, learned = known[:held_out], known[held_out:]
    print(f"counting pairs of letters: loss of names put aside {loss_of_pairs(learned, others):.3f}")
    weights: dict[str, Any] = {name: np.array(matrix) for name, matrix in gpt.new_weights(float, width, seed).items()}
    loss_aside, aside = autograd.compile(padded_loss), padded(others, max(map(len, known)) + 1)
    start, recent = time.perf_counter(), []
    for step, loss in enumerate(batched_steps(weights, learned, steps, seed=seed), 1):
        recent.append(loss)
        if step % max(steps // reports, 1) == 0:
            unseen = loss_aside.map(weights, *aside, in_axes=AXES, reduction="mean")
            losses = f"loss {np.mean(recent):.3f}, of names put aside {unseen:.3f}"
            invented = [gpt.invented_name(with_values(weights), k) for k in range(6)]
            print(f"{time.perf_counter() - start:6.1f} s {step:8,} steps  {losses}  {' '.join(invented)}", flush=True)
            recent.clear()
    final = with_values(weights)
    invented = [gpt.invented_name(final, k) for k in range(100)]
    print(*invented)
    print(f"{sum(name not in known for name in invented)} of {len(invented)} are not among the {len(known):,} names")


def main() -> None:
    parser = argparse.ArgumentParser(description="Trains a language model on given names, and invents new ones.")
    parser.add_argument("--steps", type=int, default=20_000, help="steps of training, 32 names each")
    parser.add_argument("--width", type=int, default=gpt.WIDTH, help="numbers in an embedding, a multiple of 4")
    parser.add_argument("--seed", type=int, default=0, help="of the weights, and of the order of the names")
    options = parser.parse_args()
    train_and_invent(options.steps, options.width, options.seed)


if __name__ == "__main__":
    main()
