"""Derivatives by finite differences, and the comparison of exact derivatives with them."""

import sys

from autograd.graph import rebuild, topological_order
from autograd.structure import flatten, unflatten
from autograd.value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    Outputs = Callable[[Sequence[Value]], list[Any]]
    Numbers = Callable[[Sequence[float]], list[float]]

__all__ = ["GradcheckError", "gradcheck", "numerical_derivative"]

_RELATIVE_STEP = sys.float_info.epsilon ** (1 / 3)  # balances truncation error, of order step², and round-off, 1/step

_MOST_OPERATIONS = 100_000_000  # run in about two minutes


class GradcheckError(AssertionError):
    """Exact derivatives and finite differences disagree; the message is a table of the derivatives that do."""


def numerical_derivative(f: "Callable[[Any], Any]", x: "Any", step: float | None = None) -> "Any":
    """Computes df/dx by the central difference (f(x + step) - f(x - step)) / (2 step).

    Arguments:
        f: a function of one argument that returns one Value or number.
        x: a number, or a (nested) list, tuple or array of numbers.
        step: the distance Δ, positive; by default `6e-6 · max(1, |x|)`. The error is proportional to Δ² until round-off
            dominates.

    Returns:
        A float; for a structure, the partial derivatives in the same structure.

    Raises:
        ValueError: if the step is not positive.

    >>> round(numerical_derivative(lambda x: x**3, 2.0, step=0.001), 9)
    12.000001
    """
    _check_step(step)
    point = [_number(scalar) for scalar in flatten(x)]

    def at(numbers: "Sequence[float]") -> float:
        return _number(f(unflatten(x, [Value(number) for number in numbers])))

    return unflatten(x, [_difference(at, point, index, step) for index in range(len(point))])


def gradcheck(
    f: "Callable[..., Any] | Value",
    *arguments: "Any",
    step: float | None = None,
    rtol: float = 1e-6,
    atol: float = 1e-8,
) -> bool:
    """Compares every derivative of `f` with a central difference.

    Arguments:
        f: a function of `arguments` that returns Values, or a recorded output, which is differentiated with respect to
            its leaves.
        arguments: numbers, lists or arrays; `f` is differentiated with respect to all of them.
        step: as in `numerical_derivative`.
        rtol, atol: the tolerated difference, relative to the central difference and absolute.

    Returns:
        True. No `grad` changes.

    Raises:
        GradcheckError: if derivatives disagree; the message is a table of them. They do at a kink, such as ReLU at 0.
        TypeError: if `f` is neither a function nor a Value.
        ValueError: if the step is not positive, or a recorded output would take minutes: its graph is run twice for
            each leaf.

    >>> gradcheck(lambda x, y: (x * y).tanh(), 0.5, -1.5)
    True
    """
    _check_step(step)
    if not isinstance(f, Value) and not callable(f):
        raise TypeError(f"the first argument of gradcheck must be a function or a Value, not {f!r}")
    names, point, outputs, numbers_of = _recorded(f) if isinstance(f, Value) else _called(f, arguments)
    exact = _exact(outputs, point)
    rows = []
    for number, gradient in enumerate(exact):
        for index, ours in enumerate(gradient):
            theirs = _difference(lambda at: numbers_of(at)[number], point, index, step)  # noqa: B023
            if not abs(ours - theirs) <= atol + rtol * abs(theirs) and ours != theirs:
                output = f" (output {number + 1})" if len(exact) > 1 else ""
                rows.append((names[index] + output, point[index], ours, theirs))
    if rows:
        raise GradcheckError(_report(rows, len(point) * len(exact), rtol, atol))
    return True


