"""A number that records how it was computed, with the derivative rule of each operation beside its formula."""

from autograd.backpropagation import backpropagate
from autograd.functions import (
    absolute,
    clip,
    cos,
    divide,
    exp,
    expm1,
    heaviside,
    leaky_relu,
    log,
    log1p,
    maximum,
    minimum,
    power,
    real,
    relu,
    select,
    sigmoid,
    sign,
    sin,
    softplus,
    sqrt,
    tanh,
)
from autograd.graph import run, walk
from autograd.node import MINUS_ONE, ONE, ZERO, Node

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__all__ = ["NonFiniteError", "Value", "scope"]

ROLES = ("plain", "input", "parameter", "constant")

_scope = ""
_new_leaves: "list[Value] | None" = None  # where `new_leaves` lists them


class NonFiniteError(ArithmeticError):
    """A value or a local derivative in a graph is inf or nan."""


class scope:
    """Names the part of a model that the nodes made inside a `with` block belong to; scopes nest, joined by dots.

    There is one current scope, and a walk marks the nodes it meets: build and walk graphs from one thread at a time.

    Arguments:
        name: one step of the path, for example "layer1"; "" adds none.

    Raises:
        TypeError: if the name is not a string.

    >>> x = Value(1.0)
    >>> with scope("layer1"), scope("neuron2"):
    ...     y = x + 1.0
    >>> y.scope
    'layer1.neuron2'
    """

    __slots__ = ("name", "outer")

    def __init__(self, name: str) -> None:
        if not isinstance(name, str):
            raise TypeError(f"the name of a scope is a string, not {name!r}")
        self.name = name
        self.outer: list[str] = []  # a list, for one object may be entered again inside itself

    def __enter__(self) -> None:
        global _scope
        self.outer.append(_scope)
        _scope = f"{_scope}.{self.name}" if _scope and self.name else _scope or self.name

    def __exit__(self, *exception: object) -> None:
        global _scope
        _scope = self.outer.pop()


class new_leaves:
    """Lists the leaves, but for constants, that are made inside a `with` block; such blocks nest."""

    __slots__ = ("made", "outer")

    def __enter__(self) -> "list[Value]":
        global _new_leaves
        self.outer = _new_leaves
        self.made: list[Value] = []
        _new_leaves = self.made
        return self.made

    def __exit__(self, *exception: object) -> None:
        global _new_leaves
        _new_leaves = self.outer
        if self.outer is not None:
            self.outer += self.made


