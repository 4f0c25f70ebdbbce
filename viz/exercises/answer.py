"""The check of an answer that is a number, an array or a word."""

import math
from collections.abc import Mapping, Set
from fractions import Fraction
from typing import Any

from autograd.dispatch import real
from viz.exercises.judging import MISTAKES, is_right
from viz.exercises.nested import entries, has_mapping, is_empty, listed, shape_of, shortened
from viz.exercises.verdict import Verdict

__all__ = ["check_answer", "problem_with"]

_TOLERANCE = 0.01


def check_answer(answer: Any, right: Any, *, tolerance: float = _TOLERANCE) -> Verdict:
    """Compares an answer with the right one, and says what is wrong without telling the right answer.

    A float is right within 1 %, so three digits are enough; an int, a bool and a word must be exact, a word in
    capitals or not. A set may be answered by a list in any order. None or `...` means that the answer is still missing.

    Arguments:
        answer: what the student filled in: a number, a string, a Value; or an array, list or dict of these.
        right: the right answer, in the same form. Compute it, so that the cell does not tell it.
        tolerance: the largest error of a float, as a fraction of the right number.

    Returns:
        A verdict, which is true only if everything is right.

    Raises:
        ValueError: if the tolerance is negative or not finite.
        TypeError: if an entry of `right` is neither a real number nor a word.

    >>> check_answer(0.33, 1 / 3)
    right
    >>> check_answer([0.5, -2.0], [0.5, 2.0])
    not yet: entry 1 has the wrong sign
    >>> check_answer([[1, 2], [3, 4], [5, 6]], [[1, 3, 5], [2, 4, 6]])
    not yet: the shape must be (2, 3), not (3, 2)
    >>> check_answer(..., 9)
    not yet: replace ... by your answer
    """
    return Verdict(problem_with(answer, right, tolerance, exact=int))


def problem_with(
    answer: Any, right: Any, tolerance: float, *, exact: type | tuple[()] = (), name: str = "the answer"
) -> str:
    """Returns what is wrong with an answer, which is called by a name; "" if it is right.

    Arguments:
        exact: the type of the numbers that the answer must be equal to.

    Raises:
        ValueError: if the tolerance is negative or not finite.
        TypeError: if an entry of `right` is neither a real number nor a word.
    """
    if not 0.0 <= tolerance < math.inf:
        raise ValueError(f"tolerance must be a fraction of at least 0, such as 0.01, not {tolerance!r}")
    if isinstance(right, Set) and isinstance(answer, (list, tuple)):
        answer = {*answer} if len({*map(repr, answer)}) == len(answer) else answer
    answer, right = listed(answer), listed(right)
    if is_empty(answer):
        return "replace ... by your answer"
    for _, truth in entries(right):
        if not isinstance(truth, (str, bool)) and type(real(truth)) is not float:
            raise TypeError(f"what is right must be real numbers or words, not {shortened(repr(truth))}")
    if form := _wrong_form(answer, right, name):
        return form
    given = dict(entries(answer))
    wrong = [
        (where, words)
        for where, truth in entries(right)
        if (words := _mistake(given[where], truth, 0.0 if exact and isinstance(truth, exact) else tolerance))
    ]
    if not wrong:
        return ""
    where, words = wrong[0]
    return f"{_named(where) or name} {words}{'' if len(wrong) == 1 else f' ({len(wrong)} entries are wrong)'}"


def _wrong_form(answer: Any, right: Any, name: str) -> str:
    """What is wrong with the keys or the shape of an answer."""
    if isinstance(right, Mapping):
        if not isinstance(answer, Mapping):
            return f"{name} must be a dict with the keys {', '.join(map(repr, right))}, not {shortened(repr(answer))}"
        if answer.keys() != right.keys():
            keys = ", ".join(map(repr, right))
            return f"the keys must be {keys}, not {shortened(', '.join(map(repr, answer))) or 'none'}"
        return next(
            (f"entry {key!r}: {words}" for key in right if (words := _wrong_form(answer[key], right[key], name))), ""
        )
    shape, wanted = shape_of(answer), shape_of(right)
    if isinstance(answer, Mapping):
        return f"{name} must {f'have the shape {wanted}' if wanted else 'be a single number or word'}, not be a dict"
    if wanted is None or has_mapping(right) or (shape == wanted and has_mapping(answer)):
        # rows of different lengths or forms
        return _wrong_rows(answer, right, name)
    if shape == wanted:
        return ""
    if shape is None:
        return "all rows must have the same length"
    if not wanted:
        return f"{name} must be a single number or word, not have the shape {shape}"
    return f"the shape must be {wanted}, not {shape or 'that of a single number'}"


def _wrong_rows(answer: Any, right: Any, name: str) -> str:
    """What is wrong with the number or the forms of the rows of an answer."""
    rows = list(right)
    if shape_of(answer) == () or len(list(answer)) != len(rows):
        return f"{name} must have {len(rows)} parts"
    forms = ((k, _wrong_form(given, row, name)) for k, (given, row) in enumerate(zip(answer, rows, strict=True)))
    return next((f"part {k}: {words}" for k, words in forms if words), "")


def _mistake(given: Any, truth: Any, tolerance: float) -> str:
    """What is wrong with an entry; "" if it is right."""
    said = shortened(repr(given))
    if isinstance(truth, str):
        same = isinstance(given, str) and given.strip().casefold() == truth.strip().casefold()
        return "" if same else f"must be another word than {said}" if isinstance(given, str) else "must be a word"
    if isinstance(truth, bool):
        return "" if given is truth else f"must not be {said}" if isinstance(given, bool) else "must be True or False"
    number = None if isinstance(given, (bool, str)) else real(given)
    if type(number) is not float:
        return f"must be a number, not {said}"
    if isinstance(truth, int):  # a float has not all its digits
        given = given if isinstance(given, int) else number
    else:
        given, truth = number, real(truth)
    if _is_close(given, truth, tolerance):
        return ""
    if given != given:
        return MISTAKES["nan"]
    if truth != truth:
        return "is not the right one"
    if (given < 0 < truth) or (truth < 0 < given):
        return MISTAKES["sign"]
    return MISTAKES["large" if abs(given) > abs(truth) else "small"]


def _is_close(given: float, truth: float, tolerance: float) -> bool:
    if given != given and truth != truth:  # nan is the right answer
        return True
    if not isinstance(truth, int) or given in (math.inf, -math.inf) or given != given:
        return is_right(given, truth, tolerance)
    return is_right(Fraction(given), truth, Fraction(tolerance))


def _named(where: tuple[Any, ...]) -> str:
    if not where:
        return ""
    return f"entry {where[0]!r}" if len(where) == 1 else f"entry [{', '.join(map(repr, where))}]"
