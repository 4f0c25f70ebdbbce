"""Classifiers of scikit-learn and the same ones of ours: test accuracy, and times of whole calls of `fit`.

Run it as `python -m benchmarks.classifiers [--rounds N]` with scikit-learn installed. The networks have the same
layers, activations, optimizer, minibatches and epochs, but initial weights and the order of samples are each library's
own, so accuracies are means over seeds. The logistic regressions minimize the same loss, to the same tolerance. A first
call is the first in its process, after the imports. BLAS has one thread: on matrices as small as these, more only wait
for each other.
"""

import argparse
import importlib
import warnings
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

import nn
from benchmarks.process import measured_alone
from benchmarks.rounds import best_of, seconds_of, times
from benchmarks.tables import print_table

Floats = npt.NDArray[np.float64]
Predict = Callable[[Floats], npt.NDArray[Any]]  # the class of each sample

BATCH, RATE = 32, 0.01
SEEDS = (0, 1, 2)


class Data(NamedTuple):
    """Samples that are standardized, their classes, and the rest to test on."""

    X: Floats
    y: npt.NDArray[np.int64]
    X_test: Floats
    y_test: npt.NDArray[np.int64]

    @property
    def outputs(self) -> int:
        """The number of classes, or 1 if there are two, as in scikit-learn."""
        classes = int(self.y.max()) + 1
        return classes if classes > 2 else 1


