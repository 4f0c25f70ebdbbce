"""A language model of 4,192 parameters on scalars, trained: compiled, eagerly, and with the engine such models bring.

Run it as `python -m benchmarks.language_model [--steps N]`. Each run has its own process, which measures its memory.
The losses of the compiled run are compared with those of the eager one, step by step.
"""

import argparse
import json
import statistics
import time
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

import autograd
from autograd import Value
from benchmarks import gpt_engine
from benchmarks.gpt import WIDTH, compiled_steps, eager_steps, loss_of, names, new_weights, tokens_of
from benchmarks.process import measured_alone, peak_memory
from benchmarks.rounds import times
from benchmarks.tables import print_table

SAMPLE = names(200)
WIDTHS = (4, 8, 16)
LETTERS = 5  # of the names for which widths are compared


def compiled(names: Sequence[str], steps: int, width: int) -> Iterator[float]:
    weights: dict[str, Any] = {name: np.array(matrix) for name, matrix in new_weights(float, width).items()}
    return compiled_steps(weights, names, steps)


def eager(names: Sequence[str], steps: int, width: int) -> Iterator[float]:
    return eager_steps(new_weights(Value, width), names, steps)


def its_own_class(names: Sequence[str], steps: int, width: int) -> Iterator[float]:
    return eager_steps(new_weights(gpt_engine.Value, width), names, steps)


RUNS = {"compiled": compiled, "eager": eager, "its own class": its_own_class}


class Run(NamedTuple):
    """What a process measured: times in seconds, memory in bytes."""

    losses: list[float]
    first: dict[str, float]  # of the first step with each length of a name
    step: float  # the median of the others
    memory: int


def measured(name: str, steps: int, width: int, letters: int | None) -> Run:
    """Trains, on names with that number of letters if one is given, and measures each step and the memory it adds."""
    before = peak_memory()
    losses, others = [], []
    first: dict[str, float] = {}
    names = [name for name in SAMPLE if letters in (None, len(name))]
    training = RUNS[name](names, steps, width)
    for step in range(steps):
        start = time.perf_counter()
        losses.append(next(training))
        seconds = time.perf_counter() - start
        if first.setdefault(str(len(names[step % len(names)])), seconds) != seconds:
            others.append(seconds)
    return Run(losses, first, statistics.median(others or first.values()), peak_memory() - before)


def in_a_process(name: str, steps: int, width: int, letters: int | None = None) -> Run:
    """Returns what a process of its own measures."""
    options = {"run": name, "steps": steps, "width": width} | ({} if letters is None else {"letters": letters})
    arguments = (f"--{key}={value}" for key, value in options.items())
    return Run(*measured_alone("language_model", *arguments))


def check_losses(compiled: list[float], eager: list[float]) -> float:
    """Returns the largest relative difference; exits if it exceeds 1e-9 at any step."""
    difference = float(max(abs(np.array(compiled) / np.array(eager) - 1.0)))
    if not difference <= 1e-9:
        raise SystemExit(f"the losses of both runs must agree to within 1e-9, but differ by {difference:.2g}")
    return difference


def print_training(options: argparse.Namespace) -> None:
    """Prints a table of the three runs, and one of the programs."""
    steps = {name: options.others if name == "its own class" else options.steps for name in RUNS}
    runs = {name: in_a_process(name, steps[name], options.width) for name in RUNS}
    first, median = runs["compiled"].first, runs["compiled"].step
    difference = check_losses(runs["compiled"].losses, runs["eager"].losses)
    rows = [
        [
            name,
            f"{steps[name]:,}",
            f"{sum(run.first.values()):,.1f}",
            f"{run.memory / 1e6:,.0f}",
            f"{run.step * 1e3:,.3f}",
            times(run.step, median),
            f"{np.mean(run.losses[-100:]):.3f}",
        ]
        for name, run in runs.items()
    ]
    header = ["", "steps", "first steps, s", "memory, MB", "ms per step", "× compiled", "loss, last 100"]
    print_table(f"Training a language model on scalars; losses agree to within {difference:.2g}", header, rows)
    rows = [[letters, f"{first[letters]:.1f}"] for letters in sorted(first)]
    print_table("First step with names of a length, which compiles a program", ["letters", "s"], rows)


def print_growth(widths: Sequence[int], steps: int) -> None:
    """Prints a table of models from small to large, on names of one length."""
    rows = []
    for width in widths:
        fast, slow = (in_a_process(name, min(steps, 20), width, LETTERS) for name in ("compiled", "eager"))
        weights = new_weights(Value, width)
        nodes = len(autograd.topological_order(loss_of(weights, tokens_of("a" * LETTERS))))
        count = sum(len(matrix) * len(matrix[0]) for matrix in weights.values())
        figures = [f"{slow.step * 1e3:,.1f}", f"{max(fast.first.values()):,.1f}", f"{fast.memory / 1e6:,.0f}"]
        rows.append([f"{count:,}", f"{nodes:,}", *figures, f"{fast.step * 1e3:,.2f}"])
    header = ["parameters", "nodes", "eager, ms per step", "compile, s", "memory, MB", "compiled, ms per step"]
    print_table(f"Growth: names of {LETTERS} letters", header, rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--steps", type=int, default=1000, help="steps of the compiled and of the eager run")
    parser.add_argument("--others", type=int, default=20, help="steps with the class of numbers of its own")
    parser.add_argument("--width", type=int, default=WIDTH, help="numbers in an embedding, a multiple of 4")
    parser.add_argument("--widths", type=int, nargs="*", default=WIDTHS, help="widths to compare")
    parser.add_argument("--run", choices=RUNS, help="the only run, whose measurements are printed as JSON")
    parser.add_argument("--letters", type=int, help="the number of letters of all names of that run")
    options = parser.parse_args()
    if options.run:
        print(json.dumps(measured(options.run, options.steps, options.width, options.letters)))
        return
    print_training(options)
    if options.widths:
        print_growth(options.widths, options.steps)


if __name__ == "__main__":
    main()
