"""Which nodes of a graph need their scope to tell them apart."""

from collections import Counter
from collections.abc import Iterable

from autograd.value import Value

__all__ = ["nodes_with_scope"]


def nodes_with_scope(nodes: Iterable[Value]) -> set[Value]:
    """Returns the labelled nodes that are named together with their scope.

    If several nodes share a label, all labelled nodes of their role are: among the weights of a network, none is a bare
    `w3` next to a `w1` of layer 2.

    Arguments:
        nodes: the nodes to name, each once.

    >>> from autograd import scope
    >>> with scope("a"):
    ...     first = [Value(1.0, "w1"), Value(2.0, "w2")]
    >>> with scope("b"):
    ...     second = [Value(3.0, "w1")]
    >>> len(nodes_with_scope(first)), len(nodes_with_scope(first + second))
    (0, 3)
    """
    labelled = [node for node in nodes if node.label]
    uses = Counter(node.label for node in labelled)
    roles = {node.role for node in labelled if node.scope and uses[node.label] > 1}
    return {node for node in labelled if node.scope and node.role in roles}
