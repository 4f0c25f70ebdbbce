"""Engines such as students write: right ones, and for each mistake one that makes it."""

import math


class Student:
    """The engine of a first course: closures, as in micrograd."""

    def __init__(self, data, _children=(), _op=""):
        self.data = data
        self.grad = 0.0
        self._backward = lambda: None
        self._prev = tuple(_children)
        self._op = _op

    def node(self, data, children, op, backward):
        """A result whose rule adds to the gradients of its operands, given its own gradient."""
        out = type(self)(data, children, op)
        out._backward = lambda: backward(out.grad)
        return out

    def other(self, x):
        return x if isinstance(x, Student) else type(self)(x)

    def __add__(self, other):
        other = self.other(other)

        def backward(g):
            self.grad += g
            other.grad += g

        return self.node(self.data + other.data, (self, other), "+", backward)

    def __mul__(self, other):
        other = self.other(other)

        def backward(g):
            self.grad += other.data * g
            other.grad += self.data * g

        return self.node(self.data * other.data, (self, other), "*", backward)

    def __pow__(self, n):
        if isinstance(n, Student):
            return (n * self.log()).exp()

        def backward(g):
            self.grad += n * self.data ** (n - 1) * g

        return self.node(self.data**n, (self,), f"**{n}", backward)

    def unary(self, data, slope, op):
        def backward(g):
            self.grad += slope * g

        return self.node(data, (self,), op, backward)

    def tanh(self):
        t = math.tanh(self.data)
        return self.unary(t, 1 - t * t, "tanh")

    def sigmoid(self):
        s = 1 / (1 + math.exp(-self.data))
        return self.unary(s, s * (1 - s), "sigmoid")

    def exp(self):
        return self.unary(math.exp(self.data), math.exp(self.data), "exp")

    def log(self):
        return self.unary(math.log(self.data), 1 / self.data, "log")

    def relu(self):
        return self.unary(max(0.0, self.data), float(self.data > 0), "relu")

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + (-self.other(other))

    def __truediv__(self, other):
        return self * self.other(other) ** -1

    def __radd__(self, other):
        return self + other

    def __rsub__(self, other):
        return self.other(other) - self

    def __rmul__(self, other):
        return self * other

    def __rtruediv__(self, other):
        return self.other(other) / self

    def order(self):
        """The nodes below this one, operands first."""
        order, visited = [], set()
        waiting = [(self, False)]
        while waiting:
            node, done = waiting.pop()
            if done:
                order.append(node)
            elif node not in visited:
                visited.add(node)
                waiting.append((node, True))
                waiting.extend((child, False) for child in node._prev)
        return order

    def backward(self):
        order = self.order()
        for node in order:
            if node._prev:
                node.grad = 0.0
        self.grad = 1.0 if self._prev else self.grad + 1.0
        for node in reversed(order):
            node._backward()


class Forty:
    """The whole engine of a student who stopped at what a neuron needs."""

    def __init__(self, data, _prev=(), _op=""):
        self.data, self.grad = data, 0.0
        self._prev, self._op = set(_prev), _op
        self._backward = lambda: None

    def __add__(self, other):
        out = Forty(self.data + other.data, (self, other), "+")

        def _backward():
            self.grad += out.grad
            other.grad += out.grad

        out._backward = _backward
        return out

    def __mul__(self, other):
        out = Forty(self.data * other.data, (self, other), "*")

        def _backward():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad

        out._backward = _backward
        return out

    def tanh(self):
        t = math.tanh(self.data)
        out = Forty(t, (self,), "tanh")

        def _backward():
            self.grad += (1 - t**2) * out.grad

        out._backward = _backward
        return out

    def backward(self):
        topo, visited = [], set()

        def build(v):
            if v not in visited:
                visited.add(v)
                for child in v._prev:
                    build(child)
                topo.append(v)

        build(self)
        self.grad = 1.0
        for node in reversed(topo):
            node._backward()


