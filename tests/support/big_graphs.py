"""Large graphs of several shapes, and every public function that takes a graph tried on them: seconds and bytes."""

import copy
import gc
import math
import pickle
import random
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator
from typing import NamedTuple

import autograd
import nn
import viz
from autograd import Value

__all__ = ["FUNCTIONS", "LONGER", "SHAPES", "Tried", "calls", "million_nodes", "peak_bytes"]


def chain(nodes):
    """As deep as it has nodes: each operation takes the one before."""
    w, x = Value(0.999, "w"), Value(0.5, "x")
    y = x
    for _ in range(nodes // 2 - 1):
        y = y * w + x
    return y


def wide(nodes):
    """A balanced sum of as many leaves as it has additions."""
    row = [Value(0.5) for _ in range(nodes // 2)]
    while len(row) > 1:
        row = [a + b for a, b in zip(row[::2], row[1::2], strict=False)] + row[len(row) & ~1 :]
    return row[0]


def reused(nodes):
    """A random graph in which nodes are used several times, of many kinds of operations."""
    choose = random.Random(1).randrange
    made = [Value(0.1 * number, f"x{number}", role="parameter") for number in range(1, 10)]
    operations = [
        lambda a, b: a + b, lambda a, b: a * b, lambda a, b: a - b, lambda a, b: (a + b).tanh(),
        lambda a, b: a.sin() + b, lambda a, b: a.maximum(b), lambda a, b: a.select(b, a), lambda a, b: (a * 0.5 + b),
        lambda a, b: a.sigmoid() * b, lambda a, b: a.clip(-1.0, 1.0) - b,
    ]  # fmt: skip
    total = made[-1]
    count = 9
    while count < nodes:
        operation = operations[choose(len(operations))]
        part = operation(total.tanh(), made[choose(max(0, len(made) - 1000), len(made))])
        made.append(part)
        total = part
        count += 2.6
    return total


def network(nodes):
    """The output of a network: its nodes are in the scopes of neurons."""
    width = int((nodes / 3) ** 0.5)
    return nn.MLP(2, [width, width, 1], seed=1)([0.5, -0.5])


SHAPES = {"chain": chain, "wide": wide, "reused": reused, "network": network}


def leaf_of(root):
    """A leaf that the root depends on: the first one of the walk."""
    return autograd.leaves(root)[0]


def function_of(root):
    """A function that records the graph of the root again, on another leaf."""
    x = leaf_of(root)
    return lambda number: autograd.rebuild(root, lambda leaf: number if leaf is x else leaf.data)[root]


FUNCTIONS: dict[str, Callable[[Value], object]] = {
    "backward": Value.backward,
    "forward": Value.forward,
    "zero_grad": Value.zero_grad,
    "check_finite": Value.check_finite,
    "repr": repr,
    "comparison": lambda root: (root < root, root <= 0.0, root == root),
    "leaves": autograd.leaves,
    "topological_order": autograd.topological_order,
    "rebuild": lambda root: autograd.rebuild(root, lambda leaf: leaf),
    "derivative": lambda root: autograd.derivative(root, leaf_of(root)),
    "grad": lambda root: autograd.grad(function_of(root))(0.5),
    "forward_steps": autograd.forward_steps,
    "backward_steps": autograd.backward_steps,
    "copy.copy": copy.copy,
    "copy.deepcopy": copy.deepcopy,
    "pickle.dumps": pickle.dumps,
    "pickle.dumps and loads": lambda root: pickle.loads(pickle.dumps(root)),
    "viz.code": viz.code,
    "viz.latex": viz.latex,
    "viz.steps_table": viz.steps_table,
    "viz.draw": viz.draw,
    "viz.draw, any limit": lambda root: viz.draw(root, limit=10**9),
    "viz.explore": viz.explore,
}

LONGER: dict[str, Callable[[Value], object]] = {
    "gradcheck": lambda root: autograd.gradcheck(root, atol=math.inf),  # differences lose their digits in sums so long
    "hessian": lambda root: autograd.hessian(function_of(root))(0.5),
    "compile": lambda root: autograd.compile(root, target="python"),
}
"""Functions whose work is several times that of the others: they take more than 5 seconds for a million nodes."""


class Tried(NamedTuple):
    """A function tried on a graph.

    Attributes:
        what: the name of the function, the shape of the graph and its number of nodes.
        seconds: the time of the call.
        bytes: the most memory that it held at once, including its result.
        refused: the message if it refused the graph, otherwise "".
    """

    what: str
    seconds: float
    bytes: int
    refused: str


def million_nodes(nodes: int = 1_000_000) -> Iterator[Tried]:
    """Tries every function on a graph of every shape; each takes one run for the time and one for the memory."""
    for shape, build in SHAPES.items():
        root = build(nodes)
        count = len(autograd.topological_order(root))
        for name, function in FUNCTIONS.items():
            gc.collect()
            before = time.perf_counter()
            refused = refusal(function, root)
            seconds = time.perf_counter() - before
            yield Tried(f"{name}, {shape} of {count:,} nodes", seconds, peak_bytes(function, root), refused)


def refusal(function: Callable[[Value], object], root: Value) -> str:
    """The message of the ValueError that a function raises; "" if it raises none."""
    try:
        function(root)
    except ValueError as error:
        return str(error)
    return ""


def peak_bytes(function: Callable[[Value], object], root: Value) -> int:
    """The most memory that a call holds at once, besides the graph."""
    gc.collect()
    tracemalloc.start()
    try:
        refusal(function, root)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def calls(function: Callable[[Value], object], root: Value) -> int:
    """The number of calls that a function makes, of functions written in Python and in C: work on any machine."""
    count = 0

    def counted(frame: object, event: str, argument: object) -> None:
        nonlocal count
        count += event.endswith("call")

    outer = sys.getprofile()
    sys.setprofile(counted)
    try:
        refusal(function, root)
    finally:
        sys.setprofile(outer)
    return count
