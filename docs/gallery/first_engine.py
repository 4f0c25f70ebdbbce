"""A law that an engine breaks

A sum that overwrites the gradients of its operands loses all uses of a node but the last.
"""

import viz


class Value:
    def __init__(self, data, operands=()):
        self.data, self.grad, self.operands = data, 0.0, operands

    def __add__(self, other):
        out = Value(self.data + other.data, (self, other))
        out.gradients = 1.0, 1.0
        return out

    def __mul__(self, other):
        out = Value(self.data * other.data, (self, other))
        out.gradients = other.data, self.data
        return out

    def backward(self):
        order = []

        def visit(node):
            if node not in order:
                for operand in node.operands:
                    visit(operand)
                order.append(node)

        visit(self)
        self.grad = 1.0
        for node in reversed(order):
            for operand, local in zip(node.operands, getattr(node, "gradients", ())):
                operand.grad = local * node.grad  # must be +=


viz.check_engine(Value).compare().save("first_engine.svg")