class Micro:
    """The engine of microgpt's style: slots, and local gradients instead of closures."""

    __slots__ = ("_children", "_local_grads", "data", "grad")

    def __init__(self, data, children=(), local_grads=()):
        self.data = data
        self.grad = 0
        self._children = children
        self._local_grads = local_grads

    def __add__(self, other):
        other = other if isinstance(other, Micro) else Micro(other)
        return Micro(self.data + other.data, (self, other), (1, 1))

    def __mul__(self, other):
        other = other if isinstance(other, Micro) else Micro(other)
        return Micro(self.data * other.data, (self, other), (other.data, self.data))

    def __pow__(self, other):
        return Micro(self.data**other, (self,), (other * self.data ** (other - 1),))

    def log(self):
        return Micro(math.log(self.data), (self,), (1 / self.data,))

    def exp(self):
        return Micro(math.exp(self.data), (self,), (math.exp(self.data),))

    def relu(self):
        return Micro(max(0, self.data), (self,), (float(self.data > 0),))

    def __neg__(self):
        return self * -1

    def __radd__(self, other):
        return self + other

    def __sub__(self, other):
        return self + (-other)

    def __rsub__(self, other):
        return other + (-self)

    def __rmul__(self, other):
        return self * other

    def __truediv__(self, other):
        return self * other**-1

    def __rtruediv__(self, other):
        return other * self**-1

    def backward(self):
        topo, visited = [], set()

        def build(v):
            if v not in visited:
                visited.add(v)
                for child in v._children:
                    build(child)
                topo.append(v)

        build(self)
        self.grad = 1
        for v in reversed(topo):
            for child, local_grad in zip(v._children, v._local_grads, strict=True):
                child.grad += local_grad * v.grad


# Each mistake: the engine that makes it, by the names of what the report must call wrong.
MISTAKES = {}


def mistake(*names):
    def add(engine):
        MISTAKES[engine.__name__] = (engine, names)
        return engine

    return add


@mistake("a node used twice")
class AssignsInAdd(Student):
    def __add__(self, other):
        other = self.other(other)

        def backward(g):
            self.grad = g
            other.grad = g

        return self.node(self.data + other.data, (self, other), "+", backward)


@mistake("a node used twice")
class AssignsInTanh(Student):
    def tanh(self):
        t = math.tanh(self.data)

        def backward(g):
            self.grad = (1 - t * t) * g

        return self.node(t, (self,), "tanh", backward)


@mistake("topological order")
class BreadthFirst(Student):
    def order(self):
        order = [self]
        for node in order:
            order += [child for child in node._prev if child not in order]
        return order[::-1]


@mistake("a diamond")
class BreadthFirstWithoutVisited(Student):
    def order(self):
        order = [self]
        for node in order:
            order += node._prev
        return order[::-1]


@mistake("a diamond")
class Recursive(Student):
    """Passes the sum of all gradients on each time that a node is reached."""

    def backward(self, seed=True):
        if seed:
            self.grad = 1.0 if self._prev else self.grad + 1.0
        self._backward()
        for child in dict.fromkeys(self._prev):
            child.backward(False)


@mistake("3 - v")
class SwapsReflectedSubtraction(Student):
    def __rsub__(self, other):
        return self - other


@mistake("3 / v")
class SwapsReflectedDivision(Student):
    def __rtruediv__(self, other):
        return self / other


@mistake("a ** b")
class PowerIgnoresExponent(Student):
    def __pow__(self, n):
        if not isinstance(n, Student):
            return super().__pow__(n)

        def backward(g):
            self.grad += n.data * self.data ** (n.data - 1) * g

        return self.node(self.data**n.data, (self, n), "**", backward)


@mistake("v ** 2")
class PowerWithoutExponent(Student):
    def __pow__(self, n):
        if isinstance(n, Student):
            return super().__pow__(n)
        return self.unary(self.data**n, self.data ** (n - 1), f"**{n}")

    def __truediv__(self, other):
        other = self.other(other)
        return self * other.unary(1 / other.data, -1 / other.data**2, "reciprocal")


@mistake("tanh")
class TanhOfInput(Student):
    def tanh(self):
        return self.unary(math.tanh(self.data), 1 - self.data**2, "tanh")


@mistake("sigmoid")
class SigmoidOfInput(Student):
    def sigmoid(self):
        s = 1 / (1 + math.exp(-self.data))
        return self.unary(s, self.data * (1 - self.data), "sigmoid")


@mistake("-v")
class NegativeLosesSign(Student):
    def __neg__(self):
        return self.unary(-self.data, 1.0, "neg")

    def __sub__(self, other):
        return self + self.other(other) * -1


@mistake("a - b", "3 - v")
class SubtractionLosesSign(Student):
    def __sub__(self, other):
        other = self.other(other)

        def backward(g):
            self.grad += g
            other.grad += g

        return self.node(self.data - other.data, (self, other), "-", backward)


@mistake("two nodes of one operation")
class LateBinding(Student):
    """The rule of tanh reads the number of the tanh that was computed last."""

    last = None

    def tanh(self):
        LateBinding.last = math.tanh(self.data)

        def backward(g):
            self.grad += (1 - LateBinding.last**2) * g

        return self.node(LateBinding.last, (self,), "tanh", backward)


@mistake("backward() starts with 1")
class WithoutSeed(Student):
    def backward(self):
        for node in reversed(self.order()):
            node._backward()


