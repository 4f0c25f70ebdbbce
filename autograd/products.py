"""Products of derivatives with vectors, for which the matrix of all derivatives is never computed."""

from autograd.calculus import grad
from autograd.derivative_graphs import carriers_of
from autograd.functions import select
from autograd.graph import walk
from autograd.node import BRANCHES, MINUS_ONE, NOT_TAKEN, ONE, ZERO
from autograd.recording import Recording, record
from autograd.structure import Structure, elements, unflatten
from autograd.validation import real_numbers
from autograd.value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

__all__ = ["hvp", "jvp", "vjp"]


def jvp(
    f: "Callable[..., Any]", primals: "Sequence[Any]", tangents: "Sequence[Any]", has_aux: bool = False
) -> "tuple[Any, ...]":
    """Computes the outputs of `f`, and their derivatives along one direction: the Jacobian times a vector.

    It takes one forward pass, however many inputs and outputs there are.

    Arguments:
        f: a function of arguments, and with outputs, that are nested as those of `jacobian` may be.
        primals: the arguments, as a tuple or list.
        tangents: the direction: how fast each argument changes, in the structure of `primals`.
        has_aux: whether f returns a pair of outputs and auxiliary data, which are not differentiated.

    Returns:
        The outputs, and the rate of change of each in the same structure: what `jax.jvp` would return. With `has_aux`,
        the auxiliary data too.

    Raises:
        TypeError: if the tangents have another structure than the primals, or something is not a number.

    >>> jvp(lambda x, y: [x * y, x + y], (3.0, 4.0), (1.0, 0.5))
    ([12.0, 7.0], [5.5, 1.5])
    """
    _check(f, "jvp")
    _check_sequence(primals, "primals")
    _check_sequence(tangents, "tangents")
    recording = record(f, primals, {}, range(len(primals)), has_aux)
    directions = _numbers_of(recording.inputs, tuple(tangents), "tangents")
    recording.connected |= any(isinstance(direction, Value) for direction in directions)
    values, slopes, auxiliary = recording.finished(recording.outputs, _tangents(recording, directions))
    return *(unflatten(recording.result, numbers) for numbers in (values, slopes)), *([auxiliary] if has_aux else [])


def vjp(f: "Callable[..., Any]", *primals: "Any", has_aux: bool = False) -> "tuple[Any, ...]":
    """Computes the outputs of `f`, and a function that multiplies a vector by the Jacobian.

    Arguments:
        f: a function of arguments, and with outputs, that are nested as those of `jacobian` may be.
        primals: the arguments.
        has_aux: whether f returns a pair of outputs and auxiliary data, which are not differentiated.

    Returns:
        The outputs, and a function that takes a weight for each output, in their structure, and returns the gradient
        of the weighted sum of all outputs: a tuple with the structure of each argument. Each of its calls takes one
        backward pass. This is what `jax.vjp` would return. With `has_aux`, the auxiliary data too.

    Raises:
        TypeError: if something is not a number; on a call of the function, if the weights have another structure
            than the outputs.

    >>> outputs, pullback = vjp(lambda x, y: [x * y, x + y], 3.0, 4.0)
    >>> outputs, pullback([1.0, 0.0]), pullback([0.0, 1.0])
    ([12.0, 7.0], (4.0, 3.0), (1.0, 1.0))
    """
    _check(f, "vjp")
    recording = record(f, primals, {}, range(len(primals)), has_aux)
    values, auxiliary = recording.finished(recording.outputs)
    connected = recording.connected

    def pullback(cotangent: "Any") -> "tuple[Any, ...]":
        weights = _numbers_of(recording.result, cotangent, "cotangent")
        recording.connected = connected or any(isinstance(weight, Value) for weight in weights)
        terms = [output * weight for output, weight in zip(recording.outputs, weights, strict=True)]
        gradient, _ = recording.finished(*recording.gradients([Value.constant(sum(terms))]))
        return unflatten(recording.inputs, gradient)  # type: ignore[no-any-return]

    return unflatten(recording.result, values), pullback, *([auxiliary] if has_aux else [])


def hvp(
    f: "Callable[..., Any]",
    primals: "Sequence[Any]",
    tangents: "Sequence[Any]",
    argnums: "int | Sequence[int]" = 0,
    has_aux: bool = False,
) -> "Any":
    """Computes the derivative of the gradient of `f` along one direction: the Hessian times a vector.

    It is jvp(grad(f, argnums), primals, tangents)[1], the composition that JAX's documentation recommends, and costs a
    small multiple of one evaluation of f, however many numbers the arguments contain.

    Arguments:
        f: a function that returns one Value; see `grad`.
        primals: all arguments, as a tuple or list.
        tangents: the direction, in the structure of `primals`.
        argnums: the index of the argument whose gradient is meant, or several indices; see `grad`.
        has_aux: whether f returns a pair of that Value and auxiliary data, which are not differentiated.

    Returns:
        The product, in the structure of the chosen argument, or a tuple for several. With `has_aux`, a pair of that and
        the auxiliary data.

    Raises:
        TypeError: as `grad` and `jvp`.

    >>> hvp(lambda x: x[0] ** 2 * x[1], ([3.0, 4.0],), ([1.0, 0.0],))
    [8.0, 6.0]
    """
    _, product, *auxiliary = jvp(grad(f, argnums, has_aux), primals, tangents, has_aux)
    return (product, *auxiliary) if has_aux else product


def _tangents(recording: Recording, directions: "Sequence[Any]") -> "list[Any]":
    """The chain rule from the inputs to the outputs: how fast each output changes if the inputs change as given."""
    xs, outputs = recording.xs, recording.outputs
    if recording.connected:
        carriers = carriers_of(outputs, xs)
        xs, outputs = [[carriers.get(node, node) for node in nodes] for nodes in (xs, outputs)]
    tangents: dict[Value, Any] = dict(zip(xs, directions, strict=True))
    for node in walk(*outputs)[1]:
        uses = zip(node.operands, node.local_derivatives, strict=True)
        terms = [
            _contribution(node.op, tangents[operand], local)
            for operand, local in uses
            if operand in tangents and local is not ZERO
        ]
        if terms:
            tangents[node] = sum(terms[1:], terms[0])
    return [tangents.get(output, 0.0) for output in outputs]


def _contribution(op: str, tangent: "Any", local: "Any") -> "Any":
    """local · tangent, but 0 from a branch that was not taken, whose tangent may be infinite or nan."""
    if local is ONE:
        return tangent
    if local is MINUS_ONE:
        return -tangent
    if local is NOT_TAKEN:
        return NOT_TAKEN
    product = local * tangent
    return select(local * local, product, local) if op in BRANCHES else product


def _numbers_of(structure: Structure, data: "Any", name: str) -> "list[Any]":
    """The numbers of data that should have this structure, as floats or Values."""
    numbers = [number for leaf in structure.leaves_of(data, name) for number in elements(leaf)]
    return real_numbers(numbers, lambda: structure.paths(name))


def _check(f: "Any", name: str) -> None:
    if isinstance(f, Value) or not callable(f):
        raise TypeError(f"the first argument of {name} must be a function, not {f!r}")


def _check_sequence(given: "Any", name: str) -> None:
    if not isinstance(given, (tuple, list)):
        raise TypeError(f"{name} must be a tuple with one entry for each argument of the function, not {given!r}")
