"""Exact derivatives of recorded outputs and of Python functions, at any order."""

from operator import index

from autograd.functions import real
from autograd.graph import leaves, run, topological_order, walk
from autograd.node import ZERO
from autograd.structure import flatten, unflatten
from autograd.value import Value, new_leaves

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

__all__ = ["derivative", "grad", "hessian", "jacobian", "value_and_grad"]


def derivative(y: Value, x: Value) -> Value:
    """dy/dx as a graph of its own, connected to the leaves of y: draw it, evaluate it, differentiate it again.

    Arguments:
        y: a recorded output.
        x: any node below it; what x itself was made of counts as fixed.

    Returns:
        A Value, possibly one of y's own nodes; 0 where y does not depend on x. No `grad` changes.

    Raises:
        TypeError: if either is not a Value.

    >>> x = Value(2.0, "x")
    >>> slope = derivative(x**3, x)
    >>> slope.data, derivative(slope, x).data
    (12.0, 12.0)
    """
    for name, node in (("y", y), ("x", x)):
        if not isinstance(node, Value):
            raise TypeError(f"derivative(y, x) takes two Values, but {name} is {node!r}; for a function use grad(f)")
    return _derivatives(y, [x])[0]


def grad(f: "Callable[..., Any]", argnums: "int | Sequence[int]" = 0) -> "Callable[..., Any]":
    """The function that gives the gradient of `f`.

    Arguments:
        f: a function that returns one Value, of scalars, (nested) lists, tuples or arrays.
        argnums: which argument to differentiate by, or several.

    Returns:
        A function of the same arguments, keyword arguments included. Its result has the structure of the chosen
        argument (a tuple of those, if several): floats for floats; Values, to be differentiated again, where an
        argument holds Values or f uses Values made before the call.

    Raises:
        TypeError: if `f` is not a function, or `argnums` no place of an argument; on the call, if f does not
            return one Value.
        ValueError: on the call, if `argnums` asks for one argument twice.

    >>> grad(lambda x, y: x * x * y)(3.0, 2.0)
    12.0
    >>> grad(lambda x: grad(lambda y: x * y)(x))(3.0)  # of the inner gradient, which is x
    1.0
    """
    _check_function(f, "grad", argnums)
    both = value_and_grad(f, argnums)

    def gradient(*arguments: "Any", **options: "Any") -> "Any":
        return both(*arguments, **options)[1]

    return gradient


def value_and_grad(f: "Callable[..., Any]", argnums: "int | Sequence[int]" = 0) -> "Callable[..., tuple[Any, Any]]":
    """The function that gives what `f` returns and its gradient; see `grad`.

    >>> value_and_grad(lambda w: w[0] * w[1])([3.0, 4.0])
    (12.0, [4.0, 3.0])
    """
    _check_function(f, "value_and_grad", argnums)

    def value_and_gradient(*arguments: "Any", **options: "Any") -> "tuple[Any, Any]":
        (output,), rows = _call(f, arguments, options, argnums, lambda result: [result])
        return output, rows[0]

    return value_and_gradient


def jacobian(f: "Callable[..., Any]", argnums: "int | Sequence[int]" = 0) -> "Callable[..., Any]":
    """The function that gives every derivative of every output of `f`; see `grad`.

    The result has the structure of f's output with that of the argument inside: for f: Rᴺ → Rᴹ on arrays, M×N.

    >>> jacobian(lambda x: [x[0] * x[1], x[0] + x[1]])([3.0, 4.0])
    [[4.0, 3.0], [1.0, 1.0]]
    """
    _check_function(f, "jacobian", argnums)

    def derivatives_of_every_output(*arguments: "Any", **options: "Any") -> "Any":
        results = []

        def outputs(result: "Any") -> "list[Any]":
            results.append(result)
            return flatten(result)

        _, rows = _call(f, arguments, options, argnums, outputs)
        if hasattr(argnums, "__index__"):
            return unflatten(results[0], rows)
        return tuple(unflatten(results[0], column) for column in zip(*rows, strict=True))

    return derivatives_of_every_output


def hessian(f: "Callable[..., Any]", argnums: int = 0) -> "Callable[..., Any]":
    """The function that gives the second derivatives of `f`: the Jacobian of its gradient; see `grad`.

    >>> hessian(lambda x: x[0] ** 2 * x[1])([3.0, 4.0])
    [[8.0, 6.0], [6.0, 0.0]]
    """
    _check_function(f, "hessian", argnums)
    return jacobian(grad(f, argnums), argnums)


def _derivatives(y: Value, xs: "Sequence[Value]") -> list[Value]:
    """dy/dx for several nodes, none of them above another, in one backward pass.

    What lies between the xs and y is run again on Values that carry its own nodes in place of numbers, so the
    ordinary rules and the ordinary `backward()` write the derivative down in terms of those nodes.
    """
    carriers = {x: Value(x) for x in xs}
    depending = set(xs)
    for node in walk(y)[1]:
        operands = node.operands
        if node in depending or depending.isdisjoint(operands):
            continue
        depending.add(node)
        for operand in operands:
            if operand not in carriers:
                carriers[operand] = Value(operand)
        carrier = run(node, *[carriers[operand] for operand in operands])
        _replace(carrier.data, node, carrier.local_derivatives, operands)
        if carrier._da is carrier.data:
            carrier._da = node
        carrier.data = node  # the same number, and its graph is there already
        carriers[node] = carrier
    if y not in depending:
        return [Value.constant(0.0) for _ in xs]
    carriers[y].backward()
    return [Value.constant(carriers[x].grad) for x in xs]


