"""Sums in a graph whose addends are alike: the same operations, over other leaves."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence, Set as AbstractSet
from functools import reduce
from operator import add
from typing import Any, NamedTuple

from autograd.compiler.ir import LANES
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
    kinds = defaultdict(list)
    for addend in addends:
        kinds[keys[addend]].append(addend)
    many: list[list[Value]] = []
    rest: list[Value] = []
    for kind in kinds.values():
        if len(kind) >= FEWEST and kind[0].op:
            many.append(kind)
        else:
            rest += kind
    alike = defaultdict(list)
    work = 0
    for number, rows in enumerate(_joined(many)):
        for row in rows:
            joined = reduce(add, row)
            leaves, inner = walk(joined)
            work += len(inner)
            if work > _MOST_WORK * operations:
                return None
            alike[number, len(inner), _sharing(leaves, inner)].append((row, joined, leaves))
    groups, saved = [], 0
    for (_, size, _), members in alike.items():
        if len(members) < FEWEST:
            rest += [addend for row, _, _ in members for addend in row]
        else:
            groups.append(Alike([joined for _, joined, _ in members], [leaves for _, _, leaves in members]))
            saved += (len(members) - 1) * size
    return Sum(groups, rest) if saved >= max(1.0, _LEAST_SAVED * operations) else None


def _joined(kinds: Sequence[Sequence[Value]]) -> list[list[tuple[Value, ...]]]:
    """Kinds of addends in rows: one of each, for kinds of which there are as many and that have operations in common.

    So the errors of several outputs become one addend for each sample, which computes the network once.
    """
    joined: list[tuple[set[Value], list[Sequence[Value]]]] = []
    for kind in kinds:
        _, operations = walk(kind[0])
        for known, together in joined:
            if len(together[0]) == len(kind) and not known.isdisjoint(operations):
                known.update(operations)
                together.append(kind)
                break
        else:
            joined.append((set(operations), [kind]))
    return [list(zip(*together, strict=True)) for _, together in joined]


def _sharing(leaves: Sequence[Value], operations: Sequence[Value]) -> tuple[int, ...]:
    """Which operands are one node, of a graph in the order of its walk.

    Two graphs that are alike as formulas, and in this, differ in their leaves alone.
    """
    places = {node: place for place, node in enumerate([*leaves, *operations])}
    return (len(leaves), *[places[operand] for node in operations for operand in node.operands])
