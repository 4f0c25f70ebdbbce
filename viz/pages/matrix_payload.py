"""The payload of a page of matrices: the arrays of a graph's layers, their numbers, and the formulas of both passes."""

import sys
from array import array
from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from autograd import Value
from autograd.chain_rule import chain_rule
from autograd.collector import collector_paused
from autograd.compiler.source.javascript import PRELUDE
from autograd.notation.expression import ATOM, Written, code_number, latex_number, rounded
from autograd.notation.latex import latex_label
from autograd.notation.naming import names_of
from autograd.notation.operations import write_code, write_latex
from autograd.notation.steps import graph_of_floats
from viz.labels import printable
from viz.pages.dense_layers import DenseLayer, Neuron
from viz.pages.graph_payload import GraphPayload
from viz.pages.loss_formulas import LossNumbers, loss_formulas
from viz.pages.matrix_blocks import Block, Blocks
from viz.pages.neuron_program import neuron_program

__all__ = ["matrix_payload"]

_LETTERS = {"inputs": "x", "weight": "W", "bias": "b", "total": "z", "output": "a"}
_MOST_LISTED = 200  # operations of a block without a matrix


@collector_paused
def matrix_payload(root: Value, blocks: Blocks) -> GraphPayload:
    """Returns the payload of the page of a graph at the grain of matrices; its programs are one for each layer.

    Arguments:
        root: the output of the graph.
        blocks: the blocks of the graph.

    Raises:
        TypeError: if the graph carries something other than floats.
        NotImplementedError: if an operation of the user's own in a layer calls plain Python.
    """
    _, operations = graph_of_floats(root, "explore")
    gradients = {use.operand: use.gradient for use in chain_rule(operations)}
    writer = _Writer(blocks, gradients, latex_label(root.label) if root.label else "L")
    data = {"blocks": [writer.block(block) for block in blocks.blocks], "arrays": writer.arrays, "loss": writer.loss}
    entry = ", ".join(f"neuron{number}" for number in range(1, len(writer.programs) + 1))
    return GraphPayload(data, f"{PRELUDE}{''.join(writer.programs)}const neuronPrograms = [{entry}];\n")


class _Writer:
    """Writes blocks one after the other; arrays and programs are collected on the way."""

    def __init__(self, blocks: Blocks, gradients: Mapping[Value, float], loss: str) -> None:
        self.arrays: list[dict[str, Any]] = []
        self.programs: list[str] = []
        self._blocks = blocks
        self._gradients = gradients
        self.loss = loss
        layers = [block.layer for block in blocks.blocks if block.layer is not None]
        made = {layer.outputs for layer in layers}
        self._has_one_layer = len(layers) == 1
        self._given = [*dict.fromkeys(layer.inputs for layer in layers if layer.inputs not in made)]
        self._known: dict[tuple[Value, ...], int] = {}  # the indices of arrays of nodes
        self._names: dict[Value, str] = {}

    def block(self, block: Block) -> dict[str, Any]:
        title = printable(block.title.replace("\n", " "))
        if block.layer is None:
            return {"title": title, **self._rest(block), **self._loss(block)}
        return {"title": title, **self._layer(block.layer)}

    def _layer(self, layer: DenseLayer) -> dict[str, Any]:
        number = len(self.programs) + 1
        index = "" if self._has_one_layer else str(number)
        shown = len(self.arrays)
        first = layer.neurons[0]
        nodes: dict[str, Sequence[Value]] = {
            "inputs": layer.inputs,
            "weight": [weight for neuron in layer.neurons for weight in neuron.weights],
            "bias": [neuron.bias for neuron in layer.neurons if neuron.bias is not None],
            "total": [neuron.total for neuron in layer.neurons] if first.total is not first.output else [],
            "output": layer.outputs,
        }
        parts = {
            part: self._array(part, index, of_part, len(first.weights) if part == "weight" else 1)
            for part, of_part in nodes.items()
            if of_part
        }
        self.programs.append(neuron_program(first, f"neuron{number}"))
        symbols = {part: self.arrays[at]["math"] for part, at in parts.items()}
        adds = [part for part in parts if any(self._blocks.readers[node] > 1 for node in nodes[part])]
        return {
            "parts": parts,
            "shown": [*range(shown, len(self.arrays))],
            "adds": adds,
            "program": number,
            "forward": _forward(first, symbols),
            "backward": _backward(symbols, adds, self.loss, index),
        }

    def _array(self, part: str, index: str, nodes: Sequence[Value], columns: int) -> int:
        """Returns the index of the array of some nodes, which it adds unless it is known from an earlier layer."""
        known = self._known.setdefault(tuple(nodes), len(self.arrays))
        if known < len(self.arrays):
            return known
        if part == "inputs":
            index = str(self._given.index(tuple(nodes)) + 1) if len(self._given) > 1 else ""
        name = _LETTERS[part] + index
        self.arrays.append(
            {
                "name": name,
                "math": f"{_LETTERS[part]}_{{{index}}}" if index else name,
                "rows": len(nodes) // columns,
                "columns": columns,
                "known": self._blocks.known_at(nodes),
                "complete": self._blocks.complete_at(nodes),
                **self._numbers(nodes),
            }
        )
        if part != "weight":
            self._names |= {node: f"{name}_{place}" for place, node in enumerate(nodes, 1)}
        return known

    def _numbers(self, nodes: Sequence[Value]) -> dict[str, str]:
        return {
            "values": _packed(node.data for node in nodes),
            "gradients": _packed(self._gradients.get(node, 0.0) for node in nodes),
        }

    def _rest(self, block: Block) -> dict[str, Any]:
        """Other operations: each with its formula, if they are few, and what the last of them computes."""
        operations = block.operations
        is_last = block is self._blocks.blocks[-1]
        result = self._numbers(operations[-1:]) if is_last else None
        if len(operations) > _MOST_LISTED:
            return {"count": len(operations), "result": result, "lines": []}
        inner = {*operations}
        leaves = dict.fromkeys(
            operand
            for node in operations
            for operand in node.operands
            if operand not in inner and operand not in self._names and not _is_inline(operand)
        )
        names = self._names | names_of([*leaves, *operations], taken=self._names.values())
        nodes = [*leaves, *operations]
        return {
            "count": len(operations),
            "result": result,
            "lines": [_line(node, names) for node in nodes],
            "complete": [self._blocks.complete_at([node]) for node in nodes],
            **self._numbers(nodes),
        }

    def _loss(self, block: Block) -> dict[str, Any]:
        """The formulas of the last block, if it is a loss of the outputs of the layer before it."""
        blocks = self._blocks.blocks
        layer = blocks[-2].layer if len(blocks) > 1 else None
        if layer is None or block is not blocks[-1]:
            return {}
        inner = {*block.operations}
        read = {operand for node in block.operations for operand in node.operands if operand.op} - inner
        if read != {*layer.outputs}:
            return {}
        gradients = [self._gradients.get(node, 0.0) for node in layer.outputs]
        numbers = LossNumbers([node.data for node in layer.outputs], gradients, block.operations[-1].data)
        symbol = self.arrays[self._known[tuple(layer.outputs)]]["math"]
        found = loss_formulas(block.title, numbers, symbol, self.loss)
        return found._asdict() if found else {}


