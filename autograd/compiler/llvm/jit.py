"""From functions in LLVM's intermediate representation to machine code that Python can call."""

import ctypes
from collections.abc import Callable
from functools import cache
from typing import Any

import llvmlite.binding as llvm

from autograd.compiler.llvm.builder import Function, Module
from autograd.compiler.llvm.registers import Integer, Pointer, Register

__all__ = ["compiled"]

_LONG = 50_000  # above this many lines of IR, code is generated at level 0, which takes linear time
_C_TYPES: dict[type[Register] | None, Any] = {Integer: ctypes.c_int64, Pointer: ctypes.c_void_p, None: None}


def compiled(*functions: Function) -> list[Callable[..., Any]]:
    """Compiles functions, and those that they call, to machine code.

    Arguments:
        functions: functions of pointers and integers that return an integer or nothing.

    Returns:
        A callable for each function; it takes addresses for pointers.

    >>> double_it = Function("double_it", {"x": Integer}, Integer)
    >>> double_it.ret(double_it.arguments[0] * 2)
    >>> (call,) = compiled(double_it)
    >>> call(21)
    42
    """
    engine = _build(Module(*functions))
    return [_callable(function, engine) for function in functions]


def _callable(function: Function, engine: llvm.ExecutionEngine) -> Callable[..., Any]:
    kind = ctypes.CFUNCTYPE(_C_TYPES[function.result], *[_C_TYPES[parameter] for parameter in function.types])
    found: Any = kind(engine.get_function_address(function.name))
    found.engine = engine  # the code lives only as long as the engine
    return found  # type: ignore[no-any-return]


@cache
def _initialize() -> None:
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()


def _build(module: Module) -> llvm.ExecutionEngine:
    _initialize()
    for declaration in module.declarations:
        if declaration.address is not None:
            llvm.add_symbol(declaration.name, declaration.address)
    text = module.text
    machine = llvm.Target.from_default_triple().create_target_machine(
        cpu=llvm.get_host_cpu_name(),
        features=llvm.get_host_cpu_features().flatten(),
        opt=0 if text.count("\n") > _LONG else 1,
    )
    engine = llvm.create_mcjit_compiler(llvm.parse_assembly(text), machine)
    engine.finalize_object()
    return engine
