"""From functions in LLVM's intermediate representation to machine code that Python can call."""

import ctypes
from collections.abc import Callable
from functools import cache
from typing import Any

import llvmlite.binding as llvm
import numpy.typing as npt

from autograd.compiler.llvm.builder import Function, Module
from autograd.compiler.llvm.registers import Integer, Pointer, Register

__all__ = ["code_address", "code_size", "compiled"]

_SHORT = 1_000  # up to this many lines of IR, optimizing them pays: a longer program spends its time in its own loops
_LONG = 50_000  # above this many lines of IR, code is generated at level 0, which takes linear time
_ENGINE = 65_536  # bytes that LLVM keeps for each piece of machine code, whatever its size
_C_TYPES: dict[type[Register] | None, Any] = {Integer: ctypes.c_int64, Pointer: ctypes.c_void_p, None: None}


def compiled(*functions: Function, optimized: bool = False) -> list[Callable[..., Any]]:
    """Compiles functions, and those that they call, to machine code.

    Arguments:
        functions: functions of pointers and integers that return an integer or nothing.
        optimized: whether LLVM should first join the functions of a short module into one and drop what it stores only
            to load it again. That takes tenths of a millisecond for each line, and keeps all bits.

    Returns:
        A callable for each function; it takes addresses for pointers. The machine code lives as long as any of them.

    >>> double_it = Function("double_it", {"x": Integer}, Integer)
    >>> double_it.ret(double_it.arguments[0] * 2)
    >>> (call,) = compiled(double_it)
    >>> call(21)
    42
    """
    module = Module(*functions)
    for declaration in module.declarations:
        if declaration.address is not None:
            llvm.add_symbol(declaration.name, declaration.address)
    code = _object_code(module.text, optimized)
    engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), _new_machine(0))
    engine.add_object_file(llvm.ObjectFileRef.from_data(code))
    engine.finalize_object()
    size = _ENGINE + 2 * len(code) + sum(array.nbytes for array in module.memory)  # the engine keeps the object file
    return [_callable(function, engine, module.memory, size) for function in functions]


def code_size(call: Callable[..., Any]) -> int:
    """The number of bytes that the machine code behind a callable takes, with all that LLVM keeps for it."""
    size: int = call.size  # type: ignore[attr-defined]
    return size


def code_address(call: Callable[..., Any]) -> int:
    """The address of the machine code behind a callable."""
    address: int = call.address  # type: ignore[attr-defined]
    return address


def _callable(
    function: Function, engine: llvm.ExecutionEngine, memory: list[npt.NDArray[Any]], size: int
) -> Callable[..., Any]:
    kind = ctypes.CFUNCTYPE(_C_TYPES[function.result], *[_C_TYPES[parameter] for parameter in function.types])
    address = engine.get_function_address(function.name)
    found: Any = kind(address)
    found.engine, found.memory = engine, memory  # the code lives only as long as the engine
    found.size, found.address = size, address
    return found  # type: ignore[no-any-return]


def _object_code(text: str, optimized: bool) -> bytes:
    """Generates machine code, as an object file. What LLVM makes on the way is freed."""
    lines = text.count("\n")
    machine = _machine(0 if lines > _LONG else 1)
    context = llvm.create_context()
    module = llvm.parse_assembly(text, context)
    if optimized and lines < _SHORT:
        builder = llvm.create_pass_builder(machine, llvm.create_pipeline_tuning_options(speed_level=2))
        builder.getModulePassManager().run(module, builder)
    code: bytes = machine.emit_object(module)
    module.close()
    context.close()
    return code


@cache
def _machine(level: int) -> llvm.TargetMachine:
    """The target machine that generates code: it keeps tables of 700 kB, which all programs share."""
    return _new_machine(level)


def _new_machine(level: int) -> llvm.TargetMachine:
    _initialize()
    return llvm.Target.from_default_triple().create_target_machine(
        cpu=llvm.get_host_cpu_name(), features=llvm.get_host_cpu_features().flatten(), opt=level
    )


@cache
def _initialize() -> None:
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
