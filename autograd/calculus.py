"""Exact derivatives of Python functions, of any order, with respect to every number in their arguments."""

from functools import wraps

from autograd.recording import Recording, record, several
from autograd.structure import Structure, array_of, size, unflatten
from autograd.value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

__all__ = ["grad", "hessian", "jacobian", "value_and_grad"]


def grad(f: "Callable[..., Any]", argnums: "int | Sequence[int]" = 0, has_aux: bool = False) -> "Callable[..., Any]":
    """Returns a function that computes the gradient of `f`.

    Arguments:
        f: a function that returns one Value. The arguments to differentiate with respect to are numbers, arrays of
            numbers (of NumPy, pandas, PyTorch or JAX), or nested lists, tuples, named tuples, dicts and dataclasses of
            these; None stands for nothing. Other arguments may be anything.
        argnums: the index of the argument to differentiate with respect to, or several indices.
        has_aux: whether f returns a pair of that Value and auxiliary data, such as metrics, which are not
            differentiated.

    Returns:
        A function of the same arguments, including keyword arguments. Its result has the structure of the chosen
        argument (a tuple of such results for several): what `jax.grad` would return. It consists of floats and NumPy
        arrays, or of Values that can be differentiated again if an argument contains Values or f uses Values made
        before the call. With `has_aux`, it is a pair of that and the auxiliary data.

    Raises:
        TypeError: if `f` is not a function or `argnums` is not an index; on the call, if f does not return one Value,
            an argument contains something that is not a number, or there is no argument with that index.
        ValueError: on the call, if `argnums` chooses an argument twice.

    >>> grad(lambda x, y: x * x * y)(3.0, 2.0)
    12.0
    >>> grad(lambda p: p["w"] * p["x"][0] + p["b"])({"w": 2.0, "x": [3.0], "b": 1.0})
    {'w': 3.0, 'x': [2.0], 'b': 1.0}
    >>> grad(lambda x: grad(lambda y: x * y)(x))(3.0)  # the inner gradient is x
    1.0
    """
    _check_function(f, "grad", argnums)
    both = value_and_grad(f, argnums, has_aux)

    @wraps(f, updated=())
    def gradient(*arguments: "Any", **options: "Any") -> "Any":
        value, result = both(*arguments, **options)
        return (result, value[1]) if has_aux else result

    return gradient


def value_and_grad(
    f: "Callable[..., Any]", argnums: "int | Sequence[int]" = 0, has_aux: bool = False
) -> "Callable[..., tuple[Any, Any]]":
    """Returns a function that computes the result of `f` and its gradient; see `grad`.

    With `has_aux`, the result is ((value, auxiliary data), gradient).

    >>> value_and_grad(lambda w: w[0] * w[1])([3.0, 4.0])
    (12.0, [4.0, 3.0])
    >>> value_and_grad(lambda x: (x * x, {"inner": x + 1.0}), has_aux=True)(3.0)
    ((9.0, {'inner': 4.0}), 6.0)
    """
    _check_function(f, "value_and_grad", argnums)

    @wraps(f, updated=())
    def value_and_gradient(*arguments: "Any", **options: "Any") -> "tuple[Any, Any]":
        recording = record(f, arguments, options, argnums, has_aux)
        _check_one_output(recording, f)
        (value,), numbers, auxiliary = recording.finished(recording.outputs, *recording.gradients(recording.outputs))
        gradient = unflatten(recording.inputs, numbers)
        return ((value, auxiliary), gradient) if has_aux else (value, gradient)

    return value_and_gradient


def jacobian(
    f: "Callable[..., Any]", argnums: "int | Sequence[int]" = 0, has_aux: bool = False
) -> "Callable[..., Any]":
    """Returns a function that computes the derivatives of every output of `f`; see `grad`.

    The outputs may be nested as the arguments are. The result has the structure of the outputs, with the structure of
    the argument in the place of each (of a tuple of the arguments if `argnums` are several): what `jax.jacobian` would
    return. For an array of shape s in the output and one of shape t in the argument, it holds an array of shape s + t:
    for f: Rᴺ → Rᴹ, the matrix with M rows and N columns.

    It takes one backward pass for each number in the output.

    >>> jacobian(lambda x: [x[0] * x[1], x[0] + x[1]])([3.0, 4.0])
    [[4.0, 3.0], [1.0, 1.0]]
    """
    _check_function(f, "jacobian", argnums)

    @wraps(f, updated=())
    def derivatives_of_every_output(*arguments: "Any", **options: "Any") -> "Any":
        recording = record(f, arguments, options, argnums, has_aux)
        *rows, auxiliary = recording.finished(*recording.gradients(recording.outputs))
        result = _arranged(recording.result, recording.inputs, rows)
        return (result, auxiliary) if has_aux else result

    return derivatives_of_every_output


def hessian(f: "Callable[..., Any]", argnums: "int | Sequence[int]" = 0, has_aux: bool = False) -> "Callable[..., Any]":
    """Returns a function that computes the second derivatives of every output of `f`: the Jacobian of its Jacobian.

    The result has the structure of the outputs, with that of the argument twice in the place of each; see `jacobian`.

    >>> hessian(lambda x: x[0] ** 2 * x[1])([3.0, 4.0])
    [[8.0, 6.0], [6.0, 0.0]]
    >>> hessian(lambda x: {"square": x * x, "cube": x**3})(2.0)
    {'square': 2.0, 'cube': 12.0}
    """
    _check_function(f, "hessian", argnums)
    return jacobian(jacobian(f, argnums, has_aux), argnums, has_aux)


def _arranged(outputs: Structure, inputs: Structure, rows: "Sequence[Sequence[Any]]") -> "Any":
    """Arranges the matrix of all derivatives, one row for each number in the output, in the two structures."""
    shapes = inputs.shapes()
    results = []
    first_row = 0
    for shape in outputs.shapes():
        block = rows[first_row : first_row + size(shape)]
        first_row += size(shape)
        columns = []
        first = 0
        for inner in shapes:
            last = first + size(inner)
            columns.append(array_of([number for row in block for number in row[first:last]], shape + inner))
            first = last
        results.append(inputs.arrange(columns))
    return outputs.arrange(results)


def _check_one_output(recording: Recording, f: "Callable[..., Any]") -> None:
    if recording.result.container is not None or recording.result.shape:
        name = getattr(f, "__name__", "the function")
        returned = recording.result.described()
        raise TypeError(f"{name} must return a Value, not {returned}; for several outputs use jacobian")


def _check_function(f: "Any", name: str, argnums: "Any") -> None:
    if isinstance(f, Value):
        raise TypeError(f"the argument of {name} must be a function, not a Value; use derivative(y, x) for an output")
    if not callable(f):
        raise TypeError(f"the argument of {name} must be a function, not {f!r}")
    if not all(hasattr(argnum, "__index__") for argnum in several(argnums)):
        raise TypeError(f"argnums must be the index of an argument, or several, counted from 0, not {argnums!r}")
