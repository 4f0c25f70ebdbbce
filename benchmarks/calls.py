"""Whole calls of compiled functions from Python, compared with CasADi and JAX: derivatives of the Rosenbrock function.

Run it as `python -m benchmarks.calls [--rounds N]` with the dependency group `bench` installed; a peer that is not
installed is reported as absent. Each takes a NumPy array, or numbers, and returns its results as its users get them: we
as floats and NumPy arrays, CasADi and JAX as arrays of their own, JAX's when they are ready. Mapped over samples, the
function is compared with what a person writes by hand in NumPy. All must agree on every number. The first call of a
process, from the imports on, compiles; it is measured in a process of its own, with its largest memory.
"""

import argparse
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

import autograd
from benchmarks.process import FIRST, add_alone, first_call, print_first_call
from benchmarks.rounds import best_of, check_agreement, present, times
from benchmarks.tables import print_table

Floats = npt.NDArray[np.float64]
Call = Callable[..., Any]
Made = tuple[Mapping[str, Callable[[], Call]], tuple[Any, ...]]  # makers of calls, and their arguments

COUNTS = (2, 10, 50)
WORK = ("value and gradient", "value, gradient and Hessian")


def rosenbrock(x: Any) -> Any:
    """The usual sum for any engine's arrays."""
    return (100.0 * (x[1:] - x[:-1] ** 2) ** 2 + (1.0 - x[:-1]) ** 2).sum()


def ours(work: str) -> Call:
    """One program."""
    if work == WORK[0]:
        return autograd.compile(rosenbrock).value_and_grad
    gradient, hessian = autograd.grad(rosenbrock), autograd.hessian(rosenbrock)
    return autograd.compile(lambda x: (rosenbrock(x), gradient(x), hessian(x)))


def eager(work: str) -> Call:
    """The same, recorded anew at each call."""
    gradient, hessian = autograd.value_and_grad(rosenbrock), autograd.hessian(rosenbrock)
    return gradient if work == WORK[0] else lambda x: (*gradient(x), hessian(x))


def casadi(work: str, count: int) -> Call:
    """A function of CasADi's SX machine."""
    import casadi as ca

    x = ca.SX.sym("x", count)
    value = ca.sum1(100.0 * (x[1:] - x[:-1] ** 2) ** 2 + (1.0 - x[:-1]) ** 2)
    hessian, gradient = ca.hessian(value, x)
    results = [value, gradient] if work == WORK[0] else [value, gradient, ca.densify(hessian)]
    call: Call = ca.Function("f", [x], results)
    return call


def jax(work: str) -> Call:
    """A jitted function."""
    import jax

    jax.config.update("jax_enable_x64", True)
    gradient, hessian = jax.value_and_grad(rosenbrock), jax.hessian(rosenbrock)
    jitted = jax.jit(gradient if work == WORK[0] else lambda x: (*gradient(x), hessian(x)))
    return lambda x: jax.block_until_ready(jitted(x))


def of_two(x: Any, y: Any) -> Any:
    """The function of two numbers."""
    return (1.0 - x) ** 2 + 100.0 * (y - x * x) ** 2


def by_hand(x: Any, y: Any) -> Any:
    """Its value and gradient, as a person writes them."""
    a, b = 1.0 - x, y - x * x
    return a * a + 100.0 * (b * b), (-2.0 * a - 400.0 * (x * b), 200.0 * b)


def casadi_of_two() -> Call:
    """Its value and gradient as a function of CasADi's SX machine."""
    import casadi as ca

    x, y = ca.SX.sym("x"), ca.SX.sym("y")
    value = of_two(x, y)
    call: Call = ca.Function("f", [x, y], [value, ca.gradient(value, x), ca.gradient(value, y)])
    return call


def jax_of_two() -> Call:
    """A jitted function of two numbers."""
    import jax

    jax.config.update("jax_enable_x64", True)
    jitted = jax.jit(jax.value_and_grad(of_two, (0, 1)))
    return lambda x, y: jax.block_until_ready(jitted(x, y))


def compiled_of_two(target: str = "auto") -> Any:
    """Our program of two numbers."""
    return autograd.compile(of_two, argnums=(0, 1), target=target).value_and_grad


