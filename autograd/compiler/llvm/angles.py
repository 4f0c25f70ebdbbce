"""The sine, the cosine and the tangent on vectors, for angles of any size, and the arctangent."""

import math
from collections.abc import Callable
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from autograd.compiler.llvm.builder import Function
from autograd.compiler.llvm.math import integer_part, polynomial, split
from autograd.compiler.llvm.registers import Double, Integer, Pointer, Register

if TYPE_CHECKING:
    from autograd.compiler.llvm.vector import IntegerVector, Vector

__all__ = ["arctan", "cos", "sin", "tan"]

_LARGEST_ANGLE = 2.0**20  # above this, the angle is reduced with as many digits of π as it takes
_HALF_PI = split(Fraction("1.57079632679489661923132169163975144209858469968755"), 33, 3)  # 50 digits (OEIS A019669)
_HALF_PI_REST = 6.123233995736766e-17  # π/2 less the float next to it
_BITS = 1168  # of 2/π: enough for the largest double


def _quadrant(x: "Vector") -> "tuple[Vector, IntegerVector]":
    """r and k with x = r + k·π/2 and |r| ≤ π/4, for an angle that is not large."""
    k, whole = integer_part(x, 2.0 / math.pi)
    for part in _HALF_PI:
        x = k.fma(-part, x)
    return x, whole


def _sin_reduced(r: "Vector") -> "Vector":
    z = r * r
    return (r * z).fma(polynomial(z, [(-1.0) ** n / math.factorial(2 * n + 1) for n in range(1, 9)]), r)


def _cos_reduced(r: "Vector") -> "Vector":
    z = r * r
    half = z * 0.5
    head = 1.0 - half
    lost = (1.0 - head) - half  # the rounding error of the head
    return head + (z * z).fma(polynomial(z, [(-1.0) ** n / math.factorial(2 * n) for n in range(2, 9)]), lost)


def _turned(r: "Vector", quadrant: "IntegerVector") -> "Vector":
    """The sine of r + quadrant·π/2."""
    odd = quadrant.has_bit(0)
    value = odd.where(_cos_reduced(r), _sin_reduced(r))
    return quadrant.has_bit(1).where(-value, value)


def _tangent_turned(r: "Vector", quadrant: "IntegerVector") -> "Vector":
    """The tangent of r + quadrant·π/2."""
    odd = quadrant.has_bit(0)
    sine, cosine = _sin_reduced(r), _cos_reduced(r)
    return odd.where(-cosine, sine) / odd.where(sine, cosine)


def _at_any_angle(x: "Vector", turned: "Callable[[Vector, IntegerVector], Vector]") -> "Vector":
    """A function of x, given that of a reduced angle. If no angle is large, what is being written returns early."""
    r, k = _quadrant(x)
    result = turned(r, k)
    is_large = x.absolute() > _LARGEST_ANGLE
    x.function.ret_if(~is_large.any(), result)
    r, k = _large_quadrant(is_large.where(x, _LARGEST_ANGLE))
    return is_large.where(turned(r, k), result)


def sin(x: "Vector") -> "Vector":
    """The sine of x, as the body of a function of its own."""
    return _at_any_angle(x, lambda r, k: (x == 0.0).where(x, _turned(r, k)))  # -0 stays -0


def cos(x: "Vector") -> "Vector":
    """The cosine of x, as the body of a function of its own."""
    return _at_any_angle(x, lambda r, k: _turned(r, k + 1))


def tan(x: "Vector") -> "Vector":
    """The tangent of x, as the body of a function of its own."""
    return _at_any_angle(x, lambda r, k: (x == 0.0).where(x, _tangent_turned(r, k)))


def arctan(x: "Vector") -> "Vector":
    """arctan c + arctan u, where u = (t - c) / (1 + t·c) and c is the multiple of 1/4 next to t = |x|, or 1 / |x|."""
    size = x.absolute()
    is_large = size > 1.0
    t = is_large.where(1.0 / size, size)
    k, _ = integer_part(t, 4.0)
    c = k * 0.25
    u = (t - c) / t.fma(c, 1.0)
    z = u * u
    rest = u * z * polynomial(z, [(-1.0) ** n / (2 * n + 1) for n in range(1, 10)])
    high, low = x.like(0.0), x.like(0.0)
    for quarters, (first, second) in enumerate(_arctangents(), 1):
        high, low = (k == float(quarters)).where(first, high), (k == float(quarters)).where(second, low)
    angle = high + (u + (rest + low))
    return is_large.where(math.pi / 2 - (angle - _HALF_PI_REST), angle).with_sign_of(x)


