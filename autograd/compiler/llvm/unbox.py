"""The numbers in Python objects, read by machine code: floats, integers, arrays, tuples, lists and dicts of them."""

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Any

import numpy as np

from autograd.compiler.llvm.builder import Declaration, Function
from autograd.compiler.llvm.cpython import (
    FLOAT_TYPES,
    api,
    array_matches,
    column_matches,
    data_of,
    items_of,
    length_of,
    number_of,
    place_of_data,
    stride_of,
    type_of,
)
from autograd.compiler.llvm.registers import Condition, Integer, Pointer
from autograd.compiler.llvm.tiles import set_row
from autograd.structure import Structure, size
from autograd.value import Value

__all__ = ["copy", "keys_in", "read_arguments_function", "read_columns_function", "read_leaves_function"]

_CONTAINERS: dict[type | None, str] = {tuple: "PyTuple", list: "PyList", dict: "PyDict"}


def keys_in(structure: Structure) -> Iterator[object]:
    """Yields the keys of the dicts in a structure, in the order in which machine code uses them."""
    if structure.container is dict:
        yield from structure.keys
    for branch in structure.branches:
        yield from keys_in(branch)


def read_arguments_function(arguments: Sequence[Structure]) -> Function:
    """The function read_arguments(objects, keys, numbers), which returns whether the objects have these structures.

    The tuple `keys` holds those of `keys_in`, one structure after the other.
    """
    function = Function("read_arguments", dict.fromkeys(("objects", "keys", "numbers"), Pointer), Condition)
    objects, keys, numbers = function.arguments
    if all(map(_is_number, arguments)):
        function.ret(function.call(_read_numbers(), objects, numbers, len(arguments)))
        return function
    reader = _Reader(function, keys)
    place = 0
    for position, structure in enumerate(arguments):
        reader.read(structure, objects.load(Pointer, position), numbers.gep(place))
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
        leaf = items_of(leaves).load(Pointer, loop.index)
        _leave_unless(function.call(_read_leaf(), leaf, attribute, numbers.gep(loop.index)))
    function.ret(Condition.constant(function, True))
    return function


@cache
def read_columns_function() -> Function:
    """The function read_columns(columns, rows, count, length), which finds where the numbers in a tuple of arrays are.

    It returns whether each is an aligned array of doubles with one axis of this length. `rows` is a table of `tiles`.
    """
    parameters = {"columns": Pointer, "rows": Pointer, "count": Integer, "length": Integer}
    function = Function("read_columns", parameters, Condition)
    columns, rows, count, length = function.arguments
    with function.loop(count) as loop:
        column = items_of(columns).load(Pointer, loop.index)
        _leave_unless(type_of(column).is_at(id(np.ndarray)))
        for found, expected in column_matches(column):
            _leave_unless(~found().differs_from(expected))
        _leave_unless(~length_of(column).differs_from(length))
        set_row(rows, loop.index, data_of(column), stride_of(column))
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


def copy(source: Pointer, target: Pointer, count: int) -> None:
    """Writes the copying of doubles."""
    is_volatile = Condition.constant(source.function, False)
    source.function.call(_MEMCPY, target, source, 8 * count, is_volatile)


_MEMCPY = Declaration("llvm.memcpy.p0.p0.i64", (Pointer, Pointer, Integer, Condition), None)