class Value(Node):
    """One number in a computation graph: its data, how it was made, and the gradient that reached it.

    Arithmetic on Values (and on Values with plain numbers) computes at once and records each operation together
    with its local derivatives; `backward()` on a result then fills in `grad` throughout the graph below it.

    Arguments:
        data: a real number; ints and NumPy scalars become floats. (Or any class of numbers that has the methods:
            then values and gradients are such numbers.)
        label: the name shown in pictures and messages.
        role: what a leaf is for: "plain", "input", "parameter" or "constant".

    Attributes:
        data: the number. Assigning to it does not recompute what was built on it; `forward()` does.
        grad: the derivative of whatever `backward()` was called on, with respect to this node.
        op: the name of the operation, a function of `autograd.functions`; "" for a leaf.
        operands, local_derivatives, numbers: what the operation was done to, the derivative of the result with
            respect to each, and the plain numbers it holds (the exponent of `x**2`).
        label, scope, role: the name, the module path it was made in, and what a leaf is for.

    Raises:
        TypeError: for data that is not a real number.

    >>> w, x, b = Value(0.5, "w"), Value(3.0, "x"), Value(-1.0, "b")
    >>> y = (w * x + b).tanh()
    >>> y.backward()
    >>> y
    Value(0.462117, grad=1.0, op='tanh')
    >>> w
    Value(0.5, grad=2.35934, label='w')

    `==` and `hash` go by identity, `<` and its kin by the data. Comparing, or branching on a comparison, records
    no operation (`compile` warns of it); `select`, `maximum`, `relu` and the rest are operations, with these
    conventions at the edges:

    ==================  ===================  ========================  =========================
    operation           value at a tie or 0  derivative at a tie or 0  at nan: value, derivative
    ==================  ===================  ========================  =========================
    select(gate, a, b)  gate = 0 gives b     1 to b, none to the gate  gate nan gives b
    relu                x                    0                         nan, 0
    leaky_relu          alpha·x              alpha                     nan, alpha
    abs                 0                    0                         nan, nan
    sign, heaviside     x, that is ±0        0 (as everywhere)         nan, 0
    maximum, minimum    the first operand    1 to the first, 0         nan; 1 to the nan
    clip                x at either bound    1                         nan, 1
    ==================  ===================  ========================  =========================
    """

    __slots__ = ()

    def __init__(self, data: "Any", label: str = "", *, role: str = "plain") -> None:
        number = data if type(data) is float else real(data)
        if number is None:
            raise TypeError(f"a Value carries one real number, not {_described(data)}")
        if not isinstance(label, str):
            raise TypeError(f"the label of a Value is a string, not {label!r}")
        if role not in ROLES:
            raise ValueError(f"unknown role {role!r}: a leaf is one of {', '.join(ROLES)}")
        self.data = number
        self.grad = ZERO
        self.op = ""
        self.label = label
        self.scope = _scope
        self._a = None
        self._b = None
        self._da = None
        self._db = None
        self._rest = role
        self._mark = 0
        if _new_leaves is not None and role != "constant":
            _new_leaves.append(self)

    # The rules. Each stands once, in terms of the number carried, whatever number that is. Sums and products are most
    # of every graph, so these two write out what `_record` does for the others: it saves a sixth of their time.

    def __add__(self, other: "Any") -> "Value":
        if type(other) is not Value and (other := _operand(other)) is NotImplemented:
            return NotImplemented
        node = _new(Value)
        node.data = self.data + other.data
        node.grad = ZERO
        node.op = "add"
        node.label = ""
        node.scope = _scope
        node._a = self
        node._b = other
        node._da = ONE
        node._db = ONE
        node._rest = None
        node._mark = 0
        return node

    def __sub__(self, other: "Any") -> "Value":
        if type(other) is not Value and (other := _operand(other)) is NotImplemented:
            return NotImplemented
        return _record("subtract", self.data - other.data, self, ONE, other, MINUS_ONE)

    def __mul__(self, other: "Any") -> "Value":
        if type(other) is not Value and (other := _operand(other)) is NotImplemented:
            return NotImplemented
        a, b = self.data, other.data
        node = _new(Value)
        node.data = a * b
        node.grad = ZERO
        node.op = "multiply"
        node.label = ""
        node.scope = _scope
        node._a = self
        node._b = other
        node._da = b
        node._db = a
        node._rest = None
        node._mark = 0
        return node

    def __truediv__(self, other: "Any") -> "Value":
        if type(other) is not Value and (other := _operand(other)) is NotImplemented:
            return NotImplemented
        a, b = self.data, other.data
        quotient = divide(a, b)
        return _record("divide", quotient, self, divide(1.0, b), other, -divide(quotient, b))

    def __pow__(self, other: "Any") -> "Value":
        if not isinstance(other, Value):
            n = real(other)
            if type(n) is float:
                return self._power_of_number(n)
            if (other := _operand(other)) is NotImplemented:
                return NotImplemented
        a, b = self.data, other.data
        y = power(a, b)
        below = select(a * a + absolute(b), b - 1.0, 0.0)  # 0 at a = b = 0: y is 1 for every a there
        da = b * power(a, below)
        da = select(absolute(b - ((b - 1.0) + 1.0)), _ratio_or(b * y, a, da), da)
        db = y * log(select(absolute(y), a, 1.0))  # where y is 0, so is its slope in b, though log(a) is infinite
        return _record("power", y, self, da, other, db)

    def _power_of_number(self, n: float) -> "Value":
        x = self.data
        y = power(x, n)
        if n == 0.0:
            dx = ZERO
        elif n == 1.0:
            dx = ONE
        elif n == 2.0:
            dx = 2.0 * x
        elif n == -1.0:
            dx = -divide(y, x)  # exact operations alone, so alike to the bit in every target
        elif (n - 1.0) + 1.0 == n:
            dx = n * power(x, n - 1.0)
        else:
            dx = _ratio_or(n * y, x, n * power(x, n - 1.0))
        return _record("power", y, self, dx, rest=(n,))

    def __neg__(self) -> "Value":
        return _record("negative", -self.data, self, MINUS_ONE)

    def __abs__(self) -> "Value":
        x = self.data
        return _record("absolute", absolute(x), self, sign(x))

    def exp(self) -> "Value":
        """eˣ."""
        y = exp(self.data)
        return _record("exp", y, self, y)

    def log(self) -> "Value":
        """Natural logarithm."""
        x = self.data
        return _record("log", log(x), self, divide(1.0, x))

    def log1p(self) -> "Value":
        """log(1 + x), exact for small x."""
        x = self.data
        return _record("log1p", log1p(x), self, divide(1.0, 1.0 + x))

    def expm1(self) -> "Value":
        """eˣ - 1, exact for small x."""
        x = self.data
        return _record("expm1", expm1(x), self, exp(x))

    def sqrt(self) -> "Value":
        """Square root."""
        y = sqrt(self.data)
        return _record("sqrt", y, self, divide(0.5, y))

    def sin(self) -> "Value":
        """Sine of an angle in radians."""
        x = self.data
        return _record("sin", sin(x), self, cos(x))

    def cos(self) -> "Value":
        """Cosine of an angle in radians."""
        x = self.data
        return _record("cos", cos(x), self, -sin(x))

    def tanh(self) -> "Value":
        """Hyperbolic tangent."""
        y = tanh(self.data)
        return _record("tanh", y, self, 1.0 - y * y)

    def sigmoid(self) -> "Value":
        """The logistic function, 1 / (1 + e⁻ˣ)."""
        x = self.data
        y = sigmoid(x)
        return _record("sigmoid", y, self, y * sigmoid(-x))  # 1 - y would lose the digits of a large x

    def softplus(self) -> "Value":
        """log(1 + eˣ), the smooth ReLU."""
        x = self.data
        return _record("softplus", softplus(x), self, sigmoid(x))

    def relu(self) -> "Value":
        """max(x, 0)."""
        x = self.data
        return _record("relu", relu(x), self, select(x, 1.0, 0.0))

    def leaky_relu(self, alpha: float = 0.01) -> "Value":
        """x for x > 0, else alpha·x."""
        alpha = _plain_number(alpha, "the slope alpha of leaky_relu")
        x = self.data
        return _record("leaky_relu", leaky_relu(x, alpha), self, select(x, 1.0, alpha), rest=(alpha,))

    def heaviside(self) -> "Value":
        """The step unit: 1 for x > 0, 0 for x < 0. Its derivative is 0 everywhere."""
        return _record("heaviside", heaviside(self.data), self, ZERO)

    def sign(self) -> "Value":
        """1, 0 or -1. Its derivative is 0 everywhere."""
        return _record("sign", sign(self.data), self, ZERO)

    def detach(self) -> "Value":
        """The same number, through which no derivative flows."""
        return _record("detach", self.data, self, ZERO)

    def maximum(self, other: "Any") -> "Value":
        """The larger of two; a tie goes to this one, derivative and all."""
        other = self.constant(other)
        a, b = self.data, other.data
        y = maximum(a, b)
        of_b = select(b - a, 1.0, select(b * b + 1.0, 0.0, 1.0))
        return _record("maximum", y, self, 1.0 - of_b, other, of_b)

    def minimum(self, other: "Any") -> "Value":
        """The smaller of two; a tie goes to this one, derivative and all."""
        other = self.constant(other)
        a, b = self.data, other.data
        y = minimum(a, b)
        of_b = select(a - b, 1.0, select(b * b + 1.0, 0.0, 1.0))
        return _record("minimum", y, self, 1.0 - of_b, other, of_b)

    def clip(self, low: float, high: float) -> "Value":
        """This number held between two plain numbers, low ≤ high."""
        low, high = _plain_number(low, "the lower bound of clip"), _plain_number(high, "the upper bound of clip")
        if not low <= high:
            raise ValueError(f"clip needs low ≤ high, not low={low} and high={high}")
        x = self.data
        dx = select(low - x, 0.0, select(x - high, 0.0, 1.0))
        return _record("clip", clip(x, low, high), self, dx, rest=(low, high))

    def select(self, a: "Any", b: "Any") -> "Value":
        """`a` where this one is above 0, else `b`. No derivative flows to this one, the gate."""
        a, b = self.constant(a), self.constant(b)
        gate = self.data
        y = select(gate, a.data, b.data)
        return _record("select", y, a, select(gate, 1.0, 0.0), b, select(gate, 0.0, 1.0), rest=self)

    # The same operations, reached in other ways.

    def __radd__(self, other: "Any") -> "Value":
        if type(other) is int and other == 0:  # where sum() starts
            return self
        return NotImplemented if (left := _operand(other)) is NotImplemented else left + self

    def __rsub__(self, other: "Any") -> "Value":
        return NotImplemented if (left := _operand(other)) is NotImplemented else left - self

    def __rmul__(self, other: "Any") -> "Value":
        return NotImplemented if (left := _operand(other)) is NotImplemented else left * self

    def __rtruediv__(self, other: "Any") -> "Value":
        return NotImplemented if (left := _operand(other)) is NotImplemented else left / self

    def __rpow__(self, other: "Any") -> "Value":
        return NotImplemented if (left := _operand(other)) is NotImplemented else left**self

    def __pos__(self) -> "Value":
        return self

    def conjugate(self) -> "Value":
        """The number itself, for it is real; `np.linalg.norm` asks."""
        return self

    def __array_ufunc__(self, ufunc: "Any", method: str, *inputs: "Any", **options: "Any") -> "Any":
        from autograd.arrays import call_ufunc

        return call_ufunc(ufunc, method, inputs, options)

    def __array_function__(self, function: "Any", types: "Any", arguments: "Any", options: "Any") -> "Any":
        from autograd.arrays import call_function

        return call_function(function, arguments, options)

    absolute = __abs__

    @staticmethod
    def constant(number: "Any") -> "Value":
        """A plain number as a leaf of role "constant"; a Value as it is.

        Raises:
            TypeError: for anything else.

        >>> Value.constant(2).role
        'constant'
        """
        operand = _operand(number)
        if not isinstance(operand, Value):
            raise TypeError(_not_an_operand(number))
        return operand

    # The graph below.

    def backward(self, gradient: "Any" = 1.0) -> None:
        """Adds d(self)/d(leaf) to `leaf.grad` for every leaf below, by the chain rule in reverse topological order.

        Leaves accumulate over calls, as in PyTorch; the nodes in between start afresh at each call and end with
        their gradient of this one. If the walk is interrupted, the leaves have the gradients they had before.
        Graphs that share nodes are not to be walked from several threads at once: a walk marks the nodes it meets.

        Arguments:
            gradient: the upstream gradient to start from.

        Raises:
            TypeError: if the gradient is not a real number.

        >>> x = Value(3.0)
        >>> (x * x).backward()
        >>> x.grad
        6.0
        """
        upstream = real(gradient)
        if upstream is None:
            raise TypeError(f"backward starts from one real number, not {_described(gradient)}")
        backpropagate(self, upstream)

    def forward(self) -> float:
        """Computes the graph below again from its leaves: every value and local derivative, in place.

        If it is interrupted, or a number raises, everything is as it was before.

        Returns:
            The new data of this node.

        Raises:
            TypeError: naming the leaf, if the data assigned to one is not a real number.

        >>> x = Value(2.0)
        >>> y = x * x
        >>> x.data = 5.0
        >>> y.forward()
        25.0
        """
        leaves, operations = walk(self)
        assigned = [(leaf, real(leaf.data)) for leaf in leaves if type(leaf.data) is not float]
        for leaf, number in assigned:
            if number is None:
                name = f"the {leaf.role} leaf {leaf.label!r}" if leaf.label else f"an unnamed {leaf.role} leaf"
                raise TypeError(f"the data of {name} is to be one real number, not {_described(leaf.data)}")
        before = [(node, node.data, node._da, node._db) for node in operations]
        try:
            for leaf, number in assigned:
                leaf.data = number
            for node in operations:
                again = run(node, *node.operands)
                node.data, node._da, node._db = again.data, again._da, again._db
            return self.data
        except BaseException:
            for node, data, da, db in before:
                node.data, node._da, node._db = data, da, db
            raise

    def zero_grad(self) -> None:
        """Clears the gradient of this node and of every node below it.

        >>> x = Value(3.0)
        >>> y = x * x
        >>> y.backward()
        >>> y.zero_grad()
        >>> x.grad
        0.0
        """
        leaves, operations = walk(self)
        for node in leaves:
            node.grad = ZERO
        for node in operations:
            node.grad = ZERO

    def check_finite(self) -> None:
        """Raises `NonFiniteError` naming the first node below, in topological order, that is not finite.

        A node is at fault if its data is inf or nan, or if one of its local derivatives is, as that of a square
        root at 0.

        >>> x = Value(0.0, "x")
        >>> (x.sqrt() + 1.0).check_finite()
        Traceback (most recent call last):
            ...
        autograd.value.NonFiniteError: the derivative of sqrt is inf: sqrt(x=0.0) = 0.0
        """
        from autograd.checks import check_finite

        check_finite(self)

    def item(self) -> float:
        """The data, as a plain number.

        >>> Value(2).item()
        2.0
        """
        return self.data

    def __reduce__(self) -> "tuple[Any, ...]":
        from autograd.copying import reduce_graph

        return reduce_graph(self)

    def __deepcopy__(self, memo: "dict[int, Any]") -> "Value":
        from autograd.copying import copy_graph

        return copy_graph(self, memo)


