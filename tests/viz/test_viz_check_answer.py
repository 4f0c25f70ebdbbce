"""Answers of exercises: what is right passes, what is not is told apart, and no message tells the right answer."""

import math
import sys

import numpy as np
import pytest
from hypothesis import given, strategies as st

import autograd
import viz
from autograd import Value, array

numbers = st.floats(-1e6, 1e6).filter(lambda x: abs(x) > 1e-3)


@given(numbers, st.floats(-0.009, 0.009))
def test_a_number_within_one_percent_is_right(right, error):
    assert viz.check_answer(right * (1 + error), right)


@given(numbers, st.floats(0.011, 10.0), st.sampled_from([-1, 1]))
def test_a_number_further_away_is_not(right, error, direction):
    assert not viz.check_answer(right * (1 + direction * error), right)


@pytest.mark.parametrize(
    ("answer", "right", "words"),
    [
        (..., 1.0, "replace ... by your answer"),
        (None, 1.0, "replace ... by your answer"),
        ([1.0, ...], [1.0, 2.0], "replace ... by your answer"),
        ({"w": ..., "b": 1.0}, {"w": 2.0, "b": 1.0}, "replace ... by your answer"),
        (-2.5, 2.5, "the answer has the wrong sign"),
        (-7.0, 2.5, "the answer has the wrong sign"),
        (25.0, 2.5, "the answer is too large"),
        (-25.0, -2.5, "the answer is too large"),
        (0.25, 2.5, "the answer is too small"),
        (math.nan, 2.5, "the answer is not a number"),
        (1.0, 0.0, "the answer is too large"),
        (411_000, 411_741, "the answer is too small"),
        ("four", 4, "the answer must be a number, not 'four'"),
        (True, 1, "the answer must be a number, not True"),
        (1, True, "the answer must be True or False"),
        (False, True, "the answer must not be False"),
        ("or", "and", "the answer must be another word than 'or'"),
        (3, "and", "the answer must be a word"),
        ([1.0, 2.0, 3.0], 1.0, "the answer must be a single number or word, not have the shape (3,)"),
        (1.0, [1.0, 2.0], "the shape must be (2,), not that of a single number"),
        ([[1.0], [2.0]], [[1.0, 2.0]], "the shape must be (1, 2), not (2, 1)"),
        ([[1.0, 2.0], [3.0]], [[1.0, 2.0], [3.0, 4.0]], "all rows must have the same length"),
        ([[1.0, 2.0], [-3.0, 9.0]], [[1.0, 2.0], [3.0, 4.0]], "entry [1, 0] has the wrong sign (2 entries are wrong)"),
        ({"w": 1.0}, {"w": 1.0, "b": 2.0}, "the keys must be 'w', 'b', not 'w'"),
        ({"w": 1.0, "b": 3.0}, {"b": 2.0, "w": 1.0}, "entry 'b' is too large"),
        ({"w": [1.0]}, {"w": [1.0, 2.0]}, "entry 'w': the shape must be (2,), not (1,)"),
        ({"w": 1.0}, 1.0, "the answer must be a single number or word, not be a dict"),
        ({"w": 1.0}, [1.0], "the answer must have the shape (1,), not be a dict"),
        (2.0, {"w": 1.0}, "the answer must be a dict with the keys 'w', not 2.0"),
        (["a", "c"], ["a", "b"], "entry 1 must be another word than 'c'"),
        (Value(3.0), 2.0, "the answer is too large"),
        (([1.0], [2.0, 3.0, 4.0]), ([1.0], [2.0, 3.0]), "part 1: the shape must be (2,), not (3,)"),
        ([[1.0]], ([1.0], [2.0, 3.0]), "the answer must have 2 parts"),
        (1.0, ([1.0], [2.0, 3.0]), "the answer must have 2 parts"),
        (([1.0], [2.0, 4.0]), ([1.0], [2.0, 3.0]), "entry [1, 1] is too large"),
        ([1.0, [2.0]], [[1.0], 2.0], "part 0: the shape must be (1,), not that of a single number"),
    ],
)
def test_a_wrong_answer_is_told_apart(answer, right, words):
    verdict = viz.check_answer(answer, right)
    assert not verdict
    assert repr(verdict) == f"not yet: {words}"


@pytest.mark.parametrize(
    ("answer", "right"),
    [
        (4, 4),
        (4.0, 4),
        (np.float64(0.333), 1 / 3),
        (Value(2.0), 2.0),
        (array([1.0, 2.0]), [1.0, 2.0]),
        ([[1, 0], [0, 1]], np.eye(2)),
        (np.array(5.0), 5.0),
        (np.bool_(True), True),
        (" AND ", "and"),
        ([True, False], np.array([True, False])),
        ({"b": 1.0, "w": (2.0, 3.0)}, {"w": [2.0, 3.0], "b": 1.0}),
        (0.0, 1e-17),
        (math.inf, math.inf),
    ],
)
def test_an_answer_may_have_any_form_of_the_right_one(answer, right):
    assert viz.check_answer(answer, right), viz.check_answer(answer, right)


