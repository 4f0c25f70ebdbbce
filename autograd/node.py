"""A node of a computation graph: its slots, and how a node is read, compared and displayed."""

from gc import is_tracked

from autograd.foreign_attributes import FOREIGN_ATTRIBUTES, ForeignAttribute
from autograd.functions import real

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from autograd.value import Value

__all__ = [
    "BRANCHES",
    "CARRIER",
    "COMPILED",
    "MINUS_ONE",
    "NOT_TAKEN",
    "ONE",
    "ZERO",
    "Node",
    "Tail",
    "check_signals",
    "comparison_of",
    "prefetch",
    "prefetch_before",
    "settle",
    "short",
    "track",
]

COMPILED = not __file__.endswith((".py", ".pyc"))  # whether this module is a C extension; see CONTRIBUTING.md
# Only called in C, where `node.pxd` has functions of these names.
_track = _untrack = _identity_hash = id
check_signals = int
_may_be_in_a_cycle: "Any" = id
prefetch: "Any" = id  # asks for a node in memory, before it is needed
prefetch_before: "Any" = id  # asks for what `backpropagate` needs a few steps later, before an index of its list

# Recognised by identity, so that an equal number that was computed is not mistaken for one of them:
ONE, MINUS_ONE = float("1"), float("-1")  # local derivatives that need no multiplication
ZERO = float("0")  # a local derivative through which no gradient flows; the gradient of a node that none has reached
NOT_TAKEN = float("0")  # the local derivative along a branch that is not taken; the gradient of a node behind it
CARRIER = object()  # in the place of a leaf's local derivative: it was made to carry a number that is not a float

# The operations that choose between numbers. The local derivative with respect to a choice that is not taken is 0.
BRANCHES = frozenset(("select", "relu", "maximum", "minimum", "clip", "absolute"))


class Node:
    """The base of `Value`, which documents the attributes: everything about a node except its operations."""

    __slots__ = ("_a", "_b", "_compared", "_da", "_db", "_mark", "_rest", "data", "grad", "label", "op", "scope")

    # result = op(a, b), with the local derivatives da and db. `_rest` is the role of a leaf, which has no a; for an
    # operation, it is what there is besides the two operands: a tuple of plain numbers, or the gate of a select. The b
    # of an operation of three or more operands, which has a tuple, is a `Tail` that holds all of them but the first.
    _a: "Any"
    _b: "Any"
    _da: "Any"
    _db: "Any"
    _rest: "Any"
    _mark: int  # the number of the last walk that visited the node
    _compared: str  # how a caller inspected the number, and so may have branched on it; until then unset, None in C
    is_autograd_number = True  # see `autograd.functions.real`
    data: float
    grad: float
    op: str
    label: str
    scope: str

    _prev = ForeignAttribute("_prev")
    _children = ForeignAttribute("_children")
    _op = ForeignAttribute("_op")
    _backward = ForeignAttribute("_backward")
    _local_grads = ForeignAttribute("_local_grads")
    grad_fn = ForeignAttribute("grad_fn")
    requires_grad = ForeignAttribute("requires_grad")
    cache = ForeignAttribute("cache")
    exp_avg = ForeignAttribute("exp_avg")
    exp_avg_sq = ForeignAttribute("exp_avg_sq")
    m = ForeignAttribute("m")
    momentum = ForeignAttribute("momentum")
    prev_grad = ForeignAttribute("prev_grad")
    state = ForeignAttribute("state")
    v = ForeignAttribute("v")
    velocity = ForeignAttribute("velocity")

    @property
    def operands(self) -> "tuple[Value, ...]":
        """The operands of the operation; () for a leaf. For `select`, they are the gate and the two choices."""
        if self._b is None:
            return () if self._a is None else (self._a,)
        rest = self._rest
        if rest is None:
            return self._a, self._b
        if type(rest) is not tuple:
            return rest, self._a, self._b
        links = _links(self)
        return (*[link._a for link in links], links[-1]._b)

    @property
    def local_derivatives(self) -> "tuple[Any, ...]":
        """The derivative of the data with respect to each operand; 0 with respect to the gate of `select`."""
        if self._b is None:
            return () if self._a is None else (self._da,)
        if self._rest is None:
            return self._da, self._db
        if type(self._rest) is not tuple:
            return ZERO, self._da, self._db
        links = _links(self)
        return (*[link._da for link in links], links[-1]._db)

    @property
    def numbers(self) -> tuple[float, ...]:
        """The plain numbers of the operation, such as an exponent, a slope or two bounds.

        >>> from autograd import Value
        >>> (Value(3.0) ** 2).numbers
        (2.0,)
        """
        return self._rest if type(self._rest) is tuple else ()

    @property
    def role(self) -> str:
        """The role of a leaf: "plain", "input", "parameter" or "constant"; "" for the result of an operation."""
        return self._rest if self._a is None else ""

    @property
    def has_grad(self) -> bool:
        """Whether a gradient has reached this node since the last `zero_grad()`.

        >>> from autograd import Value
        >>> Value(1.0).has_grad
        False
        """
        return self.grad is not ZERO

    def __repr__(self) -> str:
        fields = [short(self.data)]
        if self.has_grad:
            fields.append(f"grad={short(self.grad)}")
        fields += [f"{name}={text!r}" for name in ("op", "label") if (text := getattr(self, name))]
        return f"Value({', '.join(fields)})"

    def _repr_html_(self) -> str:
        from autograd.html_table import html_table  # notebooks alone need it

        columns = {"label": self.label and repr(self.label), "operation": self.op, "value": short(self.data)}
        if self.has_grad:
            columns["gradient"] = short(self.grad)
        shown = {name: text for name, text in columns.items() if text}
        return html_table("Value", [*shown], [[*shown.values()]], left=())

    def __dir__(self) -> "list[str]":
        return [name for name in object.__dir__(self) if name not in FOREIGN_ATTRIBUTES]

    def __format__(self, spec: str) -> str:
        return format(self.data, spec)

    def __bool__(self) -> bool:
        self._compared = "taken as true or false"  # read by `compile`, which warns
        return bool(self.data)

    def __hash__(self) -> int:  # identity: a node is the key of a dictionary whatever its number is
        return _identity_hash(self)

    def __eq__(self, other: object) -> bool:
        number = self._compare(other, "== or !=")
        if number is NotImplemented and type(self.data) is float:
            number = other  # such as pytest.approx(1.0), which compares itself with floats
        return NotImplemented if number is NotImplemented else self.data == number

    def __lt__(self, other: "Any") -> bool:
        number = self._compare(other, "< or >")
        return NotImplemented if number is NotImplemented else self.data < number

    def __le__(self, other: "Any") -> bool:
        number = self._compare(other, "<= or >=")
        return NotImplemented if number is NotImplemented else self.data <= number

    def __gt__(self, other: "Any") -> bool:
        number = self._compare(other, "< or >")
        return NotImplemented if number is NotImplemented else self.data > number

    def __ge__(self, other: "Any") -> bool:
        number = self._compare(other, "<= or >=")
        return NotImplemented if number is NotImplemented else self.data >= number

    def _compare(self, other: "Any", operators: str) -> "Any":
        """Returns the number to compare with, or NotImplemented; notes the comparison in each node involved."""
        number = _comparable(other)
        if number is not NotImplemented:
            for node in (self, other):
                if isinstance(node, Node):
                    node._compared = f"compared ({operators})"
        return number

    def __float__(self) -> float:
        raise TypeError(
            f"{self!r} cannot be converted to float: that would silently cut the graph; "
            "use v.exp() instead of math.exp(v), or v.data for the plain number"
        )

    def __int__(self) -> int:
        raise TypeError(
            f"{self!r} cannot be converted to int: that would silently cut the graph; "
            "use v.trunc() for a recorded number, or int(v.data) for the plain one"
        )


