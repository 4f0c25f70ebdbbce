"""Value and gradient of a graph of 40,000 nodes compared with other engines; how compile and run time grow with size.

Run it as `python -m benchmarks.evaluate [--rounds N]` with the dependency group `bench` installed; a peer that is not
installed is reported as absent. All engines compute the same scalar formula, the attention block of `workloads.py`, in
double precision on one thread, and must agree on value and gradient. JAX and PyTorch are left out: XLA takes 7 s to
compile 2,000 scalar operations, growing more than linearly, and PyTorch takes several microseconds for each operation.
"""

import argparse
import sys
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

import autograd
from autograd.compiler.ir.samples import LANES
from benchmarks import compiling, eager
from benchmarks.compiling import Kernel
from benchmarks.peak import operations, peak, share
from benchmarks.rounds import best_of, check_agreement, present, times
from benchmarks.tables import print_table
from benchmarks.workloads import Workload, attention

Floats = npt.NDArray[np.float64]
Results = tuple[float, list[float]]  # the value and the gradient with respect to the parameters, means over the samples

BATCH = 64
ALONE, BLOCK, CASADI = "compiled", "compiled, 8 samples", "CasADi, SX machine"


class Contender(NamedTuple):
    """An engine: `work` evaluates at the first `samples` points and is timed; `results` returns what it computes."""

    samples: int
    work: Callable[[], object]
    results: Callable[[], Results]


class Graph(NamedTuple):
    """The formula recorded on an engine's numbers, and its leaves."""

    loss: Any
    parameters: list[Any]
    inputs: list[Any]


def graph(work: Workload, number: Callable[[float], Any]) -> Graph:
    """Records the formula on leaves created by `number`."""
    made: list[Any] = []

    def leaf(data: float) -> Any:
        made.append(number(data))
        return made[-1]

    parameters = work.parameters(leaf)
    loss = work.loss(leaf, parameters)
    return Graph(loss, parameters, made[len(parameters) :])


class Points(NamedTuple):
    """Where to evaluate: the columns of `inputs` are the samples; the parameters are the same for all."""

    parameters: Floats
    inputs: Floats


def points(values: Graph) -> Points:
    inputs = np.array([x.data for x in values.inputs])
    return Points(np.array([p.data for p in values.parameters]), np.outer(inputs, np.linspace(1.0, 2.0, BATCH)))


# The contenders.


def compiled(values: Graph, at: Points) -> dict[str, Contender]:
    """Our programs, with only the parameters as inputs or with both: as users call them, and their machine code."""
    one = autograd.compile(values.loss, wrt=values.parameters, target="native")
    several = autograd.compile(values.loss, inputs=values.inputs, wrt=values.parameters, target="native")
    kernels = Kernel(one, np.empty((0, 1))), Kernel(several, at.inputs[:, :LANES])

    def called(samples: int) -> Contender:
        columns = list(at.inputs[:, :samples])
        mean = partial(several.value_and_grad.map, *columns, reduction="mean")
        return Contender(samples, mean, mean)

    return {
        ALONE: Contender(1, one.value_and_grad, one.value_and_grad),
        "its machine code": Contender(1, kernels[0].run, kernels[0].results),
        BLOCK: called(LANES),
        "its machine code, 8 samples": Contender(LANES, kernels[1].run, kernels[1].results),
        f"compiled, {BATCH} samples": called(BATCH),
    }


def casadi(work: Workload, at: Points, samples: int) -> Contender:
    """CasADi's virtual machine for scalars, called on buffers, so that no Python objects are created.

    Several samples share the parameters, and their results are added up.
    """
    import casadi as ca

    ca.SX.exp, ca.SX.relu = ca.exp, lambda x: ca.fmax(x, 0.0)
    loss, parameters, inputs = graph(work, lambda _: ca.SX.sym("x"))
    weights = ca.vertcat(*parameters)
    function = ca.Function("one", [weights, ca.vertcat(*inputs)], [loss, ca.gradient(loss, weights)])
    if samples > 1:
        function = function.map("several", "serial", samples, [0], [0, 1])
    given = at.parameters.copy(), np.ascontiguousarray(at.inputs[:, :samples].T)
    value, gradient = np.zeros(1), np.zeros(len(parameters))
    buffer, run = function.buffer()
    for index, array in enumerate(given):
        buffer.set_arg(index, array.data)
    for index, array in enumerate((value, gradient)):
        buffer.set_res(index, array.data)

    def results(*, alive: object = (given, buffer, function)) -> Results:  # CasADi holds only their addresses
        run()
        return float(value[0]) / samples, (gradient / samples).tolist()

    return Contender(samples, run, results)


