"""Exact derivatives of recorded outputs and of Python functions, of any order."""

from operator import index

from autograd.collector import collector_paused
from autograd.contexts import leaves_made_by
from autograd.functions import real
from autograd.graph import leaves, replaced, run, walk
from autograd.node import ZERO
from autograd.structure import flatten, unflatten
from autograd.value import Value, carrying

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

__all__ = ["derivative", "grad", "hessian", "jacobian", "value_and_grad"]


def derivative(y: Value, x: Value) -> Value:
    """Returns dy/dx as a graph, connected to the leaves of y: it can be drawn, evaluated and differentiated again.

    Arguments:
        y: a recorded output.
        x: any node below y; it is treated as independent of the nodes it was computed from.

    Returns:
        A Value, possibly one of y's own nodes; 0 if y does not depend on x. No `grad` changes.

    Raises:
        TypeError: if y or x is not a Value.

    >>> x = Value(2.0, "x")
    >>> slope = derivative(x**3, x)
    >>> slope.data, derivative(slope, x).data
    (12.0, 12.0)
    """
    for name, node in (("y", y), ("x", x)):
        if not isinstance(node, Value):
            raise TypeError(
                f"the arguments of derivative(y, x) must be Values, but {name} is {node!r}; for a function use grad(f)"
            )
    return _derivatives(y, [x])[0]


def grad(f: "Callable[..., Any]", argnums: "int | Sequence[int]" = 0) -> "Callable[..., Any]":
    """Returns a function that computes the gradient of `f`.

    Arguments:
        f: a function that returns one Value. Its arguments are scalars, or (nested) lists, tuples or arrays of them.
        argnums: the index of the argument to differentiate with respect to, or several indices.

    Returns:
        A function of the same arguments, including keyword arguments. Its result has the structure of the chosen
        argument (a tuple of such results for several). It consists of floats, or of Values that can be differentiated
        again if an argument contains Values or f uses Values made before the call.

    Raises:
        TypeError: if `f` is not a function or `argnums` is not an index; on the call, if f does not return one Value
            or there is no argument with that index.
        ValueError: on the call, if `argnums` chooses an argument twice.

    >>> grad(lambda x, y: x * x * y)(3.0, 2.0)
    12.0
    >>> grad(lambda x: grad(lambda y: x * y)(x))(3.0)  # the inner gradient is x
    1.0
    """
    _check_function(f, "grad", argnums)
    both = value_and_grad(f, argnums)

    def gradient(*arguments: "Any", **options: "Any") -> "Any":
        return both(*arguments, **options)[1]

    return gradient


def value_and_grad(f: "Callable[..., Any]", argnums: "int | Sequence[int]" = 0) -> "Callable[..., tuple[Any, Any]]":
    """Returns a function that computes the result of `f` and its gradient; see `grad`.

    >>> value_and_grad(lambda w: w[0] * w[1])([3.0, 4.0])
    (12.0, [4.0, 3.0])
    """
    _check_function(f, "value_and_grad", argnums)

    def value_and_gradient(*arguments: "Any", **options: "Any") -> "tuple[Any, Any]":
        (output,), gradients = _call(f, arguments, options, argnums, lambda result: [result])
        return output, gradients[0]

    return value_and_gradient


def jacobian(f: "Callable[..., Any]", argnums: "int | Sequence[int]" = 0) -> "Callable[..., Any]":
    """Returns a function that computes the derivatives of every output of `f`; see `grad`.

    The result has the structure of the output of f, with the structure of the argument inside: for f: Rᴺ → Rᴹ on
    arrays, its shape is M×N. If the output is an array and the argument a list, it is a list of arrays, each with the
    axes of the output first.

    >>> jacobian(lambda x: [x[0] * x[1], x[0] + x[1]])([3.0, 4.0])
    [[4.0, 3.0], [1.0, 1.0]]
    """
    _check_function(f, "jacobian", argnums)

    def derivatives_of_every_output(*arguments: "Any", **options: "Any") -> "Any":
        results = []

        def outputs(result: "Any") -> "list[Any]":
            results.append(result)
            return flatten(result)

        _, gradients = _call(f, arguments, options, argnums, outputs)
        if hasattr(argnums, "__index__"):
            return unflatten(results[0], gradients, arguments[index(argnums)])
        columns = [[gradient[number] for gradient in gradients] for number in range(len(argnums))]
        chosen = [arguments[index(argnum)] for argnum in argnums]
        return tuple(unflatten(results[0], column, like) for column, like in zip(columns, chosen, strict=True))

    return derivatives_of_every_output


def hessian(f: "Callable[..., Any]", argnums: int = 0) -> "Callable[..., Any]":
    """Returns a function that computes the second derivatives of `f`: the Jacobian of its gradient; see `grad`.

    >>> hessian(lambda x: x[0] ** 2 * x[1])([3.0, 4.0])
    [[8.0, 6.0], [6.0, 0.0]]
    """
    _check_function(f, "hessian", argnums)
    return jacobian(grad(f, argnums), argnums)