@mistake("equal numbers")
class VisitedByNumber(Student):
    def __eq__(self, other):
        return isinstance(other, Student) and self.data == other.data

    def __hash__(self):
        return hash(self.data)


@mistake("a / b", "3 / v")
class DivisionOfSecondOperand(Student):
    def __truediv__(self, other):
        other = self.other(other)

        def backward(g):
            self.grad += g / other.data
            other.grad += g * self.data / other.data**2

        return self.node(self.data / other.data, (self, other), "/", backward)


@mistake("relu")
class ReluPassesEverything(Student):
    def relu(self):
        return self.unary(max(0.0, self.data), 1.0, "relu")


@mistake("relu")
class ReluIsAbsolute(Student):
    def relu(self):
        return self.unary(abs(self.data), float(self.data > 0), "relu")


@mistake("a * b", "v * 3")
class ProductWithItsOwnNumbers(Student):
    def __mul__(self, other):
        other = self.other(other)

        def backward(g):
            self.grad += self.data * g
            other.grad += other.data * g

        return self.node(self.data * other.data, (self, other), "*", backward)

    def __neg__(self):
        return self.unary(-self.data, -1.0, "neg")

    def __truediv__(self, other):
        other = self.other(other)

        def backward(g):
            self.grad += g / other.data
            other.grad -= g * self.data / other.data**2

        return self.node(self.data / other.data, (self, other), "/", backward)

    __rmul__ = None
    __pow__ = None


@mistake("exp", "a ** b")
class ExpWithoutItself(Student):
    def exp(self):
        return self.unary(math.exp(self.data), 1.0, "exp")


@mistake("log", "a ** b")
class LogWithoutRule(Student):
    def log(self):
        return type(self)(math.log(self.data), (self,), "log")


@mistake("tanh")
class TanhForgetsUpstream(Student):
    def tanh(self):
        t = math.tanh(self.data)

        def backward(g):
            self.grad += 1 - t * t

        return self.node(t, (self,), "tanh", backward)


@mistake("accumulation")
class ClearsLeaves(Student):
    def backward(self):
        for node in self.order():
            node.grad = 0.0
        super().backward()


@mistake("accumulation")
class OverwritesLeaves(Student):
    """Sums over the uses in one graph, but then overwrites what other graphs have added."""

    def backward(self):
        order = self.order()
        for node in order:
            node.grad = 0.0
        self.grad = 1.0
        for node in reversed(order):
            node._backward()


@mistake("only what is used")
class Tape(Student):
    """Runs the rules of everything that was ever computed, with 1 for what no other node uses."""

    tape = ()

    def __init__(self, data, _children=(), _op=""):
        super().__init__(data, _children, _op)
        if not _children:
            Tape.tape = [node for node in Tape.tape if len(Tape.tape) < 40]
        Tape.tape = [*Tape.tape, self]

    def backward(self):
        used = {child for node in Tape.tape for child in node._prev}
        for node in Tape.tape:
            if node._prev:
                node.grad = float(node not in used)
        if not self._prev:
            self.grad += 1.0
        for node in reversed(Tape.tape):
            node._backward()


@mistake("backward() keeps values")
class BackwardChangesData(Student):
    def backward(self):
        super().backward()
        for node in self.order():
            node.data -= 0.1 * node.grad


@mistake("a + b", "a - b", "v + 3", "3 + v", "v - 3", "3 - v")
class AddInPlace(Student):
    def __add__(self, other):
        self.data += self.other(other).data
        return self


@mistake("tanh")
class TanhRaises(Student):
    def tanh(self):
        return self.unary(math.tanh(self.dta), 0.0, "tanh")


@mistake("tanh")
class TanhOfNode(Student):
    """The number of the result is itself a node."""

    def tanh(self):
        return self.unary(type(self)(math.tanh(self.data)), 0.0, "tanh")


@mistake("relu")
class ReluReturnsNothing(Student):
    def relu(self):
        super().relu()


@mistake("backward() starts with 1")
class GradientIsText(Student):
    def backward(self):
        self.grad = "1"


@mistake("exp")
class ExpNeverEnds(Student):
    def exp(self):
        while True:
            pass

    def __pow__(self, n):
        return super().__pow__(n) if not isinstance(n, Student) else NotImplemented


@mistake("3 + v")
class RaddCallsItself(Student):
    def __radd__(self, other):
        return other + self


@mistake("random graphs")
class WrongInCombination(Student):
    """Right wherever an operation is tried on its own, wrong for exp of a product."""

    def exp(self):
        out = super().exp()
        if self._op == "*":
            out._backward = lambda: None
        return out

    def __pow__(self, n):
        if not isinstance(n, Student):
            return super().__pow__(n)
        return NotImplemented
