"""The reference for the engine: mpmath's functions at 50 digits, and a class of numbers made from them."""

import math

import mpmath

from autograd.functions import PRIMITIVES

mp = mpmath.mp.clone()
mp.dps = 50


def sigmoid(x):
    return 1 / (1 + mp.exp(-x))


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
    "maximum": (max, lambda a, b: a > b, lambda a, b: a < b, lambda a, b: a != b),
    "minimum": (min, lambda a, b: a < b, lambda a, b: a > b, lambda a, b: a != b),
}


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
