"""Folding: which nodes of a graph get their own box in a picture, and which share one."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import NamedTuple

from autograd import Value, topological_order
from viz.limits import too_large

__all__ = [
    "Arrow",
    "Box",
    "IsOpen",
    "arrows_of",
    "boxes_of",
    "dense",
    "fold_modules",
    "fold_runs",
    "open_to",
    "open_to_losses",
    "outputs_of",
    "path_of",
    "reading_order",
]

_MOST_BOXES = 50_000  # written as DOT within 5 seconds; few programs lay out as many
_LONGEST = 40  # boxes in a row; with more, a picture is a strip
_MOST_FRAMES = 10  # nested frames
_MOST_ARROWS = 2  # arrows for each box of the limit; with more, fully connected layers become a grey mat
_DENSE = 4  # arrows from the box where an arrow starts, and as many to the box where it ends
_FAN = 50  # arrows from one box
_RUN_ENDS = 4  # operations that stay visible at each end of a folded run

IsOpen = Callable[[tuple[str, ...]], bool]
"""Whether a module is open, or folded into a box."""


@dataclass(eq=False, slots=True)  # not frozen, which would double the time to make a million
class Box:
    """A box of a picture: one node, or several nodes folded into one.

    Attributes:
        nodes: the node that it shows, or the nodes folded into it.
        path: the modules that it is drawn in, outermost first.
        title: the name of a fold; "" for a single node.
    """

    nodes: tuple[Value, ...]
    path: tuple[str, ...]
    title: str = ""

    @property
    def contents(self) -> list[str]:
        """The numbers of operations, parameters and inputs in it, in words."""
        counts = {
            "operation": sum(1 for node in self.nodes if node.op),
            "parameter": sum(1 for node in self.nodes if not node.op and node.role == "parameter"),
            "input": sum(1 for node in self.nodes if not node.op and node.role == "input"),
        }
        return [f"{count:,} {kind}{'s' * (count != 1)}" for kind, count in counts.items() if count]


class Arrow(NamedTuple):
    """An arrow between two boxes: one use of an operand, or all uses that lead from or to a fold.

    Attributes:
        tail, head: the boxes.
        node, slot: the operation and the index of its operand; None and 0 for an arrow from or to a fold.
    """

    tail: Box
    head: Box
    node: Value | None
    slot: int


def boxes_of(
    root: Value, *, depth: int | None, limit: int, hide_constants: bool, opens_losses: bool = False
) -> dict[Value, Box]:
    """The box of every node below `root`, in topological order; nodes of one fold share their box.

    Arguments:
        root: the output of the graph.
        depth: the number of levels of modules to open: 0 folds each outermost module into a box, 1 opens these, and so
            on. None opens as many levels as stay readable.
        limit: the largest number of boxes in the picture; never more than 50,000.
        hide_constants: leave constants out.
        opens_losses: whether None opens losses, too.

    Raises:
        ValueError: if `depth` or `limit` is out of range.
        GraphTooLargeError: if no folding, or not the requested one, stays within the limit.
    """
    _check(depth, limit)
    most = min(limit, _MOST_BOXES)
    order = topological_order(root)
    nodes = [node for node in order if node is root or not (hide_constants and node.role == "constant")]
    starts = _starts(nodes)
    for level in range(max(map(len, starts)), -1, -1) if depth is None else (depth,):
        is_open = open_to(level) if opens_losses or depth is not None else open_to_losses(level)
        count = _fewest_boxes(starts, is_open)
        if count > most:
            continue
        boxes = fold_modules(nodes, is_open)
        if _count(boxes) > most or _longest_path(boxes) > _LONGEST:
            boxes = fold_runs(boxes)
        readable = depth is not None or level == 0 or len(arrows_of(boxes)) <= _MOST_ARROWS * most
        count = _count(boxes)
        if count <= most and readable:
            return boxes
    raise too_large(
        "a picture",
        most,
        count,
        "draw a node further down, name parts of the graph with autograd.scope(...) so that they can be folded, "
        f"read the graph as viz.code(value), or raise limit={limit} (to at most {_MOST_BOXES:,})",
        of="boxes",
        has=f"the {len(nodes):,} nodes of this graph fold into at least",
    )


def _check(depth: object, limit: object) -> None:
    if depth is not None and (isinstance(depth, bool) or not isinstance(depth, int) or depth < 0):
        raise ValueError(f"depth must be a non-negative integer or None, not {depth!r}")
    if isinstance(limit, bool) or not isinstance(limit, int) or limit < 1:
        raise ValueError(f"limit must be a positive integer, not {limit!r}")


def path_of(node: Value) -> tuple[str, ...]:
    """The modules that a node was created in, outermost first; levels deeper than drawn frames count as one.

    >>> from autograd import scope
    >>> with scope("layer1"), scope("neuron2"):
    ...     path_of(Value(1.0))
    ('layer1', 'neuron2')
    """
    return _path(node.scope)


def _path(scope: str) -> tuple[str, ...]:
    return tuple(filter(None, scope.split(".", _MOST_FRAMES - 1)))  # a name may consist of dots alone


def _starts(nodes: Sequence[Value]) -> Counter[tuple[str, ...]]:
    """For each module that nodes were created in, its operations that keep a box of their own however runs are folded.

    These are operations that do not continue a run, because not exactly one of their operands is an operation.
    """
    starts = Counter(dict.fromkeys((node.scope for node in nodes), 0))
    starts.update(node.scope for node in nodes if node.op and len({v for v in node.operands if v.op}) != 1)
    found: Counter[tuple[str, ...]] = Counter()
    for scope, count in starts.items():
        found[_path(scope)] += count
    return found


def _fewest_boxes(starts: Mapping[tuple[str, ...], int], is_open: IsOpen) -> int:
    """A lower bound on the number of boxes for a choice of open modules; it takes no time, unlike folding."""
    folds = {path: _closed(path, is_open) for path in starts}
    return len({*filter(None, folds.values())}) + sum(count for path, count in starts.items() if not folds[path])


def _count(boxes: dict[Value, Box]) -> int:
    return len(set(boxes.values()))


def arrows_of(boxes: Mapping[Value, Box]) -> dict[Arrow, list[tuple[Value, int]]]:
    """The arrows between boxes, each with the uses of operands that it represents: operations and slots."""
    arrows: dict[Arrow, list[tuple[Value, int]]] = defaultdict(list)
    for node, head in boxes.items():
        for slot, operand in enumerate(node.operands):
            tail = boxes.get(operand)
            if tail is not None and tail is not head:
                arrow = Arrow(tail, head, None, 0) if tail.title or head.title else Arrow(tail, head, node, slot)
                arrows[arrow].append((node, slot))
    return arrows


def dense(arrows: Collection[Arrow]) -> set[Arrow]:
    """The arrows that are one of many on both of their ends, as those between all neurons of two layers are.

    Those from a node that is used very often, such as a weight by all samples, are dense too. Drawn like all others,
    they would be a grey mat.
    """
    leaving = Counter(arrow.tail for arrow in arrows)
    arriving = Counter(arrow.head for arrow in arrows)
    return {
        arrow
        for arrow in arrows
        if min(leaving[arrow.tail], arriving[arrow.head]) >= _DENSE or leaving[arrow.tail] >= _FAN
    }


def outputs_of(boxes: Iterable[Box], nodes: Sequence[Value]) -> dict[Box, Value | None]:
    """The only node in each box that others use, or that is the output of the graph; None if there are several.

    Arguments:
        boxes: boxes, such as folds.
        nodes: all nodes of the graph, in topological order.
    """
    users: dict[Value, list[Value]] = defaultdict(list)
    for node in nodes:
        for operand in node.operands:
            users[operand].append(node)
    outputs: dict[Box, Value | None] = {}
    for box in boxes:
        inside = set(box.nodes)
        used = [node for node in box.nodes if node is nodes[-1] or not inside.issuperset(users[node])]
        outputs[box] = used[0] if len(used) == 1 else None
    return outputs


def reading_order(boxes: Mapping[Value, Box]) -> list[Box]:
    """The boxes in the order in which a formula names what is in them: the operands of an operation, then itself.

    Arguments:
        boxes: the box of every node, in topological order.
    """
    order: dict[Box, None] = {}
    for node, box in boxes.items():
        if node.op:
            order |= dict.fromkeys(boxes[operand] for operand in node.operands if not operand.op and operand in boxes)
            order[box] = None
    return list(order | dict.fromkeys(boxes.values()))


def open_to(depth: int) -> IsOpen:
    """Returns a predicate: whether a module is open if all modules are open down to `depth` levels."""
    return lambda module: len(module) <= depth


def open_to_losses(depth: int) -> IsOpen:
    """Returns `open_to(depth)`, but for the losses of `nn`, which are folded: what they compute is in their names."""
    from nn.losses import LOSSES

    return lambda module: len(module) <= depth and module[-1] not in LOSSES


def _closed(path: tuple[str, ...], is_open: IsOpen) -> tuple[str, ...]:
    """The outermost module of a path that is not open; () if there is none."""
    return next((path[:n] for n in range(1, len(path) + 1) if not is_open(path[:n])), ())


def fold_modules(nodes: Sequence[Value], is_open: IsOpen) -> dict[Value, Box]:
    """The box of every node, where each module that is not open is folded into one box with all its contents."""

    @cache  # because many nodes share a scope
    def placed(scope: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The modules of a scope, and the outermost of them that is not open."""
        path = _path(scope)
        return path, _closed(path, is_open)

    folded: dict[tuple[str, ...], list[Value]] = defaultdict(list)
    for node in nodes:
        _, module = placed(node.scope)
        if module:
            folded[module].append(node)
    folds = {module: Box(tuple(members), module[:-1], module[-1]) for module, members in folded.items()}
    boxes = {}
    for node in nodes:
        path, module = placed(node.scope)
        boxes[node] = folds[module] if module else Box((node,), path)
    return boxes


