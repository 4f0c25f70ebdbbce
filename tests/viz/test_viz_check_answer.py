"""Answers of exercises: what is right passes, what is not is told apart, and no message tells the right answer."""

import math

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
