"""Value and gradient of a graph of 40,000 nodes beside other engines; and how compiling and running grow with size.

Run it as `python benchmarks/evaluate.py [--rounds N]` with the extra `bench` installed; a peer that is not is reported
as absent. All compute the same formula of scalars, the attention block of `eager.py`, in double precision on one
thread, and must reach the same value and gradient. JAX and PyTorch are left out: XLA takes 7 s to compile 2,000 scalar
operations and longer than in proportion for more, and PyTorch some microseconds to run each.
"""

import argparse
import sys
from collections.abc import Callable
from typing import Any, NamedTuple

import compiling
import eager
import numpy as np
import numpy.typing as npt
from compiling import Kernel
from peak import operations, peak, share
from rounds import best_of, check_agreement, present, print_table, times

import autograd
from autograd.compiler.ir.samples import LANES

Floats = npt.NDArray[np.float64]
Results = tuple[float, list[float]]  # the value and the gradient by the parameters, means over the samples

BATCH = 64
ALONE, BLOCK, CASADI = "compiled", "compiled, 8 samples", "CasADi, SX machine"


class Contender(NamedTuple):
    """`work` evaluates at the first `samples` points and is what is timed; `results` gives what it finds."""

    samples: int
    work: Callable[[], object]
    results: Callable[[], Results]


class Graph(NamedTuple):
    """The formula in an engine's numbers, and its leaves."""

    loss: Any
    parameters: list[Any]
    inputs: list[Any]


def graph(work: eager.Workload, number: Callable[[float], Any]) -> Graph:
    """The formula over leaves that `number` makes."""
    made: list[Any] = []

    def leaf(data: float) -> Any:
        made.append(number(data))
        return made[-1]

    parameters = work.parameters(leaf)
    loss = work.loss(leaf, parameters)
    return Graph(loss, parameters, made[len(parameters) :])


class Points(NamedTuple):
    """Where to evaluate: at the same parameters for all samples, the columns of `inputs`."""

    parameters: Floats
    inputs: Floats


def points(values: Graph) -> Points:
    inputs = np.array([x.data for x in values.inputs])
    return Points(np.array([p.data for p in values.parameters]), np.outer(inputs, np.linspace(1.0, 2.0, BATCH)))


# The contenders.


def compiled(values: Graph, at: Points) -> dict[str, Contender]:
    """Our programs, of the parameters alone and of the inputs besides: as a user calls them, and their machine code."""
    one = autograd.compile(values.loss, wrt=values.parameters, target="native")
    several = autograd.compile(values.loss, inputs=values.inputs, wrt=values.parameters, target="native")
    kernels = Kernel(one, np.empty((0, 1))), Kernel(several, at.inputs[:, :LANES])

    def called(samples: int) -> Contender:
        columns = list(at.inputs[:, :samples])
        return Contender(samples, lambda: several.value_and_grad(*columns), lambda: several.value_and_grad(*columns))

    return {
        ALONE: Contender(1, one.value_and_grad, one.value_and_grad),
        "its machine code": Contender(1, kernels[0].run, kernels[0].results),
        BLOCK: called(LANES),
        "its machine code, 8 samples": Contender(LANES, kernels[1].run, kernels[1].results),
        f"compiled, {BATCH} samples": called(BATCH),
    }


def casadi(work: eager.Workload, at: Points, samples: int) -> Contender:
    """CasADi's virtual machine of scalars, called on buffers, so that no Python object is made.

    Of several samples the parameters are the same, and the results are added up.
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
    for place, array in enumerate(given):
        buffer.set_arg(place, memoryview(array))
    for place, array in enumerate((value, gradient)):
        buffer.set_res(place, memoryview(array))

    def results(*, alive: object = (given, buffer, function)) -> Results:  # the machine knows them by address only
        run()
        return float(value[0]) / samples, (gradient / samples).tolist()

    return Contender(samples, run, results)


def xad(work: eager.Workload) -> Contender:
    """XAD's tape. Its Python module keeps nothing to run again, so each evaluation records anew."""
    import xad.math
    from xad.adj_1st import Real, Tape

    Real.exp, Real.relu = lambda x: xad.math.exp(x), lambda x: xad.math.max(x, 0.0)

    def results() -> Results:
        with Tape() as tape:
            parameters = work.parameters(Real)
            tape.registerInputs(parameters)
            tape.newRecording()
            loss = work.loss(Real, parameters)
            tape.registerOutput(loss)
            loss.derivative = 1.0
            tape.computeAdjoints()
            return loss.value, [p.derivative for p in parameters]

    return Contender(1, results, results)


def recorded(engine: eager.Engine, work: eager.Workload) -> Contender:
    """An engine that builds its graph anew at each evaluation."""

    def results() -> Results:
        loss, parameters, _ = graph(work, engine.number)
        loss.backward()
        return loss.data, [p.grad for p in parameters]

    return Contender(1, results, results)


def contenders(work: eager.Workload, values: Graph, at: Points) -> dict[str, Contender | None]:
    anew = {
        f"{name}, recorded anew": recorded(engine, work) if engine else None for name, engine in eager.engines().items()
    }
    return {
        **compiled(values, at),
        **present({CASADI: lambda: casadi(work, at, 1), f"{CASADI}, map of 8": lambda: casadi(work, at, LANES)}),
        **present({"XAD, recorded anew": lambda: xad(work)}),
        **anew,
    }


# Measuring.


def check(made: dict[str, Contender], values: Graph, at: Points) -> None:
    """Exits where results are not those of eager execution at the same points."""
    evaluated = []
    for sample in at.inputs.T[::-1].tolist():  # the first at last, so that the graph is left where it was
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


def report(work: eager.Workload, rounds: int, seconds: float, peak_rate: float) -> None:
    """Prints how long an evaluation takes each contender."""
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
            f"{a_sample[name] * 1e6:,.1f}",
            times(a_sample[name], a_sample[ALONE]),
            times(a_sample[name], a_sample[BLOCK]),
            share(operations(program.traced.routine), a_sample[name], peak_rate),
        ]
        if name in made
        else [name, "absent", "", "", ""]
        for name in listed
    ]
    nodes = len(autograd.topological_order(values.loss))
    print_table(
        f"Value and gradient of the {work.name}, {nodes:,} nodes, {operations(program.traced.routine):,} operations",
        ["engine", "µs a sample", "× ours alone", "× ours in blocks", "share of peak"],
        rows,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=10, help="how often each is measured, in turn; the best counts")
    parser.add_argument("--seconds", type=float, default=0.2, help="how long each evaluates in a round, about")
    parser.add_argument("--tokens", type=int, default=8, help="of the attention block; 8 are 40,000 nodes")
    parser.add_argument("--width", type=int, default=16, help="of the attention block, a multiple of 4")
    parser.add_argument("--largest", type=float, default=1e6, help="instructions of the largest program compiled")
    options = parser.parse_args()
    sys.setrecursionlimit(100_000)  # micrograd's walk recurses
    peak_rate = peak(options.rounds)
    print(f"Peak of one core, measured in the same run: {peak_rate / 1e9:.1f} GFLOP/s.")
    report(eager.attention(options.tokens, options.width), options.rounds, options.seconds, peak_rate)
    compiling.report(options.largest, options.rounds, peak_rate)


if __name__ == "__main__":
    main()
