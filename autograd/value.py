"""A number that records how it was computed: the formula of each operation, next to its derivative rule."""

from contextvars import ContextVar

from autograd.backpropagation import backpropagate
from autograd.checks import check_finite
from autograd.copying import copy_graph, copy_node, reduce_graph
from autograd.core import ClassSignature
from autograd.evaluation import evaluate
from autograd.functions import (
    absolute,
    arccos,
    arccosh,
    arcsin,
    arcsinh,
    arctan,
    arctan2,
    arctanh,
    cbrt,
    ceil,
    clip,
    copysign,
    cos,
    cosh,
    degrees,
    divide,
    erf,
    erfc,
    exp,
    exp2,
    expm1,
    floor,
    floor_divide,
    fmod,
    heaviside,
    hypot,
    leaky_relu,
    log,
    log1p,
    log2,
    log10,
    logaddexp,
    maximum,
    minimum,
    power,
    radians,
    real,
    relu,
    remainder,
    round,  # noqa: A004 - NumPy's
    select,
    sigmoid,
    sign,
    sin,
    sinh,
    softplus,
    sqrt,
    tan,
    tanh,
    trunc,
)
from autograd.graph import function_of, walk_with_tails
from autograd.node import (
    CARRIER,
    COMPILED,
    MINUS_ONE,
    NOT_TAKEN,
    ONE,
    ZERO,
    Node,
    settle,
    track,
)
from autograd.validation import assigned_number, described, plain_number

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__all__ = ["Value", "carrying"]

_PI, _LOG_OF_2, _LOG_OF_10 = 3.141592653589793, 0.6931471805599453, 2.302585092994046
_2_OVER_ROOT_PI = 1.1283791670955126  # the slope of erf at 0

ROLES = ("plain", "input", "parameter", "constant")

# Set by `autograd.contexts`. They are here because every new node reads them.
_scope: "ContextVar[str]" = ContextVar("autograd.scope", default="")
_new_leaves: "ContextVar[list[Value] | None]" = ContextVar("autograd.new_leaves", default=None)
_current_scope = _scope.get
_current_leaves = _new_leaves.get


def _arguments(data: "Any", label: str = "", *, role: str = "plain") -> None:
    """The arguments of `Value`, for `inspect.signature`."""


