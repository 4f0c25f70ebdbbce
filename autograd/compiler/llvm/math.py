"""exp, log, tanh, sin and their kin for eight doubles at once, each within 4 units in the last place.

The methods are the classical ones (J.-M. Muller, "Elementary functions", 3rd ed., 2016): take the argument into a
small range, there a Taylor polynomial whose remainder is below half a unit, and put the range back.
"""

import math
from collections.abc import Callable
from fractions import Fraction

from autograd.compiler.llvm.builder import bits_of
from autograd.compiler.llvm.vector import Vector, polynomial

__all__ = ["FUNCTIONS", "LARGEST_ANGLE"]

LARGEST_ANGLE = 2.0**20  # beyond which sin and cos are left to the C library

_ROUND = 1.5 * 2.0**52  # added to a small number, leaves its nearest integer in the last bits
_ROUND_BITS = bits_of(_ROUND)
_ONE_BITS = bits_of(1.0)


def _parts(number: Fraction, bits: int, count: int) -> list[float]:
    """A number as a sum of floats, all but the last of so few bits that a small integer multiple of them is exact."""
    parts = []
    for _ in range(count - 1):
        scale = 2 ** (bits - 1 - math.floor(math.log2(abs(number))))
        part = Fraction(math.floor(number * scale), scale)
        parts.append(float(part))
        number -= part
    return [*parts, float(number)]


# 50 digits each (OEIS A002162 and A019669)
_LN2 = _parts(Fraction("0.69314718055994530941723212145817656807550013436026"), 32, 2)
_HALF_PI = _parts(Fraction("1.57079632679489661923132169163975144209858469968755"), 33, 3)
_SQRT_HALF_BITS = bits_of(math.sqrt(0.5))


def _integer_part(x: Vector, factor: float) -> tuple[Vector, Vector]:
    """The integer nearest to x · factor, as doubles and as integers; for nan any."""
    shifted = x.fma(factor, _ROUND)
    return shifted - _ROUND, shifted.bits() - _ROUND_BITS


def _power_of_2(k: Vector) -> Vector:
    """2ᵏ for integers between -1022 and 1023."""
    return ((k << 52) + _ONE_BITS).doubles()


def _clamped(x: Vector, low: float, high: float) -> Vector:
    """x held between two numbers; nan stays nan."""
    x = (x > high).where(high, x)
    return (x < low).where(low, x)


def _expm1_reduced(r: Vector) -> Vector:
    """eʳ - 1 for |r| ≤ ln 2 / 2."""
    return (r * r).fma(polynomial(r, [1.0 / math.factorial(n) for n in range(2, 14)]), r)


def _reduced(x: Vector) -> tuple[Vector, Vector]:
    """r and k with x = r + k·ln 2."""
    k, whole = _integer_part(x, 1.0 / math.log(2.0))
    return k.fma(-_LN2[1], k.fma(-_LN2[0], x)), whole


def exp(x: Vector) -> Vector:
    """eˣ = 2ᵏ·eʳ; 2ᵏ in two factors, for it may leave the range where the product does not."""
    r, k = _reduced(_clamped(x, -746.0, 710.0))
    half = k >> 1
    return (_expm1_reduced(r) + 1.0) * _power_of_2(half) * _power_of_2(k - half)


def expm1(x: Vector) -> Vector:
    """eˣ - 1; in halves, for 2ᵏ may overflow where the difference does not."""
    r, k = _reduced(_clamped(x, -50.0, 710.0))
    half_power = _power_of_2(k - 1)
    result = half_power.fma(_expm1_reduced(r), half_power - 0.5) * 2.0
    return x.equals(0.0).where(x, result)  # -0 stays -0


def _expm1_moderate(x: Vector) -> Vector:
    """eˣ - 1 = 2ᵏ·(eʳ - 1) + (2ᵏ - 1) for an x far from overflow."""
    r, k = _reduced(x)
    power = _power_of_2(k)
    return power.fma(_expm1_reduced(r), power - 1.0)


