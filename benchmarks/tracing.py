"""Tracing the step of a training run: time and memory for each instruction, with and without the compiled core.

Run it as `python -m benchmarks.tracing [--rounds N]`. Each round is a process of its own, which traces the network
some times. The memory is by how much the largest memory of the process grew the first time; the best time counts.
"""

import argparse
import json
from typing import NamedTuple

import nn
from autograd.compiler.ir.routine import Routine
from autograd.node import COMPILED
from benchmarks.process import measured_alone, peak_memory
from benchmarks.rounds import seconds_of
from benchmarks.tables import print_table
from nn.structure import structure_of
from nn.training.structure_tracing import Places, sample_routine_of

NETWORKS = ("64-32-10", "784-128-10", "4096-100-20-1")
TIMES = 3  # after the first
CORES = {"compiled core": "0", "pure Python": "1"}  # the value of SCALAR_AUTOGRAD_PURE


class Cost(NamedTuple):
    """The number of instructions, and the seconds and bytes that each of them took."""

    instructions: int
    seconds: float
    memory: float


def traced(model: nn.MLP, outputs: int) -> Routine:
    """Returns the routine of one sample, as `fit` traces it."""
    structure, count = structure_of(model), len(model.parameters())
    assert structure is not None
    loss, targets = (nn.cross_entropy, (outputs,)) if outputs > 1 else (nn.mse_loss, ())
    places = Places(range(count), [], count)
    return sample_routine_of(structure.key, places, lambda model, values: loss, model.inputs or 0, targets, [])


def measured(sizes: str) -> Cost:
    """Traces a network in this process."""
    inputs, *layers = map(int, sizes.split("-"))
    model = nn.MLP(inputs, layers, seed=0)
    before = peak_memory()
    traced(model, layers[-1])
    memory = peak_memory() - before
    lengths: list[int] = []
    seconds = min(seconds_of(lambda: lengths.append(traced(model, layers[-1]).length)) for _ in range(TIMES))
    return Cost(lengths[0], seconds / lengths[0], memory / lengths[0])


def main() -> None:
    """Prints a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3, help="how many processes for each row; the best counts")
    parser.add_argument("--networks", type=int, default=len(NETWORKS), help="how many networks, the smallest first")
    parser.add_argument("--only", help="the sizes of the only network, whose costs are printed as JSON")
    options = parser.parse_args()
    if options.only:
        print(json.dumps(measured(options.only)))
        return
    rows = []
    for sizes in NETWORKS[: options.networks]:
        for core, pure in CORES.items():
            if pure == "0" and not COMPILED:
                rows.append([f"{sizes}, {core}", "absent", "", ""])
                continue
            found = [
                measured_alone("tracing", f"--only={sizes}", SCALAR_AUTOGRAD_PURE=pure) for _ in range(options.rounds)
            ]
            instructions, seconds, memory = map(min, zip(*found, strict=True))
            rows.append([f"{sizes}, {core}", f"{instructions:,}", f"{seconds * 1e6:.2f}", f"{memory:,.0f}"])
    print_table("Tracing the step of a training run", ["network", "instructions", "µs each", "bytes each"], rows)


if __name__ == "__main__":
    main()
