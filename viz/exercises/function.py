"""The check of an answer that is a function."""

import copy
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from autograd import Value, array, topological_order
from viz.exercises.answer import problem_with
from viz.exercises.nested import entries, listed, plain, shortened
from viz.exercises.verdict import Verdict

__all__ = ["check_function"]

_WORDS = 400  # characters of an error
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

    What the student's function raises is part of the verdict, and so is a call of `exit`. Each call gets its own copy
    of the inputs.

    Arguments:
        function: the function to check.
        reference: a function that is right.
        inputs: for each call, a tuple with the arguments; or the argument itself, if there is one.
        gradients: whether to compare the gradients of the inputs, too. Then numbers among the arguments, also in lists,
            dicts and arrays, are given as Values, and both functions must return one Value.
        tolerance: the largest error of a result, as a fraction of the right number.

    Returns:
        A verdict, which is true only if all results agree.

    Raises:
        TypeError: if `function` or `reference` cannot be called, or `reference` does not return numbers or words, with
            gradients a Value.
        ValueError: if there are no inputs, because then nothing would be checked; or if the tolerance is negative or
            infinite.

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
    right_leaves, given_leaves = _leaves(right_arguments), _leaves(given_arguments)  # before a function changes a list
    right = listed(reference(*right_arguments))
    if gradients and not isinstance(right, Value):
        raise TypeError(f"reference must return a Value, not {_short(right)}, to compare gradients")
    try:
        given = listed(function(*given_arguments))
    except (Exception, SystemExit) as error:  # whatever the student's code may raise
        return shortened(f"it raises {type(error).__name__}: {error}", _WORDS)
    if given is None or given is ...:
        return f"it returns {'...' if given is ... else 'None'}; replace ... by your code, and return the result"
    if problem := problem_with(given, right, tolerance, name=f"the result {_short(given)}"):
        return problem
    if not gradients:
        return ""
    if not isinstance(given, Value):
        return f"it must return a Value, not {_short(given)}"
    expected, found = _gradients(right, right_leaves), _gradients(given, given_leaves)
    problem = problem_with(found, expected, tolerance)
    return f"the gradients of the inputs: {problem}" if problem else ""


def _values(thing: Any) -> Any:
    """Returns arguments with a new Value in place of each number."""
    if isinstance(thing, (list, tuple)):
        return type(thing)(map(_values, thing))
    if isinstance(thing, dict):
        return {key: _values(item) for key, item in thing.items()}
    if getattr(thing, "shape", ()):
        return array(_values(thing.tolist()))
    number = plain(thing)
    return Value(number) if isinstance(number, (int, float)) and not isinstance(number, bool) else copy.deepcopy(thing)


def _gradients(output: Value, leaves: Sequence[Value]) -> list[float]:
    for node in topological_order(output):
        node.grad = 0.0
    output.backward()
    return [leaf.grad for leaf in leaves]


def _leaves(thing: Any) -> list[Value]:
    if isinstance(thing, Value):
        return [thing]
    if isinstance(thing, dict):
        return _leaves([*thing.values()])
    if getattr(thing, "shape", ()):
        return _leaves(thing.tolist())
    return [leaf for item in thing for leaf in _leaves(item)] if isinstance(thing, (list, tuple)) else []


def _short(thing: Any) -> str:
    single = [entry for where, entry in entries(thing) if not where]
    return shortened(repr(single[0] if single else thing))
