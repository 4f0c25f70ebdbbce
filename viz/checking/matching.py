"""Which node of one graph corresponds to which node of another."""

from collections import Counter, defaultdict
from collections.abc import Hashable
from math import inf

from viz.checking.seen_graph import SeenGraph, SeenNode

__all__ = ["match"]


def match(first: SeenGraph, second: SeenGraph) -> dict[int, int]:
    """Returns the place in the second graph of each node of the first that has a counterpart there.

    Nodes correspond if they are the same object; then leaves of the same name, and constants of the same number; then
    operations of the same kind on corresponding operands; and of what remains, what stands at the same place of
    corresponding operations, beginning with the outputs.

    >>> from autograd import Value
    >>> from viz.checking.seen_graph import read_graph
    >>> a, b = (read_graph("a", Value(1.0, "x") * Value(w, "w")) for w in (2.0, 3.0))
    >>> match(a, b)
    {0: 0, 1: 1, 2: 2}
    """
    matching = _Matching(first, second)
    matching.pair_same_objects()
    matching.pair_same_leaves()
    matching.pair_same_operations()
    matching.pair_same_places()
    return dict(sorted(matching.pairs.items()))


class _Matching:
    def __init__(self, first: SeenGraph, second: SeenGraph) -> None:
        self.first = first
        self.second = second
        self.pairs: dict[int, int] = {}
        self.taken: set[int] = set()
        self.is_ordered = all(node.is_ordered for graph in (first, second) for node in graph.nodes)

    def pair(self, a: int, b: int) -> None:
        """Makes two nodes counterparts, unless one of them has another."""
        if a not in self.pairs and b not in self.taken:
            self.pairs[a] = b
            self.taken.add(b)

    def pair_same_objects(self) -> None:
        place = {id(node): index for index, node in enumerate(self.second.objects)}
        for index, node in enumerate(self.first.objects):
            if id(node) in place:
                self.pair(index, place[id(node)])

    def pair_same_leaves(self) -> None:
        first, second = _by_key(self.first), _by_key(self.second)
        for key in first.keys() & second.keys():
            self.pair(first[key], second[key])

    def pair_same_operations(self) -> None:
        places: dict[Hashable, list[int]] = defaultdict(list)
        for index, node in reversed([*enumerate(self.second.nodes)]):
            if node.operands and index not in self.taken:
                places[node.operation, self._operands(node)].append(index)
        for index, node in enumerate(self.first.nodes):
            operands = self._operands(node)
            if index in self.pairs or not operands or any(operand not in self.pairs for operand in operands):
                continue
            there = tuple(self.pairs[operand] for operand in operands)
            found = places.get((node.operation, there if self.is_ordered else tuple(sorted(there))))
            if found:
                self.pair(index, found.pop())

    def pair_same_places(self) -> None:
        """Pairs the outputs, and then operands of counterparts, from results to operands."""
        self.pair(len(self.first.nodes) - 1, len(self.second.nodes) - 1)
        for index in reversed(range(len(self.first.nodes))):
            if index not in self.pairs:
                continue
            a = self._operands(self.first.nodes[index])
            b = self._operands(self.second.nodes[self.pairs[index]])
            if len(a) != len(b):
                continue
            for operand, other in zip(a, b if self.is_ordered else self._nearest(a, b), strict=True):
                if _is_leaf(self.first, operand) == _is_leaf(self.second, other):
                    self.pair(operand, other)

    def _nearest(self, a: tuple[int, ...], b: tuple[int, ...]) -> list[int]:
        """The second operands in the order of the first ones that they resemble most."""
        left = list(b)
        found = []
        for operand in a:
            nearest = min(left, key=lambda other: self._distance(operand, other))
            left.remove(nearest)
            found.append(nearest)
        return found

    def _distance(self, a: int, b: int) -> tuple[bool, bool, bool, float]:
        x, y = self.first.nodes[a], self.second.nodes[b]
        apart = abs(x.data - y.data) if x.data is not None and y.data is not None else inf
        return self.pairs.get(a, b) != b, bool(x.operands) != bool(y.operands), x.operation != y.operation, apart

    def _operands(self, node: SeenNode) -> tuple[int, ...]:
        """The operands of a node, as far as both graphs tell them: in order, or each once."""
        return node.operands if self.is_ordered else tuple(sorted(set(node.operands)))


def _is_leaf(graph: SeenGraph, index: int) -> bool:
    return not graph.nodes[index].operands


def _by_key(graph: SeenGraph) -> dict[Hashable, int]:
    """The leaves that a name, or the number of a constant, tells from all others of the graph."""
    keys = [_key(node) for node in graph.nodes]
    counts = Counter(keys)
    return {key: index for index, key in enumerate(keys) if key is not None and counts[key] == 1}


def _key(node: SeenNode) -> Hashable:
    if node.operands:
        return None
    if node.label:
        return "label", node.path, node.label
    return ("constant", node.data) if node.kind == "constant" else None