@cache
def _arctangents() -> list[list[float]]:
    """The arctangents of 1/4, 1/2, 3/4 and 1, each as the sum of two floats."""
    one = 1 << 160
    third = _arctan_of_inverse(3, one)
    numbers = _arctan_of_inverse(4, one), _arctan_of_inverse(2, one), 2 * third, _arctan_of_inverse(2, one) + third
    return [split(Fraction(number, one), 53, 2) for number in numbers]


# Large angles: M. Payne, R. Hanek, "Radian reduction for trigonometric functions", 1983. An angle is m·2ᵉ with an
# integer m. Of the digits of 2/π, those that only add multiples of 4 to m·2ᵉ·2/π are left out, and so are the last.


class _Wide(Register):
    """A 128-bit integer."""

    __slots__ = ()

    llvm_type = "i128"


class _Reduced(Register):
    """An angle between -π/4 and π/4, and a number of quarter turns."""

    __slots__ = ()

    llvm_type = "<2 x double>"


def _large_quadrant(x: "Vector") -> "tuple[Vector, IntegerVector]":
    """r and k as for `_quadrant`, of large angles, lane by lane; r is nan for inf."""
    r = quadrant = type(x)(x.function, "poison")
    size, emit = x.absolute(), x.function.emit
    for lane in range(x.lanes):
        reduced = x.function.call(_reduction(), size.lane(lane))
        r = r.with_lane(lane, emit(Double, f"extractelement <2 x double> {reduced}, i32 0"))
        quadrant = quadrant.with_lane(lane, emit(Double, f"extractelement <2 x double> {reduced}, i32 1"))
    sign = x.like(1.0).with_sign_of(x)
    return r * sign + (x - x), integer_part(quadrant * sign, 1.0)[1]


@cache
def _reduction() -> Function:
    """The function that reduces a large positive angle."""
    function = Function("reduced_angle", {"x": Double}, _Reduced)
    high, low = _quarter_turns(*function.arguments)
    quadrant = (high + 2**61).shifted_right(62)
    rest = (high - quadrant.shifted_left(62)).to_double() * Double.constant(function, math.pi / 2.0**63)
    fraction = function.emit(Double, f"uitofp i64 {low} to double") * Double.constant(function, math.pi / 2.0**127)
    first = function.emit(_Reduced, f"insertelement <2 x double> poison, double {rest + fraction}, i32 0")
    function.ret(function.emit(_Reduced, f"insertelement <2 x double> {first}, double {quadrant.to_double()}, i32 1"))
    return function


def _quarter_turns(x: Double) -> tuple[Integer, Integer]:
    """x·2/π modulo 4, in units of 2⁻⁶² and of 2⁻¹²⁶, for x between 2²⁰ and the largest double; anything for inf."""
    emit = x.function.emit
    bits = emit(Integer, f"bitcast double {x} to i64")
    exponent = bits.shifted_right(52)
    surplus = (exponent - 2053) & 7  # so that the first digit needed starts a byte
    offset = (exponent * -1 + surplus + 2053).shifted_right(3)
    significand = ((bits & (2**52 - 1)) + 2**52).shifted_left(surplus)
    table = x.function.pointer_to(_two_over_pi())
    first = emit(Pointer, f"getelementptr i8, ptr {table}, i64 {offset}")
    words = [emit(Integer, f"load i64, ptr {first.gep(word)}, align 1") for word in range(3)]
    low, middle = (_wide_product(word, significand) for word in words[:2])
    carried = emit(_Wide, f"add i128 {middle}, {emit(_Wide, f'lshr i128 {low}, 64')}")
    high = emit(Integer, f"trunc i128 {emit(_Wide, f'lshr i128 {carried}, 64')} to i64")
    product = emit(Integer, f"mul i64 {words[2]}, {significand}")
    return emit(Integer, f"add i64 {high}, {product}"), emit(Integer, f"trunc i128 {carried} to i64")


def _wide_product(a: Integer, b: Integer) -> _Wide:
    emit = a.function.emit
    wide = [emit(_Wide, f"zext i64 {number} to i128") for number in (a, b)]
    return emit(_Wide, f"mul i128 {wide[0]}, {wide[1]}")


@cache
def _two_over_pi() -> "np.ndarray[tuple[int], np.dtype[np.uint8]]":
    """The digits of 2/π as bytes, the last first, with zeros after them. π is 16·arctan 1/5 - 4·arctan 1/239."""
    one = 1 << _BITS + 64
    pi = 16 * _arctan_of_inverse(5, one) - 4 * _arctan_of_inverse(239, one)
    digits = (2 * one << _BITS) // pi
    return np.frombuffer(digits.to_bytes(_BITS // 8 + 16, "little"), np.uint8)


def _arctan_of_inverse(n: int, one: int) -> int:
    """The arctangent of 1/n in units of 1/one, by its series."""
    total, power, k = 0, one // n, 1
    while power:
        total += power // k
        power //= -n * n
        k += 2
    return total
