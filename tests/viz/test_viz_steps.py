"""The table of steps: every step of both passes, in order, with its numbers."""

import re
from fractions import Fraction

import pytest

import nn
import viz
from autograd import Value, backward_steps, forward_steps
from autograd.graph import topological_order
from viz.labels import number


def neuron():
    w, x, b = Value(0.5, "w"), Value(3.0, "x"), Value(-1.0, "b")
    y = (w * x + b).tanh() * x
    y.label = "y"
    return y


def cells(text):
    return [re.split(r"  +", line.strip()) for line in text.splitlines()]


def test_every_step_has_a_row_with_its_operation_its_product_and_its_result():
    y = neuron()
    header, *rows = cells(viz.steps_table(y))
    assert header == ["step", "pass", "operation", "upstream × local = contribution", "result"]
    forward, (seed, *backward) = forward_steps(y), backward_steps(y)

    def shown(x):
        return number(x, 6)

    def sign(step):
        """Whether the exact product of the factors that are shown is, rounded, the contribution that is shown."""
        factors = [Fraction(shown(x).replace("−", "-")) for x in (step.upstream, step.local_derivative)]
        return "=" if shown(float(factors[0] * factors[1])) == shown(step.contribution) else "≈"

    assert {sign(step) for step in backward} == {"=", "≈"}
    expected = [["forward", step.statement, shown(step.data)] for step in forward]
    expected += [["backward", "y.grad = 1.0", "1.0"]]
    expected += [
        [
            "backward",
            step.statement,
            f"{shown(step.upstream)} × {shown(step.local_derivative)} {sign(step)} {shown(step.contribution)}",
            shown(step.gradient),
        ]
        for step in backward
    ]
    assert rows == [[str(position), *row] for position, row in enumerate(expected, 1)]
    assert seed.node is y


def test_the_last_results_are_the_gradients_that_backward_finds():
    y = neuron()
    results = {row[2].partition(".grad")[0]: row[-1] for row in cells(viz.steps_table(y)) if row[1] == "backward"}
    y.backward()
    for node in topological_order(y):
        if node.label:
            assert results[node.label] == number(node.grad, 6)


def test_numbers_have_the_precision_asked_for():
    x = Value(1 / 3, "x")
    assert cells(viz.steps_table(x * x, precision=2))[1][-1] == "0.11"
    assert cells(viz.steps_table(x * x, precision=17))[1][-1] == "0.1111111111111111"


def test_constants_can_be_left_out():
    y = Value(3.0, "x") * 2.0
    assert "(2.0).grad" in viz.steps_table(y)
    assert "(2.0).grad" not in viz.steps_table(y, hide_constants=True)
    assert (
        len(cells(viz.steps_table(Value(1.0, role="constant"), hide_constants=True))) == 2
    )  # the seed is no such step


def test_steps_into_a_node_that_passes_nothing_on_are_left_out():
    logits = [Value(number, label) for number, label in zip((0.3, -1.2), "ab", strict=True)]
    loss = nn.cross_entropy([logits], [1])
    detached = next(step for step in backward_steps(loss) if step.operand.op == "detach")
    assert detached.statement not in viz.steps_table(loss)
    assert "detach(" in viz.steps_table(loss)
    product = (2.0 * Value(4.0, "k", role="constant")) * logits[0]  # its first factor reaches constants alone
    assert "t1.grad +=" in viz.steps_table(product)
    assert "t1.grad +=" not in viz.steps_table(product, hide_constants=True)


def test_tabulating_the_steps_changes_nothing():
    y = neuron()
    y.backward()
    before = [(node.data, node.grad, node.label) for node in topological_order(y)]
    viz.steps_table(y)
    assert [(node.data, node.grad, node.label) for node in topological_order(y)] == before


def test_a_notebook_shows_it_as_it_is_printed():
    class Printer:
        shown = ""

        def text(self, text):
            self.shown += text

    table, printer = viz.steps_table(neuron()), Printer()
    table._repr_pretty_(printer, False)
    assert printer.shown == str(table)


def test_invalid_input_is_named():
    with pytest.raises(TypeError, match=r"steps_table takes a Value, not \[\]"):
        viz.steps_table([])
    with pytest.raises(ValueError, match="precision must be an integer from 1 to 17, not 0"):
        viz.steps_table(Value(1.0), precision=0)
