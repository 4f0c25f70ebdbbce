"""The nodes of a graph as a page refers to them: by index, by name, and by symbol."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from autograd import Value
from autograd.notation.expression import ATOM, Written, latex_number
from autograd.notation.latex import symbols_of
from autograd.notation.operations import symbol
from viz.labels import number, printable
from viz.pictures.folding import path_of
from viz.pictures.operation import operation_with

__all__ = ["NodeTable", "is_bare_number", "node_table"]

_DIGITS = 4  # of numbers in operations


def is_bare_number(node: Value) -> bool:
    """Whether a node is a constant without a label: it is shown where it is used, and nowhere else."""
    return node.role == "constant" and not node.label


@dataclass(frozen=True, slots=True)
class NodeTable:
    """The nodes of a graph.

    Attributes:
        nodes: the nodes in topological order.
        index: the index of each of them.
        names: the names of nodes in code, if they have one.
        symbols: the symbols of nodes in LaTeX, if they have one.
        modules: the index of each module; a module comes after those that contain it.
    """

    nodes: Sequence[Value]
    index: Mapping[Value, int]
    names: Mapping[Value, str]
    symbols: Mapping[Value, str]
    modules: Mapping[tuple[str, ...], int]

    def header(self, node: Value) -> tuple[str, str]:
        """The name of a node, "" for a bare number, and the symbol of its operation, "" for a leaf."""
        return printable(node.label.replace("\n", " ")) or self.names.get(node, ""), symbol(node)

    def operation(self, node: Value) -> str:
        """The operation of a node with the bare numbers among its operands, as in "× 0.5"; "" if there are none."""
        bare = {operand for operand in node.operands if is_bare_number(operand)}
        return operation_with(bare, node, lambda x: number(x, _DIGITS)) if bare else ""

    def math(self, node: Value) -> Written:
        """The symbol of a node in LaTeX, or its number."""
        return Written(self.symbols[node], ATOM) if node in self.symbols else latex_number(node.data)


def node_table(nodes: Sequence[Value], names: Mapping[Value, str]) -> NodeTable:
    """Returns the table of nodes given in topological order, with their names in code."""
    modules = dict.fromkeys(path[:n] for path in map(path_of, nodes) for n in range(1, len(path) + 1))
    return NodeTable(
        nodes=nodes,
        index={node: index for index, node in enumerate(nodes)},
        names=names,
        symbols=symbols_of(nodes, names),
        modules={path: index for index, path in enumerate(modules)},
    )