class Value(Node):
    """A number in a computation graph: its data, the operation that computed it, and its gradient.

    Arithmetic on Values, or on Values and plain numbers, computes the result immediately and records the operation
    together with its local derivatives. Calling `backward()` on a result then fills in `grad` throughout the graph
    below it.

    Arguments:
        data: a real number. Ints and NumPy scalars are converted to float. (It may also be an instance of any class of
            numbers that has the methods of `autograd.functions`; values and gradients are then numbers of that class.)
        label: the name shown in pictures and error messages.
        role: what a leaf is used for: "plain", "input", "parameter" or "constant".

    Attributes:
        data: the number. Assigning to it does not update the results that depend on it; `forward()` does.
        grad: the derivative, with respect to this node, of the output on which `backward()` was called.
        op: the name of the operation, a function of `autograd.functions` or an `operation` of your own; "" for a leaf.
        operands: the nodes that the operation was applied to.
        local_derivatives: the derivative of the result with respect to each operand.
        numbers: the plain numbers of the operation, such as the exponent of `x**2`.
        label: the name.
        scope: the module of a model in which the node was made, such as "layer1.neuron2"; see `autograd.scope`.
        role: the role of a leaf; "" for the result of an operation.

    Raises:
        TypeError: if `data` is not a real number, or `label` is not a string.
        ValueError: if the role is unknown.

    >>> w, x, b = Value(0.5, "w"), Value(3.0, "x"), Value(-1.0, "b")
    >>> y = (w * x + b).tanh()
    >>> y.backward()
    >>> y
    Value(0.462117, grad=1.0, op='tanh')
    >>> w
    Value(0.5, grad=2.35934, label='w')

    `==`, `!=`, `<`, `<=`, `>` and `>=` compare data. The hash is that of the identity, so sets and dictionaries tell
    equal Values apart, but `in` and `index` of a list do not. A comparison is not recorded, so a graph contains only
    the branch that was taken (`compile` warns about that). `select`, `maximum`, `relu` and the other piecewise
    functions are recorded, with these conventions at nan and where they are not differentiable:

    ==================  ===================  ========================  =========================
    operation           value at a tie or 0  derivative at a tie or 0  at nan: value, derivative
    ==================  ===================  ========================  =========================
    select(gate, a, b)  b where gate = 0     1 to b, none to the gate  b where the gate is nan
    relu                x                    0                         nan, 0
    leaky_relu          alpha·x              alpha                     nan, alpha
    abs                 0                    0                         nan, nan
    sign, heaviside     x, which is ±0       0 (as everywhere)         nan, 0
    maximum, minimum    the first operand    1 to the first, 0         nan; 1 to the nan
    clip                x at either bound    1                         nan, 1
    hypot               0 at (0, 0)          0 to both                 nan; inf next to ±inf
    copysign            ±0                   0 (none to the sign)      nan, nan
    logaddexp           a + log 2 if a = b   1/2 to both               nan, nan
    round               the even integer     0 (as everywhere)         nan, 0
    floor, ceil, trunc  x, if an integer     0 (as everywhere)         nan, 0
    floor_divide        ±inf, nan for b = 0  0 (as everywhere)         nan, 0
    fmod, remainder     ±0; nan for b = 0    1 to a, -(quotient) to b  nan; 1, nan
    arctan2             ±0, ±π at (±0, ±0)   nan at (0, 0)             nan, nan
    ==================  ===================  ========================  =========================

    At a pole, such as `log` at 0, `arctanh` at ±1 or `arcsin` at ±1, the derivative is ±inf. Outside of the domain of
    a function, its value is nan.
    """

    __slots__ = ()
    __signature__ = ClassSignature(_arguments)

    def __init__(self, data: "Any", label: str = "", *, role: str = "plain") -> None:
        number = data if type(data) is float else real(data)
        if number is None or isinstance(number, Node):
            advice = "; use it as it is, or its .data for a leaf of its own" if isinstance(data, Node) else ""
            raise TypeError(f"the data of a Value must be a real number, not {described(data)}{advice}")
        if not isinstance(label, str):
            raise TypeError(f"the label of a Value must be a string, not {label!r}")
        if role not in ROLES:
            raise ValueError(f"the role of a Value must be one of {', '.join(ROLES)}, not {role!r}")
        self.data = number
        self.grad = ZERO
        self.op = ""
        self.label = label
        self.scope = _current_scope()
        self._a = None
        self._b = None
        self._da = None if type(number) is float else CARRIER
        self._db = None
        self._rest = role
        self._mark = 0
        if COMPILED and type(self) is Value:  # a subclass may have other attributes
            settle(self)
        if (leaves := _current_leaves()) is not None:
            leaves.append(self)

    # The rules. Each is written once, in terms of the number carried, whatever its kind. Most nodes of a graph are sums
    # and products, so `__add__` and `__mul__` inline `_record`, which saves a sixth of their time.

    def __add__(self, other: "Any") -> "Value":
        if type(other) is not Value and (other := _operand(other)) is NotImplemented:
            return NotImplemented
        node = _new(Value)
        node._b = other  # which has a type in C, unlike `other`
        data = self.data + node._b.data
        if type(data) is not float and (_made_float(self) | _made_float(other)):
            return self + other
        node.data = data
        node.op = "add"
        node._a = self
        node._da = node._db = ONE
        if COMPILED:
            settle(node)
        else:  # in C, `_new` has set these
            node.grad = ZERO
            node.label = ""
            node.scope = _current_scope()
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
        node = _new(Value)
        node._b = other  # which has a type in C, unlike `other`
        a, b = self.data, node._b.data
        if (type(a) is not float or type(b) is not float) and (_made_float(self) | _made_float(other)):
            return self * other
        node.data = a * b
        node.op = "multiply"
        node._a = self
        node._da = b
        node._db = a
        if COMPILED:
            settle(node)
        else:  # in C, `_new` has set these
            node.grad = ZERO
            node.label = ""
            node.scope = _current_scope()
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
        size = absolute(b)
        below = select(a * a + size, b - 1.0, select(size, a, 0.0))  # 0 at a = b = 0: a⁰ is 1 for every a; nan if a is
        da = b * power(a, below)
        da = select(absolute(b - ((b - 1.0) + 1.0)), _ratio_or(b * y, a, da), da)
        steep = y - sqrt(a)  # 0 at a = 0, with the slope of aᵇ·log(a) there for 0 < b ≤ 1, which is -inf
        at_0 = select(b, select(b - 1.0, y, steep), y)
        db = select(absolute(y), y * log(select(absolute(y), a, 1.0)), at_0)  # where y is 0, log(a) may be infinite
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
            dx = -divide(y, x)  # uses only exact operations, so that every target has the same bits
        elif (n - 1.0) + 1.0 == n:
            dx = n * power(x, n - 1.0)
        else:
            dx = _ratio_or(n * y, x, n * power(x, n - 1.0))
        return _record("power", y, self, dx, rest=(n,))

    def __neg__(self) -> "Value":
        return _record("negative", -self.data, self, MINUS_ONE)

    def __abs__(self) -> "Value":
        x = self.data
        y = absolute(x)
        return _record("absolute", y, self, select(x, ONE, select(-x, MINUS_ONE, select(y + 1.0, NOT_TAKEN, y))))

    def exp(self) -> "Value":
        """The exponential function, eˣ."""
        y = exp(self.data)
        return _record("exp", y, self, y)

    def log(self) -> "Value":
        """The natural logarithm."""
        x = self.data
        return _record("log", log(x), self, divide(1.0, x))

    def log1p(self) -> "Value":
        """log(1 + x), accurate for small x."""
        x = self.data
        return _record("log1p", log1p(x), self, divide(1.0, 1.0 + x))

    def expm1(self) -> "Value":
        """eˣ - 1, accurate for small x."""
        x = self.data
        return _record("expm1", expm1(x), self, exp(x))

    def exp2(self) -> "Value":
        """2 to the power of this number."""
        y = exp2(self.data)
        return _record("exp2", y, self, _LOG_OF_2 * y)

    def log2(self) -> "Value":
        """The logarithm to base 2."""
        x = self.data
        return _record("log2", log2(x), self, divide(1.0 / _LOG_OF_2, x))

    def log10(self) -> "Value":
        """The logarithm to base 10."""
        x = self.data
        return _record("log10", log10(x), self, divide(1.0 / _LOG_OF_10, x))

    def cbrt(self) -> "Value":
        """The cube root."""
        y = cbrt(self.data)
        return _record("cbrt", y, self, divide(1.0, 3.0 * (y * y)))

    def sqrt(self) -> "Value":
        """The square root."""
        y = sqrt(self.data)
        return _record("sqrt", y, self, divide(0.5, y))

    def sin(self) -> "Value":
        """The sine of an angle in radians."""
        x = self.data
        return _record("sin", sin(x), self, cos(x))

    def cos(self) -> "Value":
        """The cosine of an angle in radians."""
        x = self.data
        return _record("cos", cos(x), self, -sin(x))

    def tan(self) -> "Value":
        """The tangent of an angle in radians."""
        y = tan(self.data)
        return _record("tan", y, self, 1.0 + y * y)

    def arcsin(self) -> "Value":
        """The arcsine, in radians."""
        x = self.data
        return _record("arcsin", arcsin(x), self, divide(1.0, sqrt((1.0 - x) * (1.0 + x))))

    def arccos(self) -> "Value":
        """The arccosine, in radians."""
        x = self.data
        return _record("arccos", arccos(x), self, divide(-1.0, sqrt((1.0 - x) * (1.0 + x))))

    def arctan(self) -> "Value":
        """The arctangent, in radians."""
        x = self.data
        return _record("arctan", arctan(x), self, divide(1.0, 1.0 + x * x))

    def arctan2(self, other: "Any") -> "Value":
        """The angle of the point (x, y) in radians, where this number is y and the other x."""
        other = self.constant(other)
        y, x = self.data, other.data
        radius = hypot(y, x)
        inverse = divide(1.0, radius)  # 0 if a coordinate is infinite; so are the derivatives then
        dy = select(inverse, divide(divide(x, radius), radius), inverse)
        dx = select(inverse, divide(divide(-y, radius), radius), inverse)
        return _record("arctan2", arctan2(y, x), self, dy, other, dx)

    def hypot(self, other: "Any") -> "Value":
        """√(a² + b²) without overflow; its derivatives at (0, 0) are 0."""
        other = self.constant(other)
        a, b = self.data, other.data
        y = hypot(a, b)
        return _record("hypot", y, self, select(y, divide(a, y), y), other, select(y, divide(b, y), y))

    def sinh(self) -> "Value":
        """The hyperbolic sine."""
        x = self.data
        return _record("sinh", sinh(x), self, cosh(x))

    def cosh(self) -> "Value":
        """The hyperbolic cosine."""
        x = self.data
        return _record("cosh", cosh(x), self, sinh(x))

    def tanh(self) -> "Value":
        """The hyperbolic tangent. Its derivative, 1 - tanh², is 0 where tanh rounds to 1 or -1: from ±19.1 on."""
        y = tanh(self.data)
        return _record("tanh", y, self, 1.0 - y * y)

    def arcsinh(self) -> "Value":
        """The inverse of the hyperbolic sine."""
        x = self.data
        return _record("arcsinh", arcsinh(x), self, divide(1.0, hypot(x, 1.0)))

    def arccosh(self) -> "Value":
        """The inverse of the hyperbolic cosine."""
        x = self.data
        return _record("arccosh", arccosh(x), self, divide(1.0, sqrt(x - 1.0) * sqrt(x + 1.0)))

    def arctanh(self) -> "Value":
        """The inverse of the hyperbolic tangent."""
        x = self.data
        return _record("arctanh", arctanh(x), self, divide(1.0, (1.0 - x) * (1.0 + x)))

    def sigmoid(self) -> "Value":
        """The logistic function, 1 / (1 + e⁻ˣ)."""
        x = self.data
        y = sigmoid(x)
        return _record("sigmoid", y, self, y * sigmoid(-x))  # not y * (1 - y), which loses the digits of a large x

    def softplus(self) -> "Value":
        """log(1 + eˣ), a smooth ReLU."""
        x = self.data
        return _record("softplus", softplus(x), self, sigmoid(x))

    def erf(self) -> "Value":
        """The error function."""
        x = self.data
        return _record("erf", erf(x), self, _2_OVER_ROOT_PI * exp(-(x * x)))

    def erfc(self) -> "Value":
        """The complementary error function, 1 - erf(x)."""
        x = self.data
        return _record("erfc", erfc(x), self, -_2_OVER_ROOT_PI * exp(-(x * x)))

    def degrees(self) -> "Value":
        """This angle in radians, converted to degrees."""
        return _record("degrees", degrees(self.data), self, 180.0 / _PI)

    def radians(self) -> "Value":
        """This angle in degrees, converted to radians."""
        return _record("radians", radians(self.data), self, _PI / 180.0)

    def logaddexp(self, other: "Any") -> "Value":
        """log(eᵃ + eᵇ) without overflow."""
        other = self.constant(other)
        a, b = self.data, other.data
        gap = a - b
        gap = select(gap * gap + 1.0, gap, select(absolute(a + b), 0.0, gap))  # 0, not nan, for two equal infinities
        return _record("logaddexp", logaddexp(a, b), self, sigmoid(gap), other, sigmoid(-gap))

    def copysign(self, other: "Any") -> "Value":
        """The absolute value of this number with the sign of the other."""
        other = self.constant(other)
        a, b = self.data, other.data
        return _record("copysign", copysign(a, b), self, sign(a) * copysign(1.0, b), other, ZERO)

    def relu(self) -> "Value":
        """The rectified linear unit, max(x, 0)."""
        x = self.data
        return _record("relu", relu(x), self, select(x, ONE, NOT_TAKEN))

    def leaky_relu(self, alpha: float = 0.01) -> "Value":
        """x for x > 0, otherwise alpha·x."""
        alpha = plain_number(alpha, "the slope alpha of leaky_relu")
        x = self.data
        return _record("leaky_relu", leaky_relu(x, alpha), self, select(x, 1.0, alpha), rest=(alpha,))

    def heaviside(self) -> "Value":
        """The unit step: 1 for x > 0, 0 for x < 0. Its derivative is 0 everywhere."""
        return _record("heaviside", heaviside(self.data), self, ZERO)

    def sign(self) -> "Value":
        """The sign: 1, 0 or -1. Its derivative is 0 everywhere."""
        return _record("sign", sign(self.data), self, ZERO)

    def round(self) -> "Value":
        """The nearest integer, the even one of two. Its derivative is 0 everywhere."""
        return _record("round", round(self.data), self, ZERO)

    def floor(self) -> "Value":
        """The largest integer not above this number. Its derivative is 0 everywhere."""
        return _record("floor", floor(self.data), self, ZERO)

    def ceil(self) -> "Value":
        """The smallest integer not below this number. Its derivative is 0 everywhere."""
        return _record("ceil", ceil(self.data), self, ZERO)

    def trunc(self) -> "Value":
        """The integer next to this number towards 0. Its derivative is 0 everywhere."""
        return _record("trunc", trunc(self.data), self, ZERO)

    def fmod(self, other: "Any") -> "Value":
        """The remainder of a division, with the sign of this number."""
        other = self.constant(other)
        a, b = self.data, other.data
        y = fmod(a, b)
        return _record("fmod", y, self, ONE, other, -round(divide(a - y, b)))

    def remainder(self, other: "Any") -> "Value":
        """The remainder of a division, with the sign of the divisor, as `%`."""
        other = self.constant(other)
        a, b = self.data, other.data
        return _record("remainder", remainder(a, b), self, ONE, other, -floor_divide(a, b))

    def floor_divide(self, other: "Any") -> "Value":
        """The quotient rounded down, as `//`. Its derivatives are 0 everywhere."""
        other = self.constant(other)
        return _record("floor_divide", floor_divide(self.data, other.data), self, ZERO, other, ZERO)

    def detach(self) -> "Value":
        """The same number, recorded as an operation through which no gradient flows."""
        return _record("detach", self.data, self, ZERO)

    def maximum(self, other: "Any") -> "Value":
        """The larger of two numbers; at a tie this one, which then has the derivative 1."""
        other = self.constant(other)
        a, b = self.data, other.data
        y = maximum(a, b)
        of_b = select(b - a, ONE, select(b * b + 1.0, NOT_TAKEN, ONE))
        return _record("maximum", y, self, select(of_b, NOT_TAKEN, ONE), other, of_b)

    def minimum(self, other: "Any") -> "Value":
        """The smaller of two numbers; at a tie this one, which then has the derivative 1."""
        other = self.constant(other)
        a, b = self.data, other.data
        y = minimum(a, b)
        of_b = select(a - b, ONE, select(b * b + 1.0, NOT_TAKEN, ONE))
        return _record("minimum", y, self, select(of_b, NOT_TAKEN, ONE), other, of_b)

    def clip(self, low: float, high: float) -> "Value":
        """This number limited to the interval from `low` to `high`, two plain numbers.

        Raises:
            TypeError: if a bound is not a plain number.
            ValueError: unless low ≤ high.
        """
        low, high = plain_number(low, "the lower bound of clip"), plain_number(high, "the upper bound of clip")
        if not low <= high:
            raise ValueError(f"the bounds of clip must satisfy low ≤ high, not low={low}, high={high}")
        x = self.data
        dx = select(low - x, NOT_TAKEN, select(x - high, NOT_TAKEN, ONE))
        return _record("clip", clip(x, low, high), self, dx, rest=(low, high))

    def select(self, a: "Any", b: "Any") -> "Value":
        """`a` where this number, the gate, is positive, otherwise `b`. No gradient flows to the gate."""
        a, b = self.constant(a), self.constant(b)
        gate = self.data
        y = select(gate, a.data, b.data)
        return _record("select", y, a, select(gate, ONE, NOT_TAKEN), b, select(gate, NOT_TAKEN, ONE), rest=self)

    # Other ways to write the same operations.

    def __radd__(self, other: "Any") -> "Value":
        if type(other) is int and other == 0:  # the start value of sum()
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

    def __mod__(self, other: "Any") -> "Value":
        return NotImplemented if (right := _operand(other)) is NotImplemented else self.remainder(right)

    def __rmod__(self, other: "Any") -> "Value":
        return NotImplemented if (left := _operand(other)) is NotImplemented else left.remainder(self)

    def __floordiv__(self, other: "Any") -> "Value":
        return NotImplemented if (right := _operand(other)) is NotImplemented else self.floor_divide(right)

    def __rfloordiv__(self, other: "Any") -> "Value":
        return NotImplemented if (left := _operand(other)) is NotImplemented else left.floor_divide(self)

    def __divmod__(self, other: "Any") -> "Any":
        if (right := _operand(other)) is NotImplemented:
            return NotImplemented
        return self.floor_divide(right), self.remainder(right)

    def __rdivmod__(self, other: "Any") -> "Any":
        if (left := _operand(other)) is NotImplemented:
            return NotImplemented
        return left.floor_divide(self), left.remainder(self)

    def __round__(self, digits: "Any" = None) -> "Value":
        if digits is None:
            return self.round()
        places = plain_number(digits, "the number of digits to round to")
        scale: float = power(10.0, absolute(places))
        return (self / scale).round() * scale if places < 0.0 else (self * scale).round() / scale

    def __pos__(self) -> "Value":
        return self

    def conjugate(self) -> "Value":
        """The number itself, because it is real; `np.linalg.norm` calls this method."""
        return self

    @property
    def real(self) -> "Value":
        """The number itself, as of every real number in Python."""
        return self

    @property
    def imag(self) -> float:
        """0, as of every real number in Python."""
        return 0.0

    def __array_ufunc__(self, ufunc: "Any", method: str, *inputs: "Any", **options: "Any") -> "Any":
        from autograd.ufuncs import call_ufunc

        return call_ufunc(ufunc, method, inputs, options)

    def __array_function__(self, function: "Any", types: "Any", arguments: "Any", options: "Any") -> "Any":
        from autograd.ufuncs import call_function

        return call_function(function, arguments, options)

    @staticmethod
    def _array_of(elements: "Any") -> "Any":
        """Views an object array of Values as an array whose functions are recorded."""
        from autograd.ufuncs import ValueArray

        return elements.view(ValueArray)

    absolute, __floor__, __ceil__, __trunc__ = __abs__, floor, ceil, trunc

    def square(self) -> "Value":
        """The square, recorded as a power."""
        return self**2

    def reciprocal(self) -> "Value":
        """1 divided by this number, recorded as a division."""
        return 1.0 / self

    expit = sigmoid

    @staticmethod
    def constant(number: "Any") -> "Value":
        """Converts a plain number to a leaf with the role "constant"; returns a Value unchanged.

        Raises:
            TypeError: if `number` is neither.

        >>> Value.constant(2).role
        'constant'
        """
        operand = _operand(number)
        if not isinstance(operand, Value):
            raise TypeError(_not_an_operand(number))
        return operand

    # The graph below this node.

    def backward(self, gradient: "Any" = 1.0) -> None:
        """Computes the gradients of the graph below, by the chain rule in reverse topological order.

        Adds d(self)/d(leaf) to the `grad` of every leaf. Leaves accumulate gradients over calls, as in PyTorch; the
        other nodes start from zero at each call. If the call is interrupted, the leaves keep the gradients that they
        had before. Graphs that share nodes must not be walked by several threads at once, because a walk marks the
        nodes that it visits.

        Arguments:
            gradient: the upstream gradient to start from, a real number.

        Raises:
            TypeError: if the gradient is not a real number.

        >>> x = Value(3.0)
        >>> (x * x).backward()
        >>> x.grad
        6.0
        """
        upstream = real(gradient)
        if upstream is None:
            raise TypeError(f"the gradient given to backward must be a real number, not {described(gradient)}")
        backpropagate(self, upstream)

    def forward(self) -> float:
        """Recomputes every value and local derivative of the graph below from its leaves, in place.

        If the call is interrupted, or an operation raises an exception, the graph stays as it was.

        Returns:
            The new data of this node.

        Raises:
            TypeError: if the data assigned to a leaf is not a real number; the message names the leaf.

        >>> x = Value(2.0)
        >>> y = x * x
        >>> x.data = 5.0
        >>> y.forward()
        25.0
        """
        return evaluate(self)

    def zero_grad(self) -> None:
        """Clears the gradient of this node and of every node below it.

        >>> x = Value(3.0)
        >>> y = x * x
        >>> y.backward()
        >>> y.zero_grad()
        >>> x.grad
        0.0
        """
        leaves, operations = walk_with_tails(self)
        for node in leaves:
            node.grad = ZERO
        for node in operations:
            node.grad = ZERO

    def check_finite(self) -> None:
        """Raises `NonFiniteError` if a number in the graph below is inf or nan.

        The message names the first node, in topological order, whose data or one of whose local derivatives is not
        finite, such as that of a square root at 0.

        >>> x = Value(0.0, "x")
        >>> (x.sqrt() + 1.0).check_finite()
        Traceback (most recent call last):
            ...
        autograd.checks.NonFiniteError: the derivative of sqrt is inf: sqrt(x=0.0) = 0.0
        """
        check_finite(self)

    def item(self) -> float:
        """The data as a plain number.

        >>> Value(2).item()
        2.0
        """
        return self.data

    def __reduce__(self) -> "tuple[Any, ...]":
        return reduce_graph(self)

    def __copy__(self) -> "Value":
        return copy_node(self)

    def __deepcopy__(self, memo: "dict[int, Any]") -> "Value":
        return copy_graph(self, memo, _current_leaves())


