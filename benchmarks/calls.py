"""Whole calls of compiled functions from Python, compared with CasADi and JAX: derivatives of the Rosenbrock function.

Run it as `python -m benchmarks.calls [--rounds N]` with the dependency group `bench` installed; a peer that is not
installed is reported as absent. Each takes a NumPy array and returns its results as its users get them: we as floats
and NumPy arrays, CasADi and JAX as arrays of their own, JAX's when they are ready. All must agree on every number.
"""

import argparse
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

import autograd
from benchmarks.rounds import best_of, check_agreement, present, print_table, times

Floats = npt.NDArray[np.float64]
Call = Callable[[Floats], Any]

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


def numbers(results: Any) -> list[float]:
    """All numbers in the results, in order."""
    return [float(number) for part in results for number in np.array(part, dtype=float).ravel(order="C")]


def main() -> None:
    """Prints a table for each number of variables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=15, help="how many rounds, in which the engines take turns")
    parser.add_argument("--seconds", type=float, default=0.02, help="for how long each runs in a round")
    parser.add_argument("--counts", type=int, nargs="+", default=COUNTS, help="the numbers of variables")
    options = parser.parse_args()
    print("Times of whole calls from Python, as multiples of that of the compiled function.")
    for count in options.counts:
        x = np.linspace(-1.2, 1.5, count)
        for work in WORK:
            makers = {
                "compiled": partial(ours, work),
                "eager": partial(eager, work),
                "CasADi": partial(casadi, work, count),
                "JAX": partial(jax, work),
            }
            calls = present(makers)
            here = {name: call for name, call in calls.items() if call is not None}
            expected = numbers(here["compiled"](x))
            for name, call in here.items():
                check_agreement(f"{name} and the compiled function", numbers(call(x)), expected)
            best = best_of({name: partial(call, x) for name, call in here.items()}, options.rounds, options.seconds)
            rows = [[name, f"{1e6 * best[name]:,.1f}", times(best[name], best["compiled"])] for name in here]
            rows += [[name, "absent", ""] for name in calls if name not in here]
            print_table(f"Rosenbrock function of {count} variables: {work}, one call", ["", "µs", "times ours"], rows)


if __name__ == "__main__":
    main()
