"""Functions of the C library on vectors, lane by lane."""

import ctypes
import os
from functools import cache
from typing import TYPE_CHECKING

from autograd.compiler.llvm.builder import Declaration
from autograd.compiler.llvm.registers import Double
from autograd.functions import c_name

if TYPE_CHECKING:
    from autograd.compiler.llvm.vector import Vector

__all__ = ["has_function", "lane_by_lane"]

_LIBRARY = ctypes.CDLL("ucrtbase" if os.name == "nt" else None)  # None: the libraries that Python is linked against
_DIFFERENT = ("remainder", "round")  # NumPy's result has the sign of the divisor; NumPy rounds halves to even


def has_function(name: str) -> bool:
    """Whether the C library has the function with this name in NumPy.

    >>> has_function("arctan"), has_function("sigmoid"), has_function("round")
    (True, False, False)
    """
    return name not in _DIFFERENT and hasattr(_LIBRARY, c_name(name))


def lane_by_lane(name: str, *operands: "Vector") -> "Vector":
    """Calls a function of the C library for each lane.

    Arguments:
        name: NumPy's name of the function.
        operands: one vector for each argument of the function.
    """
    function, kind = operands[0].function, type(operands[0])
    callee = _declaration(name, len(operands))
    result = kind(function, "poison")
    for lane in range(operands[0].lanes):
        result = result.with_lane(lane, function.call(callee, *[operand.lane(lane) for operand in operands]))
    return result


@cache
def _declaration(name: str, operands: int) -> Declaration:
    address = ctypes.cast(getattr(_LIBRARY, c_name(name)), ctypes.c_void_p).value
    return Declaration(f"libm_{c_name(name)}", (Double,) * operands, Double, address)
