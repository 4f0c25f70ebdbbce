"""Networks of some thousand weights and more: the first call of a process with its memory, and later calls.

Run it as `python -m benchmarks.networks [--rounds N]` with the dependency group `bench` installed; a peer that is not
installed is reported as absent. Each engine trains in a process of its own, and the processes take turns. The first
call trains for one epoch, from the imports on; with us it is a whole call of `fit`. Later calls train for some epochs,
and count whole too. Memory is the largest that the process has had, samples and imports included.
"""

import argparse
import importlib
import json
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from importlib.util import find_spec
from typing import NamedTuple

from benchmarks.engines import Engine, jax_engine, sklearn_engine, torch_engine, whole_fit
from benchmarks.process import measured_alone, peak_memory
from benchmarks.rounds import check_agreement, seconds_of, times
from benchmarks.tables import print_table
from benchmarks.tasks import Task, Weights, large

OURS, JAX, TORCH, SKLEARN = "fit, whole call", "JAX, jitted epoch", "PyTorch", "scikit-learn"
ENGINES: dict[str, tuple[str, Callable[[Task], Engine]]] = {  # the package to import before, and the engine
    OURS: ("nn", whole_fit),
    JAX: ("jax", partial(jax_engine, loop=False)),
    TORCH: ("torch", torch_engine),
    SKLEARN: ("sklearn.neural_network", sklearn_engine),
}
BATCH, RATE = 32, 0.01
PATIENCE = 10.0  # seconds: what takes longer is measured once


class Network(NamedTuple):
    """The sizes of the layers, inputs first, the number of samples, and the engines to compare."""

    sizes: tuple[int, ...]
    samples: int
    engines: tuple[str, ...]


class Cost(NamedTuple):
    """What a process measured: seconds of its first epoch and of a later one, bytes, and the loss after the first."""

    first: float
    epoch: float
    memory: int
    loss: float


NETWORKS = (
    Network((64, 32, 10), 1797, (OURS, JAX)),
    Network((784, 128, 10), 5000, (OURS, TORCH, JAX, SKLEARN)),
    Network((4096, 100, 20, 1), 500, (OURS, TORCH)),
)


def measured(task: Task, engine: str, epochs: int, calls: int) -> Cost:
    """Trains for one epoch, then several times for more, in this process."""
    package, make = ENGINES[engine]
    importlib.import_module(package)
    if engine != OURS:
        task.weights()  # drawn before the clock starts, as ours are
    trained: list[tuple[float, Weights]] = []
    first = seconds_of(lambda: trained.append(make(task)(1)))
    [(fitting, weights)] = trained
    run = make(task)
    epoch = min(run(epochs)[0] for _ in within(PATIENCE, calls)) / epochs
    return Cost(fitting if engine == OURS else first, epoch, peak_memory(), task.loss(weights))


def within(seconds: float, count: int) -> Iterator[int]:
    """Counts; stops early, but not before 1, when that many seconds have passed."""
    end = time.perf_counter() + seconds
    for number in range(count):
        yield number
        if time.perf_counter() > end:
            return


def in_a_process(network: Network, engine: str, epochs: int, calls: int) -> Cost:
    """Returns what a process of its own measures."""
    sizes = "-".join(map(str, network.sizes))
    options = {"only": engine, "sizes": sizes, "samples": network.samples, "epochs": epochs, "calls": calls}
    return Cost(*measured_alone("networks", *(f"--{key}={value}" for key, value in options.items())))


def best_alone(network: Network, engines: Sequence[str], options: argparse.Namespace) -> dict[str, Cost]:
    """Returns the least of each cost over rounds in which the processes take turns."""
    costs: dict[str, list[Cost]] = {engine: [] for engine in engines}
    for _ in within(len(engines) * PATIENCE, options.rounds):
        for engine, found in costs.items():
            found.append(in_a_process(network, engine, options.epochs, options.calls))
    return {engine: Cost(*map(min, zip(*found, strict=True))) for engine, found in costs.items()}


def report(network: Network, options: argparse.Namespace) -> None:
    """Prints the costs of each engine, and exits if one that starts from the same weights reaches another loss."""
    here = [engine for engine in network.engines if find_spec(ENGINES[engine][0].partition(".")[0])]
    costs = best_alone(network, here, options)
    for engine in {*here} - {SKLEARN}:
        check_agreement(f"{engine}: loss after an epoch", [costs[engine].loss], [costs[OURS].loss])
    rows = [
        [
            engine,
            f"{cost.first:.2f}",
            f"{cost.memory / 1e6:,.0f}",
            f"{cost.epoch * 1e3:,.3f}",
            times(cost.epoch, costs[OURS].epoch),
        ]
        for engine, cost in costs.items()
    ]
    rows += [[engine, "absent", "", "", ""] for engine in network.engines if engine not in here]
    title = f"In a process of its own: {task_of(network).name}"
    print_table(title, ["engine", "first epoch, s", "memory, MB", "ms per epoch", "× ours"], rows)


def task_of(network: Network) -> Task:
    return large(network.sizes, network.samples, BATCH, RATE)


def add_options(parser: argparse.ArgumentParser) -> None:
    """Adds the options that say how much is measured."""
    parser.add_argument("--rounds", type=int, default=2, help="how many processes of each engine; the best counts")
    parser.add_argument("--epochs", type=int, default=5, help="how many epochs a later call trains")
    parser.add_argument("--calls", type=int, default=3, help="how many later calls there are; the best counts")


def main() -> None:
    """Prints a table for each network."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_options(parser)
    parser.add_argument("--networks", type=int, default=len(NETWORKS), help="how many networks, the smallest first")
    parser.add_argument("--only", choices=ENGINES, help="the only engine, whose costs are printed as JSON")
    parser.add_argument("--sizes", default="64-32-10", help="the sizes of the layers for that engine")
    parser.add_argument("--samples", type=int, default=1797, help="the number of samples for that engine")
    options = parser.parse_args()
    if options.only:
        network = Network(tuple(map(int, options.sizes.split("-"))), options.samples, (options.only,))
        print(json.dumps(measured(task_of(network), options.only, options.epochs, options.calls)))
        return
    for network in NETWORKS[: options.networks]:
        report(network, options)


if __name__ == "__main__":
    main()
