"""Training times: this project compared with JAX, PyTorch, NumPy by hand and micrograd, on the same work.

Run it as `python -m benchmarks.train [--rounds N]` with the dependency group `bench` installed; a peer that is not
installed is reported as absent. All engines start from the same weights, in double precision on one thread, and must
reach the same loss. A time is that of one epoch without compiling, the best of several rounds in which the engines take
turns. The share of peak counts each arithmetic operation as one, functions such as tanh included; 100 % is one core's
rate of multiply-adds, each of which counts as two.
"""

import argparse
import math
import os
import time
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1")

import numpy as np

import nn
from autograd import data_of
from benchmarks.peak import operations, peak, share
from benchmarks.rounds import best_in_turn, check_agreement, present, print_table, times
from nn.training.compiled import TrainingProgram, compiled_epochs
from nn.training.order import orders
from nn.training.task import checked_task
from nn.training.tracing import update_routine

OURS = "scalar-autograd"


class Task(NamedTuple):
    """A training run: layer sizes, samples, targets, minibatch size (0 for the full batch), learning rate."""

    name: str
    sizes: tuple[int, ...]
    X: np.ndarray
    y: np.ndarray
    batch: int
    lr: float

    @property
    def classes(self) -> bool:
        return self.sizes[-1] > 1

    def model(self) -> nn.MLP:
        return nn.MLP(self.sizes[0], list(self.sizes[1:]), seed=0)

    def weights(self, model: nn.MLP | None = None) -> list[tuple[np.ndarray, np.ndarray]]:
        """Copies of the weights and biases of each layer; by default, of the initial model."""
        return [(data_of(layer.weight), data_of(layer.bias)) for layer in (model or self.model()).layers]

    def orders(self, epochs: int) -> np.ndarray:
        """The order of the samples in each epoch, as drawn by `fit`."""
        samples = len(self.X)
        return orders(0, range(epochs), samples) if self.batch else np.tile(np.arange(samples), (epochs, 1))


def tasks() -> list[Task]:
    rng = np.random.default_rng(0)
    digits, labels = rng.uniform(0.0, 1.0, (1797, 64)), rng.integers(0, 10, 1797).astype(float)
    return [
        Task("2-4-1 tanh, XOR, full batch", (2, 4, 1), *nn.datasets.xor(), 0, 0.1),
        Task("2-16-16-1 tanh, 100 moons, full batch", (2, 16, 16, 1), *nn.datasets.moons(100), 0, 0.1),
        Task("64-32-10 tanh, 1,797 samples, minibatches of 32", (64, 32, 10), digits, labels, 32, 0.01),
        Task("64-32-10 tanh, 1,797 samples, full batch", (64, 32, 10), digits, labels, 0, 0.1),
    ]


# An engine is a function of a number of epochs: it trains from the initial weights, and returns the seconds that the
# epochs took and the loss over all samples afterwards.

Engine = Callable[[int], tuple[float, float]]


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
    def run(epochs: int) -> tuple[float, float]:
        model = task.model()
        training = program(task, model, epochs)
        start = time.perf_counter()
        for _ in compiled_epochs(training, note=len):
            pass
        return time.perf_counter() - start, loss_of(task, forward(task.weights(model), task.X)[-1])

    return run


def loss_of(task: Task, outputs: np.ndarray) -> float:
    if not task.classes:
        return float(((outputs[:, 0] - task.y) ** 2).mean())
    shifted = outputs - outputs.max(axis=1, keepdims=True)
    logs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return float(-logs[np.arange(len(task.y)), task.y.astype(int)].mean())


def forward(weights: list[tuple[np.ndarray, np.ndarray]], X: np.ndarray) -> list[np.ndarray]:
    """The activations of each layer, in NumPy."""
    activations = [X]
    for depth, (W, b) in enumerate(weights):
        Z = activations[-1] @ W.T + b
        activations.append(np.tanh(Z) if depth < len(weights) - 1 else Z)
    return activations


def numpy_by_hand(task: Task) -> Engine:
    def run(epochs: int) -> tuple[float, float]:
        weights, orders = task.weights(), task.orders(epochs)
        onehot = np.eye(10)[task.y.astype(int)] if task.classes else task.y[:, None]
        batch = task.batch or len(task.X)
        start = time.perf_counter()
        for order in orders:
            for first in range(0, len(order), batch):
                chosen = order[first : first + batch] if task.batch else slice(None)
                X, Y = task.X[chosen], onehot[chosen]
                activations = forward(weights, X)
                if task.classes:
                    e = np.exp(activations[-1] - activations[-1].max(axis=1, keepdims=True))
                    dZ = (e / e.sum(axis=1, keepdims=True) - Y) / len(X)
                else:
                    dZ = 2.0 * (activations[-1] - Y) / len(X)
                for depth in range(len(weights) - 1, -1, -1):
                    W, b = weights[depth]
                    dW, db = dZ.T @ activations[depth], dZ.sum(axis=0)
                    if depth:
                        dZ = (dZ @ W) * (1.0 - activations[depth] ** 2)
                    weights[depth] = W - task.lr * dW, b - task.lr * db
        return time.perf_counter() - start, loss_of(task, forward(weights, task.X)[-1])

    return run


