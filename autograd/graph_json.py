"""Graphs as JSON text, written and read: every number exact, shared nodes shared, bad text refused."""

import json
from collections.abc import Sequence
from functools import cache
from inspect import signature
from typing import Any

from autograd import functions
from autograd.collector import collector_paused
from autograd.copying import depends_on_inputs, restore_leaf, restore_nodes
from autograd.custom import known_operation
from autograd.functions import real
from autograd.graph import listed, walk
from autograd.json_fields import Fields, node_index, number, parsed, sequence, short, spelled
from autograd.node import NOT_TAKEN, ZERO, Node
from autograd.validation import described
from autograd.value import ROLES, Value

__all__ = ["graph_from_json", "graph_to_json"]

_FORMAT, _VERSION = "scalar-autograd graph", 1
_PLAIN_NUMBERS = {"clip": (2,), "leaky_relu": (1,), "power": (0, 1)}  # how many an operation has; () for all others
_encode = json.JSONEncoder(allow_nan=False).encode


@collector_paused
def graph_to_json(outputs: "Value | Sequence[Value]") -> str:
    """Writes the graph below an output, or below several, as JSON text.

    The text holds an object with the keys "format", "version" (1), "nodes" and "outputs". A node is an object:

    - a leaf has "data" and "role";
    - an operation has "op", "operands" (indices of earlier nodes), "data" and "local_derivatives" (null where no
      gradient flows), and "numbers" if it has plain numbers;
    - an operation of your own also has "module" and "qualified_name", by which it is found when the text is read; a
      local derivative along a branch that its formula did not take is "not taken";
    - both have "label", "scope" and "grad" unless they have none.

    "outputs" is the index of a node, or a list of indices. Numbers are exact; nan and the infinities, which JSON does
    not have, are the strings "nan", "inf" and "-inf".

    Arguments:
        outputs: a Value, or a list or tuple of Values.

    Raises:
        TypeError: if something else is given, a node carries a number that is not a float, or depends on an input of
            a function that is being differentiated or compiled.

    >>> print(graph_to_json(Value(2.0, "x") ** 3))
    {"format": "scalar-autograd graph", "version": 1, "nodes": [
    {"data": 2.0, "role": "plain", "label": "x"},
    {"op": "power", "operands": [0], "numbers": [3.0], "data": 8.0, "local_derivatives": [12.0]}
    ], "outputs": 1}
    """
    roots = listed(outputs, "graph_to_json")
    if any(depends_on_inputs(root) for root in roots):
        raise TypeError(
            "a graph cannot be written inside the function that is being differentiated or compiled; return the Value"
        )
    leaves, operations = walk(*roots)
    nodes = leaves + operations
    index_of = {node: index for index, node in enumerate(nodes)}
    lines = ",\n".join(_encode(_described_node(node, index_of)) for node in nodes)
    indices = [index_of[root] for root in roots]
    written = _encode(indices[0] if isinstance(outputs, Node) else indices)
    return f'{{"format": "{_FORMAT}", "version": {_VERSION}, "nodes": [\n{lines}\n], "outputs": {written}}}'


@collector_paused
def graph_from_json(text: str) -> "Value | list[Value]":
    """Makes the graph that `graph_to_json` wrote: a Value, or a list of Values if that is what was written.

    Nothing is computed: data, gradients and local derivatives are those that were written.

    Raises:
        TypeError: if the text is not a string.
        ValueError: if it is not JSON, or does not describe a graph; the message says what is wrong, and where.

    >>> x = Value(2.0, "x")
    >>> y = graph_from_json(graph_to_json(x * x))
    >>> y.backward()
    >>> y.operands[0] is y.operands[1], y.operands[0]
    (True, Value(2.0, grad=4.0, label='x'))
    """
    document = Fields(parsed(text), "the text", ("format", "version", "nodes", "outputs"))
    if document["format"] != _FORMAT:
        raise ValueError(f"format must be {_FORMAT!r}, not {document['format']!r}")
    if document["version"] != _VERSION or type(document["version"]) is not int:
        raise ValueError(f"version must be {_VERSION}, the one that this release reads, not {document['version']!r}")
    described_nodes = sequence(document["nodes"], "nodes")
    leaves: list[tuple[Any, ...]] = []
    operations: list[tuple[Any, ...]] = []
    kinds = []  # for each node, the list that it is in, and where
    tails = 0
    for index, description in enumerate(described_nodes):
        place = f"nodes[{index}]"
        operation = isinstance(description, dict) and "op" in description
        into = operations if operation else leaves
        into.append(_read_operation(description, place, index) if operation else _read_leaf(description, place))
        if operation and type(into[-1][0]) is not str:
            tails += max(0, len(into[-1][5]) - 2)  # see `autograd.node.Tail`
        kinds.append((operation, len(into) - 1 + tails * operation))
    outputs = document["outputs"]
    indices = outputs if isinstance(outputs, list) else [outputs]
    checked = [node_index(given, "outputs", len(described_nodes)) for given in indices]
    # Nothing is made before everything is known to be right.
    position = [len(leaves) + place if operation else place for operation, place in kinds]
    nodes = restore_nodes([restore_leaf(*leaf) for leaf in leaves], _columns(operations, position))
    roots = [nodes[position[index]] for index in checked]
    return roots if isinstance(outputs, list) else roots[0]


