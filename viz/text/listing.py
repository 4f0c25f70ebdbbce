"""A graph as readable Python that computes it again, one line a node."""

from autograd import Value
from autograd.graph import walk
from autograd.notation.characters import on_one_line
from autograd.notation.expression import ATOM, Written, code_number
from autograd.notation.naming import names_in_code
from autograd.notation.operations import OPERATIONS, write_code

__all__ = ["Code", "code"]

_LINES_SHOWN = 300


class Code(str):
    """Python source: a string that Jupyter shows in colour."""

    __slots__ = ()

    def _repr_markdown_(self) -> str:
        lines = self.splitlines()
        if len(lines) > _LINES_SHOWN:
            lines[_LINES_SHOWN:] = [f"# ... {len(lines) - _LINES_SHOWN} more lines; print() shows them all"]
        return "\n".join(["```python", *lines, "```"])


def code(value: Value) -> Code:
    """The graph below `value` as Python that records the same graph again: the same operations on the same leaves.

    Every leaf is made with its number, label and role, except that a constant is written where it is used; then each
    operation has a line of its own, operands first. A node is called by its label where that can be a name nobody else
    has, with the part of the model it is in where several have that label (`layer1_neuron2_w1`), or else t1, t2, ...
    Labels of operations are such names alone. Scopes are comments: one says where another part of a model begins.

    Arguments:
        value: any node; its line is the last.

    Returns:
        The program, a string. Running it gives `value.data` to the last bit.

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
        raise TypeError(f"code shows the graph of a Value, not {value!r}")
    leaves, operations = walk(value)
    names = names_in_code(leaves, operations)
    made = [leaf for leaf in leaves if leaf in names]
    written = {leaf: code_number(_number(leaf)) for leaf in leaves if leaf not in names}
    written |= {node: Written(name, ATOM) for node, name in names.items()}

    lines = [f"from autograd import {', '.join(['Value', *_functions_called(operations)])}", ""]
    lines += [f"{names[leaf]} = {_leaf(leaf)}" for leaf in made]
    if operations:
        lines.append("")
    scope = ""
    for node in operations:
        if node.scope != scope:
            scope = node.scope
            lines.append(f"# {on_one_line(scope) or 'outside'}")
        lines.append(f"{names[node]} = {write_code(node, [written[v] for v in node.operands]).text}")
    return Code("\n".join(lines))


def _leaf(leaf: Value) -> str:
    label = f", {leaf.label!r}" if leaf.label else ""
    role = f", role={leaf.role!r}" if leaf.role != "plain" else ""
    return f"Value({code_number(_number(leaf)).text}{label}{role})"


def _number(leaf: Value) -> float:
    if type(leaf.data) is not float:
        raise TypeError(f"code writes graphs of floats, but the leaf {leaf.label!r} carries {leaf.data!r}")
    return leaf.data


def _functions_called(operations: list[Value]) -> list[str]:
    """The names to import: the operations that are written as calls of their own name."""
    used = {node.op for node in operations}
    return sorted(op for op in used if OPERATIONS[op].style == "function")
