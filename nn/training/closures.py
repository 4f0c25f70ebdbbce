"""A loss of a user's own as a key: its code, and all that it reads when it runs, from which an equal one is rebuilt.

A function reads its arguments, its defaults, the variables of functions around it, and globals. What it reads may
change between two calls of `fit`, so all of it is in the key, as it is at the time. A program is traced by running the
function that is rebuilt from the key, in a namespace that contains nothing else: what is not in the key cannot get into
the program. If the function needs more than that, or does something whose result a copy could change, it has no key.
"""

import builtins
import dis
import math
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from types import BuiltinFunctionType, CellType, CodeType, FunctionType, ModuleType
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar, cast

from autograd import Value, functions
from autograd.numerics import np
from nn.activations import ACTIVATIONS
from nn.attributes import Unknown, described_attribute, rebuilt_attribute
from nn.losses import LOSSES

if TYPE_CHECKING:
    from nn.modules.module import ModuleBase

__all__ = ["Key", "closure_key", "depends_on_arguments", "rebuilt_closure"]

F = TypeVar("F", bound=Callable[..., Any])
Key = tuple[Any, ...]

_LARGEST = 2**16  # bytes of an array in a key
_MODEL, _SCALAR, _KNOWN, _FUNCTION, _MODULE = "the model", "scalar", "known", "function", "module"

_BUILTINS: dict[str, Any] = {
    name: getattr(builtins, name)
    for name in (
        *("abs", "all", "any", "bool", "dict", "divmod", "enumerate", "float", "int", "len", "list", "map", "max"),
        *("min", "pow", "range", "reversed", "round", "sorted", "sum", "tuple", "zip"),
    )
}
"""What a function may use of Python's own."""

_ATTRIBUTES = frozenset(
    (
        *functions.__all__,
        *("layers", "neurons", "w", "b"),  # of modules
        *(
            "shape",
            "size",
            "ndim",
            "T",
            "flat",
            "sum",
            "mean",
            "prod",
            "dot",
            "ravel",
            "reshape",
            "tolist",
        ),  # of arrays
        *("append", "items", "keys", "values"),  # of lists and dicts
    )
)
"""What it may read of objects. Others, such as labels, are not the same in a model that is rebuilt."""

_REFUSED = frozenset(
    (
        *("IMPORT_NAME", "LOAD_BUILD_CLASS"),
        *("STORE_GLOBAL", "DELETE_GLOBAL", "STORE_ATTR", "DELETE_ATTR"),
        "PUSH_EXC_INFO",  # which handles an exception, perhaps because something is not in the namespace
        "IS_OP",  # for what is rebuilt is another object
        *("FORMAT_VALUE", "FORMAT_SIMPLE", "FORMAT_WITH_SPEC", "CONVERT_VALUE"),  # because texts show names
    )
)
"""Python's instructions that do more than to compute, or whose results may differ in a copy."""

_known: dict[int, Any] = {
    id(function): function
    for function in (
        Value,
        *LOSSES.values(),
        *ACTIVATIONS.values(),
        *(getattr(functions, name) for name in functions.__all__),
        *(item for item in vars(math).values() if isinstance(item, BuiltinFunctionType)),
    )
}


def depends_on_arguments(function: F) -> F:
    """Marks a function of this package whose result depends on nothing but its arguments; use it as a decorator."""
    _known[id(function)] = function
    return function


def closure_key(function: Any, model: "ModuleBase", values: list[Sequence[Value]]) -> Key:
    """Returns the key of a function, which holds none of a user's own functions and models.

    Arguments:
        function: the function.
        model: the model that is trained, which the function may read.
        values: the Values that the function reads otherwise are added here.

    Raises:
        Unknown: if the function has no key.
    """
    if not isinstance(function, FunctionType):
        raise Unknown
    return _Describer(model, values).function(function)


def rebuilt_closure(key: Key, model: "ModuleBase", values: Iterator[Value]) -> Callable[..., Any]:
    """Returns a new function with a key.

    Arguments:
        key: as `closure_key` returned it.
        model: the model for it to read.
        values: the Values for it to read, in the order of `closure_key`.
    """
    return _Rebuilder(model, values).function(key)


class _Reads(NamedTuple):
    """What a code reads.

    Attributes:
        globals: the names of global variables, each followed by those of its attributes, as in ("nn", "mse_loss").
        attributes: the names of attributes of other objects.
    """

    globals: frozenset[tuple[str, ...]]
    attributes: frozenset[str]


@lru_cache(maxsize=256)
def _reads(code: CodeType) -> _Reads | None:
    """Returns what a code reads, with the functions inside it; None if it does something that is refused."""
    if any(map(_is_template, code.co_consts)):
        return None
    paths: set[tuple[str, ...]] = set()
    attributes: set[str] = set()
    path: tuple[str, ...] = ()
    for instruction in dis.get_instructions(code):
        op, name = instruction.opname, instruction.argval
        if op in _REFUSED or (op in ("STORE_DEREF", "DELETE_DEREF") and name in code.co_freevars):
            return None
        if op == "EXTENDED_ARG":
            continue
        is_next = bool(path) and not instruction.is_jump_target
        if op in ("LOAD_GLOBAL", "LOAD_NAME"):
            path = (name,)
        elif instruction.opcode in dis.hasname and is_next:
            path = (*path, name)
        else:
            if instruction.opcode in dis.hasname:
                attributes.add(name)
            path = ()
        if path:
            paths.add(path)
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            found = _reads(inner)
            if found is None:
                return None
            paths |= found.globals
            attributes |= found.attributes
    return _Reads(frozenset(paths), frozenset(attributes))


