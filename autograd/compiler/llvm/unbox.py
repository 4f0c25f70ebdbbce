"""The numbers in Python objects, read by machine code: floats, integers, arrays, tuples and lists of them."""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import numpy as np

from autograd.compiler.llvm.builder import Function
from autograd.compiler.llvm.cpython import FLOAT_TYPES, api, array_matches, data_of, number_of, place_of_data, type_of
from autograd.compiler.llvm.registers import Condition, Integer, Pointer
from autograd.structure import Structure, size
from autograd.value import Value

__all__ = ["copy_function", "read_arguments_function", "read_leaves_function"]

_CONTAINERS: dict[type | None, str] = {tuple: "PyTuple", list: "PyList"}


def read_arguments_function(arguments: Sequence[Structure]) -> Function:
    """The function read_arguments(objects, numbers), which returns whether the objects have these structures."""
    function = Function("read_arguments", {"objects": Pointer, "numbers": Pointer}, Condition)
    objects, numbers = function.arguments
    if all(map(_is_number, arguments)):
        function.ret(function.call(_read_numbers(), objects, numbers, len(arguments)))
        return function
    place = 0
    for position, structure in enumerate(arguments):
        _read(structure, objects.load(Pointer, position), numbers.gep(place))
        place += sum(map(size, structure.shapes()))
    function.ret(Condition.constant(function, True))
    return function


@cache
def read_leaves_function() -> Function:
    """The function read_leaves(leaves, data, numbers, count), which reads the attribute `data` of each item of a tuple.

    It returns whether each is a float or an integer. Its second argument is the name of the attribute.
    """
    pointers = dict.fromkeys(("leaves", "attribute", "numbers"), Pointer)
    function = Function("read_leaves", {**pointers, "count": Integer}, Condition)
    leaves, attribute, numbers, count = function.arguments
    with function.loop(count) as loop:
        leaf = function.call(api("PyTuple_GetItem"), leaves, loop.index)
        _leave_unless(function.call(_read_leaf(), leaf, attribute, numbers.gep(loop.index)))
    function.ret(Condition.constant(function, True))
    return function


@cache
def _read_leaf() -> Function:
    """The function read_leaf(leaf, attribute, number)."""
    function = Function("read_leaf", dict.fromkeys(("leaf", "attribute", "number"), Pointer), Condition)
    leaf, attribute, number = function.arguments
    place = place_of_data()

    def read_directly() -> Condition:
        item = leaf.load(Pointer, place or 0)
        function.ret_if(item.is_at(0), Condition.constant(function, False))  # it was deleted
        read: Condition = function.call(_read_number(), item, number)
        return read

    if place is not None:
        function.ret_if(type_of(leaf).is_at(id(Value)), read_directly)
    item = function.call(api("PyObject_GetAttr"), leaf, attribute)
    function.ret_if(item.is_at(0), lambda: _cleared(function))
    read = function.call(_read_number(), item, number)
    function.call(api("Py_DecRef"), item)
    function.ret(read)
    return function


@cache
def copy_function() -> Function:
    """The function copy(source, target, count) for doubles, of which there is at least one."""
    function = Function("copy", {"source": Pointer, "target": Pointer, "count": Integer})
    source, target, count = function.arguments
    with function.loop(count) as loop:
        target.store(source.load(Integer, loop.index), loop.index)
    function.ret()
    return function


def _read(structure: Structure, item: Pointer, numbers: Pointer) -> None:
    """Writes the reading of an object, after which the function returns false if the object is something else."""
    function = item.function
    if structure.container is not None:
        _read_container(structure, item, numbers)
    elif not structure.shape:
        _leave_unless(function.call(_read_number(), item, numbers))
    else:
        _leave_unless(type_of(item).is_at(id(np.ndarray)))
        for found, expected in array_matches(item, structure.shape):
            _leave_unless(~found().differs_from(expected))
        if size(structure.shape):
            function.call(copy_function(), data_of(item), numbers, size(structure.shape))


def _read_container(structure: Structure, item: Pointer, numbers: Pointer) -> None:
    function, kind = item.function, _CONTAINERS[structure.container]
    _leave_unless(type_of(item).is_at(id(structure.container)))
    _leave_unless(~function.call(api(f"{kind}_Size"), item).differs_from(len(structure.branches)))
    if structure.branches and all(map(_is_number, structure.branches)):
        _leave_unless(function.call(_read_items(kind), item, numbers, len(structure.branches)))
        return
    place = 0
    for position, branch in enumerate(structure.branches):
        _read(branch, function.call(api(f"{kind}_GetItem"), item, position), numbers.gep(place))
        place += sum(map(size, branch.shapes()))


def _is_number(structure: Structure) -> bool:
    return structure.container is None and not structure.shape


def _leave_unless(condition: Condition) -> None:
    condition.function.ret_if(~condition, Condition.constant(condition.function, False))


def _cleared(function: Function) -> Condition:
    """Writes that the exception is forgotten; the Python function raises it again."""
    function.call(api("PyErr_Clear"))
    return Condition.constant(function, False)


@cache
def _read_numbers() -> Function:
    """The function read_numbers(objects, numbers, count), for the addresses of objects one after the other."""
    return _read_each("read_numbers", lambda objects, index: objects.load(Pointer, index))


@cache
def _read_items(kind: str) -> Function:
    """The function read_items(container, numbers, count)."""
    get = api(f"{kind}_GetItem")
    return _read_each(f"read_items.{kind}", lambda items, index: items.function.call(get, items, index))


def _read_each(name: str, item: Callable[[Pointer, Integer], Any]) -> Function:
    function = Function(name, {"items": Pointer, "numbers": Pointer, "count": Integer}, Condition)
    items, numbers, count = function.arguments
    with function.loop(count) as loop:
        _leave_unless(function.call(_read_number(), item(items, loop.index), numbers.gep(loop.index)))
    function.ret(Condition.constant(function, True))
    return function


@cache
def _read_number() -> Function:
    """The function read_number(object, number), which returns whether the object is a float or an integer."""
    function = Function("read_number", {"object": Pointer, "number": Pointer}, Condition)
    item, number = function.arguments
    kind = type_of(item)
    first, *others = (kind.is_at(id(of_floats)) for of_floats in FLOAT_TYPES)
    for other in others:
        first = first | other

    def read() -> Condition:
        number.store(number_of(item), 0)
        return Condition.constant(function, True)

    function.ret_if(first, read)
    _leave_unless(kind.is_at(id(int)))  # not of a class derived from it, such as bool, which may convert differently
    converted = function.call(api("PyLong_AsDouble"), item)
    error = function.call(api("PyErr_Occurred"))
    function.ret_if(~error.is_at(0), lambda: _cleared(function))  # it is beyond the largest float
    number.store(converted, 0)
    function.ret(Condition.constant(function, True))
    return function
