"""Helpers for the tests of the compiler: random graphs, eager results to compare with, and JavaScript."""

import math
import struct
from functools import cache
from inspect import signature

from hypothesis import strategies as st
from py_mini_racer import MiniRacer

import autograd
from autograd import Value, functions
from autograd.graph import topological_order
from autograd.node import BRANCHES, Node

ROUNDED = [  # the functions of one number whose last digit may differ between targets
    name
    for name in functions.PRIMITIVES
    if len(signature(getattr(functions, name)).parameters) == 1
    and name not in ("negative", "absolute", "sqrt", "round")
]

EXACT = [  # the operations that IEEE 754 rounds correctly, and others composed from them
    lambda a, b, c: a + b,
    lambda a, b, c: a - b,
    lambda a, b, c: a * b,
    lambda a, b, c: a / b,
    lambda a, b, c: -a,
    lambda a, b, c: a.sqrt(),
    lambda a, b, c: a.select(b, c),
    lambda a, b, c: a.relu(),
    lambda a, b, c: a.leaky_relu(),
    lambda a, b, c: a.leaky_relu(-0.5),
    lambda a, b, c: abs(a),
    lambda a, b, c: a.sign(),
    lambda a, b, c: a.heaviside(),
    lambda a, b, c: a.maximum(b),
    lambda a, b, c: a.minimum(b),
    lambda a, b, c: a.clip(-1.0, 2.0),
    lambda a, b, c: a.clip(-math.inf, 0.0),
    lambda a, b, c: a.detach(),
    *[
        lambda a, b, c, name=name: getattr(a, name)()
        for name in ("round", "floor", "ceil", "trunc", "degrees", "radians")
    ],
    *[lambda a, b, c, name=name: getattr(a, name)(b) for name in ("copysign", "fmod", "remainder", "floor_divide")],
    *[lambda a, b, c, n=n: a**n for n in (-1, 0, 1, 2, 3, 4)],
    *[
        lambda a, b, c, number=number, op=op: op(a, number)
        for number in (0.0, -0.0, 1.0, -1.0, 0.1, math.inf, math.nan)
        for op in (lambda a, n: a + n, lambda a, n: n - a, lambda a, n: a * n, lambda a, n: a / n, lambda a, n: n / a)
    ],
    lambda a, b, c: a - 0.0,
    lambda a, b, c: a.maximum(0.5),
    lambda a, b, c: a.select(1.0, -1.0) * Value(3.0, role="constant").select(b, c),
]
INEXACT = [
    *[lambda a, b, c, name=name: getattr(a, name)(b) for name in ("arctan2", "hypot", "logaddexp")],
    lambda a, b, c: a.exp2(),
    *[lambda a, b, c, name=name: getattr(functions, name)(a) for name in ROUNDED],
    *[lambda a, b, c, n=n: a**n for n in (-2.5, -2, -0.5, 0.5, 1 / 3, 5, 1e-20)],
    lambda a, b, c: a**b,
    lambda a, b, c: 2.0**a,
    lambda a, b, c: 0.0**a,
]
EVERYTHING = EXACT + INEXACT
DIFFERENTIABLE = [  # each maps numbers of ordinary size to numbers of ordinary size, and no slope is above a few
    lambda a, b, c: a + b,
    lambda a, b, c: a - b,
    lambda a, b, c: a.tanh() * b,
    lambda a, b, c: a / (b * b + 1.0),
    lambda a, b, c: 1.5 - a.sin(),
    lambda a, b, c: a.cos() * 0.7,
    lambda a, b, c: (-(b**2)).exp(),
    lambda a, b, c: (a * a + 0.5).log(),
    lambda a, b, c: (a.sin() * 0.5).log1p(),
    lambda a, b, c: a.tanh().expm1(),
    lambda a, b, c: (b * b + 0.25).sqrt(),
    lambda a, b, c: a.sigmoid() + 2.0,
    lambda a, b, c: b.softplus(),
    lambda a, b, c: a.sigmoid() ** b.tanh(),
    lambda a, b, c: (a * a + 1.0) ** -0.5,
    lambda a, b, c: 2.0 ** b.tanh(),
    lambda a, b, c: a.tanh() ** 3,
    lambda a, b, c: a.arctan() + (0.5 * a.sin()).arcsin() * (0.5 * b.cos()).arccos(),
    lambda a, b, c: (a * a + 0.5).arctan2(b * b + 1.0),
    lambda a, b, c: (a * a + 0.5).hypot(b * b + 1.0),
    lambda a, b, c: (0.5 * a.sin()).tan() + a.tanh().sinh() - b.tanh().cosh(),
    lambda a, b, c: a.arcsinh() + (b * b + 1.5).arccosh() * (0.5 * a.sin()).arctanh(),
    lambda a, b, c: (a * a + 0.25).cbrt(),
    lambda a, b, c: a.logaddexp(b),
]
SMOOTH = [  # the same with branches, and with functions whose rules hold irrational constants
    *DIFFERENTIABLE,
    lambda a, b, c: a.tanh().exp2() * (b * b + 0.5).log2() - (a * a + 0.5).log10(),
    lambda a, b, c: a.erf() * b.erfc(),
    lambda a, b, c: a.select(b, c),
    lambda a, b, c: a.maximum(b).clip(-3.0, 3.0),
    lambda a, b, c: abs(a).minimum(b) + c.leaky_relu(),
]

