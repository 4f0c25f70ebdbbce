"""The engines that train: this project, JAX, PyTorch, NumPy by hand, scikit-learn and micrograd.

All but scikit-learn's start from the same weights, and all train in double precision on one thread.
"""

import math
import os
import time
import warnings
from collections.abc import Callable, Mapping
from typing import Any

os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1")

import numpy as np

import nn
from benchmarks.rounds import check_agreement
from benchmarks.tasks import Task, Weights, forward, weights_of

# An engine is a function of a number of epochs: it trains from the initial weights, and returns the seconds that the
# epochs took, compiling included, and the weights afterwards.

Engine = Callable[[int], tuple[float, Weights]]


def whole_fit(task: Task) -> Engine:
    """Calls of `fit` as a user makes them: with checks, reading and writing of the weights, and the history."""

    def run(epochs: int) -> tuple[float, Weights]:
        model = task.model()
        loss = nn.cross_entropy if task.classes else nn.mse_loss
        sgd = nn.SGD(model.parameters(), lr=task.lr)
        batches: dict[str, Any] = {"batch_size": task.batch, "seed": 0} if task.batch else {}
        start = time.perf_counter()
        model.fit(task.X, task.y, loss=loss, optimizer=sgd, epochs=epochs, progress=False, **batches)
        return time.perf_counter() - start, weights_of(model)

    return run


def numpy_by_hand(task: Task) -> Engine:
    def run(epochs: int) -> tuple[float, Weights]:
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
        return time.perf_counter() - start, weights

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

    def run(epochs: int) -> tuple[float, Weights]:
        weights, orders = [(jnp.array(W), jnp.array(b)) for W, b in task.weights()], jnp.array(task.orders(epochs))
        start = time.perf_counter()
        trained = jax.block_until_ready(train(weights, orders))
        seconds = time.perf_counter() - start
        return seconds, [(np.array(W), np.array(b)) for W, b in trained]

    return run


def torch_engine(task: Task) -> Engine:
    import torch

    torch.set_num_threads(1)
    torch.set_default_dtype(torch.float64)
    X, y = torch.tensor(task.X), torch.tensor(task.y.astype(int) if task.classes else task.y)

    def run(epochs: int) -> tuple[float, Weights]:
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
        linear = layers[::2]
        return seconds, [(layer.weight.detach().numpy(), layer.bias.detach().numpy()) for layer in linear]

    return run


def sklearn_engine(task: Task) -> Engine:
    """scikit-learn's network, which starts from weights of its own and shuffles by itself."""
    from sklearn.neural_network import MLPClassifier

    def run(epochs: int) -> tuple[float, Weights]:
        model = MLPClassifier(
            task.sizes[1:-1],
            activation="tanh",
            solver="sgd",
            alpha=0.0,
            batch_size=task.batch or len(task.X),
            learning_rate_init=task.lr,
            momentum=0.0,
            max_iter=epochs,
            tol=0.0,
            n_iter_no_change=epochs,
            random_state=0,
        )
        start = time.perf_counter()
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "Stochastic Optimizer")  # that it could train for longer
            model.fit(task.X, task.y)
        seconds = time.perf_counter() - start
        return seconds, [(W.T, b) for W, b in zip(model.coefs_, model.intercepts_, strict=True)]

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

    def run(epochs: int) -> tuple[float, Weights]:
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
        return seconds, read

    return run


def check_losses(task: Task, made: Mapping[str, Engine], epochs: int) -> float:
    """Returns the loss after some epochs with the first engine; exits if another one reaches a different loss."""
    losses = {name: task.loss(engine(epochs)[1]) for name, engine in made.items()}
    first = next(iter(losses.values()))
    for name, loss in losses.items():
        check_agreement(f"{name}: loss after {epochs} epochs", [loss], [first])
    return first
