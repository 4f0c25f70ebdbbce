"""The reference for the engine: mpmath's functions at 50 digits, and a class of numbers made from them."""

import math
from fractions import Fraction

import mpmath

from autograd.functions import PRIMITIVES

mp = mpmath.mp.clone()
mp.dps = 50


def sigmoid(x):
    return 1 / (1 + mp.exp(-x))


def _arcsinh_argument(x):
    return x + x**2 / (1 + mp.sqrt(1 + x**2))


def nint(x):
    """The nearest integer, the even one of two."""
    below = mp.floor(x)
    if x - below == mp.mpf(0.5):
        return 2 * mp.floor((below + 1) / 2)
    return mp.floor(x + mp.mpf(0.5))


def _fraction(x):
    sign, significand, exponent, _ = mp.mpf(x)._mpf_
    return (-1) ** sign * Fraction(int(significand)) * Fraction(2) ** exponent


def floor_divide(a, b):
    """The quotient rounded down, by fractions, because it may have more digits than mpmath keeps."""
    return mp.mpf(math.floor(_fraction(a) / _fraction(b)))


def remainder(a, b):
    """The remainder with the sign of b."""
    a, b = _fraction(a), _fraction(b)
    rest = a - b * math.floor(a / b)
    return mp.mpf(rest.numerator) / rest.denominator


def fmod(a, b):
    """The remainder with the sign of a."""
    return mp.sign(a) * remainder(abs(a), abs(b))


# name: (function, derivative, domain)
UNARY = {
    "exp": (mp.exp, mp.exp, lambda x: True),
    "log": (mp.log, lambda x: 1 / x, lambda x: x > 0),
    "log1p": (mp.log1p, lambda x: 1 / (1 + x), lambda x: x > -1),
    "expm1": (mp.expm1, mp.exp, lambda x: True),
    "sqrt": (mp.sqrt, lambda x: 1 / (2 * mp.sqrt(x)), lambda x: x > 0),
    "sin": (mp.sin, mp.cos, lambda x: True),
    "cos": (mp.cos, lambda x: -mp.sin(x), lambda x: True),
    "tanh": (lambda x: mp.tanh(x), lambda x: 1 / mp.cosh(x) ** 2, lambda x: True),
    "sigmoid": (sigmoid, lambda x: 1 / (2 * mp.cosh(x / 2)) ** 2, lambda x: True),
    "softplus": (lambda x: mp.log1p(mp.exp(x)), sigmoid, lambda x: True),
    "log2": (lambda x: mp.log(x, 2), lambda x: 1 / (x * mp.log(2)), lambda x: x > 0),
    "log10": (mp.log10, lambda x: 1 / (x * mp.log(10)), lambda x: x > 0),
    "exp2": (lambda x: mp.power(2, x), lambda x: mp.power(2, x) * mp.log(2), lambda x: True),
    "cbrt": (lambda x: mp.sign(x) * mp.cbrt(abs(x)), lambda x: 1 / (3 * mp.cbrt(abs(x)) ** 2), lambda x: x != 0),
    "tan": (lambda x: mp.tan(x), lambda x: 1 / mp.cos(x) ** 2, lambda x: True),
    "arcsin": (mp.asin, lambda x: 1 / mp.sqrt((1 - x) * (1 + x)), lambda x: abs(x) < 1),
    "arccos": (mp.acos, lambda x: -1 / mp.sqrt((1 - x) * (1 + x)), lambda x: abs(x) < 1),
    "arctan": (mp.atan, lambda x: 1 / (1 + x**2), lambda x: True),
    "sinh": (lambda x: mp.sinh(x), lambda x: mp.cosh(x), lambda x: True),
    "cosh": (lambda x: mp.cosh(x), lambda x: mp.sinh(x), lambda x: True),
    "arcsinh": (lambda x: mp.sign(x) * mp.log1p(_arcsinh_argument(abs(x))), lambda x: 1 / mp.hypot(x, 1), bool),
    "arccosh": (mp.acosh, lambda x: 1 / mp.sqrt((x - 1) * (x + 1)), lambda x: x > 1),
    "arctanh": (
        lambda x: (mp.log1p(x) - mp.log1p(-x)) / 2,
        lambda x: 1 / ((1 - x) * (1 + x)),
        lambda x: abs(x) < 1,
    ),
    "erf": (mp.erf, lambda x: 2 / mp.sqrt(mp.pi) * mp.exp(-(x**2)), lambda x: True),
    "erfc": (
        lambda x: mp.erfc(x) if abs(x) < 1000 else 1 - mp.sign(x),
        lambda x: -2 / mp.sqrt(mp.pi) * mp.exp(-(x**2)),
        lambda x: True,
    ),
    "degrees": (lambda x: x * 180 / mp.pi, lambda x: 180 / mp.pi, lambda x: True),
    "radians": (lambda x: x * mp.pi / 180, lambda x: mp.pi / 180, lambda x: True),
    "round": (nint, lambda x: mp.mpf(0), lambda x: x != 0),
    "floor": (mp.floor, lambda x: mp.mpf(0), lambda x: x != 0),
    "ceil": (mp.ceil, lambda x: mp.mpf(0), lambda x: x != 0),
    "trunc": (lambda x: mp.sign(x) * mp.floor(abs(x)), lambda x: mp.mpf(0), lambda x: x != 0),
    "absolute": (abs, mp.sign, lambda x: x != 0),
    "negative": (lambda x: -x, lambda x: mp.mpf(-1), lambda x: True),
    "relu": (lambda x: max(x, 0), lambda x: mp.mpf(x > 0), lambda x: x != 0),
    "leaky_relu": (lambda x: x if x > 0 else x * mp.mpf(0.01), lambda x: mp.mpf(1 if x > 0 else 0.01), bool),
    "heaviside": (lambda x: mp.mpf(x > 0), lambda x: mp.mpf(0), lambda x: x != 0),
    "sign": (mp.sign, lambda x: mp.mpf(0), lambda x: x != 0),
}

