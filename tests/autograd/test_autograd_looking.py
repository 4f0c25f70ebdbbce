"""Inspecting a graph never modifies it: every value and gradient stays as it was."""

import copy
import pickle

import pytest
from support.graphs import slots_of

from autograd import (
    Value,
    backward_steps,
    data_of,
    derivative,
    forward_steps,
    grad,
    grad_of,
    gradcheck,
    leaves,
    numerical_derivative,
    rebuild,
    topological_order,
)

LOOKS = {
    "repr": lambda x, y: [repr(node) for node in topological_order(y)],
    "format": lambda x, y: f"{y:.3f} {x:e} {y}",
    "check_finite": lambda x, y: y.check_finite(),
    "gradcheck of a recorded output": lambda x, y: gradcheck(y),
    "gradcheck of a function that uses it": lambda x, y: gradcheck(lambda z: z * x * y, 2.0),
    "numerical_derivative": lambda x, y: numerical_derivative(lambda z: z * x * y, 2.0),
    "derivative": lambda x, y: derivative(derivative(y, x), x),
    "grad": lambda x, y: grad(lambda z: z * y)(x),
    "grad by a float": lambda x, y: grad(lambda z: z * y)(1.0),
    "topological_order": lambda x, y: topological_order(y),
    "leaves": lambda x, y: leaves(y),
    "rebuild to floats": lambda x, y: rebuild(y, lambda leaf: leaf.data),
    "rebuild to Values": lambda x, y: rebuild(y, lambda leaf: Value(leaf.data))[y].backward(),
    "pickle": lambda x, y: pickle.loads(pickle.dumps(y)).backward(),
    "deepcopy": lambda x, y: copy.deepcopy(y).backward(),
    "deepcopy cleared": lambda x, y: copy.deepcopy(y).zero_grad(),
    "forward_steps": lambda x, y: forward_steps(y),
    "backward_steps": lambda x, y: backward_steps(y),
    "comparisons": lambda x, y: (x < y, x == y, bool(x), hash(x), x in [y]),
    "item": lambda x, y: y.item(),
    "data_of and grad_of": lambda x, y: (data_of([x, y]), grad_of([x, y])),
    "the properties": lambda x, y: [(v.operands, v.local_derivatives, v.numbers, v.role, v.has_grad) for v in (x, y)],
}


@pytest.mark.parametrize("backward", [True, False])
@pytest.mark.parametrize("look", LOOKS)
def test_inspecting_changes_nothing(look, backward):
    x, w = Value(0.7, "x", role="input"), Value(-1.3, "w", role="parameter")
    hidden = w * x + 0.5
    y = hidden.tanh() * hidden.exp() + (x - 0.2).select(hidden**2, w) + w.sign()
    if backward:
        y.backward()
    ignored = ("_mark", "_compared") if look == "comparisons" else ("_mark",)  # `compile` reads the latter
    before = slots_of(y, ignored)
    LOOKS[look](x, y)
    assert slots_of(y, ignored) == before