def test_the_tolerance_may_be_another():
    assert viz.check_answer(1.1, 1.0, tolerance=0.2)
    assert not viz.check_answer(1.001, 1.0, tolerance=0.0)
    with pytest.raises(ValueError, match=r"tolerance must be .*not -0\.1"):
        viz.check_answer(1.0, 1.0, tolerance=-0.1)


def square(x):
    return x * x


@pytest.mark.parametrize(
    ("function", "inputs", "words"),
    [
        (lambda x: 2 * x, [2.0, 3.0], "at 3.0: the result 6.0 is too small"),
        (lambda x: ..., [2.0], "at 2.0: it returns ...; replace ... by your code, and return the result"),
        (lambda x: None, [2.0], "at 2.0: it returns None; replace ... by your code, and return the result"),
        (lambda x: 1 / 0, [2.0], "at 2.0: it raises ZeroDivisionError: division by zero"),
        (lambda x: [x * x], [2.0], "at 2.0: the result [4.0] must be a single number or word, not have the shape (1,)"),
        (lambda: 4.0, [2.0], "at 2.0: it raises TypeError: "),
    ],
)
def test_a_function_that_differs_is_told_where(function, inputs, words):
    verdict = viz.check_function(function, square, inputs)
    assert not verdict
    assert repr(verdict).startswith(f"not yet: {words}")


def test_a_function_that_agrees_is_right():
    assert viz.check_function(lambda x: x**2, square, [2, 0.1 + 0.2, (-3.0,), np.arange(3.0)])


def test_gradients_are_compared_when_asked_for():
    def detached(x):
        return x * x.data

    assert viz.check_function(detached, square, [Value(3.0)])
    verdict = viz.check_function(detached, square, [3.0], gradients=True)
    assert repr(verdict) == "not yet: at 3.0: the gradients of the inputs: entry 0 is too small"
    assert viz.check_function(lambda x: x**2, square, [3.0], gradients=True)
    assert "must return a Value" in repr(viz.check_function(lambda x: x.data**2, square, [3.0], gradients=True))


def test_gradients_of_lists_of_numbers_are_compared():
    def total(xs, w):
        return sum((x * w for x in xs[1:]), xs[0] * w)

    def half(xs, w):
        return sum((x * w.data for x in xs[1:]), xs[0] * w)

    assert viz.check_function(total, total, [([1.0, 2.0], 3.0)], gradients=True)
    assert not viz.check_function(half, total, [([1.0, 2.0], 3.0)], gradients=True)


def test_a_function_cannot_change_the_inputs_of_the_right_one_or_of_later_calls():
    inputs = [np.array([1.0, 2.0])]

    def spoiled(x):
        x *= 2
        return x

    assert not viz.check_function(spoiled, lambda x: x * 1, inputs)
    assert inputs[0].tolist() == [1.0, 2.0]


def test_nothing_to_check_is_an_error():
    with pytest.raises(ValueError, match="inputs must have at least one entry"):
        viz.check_function(square, square, [])
    with pytest.raises(TypeError, match=r"function must be a function, not 3\.0"):
        viz.check_function(3.0, square, [1.0])
    with pytest.raises(TypeError, match=r"reference must be a function, not 3\.0"):
        viz.check_function(square, 3.0, [1.0])


def test_functions_of_the_library_may_be_checked():
    assert viz.check_function(lambda x: 1 / (1 + autograd.exp(-x)), autograd.sigmoid, [0.5, -2.0], gradients=True)


@pytest.mark.parametrize("answer", [1.0, 1e300, -math.inf, math.nan])
def test_only_infinity_is_near_infinity(answer):
    assert not viz.check_answer(answer, math.inf)
    assert not viz.check_function(lambda x: answer, lambda x: math.inf, [0.0])


def test_nan_is_right_only_where_nan_is_the_answer():
    assert viz.check_answer(math.nan, math.nan)
    assert repr(viz.check_answer(1.0, math.nan)) == "not yet: the answer is not the right one"


@pytest.mark.parametrize(("answer", "right"), [(2**53, 2**53 + 1), (float(2**53), 2**53 + 1), (10**400 + 1, 10**400)])
def test_an_integer_is_exact_in_all_its_digits(answer, right):
    assert viz.check_answer(right, right)
    assert not viz.check_answer(answer, right)
    assert not viz.check_answer(right, answer if isinstance(answer, int) else int(answer))
    assert not viz.check_answer(10**400, 1.0)