def _recorded(root: Value) -> "tuple[list[str], list[float], Outputs, Numbers]":
    """The names and data of the leaves of a recorded output, and the output as a function of them: recorded, or not."""
    order = topological_order(root)
    own = [leaf for leaf in order if not leaf.op and leaf.role != "constant"]
    work = 2 * len(own) * len(order)
    if work > _MOST_OPERATIONS:
        raise ValueError(
            f"gradcheck may run at most {_MOST_OPERATIONS:,} operations, but this graph has {len(order):,} nodes, "
            f"run twice for each of {len(own):,} leaves: check a smaller graph, or a function of a few of the leaves"
        )

    def outputs(inputs: "Sequence[Value]") -> "list[Any]":
        replacement = dict(zip(own, inputs, strict=True))
        return [rebuild(root, lambda leaf: replacement.get(leaf, leaf))[root]]

    data = {leaf: _number(leaf.data) for leaf in order if not leaf.op}

    def numbers_of(point: "Sequence[float]") -> list[float]:
        at = {**data, **dict(zip(own, point, strict=True))}
        return [rebuild(root, at.__getitem__)[root]]

    names = [leaf.label or f"leaf {number}" for number, leaf in enumerate(own, 1)]
    return names, [data[leaf] for leaf in own], outputs, numbers_of


def _called(f: "Callable[..., Any]", arguments: "Sequence[Any]") -> "tuple[list[str], list[float], Outputs, Numbers]":
    """The names and numbers of the scalars among the arguments, and the outputs of f as functions of them."""

    def outputs(inputs: "Sequence[Value]") -> "list[Any]":
        return flatten(f(*unflatten(list(arguments), inputs)))

    def numbers_of(point: "Sequence[float]") -> list[float]:
        return [_number(output) for output in outputs([Value(number) for number in point])]

    names = [name for n, argument in enumerate(arguments, 1) for name in _names(f"argument {n}", argument)]
    return names, [_number(scalar) for argument in arguments for scalar in flatten(argument)], outputs, numbers_of


def _exact(outputs: "Outputs", point: "Sequence[float]") -> "list[list[float]]":
    """The gradient of each output at a point."""
    inputs = [Value(number) for number in point]
    gradients = []
    for output in map(Value.constant, outputs(inputs)):
        # on leaves of its own, because the graph may contain Values that were made before
        made = rebuild(output, lambda leaf: Value(leaf.data))
        made[output].backward()
        gradients.append([made[x].grad if x in made else 0.0 for x in inputs])
    return gradients


def _difference(
    f: "Callable[[Sequence[float]], float]", point: "Sequence[float]", index: int, step: float | None
) -> float:
    """The central difference of f with respect to one coordinate of a point."""
    x = point[index]
    h = step or _RELATIVE_STEP * max(1.0, abs(x))
    above, below = ([*point[:index], moved, *point[index + 1 :]] for moved in (x + h, x - h))
    return (f(above) - f(below)) / (2.0 * h)


def _check_step(step: float | None) -> None:
    if step is not None and not step > 0:
        raise ValueError(f"the step of a difference must be positive, not {step!r}")


def _number(scalar: "Any") -> float:
    return Value.constant(scalar).data


def _names(name: str, argument: "Any") -> list[str]:
    """The names of the scalars of an argument."""
    scalars = flatten(argument)
    return [name] if scalars == [argument] else [f"{name}, element {number}" for number, _ in enumerate(scalars, 1)]


def _report(rows: "Sequence[tuple[str, float, float, float]]", checked: int, rtol: float, atol: float) -> str:
    title = "derivative with respect to"
    width = max(len(title), *(len(name) for name, *_ in rows))
    lines = [
        f"{len(rows)} of {checked} derivatives differ from central differences (rtol={rtol:g}, atol={atol:g})",
        f"{title:{width}}  {'at':>12}  {'autograd':>16}  {'difference':>16}  {'error':>9}",
    ]
    for name, at, ours, theirs in rows:
        lines.append(f"{name:{width}}  {at:>12.6g}  {ours:>16.10g}  {theirs:>16.10g}  {abs(ours - theirs):>9.2g}")
    return "\n".join(lines)
