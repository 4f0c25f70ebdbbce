"""The program of a layer: a JavaScript function that computes all numbers of any of its neurons, in both passes."""

from typing import Any

from autograd import Value
from autograd.chain_rule import chain_rule
from autograd.collector import collector_paused
from autograd.compiler.source.javascript_sample import outputs_function
from autograd.compiler.trace.builder import Builder
from autograd.graph import run, walk
from viz.pages.dense_layers import Neuron

__all__ = ["neuron_program"]


@collector_paused
def neuron_program(neuron: Neuron, name: str) -> str:
    """Writes a function `name(x, w, out)` that stores all numbers of a neuron f(w·x + b) in `out`.

    x holds its inputs, then the gradient of its output; w its weights, then its bias if it has one. For n inputs, out
    receives the n products, the sum, the output, the gradient of the sum, those of the n weights, and the
    contributions to those of the n inputs.

    Arguments:
        neuron: any neuron of the layer.
        name: the name of the function; other names at the same level begin with it.

    Raises:
        NotImplementedError: for an operation of the user's own that calls plain Python.
    """
    builder = Builder()
    leaves = [*neuron.weights, *([] if neuron.bias is None else [neuron.bias])]
    twins = {node: Value(builder.symbol()) for node in neuron.inputs}
    gradient = builder.symbol()
    twins |= {node: Value(builder.symbol()) for node in leaves}
    for node in neuron.operations:
        for operand in node.operands:
            if operand not in twins:
                twins[operand] = Value(operand.data, role="constant")
        twins[node] = run(node, *[twins[operand] for operand in node.operands])
    numbers = [twins[node].data for node in (*neuron.products, neuron.total, neuron.output)]
    gradients = _gradients(twins[neuron.output], gradient)
    reached = [gradients.get(twins[node], 0.0) for node in (neuron.total, *neuron.weights, *neuron.inputs)]
    return outputs_function(builder.finish([*numbers, *reached]).routine, name, len(leaves))


def _gradients(output: Value, seed: Any) -> dict[Value, Any]:
    """The gradients of the nodes that are reached from an output, whose own gradient is the seed."""
    _, operations = walk(output)
    return {use.operand: use.gradient for use in chain_rule(operations, seed=seed)}
