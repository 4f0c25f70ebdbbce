"""Powers and logarithms to other bases on vectors, within one unit in the last place.

xⁿ is eᴱ, where E = n·ln x has about twice the precision of a double.

Source: J.-M. Muller, "Elementary functions", 3rd ed., 2016, section 11.6; C's standard for the edges, annex F.
"""

import math
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from autograd.compiler.llvm.math import (
    LN2,
    LOG2_E,
    LOG_OF_2,
    clamped,
    integer_part,
    polynomial,
    power_of_2,
    reduced_logarithm,
    split,
)

if TYPE_CHECKING:
    from autograd.compiler.llvm.vector import Vector

__all__ = ["log2", "log10", "power"]

_LOG_OF_10 = Fraction("2.3025850929940456840179914546843642076011014886288")  # 50 digits (OEIS A002392)


class _Pair(NamedTuple):
    """A number as the sum of two doubles, the second of which is much smaller.

    Source: T. Dekker, "A floating-point technique for extending the available precision", 1971.
    """

    high: "Vector"
    low: "Vector"

    def plus_fraction(self, n: int) -> "_Pair":
        """The sum with 1 / n, which must be larger than this number."""
        high = 1.0 / n
        total = self.high + high
        error = self.high - (total - high)
        return _Pair(total, error + (self.low + float(Fraction(1, n) - Fraction(high))))

    def times(self, other: "_Pair") -> "_Pair":
        """The product with another pair."""
        product = self.high * other.high
        error = self.high.fma(other.high, -product)
        return _Pair(product, self.high.fma(other.low, self.low.fma(other.high, error)))


def _logarithm(x: "Vector") -> _Pair:
    """ln x = k·ln 2 + 2·artanh s, with the s of `math.log`, for x > 0; anything for inf."""
    f, k = reduced_logarithm(x)
    divisor = f + 2.0
    quotient = f / divisor
    remainder = quotient.fma(2.0 - divisor + f, quotient.fma(divisor, -f))  # of f / (f + 2), with the opposite sign
    s = _Pair(quotient, -remainder / divisor)
    z = s.times(s)
    tail = z.high * polynomial(z.high, [1.0 / n for n in range(7, 29, 2)])
    series = _Pair(tail, x.like(0.0)).plus_fraction(5)
    for n in (3, 1):  # artanh s = s·(1 + z·(1/3 + z·(1/5 + ...)))
        series = z.times(series).plus_fraction(n)
    artanh = s.times(series)
    whole = k * LN2[0]  # exact
    total = whole + artanh.high * 2.0
    error = artanh.high * 2.0 - (total - whole)
    return _Pair(total, error + k.fma(LN2[1], artanh.low * 2.0))


def _logarithm_to_base(x: "Vector", log_of_base: Fraction) -> "Vector":
    """ln x / ln(base), exact where the result is an integer."""
    inverse, rest = split(1 / log_of_base, 53, 2)
    logarithm = _logarithm(x).times(_Pair(x.like(inverse), x.like(rest)))
    result = (x == math.inf).where(x, logarithm.high + logarithm.low)
    result = (x == 0.0).where(-math.inf, result)
    return (x < 0.0).where(math.nan, x.is_nan().where(x, result))


def log2(x: "Vector") -> "Vector":
    """The logarithm to base 2, as the body of a function of its own."""
    return _logarithm_to_base(x, LOG_OF_2)


def log10(x: "Vector") -> "Vector":
    """The logarithm to base 10, as the body of a function of its own."""
    return _logarithm_to_base(x, _LOG_OF_10)


def _exponential(exponent: _Pair) -> "Vector":
    """e to the power of a pair."""
    high = clamped(exponent.high, -746.0, 710.0)
    k, whole = integer_part(high, LOG2_E)
    exact = k.fma(-LN2[0], high)
    low = k.fma(-LN2[1], exponent.low)
    r = exact + low
    lost = low - (r - exact)
    # 1 + r + (r²/2 + ...), of which only the last and smallest is rounded
    series = (r * r).fma(polynomial(r, [1.0 / math.factorial(n) for n in range(2, 14)]), lost)
    head = r + 1.0
    half = whole >> 1
    return (head + (r - (head - 1.0) + series)) * power_of_2(half) * power_of_2(whole - half)


def power(x: "Vector", n: "Vector") -> "Vector":
    """x to the power n, as the body of a function of its own; at the edges, what C's pow returns."""
    size = x.absolute()
    log = _logarithm(size)
    high = (size == 0.0).where(-math.inf, (size == math.inf).where(size, log.high)) * n
    low = log.high.fma(n, -high) + log.low * n
    low = (high.absolute() < 800.0).where(low, 0.0)  # neither overflowed nor nan
    result = (size == 1.0).where(1.0, _exponential(_Pair(high, low)))
    return _at_edges(x, n, result)


def _at_edges(x: "Vector", n: "Vector", result: "Vector") -> "Vector":
    """The power of x, given that of |x|."""
    half = n * 0.5
    is_integer = n.truncated() == n
    signed = (half.truncated() == half).where(result, -result)  # for a negative x and an integer n
    other = (x < 0.0).where((x == -math.inf).where(result, math.nan), result)
    is_negative = x.like(1.0).with_sign_of(x) < 0.0  # also -0.0
    result = is_negative.where(is_integer.where(signed, other), result)
    result = x.is_nan().where(x, n.is_nan().where(n, result))
    return (n == 0.0).where(1.0, (x == 1.0).where(1.0, result))
