"""A routine as a C function that Python calls with its own objects."""

import ctypes
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from autograd.compiler.llvm.box import make_function
from autograd.compiler.llvm.buffers import Floats, address
from autograd.compiler.llvm.builder import Function
from autograd.compiler.llvm.cpython import api, readable, readable_arrays
from autograd.compiler.llvm.jit import code_address, compiled
from autograd.compiler.llvm.lower import Kernel
from autograd.compiler.llvm.registers import Integer, Pointer
from autograd.compiler.llvm.unbox import keys_in, read_arguments_function, read_columns_function, read_leaves_function
from autograd.structure import Structure, size

__all__ = ["Signature", "call_function", "python_function", "read_columns", "read_leaves"]

_ON_THE_STACK = (
    256  # doubles, half a page; a call that needs more allocates memory, and lets other threads run meanwhile
)
_MOST_CONTAINERS = 300  # because each takes some instructions of its own

# The places of what a call uses in the tuple that it gets as `self`.
_PLAIN, _LEAVES, _ATTRIBUTE, _TAKEN_KEYS, _RETURNED_KEYS = range(5)


class Signature(NamedTuple):
    """What a call takes and returns; equal ones, of equal routines, share their machine code.

    Attributes:
        arguments: the structures of the positional arguments.
        leaves: the number of Values whose numbers are read at each call.
        outputs: the structure of what it returns.
    """

    arguments: tuple[Structure, ...]
    leaves: int
    outputs: Structure

    @property
    def keys(self) -> tuple[tuple[object, ...], tuple[object, ...]]:
        """The keys of the dicts that it takes, and of those that it returns."""
        return tuple(key for structure in self.arguments for key in keys_in(structure)), tuple(keys_in(self.outputs))

    @property
    def is_simple(self) -> bool:
        """Whether machine code can take and return this: numbers, arrays of them, and a few containers of these."""
        every = [*self.arguments, self.outputs]
        if not readable() or (any(any(structure.shapes()) for structure in every) and not readable_arrays()):
            return False
        return all(map(_is_plain, every)) and sum(map(_containers, every)) <= _MOST_CONTAINERS


def call_function(kernel: Kernel, signature: Signature) -> Function:
    """The function call(self, arguments, count, names), as `METH_FASTCALL | METH_KEYWORDS` has it.

    Whatever is not a call with floats and integers in the signature's structure, or if a leaf holds something else, is
    handed over to a Python function, with the arguments as they are. `python_function` makes what `self` points to.

    Arguments:
        kernel: computes one sample.
        signature: what the call takes and returns.
    """
    pointers = {"self": Pointer, "arguments": Pointer, "count": Integer, "names": Pointer}
    function = Function("call", pointers, Pointer)
    itself, arguments, count, names = function.arguments
    inputs, outputs = (sum(map(size, shapes)) for shapes in _shapes(signature))
    needed = signature.leaves + inputs + outputs + kernel.workspace
    is_large = needed > _ON_THE_STACK

    def item(place: int) -> Pointer:
        found: Pointer = function.call(api("PyTuple_GetItem"), itself, place)
        return found

    def handed_over() -> Pointer:
        result: Pointer = function.call(api("PyObject_Vectorcall"), item(_PLAIN), arguments, count, names)
        return result

    on_the_stack = 1 if is_large else max(1, needed)
    memory = function.emit(Pointer, f"alloca double, i64 {on_the_stack}, align 64")
    function.ret_if(count.differs_from(len(signature.arguments)) | ~names.is_at(0), handed_over)
    if is_large:
        memory = function.call(api("PyMem_Malloc"), 8 * needed)
        function.ret_if(memory.is_at(0), handed_over)

    def free() -> None:
        if is_large:
            function.call(api("PyMem_Free"), memory)

    def freed_and_handed_over() -> Pointer:
        free()
        return handed_over()

    given, results = memory.gep(signature.leaves), memory.gep(signature.leaves + inputs)
    if signature.arguments:
        read = function.call(read_arguments_function(signature.arguments), arguments, item(_TAKEN_KEYS), given)
        function.ret_if(~read, freed_and_handed_over)
    if signature.leaves:
        read = function.call(read_leaves_function(), item(_LEAVES), item(_ATTRIBUTE), memory, signature.leaves)
        function.ret_if(~read, freed_and_handed_over)
    _run(kernel, (memory, given, results, results.gep(outputs)), is_large)
    result = function.call(make_function(signature.outputs), item(_RETURNED_KEYS), results)
    free()
    function.ret(result)
    return function


