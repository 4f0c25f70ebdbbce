"""The goals: for each piece of work, which of our costs count, which engines to compare, and how well we should do.

The figures come from the tables of the other modules, by title, row and column.
"""

from collections.abc import Sequence
from typing import NamedTuple

from benchmarks.rounds import times
from benchmarks.tables import Table, titled

__all__ = ["GOALS", "Cost", "Goal", "Peer", "goal_rows"]


class Cost(NamedTuple):
    """A cost of ours.

    Attributes:
        column: the heading of its column.
        unit: its unit.
        at_most: the goal, if there is one.
        name: what it is, if not the time of the work.
    """

    column: str
    unit: str
    at_most: float | None = None
    name: str = ""


class Peer(NamedTuple):
    """Another engine.

    Attributes:
        name: how it is called here.
        row: the first cell of its row.
        at_least: how many times our cost its own should be, if that is a goal.
        column: the heading of the column with its cost, if not that of ours.
    """

    name: str
    row: str
    at_least: float | None = None
    column: str = ""


class Goal(NamedTuple):
    """A piece of work, and what is measured of it.

    Attributes:
        work: what is done.
        table: how the title of the table starts.
        row: the first cell of the row with our costs.
        costs: our costs; those of the others are compared with the first.
        peers: the others.
    """

    work: str
    table: str
    row: str
    costs: tuple[Cost, ...]
    peers: tuple[Peer, ...] = ()


def goal_rows(found: Sequence[Table], goals: Sequence[Goal]) -> list[list[str]]:
    """Returns a row of text for each goal, with what the tables say about it."""
    return [[goal.work, *_figures(titled(found, goal.table), goal)] for goal in goals]


def _figures(table: Table, goal: Goal) -> tuple[str, str]:
    """Our costs, and those of the others as multiples of the first, each with its goal in parentheses."""
    own = [_number(table, goal.row, cost.column) for cost in goal.costs]
    costs = [_cost(cost, number) for cost, number in zip(goal.costs, own, strict=True)]
    peers = [_peer(peer, _number(table, peer.row, peer.column or goal.costs[0].column), own[0]) for peer in goal.peers]
    return ", ".join(costs), ", ".join(peers)


def _cost(cost: Cost, number: float | None) -> str:
    name = f"{cost.name} " if cost.name else ""
    if number is None:
        return f"{name}absent"
    goal = "" if cost.at_most is None else _goal(f"≤ {cost.at_most:g} {cost.unit}", number <= cost.at_most)
    return f"{name}{number:,g} {cost.unit}{goal}"


def _peer(peer: Peer, number: float | None, own: float | None) -> str:
    if number is None or own is None:
        return f"{peer.name} absent"
    goal = "" if peer.at_least is None else _goal(f"≥ {peer.at_least:g}×", number >= peer.at_least * own)
    return f"{peer.name} {times(number, own)}{goal}"


def _goal(bound: str, met: bool) -> str:
    return f" ({bound})" if met else f" ({bound}, **missed**)"


def _number(table: Table, row: str, column: str) -> float | None:
    """Returns the number in a cell; None if the row says that the engine is absent."""
    cells = table.rows[row]
    return None if "absent" in cells.values() else float(cells[column].replace(",", ""))


SLOTS = "a Python engine of slots and tuples"
ATTENTION = "Recording and differentiating: attention block"
BOTH = Cost("both, ms", "ms")
MICROSECONDS = Cost("µs", "µs")
SAMPLE = Cost("µs per sample", "µs per sample")
MEMORY = Cost("memory, MB", "MB", name="memory")
FIRST = Cost("first call, ms", "ms", name="first call"), MEMORY
EPOCH = Cost("µs per epoch", "µs an epoch")
ALONE = "In a process of its own: "
LOOP = "JAX, lax.fori_loop"
TRAINING = "A training run of "
DIGITS = "100 epochs: 64-32-10 tanh, 1,797 samples"
CLASSIFIERS = ("iris, 4-10-3", "wine, 13-16-3", "breast cancer, 30-16-1", "moons, 2-16-16-1", "digits, 61-32-10")
LANGUAGE_MODEL = "Training a language model"
VALUE_AND_GRADIENT = "Value and gradient of the attention block"


def alone(first: float) -> tuple[Cost, Cost]:
    """The costs of a network in a process of its own: a later epoch, and the first."""
    return Cost("ms per epoch", "ms an epoch"), Cost("first epoch, s", "s", first, "first call")


def fitted(work: str, table: str, at_least: float) -> Goal:
    """A whole call of `fit`, compared with JAX's loop."""
    return Goal(work, TRAINING + table, "fit, whole call", (EPOCH, *FIRST), (Peer("JAX `fori_loop`", LOOP, at_least),))


