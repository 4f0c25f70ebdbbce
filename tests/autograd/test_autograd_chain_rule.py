"""The uses of the chain rule, one at a time, are what backward() does: in numbers, and on any other kind of number."""

import pytest
from hypothesis import given
from support.exact import same
from test_autograd_steps import build, graphs, many, points

from autograd import Value, rebuild
from autograd.chain_rule import chain_rule
from autograd.graph import topological_order, walk


class Counted:
    """A number known by the operations that computed it; each operation on it is counted once, however often done."""

    made: set

    def __init__(self, text):
        self.text = text

    def __hash__(self):
        return hash(self.text)


def instruction(name, swapped=False):
    def method(*operands):
        texts = [getattr(operand, "text", repr(operand)) for operand in (operands[::-1] if swapped else operands)]
        result = Counted(f"{name}({', '.join(texts)})")
        Counted.made.add(result.text)
        return result

    return method


for _operator in ("add", "sub", "mul", "truediv", "pow"):
    setattr(Counted, f"__{_operator}__", instruction(_operator))
    setattr(Counted, f"__r{_operator}__", instruction(_operator, swapped=True))
Counted.__neg__ = instruction("neg")
for _name in ("exp", "log", "log1p", "expm1", "sqrt", "sin", "cos", "tanh", "sigmoid", "softplus", "select"):
    setattr(Counted, _name, instruction(_name))


@given(graphs, points)
@many
def test_the_sums_of_the_chain_rule_are_the_gradients_of_backward_to_the_bit(graph, point):
    root = build(graph, point)
    sums = {use.operand: use.gradient for use in chain_rule(walk(root)[1] or [root])}
    assert not any(node.has_grad for node in topological_order(root))
    root.backward()
    for node in topological_order(root):
        assert (node in sums) == node.has_grad
        assert same(sums.get(node, 0.0), node.grad)


@given(graphs, points)
@many
def test_the_first_use_is_the_seed_and_every_other_follows_an_edge(graph, point):
    root = build(graph, point)
    seed, *uses = chain_rule(walk(root)[1] or [root])
    assert (seed.node, seed.operand, seed.slot) == (root, root, None)
    assert (seed.upstream, seed.local_derivative, seed.contribution, seed.gradient) == (1.0, 1.0, 1.0, 1.0)
    for use in uses:
        assert use.node.operands[use.slot] is use.operand
        assert same(use.local_derivative, use.node.local_derivatives[use.slot])


@given(graphs, points)
@many
def test_on_symbols_the_chain_rule_writes_no_instruction_that_backward_has_not_written(graph, point):
    root = build(graph, point)
    Counted.made = set()
    twins = rebuild(root, lambda leaf: Value(Counted(f"x{id(leaf)}")))
    twins[root].backward()
    written = set(Counted.made)
    uses = list(chain_rule(walk(root)[1] or [root], lambda node: twins[node].local_derivatives))
    assert Counted.made == written
    last = {use.operand: use.gradient for use in uses}
    for node, gradient in last.items():
        assert getattr(gradient, "text", gradient) == getattr(twins[node].grad, "text", twins[node].grad)


@pytest.mark.parametrize("role", ["plain", "constant"])
def test_an_output_that_is_a_leaf_has_only_the_seed(role):
    leaf = Value(3.0, role=role)
    assert [(use.node, use.operand, use.slot) for use in chain_rule([leaf])] == [(leaf, leaf, None)]