# name: (function, derivative with respect to the first, to the second, domain)
BINARY = {
    "add": (lambda a, b: a + b, lambda a, b: 1, lambda a, b: 1, lambda a, b: True),
    "subtract": (lambda a, b: a - b, lambda a, b: 1, lambda a, b: -1, lambda a, b: True),
    "multiply": (lambda a, b: a * b, lambda a, b: b, lambda a, b: a, lambda a, b: True),
    "divide": (lambda a, b: a / b, lambda a, b: 1 / b, lambda a, b: -a / b**2, lambda a, b: b != 0),
    "power": (mp.power, lambda a, b: b * a ** (b - 1), lambda a, b: a**b * mp.log(a), lambda a, b: a > 0),
    "arctan2": (
        mp.atan2,
        lambda y, x: x / (x**2 + y**2),
        lambda y, x: -y / (x**2 + y**2),
        lambda y, x: True,
    ),
    "hypot": (  # its derivatives are inexact where it overflows and where it is subnormal
        mp.hypot,
        lambda a, b: a / mp.hypot(a, b),
        lambda a, b: b / mp.hypot(a, b),
        lambda a, b: 1e-307 < max(abs(a), abs(b)) < 1e308,
    ),
    "logaddexp": (
        lambda a, b: max(a, b) + mp.log1p(mp.exp(-abs(a - b))),
        lambda a, b: sigmoid(a - b),
        lambda a, b: sigmoid(b - a),
        lambda a, b: a > 0 or b > 0,
    ),
    "copysign": (
        lambda a, b: abs(a) * mp.sign(b),
        lambda a, b: mp.sign(a) * mp.sign(b),
        lambda a, b: 0,
        lambda a, b: True,
    ),
    "fmod": (fmod, lambda a, b: 1, lambda a, b: -mp.sign(a / b) * floor_divide(abs(a), abs(b)), lambda a, b: True),
    "remainder": (remainder, lambda a, b: 1, lambda a, b: -floor_divide(a, b), lambda a, b: True),
    "floor_divide": (floor_divide, lambda a, b: 0, lambda a, b: 0, lambda a, b: True),
    "maximum": (max, lambda a, b: a > b, lambda a, b: a < b, lambda a, b: a != b),
    "minimum": (min, lambda a, b: a < b, lambda a, b: a > b, lambda a, b: a != b),
}


def arity(name):
    """The number of operands of an operation."""
    return 3 if name == "select" else 2 if name in BINARY else 1


def value_is_close(got: float, exact, ulps: int = 4) -> bool:
    """Within some units in the last place of the exact number, including subnormal and overflowing ones."""
    rounded = float(exact)
    if math.isinf(rounded):
        return got == rounded
    return abs(mp.mpf(got) - exact) <= ulps * math.ulp(rounded)


def gradient_is_close(got: float, exact, ulps: int = 4) -> bool:
    """Within some units in the last place of max(1, |exact|)."""
    rounded = float(exact)
    if math.isinf(rounded):
        return got == rounded
    return abs(mp.mpf(got) - exact) <= ulps * math.ulp(max(1.0, abs(rounded)))


def same(a: float, b: float) -> bool:
    """Equal bit for bit, or both nan."""
    return (a != a and b != b) or (a == b and math.copysign(1.0, a) == math.copysign(1.0, b))


class Decimal50:
    """A 50-digit number with the operators and methods that a Value needs in the number it carries."""

    is_autograd_number = True

    def __init__(self, x):
        self.x = x.x if isinstance(x, Decimal50) else mp.mpf(x)

    def __reduce__(self):  # the numbers of a context other than mpmath's own cannot be pickled
        return Decimal50, (mp.nstr(self.x, 55),)

    def __neg__(self):
        return Decimal50(-self.x)

    def __add__(self, other):
        return Decimal50(self.x + Decimal50(other).x)

    def __sub__(self, other):
        return Decimal50(self.x - Decimal50(other).x)

    def __mul__(self, other):
        return Decimal50(self.x * Decimal50(other).x)

    def __truediv__(self, other):
        return Decimal50(self.x / Decimal50(other).x)

    def __pow__(self, other):
        return Decimal50(self.x ** Decimal50(other).x)

    def __radd__(self, other):
        return Decimal50(other) + self

    def __rsub__(self, other):
        return Decimal50(other) - self

    def __rmul__(self, other):
        return Decimal50(other) * self

    def __rtruediv__(self, other):
        return Decimal50(other) / self

    def __rpow__(self, other):
        return Decimal50(other) ** self

    def select(self, a, b):
        return Decimal50(a if self.x > 0 else b)


for _name in UNARY.keys() & {*PRIMITIVES}:
    setattr(Decimal50, _name, lambda self, f=UNARY[_name][0]: Decimal50(f(self.x)))
for _name in ("arctan2", "hypot", "fmod"):
    setattr(Decimal50, _name, lambda self, other, f=BINARY[_name][0]: Decimal50(f(self.x, Decimal50(other).x)))
