"""Finds sums in a graph whose addends are alike: the same operations on different leaves."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence, Set as AbstractSet
from functools import reduce
from operator import add
from typing import Any, NamedTuple

from autograd.compiler.ir.samples import LANES
from autograd.compiler.trace.trace import Order
from autograd.graph import walk
from autograd.value import Value

__all__ = ["FEWEST", "Alike", "Repeated", "Sum", "repeated_sums"]

FEWEST = LANES  # the fewest addends worth a routine of their own: machine code computes this many at once
_LEAST_SAVED = 0.1  # the fraction of the graph's operations that splitting a sum must save
_MOST_WORK = 2.0  # walk at most twice the graph's operations: addends that share most of their graph are not samples


class Alike(NamedTuple):
    """Addends that consist of the same operations.

    Attributes:
        addends: the addends.
        leaves: the leaves of each addend; the leaves at equal positions play the same role in it.
    """

    addends: list[Value]
    leaves: list[list[Value]]


class Sum(NamedTuple):
    """A sum split into groups of addends.

    Attributes:
        groups: the groups of addends that are alike.
        rest: the other addends.
    """

    groups: list[Alike]
    rest: list[Value]


class Repeated(NamedTuple):
    """A graph in which some sums are split, without the nodes that occur only in addends that are alike.

    Attributes:
        sums: the split sums, by their nodes.
        leaves: the leaves that remain.
        operations: the operations that remain, including the sums, operands before results.
    """

    sums: dict[Value, Sum]
    leaves: list[Value]
    operations: list[Value]


def repeated_sums(order: Order, fixed: AbstractSet[Value]) -> Repeated:
    """Finds the sums whose addends are alike: they differ in nothing but leaves outside `fixed`.

    A sum may be a chain of additions or any other tree. It may be anywhere in the graph: it may be scaled, have other
    terms next to it, or be one of several. A sum is left as it is if splitting it would save little.

    Arguments:
        order: the leaves and the operations of the graph.
        fixed: the nodes that must be at the same positions in addends that are alike.

    >>> w = Value(2.0)
    >>> total = sum([(w * x) ** 2 for x in map(Value, range(100))], Value(0.0)) * 0.01
    >>> sums, leaves, operations = repeated_sums(walk(total), {w})
    >>> [len(group.addends) for group in sums[operations[0]].groups], [node.op for node in operations]
    ([100], ['add', 'multiply'])
    """
    leaves, operations = order
    keys, inner = _keys(leaves, operations, fixed), _inner_sums(operations, fixed)
    sums: dict[Value, Sum] = {}
    reached, left = set(operations[-1:]), []
    for node in reversed(operations):
        if node not in reached:
            continue
        left.append(node)
        if node.op == "add" and node not in inner:
            split = _split(_addends(node, inner, keys), keys, len(operations))
            if split:
                sums[node] = split
                reached.update(split.rest)
                continue
        reached.update(node.operands)
    left.reverse()
    return Repeated(
        {node: sums[node] for node in left if node in sums}, [leaf for leaf in leaves if leaf in reached], left
    )


def _keys(leaves: Sequence[Value], operations: Sequence[Value], fixed: AbstractSet[Value]) -> dict[Value, int]:
    """Returns a number for each node, the same for nodes whose formulas are alike when written out in full."""
    numbers: dict[Any, int] = {}
    keys = {leaf: numbers.setdefault(leaf if leaf in fixed else "", len(numbers)) for leaf in leaves}
    for node in operations:
        formula = (node.op, node.numbers and repr(node.numbers), *[keys[operand] for operand in node.operands])
        keys[node] = numbers.setdefault(node if node in fixed else formula, len(numbers))
    return keys


def _inner_sums(operations: Sequence[Value], fixed: AbstractSet[Value]) -> set[Value]:
    """Returns the additions that only contribute to a larger sum."""
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
    """Returns the addends of a sum from left to right; an inner sum that occurs often counts as one addend."""

    def terms(node: Value) -> Sequence[Value]:
        return node.operands[::-1] if node is root or node in inner else ()

    waiting, counts = [root], Counter[int]()
    while waiting:
        node = waiting.pop()
        counts[keys[node]] += 1
        waiting += terms(node)
    waiting, addends = [root], []
    while waiting:
        node = waiting.pop()
        inner_terms = terms(node) if counts[keys[node]] < FEWEST else ()
        waiting += inner_terms
        if not inner_terms:
            addends.append(node)
    return addends


def _split(addends: Sequence[Value], keys: Mapping[Value, int], operations: int) -> Sum | None:
    """Returns the sum of some addends, split into groups that are alike; None if that would save little."""
    kinds, rest = _kinds(addends, keys)
    most = _MOST_WORK * operations  # beyond this there are no walks, and therefore no groups
    rows = _joined(kinds, _walks([kind[0] for kind in kinds], most))
    joined = [reduce(add, row) for row in rows]
    alike = defaultdict(list)
    for row, addend, (leaves, inner) in zip(rows, joined, _walks(joined, most), strict=False):
        alike[tuple(keys[term] for term in row), _sharing(leaves, inner)].append((row, addend, leaves, len(inner)))
    groups, saved = [], 0
    for members in alike.values():
        if len(members) < FEWEST:
            rest += [addend for row, *_ in members for addend in row]
        else:
            groups.append(Alike([addend for _, addend, _, _ in members], [leaves for _, _, leaves, _ in members]))
            saved += sum(size for *_, size in members[1:])
    return Sum(groups, rest) if saved >= max(1.0, _LEAST_SAVED * operations) else None


def _kinds(addends: Sequence[Value], keys: Mapping[Value, int]) -> tuple[list[list[Value]], list[Value]]:
    """Returns the addends of each key that has enough of them, and the other addends."""
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
    """Returns the leaves and the operations below each root; [] if there are more than `most` operations."""
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
    """Joins addends of kinds that are equally numerous and share operations: a row has one addend of each kind.

    In this way the errors of several outputs become one addend per sample, which computes the network once.

    Arguments:
        kinds: the addends of each kind.
        walks: the leaves and the operations below the first addend of each kind.
    """
    joined: list[list[Sequence[Value]]] = []
    found: dict[tuple[Value, int], list[Sequence[Value]]] = {}  # by operation and number of addends of a kind
    for kind, (_, operations) in zip(kinds, walks, strict=False):
        count = len(kind)
        together = next((found[node, count] for node in operations if (node, count) in found), [])
        if not together:
            joined.append(together)
        together.append(kind)
        found.update(((node, count), together) for node in operations)
    return [row for together in joined for row in zip(*together, strict=True)]


def _sharing(leaves: Sequence[Value], operations: Sequence[Value]) -> tuple[int, ...]:
    """Returns which operands are the same node, for a graph in walk order.

    Two graphs with the same formulas for which this is equal differ only in their leaves.
    """
    positions = {node: position for position, node in enumerate([*leaves, *operations])}
    return (len(leaves), *[positions[operand] for node in operations for operand in node.operands])