class Work(NamedTuple):
    """A data set, hidden layers and epochs."""

    load: Callable[[], tuple[Floats, npt.NDArray[np.int64]]]
    hidden: tuple[int, ...]
    epochs: int

    def data(self) -> Data:
        """Three quarters of the samples to train on, the others to test."""
        X, y = self.load()
        order = np.random.default_rng(0).permutation(len(X))
        train, test = np.split(order, [3 * len(X) // 4])
        samples, standardizer = nn.standardize(X[train])
        return Data(samples, y[train], standardizer(X[test]), y[test])


def loaded(name: str) -> tuple[Floats, npt.NDArray[np.int64]]:
    import sklearn.datasets

    X, y = getattr(sklearn.datasets, f"load_{name}")(return_X_y=True)
    return X[:, X.std(axis=0) > 0], y.astype(np.int64)


def moons() -> tuple[Floats, npt.NDArray[np.int64]]:
    X, y = nn.datasets.moons(400, noise=0.2, seed=0)
    return X.astype(np.float64), y.astype(np.int64)


WORKS = {
    "iris": Work(partial(loaded, "iris"), (10,), 100),
    "wine": Work(partial(loaded, "wine"), (16,), 100),
    "breast cancer": Work(partial(loaded, "breast_cancer"), (16,), 100),
    "moons": Work(moons, (16, 16), 100),
    "digits": Work(partial(loaded, "digits"), (32,), 50),
}


def classes_of(model: nn.MLP, X: Floats) -> npt.NDArray[Any]:
    outputs = model.predict(X)
    return outputs.argmax(axis=1) if outputs.ndim == 2 else (outputs > 0.0).astype(int)


def our_network(work: Work, data: Data, seed: int) -> Predict:
    model = nn.MLP(data.X.shape[1], [*work.hidden, data.outputs], activation="tanh", seed=seed)
    loss = "cross_entropy" if data.outputs > 1 else "binary_cross_entropy_with_logits"
    adam = nn.Adam(model.parameters(), lr=RATE)
    model.fit(
        data.X,
        data.y,
        loss=loss,
        optimizer=adam,
        epochs=work.epochs,
        batch_size=BATCH,
        seed=seed,
        progress=False,
    )
    return partial(classes_of, model)


def their_network(work: Work, data: Data, seed: int) -> Predict:
    from sklearn.neural_network import MLPClassifier

    model = MLPClassifier(
        work.hidden,
        activation="tanh",
        alpha=0.0,
        batch_size=BATCH,
        learning_rate_init=RATE,
        max_iter=work.epochs,
        tol=0.0,
        n_iter_no_change=work.epochs,
        random_state=seed,
    )
    return partial(model.fit(data.X, data.y).predict)


def our_regression(work: Work, data: Data, seed: int) -> Predict:
    model = nn.MLP(data.X.shape[1], [data.outputs], seed=seed)
    of_classes = nn.cross_entropy if data.outputs > 1 else nn.binary_cross_entropy_with_logits
    targets = nn.one_hot(data.y, data.outputs) if data.outputs > 1 else data.y
    strength = 0.5 / len(data.X)

    def loss(predictions: Any, targets: Any) -> Any:
        return of_classes(predictions, targets) + strength * nn.l2_penalty(model)

    lbfgs = nn.LBFGS(model.parameters(), tolerance_grad=1e-5)
    model.fit(data.X, targets, loss=loss, optimizer=lbfgs, epochs=1000, progress=False)
    return partial(classes_of, model)


def their_regression(work: Work, data: Data, seed: int) -> Predict:
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(tol=1e-5, max_iter=1000)
    return partial(model.fit(data.X, data.y).predict)


Classifier = Callable[[Work, Data, int], Predict]
PAIRS: dict[str, tuple[Classifier, Classifier]] = {
    "network": (our_network, their_network),
    "regression": (our_regression, their_regression),
}
IMPORTS = {
    "network": ("nn", "sklearn.neural_network"),
    "regression": ("nn.training.quasi_newton", "sklearn.linear_model"),
}
PEERS = {"network": "MLPClassifier", "regression": "LogisticRegression"}


def first_call(kind: str, which: int, name: str) -> float:
    """Returns the time of the first call in a process."""
    return float(measured_alone("classifiers", f"--first={kind}", f"--which={which}", f"--data={name}"))


def print_first_call(kind: str, which: int, name: str) -> None:
    """Prints the time of a call, after all imports."""
    importlib.import_module(IMPORTS[kind][which])
    work = WORKS[name]
    print(seconds_of(partial(PAIRS[kind][which], work, work.data(), 0)))


def accuracy(classifier: Classifier, work: Work, data: Data, seeds: tuple[int, ...]) -> float:
    """The mean share of the test samples whose class is found."""
    found = [classifier(work, data, seed)(data.X_test) == data.y_test for seed in seeds]
    return float(np.mean(found))


def row_of(kind: str, name: str, rounds: int) -> list[str]:
    """What the table says about a data set."""
    work = WORKS[name]
    data = work.data()
    seeds = SEEDS if kind == "network" else SEEDS[:1]
    accuracies = [f"{accuracy(classifier, work, data, seeds):.3f}" for classifier in PAIRS[kind]]
    ours, theirs = PAIRS[kind]
    taken = best_of({"ours": partial(ours, work, data, 0), "theirs": partial(theirs, work, data, 0)}, rounds)
    first = [f"{1e3 * first_call(kind, which, name):,.0f}" for which in (0, 1)]
    later = [f"{1e3 * taken[which]:,.1f}" for which in ("ours", "theirs")]
    layers = (data.X.shape[1], *(work.hidden if kind == "network" else ()), data.outputs)
    shape = "-".join(map(str, layers))
    return [f"{name}, {shape}", *accuracies, *first, *later, times(taken["theirs"], taken["ours"])]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5, help="rounds of later calls, in turn; the best counts")
    parser.add_argument("--data", nargs="+", choices=WORKS, default=list(WORKS), help="the data sets")
    parser.add_argument("--kinds", nargs="+", choices=PAIRS, default=list(PAIRS), help="the classifiers")
    parser.add_argument("--first", choices=PAIRS, help="the classifier whose first call is measured")
    parser.add_argument("--which", type=int, choices=(0, 1), default=0, help="0 for ours, 1 for scikit-learn's")
    options = parser.parse_args()
    warnings.filterwarnings("ignore", "Stochastic Optimizer")  # their networks say that they could train for longer
    if options.first:
        print_first_call(options.first, options.which, options.data[0])
        return
    figures = [f"{what}, {whose}" for what in ("accuracy", "first, ms", "later, ms") for whose in ("ours", "theirs")]
    for kind in options.kinds:
        rows = [row_of(kind, name, options.rounds) for name in options.data]
        print_table(f"scikit-learn's {PEERS[kind]} and ours, whole calls", ["data", *figures, "times ours"], rows)


if __name__ == "__main__":
    main()
