"""Elementary functions on vectors, each accurate to 4 units in the last place.

The methods are the classical ones (J.-M. Muller, "Elementary functions", 3rd ed., 2016): reduce the argument to a
small range, evaluate a polynomial there whose remainder is below half a unit, mostly Taylor's, and undo the reduction.
"""

import math
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from autograd.compiler.llvm.registers import bits_of

if TYPE_CHECKING:
    from autograd.compiler.llvm.vector import IntegerVector, Vector

__all__ = [
    "LN2",
    "LOG2_E",
    "LOG_OF_2",
    "clamped",
    "cosh",
    "exp",
    "expm1",
    "integer_part",
    "log",
    "log1p",
    "polynomial",
    "power_of_2",
    "reduced_logarithm",
    "sinh",
    "split",
    "tanh",
]

_ROUND = 1.5 * 2.0**52  # adding it to a small number leaves the nearest integer in the last bits
_ROUND_BITS = bits_of(_ROUND)
_ONE_BITS = bits_of(1.0)


def split(number: Fraction, bits: int, count: int) -> list[float]:
    """Splits a number into floats. All but the last have few bits, so that small multiples of them are exact."""
    parts = []
    for _ in range(count - 1):
        scale = 2 ** (bits - math.frexp(float(number))[1])
        part = Fraction(math.floor(number * scale), scale)
        parts.append(float(part))
        number -= part
    return [*parts, float(number)]


LOG_OF_2 = Fraction("0.69314718055994530941723212145817656807550013436026")  # 50 digits (OEIS A002162)
LN2 = split(LOG_OF_2, 32, 2)
LOG2_E = float(1 / LOG_OF_2)
_SQRT_HALF_BITS = bits_of(math.sqrt(0.5))
# c₀ + c₁r² + ... is r·coth(r / 2) to 2⁻⁵⁹ for |r| ≤ ln 2 / 2 (K. C. Ng, `e_exp.c` in fdlibm, 2004)
_COTH = (
    2.0,
    1.66666666666666019037e-01,
    -2.77777777770155933842e-03,
    6.61375632143793436117e-05,
    -1.65339022054652515390e-06,
    4.13813679705723846039e-08,
)


def polynomial(x: "Vector", coefficients: Iterable[float]) -> "Vector":
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


def integer_part(x: "Vector", factor: float) -> "tuple[Vector, IntegerVector]":
    """The integer nearest to x · factor, as a double and as an integer; an arbitrary integer for nan."""
    shifted = x.fma(factor, _ROUND)
    return shifted - _ROUND, shifted.bits() - _ROUND_BITS


def power_of_2(k: "IntegerVector") -> "Vector":
    """2ᵏ for integers between -1022 and 1023."""
    return ((k << 52) + _ONE_BITS).as_doubles()


def clamped(x: "Vector", low: float, high: float) -> "Vector":
    """x limited to the range from low to high; nan stays nan."""
    x = (x > high).where(high, x)
    return (x < low).where(low, x)


def _expm1_reduced(r: "Vector") -> "Vector":
    """eʳ - 1 for |r| ≤ ln 2 / 2."""
    return (r * r).fma(polynomial(r, [1.0 / math.factorial(n) for n in range(2, 14)]), r)


def _reduced(x: "Vector") -> "tuple[Vector, IntegerVector]":
    """r and k with x = r + k·ln 2."""
    k, whole = integer_part(x, LOG2_E)
    return k.fma(-LN2[1], k.fma(-LN2[0], x)), whole


def exp(x: "Vector") -> "Vector":
    """eˣ = 2ᵏ·eʳ, where 2ᵏ is applied as two factors: it may overflow or underflow even if the product does not."""
    r, k = _reduced(clamped(x, -746.0, 710.0))
    half = k >> 1
    return (_expm1_reduced(r) + 1.0) * power_of_2(half) * power_of_2(k - half)


def expm1(x: "Vector") -> "Vector":
    """eˣ - 1 as twice its half: 2ᵏ may overflow even if the difference does not."""
    r, k = _reduced(clamped(x, -50.0, 710.0))
    half_power = power_of_2(k - 1)
    result = half_power.fma(_expm1_reduced(r), half_power - 0.5) * 2.0
    return (x == 0.0).where(x, result)  # -0 stays -0


def tanh(x: "Vector") -> "Vector":
    """(e^2|x| - 1) / (e^2|x| + 1), with the sign of x.

    With 2|x| = r + k·ln 2 and c = r·coth(r / 2), eʳ is (c + r) / (c - r). Multiplied by c - r, the numerator is
    2ᵏ·2r + (2ᵏ - 1)·(c - r), and the denominator 2ᵏ·2r + (2ᵏ + 1)·(c - r): one division, and c has even powers alone.
    The numerator is never above the denominator, so the result is never above 1.
    """
    doubled = x.absolute() * 2.0
    r, k = _reduced((doubled > 60.0).where(60.0, doubled))
    power = power_of_2(k)
    difference = _horner(r * r, _COTH) - r
    common = power * (r + r)
    return ((power - 1.0).fma(difference, common) / (power + 1.0).fma(difference, common)).with_sign_of(x)


def _halved_exponential(e: "Vector", k: "IntegerVector") -> "Vector":
    """eˣ / 2, given eʳ - 1 and k with x = r + k·ln 2."""
    half = k >> 1
    return (e + 1.0) * power_of_2(half) * power_of_2(k - half - 1)


def sinh(x: "Vector") -> "Vector":
    """(m + m / (m + 1)) / 2, where m = e^|x| - 1, with the sign of x; e^|x| / 2 where the rest is lost."""
    size = x.absolute()
    r, k = _reduced(clamped(size, 0.0, 711.0))
    e, power = _expm1_reduced(r), power_of_2(k)
    m = power.fma(e, power - 1.0)
    near = (m + m / (m + 1.0)) * 0.5
    return (size > 40.0).where(_halved_exponential(e, k), near).with_sign_of(x)


def cosh(x: "Vector") -> "Vector":
    """h + 1 / (4·h), where h = e^|x| / 2."""
    r, k = _reduced(clamped(x.absolute(), 0.0, 711.0))
    half = _halved_exponential(_expm1_reduced(r), k)
    return half + 0.25 / half


def reduced_logarithm(x: "Vector") -> "tuple[Vector, Vector]":
    """m - 1 and k with x = 2ᵏ·m and m between √½ and √2, for 0 < x < inf."""
    tiny = x < 2.0**-1022
    bits = tiny.where(x * 2.0**54, x).bits() - _SQRT_HALF_BITS
    whole = bits >> 52
    f = (bits - (whole << 52) + _SQRT_HALF_BITS).as_doubles() - 1.0
    k = (whole + _ROUND_BITS).as_doubles() - _ROUND
    return f, tiny.where(k - 54.0, k)


def log(x: "Vector") -> "Vector":
    """k·ln 2 + 2·artanh s, where x = 2ᵏ·m, m is between √½ and √2, and s = (m - 1) / (m + 1)."""
    f, k = reduced_logarithm(x)
    s = f / (f + 2.0)
    z = s * s
    # 2·artanh s = f - s·(f - R), where R = 2z/3 + 2z²/5 + ...: the leading f is exact
    r = z * polynomial(z, [2.0 / (2 * n + 1) for n in range(1, 12)])
    half_square = f * f * 0.5
    correction = s.fma(half_square + r, k * LN2[1])
    result = k.fma(LN2[0], f - (half_square - correction))
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