class _Describer:
    """Describes what a function reads; it adds Values in the order in which `_Rebuilder` takes them."""

    def __init__(self, model: "ModuleBase", values: list[Sequence[Value]]) -> None:
        self._model, self._values = model, values
        self._mutable: list[Any] = []
        self._open: set[FunctionType] = set()

    def function(self, function: FunctionType) -> Key:
        """Returns the key of a function."""
        reads = _reads(function.__code__)
        if reads is None or function in self._open or not _allowed(reads.attributes):
            raise Unknown
        self._open.add(function)
        defaults = self._describe(function.__defaults__), self._describe(function.__kwdefaults__)
        cells = tuple(self._describe(_content(cell)) for cell in function.__closure__ or ())
        names = self._globals(function, reads.globals)
        self._open.remove(function)
        return _FUNCTION, function.__code__, *defaults, cells, names

    def _globals(self, function: FunctionType, paths: frozenset[tuple[str, ...]]) -> Key:
        """The keys of global variables, by name; Python's own are left out."""
        held = function.__globals__
        own: dict[str, Any] = cast("Any", function).__builtins__  # which not every version of mypy knows
        for name in {path[0] for path in paths} - held.keys():
            if name not in _BUILTINS or own.get(name) is not _BUILTINS[name]:
                raise Unknown
        if not all(_allowed(path[1:]) for path in paths if path[0] not in held):
            raise Unknown
        return self._named(held, frozenset(path for path in paths if path[0] in held))

    def _named(self, held: dict[str, Any], paths: frozenset[tuple[str, ...]]) -> Key:
        """The keys of variables of a module, by name, with those of their attributes that are read."""
        keys = []
        for name in sorted({path[0] for path in paths}):
            further = frozenset(path[1:] for path in paths if path[0] == name and path[1:])
            if name not in held:
                raise Unknown
            item = held[name]
            if isinstance(item, ModuleType):
                keys.append((name, (_MODULE, self._named(vars(item), further))))
            elif all(map(_allowed, further)):
                keys.append((name, self._describe(item)))
            else:
                raise Unknown
        return tuple(keys)

    def _describe(self, held: Any) -> Key:
        if type(held) is np.float64:
            return _SCALAR, held.tobytes()
        self._note(held)
        key: Key = described_attribute(held, self._values, self._inside)
        return key

    def _inside(self, held: Any) -> Key:
        if held is self._model:
            return (_MODEL,)
        if id(held) in _known:
            return _KNOWN, held
        if isinstance(held, FunctionType):
            return self.function(held)
        raise Unknown

    def _note(self, held: Any) -> None:
        """Raises Unknown for templates, large arrays, and what may change and is reached twice: it is rebuilt twice."""
        if _is_template(held) or (isinstance(held, np.ndarray) and held.nbytes > _LARGEST):
            raise Unknown
        if isinstance(held, (list, dict, np.ndarray)):
            if any(_is_shared(held, other) for other in self._mutable):
                raise Unknown
            self._mutable.append(held)
        if isinstance(held, (list, tuple, dict)):
            for item in [*held, *held.values()] if isinstance(held, dict) else held:
                self._note(item)


def _is_template(held: Any) -> bool:
    """Whether it is a text, perhaps inside tuples, that `%` can put the name of something into."""
    if isinstance(held, tuple):
        return any(map(_is_template, held))
    return isinstance(held, (str, bytes)) and "%" in str(held)


def _allowed(attributes: Sequence[str] | frozenset[str]) -> bool:
    return _ATTRIBUTES.issuperset(attributes)


def _content(cell: CellType) -> Any:
    try:
        return cell.cell_contents
    except ValueError:  # it is empty
        raise Unknown from None


def _is_shared(held: Any, other: Any) -> bool:
    both_arrays = isinstance(held, np.ndarray) and isinstance(other, np.ndarray)
    return held is other or (both_arrays and np.may_share_memory(held, other))


class _Rebuilder:
    """Makes the objects that a `_Describer` has described."""

    def __init__(self, model: "ModuleBase", values: Iterator[Value]) -> None:
        self._model, self._values = model, values

    def function(self, key: Key) -> FunctionType:
        """Returns a function with a key, in a namespace of its own."""
        _, code, defaults, keyword_defaults, cells, names = key
        positional, keyword = self._rebuild(defaults), self._rebuild(keyword_defaults)
        closure = tuple(CellType(self._rebuild(cell)) for cell in cells)
        namespace = {"__builtins__": _BUILTINS, **self._named(names)}
        made = FunctionType(code, namespace, argdefs=positional, closure=closure)
        made.__kwdefaults__ = keyword
        return made

    def _named(self, keys: Key) -> dict[str, Any]:
        return {name: self._rebuild(key) for name, key in keys}

    def _rebuild(self, key: Key) -> Any:
        if key[0] is _SCALAR:
            return np.frombuffer(key[1])[0]
        if key[0] is _MODULE:
            module = ModuleType("rebuilt")
            vars(module).update(self._named(key[1]))
            return module
        return rebuilt_attribute(key, self._values, self._inside)

    def _inside(self, key: Key, values: Iterator[Value]) -> Any:
        if key[0] is _MODEL:
            return self._model
        return key[1] if key[0] is _KNOWN else self.function(key)
