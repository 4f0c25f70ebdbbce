"""The modules that boxes stand in, as a tree, and which wires cross their frames."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Union

from viz.layout.geometry import Path, Shape, Wire

__all__ = ["Link", "Member", "Module", "module_tree"]

_NUMBERED = re.compile(r"(.*?)(\d+)", re.DOTALL)


class Link(NamedTuple):
    """What leads from one member of a module to another.

    Attributes:
        tail, head: the members; None if the wire comes from outside, or leads there.
        net: the box that the wire begins at. Wires from the same box share their way.
    """

    tail: "Member | None"
    head: "Member | None"
    net: int


@dataclass(eq=False, slots=True)
class Module:
    """A module with a frame of its own; the outermost, which has none, holds everything.

    Attributes:
        path: its path.
        members: the boxes, by their indices, and the modules in it, in reading order.
        links: what leads from one of them to another.
    """

    path: Path
    members: "list[Member]" = field(default_factory=list)
    links: dict[Link, None] = field(default_factory=dict)


Member = Union[int, Module]  # noqa: UP007  # evaluated, with a class that refers to it


def module_tree(shapes: Sequence[Shape], wires: Sequence[Wire]) -> tuple[Module, list[list[Module]]]:
    """Returns the outermost module, and for each box the modules around it, outermost first.

    Arguments:
        shapes: the boxes, in reading order.
        wires: the arrows between them.
    """
    modules: dict[Path, Module] = {(): Module(())}
    around = []
    for box, shape in enumerate(shapes):
        for length in range(1, len(shape.path) + 1):
            path = shape.path[:length]
            if path not in modules:
                modules[path] = Module(path)
                modules[path[:-1]].members.append(modules[path])
        modules[shape.path].members.append(box)
        around.append([modules[shape.path[:length]] for length in range(len(shape.path) + 1)])
    for module in modules.values():
        module.members = _counted(module.members, shapes)
    for wire in wires:
        _add_links(wire, around)
    return modules[()], around


def _counted(members: "Sequence[Member]", shapes: Sequence[Shape]) -> "list[Member]":
    """Puts members whose names differ only in a number at the end into the order of their numbers."""
    places: dict[tuple[bool, str], list[tuple[int, int]]] = defaultdict(list)  # their numbers, and where they stand
    for place, member in enumerate(members):
        name = member.path[-1] if isinstance(member, Module) else shapes[member].name
        if match := _NUMBERED.fullmatch(name):
            places[isinstance(member, Module), match[1]].append((int(match[2]), place))
    result = list(members)
    for series in places.values():
        if len({number for number, _ in series}) < len(series):
            continue  # the inputs of several samples, each with an x1
        for place, (_, source) in zip([place for _, place in series], sorted(series), strict=True):
            result[place] = members[source]
    return result


def _add_links(wire: Wire, around: Sequence[Sequence[Module]]) -> None:
    tails: list[Member] = [*around[wire.tail], wire.tail]
    heads: list[Member] = [*around[wire.head], wire.head]
    common = sum(1 for a, b in zip(around[wire.tail], around[wire.head], strict=False) if a is b)
    around[wire.tail][common - 1].links[Link(tails[common], heads[common], wire.tail)] = None
    for module, member in zip(around[wire.tail][common:], tails[common + 1 :], strict=True):
        module.links[Link(member, None, wire.tail)] = None
    for module, member in zip(around[wire.head][common:], heads[common + 1 :], strict=True):
        module.links[Link(None, member, wire.tail)] = None