_new = Value.__new__


def _record(
    op: str, data: "Any", a: Value, da: "Any", b: "Value | None" = None, db: "Any" = None, rest: "Any" = None
) -> Value:
    """The node of an operation. It takes the place of `__init__`, which spends its time on checks."""
    node = _new(Value)
    node.data = data
    node.grad = ZERO
    node.op = op
    node.label = ""
    node.scope = _scope
    node._a = a
    node._b = b
    node._da = da
    node._db = db
    node._rest = rest
    node._mark = 0
    return node


def _ratio_or(ny: "Any", x: "Any", slope: "Any") -> "Any":
    """The slope of y = xⁿ as n·y / x, for an n where n - 1 is rounded; n·xⁿ⁻¹ where that ratio is 0 or nan."""
    ratio = divide(ny, x)
    return select(absolute(ratio), ratio, slope)


def _operand(other: "Any") -> "Any":
    """`other` as an operand: a Value, a constant made of a number, or NotImplemented for Python to ask elsewhere."""
    if isinstance(other, Value):
        return other
    number = real(other)
    if number is not None:
        return Value(number, role="constant")
    if other is None or isinstance(other, (str, bytes, complex, list, tuple, dict, set)):  # nobody else to ask
        raise TypeError(_not_an_operand(other))
    return NotImplemented


def _not_an_operand(other: "Any") -> str:
    return f"an operand is a Value or one real number, not {_described(other)}"


def _described(wrong: "Any") -> str:
    """A rejected thing, with what its owner may have meant."""
    if isinstance(wrong, str):
        return f"the string {wrong!r}"
    if isinstance(wrong, complex):
        return f"the complex number {wrong!r}"
    if isinstance(wrong, (list, tuple)) or hasattr(wrong, "shape"):
        return f"{wrong!r}; autograd.array() makes an array of Values"
    return f"{wrong!r}"


def _plain_number(number: "Any", what: str) -> float:
    plain = real(number)
    if type(plain) is not float:
        raise TypeError(f"{what} is a plain number, not {_described(number)}")
    return plain
