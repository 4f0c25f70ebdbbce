"""Formulas of numbers of any class, whose graphs are large: an attention block, and a network on many samples."""

import math
import random
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

Matrix = list[list[Any]]


class Workload(NamedTuple):
    """A formula: `parameters(V)` creates the leaves to differentiate, `loss(V, parameters)` the graph over them."""

    name: str
    parameters: Callable[[Any], list[Any]]
    loss: Callable[[Any, list[Any]], Any]


def linear(x: list[Any], weights: Matrix) -> list[Any]:
    return [sum(w * v for w, v in zip(row, x, strict=True)) for row in weights]


def softmax(logits: list[Any]) -> list[Any]:
    powers = [logit.exp() for logit in logits]
    total = sum(powers)
    return [power / total for power in powers]


def normalized(x: list[Any]) -> list[Any]:
    """x divided by its root mean square, as in RMSNorm."""
    scale = (sum(v * v for v in x) * (1.0 / len(x)) + 1e-5) ** -0.5
    return [v * scale for v in x]


def matrices(flat: list[Any], shapes: list[tuple[int, int]]) -> list[Matrix]:
    rest: Iterator[Any] = iter(flat)
    return [[[next(rest) for _ in range(columns)] for _ in range(rows)] for rows, columns in shapes]


def attention(tokens: int = 8, width: int = 16, heads: int = 4) -> Workload:
    """A block of a tiny GPT: causal attention with several heads, then an MLP, each with a residual connection."""
    shapes = [(width, width)] * 4 + [(2 * width, width), (width, 2 * width)]
    numbers = random.Random(0)
    start = [numbers.gauss(0.0, 0.2) for rows, columns in shapes for _ in range(rows * columns)]
    samples = [[numbers.gauss(0.0, 1.0) for _ in range(width)] for _ in range(tokens)]
    size = width // heads

    def loss(number: Any, parameters: list[Any]) -> Any:
        w_query, w_key, w_value, w_out, w_up, w_down = matrices(parameters, shapes)
        x = [[number(v) for v in row] for row in samples]
        normal = [normalized(row) for row in x]
        queries, keys, values = ([linear(row, w) for row in normal] for w in (w_query, w_key, w_value))
        outputs = []
        for t in range(tokens):
            mixed = []
            for head in range(heads):
                part = slice(head * size, (head + 1) * size)
                logits = [
                    sum(q * k for q, k in zip(queries[t][part], keys[u][part], strict=True)) * size**-0.5
                    for u in range(t + 1)
                ]
                weights = softmax(logits)
                mixed += [
                    sum(w * values[u][channel] for u, w in enumerate(weights))
                    for channel in range(part.start, part.stop)
                ]
            middle = [a + b for a, b in zip(linear(mixed, w_out), x[t], strict=True)]
            hidden = [v.relu() for v in linear(normalized(middle), w_up)]
            outputs += [a + b for a, b in zip(linear(hidden, w_down), middle, strict=True)]
        return sum(v * v for v in outputs) * (1.0 / len(outputs))

    return Workload("attention block", lambda number: [number(v) for v in start], loss)


def mlp(samples: int = 100) -> Workload:
    """2-16-16-1 with ReLU on two moons, squared error with targets ±1: micrograd's demo, one graph for all samples."""
    shapes = [(16, 3), (16, 17), (1, 17)]  # the last column is the bias
    numbers = random.Random(0)
    start = [numbers.gauss(0.0, columns**-0.5) for rows, columns in shapes for _ in range(rows * columns)]
    moons = []
    for index in range(samples):
        side, angle = index % 2, math.pi * numbers.random()
        x = (math.cos(angle), math.sin(angle)) if side else (1.0 - math.cos(angle), 0.5 - math.sin(angle))
        moons.append(([v + numbers.gauss(0.0, 0.1) for v in x], 2.0 * side - 1.0))

    def affine(x: list[Any], weights: Matrix) -> list[Any]:
        return [sum((w * v for w, v in zip(row, x, strict=False)), row[-1]) for row in weights]

    def loss(number: Any, parameters: list[Any]) -> Any:
        first, second, last = matrices(parameters, shapes)
        errors = []
        for x, y in moons:
            hidden = [v.relu() for v in affine([number(v) for v in x], first)]
            hidden = [v.relu() for v in affine(hidden, second)]
            errors.append((affine(hidden, last)[0] + -y) ** 2)
        return sum(errors) * (1.0 / samples)

    return Workload(f"MLP 2-16-16-1, {samples} moons", lambda number: [number(v) for v in start], loss)
