"""Derivatives by finite differences, and the comparison of exact derivatives with them."""

import math
import sys
from functools import partial

from autograd.contexts import call_on_inputs
from autograd.graph import rebuild, run, topological_order
from autograd.recording import argument_paths, outputs_of
from autograd.structure import flatten, unflatten
from autograd.validation import real_numbers
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
        x: a number, an array of numbers, or nested data of them, as for `grad`.
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
    point, structure = flatten(x)
    point = [_number(number) for number in real_numbers(point, lambda: argument_paths(f, [0], [structure]))]

    def at(numbers: "Sequence[float]") -> float:
        return _number(f(unflatten(structure, [Value(number) for number in numbers])))

    return unflatten(structure, [_difference(at, point, index, step) for index in range(len(point))])


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
        arguments: numbers, arrays or nested data of them; `f` is differentiated with respect to all of them.
        step: as in `numerical_derivative`.
        rtol, atol: the tolerated difference, relative to the central difference and absolute.

    Returns:
        True. No `grad` changes.

    Raises:
        GradcheckError: if derivatives disagree; the message is a table of them, and names each operation of your own
            whose rule is wrong. They disagree at a kink, such as ReLU at 0. Also if f is nan or infinite, at the point
            or after a step.
        TypeError: if `f` is neither a function nor a Value, or returns something that is not a number.
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
    rows, notes = [], []
    for number, gradient in enumerate(exact):
        for index, ours in enumerate(gradient):
            output = partial(_one_output, numbers_of, number)
            name = names[index] + (f" (output {number + 1})" if len(exact) > 1 else "")
            theirs = _difference(output, point, index, step)
            if ours == theirs or (math.isfinite(theirs) and abs(ours - theirs) <= atol + rtol * abs(theirs)):
                continue
            beyond = _beyond_the_domain(output, point, index, step)
            if beyond:
                notes.append(f"{name}: {beyond}")
            else:
                rows.append((name, point[index], ours, theirs))
    if rows or notes:
        table = [_report(rows, len(point) * len(exact), rtol, atol)] if rows else []
        rules = _wrong_rules(outputs([Value(number) for number in point]), step, rtol, atol) if rows else []
        raise GradcheckError("\n".join(notes + rules + table))
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
    given, structure = flatten(tuple(arguments))
    names = argument_paths(f, range(len(arguments)), structure.branches)

    def outputs(inputs: "Sequence[Value]") -> "list[Any]":
        return outputs_of(call_on_inputs(inputs, f, *unflatten(structure, inputs)), f, "return numbers only")[0]

    def numbers_of(point: "Sequence[float]") -> list[float]:
        return [_number(output) for output in outputs([Value(number) for number in point])]

    return names, [_number(number) for number in real_numbers(given, lambda: names)], outputs, numbers_of


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


def _wrong_rules(outputs: "Sequence[Any]", step: float | None, rtol: float, atol: float) -> list[str]:
    """Describes the rules of the user's own operations that differ from a central difference of the operation alone."""
    found: dict[str, None] = {}
    for node in (node for output in map(Value.constant, outputs) for node in topological_order(output)):
        if type(node.op) is str:
            continue
        operands = [_number(operand.data) for operand in node.operands]
        for index, (operand, ours) in enumerate(zip(node.operands, node.local_derivatives, strict=True)):
            theirs = _difference(lambda numbers, node=node: run(node, *numbers), operands, index, step)  # type: ignore[misc]
            if math.isfinite(theirs) and not abs(ours - theirs) <= atol + rtol * abs(theirs):
                name = f"{operand.label} = {operands[index]:g}" if operand.label else f"{operands[index]:g}"
                line = f"the derivative of the operation {node.op} with respect to operand {index + 1}, at {name}"
                found[f"{line}, is {ours:.10g}, but its difference is {theirs:.10g}: check its rule"] = None
    return list(found)


def _one_output(numbers_of: "Numbers", number: int, point: "Sequence[float]") -> float:
    return numbers_of(point)[number]


def _difference(
    f: "Callable[[Sequence[float]], float]", point: "Sequence[float]", index: int, step: float | None
) -> float:
    """The central difference of f with respect to one coordinate of a point."""
    above, below = (f(moved) for moved in _neighbours(point, index, step))
    return (above - below) / (2.0 * _step_at(point[index], step))


def _neighbours(point: "Sequence[float]", index: int, step: float | None) -> "list[list[float]]":
    """The points one step above and one step below in one coordinate."""
    x = point[index]
    h = _step_at(x, step)
    return [[*point[:index], moved, *point[index + 1 :]] for moved in (x + h, x - h)]


def _step_at(x: float, step: float | None) -> float:
    return step or _RELATIVE_STEP * max(1.0, abs(x))


def _beyond_the_domain(
    f: "Callable[[Sequence[float]], float]", point: "Sequence[float]", index: int, step: float | None
) -> str:
    """Describes where f is not finite, at the point or one step from it; "" if it is finite there."""
    here = f(point)
    for moved in _neighbours(point, index, step):
        there = f(moved)
        if math.isnan(there) > math.isnan(here) or math.isfinite(there) < math.isfinite(here):
            return (
                f"the step leaves the domain of the function, which is {here:g} at {point[index]:g} but {there:g} at "
                f"{moved[index]:g}; pass a smaller step, or check at a point farther from the edge"
            )
    if not math.isfinite(here):
        return f"the function is {here:g} at {point[index]:g}; check it at a point where it is finite"
    return ""


def _check_step(step: float | None) -> None:
    if step is not None and not step > 0:
        raise ValueError(f"the step of a difference must be positive, not {step!r}")


def _number(scalar: "Any") -> float:
    return Value.constant(scalar).data


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
