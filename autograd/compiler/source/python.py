"""Python as a language for routines, and routines as Python functions."""

import math
from collections.abc import Callable, Mapping
from typing import Any

from autograd.compiler.ir.instruction import PythonCall
from autograd.compiler.ir.routine import Routine
from autograd.compiler.source.language import INFIX, Language
from autograd.compiler.source.text import source
from autograd.compiler.trace.builder import Traced

__all__ = ["PYTHON", "python_calls", "python_function", "results_and_gradients"]


def _literal(number: float) -> str:
    return repr(number) if math.isfinite(number) else f'float("{number}")'


PYTHON = Language(
    head="def {name}({arguments}):\n",
    line="    {name} = {value}\n",
    comment="    # {text}\n",
    result="    return {value}\n",
    end="",
    operations=INFIX,
    literal=_literal,
    spread="*",
    sums="[sum(column) for column in zip(*[sum({call}, []) for row in {rows}])]",
    calls_python=True,
)


def python_function(routine: Routine, functions: Mapping[str, Any]) -> Callable[..., Any]:
    """Returns a routine as a Python function of its inputs.

    Arguments:
        routine: the instructions.
        functions: the functions that its source calls, by name.
    """
    namespace: dict[str, Any] = {**functions, **python_calls(routine)}
    exec(compile(source(Traced.unnamed(routine), PYTHON).text, "<compiled graph>", "exec"), namespace)
    function: Callable[..., Any] = namespace["program"]
    return function


def python_calls(routine: Routine) -> dict[str, Callable[..., Any]]:
    """Returns the functions of a routine's instructions that call Python, by name."""
    return {op: _call(op) for op in routine.python_calls}


def results_and_gradients(routine: Routine, functions: Mapping[str, Any]) -> Callable[..., Any]:
    """Returns a function that returns the list of results and the list of gradients, which may be empty."""
    function = python_function(routine, functions)
    return function if routine.gradients else lambda *numbers: (function(*numbers), [])


def _call(op: PythonCall) -> Callable[..., Any]:
    """The function of an instruction that calls Python, on floats or elementwise on arrays of floats."""

    def call(*operands: Any) -> Any:
        if any(hasattr(operand, "shape") and operand.shape for operand in operands):
            import numpy as np

            return np.frompyfunc(op.function, len(operands), 1)(*operands).astype(float)
        return op.function(*map(float, operands))

    return call