def recorded(engine: eager.Engine, work: Workload) -> Contender:
    """An engine that records a new graph at each evaluation."""

    def results() -> Results:
        passes = engine.passes(work)
        return passes.loss, passes.gradients

    return Contender(1, results, results)


def contenders(work: Workload, values: Graph, at: Points) -> dict[str, Contender | None]:
    """All contenders by name; None if one is not installed."""
    eagerly = {
        f"{name}, recorded each time": engine and recorded(engine, work) for name, engine in eager.engines().items()
    }
    return {
        **compiled(values, at),
        **present({CASADI: lambda: casadi(work, at, 1), f"{CASADI}, map of 8": lambda: casadi(work, at, LANES)}),
        **eagerly,
    }


# Measuring.


def check(made: dict[str, Contender], values: Graph, at: Points) -> None:
    """Exits if a contender's results differ from eager execution at the same points."""
    evaluated = []
    for sample in at.inputs.T[::-1].tolist():  # the first sample last, so that the graph ends up as it was
        for x, number in zip(values.inputs, sample, strict=True):
            x.data = number
        values.loss.forward()
        values.loss.zero_grad()
        values.loss.backward()
        evaluated.append([values.loss.data, *(p.grad for p in values.parameters)])
    for name, contender in made.items():
        value, gradient = contender.results()
        expected = np.mean(evaluated[-contender.samples :], axis=0).tolist()
        check_agreement(f"{name}: value", [value], expected[:1])
        check_agreement(f"{name}: gradient", gradient, expected[1:])


def report(work: Workload, rounds: int, seconds: float, peak_rate: float) -> None:
    """Prints the time of one evaluation by each contender."""
    values = graph(work, autograd.Value)
    at = points(values)
    listed = contenders(work, values, at)
    made = {name: contender for name, contender in listed.items() if contender}
    check(made, values, at)
    program = autograd.compile(values.loss, wrt=values.parameters, target="python")
    taken = best_of({name: contender.work for name, contender in made.items()}, rounds, seconds)
    a_sample = {name: taken[name] / contender.samples for name, contender in made.items()}
    rows = [
        [
            name,
            f"{a_sample[name] * 1e6:,.2f}",
            times(a_sample[name], a_sample[ALONE]),
            times(a_sample[name], a_sample[BLOCK]),
            share(operations(*program.routines), a_sample[name], peak_rate),
        ]
        if name in made
        else [name, "absent", "", "", ""]
        for name in listed
    ]
    nodes = len(autograd.topological_order(values.loss))
    print_table(
        f"Value and gradient of the {work.name}, {nodes:,} nodes, {operations(*program.routines):,} operations",
        ["engine", "µs per sample", "× ours alone", "× ours in blocks", "share of peak"],
        rows,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=10, help="number of measurements of each; the best counts")
    parser.add_argument("--seconds", type=float, default=0.2, help="approximate time for each in a round")
    parser.add_argument("--tokens", type=int, default=8, help="tokens in the attention block; 8 make 40,000 nodes")
    parser.add_argument("--width", type=int, default=16, help="width of the attention block, a multiple of 4")
    parser.add_argument("--largest", type=float, default=1e6, help="instructions in the largest program to compile")
    options = parser.parse_args()
    sys.setrecursionlimit(100_000)  # micrograd sorts the graph recursively
    peak_rate = peak(options.rounds)
    print(f"Peak of one core, measured in the same run: {peak_rate / 1e9:.1f} GFLOP/s.")
    report(attention(options.tokens, options.width), options.rounds, options.seconds, peak_rate)
    compiling.report(options.largest, options.rounds, peak_rate)


if __name__ == "__main__":
    main()