def _replace(copy: "Any", node: Value, locals_: "Sequence[Any]", operands: "Sequence[Value]") -> None:
    """Lets the graphs of local derivatives, down to `operands`, refer to `node` where they have a copy of it."""
    waiting = list(locals_)
    while waiting:
        made = waiting.pop()
        if isinstance(made, Value) and made not in operands:
            for slot in ("_a", "_b", "_rest"):
                if getattr(made, slot) is copy:
                    setattr(made, slot, node)
                else:
                    waiting.append(getattr(made, slot))


def _call(
    f: "Callable[..., Any]",
    arguments: "Sequence[Any]",
    options: "dict[str, Any]",
    argnums: "int | Sequence[int]",
    outputs_of: "Callable[[Any], list[Any]]",
) -> "tuple[list[Any], list[Any]]":
    """The outputs of f(*arguments), and for each its derivatives in the structure of the chosen arguments."""
    positions = _positions(argnums, len(arguments))
    given = [flatten(arguments[position]) for position in positions]
    inputs = [[_input(scalar) for scalar in scalars] for scalars in given]
    call = list(arguments)
    for position, scalars in zip(positions, inputs, strict=True):
        call[position] = unflatten(arguments[position], scalars)
    with new_leaves() as made:
        outputs = [_output(output, f) for output in outputs_of(f(*call, **options))]

    xs = [x for scalars in inputs for x in scalars]
    originals = {x: v for x, v in zip(xs, [v for row in given for v in row], strict=True) if isinstance(v, Value)}
    if originals or _reaches_outside(outputs, xs + made):
        rows = [_derivatives(output, xs) for output in outputs]
        connected = _connect(outputs + [v for row in rows for v in row], originals)
        values: list[Any] = connected[: len(outputs)]
        rest = iter(connected[len(outputs) :])
        rows = [[next(rest) for _ in xs] for _ in outputs]
    else:
        values = [output.data for output in outputs]
        rows = [_gradients(output, xs) for output in outputs]

    def arranged(row: "list[Any]") -> "Any":
        scalars = iter(row)
        parts = [
            unflatten(arguments[p], [next(scalars) for _ in part]) for p, part in zip(positions, inputs, strict=True)
        ]
        return parts[0] if hasattr(argnums, "__index__") else tuple(parts)

    return values, [arranged(row) for row in rows]


def _positions(argnums: "int | Sequence[int]", count: int) -> list[int]:
    """The places of the chosen ones among `count` arguments, from 0."""
    chosen = [index(argnum) for argnum in _several(argnums)]
    for position in chosen:
        if not -count <= position < count:
            raise TypeError(f"argnums asks for argument {position}, but there are {count} (they count from 0)")
    positions = [position % count for position in chosen]
    if len(set(positions)) < len(positions):
        raise ValueError(f"argnums chooses every argument once at most, but {argnums!r} has one of {count} twice")
    return positions


def _several(argnums: "Any") -> "list[Any]":
    return list(argnums) if isinstance(argnums, (list, tuple, range)) else [argnums]


def _reaches_outside(outputs: "Sequence[Value]", own: "Sequence[Value]") -> bool:
    """Whether the graphs of `outputs` have inputs or parameters besides their own."""
    known = set(own)
    return any(leaf.role != "constant" and leaf not in known for output in outputs for leaf in leaves(output))


def _gradients(output: Value, xs: "Sequence[Value]") -> "list[Any]":
    """d(output)/dx as numbers; every gradient is as it was when it is done."""
    nodes = topological_order(output)
    before = [node.grad for node in nodes]
    for x in xs:
        x.grad = ZERO
    try:
        output.backward()
        return [x.grad for x in xs]
    finally:
        for node, gradient in zip(nodes, before, strict=True):
            node.grad = gradient


def _connect(roots: "Sequence[Value]", originals: "dict[Value, Value]") -> list[Value]:
    """The graphs of `roots` with some of their leaves replaced by the Values they stand for."""
    made = dict(originals)
    for root in roots:
        for node in walk(root)[1]:
            if node not in made and not made.keys().isdisjoint(node.operands):
                made[node] = run(node, *[made.get(operand, operand) for operand in node.operands])
                made[node].label, made[node].scope = node.label, node.scope
    return [made.get(root, root) for root in roots]


def _input(scalar: "Any") -> Value:
    if isinstance(scalar, Value):
        return Value(scalar.data, scalar.label, role="input")
    return Value(scalar, role="input")


def _output(output: "Any", f: "Callable[..., Any]") -> Value:
    if not isinstance(output, Value) and real(output) is None:
        name = getattr(f, "__name__", "the function")
        raise TypeError(f"{name} should return a Value, not {output!r}; jacobian takes functions of several outputs")
    return Value.constant(output)


def _check_function(f: "Any", name: str, argnums: "Any") -> None:
    if isinstance(f, Value):
        raise TypeError(f"{name} takes a function, not a Value; for a recorded output use derivative(y, x)")
    if not callable(f):
        raise TypeError(f"{name} takes a function, not {f!r}")
    if not all(hasattr(argnum, "__index__") for argnum in _several(argnums)):
        raise TypeError(f"argnums is the place of an argument, or several such (they count from 0), not {argnums!r}")
