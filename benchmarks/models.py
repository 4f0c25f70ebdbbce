"""Whole calls of `predict` and `fit` as a user meets them, warm, compared with JAX and with eager execution.

Run it as `python -m benchmarks.models [--rounds N]` with the dependency group `bench` installed; a peer that is not
installed is reported as absent. A call of `fit` counts whole: checks, reading and writing the weights, and the history.
JAX's loop counts alone, from arrays that it has to arrays that it keeps. Without the compiled core, `predict` runs in a
process of its own. So does each first call, which is measured from the imports on.
"""

import argparse
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

import nn
from autograd import data_of
from autograd.node import COMPILED
from benchmarks.engines import Engine, check_losses, jax_engine, whole_fit
from benchmarks.process import FIRST, add_alone, first_call, measured_alone, print_first_call
from benchmarks.rounds import best_in_turn, best_of, check_agreement, present, times
from benchmarks.tables import print_table
from benchmarks.tasks import Task, tasks
from nn.modes import call_in_mode

Floats = npt.NDArray[np.float64]

OURS, WITHOUT_CORE = "kept program", "kept program, without the compiled core"
FIT = "fit, whole call"
EPOCHS = (20_000, 4_000, 100, 100)  # of each task


def inputs() -> dict[str, tuple[nn.MLP, Floats]]:
    """Models, and the samples to predict."""
    one = np.random.default_rng(0).uniform(0.0, 1.0, (1, 64))
    return {
        "XOR, 2-4-1, four samples": (nn.MLP(2, [4, 1], seed=0), nn.datasets.xor().X.astype(float)),
        "64-100-20-1, one sample": (nn.MLP(64, [100, 20, 1], seed=0), one),
    }


def jax_outputs(model: nn.MLP) -> Callable[[Floats], Any]:
    """A jitted function of the samples, with the weights as arrays that JAX has."""
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)
    weights = [(jnp.array(data_of(layer.weight)), jnp.array(data_of(layer.bias))) for layer in model.layers]

    def outputs(weights: Any, A: Any) -> Any:
        for W, b in weights[:-1]:
            A = jnp.tanh(A @ W.T + b)
        W, b = weights[-1]
        return (A @ W.T + b)[:, 0]

    jitted = jax.jit(outputs)
    return lambda samples: np.asarray(jitted(weights, samples))


def eager_outputs(model: nn.MLP) -> Callable[[Floats], Any]:
    """The model itself, run on each sample."""
    return lambda samples: call_in_mode(False, lambda: [model(sample).data for sample in samples.tolist()])


def predictors(model: nn.MLP) -> dict[str, Callable[[], Callable[[Floats], Any]]]:
    """Makers of what predicts."""
    return {
        OURS: lambda: model.predict,
        "eager": partial(eager_outputs, model),
        "JAX, jitted": partial(jax_outputs, model),
    }


def trainers(task: Task) -> dict[str, Callable[[], Engine]]:
    """Makers of what trains."""
    return {FIT: lambda: whole_fit(task), "JAX, lax.fori_loop": lambda: jax_engine(task, loop=True)}


def report_predictions(title: str, options: argparse.Namespace) -> None:
    """Prints the time of a call, and exits if the engines disagree."""
    model, samples = inputs()[title]
    calls = present(predictors(model))
    here = {name: call for name, call in calls.items() if call is not None}
    for name, call in here.items():
        check_agreement(name, list(call(samples)), list(model.predict(samples)))
    best = best_of({name: partial(call, samples) for name, call in here.items()}, options.rounds, options.seconds)
    first = {name: first_call("models", title, name).cells if options.alone else [] for name in here}
    if COMPILED and options.alone:
        arguments = f"--predict={title}", f"--rounds={options.rounds}", f"--seconds={options.seconds}"
        best[WITHOUT_CORE] = measured_alone("models", *arguments, SCALAR_AUTOGRAD_PURE="1")
        first[WITHOUT_CORE] = first_call("models", title, OURS, SCALAR_AUTOGRAD_PURE="1").cells
    header = ["engine", "µs per call", "× ours", *(FIRST if options.alone else [])]
    rows = [
        [name, f"{1e6 * best[name]:,.1f}", times(best[name], best[OURS]), *first[name]]
        if name in best
        else [name, "absent", *[""] * (len(header) - 2)]
        for name in (OURS, WITHOUT_CORE, *(name for name in calls if name != OURS))
    ]
    print_table(f"predict: {title}", header, rows)


def prediction(title: str, options: argparse.Namespace) -> float:
    """Returns the time of a call of `predict`."""
    model, samples = inputs()[title]
    return best_of({OURS: partial(model.predict, samples)}, options.rounds, options.seconds)[OURS]


def report_fit(task: Task, epochs: int, options: argparse.Namespace) -> None:
    """Prints the time of a training run, and exits if the engines reach different losses."""
    engines = present(trainers(task))
    here = {name: engine for name, engine in engines.items() if engine is not None}
    check_losses(task, here, min(5, epochs))

    def seconds(name: str) -> float:
        return here[name](epochs)[0]

    for name in here:
        seconds(name)  # compiles
    best = best_in_turn({name: partial(seconds, name) for name in here}, options.rounds)
    again = f"--epochs={epochs}"
    first = {name: first_call("models", task.name, name, again).cells if options.alone else [] for name in here}
    header = ["engine", "ms", "µs per epoch", "× ours", *(FIRST if options.alone else [])]
    rows = [
        [
            name,
            f"{1e3 * best[name]:,.2f}",
            f"{1e6 * best[name] / epochs:,.3f}",
            times(best[name], best[FIT]),
            *first[name],
        ]
        for name in here
    ]
    rows += [[name, "absent", *[""] * (len(header) - 2)] for name in engines if name not in here]
    title = f"A training run of {epochs:,} epochs: {task.name}"
    print_table(title, header, rows)


def first(work: str, engine: str, epochs: int) -> Callable[[], object]:
    """Returns what to do for the first time: to predict or to train."""
    if work in inputs():
        model, samples = inputs()[work]
        return lambda: predictors(model)[engine]()(samples)
    [task] = [task for task in tasks() if task.name == work]
    return lambda: trainers(task)[engine]()(epochs)


def main() -> None:
    """Prints a table for each call."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=15, help="how many rounds, in which the engines take turns")
    parser.add_argument("--seconds", type=float, default=0.05, help="for how long each predicts in a round")
    parser.add_argument("--share", type=float, default=1.0, help="the share of the epochs to train")
    parser.add_argument("--tasks", type=int, default=len(EPOCHS), help="how many tasks to train, the smallest first")
    parser.add_argument("--predict", choices=inputs(), help="the only call, whose time is printed")
    add_alone(parser)
    parser.add_argument("--first", help="the only work, whose first call with the engine is measured")
    parser.add_argument("--engine", default=OURS, help="that engine")
    parser.add_argument("--epochs", type=int, default=1, help="for how many epochs to train for the first time")
    options = parser.parse_args()
    if options.first:
        print_first_call(options.engine, first(options.first, options.engine, options.epochs))
        return
    if options.predict:
        print(prediction(options.predict, options))
        return
    for title in inputs():
        report_predictions(title, options)
    for task, epochs in [*zip(tasks(), EPOCHS, strict=True)][: options.tasks]:
        report_fit(task, max(1, round(epochs * options.share)), options)


if __name__ == "__main__":
    main()