def _run(kernel: Kernel, pointers: tuple[Pointer, ...], lets_others_run: bool) -> None:
    """Writes the call of the kernel for one sample, without the global lock if other threads are to run meanwhile."""
    function = pointers[0].function
    if lets_others_run:
        state = function.call(api("PyEval_SaveThread"))
    function.call(kernel.function, *pointers, 1)
    if lets_others_run:
        function.call(api("PyEval_RestoreThread"), state)


class _MethodDef(ctypes.Structure):
    """CPython's PyMethodDef."""

    _fields_ = (("name", ctypes.c_char_p), ("code", ctypes.c_void_p), ("flags", ctypes.c_int), ("doc", ctypes.c_char_p))


_FASTCALL_WITH_KEYWORDS = 0x80 | 0x2


def python_function(
    code: Callable[..., Any], signature: Signature, leaves: Sequence[Any], plain: Callable[..., Any]
) -> Callable[..., Any]:
    """Returns the Python object that calls machine code.

    CPython needs the definition of the function, and the machine code, until the function is freed. It releases `self`
    last of all; what holds the two in it is an array, which the garbage collector does not look into. So they are also
    there for a `__del__` that calls the function while all of it is collected.

    Arguments:
        code: that of a `call_function`.
        signature: what the call takes and returns.
        leaves: the objects in whose attribute `data` there are the numbers of the leaves.
        plain: the Python function for all other calls.
    """
    definition = _MethodDef(b"program", code_address(code), _FASTCALL_WITH_KEYWORDS, None)
    held = np.empty(1, dtype=object)
    held[0] = code, definition
    itself = plain, tuple(leaves), "data", *signature.keys, held
    create = ctypes.PYFUNCTYPE(ctypes.py_object, ctypes.c_void_p, ctypes.py_object, ctypes.c_void_p)
    created: Callable[..., Any] = create(("PyCFunction_NewEx", ctypes.pythonapi))(
        ctypes.addressof(definition), itself, None
    )
    return created


def read_leaves(leaves: Sequence[Any]) -> Floats | None:
    """Returns the `data` of Values; None if one of them is not a float or an integer."""
    numbers = np.empty(len(leaves))
    if not leaves:
        return numbers
    return numbers if _leaf_reader()(tuple(leaves), "data", address(numbers), len(leaves)) else None


def read_columns(columns: tuple[Any, ...], length: int) -> "npt.NDArray[np.int64] | None":
    """Returns the table of rows of `tiles` that machine code reads from arrays, one row from each.

    Returns None unless each is an aligned array of doubles with one axis of this length.
    """
    words = np.empty((len(columns), 3), np.int64)
    return words if _column_reader()(columns, address(words), len(columns), length) else None


@cache
def _leaf_reader() -> Callable[..., int]:
    return _reader(read_leaves_function(), ctypes.py_object, ctypes.py_object, ctypes.c_void_p, ctypes.c_int64)


@cache
def _column_reader() -> Callable[..., int]:
    return _reader(read_columns_function(), ctypes.py_object, ctypes.c_void_p, ctypes.c_int64, ctypes.c_int64)


def _reader(read: Function, *types: Any) -> Callable[..., int]:
    """Returns a function that tells whether objects could be read, and holds the global lock meanwhile."""
    names = map("a{}".format, range(len(types)))
    function = Function("read", dict(zip(names, read.types, strict=True)), Integer)
    function.ret(function.call(read, *function.arguments).where(Integer(function, "1"), 0))
    (code,) = compiled(function, optimized=True)
    reader: Any = ctypes.PYFUNCTYPE(ctypes.c_int64, *types)(code_address(code))
    reader.code = code
    return reader  # type: ignore[no-any-return]


def _shapes(signature: Signature) -> tuple[list[tuple[int, ...]], list[tuple[int, ...]]]:
    """The shapes of all leaves of the arguments, and of the outputs."""
    return [shape for structure in signature.arguments for shape in structure.shapes()], signature.outputs.shapes()


def _is_plain(structure: Structure) -> bool:
    """Whether all containers in it are those of Python itself, and not of classes derived from them."""
    return structure.container in (None, tuple, list, dict, type(None)) and all(map(_is_plain, structure.branches))


def _containers(structure: Structure) -> int:
    return (structure.container is not None) + sum(map(_containers, structure.branches))
