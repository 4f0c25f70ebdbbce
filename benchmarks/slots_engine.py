"""The engine to beat: micrograd's idea in `__slots__` and tuples, with local gradients in place of closures.

As good as that style gets: one slotted object and two tuples a node, an iterative topological sort with a visited
set, no node for the 0 of `sum()`. Division is micrograd's, `a * b**-1`, two nodes. Nothing is labelled or checked.
"""

import math


class Value:
    __slots__ = ("children", "data", "grad", "local_grads")

    def __init__(self, data, children=(), local_grads=()):
        self.data = data
        self.grad = 0.0
        self.children = children
        self.local_grads = local_grads

    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data + other.data, (self, other), (1.0, 1.0))

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data * other.data, (self, other), (other.data, self.data))

    def __pow__(self, exponent):
        return Value(self.data**exponent, (self,), (exponent * self.data ** (exponent - 1),))

    def exp(self):
        y = math.exp(self.data)
        return Value(y, (self,), (y,))

    def relu(self):
        return Value(self.data if self.data > 0.0 else 0.0, (self,), (1.0 if self.data > 0.0 else 0.0,))

    def __neg__(self):
        return self * -1.0

    def __sub__(self, other):
        return self + (-other)

    def __truediv__(self, other):
        return self * other**-1

    def __radd__(self, other):
        return self if type(other) is int and other == 0 else self + other

    def __rsub__(self, other):
        return (-self) + other

    __rmul__ = __mul__

    def __rtruediv__(self, other):
        return self**-1 * other

    def backward(self):
        order, visited, stack = [], set(), [self]
        visit, take, done = stack.append, stack.pop, order.append
        while stack:
            node = take()
            if node is None:  # the node under it has had its children walked
                done(take())
            elif node not in visited:
                visited.add(node)
                visit(node)
                visit(None)
                for child in node.children:
                    if child not in visited:
                        visit(child)
        self.grad = 1.0
        for node in reversed(order):
            upstream = node.grad
            for child, local in zip(node.children, node.local_grads):  # noqa: B905 - an argument costs 3 %
                child.grad += local * upstream
