"""CPython's C API as functions that machine code calls, and where machine code finds what is in an object.

Only functions of the stable ABI are called, and NumPy's `PyArray_New`. What is read directly, such as the number in a
float, is found at its place in a few objects first: `readable` and `readable_arrays` say whether it is there.
"""

import ctypes
import struct
import sys
import sysconfig
from functools import cache
from typing import Any

import numpy as np

from autograd.compiler.llvm.builder import Declaration, Function
from autograd.compiler.llvm.registers import Condition, Double, Integer, Pointer, Register
from autograd.value import Value

__all__ = [
    "FLOAT_TYPES",
    "Int",
    "api",
    "array_matches",
    "column_matches",
    "data_of",
    "items_of",
    "length_of",
    "new_array",
    "number_of",
    "place_of_data",
    "readable",
    "readable_arrays",
    "stride_of",
    "type_of",
]

FLOAT_TYPES = (float, np.float64)
"""The types whose objects hold a double in the same place."""

_TYPE, _NUMBER, _ITEMS = 1, 2, 3  # the places, in words of 8 bytes, of an object's type, and in a float and a tuple
_DATA, _NDIM, _SHAPE, _STRIDES, _DTYPE, _FLAGS = 2, 3, 4, 5, 7, 8  # and in an array
_ALIGNED = 0x100  # the flag of an aligned array
_PLAIN = 0x001 | _ALIGNED  # those of one that is also contiguous, row by row
_DOUBLE = 12  # the number of the type of doubles in NumPy's C API
_NEW_ARRAY = 93  # the place of PyArray_New in the table of NumPy's C API


class Int(Register):
    """The int of C."""

    __slots__ = ()

    llvm_type = "i32"

    def is_negative(self) -> Condition:
        """Whether it is below 0, as the result of a function that failed."""
        return self.function.emit(Condition, f"icmp slt i32 {self}, 0")

    def is_zero(self) -> Condition:
        """Whether it is 0, as the result of a comparison of what is equal."""
        return self.function.emit(Condition, f"icmp eq i32 {self}, 0")


_SIGNATURES: dict[str, tuple[tuple[type[Register], ...], type[Register] | None]] = {
    "PyDict_New": ((), Pointer),
    "PyDict_Next": ((Pointer, Pointer, Pointer, Pointer), Int),
    "PyDict_SetItem": ((Pointer, Pointer, Pointer), Int),
    "PyDict_Size": ((Pointer,), Integer),
    "PyErr_Clear": ((), None),
    "PyErr_Occurred": ((), Pointer),
    "PyEval_RestoreThread": ((Pointer,), None),
    "PyEval_SaveThread": ((), Pointer),
    "PyFloat_FromDouble": ((Double,), Pointer),
    "PyList_GetItem": ((Pointer, Integer), Pointer),
    "PyList_New": ((Integer,), Pointer),
    "PyList_SetItem": ((Pointer, Integer, Pointer), Int),
    "PyList_Size": ((Pointer,), Integer),
    "PyLong_AsDouble": ((Pointer,), Double),
    "PyMem_Free": ((Pointer,), None),
    "PyMem_Malloc": ((Integer,), Pointer),
    "PyObject_GetAttr": ((Pointer, Pointer), Pointer),
    "PyObject_Vectorcall": ((Pointer, Pointer, Integer, Pointer), Pointer),
    "PyTuple_GetItem": ((Pointer, Integer), Pointer),
    "PyTuple_New": ((Integer,), Pointer),
    "PyTuple_SetItem": ((Pointer, Integer, Pointer), Int),
    "PyTuple_Size": ((Pointer,), Integer),
    "PyUnicode_Compare": ((Pointer, Pointer), Int),
    "Py_DecRef": ((Pointer,), None),
    "Py_IncRef": ((Pointer,), None),
}


@cache
def api(name: str) -> Declaration:
    """Returns a function of CPython's C API."""
    types, result = _SIGNATURES[name]
    return Declaration(name, types, result, ctypes.cast(getattr(ctypes.pythonapi, name), ctypes.c_void_p).value)


@cache
def readable() -> bool:
    """Whether this is CPython with a global lock, and what is in a float and in a tuple is where it is expected."""
    if sys.implementation.name != "cpython" or sysconfig.get_config_var("Py_GIL_DISABLED"):
        return False
    if struct.calcsize("P") != 8 or sys.byteorder != "little" or object.__basicsize__ != 16:
        return False
    objects = [kind(number) for kind in FLOAT_TYPES for number in (0.1, -2.5e300)]
    if [_word(tuple(objects), _ITEMS + place) for place in range(len(objects))] != [*map(id, objects)]:
        return False
    return all(_word(x, _TYPE) == id(type(x)) and _double(x, _NUMBER) == float(x) for x in objects)


