"""The payload of a graph's page: its nodes, steps, code and layouts as plain data, and its program."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from autograd import Value
from autograd.compiler.source.javascript import JAVASCRIPT
from autograd.graph import walk
from autograd.notation.expression import SUM, Written, latex_number
from autograd.notation.naming import names_in_code
from autograd.notation.operations import operation_of, write_latex
from autograd.notation.steps import BackwardStep, ForwardStep, backward_steps, forward_steps, steps_to_leaves
from viz.labels import printable
from viz.limits import MOST_NODES, too_many_nodes
from viz.pages.curve_programs import curve_programs
from viz.pages.layout_payload import layout_payload
from viz.pages.layouts import ROOM
from viz.pages.live_program import live_program
from viz.pages.node_table import NodeTable, node_table
from viz.pictures.folding import path_of

__all__ = ["GraphPayload", "graph_payload"]


@dataclass(frozen=True, slots=True)
class GraphPayload:
    """A graph for a page.

    Attributes:
        data: nodes, steps, lines of code and layouts, for JSON; they refer to nodes by their indices in topological
            order.
        javascript: the program that computes all numbers, and the functions of the operations; see `LiveProgram` and
            `CurvePrograms`.
        variables: the leaves whose numbers a reader can set.
    """

    data: dict[str, Any]
    javascript: str
    variables: tuple[Value, ...] = ()

    @property
    def names(self) -> list[str]:
        """The names of the variables with those of their modules; a name used before gets a number."""
        if not self.variables:
            return []
        nodes = [self.data["nodes"][variable["node"]] for variable in self.data["variables"]]
        full = [".".join(filter(None, (node["scope"], node["name"]))) for node in nodes]
        uses = [full[:index].count(name) for index, name in enumerate(full)]
        return [f"{name} ({use + 1})" if use else name for name, use in zip(full, uses, strict=True)]


def graph_payload(root: Value, *, room: float = ROOM) -> GraphPayload:
    """The payload of the graph below `root`.

    Backward steps that only reach constants, or nothing, are left out, because nobody trains a bare number.

    Arguments:
        root: the output of the graph.
        room: the room before each box, in points; by default enough for a local derivative on an arrow.

    Raises:
        TypeError: if `root` is not a Value, or its graph carries something other than floats.
        GraphTooLargeError: if the graph cannot be made readable; the message says what to do.
    """
    order = leaves, operations = walk(root)
    count = len(leaves) + len(operations)
    if count > MOST_NODES:
        raise too_many_nodes(count)
    names = names_in_code(leaves, operations)
    table = node_table(leaves + operations, names)
    layouts = layout_payload(root, table, room)
    forward = forward_steps(root)
    backward = steps_to_leaves(backward_steps(root), constants=False)
    program = live_program(order, backward, names)
    curves = curve_programs(operations)
    data = {
        "nodes": [_node(node, table) for node in table.nodes],
        "variables": [
            {"node": table.index[leaf], "start": JAVASCRIPT.literal(float(leaf.data))} for leaf in program.variables
        ],
        "forward": [
            _forward_step(step, lines, table) | {"curve": curve}
            for step, lines, curve in zip(forward, program.forward, curves.numbers, strict=True)
        ],
        "backward": [
            _backward_step(step, lines, table) for step, lines in zip(backward, program.backward, strict=True)
        ],
        "code": program.listing,
        "comment": program.comment,
        **layouts,
    }
    return GraphPayload(data, program.javascript + curves.javascript, program.variables)


def _node(node: Value, table: NodeTable) -> dict[str, Any]:
    name, sign = table.header(node)
    return {
        "name": name,
        "symbol": sign,
        "operation": table.operation(node),
        "math": table.math(node).text,
        "op": node.op,
        "kind": node.role or "operation",
        "scope": printable(node.scope),
        "module": table.modules.get(path_of(node), -1),
        "operands": [table.index[operand] for operand in node.operands],
    }


def _forward_step(step: ForwardStep, lines: Sequence[int], table: NodeTable) -> dict[str, Any]:
    r"""A step with its formula in symbols, and with \data{index} in place of the number of an operand."""
    live = [Written(rf"\data{{{table.index[operand]}}}", SUM) for operand in step.operands]
    held = [latex_number(number) for number in step.node.numbers]
    return {
        "node": table.index[step.node],
        "math": write_latex(step.node, [table.math(operand) for operand in step.operands]).text,
        "numbers": operation_of(step.node).latex.write([*live, *held], r"\signed{{{}}}").text,
        "code": step.statement,
        "lines": lines,
    }


def _backward_step(step: BackwardStep, lines: Sequence[int], table: NodeTable) -> dict[str, Any]:
    return {
        "node": table.index[step.node],
        "operand": table.index[step.operand],
        "slot": step.slot,
        "code": step.statement,
        "formula": step.formula_math,
        "constant": step.formula_math == latex_number(step.local_derivative).text,
        "lines": lines,
    }