@collector_paused
def _derivatives(y: Value, xs: "Sequence[Value]") -> list[Value]:
    """Computes dy/dx for several nodes, none of which depends on another, in one backward pass.

    The graph between the xs and y is run again on carriers: Values whose data are its own nodes instead of floats. The
    ordinary rules and the ordinary `backward()` therefore record the derivative in terms of these nodes.
    """
    carriers = {x: carrying(x) for x in xs}  # of the xs, and of the nodes that depend on them
    others: dict[Value, Value] = {}
    for node in walk(y)[1]:
        operands = node.operands
        if node in carriers or carriers.keys().isdisjoint(operands):
            continue
        for operand in operands:
            if operand not in carriers and operand not in others:
                others[operand] = carrying(operand)
        carrier = run(node, *[carriers[v] if v in carriers else others[v] for v in operands])
        _replace(carrier.data, node, carrier.local_derivatives, operands)
        if carrier._da is carrier.data:
            carrier._da = node
        carrier.data = node  # the same number, whose graph exists already
        carriers[node] = carrier
    if y not in carriers:
        return [Value.constant(0.0) for _ in xs]
    carriers[y].backward()
    return [Value.constant(carriers[x].grad) for x in xs]


def _replace(copy: "Any", node: Value, locals_: "Sequence[Any]", operands: "Sequence[Value]") -> None:
    """Replaces `copy` by `node` in the graphs of local derivatives, down to `operands`."""
    waiting = [local for local in locals_ if isinstance(local, Value) and local not in operands]
    while waiting:
        made = waiting.pop()
        for slot in ("_a", "_b", "_rest"):
            operand = getattr(made, slot)
            if operand is copy:
                setattr(made, slot, node)
            elif isinstance(operand, Value) and operand._a is not None and operand not in operands:
                waiting.append(operand)


def _call(
    f: "Callable[..., Any]",
    arguments: "Sequence[Any]",
    options: "dict[str, Any]",
    argnums: "int | Sequence[int]",
    outputs_of: "Callable[[Any], list[Any]]",
) -> "tuple[list[Any], list[Any]]":
    """Returns the outputs of f(*arguments), and the gradient of each in the structure of the chosen arguments."""
    positions = _positions(argnums, len(arguments))
    given = [scalar for position in positions for scalar in flatten(arguments[position])]
    xs = [_input(scalar) for scalar in given]

    def arranged(scalars: "Sequence[Any]") -> "list[Any]":
        remaining = iter(scalars)
        return [unflatten(arguments[position], remaining) for position in positions]

    call = list(arguments)
    for position, argument in zip(positions, arranged(xs), strict=True):
        call[position] = argument
    outputs, made = leaves_made_by(lambda: [_output(output, f) for output in outputs_of(f(*call, **options))])

    originals = {x: v for x, v in zip(xs, given, strict=True) if isinstance(v, Value)}
    outside = _outside(outputs, [*xs, *made])
    if originals or any(leaf.role != "constant" for leaf in outside):
        values, gradients = _connected(outputs, xs, originals)
    else:
        copies = {leaf: Value(leaf.data) for leaf in outside}  # so that the backward passes change no Value of f's own
        outputs = replaced(outputs, copies)
        values = [output.data for output in outputs]
        gradients = [_gradients(output, xs) for output in outputs]
    results = map(arranged, gradients)
    return values, [chosen[0] for chosen in results] if hasattr(argnums, "__index__") else [*map(tuple, results)]


def _positions(argnums: "int | Sequence[int]", count: int) -> list[int]:
    """The indices of the chosen arguments among `count`, none of them negative."""
    chosen = [index(argnum) for argnum in _several(argnums)]
    for position in chosen:
        if not -count <= position < count:
            raise TypeError(
                f"argnums must be the index of an argument, counted from 0, not {position}: "
                f"the call has {count} argument{'s' * (count != 1)}"
            )
    positions = [position % count for position in chosen]
    if len(set(positions)) < len(positions):
        raise ValueError(
            f"argnums must choose each argument at most once, but {argnums!r} chooses one of {count} arguments twice"
        )
    return positions


def _several(argnums: "Any") -> "list[Any]":
    return list(argnums) if isinstance(argnums, (list, tuple, range)) else [argnums]


def _outside(outputs: "Sequence[Value]", own: "Sequence[Value]") -> "list[Value]":
    """The leaves of the graphs of `outputs` other than their own."""
    known = set(own)
    return [leaf for output in outputs for leaf in leaves(output) if leaf not in known]


def _gradients(output: Value, xs: "Sequence[Value]") -> "list[Any]":
    """The derivatives d(output)/dx as numbers."""
    for x in xs:
        x.grad = ZERO
    output.backward()
    return [x.grad for x in xs]


def _connected(
    outputs: "Sequence[Value]", xs: "Sequence[Value]", originals: "dict[Value, Value]"
) -> "tuple[list[Any], list[list[Any]]]":
    """The outputs and the derivatives of each, as graphs of the original Values for which some of the xs stood in."""
    gradients = [_derivatives(output, xs) for output in outputs]
    connected = iter(replaced([*outputs, *(v for gradient in gradients for v in gradient)], originals))
    return [next(connected) for _ in outputs], [[next(connected) for _ in xs] for _ in outputs]


def _input(scalar: "Any") -> Value:
    if isinstance(scalar, Value):
        return Value(scalar.data, scalar.label, role="input")
    return Value(scalar, role="input")


def _output(output: "Any", f: "Callable[..., Any]") -> Value:
    if not isinstance(output, Value) and real(output) is None:
        name = getattr(f, "__name__", "the function")
        raise TypeError(f"{name} must return a Value, not {output!r}; for several outputs use jacobian")
    return Value.constant(output)


def _check_function(f: "Any", name: str, argnums: "Any") -> None:
    if isinstance(f, Value):
        raise TypeError(f"the argument of {name} must be a function, not a Value; use derivative(y, x) for an output")
    if not callable(f):
        raise TypeError(f"the argument of {name} must be a function, not {f!r}")
    if not all(hasattr(argnum, "__index__") for argnum in _several(argnums)):
        raise TypeError(f"argnums must be the index of an argument, or several, counted from 0, not {argnums!r}")
