"""The examples of the playground."""

from typing import NamedTuple

__all__ = ["EXAMPLES", "Example"]


class Example(NamedTuple):
    """A program to begin with.

    Attributes:
        title: what the list calls it.
        code: the program.
    """

    title: str
    code: str


_NEURON = """\
import viz
from autograd import Value

w, x, b = Value(0.5, "w"), Value(3.0, "x"), Value(-1.0, "b")
y = (w * x + b).tanh()
y.label = "y"
y.backward()

print(viz.steps_table(y))
display(viz.draw(y, local_derivatives=True))
viz.explore(y, title="One neuron")
"""

_XOR = """\
import nn
import viz

X, y = nn.datasets.xor()
model = nn.MLP(2, [4, 1], activation="tanh", output_activation="sigmoid", seed=0)
adam = nn.Adam(model.parameters(), lr=0.05)
history = model.fit(X, y, loss="binary_cross_entropy", optimizer=adam, epochs=300, record=100)

print(model.predict(X).round(2).tolist())
display(history)
viz.explore_training(history, title="A network learns XOR")
"""

_TRAIN = """\
import nn
import viz

X, y = nn.datasets.moons(60)
model = nn.MLP(2, [8, 1], activation="relu", seed=1)
viz.train(model, X, y, loss="binary_cross_entropy_with_logits", activations=["relu", "tanh"], sizes=[[4, 4]])
"""

_MICROGRAD = """\
# The example of micrograd's README, with this library's Value.
from autograd import Value

a = Value(-4.0)
b = Value(2.0)
c = a + b
d = a * b + b**3
c += c + 1
c += 1 + c + (-a)
d += d * 2 + (b + a).relu()
d += 3 * d + (b - a).relu()
e = c - d
f = e**2
g = f / 2.0
g += 10.0 / f
print(f"{g.data:.4f}")  # 24.7041
g.backward()
print(f"{a.grad:.4f}")  # 138.8338, the derivative of g with respect to a
print(f"{b.grad:.4f}")  # 645.5773, that with respect to b
"""

_ENGINE = """\
# A class of your own is checked: each law that it breaks is named, with the first node that is wrong.
import viz


class Value:
    def __init__(self, data, _children=()):
        self.data = data
        self.grad = 0.0
        self._prev = set(_children)
        self._backward = lambda: None

    def __add__(self, other):
        out = Value(self.data + other.data, (self, other))

        def _backward():
            self.grad = out.grad  # wrong: it must be +=, or a node that is used twice forgets its first use
            other.grad = out.grad

        out._backward = _backward
        return out

    def __mul__(self, other):
        out = Value(self.data * other.data, (self, other))

        def _backward():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad

        out._backward = _backward
        return out

    def backward(self):
        order, visited = [], set()

        def visit(node):
            if node not in visited:
                visited.add(node)
                for child in node._prev:
                    visit(child)
                order.append(node)

        visit(self)
        self.grad = 1.0
        for node in reversed(order):
            node._backward()


viz.check_engine(Value)
"""

_DERIVATIVES = """\
from autograd import derivative, grad, hessian, log, Value
import viz


def f(v):
    x, y = v
    return x**2 * y + log(y)


print(grad(f)([3.0, 2.0]))
print(hessian(f)([3.0, 2.0]))

x = Value(2.0, "x")
y = x**3
slope = derivative(y, x)  # a graph of its own, which can be differentiated again
print(slope.data, derivative(slope, x).data)
viz.draw(slope)
"""

EXAMPLES = {
    "neuron": Example("A neuron, step by step", _NEURON),
    "xor": Example("XOR, trained and replayed", _XOR),
    "train": Example("Two moons, trained while you watch", _TRAIN),
    "derivatives": Example("Derivatives of functions", _DERIVATIVES),
    "micrograd": Example("micrograd's README", _MICROGRAD),
    "engine": Example("An engine of your own, checked", _ENGINE),
}
"""The examples by the name that a link has for them; the page begins with the first."""
