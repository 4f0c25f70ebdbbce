"""The computation graph of any engine as plain data: what can be read of its nodes, which stay as they are."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from autograd import Value
from autograd.functions import real
from autograd.notation.operations import symbol
from viz.checking.operation_symbols import operation_symbol
from viz.pictures.folding import path_of

__all__ = ["SeenGraph", "SeenNode", "number_of", "read_graph"]

_OPERANDS = ("_prev", "_children", "_parents", "operands", "children", "parents", "prev")
_OPERATION = ("_op", "op")
_LABEL = ("label", "_label", "name")


@dataclass(frozen=True, slots=True)
class SeenNode:
    """What can be read of a node.

    Attributes:
        data: its number; None if there is none.
        grad: its gradient; None if it has none.
        operation: the symbol of its operation in pictures; "" for a leaf, and where the engine does not name it.
        operands: the places of its operands in the graph.
        is_ordered: whether these have an order; micrograd keeps them in a set.
        label: its name; "" without.
        kind: the kind of its box in a picture.
        path: the modules that it was created in.
    """

    data: float | None
    grad: float | None
    operation: str = ""
    operands: tuple[int, ...] = ()
    is_ordered: bool = True
    label: str = ""
    kind: str = "plain"
    path: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SeenGraph:
    """What can be read of a graph.

    Attributes:
        nodes: its nodes in topological order, each leaf right before the first operation that uses it.
        objects: the nodes themselves, as the engine made them; () if they are not there.
    """

    nodes: tuple[SeenNode, ...]
    objects: tuple[object, ...] = ()


def read_graph(argument: str, *roots: Any) -> SeenGraph:
    """Reads the graph below one node of any engine or several; a single one is last.

    Arguments:
        argument: what the roots are called in an error.
        roots: the outputs of the graph: Values, or nodes with `data` and with their operands as `_prev` or `_children`.

    Raises:
        TypeError: if a root is not a node, or the number of a node is not a real number.

    >>> x = Value(3.0, "x")
    >>> [(node.label, node.operation, node.operands) for node in read_graph("a", x * x).nodes]
    [('x', '', ()), ('', '×', (0, 0))]
    """
    for root in roots:
        if not hasattr(root, "data") or _operands_of(root) is None:
            raise TypeError(
                f"{argument} must be a node of a computation graph, such as a Value, or an object with .data and with "
                f"its operands as ._prev or ._children, not {root!r}"
            )
    operands = _Operands()
    objects = _ordered(roots, operands)
    place = {id(node): index for index, node in enumerate(objects)}
    nodes = tuple(_seen(node, tuple(place[id(operand)] for operand in operands[node])) for node in objects)
    return SeenGraph(nodes, tuple(objects))


def number_of(x: Any, what: str) -> float:
    """Returns a number that an engine holds as a float.

    Raises:
        TypeError: if it is not a real number.
    """
    number = real(x)
    if number is None:
        raise TypeError(f"{what} must be a real number, not {x!r}")
    return float(number)


def _seen(node: Any, places: tuple[int, ...]) -> SeenNode:
    data = number_of(node.data, "the data of a node")
    if isinstance(node, Value):
        grad = _gradient(node.grad) if node.has_grad else None
        return SeenNode(data, grad, symbol(node), places, True, node.label, node.role or "operation", path_of(node))
    found = getattr(node, "grad", None)
    grad = None if found is None else _gradient(found)
    operation = operation_symbol(_text(node, _OPERATION), len(places)) if places else ""
    kind = "operation" if places else "plain"
    return SeenNode(data, grad, operation, places, not _is_set(_operands_of(node)), _text(node, _LABEL), kind)


def _gradient(grad: Any) -> float:
    """The number of a gradient, which may be a node itself: its graph is that of the second derivative."""
    return number_of(getattr(grad, "data", grad) if real(grad) is None else grad, "the gradient of a node")


class _Operands:
    """The operands of nodes, each read once."""

    def __init__(self) -> None:
        self._known: dict[int, Sequence[Any]] = {}

    def __getitem__(self, node: Any) -> Sequence[Any]:
        operands = self._known.get(id(node))
        if operands is None:
            operands = self._known[id(node)] = _sorted(_operands_of(node) or ())
        return operands


def _ordered(roots: Sequence[Any], operands: _Operands) -> list[Any]:
    """The nodes below roots as a formula is read: the leaves of an operation, then itself."""
    order: dict[int, Any] = {}
    visited = {id(root) for root in roots}
    waiting = [(root, iter(operands[root])) for root in reversed(roots)]
    while waiting:
        node, rest = waiting[-1]
        operand = next((operand for operand in rest if id(operand) not in visited and operands[operand]), None)
        if operand is not None:
            visited.add(id(operand))
            waiting.append((operand, iter(operands[operand])))
            continue
        waiting.pop()
        order |= {id(leaf): leaf for leaf in operands[node] if not operands[leaf]}
        order[id(node)] = node
    return [*order.values()]


def _operands_of(node: Any) -> Iterable[Any] | None:
    """The operands of a node; None if it does not say what they are."""
    if isinstance(node, Value):
        return node.operands
    for name in _OPERANDS:
        operands = getattr(node, name, None)
        if isinstance(operands, tuple | list | set | frozenset):
            return operands
    return None


def _is_set(operands: Iterable[Any] | None) -> bool:
    return isinstance(operands, set | frozenset)


def _sorted(operands: Iterable[Any]) -> Sequence[Any]:
    """The operands as a sequence; those of a set by what can be read of them, because its own order is arbitrary."""
    if not _is_set(operands):
        return tuple(operands)
    return sorted(operands, key=lambda node: (_text(node, _LABEL), _text(node, _OPERATION), repr(node.data)))


def _text(node: Any, names: Sequence[str]) -> str:
    """The first attribute of a node that is a text."""
    return next((text for name in names if isinstance(text := getattr(node, name, None), str) and text), "")
