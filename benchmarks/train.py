"""Training times: this project compared with JAX, PyTorch, NumPy by hand and micrograd, on the same work.

Run it as `python -m benchmarks.train [--rounds N]` with the dependency group `bench` installed; a peer that is not
installed is reported as absent. All engines start from the same weights, in double precision on one thread, and must
reach the same loss. A time is that of one epoch without compiling, the best of several rounds in which the engines take
turns. The share of peak counts each arithmetic operation as one, functions such as tanh included; 100 % is one core's
rate of multiply-adds, each of which counts as two.
"""

import argparse
import time
from functools import partial

import nn
from benchmarks.engines import Engine, check_losses, jax_engine, micrograd_engine, numpy_by_hand, torch_engine
from benchmarks.peak import operations, peak, share
from benchmarks.rounds import best_in_turn, present, times
from benchmarks.tables import print_table
from benchmarks.tasks import Task, Weights, tasks, weights_of
from nn.training.compiled import TrainingProgram, compiled_epochs
from nn.training.task import checked_task
from nn.training.tracing import update_routine

OURS = "scalar-autograd"


def program(task: Task, model: nn.MLP, epochs: int) -> TrainingProgram:
    """Returns the compiled training run of a model."""
    checked = checked_task(
        model,
        task.X,
        task.y,
        loss=nn.cross_entropy if task.classes else nn.mse_loss,
        optimizer=nn.SGD(model.parameters(), lr=task.lr),
        epochs=epochs,
        batch_size=task.batch or None,
        seed=0,
        validation=None,
        callbacks=(),
        record=0,
        compiled=True,
    )
    return TrainingProgram(checked)


def ours(task: Task) -> Engine:
    def run(epochs: int) -> tuple[float, Weights]:
        model = task.model()
        training = program(task, model, epochs)
        start = time.perf_counter()
        for _ in compiled_epochs(training, note=len):
            pass
        return time.perf_counter() - start, weights_of(model)

    return run


def engines(task: Task) -> dict[str, Engine | None]:
    """All engines by name; None if one is not installed."""
    makers = {
        OURS: lambda: ours(task),
        "JAX, lax.fori_loop": lambda: jax_engine(task, loop=True),
        "JAX, jitted step": lambda: jax_engine(task, loop=False),
        "NumPy by hand": lambda: numpy_by_hand(task),
        "PyTorch": lambda: torch_engine(task),
    }
    if not task.classes:  # one epoch of the digits would take micrograd a day
        makers["micrograd"] = lambda: micrograd_engine(task)
    return present(makers)


def operations_of(task: Task) -> float:
    """The operations in an epoch: loss and gradient of every sample, and the update of every parameter in each step."""
    training = program(task, task.model(), epochs=1)
    parameters = sum(W.size + b.size for W, b in task.weights())
    update = operations(update_routine(training.task.optimizer)) * parameters * training.steps_per_epoch
    return operations(training.sample) * len(task.X) + update


def epochs_within(engine: Engine, seconds: float) -> int:
    """Returns about how many epochs an engine completes in the given time."""
    epochs = 1
    while (taken := min(engine(epochs)[0] for _ in range(2))) < seconds / 4:
        epochs *= 4
    return max(1, int(epochs * seconds / taken))


def report(task: Task, options: argparse.Namespace, peak_rate: float) -> None:
    """Prints the time of an epoch with each engine, and exits if one reaches a different loss."""
    listed = engines(task)
    made = {name: engine for name, engine in listed.items() if engine}
    few = min(options.check, 5) if len(task.X) > 50 else options.check
    loss = check_losses(task, made, few)
    epochs = {name: epochs_within(engine, options.seconds) for name, engine in made.items()}

    def epoch_time(name: str) -> float:
        return made[name](epochs[name])[0] / epochs[name]

    for name in made:
        epoch_time(name)  # JAX compiles a loop for each number of epochs
    taken = best_in_turn({name: partial(epoch_time, name) for name in made}, options.rounds)
    work = operations_of(task)
    rows = [
        [name, f"{taken[name] * 1e6:,.3f}", times(taken[name], taken[OURS]), share(work, taken[name], peak_rate)]
        if name in made
        else [name, "absent", "", ""]
        for name in listed
    ]
    title = f"Training {task.name}; {work:,} operations; loss after {few} epochs {loss:.10g}"
    print_table(title, ["engine", "µs per epoch", "× ours", "share of peak"], rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5, help="number of training runs of each; the best counts")
    parser.add_argument("--seconds", type=float, default=0.5, help="approximate training time of each in a round")
    parser.add_argument("--check", type=int, default=20, help="number of epochs after which all losses must agree")
    parser.add_argument("--tasks", type=int, default=4, help="number of tasks to run, smallest of the four first")
    options = parser.parse_args()
    peak_rate = peak(options.rounds)
    print(f"Peak of one core, measured in the same run: {peak_rate / 1e9:.1f} GFLOP/s.")
    for task in tasks()[: options.tasks]:
        report(task, options, peak_rate)


if __name__ == "__main__":
    main()
