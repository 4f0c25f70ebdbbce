"""Random graphs whose nodes were made in modules."""

from hypothesis import strategies as st

import autograd
from autograd import Value

SCOPES = ["", "a", "a.b", "a.b.c", "b", "b.a", "leaves"]
step = st.tuples(st.sampled_from("+*t"), st.integers(0, 60), st.integers(1, 3), st.sampled_from(SCOPES))


@st.composite
def graphs_in_modules(draw):
    """A graph with chains, diamonds, constants, and leaves that are made in one place and used in another."""
    nodes = []
    for _ in range(draw(st.integers(1, 3))):
        with autograd.scope(draw(st.sampled_from(SCOPES))):
            nodes.append(Value(0.5, role=draw(st.sampled_from(["plain", "parameter", "constant"]))))
    for operation, choice, back, scope in draw(st.lists(step, max_size=12)):
        for _ in range(draw(st.sampled_from([1, 1, 1, 20]))):  # sometimes a long run
            with autograd.scope(draw(st.sampled_from(SCOPES)) if choice % 7 == 0 else scope):
                if operation == "t":
                    nodes.append(nodes[-1].tanh())
                else:
                    other = nodes[-min(back, len(nodes))] if choice % 2 else Value(2.0, role="constant")
                    nodes.append(nodes[-1] + other if operation == "+" else nodes[-1] * other)
    return nodes[-1]
