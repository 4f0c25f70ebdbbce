"""A language model on scalars: one class of numbers, lists and plain loops.

It learns letters one after another, as a GPT does: embeddings of token and position, root-mean-square normalization,
attention of several heads over the keys and values so far, a hidden layer, and a probability for each next token.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import numpy as np

import autograd

LETTERS = "abcdefghijklmnopqrstuvwxyz"
BOUNDARY = len(LETTERS)  # the token before the first letter and after the last
VOCABULARY = len(LETTERS) + 1

WIDTH, HEADS, POSITIONS = 16, 4, 16

Weights = dict[str, list[list[Any]]]


def names(count: int, seed: int = 0) -> list[str]:
    """Invents names of three to six letters: consonants and vowels in turn, some more frequent than others."""
    generator = random.Random(seed)
    consonants, vowels = "bbcddffghjkkllllmmmmnnnnnpqrrrrssssttttvwxyz", "aaaaaeeeeeiiiiooouuy"

    def name() -> str:
        first, length = generator.choice((0, 0, 1)), generator.choice((3, 4, 5, 5, 6))
        return "".join(generator.choice((consonants, vowels)[place % 2]) for place in range(first, first + length))

    return [name() for _ in range(count)]


def tokens_of(name: str) -> list[int]:
    """The tokens of a name, with its boundaries."""
    return [BOUNDARY, *map(LETTERS.index, name), BOUNDARY]


def new_weights(number: Callable[[float], Any], width: int = WIDTH, seed: int = 0) -> Weights:
    """Random weights, each of them made by `number`: 4,192 for a width of 16."""
    generator = random.Random(seed)

    def matrix(rows: int, columns: int) -> list[list[Any]]:
        return [[number(generator.gauss(0.0, 0.08)) for _ in range(columns)] for _ in range(rows)]

    return {
        "token": matrix(VOCABULARY, width),
        "position": matrix(POSITIONS, width),
        "query": matrix(width, width),
        "key": matrix(width, width),
        "value": matrix(width, width),
        "join": matrix(width, width),
        "up": matrix(4 * width, width),
        "down": matrix(width, 4 * width),
        "output": matrix(VOCABULARY, width),
    }


def dot(a: Sequence[Any], b: Sequence[Any]) -> Any:
    return sum(x * y for x, y in zip(a, b, strict=True))


def linear(x: Sequence[Any], rows: Sequence[Sequence[Any]]) -> list[Any]:
    return [dot(row, x) for row in rows]


def columns(rows: Sequence[Sequence[Any]]) -> list[Any]:
    return [*zip(*rows, strict=True)]


def normalized(x: Sequence[Any]) -> list[Any]:
    scale = (dot(x, x) * (1.0 / len(x)) + 1e-5) ** -0.5
    return [number * scale for number in x]


def softmax(logits: Sequence[Any]) -> list[Any]:
    powers = [logit.exp() for logit in logits]  # overflows for logits above 709, which training would have to reach
    scale = sum(powers) ** -1
    return [power * scale for power in powers]


def next_token(
    weights: Weights, token: Any, position: int, keys: list[Any], values: list[Any], heads: int
) -> list[Any]:
    """Returns the probability of each next token, and appends to the lists of keys and values.

    A token is its number, or, as an input of a program, a list of zeros and a one.
    """
    embedding = weights["token"][token] if isinstance(token, int) else linear(token, columns(weights["token"]))
    x = normalized([a + b for a, b in zip(embedding, weights["position"][position], strict=True)])

    inner = normalized(x)
    query = linear(inner, weights["query"])
    keys.append(linear(inner, weights["key"]))
    values.append(linear(inner, weights["value"]))
    size = len(x) // heads
    attended = []
    for start in range(0, len(x), size):
        head = slice(start, start + size)
        attention = softmax([dot(query[head], key[head]) * size**-0.5 for key in keys])
        attended += linear(attention, columns([value[head] for value in values]))
    x = [a + b for a, b in zip(x, linear(attended, weights["join"]), strict=True)]

    hidden = [number.relu() for number in linear(normalized(x), weights["up"])]
    x = [a + b for a, b in zip(x, linear(hidden, weights["down"]), strict=True)]
    return softmax(linear(x, weights["output"]))


def loss_of(weights: Weights, tokens: Sequence[Any], heads: int = HEADS) -> Any:
    """Returns the mean negative log-likelihood of each token, given those before it."""
    keys: list[Any] = []
    values: list[Any] = []
    losses = []
    for position, (token, target) in enumerate(pairwise(tokens)):
        probabilities = next_token(weights, token, position, keys, values, heads)
        probability = probabilities[target] if isinstance(target, int) else dot(target, probabilities)
        losses.append(-probability.log())
    return sum(losses) * (1.0 / len(losses))


def one_hot(token: int) -> list[float]:
    return [float(token == other) for other in range(VOCABULARY)]


def invented_name(weights: Weights, seed: int, heads: int = HEADS) -> str:
    """Draws a name, letter by letter, from the probabilities of the model; the weights are numbers with `exp`."""
    generator = random.Random(seed)
    token, letters = BOUNDARY, ""
    keys: list[Any] = []
    values: list[Any] = []
    for position in range(POSITIONS):
        probabilities = [p.data for p in next_token(weights, token, position, keys, values, heads)]
        token = generator.choices(range(VOCABULARY), probabilities)[0]
        if token == BOUNDARY:
            break
        letters += LETTERS[token]
    return letters


class Adam:
    """The optimizer, for parameters that are numbers as much as for arrays of them."""

    def __init__(self, parameters: list[Any], steps: int, lr: float = 0.01) -> None:
        self.parameters, self.steps, self.lr = parameters, steps, lr
        self.m = [0.0] * len(parameters)
        self.v = [0.0] * len(parameters)
        self.t = 0

    def step(self) -> None:
        lr = self.lr * (1.0 - self.t / self.steps)
        self.t += 1
        for index, p in enumerate(self.parameters):
            self.m[index] = 0.85 * self.m[index] + 0.15 * p.grad
            self.v[index] = 0.99 * self.v[index] + 0.01 * p.grad**2
            m = self.m[index] / (1.0 - 0.85**self.t)
            v = self.v[index] / (1.0 - 0.99**self.t)
            p.data -= lr * m / (v**0.5 + 1e-8)
            p.grad = 0.0


def eager_steps(weights: Weights, names: Sequence[str], steps: int) -> Iterator[float]:
    """Trains on one name a step, and yields each loss. The weights are of any class of numbers with `backward`."""
    optimizer = Adam([p for matrix in weights.values() for row in matrix for p in row], steps)
    for step in range(steps):
        loss = loss_of(weights, tokens_of(names[step % len(names)]))
        loss.backward()
        optimizer.step()
        yield loss.data


def compiled_steps(weights: dict[str, Any], names: Sequence[str], steps: int) -> Iterator[float]:
    """Does the same with compiled value and gradient: one program for each length of a name, with tokens as inputs.

    The weights are NumPy arrays, which are changed in place.
    """
    program = autograd.compile(loss_of)
    matrices = [SimpleNamespace(data=matrix, grad=0.0) for matrix in weights.values()]
    optimizer = Adam(matrices, steps)
    for step in range(steps):
        tokens = np.array([one_hot(token) for token in tokens_of(names[step % len(names)])])
        loss, gradients = program.value_and_grad(weights, tokens)
        for matrix, gradient in zip(matrices, gradients.values(), strict=True):
            matrix.grad = gradient
        optimizer.step()
        yield loss
