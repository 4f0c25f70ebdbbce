"""Time and memory of recording and differentiating a graph: this engine, micrograd, and one of slots and tuples.

    python -m benchmarks.eager --rounds 15

Every engine runs the same formula of + * / ** exp relu on the same numbers. The engines take turns, and the best round
of each counts, separately for forward and backward. The garbage collector stays on, as it does for users. Memory is
what tracemalloc attributes to a graph, leaves included, after forward and backward.
"""

import argparse
import gc
import math
import random
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import autograd
from benchmarks import slots_engine
from benchmarks.cores import pure_value
from benchmarks.rounds import check_agreement, present, print_table, times

Matrix = list[list[Any]]


class Engine(NamedTuple):
    """How an engine creates a number, and how it returns the operands of one."""

    number: Callable[[float], Any]
    operands: Callable[[Any], Any]


class Workload(NamedTuple):
    """A formula: `parameters(V)` creates the leaves to differentiate, `loss(V, parameters)` the graph over them."""

    name: str
    parameters: Callable[[Any], list[Any]]
    loss: Callable[[Any, list[Any]], Any]


class Cost(NamedTuple):
    """The cost of a graph for an engine, in seconds and bytes, and the loss and gradients that it computed."""

    nodes: int
    forward: float  # seconds
    backward: float
    memory: int  # bytes
    loss: float
    gradients: list[float]


def engines() -> dict[str, Engine | None]:
    """All engines by name, this one first; None if one is not installed, or this one has no compiled core."""
    makers = {
        "autograd": lambda: Engine(autograd.Value, lambda v: v.operands),
        "autograd, without the compiled core": lambda: Engine(pure_value(), lambda v: v.operands),
        "slots and tuples": lambda: Engine(slots_engine.Value, lambda v: v.children),
        "micrograd": micrograd,
    }
    return present(makers)


def micrograd() -> Engine:
    """micrograd, plus the `exp` that it lacks."""
    from micrograd.engine import Value as Micrograd

    def exp(self: Any) -> Any:  # in the style of micrograd's own operations
        out = Micrograd(math.exp(self.data), (self,), "exp")

        def _backward() -> None:
            self.grad += out.data * out.grad

        out._backward = _backward
        return out

    if not hasattr(Micrograd, "exp"):
        Micrograd.exp = exp
    return Engine(Micrograd, lambda v: v._prev)


# The workloads.


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


# Measuring.


def node_count(engine: Engine, root: Any) -> int:
    seen, waiting = {root}, [root]
    while waiting:
        new = set(engine.operands(waiting.pop())) - seen
        seen |= new
        waiting += new
    return len(seen)


def timed(engine: Engine, work: Workload) -> tuple[float, float]:
    """Returns the seconds taken by one forward and one backward pass."""
    parameters = work.parameters(engine.number)
    start = time.perf_counter()
    loss = work.loss(engine.number, parameters)
    middle = time.perf_counter()
    loss.backward()
    return middle - start, time.perf_counter() - middle


def measure(found: dict[str, Engine], work: Workload, rounds: int) -> dict[str, Cost]:
    """Returns the cost of the graph for each engine: times are the best of all rounds, memory is measured once."""
    passes: dict[str, list[tuple[float, float]]] = {name: [] for name in found}
    for _ in range(rounds):
        for name, engine in found.items():
            gc.collect()
            passes[name].append(timed(engine, work))
    costs = {}
    for name, engine in found.items():
        gc.collect()
        tracemalloc.start()
        parameters = work.parameters(engine.number)
        loss = work.loss(engine.number, parameters)
        loss.backward()
        gc.collect()
        memory = tracemalloc.get_traced_memory()[0]
        tracemalloc.stop()
        forward, backward = (min(column) for column in zip(*passes[name], strict=True))
        gradients = [float(p.grad) for p in parameters]
        costs[name] = Cost(node_count(engine, loss), forward, backward, memory, float(loss.data), gradients)
    return costs


def report(work: Workload, listed: dict[str, Engine | None], rounds: int) -> None:
    """Prints the costs of each engine, and exits if one computes a different loss or gradient."""
    costs = measure({name: engine for name, engine in listed.items() if engine}, work, rounds)
    ours = next(iter(costs.values()))
    rows = []
    for name in listed:
        if name not in costs:
            rows.append([name, "absent", *[""] * 5])
            continue
        nodes, forward, backward, memory, loss, gradients = costs[name]
        check_agreement(f"{name}: loss", [loss], [ours.loss])
        check_agreement(f"{name}: gradients", gradients, ours.gradients)
        total = forward + backward
        rows.append(
            [
                name,
                f"{nodes:,}",
                f"{forward * 1e3:.1f}",
                f"{backward * 1e3:.1f}",
                times(total, ours.forward + ours.backward),
                f"{memory / nodes:.0f}",
                times(memory, ours.memory),
            ]
        )
    title = f"Recording and differentiating: {work.name}, {len(ours.gradients):,} parameters"
    header = ["engine", "nodes", "forward, ms", "backward, ms", "× our time", "bytes per node", "× our memory"]
    print_table(title, header, rows)


def main() -> None:
    parser = argparse.ArgumentParser(description="Time and memory of the eager engines compared.")
    parser.add_argument("--rounds", type=int, default=15, help="number of runs of each engine; the best counts")
    parser.add_argument("--tokens", type=int, default=8, help="tokens in the attention block; 8 make 40,000 nodes")
    parser.add_argument("--width", type=int, default=16, help="width of the attention block, a multiple of 4")
    parser.add_argument("--samples", type=int, default=100, help="samples for the MLP")
    options = parser.parse_args()
    if options.rounds < 1:
        parser.error(f"--rounds must be at least 1, not {options.rounds}")
    sys.setrecursionlimit(100_000)  # micrograd sorts the graph recursively
    for work in (attention(options.tokens, options.width), mlp(options.samples)):
        report(work, engines(), options.rounds)


if __name__ == "__main__":
    main()
