"""The goals: for each work, the costs of ours that count, the engines to compare, and how much each should be.

The figures come from the tables of the other modules, by title, row and column.
"""

from collections.abc import Sequence
from typing import NamedTuple

from autograd.node import COMPILED
from benchmarks.tables import Table, titled

__all__ = ["GOALS", "Goal", "goals_header", "goals_rows"]


class Cost(NamedTuple):
    """A cost of ours: its column, its name, its unit, and how much it should be at most, if that is a goal."""

    column: str
    unit: str
    at_most: float | None = None
    name: str = ""


class Peer(NamedTuple):
    """Another engine: its name, its row, and how many times our cost its own should be at least, if that is a goal."""

    name: str
    row: str
    at_least: float | None = None


class Goal(NamedTuple):
    """A piece of work and what is measured of it.

    Attributes:
        work: what is done.
        table: how the title of the table starts.
        row: the row with our costs.
        costs: our costs; that of the others is compared with the first.
        peers: the others.
    """

    work: str
    table: str
    row: str
    costs: tuple[Cost, ...]
    peers: tuple[Peer, ...] = ()


SLOTS = "a Python engine of slots and tuples"
ATTENTION = "Recording and differentiating: attention block"
BOTH = Cost("both, ms", "ms")
MICROSECONDS = Cost("µs", "µs")
SAMPLE = Cost("µs per sample", "µs per sample")
EPOCH = Cost("µs per epoch", "µs an epoch")
ALONE = "In a process of its own: "
LOOP = "JAX, lax.fori_loop"
TRAINING = "A training run of "


def alone(first: float | None, memory: float | None) -> tuple[Cost, ...]:
    """The costs of a network in a process of its own."""
    return (
        Cost("ms per epoch", "ms an epoch"),
        Cost("first epoch, s", "s", first, "first call"),
        Cost("memory, MB", "MB", memory, "memory"),
    )


def fitted(work: str, table: str, at_least: float) -> Goal:
    """A whole call of `fit`, compared with JAX's loop."""
    return Goal(work, TRAINING + table, "fit, whole call", (EPOCH,), (Peer("JAX `fori_loop`", LOOP, at_least),))


def classifier(data: str, shape: str) -> Goal:
    """A whole call of `fit` on a data set, compared with scikit-learn's."""
    peers = (Peer("MLPClassifier", "theirs", 1.0),)
    return Goal(f"`fit` on {data}, {shape}", "scikit-learn's MLPClassifier", f"{data}, {shape}", (), peers)


GOALS = (
    Goal(
        "record and differentiate the attention block of 40,000 nodes",
        ATTENTION,
        "autograd",
        (BOTH, Cost("bytes per node", "bytes per node")),
        (Peer(SLOTS, "slots and tuples", 5.0), Peer("XAD", "XAD", 3.0), Peer("micrograd", "micrograd")),
    ),
    Goal(
        "the same without the compiled core",
        ATTENTION,
        "autograd, without the compiled core",
        (BOTH,),
        (Peer(SLOTS, "slots and tuples", 1.8),),
    ),
    Goal(
        "Rosenbrock function of two numbers, value and gradient, one call",
        "Rosenbrock function of two floats",
        "compiled",
        (MICROSECONDS,),
        (Peer("CasADi", "CasADi", 40.0), Peer("JAX", "JAX", 30.0), Peer("eager", "eager", 25.0)),
    ),
    Goal(
        "the same, mapped over 10⁶ samples",
        "Rosenbrock function of two numbers: value and gradient, mapped over 1,000,000",
        "compiled, stored in out=",
        (MICROSECONDS,),
        (Peer("NumPy by hand", "NumPy by hand", 2.0), Peer("JAX", "JAX")),
    ),
    Goal(
        "Rosenbrock function of 10 variables: value, gradient and Hessian, one call",
        "Rosenbrock function of 10 variables: value, gradient and Hessian",
        "compiled",
        (MICROSECONDS,),
        (Peer("CasADi", "CasADi", 5.0), Peer("JAX", "JAX", 5.0)),
    ),
    Goal(
        "`predict` on XOR, four samples",
        "predict: XOR",
        "kept program",
        (Cost("µs per call", "µs", 20.0),),
        (Peer("JAX, jitted", "JAX, jitted"), Peer("eager", "eager")),
    ),
    Goal(
        "`predict` of 64-100-20-1, one sample",
        "predict: 64-100-20-1",
        "kept program",
        (Cost("µs per call", "µs", 60.0),),
        (Peer("JAX, jitted", "JAX, jitted"), Peer("eager", "eager")),
    ),
    Goal(
        "the same without the compiled core",
        "predict: 64-100-20-1",
        "kept program, without the compiled core",
        (Cost("µs per call", "µs", 300.0),),
    ),
    fitted("`fit` of 20,000 epochs on XOR, 2-4-1, whole call", "20,000 epochs: 2-4-1", 5.0),
    fitted("`fit` of 4,000 epochs on 100 moons, 2-16-16-1, whole call", "4,000 epochs: 2-16-16-1", 2.5),
    fitted("`fit` of 64-32-10 on 1,797 samples, minibatches of 32", "100 epochs: 64-32-10 tanh, 1,797 samples, mini", 1.5),
    fitted("the same, full batch", "100 epochs: 64-32-10 tanh, 1,797 samples, full", 1.5),
)
