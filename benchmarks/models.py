"""Whole calls of `predict` and `fit` as a user meets them, warm, compared with JAX and with eager execution.

Run it as `python -m benchmarks.models [--rounds N]` with the dependency group `bench` installed; a peer that is not
installed is reported as absent. A call of `fit` counts whole: checks, reading and writing the weights, and the history.
JAX's loop counts alone, from arrays that it has to arrays that it keeps.
"""

import argparse
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

import nn
from autograd import data_of
from benchmarks.rounds import best_in_turn, best_of, check_agreement, present, print_table, times
from benchmarks.train import Task, forward, jax_engine, loss_of, tasks
from nn.modes import call_in_mode

Floats = npt.NDArray[np.float64]

OURS = "kept program"
EPOCHS = (20_000, 4_000)  # on XOR; of 2-16-16-1 on 100 moons


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


def report_predictions(title: str, model: nn.MLP, samples: Any, options: argparse.Namespace) -> None:
    """Prints the time of a call, and exits if the engines disagree."""
    makers: dict[str, Callable[[], Callable[[Floats], Any]]] = {
        OURS: lambda: model.predict,
        "eager": partial(eager_outputs, model),
        "JAX, jitted": partial(jax_outputs, model),
    }
    calls = present(makers)
    here = {name: call for name, call in calls.items() if call is not None}
    for name, call in here.items():
        check_agreement(name, list(call(samples)), list(model.predict(samples)))
    best = best_of({name: partial(call, samples) for name, call in here.items()}, options.rounds, options.seconds)
    rows = [[name, f"{1e6 * best[name]:,.1f}", times(best[name], best[OURS])] for name in here]
    rows += [[name, "absent", ""] for name in calls if name not in here]
    print_table(title, ["engine", "µs per call", "× ours"], rows)


def fitted(task: Task, epochs: int) -> tuple[float, float]:
    """Returns the seconds of a whole call of `fit`, and the loss afterwards."""
    model = task.model()
    sgd = nn.SGD(model.parameters(), lr=task.lr)
    start = time.perf_counter()
    model.fit(task.X, task.y, loss=nn.mse_loss, optimizer=sgd, epochs=epochs, progress=False)
    return time.perf_counter() - start, loss_of(task, forward(task.weights(model), task.X)[-1])


def report_fit(task: Task, epochs: int, rounds: int) -> None:
    """Prints the time of a training run, and exits if the engines reach different losses."""
    makers: dict[str, Callable[[], Callable[[int], tuple[float, float]]]] = {
        "fit, whole call": lambda: partial(fitted, task),
        "JAX, lax.fori_loop": lambda: jax_engine(task, loop=True),
    }
    engines = present(makers)
    here = {name: engine for name, engine in engines.items() if engine is not None}
    for name, engine in here.items():
        check_agreement(f"{name}: loss after 5 epochs", [engine(5)[1]], [fitted(task, 5)[1]])
        engine(epochs)

    def seconds(name: str) -> float:
        return here[name](epochs)[0]

    best = best_in_turn({name: partial(seconds, name) for name in here}, rounds)
    rows = [[name, f"{1e3 * best[name]:,.2f}", times(best[name], best["fit, whole call"])] for name in here]
    rows += [[name, "absent", ""] for name in engines if name not in here]
    print_table(f"A training run of {epochs:,} epochs: {task.name}", ["engine", "ms", "× ours"], rows)


def main() -> None:
    """Prints a table for each call."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=15, help="how many rounds, in which the engines take turns")
    parser.add_argument("--seconds", type=float, default=0.05, help="for how long each predicts in a round")
    parser.add_argument("--share", type=float, default=1.0, help="the share of the epochs to train")
    options = parser.parse_args()
    one = np.random.default_rng(0).uniform(0.0, 1.0, (1, 64))
    report_predictions("predict: XOR, 2-4-1, four samples", nn.MLP(2, [4, 1], seed=0), nn.datasets.xor().X, options)
    report_predictions("predict: 64-100-20-1, one sample", nn.MLP(64, [100, 20, 1], seed=0), one, options)
    for task, epochs in zip(tasks(), EPOCHS, strict=False):
        report_fit(task, max(1, round(epochs * options.share)), options.rounds)


if __name__ == "__main__":
    main()
