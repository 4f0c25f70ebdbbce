"""The check of an answer that is a function."""

import copy
from collections.abc import Callable, Iterable
from typing import Any

from autograd import Value, topological_order
from viz.exercises.answer import problem_with
from viz.exercises.nested import entries
from viz.exercises.verdict import Verdict

__all__ = ["check_function"]

_TOLERANCE = 1e-6  # results are computed, not written down with three digits


def check_function(
    function: Callable[..., Any],
    reference: Callable[..., Any],
    inputs: Iterable[Any],
    *,
    gradients: bool = False,
    tolerance: float = _TOLERANCE,
) -> Verdict:
    """Calls a student's function and the right one with the same inputs, and says where they first differ.

    What the student's function raises is part of the verdict. Each call gets its own copy of the inputs.

    Arguments:
        function: the function to check.
        reference: a function that is right.
        inputs: for each call, a tuple with the arguments; or the argument itself, if there is one.
        gradients: whether to compare the gradients of the inputs, too. Then numbers among the arguments are given as
            Values, and both functions must return one Value.
        tolerance: the largest error of a result, as a fraction of the right number.

    Returns:
        A verdict, which is true only if all results agree.

    Raises:
        TypeError: if `function` or `reference` cannot be called.
        ValueError: if there are no inputs, because then nothing would be checked.

    >>> check_function(lambda x: x * abs(x), lambda x: x**2, [1.0, 2.0, -3.0])
    not yet: at -3.0: the result -9.0 has the wrong sign
    >>> check_function(lambda a, b: a * b, lambda a, b: b * a, [(2.0, 3.0)], gradients=True)
    right
    """
    for what, called in (("function", function), ("reference", reference)):
        if not callable(called):
            raise TypeError(f"{what} must be a function, not {called!r}")
    calls = [given if isinstance(given, tuple) else (given,) for given in inputs]
    if not calls:
        raise ValueError("inputs must have at least one entry, such as [(1.0, 2.0)]; otherwise nothing is checked")
    for arguments in calls:
        if problem := _problem_at(arguments, function, reference, gradients, tolerance):
            return Verdict(f"at {', '.join(map(_short, arguments)) or 'no arguments'}: {problem}")
    return Verdict("")


def _problem_at(
    arguments: tuple[Any, ...],
    function: Callable[..., Any],
    reference: Callable[..., Any],
    gradients: bool,
    tolerance: float,
) -> str:
    right_arguments, given_arguments = (_values(arguments) if gradients else copy.deepcopy(arguments) for _ in "ab")
    right = reference(*right_arguments)
    try:
        given = function(*given_arguments)
    except Exception as error:  # whatever the student's code may raise
        return f"it raises {type(error).__name__}: {error}"
    if given is None or given is ...:
        return f"it returns {'...' if given is ... else 'None'}; replace ... by your code, and return the result"
    if problem := problem_with(given, right, tolerance, name=f"the result {_short(given)}"):
        return problem
    if not gradients:
        return ""
    if not isinstance(given, Value):
        return f"it must return a Value, not {_short(given)}"
    expected, found = _gradients(right, right_arguments), _gradients(given, given_arguments)
    problem = problem_with(found, expected, tolerance)
    return f"the gradients of the inputs: {problem}" if problem else ""


def _values(thing: Any) -> Any:
    """Returns arguments with a new Value in place of each number."""
    if isinstance(thing, (list, tuple)):
        return type(thing)(map(_values, thing))
    return Value(thing) if isinstance(thing, (int, float)) and not isinstance(thing, bool) else copy.deepcopy(thing)


def _gradients(output: Value, arguments: Any) -> list[float]:
    for node in topological_order(output):
        node.grad = 0.0
    output.backward()
    return [leaf.grad for leaf in _leaves(arguments)]


def _leaves(thing: Any) -> list[Value]:
    if isinstance(thing, Value):
        return [thing]
    return [leaf for item in thing for leaf in _leaves(item)] if isinstance(thing, (list, tuple)) else []


def _short(thing: Any) -> str:
    single = [entry for where, entry in entries(thing) if not where]
    text = repr(single[0] if single else thing)
    return text if len(text) <= 60 else f"{text[:57]}..."