def _is_inline(node: Value) -> bool:
    return node.role == "constant" and not node.label


def _line(node: Value, names: Mapping[Value, str]) -> str:
    """The assignment of a node as code, with numbers rounded as in the page; the name of a leaf."""
    if not node.op:
        return names[node]
    operands = [
        Written(names[one], ATOM) if one in names else code_number(rounded(one.data, 4)) for one in node.operands
    ]
    return f"{names[node]} = {write_code(node, operands).text}"


def _forward(neuron: Neuron, symbols: Mapping[str, str]) -> list[list[str]]:
    """The formulas of a layer: the matrix product, and the activation, which acts on each element."""
    total = symbols.get("total", symbols["output"])
    bias = f" + {symbols['bias']}" if "bias" in symbols else ""
    formulas = [[f"{total} =", f"{symbols['weight']} \\cdot {symbols['inputs']}{bias}"]]
    if "total" not in symbols:
        return formulas
    written = {neuron.total: Written(total, ATOM)}
    is_after = False
    for node in neuron.operations:
        if is_after:
            operands = [written.get(one) or latex_number(one.data) for one in node.operands]
            written[node] = write_latex(node, operands)
        is_after = is_after or node is neuron.total
    return [*formulas, [f"{symbols['output']} =", written[neuron.output].text]]


def _backward(symbols: Mapping[str, str], adds: Sequence[str], loss: str, index: str) -> list[list[str]]:
    """The formulas of the gradients of a layer: the chain rule for whole matrices.

    Arguments:
        symbols: the symbols of the parts of the layer.
        adds: the parts that other blocks read too, to whose gradients this one adds.
        loss: the symbol of the output of the graph.
        index: the number of the layer; "" if it is the only one.
    """

    def by(part: str) -> str:
        return rf"\frac{{\partial {loss}}}{{\partial {symbols[part]}}}"

    def line(part: str, formula: str) -> list[str]:
        return [f"{by(part)} " + (r"\mathrel{+=}" if part in adds else "="), formula]

    delta = rf"\delta_{{{index}}}" if index else r"\delta"
    upstream = by("output")
    if "total" in symbols:
        slope = rf"\frac{{\partial {symbols['output']}}}{{\partial {symbols['total']}}}"
        upstream = rf"{by('total')} = {upstream} \odot {slope}"
    formulas = [[f"{delta} =", upstream], line("weight", rf"{delta} \cdot {{{symbols['inputs']}}}^{{T}}")]
    if "bias" in symbols:
        formulas.append(line("bias", delta))
    return [*formulas, line("inputs", rf"{{{symbols['weight']}}}^{{T}} \cdot {delta}")]


def _packed(numbers: Iterable[Any]) -> str:
    """Numbers as the bytes of an array of doubles, in base 64: half as long as their digits, and nan is one of them."""
    doubles = array("d", numbers)
    if sys.byteorder == "big":
        doubles.byteswap()
    return b64encode(doubles).decode()