def mapped(samples: int) -> Made:
    """What computes the value and gradient of many samples, and the samples."""
    x, y = np.random.default_rng(0).normal(size=(2, samples))
    out = np.empty(samples), (np.empty(samples), np.empty(samples))
    makers: dict[str, Callable[[], Call]] = {
        "compiled": lambda: compiled_of_two().map,
        "compiled, stored in out=": lambda: partial(compiled_of_two().map, out=out),
        "NumPy by hand": lambda: by_hand,
        "JAX": _jax_mapped,
    }
    return makers, (x, y)


def _jax_mapped() -> Call:
    import jax

    jax.config.update("jax_enable_x64", True)
    jitted = jax.jit(jax.vmap(jax.value_and_grad(of_two, (0, 1))))
    return lambda x, y: jax.block_until_ready(jitted(x, y))


def numbers(results: Any) -> list[float]:
    """All numbers in the results, in order."""
    if isinstance(results, (tuple, list)):
        return [number for part in results for number in numbers(part)]
    return [float(number) for number in np.array(results, dtype=float).ravel(order="C")]


def of_floats() -> Made:
    """What computes the value and gradient of two floats, and the floats."""
    makers: dict[str, Callable[[], Call]] = {
        "compiled": compiled_of_two,
        "compiled, target python": partial(compiled_of_two, "python"),
        "by hand in Python": lambda: by_hand,
        "eager": lambda: autograd.value_and_grad(of_two, (0, 1)),
        "CasADi": casadi_of_two,
        "JAX": jax_of_two,
    }
    return makers, (1.2, 0.7)


def of_array(count: int, work: str) -> Made:
    """What computes one of the WORK, and the array to compute it of."""
    makers = {
        "compiled": partial(ours, work),
        "eager": partial(eager, work),
        "CasADi": partial(casadi, work, count),
        "JAX": partial(jax, work),
    }
    return makers, (np.linspace(-1.2, 1.5, count),)


def works(options: argparse.Namespace) -> dict[str, Callable[[], Made]]:
    """All works by title."""
    return {
        "Rosenbrock function of two floats: value and gradient, one call": of_floats,
        **{
            f"Rosenbrock function of {count} variables: {work}, one call": partial(of_array, count, work)
            for count in options.counts
            for work in WORK
        },
        f"Rosenbrock function of two numbers: value and gradient, mapped over {options.samples:,} samples": partial(
            mapped, options.samples
        ),
    }


def report(title: str, made: Made, options: argparse.Namespace) -> None:
    """Prints the time of one call of each."""
    makers, arguments = made
    calls = present(makers)
    here = {name: call for name, call in calls.items() if call is not None}
    expected = numbers(here["compiled"](*arguments))
    for name, call in here.items():
        check_agreement(f"{name} and the compiled function", numbers(call(*arguments)), expected)
    best = best_of({name: partial(call, *arguments) for name, call in here.items()}, options.rounds, options.seconds)
    again = [f"--samples={options.samples}", "--counts", *map(str, options.counts)]
    first = {name: first_call("calls", title, name, *again).cells if options.alone else [] for name in here}
    header = ["", "µs", "times ours", *(FIRST if options.alone else [])]
    rows = [[name, f"{1e6 * best[name]:,.3f}", times(best[name], best["compiled"]), *first[name]] for name in here]
    rows += [[name, "absent", *[""] * (len(header) - 2)] for name in calls if name not in here]
    print_table(title, header, rows)


def main() -> None:
    """Prints a table for each work."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=15, help="how many rounds, in which the engines take turns")
    parser.add_argument("--seconds", type=float, default=0.02, help="for how long each runs in a round")
    parser.add_argument("--counts", type=int, nargs="+", default=COUNTS, help="the numbers of variables")
    parser.add_argument("--samples", type=int, default=1_000_000, help="over how many samples to map")
    add_alone(parser)
    parser.add_argument("--first", help="the only work, whose first call with the engine is measured")
    parser.add_argument("--engine", default="compiled", help="that engine")
    options = parser.parse_args()
    if options.first:
        makers, arguments = works(options)[options.first]()
        print_first_call(options.engine, lambda: makers[options.engine]()(*arguments))
        return
    print("Times of whole calls from Python, as multiples of that of the compiled function.")
    for title, make in works(options).items():
        report(title, make(), options)


if __name__ == "__main__":
    main()
