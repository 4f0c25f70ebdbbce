"""A node in words: by its label, or as the formula that computes it."""

from collections import Counter

from autograd.notation.operations import OPERATIONS
from viz.checking.seen_graph import SeenGraph
from viz.labels import number, printable

__all__ = ["Names", "on_one_line"]

_DEEPEST, _LONGEST = 3, 48  # operations in each other, and characters
_POWER, _NEGATIVE = OPERATIONS["power"].symbol, OPERATIONS["negative"].symbol
_INFIX = {operation.symbol for operation in OPERATIONS.values() if operation.style == "infix"}


def on_one_line(text: str) -> str:
    """Returns a text that fits into a sentence: its control characters are visible, and a long one is cut."""
    return printable(text).replace("\n", " ")


class Names:
    """What the nodes of a graph are called in a sentence.

    Arguments:
        graph: the graph.
        times: how many times as much of a formula to write.

    >>> from autograd import Value
    >>> from viz.checking.seen_graph import read_graph
    >>> Names(read_graph("a", (Value(2.0, "w") * 3.0).tanh())).of(-1)
    'tanh(w × 3.0)'
    """

    def __init__(self, graph: SeenGraph, times: int = 1) -> None:
        self._times = times
        self._nodes = graph.nodes
        self._labels = Counter(node.label for node in graph.nodes)

    def of(self, index: int) -> str:
        """Returns the label of a node, or its formula; deep inside, dots take the place of what is left out.

        A label that several nodes have comes with the modules that the node was created in.
        """
        text = self._written(index, self._times * _DEEPEST)
        return text if len(text) <= self._times * _LONGEST else text[: self._times * _LONGEST - 1] + "…"

    def _written(self, index: int, depth: int) -> str:
        node = self._nodes[index]
        if node.label:
            path = node.path if self._labels[node.label] > 1 else ()
            return on_one_line(".".join([*path, node.label]))
        if not node.operands:
            return "?" if node.data is None else number(node.data, 6)
        if not depth:
            return "…"
        operands = [self._written(operand, depth - 1) for operand in node.operands]
        symbol = node.operation or "f"
        in_brackets = [f"({text})" if " " in text else text for text in operands]
        if symbol in _INFIX and len(operands) == 2:
            return f" {'^' if symbol == _POWER else symbol} ".join(in_brackets)
        if len(operands) == 1 and {letter for letter in symbol if letter.isascii() and letter.isalpha()} == {"x"}:
            return symbol.replace("x", in_brackets[0])  # such as x², where x is the operand
        return f"−{in_brackets[0]}" if symbol == _NEGATIVE else f"{symbol}({', '.join(operands)})"
