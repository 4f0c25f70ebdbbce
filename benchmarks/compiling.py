"""Compile times: of programs of growing size, and of the first compilation in a process."""

import random
import time
from collections.abc import Iterable
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

import autograd
import nn
from autograd.compiler.ir.samples import EMPTY_SUM, LANES
from autograd.compiler.llvm.buffers import address, aligned, blocks, padded
from autograd.compiler.llvm.builder import Module
from autograd.compiler.llvm.jit import compiled
from autograd.compiler.llvm.lower import InputLayout, code_kernel, summed
from autograd.compiler.program import Program
from benchmarks.peak import operations, share
from benchmarks.process import measured_alone
from benchmarks.rounds import best_in_turn, best_of, seconds_of
from benchmarks.tables import print_table

WIDTH = 4


class Kernel:
    """Only the machine code of a program, built for this measurement and called without the Python code around it.

    Attributes:
        lines: number of lines of LLVM IR.
        seconds: time spent writing and building them.
    """

    def __init__(self, program: Program, inputs: npt.NDArray[np.float64]) -> None:
        start = time.perf_counter()
        [routine] = program.routines
        layout = InputLayout(program.inputs, len(program.leaves))
        kernel = code_kernel("sums", routine.instructions, summed(routine), layout)
        (self._function,) = compiled(kernel.function)
        self.seconds = time.perf_counter() - start
        self.lines = Module(kernel.function).text.count("\n")
        self._samples = inputs.shape[1]
        self._arrays = (
            np.array([leaf.data for leaf in program.leaves]),
            blocks(inputs),
            aligned(1 + len(routine.gradients), LANES),
            aligned(kernel.workspace),
        )
        self._arguments = (*map(address, self._arrays), padded(self._samples))

    def run(self) -> None:
        self._function(*self._arguments)

    def results(self) -> tuple[float, list[float]]:
        """The mean value and gradient over the samples, at most eight."""
        sums = self._arrays[2]
        sums[:] = EMPTY_SUM
        self.run()
        value, *gradient = sums[:, : self._samples].mean(axis=1).tolist()
        return value, gradient


def network(layers: int) -> tuple[autograd.Value, list[autograd.Value]]:
    """The output of a deep network with narrow layers, and its parameters."""
    model = nn.MLP(WIDTH, [WIDTH] * layers + [1], seed=0)
    return model([0.1, 0.2, 0.3, 0.4]), model.parameters()


def patterns(count: int) -> tuple[autograd.Value, list[autograd.Value]]:
    """A graph of short patterns at random, on results from near and far, and its inputs."""
    choose = random.Random(0)
    inputs = [autograd.Value(choose.uniform(0.5, 1.5)) for _ in range(WIDTH)]
    nodes = [*inputs]
    for _ in range(count):
        far, near = choose.choice(nodes), choose.choice(nodes[-10:])
        nodes.append(choose.choice(((far + near) * 0.5, far - near * 0.25, far / (near * near + 1.0))))
    return sum(nodes[-50:], autograd.Value(0.0)), inputs


def growth(largest: float, rounds: int, peak_rate: float) -> None:
    """Prints how compile time and run time grow with the number of instructions."""
    a_layer = operations(*_program(11)[1].routines) - operations(*_program(10)[1].routines)
    rows = []
    size = 100
    while size <= largest:
        best: dict[str, float] = {}
        for _ in range(min(rounds, 3) if size <= 10_000 else 1):
            tracing, program = _program(max(1, round(size / a_layer)))
            kernel = Kernel(program, np.empty((0, 1)))
            for what, seconds in (("trace", tracing), ("build", kernel.seconds)):
                best[what] = min(best.get(what, seconds), seconds)
        count = operations(*program.routines)
        run = best_of({"": kernel.run}, rounds, 0.02)[""]
        rows.append(
            [
                f"{count:,}",
                f"{kernel.lines:,}",
                f"{best['trace']:.3f}",
                f"{best['build']:.3f}",
                f"{(best['trace'] + best['build']) / count * 1e6:.1f}",
                f"{run * 1e6:,.1f}",
                f"{run / count / LANES * 1e9:.2f}",
                share(count * LANES, run, peak_rate),
            ]
        )
        size *= 10
    header = ["instructions", "IR lines", "trace, s", "machine code, s", "compile, µs each", "run 8 samples, µs"]
    print_table("Growth: a network of layers 4 wide", [*header, "run, ns each", "share of peak"], rows)


def growth_of_patterns(largest: float) -> None:
    """Prints how the time to the first value and gradient grows where loops are many and short."""
    rows = []
    for count in (size for size in (100, 1_000, 2_000, 4_000) if size <= largest):
        output, inputs = patterns(count)
        start = time.perf_counter()
        program = autograd.compile(output, inputs=inputs, wrt=inputs, target="native")
        program.value_and_grad(*[leaf.data for leaf in inputs])
        seconds = time.perf_counter() - start
        instructions = operations(*program.routines)
        rows.append([f"{instructions:,}", f"{seconds:.2f}", f"{seconds / instructions * 1e6:.0f}"])
    print_table("Growth: patterns at random", ["instructions", "to the first gradient, s", "µs each"], rows)


def by_lines(sizes: Iterable[int], rounds: int) -> None:
    """Prints the build times of programs with the given numbers of lines of IR."""
    few, more = (Kernel(_program(layers)[1], np.empty((0, 1))).lines for layers in (10, 11))
    rows = []
    for size in sizes:
        layers = round(size / (more - few))
        kernels = [Kernel(_program(layers)[1], np.empty((0, 1))) for _ in range(rounds)]
        seconds = min(kernel.seconds for kernel in kernels)
        rows.append([f"{kernels[0].lines:,}", f"{seconds:.3f}", f"{seconds / kernels[0].lines * 1e6:.1f}"])
    print_table("Compile time by lines of IR", ["IR lines", "s", "µs per line"], rows)


def first(rounds: int) -> None:
    """Prints the time of the first compilation in a process that has already imported numpy and llvmlite."""
    works = {
        "XOR, 2-4-1: a training run": ("training", "0"),
        "2-16-16-1: a training run": ("training", "1"),
        "XOR, 2-4-1: value and gradient of one sample": ("gradient", "0"),
        "2-16-16-1: value and gradient of one sample": ("gradient", "1"),
    }
    taken = best_in_turn({name: partial(_first_of_a_process, *work) for name, work in works.items()}, rounds)
    rows = [[name, f"{seconds * 1e3:.0f}"] for name, seconds in taken.items()]
    print_table("First compilation in a process", ["what", "ms"], rows)


def report(largest: float, rounds: int, peak_rate: float) -> None:
    """Prints all tables."""
    first(min(rounds, 5))
    if sizes := [size for size in (5_000, 100_000) if size <= largest]:
        by_lines(sizes, min(rounds, 3))
    growth(largest, rounds, peak_rate)
    growth_of_patterns(largest)


def _program(layers: int) -> tuple[float, Program]:
    """Returns the seconds spent tracing a network, and its program."""
    output, parameters = network(layers)
    made: list[Any] = []
    seconds = seconds_of(lambda: made.append(autograd.compile(output, wrt=parameters, target="native")))
    return seconds, made[0]


def _first_of_a_process(work: str, task: str) -> float:
    """Returns the seconds that `benchmarks.first` measures in a new process."""
    return float(measured_alone("first", work, task))
