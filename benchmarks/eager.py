"""Time and memory of recording and differentiating a graph: this engine, micrograd, and one of slots and tuples.

    python -m benchmarks.eager --rounds 15

Every engine runs the same formula of + * / ** exp relu on the same numbers. The engines take turns, and the best round
of each counts, separately for forward and backward. The garbage collector stays on, as it does for users. Memory is
what tracemalloc attributes to a graph, leaves included, after forward and backward.
"""

import argparse
import gc
import math
import sys
import time
import tracemalloc
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import autograd
from benchmarks import slots_engine
from benchmarks.cores import pure_value
from benchmarks.rounds import check_agreement, present, times
from benchmarks.tables import print_table
from benchmarks.workloads import Workload, attention, mlp


class Passes(NamedTuple):
    """The seconds that both passes took, what they computed, and the graph's last node."""

    forward: float
    backward: float
    loss: float
    gradients: list[float]
    root: Any


class Engine(NamedTuple):
    """How an engine runs both passes, and returns the nodes and the bytes of the graph that they leave."""

    passes: Callable[[Workload], Passes]
    size: Callable[[Workload], tuple[int, int]]


class Cost(NamedTuple):
    """The cost of a graph for an engine, in seconds and bytes, and the loss and gradients that it computed."""

    nodes: int
    memory: int  # bytes
    forward: float  # seconds
    backward: float
    loss: float
    gradients: list[float]


def engines() -> dict[str, Engine | None]:
    """All engines by name, this one first; None if one is not installed, or this one has no compiled core."""
    makers = {
        "autograd": lambda: engine_of(autograd.Value, lambda v: v.operands),
        "autograd, without the compiled core": lambda: engine_of(pure_value(), lambda v: v.operands),
        "slots and tuples": lambda: engine_of(slots_engine.Value, lambda v: v.children),
        "micrograd": micrograd,
        "XAD": xad,
    }
    return present(makers)


def engine_of(number: Callable[[float], Any], operands: Callable[[Any], Any]) -> Engine:
    """The engine of a class of numbers."""
    return Engine(partial(passes_of, number), partial(size_of, number, operands))


def passes_of(number: Callable[[float], Any], work: Workload) -> Passes:
    parameters = work.parameters(number)
    start = time.perf_counter()
    loss = work.loss(number, parameters)
    middle = time.perf_counter()
    loss.backward()
    end = time.perf_counter()
    return Passes(middle - start, end - middle, float(loss.data), [float(p.grad) for p in parameters], loss)


def size_of(number: Callable[[float], Any], operands: Callable[[Any], Any], work: Workload) -> tuple[int, int]:
    gc.collect()
    tracemalloc.start()
    passes = passes_of(number, work)
    gc.collect()
    memory = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    return node_count(operands, passes.root), memory


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
    return engine_of(Micrograd, lambda v: v._prev)


def xad() -> Engine:
    """XAD's numbers, recorded on a tape of C++, whose bytes are told; its nodes count as ours."""
    import xad.math
    from xad.adj_1st import Real, Tape

    Real.exp, Real.relu = lambda x: xad.math.exp(x), lambda x: xad.math.max(x, 0.0)

    def on(tape: Any, work: Workload) -> Passes:
        parameters = work.parameters(Real)
        start = time.perf_counter()
        tape.registerInputs(parameters)
        tape.newRecording()
        loss = work.loss(Real, parameters)
        middle = time.perf_counter()
        tape.registerOutput(loss)
        loss.derivative = 1.0
        tape.computeAdjoints()
        end = time.perf_counter()
        return Passes(middle - start, end - middle, loss.value, [p.derivative for p in parameters], None)

    def passes(work: Workload) -> Passes:
        with Tape() as tape:
            return on(tape, work)

    def size(work: Workload) -> tuple[int, int]:
        with Tape() as tape:
            on(tape, work)
            return 0, tape.getMemory()

    return Engine(passes, size)


def node_count(operands: Callable[[Any], Any], root: Any) -> int:
    seen, waiting = {root}, [root]
    while waiting:
        new = set(operands(waiting.pop())) - seen
        seen |= new
        waiting += new
    return len(seen)


def measure(found: dict[str, Engine], work: Workload, rounds: int) -> dict[str, Cost]:
    """Returns the cost of the graph for each engine: times are the best of all rounds, memory is measured once."""
    passes: dict[str, list[Passes]] = {name: [] for name in found}
    for _ in range(rounds):
        for name, engine in found.items():
            gc.collect()
            passes[name].append(engine.passes(work)._replace(root=None))
    costs = {}
    for name, engine in found.items():
        forward, backward = min(run.forward for run in passes[name]), min(run.backward for run in passes[name])
        costs[name] = Cost(*engine.size(work), forward, backward, *passes[name][0][2:4])
    return costs


def report(work: Workload, listed: dict[str, Engine | None], rounds: int) -> None:
    """Prints the costs of each engine, and exits if one computes a different loss or gradient."""
    costs = measure({name: engine for name, engine in listed.items() if engine}, work, rounds)
    ours = next(iter(costs.values()))
    rows = []
    for name in listed:
        if name not in costs:
            rows.append([name, "absent", *[""] * 6])
            continue
        nodes, memory, forward, backward, loss, gradients = costs[name]
        check_agreement(f"{name}: loss", [loss], [ours.loss])
        check_agreement(f"{name}: gradients", gradients, ours.gradients)
        total = forward + backward
        rows.append(
            [
                name,
                f"{nodes or ours.nodes:,}",
                f"{forward * 1e3:.1f}",
                f"{backward * 1e3:.1f}",
                f"{total * 1e3:.2f}",
                times(total, ours.forward + ours.backward),
                f"{memory / (nodes or ours.nodes):.0f}",
                times(memory, ours.memory),
            ]
        )
    title = f"Recording and differentiating: {work.name}, {len(ours.gradients):,} parameters"
    header = [
        "engine",
        "nodes",
        "forward, ms",
        "backward, ms",
        "both, ms",
        "× our time",
        "bytes per node",
        "× our memory",
    ]
    print_table(title, header, rows)


def main() -> None:
    parser = argparse.ArgumentParser(description="Time and memory of the eager engines compared.")
    parser.add_argument("--rounds", type=int, default=10, help="number of runs of each engine; the best counts")
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