def jax_engine(task: Task, *, loop: bool) -> Engine:
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)
    X, y = jnp.array(task.X), jnp.array(task.y.astype(int) if task.classes else task.y)
    batch = task.batch or len(task.X)
    whole = len(task.X) // batch * batch

    def loss(weights: Any, X: Any, y: Any) -> Any:
        A = X
        for depth, (W, b) in enumerate(weights):
            Z = A @ W.T + b
            A = jnp.tanh(Z) if depth < len(weights) - 1 else Z
        if task.classes:
            return -jnp.take_along_axis(jax.nn.log_softmax(A), y[:, None], axis=1).mean()
        return ((A[:, 0] - y) ** 2).mean()

    def step(weights: Any, X: Any, y: Any) -> Any:
        gradients = jax.grad(loss)(weights, X, y)
        return jax.tree.map(lambda w, g: w - task.lr * g, weights, gradients)

    def epoch(weights: Any, order: Any) -> Any:
        if not task.batch:
            return step(weights, X, y)
        chosen = order[:whole].reshape(-1, batch)
        weights = jax.lax.fori_loop(0, len(chosen), lambda i, w: step(w, X[chosen[i]], y[chosen[i]]), weights)
        return step(weights, X[order[whole:]], y[order[whole:]]) if whole < len(X) else weights

    jitted_epoch = jax.jit(epoch)
    jitted_loop = jax.jit(lambda w, orders: jax.lax.fori_loop(0, len(orders), lambda e, w: epoch(w, orders[e]), w))

    def epoch_by_epoch(weights: Any, orders: Any) -> Any:
        for order in orders:
            weights = jitted_epoch(weights, order)
        return weights

    train = jitted_loop if loop else epoch_by_epoch

    def run(epochs: int) -> tuple[float, float]:
        weights, orders = [(jnp.array(W), jnp.array(b)) for W, b in task.weights()], jnp.array(task.orders(epochs))
        jax.block_until_ready(train(weights, orders if loop else orders[:1]))  # compiles; a loop, for these epochs
        start = time.perf_counter()
        trained = jax.block_until_ready(train(weights, orders))
        seconds = time.perf_counter() - start
        return seconds, loss_of(task, forward([(np.array(W), np.array(b)) for W, b in trained], task.X)[-1])

    return run


def torch_engine(task: Task) -> Engine:
    import torch

    torch.set_num_threads(1)
    torch.set_default_dtype(torch.float64)
    X, y = torch.tensor(task.X), torch.tensor(task.y.astype(int) if task.classes else task.y)

    def run(epochs: int) -> tuple[float, float]:
        layers: list[torch.nn.Module] = []
        for W, b in task.weights():
            layer = torch.nn.Linear(W.shape[1], W.shape[0])
            with torch.no_grad():
                layer.weight.copy_(torch.tensor(W))
                layer.bias.copy_(torch.tensor(b))
            layers += [layer, torch.nn.Tanh()]
        model = torch.nn.Sequential(*layers[:-1])
        optimizer = torch.optim.SGD(model.parameters(), lr=task.lr)
        criterion = torch.nn.CrossEntropyLoss() if task.classes else torch.nn.MSELoss()
        batch, orders = task.batch or len(X), torch.tensor(task.orders(epochs))
        start = time.perf_counter()
        for order in orders:
            for first in range(0, len(order), batch):
                chosen = order[first : first + batch] if task.batch else slice(None)
                output = model(X[chosen])
                loss = criterion(output if task.classes else output[:, 0], y[chosen])
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
        seconds = time.perf_counter() - start
        return seconds, loss_of(task, model(X).detach().numpy())

    return run


def micrograd_engine(task: Task) -> Engine:
    from micrograd.engine import Value

    def tanh(x: Value) -> Value:
        t = math.tanh(x.data)
        out = Value(t, (x,), "tanh")

        def backward() -> None:
            x.grad += (1 - t * t) * out.grad

        out._backward = backward
        return out

    def run(epochs: int) -> tuple[float, float]:
        weights = [([[Value(w) for w in row] for row in W], [Value(x) for x in b]) for W, b in task.weights()]
        parameters = [p for W, b in weights for row in (*W, b) for p in row]

        def output(x: list[float]) -> Value:
            for depth, (W, b) in enumerate(weights):
                x = [sum((w * a for w, a in zip(row, x, strict=True)), bias) for row, bias in zip(W, b, strict=True)]
                x = [tanh(z) for z in x] if depth < len(weights) - 1 else x
            return x[0]

        start = time.perf_counter()
        for _ in range(epochs):
            losses = [(output(x) - target) ** 2 for x, target in zip(task.X.tolist(), task.y.tolist(), strict=True)]
            loss = sum(losses) * (1.0 / len(losses))
            for p in parameters:
                p.grad = 0
            loss.backward()
            for p in parameters:
                p.data -= task.lr * p.grad
        seconds = time.perf_counter() - start
        read = [(np.array([[w.data for w in row] for row in W]), np.array([x.data for x in b])) for W, b in weights]
        return seconds, loss_of(task, forward(read, task.X)[-1])

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
    losses = {name: engine(few)[1] for name, engine in made.items()}
    for name, loss in losses.items():
        check_agreement(f"{name}: loss after {few} epochs", [loss], [losses[OURS]])
    epochs = {name: epochs_within(engine, options.seconds) for name, engine in made.items()}

    def epoch_time(name: str) -> float:
        return made[name](epochs[name])[0] / epochs[name]

    taken = best_in_turn({name: partial(epoch_time, name) for name in made}, options.rounds)
    work = operations_of(task)
    rows = [
        [name, f"{taken[name] * 1e6:,.3f}", times(taken[name], taken[OURS]), share(work, taken[name], peak_rate)]
        if name in made
        else [name, "absent", "", ""]
        for name in listed
    ]
    title = f"Training {task.name}; {work:,} operations; loss after {few} epochs {losses[OURS]:.10g}"
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