def sigmoid(x: Vector) -> Vector:
    """1 / (1 + e^-|x|), or for a negative x e^-|x| times that."""
    e = exp(-x.absolute())
    return (x < 0.0).where(e, 1.0) / (e + 1.0)


def tanh(x: Vector) -> Vector:
    """From m = e^2|x| - 1 as m / (m + 2)."""
    doubled = x.absolute() * 2.0
    m = _expm1_moderate((doubled > 60.0).where(60.0, doubled))
    return (m / (m + 2.0)).with_sign_of(x)


def log(x: Vector) -> Vector:
    """With x = 2ᵏ·m, m between √½ and √2, and s = (m - 1) / (m + 1): k·ln 2 + 2·artanh s."""
    tiny = x < 2.0**-1022
    bits = tiny.where(x * 2.0**54, x).bits() - _SQRT_HALF_BITS
    whole = bits >> 52
    f = (bits - (whole << 52) + _SQRT_HALF_BITS).doubles() - 1.0
    k = (whole + _ROUND_BITS).doubles() - _ROUND
    k = tiny.where(k - 54.0, k)
    s = f / (f + 2.0)
    z = s * s
    # 2·artanh s = f - s·(f - R) where R = 2z/3 + 2z²/5 + ...: the leading f is exact
    r = z * polynomial(z, [2.0 / (2 * n + 1) for n in range(1, 12)])
    half_square = f * f * 0.5
    correction = s.fma(half_square + r, k * _LN2[1])
    result = k.fma(_LN2[0], f - (half_square - correction))
    result = x.equals(math.inf).where(x, result)
    result = x.equals(0.0).where(-math.inf, result)
    return (x < 0.0).where(math.nan, (x.equals(x)).where(result, x))


def log1p(x: Vector) -> Vector:
    """log u + c / u, where u is 1 + x as rounded and c what the rounding lost."""
    u = x + 1.0
    c = (x.absolute() < 1.0).where(x - (u - 1.0), 1.0 - (u - x))
    result = log(u) + c / u
    plain = u.equals(0.0).where(-math.inf, x.equals(math.inf).where(x, result))
    return x.equals(0.0).where(x, plain)


def softplus(x: Vector) -> Vector:
    """log(1 + e^-|x|) + max(x, 0)."""
    return log1p(exp(-x.absolute())) + (x > 0.0).where(x, 0.0)


def _quadrant(x: Vector) -> tuple[Vector, Vector]:
    """r and k with x = r + k·π/2 and |r| ≤ π/4."""
    k, whole = _integer_part(x, 2.0 / math.pi)
    for part in _HALF_PI:
        x = k.fma(-part, x)
    return x, whole


def _sin_reduced(r: Vector) -> Vector:
    z = r * r
    return (r * z).fma(polynomial(z, [(-1.0) ** n / math.factorial(2 * n + 1) for n in range(1, 9)]), r)


def _cos_reduced(r: Vector) -> Vector:
    z = r * r
    half = z * 0.5
    head = 1.0 - half
    lost = (1.0 - head) - half  # what rounding took from the head
    return head + (z * z).fma(polynomial(z, [(-1.0) ** n / math.factorial(2 * n) for n in range(2, 9)]), lost)


def _turned(r: Vector, quadrant: Vector) -> Vector:
    """The sine of r + quadrant·π/2."""
    odd = quadrant.has_bit(0)
    value = odd.where(_cos_reduced(r), _sin_reduced(r))
    return quadrant.has_bit(1).where(-value, value)


def sin(x: Vector) -> Vector:
    """The sine of an angle up to `LARGEST_ANGLE`."""
    r, k = _quadrant(x)
    return x.equals(0.0).where(x, _turned(r, k))


def cos(x: Vector) -> Vector:
    """The cosine of an angle up to `LARGEST_ANGLE`."""
    r, k = _quadrant(x)
    return _turned(r, k + 1)


FUNCTIONS: dict[str, Callable[[Vector], Vector]] = {
    function.__name__: function for function in (exp, expm1, sigmoid, tanh, log, log1p, softplus, sin, cos)
}
"""The functions by the name of the operation."""