_new = Value.__new__
_use_dealloc: "Any" = id  # only called in C, where `value.pxd` has a function of this name
if COMPILED:
    _use_dealloc(Value)


def carrying(number: "Any") -> Value:
    """Makes a leaf that carries a number of any kind, also another Value, as for the derivative of a derivative."""
    leaf = Value(0.0)
    if COMPILED:
        track(leaf)
    leaf.data, leaf._da = number, CARRIER
    return leaf


def _record(
    op: str, data: "Any", a: Value, da: "Any", b: "Value | None" = None, db: "Any" = None, rest: "Any" = None
) -> Value:
    """Makes the node of an operation, without the checks of `__init__`."""
    if type(data) is not float or type(da) is not float:
        made = _made_float(rest) | _made_float(a) | _made_float(b)
        if made:
            operands = [operand for operand in (rest, a, b) if isinstance(operand, Value)]
            return function_of(op)(*operands, *(rest if type(rest) is tuple else ()))  # type: ignore[no-any-return]
    node = _new(Value)
    node.data = data
    node.op = op
    node._a = a
    node._b = b
    node._da = da
    node._db = db
    node._rest = rest
    if COMPILED:
        settle(node)
    else:
        node.grad = ZERO
        node.label = ""
        node.scope = _current_scope()
        node._mark = 0
    return node


