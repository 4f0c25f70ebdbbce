"""Graphs of a million nodes, and every public function that takes a graph tried on them: seconds, bytes, refusals."""

import copy
import pickle
import random
from collections.abc import Callable

import autograd
import nn
import viz
from autograd import Value

__all__ = ["FUNCTIONS", "SHAPES"]


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
    "leaves": autograd.leaves,
    "topological_order": autograd.topological_order,
    "rebuild": lambda root: autograd.rebuild(root, lambda leaf: leaf),
    "derivative": lambda root: autograd.derivative(root, leaf_of(root)),
    "grad": lambda root: autograd.grad(function_of(root))(0.5),
    "hessian": lambda root: autograd.hessian(function_of(root))(0.5),
    "gradcheck": autograd.gradcheck,
    "compile": lambda root: autograd.compile(root, target="python"),
    "forward_steps": autograd.forward_steps,
    "backward_steps": autograd.backward_steps,
    "deepcopy": copy.deepcopy,
    "copy": copy.copy,
    "pickle.dumps": pickle.dumps,
    "pickle": lambda root: pickle.loads(pickle.dumps(root)),
    "viz.code": viz.code,
    "viz.latex": viz.latex,
    "viz.steps_table": viz.steps_table,
    "viz.draw": viz.draw,
    "viz.draw depth 0": lambda root: viz.draw(root, depth=0),
    "viz.explore": viz.explore,
}
