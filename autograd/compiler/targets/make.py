"""Making a target by its name, if its package is installed."""

from collections.abc import Callable, Sequence
from importlib.util import find_spec
from typing import Any

from autograd.compiler.ir.instruction import NO_WORK, PythonCall
from autograd.compiler.ir.instructions import operations
from autograd.compiler.ir.routine import Routine
from autograd.compiler.targets.base import Target
from autograd.numerics import NUMPY, need_numpy
from autograd.structure import Structure
from autograd.value import Value

__all__ = ["TARGETS", "check_package", "make_call", "make_target", "target_named"]

_PACKAGES = {"jax": "jax", "javascript": "mini-racer", "native": "llvmlite"}  # by target, which also names the extra
_MODULES = {"mini-racer": "py_mini_racer"}  # the packages whose modules have another name

_IN_PYTHON = ("numpy", "python")  # these can call Python functions
_WITHOUT_PACKAGES = "numpy" if NUMPY else "python"  # what "auto" is if there is nothing faster

TARGETS = ("auto", *sorted([*_PACKAGES, "numpy", "python"]))


def make_target(name: str, routine: Routine, per_sample: int) -> Target:
    """Returns a target that runs a routine.

    Arguments:
        name: one of `TARGETS`; "auto" is "numpy" if the routine calls a Python function, and see `target_named`.
        routine: the instructions.
        per_sample: the number of its inputs, the first ones, that differ from sample to sample; the others are leaves.

    Raises:
        ImportError: if a package that the target needs is not installed.
        NotImplementedError: if the target lacks an operation, or cannot call Python functions.
    """
    name = _WITHOUT_PACKAGES if name == "auto" and routine.python_calls else target_named(name)
    if name not in _IN_PYTHON:
        for call in routine.python_calls:
            raise call.refusal(f"the target {name!r}")
    target = _target(name, routine, per_sample)
    computed = {op for op in operations(routine.instructions) if op not in NO_WORK and not isinstance(op, PythonCall)}
    lacking = computed - {*target.operations}
    if lacking:
        raise NotImplementedError(
            f"the target {name!r} lacks the operation {', '.join(map(repr, sorted(lacking)))}; choose another target"
        )
    return target


def make_call(
    target: str,
    routine: Routine,
    leaves: Sequence[Value],
    arguments: Sequence[Structure],
    outputs: Structure,
    plain: Callable[..., Any],
) -> Callable[..., Any] | None:
    """Returns a function that calls a program with the least effort; None if there is nothing quicker than `plain`.

    Arguments:
        target: the name of the target that runs the program.
        routine: the instructions. All its results are outputs.
        leaves: the Values whose numbers are the last inputs.
        arguments: the structures of the positional arguments, whose numbers are the first ones.
        outputs: the structure of what is returned.
        plain: the function that is called with any other arguments, as they are.
    """
    if target == "python":
        from autograd.compiler.targets.python_call import python_call

        return python_call(routine, arguments, leaves, outputs, plain)
    if target != "native":
        return None
    from autograd.compiler.llvm.call import Signature
    from autograd.compiler.targets.native import native_call

    return native_call(routine, Signature(tuple(arguments), len(leaves), outputs), leaves, plain)


def check_package(name: str) -> None:
    """Raises ImportError if the package that a target needs is not installed."""
    package = _PACKAGES.get(name)
    if name not in ("auto", "python"):
        need_numpy(f"the target {name!r}")
    if package and not find_spec(_MODULES.get(package, package)):
        hint = "; program.javascript, the source for a page, needs no package" if name == "javascript" else ""
        raise ImportError(f"the target {name!r} needs {package}: pip install 'scalar-autograd[{name}]'{hint}")


def target_named(name: str) -> str:
    """Returns the name of a target; "auto" is "native" if llvmlite is installed, otherwise "numpy".

    Without NumPy, "auto" is "python".
    """
    if name != "auto":
        return name
    return "native" if NUMPY and find_spec("llvmlite") else _WITHOUT_PACKAGES


def _target(name: str, routine: Routine, per_sample: int) -> Target:
    if name == "native":
        from autograd.compiler.targets.native import NativeTarget

        return NativeTarget(routine, per_sample)
    if name == "jax":
        from autograd.compiler.targets.jax import JaxTarget

        return JaxTarget(routine, per_sample)
    if name == "javascript":
        from autograd.compiler.targets.javascript import JavascriptTarget

        return JavascriptTarget(routine)
    if name == "python":
        from autograd.compiler.targets.python import PythonTarget

        return PythonTarget(routine)
    from autograd.compiler.targets.numpy import NumpyTarget

    return NumpyTarget(routine)