def _described_node(node: Value, index_of: dict[Value, int]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    if node.op:
        result["op"] = str(node.op)
        if type(node.op) is not str:
            definition: Any = node.op.operation  # type: ignore[attr-defined]
            result |= {"module": definition.__module__, "qualified_name": definition.__qualname__}
        result["operands"] = [index_of[operand] for operand in node.operands]
        if node.numbers:
            result["numbers"] = [_written(number, node) for number in node.numbers]
    result["data"] = _written(node.data, node)
    if node.op:
        result["local_derivatives"] = [_written_local(local, node) for local in node.local_derivatives]
    else:
        result["role"] = node.role
    for name in ("label", "scope"):
        if getattr(node, name):
            result[name] = getattr(node, name)
    if node.has_grad:
        result["grad"] = _written(node.grad, node)
    return result


def _written(number: Any, node: Value) -> Any:
    """A float, or the name of one that JSON does not have."""
    plain = real(number)
    if type(plain) is not float:
        raise TypeError(f"a graph that is written must carry floats, but {node!r} carries {described(number)}")
    return spelled(plain)


def _written_local(local: Any, node: Value) -> Any:
    if type(node.op) is not str and local is NOT_TAKEN:
        return "not taken"
    return None if local is ZERO else _written(local, node)


def _read_local(given: Any, place: str) -> Any:
    return None if given is None else False if given == "not taken" else number(given, place)  # as pickles hold them


def _columns(operations: list[tuple[Any, ...]], position: list[int]) -> tuple[list[Any], ...]:
    """The operations as `restore_nodes` takes them; of a select, the gate is what comes besides two operands."""
    rows: list[tuple[Any, ...]] = []
    leaves = len(position) - len(operations)
    for op, data, grad, label, scope, operands, numbers, locals_ in operations:
        given = [position[index] for index in operands]
        if type(op) is not str:
            b, db = (given[-1], locals_[-1]) if len(given) > 1 else (None, None)
            for tail, local in zip(given[-2:0:-1], locals_[-2:0:-1], strict=True):
                rows.append(("", 0.0, None, "", "", tail, b, (), local, db))
                b, db = leaves + len(rows) - 1, 1.0
            rows.append((op, data, grad, label, scope, given[0], b, numbers if b else numbers or None, locals_[0], db))
            continue
        *gate, a, b = given + [None] * (len(operands) == 1)
        da, db = (*locals_[-2:], None)[:2]
        rows.append((op, data, grad, label, scope, a, b, *(gate or [numbers or None]), da, db))
    return tuple(map(list, zip(*rows, strict=True))) or ([],) * 10


def _read_leaf(description: Any, place: str) -> tuple[Any, ...]:
    fields = Fields(description, place, ("data", "role"), ("label", "scope", "grad"))
    if fields["role"] not in ROLES:
        raise ValueError(f"{place}.role must be one of {', '.join(ROLES)}, not {short(fields['role'])}")
    return fields.number("data"), fields.gradient(), fields.text("label"), fields.text("scope"), fields["role"]


def _read_operation(description: Any, place: str, index: int) -> tuple[Any, ...]:
    """The attributes of an operation, whose operands are among the nodes before it."""
    needed = ("op", "operands", "data", "local_derivatives")
    fields = Fields(description, place, needed, ("numbers", "label", "scope", "grad", "module", "qualified_name"))
    op = fields.text("op")
    if "module" in fields.given:
        op = _own_operation(op, fields.text("module"), fields.text("qualified_name"), place)
    operands = fields.each("operands", lambda given, where: _earlier(given, where, index))
    numbers = tuple(fields.each("numbers", number))
    _check_counts(op, len(operands), len(numbers), place)
    if op == "clip" and not numbers[0] <= numbers[1]:
        raise ValueError(f"{place}.numbers must satisfy low ≤ high, not {numbers}")
    locals_ = fields.each("local_derivatives", _read_local)
    if len(locals_) != len(operands):
        raise ValueError(f"{place}.local_derivatives must be {len(operands)}, one for each operand, not {len(locals_)}")
    texts = fields.text("label"), fields.text("scope")
    return op, fields.number("data"), fields.gradient(), *texts, operands, numbers, locals_


def _own_operation(op: str, module: str, qualified_name: str, place: str) -> str:
    """The name of an operation of the user's own that is defined in this process. Nothing is imported."""
    found = known_operation(module, qualified_name)
    if found is None or found != op:
        raise ValueError(
            f"{place}.op must be an operation that is defined here, not {op!r} of the module {module!r}; define it "
            "before reading"
        )
    return found


def _check_counts(op: str, operands: int, numbers: int, place: str) -> None:
    if type(op) is not str:
        own: Any = op.operation  # type: ignore[attr-defined]
        if numbers != len(own.numbers) or not own.takes(operands):
            raise ValueError(f"{place}, {op}, must match {own!r}, not {operands} operands and {numbers} numbers")
        return
    parameters = _parameters_of(op)
    if parameters is None:
        raise ValueError(f"{place}.op must be an operation that is defined here, not {op!r}; define it before reading")
    allowed = _PLAIN_NUMBERS.get(op, (0,))
    if numbers not in allowed or operands + numbers != parameters:
        right = " or ".join(f"{parameters - count} operands and {count} numbers" for count in allowed)
        raise ValueError(f"{place}, {op}, must have {right}, not {operands} operands and {numbers} numbers")


def _parameters_of(op: str) -> int | None:
    """How many operands and plain numbers an operation has together; None if it is not defined.

    This is the only place that knows which operations there are.
    """
    return _builtin_parameters(op) if op in functions.__all__ else None


@cache
def _builtin_parameters(op: str) -> int:
    return len(signature(getattr(functions, op)).parameters)


def _earlier(given: Any, place: str, index: int) -> int:
    if type(given) is int and given >= index:
        raise ValueError(f"{place} must be the index of an earlier node, not {given}: a graph has no cycles")
    return node_index(given, place, index)
