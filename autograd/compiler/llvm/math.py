"""Elementary functions on vectors, each accurate to 4 units in the last place.

The methods are the classical ones (J.-M. Muller, "Elementary functions", 3rd ed., 2016): reduce the argument to a
small range, evaluate a Taylor polynomial there whose remainder is below half a unit, and undo the reduction.
"""

import math
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from autograd.compiler.llvm.libm import lane_by_lane
from autograd.compiler.llvm.registers import bits_of

if TYPE_CHECKING:
    from autograd.compiler.llvm.vector import IntegerVector, Vector

__all__ = ["cos", "exp", "expm1", "log", "log1p", "sin", "tanh"]

_LARGEST_ANGLE = 2.0**20  # above this, sin and cos call the C library
_ROUND = 1.5 * 2.0**52  # adding it to a small number leaves the nearest integer in the last bits
_ROUND_BITS = bits_of(_ROUND)
_ONE_BITS = bits_of(1.0)


def _split(number: Fraction, bits: int, count: int) -> list[float]:
    """Splits a number into floats. All but the last have few bits, so that small multiples of them are exact."""
    parts = []
    for _ in range(count - 1):
        scale = 2 ** (bits - 1 - math.floor(math.log2(abs(number))))
        part = Fraction(math.floor(number * scale), scale)
        parts.append(float(part))
        number -= part
    return [*parts, float(number)]


# 50 digits each (OEIS A002162 and A019669)
_LN2 = _split(Fraction("0.69314718055994530941723212145817656807550013436026"), 32, 2)
_HALF_PI = _split(Fraction("1.57079632679489661923132169163975144209858469968755"), 33, 3)
_SQRT_HALF_BITS = bits_of(math.sqrt(0.5))


def _polynomial(x: "Vector", coefficients: Iterable[float]) -> "Vector":
    """c₀ + c₁x + c₂x² + ..., by Horner's rule in fused multiply-adds.

    Even and odd powers are two chains, which the processor can evaluate in parallel.
    """
    listed = list(coefficients)
    square = x * x
    return _horner(square, listed[1::2]).fma(x, _horner(square, listed[::2]))


def _horner(x: "Vector", coefficients: Sequence[float]) -> "Vector":
    *rest, last = coefficients
    total = x.like(last)
    for coefficient in reversed(rest):
        total = total.fma(x, coefficient)
    return total


def _integer_part(x: "Vector", factor: float) -> "tuple[Vector, IntegerVector]":
    """The integer nearest to x · factor, as a double and as an integer; an arbitrary integer for nan."""
    shifted = x.fma(factor, _ROUND)
    return shifted - _ROUND, shifted.bits() - _ROUND_BITS


def _power_of_2(k: "IntegerVector") -> "Vector":
    """2ᵏ for integers between -1022 and 1023."""
    return ((k << 52) + _ONE_BITS).as_doubles()


def _clamped(x: "Vector", low: float, high: float) -> "Vector":
    """x limited to the range from low to high; nan stays nan."""
    x = (x > high).where(high, x)
    return (x < low).where(low, x)


def _expm1_reduced(r: "Vector") -> "Vector":
    """eʳ - 1 for |r| ≤ ln 2 / 2."""
    return (r * r).fma(_polynomial(r, [1.0 / math.factorial(n) for n in range(2, 14)]), r)


def _reduced(x: "Vector") -> "tuple[Vector, IntegerVector]":
    """r and k with x = r + k·ln 2."""
    k, whole = _integer_part(x, 1.0 / math.log(2.0))
    return k.fma(-_LN2[1], k.fma(-_LN2[0], x)), whole


def exp(x: "Vector") -> "Vector":
    """eˣ = 2ᵏ·eʳ, where 2ᵏ is applied as two factors: it may overflow or underflow even if the product does not."""
    r, k = _reduced(_clamped(x, -746.0, 710.0))
    half = k >> 1
    return (_expm1_reduced(r) + 1.0) * _power_of_2(half) * _power_of_2(k - half)


def expm1(x: "Vector") -> "Vector":
    """eˣ - 1 as twice its half: 2ᵏ may overflow even if the difference does not."""
    r, k = _reduced(_clamped(x, -50.0, 710.0))
    half_power = _power_of_2(k - 1)
    result = half_power.fma(_expm1_reduced(r), half_power - 0.5) * 2.0
    return (x == 0.0).where(x, result)  # -0 stays -0


