"""A computation graph as Python that records it again, one line for each node."""

import sys
from collections import Counter, defaultdict
from typing import Any

from autograd import Value
from autograd.collector import collector_paused
from autograd.graph import walk
from autograd.notation.characters import on_one_line
from autograd.notation.expression import ATOM, Written, code_number
from autograd.notation.naming import names_in_code
from autograd.notation.operations import operation_of, write_code

__all__ = ["Code", "code"]

_LINES_SHOWN = 300


class Code(str):
    """Python source: a string that Jupyter shows with syntax highlighting."""

    __slots__ = ()

    def _repr_markdown_(self) -> str:
        lines = self.splitlines()
        if len(lines) > _LINES_SHOWN:
            lines[_LINES_SHOWN:] = [f"# ... {len(lines) - _LINES_SHOWN} more lines; print() shows them all"]
        return "\n".join(["```python", *lines, "```"])


def code(value: Value) -> Code:
    """Writes the graph below `value` as Python that records it again: the same operations on the same leaves.

    The program first creates every leaf with its number, label and role; constants are written where they are used.
    Then it has a line for each operation, operands first. The name of a node is its label if that is a valid and unique
    name, prefixed by its module if nodes of its role share a label (`layer1_neuron2_w1`); other nodes are t1, t2, ...
    The program does not set the labels of operations. A comment marks where the next scope begins.

    Arguments:
        value: the output of the graph; the last line computes it.

    Returns:
        The program, a string. Running it computes `value.data` to the last bit.

    Raises:
        TypeError: if `value` is not a Value, or a leaf carries something other than a float.

    >>> w, x = Value(0.5, "w"), Value(3.0, "x")
    >>> print(code((w * x - 1.0).tanh()))
    from autograd import Value, tanh
    <BLANKLINE>
    w = Value(0.5, 'w')
    x = Value(3.0, 'x')
    <BLANKLINE>
    t1 = w * x
    t2 = t1 - 1.0
    t3 = tanh(t2)
    """
    if not isinstance(value, Value):
        raise TypeError(f"code takes a Value, not {value!r}")
    return Code("\n".join(_lines(value)))


@collector_paused
def _lines(root: Value) -> list[str]:
    """The lines of the program."""
    leaves, operations = walk(root)
    names = names_in_code(leaves, operations)
    created = [leaf for leaf in leaves if leaf in names]
    written = {leaf: code_number(_number(leaf)) for leaf in leaves if leaf not in names}
    written |= {node: Written(name, ATOM) for node, name in names.items()}

    lines = [*_imports(operations), ""]
    lines += [f"{names[leaf]} = {_leaf(leaf)}" for leaf in created]
    if operations:
        lines.append("")
    scope = ""
    for node in operations:
        if node.scope != scope:
            scope = node.scope
            lines.append(f"# {on_one_line(scope) or 'outside'}")
        lines.append(f"{names[node]} = {write_code(node, [written[v] for v in node.operands]).text}")
    return lines


def _leaf(leaf: Value) -> str:
    label = f", {leaf.label!r}" if leaf.label else ""
    role = f", role={leaf.role!r}" if leaf.role != "plain" else ""
    return f"Value({code_number(_number(leaf)).text}{label}{role})"


def _number(leaf: Value) -> float:
    if type(leaf.data) is not float:
        raise TypeError(f"code takes a graph of floats, but the leaf {leaf.label!r} carries {leaf.data!r}")
    return leaf.data


def _imports(operations: list[Value]) -> list[str]:
    """The lines that import the functions of operations written as function calls."""
    nodes = {node.op: node for node in operations}.values()
    built_in = sorted(node.op for node in nodes if operation_of(node).style == "function")
    lines = [f"from autograd import {', '.join(['Value', *built_in])}"]
    own: list[Any] = [node.op for node in nodes if operation_of(node).style == "own"]
    counts = Counter(map(str, own))
    importable: dict[str, list[str]] = defaultdict(list)
    for op in sorted(own):
        module, operation = op.operation.__module__, op.operation
        if counts[str(op)] == 1 and getattr(sys.modules.get(module), op, None) is operation:
            importable[module].append(op)
        else:
            lines.append(f"# {op} is the operation {operation.__qualname__} of {module}")
    return lines + [f"from {module} import {', '.join(names)}" for module, names in importable.items()]
