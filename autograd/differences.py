"""Derivatives by finite differences, and the check of the engine's own against them."""

import sys

from autograd.graph import leaves, rebuild
from autograd.structure import flatten, unflatten
from autograd.value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

__all__ = ["GradcheckError", "gradcheck", "numerical_derivative"]

_RELATIVE_STEP = sys.float_info.epsilon ** (1 / 3)  # balances truncation, of order step², and round-off, 1/step


class GradcheckError(AssertionError):
    """Derivatives of the engine and by differences disagree; the message is a table of those that do."""


def numerical_derivative(f: "Callable[[Any], Any]", x: "Any", step: float | None = None) -> "Any":
    """df/dx by the central difference (f(x + step) - f(x - step)) / (2 step).

    Arguments:
        f: a function of one argument that returns one Value or number.
        x: a number, or a (nested) list, tuple or array of them.
        step: the distance Δ; by default `6e-6 · max(1, |x|)`. The error falls with Δ² until round-off outweighs it.

    Returns:
        A float; for a structure, the partial derivatives arranged alike.

    Raises:
        ValueError: if the step is not above 0.

    >>> round(numerical_derivative(lambda x: x**3, 2.0, step=0.001), 9)
    12.000001
    """
    _check_step(step)
    scalars = [_number(scalar) for scalar in flatten(x)]

    def at(values: "Sequence[float]") -> float:
        return _number(f(unflatten(x, [Value(value) for value in values])))

    return unflatten(x, [_difference(at, scalars, index, step) for index in range(len(scalars))])


def gradcheck(
    f: "Callable[..., Any] | Value",
    *arguments: "Any",
    step: float | None = None,
    rtol: float = 1e-6,
    atol: float = 1e-8,
) -> bool:
    """Compares every derivative of `f` with a central difference.

    Arguments:
        f: a function of `arguments` that returns Values; or a recorded output, checked by its leaves.
        arguments: numbers, lists or arrays, all of them differentiated by.
        step: as in `numerical_derivative`.
        rtol, atol: how far the two may lie apart, relative to the difference and in itself.

    Returns:
        True. No `grad` changes.

    Raises:
        GradcheckError: with a table of every derivative that is off. A kink (ReLU at 0) is reported too.

    >>> gradcheck(lambda x, y: (x * y).tanh(), 0.5, -1.5)
    True
    """
    _check_step(step)
    if not isinstance(f, Value) and not callable(f):
        raise TypeError(f"gradcheck takes a function or a Value, not {f!r}")
    if isinstance(f, Value):
        root = f
        own = [leaf for leaf in leaves(root) if leaf.role != "constant"]
        names = [leaf.label or f"leaf {index}" for index, leaf in enumerate(own, 1)]
        point = [leaf.data for leaf in own]

        def outputs(inputs: "Sequence[Value]") -> "list[Any]":
            standing = dict(zip(own, inputs, strict=True))
            return [rebuild(root, lambda leaf: standing.get(leaf, leaf))[root]]
    else:
        function = f
        names = [name for n, argument in enumerate(arguments, 1) for name in _names(f"argument {n}", argument)]
        point = [_number(scalar) for argument in arguments for scalar in flatten(argument)]

        def outputs(inputs: "Sequence[Value]") -> "list[Any]":
            return flatten(function(*unflatten(list(arguments), inputs)))

    exact = _exact(outputs, point)
    rows = []
    for number, gradients in enumerate(exact):
        for index, ours in enumerate(gradients):
            theirs = _difference(lambda values: _data(outputs, values, number), point, index, step)  # noqa: B023
            if not abs(ours - theirs) <= atol + rtol * abs(theirs) and ours != theirs:
                output = f"output {number + 1} by " if len(exact) > 1 else ""
                rows.append((output + names[index], point[index], ours, theirs))
    if rows:
        raise GradcheckError(_report(rows, len(point) * len(exact), rtol, atol))
    return True


def _exact(outputs: "Callable[[Sequence[Value]], list[Any]]", point: "Sequence[float]") -> "list[list[float]]":
    inputs = [Value(number) for number in point]
    rows = []
    for output in map(Value.constant, outputs(inputs)):
        # on leaves of its own, for the graph may reach Values from outside
        made = rebuild(output, lambda leaf: Value(leaf.data))
        made[output].backward()
        rows.append([made[x].grad if x in made else 0.0 for x in inputs])
    return rows


def _data(outputs: "Callable[[Sequence[Value]], list[Any]]", point: "Sequence[float]", number: int) -> float:
    return _number(outputs([Value(x) for x in point])[number])


def _difference(
    f: "Callable[[Sequence[float]], float]", point: "Sequence[float]", index: int, step: float | None
) -> float:
    x = point[index]
    h = step or _RELATIVE_STEP * max(1.0, abs(x))
    above, below = ([*point[:index], moved, *point[index + 1 :]] for moved in (x + h, x - h))
    return (f(above) - f(below)) / (2.0 * h)


def _check_step(step: float | None) -> None:
    if step is not None and not step > 0:
        raise ValueError(f"the step of a difference is above 0, not {step!r}")


def _number(scalar: "Any") -> float:
    return Value.constant(scalar).data


def _names(name: str, argument: "Any") -> list[str]:
    count = len(flatten(argument))
    return [name] if flatten(argument) == [argument] else [f"{name}, element {index}" for index in range(1, count + 1)]


def _report(rows: "Sequence[tuple[str, float, float, float]]", checked: int, rtol: float, atol: float) -> str:
    width = max(len("derivative by"), *(len(name) for name, *_ in rows))
    lines = [
        f"{len(rows)} of {checked} derivatives differ from central differences (rtol={rtol:g}, atol={atol:g})",
        f"{'derivative by':{width}}  {'at':>12}  {'autograd':>16}  {'difference':>16}  {'error':>9}",
    ]
    for name, at, ours, theirs in rows:
        lines.append(f"{name:{width}}  {at:>12.6g}  {ours:>16.10g}  {theirs:>16.10g}  {abs(ours - theirs):>9.2g}")
    return "\n".join(lines)
