"""What a page is told of a graph: its nodes, its steps, its program and its pictures, as plain data."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from autograd import Value
from autograd.compiler.source.javascript import JAVASCRIPT
from autograd.graph import walk
from autograd.notation.expression import ATOM, SUM, Written, latex_number
from autograd.notation.latex import symbols_of
from autograd.notation.naming import names_in_code
from autograd.notation.operations import OPERATIONS, symbol, write_latex
from autograd.notation.steps import BackwardStep, ForwardStep, backward_steps, forward_steps
from viz.labels import printable
from viz.pages.layouts import layouts_of
from viz.pages.live_program import live_program
from viz.pictures.folding import Box, GraphTooLargeError, path_of

__all__ = ["Walkthrough", "walkthrough"]

_MOST_NODES = 5000
_NUMBER = "grad -0.1234"  # a longer number is set narrower


@dataclass(frozen=True, slots=True)
class Walkthrough:
    """A graph for a page.

    Attributes:
        data: what JSON can write: nodes, steps, lines of code and pictures, which refer to nodes by their places in
            topological order.
        javascript: the program that gives all numbers; see `LiveProgram`.
    """

    data: dict[str, Any]
    javascript: str


def walkthrough(root: Value) -> Walkthrough:
    """The steps of the graph below `root`, and all that a page needs to show them.

    Steps to constants are left out: nobody trains a bare number.

    Raises:
        TypeError: if `root` is not a Value, or its graph carries something other than floats.
        GraphTooLargeError: if it cannot be made readable; with advice.
    """
    leaves, operations = walk(root)
    count = len(leaves) + len(operations)
    if count > _MOST_NODES:
        raise GraphTooLargeError(
            f"this graph has {count:,} nodes, and a page steps through at most {_MOST_NODES:,}: "
            "explore the loss of one sample, or a node further down"
        )
    names = names_in_code(leaves, operations)
    teller = _Teller(leaves + operations, names)
    pictures = _pictures(root, teller)
    forward = forward_steps(root)
    backward = [step for step in backward_steps(root) if step.operand.role != "constant"]
    program = live_program(root, forward, backward, names)
    data = {
        "nodes": [teller.node(node) for node in teller.nodes],
        "variables": [
            {"node": teller.place[leaf], "start": JAVASCRIPT.literal(float(leaf.data))} for leaf in program.variables
        ],
        "forward": [teller.forward(*step) for step in zip(forward, program.forward, strict=True)],
        "backward": [teller.backward(*step) for step in zip(backward, program.backward, strict=True)],
        "code": program.listing,
        **pictures,
    }
    return Walkthrough(data, program.javascript)


class _Teller:
    """Tells of nodes and steps by name and place.

    Attributes:
        nodes: in topological order.
        place: of each node among them.
        names: of the nodes that have one in code.
        symbols: of the nodes that have one in math.
        modules: the number of each part of a model, parts after those that hold them.
    """

    def __init__(self, nodes: Sequence[Value], names: Mapping[Value, str]) -> None:
        self.nodes = nodes
        self.place = {node: place for place, node in enumerate(nodes)}
        self.names = names
        self.symbols = symbols_of(nodes, names)
        paths = dict.fromkeys(path[:n] for path in map(path_of, nodes) for n in range(1, len(path) + 1))
        self.modules = {path: number for number, path in enumerate(paths)}

    def header(self, node: Value) -> tuple[str, str]:
        """What a node is called, "" for a bare number, and the symbol of its operation, "" for a leaf."""
        return printable(node.label.replace("\n", " ")) or self.names.get(node, ""), symbol(node)

    def math(self, node: Value) -> Written:
        """The symbol of a node in LaTeX, or its number."""
        return Written(self.symbols[node], ATOM) if node in self.symbols else latex_number(node.data)

    def node(self, node: Value) -> dict[str, Any]:
        name, sign = self.header(node)
        return {
            "name": name,
            "symbol": sign,
            "math": self.math(node).text,
            "op": node.op,
            "kind": node.role or "operation",
            "scope": printable(node.scope),
            "module": self.modules.get(path_of(node), -1),
            "operands": [self.place[operand] for operand in node.operands],
        }

    def forward(self, step: ForwardStep, lines: Sequence[int]) -> dict[str, Any]:
        r"""A step with its formula in symbols, and with \data{place} where the number of an operand stands."""
        live = [Written(rf"\data{{{self.place[operand]}}}", SUM) for operand in step.operands]
        held = [latex_number(number) for number in step.node.numbers]
        return {
            "node": self.place[step.node],
            "math": write_latex(step.node, [self.math(operand) for operand in step.operands]).text,
            "numbers": OPERATIONS[step.node.op].latex.write([*live, *held], r"\signed{{{}}}").text,
            "code": step.code.partition("  #")[0],
            "lines": lines,
        }

    def backward(self, step: BackwardStep, lines: Sequence[int]) -> dict[str, Any]:
        return {
            "node": self.place[step.node],
            "operand": self.place[step.operand],
            "slot": step.slot,
            "formula": step.formula_math,
            "lines": lines,
        }


def _pictures(root: Value, teller: _Teller) -> dict[str, Any]:
    """The layouts, and the modules and the folds that they refer to by number.

    A box is the place of its node, or for a fold -1, -2, ...
    """

    def lines_of(box: Box) -> list[str]:
        if box.title:
            return [printable(box.title), _counted(box), _NUMBER, _NUMBER]
        (node,) = box.nodes
        header = " ".join(filter(None, teller.header(node)))
        return [*filter(None, [header]), _NUMBER, *([] if node.role == "constant" else [_NUMBER])]

    layouts = layouts_of(root, lines_of)
    folds = {_identity(p.box): p.box for layout in layouts for p in layout.boxes if p.box.title}
    fold_number = {identity: -number for number, identity in enumerate(folds, 1)}

    def box_number(box: Box) -> int:
        return fold_number[_identity(box)] if box.title else teller.place[box.nodes[0]]

    return {
        "modules": [
            {
                "path": printable(".".join(path)),
                "title": printable(path[-1]),
                "holder": teller.modules.get(path[:-1], -1),
            }
            for path in teller.modules
        ],
        "folds": [
            {
                "title": printable(box.title),
                "counted": _counted(box),
                "module": teller.modules.get((*box.path, box.title), -1),
                "nodes": [teller.place[node] for node in box.nodes],
                "output": _output(box, teller),
            }
            for box in folds.values()
        ],
        "layouts": [
            {
                "opened": sorted(map(teller.modules.__getitem__, layout.opened)),
                "size": _rounded([layout.width, layout.height]),
                "boxes": [[box_number(p.box), *_rounded(p[1:])] for p in layout.boxes],
                "arrows": [
                    [
                        box_number(route.arrow.tail),
                        box_number(route.arrow.head),
                        -1 if route.arrow.node is None else route.arrow.slot,
                        _rounded([number for point in (*route.curve, route.tip) for number in point]),
                    ]
                    for route in layout.routes
                ],
                "frames": [[teller.modules[frame.module], *_rounded(frame[1:])] for frame in layout.frames],
            }
            for layout in layouts
        ],
    }


def _output(box: Box, teller: _Teller) -> int | None:
    """The one node of a fold that others use; None where it gives several numbers."""
    inside = set(box.nodes)
    used = {v for node in teller.nodes if node not in inside for v in node.operands if v in inside}
    used |= {teller.nodes[-1]} & inside
    return teller.place[used.pop()] if len(used) == 1 else None


def _identity(box: Box) -> tuple[object, ...]:
    """What makes a fold the same in several layouts; a module and the only one inside it hold the same nodes."""
    return box.path, box.title, box.nodes


def _counted(box: Box) -> str:
    """How many operations and parameters are folded."""
    counts = {
        "operation": sum(1 for node in box.nodes if node.op),
        "parameter": sum(1 for node in box.nodes if node.role == "parameter"),
    }
    return ", ".join(f"{n:,} {what}{'s' * (n != 1)}" for what, n in counts.items() if n)


def _rounded(numbers: Sequence[float]) -> list[float]:
    """Points to a tenth, which nobody sees; whole ones without a fraction, which JSON would write."""
    return [int(x) if x.is_integer() else x for x in (round(number, 1) for number in numbers)]
