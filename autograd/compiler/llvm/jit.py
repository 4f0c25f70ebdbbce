"""From functions in LLVM's language to machine code that Python can call."""

import ctypes
import os
from collections.abc import Callable, Iterable
from functools import cache

import llvmlite.binding as llvm

from autograd.compiler.llvm.builder import Function
from autograd.compiler.llvm.math import FUNCTIONS, LARGEST_ANGLE
from autograd.compiler.llvm.vector import DOUBLES, LANES, Vector, any_lane

__all__ = ["Library"]

_FAST_TO_BUILD = 50_000  # lines of IR from which code generation level 0 is chosen: it builds in linear time
_LIBM = ("sin", "cos", "pow")  # what is left to the C library


class Library:
    """Machine code, and the functions in it by name.

    Arguments:
        functions: with their operations called by name; those are defined here.
    """

    def __init__(self, functions: Iterable[Function]) -> None:
        listed = list(functions)
        listed += [_definition(op) for op in sorted({op for function in listed for op in function.called})]
        declared = sorted({text for function in listed for text in function.declared})
        source = "\n".join([*declared, *(function.text for function in listed)])
        self._engine = _build(source, 0 if source.count("\n") > _FAST_TO_BUILD else 1)

    def function(self, name: str, arguments: int) -> Callable[..., int]:
        """A function of pointers and integers, all passed as 64-bit numbers, that returns one."""
        kind = ctypes.CFUNCTYPE(ctypes.c_int64, *[ctypes.c_void_p] * arguments)
        function = kind(self._engine.get_function_address(name))
        function.engine = self._engine  # type: ignore[attr-defined]  # the code lives as long as this does
        return function


def _definition(op: str) -> Function:
    """The function that carries an operation out on vectors."""
    arguments = ["%x", "%y"] if op == "power" else ["%x"]
    function = Function(op, [f"{DOUBLES} {name}" for name in arguments], DOUBLES)
    vectors = [Vector(function, name) for name in arguments]
    if op == "power":
        function.give(_by_library(function, "pow", vectors))
    elif op in _LIBM:
        near = FUNCTIONS[op](*vectors)
        large = vectors[0].absolute() > LARGEST_ANGLE
        function.give_if(function.emit(f"xor i1 {any_lane(large)}, true"), near)
        function.give(large.where(_by_library(function, op, vectors), near))
    else:
        function.give(FUNCTIONS[op](*vectors))
    return function


def _by_library(function: Function, name: str, operands: list[Vector]) -> Vector:
    """A function of the C library, lane by lane."""
    function.declared.add(f"declare double @libm_{name}({', '.join(['double'] * len(operands))})")
    result = "poison"
    for lane in range(LANES):
        numbers = [function.emit(f"extractelement {DOUBLES} {operand}, i32 {lane}") for operand in operands]
        called = function.emit(f"call double @libm_{name}({', '.join(f'double {n}' for n in numbers)})")
        result = function.emit(f"insertelement {DOUBLES} {result}, double {called}, i32 {lane}")
    return Vector(function, result)


@cache
def _initialized() -> None:
    """Sets LLVM up, and tells it where the functions of the C library are."""
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    library = ctypes.CDLL("ucrtbase" if os.name == "nt" else None)  # None: what Python itself is linked to
    for name in _LIBM:
        address = ctypes.cast(getattr(library, name), ctypes.c_void_p).value
        llvm.add_symbol(f"libm_{name}", address)


def _build(source: str, level: int) -> llvm.ExecutionEngine:
    _initialized()
    module = llvm.parse_assembly(source)
    machine = llvm.Target.from_default_triple().create_target_machine(
        cpu=llvm.get_host_cpu_name(), features=llvm.get_host_cpu_features().flatten(), opt=level
    )
    engine = llvm.create_mcjit_compiler(module, machine)
    engine.finalize_object()
    return engine