@cache
def readable_arrays() -> bool:
    """Whether what is in an array is where it is expected."""
    arrays = [np.arange(6.0).reshape(2, 3), np.arange(24.0).reshape(2, 3, 4)[:, ::2], np.arange(3.0)]
    arrays.append(np.zeros(17, np.uint8)[1:].view(float))  # which is not aligned
    return all(
        _word(x, _DATA) == x.__array_interface__["data"][0]
        and _word(x, _NDIM) & 0xFFFFFFFF == x.ndim
        and [_word_at(_word(x, _SHAPE) + 8 * axis) for axis in range(x.ndim)] == list(x.shape)
        and [_word_at(_word(x, _STRIDES) + 8 * axis) for axis in range(x.ndim)] == list(x.strides)
        and _word(x, _DTYPE) == id(x.dtype)
        and (_word(x, _FLAGS) & _PLAIN == _PLAIN) == (x.flags.c_contiguous and x.flags.aligned)
        and (_word(x, _FLAGS) & _ALIGNED == _ALIGNED) == x.flags.aligned
        for x in arrays
    )


@cache
def place_of_data() -> int | None:
    """The place in a Value of its `data`, an object; None if it is not found."""
    examples = [Value(number) for number in (0.1, -2.5e300)]
    places = range(_TYPE + 1, Value.__basicsize__ // 8)
    return next((place for place in places if all(_word(v, place) == id(v.data) for v in examples)), None)


def type_of(item: Pointer) -> Pointer:
    """The type of an object."""
    return item.load(Pointer, _TYPE)


def number_of(item: Pointer) -> Double:
    """The number in an object of one of `FLOAT_TYPES`."""
    return item.load(Double, _NUMBER)


def items_of(items: Pointer) -> Pointer:
    """The address of the first item of a tuple."""
    return items.gep(_ITEMS)


def data_of(array: Pointer) -> Pointer:
    """The first number of an array of doubles."""
    return array.load(Pointer, _DATA)


def array_matches(array: Pointer, shape: tuple[int, ...]) -> list[tuple[Any, Any]]:
    """What must be equal if an object of NumPy's type of arrays is an array of doubles of a shape, row by row.

    Returns:
        Pairs of functions that write a number, and of what it must be, each to be checked before the next is written.
    """
    return [
        (lambda: _integer(array, _DTYPE), id(np.dtype(float))),
        (lambda: _integer(array, _NDIM) & 0xFFFFFFFF, len(shape)),
        (lambda: _integer(array, _FLAGS) & _PLAIN, _PLAIN),
        *[
            (lambda axis=axis: array.load(Pointer, _SHAPE).load(Integer, axis), length)
            for axis, length in enumerate(shape)
        ],
    ]


def length_of(array: Pointer) -> Integer:
    """The length of an array of one or more axes."""
    return array.load(Pointer, _SHAPE).load(Integer, 0)


def stride_of(array: Pointer) -> Integer:
    """The distance in bytes from one item of such an array to the next."""
    return array.load(Pointer, _STRIDES).load(Integer, 0)


def column_matches(array: Pointer) -> list[tuple[Any, Any]]:
    """What must be equal if an array is an aligned one of doubles, with one axis; see `array_matches`."""
    return [
        (lambda: _integer(array, _DTYPE), id(np.dtype(float))),
        (lambda: _integer(array, _NDIM) & 0xFFFFFFFF, 1),
        (lambda: _integer(array, _FLAGS) & _ALIGNED, _ALIGNED),
    ]


def new_array(function: Function, shape: tuple[int, ...]) -> Pointer:
    """Writes the call that makes an array of doubles, whose numbers are not set."""
    null = Pointer.constant(function, 0)
    dimensions = function.pointer_to(np.array(shape, np.int64))
    kind = Pointer.constant(function, id(np.ndarray))
    result: Pointer = function.call(_new_array(), kind, len(shape), dimensions, _DOUBLE, null, null, 0, 0, null)
    return result


@cache
def _new_array() -> Declaration:
    capsule = sys.modules["numpy._core._multiarray_umath"]._ARRAY_API
    prototype = ctypes.PYFUNCTYPE(ctypes.c_void_p, ctypes.py_object, ctypes.c_char_p)
    pointer = prototype(("PyCapsule_GetPointer", ctypes.pythonapi))
    types = (Pointer, Int, Pointer, Int, Pointer, Pointer, Int, Int, Pointer)
    return Declaration("PyArray_New", types, Pointer, _word_at(pointer(capsule, None) + 8 * _NEW_ARRAY))


def _integer(item: Pointer, place: int) -> Integer:
    return item.load(Integer, place)


def _word_at(address: int) -> int:
    return ctypes.c_uint64.from_address(address).value


def _word(item: object, place: int) -> int:
    return _word_at(id(item) + 8 * place)


def _double(item: object, place: int) -> float:
    return ctypes.c_double.from_address(id(item) + 8 * place).value