class _Reader:
    """Writes the reading of objects, after which the function returns false if one of them is something else.

    Arguments:
        function: the function to write into.
        keys: the tuple with the keys of dicts.
    """

    def __init__(self, function: Function, keys: Pointer) -> None:
        self._function, self._keys = function, keys
        self._used = 0  # keys

    def read(self, structure: Structure, item: Pointer, numbers: Pointer) -> None:
        """Writes the reading of an object."""
        if structure.container is not None:
            self._read_container(structure, item, numbers)
        elif not structure.shape:
            _leave_unless(self._function.call(_read_number(), item, numbers))
        else:
            _leave_unless(type_of(item).is_at(id(np.ndarray)))
            for found, expected in array_matches(item, structure.shape):
                _leave_unless(~found().differs_from(expected))
            if size(structure.shape):
                copy(data_of(item), numbers, size(structure.shape))

    def _read_container(self, structure: Structure, item: Pointer, numbers: Pointer) -> None:
        container, count = structure.container, len(structure.branches)
        _leave_unless(type_of(item).is_at(id(container)))
        if container is type(None):
            return
        kind = _CONTAINERS[container]
        _leave_unless(~self._function.call(api(f"{kind}_Size"), item).differs_from(count))
        if not count:
            return
        if container is dict:
            self._read_dict(structure.branches, item, numbers)
        elif all(map(_is_number, structure.branches)):
            _leave_unless(self._function.call(_read_items(kind), item, numbers, count))
        else:
            get = api(f"{kind}_GetItem")
            self._read_each(structure.branches, lambda place: self._function.call(get, item, place), numbers)

    def _read_dict(self, branches: Sequence[Structure], item: Pointer, numbers: Pointer) -> None:
        first = self._used
        self._used += len(branches)
        if all(map(_is_number, branches)):
            _leave_unless(self._function.call(_read_values(), item, self._keys, numbers, first, len(branches)))
            return
        state = _start_of_dict(self._function)

        def value(place: int) -> Pointer:
            found: Pointer = self._function.call(_next_value(), item, self._keys, state, first + place)
            _leave_unless(~found.is_at(0))
            return found

        self._read_each(branches, value, numbers)

    def _read_each(self, branches: Sequence[Structure], get: Callable[[int], Pointer], numbers: Pointer) -> None:
        place = 0
        for position, branch in enumerate(branches):
            self.read(branch, get(position), numbers.gep(place))
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


def _start_of_dict(function: Function) -> Pointer:
    """Writes the state of `_next_value` before the first: how far it is, and where it is told a key and a value."""
    state = function.emit(Pointer, "alloca i64, i64 3, align 8")
    state.store(Integer(function, "0"), 0)
    return state


@cache
def _next_value() -> Function:
    """The function next_value(dict, keys, state, place), which returns the value after the last; null for another key.

    A key is the expected one, at a place in the tuple `keys`, if it is the same object or an equal text. Others may be
    equal and yet different to a function, as 1 and True are; that is decided in Python. The order counts too, because a
    function may depend on it.
    """
    pointers = dict.fromkeys(("dict", "keys", "state"), Pointer)
    function = Function("next_value", {**pointers, "place": Integer}, Pointer)
    items, keys, state, place = function.arguments
    function.call(api("PyDict_Next"), items, state, state.gep(1), state.gep(2))
    key, value = state.load(Pointer, 1), state.load(Pointer, 2)
    expected = function.call(api("PyTuple_GetItem"), keys, place)
    is_expected = key.is_at(expected) | function.call(_is_same_text(), key, expected)
    function.ret(is_expected.where(value, Pointer.constant(function, 0)))
    return function


@cache
def _is_same_text() -> Function:
    """The function is_same_text(a, b), which returns whether both are texts, not of a derived class, and equal."""
    function = Function("is_same_text", {"a": Pointer, "b": Pointer}, Condition)
    for text in function.arguments:
        _leave_unless(type_of(text).is_at(id(str)))
    function.ret(function.call(api("PyUnicode_Compare"), *function.arguments).is_zero())
    return function


@cache
def _read_values() -> Function:
    """The function read_values(dict, keys, numbers, first, count), for a dict of numbers; see `_next_value`."""
    pointers = dict.fromkeys(("dict", "keys", "numbers"), Pointer)
    function = Function("read_values", {**pointers, "first": Integer, "count": Integer}, Condition)
    items, keys, numbers, first, count = function.arguments
    state = _start_of_dict(function)
    with function.loop(count) as loop:
        value = function.call(_next_value(), items, keys, state, first + loop.index)
        _leave_unless(~value.is_at(0))
        _leave_unless(function.call(_read_number(), value, numbers.gep(loop.index)))
    function.ret(Condition.constant(function, True))
    return function


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
