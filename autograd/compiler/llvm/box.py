"""Python objects, made by machine code of numbers: floats, arrays, and tuples, lists and dicts of them."""

from collections.abc import Callable
from functools import cache

from autograd.compiler.llvm.builder import Function
from autograd.compiler.llvm.cpython import Int, api, data_of, new_array
from autograd.compiler.llvm.registers import Condition, Double, Integer, Pointer
from autograd.compiler.llvm.unbox import copy
from autograd.structure import Structure, size

__all__ = ["make_function"]

_NEW: dict[type | None, str] = {tuple: "PyTuple_New", list: "PyList_New", dict: "PyDict_New"}
_SET: dict[type | None, str] = {tuple: "PyTuple_SetItem", list: "PyList_SetItem"}


def make_function(structure: Structure) -> Function:
    """The function make(keys, numbers), which returns a new reference to an object of a structure.

    It returns a null pointer if there is not enough memory. The tuple `keys` holds those of `keys_in`.
    """
    function = Function("make", {"keys": Pointer, "numbers": Pointer}, Pointer)
    keys, numbers = function.arguments
    function.ret(_Maker(function, keys).made(structure, numbers, None))
    return function


class _Maker:
    """Writes what makes the objects of a structure.

    A container is put into the one around it before it is filled: then whatever fails, the outermost one is released,
    and everything with it.

    Arguments:
        function: the function to write into.
        keys: the tuple with the keys of dicts.
    """

    def __init__(self, function: Function, keys: Pointer) -> None:
        self._function, self._keys = function, keys
        self._outermost: Pointer | None = None
        self._used = 0  # keys

    def made(self, structure: Structure, numbers: Pointer, put: Callable[[Pointer], None] | None) -> Pointer:
        """Writes what makes an object, puts it where it belongs, and then fills it."""
        keys = self._used
        if structure.container is dict:
            self._used += len(structure.keys)
        item = self._empty(structure, numbers)
        self._fail_if(item.is_at(0))
        if put:
            put(item)
        else:
            self._outermost = item
        if structure.branches:
            self._fill(structure, item, numbers, keys)
        elif structure.shape and size(structure.shape):
            copy(numbers, data_of(item), size(structure.shape))
        return item

    def _empty(self, structure: Structure, numbers: Pointer) -> Pointer:
        """A container without content, or a leaf."""
        call, kind = self._function.call, structure.container
        item: Pointer
        if kind is type(None):
            item = Pointer.constant(self._function, id(None))
            call(api("Py_IncRef"), item)
        elif kind is not None:
            item = call(api(_NEW[kind]), *[len(structure.branches)] * (kind is not dict))
        elif structure.shape:
            item = new_array(self._function, structure.shape)
        else:
            item = call(api("PyFloat_FromDouble"), numbers.load(Double, 0))
        return item

    def _fill(self, structure: Structure, container: Pointer, numbers: Pointer, keys: int) -> None:
        kind = structure.container
        if all(branch.container is None and not branch.shape for branch in structure.branches):
            count = len(structure.branches)
            if kind is dict:
                filled = self._function.call(_fill_dict_function(), container, self._keys, numbers, keys, count)
            else:
                filled = self._function.call(_fill_function(_SET[kind]), container, numbers, count)
            self._fail_if(~filled)
            return
        place = 0
        for position, branch in enumerate(structure.branches):

            def put(item: Pointer, position: int = position) -> None:
                if kind is dict:
                    code = self._function.call(_set_function(), container, self._keys, keys + position, item)
                else:
                    code = self._function.call(api(_SET[kind]), container, position, item)
                self._fail_if(code.is_negative())

            self.made(branch, numbers.gep(place), put)
            place += sum(map(size, branch.shapes()))

    def _fail_if(self, condition: Condition) -> None:
        outermost = self._outermost

        def failed() -> Pointer:
            if outermost is not None:
                self._function.call(api("Py_DecRef"), outermost)
            return Pointer.constant(self._function, 0)

        self._function.ret_if(condition, failed)


@cache
def _fill_function(setter: str) -> Function:
    """The function fill(container, numbers, count), which fills a new tuple or list with floats."""
    function = Function(f"fill.{setter}", {"container": Pointer, "numbers": Pointer, "count": Integer}, Condition)
    container, numbers, count = function.arguments
    failed = Condition.constant(function, False)
    with function.loop(count) as loop:
        item = function.call(api("PyFloat_FromDouble"), numbers.load(Double, loop.index))
        function.ret_if(item.is_at(0), failed)
        function.ret_if(function.call(api(setter), container, loop.index, item).is_negative(), failed)
    function.ret(Condition.constant(function, True))
    return function


@cache
def _fill_dict_function() -> Function:
    """The function fill(dict, keys, numbers, first, count), which fills a new dict with floats.

    Its keys are those in the tuple `keys`, from the first on.
    """
    pointers = dict.fromkeys(("dict", "keys", "numbers"), Pointer)
    function = Function("fill.dict", {**pointers, "first": Integer, "count": Integer}, Condition)
    container, keys, numbers, first, count = function.arguments
    failed = Condition.constant(function, False)
    with function.loop(count) as loop:
        item = function.call(api("PyFloat_FromDouble"), numbers.load(Double, loop.index))
        function.ret_if(item.is_at(0), failed)
        code = function.call(_set_function(), container, keys, first + loop.index, item)
        function.ret_if(code.is_negative(), failed)
    function.ret(Condition.constant(function, True))
    return function


@cache
def _set_function() -> Function:
    """The function set(dict, keys, place, item), which puts an item into a dict, and takes over the reference to it.

    Its result is negative if that failed.
    """
    function = Function("set", {"dict": Pointer, "keys": Pointer, "place": Integer, "item": Pointer}, Int)
    container, keys, place, item = function.arguments
    key = function.call(api("PyTuple_GetItem"), keys, place)
    code = function.call(api("PyDict_SetItem"), container, key, item)
    function.call(api("Py_DecRef"), item)  # the dict holds it
    function.ret(code)
    return function