def classifier(data: str) -> Goal:
    """A whole call of `fit` on a data set, compared with scikit-learn's."""
    costs = (Cost("later, ms, ours", "ms"),)
    peers = (Peer("MLPClassifier", data, 1.0, "later, ms, theirs"),)
    return Goal(f"`fit` on {data}, whole call", "scikit-learn's MLPClassifier", data, costs, peers)


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
        (MICROSECONDS, *FIRST),
        (Peer("CasADi", "CasADi", 40.0), Peer("JAX", "JAX", 30.0), Peer("eager", "eager", 25.0)),
    ),
    Goal(
        "the same, mapped over 10⁶ samples",
        "Rosenbrock function of two numbers: value and gradient, mapped over 1,000,000",
        "compiled",
        (MICROSECONDS, *FIRST),
        (Peer("NumPy by hand", "NumPy by hand", 2.0), Peer("JAX", "JAX")),
    ),
    Goal(
        "Rosenbrock function of 10 variables: value, gradient and Hessian, one call",
        "Rosenbrock function of 10 variables: value, gradient and Hessian",
        "compiled",
        (MICROSECONDS, *FIRST),
        (Peer("CasADi", "CasADi", 5.0), Peer("JAX", "JAX", 5.0)),
    ),
    Goal(
        "`predict` on XOR, four samples",
        "predict: XOR",
        "kept program",
        (Cost("µs per call", "µs", 20.0), *FIRST),
        (Peer("JAX, jitted", "JAX, jitted"), Peer("eager", "eager")),
    ),
    Goal(
        "`predict` of 64-100-20-1, one sample",
        "predict: 64-100-20-1",
        "kept program",
        (Cost("µs per call", "µs", 60.0), *FIRST),
        (Peer("JAX, jitted", "JAX, jitted"), Peer("eager", "eager")),
    ),
    Goal(
        "the same without the compiled core",
        "predict: 64-100-20-1",
        "kept program, without the compiled core",
        (Cost("µs per call", "µs", 300.0), *FIRST),
    ),
    fitted("`fit` of 20,000 epochs on XOR, 2-4-1, whole call", "20,000 epochs: 2-4-1", 5.0),
    fitted("`fit` of 4,000 epochs on 100 moons, 2-16-16-1, whole call", "4,000 epochs: 2-16-16-1", 2.5),
    fitted("`fit` of 64-32-10, 1,797 samples, minibatches of 32", f"{DIGITS}, minibatches", 1.5),
    fitted("the same, full batch", f"{DIGITS}, full batch", 1.5),
    Goal(
        "64-32-10, 1,797 samples, minibatches of 32: first `fit` of a process",
        ALONE + "64-32-10",
        "fit, whole call",
        (Cost("first epoch, s", "s", 0.5), MEMORY),
        (Peer("JAX", "JAX, jitted epoch"),),
    ),
    Goal(
        "784-128-10, 5,000 samples, minibatches of 32",
        ALONE + "784-128-10",
        "fit, whole call",
        (*alone(first=2.0), MEMORY._replace(at_most=300.0)),
        (
            Peer("PyTorch", "PyTorch", 1.5),
            Peer("JAX", "JAX, jitted epoch", 1.0),
            Peer("MLPClassifier", "scikit-learn", 1.5),
        ),
    ),
    Goal(
        "4096-100-20-1, 500 samples, minibatches of 32",
        ALONE + "4096-100-20-1",
        "fit, whole call",
        (*alone(first=10.0), MEMORY),
        (Peer("PyTorch", "PyTorch"),),
    ),
    Goal(
        "trace the step of a training run, 784-128-10",
        "Tracing the step of a training run",
        "784-128-10, compiled core",
        (Cost("µs each", "µs an instruction", 2.0), Cost("bytes each", "bytes an instruction", 300.0)),
    ),
    Goal(
        "a step of training a GPT of 4,192 parameters on scalars, eager",
        LANGUAGE_MODEL,
        "eager",
        (Cost("ms per step", "ms"),),
        (Peer("its own class of numbers", "its own class", 8.0),),
    ),
    Goal(
        "the same, compiled, one program for each of four lengths",
        LANGUAGE_MODEL,
        "compiled",
        (
            Cost("ms per step", "ms"),
            Cost("first steps, s", "s", 3.0, "compiling them"),
            Cost("memory, MB", "MB", 300.0, "memory"),
        ),
        (Peer("its own class of numbers", "its own class", 500.0), Peer("eager", "eager")),
    ),
    Goal(
        "value and gradient of the attention block of 40,000 nodes, one call",
        VALUE_AND_GRADIENT,
        "compiled",
        (SAMPLE,),
        (Peer("CasADi's SX machine", "CasADi, SX machine", 2.0),),
    ),
    Goal(
        "the same, 8 samples a call",
        VALUE_AND_GRADIENT,
        "compiled, 8 samples",
        (SAMPLE,),
        (Peer("CasADi's SX machine", "CasADi, SX machine, map of 8", 15.0),),
    ),
    Goal(
        "draw 58 nodes",
        "Drawing, warm",
        "58",
        (Cost("SVG, ms", "ms", 10.0, "SVG"), Cost("PNG, ms", "ms", 60.0, "PNG")),
    ),
    Goal("the first picture of a process, SVG", "First pictures", "that draws an SVG", (Cost("ms", "ms", 400.0),)),
    Goal("the first picture of a process, PNG", "First pictures", "that draws a PNG", (Cost("ms", "ms", 400.0),)),
    *map(classifier, CLASSIFIERS),
)