def _made_float(operand: "Any") -> bool:
    """Makes a float of a real number of another type that was assigned to `data`; returns whether there was one.

    Raises:
        TypeError: if what was assigned is not a real number.
    """
    if not isinstance(operand, Value):
        return False
    number = operand.data
    if type(number) is float or (_is_carried(number) and (operand._a is not None or operand._da is CARRIER)):
        return False
    plain = assigned_number(operand)
    if plain is number:
        return False
    operand.data = plain
    return True


def _is_carried(number: "Any") -> bool:
    """Whether a number is of a class that graphs can carry; see `real`."""
    return getattr(number, "is_autograd_number", None) is True


def _ratio_or(ny: "Any", x: "Any", slope: "Any") -> "Any":
    """The derivative of y = xⁿ as n·y / x, for an n whose n - 1 is rounded; or as n·xⁿ⁻¹ if that ratio is 0 or nan."""
    ratio = divide(ny, x)
    return select(absolute(ratio), ratio, slope)


def _operand(other: "Any") -> "Any":
    """Converts `other` to a Value; returns NotImplemented if its own class may define the operation."""
    if isinstance(other, Value):
        return other
    number = real(other)
    if number is not None:
        return Value(number, role="constant")
    if other is None or isinstance(other, (str, bytes, complex, list, tuple, dict, set)):  # no other class defines it
        raise TypeError(_not_an_operand(other))
    return NotImplemented


def _not_an_operand(other: "Any") -> str:
    return f"an operand must be a Value or a real number, not {described(other)}"