def _expm1_moderate(x: "Vector") -> "Vector":
    """eˣ - 1 = 2ᵏ·(eʳ - 1) + (2ᵏ - 1) for an x far from overflow."""
    r, k = _reduced(x)
    power = _power_of_2(k)
    return power.fma(_expm1_reduced(r), power - 1.0)


def tanh(x: "Vector") -> "Vector":
    """m / (m + 2), where m = e^2|x| - 1, with the sign of x."""
    doubled = x.absolute() * 2.0
    m = _expm1_moderate((doubled > 60.0).where(60.0, doubled))
    return (m / (m + 2.0)).with_sign_of(x)


def log(x: "Vector") -> "Vector":
    """k·ln 2 + 2·artanh s, where x = 2ᵏ·m, m is between √½ and √2, and s = (m - 1) / (m + 1)."""
    tiny = x < 2.0**-1022
    bits = tiny.where(x * 2.0**54, x).bits() - _SQRT_HALF_BITS
    whole = bits >> 52
    f = (bits - (whole << 52) + _SQRT_HALF_BITS).as_doubles() - 1.0
    k = (whole + _ROUND_BITS).as_doubles() - _ROUND
    k = tiny.where(k - 54.0, k)
    s = f / (f + 2.0)
    z = s * s
    # 2·artanh s = f - s·(f - R), where R = 2z/3 + 2z²/5 + ...: the leading f is exact
    r = z * _polynomial(z, [2.0 / (2 * n + 1) for n in range(1, 12)])
    half_square = f * f * 0.5
    correction = s.fma(half_square + r, k * _LN2[1])
    result = k.fma(_LN2[0], f - (half_square - correction))
    result = (x == math.inf).where(x, result)
    result = (x == 0.0).where(-math.inf, result)
    return (x < 0.0).where(math.nan, (x == x).where(result, x))


def log1p(x: "Vector") -> "Vector":
    """log u + c / u, where u is the rounded 1 + x and c is the rounding error."""
    u = x + 1.0
    c = (x.absolute() < 1.0).where(x - (u - 1.0), 1.0 - (u - x))
    result = log(u) + c / u
    plain = (u == 0.0).where(-math.inf, (x == math.inf).where(x, result))
    return (x == 0.0).where(x, plain)


def _quadrant(x: "Vector") -> "tuple[Vector, IntegerVector]":
    """r and k with x = r + k·π/2 and |r| ≤ π/4."""
    k, whole = _integer_part(x, 2.0 / math.pi)
    for part in _HALF_PI:
        x = k.fma(-part, x)
    return x, whole


def _sin_reduced(r: "Vector") -> "Vector":
    z = r * r
    return (r * z).fma(_polynomial(z, [(-1.0) ** n / math.factorial(2 * n + 1) for n in range(1, 9)]), r)


def _cos_reduced(r: "Vector") -> "Vector":
    z = r * r
    half = z * 0.5
    head = 1.0 - half
    lost = (1.0 - head) - half  # the rounding error of the head
    return head + (z * z).fma(_polynomial(z, [(-1.0) ** n / math.factorial(2 * n) for n in range(2, 9)]), lost)


def _turned(r: "Vector", quadrant: "IntegerVector") -> "Vector":
    """The sine of r + quadrant·π/2."""
    odd = quadrant.has_bit(0)
    value = odd.where(_cos_reduced(r), _sin_reduced(r))
    return quadrant.has_bit(1).where(-value, value)


def _unless_large(x: "Vector", result: "Vector", name: str) -> "Vector":
    """The result in lanes where the angle is not large, the result of the C library in the others.

    If no angle is large, the function that is being written returns without calling the C library.
    """
    large = x.absolute() > _LARGEST_ANGLE
    x.function.ret_if(~large.any(), result)
    return large.where(lane_by_lane(name, x), result)


def sin(x: "Vector") -> "Vector":
    """The sine of x, as the body of a function of its own."""
    r, k = _quadrant(x)
    return _unless_large(x, (x == 0.0).where(x, _turned(r, k)), "sin")


def cos(x: "Vector") -> "Vector":
    """The cosine of x, as the body of a function of its own."""
    r, k = _quadrant(x)
    return _unless_large(x, _turned(r, k + 1), "cos")