TRANSCENDENTAL = {
    **{name: getattr(functions, name) for name in ROUNDED},
    **{f"power {n:.3g}": lambda x, n=n: x**n for n in (-2.5, -2, -0.5, 0.5, 1 / 3, 5, 7, 1e-20, 1e20)},
    "2 to the power": lambda x: 2.0**x,
    "0 to the power": lambda x: 0.0**x,
}

EDGES = [0.0, 1.0, 0.5, 2.0, 3.0, 0.1, 1e-8, 1e8, 1e200, 1e-200, 700.0, 1.7e308, 5e-324, 2.2e-308, math.inf, math.nan]
EDGES += [-number for number in EDGES]
edge_numbers = st.one_of(st.sampled_from(EDGES), st.floats(-4.0, 4.0), st.floats())
ordinary_numbers = st.floats(-2.0, 2.0).map(lambda x: round(x, 3))


def steps(operations, most=8):
    """Random graphs: each step is an operation, and the earlier nodes that it is applied to."""
    node = st.integers(0, 30)
    return st.lists(st.tuples(st.sampled_from(range(len(operations))), node, node, node), min_size=1, max_size=most)


def run(operations, graph, leaves):
    """The last of several nodes, each computed from any nodes before it."""
    nodes = list(leaves)
    for operation, *places in graph:
        nodes.append(operations[operation](*[nodes[place % len(nodes)] for place in places]))
    return nodes[-1]


def eager(build, numbers):
    """The output of a graph of leaves with these numbers, and the gradient of every node, leaves first."""
    leaves = [Value(number) for number in numbers]
    output = build(leaves)
    output.backward()
    return output.data, [node.grad for node in every_node(output, leaves)]


def every_node(output, leaves):
    given = set(leaves)
    return [*leaves, *(node for node in topological_order(output) if node not in given)]


def described(root):
    """Everything that users can read of the nodes of a graph, in topological order, with the bits of each number."""
    order = topological_order(root)
    index_of = {node: index for index, node in enumerate(order)}
    return [
        (
            *(bits(node.data), bits(node.grad), node.has_grad, node.op, node.label, node.scope, node.role),
            *([bits(number) for number in numbers] for numbers in (node.numbers, node.local_derivatives)),
            [index_of[operand] for operand in node.operands],
        )
        for node in order
    ]


def slots_of(root, ignored=("_mark",)):
    """The objects in the slots of every node, except the mark of the last walk: the same as long as nothing changes."""
    slots = [slot for slot in Node.__slots__ if slot not in ignored]
    return [[(slot, id(getattr(node, slot, None))) for slot in slots] for node in topological_order(root)]


def compiled(build, count, target):
    """A program that differentiates the same graph with respect to every node, traced at other numbers."""
    leaves = [Value(1.0) for _ in range(count)]
    output = build(leaves)
    return autograd.compile(output, leaves, every_node(output, leaves), target=target)


def bits(number):
    """The bits of a float; the same for every nan."""
    return "nan" if number != number else struct.pack("<d", number).hex()


def all_bits(result):
    """The bits of a value and its gradients."""
    value, gradients = result
    return bits(value), [bits(gradient) for gradient in gradients]


def sizes_of_sums(root):
    """The size of what is added up to the gradient of each node, by which its rounding error is measured.

    It is the sum over all paths from the root to the node of the product of the local derivatives, each with its
    absolute value, and counted as at least 1.
    """
    sizes = dict.fromkeys(topological_order(root), 0.0)
    sizes[root] = 1.0
    for node in reversed(sizes):
        for operand, local in zip(node.operands, node.local_derivatives, strict=True):
            sizes[operand] += sizes[node] * max(1.0, abs(local))
    return sizes


def units_apart(a, b, least=0.0):
    """The distance of two floats in units in the last place of the larger, or of `least` if that is larger still."""
    if bits(a) == bits(b) or a == b:
        return 0.0
    if not (math.isfinite(a) and math.isfinite(b)):  # inf is one unit from the largest floats
        finite = [x for x in (a, b) if math.isfinite(x)]
        near = len(finite) == 1 and not math.isnan(a + b) and abs(finite[0]) > 1.797693134862314e308
        return 1.0 if near and (a > 0) == (b > 0) else math.inf
    return abs(a - b) / math.ulp(max(abs(a), abs(b), least))


@cache
def _browser():
    return MiniRacer()


def javascript(program, *samples):
    """What the program returns in JavaScript for each sample: (value, gradients)."""
    calls = ", ".join(f"f({', '.join(map(_literal, sample))})" for sample in samples)
    text = f"(() => {{ {program.javascript}\nconst f = program; return [{calls}].map(show).join('\\n') }})()"
    shown = "const show = (r) => r.flat().map((x) => Object.is(x, -0) ? '-0' : String(x)).join(' ');"
    lines = _browser().eval(f"(() => {{ {shown}\nreturn {text} }})()").split("\n")
    rows = [[float(number) for number in line.replace("Infinity", "inf").split()] for line in lines]
    return [(row[0], row[1:]) for row in rows]


def _literal(number):
    if isinstance(number, list):
        return f"[{', '.join(map(_literal, number))}]"
    return repr(number) if math.isfinite(number) else {"inf": "Infinity", "-inf": "-Infinity"}.get(str(number), "NaN")


def with_branches(uses):
    """Yields uses of the chain rule, each with whether it is behind no branch that was not taken."""
    reached = set()
    for use in uses:
        taken = (use.slot is None or use.node in reached) and not (
            use.node.op in BRANCHES and use.local_derivative == 0.0
        )
        if taken:
            reached.add(use.operand)
        yield use, taken
