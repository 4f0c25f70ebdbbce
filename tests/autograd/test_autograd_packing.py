"""The numbers of many leaves at once, on either core."""

from fractions import Fraction
from math import inf, nan
from struct import pack

import pytest

from autograd import Value
from autograd.packing import packed_numbers

NUMBERS = [1.5, -0.0, inf, nan, 5e-324]


class Own(Value):
    """A Value of a user's own class."""


def test_numbers_are_packed_bit_for_bit_group_by_group():
    groups = [list(map(Value, NUMBERS[:2])), (), tuple(map(Value, NUMBERS[2:]))]
    assert bytes(packed_numbers(groups)) == pack("5d", *NUMBERS)
    assert bytes(packed_numbers([])) == b""


@pytest.mark.parametrize("number", [3, True, Fraction(1, 4)])
def test_other_plain_numbers_are_packed_as_floats(number):
    leaf = Value(1.0)
    leaf.data = number
    assert bytes(packed_numbers([[Value(2.0), leaf]])) == pack("2d", 2.0, float(number))


def test_a_subclass_of_value_is_packed_too():
    assert bytes(packed_numbers([[Own(2.0)]])) == pack("d", 2.0)


@pytest.mark.parametrize(
    "other", [Value(1.0) + 1.0, 1.0, None, "w", object()], ids=["sum", "float", "none", "text", "object"]
)
def test_what_is_not_a_leaf_is_refused(other):
    assert packed_numbers([[Value(2.0), other]]) is None


@pytest.mark.parametrize("number", ["1.0", None, Value(1.0), 10**400], ids=["text", "none", "value", "huge"])
def test_a_leaf_without_a_plain_number_is_refused(number):
    leaf = Value(1.0)
    leaf.data = number
    assert packed_numbers([[leaf, Value(2.0)]]) is None
