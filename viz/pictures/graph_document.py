"""A computation graph as documents: a box for each node, an arrow from each operand to its result."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from autograd import Value, topological_order
from autograd.collector import collector_paused
from viz.labels import check_precision, number, printable
from viz.pictures.document import Document, Line, columns, empty_document
from viz.pictures.folding import Arrow, Box, arrows_of, boxes_of, dense, outputs_of, reading_order
from viz.pictures.moments import Moment, Passes
from viz.pictures.operation import operation_with

__all__ = ["GraphOptions", "GraphPicture"]

_LIGHT = {"penwidth": "0.4", "arrowsize": "0.4"}  # of arrows that are dense
_UNKNOWN = "…"


@dataclass(frozen=True, slots=True)
class GraphOptions:
    """How a graph is drawn; `viz.draw` documents each option."""

    direction: str = "LR"
    depth: int | None = None
    limit: int = 100
    hide_constants: bool = False
    local_derivatives: bool = False
    highlight: tuple[Value, Value] | None = None
    precision: int = 4
    palette: str = "auto"


class GraphPicture:
    """The graph below a value, of which documents are made: as it is, or at a step of its passes.

    In all documents at steps, boxes and arrows have the same places.

    Arguments:
        root: the output of the graph.
        options: how it is drawn.

    Raises:
        TypeError: if `options.highlight` is not a pair of nodes.
        ValueError: if an option is out of range, or the graph is too large to read (`GraphTooLargeError`).
    """

    @collector_paused
    def __init__(self, root: Value, options: GraphOptions) -> None:
        check_precision(options.precision)
        self.root, self.options = root, options
        self._empty()  # refuses a wrong direction or palette before the graph is folded
        self._boxes = boxes_of(
            root,
            depth=options.depth,
            limit=options.limit,
            hide_constants=options.hide_constants,
            opens_losses=options.local_derivatives,
        )
        self._names = {box: f"node{index}" for index, box in enumerate(reading_order(self._boxes), 1)}
        self._folds = [box for box in self._names if box.title]
        self._outputs = outputs_of(self._folds, list(self._boxes))
        self._highlighted = _on_paths(root, options.highlight) if options.highlight is not None else set()

    @cached_property
    def passes(self) -> Passes:
        """The passes of the graph.

        Raises:
            TypeError: if a node carries something other than a float.
        """
        return Passes(self.root, self.options.precision, hide_constants=self.options.hide_constants)

    @collector_paused
    def document(self, step: int | None = None) -> Document:
        """Returns the graph as it is, or what is known of it after a step of its passes.

        Raises:
            TypeError: if a node carries something other than a float.
            ValueError: if there is no such step.
        """
        document = self._empty()
        moment = None if step is None else self.passes.at(step)
        for box in self._names:
            self._add_box(document, box, moment)
        arrows = arrows_of(self._boxes)
        light = dense(arrows)
        for arrow, uses in arrows.items():
            self._add_arrow(document, arrow, uses, arrow in light, moment)
        notes = [moment.words] if moment else []
        if self._folds:
            count = sum(len(box.nodes) for box in self._folds)
            boxes_word = "box" if len(self._folds) == 1 else "boxes"
            notes.append(f"folded: {count:,} of {len(self._boxes):,} nodes, in {len(self._folds)} {boxes_word}")
        document.note = "\n".join(notes)
        if moment:
            document.room = max(map(columns, self.passes.words))
        return document

    def _empty(self) -> Document:
        title = f"Computation graph of {_tooltip(self.root, self.root.data, _gradient(self.root))}"
        return empty_document(self.options.direction, self.options.palette, title)

    def _number(self, x: object) -> str:
        return number(x, self.options.precision)

    def _add_box(self, document: Document, box: Box, moment: Moment | None) -> None:
        current = moment is not None and not moment.current.isdisjoint(box.nodes)
        emphasis = moment.color if moment and current else ""
        if not emphasis and not self._highlighted.isdisjoint(box.nodes):
            emphasis = "highlight"
        node = self._outputs[box] if box.title else box.nodes[0]
        lines = [Line(box.title, document.palette.text, bold=True)] if box.title else []
        if node is not None:
            lines += self._name_lines(document, node, moment, bold=not box.title)
        if box.title:
            lines += [Line(text, document.palette.muted) for text in box.contents]
        elif box.nodes[0].op:
            lines.append(Line(self._operation(box.nodes[0]), document.palette.operation, bold=True))
        if node is not None:
            lines += self._number_lines(document, node, moment)
        document.box(
            self._names[box],
            lines,
            "fold" if box.title else box.nodes[0].role or "operation",
            path=box.path,
            title=box.title or box.nodes[0].label,
            tooltip="" if box.title else self._tooltip(box.nodes[0], moment),
            emphasis=emphasis,
            room=self._room(node) if moment and node is not None else 0,
            pending=moment is not None and not moment.pending.isdisjoint(box.nodes),
        )

    def _name_lines(self, document: Document, node: Value, moment: Moment | None, *, bold: bool) -> list[Line]:
        """The label of a node, or, at a step, what the words call a node without a label."""
        if node.label:
            return [Line(node.label, document.palette.text, bold=bold)]
        name = moment.names.get(node) if moment else None
        return [Line(name, document.palette.text)] if name else []

    def _number_lines(self, document: Document, node: Value, moment: Moment | None) -> list[Line]:
        """The data and the gradient of a node; where it has no gradient yet, at a step, a place for it."""
        data, gradient = _known(node, moment)
        lines = [Line(_UNKNOWN if data is None else self._number(data), document.palette.text)]
        if gradient is not None or moment:
            written = _UNKNOWN if gradient is None else self._number(gradient)
            lines.append(Line(f"grad {written}", document.palette.gradient))
        return lines

    def _room(self, node: Value) -> int:
        """The number of characters of the longest number that a box has at any step."""
        gradients = [f"grad {self._number(gradient)}" for gradient in self.passes.gradients[node]]
        return max(map(columns, [self._number(node.data), f"grad {_UNKNOWN}", *gradients]))

    def _operation(self, node: Value) -> str:
        is_hidden = self.options.hide_constants
        hidden = {operand for operand in node.operands if is_hidden and operand.role == "constant"}
        return operation_with(hidden, node, self._number)

    def _tooltip(self, node: Value, moment: Moment | None) -> str:
        return _tooltip(node, *_known(node, moment))

    def _add_arrow(
        self, document: Document, arrow: Arrow, uses: Sequence[tuple[Value, int]], is_light: bool, moment: Moment | None
    ) -> None:
        label, shows_label, emphasis = "", True, ""
        in_use = moment is not None and not moment.uses.isdisjoint(uses)
        if arrow.node is not None and (self.options.local_derivatives or moment):
            label = self._number(arrow.node.local_derivatives[arrow.slot])
            shows_label = self.options.local_derivatives
        if moment and in_use:
            emphasis = moment.color
            shows_label = shows_label or moment.is_backward
        elif any(node in self._highlighted and node.operands[slot] in self._highlighted for node, slot in uses):
            emphasis = "highlight"
        is_gate = all(slot == 0 and node.op == "select" for node, slot in uses)  # no gradient flows there
        document.arrow(
            self._names[arrow.tail],
            self._names[arrow.head],
            f"×{label}" if label and moment else label,
            emphasis=emphasis,
            style=({"style": "dashed"} if is_gate else {}) | (_LIGHT if is_light else {}),
            shows_label=shows_label,
            backwards=moment is not None and moment.is_backward and in_use,
        )


def _on_paths(root: Value, ends: object) -> set[Value]:
    """The nodes on the paths from the first of `ends` to the second, including both."""
    if not (isinstance(ends, (tuple, list)) and len(ends) == 2 and all(isinstance(end, Value) for end in ends)):
        raise TypeError(f"highlight must be two nodes, (from, to), not {ends!r}")
    start, end = ends
    order = topological_order(end)
    if start not in set(order) or end not in set(topological_order(root)):
        raise ValueError(f"highlight must be two nodes on a path, but none leads from {start!r} to {end!r}")
    above: set[Value] = {start}
    for node in order:
        if not above.isdisjoint(node.operands):
            above.add(node)
    return above


def _gradient(node: Value) -> object | None:
    return node.grad if node.has_grad else None


def _known(node: Value, moment: Moment | None) -> tuple[object | None, object | None]:
    """The data and the gradient of a node, now or at a step, or None for what is not known."""
    if moment is None:
        return node.data, _gradient(node)
    return None if node in moment.pending else node.data, moment.gradients.get(node)


def _tooltip(node: Value, data: object | None, gradient: object | None) -> str:
    """All digits of a node, and the module that it belongs to."""
    facts = [("", printable(".".join(filter(None, (node.scope, node.label))))), ("", node.op or node.role)]
    facts += [(name, repr(x)) for name, x in (("data ", data), ("grad ", gradient)) if x is not None]
    return ", ".join(f"{name}{fact}" for name, fact in facts if fact)
