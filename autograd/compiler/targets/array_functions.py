"""The operations of a program on whole arrays, for any library with NumPy's names: NumPy itself, or JAX."""

from collections.abc import Callable
from typing import Any

__all__ = ["array_functions"]


def array_functions(numpy: Any) -> dict[str, Callable[..., Any]]:
    """What Python source of a program calls, element by element.

    Arguments:
        numpy: `numpy` or `jax.numpy`.

    >>> import numpy as np
    >>> array_functions(np)["select"](np.array([1.0, -1.0]), 10.0, 20.0).tolist()
    [10.0, 20.0]
    """

    def select(gate: Any, a: Any, b: Any) -> Any:
        return numpy.where(gate > 0.0, a, b)

    def sigmoid(x: Any) -> Any:
        e = numpy.exp(-numpy.abs(x))
        return numpy.where(x >= 0.0, 1.0, e) / (1.0 + e)

    def softplus(x: Any) -> Any:
        return numpy.log1p(numpy.exp(-numpy.abs(x))) + numpy.where(x > 0.0, x, 0.0)

    def power(x: Any, n: Any) -> Any:
        root_at_the_edges = (n == 0.5) & (x + x == x)  # NumPy calls sqrt, which gives -0.0 for -0.0 and nan for -inf
        return numpy.where(root_at_the_edges, numpy.abs(x), numpy.power(x, n))

    own: dict[str, Callable[..., Any]] = {
        "power": power,
        "select": select,
        "sigmoid": sigmoid,
        "softplus": softplus,
    }
    same = ("divide", "exp", "log", "log1p", "expm1", "sqrt", "sin", "cos", "tanh")
    return own | {name: getattr(numpy, name) for name in same}
