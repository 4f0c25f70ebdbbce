"""Small graphs whose nodes all have different labels, for pictures."""

from hypothesis import strategies as st

import autograd
from autograd import Value, functions

OPERATIONS = [
    lambda a, b: a + b,
    lambda a, b: a * b,
    lambda a, b: a - b,
    lambda a, b: a * a,
    lambda a, b: functions.maximum(a, b),
    lambda a, b: functions.select(a, a, b),
    lambda a, b: a.tanh(),
    lambda a, b: b.clip(-1, 1),
]
step = st.tuples(st.integers(0, len(OPERATIONS) - 1), st.integers(0, 20), st.integers(0, 20))


@st.composite
def graphs(draw):
    """A small graph in which every node has a unique label, with or without frames."""
    roles = ["plain", "input", "parameter", "constant"]
    nodes = [Value(float(i), f"n{i}", role=draw(st.sampled_from(roles))) for i in range(draw(st.integers(1, 3)))]
    for operation, a, b in draw(st.lists(step, max_size=10)):
        with autograd.scope(draw(st.sampled_from(["", "layer1", "layer1.neuron2", "layer2"]))):
            made = OPERATIONS[operation](nodes[a % len(nodes)], nodes[b % len(nodes)])
        made.label = f"n{len(nodes)}"
        nodes.append(made)
    return nodes[-1]
