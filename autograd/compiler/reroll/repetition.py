"""Sums in a graph whose addends are alike: the same operations, over other leaves."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence, Set as AbstractSet
from functools import reduce
from operator import add
from typing import Any, NamedTuple

from autograd.compiler.llvm.vector import LANES
from autograd.graph import walk
from autograd.value import Value

__all__ = ["Alike", "Repeated", "Sum", "repeated_sums"]

FEWEST = LANES  # addends that are worth a program of their own: machine code takes so many at a time
_LEAST_SAVED = 0.1  # of the graph's operations, by a sum that is taken apart
_MOST_WORK = 2.0  # times the graph's operations: addends that have most of their graph in common are no samples


class Alike(NamedTuple):
    """Addends that do the same operations.

    Attributes:
        addends: the addends.
        leaves: those of each addend; the leaves at equal places have the same part in it.
    """

    addends: list[Value]
    leaves: list[list[Value]]


class Sum(NamedTuple):
    """A sum taken apart.

    Attributes:
        groups: addends that are alike, by group.
        rest: the others.
    """

    groups: list[Alike]
    rest: list[Value]


class Repeated(NamedTuple):
    """A graph with some sums taken apart, and all without what is in alike addends alone.

    Attributes:
        sums: the sums, by their nodes.
        leaves: what is left of the leaves.
        operations: what is left of the operations, each after its operands; the sums are among them.
    """

    sums: dict[Value, Sum]
    leaves: list[Value]
    operations: list[Value]


def repeated_sums(output: Value, fixed: AbstractSet[Value]) -> Repeated:
    """Finds the sums of addends that are alike: that differ in nothing but leaves outside `fixed`.

    A sum may be a chain of additions or any other tree. It is found wherever it stands in the graph, so it may be
    scaled, have other terms beside it, or be one of several. One that would save little is left as it is.

    Arguments:
        output: the root of the graph.
        fixed: the nodes that alike addends must have at the same places.

    >>> w = Value(2.0)
    >>> total = sum([(w * x) ** 2 for x in map(Value, range(100))], Value(0.0)) * 0.01
    >>> sums, leaves, operations = repeated_sums(total, {w})
    >>> [len(group.addends) for group in sums[operations[0]].groups], [node.op for node in operations]
    ([100], ['add', 'multiply'])
    """
    leaves, operations = walk(output)
    keys, inner = _keys(leaves, operations, fixed), _inner_sums(operations, fixed)
    sums: dict[Value, Sum] = {}
    reached, left = {output}, []
    for node in reversed(operations):
        if node not in reached:
            continue
        left.append(node)
        if node.op == "add" and node not in inner:
            taken = _apart(_addends(node, inner, keys), keys, len(operations))
            if taken:
                sums[node] = taken
                reached.update(taken.rest)
                continue
        reached.update(node.operands)
    left.reverse()
    return Repeated(
        {node: sums[node] for node in left if node in sums}, [leaf for leaf in leaves if leaf in reached], left
    )


def _keys(leaves: Sequence[Value], operations: Sequence[Value], fixed: AbstractSet[Value]) -> dict[Value, int]:
    """A number for each node: the same for nodes that are alike written as formulas, with each operand in full."""
    numbers: dict[Any, int] = {}
    keys = {leaf: numbers.setdefault(leaf if leaf in fixed else "", len(numbers)) for leaf in leaves}
    for node in operations:
        formula = (node.op, node.numbers and repr(node.numbers), *[keys[operand] for operand in node.operands])
        keys[node] = numbers.setdefault(node if node in fixed else formula, len(numbers))
    return keys


def _inner_sums(operations: Sequence[Value], fixed: AbstractSet[Value]) -> set[Value]:
    """The additions that are nothing but a part of a larger sum."""
    users: dict[Value, Value | None] = {}
    for node in operations:
        for operand in node.operands:
            users[operand] = None if operand in users else node
    return {
        node
        for node, user in users.items()
        if node.op == "add" and user is not None and user.op == "add" and node not in fixed
    }


def _addends(root: Value, inner: AbstractSet[Value], keys: Mapping[Value, int]) -> list[Value]:
    """What a sum adds up, from left to right; a part of it that occurs often is one addend, though it is a sum."""

    def split(node: Value) -> Sequence[Value]:
        return node.operands[::-1] if node is root or node in inner else ()

    waiting, counts = [root], Counter[int]()
    while waiting:
        node = waiting.pop()
        counts[keys[node]] += 1
        waiting += split(node)
    waiting, addends = [root], []
    while waiting:
        node = waiting.pop()
        parts = split(node) if counts[keys[node]] < FEWEST else ()
        waiting += parts
        if not parts:
            addends.append(node)
    return addends


def _apart(addends: Sequence[Value], keys: Mapping[Value, int], operations: int) -> Sum | None:
    """The sum of some addends by groups that are alike; None if that would save little."""
    kinds, rest = _kinds(addends, keys)
    most = _MOST_WORK * operations  # beyond it there are no walks, and so no groups
    rows = _joined(kinds, _walks([kind[0] for kind in kinds], most))
    joined = [reduce(add, row) for row in rows]
    alike = defaultdict(list)
    for row, addend, (leaves, inner) in zip(rows, joined, _walks(joined, most), strict=False):
        alike[tuple(keys[part] for part in row), _sharing(leaves, inner)].append((row, addend, leaves, len(inner)))
    groups, saved = [], 0
    for members in alike.values():
        if len(members) < FEWEST:
            rest += [addend for row, *_ in members for addend in row]
        else:
            groups.append(Alike([addend for _, addend, _, _ in members], [leaves for _, _, leaves, _ in members]))
            saved += sum(size for *_, size in members[1:])
    return Sum(groups, rest) if saved >= max(1.0, _LEAST_SAVED * operations) else None


def _kinds(addends: Sequence[Value], keys: Mapping[Value, int]) -> tuple[list[list[Value]], list[Value]]:
    """Addends of the same key, where there are enough; and the others."""
    by_key = defaultdict(list)
    for addend in addends:
        by_key[keys[addend]].append(addend)
    kinds: list[list[Value]] = []
    rest: list[Value] = []
    for kind in by_key.values():
        if len(kind) >= FEWEST and kind[0].op:
            kinds.append(kind)
        else:
            rest += kind
    return kinds, rest


def _walks(roots: Sequence[Value], most: float) -> list[tuple[list[Value], list[Value]]]:
    """The leaves and the operations below each root; none at all where these are more than so many operations."""
    walks = []
    for root in roots:
        walks.append(walk(root))
        most -= len(walks[-1][1])
        if most < 0.0:
            return []
    return walks


def _joined(
    kinds: Sequence[Sequence[Value]], walks: Sequence[tuple[list[Value], list[Value]]]
) -> list[tuple[Value, ...]]:
    """Addends in rows: one of each kind, for kinds of which there are as many and that have operations in common.

    So the errors of several outputs become one addend for each sample, which computes the network once.

    Arguments:
        kinds: the addends.
        walks: what is below the first of each kind.
    """
    joined: list[list[Sequence[Value]]] = []
    found: dict[tuple[Value, int], list[Sequence[Value]]] = {}  # by an operation, and how many addends of a kind
    for kind, (_, operations) in zip(kinds, walks, strict=False):
        count = len(kind)
        together = next((found[node, count] for node in operations if (node, count) in found), [])
        if not together:
            joined.append(together)
        together.append(kind)
        found.update(((node, count), together) for node in operations)
    return [row for together in joined for row in zip(*together, strict=True)]


def _sharing(leaves: Sequence[Value], operations: Sequence[Value]) -> tuple[int, ...]:
    """Which operands are one node, of a graph in the order of its walk.

    Two graphs that are alike as formulas, and in this, differ in their leaves alone.
    """
    places = {node: place for place, node in enumerate([*leaves, *operations])}
    return (len(leaves), *[places[operand] for node in operations for operand in node.operands])
