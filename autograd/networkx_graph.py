"""Graphs for NetworkX, whose algorithms and layouts then apply to them."""

from collections.abc import Sequence
from typing import Any

from autograd.graph import listed, walk
from autograd.value import Value

__all__ = ["to_networkx"]


def to_networkx(outputs: "Value | Sequence[Value]") -> Any:
    """Returns the graph below an output, or below several, as a `networkx.MultiDiGraph`.

    Its nodes are integers in topological order, leaves first. Each has the attributes `data`, `grad`, `op`, `label`,
    `role`, `scope` and `numbers` of the Value, and `value`, the Value itself. An edge leads from an operand to the
    result; it has the attributes `operand`, the index among the operands, which is also its key, and
    `local_derivative`. x + x has two edges. The attribute `outputs` of the graph lists the nodes of the outputs.

    Arguments:
        outputs: a Value, or a list or tuple of Values.

    Raises:
        ImportError: if NetworkX is not installed.
        TypeError: if something else is given.

    >>> graph = to_networkx(Value(2.0, "x") ** 2)
    >>> graph.nodes[0]["label"], graph.nodes[1]["op"], graph.edges[0, 1, 0]["local_derivative"]
    ('x', 'power', 4.0)
    """
    try:
        import networkx
    except ImportError as error:
        raise ImportError("to_networkx needs networkx: pip install 'scalar-autograd[networkx]'") from error
    roots = listed(outputs, "to_networkx")
    leaves, operations = walk(*roots)
    nodes = leaves + operations
    index_of = {node: index for index, node in enumerate(nodes)}
    graph = networkx.MultiDiGraph(outputs=[index_of[root] for root in roots])
    names = ("data", "grad", "op", "label", "role", "scope", "numbers")
    for node, index in index_of.items():
        graph.add_node(index, **{name: getattr(node, name) for name in names}, value=node)
        for place, (operand, local) in enumerate(zip(node.operands, node.local_derivatives, strict=True)):
            graph.add_edge(index_of[operand], index, key=place, operand=place, local_derivative=local)
    return graph