@pytest.mark.parametrize("kind", [iter, lambda numbers: map(float, numbers), lambda numbers: (x for x in numbers)])
def test_what_can_be_read_only_once_is_compared_entry_by_entry(kind):
    assert viz.check_answer(kind([1, 2]), [1, 2])
    assert viz.check_answer([1, 2], kind([1, 2]))
    assert repr(viz.check_answer([1, 3], kind([1, 2]))) == "not yet: entry 1 is too large"
    assert repr(viz.check_answer({"a": kind([1, 3])}, {"a": [1, 2]})) == "not yet: entry ['a', 1] is too large"
    assert not viz.check_function(lambda x: [x, 3 * x], lambda x: kind([x, x]), [1.0])


def test_a_set_has_no_order():
    assert viz.check_answer({"or", "and", "xor"}, {"xor", "or", "and"})
    assert viz.check_answer([2, 10, 1], {1, 2, 10})
    assert not viz.check_answer([1, 1], {1})
    assert not viz.check_answer({1, 2}, {1, 3})


@pytest.mark.parametrize(
    ("answer", "right", "words"),
    [
        ([{"b": 1}], [{"a": 1}], "part 0: the keys must be 'a', not 'b'"),
        ([2], [{"a": 1}], "part 0: the answer must be a dict with the keys 'a', not 2"),
        ([{"a": 1}], [2], "part 0: the answer must be a single number or word, not be a dict"),
        ([{"a": 3}], [{"a": 1}], "entry [0, 'a'] is too large"),
    ],
)
def test_dicts_in_lists_are_compared_by_their_keys(answer, right, words):
    assert viz.check_answer(right, right)
    assert repr(viz.check_answer(answer, right)) == f"not yet: {words}"


class Table:
    """What pandas has: iterating over it yields the names of its columns."""

    def __iter__(self):
        return iter("ab")

    def to_numpy(self):
        return np.array([[1.0, 3.0], [2.0, 4.0]])


def test_a_table_is_compared_by_its_numbers():
    assert viz.check_answer(Table(), [[1.0, 3.0], [2.0, 4.0]])
    assert not viz.check_answer([[1.0, 3.0], [2.0, 5.0]], Table())


@pytest.mark.parametrize("right", [1j, None, object()])
def test_what_is_right_must_be_numbers_or_words(right):
    with pytest.raises(TypeError, match="what is right must be real numbers or words, not"):
        viz.check_answer(1.0, right)


@pytest.mark.parametrize("right", [1.0, "and", {"a": 1.0}])
@pytest.mark.parametrize("answer", ["x" * 10_000, b"x" * 10_000, ["x" * 10_000], {"x" * 10_000: 1.0}])
def test_a_message_is_short(answer, right):
    assert len(repr(viz.check_answer(answer, right))) < 300
    assert len(repr(viz.check_function(lambda x: answer, lambda x: right, [1.0]))) < 300


def test_a_function_that_leaves_python_or_says_a_lot_is_wrong_in_a_few_words():
    def talks(x):
        raise ValueError("x" * 100_000)

    assert repr(viz.check_function(lambda x: sys.exit(3), square, [1.0])) == "not yet: at 1.0: it raises SystemExit: 3"
    assert len(repr(viz.check_function(talks, square, [1.0]))) < 600


def test_gradients_of_dicts_and_arrays_are_compared():
    def total(x):
        return x["w"] * x["w"] if isinstance(x, dict) else (x * x).sum()

    for inputs in ({"w": 3.0}, np.array([1.0, 2.0])):
        assert viz.check_function(total, total, [inputs], gradients=True)
        assert not viz.check_function(lambda x: total(x) * 2, total, [inputs], gradients=True)


def test_gradients_are_those_of_the_inputs_even_if_a_function_changes_their_list():
    def takes(xs):
        return xs.pop() * 1.0

    assert viz.check_function(takes, lambda xs: xs[-1] * 1.0, [([1.0, 2.0],)], gradients=True)
    assert not viz.check_function(takes, lambda xs: xs[0] * 2.0, [([1.0, 2.0],)], gradients=True)


def test_a_reference_without_gradients_is_not_the_students_mistake():
    with pytest.raises(TypeError, match=r"reference must return a Value, not 1\.0, to compare gradients"):
        viz.check_function(square, lambda x: 1.0, [3.0], gradients=True)
    with pytest.raises(ValueError, match="tolerance must be"):
        viz.check_function(square, square, [3.0], tolerance=-1.0)