def _longest_path(boxes: dict[Value, Box]) -> int:
    length: dict[Box, int] = {}
    for node, box in boxes.items():
        below = [length[boxes[v]] for v in node.operands if v in boxes and boxes[v] is not box]
        length[box] = max([length.get(box, 1), *(steps + 1 for steps in below)])
    return max(length.values())


def fold_runs(boxes: dict[Value, Box]) -> dict[Value, Box]:
    """Folds the middle of each long run.

    A run is a series of operations in which the operands of each are only the operation before it and leaves.
    """
    consumers = Counter(chain.from_iterable(set(node.operands) for node in boxes))
    result = dict(boxes)
    for run in _runs(boxes, consumers):
        middle = run[_RUN_ENDS:-_RUN_ENDS]
        uses = Counter(chain.from_iterable({v for v in node.operands if not v.op} for node in middle))
        leaves = [v for v, count in uses.items() if count == consumers[v] and v in boxes and not boxes[v].title]
        members = (*leaves, *middle)
        fold = Box(members, boxes[middle[0]].path, "…")
        result |= dict.fromkeys(members, fold)
    return result


def _runs(boxes: dict[Value, Box], consumers: Mapping[Value, int]) -> list[Sequence[Value]]:
    """The maximal runs that are long enough to fold, each from its first operation to its last."""
    run_ending_at: dict[Value, list[Value]] = {}
    for node, box in boxes.items():
        if not node.op or box.title:
            continue
        before = {operand for operand in node.operands if operand.op}
        previous = before.pop() if len(before) == 1 else None
        run = []
        if previous in run_ending_at and consumers[previous] == 1 and boxes[previous].path == box.path:
            run = run_ending_at.pop(previous)
        run.append(node)
        run_ending_at[node] = run
    return [run for run in run_ending_at.values() if len(run) > 3 * _RUN_ENDS]
