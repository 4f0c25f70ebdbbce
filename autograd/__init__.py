"""A scalar automatic-differentiation engine: the graph you read is the program that runs."""

from autograd.core import is_pure, use_sources

if is_pure():  # before anything else of the package is imported
    use_sources(__path__)

from autograd.calculus import grad, hessian, jacobian, value_and_grad
from autograd.checks import NonFiniteError
from autograd.contexts import scope
from autograd.derivative_graphs import derivative
from autograd.differences import GradcheckError, gradcheck, numerical_derivative
from autograd.functions import (
    absolute,
    arccos,
    arccosh,
    arcsin,
    arcsinh,
    arctan,
    arctan2,
    arctanh,
    cbrt,
    ceil,
    clip,
    copysign,
    cos,
    cosh,
    degrees,
    detach,
    divide,
    erf,
    erfc,
    exp,
    exp2,
    expit,
    expm1,
    floor,
    floor_divide,
    fmod,
    heaviside,
    hypot,
    leaky_relu,
    log,
    log1p,
    log2,
    log10,
    logaddexp,
    maximum,
    minimum,
    power,
    radians,
    reciprocal,
    relu,
    remainder,
    round,  # noqa: A004, F401 - NumPy's; not in __all__, so that * leaves the builtin
    select,
    sigmoid,
    sign,
    sin,
    sinh,
    softplus,
    sqrt,
    square,
    tan,
    tanh,
    trunc,
)
from autograd.graph import leaves, rebuild, topological_order
from autograd.products import hvp, jvp, vjp
from autograd.value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from autograd.array_numbers import data_of, grad_of
    from autograd.arrays import ValueArray, array, logsumexp
    from autograd.compiler import compile_graph as compile
    from autograd.configuration import show_config
    from autograd.custom import Operation, operation
    from autograd.graph_json import graph_from_json, graph_to_json
    from autograd.networkx_graph import to_networkx
    from autograd.notation.steps import backward_steps, forward_steps
    from autograd.unfolding import unfold

__version__ = "0.1.0"

__all__ = [
    "GradcheckError",
    "NonFiniteError",
    "Operation",
    "Value",
    "ValueArray",
    "absolute",
    "arccos",
    "arccosh",
    "arcsin",
    "arcsinh",
    "arctan",
    "arctan2",
    "arctanh",
    "array",
    "backward_steps",
    "cbrt",
    "ceil",
    "clip",
    "compile",
    "copysign",
    "cos",
    "cosh",
    "data_of",
    "degrees",
    "derivative",
    "detach",
    "divide",
    "erf",
    "erfc",
    "exp",
    "exp2",
    "expit",
    "expm1",
    "floor",
    "floor_divide",
    "fmod",
    "forward_steps",
    "grad",
    "grad_of",
    "gradcheck",
    "graph_from_json",
    "graph_to_json",
    "heaviside",
    "hessian",
    "hvp",
    "hypot",
    "jacobian",
    "jvp",
    "leaky_relu",
    "leaves",
    "log",
    "log1p",
    "log2",
    "log10",
    "logaddexp",
    "logsumexp",
    "maximum",
    "minimum",
    "numerical_derivative",
    "operation",
    "power",
    "radians",
    "rebuild",
    "reciprocal",
    "relu",
    "remainder",
    "scope",
    "select",
    "show_config",
    "sigmoid",
    "sign",
    "sin",
    "sinh",
    "softplus",
    "sqrt",
    "square",
    "tan",
    "tanh",
    "to_networkx",
    "topological_order",
    "trunc",
    "unfold",
    "value_and_grad",
    "vjp",
]


def __getattr__(name: str) -> object:
    """Imports names that need NumPy or large standard modules on first use, so that `import autograd` is fast."""
    if name == "compile":
        from autograd.compiler import compile_graph

        return compile_graph
    if name in ("data_of", "grad_of"):
        from autograd import array_numbers

        return getattr(array_numbers, name)
    if name in ("ValueArray", "array", "logsumexp"):
        from autograd.numerics import NUMPY, missing

        if not NUMPY:
            return missing(f"autograd.{name}", "numpy")
        from autograd import arrays

        return getattr(arrays, name)
    if name in ("graph_from_json", "graph_to_json"):
        from autograd import graph_json

        return getattr(graph_json, name)
    if name == "to_networkx":
        from autograd.networkx_graph import to_networkx

        return to_networkx
    if name in ("backward_steps", "forward_steps"):
        from autograd.notation import steps

        return getattr(steps, name)
    if name in ("Operation", "operation"):
        from autograd import custom

        return getattr(custom, name)
    if name == "show_config":
        from autograd.configuration import show_config

        return show_config
    if name == "unfold":
        from autograd.unfolding import unfold

        return unfold
    raise AttributeError(f"module 'autograd' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


def _warn_of_the_other_autograd() -> None:
    """Warns if PyPI's `autograd` is installed too: it has the same import name, so the files of both are mixed."""
    from os.path import dirname, isdir, join

    if isdir(join(dirname(__file__), "numpy")):
        from warnings import warn

        warn(
            "the PyPI package 'autograd' is installed in this environment too, in the same folder as "
            "scalar-autograd; uninstall both, then install each one you need in an environment of its own",
            RuntimeWarning,
            stacklevel=3,
        )


_warn_of_the_other_autograd()
