"""The primitives on whole arrays, for any library with NumPy's names: NumPy itself or JAX."""

from collections.abc import Callable, Mapping
from functools import cache
from types import FunctionType
from typing import Any

from autograd import arithmetic, dispatch, elementary, functions as composed, piecewise
from autograd.compiler.source.python import PYTHON
from autograd.functions import FORMULAS, PRIMITIVES

__all__ = ["array_functions"]


@cache
def array_functions(numpy: Any) -> Mapping[str, Callable[..., Any]]:
    """Returns the functions that the Python source of a program calls, elementwise on arrays.

    These are the library's own functions of that name, or the formula of the primitive if it has none.

    Arguments:
        numpy: `numpy` or `jax.numpy`.

    >>> import numpy as np
    >>> array_functions(np)["select"](np.array([1.0, -1.0]), 10.0, 20.0).tolist()
    [10.0, 20.0]
    """

    def select(gate: Any, a: Any, b: Any) -> Any:
        return numpy.where(gate > 0.0, a, b)

    def power(x: Any, n: Any) -> Any:
        root_at_the_edges = (n == 0.5) & (x + x == x)  # NumPy calls sqrt, which maps -0.0 to -0.0 and -inf to nan
        return numpy.where(root_at_the_edges, numpy.abs(x), numpy.power(x, n))

    modules = (dispatch, arithmetic, piecewise, elementary, composed)
    written = {name: f for module in modules for name, f in vars(module).items()}
    functions: dict[str, Any] = {**written, "select": select, "power": power}
    helpers = {name: f for name, f in written.items() if name.startswith("_") and isinstance(f, FunctionType)}
    formulas: dict[str, Any] = {**helpers, **FORMULAS}
    for name, formula in formulas.items():
        # run as it is, on the library's functions in place of ours, so that it frees its arrays
        functions[name] = FunctionType(formula.__code__, functions, name)
    own = [name for name in PRIMITIVES if name not in ("select", "power") and hasattr(numpy, name)]
    functions |= {name: getattr(numpy, name) for name in own}
    known = {"select", "power", *own, *FORMULAS}
    return {name: functions[name] for name in PRIMITIVES if name in known and name not in PYTHON.operations}