class Tail(Node):
    """All operands but the first of an operation of three or more: each with its local derivative, two in a link.

    It stands between the operation and these operands in a walk, and passes the gradient of the operation on, so that
    walks and backward passes need no other case. It is not a node of the graph: no list of nodes contains it.
    """

    __slots__ = ()

    def __init__(self, a: "Value", da: "Any", b: "Value | Tail", db: "Any") -> None:
        self._a, self._da, self._b, self._db, self._rest = a, da, b, db, ()
        self.data, self.grad, self.op, self.label, self.scope, self._mark = 0.0, ZERO, "", "", "", 0


def _links(node: Node) -> list[Node]:
    """An operation with two or more operands, and the tails that hold all of these but the first."""
    links = [node]
    while type(node._b) is Tail:
        node = node._b
        links.append(node)
    return links


if not COMPILED:  # without a call of Python; in C, there is none, but the method must be defined
    Node.__hash__ = object.__hash__  # type: ignore[method-assign]


def comparison_of(node: Node) -> str | None:
    """Returns how a caller inspected the number of a node, and so may have branched on it; None if no caller did."""
    return getattr(node, "_compared", None)


def settle(node: Node) -> None:
    """Hides a new node from Python's cyclic garbage collector, unless a reference cycle may lead through it.

    None does if it consists of floats and strings and its operands are hidden, because these are older than the node.
    The collector would otherwise take half the time of recording: it visits all new objects again and again.
    """
    if _may_be_in_a_cycle(node):
        track(node)
    elif is_tracked(node):
        _untrack(node)


def track(node: Node) -> None:
    """Shows a node to the garbage collector, before it refers to something that may be newer."""
    if not is_tracked(node):
        _track(node)


def _comparable(other: "Any") -> "Any":
    if isinstance(other, Node):
        return other.data
    number = real(other)
    return NotImplemented if number is None else number


def short(number: "Any") -> str:
    """Formats a number with six significant digits, recognisably a float.

    >>> short(2.0), short(1 / 3), short(-1e100)
    ('2.0', '0.333333', '-1e+100')
    """
    if type(number) is not float:
        return str(number)
    text = f"{number:.6g}"
    return text + ".0" if text.lstrip("-").isdigit() else text
